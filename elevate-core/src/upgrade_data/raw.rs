//! JSON as it is, before it is judged: every field may be absent, of the right
//! shape or of any other, and reading it never fails but for broken syntax.
//!
//! The readers judge afterwards, so that they can say which record and field is
//! wrong, and which of upstream's two ways of failing it means (formats.md 1.4).

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

/// The most elements a list inside a record may have. Real ones have 43; two
/// such lists inside each other must still fit in memory.
const LONGEST_LIST: usize = 1_000;

/// A value of which only scalars are kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Raw<'a> {
    #[default]
    Absent,
    Null,
    Bool(bool),
    Int(i64),
    Number(f64),
    Text(Cow<'a, str>),
    List {
        empty: bool,
    },
    Object {
        empty: bool,
    },
}

impl Raw<'_> {
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Raw::Absent)
    }

    /// Python's idea of *nothing there*, which upstream's `x or {}` uses.
    pub(super) fn is_falsy(&self) -> bool {
        match self {
            Raw::Absent | Raw::Null | Raw::Bool(false) | Raw::Int(0) => true,
            Raw::Number(number) => *number == 0.0,
            Raw::Text(text) => text.is_empty(),
            Raw::List { empty } | Raw::Object { empty } => *empty,
            _ => false,
        }
    }

    /// What it is, for messages: `is a list, not ...`.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Raw::Absent => "missing",
            Raw::Null => "null",
            Raw::Bool(_) => "a boolean",
            Raw::Int(_) => "an integer",
            Raw::Number(_) => "a decimal number",
            Raw::Text(_) => "a string",
            Raw::List { .. } => "a list",
            Raw::Object { .. } => "an object",
        }
    }
}

/// A field that should have the shape `T`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Field<'a, T> {
    /// It has.
    Found(T),
    /// It has another, or is absent.
    Other(Raw<'a>),
}

impl<T> Default for Field<'_, T> {
    fn default() -> Self {
        Field::Other(Raw::Absent)
    }
}

impl<T> Field<'_, T> {
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Field::Other(Raw::Absent))
    }
}

/// A list of bounded length.
pub(super) type Items<'a, T> = Field<'a, Vec<T>>;

/// A key of an object.
pub(super) struct Key<'a>(pub(super) Cow<'a, str>);

/// The keys of an object that are not its fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Keys<'a> {
    pub(super) unknown: Vec<Cow<'a, str>>,
    pub(super) repeated: Vec<&'static str>,
}

/// What can be read off an object's entries.
pub(super) trait FromMap<'de>: Sized {
    fn from_map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

/// Marks an object as wanted; lists are wanted by `Items`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Object<T>(pub(super) T);

/// Defines an object with named fields. Of a repeated key the last value
/// counts, as in Python.
macro_rules! raw_object {
    ($(#[$doc:meta])* $name:ident {
        $($field:ident: $type:ty,)*
    } ignored [$($ignored:literal),*]) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub(super) struct $name<'a> {
            $(pub(super) $field: $type,)*
            pub(super) keys: $crate::upgrade_data::raw::Keys<'a>,
        }

        impl<'de> $crate::upgrade_data::raw::FromMap<'de> for $name<'de> {
            fn from_map<A: serde::de::MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
                let mut out = Self::default();
                while let Some($crate::upgrade_data::raw::Key(key)) = map.next_key()? {
                    match &*key {
                        $(stringify!($field) => {
                            if !out.$field.is_absent() {
                                out.keys.repeated.push(stringify!($field));
                            }
                            out.$field = map.next_value()?;
                        })*
                        $($ignored => {
                            map.next_value::<serde::de::IgnoredAny>()?;
                        })*
                        _ => {
                            map.next_value::<serde::de::IgnoredAny>()?;
                            out.keys.unknown.push(key);
                        }
                    }
                }
                Ok(out)
            }
        }
    };
}
pub(super) use raw_object;

/// Hands the elements of a list out one by one, so that a long list need not
/// be held twice.
pub(super) struct Each<T, F> {
    each: F,
    limit: usize,
    element: PhantomData<T>,
}

impl<T, F: FnMut(usize, T)> Each<T, F> {
    /// `each` gets position and element; more than `limit` elements are an error.
    pub(super) fn new(limit: usize, each: F) -> Self {
        Self { each, limit, element: PhantomData }
    }
}

macro_rules! scalars {
    ($value:ident => $wrap:expr) => {
        scalars!($value, visit_bool, bool, Raw::Bool($value), $wrap);
        scalars!($value, visit_i64, i64, Raw::Int($value), $wrap);
        scalars!($value, visit_u64, u64, unsigned($value), $wrap);
        scalars!($value, visit_f64, f64, Raw::Number($value), $wrap);
        scalars!($value, visit_borrowed_str, &'de str, Raw::Text(Cow::Borrowed($value)), $wrap);
        scalars!($value, visit_str, &str, Raw::Text(Cow::Owned($value.to_owned())), $wrap);
        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            let $value = Raw::Null;
            Ok($wrap)
        }
    };
    ($value:ident, $method:ident, $type:ty, $raw:expr, $wrap:expr) => {
        fn $method<E: Error>(self, $value: $type) -> Result<Self::Value, E> {
            let $value = $raw;
            Ok($wrap)
        }
    };
}

fn unsigned<'a>(value: u64) -> Raw<'a> {
    i64::try_from(value).map_or(Raw::Number(value as f64), Raw::Int)
}

fn drain_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Raw<'de>, A::Error> {
    let mut empty = true;
    while list.next_element::<IgnoredAny>()?.is_some() {
        empty = false;
    }
    Ok(Raw::List { empty })
}

fn drain_object<'de, A: MapAccess<'de>>(mut map: A) -> Result<Raw<'de>, A::Error> {
    let mut empty = true;
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
        empty = false;
    }
    Ok(Raw::Object { empty })
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw<'de>;
    scalars!(value => value);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Raw<'de>, A::Error> {
        drain_list(list)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Raw<'de>, A::Error> {
        drain_object(map)
    }
}

impl<'de> Deserialize<'de> for Raw<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(RawVisitor)
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match from.deserialize_str(RawVisitor)? {
            Raw::Text(text) => Ok(Key(text)),
            other => {
                Err(D::Error::custom(format_args!("{} where a key was expected", other.kind())))
            }
        }
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: FromMap<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Field<'de, Object<T>>;
    scalars!(value => Field::Other(value));

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        drain_list(list).map(Field::Other)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::from_map(map).map(|value| Field::Found(Object(value)))
    }
}

impl<'de, T: FromMap<'de>> Deserialize<'de> for Field<'de, Object<T>> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ObjectVisitor(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<'de, Vec<T>> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut items = Vec::new();
        Ok(match Each::new(LONGEST_LIST, |_, item| items.push(item)).deserialize(from)? {
            Field::Found(_) => Field::Found(items),
            Field::Other(raw) => Field::Other(raw),
        })
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(usize, T)> Visitor<'de> for Each<T, F> {
    type Value = Field<'de, usize>;
    scalars!(value => Field::Other(value));

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut count = 0;
        while let Some(element) = list.next_element()? {
            if count == self.limit {
                return Err(A::Error::custom(format_args!(
                    "a list has more than {} elements; no real one has",
                    self.limit
                )));
            }
            (self.each)(count, element);
            count += 1;
        }
        Ok(Field::Found(count))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        drain_object(map).map(Field::Other)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(usize, T)> DeserializeSeed<'de> for Each<T, F> {
    type Value = Field<'de, usize>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}
