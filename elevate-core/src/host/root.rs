//! A root file system of a host, mounted or unpacked somewhere on another
//! machine. Paths are followed as if that root were `/`: absolute links and
//! `..` stay inside, and links made by the kernel are not followed at all.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use pathrs::error::{Error, ErrorKind};
use pathrs::flags::OpenFlags;
use pathrs::{Handle, RootRef};
use rustix::fs::{Access, AtFlags, CWD, Mode, OFlags};

use super::handle::{self, OPEN, OpenFile, absolute, errno};
use super::{Denied, Door, Host, Node, NodeKind, RandomAccess, Space, Uname, walk};

/// A root file system.
#[derive(Debug)]
pub struct Root {
    root: OwnedFd,
    way: Way,
    /// The device the directory stands on, where it is none itself; what is on
    /// it is of this machine and tells nothing of the host's room.
    outside: Option<u64>,
}

/// How paths are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By libpathrs, which has the kernel do it where the kernel can.
    Library,
    /// By our own steps, slower. Before Linux 5.8, and without `/proc`, the
    /// library (0.2.6) does not fail but runs out of stack.
    Steps,
}

/// What a path leads to, found and not opened.
enum Found {
    Library(Handle),
    Steps(walk::Found),
}

impl Root {
    /// Opens a directory as the root of a host.
    ///
    /// # Errors
    ///
    /// Where it is no directory, or cannot be reached.
    pub fn open(directory: &Path) -> io::Result<Self> {
        // The library looks for this, by this call, when it reports an error.
        let thread = "/proc/thread-self";
        let seen = rustix::fs::accessat(CWD, thread, Access::EXISTS, AtFlags::SYMLINK_NOFOLLOW);
        Self::open_in(directory, if seen.is_ok() { Way::Library } else { Way::Steps })
    }

    pub(super) fn open_in(directory: &Path, way: Way) -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = rustix::fs::open(directory, flags, Mode::empty())?;
        let here = rustix::fs::fstat(&root)?;
        let above = rustix::fs::statat(&root, "..", AtFlags::empty());
        // The root of this machine stands on nothing.
        let outside =
            above.ok().filter(|above| above.st_ino != here.st_ino || above.st_dev != here.st_dev);
        Ok(Self { root, way, outside: outside.map(|above| above.st_dev) })
    }

    /// A directory inside as a root of its own.
    pub(super) fn below(&self, path: &str) -> Result<Self, Denied> {
        let (found, node) = self.find(path, true)?;
        node.kind.must_be(NodeKind::Directory)?;
        let root = found.as_fd().try_clone_to_owned()?;
        Ok(Self { root, way: self.way, outside: self.outside })
    }

    fn find(&self, path: &str, follow_last: bool) -> Result<(Found, Node), Denied> {
        let path = absolute(path)?;
        let root = RootRef::from_fd(self.root.as_fd());
        let found = match self.way {
            Way::Steps => Found::Steps(walk::find(&self.root, path, follow_last)?),
            Way::Library if follow_last => Found::Library(root.resolve(path).map_err(io_error)?),
            Way::Library => Found::Library(root.resolve_nofollow(path).map_err(io_error)?),
        };
        let stat = rustix::fs::fstat(&found).map_err(errno)?;
        Ok((found, handle::node(&stat)))
    }

    /// Opens what a path leads to where it is of this kind. What was found is
    /// what is opened, whatever stands at the path by then.
    fn open_as(&self, path: &str, kind: NodeKind) -> Result<File, Denied> {
        let (found, node) = self.find(path, true)?;
        node.kind.must_be(kind)?;
        match found {
            Found::Steps(found) => found.open().map(File::from),
            Found::Library(handle) => {
                let flags = OpenFlags::from_bits_retain(OPEN.bits().into());
                Ok(handle.reopen(flags).map_err(io_error)?)
            }
        }
    }
}

impl AsFd for Found {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Found::Library(handle) => handle.as_fd(),
            Found::Steps(found) => found.as_fd(),
        }
    }
}

/// The error of the system below the library's own.
fn io_error(error: Error) -> io::Error {
    match error.kind() {
        ErrorKind::OsError(Some(number)) => io::Error::from_raw_os_error(number),
        _ => io::Error::other(error.to_string()),
    }
}

impl Host for Root {
    fn door(&self) -> Door {
        Door::Root
    }

    fn node(&self, path: &str) -> Result<Node, Denied> {
        self.find(path, false).map(|(_, node)| node)
    }

    fn link(&self, path: &str) -> Result<Vec<u8>, Denied> {
        let (found, node) = self.find(path, false)?;
        node.kind.must_be(NodeKind::Link)?;
        let target = rustix::fs::readlinkat(&found, "", Vec::new()).map_err(errno)?;
        Ok(target.into_bytes())
    }

    fn list(&self, path: &str, limit: usize) -> Result<Vec<Vec<u8>>, Denied> {
        handle::list(self.open_as(path, NodeKind::Directory)?.into(), limit)
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Denied> {
        handle::read(self.open_as(path, NodeKind::File)?, limit)
    }

    /// Never gives anything: the numbers of a device node name another device
    /// on this machine.
    fn read_device(&self, path: &str, _length: usize) -> Result<Vec<u8>, Denied> {
        Err(no_device(self.find(path, true)?.1.kind))
    }

    fn open(&self, path: &str) -> Result<Box<dyn RandomAccess + '_>, Denied> {
        Ok(Box::new(OpenFile::new(self.open_as(path, NodeKind::File)?)?))
    }

    /// Tells of the file systems of a mounted root. An unpacked one lies on a
    /// file system of this machine, which says nothing of the host.
    fn space(&self, path: &str) -> Result<Space, Denied> {
        let (found, node) = self.find(path, true)?;
        if self.outside == Some(node.device) {
            return Err(Denied::Unreadable(
                "is on a file system of this machine, not of the host".to_owned(),
            ));
        }
        // Old kernels answer for what is open only, not for what is merely found.
        let Ok(directory) = self.open_as(path, NodeKind::Directory) else {
            let space = rustix::fs::fstatvfs(&found).map_err(errno)?;
            return Ok(handle::space(&space, None));
        };
        let space = rustix::fs::fstatvfs(&directory).map_err(errno)?;
        Ok(handle::space(&space, handle::entries_have_kinds(directory.into())))
    }

    fn command(&self, _line: &str, _limit: usize) -> Result<Vec<u8>, Denied> {
        Err(Denied::NotHeld)
    }

    fn uname(&self) -> Option<Uname> {
        None
    }
}

/// Why a device node that is not of this machine is not read.
pub(super) fn no_device(kind: NodeKind) -> Denied {
    match kind.must_be(NodeKind::BlockDevice) {
        Err(denied) => denied,
        Ok(()) => {
            Denied::Unreadable("is a device of another machine, which is not here".to_owned())
        }
    }
}
