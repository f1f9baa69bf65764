//! What is asked for besides events: the administrator's four lists, and tasks
//! of other producers (formats.md 1.8).

use std::collections::BTreeSet;

use crate::directive::Reason;
use crate::model::{ModuleStream, PackageName};
use crate::upgrade_data::transaction_files::TransactionFiles;

/// What one producer asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wishes {
    /// The actor that asks; empty for the administrator's lists.
    pub actor: String,
    /// To be installed.
    pub to_install: BTreeSet<PackageName>,
    /// Not to be removed.
    pub to_keep: BTreeSet<PackageName>,
    /// To be removed.
    pub to_remove: BTreeSet<PackageName>,
    /// To be installed again.
    pub to_reinstall: BTreeSet<PackageName>,
    /// rpm files to be installed, by base name.
    pub local_rpms: BTreeSet<String>,
    /// Module streams to enable.
    pub modules_to_enable: BTreeSet<ModuleStream>,
    /// Module streams to reset.
    pub modules_to_reset: BTreeSet<ModuleStream>,
}

impl Wishes {
    /// The administrator's lists as leapp's collector passes them on: what is
    /// installed need not be installed, what is not cannot be reinstalled.
    pub(super) fn of_user(files: &TransactionFiles, installed: &BTreeSet<PackageName>) -> Self {
        let set = |names: &[PackageName]| names.iter().cloned().collect::<BTreeSet<_>>();
        Self {
            to_install: set(&files.to_install).difference(installed).cloned().collect(),
            to_keep: set(&files.to_keep),
            to_remove: set(&files.to_remove),
            to_reinstall: set(&files.to_reinstall).intersection(installed).cloned().collect(),
            ..Self::default()
        }
    }

    pub(super) fn reason(&self, list: &str) -> Reason {
        if self.actor.is_empty() {
            Reason::UserFile { file: list.to_owned() }
        } else {
            Reason::Actor { actor: self.actor.clone() }
        }
    }
}
