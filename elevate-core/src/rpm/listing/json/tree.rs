//! JSON in memory, bounded in size and depth.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

use super::super::ListingError;
use super::super::collect::{At, Collector, beginning};

/// The most values a list may consist of. A package has at most about 20.
pub(super) const MAX_VALUES: usize = 4_000_000;

/// A JSON value.
#[derive(Debug)]
pub(super) enum Json<'a> {
    Null,
    Bool,
    Number(u64),
    /// A negative number, a fraction, or one of 2^64 or more.
    OtherNumber,
    Text(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    Object(Object<'a>),
}

/// A JSON object, its fields in the order of the document, each name once.
#[derive(Debug, Default)]
pub(super) struct Object<'a> {
    fields: Vec<(Cow<'a, str>, Json<'a>)>,
    repeated: Vec<Cow<'a, str>>,
}

impl<'a> Object<'a> {
    /// Reports the fields that stand twice in this object.
    pub(super) fn report_repeated(&self, place: &str, collector: &mut Collector) {
        for name in &self.repeated {
            let field = format!("{place}.{}", beginning(name));
            let why = "stands twice in one object; the first counts";
            collector.unread(At::Place(field.trim_start_matches('.')), "", why);
        }
    }
    pub(super) fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Cow<'a, str>, &Json<'a>)> {
        self.fields.iter().map(|(name, value)| (name, value))
    }
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

impl<'a> Json<'a> {
    /// The object, if it is one.
    pub(super) fn object(&self) -> Option<&Object<'a>> {
        if let Json::Object(object) = self { Some(object) } else { None }
    }

    /// What it is, in words.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool => "true or false",
            Json::Number(_) | Json::OtherNumber => "a number",
            Json::Text(_) => "a text",
            Json::Array(_) => "an array",
            Json::Object(_) => "an object",
        }
    }
}

/// Reads a document. Several values one after the other (one a line, as a
/// query format makes them) are read as an array of them.
pub(super) fn parse(text: &str) -> Result<Json<'_>, ListingError> {
    let limits = Limits { left: Cell::new(MAX_VALUES) };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut values = Vec::new();
    loop {
        let value = Seed(&limits).deserialize(&mut deserializer);
        values.push(value.map_err(|error| limits.explain(&error))?);
        match deserializer.end() {
            Ok(()) => break,
            // Only further objects are a list; anything else is a fault.
            Err(_) if matches!(values[0], Json::Object(_)) => {}
            Err(error) => return Err(limits.explain(&error)),
        }
    }
    match (values.len(), values.pop()) {
        (1, Some(value)) => Ok(value),
        (_, last) => {
            values.extend(last);
            Ok(Json::Array(values))
        }
    }
}

struct Limits {
    left: Cell<usize>,
}

impl Limits {
    fn count<E: Error>(&self) -> Result<(), E> {
        let left = self.left.get().checked_sub(1);
        self.left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or_else(|| E::custom("too many values"))
    }

    fn explain(&self, error: &serde_json::Error) -> ListingError {
        if self.left.get() == 0 {
            return ListingError::TooMany { what: "values", limit: MAX_VALUES };
        }
        ListingError::NotJson(error.to_string())
    }
}

#[derive(Clone, Copy)]
struct Seed<'l>(&'l Limits);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Json<'de>, D::Error> {
        self.0.count()?;
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool)
    }
    fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(u64::try_from(number).map_or(Json::OtherNumber, Json::Number))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Json<'de>, E> {
        Ok(Json::OtherNumber)
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json<'de>, A::Error> {
        let mut object = Object::default();
        let mut names = BTreeSet::new();
        while let Some(name) = from.next_key_seed(Name)? {
            let value = from.next_value_seed(self)?;
            if names.insert(name.clone()) {
                object.fields.push((name, value));
            } else {
                object.repeated.push(name);
            }
        }
        Ok(Json::Object(object))
    }
}

/// A field name, borrowed where it can be.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Cow<'de, str>, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }
    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}
