//! Which findings of two reports are the same, and what became of them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::Report;
use super::super::leapp::stable_key;
use crate::finding::{Finding, Remediation, Resource, Severity};
use crate::model::shell_words;
use crate::model::{Changed, Listing};

/// What became of findings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Findings {
    /// Those of the second report only, most urgent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub come: Vec<Told>,
    /// Those of the first report only, most urgent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Told>,
    /// Those of both that say something else, most urgent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<FindingChange>,
    /// How many of both say the same.
    pub unchanged: usize,
}

/// A finding in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Told {
    /// Its id; of leapp's reports `leapp.` with the actor.
    pub id: String,
    /// The actor that made it.
    pub actor: String,
    /// The stable key it has in leapp's reports.
    pub key: String,
    /// Severity.
    pub severity: Severity,
    /// Whether it forbids the upgrade.
    pub inhibitor: bool,
    /// Whether somebody set it aside.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waived: bool,
    /// One line.
    pub title: String,
    /// What was found.
    pub summary: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Resource>,
}

/// A finding of both reports that says something else. Of a report of leapp's and one of
/// ours only severities are compared, for every text is another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindingChange {
    /// What it is in the second report.
    pub finding: Told,
    /// By what it was found again.
    pub matched: Matched,
    /// Its severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Changed<Severity>>,
    /// Whether it forbids the upgrade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inhibitor: Option<Changed<bool>>,
    /// Whether somebody set it aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<Changed<bool>>,
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Changed<String>>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Changed<String>>,
    /// What was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Changed<String>>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub resources: Listing,
    /// Where it was seen.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub evidence: Listing,
    /// What to do.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub remediation: Listing,
}

/// By what a finding was found again.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Matched {
    /// Its id and all it is about.
    Resources,
    /// Its id and some of what it is about.
    SomeResources,
    /// Its id, which no other finding has.
    Id,
    /// Its key in leapp's reports.
    Key,
    /// Its title.
    Title,
}

impl Findings {
    pub(super) fn of(before: &Report, after: &Report) -> Self {
        let ours = (before.provenance.is_some(), after.provenance.is_some());
        let mut pairing = Pairing::new(&before.findings, &after.findings);
        match ours {
            (true, true) => pairing.ours(),
            _ => pairing.leapps(),
        }
        pairing.findings(ours.0 == ours.1)
    }

    /// Whether nothing became of any.
    pub(super) fn is_empty(&self) -> bool {
        self.come.is_empty() && self.gone.is_empty() && self.changed.is_empty()
    }
}

/// Findings that are the same are put together, the surest way first.
struct Pairing<'f> {
    before: &'f [Finding],
    after: &'f [Finding],
    /// By their places.
    open_before: BTreeSet<usize>,
    open_after: BTreeSet<usize>,
    pairs: Vec<(usize, usize, Matched)>,
}

impl<'f> Pairing<'f> {
    fn new(before: &'f [Finding], after: &'f [Finding]) -> Self {
        Self {
            before,
            after,
            open_before: (0..before.len()).collect(),
            open_after: (0..after.len()).collect(),
            pairs: Vec::new(),
        }
    }

