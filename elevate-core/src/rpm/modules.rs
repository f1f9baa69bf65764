//! `modules.yaml`: streams of modules, default streams, streams at their end.
//!
//! [`read`] takes what dnf takes. A document that libmodulemd leaves out (an
//! unknown key, a mandatory one missing, a wrong type, a number out of range) is
//! left out and becomes a remark. A document that is no YAML, or of an unknown
//! kind, makes dnf give the file up; here it costs that document only.
//!
//! Streams, contexts and versions are the texts that stand in the file, whatever
//! YAML would take them for: `1.10` is not `1.1`, and `2e213529` no number.

mod collect;
mod documents;
mod node;
mod others;
mod stream;

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use crate::model::ModuleStream;
use crate::rpm::compressed::{self, CompressedError};
use collect::Collector;

/// The largest file read, in bytes, before and after decompression. Real ones
/// have up to 20 million.
pub const MAX_BYTES: usize = 64 << 20;
/// The most scalars, lists and mappings of a file.
pub const MAX_NODES: usize = 4_000_000;
/// The most documents of a file; real ones have a few hundred.
pub const MAX_DOCUMENTS: usize = 100_000;
/// The most remarks kept.
pub const MAX_REMARKS: usize = 1000;

/// The modules of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Modules {
    /// Streams in the order of the file, each (name, stream, version, context,
    /// architecture) once: of two documents the first counts, as for libmodulemd.
    pub streams: Vec<Stream>,
    /// Defaults in the order of the modules' names: of two documents for one
    /// module the last counts, as for libmodulemd.
    pub defaults: Vec<Defaults>,
    /// Streams at their end, in the order of the file.
    pub obsoletes: Vec<Obsoletes>,
    /// Documents of kinds that say nothing about packages, by kind.
    pub passed_over: BTreeMap<String, usize>,
    /// What was not as it should be, in the order of the file.
    pub remarks: Vec<ModulesRemark>,
    /// How many remarks there are, also where `remarks` does not hold all.
    pub remarks_total: usize,
}

/// One version and context of a stream (`modulemd`, versions 1 to 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Name of the module.
    pub name: String,
    /// Name of the stream.
    pub stream: String,
    /// Version; 0 where none is said.
    pub version: u64,
    /// What tells builds of one version apart; empty where none is said.
    pub context: String,
    /// Architecture; `noarch` where none is said.
    pub arch: String,
    /// What it is, in a line.
    pub summary: String,
    /// Whether the context was chosen by the packager and stays.
    pub static_context: bool,
    /// What it needs to run. dnf takes the sets of the list together.
    pub dependencies: Vec<DependencySet>,
    /// Packages, each `name-epoch:version-release.arch`, sorted, each once.
    pub artifacts: Vec<String>,
    /// Names of packages that no longer are of the module.
    pub demodularized: Vec<String>,
    /// Sets of packages to install, by name.
    pub profiles: BTreeMap<String, Profile>,
    /// Dates (`2024-05-01`) on which a level of service ends, by level.
    pub end_of_life: BTreeMap<String, String>,
}

/// Modules that are needed together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DependencySet {
    /// Streams by module: one of those named; none of those with a `-` before
    /// them; any where none is named.
    pub requires: BTreeMap<String, Vec<String>>,
}

/// Packages to install for a purpose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// The purpose.
    pub description: Option<String>,
    /// Names of packages.
    pub rpms: Vec<String>,
}

/// What a repository makes the default of a module (`modulemd-defaults`). Its
/// intents are not read; dnf has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaults {
    /// Name of the module.
    pub module: String,
    /// The default stream, where there is one.
    pub stream: Option<String>,
    /// Default profiles by stream.
    pub profiles: BTreeMap<String, Vec<String>>,
    /// When it was changed, as a number that grows; 0 where it is not said.
    pub modified: u64,
}

/// A stream at its end (`modulemd-obsoletes`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obsoletes {
    /// The stream.
    pub module: ModuleStream,
    /// The context; all of them where none is said.
    pub context: Option<String>,
    /// When this was changed (`2020-05-01T00:00Z`).
    pub modified: String,
    /// Whether this takes back what was said before.
    pub reset: bool,
    /// When the stream ends; at once where it is not said.
    pub end_of_life: Option<String>,
    /// Why.
    pub message: String,
    /// What takes its place.
    pub obsoleted_by: Option<ModuleStream>,
}

/// Something in the file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModulesRemark {
    /// Document, from 1; empty ones do not count.
    pub document: usize,
    /// Line, from 1.
    pub line: usize,
    /// What it is.
    pub why: String,
    /// Whether the document is left out because of it.
    pub left_out: bool,
}

impl fmt::Display for ModulesRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} (document {}): {}", self.line, self.document, self.why)?;
        f.write_str(if self.left_out { "; the document is left out" } else { "" })
    }
}

/// Why a file cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModulesError {
    /// It is too large, or cannot be decompressed.
    #[error(transparent)]
    Compressed(#[from] CompressedError),
    /// It has more parts than any file of its kind.
    #[error("has more than {limit} {what}; no list of modules has")]
    TooMany {
        /// Parts of which kind.
        what: &'static str,
        /// How many are read.
        limit: usize,
    },
    /// None of its documents can be used.
    #[error("holds no document about modules; {0}")]
    NotModules(ModulesRemark),
}

/// Reads `modules.yaml`, compressed or not. An empty file names no modules.
///
/// # Errors
///
/// A file that cannot be used at all: too large, or without a single document
/// that can be used. Faults in single documents are remarks.
pub fn read(bytes: &[u8]) -> Result<Modules, ModulesError> {
    let content = compressed::decompress(bytes, MAX_BYTES)?;
    let mut collector = Collector::new();
    for part in documents::split(content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&content)) {
        collector.part(part)?;
    }
    collector.finish()
}

/// `name:stream:version:context:arch`.
impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, stream, version, context, arch, .. } = self;
        write!(f, "{name}:{stream}:{version}:{context}:{arch}")
    }
}

#[cfg(test)]
mod tests;
