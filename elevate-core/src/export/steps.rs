//! What steps of a plan come to for an executor that runs commands and changes files.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::ExportError;
use super::dnf::stored;
use super::text::{count, listed, plain, shown};

use crate::plan::step::Check;
use crate::plan::{Action, Edit, Phase, Plan, Step};

/// Where the transaction is put for dnf to replay.
const TRANSACTION: &str = "/var/lib/elevate/transaction.json";

/// A step, and what it comes to.
#[derive(Debug)]
pub(super) struct Task<'a> {
    /// Its phase.
    pub(super) phase: Phase,
    /// The step.
    pub(super) step: &'a Step,
    /// Its id, made of letters, digits, dots, hyphens and underscores, and its own.
    pub(super) label: String,
    /// What is done, in order; nothing where the step is leapp's own.
    pub(super) doings: Vec<Doing>,
}

impl Task<'_> {
    /// Why there is nothing to do, where that is so.
    pub(super) fn nothing(&self) -> Option<&'static str> {
        match (self.step.for_leapp, self.doings.is_empty()) {
            (true, _) => Some("Only leapp needs it: nothing is done here."),
            (false, true) => Some("Nothing is done here."),
            (false, false) => None,
        }
    }

    /// Whether somebody has to look before it is done.
    pub(super) fn is_asked_for(&self) -> bool {
        self.step.condition.is_some() && self.nothing().is_none()
    }
}

/// Something an executor can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Doing {
    /// A command is run; its first word is a program.
    Run(Vec<String>),
    /// A unit is enabled, or disabled.
    Service { unit: String, enabled: bool },
    /// Lines of a file are changed, if it is what it was; the patch is for `edit_file`.
    Edit { path: String, before: String, result: String, patch: String },
    /// A file is written.
    Write { path: String, content: String },
    /// A file is copied.
    Copy { from: String, to: String },
    /// A file is deleted.
    Delete { path: String },
    /// The host is compared with the plan's.
    Host { arch: String, distribution: String, major: String },
    /// There has to be so much room, in KiB.
    Room { mount: String, kib: u64 },
    /// Packages that have to be there (`+`) and must not (`-`), with epochs, a line each.
    Packages(String),
    /// The host is started anew.
    Reboot,
    /// Somebody has to do it; what.
    ByHand(String),
}

/// Every step of a plan, in order.
pub(super) fn tasks(plan: &Plan) -> Result<Vec<Task<'_>>, ExportError> {
    let mut labels = BTreeSet::new();
    let kernel = plan.target_kernel();
    let mut tasks = Vec::new();
    for stage in &plan.stages {
        for step in &stage.steps {
            let label = unique(&step.id, &mut labels);
            let doings = match step.for_leapp {
                true => Vec::new(),
                false => doings(plan, kernel, &step.action)?,
            };
            tasks.push(Task { phase: stage.phase, step, label, doings });
        }
    }
    Ok(tasks)
}

