//! Elements of metadata as trees, for files whose parts are small: groups and
//! advisories. What is translated (`xml:lang`) is left out.

use std::io::Read;

use super::metadata::{Fault, Input, MetadataError, MetadataRemark, Oddity, Remarks, Tag, Token};
use super::metadata::{Xml, excerpt, is_blank};

/// The most elements of one part of a file.
const MAX_ELEMENTS: u64 = 1_000_000;
/// The most parts of a file.
const MAX_PARTS: u64 = 1_000_000;
/// The longest text of one element, in bytes.
const MAX_TEXT: usize = 4 << 20;

/// The attributes that are read.
const ATTRIBUTES: [&str; 17] = [
    "arch", "context", "date", "default", "epoch", "href", "id", "install", "name", "release",
    "requires", "short", "src", "stream", "title", "type", "version",
];

/// An element with what is in it.
#[derive(Debug, Default)]
pub(super) struct Element {
    name: String,
    /// Values of [`ATTRIBUTES`], where they are there.
    attributes: Vec<(&'static str, String)>,
    /// Its own text, without white space around it.
    text: String,
    children: Vec<Element>,
}

impl Element {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn children(&self) -> &[Element] {
        &self.children
    }

    /// The value of one of [`ATTRIBUTES`].
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    /// The text of an attribute, empty where it is not there.
    pub(super) fn value(&self, name: &str) -> String {
        self.attribute(name).unwrap_or_default().to_owned()
    }

    fn open(tag: &Tag<'_>) -> Result<Self, Fault> {
        let values = tag.attributes(ATTRIBUTES)?.map(|value| value.map(|text| text.into_owned()));
        let pairs = ATTRIBUTES.into_iter().zip(values);
        let attributes = pairs.filter_map(|(name, value)| Some((name, value?))).collect();
        Ok(Self { name: tag.name().to_owned(), attributes, ..Self::default() })
    }

    /// Reads up to the end of this element, whose tag was the last token. The depth
    /// is bounded by [`Xml`].
    fn fill<I: Input>(&mut self, xml: &mut Xml<I>, left: &mut u64) -> Result<(), Fault> {
        loop {
            match xml.next()? {
                Token::Start(tag) => {
                    let [language] = tag.attributes(["xml:lang"])?;
                    if language.is_some() {
                        xml.skip()?;
                        continue;
                    }
                    let too_many =
                        Fault::TooMany { what: "elements in a part", limit: MAX_ELEMENTS };
                    *left = left.checked_sub(1).ok_or(too_many)?;
                    let mut child = Self::open(&tag)?;
                    child.fill(xml, left)?;
                    self.children.push(child);
                }
                Token::Text(piece) if self.text.len() + piece.len() > MAX_TEXT => {
                    return Err(Fault::TooMany { what: "bytes of text", limit: MAX_TEXT as u64 });
                }
                Token::Text(piece) => self.text.push_str(&piece),
                Token::End(_) | Token::Eof => break,
            }
        }
        self.text = self.text.trim().to_owned();
        Ok(())
    }
}

/// Where the reading is, and what is odd about the file.
pub(super) struct Notes {
    shown: String,
    place: String,
    remarks: Remarks,
}

impl Notes {
    pub(super) fn note(&mut self, what: Oddity) {
        let Self { shown, place, remarks } = self;
        remarks.note(what, || (shown.clone(), place.clone().into()));
    }

    /// Notes an element that is not known here.
    pub(super) fn unknown(&mut self, element: &Element) {
        self.note(Oddity::UnknownElement(excerpt(element.name())));
    }

    /// Notes an element without something.
    pub(super) fn lacks(&mut self, element: &'static str, what: &'static str) {
        self.note(Oddity::Lacks { element, what });
    }
}

/// Reads a file whose outermost element is `root` and hands every element in it to
/// `take`.
///
/// # Errors
///
/// Broken XML, another outermost element, and more than the limits allow.
pub(super) fn each<R: Read>(
    from: R,
    shown: &str,
    root: &'static str,
    mut take: impl FnMut(&Element, &mut Notes),
) -> Result<Vec<MetadataRemark>, MetadataError> {
    let remarks = Remarks::default();
    let mut notes = Notes { shown: shown.to_owned(), place: String::new(), remarks };
    let mut xml = Xml::new(from).with_white_space();
    match parts(&mut xml, root, &mut notes, &mut take) {
        Ok(()) => Ok(notes.remarks.into_list()),
        Err(fault) => {
            let offset = xml.offset();
            Err(fault.at((notes.shown, notes.place.into()), offset))
        }
    }
}

fn parts<I: Input>(
    xml: &mut Xml<I>,
    root: &'static str,
    notes: &mut Notes,
    take: &mut impl FnMut(&Element, &mut Notes),
) -> Result<(), Fault> {
    let mut number = 0;
    loop {
        let depth = xml.depth();
        match xml.next()? {
            Token::Start(tag) if depth == 0 => tag.must_be(root)?,
            Token::Start(tag) => {
                number += 1;
                if number > MAX_PARTS {
                    return Err(Fault::TooMany { what: "parts", limit: MAX_PARTS });
                }
                let mut part = Element::open(&tag)?;
                notes.place = format!("part {number}, {}", excerpt(part.name()));
                part.fill(xml, &mut { MAX_ELEMENTS })?;
                take(&part, notes);
            }
            Token::Text(text) if !is_blank(&text) => notes.note(Oddity::StrayText),
            Token::Text(_) | Token::End(_) => {}
            Token::Eof => break,
        }
        if xml.take_replaced() {
            notes.note(Oddity::NotUtf8);
        }
    }
    if let Some(encoding) = xml.encoding() {
        notes.note(Oddity::Encoding(encoding.to_owned()));
    }
    Ok(())
}
