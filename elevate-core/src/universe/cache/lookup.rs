//! What is said of single packages, from a cache of a repository of which nothing else
//! is read: a plan asks for some packages of many.

use std::io::SeekFrom;
use std::ops::Range;

use super::{CacheError, HEAD, PACKAGES, start};
use crate::repository::Value;
use crate::universe::data::{COUNTS, DetailRow, PackageDetails, Sections};

/// Where such a cache has what is said of packages.
pub(in crate::universe) struct Lookup {
    rows: Range<usize>,
    texts: Range<usize>,
}

impl Lookup {
    /// Reads where everything is.
    ///
    /// # Errors
    ///
    /// Bytes that are no cache of this version under this key, or not as long as they say.
    pub(in crate::universe) fn open(value: &mut Value, key: &str) -> Result<Self, CacheError> {
        let head = read(value, 0..HEAD + 4 + key.len() + COUNTS)?;
        let start = start(&head, PACKAGES, key)?;
        let length = usize::try_from(value.length).map_err(|_| CacheError::Cut)?;
        let counts = head.get(start..).unwrap_or_default();
        let sections = Sections::of(counts, start, length).ok_or(CacheError::Cut)?;
        Ok(Self { rows: sections.details, texts: sections.detail_text })
    }

    /// What is said of a package, by its number from 0.
    ///
    /// # Errors
    ///
    /// Where the package is not there, or was damaged.
    pub(in crate::universe) fn details(
        &self,
        value: &mut Value,
        package: usize,
    ) -> Result<PackageDetails<String>, CacheError> {
        // Its texts begin where those of the package before it end.
        let before = package.min(1);
        let at = self.rows.start + (package - before) * DetailRow::BYTES;
        let rows = self.rows.end.min(at + (before + 1) * DetailRow::BYTES);
        let rows = read(value, at..rows)?;
        let rows = rows.as_chunks().0;
        let bytes = rows.get(before).ok_or(CacheError::Cut)?;
        let row = DetailRow::of_bytes(bytes);
        let begin = if before == 0 { 0 } else { DetailRow::of_bytes(&rows[0]).end() };
        let own = self.texts.start + begin as usize..self.texts.start + row.end() as usize;
        if own.start > own.end || own.end > self.texts.end {
            return Err(CacheError::Wrong("details"));
        }
        let texts = read(value, own)?;
        if !DetailRow::is_intact(bytes, &texts) {
            return Err(CacheError::Checksum);
        }
        Ok(row.details(begin, &texts).owned())
    }
}

/// Bytes from there to there.
fn read(value: &mut Value, at: Range<usize>) -> Result<Vec<u8>, CacheError> {
    let mut bytes = vec![0; at.len()];
    let sought = value.bytes.seek(SeekFrom::Start(at.start as u64));
    sought.and_then(|_| value.bytes.read_exact(&mut bytes)).map_err(|_| CacheError::Cut)?;
    Ok(bytes)
}
