//! Packages and findings as tables for spreadsheets: CSV (RFC 4180), a line a package or
//! finding, the first line their names.
//!
//! A spreadsheet would take a cell that begins with `=`, `+`, `-` or `@` for a formula;
//! such a cell gets an apostrophe before it.

use std::borrow::Cow;
use std::io;

use crate::finding::{Finding, Remediation};
use crate::model::shell_words;
use crate::plan::{Arrival, Operation, Plan};

const PACKAGES: [&str; 8] =
    ["name", "epoch_version_release", "arch", "fate", "becomes", "repository", "reasons", "note"];
const FINDINGS: [&str; 12] = [
    "severity",
    "inhibitor",
    "id",
    "actor",
    "key",
    "title",
    "summary",
    "groups",
    "resources",
    "evidence",
    "remediation",
    "waived",
];

/// Every installed package and every new one, with its fate.
///
/// # Errors
///
/// Where CSV cannot be written.
pub fn packages(plan: &Plan) -> io::Result<String> {
    let installed = plan.packages.iter().map(of_installed);
    let new = plan.arrivals.iter().map(of_new);
    table(&PACKAGES, installed.chain(new))
}

/// Every finding.
///
/// # Errors
///
/// Where CSV cannot be written.
pub fn findings(plan: &Plan) -> io::Result<String> {
    table(&FINDINGS, plan.findings.iter().map(of_finding))
}

fn table<const N: usize>(
    names: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> io::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(names)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell).into_owned()))?;
    }
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

fn harmless(cell: &str) -> Cow<'_, str> {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

fn of_installed(operation: &Operation) -> [String; PACKAGES.len()] {
    let becomes: Vec<String> = if operation.to.is_empty() {
        operation.fate.successors().iter().map(ToString::to_string).collect()
    } else {
        operation.to.iter().map(|package| package.nevra()).collect()
    };
    let repositories: Vec<&str> =
        operation.to.iter().map(|package| package.repository.as_str()).collect();
    [
        operation.name.to_string(),
        operation.evr.to_string(),
        operation.arch.as_ref().map(ToString::to_string).unwrap_or_default(),
        operation.fate.word().to_owned(),
        becomes.join(" "),
        repositories.join(" "),
        joined(&operation.reasons),
        String::new(),
    ]
}

fn of_new(arrival: &Arrival) -> [String; PACKAGES.len()] {
    let package = arrival.package.as_ref();
    let repository = package
        .map(|package| package.repository.to_string())
        .or_else(|| arrival.source.repository.as_ref().map(ToString::to_string));
    let module = arrival.source.module.as_ref().map(|module| format!("module {module}"));
    [
        arrival.name.to_string(),
        String::new(),
        String::new(),
        "arriving".to_owned(),
        package.map(|package| package.nevra()).unwrap_or_default(),
        repository.unwrap_or_default(),
        joined(&arrival.reasons),
        module.unwrap_or_default(),
    ]
}

fn of_finding(finding: &Finding) -> [String; FINDINGS.len()] {
    let resources: Vec<String> =
        finding.resources.iter().map(|one| format!("{} {}", one.scheme, one.title)).collect();
    let remediation = finding.remediation.iter().map(|one| match one {
        Remediation::Hint(hint) => hint.clone(),
        Remediation::Command(words) => shell_words(words),
    });
    let waived = finding.waived.as_ref();
    [
        finding.severity.as_str().to_owned(),
        finding.inhibitor.to_string(),
        finding.id.to_string(),
        finding.actor.to_string(),
        finding.key.as_deref().unwrap_or_default().to_owned(),
        finding.title.to_string(),
        finding.summary.clone(),
        finding.groups.join("; "),
        resources.join("; "),
        joined(&finding.evidence),
        remediation.collect::<Vec<_>>().join("\n"),
        waived.map(ToString::to_string).unwrap_or_default(),
    ]
}

fn joined<T: ToString>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
