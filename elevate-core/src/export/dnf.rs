//! A stored transaction of dnf: what `dnf history replay` reads (dnf's transaction_sr.py,
//! version 0.0).
//!
//! dnf takes what the file names and nothing else: it ends with an error where a package is
//! not there as it should be, or where more packages would come along.

use std::collections::BTreeMap;

use serde::Serialize;

use super::text::listed;
use super::{Export, ExportError, What};
use crate::plan::{Arrival, Because, Fate, Operation, Plan};

/// The version of the format. The first number is the one dnf insists on.
const VERSION: &str = "0.0";

#[derive(Serialize)]
struct Stored {
    version: &'static str,
    rpms: Vec<Item>,
}

/// A package that comes or goes, in dnf's words.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Item {
    action: &'static str,
    nevra: String,
    reason: &'static str,
    repo_id: String,
}

pub(super) fn export(plan: &Plan) -> Result<Export, ExportError> {
    let remarks = remarks(plan);
    Ok(Export::one("transaction.json", stored(plan)?, remarks))
}

/// The transaction of a plan as dnf stores it.
pub(super) fn stored(plan: &Plan) -> Result<String, ExportError> {
    if plan.transaction.is_none() {
        return Err(ExportError::NoTransaction(What::DnfTransaction));
    }
    Ok(crate::model::to_json(&Stored { version: VERSION, rpms: items(plan) })?)
}

/// What comes first, then what goes, each by name.
fn items(plan: &Plan) -> Vec<Item> {
    let all = plan.arrivals.iter();
    let arrivals: BTreeMap<String, &Arrival> =
        all.filter_map(|arrival| Some((arrival.package.as_ref()?.nevra(), arrival))).collect();
    let mut taking: BTreeMap<String, &'static str> = BTreeMap::new();
    for operation in &plan.packages {
        let of_its_name = operation.to.iter().filter(|package| package.name == operation.name);
        for package in of_its_name {
            let word = taking.entry(package.nevra()).or_default();
            *word = (*word).max(as_what(operation));
        }
    }
    let comes = plan.target_packages().into_iter().map(|package| {
        let nevra = package.nevra();
        // dnf keeps the reason for which the old one is there unless it is told a better
        // one; the weakest changes nothing.
        let (action, reason) = match arrivals.get(&nevra) {
            Some(arrival) => ("Install", reason(arrival)),
            None => (taking.get(&nevra).copied().unwrap_or("Install"), "weak-dependency"),
        };
        Item { action, nevra, reason, repo_id: package.repository.to_string() }
    });
    let goes = plan.packages.iter().filter(|operation| operation.leaves()).map(going);
    comes.chain(goes).collect()
}

/// As what a package comes that takes the place of one of its name.
fn as_what(operation: &Operation) -> &'static str {
    match operation.fate {
        Fate::Downgraded(_) => "Downgrade",
        Fate::Reinstalled(_) => "Reinstall",
        _ => "Upgrade",
    }
}

fn going(operation: &Operation) -> Item {
    let action = match &operation.fate {
        Fate::Upgraded(_) => "Upgraded",
        Fate::Downgraded(_) => "Downgraded",
        Fate::Reinstalled(_) => "Reinstalled",
        _ if operation.to.is_empty() => "Removed",
        _ => "Obsoleted",
    };
    // Why it was there, and where it is from, only the host's history of dnf knows.
    Item { action, nevra: operation.nevra(), reason: "unknown", repo_id: String::new() }
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

fn remarks(plan: &Plan) -> Vec<String> {
    let mut remarks = vec![
        "why the host has a package that goes is not in a plan; dnf's history will say unknown"
            .to_owned(),
    ];
    let streams = |verb: &str, list: String| {
        format!(
            "a stored transaction changes no module streams; before it, dnf module {verb} {list}"
        )
    };
    if !plan.modules.reset.is_empty() {
        remarks.push(streams("reset", listed(plan.modules.reset.iter().map(|m| &m.name))));
    }
    if !plan.modules.enable.is_empty() {
        remarks.push(streams("enable", listed(&plan.modules.enable)));
    }
    let steps = plan.steps().filter(|step| step.actor != super::steps::OWN).count();
    if steps > 0 {
        remarks.push(format!("it is the packages alone, without the {steps} steps around them"));
    }
    remarks
}
