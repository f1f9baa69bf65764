//! What dnf is told, in leapp's lists, with the questions what would be if.

use std::collections::BTreeSet;

use super::{ExportError, What};
use crate::model::PackageName;
use crate::plan::{Plan, WhatIf};

/// The lists of a plan, sorted. A text is a package's name, or what `--install` and
/// `--remove` were given.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Lists {
    pub(super) install: BTreeSet<String>,
    pub(super) remove: BTreeSet<String>,
    pub(super) keep: BTreeSet<String>,
    pub(super) reinstall: BTreeSet<String>,
    pub(super) upgrade: BTreeSet<String>,
}

impl Lists {
    /// Those of a plan. What is to go does not come, as in the transaction.
    pub(super) fn of(plan: &Plan, what: What) -> Result<Self, ExportError> {
        let names = |list: &Option<Vec<PackageName>>| {
            let list = list.as_ref().ok_or(ExportError::NoLists(what))?;
            Ok::<_, ExportError>(list.iter().map(ToString::to_string).collect::<BTreeSet<_>>())
        };
        let tasks = &plan.leapp.tasks;
        let mut lists = Self {
            install: names(&tasks.to_install)?,
            remove: names(&tasks.to_remove)?,
            keep: names(&tasks.to_keep)?,
            reinstall: names(&tasks.to_reinstall)?,
            upgrade: names(&tasks.to_upgrade)?,
        };
        for what_if in &plan.what_if {
            lists.wish(what_if);
        }
        lists.install = lists.install.difference(&lists.remove).cloned().collect();
        Ok(lists)
    }

    /// The last word on a package is that of a question.
    fn wish(&mut self, what_if: &WhatIf) {
        let Some((wish, spec)) = what_if.asked.split_once(' ') else { return };
        if !["--remove", "--keep", "--install"].contains(&wish) {
            return;
        }
        for list in [
            &mut self.install,
            &mut self.remove,
            &mut self.keep,
            &mut self.reinstall,
            &mut self.upgrade,
        ] {
            list.remove(spec);
        }
        match wish {
            "--remove" => self.remove.insert(spec.to_owned()),
            "--keep" => self.keep.insert(spec.to_owned()),
            _ => self.install.insert(spec.to_owned()),
        };
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::plan::{TaskLists, testing};

    pub(in crate::export) fn plan() -> Plan {
        let names = |text: &str| {
            Some(text.split_whitespace().map(|name| name.parse().unwrap()).collect::<Vec<_>>())
        };
        let mut plan = testing::plan();
        plan.leapp.signed = names("bash both gone kept same").unwrap();
        plan.leapp.tasks = TaskLists {
            to_install: names("both new"),
            to_remove: names("both foreign gone"),
            to_keep: names("kept"),
            to_reinstall: names("same"),
            to_upgrade: names("bash kept"),
            local_rpms: Some(Vec::new()),
            modules_to_enable: Some(vec!["perl:5.26".to_owned()]),
            modules_to_reset: Some(Vec::new()),
        };
        plan
    }

    fn joined(list: &BTreeSet<String>) -> String {
        list.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_goes_does_not_come_and_a_question_has_the_last_word() {
        let mut plan = plan();
        plan.what_if = ["--remove bash", "--keep gone", "--install /usr/bin/x", "--with-repo y"]
            .map(|asked| WhatIf { asked: asked.to_owned(), changes: Vec::new(), conflict: None })
            .to_vec();
        let lists = Lists::of(&plan, What::Leapp).unwrap();
        assert_eq!(joined(&lists.install), "/usr/bin/x new");
        assert_eq!(joined(&lists.remove), "bash both foreign");
        assert_eq!(joined(&lists.keep), "gone kept");
        assert_eq!(joined(&lists.upgrade), "kept");
    }
}
