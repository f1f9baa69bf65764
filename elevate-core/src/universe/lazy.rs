//! Answers that are found when they are asked for, by numbers of which few are.

use std::cell::OnceCell;

/// Answers kept together.
const PAGE: usize = 256;

/// A table whose answers, and room for them, are made on demand.
#[derive(Debug)]
pub(super) struct Lazy<T> {
    pages: Vec<OnceCell<Box<[OnceCell<T>]>>>,
}

impl<T> Lazy<T> {
    /// None of so many.
    pub(super) fn new(count: usize) -> Self {
        Self { pages: (0..count.div_ceil(PAGE)).map(|_| OnceCell::new()).collect() }
    }

    /// An answer that was found.
    pub(super) fn get(&self, at: usize) -> Option<&T> {
        self.pages.get(at / PAGE)?.get()?.get(at % PAGE)?.get()
    }

    /// An answer, found now if it was not; `None` for a number that is none.
    pub(super) fn get_or_find(&self, at: usize, find: impl FnOnce() -> T) -> Option<&T> {
        let page = || (0..PAGE).map(|_| OnceCell::new()).collect();
        let page = self.pages.get(at / PAGE)?.get_or_init(page);
        Some(page.get(at % PAGE)?.get_or_init(find))
    }

    /// Answers that were found, by their numbers.
    pub(super) fn found(&self) -> impl Iterator<Item = &T> {
        let pages = self.pages.iter().filter_map(OnceCell::get);
        pages.flat_map(|page| page.iter().filter_map(OnceCell::get))
    }

    /// Bytes it takes in memory, without what answers point to.
    pub(super) fn memory(&self) -> usize {
        let pages = self.pages.iter().filter_map(OnceCell::get).count();
        size_of::<OnceCell<Box<[OnceCell<T>]>>>() * self.pages.capacity()
            + size_of::<OnceCell<T>>() * PAGE * pages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_found_once() {
        let lazy = Lazy::new(PAGE + 1);
        assert_eq!(lazy.get(PAGE), None);
        assert_eq!(lazy.get_or_find(PAGE, || 7), Some(&7));
        assert_eq!(lazy.get_or_find(PAGE, || 8), Some(&7));
        assert_eq!(lazy.get(PAGE), Some(&7));
        assert_eq!(lazy.found().collect::<Vec<_>>(), [&7]);
    }

    #[test]
    fn a_number_far_behind_the_last_has_no_answer() {
        let lazy = Lazy::new(3);
        assert_eq!(lazy.get_or_find(PAGE, || 7), None);
        assert_eq!(lazy.found().count(), 0);
    }
}
