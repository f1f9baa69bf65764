//! United repositories as bytes: a file of what they say and one of packages, so
//! that both are read side by side.
//!
//! ```text
//! texts     counts: texts, their bytes, relations; seed (64 bits)
//!           ends of texts, 1 number each
//!           relations, 9 bytes each
//!           index of texts and of relations: ends of buckets, 1 number each; what is
//!           in them, 1 number each
//!           texts, UTF-8
//! packages  counts: checksum of the first file, texts, relations, packages, lists,
//!           terms, providers, paths, files, repositories
//!           packages, 24 bytes each; sizes, 16 bytes each
//!           which lists each package has, 2 bytes each; ends of lists, 1 number each;
//!           terms, 1 number each
//!           ends of providers, 1 number a text; providers, 1 number each
//!           paths, 1 number each; files, 2 numbers each
//!           packages, flag and bytes of remarks of each repository
//!           remarks, UTF-8, lines
//! ```

use std::sync::Arc;

use super::columns::Columns;
use super::{CHECKSUM_AT, CacheError, check, number, sealed};
use crate::repository::Value;
use crate::universe::data::{self, Writer};
use crate::universe::index::Index;
use crate::universe::lists::Lists;
use crate::universe::packages::{Packages, Row};
use crate::universe::pool::Pool;
use crate::universe::providers::Providers;
use crate::universe::solvable::SolvableId;
use crate::universe::strings::{StringId, Texts};
use crate::universe::term::Term;
use crate::universe::united::{Part, Sizes, United};

const TEXTS: &[u8; 8] = b"ELEVtxt\n";
const PACKAGES: &[u8; 8] = b"ELEVuni\n";

/// United repositories as two files. The key says what was united.
pub(in crate::universe) fn encode_united(united: &United, key: &str) -> [Vec<u8>; 2] {
    let texts = sealed(TEXTS, key, &texts(&united.pool));
    let checksum = number(&texts, CHECKSUM_AT).unwrap_or_default();
    let packages = sealed(PACKAGES, key, &packages(united, checksum));
    [texts, packages]
}

/// United repositories from what [`encode_united`] made of them.
///
/// # Errors
///
/// Bytes that are no whole cache of this version under this key.
pub(in crate::universe) fn decode_united(
    texts: &mut Value,
    packages: &mut Value,
    key: &str,
) -> Result<United, CacheError> {
    let (pool, united) =
        rayon::join(|| decode_texts(texts, key), || decode_packages(packages, key));
    let ((pool, checksum), (united, of)) = (pool?, united?);
    let known = Of { checksum, texts: pool.texts.len(), relations: pool.relations.len() };
    if of != known {
        return Err(CacheError::Wrong("texts"));
    }
    Ok(United { pool: Arc::new(pool), ..united })
}

/// A length that was counted in 32 bits when it was made.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn texts(pool: &Pool) -> Vec<u8> {
    let Pool { texts, relations, seed, by_text, by_relation } = pool;
    let mut to = Writer::default();
    to.numbers([texts.len(), texts.bytes.len(), relations.len()].map(count));
    to.wide(*seed);
    to.numbers(texts.ends.iter().copied());
    to.bytes.extend_from_slice(relations.as_flattened());
    for index in [by_text, by_relation] {
        to.numbers(index.ends.iter().chain(&index.marked).copied());
    }
    to.bytes.extend_from_slice(texts.bytes.as_bytes());
    to.bytes
}

fn decode_texts(value: &mut Value, key: &str) -> Result<(Pool, u32), CacheError> {
    let mut from = Columns::open(value, TEXTS, key)?;
    let [texts, bytes, relations, low, high] = from.counts()?;
    let (texts, relations) = (texts as usize, relations as usize);
    let ends = from.numbers(texts)?;
    let relations = from.arrays(relations)?;
    check::relations(&relations, texts)?;
    let by_text = index(&mut from, texts)?;
    let by_relation = index(&mut from, relations.len())?;
    let bytes = check::text(from.bytes(bytes as usize)?, &ends)?;
    let checksum = from.checksum();
    from.finish()?;
    let (texts, seed) = (Texts { bytes, ends }, data::wide(low, high));
    Ok((Pool { texts, relations, seed, by_text, by_relation }, checksum))
}

