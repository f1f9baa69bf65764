//! Pages after the first one.

use std::borrow::Cow;

use super::super::error::{Place, RpmDbError, read_at};
use super::super::source::ReadAt;
use super::meta::Meta;

/// Bytes of a page's own before its items.
const HEADER: usize = 26;
/// The same with a checksum, and where that stands.
const HEADER_WITH_CHECKSUM: usize = 32;
const CHECKSUM: usize = 28;
/// Where its kind stands.
const KIND: usize = 25;

/// Byte order of the numbers in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

impl Order {
    /// Four bytes as a number; 0 beyond the end.
    pub(super) fn u32(self, bytes: &[u8], at: usize) -> u32 {
        let four = bytes.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
        match self {
            Order::Little => u32::from_le_bytes(four),
            Order::Big => u32::from_be_bytes(four),
        }
    }

    fn u16(self, bytes: &[u8], at: usize) -> u16 {
        let two = bytes.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
        match self {
            Order::Little => u16::from_le_bytes(two),
            Order::Big => u16::from_be_bytes(two),
        }
    }

    /// Whether the four bytes at a place are the checksum of all bytes, with
    /// zeros for their own.
    pub(super) fn checksum_fits(self, bytes: &[u8], at: usize) -> bool {
        let add = |sum: u32, byte: &u8| sum.wrapping_mul(33).wrapping_add(u32::from(*byte));
        let before = bytes.iter().take(at).fold(0, add);
        let own = [0; 4].iter().fold(before, add);
        bytes.iter().skip(at + 4).fold(own, add) == self.u32(bytes, at)
    }
}

/// What a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageKind {
    Unused,
    Hash,
    Overflow,
    /// Of a B-tree, or a list: values of a key that has several.
    Duplicates,
    Other(u8),
}

fn kind(number: u8) -> PageKind {
    match number {
        0 => PageKind::Unused,
        2 | 13 => PageKind::Hash,
        7 => PageKind::Overflow,
        1 | 3..=6 | 12 => PageKind::Duplicates,
        kind => PageKind::Other(kind),
    }
}

/// An item of a hash page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    Data(&'a [u8]),
    Overflow { page: u32, length: u32 },
    Duplicates,
}

/// A page.
#[derive(Debug)]
pub(super) struct Page<'a> {
    place: Place,
    order: Order,
    /// Where its items begin.
    start: usize,
    bytes: Cow<'a, [u8]>,
}

/// Pages read at once because they follow each other, as the pages of a header
/// mostly do.
#[derive(Debug, Default)]
pub(super) struct Run {
    first: u32,
    count: u32,
    bytes: Vec<u8>,
}

impl Run {
    /// Pages read at once: where one does not follow the last run, and at most.
    const SHORTEST: u32 = 4;
    const LONGEST: u32 = 16;

    /// A page below the limit. One that follows the last run brings a run twice
    /// as long; any other a short one, so that scattered pages cost little more.
    pub(super) fn page(
        &mut self,
        source: &dyn ReadAt,
        meta: &Meta,
        number: u32,
        limit: u32,
    ) -> Result<Page<'_>, RpmDbError> {
        let size = meta.page_size as usize;
        if !(self.first..self.first + self.count).contains(&number) {
            let follows = number == self.first + self.count;
            let wanted = if follows { (self.count * 2).min(Self::LONGEST) } else { Self::SHORTEST };
            let wanted = wanted.min(limit.saturating_sub(number)).max(1);
            // A page after this one may be unreadable, which is not for here to say.
            self.read(source, meta, number, wanted)
                .or_else(|_| self.read(source, meta, number, 1))?;
        }
        let at = (number - self.first) as usize * size;
        let bytes = self.bytes.get(at..at + size).unwrap_or_default();
        Ok(Page::of(meta, number, Cow::Borrowed(bytes)))
    }

    fn read(
        &mut self,
        source: &dyn ReadAt,
        meta: &Meta,
        first: u32,
        count: u32,
    ) -> Result<(), RpmDbError> {
        self.count = 0;
        self.bytes.resize(count as usize * meta.page_size as usize, 0);
        read_at(source, meta.place(first), &mut self.bytes)?;
        (self.first, self.count) = (first, count);
        Ok(())
    }
}

impl<'a> Page<'a> {
    /// The least bytes of its own a page has before its items.
    pub(super) const HEADER: usize = HEADER;

    /// What a page is for, without reading all of it.
    pub(super) fn kind_of(
        source: &dyn ReadAt,
        meta: &Meta,
        number: u32,
    ) -> Result<PageKind, RpmDbError> {
        let mut header = [0; HEADER];
        read_at(source, meta.place(number), &mut header)?;
        Ok(kind(header[KIND]))
    }

