//! Lists and maps that refuse to grow without end while they are read.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The most entries of a list or map in a snapshot.
pub(super) const MAX_ENTRIES: usize = 500_000;

/// Reads a list.
pub(super) fn list<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    from.deserialize_seq(Entries(PhantomData))
}

/// Reads a list that may be absent.
pub(super) fn optional_list<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Vec<T>>, D::Error> {
    struct List<T>(Vec<T>);
    impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            list(from).map(List)
        }
    }
    Ok(Option::<List<T>>::deserialize(from)?.map(|List(entries)| entries))
}

/// Reads a map. A key that stands twice is refused.
pub(super) fn map<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    from.deserialize_map(Fields(PhantomData))
}

struct Entries<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
    type Value = Vec<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Vec<T>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = from.next_element()? {
            if entries.len() >= MAX_ENTRIES {
                return Err(A::Error::custom(format!("has more than {MAX_ENTRIES} entries")));
            }
            entries.push(entry);
        }
        Ok(entries)
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
    type Value = BTreeMap<String, T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some((key, value)) = from.next_entry::<String, T>()? {
            if entries.len() >= MAX_ENTRIES {
                return Err(A::Error::custom(format!("has more than {MAX_ENTRIES} entries")));
            }
            if entries.contains_key(&key) {
                return Err(A::Error::custom(format!("{key:?} stands twice")));
            }
            entries.insert(key, value);
        }
        Ok(entries)
    }
}
