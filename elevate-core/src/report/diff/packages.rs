//! What became of packages between two plans.

use std::collections::{BTreeMap, VecDeque};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Changed, PackageName, RepoId};
use crate::plan::{Arrival, Fate, Operation, TargetPackage};

/// What became of packages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Packages {
    /// Those of the second plan only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub come: Vec<PackageState>,
    /// Those of the first plan only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<PackageState>,
    /// Those of both of which something else becomes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<PackageChange>,
    /// How many of both nothing else becomes of.
    pub unchanged: usize,
}

/// A package, and what becomes of it in one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackageState {
    /// `name-[epoch:]version-release.arch`; the name alone where no more is known.
    pub package: String,
    /// The word for its fate; `arrives` where it is new on the host.
    pub fate: String,
    /// What takes its place: packages where target repositories were read, else names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Where that comes from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<String>,
    /// Why it was asked for, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

/// A package of which something else becomes. What is absent did not change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackageChange {
    /// The package as the second plan has it.
    pub package: String,
    /// The installed package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installed: Option<Changed<String>>,
    /// Its fate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fate: Option<Changed<String>>,
    /// What takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Changed<Vec<String>>>,
    /// Where that comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repositories: Option<Changed<Vec<String>>>,
    /// Why it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasons: Option<Changed<Vec<String>>>,
}

/// Installed packages.
pub(super) fn installed(before: &[Operation], after: &[Operation]) -> Packages {
    let states = |all: &[Operation]| {
        let name = |operation: &Operation| {
            let arch = operation.arch.as_ref().map(ToString::to_string).unwrap_or_default();
            (operation.name.to_string(), arch)
        };
        all.iter().map(|operation| (name(operation), of_operation(operation))).collect()
    };
    compare(states(before), states(after))
}

/// New packages.
pub(super) fn arriving(before: &[Arrival], after: &[Arrival]) -> Packages {
    let states = |all: &[Arrival]| {
        let name = |arrival: &Arrival| {
            let arch = arrival.package.as_ref().map(|package| package.arch.to_string());
            (arrival.name.to_string(), arch.unwrap_or_default())
        };
        all.iter().map(|arrival| (name(arrival), of_arrival(arrival))).collect()
    };
    compare(states(before), states(after))
}

/// A package with the name and architecture by which it is found again in another
/// version.
type Named = ((String, String), PackageState);

fn compare(before: Vec<Named>, after: Vec<Named>) -> Packages {
    let (same, before, after) = pairs(before, after, |(_, state)| state.package.clone());
    let (other, gone, come) = pairs(before, after, |(name, _)| name.clone());
    let mut packages = Packages {
        come: come.into_iter().map(|(_, state)| state).collect(),
        gone: gone.into_iter().map(|(_, state)| state).collect(),
        ..Packages::default()
    };
    for ((_, old), (_, new)) in same.into_iter().chain(other) {
        match PackageChange::of(old, new) {
            Some(change) => packages.changed.push(change),
            None => packages.unchanged += 1,
        }
    }
    packages.changed.sort_by(|a, b| a.package.cmp(&b.package));
    packages
}

/// Those of two lists that have the same key, in their order, and the rest of both.
fn pairs<K: Ord>(
    before: Vec<Named>,
    after: Vec<Named>,
    key: impl Fn(&Named) -> K,
) -> (Vec<(Named, Named)>, Vec<Named>, Vec<Named>) {
    let mut open: BTreeMap<K, VecDeque<Named>> = BTreeMap::new();
    for named in before {
        open.entry(key(&named)).or_default().push_back(named);
    }
    let (mut pairs, mut come) = (Vec::new(), Vec::new());
    for named in after {
        match open.get_mut(&key(&named)).and_then(VecDeque::pop_front) {
            Some(old) => pairs.push((old, named)),
            None => come.push(named),
        }
    }
    (pairs, open.into_values().flatten().collect(), come)
}

impl PackageChange {
    fn of(before: PackageState, after: PackageState) -> Option<Self> {
        let change = Self {
            package: after.package.clone(),
            installed: Changed::of(before.package, after.package),
            fate: Changed::of(before.fate, after.fate),
            to: Changed::of(before.to, after.to),
            repositories: Changed::of(before.repositories, after.repositories),
            reasons: Changed::of(before.reasons, after.reasons),
        };
        let is_one = change.installed.is_some()
            || change.fate.is_some()
            || change.to.is_some()
            || change.repositories.is_some()
            || change.reasons.is_some();
        is_one.then_some(change)
    }
}

impl Packages {
    /// Whether nothing became of any.
    pub(super) fn is_empty(&self) -> bool {
        self.come.is_empty() && self.gone.is_empty() && self.changed.is_empty()
    }
}

fn of_operation(operation: &Operation) -> PackageState {
    let Operation { fate, to, reasons, .. } = operation;
    let presumed = match fate {
        Fate::Upgraded(source) | Fate::Downgraded(source) | Fate::Reinstalled(source) => {
            source.repository.as_ref()
        }
        _ => None,
    };
    let (to, repositories) = if to.is_empty() {
        let names = fate.successors().iter().map(PackageName::to_string).collect();
        (names, presumed.iter().map(ToString::to_string).collect())
    } else {
        (to.iter().map(TargetPackage::nevra).collect(), sources(to.iter().map(|p| &p.repository)))
    };
    PackageState {
        package: operation.nevra(),
        fate: fate.word().to_owned(),
        to,
        repositories,
        reasons: reasons.iter().map(ToString::to_string).collect(),
    }
}

fn of_arrival(arrival: &Arrival) -> PackageState {
    let package = arrival.package.as_ref();
    let repository = package.map(|package| &package.repository);
    PackageState {
        package: package.map_or_else(|| arrival.name.to_string(), TargetPackage::nevra),
        fate: "arrives".to_owned(),
        to: Vec::new(),
        repositories: sources(repository.or(arrival.source.repository.as_ref())),
        reasons: arrival.reasons.iter().map(ToString::to_string).collect(),
    }
}

fn sources<'r>(repositories: impl IntoIterator<Item = &'r RepoId>) -> Vec<String> {
    let mut sources: Vec<String> = repositories.into_iter().map(ToString::to_string).collect();
    sources.sort();
    sources.dedup();
    sources
}
