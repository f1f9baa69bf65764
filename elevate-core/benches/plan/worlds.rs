//! What is measured on: recorded hosts and data where they are there, otherwise
//! hosts and data made of the fixtures.

use std::path::{Path, PathBuf};

use elevate_core::host;
use elevate_core::model::{Evr, InstalledPackage, PackageName, RepoId, System};
use elevate_core::request::Options;
use elevate_core::rpm::listing;
use elevate_core::snapshot::capture::{self, capture};
use elevate_core::snapshot::{Evidence, GivenIdentity, HostRepository, Snapshot};
use elevate_core::upgrade_data::{DataDirectory, UpgradeData};
use serde_json::Value;

/// The recorded case that leapp was timed on.
pub(crate) const CASE: &str = "all-pes-inputs-alma-8.8";
/// How many copies of the fixtures' 63 events make as many as real files have.
const COPIES: usize = 38;
const EVENTS: &str = "pes-events.json";

/// A host and the files it is planned from.
pub(crate) struct World {
    /// `all-pes-inputs-alma-8.8` or `synthetic-2500`.
    pub(crate) name: String,
    pub(crate) host: Snapshot,
    /// Name below the data directory, and where it is.
    pub(crate) files: Files,
    pub(crate) target: System,
}

/// Files of upgrade data, on disk or made up.
pub(crate) enum Files {
    OnDisk(Vec<(String, PathBuf)>),
    InMemory(Vec<(String, Vec<u8>)>),
}

impl Files {
    /// The bytes, from the disk where they are there.
    pub(crate) fn read(&self) -> DataDirectory {
        match self {
            Files::OnDisk(files) => {
                files.iter().map(|(name, path)| (name.clone(), read(path))).collect()
            }
            Files::InMemory(files) => files.iter().cloned().collect(),
        }
    }
}

impl World {
    /// The recorded case, or a made-up host of 2,500 packages.
    pub(crate) fn of_case() -> Self {
        let directory = root("ELEVATE_ORACLE_DIR", "oracle").join("leapp/cases").join(CASE);
        if directory.is_dir() { Self::recorded(&directory) } else { Self::synthetic(2_500) }
    }

    /// A host of so many packages: every input of the fixtures' events, as
    /// often as they are copied, and for the rest packages no event touches.
    pub(crate) fn synthetic(packages: usize) -> Self {
        let files = synthetic_files();
        let (_, events) = files.iter().find(|(name, _)| name == EVENTS).unwrap();
        let mut names = inputs(&serde_json::from_slice(events).unwrap());
        names.truncate(packages * 2 / 3);
        names.extend((names.len()..packages).map(|n| format!("filler-{n}")));
        let mut host = fixture_host();
        host.packages = names.iter().map(|name| package(name)).collect();
        Self {
            name: format!("synthetic-{packages}"),
            host,
            files: Files::InMemory(files),
            target: "almalinux:8.10".parse().unwrap(),
        }
    }

    fn recorded(directory: &Path) -> Self {
        let bytes = read(&directory.join("input.json"));
        let input: Value = serde_json::from_slice(&bytes).unwrap();
        let list = listing::read(&bytes).unwrap();
        let host = Snapshot::from_listing(list, "input.json", GivenIdentity::default()).unwrap();
        let name_of = [
            ("pes", EVENTS),
            ("repomap", "repomap.json"),
            ("custom_repofile", "leapp_upgrade_repositories.repo"),
        ];
        let file = |(key, name): (&str, &str)| {
            Some((name.to_owned(), directory.join(input[key].as_str()?)))
        };
        let target = format!("almalinux:{}", input["target_version"].as_str().unwrap());
        Self {
            name: CASE.to_owned(),
            host,
            files: Files::OnDisk(name_of.into_iter().filter_map(file).collect()),
            target: target.parse().unwrap(),
        }
    }

    pub(crate) fn data(&self) -> UpgradeData {
        UpgradeData::from_directory(&self.files.read())
    }

    pub(crate) fn options(&self) -> Options {
        let path = elevate_core::pipeline::path_to(&self.host, self.target.clone());
        Options::new(path)
    }
}

/// Name and files of the largest recorded set of upgrade data, vendors
/// included; the fixtures' where none is there.
pub(crate) fn largest_data() -> (String, DataDirectory) {
    let sets = entries(&root("ELEVATE_DATA_DIR", "data").join("leapp-data"));
    let sets = sets.into_iter().filter(|path| path.join(EVENTS).is_file());
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, DataDirectory::read(&path).unwrap())
    };
    let synthetic = || ("synthetic".to_owned(), synthetic_files().into_iter().collect());
    sets.map(read).max_by_key(|(_, set)| size(set)).unwrap_or_else(synthetic)
}

