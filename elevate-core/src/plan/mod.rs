//! The plan: what will happen, why, and what stands in the way, as one document
//! that says what it was made from.

mod baseline;
mod budget;
pub mod checks;
pub mod edit;
mod exchange;
pub mod format;
mod order;
pub mod phases;
mod repositories;
pub mod step;
#[cfg(test)]
pub(crate) mod testing;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::model::{Arch, ModuleStream, PackageName, RepoId, UpgradePath};
use crate::transaction::Transaction;

pub use crate::directive::{
    Change, Directive, Edit, EventRef, Reason, RepositoryReason, TargetRepository, When,
};
pub use crate::question::Dialog;
pub use crate::transaction::{
    Arrival, Asked, Because, Chain, Conflict, Difference, Fate, Link, Loop, Operation, PackageFile,
    Root, Source, Step as Exchange, Successors, TargetPackage, Totals, Unmatched, Whole, reasons,
};
/// Parts of the document.
pub use baseline::{Baseline, BaselineRepository, Units};
pub use budget::{FileSystem, Need};
pub use exchange::{StoredPackage, StoredTransaction};
pub use repositories::{ReadRepository, RepositorySetup};
pub use step::{Action, Phase, Stage, Step};

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Always `elevate-plan`.
    pub format: format::Kind,
    /// Version of the format.
    pub version: u32,
    /// What made it, from what.
    pub provenance: Provenance,
    /// The host's name, where captured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// When the snapshot was taken, in seconds since 1970, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<u64>,
    /// The host's architecture.
    pub arch: Arch,
    /// From where to where.
    pub path: UpgradePath,
    /// What the host is like before, as far as it was captured; absent in plans of an older
    /// Elevate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// Whether the upgrade may go ahead.
    pub verdict: Verdict,
    /// Facts that were not captured and would matter.
    pub missing: Vec<String>,
    /// How many packages have each fate.
    pub counts: BTreeMap<String, usize>,
    /// What the administrator should know, most urgent first.
    pub findings: Vec<Finding>,
    /// Every installed package and its fate, ordered by name.
    pub packages: Vec<Operation>,
    /// Names that will arrive, ordered.
    pub arrivals: Vec<Arrival>,
    /// Module streams.
    pub modules: Modules,
    /// Repositories of the target, ordered by id.
    pub repositories: Vec<TargetRepository>,
    /// The transaction dnf would compute, as a whole, where target repositories were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<Whole>,
    /// Target repositories that were read, in the order that counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<ReadRepository>,
    /// Why there is no transaction, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Box<Conflict>>,
    /// File systems the upgrade needs room on, by mount point.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disk: Vec<FileSystem>,
    /// Questions that matter on this host, with their answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<AskedOf>,
    /// What was asked beyond upgrade data, and what each of it changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub what_if: Vec<WhatIf>,
    /// The decisions as leapp lists them.
    pub leapp: LeappLists,
    /// What actors ask of the plan besides packages' fates, and the steps beside the
    /// transaction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directives: Vec<AskedBy>,
    /// What is done, phase by phase.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// Lines and files of the host's evidence that were not understood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<UnreadCount>,
}

/// What made a plan, from what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// Name of the tool.
    pub tool: String,
    /// Its version.
    pub tool_version: String,
    /// Policy: `default` or `leapp-0.21`.
    pub policy: String,
    /// Actors that were asked, `name@version`, ordered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actors: Vec<String>,
    /// Packs whose actors are among them, `name@version`, ordered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<String>,
    /// Options beside those that name inputs, as on the command line: `--channel ga`;
    /// ordered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Everything that was read, ordered.
    pub inputs: Vec<Input>,
}

/// What an actor asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AskedBy {
    /// The actor.
    pub actor: String,
    /// What it asks.
    #[serde(flatten)]
    pub directive: Directive,
}

/// A question of an actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AskedOf {
    /// The actor.
    pub actor: String,
    /// The question.
    #[serde(flatten)]
    pub dialog: Dialog,
}

/// Something that was read and went into a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// `host`, `data`, `repository`, or `vendor` for a document of a vendor's.
    pub kind: String,
    /// `snapshot`, the path below the data directory, the id of the repository, or the name
    /// of the document.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 of the content, in hexadecimal; of a repository that of its `repomd.xml`,
    /// which has the checksums of its other metadata, and of a document that of its JSON
    /// written without blanks.
    pub sha256: String,
}

impl Input {
    /// The digest with its kind: `sha256:...`.
    pub fn checksum(&self) -> String {
        format!("sha256:{}", self.sha256)
    }
}

/// Whether the upgrade may go ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing stands in the way.
    Ready,
    /// Something forbids it.
    Inhibited,
    /// Nothing known forbids it, but facts are missing.
    Incomplete,
}

/// Module streams of the target.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Modules {
    /// To be enabled, sorted.
    pub enable: Vec<ModuleStream>,
    /// To be reset before, sorted.
    pub reset: Vec<ModuleStream>,
}

/// A question what would be if.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WhatIf {
    /// What was asked, as on the command line: `--remove nginx`.
    pub asked: String,
    /// What it alone changes, from the plan without any such question; nothing where that
    /// has no transaction.
    pub changes: Vec<Difference>,
    /// Why there is no transaction with it, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<String>,
}

/// Evidence that was not understood, by file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnreadCount {
    /// File.
    pub file: String,
    /// How many places.
    pub count: usize,
    /// The first of them.
    pub first: String,
}

