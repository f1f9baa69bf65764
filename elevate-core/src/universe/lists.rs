//! Where the lists of packages are: most packages have few of the ten, and only
//! those take room.

use std::ops::Range;

use super::packages::List;

/// The spans of the lists of packages, one behind the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lists {
    /// Which lists each package has, a bit each.
    which: Vec<u16>,
    /// How many lists there are before those of each package.
    before: Vec<u32>,
    /// Where each list ends.
    ends: Vec<u32>,
}

impl Lists {
    /// None, with room for those of so many packages.
    pub(super) fn with_capacity(packages: usize) -> Self {
        Self {
            which: Vec::with_capacity(packages),
            before: Vec::with_capacity(packages),
            ends: Vec::with_capacity(3 * packages),
        }
    }

    /// Of which lists each package has and where each of these ends; `None` where
    /// there are not as many.
    pub(super) fn new(which: Vec<u16>, ends: Vec<u32>) -> Option<Self> {
        let (mut all, mut lists) = (0, 0_usize);
        let before = which.iter().map(|which| {
            let before = lists;
            all |= *which;
            lists += which.count_ones() as usize;
            u32::try_from(before).unwrap_or(u32::MAX)
        });
        let before = before.collect();
        let are_known = all < 1 << List::ALL.len();
        (are_known && lists == ends.len()).then_some(Self { which, before, ends })
    }

    /// Begins with the next package, which has no list yet.
    pub(super) fn start(&mut self) {
        self.which.push(0);
        self.before.push(u32::try_from(self.ends.len()).unwrap_or(u32::MAX));
    }

    /// Lets a list of the last package end there. It has none behind that one.
    pub(super) fn extend_to(&mut self, list: List, end: u32) {
        let Some(which) = self.which.last_mut() else { return };
        match self.ends.last_mut() {
            Some(last) if *which & bit(list) != 0 => *last = end,
            _ => {
                *which |= bit(list);
                self.ends.push(end);
            }
        }
    }

    /// Where the lists of a package from one to another are.
    pub(super) fn span(&self, package: usize, first: List, last: List) -> Range<usize> {
        let which = self.which.get(package).copied().unwrap_or_default();
        let up_to_last = which & (bit(last) | (bit(last) - 1));
        let before_first = which & (bit(first) - 1);
        if up_to_last == before_first {
            return 0..0;
        }
        let lists = self.before.get(package).copied().unwrap_or_default();
        let end = |before: u16| {
            let at = (lists + before.count_ones()).checked_sub(1);
            at.and_then(|at| self.ends.get(at as usize)).map_or(0, |end| *end as usize)
        };
        end(before_first)..end(up_to_last)
    }

    /// Which lists each package has.
    pub(super) fn which(&self) -> &[u16] {
        &self.which
    }

    /// Where each list that is there ends.
    pub(super) fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// Where each list of each package ends, those among them that are not there.
    pub(super) fn all_ends(&self) -> impl Iterator<Item = u32> {
        let mut ends = self.ends.iter();
        let mut last = 0;
        let each = self.which.iter().flat_map(|which| List::ALL.map(|list| which & bit(list) != 0));
        each.map(move |is_there| {
            if is_there {
                last = ends.next().copied().unwrap_or(last);
            }
            last
        })
    }

    /// Bytes it takes in memory.
    pub(super) fn memory(&self) -> usize {
        size_of::<u16>() * self.which.capacity()
            + size_of::<u32>() * (self.before.capacity() + self.ends.capacity())
    }
}

fn bit(list: List) -> u16 {
    1 << list as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Lists {
        let mut lists = Lists::default();
        lists.start();
        lists.extend_to(List::Provides, 1);
        lists.extend_to(List::Provides, 2);
        lists.extend_to(List::RequiresBefore, 5);
        lists.extend_to(List::Files, 6);
        lists.start();
        lists.start();
        lists.extend_to(List::Requires, 9);
        lists.extend_to(List::RequiresBefore, 10);
        lists
    }

    #[test]
    fn lists_that_are_not_there_are_empty() {
        let lists = three();
        let of = |package, list| lists.span(package, list, list);
        assert_eq!([of(0, List::Provides), of(0, List::Files)], [0..2, 5..6]);
        assert_eq!([of(2, List::Requires), of(2, List::RequiresBefore)], [6..9, 9..10]);
        for (package, list) in [(0, List::Requires), (1, List::Files), (2, List::Files)] {
            assert!(of(package, list).is_empty(), "{package} {list:?}");
        }
        assert!(of(3, List::Provides).is_empty());
    }

    #[test]
    fn lists_beside_each_other_are_one_span() {
        let lists = three();
        let requires = |package| lists.span(package, List::Requires, List::RequiresBefore);
        assert_eq!([requires(0), requires(2)], [2..5, 6..10]);
        assert!(requires(1).is_empty());
    }

    #[test]
    fn they_are_told_with_and_without_empty_ones() {
        let lists = three();
        let again = Lists::new(lists.which().to_vec(), lists.ends().to_vec());
        assert_eq!(again.as_ref(), Some(&lists));
        let all: Vec<u32> = lists.all_ends().collect();
        assert_eq!(all[..10], [2, 2, 5, 5, 5, 5, 5, 5, 5, 6]);
        assert_eq!(all[10..], [[6; 10], [6, 9, 10, 10, 10, 10, 10, 10, 10, 10]].concat());
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        assert_eq!(Lists::new(vec![0b11], vec![1]), None);
        assert_eq!(Lists::new(vec![1 << List::ALL.len()], vec![1]), None);
    }
}
