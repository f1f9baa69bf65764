//! Orders with known answers, and random ones judged by looking at all of it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::components::{Edges, connected, numbered};
use super::super::tests::properties::hosts;
use super::arrange::{Edge, loops, order, places};
use super::{Bond, Cut, Sequence};
use crate::universe::tests::universe;
use crate::universe::{List, SolvableId, Universe};

/// What arrives in an upgrade to everything a repository has, each package with
/// the installed ones of its name.
fn arriving(universe: &Universe) -> Vec<(SolvableId, Vec<SolvableId>)> {
    let old =
        |new| universe.installed().filter(move |old| universe.name(*old) == universe.name(new));
    universe.target().packages().map(|new| (new, old(new).collect())).collect()
}

/// The sequence of an upgrade to everything a repository has and a removal of all
/// installed packages whose names begin with `gone`.
fn upgrade(host: &str, repository: &str) -> (Universe, Sequence) {
    let universe = universe(host, &[repository]);
    let gone = |p: &SolvableId| universe.text(universe.name(*p)).starts_with("gone");
    let leaving: Vec<SolvableId> = universe.installed().filter(gone).collect();
    let sequence = Sequence::of(&universe, arriving(&universe), leaving);
    (universe, sequence)
}

/// The steps as `name`, or `-name` for a removal, each with what it replaces.
fn steps(host: &str, repository: &str) -> Vec<String> {
    let (universe, sequence) = upgrade(host, repository);
    let name = |package: SolvableId| universe.text(universe.name(package));
    let step = |step: &super::Step| {
        let sign = if step.is_removal() { "-" } else { "" };
        let replaces = step.replaces.iter().map(|old| format!(" ({})", name(*old)));
        format!("{sign}{}{}", name(step.package), replaces.collect::<String>())
    };
    sequence.steps.iter().map(step).collect()
}

/// The cuts as `first before then: bond term`, with `!` where scripts may fail and
/// the circle behind.
fn cuts(host: &str, repository: &str) -> Vec<String> {
    let (universe, sequence) = upgrade(host, repository);
    let name = |package: SolvableId| universe.text(universe.name(package));
    let cut = |cut: &Cut| {
        let Cut { first, then, bond, term, breaks, .. } = *cut;
        let circle: Vec<&str> = sequence.circle(cut).into_iter().map(name).collect();
        let breaks = if breaks { "!" } else { "" };
        let (first, then, term) = (name(first), name(then), universe.show(term));
        format!("{first} before {then}: {bond:?} {term}{breaks} ({})", circle.join(" "))
    };
    sequence.cuts.iter().map(cut).collect()
}

#[test]
fn what_is_needed_comes_first_and_the_old_one_goes_right_behind_the_new_one() {
    let host = "shop-1-1.noarch\nlib-1-1.noarch\n";
    let new = "shop-2-1.noarch\n requires lib = 2-1\nlib-2-1.noarch\n requires base\n\
               base-1-1.noarch\nalone-1-1.noarch\n";
    assert_eq!(steps(host, new), ["alone", "base", "lib (lib)", "shop (shop)"]);
    assert_eq!(cuts(host, new), Vec::<String>::new());
}

#[test]
fn what_stays_or_is_provided_by_itself_needs_no_order() {
    let host = "shell-1-1.noarch\n provides sh\n";
    let new = "a-1-1.noarch\n requires sh\n requires own\n provides own\n\
               z-1-1.noarch\n provides sh\n provides own\n";
    assert_eq!(steps(host, new), ["a", "z"]);
}

#[test]
fn a_weaker_bond_is_cut_before_one_that_scripts_need() {
    let new = "a-1-1.noarch\n requires b\nb-1-1.noarch\n before a\n";
    assert_eq!(steps("", new), ["a", "b"]);
    assert_eq!(cuts("", new), ["b before a: Requires b (a b)"]);
    let recommends = "a-1-1.noarch\n recommends b\nb-1-1.noarch\n requires a\n";
    assert_eq!(cuts("", recommends), ["b before a: Recommends b (a b)"]);
}

