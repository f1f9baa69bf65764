//! What reading a repository gave, as bytes that are read back in a fraction of
//! the time.
//!
//! ```text
//! magic (8) version (4) crc32 of all that follows (4) key (4 + n)
//! counts, then columns of little-endian numbers, then texts
//! ```
//!
//! A file that was cut, damaged or made up is told from a whole one: everything
//! that other code relies on is checked when it is read, in one pass over it. A
//! cache that is refused is made again from the metadata.

mod bytes;
mod check;

use thiserror::Error;

use super::data::{DETAIL_TEXTS, Details, RepositoryData};
use super::files::ListedFiles;
use super::packages::{List, Packages, Row};
use super::strings::{StringId, Texts};
use super::term::{Operator, Relation, Term};
use bytes::{Cursor, Writer};

/// The version of both formats. A file of another one is refused.
///
/// - 1: the first.
pub const VERSION: u32 = 1;

const PACKAGES: &[u8; 8] = b"ELEVpkg\n";
const LISTED: &[u8; 8] = b"ELEVfil\n";

/// A cache that is not read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CacheError {
    /// It begins like no such file.
    #[error("is no cache of this kind")]
    Kind,
    /// It is of another version.
    #[error("is of version {0}, not {VERSION}")]
    Version(u32),
    /// It was made of something else.
    #[error("was made of other metadata")]
    Key,
    /// It is shorter or longer than it says.
    #[error("is cut off, or goes on behind its end")]
    Cut,
    /// Its checksum is another one.
    #[error("is damaged: the checksum does not match")]
    Checksum,
    /// What it holds cannot be.
    #[error("is damaged: its {0} cannot be")]
    Wrong(&'static str),
}

/// The packages of a repository as bytes. The key says what they were read from.
pub fn encode(data: &RepositoryData, key: &str) -> Vec<u8> {
    let mut to = begin(PACKAGES, key);
    let RepositoryData { texts, relations, packages, details } = data;
    for count in [
        texts.len(),
        texts.bytes.len(),
        relations.len(),
        packages.len(),
        packages.terms.len(),
        details.texts.bytes.len(),
    ] {
        to.length(count);
    }
    to.u32s(texts.ends.iter().copied());
    for Relation { left, operator, right } in relations {
        to.u32s([left.0, right.0].into_iter());
        to.bytes.push(operator.code());
    }
    for Row { name, evr, arch, vendor, build_time } in &packages.rows {
        to.u32s([name, evr, arch, vendor].into_iter().map(|id| id.0));
        to.u64(*build_time);
    }
    to.u32s(packages.ends.iter().copied());
    to.u32s(packages.terms.iter().map(|term| term.0));
    to.u32s(details.source_rpm.iter().chain(&details.base).map(|id| id.0));
    to.u64s(&details.package_size);
    to.u64s(&details.installed_size);
    to.u32s(details.texts.ends.iter().copied());
    to.text(&texts.bytes);
    to.text(&details.texts.bytes);
    end(to)
}

/// The packages of a repository from what [`encode`] made of them.
///
/// # Errors
///
/// Bytes that are no whole cache of this version under this key.
pub fn decode(bytes: &[u8], key: &str) -> Result<RepositoryData, CacheError> {
    let mut from = open(bytes, PACKAGES, key)?;
    let [texts, text_bytes, relations, packages, terms, detail_bytes] = counts(&mut from)?;
    let text_ends = from.u32s(texts, |end| end)?;
    let relations = from.records(relations)?.iter().map(relation).collect::<Option<_>>();
    let rows = from.records(packages)?.iter().filter_map(row).collect();
    let lists = packages.checked_mul(List::ALL.len()).ok_or(CacheError::Cut)?;
    let ends = from.u32s(lists, |end| end)?;
    let terms = from.u32s(terms, Term)?;
    let source_rpm = from.u32s(packages, StringId)?;
    let base = from.u32s(packages, StringId)?;
    let package_size = from.u64s(packages)?;
    let installed_size = from.u64s(packages)?;
    let detail_ends = from.u32s(packages * DETAIL_TEXTS, |end| end)?;
    let texts = Texts { bytes: from.text(text_bytes)?.to_owned(), ends: text_ends };
    let detail_texts = Texts { bytes: from.text(detail_bytes)?.to_owned(), ends: detail_ends };
    if !from.rest().is_empty() {
        return Err(CacheError::Cut);
    }
    let data = RepositoryData {
        texts,
        relations: relations.ok_or(CacheError::Wrong("relations"))?,
        packages: Packages { rows, ends, terms },
        details: Details { source_rpm, base, package_size, installed_size, texts: detail_texts },
    };
    check::packages(&data)?;
    Ok(data)
}

