//! What is different between two things of a kind.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A value that is another one after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Changed_of_{T}")]
pub struct Changed<T> {
    /// What it is before.
    pub before: T,
    /// What it is after.
    pub after: T,
}

impl<T: PartialEq> Changed<T> {
    /// The two values where they differ.
    pub fn of(before: T, after: T) -> Option<Self> {
        (before != after).then_some(Self { before, after })
    }
}

/// Entries that only one of two lists has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Listing {
    /// Those of the second list only, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub come: Vec<String>,
    /// Those of the first list only, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<String>,
}

impl Listing {
    /// Compares two lists whose order means nothing. An entry that stands there twice
    /// counts twice.
    pub fn of<T: ToString>(
        before: impl IntoIterator<Item = T>,
        after: impl IntoIterator<Item = T>,
    ) -> Self {
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        before.into_iter().for_each(|entry| *counts.entry(entry.to_string()).or_default() -= 1);
        after.into_iter().for_each(|entry| *counts.entry(entry.to_string()).or_default() += 1);
        let mut listing = Self::default();
        for (entry, count) in counts {
            let list = if count > 0 { &mut listing.come } else { &mut listing.gone };
            (0..count.unsigned_abs()).for_each(|_| list.push(entry.clone()));
        }
        listing
    }

    /// Whether both lists have the same entries.
    pub fn is_empty(&self) -> bool {
        self.come.is_empty() && self.gone.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_alike_have_not_changed() {
        assert_eq!(Changed::of(1, 1), None);
        assert_eq!(Changed::of(1, 2), Some(Changed { before: 1, after: 2 }));
    }

    #[test]
    fn lists_are_compared_without_regard_to_order_and_with_regard_to_number() {
        let listing = Listing::of(["b", "a", "c", "c"], ["a", "d", "b", "c"]);
        assert_eq!(listing.come, ["d"]);
        assert_eq!(listing.gone, ["c"]);
        assert!(Listing::of(["a", "b"], ["b", "a"]).is_empty());
    }
}
