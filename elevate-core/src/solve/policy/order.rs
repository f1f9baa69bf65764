//! The order of candidates that are equally good (solver-search.md B4.6).

use std::cmp::Ordering;

use super::super::world::World;
use super::sort::merge_sort;
use super::{Policy, advice};
use crate::model::{Comparison, InDependency};
use crate::universe::{List, Operator, Relation, SolvableId, StringId, TermKind};

impl Policy<'_, '_> {
    /// Puts what is not the newest of its name behind.
    pub(super) fn outdated_last(&self, candidates: &mut Vec<SolvableId>) {
        let world = self.world;
        let universe = world.universe;
        let is_outdated = |p: SolvableId| {
            let newer = |x: SolvableId| {
                let (own, other) = (self.priority(p), self.priority(x));
                x != p
                    && universe.arch(x) == universe.arch(p)
                    && (other > own
                        || other == own && universe.compare_evr(x, p) == Ordering::Greater)
            };
            !p.is_installed() && world.of_name(p).any(newer)
        };
        first(candidates, |p| !is_outdated(p));
    }

    /// Puts what provides older versions of the same behind.
    pub(super) fn older_provides_last(&self, candidates: &mut Vec<SolvableId>) {
        let world = self.world;
        let mut entries: Vec<Entry> = Vec::new();
        for (candidate, package) in candidates.iter().enumerate() {
            entries.extend(Entry::all(world, candidate, *package));
        }
        if entries.len() < 2 {
            return;
        }
        merge_sort(&mut entries, &mut |a, b| a.compare(world, b) <= 0);
        let mut badness = vec![0u32; candidates.len()];
        let (mut bad, mut any) = (0, false);
        for (before, entry) in std::iter::once(None).chain(entries.iter().map(Some)).zip(&entries) {
            match before {
                Some(before) if before.name == entry.name => {
                    let older = before.compare(world, entry) == -1;
                    if before.candidate != entry.candidate && older {
                        bad += 1;
                        any = true;
                    }
                }
                _ => bad = 0,
            }
            badness[entry.candidate] += bad;
        }
        if !any {
            return;
        }
        let mut ranked: Vec<(u32, SolvableId)> =
            badness.into_iter().zip(candidates.drain(..)).collect();
        ranked.sort_by_key(|(bad, package)| if package.is_installed() { 0 } else { *bad });
        candidates.extend(ranked.into_iter().map(|(_, package)| package));
    }

    /// Puts names that are installed in front.
    pub(super) fn installed_names_first(&self, candidates: &mut Vec<SolvableId>) {
        let world = self.world;
        first(candidates, |p| p.is_installed() || world.of_name(p).any(|x| x.is_installed()));
    }

    /// Puts what somebody suggests in front.
    pub(super) fn suggested_first(&mut self, candidates: &mut Vec<SolvableId>) {
        let (world, decisions) = (self.world, self.decisions);
        self.advice.refresh(world, decisions);
        let advice = &*self.advice;
        first(candidates, |p| {
            p.is_installed() || advice.is_suggested(p) || advice::is_enhancing(world, decisions, p)
        });
    }
}

/// Puts some candidates in front of the others, each in their order.
pub(in crate::solve) fn first(
    candidates: &mut Vec<SolvableId>,
    is_one: impl Fn(SolvableId) -> bool,
) {
    let (front, back): (Vec<SolvableId>, Vec<SolvableId>) =
        candidates.drain(..).partition(|p| is_one(*p));
    candidates.extend(front.into_iter().chain(back));
}

/// A version that a candidate provides of something.
#[derive(Clone)]
struct Entry {
    candidate: usize,
    name: StringId,
    evr: StringId,
    /// It provides what is below the version only.
    below: bool,
}

impl Entry {
    fn all(world: &World<'_>, candidate: usize, package: SolvableId) -> Vec<Self> {
        let universe = world.universe;
        let entry = |term: &crate::universe::Term| {
            let TermKind::Relation(id) = term.kind() else { return None };
            let Relation { left, operator, right } = universe.relation(id)?;
            let Operator::Compare(comparison) = operator else { return None };
            let (TermKind::Text(name), TermKind::Text(evr)) = (left.kind(), right.kind()) else {
                return None;
            };
            let known = [Comparison::EQUAL, Comparison::LESS_OR_EQUAL, Comparison::LESS];
            let is_hash = comparison == Comparison::EQUAL && is_hash(universe.text(evr));
            let below = comparison == Comparison::LESS;
            (known.contains(&comparison) && !is_hash).then_some(Self {
                candidate,
                name,
                evr,
                below,
            })
        };
        universe.list(package, List::Provides).iter().filter_map(entry).collect()
    }

    /// Newest first: negative where it comes before another.
    fn compare(&self, world: &World<'_>, other: &Self) -> i32 {
        match self.name.cmp(&other.name) {
            Ordering::Less => return -3,
            Ordering::Greater => return 3,
            Ordering::Equal => {}
        }
        if self.evr == other.evr && self.below == other.below {
            return 0;
        }
        match world.universe.compare_in_dependency(other.evr, self.evr) {
            InDependency::Lacks => -2,
            InDependency::Less => -1,
            InDependency::Greater => 1,
            InDependency::Extra => 2,
            InDependency::Equal => match (self.below, other.below) {
                (true, false) => 1,
                (false, true) => -1,
                _ => 0,
            },
        }
    }
}

/// Whether a version is the digest of something: not a version at all.
fn is_hash(evr: &str) -> bool {
    evr.len() >= 4 && evr.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
