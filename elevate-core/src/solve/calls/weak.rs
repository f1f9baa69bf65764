//! What weak dependencies do not bring (solver-rules.md A3.7).

use std::collections::BTreeSet;

use super::policy::WeakExclusions;
use crate::universe::{List, Operator, SolvableId, StringId, Term, TermKind, Universe};

/// The packages, in order: those an installed package recommended in vain, and new
/// ones that supplement what is installed.
pub(super) fn excluded(universe: &Universe, how: WeakExclusions) -> BTreeSet<SolvableId> {
    let mut excluded = BTreeSet::new();
    if how == WeakExclusions::Off {
        return excluded;
    }
    for package in universe.installed() {
        for term in plain(universe, package, List::Recommends) {
            let term = if how == WeakExclusions::ByName { name_of(universe, term) } else { term };
            let providers = || visible(universe, universe.providers(term));
            if !providers().any(SolvableId::is_installed) {
                excluded.extend(providers());
            }
        }
    }
    let names: BTreeSet<StringId> = universe.installed().map(|id| universe.name(id)).collect();
    let is_installed = |term: Term| universe.providers(term).iter().any(|id| id.is_installed());
    let supplements = |package: SolvableId| {
        !names.contains(&universe.name(package))
            && plain(universe, package, List::Supplements).any(is_installed)
    };
    let with = visible(universe, universe.target().with_supplements());
    excluded.extend(with.filter(|package| supplements(*package)));
    excluded
}

fn visible<'u>(
    universe: &'u Universe,
    packages: &'u [SolvableId],
) -> impl Iterator<Item = SolvableId> + use<'u> {
    packages.iter().copied().filter(|id| universe.ruled_out(*id).is_none())
}

/// The terms of a list that are not rich.
fn plain(universe: &Universe, package: SolvableId, list: List) -> impl Iterator<Item = Term> {
    let is_plain = |term: &Term| match relation(universe, *term) {
        Some(relation) => matches!(relation.operator, Operator::Compare(_)),
        None => true,
    };
    universe.list(package, list).iter().copied().filter(is_plain)
}

fn name_of(universe: &Universe, term: Term) -> Term {
    relation(universe, term).map_or(term, |relation| relation.left)
}

fn relation(universe: &Universe, term: Term) -> Option<crate::universe::Relation> {
    match term.kind() {
        TermKind::Text(_) => None,
        TermKind::Relation(id) => universe.relation(id),
    }
}
