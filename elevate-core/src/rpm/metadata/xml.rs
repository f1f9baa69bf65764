//! XML as a stream of bounded tokens.

use std::borrow::Cow;
use std::io::Read;
use std::sync::Arc;

use quick_xml::XmlVersion;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::escape::{EscapeError, resolve_predefined_entity};
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::name::QName;

use super::source::{Input, Source, is_control};
use super::{Fault, MAX_DEPTH, excerpt};

/// A reader of XML that keeps to one outermost element, [`super::MAX_EVENT`] and
/// [`MAX_DEPTH`]. It checks what it hands out: the attributes of a tag nobody asks
/// for are not looked at.
pub(crate) struct Xml<I> {
    reader: quick_xml::Reader<I>,
    buffer: Vec<u8>,
    depth: usize,
    has_begun: bool,
    /// The last event was a tag, so that text or another one follows.
    is_behind_tag: bool,
    /// The last token was a tag that closes itself.
    is_to_close: bool,
    encoding: Option<String>,
}

/// A piece of XML.
pub(crate) enum Token<'a> {
    /// `<name ...>`, and `<name ... />`, after which there is an end too.
    Start(Tag<'a>),
    /// `</name>`, and how many elements are open after it.
    End(usize),
    /// A piece of text between elements, resolved, without white space at its
    /// beginning unless that was asked for. What is no content, such as a comment,
    /// is an empty one.
    Text(Cow<'a, str>),
    /// The end of the file, behind the outermost element.
    Eof,
}

/// A tag with its attributes.
pub(crate) struct Tag<'a>(BytesStart<'a>);

impl<R: Read> Xml<Source<R>> {
    pub(crate) fn new(from: R) -> Self {
        Self::over(Source::new(from))
    }
}

impl<I: Input> Xml<I> {
    pub(crate) fn over(input: I) -> Self {
        let mut reader = quick_xml::Reader::from_reader(input);
        reader.config_mut().trim_text_start = true;
        Self {
            reader,
            buffer: Vec::new(),
            depth: 0,
            has_begun: false,
            is_behind_tag: false,
            is_to_close: false,
            encoding: None,
        }
    }

    /// Keeps white space at the beginning of texts too, for whoever reads text and
    /// elements together.
    pub(crate) fn with_white_space(mut self) -> Self {
        self.reader.config_mut().trim_text_start = false;
        self
    }

    /// How many elements are open.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// Where in the text the reader failed, or else where it is, in bytes.
    pub(crate) fn offset(&self) -> u64 {
        match self.reader.error_position() {
            0 => self.reader.buffer_position(),
            at => at,
        }
    }

    /// The encoding that is declared, where it is not UTF-8.
    pub(crate) fn encoding(&self) -> Option<&str> {
        self.encoding.as_deref()
    }

    /// Whether bytes that are not UTF-8 have been met since this was last asked.
    pub(crate) fn take_replaced(&mut self) -> bool {
        self.reader.get_mut().take_replaced()
    }

