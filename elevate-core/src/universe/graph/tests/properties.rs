//! Small random hosts, judged by looking at all of it.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::{Bond, Bonds, DependencyGraph, Direction, Wanted};
use crate::model::RichOperator;
use crate::universe::tests::universe;
use crate::universe::{Operator, SolvableId, Term, TermKind, Universe};

/// A host of up to nine packages `a` to `i`; each may provide `x`, `y` or `z`.
pub(in crate::universe::graph) fn hosts() -> impl Strategy<Value = String> {
    let name = || proptest::sample::select(vec!["a", "b", "c", "d", "e", "f", "x", "y", "z"]);
    let rich = (name(), name(), name(), 0..6u8).prop_map(|(a, b, c, kind)| match kind {
        0 => format!("({a} and {b})"),
        1 => format!("({a} or {b})"),
        2 => format!("({a} if {b})"),
        3 => format!("({a} if {b} else {c})"),
        4 => format!("({a} unless {b})"),
        _ => format!("({a} or ({b} and {c}))"),
    });
    let term = prop_oneof![6 => name().prop_map(str::to_owned), 1 => rich];
    let word = prop_oneof![
        8 => Just("requires"), 3 => Just("before"), 1 => Just("recommends"), 1 => Just("supplements"),
    ];
    let asks = proptest::collection::vec((word, term), 0..4);
    let provides = proptest::sample::subsequence(vec!["x", "y", "z"], 0..=2);
    let packages = proptest::collection::vec((asks, provides), 1..9);
    packages.prop_map(|packages| {
        let mut host = String::new();
        for ((asks, provides), letter) in packages.into_iter().zip('a'..) {
            host.push_str(&format!("{letter}-1-1.noarch\n"));
            for (word, term) in asks {
                host.push_str(&format!(" {word} {term}\n"));
            }
            for name in provides {
                host.push_str(&format!(" provides {name}\n"));
            }
        }
        host
    })
}

type Set = BTreeSet<SolvableId>;

/// Whether a term holds in a set, by its text alone.
fn holds(universe: &Universe, term: Term, set: &Set) -> bool {
    let relation = match term.kind() {
        TermKind::Relation(id) => universe.relation(id),
        TermKind::Text(_) => None,
    };
    let Some((left, operator, right)) = relation.and_then(|r| match r.operator {
        Operator::Rich(operator) => Some((r.left, operator, r.right)),
        Operator::Compare(_) => None,
    }) else {
        return universe.providers(term).iter().any(|package| set.contains(package));
    };
    let is = |term| holds(universe, term, set);
    let otherwise = match right.kind() {
        TermKind::Relation(id) => universe.relation(id),
        TermKind::Text(_) => None,
    };
    let otherwise = otherwise.filter(|r| r.operator == Operator::Rich(RichOperator::Else));
    match (operator, otherwise) {
        (RichOperator::And, _) => is(left) && is(right),
        (RichOperator::Or, _) => is(left) || is(right),
        (RichOperator::If, None) => !is(right) || is(left),
        (RichOperator::If, Some(other)) => {
            if is(other.left) {
                is(left)
            } else {
                is(other.right)
            }
        }
        (RichOperator::Unless, None) => !is(right) && is(left),
        other => panic!("{other:?}"),
    }
}

/// Which requirements within a set are broken, as package and text.
fn broken(universe: &Universe, set: &Set) -> BTreeSet<(SolvableId, String)> {
    let of = |package: &SolvableId| {
        let package = *package;
        let terms = universe.requires(package).iter();
        let broken = terms.filter(|term| !holds(universe, **term, set));
        broken.map(move |term| (package, universe.show(*term).to_string())).collect::<Vec<_>>()
    };
    set.iter().flat_map(of).collect()
}

fn graph<'u>(universe: &'u Universe) -> DependencyGraph<'u> {
    DependencyGraph::new(universe, universe.installed(), |_| Wanted::Unknown)
}

/// Whether everything a package asks for is a plain name: taking packages away
/// then only ever breaks things.
fn is_plain(host: &str) -> bool {
    !host.contains('(')
}

