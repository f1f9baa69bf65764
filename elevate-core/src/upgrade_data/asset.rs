//! JSON assets and the data streams they declare (formats.md section 0).

use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::error::Category;

use super::locate::{At, locate};
use super::raw::{Items, Key, Raw};
use super::remark::{Remarks, short};
use super::{DataError, InputFile, Place, Problem};

/// A JSON asset that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset<T> {
    /// The file.
    pub file: InputFile,
    /// What `provided_data_streams` says.
    pub streams: Streams,
    /// The content.
    pub value: T,
}

/// The field `provided_data_streams` of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Streams {
    /// The field is absent or null.
    Missing,
    /// It is not a list, or the list is empty, or an element is not `N.N`.
    Malformed,
    /// The majors and minors listed.
    Provided(Vec<(u32, u32)>),
}

/// Keys every file may have and nobody reads.
const FREE_FORM: [&str; 6] =
    ["legal_notice", "timestamp", "datetime", "created_at", "description", "version"];

/// What is wrong, and in which field; `path` is empty for the whole file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fault {
    pub(super) path: String,
    pub(super) problem: Problem,
}

impl Fault {
    /// Something leapp refuses in an orderly way.
    pub(super) fn invalid(at: impl fmt::Display, message: impl Into<String>) -> Self {
        Self { path: at.to_string(), problem: Problem::Invalid(message.into()) }
    }

    /// Something leapp dies of.
    pub(super) fn fatal(at: impl fmt::Display, message: impl Into<String>) -> Self {
        Self { path: at.to_string(), problem: Problem::Fatal(message.into()) }
    }

    /// With file, line and column.
    pub(super) fn in_text(self, file: &str, text: &str) -> DataError {
        let place = if self.path.is_empty() {
            Place::Whole
        } else {
            let at = locate(text, &self.path);
            Place::Field(self.path, at)
        };
        DataError { file: file.to_owned(), place, problem: self.problem }
    }
}

/// The text of a field that must have one.
pub(super) fn text_field<'r>(at: &At<'_>, raw: &'r Raw<'_>) -> Result<&'r str, Fault> {
    match raw {
        Raw::Text(text) => Ok(text),
        Raw::Absent => Err(Fault::invalid(at, "the field is missing")),
        raw => Err(Fault::invalid(at, format!("the value is {}, not a string", raw.kind()))),
    }
}

/// The fields of an asset, as they come.
pub(super) trait Document<'de> {
    /// Reads the value of `key` if it is one of the document's fields; says so.
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error>;
}

/// The text of a file: there, not empty, UTF-8, without byte order mark.
pub(super) fn text_of<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, DataError> {
    let fail = |place, problem| Err(DataError { file: file.to_owned(), place, problem });
    if bytes.is_empty() {
        return fail(Place::Whole, Problem::Empty);
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        let text = "starts with a UTF-8 byte order mark; save it without one";
        return fail(Place::Whole, Problem::Encoding(text.to_owned()));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let text = "is UTF-16; save it as UTF-8";
        return fail(Place::Whole, Problem::Encoding(text.to_owned()));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let line = 1 + bytes[..error.valid_up_to()].iter().filter(|&&b| b == b'\n').count();
            let text = "is not UTF-8 text".to_owned();
            fail(Place::Line(line, 0), Problem::Encoding(text))
        }
    }
}

/// Reads an asset's fields into `document`.
pub(super) fn read_document<'de, D: Document<'de>>(
    file: &str,
    text: &'de str,
    document: &mut D,
    remarks: &mut Remarks,
) -> Result<Streams, DataError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let mut top =
        Top { document, streams: Items::default(), not_an_object: false, unknown: Vec::new() };
    let read = json.deserialize_any(&mut top).and_then(|()| json.end());
    if let Err(error) = read {
        return Err(json_error(file, text, &error));
    }
    if top.not_an_object {
        return Err(DataError {
            file: file.to_owned(),
            place: Place::Whole,
            problem: Problem::NotAnObject,
        });
    }
    for key in top.unknown {
        remarks.unknown_key(&key, || key.clone());
    }
    Ok(streams_of(top.streams))
}

fn json_error(file: &str, text: &str, error: &serde_json::Error) -> DataError {
    let syntax = match error.classify() {
        Category::Data => serde_json::from_str::<IgnoredAny>(text).err(),
        _ => None,
    };
    let (error, data) = match &syntax {
        Some(syntax) => (syntax, false),
        None => (error, error.classify() == Category::Data),
    };
    let message = without_place(&error.to_string());
    let problem = if data { Problem::Invalid(message) } else { Problem::NotJson(message) };
    DataError { file: file.to_owned(), place: Place::Line(error.line(), error.column()), problem }
}

/// serde_json's message without its own `at line 3 column 5`.
fn without_place(message: &str) -> String {
    let text = message.rsplit_once(" at line ").map_or(message, |(text, _)| text);
    text.replace("EOF while parsing", "the file ends inside")
}

fn streams_of(raw: Items<'_, Raw<'_>>) -> Streams {
    match raw {
        Items::Other(Raw::Absent | Raw::Null) => Streams::Missing,
        Items::Other(_) => Streams::Malformed,
        Items::Found(items) if items.is_empty() => Streams::Malformed,
        Items::Found(items) => items
            .iter()
            .map(stream)
            .collect::<Option<_>>()
            .map_or(Streams::Malformed, Streams::Provided),
    }
}

fn stream(raw: &Raw<'_>) -> Option<(u32, u32)> {
    let Raw::Text(text) = raw else { return None };
    let (major, minor) = text.split_once('.')?;
    let number = |text: &str| {
        if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
    };
    Some((number(major)?, number(minor)?))
}

struct Top<'d, 'de, D> {
    document: &'d mut D,
    streams: Items<'de, Raw<'de>>,
    not_an_object: bool,
    unknown: Vec<String>,
}

impl<'de, D: Document<'de>> Visitor<'de> for &mut Top<'_, 'de, D> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            if key == "provided_data_streams" {
                self.streams = map.next_value()?;
            } else if !self.document.field(&key, &mut map)? {
                map.next_value::<IgnoredAny>()?;
                if !FREE_FORM.contains(&&*key) && self.unknown.len() < 100 {
                    self.unknown.push(short(&key));
                }
            }
        }
        Ok(())
    }
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.not_an_object = true;
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.scalar()
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.scalar()
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.scalar()
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.scalar()
    }
    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.scalar()
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar()
    }
}

impl<D> Top<'_, '_, D> {
    fn scalar<E>(&mut self) -> Result<(), E> {
        self.not_an_object = true;
        Ok(())
    }
}
