//! What is in the target repositories, before any host is planned with them:
//! what can be chosen, what is ruled out, and what nobody provides.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::graph::{DependencyGraph, Requirement, Wanted};
use super::host::{Universe, UniverseError};
use super::load::Loaded;
use super::modules::{Activation, Reason};
use super::target::Target;
use crate::model::RepoId;

/// What is in the target repositories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Survey {
    /// The repositories, in order.
    pub repositories: Vec<Counts>,
    /// Active module streams, by name, stream, version and context.
    pub streams: Vec<Stream>,
    /// Requirements of packages that could be chosen and that no package that
    /// could be chosen meets, in the order of packages.
    pub broken: Vec<Broken>,
    /// What is odd.
    pub remarks: Vec<String>,
}

/// The packages of a repository, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Its id.
    pub id: RepoId,
    /// All its packages.
    pub packages: usize,
    /// Those that cannot be chosen, by [`RuledOut::kind`](super::RuledOut::kind).
    pub ruled_out: BTreeMap<&'static str, usize>,
}

/// An active module stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stream {
    /// `name:stream`
    pub stream: String,
    /// Version.
    pub version: u64,
    /// Context.
    pub context: String,
    /// Why it is active: `enabled`, `default`, or `required by name:stream`.
    pub reason: String,
}

/// A requirement that nobody meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The package.
    pub package: String,
    /// Its repository.
    pub repository: RepoId,
    /// What it requires.
    pub requires: String,
    /// Packages that would do and cannot be chosen, with the reason.
    pub ruled_out: Vec<String>,
}

impl Survey {
    /// Looks at what was loaded.
    ///
    /// # Errors
    ///
    /// More names than can be counted.
    pub fn of(loaded: Loaded) -> Result<Self, UniverseError> {
        let Loaded { target, activation, remarks, .. } = loaded;
        let target = Arc::new(target);
        let universe = Universe::new(Arc::clone(&target), &[])?;
        Ok(Self {
            repositories: counts(&target),
            streams: streams(&activation),
            broken: broken(&universe),
            remarks: remarks.iter().map(ToString::to_string).collect(),
        })
    }
}

fn counts(target: &Target) -> Vec<Counts> {
    let count = |source: &super::Member| Counts {
        id: source.id.clone(),
        packages: source.packages as usize,
        ruled_out: BTreeMap::new(),
    };
    let mut counts: Vec<Counts> = target.sources().map(count).collect();
    for (package, why) in target.all_ruled_out() {
        let id = target.source(package).map(|source| &source.id);
        if let Some(of) = counts.iter_mut().find(|counts| Some(&counts.id) == id) {
            *of.ruled_out.entry(why.kind()).or_default() += 1;
        }
    }
    counts
}

fn streams(activation: &Activation) -> Vec<Stream> {
    let stream = |active: &super::modules::ActiveStream| Stream {
        stream: active.module.to_string(),
        version: active.version,
        context: active.context.clone(),
        reason: match &active.reason {
            Reason::Enabled => "enabled".to_owned(),
            Reason::Default => "default".to_owned(),
            Reason::RequiredBy(by) => format!("required by {by}"),
        },
    };
    activation.active.iter().map(stream).collect()
}

fn broken(universe: &Universe) -> Vec<Broken> {
    let can_be_chosen = |package: &_| universe.ruled_out(*package).is_none();
    let packages = universe.packages().filter(can_be_chosen);
    let graph = DependencyGraph::new(universe, packages, |_| Wanted::Unknown);
    let broken = |Requirement { package, term, .. }: &Requirement| {
        let hidden = universe.providers(*term).iter().filter_map(|provider| {
            let why = universe.ruled_out(*provider)?;
            Some(format!("{}: {why}", universe.nevra(*provider)))
        });
        Some(Broken {
            package: universe.nevra(*package),
            repository: universe.target().source(*package)?.id.clone(),
            requires: universe.show(*term).to_string(),
            ruled_out: hidden.collect(),
        })
    };
    graph.broken().filter_map(broken).collect()
}