/// What an executor has to be told of them.
pub(super) fn remarks(tasks: &[Task<'_>]) -> Vec<String> {
    let mut remarks = Vec::new();
    let by_hand = |task: &&Task<'_>| task.doings.iter().any(|d| matches!(d, Doing::ByHand(_)));
    let by_hand: Vec<&str> = tasks.iter().filter(by_hand).map(|t| t.label.as_str()).collect();
    if !by_hand.is_empty() {
        let steps = count(by_hand.len(), "step is", "steps are");
        remarks.push(format!("{steps} told in words and left to you: {}", listed(by_hand)));
    }
    let conditional = tasks.iter().filter(|task| task.is_asked_for());
    let conditional: Vec<&str> = conditional.map(|task| task.label.as_str()).collect();
    if !conditional.is_empty() {
        let steps = count(conditional.len(), "step depends", "steps depend");
        remarks.push(format!(
            "{steps} on what only you can look at, and asked for: {}",
            listed(conditional)
        ));
    }
    remarks
}

fn unique(id: &str, taken: &mut BTreeSet<String>) -> String {
    let base = plain(&id.chars().take(100).collect::<String>());
    let base = if base.is_empty() { "step".to_owned() } else { base };
    let others = (2..).map(|n| format!("{base}-{n}"));
    let free = std::iter::once(base.clone()).chain(others).find(|name| !taken.contains(name));
    let name = free.unwrap_or(base);
    taken.insert(name.clone());
    name
}

fn doings(plan: &Plan, kernel: Option<&str>, action: &Action) -> Result<Vec<Doing>, ExportError> {
    let run = |words: &[&str]| vec![Doing::Run(words.iter().map(|&w| w.to_owned()).collect())];
    let by_hand = |why: &str| vec![Doing::ByHand(format!("{action} ({why})"))];
    if let Some(why) = inexpressible(action) {
        return Ok(by_hand(why));
    }
    Ok(match action.clone() {
        Action::Command { command } => vec![Doing::Run(command)],
        Action::Edit { path, before, result, edits } => {
            let (before, result) = (before.unwrap_or_default(), result.unwrap_or_default());
            vec![Doing::Edit { path, before, result, patch: patch(&edits) }]
        }
        Action::Write { path, content } | Action::Repositories { path, content, .. } => {
            vec![Doing::Write { path, content }]
        }
        Action::Copy { from, to } => vec![Doing::Copy { from, to }],
        Action::Delete { path } => vec![Doing::Delete { path }],
        Action::ImportKey { address, .. } => run(&["rpm", "--import", &address]),
        Action::Modules { reset, enable } => {
            let names = reset.iter().map(|stream| stream.name.clone()).collect::<Vec<_>>();
            let streams = enable.iter().map(ToString::to_string).collect::<Vec<_>>();
            let calls = [("reset", names), ("enable", streams)];
            let some = calls.into_iter().filter(|(_, list)| !list.is_empty());
            some.map(|(verb, list)| dnf(plan, &["module", verb], list)).collect()
        }
        Action::Transaction { .. } => vec![
            Doing::Write { path: TRANSACTION.to_owned(), content: stored(plan)? },
            dnf(plan, &["history", "replay"], vec![TRANSACTION.to_owned()]),
        ],
        Action::Service { unit, enabled } => vec![Doing::Service { unit, enabled }],
        Action::KernelArgument { argument, present } => match kernel {
            Some(kernel) => {
                let option = if present { "args" } else { "remove-args" };
                let update = format!("--update-kernel=/boot/vmlinuz-{kernel}");
                run(&["grubby", &update, &format!("--{option}={argument}")])
            }
            None => by_hand("the plan does not know the target's kernel"),
        },
        Action::BootEntry { kernel } => {
            run(&["grubby", &format!("--set-default=/boot/vmlinuz-{kernel}")])
        }
        Action::Provide { .. } => by_hand("packages are exchanged where this runs"),
        Action::Reboot => vec![Doing::Reboot],
        Action::Check { check: Check::Host } => vec![Doing::Host {
            arch: plan.arch.to_string(),
            distribution: plan.path.source.distro.id().to_owned(),
            major: plan.path.source.release.major.to_string(),
        }],
        Action::Check { check: Check::Room { mount, bytes } } => {
            vec![Doing::Room { mount, kib: bytes.div_ceil(1024) }]
        }
        Action::Check { check: Check::Packages } => vec![Doing::Packages(packages(plan))],
        Action::Other { what } => vec![Doing::ByHand(what)],
    })
}

/// Why an action cannot be written down for an executor.
fn inexpressible(action: &Action) -> Option<&'static str> {
    let has_nul = |text: &str| text.contains('\0');
    let zero = Some("a zero byte is in it");
    match action {
        Action::Command { command } => {
            let program = command.first().map(String::as_str).unwrap_or_default();
            if program.is_empty() || program.starts_with('-') {
                return Some("it names no program");
            }
            if command.iter().any(|word| has_nul(word)) {
                return zero;
            }
        }
        Action::Edit { edits, .. } => {
            let texts = || edits.iter().flat_map(|edit| edit.before.iter().chain(&edit.after));
            if texts().any(|text| has_nul(text)) {
                return zero;
            }
            if edits.iter().any(|e| e.before.as_deref().is_some_and(|t| t.contains('\n'))) {
                return Some("a line of it is no line");
            }
        }
        Action::Write { content, .. } | Action::Repositories { content, .. }
            if has_nul(content) =>
        {
            return zero;
        }
        Action::ImportKey { address, .. } if has_nul(address) || address.starts_with('-') => {
            return Some("that is no address");
        }
        Action::Service { unit, .. } if has_nul(unit) => return zero,
        Action::KernelArgument { argument, .. } if has_nul(argument) => return zero,
        Action::BootEntry { kernel } if has_nul(kernel) => return zero,
        Action::Check { check: Check::Room { mount, .. } } if !is_plain(mount) && mount != "/" => {
            return Some("that is no absolute path");
        }
        _ => {}
    }
    let is_odd = action.files().iter().any(|path| !is_plain(path));
    is_odd.then_some("a path of it is not absolute, or leads back")
}