/// The decisions as leapp's messages list them. A list is `null` where leapp
/// would stop before making it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct LeappLists {
    /// Names of packages signed by the distribution or an active vendor.
    pub signed: Vec<PackageName>,
    /// Names of the others.
    pub unsigned: Vec<PackageName>,
    /// Active vendors.
    pub active_vendors: Vec<String>,
    /// Target repositories left out.
    pub excluded_repos: Vec<RepoId>,
    /// Repositories of the host that lead nowhere, and what came from them.
    pub skipped_repos: SkippedLists,
    /// Target repositories by map and events.
    pub target_repos: Option<Vec<RepoId>>,
    /// Target repositories by file and id.
    pub custom_repos: Option<Vec<CustomRepo>>,
    /// The final lists.
    #[serde(flatten)]
    pub tasks: TaskLists,
    /// Names whose fate depends on the order of contradictory events.
    pub order_dependent: Vec<PackageName>,
    /// Ids of the events that changed the package set, as applied.
    pub applied_pes_events: Vec<String>,
    /// How leapp would end early: errors of actors.
    pub errors: Vec<LeappStop>,
    /// How leapp would end early: the exception it would die of.
    pub crash: Option<LeappStop>,
    /// The phase after which (or in which) leapp would stop.
    pub stopped_after_phase: Option<String>,
}

/// Repositories that lead nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SkippedLists {
    /// Their ids.
    pub repos: Vec<RepoId>,
    /// Signed packages that came from them.
    pub packages: Vec<PackageName>,
}

/// A target repository named by file or id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CustomRepo {
    /// Its id.
    pub repoid: RepoId,
    /// `name` of its section.
    pub name: Option<String>,
    /// `baseurl` of its section.
    pub baseurl: Option<String>,
    /// Whether its section enables it; it is used in either case.
    pub enabled: bool,
}

/// leapp's final lists.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct TaskLists {
    /// To be installed.
    pub to_install: Option<Vec<PackageName>>,
    /// To be removed.
    pub to_remove: Option<Vec<PackageName>>,
    /// Not to be removed.
    pub to_keep: Option<Vec<PackageName>>,
    /// To be installed again.
    pub to_reinstall: Option<Vec<PackageName>>,
    /// To follow their names.
    pub to_upgrade: Option<Vec<PackageName>>,
    /// rpm files leapp adds, by base name.
    pub local_rpms: Option<Vec<String>>,
    /// Module streams to enable, `name:stream`.
    pub modules_to_enable: Option<Vec<String>>,
    /// Module streams to reset, `name:stream`.
    pub modules_to_reset: Option<Vec<String>>,
}

/// How leapp would end early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeappStop {
    /// The actor that stops.
    pub actor: String,
    /// Why, in our words.
    pub message: String,
}

impl Plan {
    /// How many packages have each fate, every word present.
    pub fn count(transaction: &Transaction) -> BTreeMap<String, usize> {
        let words = Fate::WORDS.iter().map(|w| ((*w).to_owned(), 0));
        let mut counts: BTreeMap<String, usize> = words.collect();
        counts.insert("arriving".to_owned(), transaction.arrivals.len());
        for operation in &transaction.operations {
            *counts.entry(operation.fate.word().to_owned()).or_default() += 1;
        }
        counts
    }

    /// Every package of the transaction that comes, once, by name and version.
    pub fn target_packages(&self) -> Vec<&TargetPackage> {
        let taking = self.packages.iter().flat_map(|operation| &operation.to);
        let arriving = self.arrivals.iter().filter_map(|arrival| arrival.package.as_ref());
        let mut packages: Vec<&TargetPackage> = taking.chain(arriving).collect();
        packages.sort_by(|a, b| (&a.name, &a.evr, &a.arch).cmp(&(&b.name, &b.evr, &b.arch)));
        packages.dedup_by(|a, b| (&a.name, &a.evr, &a.arch) == (&b.name, &b.evr, &b.arch));
        packages
    }

    /// All steps, in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.stages.iter().flat_map(|stage| &stage.steps)
    }

    /// The phase of one of its steps.
    pub fn phase(&self, step: &Step) -> Option<Phase> {
        let has = |steps: &[Step]| steps.iter().any(|other| other.id == step.id);
        self.stages.iter().find(|stage| has(&stage.steps)).map(|stage| stage.phase)
    }

    /// The kernel the target starts with, as `uname -r` will print it.
    pub fn target_kernel(&self) -> Option<&str> {
        self.steps().find_map(|step| match &step.action {
            Action::BootEntry { kernel } => Some(kernel.as_str()),
            _ => None,
        })
    }

    /// Its questions as leapp's answer file.
    pub fn answer_file(&self) -> String {
        crate::question::answer_file(self.questions.iter().map(|asked| &asked.dialog))
    }

    /// What was asked where a chain of reasons ends with that.
    pub fn asked(&self, chain: &Chain) -> Option<String> {
        let Root::Command { command } = chain.root else { return None };
        let asked = self.transaction.as_ref()?.asked.get(command)?;
        Some(match asked {
            Asked::Sync => "everything follows the repositories".to_owned(),
            Asked::Call { call, spec } => format!("{} {spec} is asked for", call.as_str()),
        })
    }

    /// What findings and missing facts come to.
    pub fn judged(&self) -> Verdict {
        let is_stopped = self.leapp.crash.is_some() || !self.leapp.errors.is_empty();
        if is_stopped || self.inhibitors().next().is_some() {
            Verdict::Inhibited
        } else if self.missing.is_empty() {
            Verdict::Ready
        } else {
            Verdict::Incomplete
        }
    }

    /// Findings that forbid the upgrade.
    pub fn inhibitors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.inhibitor)
    }
}
