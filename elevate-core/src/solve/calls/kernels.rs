//! The running kernel, and how many versions of a package stay side by side
//! (solver-rules.md A3.5, A3.8).

use std::collections::BTreeMap;

use super::super::goal::{Action, Command, Selection};
use super::Policy;
use crate::universe::{SolvableId, StringId, Universe};

/// The package of the running kernel: the one that owns its files; where none is
/// known to, the kernel whose version, release and architecture it has.
pub(super) fn running(universe: &Universe, release: &str) -> Option<SolvableId> {
    let is_it = |id: &SolvableId| {
        let evr = universe.text(universe.evr(*id));
        let version = evr.split_once(':').map_or(evr, |(_, version)| version);
        release.strip_prefix(version).and_then(|rest| rest.strip_prefix('.'))
            == Some(universe.text(universe.arch(*id)))
    };
    let by_version = || {
        let kernels = universe.providers(universe.find("kernel")?.into());
        kernels.iter().copied().filter(|id| id.is_installed()).find(is_it)
    };
    universe.kernel(release).or_else(by_version)
}

/// What is asked in addition where a result has more versions of a package side by
/// side than the policy lets it: the best ones are to stay and the others to go.
pub(super) fn over_the_limit(
    universe: &Universe,
    policy: &Policy,
    running: Option<SolvableId>,
    is_present: impl Fn(SolvableId) -> bool,
) -> Vec<Command> {
    let mut commands = Vec::new();
    for capability in policy.installonly.iter().filter_map(|text| universe.find(text)) {
        let providers = universe.providers(capability.into()).iter().copied();
        let (present, absent): (Vec<_>, Vec<_>) = providers.partition(|id| is_present(*id));
        if present.iter().all(|id| id.is_installed()) {
            continue;
        }
        let mut by_name: BTreeMap<StringId, Vec<SolvableId>> = BTreeMap::new();
        for package in present {
            by_name.entry(universe.name(package)).or_default().push(package);
        }
        for (name, mut group) in by_name.into_iter().rev() {
            if group.len() > policy.installonly_limit {
                rank(universe, running, &mut group);
                let unused = absent.iter().copied().filter(|id| {
                    policy.erase_unused_installonly
                        && !id.is_installed()
                        && universe.name(*id) == name
                });
                let unused: Vec<SolvableId> = unused.collect();
                commands.extend(keep_first(policy.installonly_limit, &group, &unused));
            }
        }
    }
    commands
}

fn keep_first(limit: usize, group: &[SolvableId], unused: &[SolvableId]) -> Vec<Command> {
    let one = |action, package| Command::new(action, Selection::One(package));
    let (stay, go) = group.split_at(limit.min(group.len()));
    let mut commands: Vec<Command> = stay.iter().map(|id| one(Action::Install, *id)).collect();
    for package in go {
        commands.extend(unused.iter().chain([package]).map(|id| one(Action::Erase, *id)));
    }
    commands
}

/// Sorts packages of a name, the ones to keep first: new ones, the running kernel
/// and what belongs to it, then the newest (solver-search.md B6.4).
fn rank(universe: &Universe, running: Option<SolvableId>, group: &mut [SolvableId]) {
    let class = |id: SolvableId| match running {
        _ if !id.is_installed() => 0,
        Some(kernel) if id == kernel || needs(universe, id, kernel) => 1,
        Some(kernel) if universe.evr(id) == universe.evr(kernel) => 2,
        _ => 3,
    };
    group.sort_by(|a, b| {
        let class_of = class(*a);
        let newest_first = || universe.compare_evr(*b, *a).then_with(|| b.cmp(a));
        let tie = || if class_of == 3 { newest_first() } else { a.cmp(b) };
        class_of.cmp(&class(*b)).then_with(tie)
    });
}

fn needs(universe: &Universe, package: SolvableId, of: SolvableId) -> bool {
    let terms = universe.requires(package).iter();
    terms.into_iter().any(|term| universe.providers(*term).binary_search(&of).is_ok())
}
