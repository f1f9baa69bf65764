//! Where what is in the bytes of a repository.
//!
//! ```text
//! counts                 7 numbers: texts, their bytes, relations, packages, terms,
//!                        bytes of the details' texts, bytes of the remarks
//! ends of texts          1 number each
//! relations              2 terms, 1 byte of operator each
//! packages               name, version, architecture, vendor, build time (64 bits) each
//! ends of lists          10 numbers a package
//! terms                  1 number each
//! details                4 ends of texts, 2 sizes (64 bits), crc32 of these and of the
//!                        texts, a package
//! texts, details' texts  UTF-8
//! remarks                UTF-8, lines
//! ```
//!
//! Numbers have 32 bits where nothing else is said, and are little-endian.

use std::ops::Range;

use super::DetailRow;
use crate::universe::packages::List;
use crate::universe::term::Relation;

/// How many of everything there are.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::universe) struct Counts {
    pub(in crate::universe) texts: u32,
    pub(in crate::universe) text_bytes: u32,
    pub(in crate::universe) relations: u32,
    pub(in crate::universe) packages: u32,
    pub(in crate::universe) terms: u32,
    pub(in crate::universe) detail_bytes: u32,
    pub(in crate::universe) remark_bytes: u32,
}

/// Bytes of the counts.
pub(in crate::universe) const COUNTS: usize = 7 * size_of::<u32>();

impl Counts {
    /// The numbers, in the order of the bytes.
    pub(in crate::universe) fn numbers(self) -> [u32; 7] {
        let Self { texts, text_bytes, relations, packages, terms, detail_bytes, remark_bytes } =
            self;
        [texts, text_bytes, relations, packages, terms, detail_bytes, remark_bytes]
    }

    fn of(bytes: &[u8; COUNTS]) -> Self {
        let [texts, text_bytes, relations, packages, terms, detail_bytes, remark_bytes] =
            super::numbers(bytes);
        Self { texts, text_bytes, relations, packages, terms, detail_bytes, remark_bytes }
    }

    /// How long each section is, in bytes.
    fn lengths(self) -> Option<[usize; 9]> {
        let lists = u32::try_from(List::ALL.len()).ok()?;
        let lengths = [
            (self.texts, 4),
            (self.relations, Relation::BYTES),
            (self.packages, 24),
            (self.packages.checked_mul(lists)?, 4),
            (self.terms, 4),
            (self.packages, DetailRow::BYTES),
            (self.text_bytes, 1),
            (self.detail_bytes, 1),
            (self.remark_bytes, 1),
        ];
        Some(lengths.map(|(count, size)| count as usize * size))
    }
}

/// Where each section is.
#[derive(Debug, Clone)]
pub(in crate::universe) struct Sections {
    /// Where all of it begins.
    pub(super) start: usize,
    pub(super) text_ends: Range<usize>,
    pub(super) relations: Range<usize>,
    pub(super) rows: Range<usize>,
    pub(super) list_ends: Range<usize>,
    pub(super) terms: Range<usize>,
    pub(in crate::universe) details: Range<usize>,
    pub(super) text: Range<usize>,
    pub(in crate::universe) detail_text: Range<usize>,
    pub(super) remarks: Range<usize>,
}

impl Sections {
    /// By the counts, which stand at `start` among so many bytes; `None` where these are
    /// more or fewer.
    pub(in crate::universe) fn of(counts: &[u8], start: usize, length: usize) -> Option<Self> {
        let counts = Counts::of(counts.first_chunk()?);
        let mut end = start + COUNTS;
        let mut next = |length: usize| {
            let begin = end;
            end = begin.checked_add(length)?;
            Some(begin..end)
        };
        let [text_ends, relations, rows, list_ends, terms, details, text, detail_text, remarks] =
            counts.lengths()?.map(&mut next);
        let sections = Self {
            start,
            text_ends: text_ends?,
            relations: relations?,
            rows: rows?,
            list_ends: list_ends?,
            terms: terms?,
            details: details?,
            text: text?,
            detail_text: detail_text?,
            remarks: remarks?,
        };
        (end == length).then_some(sections)
    }

    pub(super) fn bytes<'b>(&self, bytes: &'b [u8], section: &Range<usize>) -> &'b [u8] {
        bytes.get(section.clone()).unwrap_or_default()
    }

    /// A section as records of `N` bytes.
    pub(super) fn records<'b, const N: usize>(
        &self,
        bytes: &'b [u8],
        section: &Range<usize>,
    ) -> &'b [[u8; N]] {
        self.bytes(bytes, section).as_chunks().0
    }
}
