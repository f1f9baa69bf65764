//! Package lists: `rpm -qa` and its relatives, in the shapes people have.
//!
//! [`read`] is pure and decides by content, never by file name. A list it can
//! use in part is used in part: what it does not understand is in
//! [`Listing::unread`], with line or place, and what it understands but the
//! model has no place for is counted in [`Listing::ignored`].
//!
//! Three things a list cannot tell are left open, not guessed: signatures,
//! repositories and architectures that are not in it are absent. The
//! distribution and its release come from the list's own words or from the
//! release package in it ([`ListingFacts`]); the running kernel only from a
//! format that names it.

mod cell;
mod collect;
mod date;
mod facts;
mod json;
mod lines;
mod roles;
mod table;
mod text;
mod yum;

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use crate::model::{Arch, Distro, InstalledPackage, ModuleStream, PublicKey, Release};
use crate::rpm::compressed::{self, CompressedError};

/// The largest list read, in bytes, before and after decompression.
pub const MAX_BYTES: usize = 64 << 20;
/// The most lines, and the most packages, a list may have.
pub const MAX_LINES: usize = 500_000;
/// The most entries of [`Listing::unread`] but one; the last one then says how
/// many more there are.
pub const MAX_UNREAD: usize = 1000;

/// A package list, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Packages in the order of the list, each full name once.
    pub packages: Vec<InstalledPackage>,
    /// Public keys, which rpm lists as packages named `gpg-pubkey`.
    pub keys: Vec<PublicKey>,
    /// What was not understood, or not as it should be.
    pub unread: Vec<UnreadLine>,
    /// How many such places there are, also where `unread` does not hold all.
    pub unread_total: usize,
    /// What the list says about the host as a whole.
    pub facts: ListingFacts,
    /// Which shape the list has.
    pub shape: Shape,
    /// Lines that are comments (`#`).
    pub comments: usize,
    /// Entries that repeat the full name of an earlier one and were left out.
    /// Each is in `unread` too.
    pub duplicates: usize,
    /// Columns and fields that were understood and have no place in the model,
    /// with the number of values in them.
    pub ignored: BTreeMap<String, usize>,
}

/// What packages tell about their host, where no list states anything: the
/// distribution and release by their release package, and what about it is not
/// as it should be.
pub fn facts_of(packages: &[InstalledPackage]) -> (ListingFacts, Vec<UnreadLine>) {
    let mut collector = collect::Collector::default();
    let facts = facts::complete(ListingFacts::default(), packages, &mut collector);
    (facts, collector.into_unread())
}

/// A place in a list that was not understood, or not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnreadLine {
    /// Line, from 1; `None` in JSON and for the list as a whole.
    pub line: Option<usize>,
    /// Place within JSON, such as `installed[3].epoch`; empty otherwise.
    pub place: String,
    /// The beginning of what stands there.
    pub text: String,
    /// Why it was not taken.
    pub why: String,
}

/// What a list says about the host as a whole. `None` is *not known*.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListingFacts {
    /// Distribution: as stated, else by its release package.
    pub distro: Option<Distro>,
    /// Release: as stated, else by the version of the release package.
    pub release: Option<Release>,
    /// Architecture: as stated, else the most frequent one of packages that
    /// are neither `noarch` nor the second library set.
    pub arch: Option<Arch>,
    /// Running kernel, where the format names it.
    pub kernel: Option<String>,
    /// Ids of enabled repositories, where the format lists them.
    pub repositories: Option<Vec<String>>,
    /// Ids of disabled repositories, where the format lists them.
    pub disabled_repositories: Vec<String>,
    /// Enabled module streams, where the format lists them.
    pub enabled_modules: Option<Vec<ModuleStream>>,
}

