//! Who provides what: packages by the names they provide, and the meaning of
//! versions and rich operators in between (solver-rules.md A1.6).

use super::solvable::SolvableId;
use super::strings::{Full, StringId, number};

/// Packages by the name they provide, each once, in the order of their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Providers {
    /// Where the list of each name ends.
    pub(super) ends: Vec<u32>,
    pub(super) list: Vec<SolvableId>,
}

impl Providers {
    /// Of pairs in the order of their packages; `each` goes over them all, and is
    /// called twice.
    pub(super) fn new(
        names: usize,
        each: impl Fn(&mut dyn FnMut(StringId, SolvableId)),
    ) -> Result<Self, Full> {
        let mut ends = vec![0u32; names];
        let mut last = vec![SolvableId(0); names];
        let mut total = 0usize;
        let is_new = |last: &mut [SolvableId], name: StringId, package| {
            let known = last.get_mut(name.index());
            known.is_some_and(|known| std::mem::replace(known, package) != package)
        };
        each(&mut |name, package| {
            if is_new(&mut last, name, package) {
                ends[name.index()] = ends[name.index()].saturating_add(1);
                total += 1;
            }
        });
        number(total, "provides")?;
        // Each end is where its list starts until the list is filled.
        let mut start = 0;
        for end in &mut ends {
            start += std::mem::replace(end, start);
        }
        let mut list = vec![SolvableId(0); total];
        last.fill(SolvableId(0));
        each(&mut |name, package| {
            if is_new(&mut last, name, package) {
                let end = &mut ends[name.index()];
                list[*end as usize] = package;
                *end += 1;
            }
        });
        Ok(Self { ends, list })
    }

    /// Providers of a name.
    pub(super) fn of(&self, name: StringId) -> &[SolvableId] {
        let start = match name.index().checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before).copied().unwrap_or_default(),
        };
        let end = self.ends.get(name.index()).copied().unwrap_or_default();
        self.list.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Bytes it takes in memory.
    pub(super) fn memory(&self) -> usize {
        4 * (self.ends.capacity() + self.list.capacity())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_once_among_the_providers_of_a_name() {
        let sorted = [(1, 5), (1, 5), (0, 5), (1, 6), (0, 9), (1, 9)];
        let providers = Providers::new(3, |tell| {
            for (name, package) in sorted {
                tell(StringId(name), SolvableId(package));
            }
        });
        let providers = providers.unwrap();
        let of = |name| providers.of(StringId(name)).iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!((of(0), of(1), of(2), of(7)), (vec![5, 9], vec![5, 6, 9], vec![], vec![]));
    }
}
