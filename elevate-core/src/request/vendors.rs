//! Which vendors of `vendors.d` are active on a host (formats.md section 4).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::RepoId;
use crate::upgrade_data::repo_map::RepoMap;
use crate::upgrade_data::vendors::Vendor;

use super::Context;
use super::stop::Stop;

/// The vendors of one run.
#[derive(Debug, Default)]
pub(super) struct Vendors<'a> {
    /// Maps that could be read, in the order leapp publishes them: by name.
    pub(super) maps: Vec<(&'a str, &'a RepoMap)>,
    /// Vendors with a source repository that is enabled on the host, by name.
    pub(super) active: Vec<&'a Vendor>,
    /// Vendors whose map is of no use, and why.
    pub(super) broken: Vec<(&'a Vendor, String)>,
}

impl<'a> Vendors<'a> {
    pub(super) fn find(
        cx: &Context<'a>,
        enabled: &BTreeSet<RepoId>,
        stops: &mut Vec<Stop>,
    ) -> Self {
        let mut vendors = Vendors::read(cx, stops);
        let mut owners: BTreeMap<&RepoId, Vec<&str>> = BTreeMap::new();
        let source = cx.options.path.source.release.major.to_string();
        for (name, map) in &vendors.maps {
            for entry in map.repositories.iter().filter(|e| e.major == source) {
                let claims = owners.entry(&entry.repoid).or_default();
                if cx.rules.one_vendor_a_repository {
                    claims.clear();
                }
                claims.push(name);
            }
        }
        let active: BTreeSet<&str> =
            enabled.iter().filter_map(|id| owners.get(id)).flatten().copied().collect();
        let is_active = |v: &&Vendor| active.contains(v.name.as_str());
        vendors.active = cx.data.vendors.iter().filter(is_active).collect();
        vendors
    }

    fn read(cx: &Context<'a>, stops: &mut Vec<Stop>) -> Self {
        let mut vendors = Vendors::default();
        for vendor in &cx.data.vendors {
            let Some(map) = &vendor.map else { continue };
            let usable = map
                .as_ref()
                .map_err(ToString::to_string)
                .and_then(|map| usable_map(map, cx).map(|()| map));
            match usable {
                Ok(map) => vendors.maps.push((&vendor.name, map)),
                Err(why) if cx.rules.emulate_stops => {
                    stops.push(Stop::error("vendor_repositories_mapping", why));
                    break;
                }
                Err(why) => vendors.broken.push((vendor, why)),
            }
        }
        vendors
    }
}

/// Whether a map is one the policy reads, and says anything about the path.
pub(super) fn usable_map(map: &RepoMap, cx: &Context<'_>) -> Result<(), String> {
    if cx.rules.only_map_version_1_2_1 && map.version_format != "1.2.1" {
        return Err(format!(
            "{}: version_format {} is not 1.2.1, the only one leapp 0.21 reads",
            map.path, map.version_format
        ));
    }
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
