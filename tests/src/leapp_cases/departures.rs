//! The reviewed list: cases in which we say otherwise than leapp, or leapp has no outcome.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A case of the list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Departure {
    /// What ours says instead, a finding a line.
    pub ours: Vec<String>,
    /// Why that is right.
    pub why: String,
}

/// The list, by the names of cases.
pub fn read(text: &str) -> BTreeMap<String, Departure> {
    let list: BTreeMap<String, Departure> =
        toml::from_str(text).unwrap_or_else(|error| panic!("the reviewed list: {error}"));
    for (name, departure) in &list {
        assert!(departure.why.len() > 20, "{name}: say why");
    }
    list
}