pub(crate) fn size(directory: &DataDirectory) -> usize {
    directory.files.values().flatten().map(Vec::len).sum()
}

/// Name and text of a package list of 1,212 lines.
pub(crate) fn list() -> (String, Vec<u8>) {
    let name = "centos7.5-ci-controller-1212.nevra-installtime.txt";
    let path = root("ELEVATE_DATA_DIR", "data").join("hosts").join(name);
    if path.is_file() {
        return ("recorded-1212".to_owned(), read(&path));
    }
    let fixture = include_str!("../../../fixtures/hosts/web/rpm-qa.txt");
    let lines = (0..3).flat_map(|copy| fixture.lines().map(move |line| format!("c{copy}-{line}")));
    ("synthetic-1212".to_owned(), lines.take(1_212).collect::<Vec<_>>().join("\n").into_bytes())
}

/// What was captured of hosts, by name: of the real one with the most evidence, where its
/// recorded archive is there, and of the fixture that is complete.
pub(crate) fn evidence() -> Vec<(String, Evidence)> {
    let archive = "host-trees/rhel7.3-aws-insights-archive.tar.xz";
    let archive = root("ELEVATE_DATA_DIR", "data").join(archive);
    let captured = || {
        let host = host::open(&archive, host::Kind::Collected).unwrap();
        capture(&*host, &capture::Options::default(), &mut |_| ()).unwrap().evidence
    };
    let recorded = archive.is_file().then(|| ("insights-archive".to_owned(), captured()));
    let text = include_bytes!("../../../fixtures/hosts/ready/snapshot.json");
    let complete = Snapshot::read(text).unwrap().snapshot.evidence;
    recorded.into_iter().chain([("complete-fixture".to_owned(), complete)]).collect()
}

fn fixture_host() -> Snapshot {
    let text = include_bytes!("../../../fixtures/hosts/web/snapshot.json");
    let mut host = Snapshot::read(text).unwrap().snapshot;
    let repository = |id: &str| HostRepository { id: RepoId::new(id).unwrap(), enabled: true };
    host.repositories = Some(["base", "updates", "extras"].map(repository).into());
    host
}

fn package(name: &str) -> InstalledPackage {
    let name = PackageName::new(name).unwrap();
    let mut package = InstalledPackage::new(name, Evr::new(0, "1", "1.el7"), None);
    package.pgpsig = Some("RSA/SHA256, Mon Jan  1 00:00:00 2024, Key ID 24c6a8a7f4a80eb5".into());
    package.from_repo = Some("base".to_owned());
    package
}

/// The fixtures' data with its events copied under other names, until they are
/// as many as in real files.
fn synthetic_files() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/data");
    let mut events: Value = serde_json::from_slice(&read(&root.join(EVENTS))).unwrap();
    let records = events["packageinfo"].as_array().unwrap().clone();
    let copied = (0..COPIES).flat_map(|copy| records.iter().map(move |r| renamed(r, copy)));
    events["packageinfo"] = copied.collect();
    let mut files = vec![(EVENTS.to_owned(), serde_json::to_vec_pretty(&events).unwrap())];
    for name in ["repomap.json", "leapp_upgrade_repositories.repo"] {
        files.push((name.to_owned(), read(&root.join(name))));
    }
    files
}

fn renamed(record: &Value, copy: usize) -> Value {
    let mut record = record.clone();
    for set in ["in_packageset", "out_packageset"] {
        for key in ["package", "packages"] {
            let Some(packages) = record[set].get_mut(key).and_then(Value::as_array_mut) else {
                continue;
            };
            for package in packages.iter_mut().filter(|_| copy > 0) {
                let name = package["name"].as_str().unwrap_or_default();
                package["name"] = format!("{name}-{copy}").into();
            }
        }
    }
    record
}

/// Names of all packages that events start from, each once.
fn inputs(events: &Value) -> Vec<String> {
    let records = events["packageinfo"].as_array().into_iter().flatten();
    let packages = records.flat_map(|record| {
        let set = &record["in_packageset"];
        ["package", "packages"].into_iter().filter_map(|key| set[key].as_array()).flatten()
    });
    let names = packages.filter_map(|package| package["name"].as_str());
    let names: std::collections::BTreeSet<&str> = names.collect();
    names.into_iter().map(str::to_owned).collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "benchmarks take the place of recorded data from there"
)]
fn root(variable: &str, default: &str) -> PathBuf {
    match std::env::var(variable) {
        Ok(directory) => PathBuf::from(directory),
        Err(_) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(default),
    }
}

#[expect(clippy::disallowed_methods, reason = "benchmarks read recorded data")]
fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[expect(clippy::disallowed_methods, reason = "benchmarks read recorded data")]
fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}
