//! `vendors.d`: third parties' maps, repositories, events and signing keys
//! (formats.md section 4).

use std::collections::BTreeMap;

use super::package_events::EventFile;
use super::read::Session;
use super::remark::{Remarks, codes, short};
use super::repo_map::RepoMap;
use super::{Asset, DataDirectory, DataError, Level};
use crate::model::RepoFile;

/// The files of one vendor. Which vendors are active is the host's matter
/// (`request::vendors`).
#[derive(Debug, Clone)]
pub struct Vendor {
    /// Common stem of its files (`epel`).
    pub name: String,
    /// `<vendor>_map.json`; never checked for data streams by leapp.
    pub map: Option<Result<RepoMap, DataError>>,
    /// `<vendor>.repo`.
    pub repositories: Option<Result<RepoFile, DataError>>,
    /// `<vendor>_pes.json`.
    pub events: Option<Result<Asset<EventFile>, DataError>>,
    /// Key ids of `<vendor>.sigs`: 8, 16 or 40 hexadecimal digits, lower case.
    pub key_ids: Vec<String>,
    /// The lines of `<vendor>.sigs` as leapp takes them: every line that is not
    /// empty, untrimmed, in its own case.
    pub raw_signature_lines: Vec<String>,
}

/// What a file of `vendors.d` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VendorFileKind {
    /// `<vendor>_map.json`
    Map,
    /// `<vendor>_pes.json`
    Events,
    /// `<vendor>.repo`
    Repositories,
    /// `<vendor>.sigs`
    Signatures,
}

/// A file of `vendors.d` as leapp's search for a part of the name finds it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LooseFile {
    /// Path below the data directory.
    pub path: String,
    /// The vendor leapp takes it for: the name without its last nine characters.
    pub vendor: String,
    /// [`VendorFileKind::Map`] or [`VendorFileKind::Events`].
    pub kind: VendorFileKind,
}

/// The maps and event files leapp would load: every name that *contains*
/// `_map.json` or `_pes.json`, so that a left-over `epel_map.json.el8` is the
/// map of a vendor `epel_map` (formats.md section 4). For the policy
/// `leapp-0.21` only; [`super::UpgradeData::vendors`] has the right ones.
pub fn loose_files(directory: &DataDirectory) -> Vec<LooseFile> {
    let kinds = [("_map.json", VendorFileKind::Map), ("_pes.json", VendorFileKind::Events)];
    let mut found = Vec::new();
    for (name, _) in directory.below("vendors.d/") {
        for (part, kind) in kinds {
            if name.contains(part) {
                let count = name.chars().count().saturating_sub(9);
                let vendor = name.chars().take(count).collect();
                found.push(LooseFile { path: format!("vendors.d/{name}"), vendor, kind });
            }
        }
    }
    found
}

const SUFFIXES: [(&str, VendorFileKind); 4] = [
    ("_map.json", VendorFileKind::Map),
    ("_pes.json", VendorFileKind::Events),
    (".repo", VendorFileKind::Repositories),
    (".sigs", VendorFileKind::Signatures),
];

/// Vendor and kind of a file name, by its end.
fn kind_of(name: &str) -> Option<(&str, VendorFileKind)> {
    SUFFIXES
        .iter()
        .find_map(|(suffix, kind)| name.strip_suffix(suffix).map(|vendor| (vendor, *kind)))
        .filter(|(vendor, _)| !vendor.is_empty())
}