    /// Both reports are ours: ids count. Of several findings with one id, those that
    /// share nothing are about different things.
    fn ours(&mut self) {
        let alone = |all: &'f [Finding]| {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            all.iter().for_each(|finding| *counts.entry(finding.id.as_ref()).or_default() += 1);
            counts
        };
        let (old, new) = (alone(self.before), alone(self.after));
        self.by(Matched::Resources, |f| Some((f.id.as_ref(), &f.resources, &*f.summary)));
        self.by(Matched::Resources, |f| Some((f.id.as_ref(), &f.resources)));
        self.by_shared();
        let only = |counts: &BTreeMap<&str, usize>, id| counts.get(id) == Some(&1);
        self.by(Matched::Id, |f| {
            let id = f.id.as_ref();
            (only(&old, id) && only(&new, id)).then_some(id)
        });
        // An id that one report alone knows may be another's new name.
        self.by(Matched::Title, |f| {
            let id = f.id.as_ref();
            (old.contains_key(id) != new.contains_key(id)).then_some(f.title.as_ref())
        });
    }

    /// A report is leapp's: its ids name actors only.
    fn leapps(&mut self) {
        self.by(Matched::Key, |f| Some((stable_key(f), &f.resources, &*f.summary)));
        self.by(Matched::Key, |f| Some((stable_key(f), &f.resources)));
        self.by(Matched::Key, |f| Some(stable_key(f)));
        let title = |f: &Finding| f.title.trim().to_lowercase();
        self.by(Matched::Title, |f| Some((title(f), f.actor.as_ref())));
        self.by(Matched::Title, |f| Some(title(f)));
    }

    /// Puts open ones together that have the same key, in their order.
    fn by<K: Ord>(&mut self, matched: Matched, key: impl Fn(&'f Finding) -> Option<K>) {
        let mut open: BTreeMap<K, VecDeque<usize>> = BTreeMap::new();
        for at in &self.open_before {
            if let Some(key) = self.before.get(*at).and_then(&key) {
                open.entry(key).or_default().push_back(*at);
            }
        }
        for at in self.open_after.clone() {
            let key = self.after.get(at).and_then(&key);
            let old = key.and_then(|key| open.get_mut(&key)?.pop_front());
            old.into_iter().for_each(|old| self.pair(old, at, matched));
        }
    }

    /// Puts open ones of one id together that are about some of the same.
    fn by_shared(&mut self) {
        let mut open: BTreeMap<(&str, &Resource), VecDeque<usize>> = BTreeMap::new();
        for at in &self.open_before {
            let Some(finding) = self.before.get(*at) else { continue };
            for resource in &finding.resources {
                open.entry((finding.id.as_ref(), resource)).or_default().push_back(*at);
            }
        }
        for at in self.open_after.clone() {
            let Some(finding) = self.after.get(at) else { continue };
            let old = finding.resources.iter().find_map(|resource| {
                let places = open.get_mut(&(finding.id.as_ref(), resource))?;
                while places.front().is_some_and(|old| !self.open_before.contains(old)) {
                    places.pop_front();
                }
                places.pop_front()
            });
            old.into_iter().for_each(|old| self.pair(old, at, Matched::SomeResources));
        }
    }

    fn pair(&mut self, before: usize, after: usize, matched: Matched) {
        self.open_before.remove(&before);
        self.open_after.remove(&after);
        self.pairs.push((before, after, matched));
    }

    fn findings(self, compare_texts: bool) -> Findings {
        let told = |all: &[Finding], places: &BTreeSet<usize>| {
            let mut open: Vec<&Finding> = places.iter().filter_map(|at| all.get(*at)).collect();
            open.sort_by(|a, b| Finding::order(a, b));
            open.into_iter().map(Told::of).collect::<Vec<Told>>()
        };
        let (come, gone) =
            (told(self.after, &self.open_after), told(self.before, &self.open_before));
        let mut pairs: Vec<(&Finding, &Finding, Matched)> = self
            .pairs
            .iter()
            .filter_map(|(old, new, by)| Some((self.before.get(*old)?, self.after.get(*new)?, *by)))
            .collect();
        pairs.sort_by(|a, b| Finding::order(a.1, b.1));
        let all = pairs.len();
        let change = |(old, new, matched)| FindingChange::of(old, new, matched, compare_texts);
        let changed: Vec<FindingChange> = pairs.into_iter().filter_map(change).collect();
        Findings { come, gone, unchanged: all - changed.len(), changed }
    }
}

impl Told {
    fn of(finding: &Finding) -> Self {
        Self {
            id: finding.id.to_string(),
            actor: finding.actor.to_string(),
            key: stable_key(finding),
            severity: finding.severity,
            inhibitor: finding.inhibitor,
            waived: finding.waived.is_some(),
            title: finding.title.to_string(),
            summary: finding.summary.clone(),
            resources: finding.resources.clone(),
        }
    }
}

impl FindingChange {
    fn of(
        before: &Finding,
        after: &Finding,
        matched: Matched,
        compare_texts: bool,
    ) -> Option<Self> {
        let mut change = Self {
            finding: Told::of(after),
            matched,
            severity: Changed::of(before.severity, after.severity),
            inhibitor: Changed::of(before.inhibitor, after.inhibitor),
            waived: Changed::of(before.waived.is_some(), after.waived.is_some()),
            id: None,
            title: None,
            summary: None,
            resources: Listing::default(),
            evidence: Listing::default(),
            remediation: Listing::default(),
        };
        if compare_texts {
            change.texts(before, after);
        }
        change.is_one().then_some(change)
    }

    fn texts(&mut self, before: &Finding, after: &Finding) {
        let about = |finding: &Finding| -> Vec<String> {
            let all = finding.resources.iter();
            all.map(|resource| format!("{} {}", resource.scheme, resource.title)).collect()
        };
        let steps = |finding: &Finding| -> Vec<String> {
            let step = |step: &Remediation| match step {
                Remediation::Hint(hint) => hint.clone(),
                Remediation::Command(words) => format!("$ {}", shell_words(words)),
            };
            finding.remediation.iter().map(step).collect()
        };
        self.id = Changed::of(before.id.to_string(), after.id.to_string());
        self.title = Changed::of(before.title.to_string(), after.title.to_string());
        self.summary = Changed::of(before.summary.clone(), after.summary.clone());
        self.resources = Listing::of(about(before), about(after));
        self.evidence = Listing::of(&before.evidence, &after.evidence);
        self.remediation = Listing::of(steps(before), steps(after));
    }

    fn is_one(&self) -> bool {
        self.severity.is_some()
            || self.inhibitor.is_some()
            || self.waived.is_some()
            || self.id.is_some()
            || self.title.is_some()
            || self.summary.is_some()
            || !self.resources.is_empty()
            || !self.evidence.is_empty()
            || !self.remediation.is_empty()
    }
}
