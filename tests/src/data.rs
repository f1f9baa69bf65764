//! Data of the real world: where it is, how it is unpacked, and directories
//! that last as long as a test.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read recorded data and write temporary files"
)]

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use elevate_core::model::Release;
use elevate_core::upgrade_data::lint::lint;
use elevate_core::upgrade_data::{Remark, UpgradeData};
use sha2::{Digest as _, Sha256};

/// Files of a data directory.
pub const EVENTS: &str = "pes-events.json";
/// The repository map.
pub const MAP: &str = "repomap.json";
/// The list of repositories to upgrade from.
pub const REPO: &str = "leapp_upgrade_repositories.repo";
/// Devices, drivers and processors.
pub const DEVICES: &str = "device_driver_deprecation_data.json";

/// What lint says of a data directory for the way from 7.9 to 8.10.
pub fn linted(data: &UpgradeData) -> Vec<Remark> {
    lint(data, Release::new(7, 9), Release::new(8, 10))
}

/// The largest file unpacked.
const LARGEST: u64 = 256 << 20;

/// The regular files below a directory, sorted.
pub fn files_below(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The content of a file, unpacked where its name ends in `.xz`.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = std::fs::File::open(path)?;
    let mut bytes = Vec::new();
    if path.extension().is_some_and(|end| end == "xz") {
        liblzma::read::XzDecoder::new(file).take(LARGEST).read_to_end(&mut bytes)?;
    } else {
        file.take(LARGEST).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Name and content of the regular files of a tar archive.
pub fn untar(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = tar::Archive::new(archive);
    let entries = archive.entries().expect("it is an archive").map(|entry| entry.expect("entry"));
    let files = entries.filter(|entry| entry.header().entry_type().is_file());
    let read = |mut entry: tar::Entry<'_, &[u8]>| {
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("it can be read");
        (name, content)
    };
    files.map(read).collect()
}

/// A directory that is made once for all tests and stays, also where each test is a process
/// of its own: `build` fills it while nobody else does, and it comes to its place whole.
/// `made_of` tells one content from another; what was made of something else goes.
/// `None` where `build` gives nothing.
pub fn made_once(
    below: &Path,
    name: &str,
    made_of: &[u8],
    build: impl FnOnce(&Path) -> Option<()>,
) -> Option<PathBuf> {
    let must = |what: io::Result<()>| what.unwrap_or_else(|error| panic!("{name}: {error}"));
    must(std::fs::create_dir_all(below));
    let lock = std::fs::File::create(below.join(format!("{name}.lock"))).expect("a lock file");
    must(lock.lock());
    let (place, mark) = (below.join(name), below.join(name).join("made-of"));
    let made_of: String =
        Sha256::digest(made_of).iter().map(|byte| format!("{byte:02x}")).collect();
    if std::fs::read_to_string(&mark).is_ok_and(|there| there == made_of) {
        return Some(place);
    }
    let scratch = TempDir::at(below.join(format!("{name}.new"))).expect("a directory");
    build(scratch.path())?;
    scratch.write("made-of", made_of.as_bytes()).expect("a file");
    if place.exists() {
        must(std::fs::remove_dir_all(&place));
    }
    must(std::fs::rename(scratch.path(), &place));
    Some(place)
}

/// A directory that is removed with the value.
#[derive(Debug)]
pub struct TempDir(PathBuf);

impl TempDir {
    /// A fresh, empty directory, another one each time; `name` says what for.
    pub fn new(name: &str) -> io::Result<Self> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        Self::at(std::env::temp_dir().join(format!("elevate-{process}-{count}-{name}")))
    }

    /// A fresh, empty directory at a place.
    pub fn at(path: PathBuf) -> io::Result<Self> {
        if path.exists() {
            std::fs::remove_dir_all(&path)?;
        }
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file below it, with the directories it needs.
    pub fn write(&self, name: &str, content: &[u8]) -> io::Result<PathBuf> {
        let path = self.0.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&path, content)?;
        Ok(path)
    }

    /// A file of this size with nothing in it, which takes no space on disk.
    pub fn hole(&self, name: &str, size: u64) -> io::Result<PathBuf> {
        let path = self.write(name, b"")?;
        std::fs::OpenOptions::new().write(true).open(&path)?.set_len(size)?;
        Ok(path)
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // What cannot be removed is left to the system's cleaning.
        std::fs::remove_dir_all(&self.0).ok();
    }
}
