//! Lint of a data directory, for the people who publish one (formats.md 12).
//!
//! What reading already remarked on is part of the result, and a broken file
//! becomes a remark too, so that one list says all there is to say.

mod events;
mod files;
mod maps;
mod simulate;

use std::collections::BTreeMap;

use super::package_events::{EventFile, EventRelease};
use super::remark::{Remarks, codes};
use super::repo_map::RepoMap;
use super::{DataError, Level, Remark, UpgradeData};
use crate::model::Release;

pub use super::remark::codes::CODES;

/// Checks the data for the way from `source` to `target`. Events outside it are
/// checked for their form only. The remarks are ordered by file and place.
pub fn lint(data: &UpgradeData, source: Release, target: Release) -> Vec<Remark> {
    let mut lint = Lint { data, source, target, remarks: BTreeMap::new() };
    lint.broken_files();
    events::check(&mut lint);
    simulate::check(&mut lint);
    maps::check(&mut lint);
    files::check(&mut lint);
    let found = lint.remarks.into_values().flat_map(Remarks::finish);
    let mut all: Vec<_> = data.remarks.iter().cloned().chain(found).collect();
    all.sort();
    all.dedup();
    all
}

struct Lint<'d> {
    data: &'d UpgradeData,
    source: Release,
    target: Release,
    remarks: BTreeMap<String, Remarks>,
}

impl<'d> Lint<'d> {
    /// The remarks on one file.
    fn on(&mut self, file: &str) -> &mut Remarks {
        self.remarks.entry(file.to_owned()).or_insert_with(|| Remarks::new(file))
    }

    /// Whether an event to this release takes part in the upgrade.
    fn is_on_the_way(&self, to: &EventRelease) -> bool {
        let to = Release::new(to.major, to.minor);
        self.source < to && to <= self.target
    }

    /// The event files that can be read, the main one first.
    fn event_files(&self) -> Vec<&'d EventFile> {
        let data = self.data;
        let vendors = data.vendors.iter().filter_map(|vendor| vendor.events.as_ref());
        std::iter::once(&data.events)
            .chain(vendors)
            .filter_map(|read| read.as_ref().ok())
            .map(|asset| &asset.value)
            .collect()
    }

    /// The maps that can be read, the main one first.
    fn maps(&self) -> Vec<&'d RepoMap> {
        let data = self.data;
        let vendors = data.vendors.iter().filter_map(|vendor| vendor.map.as_ref()?.as_ref().ok());
        data.repo_map.as_ref().ok().map(|asset| &asset.value).into_iter().chain(vendors).collect()
    }

    fn broken_files(&mut self) {
        let data = self.data;
        let mut errors: Vec<&DataError> = Vec::new();
        errors.extend(data.events.as_ref().err());
        errors.extend(data.repo_map.as_ref().err());
        errors.extend(data.custom_repositories.iter().filter_map(|read| read.as_ref().err()));
        errors.extend(data.devices.iter().filter_map(|read| read.as_ref().err()));
        for vendor in &data.vendors {
            errors.extend(vendor.map.iter().filter_map(|read| read.as_ref().err()));
            errors.extend(vendor.repositories.iter().filter_map(|read| read.as_ref().err()));
            errors.extend(vendor.events.iter().filter_map(|read| read.as_ref().err()));
        }
        for error in errors {
            let message = format!("{}{}", error.problem, error.place);
            self.on(&error.file).push(codes::BROKEN_FILE, Level::Error, "", message);
        }
    }
}

#[cfg(test)]
mod tests;