/// Reads `vendors.d`.
pub(super) fn read(session: &mut Session<'_>) -> Vec<Vendor> {
    let mut vendors = BTreeMap::new();
    for (vendor, kind, path) in files(session) {
        let vendor = vendors.entry(vendor.clone()).or_insert_with(|| Vendor {
            name: vendor,
            map: None,
            repositories: None,
            events: None,
            key_ids: Vec::new(),
            raw_signature_lines: Vec::new(),
        });
        match kind {
            VendorFileKind::Map => vendor.map = Some(session.map(&path)),
            VendorFileKind::Repositories => vendor.repositories = Some(session.repo_file(&path)),
            VendorFileKind::Events => {
                vendor.events = Some(session.asset(&path, super::package_events::read));
            }
            VendorFileKind::Signatures => {
                (vendor.key_ids, vendor.raw_signature_lines) = signatures(session, &path);
            }
        }
    }
    for vendor in vendors.values() {
        if vendor.map.is_none() {
            let message = format!("vendor {} has no map and so never becomes active", vendor.name);
            let path = format!("vendors.d/{}_map.json", vendor.name);
            session.remark(&path, codes::VENDOR_WITHOUT_MAP, Level::Warning, message);
        }
    }
    vendors.into_values().collect()
}

/// The maps that only leapp's search for a part of the name finds.
pub(super) fn left_over_maps(
    directory: &DataDirectory,
) -> Vec<(String, Result<RepoMap, DataError>)> {
    // What is found here says nothing about the plan, so nothing is noted.
    let mut aside = Session::new(directory);
    let left_over =
        |file: &LooseFile| file.kind == VendorFileKind::Map && !file.path.ends_with("_map.json");
    let maps = loose_files(directory).into_iter().filter(left_over);
    maps.map(|file| (file.vendor, aside.map(&file.path))).collect()
}

/// The files that count. `X.el8` counts where there is no `X`.
fn files(session: &mut Session<'_>) -> Vec<(String, VendorFileKind, String)> {
    let directory = session.directory;
    let mut files = Vec::new();
    for (name, _) in directory.below("vendors.d/") {
        let path = format!("vendors.d/{name}");
        let plain = name.strip_suffix(".el8").unwrap_or(name);
        let taken = plain == name || !directory.files.contains_key(&format!("vendors.d/{plain}"));
        match kind_of(plain).filter(|_| taken) {
            Some((vendor, kind)) => {
                if plain != name {
                    let message = format!("taken for {plain}, which is absent");
                    session.remark(&path, codes::SUFFIXED_NAME, Level::Note, message);
                }
                files.push((vendor.to_owned(), kind, path));
            }
            None => session.ignored(&path),
        }
    }
    files
}

