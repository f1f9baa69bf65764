//! Follows a path inside a directory, step by step, with system calls that
//! every kernel since Linux 3.6 has, and without `/proc`.
//!
//! No step can lead out: a name is opened below the directory one is in and
//! never followed by the kernel, `..` goes back to a directory that was passed,
//! and what a link says starts over at the top.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use rustix::fs::{Mode, OFlags};

use super::handle::{self, OPEN, errno};
use super::{Denied, MOST_LINKS, NodeKind, TOO_MANY_LINKS};

/// Finds without opening.
const FIND: OFlags = OFlags::PATH.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// What a path leads to.
#[derive(Debug)]
pub(crate) struct Found {
    found: OwnedFd,
    /// The directory it is in and its name there; none of a directory that was
    /// come to by a `..`.
    place: Option<(OwnedFd, Vec<u8>)>,
}

/// Follows an absolute path from `root`.
pub(crate) fn find(root: impl AsFd, path: &str, follow_last: bool) -> Result<Found, Denied> {
    let mut walk = Walk { root: root.as_fd(), passed: Vec::new(), rest: Vec::new() };
    walk.push(path.as_bytes());
    let mut links = 0;
    let mut last = None;
    while let Some(name) = walk.rest.pop() {
        // Both ask for a directory: `etc/passwd/..` is nowhere.
        if name == b"." || name == b".." {
            walk.here()?;
            if name == b".." {
                walk.passed.pop();
            }
            last = None;
            continue;
        }
        let next = open(walk.here()?, &name, FIND)?;
        let is_link = handle::kind(&next)? == NodeKind::Link;
        if is_link && (follow_last || !walk.rest.is_empty()) {
            links += 1;
            if links > MOST_LINKS {
                return Err(Denied::Unreadable(TOO_MANY_LINKS.to_owned()));
            }
            let target = rustix::fs::readlinkat(&next, "", Vec::new()).map_err(errno)?;
            walk.follow(target.as_bytes())?;
            last = None;
        } else {
            last = Some(name);
            walk.passed.push(next);
        }
    }
    walk.end(last)
}

struct Walk<'r> {
    root: BorrowedFd<'r>,
    /// Where one has come through, the last at the end.
    passed: Vec<OwnedFd>,
    /// Names still to go, the next at the end.
    rest: Vec<Vec<u8>>,
}

impl Walk<'_> {
    /// The directory one is in.
    fn here(&self) -> Result<BorrowedFd<'_>, Denied> {
        let here = self.passed.last().map_or(self.root, AsFd::as_fd);
        match handle::kind(here)? {
            NodeKind::Directory => Ok(here),
            _ => Err(Denied::Absent),
        }
    }

    fn follow(&mut self, target: &[u8]) -> Result<(), Denied> {
        if target.is_empty() {
            return Err(Denied::Absent);
        }
        if target.starts_with(b"/") {
            self.passed.clear();
        }
        self.push(target);
        Ok(())
    }

    /// Puts names before those still to go. A slash at the end asks for a
    /// directory, as a dot does.
    fn push(&mut self, path: &[u8]) {
        if path.ends_with(b"/") {
            self.rest.push(b".".to_vec());
        }
        let names = path.split(|&byte| byte == b'/').filter(|name| !name.is_empty());
        self.rest.extend(names.rev().map(<[u8]>::to_vec));
    }

    fn end(mut self, last: Option<Vec<u8>>) -> Result<Found, Denied> {
        let copy = |of: BorrowedFd<'_>| of.try_clone_to_owned().map_err(Denied::from);
        let Some(found) = self.passed.pop() else {
            return Ok(Found { found: copy(self.root)?, place: None });
        };
        let place = match last {
            Some(name) => Some((self.here().and_then(copy)?, name)),
            None => None,
        };
        Ok(Found { found, place })
    }
}

fn open(directory: BorrowedFd<'_>, name: &[u8], flags: OFlags) -> Result<OwnedFd, Denied> {
    let name = std::ffi::OsStr::from_bytes(name);
    rustix::fs::openat(directory, name, flags, Mode::empty()).map_err(errno)
}

impl Found {
    /// Opens it, and nothing else that has come to its place.
    pub(super) fn open(&self) -> Result<OwnedFd, Denied> {
        let Some((directory, name)) = &self.place else {
            return open(self.found.as_fd(), b".", OPEN | OFlags::DIRECTORY);
        };
        let open = open(directory.as_fd(), name, OPEN | OFlags::NOFOLLOW)?;
        let is = rustix::fs::fstat(&open).map_err(errno)?;
        let was = rustix::fs::fstat(&self.found).map_err(errno)?;
        if (is.st_dev, is.st_ino) == (was.st_dev, was.st_ino) {
            return Ok(open);
        }
        Err(Denied::Unreadable("was replaced while it was looked at".to_owned()))
    }
}

impl AsFd for Found {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.found.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::TempDir;
    use super::*;

    fn root(directory: &TempDir) -> OwnedFd {
        rustix::fs::open(directory.path(), OFlags::PATH, Mode::empty()).unwrap()
    }

    #[test]
    fn what_takes_the_place_of_a_file_is_not_opened() {
        let directory = TempDir::new("walk-replaced");
        directory.write("etc/new", b"new");
        directory.write("etc/file", b"old");
        let found = find(root(&directory), "/etc/file", true).unwrap();
        assert!(found.open().is_ok());
        let (from, to) = (directory.path().join("etc/new"), directory.path().join("etc/file"));
        std::fs::rename(from, to).unwrap();
        let refused = found.open().unwrap_err().to_string();
        assert_eq!(refused, "was replaced while it was looked at");
    }

    #[test]
    fn a_directory_moved_away_while_one_is_in_it_leads_nowhere_else() {
        let directory = TempDir::new("walk-moved");
        directory.write("top/a/b/file", b"inside");
        directory.write("file", b"outside");
        let top = rustix::fs::open(directory.path().join("top"), OFlags::PATH, Mode::empty());
        let mut walk = Walk { root: top.as_ref().unwrap().as_fd(), passed: vec![], rest: vec![] };
        for name in [&b"a"[..], b"b"] {
            let next = open(walk.here().unwrap(), name, FIND).unwrap();
            walk.passed.push(next);
        }
        // Now `..` of where one is would be outside; the way back is not asked.
        let (from, to) = (directory.path().join("top/a/b"), directory.path().join("b"));
        std::fs::rename(from, to).unwrap();
        walk.passed.pop();
        assert_eq!(open(walk.here().unwrap(), b"file", FIND).unwrap_err(), Denied::Absent);
    }

    #[test]
    fn the_top_is_its_own_parent() {
        let directory = TempDir::new("walk-top");
        directory.write("file", b"");
        for path in ["/", "/..", "/../.", "/../../file/../.."] {
            let found = find(root(&directory), path, true);
            match path {
                "/../../file/../.." => assert_eq!(found.unwrap_err(), Denied::Absent),
                _ => assert!(found.unwrap().open().is_ok(), "{path}"),
            }
        }
    }
}
