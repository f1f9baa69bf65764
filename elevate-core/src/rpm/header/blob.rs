//! The container of a header: an index of tags and a store of values.
//!
//! Every number in it is checked against the bytes that are there before it is
//! used, so that what reads values later cannot go wrong.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{HeaderError, MAX_BYTES, tag};

/// Most tags of a header, as in rpm.
const MAX_ENTRIES: u32 = 65_535;
/// Most texts of one tag: what a header of [`MAX_BYTES`] could hold many times
/// over would take many times its size in memory.
const MAX_TEXTS: u32 = 4 << 20;
/// Bytes of an index entry, and of the entry that closes a region.
const ENTRY: usize = 16;
/// The numbers of index entries and of bytes in the store.
const INTRODUCTION: usize = 8;

/// How the values of a tag are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    /// Integers of so many bytes, big endian.
    Numbers(usize),
    /// One text.
    Text,
    Bytes,
    Texts,
    /// A text in several languages, the untranslated one first.
    Translated,
}

impl Kind {
    fn from_number(number: u32) -> Option<Kind> {
        Some(match number {
            0 => Kind::Null,
            1 | 2 => Kind::Numbers(1),
            3 => Kind::Numbers(2),
            4 => Kind::Numbers(4),
            5 => Kind::Numbers(8),
            6 => Kind::Text,
            7 => Kind::Bytes,
            8 => Kind::Texts,
            9 => Kind::Translated,
            _ => return None,
        })
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self, Kind::Text | Kind::Texts | Kind::Translated)
    }
}

/// Where the values of a tag are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    pub(super) count: u32,
    start: usize,
    end: usize,
}

/// A header whose structure was checked.
#[derive(Debug, Clone)]
pub(super) struct Blob {
    bytes: Vec<u8>,
    entries: BTreeMap<u32, Entry>,
}

/// The bytes a header takes from its introduction on.
///
/// # Errors
///
/// Numbers no header has.
pub(super) fn length(introduction: [u8; INTRODUCTION]) -> Result<usize, HeaderError> {
    let entries = number(&introduction, 0);
    let store = number(&introduction, 4);
    if entries == 0 || entries > MAX_ENTRIES {
        return Err(damaged(0, format!("says it has {entries} tags; a header has 1 to 65535")));
    }
    let length = INTRODUCTION + entries as usize * ENTRY + store as usize;
    if length > MAX_BYTES {
        Err(HeaderError::TooLarge { bytes: length as u64 })
    } else {
        Ok(length)
    }
}

impl Blob {
    /// Takes a header without its magic number, and nothing after it.
    pub(super) fn parse(bytes: Vec<u8>) -> Result<Blob, HeaderError> {
        if bytes.len() > MAX_BYTES {
            return Err(HeaderError::TooLarge { bytes: bytes.len() as u64 });
        }
        let Some(introduction) = bytes.first_chunk() else {
            return Err(damaged(0, format!("is {} bytes long, too short", bytes.len())));
        };
        let said = length(*introduction)?;
        if said != bytes.len() {
            let why = format!("says it is {said} bytes long, and {} are there", bytes.len());
            return Err(damaged(0, why));
        }
        let count = number(&bytes, 0) as usize;
        let mut blob = Blob { bytes, entries: BTreeMap::new() };
        blob.entries = Index { bytes: &blob.bytes, count, used: 0 }.read()?;
        Ok(blob)
    }

    pub(super) fn entry(&self, tag: u32) -> Option<Entry> {
        self.entries.get(&tag).copied()
    }

    /// The values of a tag as they are stored.
    pub(super) fn bytes(&self, tag: u32) -> Option<&[u8]> {
        let entry = self.entries.get(&tag)?;
        self.bytes.get(entry.start..entry.end)
    }

    /// The texts of a tag; none where the tag is not there or no text.
    pub(super) fn texts(&self, tag: u32) -> impl Iterator<Item = &[u8]> + Clone {
        let is_text = self.entry(tag).is_some_and(|entry| entry.kind.is_text());
        let bytes = self.bytes(tag).filter(|_| is_text).unwrap_or_default();
        // The store ends each text with a zero, the last one too.
        bytes.split_inclusive(|&b| b == 0).map(|text| text.strip_suffix(&[0]).unwrap_or(text))
    }

    /// The integers of a tag; none where the tag is not there or no integer.
    pub(super) fn numbers(&self, tag: u32) -> impl Iterator<Item = u64> + Clone + '_ {
        let (width, bytes) = match self.entry(tag).map(|entry| entry.kind) {
            Some(Kind::Numbers(width)) => (width, self.bytes(tag).unwrap_or_default()),
            _ => (1, &[][..]),
        };
        bytes.chunks_exact(width).map(|n| n.iter().fold(0, |sum, &b| (sum << 8) | u64::from(b)))
    }
}

/// Bytes as text; what is not UTF-8 becomes U+FFFD. Nearly all of it is, and that
/// is known in a fraction of the time the other way takes.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

struct Index<'a> {
    bytes: &'a [u8],
    count: usize,
    /// Bytes of the store that entries take so far.
    used: usize,
}

