//! A repository that can be read now, without a network.

use std::io::Read;
use std::path::Path;

use super::definition::Definition;
use super::files::{Directory, Files, FilesError};
use super::store::{REPOMD, Store, StoreError, Stored, Wait};

/// The files of a repository on this machine: its own directory, or the cache.
#[derive(Debug)]
pub enum Source {
    /// Where it is; nothing was fetched.
    Directory(Directory),
    /// In the cache.
    Stored(Stored),
}

impl Source {
    /// Opens a repository without a network: there is nothing here that could ask
    /// one.
    ///
    /// # Errors
    ///
    /// A directory without metadata, and a repository that is not in the cache.
    pub fn offline(
        store: &Store,
        definition: &Definition,
        wait: &Wait<'_>,
    ) -> Result<Self, StoreError> {
        match definition.directory() {
            Some(path) => Self::directory(definition, path),
            None => store.place(definition).read(wait).map(Source::Stored),
        }
    }

    pub(super) fn directory(definition: &Definition, path: &Path) -> Result<Self, StoreError> {
        let directory = Directory::new(path);
        match directory.open(REPOMD).map(drop) {
            Ok(()) => Ok(Source::Directory(directory)),
            Err(source) => Err(StoreError::Unreadable {
                id: definition.id.to_string(),
                directory: path.to_owned(),
                source,
            }),
        }
    }

    /// When `repomd.xml` was last seen on the server, in seconds since 1970; `None`
    /// for a directory.
    pub fn fetched(&self) -> Option<u64> {
        match self {
            Source::Directory(_) => None,
            Source::Stored(stored) => Some(stored.note().fetched),
        }
    }

    fn files(&self) -> &dyn Files {
        match self {
            Source::Directory(directory) => directory,
            Source::Stored(stored) => stored,
        }
    }
}

impl Files for Source {
    fn shown(&self) -> String {
        self.files().shown()
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send + '_>, FilesError> {
        self.files().open(path)
    }
}
