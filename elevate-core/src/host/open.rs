//! The way to a host that is not the machine itself.

use std::fs::File;
use std::io;
use std::path::Path;

use rustix::fs::Mode;
use thiserror::Error;

use super::handle::{self, OPEN};
use super::{ArchiveError, Host, LayoutError, NodeKind, Root, Sos};

/// What a path is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A directory: the root file system of a host.
    Root,
    /// An archive of sosreport or Insights, packed or unpacked.
    Collected,
}

/// Why a host cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The system says so.
    #[error("cannot be opened: {0}")]
    Io(#[from] io::Error),
    /// It is no archive, or a damaged one.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// It is not what a collector makes.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

/// Opens a host. An archive is read into memory as a whole; a directory is read
/// as it is asked.
///
/// # Errors
///
/// As [`OpenError`] says; messages go on behind the path: `x.tar.xz: is damaged`.
pub fn open(path: &Path, kind: Kind) -> Result<Box<dyn Host>, OpenError> {
    Ok(match kind {
        Kind::Root => Box::new(Root::open(path)?),
        Kind::Collected if path.is_dir() => Box::new(Sos::from_directory(path)?),
        Kind::Collected => Box::new(Sos::from_archive(path)?),
    })
}

/// Opens a regular file of this machine; nothing else, and it does not block.
pub(super) fn open_file(path: &Path) -> io::Result<File> {
    let kind = handle::node(&rustix::fs::stat(path)?).kind;
    kind.must_be(NodeKind::File).map_err(io::Error::other)?;
    let open = rustix::fs::open(path, OPEN, Mode::empty())?;
    handle::check(&open, NodeKind::File).map_err(io::Error::other)?;
    Ok(File::from(open))
}