    /// A page with nothing in it.
    pub(super) fn empty() -> Self {
        let bytes = Cow::Borrowed(&[][..]);
        Page { place: Place::default(), order: Order::Little, start: HEADER, bytes }
    }

    pub(super) fn read(source: &dyn ReadAt, meta: &Meta, number: u32) -> Result<Self, RpmDbError> {
        let mut bytes = vec![0; meta.page_size as usize];
        read_at(source, meta.place(number), &mut bytes)?;
        Ok(Self::of(meta, number, Cow::Owned(bytes)))
    }

    fn of(meta: &Meta, number: u32, bytes: Cow<'a, [u8]>) -> Self {
        let start = if meta.checksums { HEADER_WITH_CHECKSUM } else { HEADER };
        Page { place: meta.place(number), order: meta.order, start, bytes }
    }

    /// Whether the page is what it says, for one that is used.
    pub(super) fn check(&self) -> Result<(), RpmDbError> {
        let own = self.order.u32(&self.bytes, 8);
        if Some(own) != self.place.page {
            return Err(RpmDbError::damaged(self.place, format!("says it is page {own}")));
        }
        let checksums = self.start == HEADER_WITH_CHECKSUM;
        if checksums && !self.order.checksum_fits(&self.bytes, CHECKSUM) {
            return Err(RpmDbError::damaged(self.place, "its checksum is wrong"));
        }
        Ok(())
    }

    pub(super) fn kind(&self) -> PageKind {
        kind(self.bytes.get(KIND).copied().unwrap_or(0))
    }

    /// Pairs of a hash page.
    pub(super) fn pairs(&self) -> u16 {
        self.entries() / 2
    }

    pub(super) fn check_pairs(&self) -> Result<(), RpmDbError> {
        let entries = self.entries();
        if !entries.is_multiple_of(2) {
            let why = format!("has {entries} items, and so a key without value");
            return Err(RpmDbError::damaged(self.place, why));
        }
        if self.items_start() > self.bytes.len() {
            let why = format!("says it has {entries} items, for which it is too small");
            return Err(RpmDbError::damaged(self.place, why));
        }
        Ok(())
    }

    /// An item of a hash page. Items are laid down from the end of the page on.
    pub(super) fn item(&self, index: u16) -> Result<Item<'_>, RpmDbError> {
        let start = self.offset(index);
        let end = if index == 0 { self.bytes.len() } else { self.offset(index - 1) };
        let here = if start < self.items_start() { None } else { self.bytes.get(start..end) };
        match here.and_then(<[u8]>::split_first) {
            Some((1, data)) => Ok(Item::Data(data)),
            Some((2 | 4, _)) => Ok(Item::Duplicates),
            Some((3, rest)) if rest.len() == 11 => {
                let (page, length) = (self.order.u32(rest, 3), self.order.u32(rest, 7));
                Ok(Item::Overflow { page, length })
            }
            Some((kind, rest)) => {
                let why = format!("has type {kind} and {} bytes, as no item has", rest.len());
                Err(self.damaged(index, &why))
            }
            None => Err(self.damaged(index, &format!("lies at {start} to {end} of its page"))),
        }
    }

    /// What an overflow page holds.
    pub(super) fn overflow(&self) -> Result<&[u8], RpmDbError> {
        if self.kind() != PageKind::Overflow {
            return Err(RpmDbError::damaged(
                self.place,
                "is no overflow page, and a header goes on here",
            ));
        }
        let length = usize::from(self.order.u16(&self.bytes, 22));
        let data = self.bytes.get(self.start..self.start + length).filter(|data| !data.is_empty());
        data.ok_or_else(|| {
            RpmDbError::damaged(self.place, format!("says it holds {length} bytes of a header"))
        })
    }

    /// The next page of the chain; 0 at its end.
    pub(super) fn next(&self) -> u32 {
        self.order.u32(&self.bytes, 16)
    }

    /// Where the page begins.
    pub(super) fn start(&self) -> Place {
        self.place
    }

    /// Where an item is.
    pub(super) fn place(&self, index: u16) -> Place {
        Place { offset: self.place.offset + self.offset(index) as u64, ..self.place }
    }

    /// Says what is wrong with an item.
    pub(super) fn damaged(&self, index: u16, why: &str) -> RpmDbError {
        RpmDbError::damaged(self.place, format!("item {index} {why}"))
    }

    fn entries(&self) -> u16 {
        self.order.u16(&self.bytes, 20)
    }

    fn offset(&self, index: u16) -> usize {
        usize::from(self.order.u16(&self.bytes, self.start + usize::from(index) * 2))
    }

    fn items_start(&self) -> usize {
        self.start + usize::from(self.entries()) * 2
    }
}
