//! `primary.xml`: the packages of a repository, one after the other.
//!
//! [`Reader`] lends each [`Package`] until the next one is asked for and reuses
//! its memory, so that a file of any length is read in the room of its largest
//! package. What is taken and what is left out is what libsolv's reader does
//! (`add_rpmmd`, found by experiment with 0.7.35): `<format>` is transparent, of
//! elements that are there twice the last one counts, a package without an
//! architecture is `noarch`.

mod builder;
mod package;

use std::io::Read;

use super::header::DependencyKind;
use super::metadata::{Fault, MetadataError, MetadataRemark, Oddity, Token, Xml, is_blank};
use builder::{Builder, Content};

pub use package::{Dependency, FileKind, Package};

/// The most packages of one file.
pub const MAX_PACKAGES: u64 = 2_000_000;
/// The most dependencies of one kind, and the most files, of one package.
pub const MAX_LIST: usize = 1_000_000;
/// The longest text of one package, all names and versions together, in bytes.
pub const MAX_TEXT: usize = 64 << 20;

/// Reads packages from the text of a `primary.xml`, decompressed.
pub struct Reader<R> {
    xml: Xml<R>,
    expected: Option<u64>,
    has_ended: bool,
    builder: Builder,
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
        let (xml, builder) = (Xml::new(from), Builder::new(shown));
        let mut reader = Self { xml, expected: None, has_ended: false, builder };
        match reader.begin() {
            Ok(()) => Ok(reader),
            Err(fault) => Err(reader.error(fault)),
        }
    }

    /// How many packages the file says it has.
    pub fn expected(&self) -> Option<u64> {
        self.expected
    }

    /// What is odd so far.
    pub fn remarks(&self) -> &[MetadataRemark] {
        self.builder.remarks.list()
    }

    /// What is odd.
    pub fn into_remarks(self) -> Vec<MetadataRemark> {
        self.builder.remarks.into_list()
    }

    /// The next package; `None` at the end of the file, and after an error.
    ///
    /// # Errors
    ///
    /// Broken XML, a file that is cut off, and a checksum that is none. They name
    /// the package.
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot lend")]
    pub fn next(&mut self) -> Result<Option<Package<'_>>, MetadataError> {
        while !self.has_ended {
            match self.advance() {
                Ok(true) if self.builder.is_complete() => {
                    return Ok(Some(self.builder.parts.package()));
                }
                Ok(is_package) => self.has_ended = !is_package,
                Err(fault) => return Err(self.error(fault)),
            }
        }
        Ok(None)
    }

    fn error(&mut self, fault: Fault) -> MetadataError {
        self.has_ended = true;
        let offset = self.xml.offset();
        fault.at(self.builder.place(), offset)
    }

    fn begin(&mut self) -> Result<(), Fault> {
        loop {
            if let Token::Start(tag) = self.xml.next()? {
                tag.must_be("metadata")?;
                let [packages] = tag.attributes(["packages"])?;
                self.expected = packages.and_then(|text| self.builder.number(&text));
                break;
            }
        }
        if let Some(encoding) = self.xml.encoding() {
            self.builder.note(Oddity::Encoding(encoding.to_owned()));
        }
        Ok(())
    }

    /// Reads up to the end of the next package, or of the file; says whether there
    /// is a package.
    fn advance(&mut self) -> Result<bool, Fault> {
        loop {
            match self.xml.next()? {
                Token::Start(tag) if tag.name() == "package" => {
                    if self.builder.begin(&tag)? {
                        self.package()?;
                        return Ok(true);
                    }
                    self.xml.skip()?;
                }
                Token::Start(tag) => {
                    self.builder.unknown(tag.name());
                    self.xml.skip()?;
                }
                Token::Text(text) if !is_blank(&text) => self.builder.note(Oddity::StrayText),
                Token::Text(_) | Token::End(_) => {}
                Token::Eof => {
                    self.builder.end(self.expected);
                    self.note_replaced();
                    return Ok(false);
                }
            }
        }
    }

    /// Reads a package, after its tag.
    fn package(&mut self) -> Result<(), Fault> {
        let depth = self.xml.depth();
        loop {
            match self.xml.next()? {
                Token::Start(tag) => {
                    let content = self.builder.start(&tag)?;
                    self.content(content)?;
                }
                Token::Text(text) if !is_blank(&text) => self.builder.note(Oddity::StrayText),
                Token::End(open) if open < depth => break,
                Token::Text(_) | Token::End(_) | Token::Eof => {}
            }
        }
        self.note_replaced();
        Ok(())
    }

    fn note_replaced(&mut self) {
        if self.xml.take_replaced() {
            self.builder.note(Oddity::NotUtf8);
        }
    }

    /// Reads the content of an element, up to its end.
    fn content(&mut self, content: Content) -> Result<(), Fault> {
        let start = self.builder.parts.text.len();
        match content {
            Content::Text(text) => {
                self.text()?;
                self.builder.set(text, start)
            }
            Content::File(kind) => {
                self.text()?;
                self.builder.file(kind, start)
            }
            Content::Dependencies(kind) => self.dependencies(kind),
            Content::Elements => Ok(()),
            Content::Nothing => self.xml.skip().map(|_| ()),
        }
    }

    fn text(&mut self) -> Result<(), Fault> {
        if self.xml.text(&mut self.builder.parts.text, MAX_TEXT)? {
            self.builder.note(Oddity::Nested);
        }
        Ok(())
    }

    fn dependencies(&mut self, kind: DependencyKind) -> Result<(), Fault> {
        self.builder.begin_list(kind);
        loop {
            match self.xml.next()? {
                Token::Start(tag) => {
                    if tag.name() == "rpm:entry" {
                        self.builder.entry(kind, &tag)?;
                    } else {
                        self.builder.unknown(tag.name());
                    }
                    if self.xml.skip()? {
                        self.builder.note(Oddity::Nested);
                    }
                }
                Token::Text(text) if !is_blank(&text) => self.builder.note(Oddity::StrayText),
                Token::Text(_) => {}
                Token::End(_) | Token::Eof => break,
            }
        }
        self.builder.end_list();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
