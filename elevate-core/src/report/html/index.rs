//! Which packages have a row in the table, and what follows from each.

use std::collections::{BTreeMap, BTreeSet};

use super::relation::{End, of_link};
use crate::plan::reasons::Link;
use crate::plan::{Chain, Plan};

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'p> {
    /// What becomes of the package, in a word.
    pub word: &'static str,
    /// Whether it is one that arrives.
    pub arrives: bool,
    /// Its place in the plan's list.
    pub at: usize,
    /// Why.
    pub because: Option<&'p Chain>,
}

/// Packages of a plan by their names.
pub(super) struct Index<'p> {
    rows: BTreeMap<String, Row<'p>>,
    by_name: BTreeMap<&'p str, Row<'p>>,
    /// By full name of a cause, the packages something becomes of directly because of it.
    effects: BTreeMap<String, Vec<&'p Link>>,
}

impl Row<'_> {
    /// Its id in the page.
    pub(super) fn id(&self) -> String {
        format!("{}{}", if self.arrives { "a" } else { "p" }, self.at)
    }
}

impl<'p> Index<'p> {
    /// Goes through all packages once.
    pub(super) fn new(plan: &'p Plan) -> Self {
        let mut index =
            Self { rows: BTreeMap::new(), by_name: BTreeMap::new(), effects: BTreeMap::new() };
        for (at, operation) in plan.packages.iter().enumerate() {
            let because = operation.because.as_ref();
            let row = Row { word: operation.fate.word(), arrives: false, at, because };
            index.add(operation.nevra(), operation.name.as_str(), row);
        }
        for (at, arrival) in plan.arrivals.iter().enumerate() {
            let full = arrival.package.as_ref().map(|package| package.nevra());
            let full = full.unwrap_or_else(|| arrival.name.to_string());
            let row = Row { word: "arrives", arrives: true, at, because: arrival.because.as_ref() };
            index.add(full, arrival.name.as_str(), row);
        }
        index
    }

    fn add(&mut self, full: String, name: &'p str, row: Row<'p>) {
        if let Some(link) = row.because.and_then(|chain| chain.links.first()) {
            let causes = of_link(link).into_iter().filter_map(|relation| match relation.cause {
                End::Package(cause) if cause != link.package => Some(cause.to_owned()),
                _ => None,
            });
            for cause in causes.collect::<BTreeSet<String>>() {
                self.effects.entry(cause).or_default().push(link);
            }
        }
        self.rows.entry(full).or_insert(row);
        self.by_name.entry(name).or_insert(row);
    }

    /// The row of a package by its full name.
    pub(super) fn row(&self, full: &str) -> Option<&Row<'p>> {
        self.rows.get(full)
    }

    /// The row of a package by its full name or its name.
    pub(super) fn find(&self, text: &str) -> Option<&Row<'p>> {
        self.row(text).or_else(|| self.by_name.get(text))
    }

    /// The links of packages something becomes of directly because of one.
    pub(super) fn effects(&self, cause: &str) -> &[&'p Link] {
        self.effects.get(cause).map(Vec::as_slice).unwrap_or_default()
    }
}