#[test]
fn what_scripts_need_from_each_other_cannot_be_had_in_time() {
    let new = "a-1-1.noarch\n before b\nb-1-1.noarch\n before c\nc-1-1.noarch\n before a\n";
    assert_eq!(cuts("", new), ["b before a: RequiresBefore b! (a c b)"]);
    assert_eq!(steps("", new), ["a", "c", "b"]);
}

#[test]
fn one_of_several_that_would_do_is_enough_in_time() {
    let new = "a-1-1.noarch\n before x\nb-1-1.noarch\n provides x\n before a\n\
               c-1-1.noarch\n provides x\n";
    assert_eq!(steps("", new), ["c", "a", "b"]);
    assert_eq!(cuts("", new), ["b before a: RequiresBefore x (a b)"]);
}

#[test]
fn alternatives_of_a_rich_dependency_come_first_unless_one_of_them_stays() {
    let rich = "a-1-1.noarch\n requires (y or z)\ny-1-1.noarch\nz-1-1.noarch\n";
    assert_eq!(steps("", rich), ["y", "z", "a"]);
    assert_eq!(steps("z-1-1.noarch\n", rich.trim_end_matches("z-1-1.noarch\n")), ["a", "y"]);
    let conditional = "a-1-1.noarch\n requires (y if z)\ny-1-1.noarch\nz-1-1.noarch\n";
    assert_eq!(steps("", conditional), ["y", "z", "a"]);
    let condition_stays = "a-1-1.noarch\n requires (y if z)\ny-1-1.noarch\n";
    assert_eq!(steps("z-1-1.noarch\n", condition_stays), ["y", "a"]);
    assert_eq!(steps("", condition_stays), ["a", "y"]);
}

#[test]
fn packages_are_removed_last_and_before_what_they_need() {
    let host = "gone-a-1-1.noarch\n requires gone-b\ngone-b-1-1.noarch\n before gone-c\n\
                gone-c-1-1.noarch\n recommends gone-a\nold-1-1.noarch\n";
    assert_eq!(steps(host, "old-2-1.noarch\n"), ["old (old)", "-gone-a", "-gone-b", "-gone-c"]);
    // What the successor still provides need not be there with the old one.
    let host = "gone-1-1.noarch\n requires lib\nlib-1-1.noarch\n";
    assert_eq!(steps(host, "lib-2-1.noarch\n"), ["lib (lib)", "-gone"]);
    let host = "gone-1-1.noarch\n requires lib = 1-1\nlib-1-1.noarch\n";
    assert_eq!(steps(host, "lib-2-1.noarch\n"), ["-gone", "lib (lib)"]);
}

#[test]
fn what_is_in_the_way_is_removed_first() {
    let host = "gone-a-1-1.noarch\n provides mta\ngone-b-1-1.noarch\n provides x\n\
                gone-c-1-1.noarch\n conflicts o\n";
    let new = "m-1-1.noarch\n conflicts mta\nn-1-1.noarch\n obsoletes gone-b < 2\n\
               o-1-1.noarch\np-1-1.noarch\n obsoletes x\n";
    let all = ["p", "-gone-a", "m", "-gone-b", "n", "-gone-c", "o"];
    assert_eq!(steps(host, new), all);
}

#[test]
fn an_old_package_goes_with_the_successor_of_its_name() {
    let universe = universe("b-1-1.noarch\n", &["a-1-1.noarch\nb-2-1.noarch\nc-1-1.noarch\n"]);
    let old: Vec<SolvableId> = universe.installed().collect();
    let new: Vec<SolvableId> = universe.target().packages().collect();
    let order = |arriving: &[SolvableId]| {
        let arriving = arriving.iter().map(|package| (*package, old.clone()));
        let steps = Sequence::of(&universe, arriving, old.clone()).steps.into_iter();
        steps.map(|step| (step.package, step.replaces)).collect::<Vec<_>>()
    };
    assert_eq!(order(&new), [(new[0], vec![]), (new[1], old.clone()), (new[2], vec![])]);
    assert_eq!(order(&[new[2], new[0]]), [(new[0], old.clone()), (new[2], vec![])]);
}

