//! One repository, read: what a cache keeps of it.

mod layout;
mod write;

use super::packages::{List, Row};
use super::strings::StringId;
use super::term::{Relation, Term, TermKind};

pub(super) use layout::{COUNTS, Counts, Sections};
pub(super) use write::Writer;

/// The packages of one repository, in the order of its metadata, with their
/// dependencies and the files its primary metadata lists.
///
/// Texts and terms have numbers of their own in each repository; a
/// [`Target`](super::Target) unites several. It is kept as the bytes that a cache
/// is written with, so that reading a cache is no more than checking it.
#[derive(Debug, Clone)]
pub struct RepositoryData {
    bytes: Vec<u8>,
    at: Sections,
}

/// How many texts the details of a package have.
pub(super) const DETAIL_TEXTS: usize = 4;

/// What is said of a package beside its dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PackageDetails<Text> {
    /// Address below which `location` is; empty where that is the repository.
    pub base: Text,
    /// Path of the package.
    pub location: Text,
    /// Kind of the checksum: `sha256` ...
    pub checksum_kind: Text,
    /// Checksum of the package, in hexadecimal; its id in the repository.
    pub checksum: Text,
    /// Bytes to download.
    pub package_size: u64,
    /// Bytes when installed.
    pub installed_size: u64,
}

impl PackageDetails<&str> {
    /// The same with texts of its own.
    pub(super) fn owned(self) -> PackageDetails<String> {
        let Self { base, location, checksum_kind, checksum, package_size, installed_size } = self;
        PackageDetails {
            base: base.to_owned(),
            location: location.to_owned(),
            checksum_kind: checksum_kind.to_owned(),
            checksum: checksum.to_owned(),
            package_size,
            installed_size,
        }
    }
}

/// What is said of a package, as it is kept. It has a checksum of its own, so that it
/// can be read alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct DetailRow {
    /// Where its texts end.
    pub(super) ends: [u32; DETAIL_TEXTS],
    pub(super) package_size: u64,
    pub(super) installed_size: u64,
}

impl DetailRow {
    /// How many bytes it has, the last of which are its checksum.
    pub(super) const BYTES: usize = Self::CHECKSUM_AT + 4;
    const CHECKSUM_AT: usize = 4 * DETAIL_TEXTS + 16;

    /// Where its texts end together.
    pub(super) fn end(&self) -> u32 {
        self.ends[DETAIL_TEXTS - 1]
    }

    pub(super) fn of_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let [base, location, kind, checksum, size, size_high, installed, installed_high, _] =
            numbers(bytes);
        Self {
            ends: [base, location, kind, checksum],
            package_size: wide(size, size_high),
            installed_size: wide(installed, installed_high),
        }
    }

    /// Whether these bytes, and texts, are what was written.
    pub(super) fn is_intact(bytes: &[u8; Self::BYTES], texts: &[u8]) -> bool {
        let (row, checksum) = bytes.split_at(Self::CHECKSUM_AT);
        checksum == Self::checksum(row, texts).to_le_bytes()
    }

    /// The checksum of a row, whose bytes are these before it, and of its texts.
    pub(super) fn checksum(row: &[u8], texts: &[u8]) -> u32 {
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(row);
        checksum.update(texts);
        checksum.finalize()
    }

    /// What it says, by its texts, which begin there among those of all packages.
    pub(super) fn details<'t>(&self, start: u32, texts: &'t [u8]) -> PackageDetails<&'t str> {
        let mut begin = 0;
        let [base, location, checksum_kind, checksum] = self.ends.map(|end| {
            let end = end.saturating_sub(start);
            text(texts, std::mem::replace(&mut begin, end), end)
        });
        let Self { package_size, installed_size, .. } = *self;
        PackageDetails { base, location, checksum_kind, checksum, package_size, installed_size }
    }
}

impl RepositoryData {
    /// How many packages there are.
    pub fn len(&self) -> usize {
        self.rows().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is said of a package, by its number from 0.
    pub fn details(&self, package: usize) -> PackageDetails<&str> {
        let rows = self.at.records(&self.bytes, &self.at.details);
        let row = |at: usize| rows.get(at).map(DetailRow::of_bytes);
        let before = package.checked_sub(1).and_then(row);
        let Some(row) = row(package) else { return PackageDetails::default() };
        let start = before.map_or(0, |before| before.end());
        let own = start as usize..row.end() as usize;
        row.details(start, self.detail_text().get(own).unwrap_or_default())
    }

    /// The files of a package that the primary metadata lists.
    pub fn files(&self, package: usize) -> impl Iterator<Item = &str> {
        self.list(package, List::Files).map(|file| match file.kind() {
            TermKind::Text(id) => self.text(id),
            TermKind::Relation(_) => "",
        })
    }

    /// What is odd about its metadata, in words.
    pub fn remarks(&self) -> impl Iterator<Item = &str> {
        std::str::from_utf8(self.remark_text()).unwrap_or_default().lines()
    }

    /// Over bytes that begin there; only their lengths are looked at.
    pub(super) fn over(bytes: Vec<u8>, start: usize) -> Option<Self> {
        let at = Sections::of(bytes.get(start..)?, start, bytes.len())?;
        Some(Self { at, bytes })
    }

    /// The bytes it is made of.
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(self.at.start..).unwrap_or_default()
    }

