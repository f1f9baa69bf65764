//! What a search through complete file lists found, as bytes.
//!
//! ```text
//! number of paths, number of findings
//! length of each path, then package and path of each finding
//! paths
//! ```

use super::{CacheError, check, is_intact, number, sealed, start};
use crate::universe::files::ListedFiles;

const LISTED: &[u8; 8] = b"ELEVfil\n";

/// What a search found as bytes. The key says what was searched, and for what.
pub fn encode_listed(listed: &ListedFiles, key: &str) -> Vec<u8> {
    let ListedFiles { asked, found } = listed;
    // What has a length was counted in 32 bits when it was found.
    let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let counts = [length(asked.len()), length(found.len())];
    let lengths = asked.iter().map(|path| length(path.len()));
    let found = found.iter().flat_map(|(package, path)| [*package, *path]);
    let numbers = counts.into_iter().chain(lengths).chain(found);
    let mut content: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
    asked.iter().for_each(|path| content.extend_from_slice(path.as_bytes()));
    sealed(LISTED, key, &content)
}

/// What a search found, from what [`encode_listed`] made of it, in a repository
/// of so many packages.
///
/// # Errors
///
/// Bytes that are no whole cache of this version under this key.
pub fn decode_listed(bytes: &[u8], key: &str, packages: usize) -> Result<ListedFiles, CacheError> {
    let start = start(bytes, LISTED, key)?;
    is_intact(bytes)?;
    let content = bytes.get(start..).unwrap_or_default();
    let (asked, found) = (number(content, 0)? as usize, number(content, 4)? as usize);
    let at = |count: usize, size: usize, from: usize| {
        count.checked_mul(size).and_then(|length| length.checked_add(from)).ok_or(CacheError::Cut)
    };
    let (lengths, pairs) = (8, at(asked, 4, 8)?);
    let texts = at(found, 8, pairs)?;
    let section = |from: usize, to: usize| content.get(from..to).ok_or(CacheError::Cut);
    let found = section(pairs, texts)?.as_chunks::<8>().0.iter().filter_map(pair).collect();
    let mut rest = content.get(texts..).ok_or(CacheError::Cut)?;
    let mut path = |length: &[u8; 4]| {
        let length = u32::from_le_bytes(*length) as usize;
        let (path, after) = rest.split_at_checked(length).ok_or(CacheError::Cut)?;
        rest = after;
        String::from_utf8(path.to_vec()).map_err(|_| CacheError::Wrong("paths"))
    };
    let lengths = section(lengths, pairs)?.as_chunks().0;
    let asked = lengths.iter().map(&mut path).collect::<Result<_, _>>()?;
    if !rest.is_empty() {
        return Err(CacheError::Cut);
    }
    let listed = ListedFiles { asked, found };
    check::listed(&listed, packages).map(|()| listed)
}

fn pair(bytes: &[u8; 8]) -> Option<(u32, u32)> {
    let [first, second] = bytes.as_chunks().0 else { return None };
    Some((u32::from_le_bytes(*first), u32::from_le_bytes(*second)))
}
