//! What the readers of repository metadata share: their errors, their remarks,
//! checksums, and XML that cannot be made to fill the memory.
//!
//! Metadata is read as libsolv's reader does, which is what dnf sees, with two
//! differences: what libsolv leaves out without a word is remarked on, and bytes
//! that are not UTF-8 do not end the reading.

mod checksum;
mod remark;
mod source;
mod xml;

use std::io;
use std::sync::Arc;

use thiserror::Error;

pub use checksum::{Algorithm, Checksum, ChecksumError};
pub(super) use remark::Remarks;
pub(crate) use remark::excerpt;
pub use remark::{MetadataRemark, Oddity, Place};
pub(super) use source::{Input, Source, has_controls};
pub(super) use xml::{Tag, Token, Xml, is_blank};

/// The longest tag, text or comment, in bytes. The longest known is a
/// description of 70 KB.
pub const MAX_EVENT: u64 = 4 << 20;
/// How deep elements may stand in each other. Metadata needs five levels.
pub const MAX_DEPTH: usize = 64;

/// Metadata that cannot be read.
#[derive(Debug, Clone, Error)]
#[error("{file}: byte {offset}{}: {fault}", of(.place))]
pub struct MetadataError {
    /// The file, as it is shown.
    pub file: String,
    /// Which part of it, such as `package 17 (bash), rpm:requires`; empty for the
    /// file as a whole.
    pub place: String,
    /// Where in the decompressed text, in bytes. A byte that is not UTF-8 counts
    /// as the three of its replacement.
    pub offset: u64,
    /// What is wrong there.
    pub fault: Fault,
}

fn of(place: &str) -> String {
    if place.is_empty() { String::new() } else { format!(", {place}") }
}

/// What is wrong with metadata.
#[derive(Debug, Clone, Error)]
pub enum Fault {
    /// The bytes cannot be had or decompressed.
    #[error("{0}")]
    Io(Arc<io::Error>),
    /// XML does not allow this.
    #[error("{0}")]
    Xml(String),
    /// XML does not allow this character.
    #[error("control character {0:#04x}")]
    Control(u8),
    /// A tag, a text or a comment is too long.
    #[error("a tag or a text of more than {MAX_EVENT} bytes")]
    LongEvent,
    /// Elements stand too deep in each other.
    #[error("more than {MAX_DEPTH} elements in each other")]
    TooDeep,
    /// A document type with definitions: metadata has none, bombs do.
    #[error("a document type with definitions, which is refused")]
    Doctype,
    /// An entity that XML does not define by itself.
    #[error("&{0}; is not known")]
    Entity(String),
    /// The same attribute again in the same tag.
    #[error("attribute {0} is there twice")]
    Twice(String),
    /// There is no element at all.
    #[error("there is no XML in it")]
    Empty,
    /// It is something else.
    #[error("begins with <{found}>, not <{wanted}>")]
    Root {
        /// The element such a file begins with.
        wanted: &'static str,
        /// The one it begins with.
        found: String,
    },
    /// The file ends too early.
    #[error("the file ends here, within an element")]
    Cut,
    /// The file goes on after its end.
    #[error("something stands outside of the outermost element")]
    Outside,
    /// There is more of something than can be.
    #[error("more than {limit} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many are read.
        limit: u64,
    },
    /// A checksum that is none.
    #[error(transparent)]
    Checksum(#[from] ChecksumError),
}

impl Fault {
    /// Nothing, or that there are more than `most`.
    pub(crate) fn bound(count: usize, most: usize, what: &'static str) -> Result<(), Self> {
        if count > most {
            return Err(Fault::TooMany { what, limit: most as u64 });
        }
        Ok(())
    }

    /// The error, with file and place.
    pub(super) fn at(self, (file, place): (String, Place), offset: u64) -> MetadataError {
        let place = place.to_string();
        MetadataError { file, place, offset, fault: self }
    }
}

#[cfg(test)]
mod tests;
