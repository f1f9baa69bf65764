//! `repomap.json`: which repositories of the target follow those of the source.
//!
//! Format: formats.md section 2.1; how repositories are resolved: section 2.4
//! (in `request::repositories`).

mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use crate::model::{PesId, RepoId};

pub(super) use read::read;

/// Priority channels of a repository. `Tuv` occurs in maps before 1.2.1 only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// General availability.
    Ga,
    /// Extended update support.
    Eus,
    /// Update services for SAP solutions.
    E4s,
    /// Advanced update support.
    Aus,
    /// Telecommunications update service (spelled `tuv` in old maps).
    Tuv,
    /// Extended life cycle support.
    Els,
    /// Beta.
    Beta,
}

/// What kind of content a repository holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RepoKind {
    /// Binary packages.
    Rpm,
    /// Debug information.
    Debug,
    /// Source packages.
    Srpm,
}

/// Which cloud provider's update infrastructure serves a repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rhui(pub String);

/// One concrete repository of a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapEntry {
    /// The family.
    pub pesid: PesId,
    /// Its id on a host.
    pub repoid: RepoId,
    /// Major release it is for, as text (`7`).
    pub major: String,
    /// Architecture, one of the four; kept as text.
    pub arch: String,
    /// Kind of content.
    pub kind: RepoKind,
    /// Channel.
    pub channel: Channel,
    /// Cloud provider; empty for none.
    pub rhui: Rhui,
    /// os-release ID, from version 1.3.0 on.
    pub distro: Option<String>,
}

/// A repository map, whole: all releases, as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepoMap {
    /// Path below the data directory.
    pub path: String,
    /// `version_format`.
    pub version_format: String,
    /// (source major, target major) to source family to target families; of
    /// version 2.0.0 the targets under `default`.
    pub mappings: BTreeMap<(String, String), BTreeMap<PesId, BTreeSet<PesId>>>,
    /// Every repository, in file order.
    pub repositories: Vec<MapEntry>,
}

impl Channel {
    /// Every channel with the spelling maps use.
    pub const SPELLINGS: [(&'static str, Channel); 7] = [
        ("ga", Channel::Ga),
        ("eus", Channel::Eus),
        ("e4s", Channel::E4s),
        ("aus", Channel::Aus),
        ("tuv", Channel::Tuv),
        ("els", Channel::Els),
        ("beta", Channel::Beta),
    ];
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Channel::SPELLINGS.iter().find(|(_, channel)| channel == self);
        f.write_str(known.map_or("", |(spelling, _)| spelling))
    }
}

impl FromStr for Channel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Channel::SPELLINGS.iter().find(|(spelling, _)| *spelling == text);
        known.map(|(_, channel)| *channel).ok_or_else(|| format!("{text:?} is not a channel"))
    }
}
