//! leapp's own inputs, so that leapp carries the plan out: the administrator's lists, the
//! repositories of the target, and the answer file (formats.md 1.8, 3, 8).
//!
//! leapp merges the lists with what it finds out itself: what is to stay wins over what is to
//! go, and what is to come or to go is united. So `to_keep` names every package that the plan
//! does not remove by name, and leapp removes no other than the plan, whatever its events
//! say. What leapp installs on its own no list can forbid.

use std::collections::BTreeSet;

use super::lists::Lists;
use super::text::{comment, count, listed, shown};
use super::{Export, ExportError, File, What};
use crate::plan::phases::OWN;
use crate::plan::{Plan, ReadRepository, RepositoryReason, TargetRepository};

const LISTS: &str = "etc/leapp/transaction";
const REPOSITORIES: &str = "etc/leapp/files/leapp_upgrade_repositories.repo";
const ANSWERS: &str = "var/log/leapp/answerfile";

pub(super) fn export(plan: &Plan) -> Result<Export, ExportError> {
    let mut lists = Lists::of(plan, What::Leapp)?;
    let mut remarks = Vec::new();
    let signed: BTreeSet<String> = plan.leapp.signed.iter().map(ToString::to_string).collect();
    remarks.extend(beyond(&lists, &signed));
    lists.keep.extend(signed.difference(&lists.remove).cloned());
    remarks.extend(unwritable(&mut lists));
    let list = |name: &str, what: &str, names: &BTreeSet<String>| File {
        path: format!("{LISTS}/{name}"),
        content: list(plan, what, names),
    };
    let mut files = vec![
        list("to_install", "Packages that come", &lists.install),
        list("to_remove", "Packages that go", &lists.remove),
        list(
            "to_keep",
            "Packages that the plan does not remove by name, so that no event of leapp's does",
            &lists.keep,
        ),
        list("to_reinstall", "Packages that are installed again", &lists.reinstall),
    ];
    files.extend(repositories(plan, &mut remarks));
    if !plan.questions.is_empty() {
        files.push(File { path: ANSWERS.to_owned(), content: plan.answer_file() });
    }
    remarks.extend(rest(plan));
    Ok(Export { files, remarks })
}

fn list(plan: &Plan, what: &str, names: &BTreeSet<String>) -> String {
    let host = plan.hostname.as_deref().unwrap_or("a host without a name");
    let mut text = comment(&format!("{what}, as Elevate planned it for {}.", shown(host)));
    for name in names {
        text.push_str(name);
        text.push('\n');
    }
    text
}

/// Takes out what leapp would not read as it is: it takes blanks and remarks away.
fn unwritable(lists: &mut Lists) -> Option<String> {
    let is_no_name = |name: &String| {
        name.starts_with('#') || name.chars().any(|c| c.is_whitespace() || c.is_control())
    };
    let mut others = Vec::new();
    for list in [&mut lists.install, &mut lists.remove, &mut lists.keep, &mut lists.reinstall] {
        others.extend(list.iter().filter(|name| is_no_name(name)).cloned());
        list.retain(|name| !is_no_name(name));
    }
    (!others.is_empty())
        .then(|| format!("cannot stand in leapp's lists and are left out: {}", listed(others)))
}

/// What of the lists leapp does not do.
fn beyond(lists: &Lists, signed: &BTreeSet<String>) -> Vec<String> {
    let others = |list: &BTreeSet<String>| listed(list.difference(signed));
    let mut remarks = Vec::new();
    for (name, others) in [
        ("to_remove", others(&lists.remove)),
        ("to_keep", others(&lists.keep)),
        ("to_reinstall", others(&lists.reinstall)),
    ] {
        if !others.is_empty() {
            remarks.push(format!(
                "leapp passes over names in {name} that are not the distribution's or an active \
                 vendor's: {others}"
            ));
        }
    }
    remarks
}

/// The file of repositories. leapp uses every section of it, enabled or not, and those of
/// active vendors and of the host besides; one that is defined twice forbids its upgrade.
fn repositories(plan: &Plan, remarks: &mut Vec<String>) -> Option<File> {
    if plan.read.is_empty() {
        remarks.push(format!(
            "the plan read no target repositories, so {REPOSITORIES} is not written and stays \
             as it is"
        ));
        return None;
    }
    let known = |read: &ReadRepository| plan.repositories.iter().find(|r| r.id == read.id);
    let mut text = comment("The repositories the plan was made with. leapp uses all of them.");
    for read in &plan.read {
        text.push('\n');
        if let Some(file) = known(read).and_then(elsewhere) {
            text.push_str(&comment(&format!("{} is defined in {file}", read.id)));
            remarks.push(format!("{} is left to {file}, which leapp reads too", read.id));
            continue;
        }
        match section(read) {
            Some(section) => text.push_str(&section),
            None => {
                text.push_str(&comment(&format!("{}: the plan does not say where it is", read.id)));
                remarks.push(format!("where repository {} is, the plan does not say", read.id));
            }
        }
    }
    remarks.extend(not_read(plan));
    Some(File { path: REPOSITORIES.to_owned(), content: text })
}