#[test]
fn a_chain_and_a_ring_of_thousands_are_ordered() {
    const LONG: usize = 20_000;
    let chain = (0..LONG - 1).map(|at| Edge { weight: 2, then: at, first: at + 1, asked: None });
    let mut edges: Vec<Edge> = chain.collect();
    assert_eq!(loops(LONG, &edges), vec![false; LONG - 1]);
    let all = order(LONG, edges.iter(), |at| (false, at));
    assert!(all.into_iter().eq((0..LONG).rev()));
    edges.push(Edge { weight: 2, then: LONG - 1, first: 0, asked: None });
    let cut = loops(LONG, &edges);
    assert_eq!(cut.iter().position(|cut| *cut), Some(0));
    assert_eq!(cut.iter().filter(|cut| **cut).count(), 1);
}

#[test]
fn where_all_need_each_other_half_of_the_edges_are_cut_and_it_does_not_take_long() {
    const ALL: usize = 300;
    let pairs = (0..ALL).flat_map(|then| (0..ALL).map(move |first| (then, first)));
    let pairs = pairs.filter(|(then, first)| then != first);
    let edges: Vec<Edge> =
        pairs.map(|(then, first)| Edge { weight: 2, then, first, asked: None }).collect();
    let cut = loops(ALL, &edges);
    assert_eq!(cut.iter().filter(|cut| **cut).count(), ALL * (ALL - 1) / 2);
    let kept = edges.iter().zip(&cut).filter(|(_, cut)| !**cut).map(|(edge, _)| edge);
    assert_eq!(order(ALL, kept, |at| (false, at)).len(), ALL);
}

/// Whether one number leads to another along edges.
fn leads(edges: &[Edge], from: usize, to: usize) -> bool {
    let (mut open, mut seen) = (vec![from], BTreeSet::new());
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            open.extend(edges.iter().filter(|edge| edge.first == at).map(|edge| edge.then));
        }
    }
    false
}

/// The rule as it is written: cut the first edge that lies on a loop, as long as
/// there is one.
fn one_after_the_other(edges: &[Edge]) -> Vec<bool> {
    let mut cut = vec![false; edges.len()];
    loop {
        let left: Vec<Edge> =
            edges.iter().zip(&cut).filter(|(_, cut)| !**cut).map(|(edge, _)| *edge).collect();
        let on_loop = |at: &usize| !cut[*at] && leads(&left, edges[*at].then, edges[*at].first);
        match (0..edges.len()).find(on_loop) {
            Some(at) => cut[at] = true,
            None => return cut,
        }
    }
}

const NUMBERS: usize = 9;

fn random_edges() -> impl Strategy<Value = Vec<Edge>> {
    let edge = (1..=3_u8, 0..NUMBERS, 0..NUMBERS);
    let edges = proptest::collection::btree_set(edge, 0..30);
    edges.prop_map(|edges| {
        let of = |(weight, then, first)| Edge { weight, then, first, asked: None };
        edges.into_iter().filter(|(_, then, first)| then != first).map(of).collect()
    })
}

/// The strongest bond each step has to each other, by looking at all plain names
/// that packages ask for.
fn all_bonds(universe: &Universe, sequence: &Sequence) -> BTreeMap<(SolvableId, SolvableId), u8> {
    let mut step_of = BTreeMap::new();
    for step in &sequence.steps {
        step.replaces
            .iter()
            .chain([&step.package])
            .for_each(|p| _ = step_of.insert(*p, step.package));
    }
    let mut bonds = BTreeMap::new();
    for step in &sequence.steps {
        let (me, removal) = (step.package, step.is_removal());
        let lists = [
            (List::RequiresBefore, 3),
            (List::Requires, 2),
            (List::Recommends, u8::from(!removal)),
        ];
        for (list, weight) in lists.into_iter().filter(|(_, weight)| *weight > 0) {
            for term in universe.list(me, list) {
                let there = |p: &SolvableId| !p.is_installed() && step_of.contains_key(p);
                let stays = |p: &SolvableId| p.is_installed() && !step_of.contains_key(p);
                let providers = || universe.providers(*term).iter().copied();
                if providers().any(|p| p == me || stays(&p) || removal && there(&p)) {
                    continue;
                }
                let others: Vec<SolvableId> = match removal {
                    true => providers().filter(|p| p.is_installed()).collect(),
                    false => providers().filter(there).collect(),
                };
                let weight = if others.len() > 1 { (weight - 1).max(1) } else { weight };
                for other in others.iter().map(|other| step_of[other]).filter(|o| *o != me) {
                    let pair = if removal { (me, other) } else { (other, me) };
                    let known = bonds.entry(pair).or_insert(weight);
                    *known = weight.max(*known);
                }
            }
        }
    }
    bonds
}

