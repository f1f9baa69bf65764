//! Names and values of the trade: parsed at the edge, never re-checked inside.
//!
//! Nothing here reads a file or decides anything. Names are types
//! ([`PackageName`], [`RepoId`], [`PesId`]), versions compare as rpm compares
//! them ([`Evr`]), dependencies keep rpm's whole language ([`Requirement`]).

mod arch;
mod capability;
mod changed;
mod date;
mod dependencies;
mod document;
mod evr;
mod hex;
mod module;
mod name;
mod near;
mod nevra;
mod package;
mod package_data;
mod package_id;
mod release;
pub mod repo_file;
mod words;

pub use arch::Arch;
pub use capability::{Capability, Comparison, Requirement, RichDependency, RichOperator, Sense};
pub use changed::{Changed, Listing};
pub use date::{Date, DateError, civil};
pub use dependencies::{Dependencies, Unmet};
pub use document::{schema, to_json};
pub use evr::{Evr, EvrParts, InDependency, compare_versions};
pub use hex::hex;
pub use module::ModuleStream;
pub use name::{InvalidName, PackageName, PesId, RepoId};
pub use near::nearest;
pub(crate) use nevra::nevra;
pub use nevra::{Nevra, Nvra, ParseNevraError};
pub use package::{InstalledPackage, PublicKey, Signature};
pub use package_data::{FileMark, PackageData, Purpose, StoredDependency, StoredFile};
pub use package_id::PackageId;
pub use release::{Distro, ParseReleaseError, Release, System, UpgradePath};
pub use repo_file::{
    ParseRepoFileError, RepoFile, RepoFileFault, RepoFileNote, RepoFileNoteKind, Repository,
};
pub use words::shell_words;