proptest! {
    #[test]
    fn after_a_removal_nothing_more_is_broken_than_before(host in hosts(), picks in any::<u16>()) {
        let universe = universe(&host, &[]);
        let graph = graph(&universe);
        let all: Set = universe.installed().collect();
        let asked: Vec<SolvableId> =
            all.iter().copied().enumerate().filter(|(at, _)| picks & (1 << at) != 0).map(|(_, p)| p).collect();
        let removal = graph.removal(&asked);
        let mut rest = all.clone();
        asked.iter().for_each(|package| { rest.remove(package); });
        for round in &removal.rounds {
            // Each goes for a reason that holds now and did not at first.
            for leaving in round {
                prop_assert!(!leaving.because.is_empty());
                for requirement in &leaving.because {
                    prop_assert!(!holds(&universe, requirement.term, &rest), "{host}");
                }
            }
            for leaving in round {
                prop_assert!(rest.remove(&leaving.package), "{host}");
            }
        }
        let before = broken(&universe, &all);
        for requirement in broken(&universe, &rest) {
            prop_assert!(before.contains(&requirement), "{host}{requirement:?}");
        }
        prop_assert_eq!(removal.left_over.iter().filter(|package| !rest.contains(package)).count(), 0);
    }

    #[test]
    fn a_removal_takes_no_more_than_it_must(host in hosts(), pick in any::<prop::sample::Index>()) {
        prop_assume!(is_plain(&host));
        let universe = universe(&host, &[]);
        let graph = graph(&universe);
        let all: Vec<SolvableId> = universe.installed().collect();
        let asked = all[pick.index(all.len())];
        let gone = graph.removal(&[asked]).rounds.concat().len() + 1;
        let broken_before = broken(&universe, &all.iter().copied().collect());
        // The largest set without it in which nothing is newly broken.
        let sets = (0u32..1 << all.len()).map(|bits| -> Set {
            all.iter().copied().enumerate().filter(|(at, _)| bits & (1 << at) != 0).map(|(_, p)| p).collect()
        });
        let whole = |set: &Set| broken(&universe, set).is_subset(&broken_before);
        let most = sets.filter(|set| !set.contains(&asked) && whole(set)).map(|set| set.len()).max();
        prop_assert_eq!(most, Some(all.len() - gone), "{}", host);
    }

    #[test]
    fn everything_comes_after_what_it_needs(host in hosts()) {
        let universe = universe(&host, &[]);
        let graph = graph(&universe);
        let all: Set = universe.installed().collect();
        let mut there = Set::new();
        for group in graph.order() {
            for package in &group.packages {
                prop_assert!(there.insert(*package), "{host}");
            }
            for package in &group.packages {
                for term in universe.requires(*package) {
                    let text = universe.show(*term).to_string();
                    // A condition may hold for what is not there yet.
                    let lasting = !text.contains(" if ") && !text.contains(" unless ");
                    let met = holds(&universe, *term, &there);
                    prop_assert!(met || !lasting || !holds(&universe, *term, &all), "{host}");
                }
            }
        }
        prop_assert_eq!(there, all);
    }

    #[test]
    fn in_a_group_what_must_be_there_before_is_unless_that_is_mutual(host in hosts()) {
        prop_assume!(is_plain(&host));
        let universe = universe(&host, &[]);
        let graph = graph(&universe);
        for group in graph.order() {
            let at = |package: SolvableId| group.packages.iter().position(|p| *p == package);
            for (user, package) in group.packages.iter().enumerate() {
                let before = graph.needs(*package, Bonds::Hard).links.into_iter();
                for link in before.filter(|link| link.bond == Bond::RequiresBefore) {
                    let Some(provider) = at(link.to) else { continue };
                    prop_assert!(provider < user || needs_before(&graph, link.to, *package), "{host}");
                }
            }
        }
    }

    #[test]
    fn cycles_are_packages_that_reach_each_other(host in hosts()) {
        let universe = universe(&host, &[]);
        let graph = graph(&universe);
        let reach = |package| -> Set {
            let reached = graph.reach(&[package], Direction::Needs, 99, Bonds::Hard).into_iter();
            reached.map(|(package, _)| package).collect()
        };
        let cycles = graph.cycles();
        for a in universe.installed() {
            for b in universe.installed().filter(|b| *b != a) {
                let mutual = reach(a).contains(&b) && reach(b).contains(&a);
                let together = cycles.iter().any(|cycle| cycle.contains(&a) && cycle.contains(&b));
                prop_assert_eq!(mutual, together, "{}", host);
            }
        }
    }

    #[test]
    fn links_steps_and_leaves_agree(host in hosts()) {
        let universe = universe(&host, &[]);
        let graph = graph(&universe);
        for bonds in [Bonds::Hard, Bonds::All] {
            let mut needed = Set::new();
            for package in universe.installed() {
                let mut down = graph.needs(package, bonds).links;
                for direction in [Direction::Needs, Direction::NeededBy] {
                    let near = graph.reach(&[package], direction, 1, bonds).into_iter();
                    let near: Set = near.map(|(p, _)| p).filter(|p| *p != package).collect();
                    let links = match direction {
                        Direction::Needs => graph.needs(package, bonds).links,
                        Direction::NeededBy => graph.needed_by(package, bonds).links,
                    };
                    let ends: Set = links.iter().map(|link| match direction {
                        Direction::Needs => link.to,
                        Direction::NeededBy => link.from,
                    }).collect();
                    prop_assert_eq!(&near, &ends, "{}", host);
                }
                needed.extend(down.iter().map(|link| link.to));
                down.retain(|link| !graph.needed_by(link.to, bonds).links.contains(link));
                prop_assert_eq!(down, vec![], "{}", host);
            }
            let leaves: Set = universe.installed().filter(|package| !needed.contains(package)).collect();
            prop_assert_eq!(graph.leaves(bonds).into_iter().collect::<Set>(), leaves, "{}", host);
        }
    }

    #[test]
    fn the_most_needed_are_those_that_others_have_no_choice_about(host in hosts()) {
        let universe = universe(&host, &[]);
        let graph = graph(&universe);
        let mut needed: Vec<(SolvableId, usize)> = universe.installed().map(|package| {
            let links = graph.needed_by(package, Bonds::Hard).links.into_iter();
            let users: Set = links.filter(|link| link.only).map(|link| link.from).collect();
            (package, users.len())
        }).filter(|(_, users)| *users > 0).collect();
        needed.sort_by_key(|(package, users)| (std::cmp::Reverse(*users), *package));
        prop_assert_eq!(graph.overview(99).most_needed, needed, "{}", host);
    }

    #[test]
    fn ways_are_shortest_and_begin_where_somebody_wanted_something(host in hosts()) {
        let universe = universe(&host, &[]);
        let graph = graph(&universe);
        for package in universe.installed() {
            let reached = graph.reach(&[package], Direction::NeededBy, 99, Bonds::All);
            for chain in graph.why(package, 99).chains {
                let top = chain.links[0].from;
                let steps = reached.iter().find(|(p, _)| *p == top).map(|(_, steps)| *steps);
                prop_assert_eq!(Some(chain.links.len()), steps, "{}", host);
                prop_assert_eq!(chain.links.last().map(|link| link.to), Some(package));
                for pair in chain.links.windows(2) {
                    prop_assert_eq!(pair[0].to, pair[1].from);
                }
            }
        }
    }
}

/// Whether one package needs another to be there before it, directly or by way
/// of others.
fn needs_before(graph: &DependencyGraph<'_>, from: SolvableId, to: SolvableId) -> bool {
    let mut open = vec![from];
    let mut seen = Set::new();
    while let Some(package) = open.pop() {
        if package == to {
            return true;
        }
        if seen.insert(package) {
            let links = graph.needs(package, Bonds::Hard).links.into_iter();
            open.extend(links.filter(|l| l.bond == Bond::RequiresBefore).map(|l| l.to));
        }
    }
    false
}
