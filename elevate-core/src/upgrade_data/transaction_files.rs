//! The administrator's own wishes: `/etc/leapp/transaction/{to_install,
//! to_keep, to_remove, to_reinstall}` (formats.md 1.8).

use crate::model::PackageName;

/// The four lists; each name once, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TransactionFiles {
    /// Wanted, whether events bring them or not.
    pub to_install: Vec<PackageName>,
    /// Not to be removed.
    pub to_keep: Vec<PackageName>,
    /// To be removed.
    pub to_remove: Vec<PackageName>,
    /// To be installed again.
    pub to_reinstall: Vec<PackageName>,
}
