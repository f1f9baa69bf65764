//! A `primary.xml` in batches that can be read side by side.
//!
//! A text is cut behind a `</package>`, and each batch is made a document of its
//! own: what the cut took of the outermost element is put back around it. Whether
//! the cut was right is not guessed: it was where such a document can be read
//! without a fault. The reader is then at its end outside of all packages, comments
//! and texts, within the outermost element, and there it is when it begins with
//! the next batch. So where all batches can be read, they hold what the whole text
//! holds; and where one cannot, the text is to be read as a whole, which tells what
//! is wrong and where.

use std::io::Read;

use super::reading::Reading;
use super::{MAX_PACKAGES, Package};
use crate::rpm::metadata::{
    Input, MAX_EVENT, MetadataRemark, Oddity, Place, Remarks, Source, Xml, has_controls,
};

/// How much is in a batch, in bytes, and the most where it has large packages. An
/// event in it cannot be too long.
const USUAL: usize = 1 << 20;
const MOST: usize = 3 << 20;
const _: () = assert!((MOST as u64) < MAX_EVENT);

const OPEN: &[u8] = b"<metadata>";
const CUT: &[u8] = b"</package>";
const CLOSE: &[u8] = b"</metadata>";

/// Cuts a text into batches.
pub struct Batches<R> {
    from: R,
    usual: usize,
    /// What is to be in the next batch, with what it begins with.
    text: Vec<u8>,
    is_at_end: bool,
}

/// Some packages that stand one behind the other.
pub struct Batch {
    text: Vec<u8>,
}

/// The text cannot be read in batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotInBatches;

impl<R: Read> Batches<R> {
    /// Of a text, decompressed.
    pub fn new(from: R) -> Self {
        Self::of_size(from, USUAL)
    }

    /// Of about so many bytes, of which there are fewer than [`MOST`].
    fn of_size(from: R, usual: usize) -> Self {
        Self { from, usual, text: Vec::new(), is_at_end: false }
    }

    /// The next batch.
    ///
    /// # Errors
    ///
    /// Where there is no place to cut, and where `from` fails.
    #[expect(clippy::should_implement_trait, reason = "the error ends it")]
    pub fn next(&mut self) -> Result<Option<Batch>, NotInBatches> {
        while !self.is_at_end {
            if self.text.len() + self.usual > MOST {
                return Err(NotInBatches);
            }
            self.read()?;
            if !self.is_at_end
                && let Some(batch) = self.cut()
            {
                return Ok(Some(batch));
            }
        }
        let text = std::mem::take(&mut self.text);
        Ok((!text.is_empty()).then_some(Batch { text }))
    }

    fn read(&mut self) -> Result<(), NotInBatches> {
        self.text.reserve(self.usual + CLOSE.len());
        let read = self.from.by_ref().take(self.usual as u64).read_to_end(&mut self.text);
        self.is_at_end = read.map_err(|_| NotInBatches)? < self.usual;
        Ok(())
    }

    /// Cuts off what is there, up to the end of the last package.
    fn cut(&mut self) -> Option<Batch> {
        let at = self.text.windows(CUT.len()).rposition(|part| part == CUT)? + CUT.len();
        let rest = self.text.get(at..).unwrap_or_default();
        let next = [OPEN, rest].concat();
        let mut text = std::mem::replace(&mut self.text, next);
        text.truncate(at);
        text.extend_from_slice(CLOSE);
        Some(Batch { text })
    }
}

impl Batch {
    /// Hands its packages to `take`.
    ///
    /// # Errors
    ///
    /// Where it is no document of its own, and where `take` says so.
    pub fn read(
        &self,
        shown: &str,
        take: impl FnMut(&Package<'_>) -> Result<(), NotInBatches>,
    ) -> Result<Together, NotInBatches> {
        match std::str::from_utf8(&self.text) {
            Ok(text) if !has_controls(text.as_bytes()) => {
                read(Reading::new(Xml::over(text.as_bytes()), shown), take)
            }
            _ => read(Reading::<Source<_>>::new(Xml::new(&*self.text), shown), take),
        }
    }
}

fn read<I: Input>(
    mut reading: Reading<I>,
    mut take: impl FnMut(&Package<'_>) -> Result<(), NotInBatches>,
) -> Result<Together, NotInBatches> {
    let stated = reading.begin().map_err(|_| NotInBatches)?;
    while reading.advance().map_err(|_| NotInBatches)? {
        take(&reading.package())?;
    }
    Ok(Together { stated, last: reading.place(), remarks: reading.into_remarks() })
}

/// What batches say beside their packages.
#[derive(Debug, Default)]
pub struct Together {
    stated: Option<u64>,
    /// The last package.
    last: Place,
    remarks: Remarks,
}

impl Together {
    /// How many packages there are to be.
    pub fn stated(&self) -> Option<u64> {
        self.stated
    }

    /// Adds what the next batch says.
    ///
    /// # Errors
    ///
    /// Where there is more of it than is kept, and where there are too many packages.
    pub fn join(&mut self, next: Together) -> Result<(), NotInBatches> {
        self.stated = self.stated.or(next.stated);
        let is_whole = self.remarks.join(next.remarks, &self.last);
        self.last = next.last.behind(&self.last);
        if is_whole && self.last.package <= MAX_PACKAGES { Ok(()) } else { Err(NotInBatches) }
    }

    /// What is odd.
    pub fn into_remarks(mut self, shown: &str) -> Vec<MetadataRemark> {
        let found = self.last.package;
        if let Some(stated) = self.stated.filter(|stated| *stated != found) {
            let at = || (shown.to_owned(), Place::default());
            self.remarks.note(Oddity::Count { stated, found }, at);
        }
        self.remarks.into_list()
    }
}

#[cfg(test)]
mod tests;
