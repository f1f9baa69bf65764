//! `target` is a list or an object.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::upgrade_data::raw::{Items, Key, Raw};

/// Until 1.3.0 a list of families, from 2.0.0 on one list for each distribution.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) enum RawTarget<'a> {
    List(Vec<Raw<'a>>),
    Distros { default: Items<'a, Raw<'a>>, others: Vec<String> },
    Other(Raw<'a>),
}

impl Default for RawTarget<'_> {
    fn default() -> Self {
        RawTarget::Other(Raw::Absent)
    }
}

impl RawTarget<'_> {
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, RawTarget::Other(Raw::Absent))
    }
}

struct TargetVisitor;

impl<'de> Deserialize<'de> for RawTarget<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(TargetVisitor)
    }
}

impl<'de> Visitor<'de> for TargetVisitor {
    type Value = RawTarget<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a target")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            if items.len() == 200 {
                return Err(A::Error::custom(
                    "a family has more than 200 targets; real ones have 8",
                ));
            }
            items.push(item);
        }
        Ok(RawTarget::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut default, mut others) = (Items::default(), Vec::new());
        while let Some(Key(key)) = map.next_key()? {
            if key == "default" {
                default = map.next_value()?;
            } else {
                map.next_value::<IgnoredAny>()?;
                if others.len() < 100 {
                    others.push(key.into_owned());
                }
            }
        }
        Ok(RawTarget::Distros { default, others })
    }
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(RawTarget::Other(Raw::Null))
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(RawTarget::Other(Raw::Bool(value)))
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(RawTarget::Other(Raw::Int(value)))
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(RawTarget::Other(Raw::Number(value as f64)))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(RawTarget::Other(Raw::Number(value)))
    }
    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(RawTarget::Other(Raw::Text(std::borrow::Cow::Borrowed(""))))
    }
}
