//! One writer or many readers of a place.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::FlockOperation;
use rustix::io::Errno;

use super::{StoreError, Wait, disk};

/// How often somebody who waits looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A lock that is held. The kernel lets go of it with the file.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Shared,
    Exclusive,
}

impl Lock {
    /// Takes a lock. `None` where there is no such file and it is only to be shared.
    pub(super) fn take(
        path: &Path,
        kind: Kind,
        wait: &Wait<'_>,
    ) -> Result<Option<Self>, StoreError> {
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
        if kind == Kind::Exclusive {
            options.write(true).create(true).truncate(false).mode(0o600);
        }
        let file = match options.open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound && kind == Kind::Shared => {
                return Ok(None);
            }
            Err(source) => return Err(StoreError::Io { path: path.to_owned(), source }),
        };
        let mut lock = Self { path: path.to_owned(), file };
        lock.wait(kind, wait)?;
        if kind == Kind::Exclusive {
            disk::at(path, lock.sign())?;
        }
        Ok(Some(lock))
    }

    fn wait(&mut self, kind: Kind, wait: &Wait<'_>) -> Result<(), StoreError> {
        let operation = match kind {
            Kind::Shared => FlockOperation::NonBlockingLockShared,
            Kind::Exclusive => FlockOperation::NonBlockingLockExclusive,
        };
        let mut waited = Duration::ZERO;
        loop {
            match rustix::fs::flock(&self.file, operation) {
                Ok(()) => return Ok(()),
                Err(Errno::INTR) => continue,
                Err(Errno::WOULDBLOCK) => {}
                Err(error) => return disk::at(&self.path, Err(error.into())),
            }
            let pid = self.signed();
            if waited >= wait.most {
                return Err(StoreError::Locked { lock: self.path.clone(), pid, waited });
            }
            if waited.is_zero() {
                (wait.told)(&self.path, pid);
            }
            std::thread::sleep(LOOK_AGAIN);
            waited += LOOK_AGAIN;
        }
    }

    /// Writes down who holds the lock, for those who wait.
    fn sign(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        write!(self.file, "{}", std::process::id())
    }

    fn signed(&mut self) -> Option<u32> {
        let mut text = String::new();
        self.file.rewind().ok()?;
        (&self.file).take(20).read_to_string(&mut text).ok()?;
        text.trim().parse().ok()
    }
}
