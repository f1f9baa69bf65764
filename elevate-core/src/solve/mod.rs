//! The solver's input.
//!
//! [`Request`] says everything there is to say about what the host is to
//! become, job by job, each with its reasons. It is what package events, the
//! administrator's files and the target repositories decide together; nothing
//! in it depends on repository metadata.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::directive::Reason;
use crate::model::{ModuleStream, PackageName, RepoId};

/// What is to become of the host's packages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// One job a package name, ordered by name: every installed name has one,
    /// and every name to be installed.
    pub jobs: Vec<Job>,
    /// Module streams to enable before, sorted.
    pub modules_to_enable: Vec<ModuleStream>,
    /// Module streams of the source to reset before, sorted.
    pub modules_to_reset: Vec<ModuleStream>,
    /// Repositories to take packages from, ordered by id.
    pub repositories: Vec<TargetRepository>,
    /// Names of rpm files that leapp itself adds.
    pub local_rpms: Vec<String>,
}

/// What is asked for one package name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The name.
    pub name: PackageName,
    /// What is asked.
    pub action: JobAction,
    /// What package events say becomes of it, where they say something.
    pub becomes: Option<Becomes>,
    /// The repository it is to come from, where events say so.
    pub repository: Option<RepoId>,
    /// The module stream it is to come from.
    pub module: Option<ModuleStream>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What a job asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobAction {
    /// Not installed; to be installed.
    Install,
    /// Installed; to follow its name in the target repositories.
    Upgrade,
    /// Installed; to be installed again in the same or a newer version.
    Reinstall,
    /// Installed; to go.
    Remove,
    /// Installed; to stay as it is, by somebody's wish.
    Keep,
    /// Installed; nobody says anything of it. It stays unless it is in the way.
    Leave,
    /// Installed; the data contradicts itself or leads nowhere. It is left alone.
    Hold,
}

/// What package events say becomes of an installed package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Becomes {
    /// How.
    pub how: How,
    /// Names that are on the target for it, sorted; its own among them where it
    /// stays. Empty where it is dropped.
    pub packages: Vec<PackageName>,
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
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
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
