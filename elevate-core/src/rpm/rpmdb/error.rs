//! What can be wrong with a database, and where.

use std::fmt;
use std::io;

use thiserror::Error;

use super::source::{ReadAt, fill};
use crate::rpm::header::HeaderError;

/// A place in a database file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// Page, where the file has pages: from 0 in Berkeley DB, from 1 in SQLite.
    pub page: Option<u32>,
    /// Bytes from the beginning of the file.
    pub offset: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.page {
            Some(page) => write!(f, "page {page} (byte {})", self.offset),
            None => write!(f, "byte {}", self.offset),
        }
    }
}

/// Why a database, or a part of it, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RpmDbError {
    /// Its beginning is that of no database rpm uses.
    #[error("is no rpm database: {0}")]
    NotRecognised(String),
    /// It is one that is known and not read.
    #[error("{0}")]
    Refused(String),
    /// It is larger than any.
    #[error("is {bytes} bytes long; no rpm database has more than {} GiB", super::MAX_BYTES >> 30)]
    TooLarge {
        /// Its length.
        bytes: u64,
    },
    /// The system could not read it.
    #[error("{place}: cannot be read: {why}")]
    Unreadable {
        /// Where.
        place: Place,
        /// What the system said.
        why: String,
    },
    /// It is damaged, and what stood there is lost.
    #[error("{place}: {why}")]
    Damaged {
        /// Where.
        place: Place,
        /// What is wrong there.
        why: String,
    },
    /// The header of one package is damaged.
    #[error("{place}: package {instance}: {source}")]
    Header {
        /// Where it begins, or where the entry that leads to it is.
        place: Place,
        /// The number the database knows the package by.
        instance: u32,
        /// What is wrong with it.
        source: HeaderError,
    },
}

impl RpmDbError {
    pub(super) fn damaged(place: Place, why: impl Into<String>) -> Self {
        RpmDbError::Damaged { place, why: why.into() }
    }
}

/// Fills the buffer from the place on.
pub(super) fn read_at(
    source: &dyn ReadAt,
    place: Place,
    buffer: &mut [u8],
) -> Result<(), RpmDbError> {
    fill(source, place.offset, buffer).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            let why = format!("the file ends within the {} bytes from here", buffer.len());
            RpmDbError::damaged(place, why)
        }
        _ => RpmDbError::Unreadable { place, why: error.to_string() },
    })
}
