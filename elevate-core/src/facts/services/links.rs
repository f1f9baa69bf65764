//! Links in the directories of units.

use super::super::look::{self, Found};
use super::super::{Fact, Unknown, read};
use super::{ETC, Services};
use crate::snapshot::EntryKind;

/// A link in `/etc/systemd/system` that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLink {
    /// Where it is.
    pub path: String,
    /// Where it leads, as stored.
    pub target: String,
}

/// A link that has to do with a unit.
pub(super) struct UnitLink {
    /// Whether it enables the unit, rather than only say where its file is.
    pub(super) enables: bool,
}

impl Services<'_> {
    /// Links in `/etc/systemd/system` and the directories in it that lead
    /// nowhere. Asked by `check_systemd_broken_symlinks`.
    pub fn broken_links(&self) -> Found<BrokenLink> {
        let mut found = Found::default();
        for path in self.links_below(ETC, &mut found.missing) {
            match self.broken(&path) {
                Ok(Some(link)) => found.items.push(link),
                Ok(None) => {}
                Err(unknown) => found.missed(unknown),
            }
        }
        found
    }

    fn broken(&self, path: &str) -> Fact<Option<BrokenLink>> {
        let Some(target) = read::link(self.evidence, path)? else { return Ok(None) };
        let gone = look::resolve(self.evidence, path)?.is_none();
        Ok(gone.then(|| BrokenLink { path: path.to_owned(), target }))
    }

    /// Paths of the links in a directory and in the directories in it, sorted.
    fn links_below(&self, place: &str, missing: &mut Vec<Unknown>) -> Vec<String> {
        let mut links = Vec::new();
        let top = look::names_in(self.evidence, place, |_| true);
        missing.extend(top.missing);
        for (name, kind) in top.items {
            let path = format!("{place}/{name}");
            match kind {
                EntryKind::Link => links.push(path),
                EntryKind::Directory => {
                    let inner = look::names_in(self.evidence, &path, |_| true);
                    missing.extend(inner.missing);
                    let inner = inner.items.into_iter().filter(|(_, k)| *k == EntryKind::Link);
                    links.extend(inner.map(|(name, _)| format!("{path}/{name}")));
                }
                _ => {}
            }
        }
        links
    }

    /// Links below a directory that enable a unit or link to its file: those in
    /// `*.wants` and `*.requires` that have its name or lead to it, and aliases
    /// beside it.
    pub(super) fn enabled_by(&self, place: &str, unit: &str) -> Found<UnitLink> {
        let mut found = Found::default();
        let mut missing = Vec::new();
        for path in self.links_below(place, &mut missing) {
            let name = path.rsplit('/').next().unwrap_or_default();
            let top = path.matches('/').count() == place.matches('/').count() + 1;
            let own = name == unit;
            // An instance is enabled by a link of its own name only.
            let leads = match self.evidence.link(&path).captured() {
                Some(target) => target.text().rsplit('/').next() == Some(unit),
                None => false,
            };
            if !own && !leads {
                continue;
            }
            if top && own {
                found
                    .items
                    .extend(self.links_outside(&path).then_some(UnitLink { enables: false }));
            } else {
                found.items.push(UnitLink { enables: true });
            }
        }
        found.missing = missing;
        found
    }

    /// Whether a link leads out of the directories of units.
    fn links_outside(&self, path: &str) -> bool {
        let target = self.evidence.link(path).captured();
        let end = target.map(|target| look::beside(path, &target.text()));
        let inside = |end: String| {
            let places = [super::ETC, super::RUN, super::LIB, "/lib/systemd/system"];
            places.iter().any(|place| end.starts_with(&format!("{place}/")))
        };
        end.is_some_and(|end| !inside(end))
    }
}
