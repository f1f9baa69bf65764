//! The files of one repository, wherever it is.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Component, Path, PathBuf};

use thiserror::Error;

/// Opening a pipe must not wait for somebody to write to it.
const NONBLOCK: i32 = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();

/// The files of a repository.
pub trait Files: Sync {
    /// What the repository is called in messages: a path or an address.
    fn shown(&self) -> String;

    /// Opens a file by its path below the repository (`repodata/repomd.xml`).
    ///
    /// # Errors
    ///
    /// Where it is absent, unreadable, or its path leads out of the repository.
    fn open(&self, path: &str) -> Result<Box<dyn Read + Send + '_>, FilesError>;
}

/// A file of a repository that cannot be had.
#[derive(Debug, Error)]
pub enum FilesError {
    /// There is none of this name.
    #[error("{0}: there is no such file")]
    Absent(String),
    /// The name leads out of the repository, or is no path.
    #[error("{0:?} is no path below the repository")]
    Outside(String),
    /// Nothing that could be read as a file.
    #[error("{0}: is not a regular file")]
    NotAFile(String),
    /// It is larger than is accepted.
    #[error("{path}: is larger than {most} bytes")]
    TooLarge {
        /// Path below the repository.
        path: String,
        /// What is accepted, in bytes.
        most: u64,
    },
    /// The machine says no.
    #[error("{path}: {source}")]
    Io {
        /// Path below the repository.
        path: String,
        /// Why.
        source: io::Error,
    },
}

/// Reads a whole file of at most `most` bytes.
///
/// # Errors
///
/// Those of [`Files::open`], and a larger file.
pub fn read(files: &dyn Files, path: &str, most: u64) -> Result<Vec<u8>, FilesError> {
    let mut content = Vec::new();
    let failed = |source| FilesError::Io { path: path.to_owned(), source };
    files.open(path)?.take(most + 1).read_to_end(&mut content).map_err(failed)?;
    if content.len() as u64 > most {
        return Err(FilesError::TooLarge { path: path.to_owned(), most });
    }
    Ok(content)
}

/// A repository in a directory of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// The repository whose `repodata` is in `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }
}

impl Files for Directory {
    fn shown(&self) -> String {
        self.root.display().to_string()
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send + '_>, FilesError> {
        let file = open(&self.root.join(below(path)?)).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => FilesError::Absent(path.to_owned()),
            _ => FilesError::Io { path: path.to_owned(), source },
        })?;
        let failed = |source| FilesError::Io { path: path.to_owned(), source };
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(FilesError::NotAFile(path.to_owned()));
        }
        Ok(Box::new(file))
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(NONBLOCK).open(path)
}

/// A repository in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InMemory {
    /// Path below the repository to content.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl<P: Into<String>, B: Into<Vec<u8>>> FromIterator<(P, B)> for InMemory {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        let file = |(path, bytes): (P, B)| (path.into(), bytes.into());
        Self { files: files.into_iter().map(file).collect() }
    }
}

impl Files for InMemory {
    fn shown(&self) -> String {
        "a repository in memory".to_owned()
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send + '_>, FilesError> {
        below(path)?;
        let bytes = self.files.get(path).ok_or_else(|| FilesError::Absent(path.to_owned()))?;
        Ok(Box::new(bytes.as_slice()))
    }
}

/// A path that stays below where it starts.
pub(super) fn below(path: &str) -> Result<&Path, FilesError> {
    let stays = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    let clean = Path::new(path);
    if path.is_empty() || path.contains('\0') || !clean.components().all(stays) {
        return Err(FilesError::Outside(path.chars().take(200).collect()));
    }
    Ok(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_out_of_the_repository_is_refused() {
        let files: InMemory = [("repodata/repomd.xml", "x")].into_iter().collect();
        assert_eq!(read(&files, "repodata/repomd.xml", 1).unwrap(), b"x");
        for path in ["", "/etc/passwd", "../x", "repodata/../../x", "a\0b"] {
            assert!(matches!(files.open(path), Err(FilesError::Outside(_))), "{path:?}");
            let there = Directory::new("/nowhere");
            assert!(matches!(there.open(path), Err(FilesError::Outside(_))), "{path:?}");
        }
    }

    #[test]
    fn a_file_that_is_absent_too_large_or_none_is_said_to_be() {
        let files: InMemory = [("a", "12")].into_iter().collect();
        assert!(matches!(read(&files, "b", 1), Err(FilesError::Absent(_))));
        assert!(matches!(read(&files, "a", 1), Err(FilesError::TooLarge { most: 1, .. })));
        assert!(matches!(Directory::new("/").open("dev"), Err(FilesError::NotAFile(_))));
        assert!(matches!(Directory::new("/").open("dev/null"), Err(FilesError::NotAFile(_))));
        assert!(matches!(Directory::new("/").open("nowhere"), Err(FilesError::Absent(_))));
    }
}
