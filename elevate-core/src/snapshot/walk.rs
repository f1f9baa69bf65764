//! Walks a document along its schema and finds the fields the schema does not
//! know. Nothing is kept in memory but their paths; the number of values is
//! bounded, which bounds what the typed reader after it can be made to hold.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::format::SnapshotError;

/// The most values a snapshot may consist of; most are names of packages' files.
pub(super) const MAX_VALUES: usize = 8_000_000;
/// How many unknown fields are named; the others are counted.
const MAX_NAMED: usize = 100;

/// Paths of the fields of `content` that `schema` does not know.
pub(super) fn unknown_fields(content: &[u8], schema: &Value) -> Result<Vec<String>, SnapshotError> {
    let walk = Walk {
        schema,
        left: Cell::new(MAX_VALUES),
        unknown: RefCell::default(),
        more: Cell::new(0),
    };
    let mut from = serde_json::Deserializer::from_slice(content);
    let step = At { walk: &walk, node: Some(schema), path: &Path::Root };
    let end = step.deserialize(&mut from).and_then(|()| from.end());
    end.map_err(|error| match walk.left.get() {
        0 => SnapshotError::TooMany(MAX_VALUES),
        _ => SnapshotError::NotJson(error.to_string()),
    })?;
    let mut unknown = walk.unknown.into_inner();
    if walk.more.get() > 0 {
        unknown.push(format!("and {} more", walk.more.get()));
    }
    Ok(unknown)
}

struct Walk<'s> {
    schema: &'s Value,
    left: Cell<usize>,
    unknown: RefCell<Vec<String>>,
    more: Cell<usize>,
}

enum Path<'p> {
    Root,
    Field(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Field(Path::Root, name) => write!(f, "{name:.60}"),
            Path::Field(parent, name) => write!(f, "{parent}.{name:.60}"),
            Path::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

impl<'s> Walk<'s> {
    /// The schema that applies: references and `or null` resolved.
    fn resolve(&self, mut node: &'s Value) -> &'s Value {
        // Our schemas nest a reference in an alternative in a reference at most.
        for _ in 0..8 {
            let target = node.get("$ref").and_then(Value::as_str);
            let target = target.and_then(|to| self.schema.pointer(to.trim_start_matches('#')));
            let alternatives = node.get("anyOf").or_else(|| node.get("oneOf"));
            let other = || {
                let not_null = |n: &&Value| n.get("type").and_then(Value::as_str) != Some("null");
                alternatives?.as_array()?.iter().find(not_null)
            };
            match target.or_else(other) {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    fn note(&self, path: &Path<'_>) {
        let mut unknown = self.unknown.borrow_mut();
        if unknown.len() < MAX_NAMED {
            unknown.push(path.to_string());
        } else {
            self.more.set(self.more.get() + 1);
        }
    }
}

/// A value of the document, with the schema for it where there is one.
struct At<'w, 's, 'p> {
    walk: &'w Walk<'s>,
    node: Option<&'s Value>,
    path: &'p Path<'p>,
}

impl<'s> At<'_, 's, '_> {
    /// The schema of a field: `Err` where fields are listed and it is not
    /// among them.
    fn field(&self, name: &str) -> Result<Option<&'s Value>, ()> {
        let Some(node) = self.node else { return Ok(None) };
        let properties = node.get("properties");
        let known = properties.and_then(|fields| fields.get(name));
        match (known, properties, node.get("additionalProperties")) {
            (Some(node), _, _) => Ok(Some(self.walk.resolve(node))),
            (None, _, Some(values @ Value::Object(_))) => Ok(Some(self.walk.resolve(values))),
            (None, Some(_), _) => Err(()),
            (None, None, _) => Ok(None),
        }
    }
}

impl<'de> DeserializeSeed<'de> for At<'_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        let left = self.walk.left.get().checked_sub(1);
        self.walk.left.set(left.unwrap_or(0));
        left.ok_or_else(|| D::Error::custom("too many values"))?;
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for At<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<(), A::Error> {
        let items = self.node.and_then(|node| node.get("items"));
        let node = items.map(|node| self.walk.resolve(node));
        let mut index = 0;
        loop {
            let path = Path::Item(self.path, index);
            let item = At { walk: self.walk, node, path: &path };
            if from.next_element_seed(item)?.is_none() {
                return Ok(());
            }
            index += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<(), A::Error> {
        while let Some(name) = from.next_key::<Cow<'de, str>>()? {
            let path = Path::Field(self.path, &name);
            let node = self.field(&name).unwrap_or_else(|()| {
                self.walk.note(&path);
                None
            });
            from.next_value_seed(At { walk: self.walk, node, path: &path })?;
        }
        Ok(())
    }
}
