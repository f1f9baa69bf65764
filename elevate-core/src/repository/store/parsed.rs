//! What reading a repository gave, kept for the next time.

use std::io::{self, Cursor, Read, Seek};
use std::path::PathBuf;

use super::{StoreError, disk};

/// A place for values that can be made again: losing one costs time, no more.
/// Whoever loads a value must be able to tell a damaged one.
pub trait ParsedCache: Sync {
    /// The value under a key; `None` where there is none that can be read.
    fn load(&self, key: &str) -> Option<Vec<u8>>;

    /// The same value, to be read piece by piece: also where it is removed meanwhile.
    fn open(&self, key: &str) -> Option<Value> {
        let bytes = self.load(key)?;
        Some(Value { length: bytes.len() as u64, bytes: Box::new(Cursor::new(bytes)) })
    }

    /// Keeps a value. Nothing depends on it, so a failure is only to be told.
    ///
    /// # Errors
    ///
    /// A key that cannot be a file name, a value too large, and what the machine says.
    fn store(&self, key: &str, value: &[u8]) -> Result<(), StoreError>;
}

/// A value that is being read.
pub struct Value {
    /// How many bytes it has.
    pub length: u64,
    /// The bytes; what reads them begins at their start.
    pub bytes: Box<dyn Bytes>,
}

/// Bytes of which parts can be read.
pub trait Bytes: Read + Seek + Send {}

impl<T: Read + Seek + Send> Bytes for T {}

/// Values as files of a directory. When they become too large together, those that
/// were written first go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedDirectory {
    root: PathBuf,
    most: u64,
}

impl ParsedDirectory {
    /// In this directory, with so many bytes at most.
    pub fn new(root: impl Into<PathBuf>, most: u64) -> Self {
        Self { root: root.into(), most }
    }

    /// Removes the oldest values until `more` bytes have room.
    fn make_room(&self, more: u64) -> Result<(), StoreError> {
        let files = disk::at(&self.root, disk::sizes(&self.root))?;
        let mut total = more + files.iter().map(|(_, _, size)| size).sum::<u64>();
        for (_, name, size) in files {
            if total <= self.most {
                break;
            }
            disk::remove(&self.root.join(name))?;
            total -= size;
        }
        Ok(())
    }
}

impl ParsedCache for ParsedDirectory {
    fn load(&self, key: &str) -> Option<Vec<u8>> {
        is_key(key).then(|| disk::load(&self.root.join(key), self.most).ok())?
    }

    fn open(&self, key: &str) -> Option<Value> {
        let (file, length) =
            is_key(key).then(|| disk::sized(&self.root.join(key), self.most).ok())??;
        Some(Value { length, bytes: Box::new(file) })
    }

    fn store(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        if !is_key(key) {
            return Err(StoreError::Outside(key.chars().take(200).collect()));
        }
        let path = self.root.join(key);
        if value.len() as u64 > self.most {
            let source = io::ErrorKind::FileTooLarge.into();
            return Err(StoreError::Io { path, source });
        }
        disk::make_directories(&self.root)?;
        self.make_room(value.len() as u64)?;
        disk::write(&path, value)
    }
}

/// A name of a file in one directory, and no hidden one.
fn is_key(key: &str) -> bool {
    let good = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    (1..=128).contains(&key.len()) && !key.starts_with('.') && key.bytes().all(good)
}