/// An absolute path of a file that leads where it says.
fn is_plain(path: &str) -> bool {
    let Some(below) = path.strip_prefix('/') else { return false };
    !path.contains('\0') && below.split('/').all(|part| !["", ".", ".."].contains(&part))
}

/// Edits as `edit_file` reads them: the line, what is there, what is there afterwards. No
/// line of it is another's.
fn patch(edits: &[Edit]) -> String {
    let mut patch = String::new();
    for edit in edits {
        // Writing to a String cannot fail.
        let _ = writeln!(patch, "@{}", edit.line);
        if let Some(before) = &edit.before {
            let _ = writeln!(patch, "-{before}");
        }
        for line in edit.after.iter().flat_map(|after| after.split('\n')) {
            let _ = writeln!(patch, "+{line}");
        }
    }
    patch
}

/// A call of dnf, which knows the target and its repositories alone.
fn dnf(plan: &Plan, words: &[&str], rest: Vec<String>) -> Doing {
    let target = plan.path.target.release;
    let mut command = vec![
        "dnf".to_owned(),
        "--assumeyes".to_owned(),
        "--allowerasing".to_owned(),
        format!("--releasever={target}"),
        format!("--setopt=module_platform_id=platform:el{}", target.major),
        "--setopt=protected_packages=".to_owned(),
    ];
    let places = plan.steps().filter_map(|step| match &step.action {
        Action::Repositories { path, .. } => path.rsplit_once('/').map(|(directory, _)| directory),
        _ => None,
    });
    command.extend(places.map(|directory| format!("--setopt=reposdir={directory}")));
    command.extend(words.iter().map(|&word| word.to_owned()));
    command.extend(rest);
    Doing::Run(command)
}

/// What has to be there in the end, and what must not.
fn packages(plan: &Plan) -> String {
    let full = |name: &str, evr: &crate::model::Evr, arch: &str| {
        format!("{name}-{}:{}-{}.{arch}", evr.epoch, evr.version, evr.release)
    };
    let come: BTreeSet<String> = plan
        .target_packages()
        .into_iter()
        .map(|p| full(p.name.as_str(), &p.evr, p.arch.as_str()))
        .collect();
    let goes = plan
        .packages
        .iter()
        .filter(|operation| operation.leaves())
        .filter_map(|o| Some(full(o.name.as_str(), &o.evr, o.arch.as_ref()?.as_str())));
    let goes: BTreeSet<String> = goes.filter(|package| !come.contains(package)).collect();
    let line = |sign: char, package: &String| format!("{sign}{}\n", shown(package));
    let come = come.iter().map(|package| line('+', package));
    come.chain(goes.iter().map(|package| line('-', package))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Stage, testing};

    #[test]
    fn what_only_leapp_needs_is_neither_left_to_anybody_nor_asked_for() {
        let step = |id: &str, condition: Option<&str>| Step {
            condition: condition.map(str::to_owned),
            ..testing::step(id, Action::Other { what: "think".to_owned() })
        };
        let mut plan = testing::plan();
        let steps = vec![step("a", None), step("b", Some("it rains"))];
        plan.stages = vec![Stage { phase: Phase::Before, steps }];
        let told = remarks(&tasks(&plan).unwrap());
        assert_eq!(
            told,
            [
                "2 steps are told in words and left to you: a, b",
                "1 step depends on what only you can look at, and asked for: b",
            ]
        );
        plan.stages[0].steps.iter_mut().for_each(|step| step.for_leapp = true);
        let tasks = tasks(&plan).unwrap();
        assert_eq!(remarks(&tasks), [""; 0]);
        assert!(tasks.iter().all(|task| task.doings.is_empty() && task.nothing().is_some()));
    }
}