/// What a search through file lists found, as bytes.
pub fn encode_listed(listed: &ListedFiles, key: &str) -> Vec<u8> {
    let mut to = begin(LISTED, key);
    to.length(listed.asked.len());
    to.length(listed.found.len());
    for path in &listed.asked {
        to.length(path.len());
    }
    to.u32s(listed.found.iter().flat_map(|(package, path)| [*package, *path]));
    listed.asked.iter().for_each(|path| to.text(path));
    end(to)
}

/// What a search found, from what [`encode_listed`] made of it, in a repository
/// of so many packages.
///
/// # Errors
///
/// Bytes that are no whole cache of this version under this key.
pub fn decode_listed(bytes: &[u8], key: &str, packages: usize) -> Result<ListedFiles, CacheError> {
    let mut from = open(bytes, LISTED, key)?;
    let [asked, found] = counts(&mut from)?;
    let lengths = from.u32s(asked, |length| length as usize)?;
    let found = from.records(found)?.iter().filter_map(pair).collect();
    let asked = lengths.into_iter().map(|length| Ok(from.text(length)?.to_owned()));
    let listed = ListedFiles { asked: asked.collect::<Result<_, CacheError>>()?, found };
    if !from.rest().is_empty() {
        return Err(CacheError::Cut);
    }
    check::listed(&listed, packages)?;
    Ok(listed)
}

/// Where the checksum is, and what it is of.
const CHECKSUM: usize = 12;

fn begin(magic: &[u8], key: &str) -> Writer {
    let mut to = Writer::default();
    to.bytes.extend_from_slice(magic);
    to.u32(VERSION);
    to.u32(0);
    to.length(key.len());
    to.text(key);
    to
}

fn end(to: Writer) -> Vec<u8> {
    let mut bytes = to.bytes;
    if let Some((head, content)) = bytes.split_at_mut_checked(CHECKSUM + 4) {
        head[CHECKSUM..].copy_from_slice(&crc32fast::hash(content).to_le_bytes());
    }
    bytes
}

fn open<'a>(bytes: &'a [u8], magic: &[u8; 8], key: &str) -> Result<Cursor<'a>, CacheError> {
    let mut from = Cursor::new(bytes);
    if !bytes.starts_with(magic) {
        return Err(CacheError::Kind);
    }
    from.take(magic.len())?;
    match from.u32()? {
        VERSION => {}
        version => return Err(CacheError::Version(version)),
    }
    let checksum = from.u32()?;
    let content = from.rest();
    if crc32fast::hash(content) != checksum {
        return Err(CacheError::Checksum);
    }
    let mut from = Cursor::new(content);
    let length = from.length()?;
    if from.take(length)? != key.as_bytes() {
        return Err(CacheError::Key);
    }
    Ok(from)
}

fn counts<const N: usize>(from: &mut Cursor<'_>) -> Result<[usize; N], CacheError> {
    let mut counts = [0; N];
    for count in &mut counts {
        *count = from.length()?;
    }
    Ok(counts)
}

fn relation(bytes: &[u8; 9]) -> Option<Relation> {
    let ([left, right], [code]) = bytes.as_chunks() else { return None };
    let [left, right] = [left, right].map(|side| Term(u32::from_le_bytes(*side)));
    Some(Relation { left, operator: Operator::from_code(*code)?, right })
}

fn row(bytes: &[u8; 24]) -> Option<Row> {
    let (numbers, build_time) = bytes.split_last_chunk()?;
    let [name, evr, arch, vendor] = numbers.as_chunks().0 else { return None };
    let [name, evr, arch, vendor] =
        [name, evr, arch, vendor].map(|id| StringId(u32::from_le_bytes(*id)));
    Some(Row { name, evr, arch, vendor, build_time: u64::from_le_bytes(*build_time) })
}

fn pair(bytes: &[u8; 8]) -> Option<(u32, u32)> {
    let [first, second] = bytes.as_chunks().0 else { return None };
    Some((u32::from_le_bytes(*first), u32::from_le_bytes(*second)))
}

#[cfg(test)]
mod tests;
