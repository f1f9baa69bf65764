//! One repository, read: what a cache keeps of it.

mod layout;
mod write;

use super::packages::{List, Row};
use super::strings::StringId;
use super::term::{Relation, Term, TermKind};

pub(super) use layout::{Counts, Sections};
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

/// How many texts of its own the details of a package have: location, kind of
/// checksum and checksum.
pub(super) const DETAIL_TEXTS: usize = 3;

/// What is said of a package beside its dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PackageDetails<'a> {
    /// File name of the source package; empty where there is none.
    pub source_rpm: &'a str,
    /// Address below which `location` is; empty where that is the repository.
    pub base: &'a str,
    /// Path of the package.
    pub location: &'a str,
    /// Kind of the checksum: `sha256` ...
    pub checksum_kind: &'a str,
    /// Checksum of the package, in hexadecimal; its id in the repository.
    pub checksum: &'a str,
    /// Bytes to download.
    pub package_size: u64,
    /// Bytes when installed.
    pub installed_size: u64,
}

/// What is said of a package, as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct DetailRow {
    pub(super) source_rpm: StringId,
    pub(super) base: StringId,
    /// Where its texts end.
    pub(super) ends: [u32; DETAIL_TEXTS],
    pub(super) package_size: u64,
    pub(super) installed_size: u64,
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
    pub fn details(&self, package: usize) -> PackageDetails<'_> {
        let rows = self.at.records(&self.bytes, &self.at.details);
        let row = |at: usize| rows.get(at).map(detail_row);
        let before = package.checked_sub(1).and_then(row);
        let Some(row) = row(package) else { return PackageDetails::default() };
        let start = before.map_or(0, |before| before.ends[DETAIL_TEXTS - 1]);
        let [location, checksum_kind, checksum] = row.ends;
        let own = |start: u32, end: u32| text(self.detail_text(), start, end);
        PackageDetails {
            source_rpm: self.text(row.source_rpm),
            base: self.text(row.base),
            location: own(start, location),
            checksum_kind: own(location, checksum_kind),
            checksum: own(checksum_kind, checksum),
            package_size: row.package_size,
            installed_size: row.installed_size,
        }
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
        Some(Self { at: Sections::of(&bytes, start)?, bytes })
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
        self.at.records(&self.bytes, &self.at.details).iter().map(detail_row)
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

fn detail_row(bytes: &[u8; 36]) -> DetailRow {
    let [source_rpm, base, location, kind, checksum, size, size_high, installed, installed_high] =
        numbers(bytes);
    DetailRow {
        source_rpm: StringId(source_rpm),
        base: StringId(base),
        ends: [location, kind, checksum],
        package_size: wide(size, size_high),
        installed_size: wide(installed, installed_high),
    }
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
