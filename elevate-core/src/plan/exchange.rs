//! The exchange of packages, as dnf stores transactions (`dnf history store`), for `dnf
//! history replay` to do just that.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Arrival, Because, Fate, Operation, Plan};

/// The version of dnf's format: that of dnf 4, which has known no other. The first number is
/// the one dnf insists on.
const VERSION: &str = "0.0";
/// What dnf calls the packages that are installed.
const SYSTEM: &str = "@System";

/// A transaction as dnf stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredTransaction {
    /// Version of the format.
    pub version: &'static str,
    /// What happens to each package: what comes first, then what goes, each by name.
    pub rpms: Vec<StoredPackage>,
}

/// What happens to a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredPackage {
    /// `Install`, `Upgrade`, `Removed` ...
    pub action: &'static str,
    /// `name-[epoch:]version-release.arch`
    pub nevra: String,
    /// Why it is on the host: `user`, `dependency`, `weak-dependency`, `unknown`.
    pub reason: &'static str,
    /// The repository it comes from.
    pub repo_id: String,
}

impl Plan {
    /// All of the exchange of packages, on the host the plan was made for. `None` where the
    /// plan has no transaction.
    pub fn exchange(&self) -> Option<StoredTransaction> {
        let before = self.packages.iter().filter(|operation| !operation.name.is_key());
        self.exchange_left(&before.map(Operation::nevra).collect())
    }

    /// What is left of the exchange of packages where these are installed, by
    /// `name-[epoch:]version-release.arch`. `None` where the plan has no transaction.
    pub fn exchange_left(&self, installed: &BTreeSet<String>) -> Option<StoredTransaction> {
        self.transaction.as_ref()?;
        let comes = |nevra: &String| !installed.contains(nevra);
        let mut rpms = Vec::new();
        let mut instead: BTreeMap<String, &'static str> = BTreeMap::new();
        let mut goes = Vec::new();
        for operation in self.packages.iter().filter(|o| o.leaves() && !o.name.is_key()) {
            let nevra = operation.nevra();
            if comes(&nevra) && !is_again(operation) {
                continue;
            }
            for package in operation.to.iter().filter(|to| to.name == operation.name) {
                let word = instead.entry(package.nevra()).or_default();
                *word = (*word).max(come(operation));
            }
            let is_taken = is_again(operation) || operation.to.iter().any(|to| comes(&to.nevra()));
            let action = if is_taken { gone(operation) } else { "Removed" };
            // Why it was there only the host's history of dnf knows.
            let repo_id = SYSTEM.to_owned();
            goes.push(StoredPackage { action, nevra, reason: "unknown", repo_id });
        }
        let arrivals: BTreeMap<String, &Arrival> = self
            .arrivals
            .iter()
            .filter_map(|arrival| Some((arrival.package.as_ref()?.nevra(), arrival)))
            .collect();
        for package in self.target_packages() {
            let nevra = package.nevra();
            let action = instead.get(&nevra).copied().unwrap_or("Install");
            if !comes(&nevra) && action != "Reinstall" {
                continue;
            }
            // dnf keeps the reason for which the old one is there unless it is told a better
            // one; the weakest changes nothing.
            let reason = arrivals.get(&nevra).map_or("weak-dependency", |new| reason(new));
            rpms.push(StoredPackage {
                action,
                nevra,
                reason,
                repo_id: package.repository.to_string(),
            });
        }
        rpms.extend(goes);
        Some(StoredTransaction { version: VERSION, rpms })
    }
}

fn is_again(operation: &Operation) -> bool {
    matches!(operation.fate, Fate::Reinstalled(_))
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

/// Why a new package is there: the user's are those that were asked for by name.
fn reason(arrival: &Arrival) -> &'static str {
    let first = arrival.because.as_ref().and_then(|chain| chain.links.first());
    match first.map(|link| &link.because) {
        Some(Because::Requested { .. }) => "user",
        Some(Because::Recommended { .. } | Because::Supplements { .. }) => "weak-dependency",
        Some(_) => "dependency",
        None if arrival.reasons.is_empty() => "dependency",
        None => "user",
    }
}