proptest! {
    #[test]
    fn the_same_edges_are_cut_as_by_the_rule_as_it_is_written(edges in random_edges()) {
        let cut = loops(NUMBERS, &edges);
        prop_assert_eq!(&cut, &one_after_the_other(&edges));
        let list = edges.iter().map(|edge| (edge.first, edge.then)).collect();
        let group = numbered(&connected(&Edges { list, places: NUMBERS }), NUMBERS);
        for (at, edge) in edges.iter().enumerate().filter(|(at, _)| cut[*at]) {
            prop_assert_eq!(group[edge.first], group[edge.then]);
            // What weighs most is only cut where nothing lighter closes the loop.
            prop_assert!(leads(&edges[at + 1..], edge.then, edge.first));
        }
    }

    #[test]
    fn every_edge_that_is_left_holds_in_the_order(edges in random_edges(), late in any::<u16>()) {
        let cut = loops(NUMBERS, &edges);
        let kept: Vec<&Edge> = edges.iter().zip(&cut).filter(|(_, cut)| !**cut).map(|(e, _)| e).collect();
        let all = order(NUMBERS, kept.iter().copied(), |at| (late & (1 << at) != 0, at));
        prop_assert_eq!(all.iter().copied().collect::<BTreeSet<_>>().len(), NUMBERS);
        let place = places(&all);
        for edge in kept {
            prop_assert!(place[edge.first] < place[edge.then]);
        }
    }

    #[test]
    fn a_transaction_is_ordered_by_what_packages_ask_for(
        old in hosts(), new in hosts(), fates in any::<[u8; 9]>(),
    ) {
        // Rich dependencies have tests of their own.
        let plain = |text: String| -> String {
            text.lines().filter(|line| !line.contains('(')).map(|line| format!("{line}\n")).collect()
        };
        let (old, new) = (plain(old), plain(new.replace("-1-1", "-2-1")));
        let universe = universe(&old, &[&new]);
        let text = |package| universe.text(universe.name(package));
        let fate = |package| fates[usize::from(text(package).as_bytes()[0] - b'a')] % 3;
        let mut arriving = arriving(&universe);
        arriving.retain(|(package, _)| fate(*package) == 0);
        let replaced: BTreeSet<SolvableId> = arriving.iter().flat_map(|(_, old)| old.clone()).collect();
        let leaving: Vec<SolvableId> =
            universe.installed().filter(|p| fate(*p) == 1 && !replaced.contains(p)).collect();
        let sequence = Sequence::of(&universe, arriving.clone(), leaving.clone());

        let mut expected: Vec<SolvableId> = arriving.iter().map(|(new, _)| *new).chain(leaving.clone()).collect();
        let mut found: Vec<SolvableId> = sequence.steps.iter().map(|step| step.package).collect();
        let place: BTreeMap<SolvableId, usize> = found.iter().copied().zip(0..).collect();
        expected.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(found, expected);

        let bonds = all_bonds(&universe, &sequence);
        let cut: BTreeSet<(SolvableId, SolvableId)> = sequence.cuts.iter().map(|c| (c.first, c.then)).collect();
        for (first, then) in bonds.keys().filter(|pair| !cut.contains(pair)) {
            prop_assert!(place[first] < place[then], "{old}{new}");
        }
        for cut in &sequence.cuts {
            let weight = bonds[&(cut.first, cut.then)];
            let circle = sequence.circle(cut);
            prop_assert_eq!((circle.first(), circle.last()), (Some(&cut.then), Some(&cut.first)));
            for pair in circle.windows(2) {
                prop_assert!(bonds[&(pair[0], pair[1])] >= weight, "{old}{new}");
            }
            prop_assert!(!cut.breaks || cut.bond == Bond::RequiresBefore);
            prop_assert!(!cut.breaks || place[&cut.first] > place[&cut.then]);
        }

        arriving.reverse();
        let again = Sequence::of(&universe, arriving, leaving.into_iter().rev());
        prop_assert_eq!(again, sequence);
    }
}
