//! The machine this runs on, through plain system calls that Linux 3.10 has and
//! that need no privileges. What they are denied without is unreadable.

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;

use rustix::fs::{Mode, OFlags};

use super::handle::{self, OPEN, OpenFile, absolute, errno};
use super::{Denied, Door, Host, Node, NodeKind, RandomAccess, Space, Uname};

/// The running machine.
///
/// Nothing but regular files, directories and, where asked for, block devices
/// is ever opened: opening some devices does something. A file of the kernel
/// that would wait for content (`/proc/kmsg`) is unreadable.
#[derive(Debug, Clone, Copy, Default)]
pub struct Live;

impl Live {
    /// The running machine.
    pub fn new() -> Self {
        Self
    }
}

/// Opens what a path leads to where it is of this kind.
fn open(path: &str, kind: NodeKind, flags: OFlags) -> Result<OwnedFd, Denied> {
    let path = absolute(path)?;
    handle::node(&rustix::fs::stat(path).map_err(errno)?).kind.must_be(kind)?;
    let open = rustix::fs::open(path, OPEN | flags, Mode::empty()).map_err(errno)?;
    handle::check(&open, kind)?;
    Ok(open)
}

fn open_file(path: &str) -> Result<File, Denied> {
    open(path, NodeKind::File, OFlags::empty()).map(File::from)
}

fn open_directory(path: &str) -> Result<OwnedFd, Denied> {
    open(path, NodeKind::Directory, OFlags::DIRECTORY)
}

impl Host for Live {
    fn door(&self) -> Door {
        Door::Live
    }

    fn node(&self, path: &str) -> Result<Node, Denied> {
        Ok(handle::node(&rustix::fs::lstat(absolute(path)?).map_err(errno)?))
    }

    fn link(&self, path: &str) -> Result<Vec<u8>, Denied> {
        self.node(path)?.kind.must_be(NodeKind::Link)?;
        let target = rustix::fs::readlink(absolute(path)?, Vec::new()).map_err(errno)?;
        Ok(target.into_bytes())
    }

    fn list(&self, path: &str, limit: usize) -> Result<Vec<Vec<u8>>, Denied> {
        handle::list(open_directory(path)?, limit)
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Denied> {
        handle::read(open_file(path)?, limit)
    }

    fn read_device(&self, path: &str, length: usize) -> Result<Vec<u8>, Denied> {
        let device = open(path, NodeKind::BlockDevice, OFlags::empty())?;
        let mut bytes = Vec::new();
        File::from(device).take(length as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn open(&self, path: &str) -> Result<Box<dyn RandomAccess + '_>, Denied> {
        Ok(Box::new(OpenFile::new(open_file(path)?)?))
    }

    fn space(&self, path: &str) -> Result<Space, Denied> {
        let space = rustix::fs::statvfs(absolute(path)?).map_err(errno)?;
        let kinds = open_directory(path).ok().and_then(handle::entries_have_kinds);
        Ok(handle::space(&space, kinds))
    }

    fn command(&self, _line: &str, _limit: usize) -> Result<Vec<u8>, Denied> {
        Err(Denied::NotHeld)
    }

    fn uname(&self) -> Option<Uname> {
        let uname = rustix::system::uname();
        let text = |text: &std::ffi::CStr| text.to_string_lossy().into_owned();
        Some(Uname {
            machine: text(uname.machine()),
            release: text(uname.release()),
            node: text(uname.nodename()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::TempDir;
    use super::*;

    fn unreadable(why: &str) -> Denied {
        Denied::Unreadable(why.to_owned())
    }

    #[test]
    fn files_of_the_kernel_are_read_though_they_have_no_size() {
        let live = Live::new();
        let release = live.read("/proc/sys/kernel/osrelease", 100).unwrap();
        let uname = live.uname().unwrap();
        assert_eq!(String::from_utf8_lossy(&release).trim(), uname.release);
        assert_eq!(
            live.read("/proc/sys/kernel/osrelease", 3),
            Err(unreadable("is larger than 3 bytes"))
        );
        assert!(live.read("/proc/self/maps", 1 << 24).unwrap().len() > 100);
        assert!(!uname.machine.is_empty());
    }

    #[test]
    fn devices_and_pipes_are_not_read_by_accident() {
        let live = Live::new();
        let not_a_file = unreadable("is a character device, not a regular file");
        assert_eq!(live.read("/dev/zero", 10), Err(not_a_file));
        let not_a_disk = unreadable("is a character device, not a block device");
        assert_eq!(live.read_device("/dev/zero", 10), Err(not_a_disk));
        let directory = TempDir::new("live-pipe");
        directory.pipe("pipe");
        let path = directory.path().join("pipe");
        let pipe = path.to_str().unwrap();
        let no_file = unreadable("is a pipe or a socket, not a regular file");
        assert_eq!(live.read(pipe, 10), Err(no_file.clone()));
        assert_eq!(live.open(pipe).err(), Some(no_file));
    }

    #[test]
    fn what_is_asked_for_must_be_an_absolute_path() {
        let live = Live::new();
        assert_eq!(live.read("Cargo.toml", 10), Err(unreadable("is no absolute path")));
        assert_eq!(live.node("/etc\0x"), Err(unreadable("has a NUL byte in its path")));
        assert_eq!(live.node("/nowhere/at/all"), Err(Denied::Absent));
        assert_eq!(live.read("/proc/self/stat/x", 10), Err(Denied::Absent));
        assert_eq!(live.command("id", 10), Err(Denied::NotHeld));
    }

    #[test]
    fn links_are_followed_to_read_and_not_to_look() {
        let directory = TempDir::new("live-links");
        directory.write("file", b"content");
        directory.link("file", "link");
        let path = directory.path().join("link");
        let (live, link) = (Live::new(), path.to_str().unwrap());
        assert_eq!(live.node(link).unwrap().kind, NodeKind::Link);
        assert_eq!(live.node(&format!("{link}/")).unwrap().kind, NodeKind::Link);
        assert_eq!(live.link(link).unwrap(), b"file");
        assert_eq!(live.read(link, 7).unwrap(), b"content");
        let open = live.open(link).unwrap();
        let mut buffer = [0; 4];
        assert_eq!((open.len(), open.read_at(5, &mut buffer).unwrap()), (7, 2));
        assert_eq!(&buffer[..2], b"nt");
        assert_eq!(live.list(directory.path().to_str().unwrap(), 2).unwrap(), [b"file", b"link"]);
    }

    #[test]
    fn room_and_kinds_of_entries_are_told() {
        let directory = TempDir::new("live-space");
        let path = directory.path().to_str().unwrap();
        let empty = Live::new().space(path).unwrap();
        assert_eq!(empty.entries_have_kinds, None);
        assert!(empty.total >= empty.available && empty.total > 0);
        directory.write("file", b"");
        assert!(Live::new().space(path).unwrap().entries_have_kinds.is_some());
        assert_eq!(Live::new().space("/proc").unwrap().entries_have_kinds, Some(true));
    }
}
