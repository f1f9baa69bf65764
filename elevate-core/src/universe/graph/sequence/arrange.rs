//! Numbers in an order: which edges close loops, and what comes first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::super::components::{Edges, Place, connected, numbered};

/// One number is to come before another. Their order is the one they are cut in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    /// How much is lost without it.
    pub(super) weight: u8,
    pub(super) then: Place,
    pub(super) first: Place,
    /// What it is there for, by number.
    pub(super) asked: Option<usize>,
}

/// An edge by its place in the order of cutting, and what it leads from and to.
type Line = (usize, Place, Place);

/// Which edges are cut, when of the edges that lie on a loop the first one is cut
/// again and again until there is no loop.
///
/// So an edge is cut when it lies on a loop of itself and those behind it. To ask
/// this of one after the other takes too long. Instead, half of a range of edges is
/// put in place, the last half first. Loops among these become one number, and
/// inside of them the same is asked of that half; outside of them it is asked of
/// the other. Every edge is looked at once for each time a range is halved.
pub(super) fn loops(numbers: usize, edges: &[Edge]) -> Vec<bool> {
    let mut cut = vec![false; edges.len()];
    let lines = edges.iter().enumerate().map(|(at, edge)| (at, edge.first, edge.then)).collect();
    let (inside, _) = split(lines, numbers, 0);
    // With all edges of the range in place each line lies on a loop, and with none of them no line does.
    let mut open: Vec<(Range<usize>, Vec<Line>)> = vec![(0..edges.len(), inside)];
    while let Some((range, lines)) = open.pop() {
        if lines.is_empty() {
            continue;
        }
        if range.len() == 1 {
            cut[range.start] = true;
            continue;
        }
        let middle = range.start + range.len() / 2;
        let (lines, numbers) = renumbered(lines);
        let (inside, outside) = split(lines, numbers, middle);
        let (placed, on_loops) =
            inside.into_iter().partition::<Vec<Line>, _>(|line| line.0 >= middle);
        on_loops.iter().for_each(|(at, ..)| cut[*at] = true);
        open.push((middle..range.end, placed));
        open.push((range.start..middle, outside));
    }
    cut
}

/// Lines inside of the groups that those from a place on make of their ends, and
/// lines between groups, which are the ends of these now.
fn split(lines: Vec<Line>, numbers: usize, from: usize) -> (Vec<Line>, Vec<Line>) {
    let placed = lines.iter().filter(|line| line.0 >= from).map(|(_, a, b)| (*a, *b)).collect();
    let group = numbered(&connected(&Edges { list: placed, places: numbers }), numbers);
    let (inside, between) =
        lines.into_iter().partition::<Vec<Line>, _>(|(_, a, b)| group[*a] == group[*b]);
    (inside, between.into_iter().map(|(at, a, b)| (at, group[a], group[b])).collect())
}

/// The lines with their ends numbered without gaps, and how many ends there are.
fn renumbered(mut lines: Vec<Line>) -> (Vec<Line>, usize) {
    let mut ends: Vec<Place> = lines.iter().flat_map(|(_, a, b)| [*a, *b]).collect();
    ends.sort_unstable();
    ends.dedup();
    let number = |end: Place| ends.partition_point(|other| *other < end);
    for (_, a, b) in &mut lines {
        (*a, *b) = (number(*a), number(*b));
    }
    (lines, ends.len())
}

/// The numbers in an order that all edges agree with, which make no loop. Of those
/// that may come next, first those whose key says that they are not `late`, then
/// the fewest steps from a beginning, then by the rest of the key.
pub(super) fn order<'e>(
    numbers: usize,
    edges: impl Iterator<Item = &'e Edge>,
    key: impl Fn(Place) -> (bool, usize),
) -> Vec<Place> {
    let mut after = vec![Vec::new(); numbers];
    let mut before = vec![0_usize; numbers];
    for edge in edges {
        after[edge.first].push(edge.then);
        before[edge.then] += 1;
    }
    let entry = |number: Place, depth: usize| {
        let (late, rank) = key(number);
        Reverse((late, depth, rank, number))
    };
    let mut depth = vec![0; numbers];
    let free = (0..numbers).filter(|number| before[*number] == 0);
    let mut ready: BinaryHeap<_> = free.map(|number| entry(number, 0)).collect();
    let mut order = Vec::with_capacity(numbers);
    while let Some(Reverse((.., number))) = ready.pop() {
        order.push(number);
        for next in &after[number] {
            depth[*next] = depth[*next].max(depth[number] + 1);
            before[*next] -= 1;
            if before[*next] == 0 {
                ready.push(entry(*next, depth[*next]));
            }
        }
    }
    order
}

/// The place of each number in an order of all of them.
pub(super) fn places(order: &[Place]) -> Vec<usize> {
    let mut places = vec![0; order.len()];
    order.iter().enumerate().for_each(|(at, number)| places[*number] = at);
    places
}
