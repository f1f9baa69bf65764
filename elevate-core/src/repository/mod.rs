//! Where repositories are, and the door to their files.
//!
//! A repository is a directory with `repodata/repomd.xml` in it, on a disk, in
//! memory, or somewhere on a network; whoever reads its metadata sees only
//! [`Files`].

mod checksum;
mod files;

pub use checksum::{VerifyError, Verifying};
pub use files::{Directory, Files, FilesError, InMemory, read};
