//! A plan as a whole: what stands in its way, and what would have to change.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FindingLine;
use crate::plan::{Conflict, LeappStop, Plan, Verdict};

/// What a plan says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanStory {
    /// Whether the upgrade may go ahead.
    pub verdict: Verdict,
    /// Findings that forbid it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inhibitors: Vec<FindingLine>,
    /// How leapp would end early.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stops: Vec<String>,
    /// Facts that were not captured and would matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// How many packages have each fate.
    pub counts: BTreeMap<String, usize>,
    /// Why there is no transaction, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<ConflictStory>,
}

/// Why there is no transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConflictStory {
    /// What contradicts itself, each as a story of several lines.
    pub problems: Vec<String>,
    /// The smallest sets of changes after which there is a transaction, the cheapest
    /// first.
    pub changes: Vec<Set>,
    /// Whether there may be other sets.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

/// Changes that make a transaction possible, together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Set {
    /// Each change in words.
    pub changes: Vec<String>,
    /// What they cost together, as in the plan.
    pub cost: u32,
    /// Packages that are there only with the changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
    /// Packages that are there only without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
}

impl PlanStory {
    pub(super) fn of(plan: &Plan) -> Self {
        let told = |stop: &LeappStop| format!("{}: {}", stop.actor, stop.message);
        Self {
            verdict: plan.verdict,
            inhibitors: plan.inhibitors().map(FindingLine::of).collect(),
            stops: plan.leapp.crash.iter().chain(&plan.leapp.errors).map(told).collect(),
            missing: plan.missing.clone(),
            counts: plan.counts.clone(),
            conflict: plan.conflict.as_deref().map(ConflictStory::of),
        }
    }
}

impl ConflictStory {
    fn of(conflict: &Conflict) -> Self {
        let sets = conflict.changes.sets.iter().map(|set| Set {
            changes: set.changes.iter().map(ToString::to_string).collect(),
            cost: set.cost,
            with: set.difference.with.clone(),
            without: set.difference.without.clone(),
        });
        // Words, for the type is the solver's: it says `no` where there is no other set.
        let more = serde_json::to_value(conflict.changes.more).ok();
        Self {
            problems: conflict.problems.iter().map(ToString::to_string).collect(),
            changes: sets.collect(),
            more: more.is_some_and(|more| more != "no"),
        }
    }
}
