//! What reading a repository gave, as bytes that are read back in a fraction of
//! the time.
//!
//! ```text
//! magic (8) version (4) crc32 of all that follows (4) length of key (4) key
//! the repository, as RepositoryData has it in memory
//! ```
//!
//! A file that was cut, damaged or made up is told from a whole one: everything
//! that other code relies on is checked when it is read, in one pass over it. A
//! cache that is refused is made again from the metadata.

mod check;
mod columns;
mod listed;
mod lookup;
mod united;

use std::thread;

use thiserror::Error;

use super::data::RepositoryData;

pub use listed::{decode_listed, encode_listed};
pub(super) use lookup::Lookup;
pub(super) use united::{decode_united, encode_united};

/// The version of all formats. A file of another one is refused.
///
/// - 1: the first.
/// - 2: united repositories have no room for lists that packages have not, and a
///   smaller index.
/// - 3: the details of each package have a checksum, and no source package.
pub const VERSION: u32 = 3;

const PACKAGES: &[u8; 8] = b"ELEVpkg\n";

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
    sealed(PACKAGES, key, data.bytes())
}

/// The packages of a repository from what [`encode`] made of them. The bytes
/// themselves are kept: what is done here is checking them.
///
/// # Errors
///
/// Bytes that are no whole cache of this version under this key.
pub fn decode(bytes: Vec<u8>, key: &str) -> Result<RepositoryData, CacheError> {
    let start = start(&bytes, PACKAGES, key)?;
    let data = RepositoryData::over(bytes, start).ok_or(CacheError::Cut)?;
    // The two halves take the same time.
    let (text, numbers) = thread::scope(|scope| {
        let text = scope.spawn(|| is_intact(data.file()).and_then(|()| check::texts(&data)));
        let numbers = check::numbers(&data);
        (text.join(), numbers)
    });
    match text {
        Ok(text) => text.and(numbers).map(|()| data),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// What comes before the content; the checksum is of what follows it.
const HEAD: usize = 16;
const VERSION_AT: usize = 8;
const CHECKSUM_AT: usize = 12;

/// A file of this content.
fn sealed(magic: &[u8; 8], key: &str, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(key.len()).unwrap_or(u32::MAX);
    let mut rest = Vec::with_capacity(HEAD + 4 + key.len() + content.len());
    rest.extend_from_slice(magic);
    rest.extend_from_slice(&VERSION.to_le_bytes());
    rest.extend_from_slice(&[0; HEAD - CHECKSUM_AT]);
    rest.extend_from_slice(&length.to_le_bytes());
    rest.extend_from_slice(key.as_bytes());
    rest.extend_from_slice(content);
    seal(&mut rest);
    rest
}

/// Writes the checksum.
fn seal(file: &mut [u8]) {
    if let Some((head, rest)) = file.split_at_mut_checked(HEAD) {
        head[CHECKSUM_AT..].copy_from_slice(&crc32fast::hash(rest).to_le_bytes());
    }
}

/// Where the content of a file begins.
fn start(file: &[u8], magic: &[u8; 8], key: &str) -> Result<usize, CacheError> {
    if !file.starts_with(magic) {
        return Err(CacheError::Kind);
    }
    match number(file, VERSION_AT)? {
        VERSION => {}
        version => return Err(CacheError::Version(version)),
    }
    let start = HEAD + 4;
    let end = start.checked_add(number(file, HEAD)? as usize).ok_or(CacheError::Cut)?;
    match file.get(start..end) {
        Some(found) if found == key.as_bytes() => Ok(end),
        Some(_) => Err(CacheError::Key),
        None => Err(CacheError::Cut),
    }
}

fn is_intact(file: &[u8]) -> Result<(), CacheError> {
    let rest = file.get(HEAD..).ok_or(CacheError::Cut)?;
    if crc32fast::hash(rest) == number(file, CHECKSUM_AT)? {
        Ok(())
    } else {
        Err(CacheError::Checksum)
    }
}

fn number(bytes: &[u8], at: usize) -> Result<u32, CacheError> {
    let number = bytes.get(at..).and_then(|rest| rest.first_chunk());
    number.map(|bytes| u32::from_le_bytes(*bytes)).ok_or(CacheError::Cut)
}

#[cfg(test)]
mod tests;
