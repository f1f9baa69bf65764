//! The cache of fetched repositories: a directory for each.
//!
//! ```text
//! CACHE/baseos-0123456789abcdef/repodata/repomd.xml ...   as on the server
//! CACHE/baseos-0123456789abcdef/.elevate/lock             who works on it
//! CACHE/baseos-0123456789abcdef/.elevate/fetched.json     when, and from where
//! CACHE/baseos-0123456789abcdef/.elevate/partial/         downloads not yet whole
//! CACHE/parsed/                                           what reading them gave
//! ```
//!
//! The name has the repository's id and a digest of its addresses, so that another
//! repository under the same id has a place of its own. A file comes into its place
//! whole and verified, or not at all: it is written under another name, brought to
//! disk, and renamed. `repomd.xml` comes last. Whoever writes holds a lock alone,
//! whoever reads shares it; the kernel lets go of it when a process ends, however
//! it ends. Lock files are never removed, for a lock on a removed file binds nobody.
//! Nobody may wait for a lock to write while holding another one: two processes that
//! want the same two repositories would wait for each other.

mod disk;
mod lock;
mod parsed;
mod partial;
mod stamp;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::definition::Definition;
use super::files::{self, Directory, Files, FilesError};
use crate::model::hex;
use crate::rpm::metadata::Checksum;
use lock::{Kind, Lock};

pub use parsed::{Bytes, ParsedCache, ParsedDirectory, Value};
pub use partial::{Origin, Partial};
pub use stamp::Stamp;

/// Where every repository starts.
pub const REPOMD: &str = "repodata/repomd.xml";
/// The largest `repomd.xml` read, in bytes.
pub const MAX_REPOMD: u64 = 16 << 20;

/// The directory in a place that holds what is not the server's.
const OWN: &str = ".elevate";
const LOCK: &str = ".elevate/lock";
const NOTE: &str = ".elevate/fetched.json";
const PARTIAL: &str = ".elevate/partial";
/// The largest note read, in bytes.
const MAX_NOTE: u64 = 64 << 10;
/// The most bytes kept of what reading repositories gave.
const MAX_PARSED: u64 = 2 << 30;

/// A directory with fetched repositories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    root: PathBuf,
}

/// Where one repository is in the cache, filled or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    id: String,
    directory: PathBuf,
}

/// A repository in the cache. While this lives nobody changes it.
#[derive(Debug)]
pub struct Stored {
    directory: Directory,
    note: Note,
    _lock: Lock,
}

/// A repository in the cache that is being changed. While this lives nobody else
/// reads or changes it.
#[derive(Debug)]
pub struct Changing {
    directory: Directory,
    _lock: Lock,
}

/// When and from where a repository was fetched.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Note {
    /// Address of the directory that gave `repomd.xml`, without passwords.
    pub source: String,
    /// When `repomd.xml` was last seen there, in seconds since 1970.
    pub fetched: u64,
    /// Files that were verified then, by their paths in the repository.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub verified: BTreeMap<String, Stamp>,
}

/// A cache that cannot be used.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The repository was never fetched.
    #[error("{id} is not in the cache ({directory})", directory = .directory.display())]
    Absent {
        /// Which.
        id: String,
        /// Where it would be.
        directory: PathBuf,
    },
    /// A directory on this machine without metadata.
    #[error("{id}: no metadata in {directory}: {source}", directory = .directory.display())]
    Unreadable {
        /// Which repository.
        id: String,
        /// Its directory.
        directory: PathBuf,
        /// Why not.
        source: FilesError,
    },
    /// Somebody else works on it for too long.
    #[error(
        "{lock} is held by {holder} for more than {seconds} seconds",
        lock = .lock.display(), seconds = .waited.as_secs(), holder = holder(*.pid)
    )]
    Locked {
        /// The file that is locked.
        lock: PathBuf,
        /// Who says to hold it.
        pid: Option<u32>,
        /// How long was waited.
        waited: Duration,
    },
    /// A path in metadata leads out of the repository, or to what is not its own.
    #[error("{0:?} is no path below the repository")]
    Outside(String),
    /// The machine says no.
    #[error("{path}: {source}", path = .path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// How long somebody else is waited for, and who is told.
pub struct Wait<'a> {
    /// For how long.
    pub most: Duration,
    /// Is told once that, and on which file and process, is waited.
    pub told: &'a (dyn Fn(&Path, Option<u32>) + Sync),
}

/// A process that holds a lock, in words.
pub fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}

impl Store {
    /// The cache in a directory, which is made when something is stored.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The place of a repository.
    pub fn place(&self, definition: &Definition) -> Place {
        let mut digest = Sha256::new();
        digest.update(definition.id.as_str());
        for address in definition.addresses() {
            digest.update([0]);
            digest.update(address);
        }
        let of_name =
            |c: char| if c.is_ascii_alphanumeric() || "-_:".contains(c) { c } else { '_' };
        let id: String = definition.id.as_str().chars().take(80).map(of_name).collect();
        let name = format!("{id}-{}", &hex(&digest.finalize())[..16]);
        Place { id: definition.id.to_string(), directory: self.root.join(name) }
    }

    /// Where to keep what reading a repository gave.
    pub fn parsed(&self) -> ParsedDirectory {
        ParsedDirectory::new(self.root.join("parsed"), MAX_PARSED)
    }
}

