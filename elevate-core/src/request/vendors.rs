//! Which vendors of `vendors.d` are active on a host (formats.md section 4).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::RepoId;
use crate::upgrade_data::DataError;
use crate::upgrade_data::repo_map::RepoMap;
use crate::upgrade_data::vendors::Vendor;

use super::Context;
use super::stop::Stop;

/// The vendors of one run.
#[derive(Debug, Default)]
pub(super) struct Vendors<'a> {
    /// Maps that can be used, by their vendors' names, in the order leapp
    /// publishes them: that of the file names.
    pub(super) maps: Vec<(&'a str, &'a RepoMap)>,
    /// Vendors with a source repository that is enabled on the host, in the
    /// same order.
    pub(super) active: Vec<&'a Vendor>,
    /// Their names, sorted; leapp's left-over vendors are among them.
    pub(super) active_names: BTreeSet<&'a str>,
    /// Vendors whose map is of no use, and why.
    pub(super) broken: Vec<(&'a str, String)>,
}

/// A map file and the vendor it makes.
type MapFile<'a> = (&'a str, &'a Result<RepoMap, DataError>);

impl<'a> Vendors<'a> {
    pub(super) fn find(cx: &Context<'a>, enabled: &BTreeSet<RepoId>) -> (Self, Option<Stop>) {
        let mut vendors = Vendors::default();
        let (claims, stopped) = vendors.read(cx);
        let source = cx.options.path.source.release.major.to_string();
        let mut owners: BTreeMap<&RepoId, Vec<&str>> = BTreeMap::new();
        for (name, map) in claims {
            for entry in map.repositories.iter().filter(|e| e.major == source) {
                let owners = owners.entry(&entry.repoid).or_default();
                if cx.rules.one_vendor_a_repository {
                    owners.clear();
                }
                owners.push(name);
            }
        }
        vendors.active_names =
            enabled.iter().filter_map(|id| owners.get(id)).flatten().copied().collect();
        let is_active = |v: &&Vendor| vendors.active_names.contains(v.name.as_str());
        vendors.active = cx.data.vendors.iter().filter(is_active).collect();
        vendors.active.sort_by_key(|v| file_order(&v.name));
        (vendors, stopped)
    }

    /// Takes the maps that are of use. Returns those that claim repositories:
    /// leapp publishes a vendor's source repositories before it finds that the
    /// map has nothing for this path.
    fn read(&mut self, cx: &Context<'a>) -> (Vec<MapClaim<'a>>, Option<Stop>) {
        let mut claims = Vec::new();
        for (name, map) in map_files(cx) {
            let read = map.as_ref().map_err(ToString::to_string);
            let why = match read.and_then(|map| readable(map, cx).map(|()| map)) {
                Ok(map) => {
                    let leads = leads_to_target(map, cx);
                    if leads.is_ok() || cx.rules.emulate_stops {
                        claims.push((name, map));
                    }
                    match leads {
                        Ok(()) => {
                            self.maps.push((name, map));
                            continue;
                        }
                        Err(why) => why,
                    }
                }
                Err(why) => why,
            };
            if cx.rules.emulate_stops {
                return (claims, Some(Stop::error("vendor_repositories_mapping", why)));
            }
            self.broken.push((name, why));
        }
        (claims, None)
    }
}

type MapClaim<'a> = (&'a str, &'a RepoMap);

/// Every map file with the vendor it makes, by file name.
fn map_files<'a>(cx: &Context<'a>) -> Vec<MapFile<'a>> {
    let proper = cx.data.vendors.iter().filter_map(|v| Some((v.name.as_str(), v.map.as_ref()?)));
    let mut files: Vec<MapFile<'a>> = proper.collect();
    if cx.rules.vendors_by_substring {
        let path = |map: &'a Result<RepoMap, DataError>| match map {
            Ok(map) => map.path.as_str(),
            Err(error) => error.file.as_str(),
        };
        // A map taken from `X_map.json.el8` is a left-over too.
        files.retain(|(_, map)| path(map).ends_with("_map.json"));
        files.extend(cx.data.left_over_maps.iter().map(|(name, map)| (name.as_str(), map)));
    }
    files.sort_by_key(|(name, _)| file_order(name));
    files
}

/// Names in the order of their files: `a-b_map.json` stands before `a_map.json`.
fn file_order(vendor: &str) -> String {
    format!("{vendor}_")
}

/// Whether a map is one the policy reads, and says anything about the path.
pub(super) fn usable_map(map: &RepoMap, cx: &Context<'_>) -> Result<(), String> {
    readable(map, cx)?;
    leads_to_target(map, cx)
}

fn readable(map: &RepoMap, cx: &Context<'_>) -> Result<(), String> {
    if cx.rules.only_map_version_1_2_1 && map.version_format != "1.2.1" {
        return Err(format!(
            "{}: version_format {} is not 1.2.1, the only one leapp 0.21 reads",
            map.path, map.version_format
        ));
    }
    Ok(())
}

fn leads_to_target(map: &RepoMap, cx: &Context<'_>) -> Result<(), String> {
    let path = &cx.options.path;
    let (from, to) = (path.source.release.major, path.target.release.major);
    match map.mappings.get(&(from.to_string(), to.to_string())) {
        Some(mapping) if !mapping.is_empty() => Ok(()),
        _ => Err(format!("{}: maps nothing from release {from} to {to}", map.path)),
    }
}

/// Key ids active vendors sign with, as the policy reads `.sigs` files.
pub(super) fn signing_keys(active: &[&Vendor], by_substring: bool) -> Vec<String> {
    let keys =
        |v: &&Vendor| if by_substring { v.raw_signature_lines.clone() } else { v.key_ids.clone() };
    active.iter().flat_map(keys).collect()
}
