//! What is different between two snapshots: of one host at two times, or of two hosts.
//!
//! | version | change |
//! |--|--|
//! | 1 | first: identity, packages, keys, repositories, modules, kernels, evidence of every kind |

mod evidence;
mod lines;
mod packages;
mod text;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Snapshot;
use crate::model::{Changed, Listing, RepoFile};

pub use evidence::{EvidenceChange, Texts};
pub use lines::{LineChange, Lines};
pub use packages::{PackageChange, Packages, Version};
pub use text::render;

/// The version written.
pub const VERSION: u32 = 1;

/// The marker by which a difference of snapshots is known among JSON documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Kind {
    /// A difference of snapshots.
    #[default]
    #[serde(rename = "elevate-snapshot-diff")]
    SnapshotDiff,
}

/// What is different between two snapshots. Their order of packages and other lists means
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SnapshotDiff {
    /// Always `elevate-snapshot-diff`.
    pub format: Kind,
    /// Version of the format.
    pub version: u32,
    /// The first snapshot.
    pub before: Side,
    /// The second snapshot.
    pub after: Side,
    /// Whether they say anything different of their hosts. How and when they were taken
    /// does not count.
    pub different: bool,
    /// What the host is: system, architecture, name, running kernel, cloud.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identity: Vec<FieldChange>,
    /// Installed packages.
    pub packages: Packages,
    /// Installed kernels, by full name.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub kernels: Listing,
    /// Public keys in the package database.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub keys: Listing,
    /// Repositories of the host: of its lists, and of the files of yum among the evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<FieldChange>,
    /// Module streams that are enabled.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub modules: Listing,
    /// Evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceChange>,
    /// Parts of the source that were not taken.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub unread: Listing,
}

/// One of the two snapshots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// The host's name, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Distribution, release and architecture.
    pub system: String,
    /// When it was taken, in seconds since 1970, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<u64>,
    /// Version of the tool that took it; absent where it was made from a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_version: Option<String>,
    /// How many packages it has.
    pub packages: usize,
    /// SHA-256 of the snapshot, as plans record it.
    pub sha256: String,
}

/// A value that is another one, or that one snapshot alone has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct FieldChange {
    /// Which value.
    pub field: String,
    /// What it is before; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it is after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl SnapshotDiff {
    /// Compares two snapshots.
    pub fn of(before: &Snapshot, after: &Snapshot) -> Self {
        let unread = |snapshot: &Snapshot| {
            let told = snapshot.unread.iter();
            told.map(|u| format!("{}: {}: {}", u.file, u.text, u.why)).collect::<Vec<_>>()
        };
        let keys = |snapshot: &Snapshot| {
            let keys = snapshot.keys.iter();
            keys.map(|key| format!("{}-{}", key.id, key.created)).collect::<Vec<_>>()
        };
        let modules = |snapshot: &Snapshot| snapshot.enabled_modules.clone().unwrap_or_default();
        let mut diff = Self {
            format: Kind::SnapshotDiff,
            version: VERSION,
            before: Side::of(before),
            after: Side::of(after),
            different: false,
            identity: fields(&identity(before), &identity(after)),
            packages: Packages::of(&before.packages, &after.packages),
            kernels: Listing::of(packages::kernels(before), packages::kernels(after)),
            keys: Listing::of(keys(before), keys(after)),
            repositories: fields(&repositories(before), &repositories(after)),
            modules: Listing::of(modules(before), modules(after)),
            evidence: evidence::changes(&before.evidence, &after.evidence),
            unread: Listing::of(unread(before), unread(after)),
        };
        diff.different = diff.is_different();
        diff
    }

    fn is_different(&self) -> bool {
        !self.identity.is_empty()
            || !self.packages.is_empty()
            || !self.keys.is_empty()
            || !self.repositories.is_empty()
            || !self.modules.is_empty()
            || !self.evidence.is_empty()
            || !self.unread.is_empty()
    }

    /// The difference as JSON, with a final newline; the same snapshots give the same
    /// bytes.
    ///
    /// # Errors
    ///
    /// None that a difference can cause.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        crate::model::to_json(self)
    }

    /// The JSON Schema of the format.
    pub fn schema() -> serde_json::Value {
        crate::model::schema::<Self>("snapshot-diff", "difference of snapshots", VERSION)
    }
}

impl Side {
    fn of(snapshot: &Snapshot) -> Self {
        let captured = snapshot.captured.as_ref();
        Self {
            hostname: snapshot.identity.hostname.clone(),
            system: format!("{} {}", snapshot.identity.system, snapshot.identity.arch),
            taken: captured.and_then(|captured| captured.taken),
            tool_version: captured.map(|captured| captured.tool_version.clone()),
            packages: snapshot.packages.len(),
            sha256: snapshot.digest().1,
        }
    }
}

/// Values by name.
type Values = BTreeMap<String, String>;

/// Values that are not the same in both.
fn fields(before: &Values, after: &Values) -> Vec<FieldChange> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |field: &String| {
        let Changed { before, after } =
            Changed::of(before.get(field).cloned(), after.get(field).cloned())?;
        Some(FieldChange { field: field.clone(), before, after })
    };
    names.into_iter().filter_map(change).collect()
}

fn identity(snapshot: &Snapshot) -> Values {
    let identity = &snapshot.identity;
    let mut values = Values::new();
    values.insert("system".to_owned(), identity.system.to_string());
    values.insert("architecture".to_owned(), identity.arch.to_string());
    for (name, value) in [
        ("running kernel", &identity.kernel),
        ("name", &identity.hostname),
        ("cloud", &identity.cloud),
    ] {
        value.iter().for_each(|value| _ = values.insert(name.to_owned(), value.clone()));
    }
    values
}

/// Repositories by id: enabled or not, and where they are. A file that cannot be read as
/// one of yum's is among the evidence all the same.
fn repositories(snapshot: &Snapshot) -> Values {
    let mut values = Values::new();
    let switch = |enabled| if enabled { "enabled" } else { "disabled" };
    for repository in snapshot.repositories.iter().flatten() {
        values.insert(repository.id.to_string(), switch(repository.enabled).to_owned());
    }
    for (path, content) in &snapshot.evidence.files {
        if !path.starts_with("/etc/yum.repos.d/") || !path.ends_with(".repo") {
            continue;
        }
        let Ok((file, _)) = RepoFile::parse(path, &content.text()) else { continue };
        for repository in &file.repositories {
            let place = [&repository.baseurl, &repository.mirrorlist, &repository.metalink];
            let place = place.into_iter().flatten().next().map_or("no address", String::as_str);
            let value = format!("{}, {place}", switch(repository.is_enabled()));
            values.insert(repository.id.to_string(), value);
        }
    }
    values
}
