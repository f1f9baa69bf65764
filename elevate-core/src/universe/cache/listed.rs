//! What a search through complete file lists found, as bytes.
//!
//! ```text
//! number of paths, of remarks, of findings
//! length of each path and remark, then package and path of each finding
//! paths and remarks
//! ```

use super::{CacheError, check, is_intact, number, sealed, start};
use crate::universe::files::ListedFiles;

const LISTED: &[u8; 8] = b"ELEVfil\n";

/// What a search found as bytes. The key says what was searched, and for what.
pub fn encode_listed(listed: &ListedFiles, key: &str) -> Vec<u8> {
    let ListedFiles { asked, found, remarks } = listed;
    // What has a length was counted in 32 bits when it was found.
    let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let counts = [length(asked.len()), length(remarks.len()), length(found.len())];
    let texts = || asked.iter().chain(remarks);
    let lengths = texts().map(|text| length(text.len()));
    let found = found.iter().flat_map(|(package, path)| [*package, *path]);
    let numbers = counts.into_iter().chain(lengths).chain(found);
    let mut content: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
    texts().for_each(|text| content.extend_from_slice(text.as_bytes()));
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
    let mut rest = bytes.get(start..).unwrap_or_default();
    let [asked, remarks, found] = [0, 4, 8].map(|at| number(rest, at).map(|count| count as usize));
    let (asked, remarks, found) = (asked?, remarks?, found?);
    take(&mut rest, 12)?;
    let lengths = records::<4>(&mut rest, asked.checked_add(remarks).ok_or(CacheError::Cut)?)?;
    let found = records(&mut rest, found)?.iter().filter_map(pair).collect();
    let text = |length: &[u8; 4]| {
        let text = take(&mut rest, u32::from_le_bytes(*length) as usize)?;
        String::from_utf8(text.to_vec()).map_err(|_| CacheError::Wrong("texts"))
    };
    let mut asked_and_remarks = lengths.iter().map(text).collect::<Result<Vec<_>, _>>()?;
    if !rest.is_empty() {
        return Err(CacheError::Cut);
    }
    let remarks = asked_and_remarks.split_off(asked.min(asked_and_remarks.len()));
    let listed = ListedFiles { asked: asked_and_remarks, found, remarks };
    check::listed(&listed, packages).map(|()| listed)
}

fn take<'b>(rest: &mut &'b [u8], length: usize) -> Result<&'b [u8], CacheError> {
    rest.split_off(..length).ok_or(CacheError::Cut)
}

fn records<'b, const N: usize>(
    rest: &mut &'b [u8],
    count: usize,
) -> Result<&'b [[u8; N]], CacheError> {
    let length = count.checked_mul(N).ok_or(CacheError::Cut)?;
    Ok(take(rest, length)?.as_chunks().0)
}

fn pair(bytes: &[u8; 8]) -> Option<(u32, u32)> {
    let [first, second] = bytes.as_chunks().0 else { return None };
    Some((u32::from_le_bytes(*first), u32::from_le_bytes(*second)))
}
