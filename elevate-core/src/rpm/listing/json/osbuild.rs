//! osbuild image manifests: the packages an image is made of.
//!
//! A manifest names packages by checksum in its `org.osbuild.rpm` stages and
//! gives their URLs under `sources`. The packages of a pipeline that only
//! serves to build the others (`"build": "name:..."`) are not in the image.
//! File names carry no epoch; the list `rpmmd` beside the manifest does.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::super::collect::{At, Collector};
use super::super::roles::{self, Role};
use super::super::{ListingError, ListingFacts, cell};
use super::Facts;
use super::tree::{Json, Object};

/// Whether an object is a manifest, alone or with what it was made from.
pub(super) fn is_manifest(fields: &Object<'_>) -> bool {
    let manifest = manifest(fields);
    matches!(manifest.get("pipelines"), Some(Json::Array(_))) && manifest.get("sources").is_some()
}

/// Reads the packages of the image.
pub(super) fn read(
    fields: &Object<'_>,
    collector: &mut Collector,
) -> Result<ListingFacts, ListingError> {
    let manifest = manifest(fields);
    let urls = urls(manifest);
    let epochs = epochs(fields);
    let mut taken = BTreeSet::new();
    let mut of_build = BTreeSet::new();
    for (place, id, is_build) in references(manifest, collector) {
        if is_build {
            of_build.insert(id);
            continue;
        }
        if !taken.insert(id) {
            continue;
        }
        match urls.get(id) {
            Some(url) => package(&place, url, epochs.get(id).copied(), collector)?,
            None => collector.unread(At::Place(&place), id, "is in no source of the manifest"),
        }
    }
    for _ in of_build.difference(&taken) {
        collector.ignored("packages of a build root");
    }
    Ok(facts(fields, collector))
}

fn manifest<'f, 'j>(fields: &'f Object<'j>) -> &'f Object<'j> {
    fields.get("manifest").and_then(Json::object).unwrap_or(fields)
}

fn package(
    place: &str,
    url: &str,
    epoch: Option<u64>,
    collector: &mut Collector,
) -> Result<(), ListingError> {
    let file = url.rsplit('/').next().unwrap_or(url);
    let file = file.replace("%2B", "+").replace("%2b", "+").replace("%7E", "~").replace("%5E", "^");
    let named = match epoch {
        Some(epoch) => format!("{epoch}:{file}"),
        None => file.clone(),
    };
    let cells = [Cow::Borrowed(named.as_str())];
    if let Err(why) = roles::take(At::Place(place), &cells, &[Role::Nevra], collector)? {
        collector.unread(At::Place(place), &file, why);
    }
    Ok(())
}

/// URLs by checksum, of every source.
fn urls<'f>(manifest: &'f Object<'_>) -> BTreeMap<&'f str, &'f str> {
    let sources = manifest.get("sources").and_then(Json::object).into_iter();
    let items = sources
        .flat_map(Object::iter)
        .filter_map(|(_, source)| source.object()?.get("items")?.object());
    let url = |item: &'f Json<'_>| match item {
        Json::Text(url) => Some(url.as_ref()),
        Json::Object(item) => match item.get("url") {
            Some(Json::Text(url)) => Some(url.as_ref()),
            _ => None,
        },
        _ => None,
    };
    items.flat_map(Object::iter).filter_map(|(id, item)| Some((id.as_ref(), url(item)?))).collect()
}

/// Epochs by checksum, from the package lists the image was made from.
fn epochs<'f>(fields: &'f Object<'_>) -> BTreeMap<&'f str, u64> {
    let lists = fields.get("rpmmd").and_then(Json::object).into_iter().flat_map(Object::iter);
    let packages = lists.filter_map(|(_, list)| match list {
        Json::Array(items) => Some(items),
        _ => None,
    });
    packages
        .flatten()
        .filter_map(|item| {
            let item = item.object()?;
            match (item.get("checksum")?, item.get("epoch")?) {
                (Json::Text(id), Json::Number(epoch)) => Some((id.as_ref(), *epoch)),
                _ => None,
            }
        })
        .collect()
}

/// Every package reference: its place, the checksum, and whether it belongs to
/// a pipeline that builds others.
fn references<'f>(
    manifest: &'f Object<'_>,
    collector: &mut Collector,
) -> Vec<(String, &'f str, bool)> {
    let Some(Json::Array(pipelines)) = manifest.get("pipelines") else { return Vec::new() };
    let text = |fields: &'f Object<'_>, name: &str| match fields.get(name) {
        Some(Json::Text(text)) => Some(text.as_ref()),
        _ => None,
    };
    let objects = || pipelines.iter().filter_map(Json::object);
    let builders: BTreeSet<&str> =
        objects().filter_map(|pipeline| text(pipeline, "build")?.strip_prefix("name:")).collect();
    let mut found = Vec::new();
    for (index, pipeline) in pipelines.iter().enumerate() {
        let Some(pipeline) = pipeline.object() else { continue };
        let is_build = text(pipeline, "name").is_some_and(|name| builders.contains(name));
        let place = format!("pipelines[{index}]");
        let Some(Json::Array(stages)) = pipeline.get("stages") else { continue };
        let stages = stages.iter().filter_map(Json::object);
        for stage in stages.filter(|stage| text(stage, "type") == Some("org.osbuild.rpm")) {
            match ids(stage) {
                Some(ids) => found.extend(ids.into_iter().map(|id| (place.clone(), id, is_build))),
                None => {
                    collector.unread(At::Place(&place), "", "has an rpm stage without packages");
                }
            }
        }
    }
    found
}

/// The checksums a stage refers to: an array of `{"id": ...}` or of texts, or
/// an object by checksum.
fn ids<'f>(stage: &'f Object<'_>) -> Option<Vec<&'f str>> {
    let packages = stage.get("inputs")?.object()?.get("packages")?.object()?;
    match packages.get("references")? {
        Json::Array(items) => Some(
            items
                .iter()
                .filter_map(|item| match item {
                    Json::Text(id) => Some(id.as_ref()),
                    Json::Object(fields) => match fields.get("id") {
                        Some(Json::Text(id)) => Some(id.as_ref()),
                        _ => None,
                    },
                    _ => None,
                })
                .collect(),
        ),
        Json::Object(by_id) => Some(by_id.iter().map(|(id, _)| id.as_ref()).collect()),
        _ => None,
    }
}

/// What the image was ordered as. Its repositories are those of the build, not
/// of the host made from it.
fn facts(fields: &Object<'_>, collector: &mut Collector) -> ListingFacts {
    let Some(request) = fields.get("compose-request").and_then(Json::object) else {
        return ListingFacts::default();
    };
    let mut from = Facts { fields: request, used: Vec::new(), collector };
    let distro = from.text("distro").and_then(|text| text.split('-').next());
    let distro = distro.and_then(|id| id.parse().ok());
    let arch = from.text("arch").and_then(cell::arch);
    from.done();
    ListingFacts { distro, arch, ..ListingFacts::default() }
}