impl Index<'_> {
    /// Entries after the region were added later and stand for those of the
    /// same tag in it, as rpm has it; file names in three parts stand for the
    /// old list of whole names too.
    fn read(mut self) -> Result<BTreeMap<u32, Entry>, HeaderError> {
        let region = self.region()?;
        let mut entries = BTreeMap::new();
        for index in 0..region {
            let (tag, entry) = self.entry(index)?;
            if entries.insert(tag, entry).is_some() {
                return Err(self.damaged(index, format!("has tag {tag} a second time")));
            }
        }
        for index in region..self.count {
            let (tag, entry) = self.entry(index)?;
            entries.insert(tag, entry);
            if tag == tag::BASENAMES {
                entries.remove(&tag::OLD_FILE_NAMES);
            }
        }
        Ok(entries)
    }

    /// How many entries the region holds: all of them in a header without one.
    fn region(&self) -> Result<usize, HeaderError> {
        let at = INTRODUCTION;
        if !matches!(number(self.bytes, at), tag::HEADER_IMAGE..=tag::HEADER_IMMUTABLE) {
            return Ok(self.count);
        }
        let (kind, offset, count) =
            (number(self.bytes, at + 4), number(self.bytes, at + 8), number(self.bytes, at + 12));
        let trailer = self.store().and_then(|store| {
            let start = store.checked_add(offset as usize)?;
            self.bytes.get(start..start.checked_add(ENTRY)?)
        });
        let Some(trailer) = trailer.filter(|_| kind == 7 && count as usize == ENTRY) else {
            return Err(self.damaged(0, "is a region that does not end in the header".to_owned()));
        };
        // The trailer points back over the region's entries with a negative number.
        let back = number(trailer, 8).wrapping_neg() as usize;
        let entries = back / ENTRY;
        if !back.is_multiple_of(ENTRY) || entries == 0 || entries > self.count {
            let why = format!("is a region of {back} bytes, which is no number of its entries");
            return Err(self.damaged(0, why));
        }
        Ok(entries)
    }

    fn store(&self) -> Option<usize> {
        Some(INTRODUCTION + self.count.checked_mul(ENTRY)?)
    }

    fn entry(&mut self, index: usize) -> Result<(u32, Entry), HeaderError> {
        let at = INTRODUCTION + index * ENTRY;
        let (tag, kind) = (number(self.bytes, at), number(self.bytes, at + 4));
        let (offset, count) = (number(self.bytes, at + 8), number(self.bytes, at + 12));
        let Some(kind) = Kind::from_number(kind) else {
            return Err(self.damaged(index, format!("has type {kind}, which there is none of")));
        };
        let store = self.store().and_then(|store| self.bytes.get(store..)).unwrap_or_default();
        let values = store.get(offset as usize..).unwrap_or_default();
        let Some(length) = length_of(kind, count, values) else {
            let why = format!(
                "has {count} values at {offset} of a store of {} bytes, where they do not fit",
                store.len()
            );
            return Err(self.damaged(index, format!("tag {tag} {why}")));
        };
        // Bounds the work on texts, which are counted zero by zero.
        self.used += length;
        if self.used > store.len() {
            return Err(self.damaged(index, format!("tag {tag} overlaps with other tags")));
        }
        let start = self.bytes.len() - store.len() + offset as usize;
        Ok((tag, Entry { kind, count, start, end: start + length }))
    }

    fn damaged(&self, index: usize, why: String) -> HeaderError {
        damaged(INTRODUCTION + index * ENTRY, why)
    }
}

/// The bytes `count` values take at the beginning of `values`.
fn length_of(kind: Kind, count: u32, values: &[u8]) -> Option<usize> {
    let length = match kind {
        Kind::Null => 0,
        Kind::Numbers(width) => width.checked_mul(count as usize)?,
        Kind::Bytes => count as usize,
        Kind::Text if count != 1 => return None,
        Kind::Text | Kind::Texts | Kind::Translated if count > MAX_TEXTS => return None,
        Kind::Text | Kind::Texts | Kind::Translated => texts_end(values, count)?,
    };
    (length <= values.len() && (count > 0 || kind == Kind::Null)).then_some(length)
}

/// Where the `count`th zero stands, that one included. Zeros are counted so many
/// bytes at a time, which takes a fraction of the time of one by one.
fn texts_end(values: &[u8], count: u32) -> Option<usize> {
    const AT_ONCE: usize = 64;
    let mut wanted = count as usize;
    for (index, part) in values.chunks(AT_ONCE).enumerate() {
        let zeros = usize::from(part.iter().map(|&b| u8::from(b == 0)).sum::<u8>());
        if zeros >= wanted {
            let mut ends = part.iter().enumerate().filter(|(_, b)| **b == 0);
            let (at, _) = ends.nth(wanted.checked_sub(1)?)?;
            return Some(index * AT_ONCE + at + 1);
        }
        wanted -= zeros;
    }
    None
}

/// Four bytes, big endian; 0 beyond the end.
fn number(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..).and_then(<[u8]>::first_chunk);
    four.map_or(0, |four| u32::from_be_bytes(*four))
}

fn damaged(offset: usize, why: String) -> HeaderError {
    HeaderError::Damaged { offset: offset as u64, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_texts_is_found_wherever_it_is() {
        let all = [0, 1, 1, 0].repeat(100);
        for count in 0..=201_u32 {
            let one_by_one = all.iter().enumerate().filter(|(_, b)| **b == 0).map(|(at, _)| at + 1);
            let expected = (count as usize).checked_sub(1).and_then(|n| one_by_one.clone().nth(n));
            assert_eq!(texts_end(&all, count), expected, "{count}");
        }
        assert_eq!((texts_end(&[0; 64], 64), texts_end(&[1; 200], 1)), (Some(64), None));
        assert_eq!((texts_end(&[], 0), texts_end(&[], 1)), (None, None));
    }
}
