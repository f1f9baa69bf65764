//! The exchange of packages, as dnf stores transactions (`dnf history store`), for `dnf
//! history replay` to do just that.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Fate, Operation, Plan};
use crate::model::PackageName;

/// The version of dnf's format: that of dnf 4, which has known no other.
const VERSION: &str = "0.0";
/// What dnf calls the packages that are installed.
const SYSTEM: &str = "@System";
/// Public keys stand in the package database like packages, and are none.
const KEY: &str = "gpg-pubkey";

/// A transaction as dnf stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredTransaction {
    /// Version of the format.
    pub version: &'static str,
    /// What happens to each package.
    pub rpms: Vec<StoredPackage>,
}

/// What happens to a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct StoredPackage {
    /// `Install`, `Upgrade`, `Removed` ...
    pub action: &'static str,
    /// `name-[epoch:]version-release.arch`
    pub nevra: String,
    /// Why it is on the host: `user`, `dependency`, `unknown`.
    pub reason: &'static str,
    /// The repository it comes from.
    pub repo_id: String,
}

impl Plan {
    /// The exchange of packages on a host that has these, by `name-version-release.arch`: on
    /// the one the plan was made for all of it, and after an interrupted exchange the rest.
    /// `None` where the plan has no transaction.
    pub fn exchange(&self, installed: &BTreeSet<String>) -> Option<StoredTransaction> {
        self.transaction.as_ref()?;
        let mut rpms = Vec::new();
        let comes = |nevra: &String| !installed.contains(nevra);
        for operation in self.packages.iter().filter(|o| o.leaves() && o.name.as_str() != KEY) {
            let nevra = operation.nevra();
            let again = matches!(operation.fate, Fate::Reinstalled(_));
            if !installed.contains(&nevra) && !again {
                continue;
            }
            let is_done = !operation.to.iter().map(|to| to.nevra()).any(|to| comes(&to)) && !again;
            rpms.push(StoredPackage {
                action: if is_done { "Removed" } else { gone(operation) },
                nevra,
                reason: "unknown",
                repo_id: SYSTEM.to_owned(),
            });
        }
        for package in self.target_packages() {
            let nevra = package.nevra();
            let from = self.packages.iter().find(|operation| {
                operation.name == package.name
                    && operation.leaves()
                    && operation.to.iter().any(|to| to.nevra() == nevra)
                    && installed.contains(&operation.nevra())
            });
            let action = from.map_or("Install", come);
            if comes(&nevra) || action == "Reinstall" {
                let reason = match (from, self.is_asked(&package.name)) {
                    (Some(_), _) => "unknown",
                    (None, true) => "user",
                    (None, false) => "dependency",
                };
                let repo_id = package.repository.to_string();
                rpms.push(StoredPackage { action, nevra, reason, repo_id });
            }
        }
        rpms.sort();
        Some(StoredTransaction { version: VERSION, rpms })
    }

    /// Whether somebody asked for a package by its name.
    fn is_asked(&self, name: &PackageName) -> bool {
        self.arrivals.iter().any(|arrival| arrival.name == *name && !arrival.reasons.is_empty())
    }
}

/// How a package comes in the place of one with its name.
fn come(old: &Operation) -> &'static str {
    match old.fate {
        Fate::Downgraded(_) => "Downgrade",
        Fate::Reinstalled(_) => "Reinstall",
        _ => "Upgrade",
    }
}

/// How a package goes.
fn gone(old: &Operation) -> &'static str {
    let has_heir = old.to.iter().any(|to| to.name == old.name);
    match old.fate {
        Fate::Downgraded(_) => "Downgraded",
        Fate::Reinstalled(_) => "Reinstalled",
        Fate::Removed => "Removed",
        _ if has_heir => "Upgraded",
        _ if old.to.is_empty() => "Removed",
        _ => "Obsoleted",
    }
}