    /// The bytes it is in.
    pub(super) fn file(&self) -> &[u8] {
        &self.bytes
    }

    /// How many texts there are.
    pub(super) fn texts(&self) -> usize {
        self.text_ends().len()
    }

    /// The text of this number; empty for one that is none.
    pub(super) fn text(&self, id: StringId) -> &str {
        let ends: &[[u8; 4]] = self.at.records(&self.bytes, &self.at.text_ends);
        let (start, end) = span(ends, id.index());
        text(self.all_text(), start, end)
    }

    /// All texts, one behind the other.
    pub(super) fn all_text(&self) -> &[u8] {
        self.at.bytes(&self.bytes, &self.at.text)
    }

    /// Where each text ends.
    pub(super) fn text_ends(&self) -> impl ExactSizeIterator<Item = u32> + Clone {
        self.at.records(&self.bytes, &self.at.text_ends).iter().map(|end| u32::from_le_bytes(*end))
    }

    /// The relations, in order. An operator that is none is passed over.
    pub(super) fn relations(&self) -> impl Iterator<Item = Relation> {
        self.relation_records().iter().filter_map(Relation::of_bytes)
    }

    /// The relations as they are kept.
    pub(super) fn relation_records(&self) -> &[[u8; Relation::BYTES]] {
        self.at.records(&self.bytes, &self.at.relations)
    }

    /// How many relations there are.
    pub(super) fn relation_count(&self) -> usize {
        self.relation_records().len()
    }

    /// The packages, in order.
    pub(super) fn rows(&self) -> impl ExactSizeIterator<Item = Row> {
        self.at.records(&self.bytes, &self.at.rows).iter().map(Row::of_bytes)
    }

    /// Where each list of each package ends among the terms.
    pub(super) fn list_ends(&self) -> impl ExactSizeIterator<Item = u32> + Clone {
        self.at.records(&self.bytes, &self.at.list_ends).iter().map(|end| u32::from_le_bytes(*end))
    }

    /// The terms of all lists.
    pub(super) fn terms(&self) -> impl ExactSizeIterator<Item = Term> {
        self.at.records(&self.bytes, &self.at.terms).iter().map(term)
    }

    /// The terms of a package in one list.
    pub(super) fn list(&self, package: usize, list: List) -> impl ExactSizeIterator<Item = Term> {
        let ends = self.at.records(&self.bytes, &self.at.list_ends);
        let at = package * List::ALL.len() + list as usize;
        let (start, end) = span(ends, at);
        let terms = self.at.records(&self.bytes, &self.at.terms);
        terms.get(start as usize..end as usize).unwrap_or_default().iter().map(term)
    }

    /// What is said of each package, in order.
    pub(super) fn detail_rows(&self) -> impl ExactSizeIterator<Item = DetailRow> + Clone {
        self.at.records(&self.bytes, &self.at.details).iter().map(DetailRow::of_bytes)
    }

    /// The remarks, a line each.
    pub(super) fn remark_text(&self) -> &[u8] {
        self.at.bytes(&self.bytes, &self.at.remarks)
    }

    /// Texts of the details, one behind the other.
    pub(super) fn detail_text(&self) -> &[u8] {
        self.at.bytes(&self.bytes, &self.at.detail_text)
    }
}

impl PartialEq for RepositoryData {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for RepositoryData {}

/// Start and end of a part, of which `ends` says where each ends.
fn span(ends: &[[u8; 4]], part: usize) -> (u32, u32) {
    let end = |at: usize| ends.get(at).map_or(0, |end| u32::from_le_bytes(*end));
    (part.checked_sub(1).map_or(0, end), end(part))
}

fn text(bytes: &[u8], start: u32, end: u32) -> &str {
    let bytes = bytes.get(start as usize..end as usize).unwrap_or_default();
    std::str::from_utf8(bytes).unwrap_or_default()
}

fn term(bytes: &[u8; 4]) -> Term {
    Term(u32::from_le_bytes(*bytes))
}

/// Numbers that stand one behind the other.
pub(super) fn numbers<const N: usize>(bytes: &[u8]) -> [u32; N] {
    let mut numbers = [0; N];
    for (number, bytes) in numbers.iter_mut().zip(bytes.as_chunks().0) {
        *number = u32::from_le_bytes(*bytes);
    }
    numbers
}

/// A number in two halves.
pub(super) fn wide(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}