/// Key ids and raw lines of a `.sigs` file.
fn signatures(session: &mut Session<'_>, path: &str) -> (Vec<String>, Vec<String>) {
    let Ok(bytes) = session.bytes(path) else { return Default::default() };
    let mut remarks = Remarks::new(path);
    let text = String::from_utf8_lossy(bytes);
    let raw: Vec<_> = text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let mut ids = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let id = line.trim().to_ascii_lowercase();
        if matches!(id.len(), 8 | 16 | 40) && id.bytes().all(|b| b.is_ascii_hexdigit()) {
            if !ids.contains(&id) && ids.len() < 1000 {
                ids.push(id);
            }
        } else if !line.is_empty() {
            let why = match id.as_str() {
                "" => {
                    "a line of blanks makes leapp take nearly every package for signed".to_owned()
                }
                id => format!("{:?} is no key id of 8, 16 or 40 hexadecimal digits", short(id)),
            };
            let place = format!("line {}", index + 1);
            remarks.push(codes::BAD_KEY_ID, Level::Warning, place, why + "; ignored");
        }
    }
    if ids.is_empty() {
        remarks.push(codes::NO_KEY_IDS, Level::Note, "", "has no key id");
    }
    session.remarks.extend(remarks.finish());
    (ids, raw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upgrade_data::UpgradeData;

    const MAP: &str = r#"{"version_format": "1.2.1", "mapping": [], "repositories": []}"#;

    fn data(files: &[(&str, &str)]) -> UpgradeData {
        UpgradeData::from_directory(&files.iter().copied().collect())
    }

    fn codes_of(data: &UpgradeData, file: &str) -> Vec<&'static str> {
        data.remarks.iter().filter(|remark| remark.file == file).map(|remark| remark.code).collect()
    }

    #[test]
    fn files_of_one_stem_make_one_vendor() {
        let data = data(&[
            ("vendors.d/v_map.json", MAP),
            ("vendors.d/v_pes.json", r#"{"packageinfo": []}"#),
            ("vendors.d/v.repo", "[a]\nname=A\n"),
            ("vendors.d/v.sigs", "24c6a8a7f4a80eb5"),
            ("vendors.d/rpm-gpg/key", "x"),
        ]);
        let [vendor] = &data.vendors[..] else { panic!("{:?}", data.vendors) };
        assert_eq!(vendor.name, "v");
        assert!(matches!(&vendor.map, Some(Ok(_))));
        assert!(matches!(&vendor.events, Some(Ok(asset)) if asset.value.events.is_empty()));
        assert!(matches!(&vendor.repositories, Some(Ok(file)) if file.repositories.len() == 1));
        assert_eq!(vendor.key_ids, ["24c6a8a7f4a80eb5"]);
        assert_eq!(data.files.len(), 4);
    }

    #[test]
    fn left_overs_are_ignored_and_the_source_layout_is_read() {
        let data = data(&[
            ("vendors.d/a_map.json", MAP),
            ("vendors.d/a_map.json.el8", "broken"),
            ("vendors.d/a_map.json.rpmsave", "broken"),
            ("vendors.d/a.repo~", "broken"),
            ("vendors.d/b_map.json.el8", MAP),
            ("vendors.d/b_map.json.el9", "broken"),
        ]);
        let names: Vec<_> = data.vendors.iter().map(|vendor| &*vendor.name).collect();
        assert_eq!(names, ["a", "b"]);
        assert!(data.vendors.iter().all(|vendor| matches!(vendor.map, Some(Ok(_)))));
        for name in ["a_map.json.el8", "a_map.json.rpmsave", "a.repo~", "b_map.json.el9"] {
            assert_eq!(
                codes_of(&data, &format!("vendors.d/{name}")),
                [codes::IGNORED_FILE],
                "{name}"
            );
        }
        assert_eq!(codes_of(&data, "vendors.d/b_map.json.el8"), [codes::SUFFIXED_NAME]);
    }

    #[test]
    fn leapp_takes_left_overs_for_vendors() {
        let files = [("vendors.d/kernelcare_map.json.el8", ""), ("vendors.d/k.repo", "")];
        let found = loose_files(&files.into_iter().collect());
        assert_eq!(found.len(), 1);
        assert_eq!((&*found[0].vendor, found[0].kind), ("kernelcare_map", VendorFileKind::Map));
    }

    #[test]
    fn bad_lines_of_a_signature_file_are_left_out_and_kept_raw() {
        let sigs = "24C6A8A7F4A80EB5 \n\n \nno key\nf4a80eb5\n24c6a8a7f4a80eb5\n";
        let data = data(&[("vendors.d/v.sigs", sigs)]);
        let vendor = &data.vendors[0];
        assert_eq!(vendor.key_ids, ["24c6a8a7f4a80eb5", "f4a80eb5"]);
        assert_eq!(vendor.raw_signature_lines.len(), 5);
        assert_eq!(codes_of(&data, "vendors.d/v.sigs"), [codes::BAD_KEY_ID; 2]);
        assert_eq!(codes_of(&data, "vendors.d/v_map.json"), [codes::VENDOR_WITHOUT_MAP]);
    }

    #[test]
    fn a_broken_part_is_kept_as_broken() {
        let data = data(&[("vendors.d/v_map.json", "{"), ("vendors.d/v.repo", "name")]);
        assert!(matches!(&data.vendors[0].map, Some(Err(_))));
        assert!(matches!(&data.vendors[0].repositories, Some(Err(_))));
    }
}
