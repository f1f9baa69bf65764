//! `primary.xml`: the packages of a repository, one after the other.
//!
//! [`Reader`] lends each [`Package`] until the next one is asked for and reuses
//! its memory, so that a file of any length is read in the room of its largest
//! package. What is taken and what is left out is what libsolv's reader does
//! (`add_rpmmd`, found by experiment with 0.7.35): `<format>` is transparent, of
//! elements that are there twice the last one counts, a package without an
//! architecture is `noarch`.
//!
//! [`Batches`] cuts the text into documents that can be read side by side, and
//! their [`Batch::read`] gives what a [`Reader`] of the whole text gives.

mod batch;
mod builder;
mod package;
mod reading;

use std::io::Read;

use super::metadata::{MetadataError, MetadataRemark, Oddity, Source, Xml};
use reading::Reading;

pub use batch::{Batch, Batches, NotInBatches, Together};
pub use package::{Dependency, FileKind, Package};

/// The most packages of one file.
pub const MAX_PACKAGES: u64 = 2_000_000;
/// The most dependencies of one kind, and the most files, of one package.
pub const MAX_LIST: usize = 1_000_000;
/// The longest text of one package, all names and versions together, in bytes.
pub const MAX_TEXT: usize = 64 << 20;

/// Reads packages from the text of a `primary.xml`, decompressed.
pub struct Reader<R> {
    reading: Reading<Source<R>>,
    expected: Option<u64>,
    /// The same, until it was compared with what there is.
    stated: Option<u64>,
}

impl<R: Read> Reader<R> {
    /// Begins to read; `shown` is what the file is called in messages. Nothing of
    /// `from` is read twice, and what is read at once is 64 KiB, so that it needs
    /// no buffer.
    ///
    /// # Errors
    ///
    /// Where the text is no XML, or begins with another element than `<metadata>`.
    pub fn new(from: R, shown: &str) -> Result<Self, MetadataError> {
        let mut reading = Reading::new(Xml::new(from), shown);
        let expected = reading.begin()?;
        Ok(Self { reading, expected, stated: expected })
    }

    /// How many packages the file says it has.
    pub fn expected(&self) -> Option<u64> {
        self.expected
    }

    /// What is odd so far.
    pub fn remarks(&self) -> &[MetadataRemark] {
        self.reading.remarks().list()
    }

    /// What is odd.
    pub fn into_remarks(self) -> Vec<MetadataRemark> {
        self.reading.into_remarks().into_list()
    }

    /// The next package; `None` at the end of the file, and after an error.
    ///
    /// # Errors
    ///
    /// Broken XML, a file that is cut off, and a checksum that is none. They name
    /// the package.
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot lend")]
    pub fn next(&mut self) -> Result<Option<Package<'_>>, MetadataError> {
        match self.reading.advance() {
            Ok(true) => return Ok(Some(self.reading.package())),
            Ok(false) => self.compare(),
            Err(error) => {
                self.stated = None;
                return Err(error);
            }
        }
        Ok(None)
    }

    /// Compares the number of packages with what the file says, once.
    fn compare(&mut self) {
        let found = self.reading.place().package;
        if let Some(stated) = self.stated.take().filter(|stated| *stated != found) {
            self.reading.note(Oddity::Count { stated, found });
        }
    }
}

#[cfg(test)]
mod tests;
