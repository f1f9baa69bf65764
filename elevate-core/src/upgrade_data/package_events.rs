//! `pes-events.json`: what became of each package between two releases.
//!
//! Format and meaning: formats.md section 1.

mod expand;
mod read;

use std::fmt;
use std::sync::Arc;

use crate::model::{Arch, ModuleStream, PackageName, PesId};

pub use expand::Expanded;
pub(super) use read::read;

/// What kind of change an event records (formats.md 1.1, field `action`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// 0: the package is there, also in the later release.
    Present,
    /// 1: dropped.
    Removed,
    /// 2: still there, announced to go.
    Deprecated,
    /// 3: another package does its job.
    Replaced,
    /// 4: its content is spread over several packages.
    Split,
    /// 5: several packages became one.
    Merged,
    /// 6: moved to another repository.
    Moved,
    /// 7: the same under another name.
    Renamed,
    /// 8: the same version is to be installed again.
    Reinstalled,
}

/// A release as an event names it. `(0, 0)` where the event names none, and
/// then the event never applies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventRelease {
    /// `major_version`.
    pub major: u32,
    /// `minor_version`.
    pub minor: u32,
    /// `os_name`, where there is one.
    pub os_name: Option<String>,
}

/// A package in one of an event's two sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPackage {
    /// Its name.
    pub name: PackageName,
    /// The repository family it is in.
    pub repository: PesId,
    /// The module streams it is listed for; `None` stands for *no module*.
    /// Never empty.
    pub streams: Vec<Option<ModuleStream>>,
}

/// One record of an event file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageEvent {
    /// `id` as text; `0` where the record has none. Not unique in real files.
    pub id: Arc<str>,
    /// Position in `packageinfo`, from 0.
    pub index: usize,
    /// What happened.
    pub action: Action,
    /// `architectures`; empty means all.
    pub architectures: Vec<Arch>,
    /// `arches`, the spelling of 2021 to 2023, which leapp does not know.
    pub arches: Vec<Arch>,
    /// `initial_release`.
    pub from: EventRelease,
    /// `release`.
    pub to: EventRelease,
    /// `in_packageset`, each (name, streams) once, the first repository wins.
    pub inputs: Vec<EventPackage>,
    /// `out_packageset`, likewise.
    pub outputs: Vec<EventPackage>,
    /// `modulestream_maps`: input stream to output stream.
    pub stream_maps: Vec<(Option<ModuleStream>, Option<ModuleStream>)>,
    /// `is_approved`; leapp ignores it.
    pub approved: Option<bool>,
}

/// An event file: `pes-events.json` or a vendor's `<vendor>_pes.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFile {
    /// Path below the data directory.
    pub path: Arc<str>,
    /// The records, in file order.
    pub events: Vec<PackageEvent>,
}

impl Action {
    /// The upstream name, in capitals as the data's authors write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Present => "PRESENT",
            Action::Removed => "REMOVED",
            Action::Deprecated => "DEPRECATED",
            Action::Replaced => "REPLACED",
            Action::Split => "SPLIT",
            Action::Merged => "MERGED",
            Action::Moved => "MOVED",
            Action::Renamed => "RENAMED",
            Action::Reinstalled => "REINSTALLED",
        }
    }

    /// The action with this number, where there is one.
    pub fn from_number(number: i64) -> Option<Self> {
        Some(match number {
            0 => Action::Present,
            1 => Action::Removed,
            2 => Action::Deprecated,
            3 => Action::Replaced,
            4 => Action::Split,
            5 => Action::Merged,
            6 => Action::Moved,
            7 => Action::Renamed,
            8 => Action::Reinstalled,
            _ => return None,
        })
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
