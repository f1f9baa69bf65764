//! A set of page numbers, one bit each.

/// Pages below a limit that were seen.
#[derive(Debug, Clone)]
pub(super) struct Bitmap {
    bits: Vec<u64>,
    pages: u32,
}

impl Bitmap {
    /// For pages below this number, none of them seen.
    pub(super) fn new(pages: u32) -> Self {
        Self { bits: vec![0; (pages as usize).div_ceil(64)], pages }
    }

    /// Notes a page. False where it was seen before or is beyond the limit.
    pub(super) fn insert(&mut self, page: u32) -> bool {
        let bit = 1 << (page % 64);
        match self.bits.get_mut(page as usize / 64) {
            Some(bits) if page < self.pages => {
                let fresh = *bits & bit == 0;
                *bits |= bit;
                fresh
            }
            _ => false,
        }
    }

    /// Whether a page was seen.
    pub(super) fn contains(&self, page: u32) -> bool {
        self.bits.get(page as usize / 64).is_some_and(|bits| bits & (1 << (page % 64)) != 0)
    }

    /// How many pages were seen.
    pub(super) fn count(&self) -> u32 {
        self.bits.iter().map(|bits| bits.count_ones()).sum()
    }
}