/// A section with all that leapp needs. It ends where one has no name.
fn section(read: &ReadRepository) -> Option<String> {
    let mut read = read.clone();
    let setup = read.setup.as_mut()?;
    if setup.name.trim().is_empty() {
        setup.name = read.id.to_string();
    }
    read.section()
}

/// The file in which leapp finds a repository without being told.
fn elsewhere(repository: &TargetRepository) -> Option<&str> {
    let of_others = |reason: &RepositoryReason| {
        matches!(reason, RepositoryReason::Vendor { .. } | RepositoryReason::EnableRepo)
    };
    let is_listed = repository.reasons.contains(&RepositoryReason::CustomFile);
    let is_elsewhere = !is_listed && repository.reasons.iter().any(of_others);
    repository.defined_in.as_deref().filter(|_| is_elsewhere)
}

/// Repositories that leapp would use and the plan did not.
fn not_read(plan: &Plan) -> Option<String> {
    let is_read =
        |repository: &&TargetRepository| plan.read.iter().any(|read| read.id == repository.id);
    let others = plan.repositories.iter().filter(|repository| !is_read(repository));
    let others = listed(others.filter(|r| elsewhere(r).is_some()).map(|r| &r.id));
    (!others.is_empty())
        .then(|| format!("leapp uses repositories that the plan was made without: {others}"))
}

/// What leapp has no input for.
fn rest(plan: &Plan) -> Vec<String> {
    let mut remarks = Vec::new();
    let streams = listed(plan.leapp.tasks.modules_to_enable.iter().flatten());
    if !streams.is_empty() {
        remarks.push(format!(
            "leapp enables the module streams of its own events; the plan's are {streams}"
        ));
    }
    let steps: Vec<&str> =
        plan.steps().filter(|step| step.actor != OWN).map(|step| step.id.as_str()).collect();
    if !steps.is_empty() {
        let steps_ = count(steps.len(), "step", "steps");
        remarks.push(format!(
            "leapp has no input for steps; it does those of its own actors of the same names, \
             and others of these {steps_} are yours: {}",
            steps.join(", ")
        ));
    }
    let open = plan.questions.iter().filter(|asked| asked.dialog.answer.is_none());
    let open = listed(open.map(|asked| &asked.dialog.name));
    if !open.is_empty() {
        remarks.push(format!("questions without an answer in {ANSWERS}: {open}"));
    }
    remarks.push(format!("start it with leapp upgrade --target {}", plan.path.target.release));
    remarks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::lists::tests::plan;
    use super::*;
    use crate::plan::{RepositorySetup, testing};

    /// The names of a list as leapp reads it.
    fn names(export: &Export, name: &str) -> BTreeSet<String> {
        let file = export.files.iter().find(|file| file.path == format!("{LISTS}/{name}")).unwrap();
        let lines = file.content.lines().map(str::trim);
        let names = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        names.map(str::to_owned).collect()
    }

    fn read(id: &str, name: &str) -> ReadRepository {
        let setup = RepositorySetup {
            name: name.to_owned(),
            baseurl: vec!["http://repository.example/".to_owned()],
            ..RepositorySetup::default()
        };
        testing::read(id, setup)
    }

    proptest! {
        #[test]
        fn whatever_events_remove_leapp_removes_what_the_plan_does(
            events in proptest::collection::btree_set("bash|both|gone|kept|same|other", 0..6),
        ) {
            let plan = plan();
            let export = export(&plan).unwrap();
            let signed: BTreeSet<String> =
                plan.leapp.signed.iter().map(ToString::to_string).collect();
            // What leapp's check_rpm_transaction_events makes of all wishes.
            let removed = names(&export, "to_remove");
            let asked: BTreeSet<_> = events.union(&removed).cloned().collect();
            let keep = names(&export, "to_keep");
            let to_remove: Vec<_> = asked
                .iter()
                .filter(|name| signed.contains(*name) && !keep.contains(*name))
                .cloned()
                .collect();
            prop_assert_eq!(to_remove, ["both", "gone"]);
        }
    }

    #[test]
    fn what_leapp_passes_over_is_told() {
        let export = export(&plan()).unwrap();
        let told = export.remarks.join("\n");
        assert!(told.contains("names in to_remove that are not"), "{told}");
        assert!(told.contains(": foreign\n"), "{told}");
        assert!(told.contains("perl:5.26"), "{told}");
        assert!(told.contains("stays as it is"), "{told}");
    }

    #[test]
    fn a_repository_has_a_name_and_is_defined_once() {
        let mut plan = plan();
        plan.read = vec![read("base", " "), read("vendor", "Vendor")];
        plan.repositories = vec![TargetRepository {
            id: "vendor".parse().unwrap(),
            reasons: vec![RepositoryReason::Vendor { vendor: "x".to_owned() }],
            defined_in: Some("vendors.d/x.repo".to_owned()),
            address: None,
        }];
        let export = export(&plan).unwrap();
        let file = export.files.iter().find(|file| file.path == REPOSITORIES).unwrap();
        insta::assert_snapshot!(file.content, @"
        # The repositories the plan was made with. leapp uses all of them.

        [base]
        name=base
        baseurl=http://repository.example/
        enabled=1
        gpgcheck=1
        skip_if_unavailable=0
        priority=99
        cost=0

        # vendor is defined in vendors.d/x.repo
        ");
    }
}
