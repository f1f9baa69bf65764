//! Everything captured about a host, frozen: evidence, not conclusions.
//!
//! A snapshot is a JSON document with a version ([`mod@format`]); an actor written
//! next year can be run on one taken today. What was not captured is absent,
//! and absent is *unknown*, never *no*.

mod bounded;
pub mod capture;
pub mod collect;
pub mod diff;
mod evidence;
pub mod fixture;
pub mod format;
mod from_listing;
mod paths;
mod redact;
mod walk;

pub use evidence::{Content, Entry, EntryKind, Evidence, FileSystem, Known, Missing};
pub use from_listing::{GivenIdentity, UnknownIdentity};
pub(crate) use paths::{path_within, unescape_octal};
pub(crate) use redact::REDACTED;

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Arch, InstalledPackage, ModuleStream, PublicKey, RepoId, System};

/// A frozen host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Snapshot {
    /// Always `elevate-snapshot`.
    pub format: format::Kind,
    /// Version of the format.
    pub version: u32,
    /// How it was taken; absent where it was made from a package list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captured: Option<Captured>,
    /// Who the host is.
    pub identity: Identity,
    /// Installed packages. Their order means nothing but where leapp lets it
    /// decide (the first of two copies of one name gives the repository).
    #[serde(deserialize_with = "bounded::list")]
    pub packages: Vec<InstalledPackage>,
    /// Public keys in the rpm database.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "bounded::list")]
    pub keys: Vec<PublicKey>,
    /// Repositories known by id only (a list that came without files). Where
    /// `.repo` files were captured they are in `evidence.files`.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "bounded::optional_list"
    )]
    pub repositories: Option<Vec<HostRepository>>,
    /// Enabled module streams; absent where not captured. Release 7 has none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "bounded::optional_list"
    )]
    pub enabled_modules: Option<Vec<ModuleStream>>,
    /// Raw evidence for facts.
    #[serde(default)]
    pub evidence: Evidence,
    /// Parts of the source that could not be read or were not understood.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "bounded::list")]
    pub unread: Vec<Unread>,
}

impl Snapshot {
    /// The same host with all its lists in a fixed order, so that two records of
    /// one host that differ in order only are one snapshot.
    #[must_use]
    pub fn sorted(&self) -> Snapshot {
        let mut sorted = self.clone();
        sorted.packages.sort_by(order);
        sorted.keys.sort();
        if let Some(repositories) = &mut sorted.repositories {
            repositories.sort();
        }
        if let Some(modules) = &mut sorted.enabled_modules {
            modules.sort();
        }
        sorted.unread.sort();
        sorted
    }
}

/// By name, version and architecture, then by all the rest, text by text: rpm
/// takes 1.0 and 1.00 for one version, but a snapshot of one is not that of the
/// other.
fn order(a: &InstalledPackage, b: &InstalledPackage) -> Ordering {
    fn rest(p: &InstalledPackage) -> impl Ord + '_ {
        let tags = (&p.from_repo, &p.pgpsig, &p.vendor, &p.packager, &p.module);
        let installed = (&p.install_time, &p.install_date, &p.install_reason, &p.size, &p.data);
        let built = (&p.build_time, &p.instance);
        (&p.evr.version, &p.evr.release, tags, installed, built)
    }
    let names = (&a.name, &a.evr, &a.arch).cmp(&(&b.name, &b.evr, &b.arch));
    names.then_with(|| rest(a).cmp(&rest(b)))
}

/// How a snapshot was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Captured {
    /// What was read.
    pub from: Source,
    /// When, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<u64>,
    /// Version of the tool.
    pub tool_version: String,
}

/// What a snapshot was taken from.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The running host.
    Live,
    /// Its root file system, mounted or unpacked somewhere.
    Root,
    /// A sosreport of it.
    Sosreport,
    /// An Insights archive of it.
    Insights,
}

/// Who the host is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// Distribution and release.
    pub system: System,
    /// Architecture.
    pub arch: Arch,
    /// Running kernel, as `uname -r` prints it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
    /// Host name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Cloud provider whose update infrastructure (RHUI) serves the host:
    /// `aws`, `azure`, `google`, `alibaba`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud: Option<String>,
}

/// A repository configured on the host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct HostRepository {
    /// Its id.
    pub id: RepoId,
    /// Whether it is enabled.
    pub enabled: bool,
}

impl Unread {
    /// Something about a file as a whole.
    pub fn whole(file: impl Into<String>, text: impl Into<String>, why: impl Into<String>) -> Self {
        Self { file: file.into(), line: None, text: text.into(), why: why.into() }
    }
}

/// Something in the source of a snapshot that is not in the snapshot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    /// File.
    pub file: String,
    /// Line in it, from 1; absent for the file as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The beginning of what stood there.
    pub text: String,
    /// Why it was not taken.
    pub why: String,
}
