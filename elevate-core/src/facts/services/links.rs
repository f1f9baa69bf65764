//! Links in the directories of units.

use std::collections::BTreeSet;

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

/// What links below a directory say of units, by name.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Units they enable: those in `*.wants` and `*.requires` that have its name
    /// or lead to it, and aliases.
    pub(super) enabled: BTreeSet<String>,
    /// Units whose file is elsewhere.
    pub(super) linked: BTreeSet<String>,
    /// Directories that were not listed.
    pub(super) missing: Vec<Unknown>,
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

    /// Names of the units the administrator's links make a target want, sorted.
    /// Asked by `satellite_upgrade_services`.
    pub fn wanted_by(&self, target: &str) -> Found<String> {
        let names = look::names_in(self.evidence, &format!("{ETC}/{target}.wants"), |_| true);
        names.map(|(name, _)| name)
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

    /// What the links below a directory of units say.
    pub(super) fn links_in(&self, place: &str) -> Links {
        let mut links = Links::default();
        for path in self.links_below(place, &mut links.missing) {
            let name = path.rsplit('/').next().unwrap_or_default().to_owned();
            let target = self.evidence.link(&path).captured();
            let end = target.and_then(|t| t.text().rsplit('/').next().map(str::to_owned));
            // A link of another name is an alias, or an instance of a template.
            links.enabled.extend(end.filter(|end| *end != name));
            let is_top = path.matches('/').count() == place.matches('/').count() + 1;
            if !is_top {
                links.enabled.insert(name);
            } else if self.links_outside(&path) {
                links.linked.insert(name);
            }
        }
        links
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
