//! Directories that last as long as a test.

#![expect(clippy::disallowed_methods, reason = "tests write temporary files")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode};

/// A directory that is removed with the value.
pub(crate) struct TempDir(PathBuf);

impl TempDir {
    /// A fresh, empty directory; `name` keeps the tests of a process apart.
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("elevate-host-{}-{name}", std::process::id()));
        if path.exists() {
            std::fs::remove_dir_all(&path).unwrap();
        }
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file below it, with the directories it needs.
    pub(crate) fn write(&self, name: impl AsRef<OsStr>, content: &[u8]) -> PathBuf {
        let path = self.place(name.as_ref());
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn directory(&self, name: &str) {
        std::fs::create_dir_all(self.0.join(name)).unwrap();
    }

    pub(crate) fn link(&self, target: &str, name: &str) {
        std::os::unix::fs::symlink(target, self.place(name.as_ref())).unwrap();
    }

    pub(crate) fn pipe(&self, name: &str) {
        let path = self.place(name.as_ref());
        rustix::fs::mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    }

    fn place(&self, name: &OsStr) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // What cannot be removed is left to the system's cleaning.
        std::fs::remove_dir_all(&self.0).ok();
    }
}
