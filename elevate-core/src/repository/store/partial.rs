//! A download that is not yet whole.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::{MAX_NOTE, StoreError, disk};
use crate::repository::files::{self, Directory};

/// A download, as far as it has come. It survives the process.
#[derive(Debug)]
pub struct Partial {
    path: PathBuf,
    name: String,
}

/// Where the beginning of a download came from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// Address, without passwords.
    pub url: String,
    /// What the server called this version of the file: a strong `ETag`, or the
    /// time of its last change.
    pub validator: Option<String>,
}

impl Partial {
    pub(super) fn new(path: PathBuf, name: String) -> Self {
        Self { path, name }
    }

    /// Path of the file in the repository.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the download is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes are there.
    pub fn len(&self) -> u64 {
        fs::symlink_metadata(&self.path).map_or(0, |known| known.len())
    }

    /// Whether there is nothing yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Opens it to be read.
    ///
    /// # Errors
    ///
    /// What the machine says.
    pub fn open(&self) -> Result<File, StoreError> {
        disk::at(&self.path, disk::open(&self.path))
    }

    /// Opens it to write behind what is there.
    ///
    /// # Errors
    ///
    /// What the machine says.
    pub fn append(&self) -> io::Result<File> {
        OpenOptions::new().append(true).create(true).mode(0o600).open(&self.path)
    }

    /// Where the beginning came from, if that is known.
    pub fn origin(&self) -> Option<Origin> {
        let directory = Directory::new(self.path.parent()?);
        let name = self.origin_path().file_name()?.to_str()?.to_owned();
        serde_json::from_slice(&files::read(&directory, &name, MAX_NOTE).ok()?).ok()
    }

    /// Starts from nothing, with a download from here.
    ///
    /// # Errors
    ///
    /// What the machine says.
    pub fn restart(&self, origin: &Origin) -> Result<(), StoreError> {
        self.remove()?;
        let text = serde_json::to_vec(origin).map_err(io::Error::other);
        disk::write(&self.origin_path(), &disk::at(&self.path, text)?)
    }

    /// Throws it away.
    ///
    /// # Errors
    ///
    /// What the machine says.
    pub fn remove(&self) -> Result<(), StoreError> {
        disk::remove(&self.path)?;
        disk::remove(&self.origin_path())
    }

    /// Brings it to disk and puts it where it belongs.
    pub(super) fn put(self, to: &Path) -> Result<(), StoreError> {
        disk::at(&self.path, self.open()?.sync_all())?;
        disk::rename(&self.path, to)?;
        disk::remove(&self.origin_path())
    }

    fn origin_path(&self) -> PathBuf {
        self.path.with_extension("json")
    }
}
