//! A repository: why it is used, where it is, and what comes from it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::wishes::{self, Wish};
use super::{Explainer, FindingLine, Subject};
use crate::plan::{Fate, ReadRepository, RepositoryReason, TargetRepository};

/// What a plan says of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RepositoryStory {
    /// Its id.
    pub id: String,
    /// What it is to the plan, in a sentence.
    pub role: String,
    /// Why it is used, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Repositories of the target that follow it, where it is one of the host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leads_to: Vec<String>,
    /// The file that says where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defined_in: Option<String>,
    /// Its address as that file spells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What was read of it, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<ReadRepository>,
    /// Packages that come from it, as far as the plan knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coming: Vec<Coming>,
    /// Findings about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingLine>,
    /// Questions that could be asked about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<Wish>,
}

/// A package that comes from a repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Coming {
    /// The package; its name where no more is known.
    pub package: String,
    /// The installed package whose place it takes; absent where it is new on the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
}

impl Explainer<'_> {
    /// A repository that the plan names.
    pub(super) fn repository(&self, id: &str) -> Subject {
        let plan = self.plan;
        let target = plan.repositories.iter().find(|one| one.id.as_str() == id);
        let read = plan.read.iter().find(|one| one.id.as_str() == id);
        let is_excluded = plan.leapp.excluded_repos.iter().any(|one| one.as_str() == id);
        let wishes = match (target.is_some() || read.is_some(), is_excluded) {
            (true, _) => wishes::of_repository(plan, id, true),
            (false, true) => wishes::of_repository(plan, id, false),
            (false, false) => Vec::new(),
        };
        let reasons = target.iter().flat_map(|one| &one.reasons).map(ToString::to_string);
        Subject::Repository(Box::new(RepositoryStory {
            id: id.to_owned(),
            role: self.role(id, target),
            reasons: reasons.collect(),
            leads_to: self.leads_to(id),
            defined_in: target.and_then(|one| one.defined_in.clone()),
            address: target.and_then(|one| one.address.clone()),
            read: read.cloned(),
            coming: self.coming(id),
            findings: self.findings_about("repository", &[id.to_owned()]),
            wishes,
        }))
    }

    fn role(&self, id: &str, target: Option<&TargetRepository>) -> String {
        let leapp = &self.plan.leapp;
        if leapp.excluded_repos.iter().any(|one| one.as_str() == id) {
            "It is a repository of the target that was left out.".to_owned()
        } else if target.is_some() {
            "It is a repository of the target.".to_owned()
        } else if leapp.skipped_repos.repos.iter().any(|one| one.as_str() == id) {
            "It is a repository of the host that leads to none of the target.".to_owned()
        } else if self.plan.read.iter().any(|one| one.id.as_str() == id) {
            "It was read because somebody asked for it.".to_owned()
        } else {
            "It is a repository of the host.".to_owned()
        }
    }

    fn leads_to(&self, id: &str) -> Vec<String> {
        let follows = |target: &&TargetRepository| {
            target.reasons.iter().any(|reason| {
                matches!(reason, RepositoryReason::Mapped { from, .. } if from.as_str() == id)
            })
        };
        let targets = self.plan.repositories.iter().filter(follows);
        targets.map(|target| target.id.to_string()).collect()
    }

    fn coming(&self, id: &str) -> Vec<Coming> {
        let mut coming = Vec::new();
        for operation in &self.plan.packages {
            let instead_of = Some(operation.nevra());
            let here = operation.to.iter().filter(|one| one.repository.as_str() == id);
            let packages = here.map(|one| one.nevra());
            let presumed = match &operation.fate {
                Fate::Upgraded(source) | Fate::Downgraded(source) | Fate::Reinstalled(source) => {
                    let is_here = source.repository.as_ref().is_some_and(|r| r.as_str() == id);
                    (is_here && operation.to.is_empty()).then(|| operation.name.to_string())
                }
                _ => None,
            };
            let all = packages.chain(presumed);
            coming.extend(all.map(|package| Coming { package, instead_of: instead_of.clone() }));
        }
        for arrival in &self.plan.arrivals {
            let package = arrival.package.as_ref();
            let from = package.map(|one| &one.repository).or(arrival.source.repository.as_ref());
            if from.is_some_and(|from| from.as_str() == id) {
                let name = package.map_or_else(|| arrival.name.to_string(), |one| one.nevra());
                coming.push(Coming { package: name, instead_of: None });
            }
        }
        coming.sort();
        coming.dedup();
        coming
    }
}
