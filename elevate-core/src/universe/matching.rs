//! Which packages satisfy a term (solver-rules.md A1.3 and A1.6).

use std::cmp::Ordering;

use super::interner::Interner;
use super::solvable::SolvableId;
use super::strings::StringId;
use super::term::{Operator, Relation, Term, TermKind};
use crate::model::{Comparison, EvrParts, InDependency, RichOperator};

/// What there is to match with: the packages of the target, or those of a host
/// too.
pub(super) trait View {
    fn interner(&self) -> &Interner;
    /// Providers of a term, in the order of their numbers.
    fn providers(&self, term: Term) -> &[SolvableId];
    fn provides(&self, package: SolvableId) -> &[Term];
    /// Whether the package provides the path for having a file there.
    fn provides_file(&self, package: SolvableId, path: StringId) -> bool;
}

/// Providers of a relation.
pub(super) fn providers(view: &impl View, relation: Relation) -> Box<[SolvableId]> {
    let Relation { left, operator, right } = relation;
    match operator {
        Operator::Compare(comparison) => comparing(view, left, comparison, right),
        Operator::Rich(RichOperator::With) => common(view, left, right, true),
        Operator::Rich(RichOperator::Without) => common(view, left, right, false),
        Operator::Rich(RichOperator::And | RichOperator::Or | RichOperator::Else) => {
            united(view.providers(left), view.providers(right))
        }
        Operator::Rich(RichOperator::If | RichOperator::Unless) => {
            match otherwise(view.interner(), right) {
                Some(otherwise) => united(view.providers(left), view.providers(otherwise)),
                None => view.providers(left).into(),
            }
        }
    }
}

/// `c` of `(a if b else c)`, from what stands behind `if`.
pub(super) fn otherwise(interner: &Interner, condition: Term) -> Option<Term> {
    match condition.kind() {
        TermKind::Relation(id) => interner
            .relation(id)
            .filter(|relation| relation.operator == Operator::Rich(RichOperator::Else))
            .map(|relation| relation.right),
        TermKind::Text(_) => None,
    }
}

/// Those of the providers of a name of which a provide is in range. Nobody else
/// provides what rpm itself can do; the system does.
fn comparing(view: &impl View, left: Term, wanted: Comparison, right: Term) -> Box<[SolvableId]> {
    let found: Box<[SolvableId]> =
        meeting(view, (left, wanted, right), view.providers(left)).collect();
    let interner = view.interner();
    if found.is_empty() && interner.get(interner.base_name(left)).starts_with("rpmlib(") {
        return Box::new([SolvableId::SYSTEM]);
    }
    found
}

/// Those of some packages of which a provide is in range.
pub(super) fn meeting<'v>(
    view: &'v impl View,
    (left, wanted, right): (Term, Comparison, Term),
    among: &'v [SolvableId],
) -> impl Iterator<Item = SolvableId> + 'v {
    let interner = view.interner();
    let evr = EvrParts::split(interner.get(interner.base_name(right)));
    let range = Range { name: interner.base_name(left), wanted, evr };
    among.iter().copied().filter(move |package| range.meets(view, *package))
}

struct Range<'v> {
    name: StringId,
    wanted: Comparison,
    evr: EvrParts<'v>,
}

impl Range<'_> {
    fn meets(&self, view: &impl View, package: SolvableId) -> bool {
        let interner = view.interner();
        let meets = |provide: &Term| match provide.kind() {
            TermKind::Text(name) => name == self.name,
            TermKind::Relation(id) => interner.relation(id).is_some_and(|provide| {
                let Operator::Compare(have) = provide.operator else { return false };
                provide.left == self.name.into() && self.holds(interner, have, provide.right)
            }),
        };
        view.provides(package).iter().any(meets) || view.provides_file(package, self.name)
    }

    fn holds(&self, interner: &Interner, have: Comparison, evr: Term) -> bool {
        let evr = interner.get(interner.base_name(evr));
        have.meets(EvrParts::split(evr), self.wanted, self.evr)
    }
}

/// Members of the first list that are in the second, or are not.
fn common(view: &impl View, left: Term, right: Term, both: bool) -> Box<[SolvableId]> {
    let other = view.providers(right);
    let is_in = |package: &SolvableId| other.binary_search(package).is_ok();
    view.providers(left).iter().copied().filter(|package| is_in(package) == both).collect()
}

/// All members of two lists, in order, each once.
pub(super) fn united(a: &[SolvableId], b: &[SolvableId]) -> Box<[SolvableId]> {
    if a.last() < b.first() || b.is_empty() {
        return [a, b].concat().into();
    }
    let mut all = [a, b].concat();
    all.sort_unstable();
    all.dedup();
    all.into()
}

/// Whether a package itself, by its name, version and architecture and never by
/// what it provides, is what a term says: how obsoletes are meant.
pub(super) fn is_named(
    interner: &Interner,
    (name, evr, arch): (StringId, StringId, StringId),
    term: Term,
) -> bool {
    let TermKind::Relation(id) = term.kind() else { return Term::from(name) == term };
    let Some(Relation { left, operator, right }) = interner.relation(id) else { return false };
    let is = |term| is_named(interner, (name, evr, arch), term);
    match operator {
        Operator::Rich(RichOperator::Or) => is(left) || is(right),
        Operator::Rich(RichOperator::And | RichOperator::With) => is(left) && is(right),
        Operator::Rich(RichOperator::Without) => is(left) && !is(right),
        Operator::Rich(_) => false,
        Operator::Compare(wanted) => is(left) && in_range(interner, evr, wanted, right),
    }
}

/// Whether the version of a package is in the range of a term. Where one of two
/// equal versions has no release, the package may lack it, but not the term
/// without saying *equal*.
fn in_range(interner: &Interner, evr: StringId, wanted: Comparison, right: Term) -> bool {
    let has = |one: Comparison| wanted.bits() & one.bits() != 0;
    let limit = interner.base_name(right);
    if evr == limit {
        return has(Comparison::EQUAL);
    }
    if wanted == Comparison::NONE || wanted == Comparison::ANY {
        return wanted == Comparison::ANY;
    }
    let ours = EvrParts::split(interner.get(evr));
    match ours.compare_in_dependency(EvrParts::split(interner.get(limit))) {
        InDependency::Lacks => true,
        InDependency::Less => has(Comparison::LESS),
        InDependency::Greater => has(Comparison::GREATER),
        InDependency::Equal | InDependency::Extra => has(Comparison::EQUAL),
    }
}

/// Which of two versions is newer.
pub(super) fn compare_evr(interner: &Interner, a: StringId, b: StringId) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    EvrParts::split(interner.get(a)).compare(EvrParts::split(interner.get(b)))
}