    pub(crate) fn next(&mut self) -> Result<Token<'_>, Fault> {
        if std::mem::take(&mut self.is_to_close) {
            self.depth -= 1;
            return Ok(Token::End(self.depth));
        }
        self.buffer.clear();
        let is_behind_tag = std::mem::take(&mut self.is_behind_tag);
        match I::event(&mut self.reader, &mut self.buffer, is_behind_tag).map_err(fault)? {
            Event::Text(text) if self.depth > 0 || is_blank(&text) => {
                Ok(Token::Text(text.xml10_content()))
            }
            Event::Start(tag) => {
                self.has_begun = opens(self.depth, self.has_begun)?;
                self.depth += 1;
                self.is_behind_tag = true;
                Ok(Token::Start(Tag(tag)))
            }
            Event::Empty(tag) => {
                self.has_begun = opens(self.depth, self.has_begun)?;
                self.depth += 1;
                self.is_behind_tag = true;
                self.is_to_close = true;
                Ok(Token::Start(Tag(tag)))
            }
            Event::End(_) => {
                self.depth -= 1;
                self.is_behind_tag = true;
                Ok(Token::End(self.depth))
            }
            Event::GeneralRef(entity) if self.depth > 0 => resolve(&entity).map(Token::Text),
            Event::CData(text) if self.depth > 0 => Ok(Token::Text(text.xml10_content())),
            Event::Text(_) | Event::GeneralRef(_) | Event::CData(_) => Err(Fault::Outside),
            Event::DocType(text) if text.contains('[') => Err(Fault::Doctype),
            Event::Decl(declaration) => {
                self.encoding = foreign_encoding(&declaration);
                Ok(Token::Text(Cow::Borrowed("")))
            }
            Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {
                Ok(Token::Text(Cow::Borrowed("")))
            }
            Event::Eof if self.depth > 0 => Err(Fault::Cut),
            Event::Eof if !self.has_begun => Err(Fault::Empty),
            Event::Eof => Ok(Token::Eof),
        }
    }

    /// Goes on to the end of the element whose start was the last token. Says
    /// whether there was another element in it.
    pub(crate) fn skip(&mut self) -> Result<bool, Fault> {
        self.content(|_| Ok(()))
    }

    /// Adds the text of the element whose start was the last token to `text`, which
    /// may become `most` bytes long. Says whether there was another element in it,
    /// whose text is left out.
    pub(crate) fn text(&mut self, text: &mut String, most: usize) -> Result<bool, Fault> {
        let trims = std::mem::take(&mut self.reader.config_mut().trim_text_start);
        let has_elements = self.content(|piece| {
            if text.len() + piece.len() > most {
                return Err(Fault::TooMany { what: "bytes of text", limit: most as u64 });
            }
            text.push_str(piece);
            Ok(())
        })?;
        self.reader.config_mut().trim_text_start = trims;
        Ok(has_elements)
    }

    fn content(&mut self, mut take: impl FnMut(&str) -> Result<(), Fault>) -> Result<bool, Fault> {
        let depth = self.depth;
        let mut has_elements = false;
        loop {
            let is_own = self.depth == depth;
            match self.next()? {
                Token::Text(piece) if is_own => take(&piece)?,
                Token::End(open) if open < depth => return Ok(has_elements),
                Token::Text(_) | Token::End(_) | Token::Eof => {}
                Token::Start(_) => has_elements = true,
            }
        }
    }
}

/// An element may open in another one, and once outside of all.
fn opens(depth: usize, has_begun: bool) -> Result<bool, Fault> {
    match depth {
        0 if has_begun => Err(Fault::Outside),
        MAX_DEPTH.. => Err(Fault::TooDeep),
        _ => Ok(true),
    }
}

impl Tag<'_> {
    /// The name, with its prefix: `rpm:entry`.
    pub(crate) fn name(&self) -> &str {
        self.0.name().into_inner()
    }

    /// Where this is not the outermost element of such a file.
    pub(crate) fn must_be(&self, wanted: &'static str) -> Result<(), Fault> {
        if self.name() == wanted {
            return Ok(());
        }
        Err(Fault::Root { wanted, found: excerpt(self.name()) })
    }

    /// The values of these attributes, where they are there. They are looked for
    /// from where the one before was, so best in the order they are written in.
    pub(crate) fn attributes<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Option<Cow<'_, str>>; N], Fault> {
        let mut values = [const { None }; N];
        let mut next = 0;
        let mut rest = self.0.attributes_raw();
        let all_are_plain = is_plain(rest);
        loop {
            rest = rest.trim_ascii_start();
            if rest.is_empty() {
                return Ok(values);
            }
            // What is not plainly an attribute is left to quick-xml, which says why.
            let Some((name, text, after)) = split(rest) else { return self.carefully(names) };
            rest = after;
            let at = (next..N).chain(0..next).find(|at| names[*at] == name);
            let Some(at) = at else { continue };
            let text = Cow::Borrowed(text);
            let text = if all_are_plain { text } else { value(text)? };
            if values[at].replace(text).is_some() {
                return Err(Fault::Twice(name.to_owned()));
            }
            next = at + 1;
        }
    }

    fn carefully<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Option<Cow<'_, str>>; N], Fault> {
        let mut values = [const { None }; N];
        // Its own search for repeated names takes quadratic time.
        for attribute in self.0.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| Fault::Xml(error.to_string()))?;
            let name = attribute.key.into_inner();
            let Some(at) = names.iter().position(|known| *known == name) else { continue };
            if values[at].replace(value(attribute.value)?).is_some() {
                return Err(Fault::Twice(name.to_owned()));
            }
        }
        Ok(values)
    }
}

