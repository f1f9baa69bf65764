//! Recorded sets of upgrade data, as directories in memory.

use std::path::Path;

use elevate_core::upgrade_data::DataDirectory;

use crate::data;
use crate::recorded::{data_dir, entries};

const EVENTS: &str = "pes-events.json";
const MAP: &str = "repomap.json";
const REPOSITORIES: &str = "leapp_upgrade_repositories.repo";

/// A set of upgrade data.
pub struct DataSet {
    /// Path below the data directory.
    pub name: String,
    /// The files.
    pub directory: DataDirectory,
    /// The distribution it leads to, by its os-release ID.
    pub distro: &'static str,
}

/// The sets kept whole, with their vendors: every directory of `leapp-data`
/// that holds events or a map.
pub fn whole() -> Option<Vec<DataSet>> {
    let root = data_dir("leapp-data")?;
    let is_set = |path: &Path| path.join(EVENTS).is_file() || path.join(MAP).is_file();
    let read = |path: &Path| {
        let name = file_name(path);
        let directory = DataDirectory::read(path).expect("it can be listed");
        DataSet { distro: distro(&name), name, directory }
    };
    let sets: Vec<DataSet> =
        entries(&root).iter().filter(|path| is_set(path)).map(|path| read(path)).collect();
    assert!(!sets.is_empty(), "{} holds no set of data", root.display());
    Some(sets)
}

/// Every published revision of the main event file, each with the newest map
/// and the newest list of repositories of its distribution. Maps of 1.2.0 are
/// lifted to 1.2.1, without which leapp 0.21 would stop before any decision; the
/// two versions do not differ in structure.
pub fn historical() -> Option<Vec<DataSet>> {
    let root = data_dir("upgrade-data")?;
    let companions = Companions::read(&root);
    let mut sets = Vec::new();
    for distribution in entries(&root.join("pes")) {
        let directory = file_name(&distribution);
        for path in entries(&distribution) {
            let name = format!("{directory}/{}", file_name(&path));
            let bytes = data::read(&path).expect("it can be read");
            let mut files = vec![(EVENTS.to_owned(), bytes)];
            files.extend(companions.of(&directory));
            let distro = distro(&directory);
            sets.push(DataSet { name, directory: files.into_iter().collect(), distro });
        }
    }
    Some(sets)
}

/// Maps and lists of repositories: the newest of three distributions in
/// `latest`, and an archive with every revision of all of them.
struct Companions {
    files: Vec<(String, Vec<u8>)>,
}

impl Companions {
    fn read(root: &Path) -> Self {
        let mut files = Vec::new();
        let archive = data::read(&root.join("repomap-vendors/AlmaLinux+leapp-data.tar.xz"));
        for (name, content) in data::untar(&archive.expect("the archive can be read")) {
            // `files/rocky/repomap.json.el8@2024-02-14.1a2b3c4d`
            files.push((name.trim_start_matches("files/").to_owned(), content));
        }
        files.sort();
        for distribution in entries(&root.join("latest")) {
            for path in entries(&distribution) {
                let name = format!("{}/{}", file_name(&distribution), file_name(&path));
                files.push((name, data::read(&path).expect("it can be read")));
            }
        }
        Self { files }
    }

    /// Map and list of repositories of a distribution. Not every distribution's
    /// list was kept; the map is there for all of them.
    fn of(&self, directory: &str) -> Vec<(String, Vec<u8>)> {
        let directory = if directory == "ol" { "oraclelinux" } else { directory };
        let newest = |name: &str| {
            let plain = format!("{directory}/{name}.el8");
            let dated = format!("{plain}@");
            let mut found = self.files.iter().rev();
            let (_, bytes) = found.find(|(n, _)| *n == plain || n.starts_with(&dated))?;
            Some((name.to_owned(), bytes.clone()))
        };
        let (name, map) = newest(MAP).unwrap_or_else(|| panic!("no map for {directory}"));
        let map = String::from_utf8(map).expect("UTF-8").replace("\"1.2.0\"", "\"1.2.1\"");
        let map = (name, map.into_bytes());
        std::iter::once(map).chain(newest(REPOSITORIES)).collect()
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// `almalinux-2024-05` and `oraclelinux` as os-release IDs.
fn distro(directory: &str) -> &'static str {
    match directory.split('-').next().unwrap_or_default() {
        "centos" => "centos",
        "eurolinux" => "eurolinux",
        "ol" | "oraclelinux" => "ol",
        "rocky" => "rocky",
        _ => "almalinux",
    }
}
