//! What a user calls a part of a plan.

use std::collections::BTreeSet;

use super::{Explainer, Subject, Unclear};
use crate::finding::Finding;
use crate::model::{Evr, nearest};
use crate::plan::{Operation, RepositoryReason, TargetPackage};
use crate::report::leapp::stable_key;

/// How many names are proposed instead of an unknown one.
const MOST_NEAR: usize = 5;
/// How many choices are named of an ambiguous one.
const MOST_CHOICES: usize = 20;

impl<'p> Explainer<'p> {
    /// What a name means.
    pub(super) fn lookup(&self, name: &str) -> Result<Vec<Subject>, Unclear> {
        let (scheme, bare) = match name.split_once(':') {
            Some((scheme @ ("package" | "finding" | "repository" | "repo"), bare)) => {
                (Some(scheme), bare)
            }
            _ => (None, name),
        };
        let wanted = |which: &[&str]| scheme.is_none_or(|scheme| which.contains(&scheme));
        let packages = if wanted(&["package"]) { self.packages(bare) } else { Vec::new() };
        let repositories =
            if wanted(&["repository", "repo"]) { self.repositories(bare) } else { Vec::new() };
        let findings = if wanted(&["finding"]) { self.findings(bare) } else { Vec::new() };
        let ids: BTreeSet<&str> = findings.iter().map(|finding| finding.id.as_ref()).collect();
        let kinds = [packages.is_empty(), repositories.is_empty(), findings.is_empty()];
        if kinds.iter().filter(|none| !**none).count() > 1 || ids.len() > 1 {
            let mut choices = Vec::new();
            if !packages.is_empty() {
                choices.push(format!("package:{bare}"));
            }
            if !repositories.is_empty() {
                choices.push(format!("repository:{bare}"));
            }
            choices.extend(ids.into_iter().map(|id| format!("finding:{id}")));
            choices.truncate(MOST_CHOICES);
            return Err(Unclear::Ambiguous { name: name.to_owned(), choices });
        }
        let findings = findings.into_iter().map(|finding| self.finding(finding));
        let subjects: Vec<Subject> =
            packages.into_iter().chain(repositories).chain(findings).collect();
        if subjects.is_empty() {
            return Err(Unclear::Unknown { name: name.to_owned(), near: self.near(bare) });
        }
        Ok(subjects)
    }

    /// Packages of a name: installed ones, or else those that arrive or take another's
    /// place.
    fn packages(&self, text: &str) -> Vec<Subject> {
        let called = |operation: &&Operation| {
            let arch = operation.arch.as_ref().map_or("", |arch| arch.as_str());
            is_called(operation.name.as_str(), &operation.evr, arch, text)
        };
        let installed = self.plan.packages.iter().filter(called);
        let mut found: Vec<Subject> = installed.map(|one| self.installed(one)).collect();
        if !found.is_empty() {
            return found;
        }
        let target = |package: &TargetPackage| {
            is_called(package.name.as_str(), &package.evr, package.arch.as_str(), text)
        };
        let mut seen = BTreeSet::new();
        for arrival in &self.plan.arrivals {
            let is_it =
                arrival.name.as_str() == text || arrival.package.as_ref().is_some_and(target);
            if is_it {
                seen.extend(arrival.package.as_ref().map(TargetPackage::nevra));
                found.push(self.arriving(arrival));
            }
        }
        for operation in &self.plan.packages {
            for package in operation.to.iter().filter(|package| target(package)) {
                if seen.insert(package.nevra()) {
                    found.push(self.successor(package));
                }
            }
        }
        found
    }

    /// Findings by id or key, or else by the end of an id, or else by actor.
    fn findings(&self, text: &str) -> Vec<&'p Finding> {
        let by = |is: &dyn Fn(&Finding) -> bool| -> Vec<&'p Finding> {
            self.plan.findings.iter().filter(|finding| is(finding)).collect()
        };
        let end = |finding: &Finding| finding.id.rsplit('.').next() == Some(text);
        let ways: [&dyn Fn(&Finding) -> bool; 3] =
            [&|finding| finding.id == text || stable_key(finding) == text, &end, &|finding| {
                finding.actor == text
            }];
        ways.into_iter().map(by).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// A repository by its id: one of the target, or one of the host that leads to such.
    fn repositories(&self, text: &str) -> Vec<Subject> {
        let plan = self.plan;
        let is_source = plan.repositories.iter().flat_map(|one| &one.reasons).any(|reason| {
            matches!(reason, RepositoryReason::Mapped { from, .. } if from.as_str() == text)
        });
        let is_known = is_source
            || plan.repositories.iter().any(|one| one.id.as_str() == text)
            || plan.read.iter().any(|one| one.id.as_str() == text)
            || plan.leapp.excluded_repos.iter().any(|id| id.as_str() == text)
            || plan.leapp.skipped_repos.repos.iter().any(|id| id.as_str() == text);
        if is_known { vec![self.repository(text)] } else { Vec::new() }
    }

    /// Names much like one.
    fn near(&self, text: &str) -> Vec<String> {
        let plan = self.plan;
        let installed = plan.packages.iter().map(|one| one.name.as_str());
        let arriving = plan.arrivals.iter().map(|one| one.name.as_str());
        let repositories = plan.repositories.iter().map(|one| one.id.as_str());
        let findings = plan.findings.iter().map(|one| one.id.as_ref());
        let all = installed.chain(arriving).chain(repositories).chain(findings);
        nearest(text, all, MOST_NEAR)
    }
}

/// Whether a text is a name, `name.arch`, `name-[epoch:]version[-release][.arch]`.
fn is_called(name: &str, evr: &Evr, arch: &str, text: &str) -> bool {
    let Some(rest) = text.strip_prefix(name) else { return false };
    let without_arch = rest.strip_suffix(arch).and_then(|rest| rest.strip_suffix('.'));
    let rest = without_arch.filter(|_| !arch.is_empty()).unwrap_or(rest);
    let Some(version) = rest.strip_prefix('-') else { return rest.is_empty() };
    let epoch = version.split_once(':').map_or(Some(evr.epoch), |(epoch, _)| epoch.parse().ok());
    let version = version.split_once(':').map_or(version, |(_, version)| version);
    let whole = format!("{}-{}", evr.version, evr.release);
    epoch == Some(evr.epoch) && (version == whole || version == evr.version)
}
