//! Where boxes of a picture stand: in columns by steps from what was asked about, and in
//! each column near those they are tied to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::picture::{Frame, Picture};

/// The most boxes that are drawn.
pub(super) const MOST_BOXES: usize = 150;
/// How often the order of columns is looked at, there and back.
const SWEEPS: usize = 6;

/// Boxes by their places in a picture, column by column, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Layers {
    /// The columns, from left to right; none is empty.
    pub columns: Vec<Vec<usize>>,
    /// How many boxes are left out.
    pub left_out: usize,
}

impl Layers {
    pub(super) fn of(picture: &Picture) -> Self {
        let columns = columns(picture);
        let mut all: Vec<usize> = (0..picture.boxes.len()).collect();
        let column = |at: &usize| columns.get(*at).copied().unwrap_or(0);
        // What is nearest to the middle is drawn first.
        all.sort_by_key(|at| (column(at).unsigned_abs(), *at));
        let left_out = all.len().saturating_sub(MOST_BOXES);
        all.truncate(MOST_BOXES);
        all.sort_unstable();
        let mut by_column: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for at in all {
            by_column.entry(column(&at)).or_default().push(at);
        }
        let mut layers = Self { columns: by_column.into_values().collect(), left_out };
        layers.sweep(&neighbours(picture));
        layers
    }

    /// Puts each box at the mean height of those it is tied to in the columns beside it,
    /// from left to right and back.
    fn sweep(&mut self, neighbours: &[BTreeSet<usize>]) {
        for sweep in 0..SWEEPS {
            let forth = sweep % 2 == 0;
            for step in 1..self.columns.len() {
                let at = if forth { step } else { self.columns.len() - 1 - step };
                let beside = if forth { at - 1 } else { at + 1 };
                let heights: BTreeMap<usize, usize> = self.heights(beside);
                let Some(column) = self.columns.get_mut(at) else { continue };
                let wanted = |(here, id): (usize, &usize)| {
                    let tied = neighbours.get(*id).into_iter().flatten();
                    let heights: Vec<usize> =
                        tied.filter_map(|other| heights.get(other).copied()).collect();
                    match heights.len() {
                        0 => (here * SCALE, *id),
                        count => (heights.iter().sum::<usize>() * SCALE / count, *id),
                    }
                };
                let mut order: Vec<(usize, usize)> =
                    column.iter().enumerate().map(wanted).collect();
                order.sort_by_key(|(height, _)| *height);
                *column = order.into_iter().map(|(_, id)| id).collect();
            }
        }
    }

    fn heights(&self, column: usize) -> BTreeMap<usize, usize> {
        let column = self.columns.get(column).into_iter().flatten();
        column.enumerate().map(|(height, id)| (*id, height)).collect()
    }
}

/// Heights are compared to so small a part of a box.
const SCALE: usize = 1_000;

/// The column of each box: the one it says, or its steps from a box to start from.
fn columns(picture: &Picture) -> Vec<i64> {
    let mut columns: Vec<Option<i64>> = picture.boxes.iter().map(|one| one.column).collect();
    let mut needs: Vec<Vec<usize>> = vec![Vec::new(); picture.boxes.len()];
    let mut needed = vec![false; picture.boxes.len()];
    for arrow in &picture.arrows {
        if let Some(list) = needs.get_mut(arrow.from) {
            list.push(arrow.to);
        }
        needed.get_mut(arrow.to).into_iter().for_each(|needed| *needed |= arrow.from != arrow.to);
    }
    let asked = (0..picture.boxes.len())
        .filter(|at| picture.boxes.get(*at).is_some_and(|one| one.frame == Frame::Bold));
    let tops = (0..picture.boxes.len()).filter(|at| needed.get(*at) == Some(&false));
    let starts: Vec<usize> = asked.chain(tops).chain(0..picture.boxes.len()).collect();
    for start in starts {
        if columns.get(start).copied().flatten().is_none() {
            spread(start, &needs, &mut columns);
        }
    }
    columns.into_iter().map(Option::unwrap_or_default).collect()
}

/// Breadth first from a box, to those that have no column yet.
fn spread(start: usize, needs: &[Vec<usize>], columns: &mut [Option<i64>]) {
    let mut queue = VecDeque::from([(start, 0)]);
    while let Some((at, step)) = queue.pop_front() {
        let Some(column @ None) = columns.get_mut(at) else { continue };
        *column = Some(step);
        let next = needs.get(at).into_iter().flatten();
        queue.extend(next.map(|other| (*other, step + 1)));
    }
}

/// Boxes that each one is tied to, either way.
fn neighbours(picture: &Picture) -> Vec<BTreeSet<usize>> {
    let mut neighbours = vec![BTreeSet::new(); picture.boxes.len()];
    for arrow in &picture.arrows {
        for (one, other) in [(arrow.from, arrow.to), (arrow.to, arrow.from)] {
            neighbours.get_mut(one).into_iter().for_each(|tied| _ = tied.insert(other));
        }
    }
    neighbours
}

#[cfg(test)]
mod tests {
    use super::super::picture::{Arrow, Line, PictureBox};
    use super::*;

    fn picture(boxes: usize, arrows: &[(usize, usize)]) -> Picture {
        let boxes = (0..boxes).map(|n| PictureBox { name: format!("p{n}"), ..Default::default() });
        let arrow = |&(from, to): &(usize, usize)| Arrow {
            from,
            to,
            label: "x".to_owned(),
            line: Line::Solid,
        };
        Picture {
            boxes: boxes.collect(),
            arrows: arrows.iter().map(arrow).collect(),
            ..Default::default()
        }
    }

    #[test]
    fn boxes_stand_as_many_columns_off_as_it_takes_steps() {
        let layers = Layers::of(&picture(5, &[(0, 1), (1, 2), (0, 2), (2, 0), (3, 4)]));
        let sorted = layers.columns.into_iter().map(BTreeSet::from_iter).collect::<Vec<_>>();
        assert_eq!(sorted, [BTreeSet::from([0, 3]), BTreeSet::from([1, 2, 4])]);
    }

    #[test]
    fn boxes_of_a_circle_have_columns_too() {
        let layers = Layers::of(&picture(3, &[(0, 1), (1, 2), (2, 0)]));
        assert_eq!(layers.columns, [[0], [1], [2]]);
    }

    #[test]
    fn arrows_that_would_cross_are_untangled() {
        // 0 needs 3, and 1 needs 2.
        let layers = Layers::of(&picture(4, &[(0, 3), (1, 2)]));
        let [left, right] = layers.columns.as_slice() else { panic!("two columns") };
        let partner = |at: usize| [3, 2][at];
        let partners: Vec<usize> = left.iter().map(|at| partner(*at)).collect();
        assert_eq!(&partners, right);
    }

    #[test]
    fn boxes_that_are_too_many_are_counted() {
        let arrows: Vec<(usize, usize)> = (1..400).map(|n| (0, n)).collect();
        let layers = Layers::of(&picture(400, &arrows));
        assert_eq!(layers.left_out, 250);
        assert_eq!(layers.columns.iter().map(Vec::len).sum::<usize>(), MOST_BOXES);
        assert!(layers.columns[0].contains(&0));
    }
}
