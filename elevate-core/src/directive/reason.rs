//! Why something is in the plan, each with who asks.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{PackageName, RepoId};

/// Why something is in the plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    /// A package event of the upgrade data.
    Event(EventRef),
    /// The administrator's list of this name (`to_remove`).
    UserFile {
        /// The file's name.
        file: String,
    },
    /// An actor asked for it.
    Actor {
        /// The actor's name.
        actor: String,
    },
    /// It is signed by the distribution or an active vendor, and no event
    /// touches it: it follows its name in the target repositories.
    Distribution,
    /// As `distribution`, but nothing was captured that proves it.
    PresumedDistribution,
    /// It is neither the distribution's nor an active vendor's.
    ThirdParty {
        /// What shows it: a key id, `unsigned`, a repository.
        evidence: String,
    },
    /// It belongs to leapp, which is not upgraded by its own run.
    LeappPackage,
    /// The event that applies leads to a repository family no map resolves.
    UnresolvedRepository {
        /// The PES id.
        pesid: String,
    },
    /// The event's modular output has no stream to come from.
    LostOutput {
        /// The output.
        package: PackageName,
    },
    /// The repository that would have brought it is excluded.
    ExcludedRepository {
        /// The repository.
        repository: RepoId,
    },
}

/// Which record of which file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct EventRef {
    /// Path of the file below the data directory.
    #[schemars(with = "String")]
    pub file: Arc<str>,
    /// `id` of the record; not unique in real files.
    #[schemars(with = "String")]
    pub id: Arc<str>,
    /// Position in `packageinfo`, from 0.
    pub index: usize,
    /// Upstream name of the action (`REPLACED`).
    pub action: Cow<'static, str>,
}

impl fmt::Display for EventRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {} {} in {}", self.id, self.action, self.file)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Event(event) => event.fmt(f),
            Reason::UserFile { file } => write!(f, "listed in {file}"),
            Reason::Actor { actor } => write!(f, "asked for by {actor}"),
            Reason::Distribution => f.write_str("follows its name in the target repositories"),
            Reason::PresumedDistribution => {
                f.write_str("presumed the distribution's: no signature was captured")
            }
            Reason::ThirdParty { evidence } => write!(f, "third-party: {evidence}"),
            Reason::LeappPackage => f.write_str("belongs to leapp"),
            Reason::UnresolvedRepository { pesid } => {
                write!(f, "no map resolves the repository family {pesid}")
            }
            Reason::LostOutput { package } => {
                write!(f, "its successor {package} is in a module stream no map leads to")
            }
            Reason::ExcludedRepository { repository } => {
                write!(f, "repository {repository} is excluded")
            }
        }
    }
}

/// The kind of change that decides a package's fate.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Dropped.
    Removed,
    /// Another package does its job.
    Replaced,
    /// The same under another name.
    Renamed,
    /// Its content is spread over several packages.
    Split,
    /// One of several packages that became one.
    Merged,
    /// It is in another repository.
    Moved,
}

/// A repository of the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetRepository {
    /// Its id.
    pub id: RepoId,
    /// Why it is used, sorted.
    pub reasons: Vec<RepositoryReason>,
    /// The file that says where it is, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defined_in: Option<String>,
    /// Its address as that file spells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// Why a target repository is used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum RepositoryReason {
    /// The map leads to it from a repository of the host.
    Mapped {
        /// The repository of the host.
        from: RepoId,
        /// The family it belongs to.
        pesid: String,
    },
    /// Packages that events bring are in it.
    WantedByEvents,
    /// It stands in the data's list of custom repositories.
    CustomFile,
    /// It belongs to an active vendor.
    Vendor {
        /// The vendor.
        vendor: String,
    },
    /// It was asked for by id.
    EnableRepo,
}

impl fmt::Display for RepositoryReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RepositoryReason::Mapped { from, pesid } => write!(f, "follows {from} ({pesid})"),
            RepositoryReason::WantedByEvents => f.write_str("packages that events bring are in it"),
            RepositoryReason::CustomFile => f.write_str("listed by the upgrade data"),
            RepositoryReason::Vendor { vendor } => write!(f, "vendor {vendor} is active"),
            RepositoryReason::EnableRepo => f.write_str("asked for with --enablerepo"),
        }
    }
}
