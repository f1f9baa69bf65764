//! A root file system of a host, mounted or unpacked somewhere on another
//! machine. Paths are followed as if that root were `/`: absolute links and
//! `..` stay inside, and links made by the kernel are not followed at all.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use pathrs::Handle;
use pathrs::error::{Error, ErrorKind};
use pathrs::flags::OpenFlags;

use rustix::fs::{AtFlags, Mode, OFlags};

use super::handle::{self, OPEN, OpenFile, absolute, errno};
use super::{Denied, Door, Host, Node, NodeKind, RandomAccess, Space, Uname};

/// A root file system.
#[derive(Debug)]
pub struct Root {
    root: pathrs::Root,
    /// The device the directory stands on, where it is none itself; what is on
    /// it is of this machine and tells nothing of the host's room.
    outside: Option<u64>,
}

impl Root {
    /// Opens a directory as the root of a host.
    ///
    /// # Errors
    ///
    /// Where it is no directory, or cannot be reached.
    pub fn open(directory: &Path) -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = pathrs::Root::from_fd(rustix::fs::open(directory, flags, Mode::empty())?);
        let here = rustix::fs::fstat(&root)?;
        let above = rustix::fs::statat(&root, "..", AtFlags::empty());
        // The root of this machine stands on nothing.
        let outside =
            above.ok().filter(|above| above.st_ino != here.st_ino || above.st_dev != here.st_dev);
        Ok(Self { root, outside: outside.map(|above| above.st_dev) })
    }

    /// A directory inside as a root of its own.
    pub(super) fn below(&self, path: &str) -> Result<Self, Denied> {
        let (handle, node) = self.follow(path)?;
        node.kind.must_be(NodeKind::Directory)?;
        Ok(Self { root: pathrs::Root::from_fd(OwnedFd::from(handle)), outside: self.outside })
    }

    fn find(&self, path: &str) -> Result<(Handle, Node), Denied> {
        look(self.root.resolve_nofollow(absolute(path)?))
    }

    fn follow(&self, path: &str) -> Result<(Handle, Node), Denied> {
        look(self.root.resolve(absolute(path)?))
    }

    /// Opens what a path leads to where it is of this kind. What was found is
    /// what is opened, whatever stands at the path by then.
    fn open_as(&self, path: &str, kind: NodeKind) -> Result<File, Denied> {
        let (handle, node) = self.follow(path)?;
        node.kind.must_be(kind)?;
        handle
            .reopen(OpenFlags::from_bits_retain(OPEN.bits().into()))
            .map_err(|error| io_error(&error).into())
    }
}

fn look(found: Result<Handle, Error>) -> Result<(Handle, Node), Denied> {
    let handle = found.map_err(|error| io_error(&error))?;
    let stat = rustix::fs::fstat(&handle).map_err(errno)?;
    Ok((handle, handle::node(&stat)))
}

/// The error of the system below the library's own.
fn io_error(error: &Error) -> io::Error {
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
        self.find(path).map(|(_, node)| node)
    }

    fn link(&self, path: &str) -> Result<Vec<u8>, Denied> {
        let (handle, node) = self.find(path)?;
        node.kind.must_be(NodeKind::Link)?;
        let target = rustix::fs::readlinkat(&handle, "", Vec::new()).map_err(errno)?;
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
        Err(no_device(self.follow(path)?.1.kind))
    }

    fn open(&self, path: &str) -> Result<Box<dyn RandomAccess + '_>, Denied> {
        Ok(Box::new(OpenFile::new(self.open_as(path, NodeKind::File)?)?))
    }

    /// Tells of the file systems of a mounted root. An unpacked one lies on a
    /// file system of this machine, which says nothing of the host.
    fn space(&self, path: &str) -> Result<Space, Denied> {
        let (handle, node) = self.follow(path)?;
        if self.outside == Some(node.device) {
            return Err(Denied::Unreadable(
                "is on a file system of this machine, not of the host".to_owned(),
            ));
        }
        // Old kernels answer for what is open only, not for what is merely found.
        let Ok(directory) = self.open_as(path, NodeKind::Directory) else {
            let space = rustix::fs::fstatvfs(&handle).map_err(errno)?;
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