impl Place {
    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Opens what is there for reading.
    ///
    /// # Errors
    ///
    /// Where nothing was fetched, and where somebody changes it for too long.
    pub fn read(&self, wait: &Wait<'_>) -> Result<Stored, StoreError> {
        let absent =
            || StoreError::Absent { id: self.id.clone(), directory: self.directory.clone() };
        let lock = Lock::take(&self.directory.join(LOCK), Kind::Shared, wait)?;
        let directory = Directory::new(&self.directory);
        let note = note(&directory);
        let (Some(lock), Some(note)) = (lock, note) else { return Err(absent()) };
        Ok(Stored { directory, note, _lock: lock })
    }

    /// Takes the place for changing it, and makes it where it is not there.
    ///
    /// # Errors
    ///
    /// Where it cannot be made, and where somebody uses it for too long.
    pub fn change(&self, wait: &Wait<'_>) -> Result<Changing, StoreError> {
        let partial = self.directory.join(PARTIAL);
        disk::make_directories(&partial)?;
        let path = self.directory.join(LOCK);
        let lock = Lock::take(&path, Kind::Exclusive, wait)?
            .ok_or_else(|| StoreError::Io { path, source: io::ErrorKind::NotFound.into() })?;
        Ok(Changing { directory: Directory::new(&self.directory), _lock: lock })
    }
}

impl Stored {
    /// When and from where it was fetched.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// Whether a file was found to have this checksum, and nobody touched it since.
    pub fn is_verified(&self, path: &str, checksum: &Checksum) -> bool {
        let now = Stamp::of(&self.directory.root().join(path), checksum).ok();
        now.is_some() && now.as_ref() == self.note.verified.get(path)
    }
}

impl Files for Stored {
    fn shown(&self) -> String {
        self.directory.shown()
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send + '_>, FilesError> {
        self.directory.open(path)
    }
}

impl Changing {
    /// What is there now.
    pub fn files(&self) -> &Directory {
        &self.directory
    }

    /// When and from where that was fetched; `None` where it never was.
    pub fn note(&self) -> Option<Note> {
        note(&self.directory)
    }

    /// The download of a file that is to have this checksum: new, or what is there
    /// of it already.
    ///
    /// # Errors
    ///
    /// A path that leads out of the repository or to what is not its own.
    pub fn partial(&self, path: &str, checksum: &str) -> Result<Partial, StoreError> {
        own(path)?;
        let name = hex(&Sha256::digest(format!("{path}\0{checksum}")));
        let directory = self.directory.root().join(PARTIAL);
        Ok(Partial::new(directory.join(&name[..32]), path.to_owned()))
    }

    /// Puts whole files into their places, then `repomd.xml`, then the note, and
    /// removes every other file. Those that are `verified` now are noted.
    ///
    /// # Errors
    ///
    /// What the machine says.
    pub fn finish(
        self,
        files: Vec<Partial>,
        repomd: &[u8],
        keep: &BTreeSet<String>,
        note: Note,
        verified: &BTreeMap<String, Checksum>,
    ) -> Result<(), StoreError> {
        let root = self.directory.root();
        for file in files {
            own(file.name())?;
            let to = root.join(file.name());
            file.put(&to)?;
        }
        disk::write(&root.join(REPOMD), repomd)?;
        self.write_note(&self.stamped(note, verified))?;
        let keep: BTreeSet<&Path> = keep.iter().map(|path| plain(path)).collect();
        let kept = |path: &str| path == REPOMD || keep.contains(Path::new(path));
        disk::remove_below(root, OWN, &kept)?;
        let ours = |path: &str| [LOCK, NOTE].contains(&format!("{OWN}/{path}").as_str());
        disk::remove_below(&root.join(OWN), "", &ours)
    }

    /// Notes that what is there is still what the server has, and which files are
    /// verified.
    ///
    /// # Errors
    ///
    /// What the machine says.
    pub fn unchanged(
        self,
        note: Note,
        verified: &BTreeMap<String, Checksum>,
    ) -> Result<(), StoreError> {
        let note = self.stamped(note, verified);
        if self.note().as_ref() == Some(&note) { Ok(()) } else { self.write_note(&note) }
    }

    /// A note with the files that are verified, as they are now.
    fn stamped(&self, note: Note, verified: &BTreeMap<String, Checksum>) -> Note {
        let stamp = |(path, checksum): (&String, &Checksum)| {
            let file = self.directory.root().join(files::below(path).ok()?);
            Some((path.clone(), Stamp::of(&file, checksum).ok()?))
        };
        Note { verified: verified.iter().filter_map(stamp).collect(), ..note }
    }

    fn write_note(&self, note: &Note) -> Result<(), StoreError> {
        let path = self.directory.root().join(NOTE);
        let text = serde_json::to_vec(note).map_err(|error| StoreError::Io {
            path: path.clone(),
            source: io::Error::other(error),
        })?;
        disk::write(&path, &text)
    }
}

/// The note of a place. A damaged one is as none: the repository is fetched again.
fn note(directory: &Directory) -> Option<Note> {
    files::read(directory, REPOMD, MAX_REPOMD).ok()?;
    let bytes = files::read(directory, NOTE, MAX_NOTE).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Checks that a path is the server's: below the repository, and not ours.
fn own(path: &str) -> Result<(), StoreError> {
    let outside = || StoreError::Outside(path.chars().take(200).collect());
    let clean = files::below(path).map_err(|_| outside())?;
    let mut parts = clean.components().filter(|part| *part != std::path::Component::CurDir);
    let first = parts.next().ok_or_else(outside)?;
    if first.as_os_str() == OWN || path.ends_with('/') { Err(outside()) } else { Ok(()) }
}

/// A path without `./` before it.
fn plain(path: &str) -> &Path {
    let path = Path::new(path);
    path.strip_prefix(".").unwrap_or(path)
}

#[cfg(test)]
mod tests;
