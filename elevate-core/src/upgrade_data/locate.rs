//! Where in a JSON text a field is. Only asked after something was found wrong
//! there, so that reading right files costs nothing.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::raw::Key;

/// A place in a document while it is being judged: links to the place around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    around: Option<&'a At<'a>>,
    step: Step<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> At<'a> {
    /// A field of the document.
    pub(super) fn top(key: &'a str) -> Self {
        Self { around: None, step: Step::Key(key) }
    }

    /// A field of the object here.
    pub(super) fn key(&'a self, key: &'a str) -> Self {
        Self { around: Some(self), step: Step::Key(key) }
    }

    /// An element of the list here.
    pub(super) fn index(&'a self, index: usize) -> Self {
        Self { around: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(around) = self.around {
            around.fmt(f)?;
        }
        match self.step {
            Step::Key(key) if self.around.is_none() => f.write_str(key),
            Step::Key(key) => write!(f, ".{key}"),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// Line and column, from 1, where the value at `path` ends or starts. The last
/// steps of the path may be missing in the text (a missing field is reported
/// where its object is).
pub(super) fn locate(text: &str, path: &str) -> Option<(usize, usize)> {
    let mut steps = steps(path);
    while !steps.is_empty() {
        let mut found = false;
        let mut json = serde_json::Deserializer::from_str(text);
        let seek = Seek { steps: &steps, found: &mut found };
        if let Err(error) = seek.deserialize(&mut json)
            && found
        {
            return Some((error.line(), error.column()));
        }
        steps.pop();
    }
    None
}

fn steps(path: &str) -> Vec<Step<'_>> {
    path.split(['.', '['])
        .map(|part| match part.strip_suffix(']').map(str::parse) {
            Some(Ok(index)) => Step::Index(index),
            _ => Step::Key(part),
        })
        .collect()
}

/// Walks to a value and stops there with an error, which serde_json gives its
/// line and column.
struct Seek<'s> {
    steps: &'s [Step<'s>],
    found: &'s mut bool,
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl Seek<'_> {
    fn stop<E: Error>(self) -> Result<(), E> {
        *self.found = self.steps.is_empty();
        Err(E::custom("here"))
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.stop()
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.stop()
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.stop()
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.stop()
    }
    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.stop()
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.stop()
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Some((Step::Index(wanted), rest)) = self.steps.split_first() else {
            return self.stop();
        };
        for _ in 0..*wanted {
            if list.next_element::<IgnoredAny>()?.is_none() {
                return Ok(());
            }
        }
        list.next_element_seed(Seek { steps: rest, found: self.found })?;
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((Step::Key(wanted), rest)) = self.steps.split_first() else { return self.stop() };
        while let Some(Key(key)) = map.next_key()? {
            if key == *wanted {
                map.next_value_seed(Seek { steps: rest, found: &mut *self.found })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_prints_as_people_write_it() {
        let list = At::top("packageinfo");
        let record = list.index(12);
        assert_eq!(record.key("action").to_string(), "packageinfo[12].action");
    }

    #[test]
    fn a_value_is_found_and_a_missing_one_where_its_object_is() {
        let text = "{\n \"a\": [\n  {\"b\": 1},\n  {\"b\":\n 2}\n ]\n}";
        assert_eq!(locate(text, "a[0].b").map(|at| at.0), Some(3));
        assert_eq!(locate(text, "a[1].b").map(|at| at.0), Some(5));
        assert_eq!(locate(text, "a[1].c").map(|at| at.0), Some(4));
        assert_eq!(locate(text, "x.y"), None);
    }
}
