//! What an actor sees.

use std::collections::{BTreeMap, BTreeSet};

use super::Results;
use crate::directive::Directive;
use crate::facts::Facts;
use crate::finding::Finding;
use crate::model::{Arch, InstalledPackage, PackageName, Release, UpgradePath};
use crate::question::Answers;
use crate::transaction::Transaction;
use crate::upgrade_data::UpgradeData;

/// Most lines a finding shows of the places where it was seen.
const MOST_SHOWN: usize = 20;

/// What a run may know beside the host and what distributions publish.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// What was answered.
    pub answers: Answers,
    /// Settings of the run by leapp's names: `LEAPP_TARGET_ISO` and the like.
    pub settings: BTreeMap<String, String>,
    /// Documents of vendors' own collectors, by name.
    pub documents: BTreeMap<String, serde_json::Value>,
}

/// What the actors of a run are asked about.
#[derive(Debug, Clone)]
pub struct Inputs<'a> {
    /// The host.
    pub facts: &'a Facts<'a>,
    /// What distributions publish about the path.
    pub data: &'a UpgradeData,
    /// From where to where.
    pub path: &'a UpgradePath,
    /// What is known beside.
    pub given: &'a Given,
    /// Whether findings say where leapp 0.21 has another opinion.
    pub with_leapp: bool,
    /// Names of packages that are the distribution's or an active vendor's.
    signed: &'a BTreeSet<PackageName>,
    by_name: BTreeMap<&'a str, Vec<&'a InstalledPackage>>,
}

impl<'a> Inputs<'a> {
    /// A host, with the names of those of its packages that are the distribution's or an
    /// active vendor's.
    pub fn new(
        facts: &'a Facts<'a>,
        data: &'a UpgradeData,
        path: &'a UpgradePath,
        signed: &'a BTreeSet<PackageName>,
        given: &'a Given,
    ) -> Self {
        let mut by_name: BTreeMap<&str, Vec<&InstalledPackage>> = BTreeMap::new();
        for package in facts.packages() {
            by_name.entry(package.name.as_str()).or_default().push(package);
        }
        Self { facts, data, path, given, with_leapp: false, signed, by_name }
    }
}

/// A host before its transaction is known, as an actor sees it.
#[derive(Debug, Clone, Copy)]
pub struct Host<'a> {
    inputs: &'a Inputs<'a>,
    before: &'a Results,
}

impl<'a> Host<'a> {
    pub(super) fn new(inputs: &'a Inputs<'a>, before: &'a Results) -> Self {
        Self { inputs, before }
    }

    /// Questions to the host.
    pub fn facts(&self) -> &'a Facts<'a> {
        self.inputs.facts
    }

    /// What distributions publish about the path.
    pub fn data(&self) -> &'a UpgradeData {
        self.inputs.data
    }

    /// From where to where.
    pub fn path(&self) -> &'a UpgradePath {
        self.inputs.path
    }

    /// The release of the target.
    pub fn target(&self) -> Release {
        self.inputs.path.target.release
    }

    /// The architecture.
    pub fn arch(&self) -> &'a Arch {
        self.inputs.facts.arch()
    }

    /// A setting of the run by leapp's name.
    pub fn setting(&self, name: &str) -> Option<&'a str> {
        self.inputs.given.settings.get(name).map(String::as_str)
    }

    /// All settings of the run, by leapp's names, in order.
    pub fn settings(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.inputs.given.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A document of a vendor's own collector.
    pub fn document(&self, name: &str) -> Option<&'a serde_json::Value> {
        self.inputs.given.documents.get(name)
    }

    /// What was answered.
    pub fn answers(&self) -> &'a Answers {
        &self.inputs.given.answers
    }

    /// All installed packages of a name, whoever made them.
    pub fn all_named(&self, name: &str) -> &[&'a InstalledPackage] {
        self.inputs.by_name.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Installed packages of a name that are the distribution's or an active vendor's.
    /// Most actors of leapp see no others.
    pub fn named(&self, name: &str) -> &[&'a InstalledPackage] {
        let is_signed = self.inputs.signed.contains(name);
        if is_signed { self.all_named(name) } else { &[] }
    }

    /// Whether the distribution's package of this name is installed.
    pub fn has(&self, name: &str) -> bool {
        !self.named(name).is_empty()
    }

    /// Names of installed packages, in order.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.inputs.by_name.keys().copied()
    }

    /// A finding with lines of files where it was seen, as they were captured. Of very
    /// many it shows the first ones and says how many there are besides.
    pub fn seen<'p>(
        &self,
        mut finding: Finding,
        places: impl IntoIterator<Item = (&'p str, usize)>,
    ) -> Finding {
        let mut places = places.into_iter();
        for (file, line) in places.by_ref().take(MOST_SHOWN) {
            finding = finding.seen(file, line, &self.facts().line(file, line));
        }
        let rest = places.count();
        if rest > 0 {
            finding.summary += &format!(" {rest} more lines do so.");
        }
        finding
    }

    /// What actors asked of the plan that this one comes [after](super::Card::after),
    /// each with the name of its actor.
    pub fn asked(&self) -> impl Iterator<Item = (&'a str, &'a Directive)> + '_ {
        self.before.directives()
    }
}

/// A host with its transaction, as an actor sees it.
#[derive(Debug, Clone, Copy)]
pub struct Upgrade<'a> {
    /// The host.
    pub host: Host<'a>,
    /// What happens to every package.
    pub transaction: &'a Transaction,
}
