//! The doors to a host: the machine itself, a mounted root, a sosreport or
//! Insights archive. All of them answer the same few questions; nothing here
//! knows what the answers are for, and nothing is written or run.
//!
//! Paths are absolute paths of the host, whatever door it is seen through. A
//! path never leads out of the host: links and `..` are followed inside it.

use std::fmt;
use std::io;

use rustix::io::Errno;
use thiserror::Error;

pub use archive::{Archive, ArchiveError, ArchiveLimits};
pub use live::Live;
pub use open::{Kind, OpenError, open};
pub use root::Root;
pub use sos::{LayoutError, Sos};
pub use tree::Tree;
pub(crate) use walk::{Found, find};

pub mod archive;
mod handle;
mod live;
mod open;
mod root;
pub mod sos;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod tree;
mod walk;

/// The doors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    /// The machine this runs on.
    Live,
    /// A root file system mounted, or unpacked, somewhere.
    Root,
    /// What `sosreport` collected.
    Sosreport,
    /// What the Insights client collected.
    Insights,
}

impl Door {
    /// Whether what the door does not have is not there. An archive holds what
    /// its collector took, and says nothing of the rest.
    pub fn is_complete(self) -> bool {
        matches!(self, Door::Live | Door::Root)
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Door::Live => "live",
            Door::Root => "root",
            Door::Sosreport => "sosreport",
            Door::Insights => "insights",
        })
    }
}

/// Why a door does not give what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Denied {
    /// It is not on the host.
    #[error("does not exist")]
    Absent,
    /// The door does not tell: an archive without it.
    #[error("is not in the archive")]
    NotHeld,
    /// It is there and cannot be read.
    #[error("{0}")]
    Unreadable(String),
}

/// How many links a path may go through, as in Linux.
const MOST_LINKS: usize = 40;
/// Why a path with a loop, or a link such as `/proc/self/root`, is not followed.
const TOO_MANY_LINKS: &str = "goes through too many links, or through one of the kernel's own";

impl From<io::Error> for Denied {
    fn from(error: io::Error) -> Self {
        if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) {
            return Denied::Unreadable(TOO_MANY_LINKS.to_owned());
        }
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Denied::Absent,
            _ => Denied::Unreadable(error.to_string()),
        }
    }
}

/// What something in a file system is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A block device.
    BlockDevice,
    /// A character device.
    CharacterDevice,
    /// A named pipe or a socket.
    Other,
}

/// Something in a file system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// What it is; links are not followed.
    pub kind: NodeKind,
    /// Size in bytes.
    pub size: u64,
    /// Permissions with the set-id and sticky bits, as in `stat`.
    pub mode: u32,
    /// Number of the owner.
    pub uid: u32,
    /// Number of the group.
    pub gid: u32,
    /// Last change of the content, in seconds since 1970.
    pub mtime: i64,
    /// Device it is on; 0 where the door does not tell.
    pub device: u64,
}

/// What `statvfs` says of a mounted file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// Its size, in bytes.
    pub total: u64,
    /// What is free for everybody, in bytes.
    pub available: u64,
    /// How many inodes it has; 0 where it makes them as it needs them.
    pub inodes: u64,
    /// How many inodes are free.
    pub inodes_free: u64,
    /// Whether its directories say what kind their entries are; XFS without
    /// `ftype` does not. `None` where no entry told.
    pub entries_have_kinds: Option<bool>,
}

/// A file that can be read at any place.
pub trait RandomAccess {
    /// Reads from this offset on, as many bytes as there are; 0 at the end.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// Length in bytes, when it was opened.
    fn len(&self) -> u64;

    /// Whether it was empty.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A host, seen through a door.
pub trait Host {
    /// Which door.
    fn door(&self) -> Door;

    /// What is at a path. The last link is not followed.
    ///
    /// # Errors
    ///
    /// As [`Denied`] says.
    fn node(&self, path: &str) -> Result<Node, Denied>;

    /// Where a link leads, as it is stored.
    ///
    /// # Errors
    ///
    /// As [`Denied`] says; something that is no link is unreadable.
    fn link(&self, path: &str) -> Result<Vec<u8>, Denied>;

    /// The names in a directory, sorted as bytes.
    ///
    /// # Errors
    ///
    /// As [`Denied`] says; a directory of more than `limit` entries is
    /// unreadable.
    fn list(&self, path: &str, limit: usize) -> Result<Vec<Vec<u8>>, Denied>;

    /// The content of a regular file; links are followed inside the host.
    ///
    /// # Errors
    ///
    /// As [`Denied`] says; a file of more than `limit` bytes is unreadable, and
    /// so is what is no regular file.
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Denied>;

    /// The first bytes of a block device, at most `length`.
    ///
    /// # Errors
    ///
    /// As [`Denied`] says.
    fn read_device(&self, path: &str, length: usize) -> Result<Vec<u8>, Denied>;

    /// Opens a regular file of any size.
    ///
    /// # Errors
    ///
    /// As [`Denied`] says.
    fn open(&self, path: &str) -> Result<Box<dyn RandomAccess + '_>, Denied>;

    /// What the file system that holds a path has room for.
    ///
    /// # Errors
    ///
    /// As [`Denied`] says; an archive never tells.
    fn space(&self, path: &str) -> Result<Space, Denied>;

    /// The output of a command, where the host was seen by something that ran
    /// it. The name is the command line: `df -alP`.
    ///
    /// # Errors
    ///
    /// [`Denied::NotHeld`] where there is none; nothing is ever run here.
    fn command(&self, line: &str, limit: usize) -> Result<Vec<u8>, Denied>;

    /// Names of all outputs of commands, sorted; each can be given to
    /// [`Host::command`].
    fn commands(&self) -> Vec<String> {
        Vec::new()
    }

    /// What is odd about what is behind the door as a whole.
    fn problems(&self) -> &[String] {
        &[]
    }

    /// Machine, release of the running kernel and host name, as `uname` gives
    /// them; `None` where no kernel is running, or none is known.
    fn uname(&self) -> Option<Uname>;
}

/// Of a running kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uname {
    /// Such as `x86_64`.
    pub machine: String,
    /// Such as `3.10.0-1160.el7.x86_64`.
    pub release: String,
    /// Host name.
    pub node: String,
}