/// The shapes of lists that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// `name-version-release.arch`, a line each (`rpm -qa`).
    Nevra,
    /// The same with further columns (sosreport, `rpm -qa --last`, yumdb).
    NevraColumns,
    /// `name version-release`, with or without further columns.
    NameEvr,
    /// A table with a separator (`rpm -qa --queryformat`).
    Table,
    /// `yum list installed`.
    YumList,
    /// A JSON array of packages.
    JsonPackages,
    /// A JSON array of full names.
    JsonNames,
    /// A JSON object with `installed`, repositories and releases.
    JsonHost,
    /// A VMaaS request.
    Vmaas,
    /// A vuls scan result.
    Vuls,
    /// Packages as trivy lists them.
    Trivy,
    /// An osbuild image manifest.
    Osbuild,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Shape::Nevra => "package names (rpm -qa)",
            Shape::NevraColumns => "package names with columns",
            Shape::NameEvr => "names and versions in columns",
            Shape::Table => "table (rpm -qa --queryformat)",
            Shape::YumList => "yum list installed",
            Shape::JsonPackages => "JSON packages",
            Shape::JsonNames => "JSON package names",
            Shape::JsonHost => "JSON host",
            Shape::Vmaas => "VMaaS request",
            Shape::Vuls => "vuls result",
            Shape::Trivy => "trivy packages",
            Shape::Osbuild => "osbuild manifest",
        })
    }
}

/// Why a list cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ListingError {
    /// It is larger than any list.
    #[error("is larger than {} MiB; no package list is", MAX_BYTES >> 20)]
    TooLarge,
    /// It is compressed and cannot be decompressed.
    #[error(transparent)]
    Compressed(CompressedError),
    /// It is not text.
    #[error("{0}")]
    NotText(String),
    /// It is a snapshot.
    #[error("is a snapshot of Elevate's own, not a package list; use it as a snapshot")]
    Snapshot,
    /// There is nothing in it.
    #[error("is empty")]
    Empty,
    /// It has more parts than any list.
    #[error("has more than {limit} {what}; no host has")]
    TooMany {
        /// Parts of which kind.
        what: &'static str,
        /// How many are read.
        limit: usize,
    },
    /// It starts like JSON and is not.
    #[error("is not JSON: {0}")]
    NotJson(String),
    /// It is JSON, but none of the shapes known.
    #[error("is JSON, but no package list that is known: {0}")]
    UnknownJson(String),
    /// It was read, and no package was found.
    #[error("names no package{}", first_reason(.0.as_ref()))]
    NoPackages(Option<UnreadLine>),
}

fn first_reason(first: Option<&UnreadLine>) -> String {
    first.map_or_else(String::new, |unread| format!("; {unread}"))
}

impl fmt::Display for UnreadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.place.as_str()) {
            (Some(line), _) => write!(f, "line {line}: ")?,
            (None, "") => {}
            (None, place) => write!(f, "{place}: ")?,
        }
        if !self.text.is_empty() {
            write!(f, "{:?} ", self.text)?;
        }
        f.write_str(&self.why)
    }
}

/// Reads a package list, xz-compressed or not.
///
/// # Errors
///
/// A list that cannot be used at all: too large, not text, a snapshot, or
/// without a single package. Faults in single lines are no errors.
pub fn read(bytes: &[u8]) -> Result<Listing, ListingError> {
    let content = compressed::decompress(bytes, MAX_BYTES).map_err(|error| match error {
        CompressedError::TooLarge { .. } => ListingError::TooLarge,
        error => ListingError::Compressed(error),
    })?;
    let mut collector = collect::Collector::default();
    let content = lines::without_mark(&content, &mut collector)?;
    let (shape, stated) = match first_byte(content) {
        None => return Err(ListingError::Empty),
        Some(b'{' | b'[') if json::is_json(content) => json::read(content, &mut collector)?,
        Some(_) => (text::read(content, &mut collector)?, ListingFacts::default()),
    };
    collector.finish(shape, stated)
}

fn first_byte(content: &[u8]) -> Option<u8> {
    content.iter().copied().find(|b| !b.is_ascii_whitespace())
}

#[cfg(test)]
mod tests;
