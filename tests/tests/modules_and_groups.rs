//! Modules, groups and advisories of real repositories: every file is read, and
//! what is odd about it is said.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use elevate_core::rpm::compressed;
use elevate_core::rpm::comps::{self, Comps, PackageKind};
use elevate_core::rpm::modules::{self, Modules, Stream};
use elevate_core::rpm::updateinfo::{self, UpdateInfo};
use elevate_tests::data;
use elevate_tests::recorded::{data_dir, files};

/// Files whose path `wanted` accepts, those in archives too, with their path.
fn recorded(wanted: impl Fn(&str) -> bool) -> Option<Vec<(String, Vec<u8>)>> {
    let directory = data_dir("repodata")?;
    let mut found = files(&directory, |path| !path.ends_with(".tar.xz") && wanted(path));
    for (archive, _) in files(&directory, |path| path.ends_with(".tar.xz")) {
        let bytes = data::read(&directory.join(&archive)).expect("the archive can be read");
        let inside = data::untar(&bytes).into_iter();
        let inside = inside.map(|(path, bytes)| (format!("{archive}:{path}"), bytes));
        found.extend(inside.filter(|(path, _)| wanted(path)));
    }
    assert!(!found.is_empty(), "{} holds no such files", directory.display());
    found.sort();
    Some(found)
}

fn is_modules(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let form = [".yaml", ".yaml.gz", ".yaml.xz"].iter().any(|end| name.ends_with(end));
    let of_modules = ["modules", "libmodulemd"].iter().any(|part| path.contains(part));
    form && of_modules
}

fn read(name: &str) -> Option<Modules> {
    let (_, bytes) = recorded(|path| path.ends_with(name))?.into_iter().next()?;
    Some(modules::read(&bytes).expect("it can be read"))
}

fn counted(modules: &Modules) -> String {
    let artifacts: usize = modules.streams.iter().map(|stream| stream.artifacts.len()).sum();
    let (streams, defaults, ends) =
        (modules.streams.len(), modules.defaults.len(), modules.obsoletes.len());
    let passed: Vec<_> = modules.passed_over.iter().collect();
    format!(
        "{streams} streams with {artifacts} artifacts, {defaults} defaults, {ends} ends, \
         passed over {passed:?}"
    )
}

/// What a reader makes of every file, a line each, with its remarks below it.
fn all<T>(
    recorded: Vec<(String, Vec<u8>)>,
    read: impl Fn(&[u8]) -> Result<T, String>,
    line: impl Fn(&T) -> String,
    remarks: impl Fn(&T) -> Vec<String>,
) -> String {
    let mut seen = Vec::new();
    for (name, bytes) in recorded {
        match read(&bytes) {
            Ok(value) => {
                seen.push(format!("{name}: {}", line(&value)));
                seen.extend(remarks(&value).iter().map(|remark| format!("    {remark}")));
            }
            Err(error) => seen.push(format!("{name}: {error}")),
        }
    }
    seen.join("\n")
}

fn texts<T: ToString>(remarks: &[T]) -> Vec<String> {
    remarks.iter().map(ToString::to_string).collect()
}

/// The text of metadata, decompressed.
fn text(bytes: &[u8]) -> impl std::io::Read {
    compressed::reader(bytes, 64 << 20).expect("its first bytes can be read")
}

#[test]
fn modules_every_recorded_file_is_read_and_its_oddities_are_said() {
    let Some(recorded) = recorded(is_modules) else { return };
    let read = |bytes: &[u8]| modules::read(bytes).map_err(|error| error.to_string());
    let seen = all(recorded, read, counted, |modules| texts(&modules.remarks));
    insta::assert_snapshot!("modules", seen);
}

#[test]
fn modules_a_stream_of_a_distribution_is_read_whole() {
    let Some(modules) = read("eurolinux8-x86_64-appstream.modules.yaml.xz") else { return };
    let found = |name: &str, stream: &str| -> Vec<&Stream> {
        let mut found: Vec<_> =
            modules.streams.iter().filter(|s| s.name == name && s.stream == stream).collect();
        found.sort_by_key(|stream| stream.version);
        found
    };
    insta::assert_debug_snapshot!("perl_dbi", found("perl-DBI", "1.641").last());
    insta::assert_debug_snapshot!("postgresql_9_6", found("postgresql", "9.6").first());
}

#[test]
fn groups_every_recorded_file_is_read_and_its_oddities_are_said() {
    let is_comps = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.contains("comps") && !name.ends_with(".zck")
    };
    let Some(recorded) = recorded(is_comps) else { return };
    let read = |bytes: &[u8]| comps::read(text(bytes), "comps.xml").map_err(|e| e.to_string());
    let line = |comps: &Comps| {
        let packages: usize = comps.groups.iter().map(|group| group.packages.len()).sum();
        format!(
            "{} groups with {packages} packages, {} environments, {} categories, {} language packs",
            comps.groups.len(),
            comps.environments.len(),
            comps.categories.len(),
            comps.language_packs.len()
        )
    };
    insta::assert_snapshot!("groups", all(recorded, read, line, |comps| texts(&comps.remarks)));
}

#[test]
fn groups_the_environments_of_a_distribution_are_read_whole() {
    let Some(recorded) = recorded(|path| path.ends_with("comps-BaseOS.x86_64.xml.gz")) else {
        return;
    };
    let comps = comps::read(text(&recorded[0].1), "comps.xml").expect("it can be read");
    let minimal = comps.environments.iter().find(|e| e.id == "minimal-environment").unwrap();
    assert_eq!(minimal.groups, ["core"]);
    let options: Vec<_> = minimal.options.iter().map(|o| (o.id.as_str(), o.is_default)).collect();
    assert_eq!(options, [("guest-agents", false), ("standard", false)]);
    let core = comps.groups.iter().find(|group| group.id == "core").unwrap();
    assert_eq!((core.name.as_str(), core.is_default, core.is_visible), ("Core", true, false));
    let of = |kind| core.packages.iter().filter(|package| package.kind == kind).count();
    let counts = [PackageKind::Mandatory, PackageKind::Default, PackageKind::Optional].map(of);
    assert_eq!(counts, [46, 27, 5]);
    assert_eq!(core.packages[1].name, "basesystem");
}

#[test]
fn advisories_every_recorded_file_is_read_and_its_oddities_are_said() {
    let is_updateinfo = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.contains("updateinfo") && (name.ends_with(".xml") || name.ends_with(".xml.gz"))
    };
    let Some(recorded) = recorded(is_updateinfo) else { return };
    let read = |bytes: &[u8]| {
        updateinfo::read(text(bytes), "updateinfo.xml").map_err(|error| error.to_string())
    };
    let line = |info: &UpdateInfo| {
        let collections = || info.advisories.iter().flat_map(|advisory| &advisory.collections);
        format!(
            "{} advisories with {} references and {} packages, {} of modules",
            info.advisories.len(),
            info.advisories.iter().map(|advisory| advisory.references.len()).sum::<usize>(),
            collections().map(|collection| collection.packages.len()).sum::<usize>(),
            collections().filter(|collection| collection.module.is_some()).count()
        )
    };
    insta::assert_snapshot!("advisories", all(recorded, read, line, |info| texts(&info.remarks)));
}
