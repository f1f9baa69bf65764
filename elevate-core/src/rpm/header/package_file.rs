//! Headers with a magic number: in package files, and one after the other in
//! header lists.

use super::blob::{self, Blob};
use super::{HeaderError, Record, record};

const LEAD_MAGIC: [u8; 4] = [0xed, 0xab, 0xee, 0xdb];
const LEAD: usize = 96;
/// Three bytes, a version, four bytes of nothing.
const MAGIC: [u8; 4] = [0x8e, 0xad, 0xe8, 0x01];
const MAGIC_LENGTH: usize = 8;

/// Reads the header of a package file, whose content need not be there: lead,
/// signature, header.
///
/// # Errors
///
/// What is no package file, and a header that is damaged or cut off.
pub fn read_package_file(bytes: &[u8]) -> Result<Record, HeaderError> {
    if !bytes.starts_with(&LEAD_MAGIC) {
        return Err(damaged(0, "is no package file: its first bytes are not ed ab ee db"));
    }
    let (signature, end) = next(bytes, LEAD)?;
    // The signature is filled up to eight bytes.
    let (header, _) = next(bytes, end.next_multiple_of(8))?;
    record(Blob::parse(header.to_vec())?, Some(Blob::parse(signature.to_vec())?))
}

/// The headers of a header list (`hdlist`, `rpmdb --exportdb`), of which each
/// begins with a magic number. Ends after the first error.
#[derive(Debug, Clone)]
pub struct Headers<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Headers<'a> {
    /// Takes the whole list.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }
}

impl Iterator for Headers<'_> {
    type Item = Result<Record, HeaderError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let found = next(self.bytes, self.at);
        self.at = found.as_ref().map_or(self.bytes.len(), |(_, end)| *end);
        Some(found.and_then(|(header, _)| super::read(header.to_vec())))
    }
}

/// The header whose magic number is at a place, and where it ends.
fn next(bytes: &[u8], at: usize) -> Result<(&[u8], usize), HeaderError> {
    let here = bytes.get(at..).unwrap_or_default();
    if !here.starts_with(&MAGIC) {
        return Err(damaged(at, "no header begins here: 8e ad e8 01 is missing"));
    }
    let cut = || damaged(at, "a header begins here that is cut off");
    let start = at + MAGIC_LENGTH;
    let introduction = bytes.get(start..).and_then(<[u8]>::first_chunk).ok_or_else(cut)?;
    let end = start + blob::length(*introduction)?;
    Ok((bytes.get(start..end).ok_or_else(cut)?, end))
}

fn damaged(offset: usize, why: &str) -> HeaderError {
    HeaderError::Damaged { offset: offset as u64, why: why.to_owned() }
}
