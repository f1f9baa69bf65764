//! The files of a root, read and changed without ever leaving it: links lead where they
//! would if the root were `/`, and `..` stops at the top.
//!
//! A file is changed by writing another beside it and putting that in its place, so that a
//! crash leaves the old one or the new one. Owner, permissions and SELinux label stay.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, FileType, FlockOperation, Mode, OFlags, Stat};
use rustix::io::Errno;

use crate::host::{self, Denied};
use crate::plan::edit::digest;

/// The largest file that is changed, in bytes.
pub(super) const LARGEST: u64 = 64 << 20;
/// The longest path, in bytes, as in Linux.
const LONGEST: usize = 4096;
/// How many links a path may go through at its end.
const MOST_LINKS: usize = 40;
/// Permissions of a file that was not there.
const NEW: Mode = Mode::from_raw_mode(0o644);
const LABEL: &str = "security.selinux";

/// The files of a root.
#[derive(Debug)]
pub struct Files {
    root: OwnedFd,
}

/// Where a path ends: a directory, and a name in it that is no link.
struct Place {
    directory: host::Found,
    name: String,
}

impl Files {
    /// Opens the root.
    ///
    /// # Errors
    ///
    /// Where it is no directory, or cannot be reached.
    pub fn open(root: &Path) -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self { root: rustix::fs::open(root, flags, Mode::empty())? })
    }

    /// What a file holds; `None` where there is none.
    ///
    /// # Errors
    ///
    /// What is no regular file, is too large, or cannot be read.
    pub fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let Some((place, stat)) = self.found(path)? else { return Ok(None) };
        if u64::try_from(stat.st_size).unwrap_or(u64::MAX) > LARGEST {
            return Err(io::Error::other(format!("is larger than {} MiB", LARGEST >> 20)));
        }
        let mut content = Vec::new();
        place.open(OFlags::RDONLY)?.take(LARGEST + 1).read_to_end(&mut content)?;
        Ok(Some(content))
    }

    /// Whether a file is there, of whatever size.
    ///
    /// # Errors
    ///
    /// What is no regular file, or cannot be reached.
    pub fn is_there(&self, path: &str) -> io::Result<bool> {
        Ok(self.found(path)?.is_some())
    }

    /// SHA-256 of a file; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Those of [`Files::read`].
    pub fn digest(&self, path: &str) -> io::Result<Option<String>> {
        Ok(self.read(path)?.map(|content| digest(&content)))
    }

    /// Puts content in a file's place, on the disk when this returns. Directories that lack
    /// are made.
    ///
    /// # Errors
    ///
    /// Where the path cannot be had, is no regular file, or the disk does not take it. The
    /// file is then as it was.
    pub fn replace(&self, path: &str, content: &[u8]) -> io::Result<()> {
        let place = self.place(path, true)?;
        let old = place.stat()?;
        let beside = format!(".{}.elevate", place.name);
        place.remove(&beside)?;
        let written = place.write(&beside, content, old.as_ref());
        if written.is_err() {
            // What cannot be written is not to lie about.
            let _ = place.remove(&beside);
        }
        written?;
        rustix::fs::renameat(&place.directory, &*beside, &place.directory, &*place.name)?;
        place.sync()
    }

    /// Removes a file; a link goes, not what it leads to. What is not there stays so.
    ///
    /// # Errors
    ///
    /// Where it is a directory, or cannot be removed.
    pub fn remove(&self, path: &str) -> io::Result<()> {
        let Some(place) = self.unfollowed(path)? else { return Ok(()) };
        place.remove(&place.name)?;
        place.sync()
    }

    /// Where a link leads; `None` for what is no link, or not there.
    ///
    /// # Errors
    ///
    /// Where it cannot be reached, or leads to what is no text.
    pub fn link(&self, path: &str) -> io::Result<Option<String>> {
        let Some(place) = self.unfollowed(path)? else { return Ok(None) };
        match rustix::fs::readlinkat(&place.directory, &*place.name, Vec::new()) {
            Ok(target) => Ok(Some(target.to_str().map_err(io::Error::other)?.to_owned())),
            Err(Errno::INVAL | Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a link, where nothing is.
    ///
    /// # Errors
    ///
    /// Where something is, or the path cannot be had.
    pub fn make_link(&self, path: &str, target: &str) -> io::Result<()> {
        let (parent, name) = split(path)?;
        self.make_directory(&parent)?;
        let directory = host::find(&self.root, &parent, true).map_err(denied)?;
        rustix::fs::symlinkat(target, &directory, &*name)?;
        Place { directory, name }.sync()
    }

    /// Makes a directory, and those above it that lack.
    ///
    /// # Errors
    ///
    /// Where something else is in the way.
    pub fn make_directory(&self, path: &str) -> io::Result<()> {
        match host::find(&self.root, path, true) {
            Ok(_) => return Ok(()),
            Err(Denied::Absent) => {}
            Err(other) => return Err(denied(other)),
        }
        let (parent, name) = split(path)?;
        self.make_directory(&parent)?;
        let directory = host::find(&self.root, &parent, true).map_err(denied)?;
        match rustix::fs::mkdirat(&directory, &*name, Mode::from_raw_mode(0o755)) {
            Ok(()) | Err(Errno::EXIST) => Place { directory, name }.sync(),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a file that grows at its end, and makes it where it is not.
    pub(super) fn open_log(&self, path: &str) -> io::Result<File> {
        let place = self.place(path, true)?;
        let is_new = place.stat()?.is_none();
        let file = place.open(OFlags::RDWR | OFlags::APPEND | OFlags::CREATE)?;
        if is_new {
            place.sync()?;
        }
        Ok(file)
    }

    /// Takes a lock that what is started from here holds too; `None` where somebody else
    /// has it.
    pub(super) fn lock(&self, path: &str) -> io::Result<Option<File>> {
        let place = self.place(path, true)?;
        place.stat()?;
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW;
        let file = rustix::fs::openat(&place.directory, &*place.name, flags, NEW)?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(file.into())),
            Err(Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A file and what it is, links at the end of its path followed; `None` where nothing is.
    fn found(&self, path: &str) -> io::Result<Option<(Place, Stat)>> {
        let place = match self.place(path, false) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            place => place?,
        };
        Ok(place.stat()?.map(|stat| (place, stat)))
    }

    /// Where a path ends, a link at its end not followed; `None` where its directory is not.
    fn unfollowed(&self, path: &str) -> io::Result<Option<Place>> {
        let (parent, name) = split(path)?;
        match host::find(&self.root, &parent, true) {
            Err(Denied::Absent) => Ok(None),
            directory => Ok(Some(Place { directory: directory.map_err(denied)?, name })),
        }
    }

    /// Where a path ends, links at its end followed.
    fn place(&self, path: &str, make: bool) -> io::Result<Place> {
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            let (parent, name) = split(&path)?;
            if make {
                self.make_directory(&parent)?;
            }
            let directory = host::find(&self.root, &parent, true).map_err(denied)?;
            match rustix::fs::readlinkat(&directory, &*name, Vec::new()) {
                Ok(target) => {
                    let target = target.to_str().map_err(io::Error::other)?;
                    path = match target.starts_with('/') {
                        true => target.to_owned(),
                        false => format!("{parent}/{target}"),
                    };
                }
                Err(Errno::INVAL | Errno::NOENT) => return Ok(Place { directory, name }),
                Err(error) => return Err(error.into()),
            }
        }
        Err(Errno::LOOP.into())
    }
}

impl Place {
    /// What is there; `None` where nothing is.
    fn stat(&self) -> io::Result<Option<Stat>> {
        match rustix::fs::statat(&self.directory, &*self.name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
            Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile => {
                Ok(Some(stat))
            }
            Ok(_) => Err(io::Error::other("is no regular file")),
        }
    }

    fn open(&self, flags: OFlags) -> io::Result<File> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        Ok(rustix::fs::openat(&self.directory, &*self.name, flags, NEW)?.into())
    }

    fn write(&self, name: &str, content: &[u8], old: Option<&Stat>) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        let flags = flags | OFlags::CLOEXEC;
        let private = Mode::from_raw_mode(0o600);
        let mut file: File = rustix::fs::openat(&self.directory, name, flags, private)?.into();
        file.write_all(content)?;
        if let Some(old) = old {
            self.keep(&file, old)?;
        } else {
            rustix::fs::fchmod(&file, NEW)?;
        }
        file.sync_all()
    }

    /// Gives a file what the one before it has besides its content.
    fn keep(&self, file: &File, old: &Stat) -> io::Result<()> {
        let is = rustix::fs::fstat(file)?;
        if (is.st_uid, is.st_gid) != (old.st_uid, old.st_gid) {
            let (uid, gid) =
                (rustix::fs::Uid::from_raw(old.st_uid), rustix::fs::Gid::from_raw(old.st_gid));
            rustix::fs::fchown(file, Some(uid), Some(gid))?;
        }
        rustix::fs::fchmod(file, Mode::from_raw_mode(old.st_mode & 0o7777))?;
        let before = self.open(OFlags::RDONLY)?;
        let mut label = [0; 4096];
        // Without SELinux there is no label to keep.
        if let Ok(length) = rustix::fs::fgetxattr(&before, LABEL, &mut label) {
            let flags = rustix::fs::XattrFlags::empty();
            rustix::fs::fsetxattr(file, LABEL, &label[..length], flags)?;
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match rustix::fs::unlinkat(&self.directory, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts the names of the directory on the disk.
    fn sync(&self) -> io::Result<()> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let directory = rustix::fs::openat(&self.directory, ".", flags, Mode::empty())?;
        Ok(rustix::fs::fsync(directory.as_fd())?)
    }
}

/// The directory of a path, and the name in it.
fn split(path: &str) -> io::Result<(String, String)> {
    let wrong =
        |why: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{path:?}: {why}")));
    if !path.starts_with('/') {
        return wrong("is no absolute path");
    }
    if path.len() > LONGEST {
        return wrong("is too long");
    }
    if path.contains('\0') {
        return wrong("has a zero byte");
    }
    match path.rsplit_once('/') {
        Some((_, "" | "." | "..")) | None => wrong("names no file"),
        Some(("", name)) => Ok(("/".to_owned(), name.to_owned())),
        Some((parent, name)) => Ok((parent.to_owned(), name.to_owned())),
    }
}

fn denied(why: Denied) -> io::Error {
    match why {
        Denied::Absent => io::ErrorKind::NotFound.into(),
        other => io::Error::other(other.to_string()),
    }
}
