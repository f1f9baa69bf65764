//! What came of an upgrade: a plan held against the host as it is afterwards. Pure: the same
//! plan and the same snapshot give the same verification.
//!
//! | version | change |
//! |--|--|
//! | 1 | first: verdict, missing evidence, counts, findings |
//! | 1 | added: findings that are set aside, and what is to be said about waivers |

mod boot;
mod kinds;
mod leftovers;
mod packages;
mod release;
mod repositories;
mod services;
#[cfg(test)]
mod tests;
mod text;
mod wanted;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::{Facts, Found};
use crate::finding::{Finding, Severity};
use crate::model::{Date, Dependencies, System, UpgradePath};
use crate::plan::Plan;
use crate::report::waivers::Waivers;
use crate::snapshot::Snapshot;

pub use kinds::KINDS;
pub use text::render;

/// The version written.
pub const VERSION: u32 = 1;

/// The marker by which a verification is known among JSON documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Kind {
    /// A verification.
    #[default]
    #[serde(rename = "elevate-verification")]
    Verification,
}

/// A plan held against the host after the upgrade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verification {
    /// Always `elevate-verification`.
    pub format: Kind,
    /// Version of the format.
    pub version: u32,
    /// Version of the tool.
    pub tool_version: String,
    /// The host's name afterwards, where captured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// What the host runs afterwards.
    pub system: System,
    /// When the host was looked at afterwards, in seconds since 1970, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<u64>,
    /// From where to where the plan leads.
    pub path: UpgradePath,
    /// Whether all is as planned.
    pub verdict: Verdict,
    /// What was not looked at, because the plan or the snapshot does not tell.
    pub missing: Vec<String>,
    /// How many packages are as planned, and how many are otherwise in which way.
    pub counts: BTreeMap<String, usize>,
    /// What is not as planned, what else to know, and what was set aside, most urgent first.
    pub findings: Vec<Finding>,
}

/// Whether all is as planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing of high severity was found that is not set aside, and everything was looked at.
    AsPlanned,
    /// Something of high severity was found that is not set aside.
    NotAsPlanned,
    /// Nothing of that kind was found, but evidence is missing.
    Incomplete,
}

/// Holds a plan against the host as it is afterwards. `dependencies` is what its packages
/// require and do not have.
pub fn verify(plan: &Plan, after: &Snapshot, dependencies: &Dependencies) -> Verification {
    let mut check = Check::new(plan, after);
    boot::identity(&mut check);
    let counts = packages::packages(&mut check);
    packages::dependencies(&mut check, dependencies);
    boot::kernels(&mut check);
    boot::python(&mut check);
    services::units(&mut check);
    repositories::repositories(&mut check);
    leftovers::excludes(&mut check);
    leftovers::set_aside(&mut check);
    leftovers::of_tools(&mut check);
    check.finish(counts)
}

impl Verification {
    /// The verification as JSON, with a final newline.
    ///
    /// # Errors
    ///
    /// None that a verification can cause.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        crate::model::to_json(self)
    }

    /// Sets findings aside, as of a day, and judges anew: what is set aside no longer counts.
    pub fn set_aside(&mut self, waivers: &Waivers, today: Date) {
        waivers.set_aside(&mut self.findings, self.hostname.as_deref(), today);
        self.judge();
    }

    /// Puts findings in order, and decides by them whether all is as planned.
    fn judge(&mut self) {
        let rank = |finding: &Finding| {
            KINDS.iter().position(|kind| kind.id == finding.id).unwrap_or(KINDS.len())
        };
        self.findings.sort_by_key(|finding| (finding.severity, rank(finding)));
        let counts = |f: &Finding| f.severity == Severity::High && f.waived.is_none();
        self.verdict = match (self.findings.iter().any(counts), self.missing.is_empty()) {
            (true, _) => Verdict::NotAsPlanned,
            (false, true) => Verdict::AsPlanned,
            (false, false) => Verdict::Incomplete,
        };
    }

    /// The JSON Schema of the format.
    pub fn schema() -> serde_json::Value {
        crate::model::schema::<Self>("verification", "verification", VERSION)
    }
}

/// A verification as it grows.
struct Check<'a> {
    plan: &'a Plan,
    after: &'a Snapshot,
    facts: Facts<'a>,
    findings: Vec<Finding>,
    missing: Vec<String>,
}

impl<'a> Check<'a> {
    fn new(plan: &'a Plan, after: &'a Snapshot) -> Self {
        let facts = Facts::new(after);
        let mut check = Self { plan, after, facts, findings: Vec::new(), missing: Vec::new() };
        if plan.baseline.is_none() {
            check.lacks("what the host was like before: the plan has no `baseline`");
        }
        check
    }

    fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    fn lacks(&mut self, what: impl Into<String>) {
        self.missing.push(what.into());
    }

    /// What was found; what was not looked at is noted.
    fn found<T>(&mut self, what: &str, found: Found<T>) -> Vec<T> {
        if let Some(unknown) = found.missing.first() {
            self.lacks(format!("{what}: {unknown}"));
        }
        found.items
    }

    fn finish(self, counts: BTreeMap<String, usize>) -> Verification {
        let mut verification = Verification {
            format: Kind::Verification,
            version: VERSION,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            hostname: self.after.identity.hostname.clone(),
            system: self.after.identity.system.clone(),
            taken: self.after.captured.as_ref().and_then(|captured| captured.taken),
            path: self.plan.path.clone(),
            verdict: Verdict::Incomplete,
            missing: self.missing,
            counts,
            findings: self.findings,
        };
        verification.judge();
        verification
    }
}

/// The first of many names, and how many more there are.
fn few<T: ToString>(names: &[T]) -> String {
    const MOST: usize = 6;
    let shown: Vec<String> = names.iter().take(MOST).map(T::to_string).collect();
    match names.len().checked_sub(MOST) {
        None | Some(0) => shown.join(", "),
        Some(more) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A command with names behind it.
fn command<'w>(words: &[&'w str], names: &'w [String]) -> Vec<&'w str> {
    words.iter().copied().chain(names.iter().map(String::as_str)).collect()
}
