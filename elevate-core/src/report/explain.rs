//! One thing of a plan with all that the plan says of it: a package from the evidence to
//! its fate, a finding with what to do, a repository with what comes from it; or, of a plan
//! without a transaction, why there is none and what would have to change.
//!
//! | version | change |
//! |--|--|
//! | 1 | first: package, finding, repository, plan |
//!
//! Nothing is worked out anew here: who needs a package is told as far as the reasons in
//! the plan say so.

mod finding;
mod lookup;
mod package;
mod repository;
mod text;
mod whole;
mod wishes;

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::actor::Card;
use crate::finding::{Finding, Severity};
use crate::plan::{AskedBy, Plan};

pub use finding::{ActorStory, FindingStory};
pub use package::{Change, Hanging, Need, PackageStory, State};
pub use repository::{Coming, RepositoryStory};
pub use text::render;
pub use whole::{ConflictStory, PlanStory, Set};
pub use wishes::Wish;

/// The version written.
pub const VERSION: u32 = 1;

/// The marker by which an explanation is known among JSON documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Kind {
    /// An explanation.
    #[default]
    #[serde(rename = "elevate-explanation")]
    Explanation,
}

/// What a plan says of some of its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// Always `elevate-explanation`.
    pub format: Kind,
    /// Version of the format.
    pub version: u32,
    /// What was asked about, in that order.
    pub subjects: Vec<Subject>,
}

/// One part of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "subject", rename_all = "kebab-case")]
pub enum Subject {
    /// A package.
    Package(Box<PackageStory>),
    /// A finding.
    Finding(Box<FindingStory>),
    /// A repository.
    Repository(Box<RepositoryStory>),
    /// The plan as a whole.
    Plan(Box<PlanStory>),
}

/// A name that names nothing, or more than one thing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unclear {
    /// It may mean each of these.
    #[error("{name} may mean {}", choices.join(", "))]
    Ambiguous {
        /// The name.
        name: String,
        /// What would be clear, as it is to be written.
        choices: Vec<String>,
    },
    /// The plan has nothing of this name.
    #[error("{name}: the plan has no package, finding or repository of this name")]
    Unknown {
        /// The name.
        name: String,
        /// Names that are much like it.
        near: Vec<String>,
    },
}

/// A finding in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindingLine {
    /// Its id.
    pub id: String,
    /// Severity.
    pub severity: Severity,
    /// Whether it forbids the upgrade.
    pub inhibitor: bool,
    /// Its title.
    pub title: String,
}

/// Explains parts of a plan.
#[derive(Debug, Clone)]
pub struct Explainer<'p> {
    plan: &'p Plan,
    /// What is said about the actors that are known here.
    cards: Vec<Card<'p>>,
}

impl<'p> Explainer<'p> {
    /// Explains a plan. The cards are those of the actors that may have made it; one of
    /// another version than the plan's is not spoken of.
    pub fn new(plan: &'p Plan, cards: impl IntoIterator<Item = Card<'p>>) -> Self {
        Self { plan, cards: cards.into_iter().collect() }
    }

    /// Explains what these names mean: packages (`name`, `name.arch`, full name), findings
    /// (id, the part behind its last dot, key, actor) and repositories (id). `package:`,
    /// `finding:` and `repository:` before a name say which.
    ///
    /// # Errors
    ///
    /// The first name that is not clear.
    pub fn explain(&self, names: &[impl AsRef<str>]) -> Result<Explanation, Unclear> {
        let mut subjects = Vec::new();
        for name in names {
            subjects.extend(self.lookup(name.as_ref())?);
        }
        Ok(Explanation::of(subjects))
    }

    /// Explains the plan as a whole: what stands in its way.
    pub fn whole(&self) -> Explanation {
        Explanation::of(vec![Subject::Plan(Box::new(PlanStory::of(self.plan)))])
    }

    /// Findings about something, by the scheme of the resource and its names.
    fn findings_about(&self, scheme: &str, names: &[String]) -> Vec<FindingLine> {
        let is_about = |finding: &&Finding| {
            let mut resources = finding.resources.iter().filter(|r| r.scheme == scheme);
            resources.any(|resource| names.contains(&resource.title))
        };
        self.plan.findings.iter().filter(is_about).map(FindingLine::of).collect()
    }

    /// What an actor asks of the plan, in words.
    fn asked_by(asked: &AskedBy) -> String {
        format!("{}: {}", asked.actor, super::phrases::directive(&asked.directive))
    }
}

impl FindingLine {
    fn of(finding: &Finding) -> Self {
        Self {
            id: finding.id.to_string(),
            severity: finding.severity,
            inhibitor: finding.inhibitor,
            title: finding.title.to_string(),
        }
    }
}

impl Explanation {
    fn of(subjects: Vec<Subject>) -> Self {
        Self { format: Kind::Explanation, version: VERSION, subjects }
    }

    /// The explanation as JSON, with a final newline; the same plan gives the same bytes.
    ///
    /// # Errors
    ///
    /// None that an explanation can cause.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        crate::model::to_json(self)
    }

    /// The JSON Schema of the format.
    pub fn schema() -> serde_json::Value {
        crate::model::schema::<Self>("explanation", "explanation of parts of a plan", VERSION)
    }
}