/// Name and value of the first attribute as they are written, and what follows.
/// Both are short, and to look for their ends byte by byte is fastest.
fn split(attributes: &str) -> Option<(&str, &str, &str)> {
    let is_name = |b: u8| b > b' ' && !matches!(b, b'=' | b'"' | b'\'' | b'<' | b'>' | b'&' | b'/');
    let bytes = attributes.as_bytes();
    let equals = bytes.iter().position(|byte| !is_name(*byte)).filter(|at| bytes[*at] == b'=')?;
    let quote = *bytes.get(equals + 1).filter(|quote| matches!(quote, b'"' | b'\''))?;
    let start = equals + 2;
    let end = start + bytes.get(start..)?.iter().position(|byte| *byte == quote)?;
    let name = attributes.get(..equals).filter(|name| !name.is_empty())?;
    Some((name, attributes.get(start..end)?, attributes.get(end + 1..)?))
}

/// Whether values of attributes in it mean what is written.
fn is_plain(text: &str) -> bool {
    let is_plain = |byte: u8| (byte >= b' ') & (byte != b'&') & (byte != b'<');
    // To look at all bytes is faster than to stop at one.
    text.bytes().fold(true, |so_far, byte| so_far & is_plain(byte))
}

/// The value of an attribute from what is written.
fn value(written: Cow<'_, str>) -> Result<Cow<'_, str>, Fault> {
    if is_plain(&written) {
        return Ok(written);
    }
    if written.contains('<') {
        return Err(Fault::Xml("< in the value of an attribute".to_owned()));
    }
    let attribute = Attribute { key: QName("value"), value: written };
    let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(fault)?;
    without_controls(&value)?;
    Ok(value)
}

fn resolve(entity: &BytesRef<'_>) -> Result<Cow<'static, str>, Fault> {
    if let Some(character) = entity.resolve_char_ref().map_err(fault)? {
        let text = character.to_string();
        without_controls(&text)?;
        return Ok(Cow::Owned(text));
    }
    let known = resolve_predefined_entity(entity);
    known.map(Cow::Borrowed).ok_or_else(|| Fault::Entity(excerpt(entity)))
}

/// A reference may not make a character that is not allowed as it is.
fn without_controls(text: &str) -> Result<(), Fault> {
    match text.bytes().find(|byte| is_control(*byte)) {
        Some(byte) => Err(Fault::Control(byte)),
        None => Ok(()),
    }
}

fn foreign_encoding(declaration: &BytesDecl<'_>) -> Option<String> {
    let encoding = declaration.encoding()?.ok()?;
    let is_ours = ["utf-8", "utf8", "us-ascii", "ascii"]
        .iter()
        .any(|ours| encoding.eq_ignore_ascii_case(ours));
    (!is_ours).then(|| excerpt(&encoding))
}

/// Whether there is nothing but white space.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

fn fault(error: Error) -> Fault {
    match error {
        Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<Fault>()) {
            Some(fault) => fault.clone(),
            None => Fault::Io(Arc::clone(&error)),
        },
        Error::Escape(EscapeError::UnrecognizedEntity(_, name)) => Fault::Entity(excerpt(&name)),
        Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
            let (expected, found) = (excerpt(&expected), excerpt(&found));
            Fault::Xml(format!("</{found}> where </{expected}> belongs"))
        }
        Error::IllFormed(IllFormedError::UnmatchedEndTag(found)) => {
            Fault::Xml(format!("</{}> closes nothing", excerpt(&found)))
        }
        error => Fault::Xml(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens in short, or the fault.
    fn tokens(text: &[u8]) -> String {
        told(&mut Xml::new(text))
    }

    fn told<I: Input>(xml: &mut Xml<I>) -> String {
        let mut all = Vec::new();
        loop {
            let token = match xml.next() {
                Ok(Token::Start(tag)) => format!("<{}>", tag.name()),
                Ok(Token::End(_)) => "</>".to_owned(),
                Ok(Token::Text(text)) => text.into_owned(),
                Ok(Token::Eof) => return all.concat(),
                Err(fault) => return fault.to_string(),
            };
            all.push(token);
        }
    }

    #[test]
    fn xml_becomes_tokens_with_references_resolved() {
        let cases = [
            ("<a/>", "<a></>"),
            (
                "\u{feff}<?xml version=\"1.0\"?>\n<a><!-- c --><b>x&amp;&#x41;<![CDATA[<&]]></b></a>\n",
                "<a><b>x&A<&</></>",
            ),
            ("<!DOCTYPE a><a>1\r\n2</a >", "<a>1\n2</>"),
            ("<a>&lt;&gt;&quot;&apos;</a>", "<a><>\"'</>"),
        ];
        for (text, expected) in cases {
            assert_eq!(tokens(text.as_bytes()), expected, "{text}");
        }
    }

    /// The same of a text that is here as a whole.
    fn tokens_of_whole(text: &str) -> String {
        told(&mut Xml::over(text.as_bytes()))
    }

    #[test]
    fn a_text_is_the_same_as_a_whole() {
        let pieces = [
            "<a b=\"1\" c='>'/>",
            "<a/>",
            "<a >",
            "</a>",
            "<a b='/>'>",
            " \n",
            "x",
            "&amp;",
            "<a b=\"<\"/>",
            "<a b=c/>",
            "<a:b-c.d e='1'/ >",
            "<a b='1'/",
            "<a b='",
            "<!-- -->",
            "<![CDATA[/>]]>",
            "<a\tb='1'/>",
            "<a b='1'\n/>",
            "<é b='1'/>",
            "<a é='1'/>",
            "<a \"/>",
        ];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    let text = format!("<r>{first}{second}{third}</r>");
                    assert_eq!(tokens_of_whole(&text), tokens(text.as_bytes()), "{text}");
                }
            }
        }
    }

    #[test]
    fn attributes_are_found_by_name_and_normalised() {
        let mut xml =
            Xml::new(&br#"<a name="x &amp; y" other='1' ver = "1&#10;2"  rel="3	4"/>"#[..]);
        let Ok(Token::Start(tag)) = xml.next() else { panic!("a tag") };
        let [ver, name, none, rel] = tag.attributes(["ver", "name", "none", "rel"]).unwrap();
        let all = [ver.as_deref(), name.as_deref(), none.as_deref(), rel.as_deref()];
        assert_eq!(all, [Some("1\n2"), Some("x & y"), None, Some("3 4")]);
    }

    #[test]
    fn a_foreign_encoding_is_noticed() {
        let encoding = |text: &str| {
            let mut xml = Xml::new(text.as_bytes());
            while !matches!(xml.next().unwrap(), Token::Eof) {}
            xml.encoding().map(str::to_owned)
        };
        assert_eq!(encoding("<?xml version='1.0' encoding='Utf-8'?><a/>"), None);
        let latin = encoding("<?xml version='1.0' encoding='ISO-8859-1'?><a/>");
        assert_eq!(latin.as_deref(), Some("ISO-8859-1"));
    }
}
