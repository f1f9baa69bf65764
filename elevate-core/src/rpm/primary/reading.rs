//! Packages from XML, wherever its text is.

use super::MAX_TEXT;
use super::builder::{Builder, Content};
use super::package::Package;
use crate::rpm::header::DependencyKind;
use crate::rpm::metadata::{
    Fault, Input, MetadataError, Oddity, Place, Remarks, Token, Xml, is_blank,
};

/// Reads packages, one after the other.
pub(super) struct Reading<I> {
    xml: Xml<I>,
    has_ended: bool,
    builder: Builder,
}

impl<I: Input> Reading<I> {
    pub(super) fn new(xml: Xml<I>, shown: &str) -> Self {
        Self { xml, has_ended: false, builder: Builder::new(shown) }
    }

    /// Reads the tag of the outermost element. Says how many packages there are to
    /// be.
    pub(super) fn begin(&mut self) -> Result<Option<u64>, MetadataError> {
        self.root().map_err(|fault| self.error(fault))
    }

    /// Goes on to the next package; says whether there is one. There is none at the
    /// end of the file, and after an error.
    pub(super) fn advance(&mut self) -> Result<bool, MetadataError> {
        while !self.has_ended {
            match self.go_on() {
                Ok(true) if self.builder.is_complete() => return Ok(true),
                Ok(is_package) => self.has_ended = !is_package,
                Err(fault) => return Err(self.error(fault)),
            }
        }
        Ok(false)
    }

    /// The package it went on to.
    pub(super) fn package(&self) -> Package<'_> {
        self.builder.parts.package()
    }

    /// Where it is: in or behind this package.
    pub(super) fn place(&self) -> Place {
        self.builder.place().1
    }

    /// Notes something about the file as a whole.
    pub(super) fn note(&mut self, what: Oddity) {
        self.builder.note_of_file(what);
    }

    pub(super) fn remarks(&self) -> &Remarks {
        &self.builder.remarks
    }

    pub(super) fn into_remarks(self) -> Remarks {
        self.builder.remarks
    }

    fn error(&mut self, fault: Fault) -> MetadataError {
        self.has_ended = true;
        let offset = self.xml.offset();
        fault.at(self.builder.place(), offset)
    }

    fn root(&mut self) -> Result<Option<u64>, Fault> {
        let expected = loop {
            if let Token::Start(tag) = self.xml.next()? {
                tag.must_be("metadata")?;
                let [packages] = tag.attributes(["packages"])?;
                break packages.and_then(|text| self.builder.number(&text));
            }
        };
        if let Some(encoding) = self.xml.encoding() {
            self.builder.note(Oddity::Encoding(encoding.to_owned()));
        }
        Ok(expected)
    }

    /// Reads up to the end of the next package, or of the file; says whether there
    /// is a package.
    fn go_on(&mut self) -> Result<bool, Fault> {
        loop {
            self.note_replaced();
            match self.xml.next()? {
                Token::Start(tag) if tag.name() == "package" => {
                    if self.builder.begin(&tag)? {
                        self.content_of_package()?;
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
                    self.note_replaced();
                    return Ok(false);
                }
            }
        }
    }

    /// Reads a package, after its tag.
    fn content_of_package(&mut self) -> Result<(), Fault> {
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
