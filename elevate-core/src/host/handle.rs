//! What the doors to a real file system have in common: questions put to
//! something that is already open.

use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;

use rustix::fs::{Dir, FileType, OFlags, Stat, StatVfs};

use super::{Denied, Node, NodeKind, RandomAccess, Space};

/// How anything is opened: a pipe or a device does not block, and a terminal
/// does not become ours.
pub(super) const OPEN: OFlags =
    OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// How many entries of a directory are looked at for their kinds.
const MOST_LOOKED_AT: usize = 64;

/// The path as doors take it: absolute, without NUL, and without slashes at its
/// end, so that the last link of `/lib/` is not followed either.
pub(super) fn absolute(path: &str) -> Result<&str, Denied> {
    if !path.starts_with('/') {
        return Err(Denied::Unreadable("is no absolute path".to_owned()));
    }
    if path.contains('\0') {
        return Err(Denied::Unreadable("has a NUL byte in its path".to_owned()));
    }
    let path = path.trim_end_matches('/');
    Ok(if path.is_empty() { "/" } else { path })
}

impl NodeKind {
    /// The kind, as one says it: `a directory`.
    fn named(self) -> &'static str {
        match self {
            NodeKind::File => "a regular file",
            NodeKind::Directory => "a directory",
            NodeKind::Link => "a symbolic link",
            NodeKind::BlockDevice => "a block device",
            NodeKind::CharacterDevice => "a character device",
            NodeKind::Other => "a pipe or a socket",
        }
    }

    /// Refuses any kind but the one asked for.
    pub(super) fn must_be(self, wanted: NodeKind) -> Result<(), Denied> {
        if self == wanted {
            return Ok(());
        }
        Err(Denied::Unreadable(format!("is {}, not {}", self.named(), wanted.named())))
    }
}

/// What `stat` says.
pub(super) fn node(stat: &Stat) -> Node {
    let kind = match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => NodeKind::File,
        FileType::Directory => NodeKind::Directory,
        FileType::Symlink => NodeKind::Link,
        FileType::BlockDevice => NodeKind::BlockDevice,
        FileType::CharacterDevice => NodeKind::CharacterDevice,
        _ => NodeKind::Other,
    };
    Node {
        kind,
        size: u64::try_from(stat.st_size).unwrap_or(0),
        mode: stat.st_mode & 0o7777,
        uid: stat.st_uid,
        gid: stat.st_gid,
        mtime: stat.st_mtime,
        device: stat.st_dev,
    }
}

/// Reads to the end, which files of the kernel do not tell before.
pub(super) fn read(file: impl Read, limit: usize) -> Result<Vec<u8>, Denied> {
    let mut bytes = Vec::new();
    file.take((limit as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > limit { Err(larger_than(limit as u64)) } else { Ok(bytes) }
}

/// That something is too large.
pub(super) fn larger_than(limit: u64) -> Denied {
    Denied::Unreadable(format!("is larger than {limit} bytes"))
}

/// That a directory has too many entries.
pub(super) fn longer_than(limit: usize) -> Denied {
    Denied::Unreadable(format!("has more than {limit} entries"))
}

/// The names in an open directory, sorted.
pub(super) fn list(directory: OwnedFd, limit: usize) -> Result<Vec<Vec<u8>>, Denied> {
    let mut names = Vec::new();
    for entry in Dir::new(directory).map_err(errno)? {
        let entry = entry.map_err(errno)?;
        let name = entry.file_name().to_bytes();
        if matches!(name, b"." | b"..") {
            continue;
        }
        if names.len() >= limit {
            return Err(longer_than(limit));
        }
        names.push(name.to_vec());
    }
    names.sort_unstable();
    Ok(names)
}

/// Whether an open directory says what kind its entries are. One entry that
/// does is enough; that none does counts only where there is one.
pub(super) fn entries_have_kinds(directory: OwnedFd) -> Option<bool> {
    let mut answer = None;
    for entry in Dir::new(directory).ok()?.take(MOST_LOOKED_AT) {
        let entry = entry.ok()?;
        if matches!(entry.file_name().to_bytes(), b"." | b"..") {
            continue;
        }
        if entry.file_type() != FileType::Unknown {
            return Some(true);
        }
        answer = Some(false);
    }
    answer
}

/// What `statvfs` says.
pub(super) fn space(of: &StatVfs, entries_have_kinds: Option<bool>) -> Space {
    Space {
        total: of.f_blocks.saturating_mul(of.f_frsize),
        available: of.f_bavail.saturating_mul(of.f_frsize),
        inodes: of.f_files,
        inodes_free: of.f_ffree,
        entries_have_kinds,
    }
}

/// An open regular file.
pub(super) struct OpenFile {
    file: File,
    length: u64,
}

impl OpenFile {
    pub(super) fn new(file: File) -> Result<Self, Denied> {
        let length = node(&rustix::fs::fstat(&file).map_err(errno)?).size;
        Ok(Self { file, length })
    }
}

impl RandomAccess for OpenFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.file.read_at(buffer, offset)
    }

    fn len(&self) -> u64 {
        self.length
    }
}

/// What kind something open, or found, is.
pub(super) fn kind(of: impl AsFd) -> Result<NodeKind, Denied> {
    Ok(node(&rustix::fs::fstat(of).map_err(errno)?).kind)
}

/// Refuses what is open and of another kind; between a look at a path and its
/// opening it may have become something else.
pub(super) fn check(open: impl AsFd, wanted: NodeKind) -> Result<(), Denied> {
    kind(open)?.must_be(wanted)
}

/// What the system says, as a door says it.
pub(super) fn errno(error: rustix::io::Errno) -> Denied {
    std::io::Error::from(error).into()
}
