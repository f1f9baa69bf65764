//! Why two documents differ: what went into one and not the other, by what they say of
//! themselves.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::Report;
use crate::plan::{Input, Plan, Provenance, ReadRepository};

/// What went in and was different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Causes {
    /// Whether both documents say what they were made of; reports of leapp's do not.
    pub known: bool,
    /// The causes, by kind and name.
    pub list: Vec<Cause>,
}

/// Something that went in and was different.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// Of which kind.
    pub what: What,
    /// Which one.
    pub name: String,
    /// What it was before: a version, a digest, an answer; absent where it was not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it is after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Kinds of causes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The tool, by version.
    Tool,
    /// Whose decisions were followed.
    Policy,
    /// From where to where.
    Path,
    /// The host's architecture.
    Architecture,
    /// The host, by digest of its snapshot.
    Host,
    /// A file of the upgrade data, by digest.
    Data,
    /// A pack, by version.
    Pack,
    /// An actor, by version.
    Actor,
    /// A document of a vendor's, by digest.
    Vendor,
    /// A target repository that was read, by priority, packages, what is left out of it, and
    /// digest.
    Repository,
    /// The release of libsolv that was followed.
    Solver,
    /// What was asked beyond the upgrade data, and options, as on the command line.
    Wish,
    /// An answer to a question.
    Answer,
    /// A finding that was set aside.
    Waiver,
}

impl What {
    /// What it is called where it is the only cause.
    pub(in crate::report) fn words(self) -> &'static str {
        match self {
            What::Tool => "the version of the tool",
            What::Policy => "the policy",
            What::Path => "the way from release to release",
            What::Architecture => "the architecture",
            What::Host => "the snapshot of the host",
            What::Data => "the upgrade data",
            What::Pack => "the packs",
            What::Actor => "the actors",
            What::Vendor => "the vendors' documents",
            What::Repository => "the target repositories that were read",
            What::Solver => "the release of libsolv",
            What::Wish => "what was asked",
            What::Answer => "the answers",
            What::Waiver => "what was set aside",
        }
    }
}

/// Names with what they were.
type Entries = BTreeMap<(What, String), String>;

impl Causes {
    /// By what two reports say of themselves.
    pub(super) fn of(before: &Report, after: &Report) -> Self {
        let (Some(old), Some(new)) = (&before.provenance, &after.provenance) else {
            return Self { known: false, list: Vec::new() };
        };
        let mut causes = Self { known: true, list: Vec::new() };
        causes.add(&entries(before, old), &entries(after, new));
        causes
    }

    /// By what only plans say.
    pub(super) fn add_plans(&mut self, before: &Plan, after: &Plan) {
        if self.known {
            // Plans tell more of repositories than reports do.
            self.list.retain(|cause| cause.what != What::Repository);
            // Older plans have no digests of repositories.
            let digests = [before, after].iter().all(|plan| knows_digests(plan));
            self.add(&of_plan(before, digests), &of_plan(after, digests));
        }
    }

    /// The kinds of causes there are.
    pub(super) fn kinds(&self) -> BTreeSet<What> {
        self.list.iter().map(|cause| cause.what).collect()
    }

    fn add(&mut self, before: &Entries, after: &Entries) {
        let names: BTreeSet<&(What, String)> = before.keys().chain(after.keys()).collect();
        for key in names {
            let (old, new) = (before.get(key), after.get(key));
            if old != new {
                let (what, name) = key.clone();
                self.list.push(Cause { what, name, before: old.cloned(), after: new.cloned() });
            }
        }
        self.list.sort();
    }
}

fn entries(report: &Report, made: &Provenance) -> Entries {
    let mut entries = Entries::new();
    let mut add = |what, name: &str, is: String| entries.insert((what, name.to_owned()), is);
    add(What::Tool, &made.tool, made.tool_version.clone());
    add(What::Policy, "policy", made.policy.clone());
    report.path.iter().for_each(|path| _ = add(What::Path, "path", path.to_string()));
    report.arch.iter().for_each(|arch| _ = add(What::Architecture, "arch", arch.to_string()));
    for input in &made.inputs {
        let what = match input.kind.as_str() {
            "host" => What::Host,
            "vendor" => What::Vendor,
            REPOSITORY => What::Repository,
            _ => What::Data,
        };
        add(what, &input.path, input.checksum());
    }
    for option in &made.options {
        add(What::Wish, option, "asked".to_owned());
    }
    for (what, list) in [(What::Pack, &made.packs), (What::Actor, &made.actors)] {
        for id in list {
            let (name, version) = id.rsplit_once('@').unwrap_or((id, ""));
            add(what, name, version.to_owned());
        }
    }
    for asked in &report.questions {
        if let Some(answer) = asked.dialog.answer {
            add(What::Answer, &asked.dialog.name, answer.to_string());
        }
    }
    for finding in &report.findings {
        if let Some(waived) = &finding.waived {
            let about = finding.resources.iter().map(|resource| resource.title.as_str());
            let name = [finding.id.as_ref()].into_iter().chain(about.take(1));
            add(What::Waiver, &name.collect::<Vec<_>>().join(" "), waived.reason.clone());
        }
    }
    entries
}

/// The kind of inputs that are target repositories.
const REPOSITORY: &str = "repository";

fn repositories(plan: &Plan) -> impl Iterator<Item = &Input> {
    plan.provenance.inputs.iter().filter(|input| input.kind == REPOSITORY)
}

fn knows_digests(plan: &Plan) -> bool {
    plan.read.is_empty() || repositories(plan).next().is_some()
}

/// A repository as a plan read it.
fn read(plan: &Plan, repository: &ReadRepository, digests: bool) -> String {
    let ReadRepository { id, priority, packages, excluded, included, module_hotfixes, .. } =
        repository;
    let mut is = format!("priority {priority}, {packages} packages");
    for (word, list) in [("without", excluded), ("only", included)] {
        if !list.is_empty() {
            is += &format!(", {word} {}", list.join(" "));
        }
    }
    if *module_hotfixes {
        is += ", module hotfixes";
    }
    let digest = repositories(plan).find(|input| digests && input.path == id.as_str());
    digest.into_iter().for_each(|input| is += &format!(", {}", input.checksum()));
    is
}

fn of_plan(plan: &Plan, digests: bool) -> Entries {
    let mut entries = Entries::new();
    for repository in &plan.read {
        let is = read(plan, repository, digests);
        entries.insert((What::Repository, repository.id.to_string()), is);
    }
    for asked in &plan.what_if {
        entries.insert((What::Wish, asked.asked.clone()), "asked".to_owned());
    }
    if let Some(whole) = &plan.transaction {
        entries.insert((What::Solver, "libsolv".to_owned()), whole.libsolv.clone());
    }
    entries
}
