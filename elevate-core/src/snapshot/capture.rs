//! From a host to a snapshot: the only place where evidence meets a door.
//!
//! ```text
//! packages ──▶ identity
//! topics, further items ──expand──▶ evidence ──follow (includes, mounts, devices)──▶ evidence
//! ```
//!
//! Nothing here can fail because of one file: what cannot be read is noted where
//! it would have been. Secrets are taken out before anything is kept.

mod collector;
mod find;
mod follow;
mod identity;
mod packages;

use thiserror::Error;

use super::collect::{Item, topics};
use super::format::{Kind, VERSION};
use super::{Captured, GivenIdentity, Snapshot, Unread};
use crate::host::{Door, Host};
use crate::model::{InstalledPackage, Release};
use crate::rpm::rpmdb::{Mode, RpmDbError};
use collector::Collector;

/// What to capture, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Things to collect besides [`topics`].
    pub further: Vec<Item>,
    /// What to do where the package database is damaged.
    pub mode: Mode,
    /// What somebody says about the host; goes before what it tells itself.
    pub given: GivenIdentity,
    /// When the snapshot is taken, in seconds since 1970, where it matters.
    pub taken: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            further: Vec::new(),
            mode: Mode::Strict,
            given: GivenIdentity::default(),
            taken: None,
        }
    }
}

/// How far a capture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// What is read now.
    pub what: &'a str,
    /// Steps done.
    pub done: usize,
    /// Steps in all.
    pub of: usize,
}

/// Why there is no snapshot of a host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CaptureError {
    /// It has no package database, and no list of packages either.
    #[error("no package database: {0}")]
    NoPackages(String),
    /// The package database is damaged.
    #[error("{path}: {source}")]
    Database {
        /// Where it is on the host.
        path: String,
        /// What is wrong with it.
        source: RpmDbError,
    },
    /// It does not tell what it is.
    #[error("the host does not tell {}", .0.join(", "))]
    Identity(Vec<&'static str>),
}

/// Captures a host.
///
/// # Errors
///
/// A host without readable packages, and one that does not tell distribution,
/// release and architecture where `options.given` does not either.
pub fn capture(
    host: &dyn Host,
    options: &Options,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Snapshot, CaptureError> {
    let topics: Vec<_> = topics().collect();
    let of = topics.len() + 3;
    let mut done = 0;
    let mut step = |what: &str| {
        progress(Progress { what, done, of });
        done += 1;
    };
    step("packages");
    let found = packages::read(host, options.mode)?;
    let mut collector = Collector::new(host, &found.packages);
    for topic in topics {
        step(topic.name);
        topic.items().for_each(|item| collector.item(&item));
    }
    step("further items");
    options.further.iter().for_each(|item| collector.item(item));
    step("what configuration and devices lead to");
    follow::follow(&mut collector);
    let (evidence, problems) = collector.finish();
    let identity = identity::identity(host, &evidence, &found, &options.given)
        .map_err(CaptureError::Identity)?;
    let mut unread = found.unread;
    unread.extend(problems);
    let odd = |problem: &String| Unread::whole(host.door().to_string(), "", problem);
    unread.extend(host.problems().iter().map(odd));
    unread.sort();
    Ok(Snapshot {
        format: Kind::Snapshot,
        version: VERSION,
        captured: Some(Captured {
            from: door(host.door()),
            taken: options.taken,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        }),
        identity,
        packages: found.packages,
        keys: found.keys,
        repositories: found.repositories,
        enabled_modules: None,
        evidence,
        unread,
    })
}

/// The packages a host has installed, and nothing else of it.
///
/// # Errors
///
/// A host without readable packages.
pub fn installed(host: &dyn Host) -> Result<Vec<InstalledPackage>, CaptureError> {
    Ok(packages::read(host, Mode::Strict)?.packages)
}

/// The release a host tells to be of, by its files.
pub fn release(host: &dyn Host) -> Option<Release> {
    const LONGEST: usize = 64 << 10;
    let text = |path: &str| {
        let content = host.read(path, LONGEST).ok()?;
        Some(String::from_utf8_lossy(&content).into_owned())
    };
    let os_release = text("/etc/os-release").unwrap_or_default();
    identity::release(&identity::release_text(&text), &os_release)
}

fn door(door: Door) -> super::Source {
    match door {
        Door::Live => super::Source::Live,
        Door::Root => super::Source::Root,
        Door::Sosreport => super::Source::Sosreport,
        Door::Insights => super::Source::Insights,
    }
}

#[cfg(test)]
mod tests;
