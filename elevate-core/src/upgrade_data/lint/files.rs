//! Everything else: repository files, vendors, data streams, devices.

use std::collections::BTreeMap;

use super::Lint;
use crate::model::{RepoFile, Repository};
use crate::upgrade_data::devices::{DeviceEntry, DeviceKind};
use crate::upgrade_data::remark::{codes, short};
use crate::upgrade_data::{Level, Streams};

/// The major data stream leapp consumes in ELevate 0.21.
const CONSUMED: u32 = 3;

/// Checks repository files, vendors, data streams and devices.
pub(super) fn check(lint: &mut Lint<'_>) {
    repositories(lint);
    vendors(lint);
    streams(lint);
    devices(lint);
}

fn repositories(lint: &mut Lint<'_>) {
    let data = lint.data;
    if data.custom_repositories.is_none() {
        let message = "there are no repositories to upgrade from; leapp then refuses to go on";
        lint.on("leapp_upgrade_repositories.repo").push(
            codes::NO_CUSTOM_REPOSITORIES,
            Level::Warning,
            "",
            message,
        );
    }
    let vendors = data.vendors.iter().filter_map(|vendor| vendor.repositories.as_ref());
    let mut first: BTreeMap<&str, &RepoFile> = BTreeMap::new();
    for file in data.custom_repositories.iter().chain(vendors).flatten() {
        for repository in &file.repositories {
            urls(lint, file, repository);
            let id = repository.id.as_str();
            if let Some(known) = first.insert(id, file) {
                let message =
                    format!("[{id}] is also defined in {}; leapp refuses that", known.path);
                let place = format!("line {}", repository.line);
                lint.on(&file.path).push(codes::REPOSITORY_TWICE, Level::Warning, place, message);
            }
        }
    }
}

fn urls(lint: &mut Lint<'_>, file: &RepoFile, repository: &Repository) {
    let place = format!("line {}", repository.line);
    let id = &repository.id;
    if !repository.has_url() {
        let message = format!("[{id}] has none of baseurl, mirrorlist and metalink");
        lint.on(&file.path).push(codes::WITHOUT_URL, Level::Error, &place, message);
    }
    let urls = [&repository.baseurl, &repository.mirrorlist, &repository.metalink];
    for url in urls.into_iter().flatten().filter(|url| has_placeholder(url)) {
        let message = format!("[{id}] has a placeholder in its address: {}", short(url));
        lint.on(&file.path).push(codes::PLACEHOLDER_URL, Level::Warning, &place, message);
    }
}

/// `<token>` or `{token}`; dnf's variables are `$name` and `${name}`.
fn has_placeholder(url: &str) -> bool {
    let angle = url.split_once('<').is_some_and(|(_, rest)| rest.contains('>'));
    angle || url.replace("${", "").contains('{')
}

fn vendors(lint: &mut Lint<'_>) {
    let data = lint.data;
    for vendor in data.vendors.iter().filter(|vendor| vendor.map.is_some()) {
        if vendor.repositories.is_none() {
            let message = format!("vendor {} has a map and no {0}.repo", vendor.name);
            let path = format!("vendors.d/{}_map.json", vendor.name);
            lint.on(&path).push(codes::VENDOR_WITHOUT_REPOSITORIES, Level::Note, "", message);
        }
    }
}

fn streams(lint: &mut Lint<'_>) {
    let data = lint.data;
    let mut found: Vec<(&str, &Streams)> = Vec::new();
    found.extend(data.events.iter().map(|asset| (&*asset.file.path, &asset.streams)));
    found.extend(data.repo_map.iter().map(|asset| (&*asset.file.path, &asset.streams)));
    found.extend(data.devices.iter().flatten().map(|asset| (&*asset.file.path, &asset.streams)));
    for vendor in &data.vendors {
        found.extend(
            vendor.events.iter().flatten().map(|asset| (&*asset.file.path, &asset.streams)),
        );
    }
    for (path, streams) in found {
        let (code, level, message) = match streams {
            Streams::Missing => (
                codes::STREAMS_MISSING,
                Level::Warning,
                "the field is missing; leapp 0.21 refuses the file as outdated".to_owned(),
            ),
            Streams::Malformed => (
                codes::STREAMS_MALFORMED,
                Level::Error,
                "the value is not a list of versions such as \"3.0\"".to_owned(),
            ),
            Streams::Provided(list) if list.iter().all(|(major, _)| *major != CONSUMED) => {
                let list: Vec<_> =
                    list.iter().take(20).map(|(major, minor)| format!("{major}.{minor}")).collect();
                let message = format!(
                    "lists {}; leapp 0.21 refuses the file, because it consumes {CONSUMED}",
                    list.join(", ")
                );
                (codes::STREAMS_OTHER, Level::Warning, message)
            }
            Streams::Provided(_) => continue,
        };
        lint.on(path).push(code, level, "provided_data_streams", message);
    }
}

fn devices(lint: &mut Lint<'_>) {
    let Some(Ok(asset)) = &lint.data.devices else { return };
    for entry in &asset.value.entries {
        if entry.kind == DeviceKind::Pci && !entry.is_driver() {
            device_id(lint, &asset.file.path, entry);
        }
    }
}

/// leapp compares ids as text with those of `lspci`, which are lower case, of
/// four digits each and mostly of four parts.
fn device_id(lint: &mut Lint<'_>, path: &str, entry: &DeviceEntry) {
    let id = entry.device_id.as_str();
    let parts: Vec<&str> = id.split(':').map(|part| part.trim_start_matches("0x")).collect();
    let mut tally = |code, level, what: &str| {
        lint.on(path).tally(code, level, "", || {
            ("data".to_owned(), format!("the device id {} {what}", short(id)))
        });
    };
    if parts.iter().any(|part| part.bytes().any(|b| b.is_ascii_uppercase())) {
        tally(codes::DEVICE_ID_CASE, Level::Warning, "is in upper case, which leapp never matches");
    }
    if parts.iter().any(|part| part.len() != 4) || !matches!(parts.len(), 2 | 4) {
        let what = "has not two or four parts of four digits, so leapp never matches it";
        tally(codes::DEVICE_ID_SHORT, Level::Warning, what);
    } else if parts.len() == 2 {
        let what = "has no subsystem; leapp matches it to devices without one only";
        tally(codes::DEVICE_ID_PREFIX, Level::Note, what);
    }
}
