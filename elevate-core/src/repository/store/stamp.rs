//! What tells that nobody touched a file since it was verified, without reading it.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::rpm::metadata::Checksum;

/// A file as it was when it was verified. Whoever writes to it, or puts another one
/// in its place, changes one of these; times of the last change of status are the
/// kernel's, and nobody can set them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stamp {
    /// The checksum it was verified with.
    checksum: String,
    size: u64,
    inode: u64,
    /// When its content was changed, in seconds and nanoseconds since 1970.
    modified: (i64, i64),
    /// When its status was changed.
    changed: (i64, i64),
}

impl Stamp {
    /// A file as it is now, said to have this checksum.
    pub(super) fn of(path: &Path, checksum: &Checksum) -> io::Result<Self> {
        let known = fs::symlink_metadata(path)?;
        if !known.is_file() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Self {
            checksum: checksum.to_string(),
            size: known.size(),
            inode: known.ino(),
            modified: (known.mtime(), known.mtime_nsec()),
            changed: (known.ctime(), known.ctime_nsec()),
        })
    }
}