fn index(from: &mut Columns<'_>, things: usize) -> Result<Index, CacheError> {
    let ends = from.numbers(Index::buckets(things))?;
    let index = Index { ends, marked: from.numbers(things)? };
    check::index(&index).map(|()| index)
}

fn packages(united: &United, checksum: u32) -> Vec<u8> {
    let United { pool, packages, sizes, paths, files, providers, parts } = united;
    let remarks: String = parts.iter().map(|part| part.remarks.as_str()).collect();
    let mut to = Writer::default();
    to.numbers([checksum]);
    let counts = [
        pool.texts.len(),
        pool.relations.len(),
        packages.len(),
        packages.lists.ends().len(),
        packages.terms.len(),
        providers.list.len(),
        paths.len(),
        files.len(),
        parts.len(),
    ];
    to.numbers(counts.map(count));
    packages.rows.iter().for_each(|row| to.row(row));
    for Sizes { download, installed } in sizes {
        to.wide(*download);
        to.wide(*installed);
    }
    packages.lists.which().iter().for_each(|which| to.bytes.extend(which.to_le_bytes()));
    to.numbers(packages.lists.ends().iter().copied());
    to.numbers(packages.terms.iter().map(|term| term.0));
    to.numbers(providers.ends.iter().copied());
    to.numbers(providers.list.iter().map(|package| package.0));
    to.numbers(paths.iter().map(|path| path.0));
    to.numbers(files.iter().flat_map(|(package, path)| [package.0, path.0]));
    for part in parts {
        to.numbers([part.packages, u32::from(part.is_searched), count(part.remarks.len())]);
    }
    to.bytes.extend_from_slice(remarks.as_bytes());
    to.bytes
}

/// What packages are made of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Of {
    checksum: u32,
    pub(super) texts: usize,
    pub(super) relations: usize,
}

fn decode_packages(value: &mut Value, key: &str) -> Result<(United, Of), CacheError> {
    let mut from = Columns::open(value, PACKAGES, key)?;
    let [checksum] = from.counts()?;
    let counts: [u32; 9] = from.counts()?;
    let [texts, relations, packages, lists, terms, providers, paths, files, parts] =
        counts.map(|count| count as usize);
    let of = Of { checksum, texts, relations };
    let rows = from.records(packages, Row::of_bytes)?;
    check::rows(&rows, &of)?;
    let sizes = from.records(packages, |bytes| {
        let [a, b, c, d] = data::numbers::<4>(bytes as &[u8; 16]);
        Sizes { download: data::wide(a, b), installed: data::wide(c, d) }
    })?;
    let which = from.records(packages, |bytes| u16::from_le_bytes(*bytes))?;
    let lists = Lists::new(which, from.numbers(lists)?).ok_or(CacheError::Wrong("lists"))?;
    check::lists(&lists, terms)?;
    let terms = from.records(terms, |bytes| Term(u32::from_le_bytes(*bytes)))?;
    check::terms(&terms, &of)?;
    let packages = Packages { rows, lists, terms };
    let package = |bytes: &[u8; 4]| SolvableId(u32::from_le_bytes(*bytes));
    let text = |bytes: &[u8; 4]| StringId(u32::from_le_bytes(*bytes));
    let providers =
        Providers { ends: from.numbers(texts)?, list: from.records(providers, package)? };
    let paths = from.records(paths, text)?;
    let files = from.records(files, |bytes| {
        let [package, path] = data::numbers::<2>(bytes as &[u8; 8]);
        (SolvableId(package), StringId(path))
    })?;
    let parts = parts_of(&mut from, parts)?;
    from.finish()?;
    let pool = Arc::default();
    let united = United { pool, packages, sizes, paths, files, providers, parts };
    check::united(&united, &of).map(|()| (united, of))
}

fn parts_of(from: &mut Columns<'_>, count: usize) -> Result<Vec<Part>, CacheError> {
    let rows = from.records(count, |bytes| data::numbers::<3>(bytes as &[u8; 12]))?;
    let part = |[packages, is_searched, remarks]: [u32; 3]| {
        let remarks = String::from_utf8(from.bytes(remarks as usize)?);
        let remarks = remarks.map_err(|_| CacheError::Wrong("remarks"))?;
        Ok(Part { packages, is_searched: is_searched == 1, remarks })
    };
    rows.into_iter().map(part).collect()
}
