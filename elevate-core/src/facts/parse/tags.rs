//! Tags of a small XML file, for the few questions asked of firewalld's.
//!
//! Reads start tags with their attributes, and text. What it does not know for
//! certain (entities of its own, a document type, CDATA) it refuses, so that no
//! answer is a guess.

use super::super::OddLine;

/// A start tag and the text that follows it, up to the next tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Line, from 1.
    pub line: usize,
    /// Name.
    pub name: String,
    /// Attributes in order.
    pub attributes: Vec<(String, String)>,
    /// Text after it, without white space at its ends.
    pub text: String,
}

impl Tag {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a file.
///
/// # Errors
///
/// At the first thing that is not understood.
pub fn parse(text: &str) -> Result<Vec<Tag>, OddLine> {
    let mut tags: Vec<Tag> = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut line = 1;
    while !rest.is_empty() {
        let (length, what) =
            piece(rest).map_err(|why| OddLine::new(line, first_line(rest), why))?;
        let odd = |why: &str| OddLine::new(line, first_line(rest), why);
        match what {
            Piece::Text(text) => {
                let text = text_of(line, text)?;
                match tags.last_mut().filter(|_| !open.is_empty()) {
                    Some(last) => last.text.push_str(&text),
                    None if text.trim().is_empty() => {}
                    None => return Err(odd("text outside of the document")),
                }
            }
            Piece::Start(content, empty) => {
                let tag = start(line, content).map_err(|why| odd(&why))?;
                if !empty {
                    open.push(content.split(char::is_whitespace).next().unwrap_or(""));
                }
                tags.push(tag);
            }
            Piece::End(name) => {
                if open.pop() != Some(name) {
                    return Err(odd("closes another element than the open one"));
                }
            }
            Piece::Nothing => {}
        }
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    if open.is_empty() {
        tags.iter_mut().for_each(|tag| tag.text = tag.text.trim().to_owned());
        Ok(tags)
    } else {
        let last = text.lines().count().max(1);
        Err(OddLine::new(last, "", "an element is not closed"))
    }
}

/// Text over several lines; no entity goes over a line's end.
fn text_of(first: usize, text: &str) -> Result<String, OddLine> {
    let mut plain = String::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            plain.push('\n');
        }
        plain += &unescaped(line).map_err(|why| OddLine::new(first + index, line, why))?;
    }
    Ok(plain)
}

enum Piece<'a> {
    Text(&'a str),
    Start(&'a str, bool),
    End(&'a str),
    Nothing,
}

fn first_line(text: &str) -> &str {
    text.trim_start().lines().next().unwrap_or("")
}

/// The next piece and its length.
fn piece(text: &str) -> Result<(usize, Piece<'_>), &'static str> {
    if !text.starts_with('<') {
        let end = text.find('<').unwrap_or(text.len());
        return Ok((end, Piece::Text(&text[..end])));
    }
    for (begin, end) in [("<!--", "-->"), ("<?", "?>")] {
        if let Some(inside) = text.strip_prefix(begin) {
            let at = inside.find(end).ok_or("a comment is not closed")?;
            return Ok((begin.len() + at + end.len(), Piece::Nothing));
        }
    }
    if text.starts_with("<!") {
        return Err("document types and CDATA are not read");
    }
    let end = tag_end(text).ok_or("a tag is not closed")?;
    let inside = &text[1..end];
    if let Some(name) = inside.strip_prefix('/') {
        return Ok((end + 1, Piece::End(name.trim_end())));
    }
    match inside.strip_suffix('/') {
        Some(inside) => Ok((end + 1, Piece::Start(inside.trim_end(), true))),
        None => Ok((end + 1, Piece::Start(inside.trim_end(), false))),
    }
}

/// Where the tag ends: the first `>` outside quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices().skip(1) {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '>') => return Some(at),
            (None, '<') => return None,
            (None, _) => {}
        }
    }
    None
}

fn start(line: usize, content: &str) -> Result<Tag, String> {
    let (name, mut rest) = content.split_once(char::is_whitespace).unwrap_or((content, ""));
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.:".contains(c)) || name.is_empty() {
        return Err("is no name of an element".to_owned());
    }
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let (key, after) = rest.split_once('=').ok_or("an attribute has no value")?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| "\"'".contains(*c));
        let quote = quote.ok_or("the value of an attribute has no quotes")?;
        let (value, next) = after[1..].split_once(quote).ok_or("a quote is not closed")?;
        attributes.push((key.trim().to_owned(), unescaped(value)?));
        rest = next;
    }
    Ok(Tag { line, name: name.to_owned(), attributes, text: String::new() })
}

fn unescaped(text: &str) -> Result<String, String> {
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (entity, after) = part.split_once(';').ok_or("an entity is not closed")?;
        plain.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let code = match entity.strip_prefix("#x") {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => entity.strip_prefix('#').and_then(|decimal| decimal.parse().ok()),
                };
                code.and_then(char::from_u32).ok_or("an entity is not known")?
            }
        });
        plain.push_str(after);
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_attributes_and_text() {
        let text = "<?xml version=\"1.0\"?>\n<!-- <rule/> -->\n<direct>\n <rule ipv=\"eb\" table='broute' a=\"x &gt; y\">-j A&#66;</rule>\n <passthrough ipv=\"ipv4\"/>\n</direct>\n";
        let tags = parse(text).unwrap();
        let names: Vec<_> = tags.iter().map(|tag| (tag.line, tag.name.as_str())).collect();
        assert_eq!(names, [(3, "direct"), (4, "rule"), (5, "passthrough")]);
        assert_eq!(tags[1].attribute("table"), Some("broute"));
        assert_eq!(tags[1].attribute("a"), Some("x > y"));
        assert_eq!(tags[1].text, "-j AB");
        assert_eq!(tags[2].attribute("table"), None);
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_line() {
        for (text, line, why) in [
            ("<!DOCTYPE x>\n", 1, "document types and CDATA are not read"),
            ("<a>\n<![CDATA[x]]></a>", 2, "document types and CDATA are not read"),
            ("<a>\n&mine;</a>", 2, "an entity is not known"),
            ("<a b=c/>", 1, "the value of an attribute has no quotes"),
            ("<a b/>", 1, "an attribute has no value"),
            ("<a\n", 1, "a tag is not closed"),
            ("<a><b></a>", 1, "closes another element than the open one"),
            ("<a>\n", 1, "an element is not closed"),
            ("x", 1, "text outside of the document"),
            ("<!-- x", 1, "a comment is not closed"),
            ("<a&/>", 1, "is no name of an element"),
        ] {
            let odd = parse(text).unwrap_err();
            assert_eq!((odd.line, odd.why.as_str()), (line, why), "{text}");
        }
    }
}
