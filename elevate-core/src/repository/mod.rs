//! Where repositories are, and the door to their files.
//!
//! A repository is a directory with `repodata/repomd.xml` in it, on a disk, in
//! memory, or somewhere on a network; whoever reads its metadata sees only
//! [`Files`].

mod checksum;
pub mod definition;
#[cfg(feature = "http")]
pub mod fetch;
mod files;
#[cfg(feature = "http")]
pub mod http;
pub mod mirrors;
mod source;
pub mod store;
mod url;
mod variables;

pub use checksum::{VerifyError, Verifying};
pub use definition::{Definition, Location, Remark};
pub use files::{Directory, Files, FilesError, InMemory, read};
pub use source::Source;
pub use store::{Bytes, ParsedCache, Store, Stored, Value};
pub use url::{Credentials, Scheme, Secret, Url, UrlError};
pub use variables::{Expanded, Variables};
