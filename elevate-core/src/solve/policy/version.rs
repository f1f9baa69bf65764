//! The newest of each name, without those whose place others take
//! (solver-search.md B4.4).

use std::cmp::Ordering;

use super::super::world::World;
use super::sort::merge_sort;
use crate::universe::{NOARCH, SolvableId};

/// Leaves the best version of each name, sorted by name.
pub(in crate::solve) fn best_versions(world: &World<'_>, candidates: &mut Vec<SolvableId>) {
    let universe = world.universe;
    let name = |p: SolvableId| universe.text(universe.name(p));
    let order = |a: SolvableId, b: SolvableId| {
        let (scores, ids) = ((universe.score(a), universe.score(b)), a.cmp(&b));
        let by_score = match scores {
            (a, b) if a > NOARCH && b > NOARCH => a.cmp(&b),
            _ => Ordering::Equal,
        };
        let installed = b.is_installed().cmp(&a.is_installed());
        name(a).cmp(name(b)).then(by_score).then(installed).then(ids)
    };
    merge_sort(candidates, &mut |a, b| order(*a, *b) != Ordering::Greater);
    let mut best: Vec<SolvableId> = Vec::new();
    for package in candidates.iter().copied() {
        match best.last_mut() {
            Some(last) if world.is_of_name(*last, package) => {
                if universe.compare_evr(package, *last) == Ordering::Greater {
                    *last = package;
                }
            }
            _ => best.push(package),
        }
    }
    *candidates = best;
    without_obsoleted(world, candidates);
}

/// Leaves out what others take the place of. Where they take each other's, all that
/// nobody outside takes the place of stay.
fn without_obsoleted(world: &World<'_>, candidates: &mut Vec<SolvableId>) {
    let takes = |a: SolvableId, b: SolvableId| a != b && world.universe.obsoletes(a, b);
    match candidates.as_slice() {
        [] | [_] => {}
        [a, b] => match (takes(*a, *b), takes(*b, *a)) {
            (true, false) => candidates.truncate(1),
            (false, true) => drop(candidates.remove(0)),
            _ => {}
        },
        all => {
            let edges: Vec<Vec<usize>> = all
                .iter()
                .map(|a| (0..all.len()).filter(|b| takes(*a, all[*b])).collect())
                .collect();
            if edges.iter().all(Vec::is_empty) {
                return;
            }
            let reached: Vec<Vec<bool>> = (0..all.len()).map(|from| reach(&edges, from)).collect();
            let count = all.len();
            let stays = |at: usize| (0..count).all(|a| !reached[a][at] || reached[at][a]);
            let mut at = 0..count;
            candidates.retain(|_| at.next().is_some_and(stays));
        }
    }
}

/// What edges lead to from one place.
fn reach(edges: &[Vec<usize>], from: usize) -> Vec<bool> {
    let mut reached = vec![false; edges.len()];
    let mut open = edges[from].clone();
    while let Some(next) = open.pop() {
        if !reached[next] {
            reached[next] = true;
            open.extend(&edges[next]);
        }
    }
    reached
}
