//! What is different between two plans, or two reports, and why: people check a host
//! again and again, and want to see what is new (users.md, pain 10).
//!
//! | version | change |
//! |--|--|
//! | 1 | first: causes, verdict, findings, questions, disk; of plans also packages, repositories, modules, steps |
//!
//! A finding is the same one when its id and what it is about are; in reports of leapp, or
//! between one of those and ours, when its key or its title is.

mod causes;
mod findings;
mod packages;
mod rest;
mod text;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Report;
use crate::model::{Changed, Listing, UpgradePath};
use crate::plan::{Plan, Verdict};

pub use causes::{Cause, Causes, What};
pub use findings::{FindingChange, Findings, Matched, Told};
pub use packages::{PackageChange, PackageState, Packages};
pub use rest::{DiskChange, NeedChange, QuestionChange, RepositoryChange, TotalsChange};
pub use text::render;

/// The version written.
pub const VERSION: u32 = 1;

/// The marker by which a difference is known among JSON documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Kind {
    /// A difference.
    #[default]
    #[serde(rename = "elevate-diff")]
    Diff,
}

/// What is different between two plans or reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Diff {
    /// Always `elevate-diff`.
    pub format: Kind,
    /// Version of the format.
    pub version: u32,
    /// The first document.
    pub before: Side,
    /// The second document.
    pub after: Side,
    /// Whether they say anything different. What they were made of does not count.
    pub different: bool,
    /// What went in and was different.
    pub causes: Causes,
    /// The verdict, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Changed<Verdict>>,
    /// Facts that were not captured.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub missing: Listing,
    /// Evidence that was not understood, by file.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub unread: Listing,
    /// Findings.
    pub findings: Findings,
    /// Numbers of packages by their fate, where they are others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, Changed<usize>>,
    /// Questions that were asked in one only, or answered otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<QuestionChange>,
    /// File systems, by mount point.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disk: Vec<DiskChange>,
    /// What only plans tell; absent where one of the two is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanChange>,
}

/// One of the two documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// What made it, with its version; absent where it does not tell, as reports of
    /// leapp's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// The host's name, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// When the snapshot was taken, in seconds since 1970, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<u64>,
    /// From where to where, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<UpgradePath>,
    /// How many findings it has.
    pub findings: usize,
    /// How many of them forbid the upgrade.
    pub inhibitors: usize,
}

/// What only plans tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanChange {
    /// Installed packages.
    pub packages: Packages,
    /// Packages that are new on the host.
    pub arrivals: Packages,
    /// Repositories of the target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<RepositoryChange>,
    /// Module streams to be enabled.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub enabled_modules: Listing,
    /// Module streams to be reset.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub reset_modules: Listing,
    /// What actors ask of the plan, in words.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub directives: Listing,
    /// How leapp would end early.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub stops: Listing,
    /// Sums over the transaction, where they are others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totals: Option<TotalsChange>,
    /// Why there is no transaction, in a line each problem.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub conflict: Listing,
}

impl Diff {
    /// What is different between two reports.
    pub fn reports(before: &Report, after: &Report) -> Self {
        let unread = |report: &Report| {
            let told = report.unread.iter();
            told.map(|u| format!("{}: {} not understood", u.file, u.count)).collect::<Vec<_>>()
        };
        let mut diff = Self {
            format: Kind::Diff,
            version: VERSION,
            before: Side::of(before),
            after: Side::of(after),
            different: false,
            causes: Causes::of(before, after),
            verdict: Changed::of(before.verdict, after.verdict),
            missing: Listing::of(&before.missing, &after.missing),
            unread: Listing::of(unread(before), unread(after)),
            findings: Findings::of(before, after),
            counts: rest::counts(&before.counts, &after.counts),
            questions: rest::questions(&before.questions, &after.questions),
            disk: rest::disk(&before.disk, &after.disk),
            plan: None,
        };
        diff.different = diff.is_different();
        diff
    }

    /// What is different between two plans.
    pub fn plans(before: &Plan, after: &Plan) -> Self {
        let mut diff = Self::reports(&Report::from(before), &Report::from(after));
        diff.causes.add_plans(before, after);
        diff.plan = Some(PlanChange::of(before, after));
        diff.different = diff.is_different();
        diff
    }

    fn is_different(&self) -> bool {
        self.verdict.is_some()
            || !self.missing.is_empty()
            || !self.unread.is_empty()
            || !self.findings.is_empty()
            || !self.counts.is_empty()
            || !self.questions.is_empty()
            || !self.disk.is_empty()
            || self.plan.as_ref().is_some_and(|plan| !plan.is_empty())
    }

    /// The difference as JSON, with a final newline; the same documents give the same
    /// bytes.
    ///
    /// # Errors
    ///
    /// None that a difference can cause.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        crate::model::to_json(self)
    }

    /// The JSON Schema of the format.
    pub fn schema() -> serde_json::Value {
        crate::model::schema::<Self>("diff", "difference of plans or reports", VERSION)
    }
}

impl Side {
    fn of(report: &Report) -> Self {
        let made = report.provenance.as_ref();
        Self {
            tool: made.map(|made| format!("{} {}", made.tool, made.tool_version)),
            hostname: report.hostname.clone(),
            taken: report.taken,
            path: report.path.clone(),
            findings: report.findings.len(),
            inhibitors: report.findings.iter().filter(|finding| finding.inhibitor).count(),
        }
    }
}

impl PlanChange {
    fn of(before: &Plan, after: &Plan) -> Self {
        Self {
            packages: packages::installed(&before.packages, &after.packages),
            arrivals: packages::arriving(&before.arrivals, &after.arrivals),
            repositories: rest::repositories(&before.repositories, &after.repositories),
            enabled_modules: Listing::of(&before.modules.enable, &after.modules.enable),
            reset_modules: Listing::of(&before.modules.reset, &after.modules.reset),
            directives: rest::directives(before, after),
            stops: Listing::of(rest::stops(before), rest::stops(after)),
            totals: rest::totals(before.transaction.as_ref(), after.transaction.as_ref()),
            conflict: Listing::of(rest::headlines(before), rest::headlines(after)),
        }
    }

    fn is_empty(&self) -> bool {
        self.packages.is_empty()
            && self.arrivals.is_empty()
            && self.repositories.is_empty()
            && self.enabled_modules.is_empty()
            && self.reset_modules.is_empty()
            && self.directives.is_empty()
            && self.stops.is_empty()
            && self.totals.is_none()
            && self.conflict.is_empty()
    }
}
