//! Services, as systemd of release 7 sees them, from the file system alone.
//!
//! What `systemctl is-enabled` would print is computed from unit files and
//! links, where their directories were listed; the output of `systemctl
//! list-unit-files` answers where they were not.

mod links;
mod presets;
mod sysv;

use std::collections::{BTreeMap, BTreeSet};

pub use links::BrokenLink;
use links::Links;
pub use presets::Preset;
pub use sysv::SysvService;

use super::look::{self, Found};
use super::parse::ini::{self, Ini};
use super::parse::unit_list::{self, Running};
use super::read::{COMMAND, Parsed};
use super::{Fact, Facts, Unknown};
use crate::snapshot::{EntryKind, Evidence, Known};

/// Evidence the questions read.
pub const READS: &[&str] = &[
    ETC,
    "/etc/systemd/system/*",
    "/etc/systemd/system/*/*",
    RUN,
    "/run/systemd/system/*/*",
    LIB,
    "/usr/lib/systemd/system/*",
    "/usr/lib/systemd/system/*/*",
    "/etc/systemd/system-preset/*.preset",
    "/run/systemd/system-preset/*.preset",
    "/usr/lib/systemd/system-preset/*.preset",
    "/etc/rc.d/init.d",
    "/etc/rc.d/rc?.d",
    SLICE,
    UNIT_FILES,
    UNITS,
    "command:systemctl list-units --all",
    "command:chkconfig --list",
    "command:systemctl get-default",
];

pub(super) const ETC: &str = "/etc/systemd/system";
const RUN: &str = "/run/systemd/system";
pub(super) const LIB: &str = "/usr/lib/systemd/system";
/// Where systemd looks for units, the first place first.
pub(super) const PLACES: [&str; 3] = [ETC, RUN, LIB];
const SLICE: &str = "/sys/fs/cgroup/systemd/system.slice";
const UNIT_FILES: &str = "command:systemctl list-unit-files";
const UNITS: &str = "command:systemctl list-units";
/// Most aliases that are followed from one unit.
const MAX_ALIASES: usize = 8;

/// Questions on services.
#[derive(Debug, Clone, Copy)]
pub struct Services<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// Services.
    pub fn services(&self) -> Services<'a> {
        Services::new(&self.snapshot.evidence)
    }
}

/// What `systemctl is-enabled` says of a unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Started at boot, or by an alias or instance that is.
    Enabled,
    /// The same until the next boot.
    EnabledRuntime,
    /// Could be enabled and is not.
    Disabled,
    /// Cannot be enabled: it says nothing of how.
    Static,
    /// Only enables others.
    Indirect,
    /// Cannot be started.
    Masked,
    /// The same until the next boot.
    MaskedRuntime,
    /// Its file is elsewhere and linked to.
    Linked,
    /// Another state, as systemctl printed it.
    Other(String),
}

impl State {
    fn from_text(text: &str) -> Self {
        match text {
            "enabled" => State::Enabled,
            "enabled-runtime" => State::EnabledRuntime,
            "disabled" => State::Disabled,
            "static" => State::Static,
            "indirect" => State::Indirect,
            "masked" => State::Masked,
            "masked-runtime" => State::MaskedRuntime,
            "linked" | "linked-runtime" => State::Linked,
            other => State::Other(other.chars().take(40).collect()),
        }
    }

    /// Whether it is started at boot.
    pub fn is_enabled(&self) -> bool {
        matches!(self, State::Enabled | State::EnabledRuntime)
    }
}

impl<'a> Services<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// State of a unit (`sshd.service`); `None` where there is no such unit.
    /// Reads the three directories of units, else `systemctl list-unit-files`.
    /// Asked by `scan_systemd_source`, `check_ntp`, `quagga_daemons`,
    /// `authselect_scanner`, `network_manager_update_service`.
    ///
    /// # Errors
    ///
    /// Where neither tells.
    pub fn state(&self, unit: &str) -> Fact<Option<State>> {
        match self.state_from_files(unit, &self.all_links()) {
            Err(unknown) => self.state_from_command(unit).unwrap_or(Err(unknown)),
            known => known,
        }
    }

    /// States of all units, by name; one whose state is unknown has the reason
    /// for it. Asked by `scan_systemd_source`.
    ///
    /// # Errors
    ///
    /// As [`Services::units`].
    pub fn states(&self) -> Fact<BTreeMap<String, Fact<State>>> {
        let links = self.all_links();
        let listed = unit_files(self.evidence).unwrap_or_default();
        let state = |unit: &str| {
            let from_list = listed.get(unit).map(|text| State::from_text(text));
            match (self.state_from_files(unit, &links), from_list) {
                (Ok(Some(state)), _) | (Err(_), Some(state)) => Ok(state),
                (Err(unknown), None) => Err(unknown),
                (Ok(None), _) => Err(Unknown::not_captured(unit)),
            }
        };
        Ok(self.units()?.into_iter().map(|unit| (unit.clone(), state(&unit))).collect())
    }

    /// Whether a unit is there and started at boot; SysV scripts count.
    ///
    /// # Errors
    ///
    /// As [`Services::state`].
    pub fn is_enabled(&self, unit: &str) -> Fact<bool> {
        match self.state(unit)? {
            Some(state) => Ok(state.is_enabled()),
            None => match unit.strip_suffix(".service") {
                Some(name) => self.sysv_is_enabled(name),
                None => Ok(false),
            },
        }
    }

    fn state_from_command(&self, unit: &str) -> Option<Fact<Option<State>>> {
        let listed = unit_files(self.evidence)?;
        if let Some(state) = listed.get(unit) {
            return Some(Ok(Some(State::from_text(state))));
        }
        // An instance is not listed; its template is, without its links.
        if template_of(unit).is_some() {
            return None;
        }
        Some(Ok(None))
    }

    /// Links of the administrator, and those until the next boot.
    fn all_links(&self) -> (Links, Links) {
        let mut runtime = self.links_in(RUN);
        // That directory is not there on a mounted root.
        runtime.missing.retain(|unknown| unknown.evidence != RUN);
        (self.links_in(ETC), runtime)
    }

    fn state_from_files(&self, unit: &str, links: &(Links, Links)) -> Fact<Option<State>> {
        let Some(place) = self.place(unit)? else { return Ok(None) };
        let path = format!("{place}/{unit}");
        if self.is_masked(&path)? {
            let runtime = place == RUN;
            return Ok(Some(if runtime { State::MaskedRuntime } else { State::Masked }));
        }
        let (own, runtime) = links;
        if own.enabled.contains(unit) {
            return Ok(Some(State::Enabled));
        }
        if runtime.enabled.contains(unit) {
            return Ok(Some(State::EnabledRuntime));
        }
        if let Some(unknown) = own.missing.first().or(runtime.missing.first()) {
            return Err(unknown.clone());
        }
        if own.linked.contains(unit) {
            return Ok(Some(State::Linked));
        }
        let file = self.main_file(unit)?.ok_or_else(|| Unknown::not_captured(path.as_str()))?;
        Ok(Some(install_state(&file.value)))
    }

    /// The first directory that has the unit, or the template of an instance.
    fn place(&self, unit: &str) -> Fact<Option<&'static str>> {
        let mut unknown = None;
        for place in PLACES {
            match look::exists(self.evidence, &format!("{place}/{unit}")) {
                // A higher directory nobody looked into may have another file.
                Ok(true) if unknown.is_none() => return Ok(Some(place)),
                Ok(_) => {}
                // There is no such directory on a mounted root.
                Err(_) if place == RUN => {}
                Err(error) => {
                    unknown.get_or_insert(error);
                }
            }
        }
        match (unknown, template_of(unit)) {
            (Some(unknown), _) => Err(unknown),
            (None, Some(template)) => self.place(&template),
            (None, None) => Ok(None),
        }
    }

    /// Whether it is a link to `/dev/null`, or an empty file.
    fn is_masked(&self, path: &str) -> Fact<bool> {
        if self.evidence.kind(path) == Known::Captured(EntryKind::Link)
            && look::resolve(self.evidence, path)?.as_deref() == Some("/dev/null")
        {
            return Ok(true);
        }
        let empty = |content: &crate::snapshot::Content| content.bytes().is_empty();
        let by_entry = self.evidence.entry(path).captured();
        Ok(self.evidence.file(path).captured().is_some_and(empty)
            || by_entry.is_some_and(|entry| entry.kind == EntryKind::File && entry.size == 0))
    }

    /// The unit file that counts, without drop-ins; `None` where there is none.
    /// Reads it from the first directory that has it, aliases followed.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn main_file(&self, unit: &str) -> Fact<Option<Parsed<Ini>>> {
        let mut name = unit.to_owned();
        for _ in 0..MAX_ALIASES {
            let Some(place) = self.place(&name)? else { return Ok(None) };
            let direct = format!("{place}/{name}");
            let own = look::exists(self.evidence, &direct).unwrap_or(false);
            let path = match template_of(&name) {
                Some(template) if !own => format!("{place}/{template}"),
                _ => direct,
            };
            if let Ok(Some(file)) = look::parsed(self.evidence, &path, ini::parse_unit) {
                return Ok(Some(file));
            }
            let target = super::read::link(self.evidence, &path)?;
            let target = target.ok_or_else(|| Unknown::not_captured(path.as_str()))?;
            let end = look::beside(&path, &target);
            if let Ok(Some(file)) = look::parsed(self.evidence, &end, ini::parse_unit) {
                return Ok(Some(file));
            }
            match end.rsplit('/').next() {
                Some(next) if next != name => name = next.to_owned(),
                _ => return Err(Unknown::not_captured(end)),
            }
        }
        Ok(None)
    }

    /// Paths of a unit's drop-ins, the first ones counting last. Reads the
    /// listings of `UNIT.d`.
    pub fn drop_ins(&self, unit: &str) -> Found<String> {
        let mut found = Found::default();
        for place in PLACES {
            let directory = format!("{place}/{unit}.d");
            let names = look::names_in(self.evidence, &directory, |name| name.ends_with(".conf"));
            found
                .items
                .extend(names.items.into_iter().map(|(name, _)| format!("{directory}/{name}")));
            let run = |unknown: &Unknown| place != RUN || unknown.evidence != directory;
            found.missing.extend(names.missing.into_iter().filter(run));
        }
        found
    }

    /// Whether the administrator put a unit file of this name over the package's. Asked by
    /// `spamassassin_config_read`.
    ///
    /// # Errors
    ///
    /// Where nobody looked.
    pub fn is_replaced(&self, unit: &str) -> Fact<bool> {
        look::exists(self.evidence, &format!("{ETC}/{unit}"))
    }

    /// Whether the administrator has his own file, link or drop-in for a unit
    /// in `/etc/systemd/system`.
    ///
    /// # Errors
    ///
    /// Where the directory was not listed.
    pub fn is_overridden(&self, unit: &str) -> Fact<bool> {
        if look::exists(self.evidence, &format!("{ETC}/{unit}"))? {
            return Ok(true);
        }
        let directory = format!("{ETC}/{unit}.d");
        look::names_in(self.evidence, &directory, |name| name.ends_with(".conf")).any(|_| true)
    }

    /// Names of all units, templates and aliases among them. Reads the three
    /// directories, else `systemctl list-unit-files`.
    ///
    /// # Errors
    ///
    /// Where neither tells.
    pub fn units(&self) -> Fact<BTreeSet<String>> {
        let mut names = BTreeSet::new();
        for place in PLACES {
            let found = look::names_in(self.evidence, place, is_unit);
            match found.missing.into_iter().next() {
                Some(unknown) if place != RUN => {
                    let listed = unit_files(self.evidence).ok_or(unknown)?;
                    return Ok(listed.into_keys().collect());
                }
                _ => names.extend(found.items.into_iter().map(|(name, _)| name)),
            }
        }
        Ok(names)
    }

    /// Whether a unit is active now. Reads `systemctl list-units`, else the
    /// control groups of the running system, which list every service that has
    /// processes (one that ran and ended is not among them). Asked by
    /// `check_ntp`, `quagga_daemons`.
    ///
    /// # Errors
    ///
    /// Where neither tells, or the host was not running.
    pub fn is_active(&self, unit: &str) -> Fact<bool> {
        if let Some(units) = running(self.evidence) {
            return Ok(units.get(unit).is_some_and(|running| running.active == "active"));
        }
        let slice = super::read::names(self.evidence, SLICE)?;
        let slice = slice.ok_or_else(|| Unknown::not_captured(SLICE))?;
        Ok(slice.contains(&unit))
    }

    /// Name of the target the host boots into. Reads the link `default.target`,
    /// else `systemctl get-default`.
    ///
    /// # Errors
    ///
    /// Where neither tells.
    pub fn default_target(&self) -> Fact<Option<String>> {
        let from_files = PLACES.iter().filter(|place| **place != RUN).find_map(|place| {
            let path = format!("{place}/default.target");
            match super::read::link(self.evidence, &path) {
                Ok(None) => None,
                found => Some(found),
            }
        });
        let name = |path: String| path.rsplit('/').next().unwrap_or_default().to_owned();
        match from_files {
            Some(Err(unknown)) => {
                let output = look::command(self.evidence, &["command:systemctl get-default"]);
                output.map(|text| Some(text.trim().to_owned())).map_err(|_| unknown)
            }
            Some(Ok(target)) => Ok(target.map(name)),
            None => Ok(None),
        }
    }
}

/// What `systemctl list-unit-files` said, where somebody asked it.
fn unit_files(evidence: &Evidence) -> Option<BTreeMap<String, String>> {
    let text = look::command(evidence, &[UNIT_FILES]).ok()?;
    Some(unit_list::files(&text).0)
}

fn running(evidence: &Evidence) -> Option<BTreeMap<String, Running>> {
    let commands = ["command:systemctl list-units --all", UNITS];
    debug_assert!(commands.iter().all(|line| line.starts_with(COMMAND)));
    let text = look::command(evidence, &commands).ok()?;
    Some(unit_list::running(&text).0)
}

/// What a unit file says of how it could be enabled.
fn install_state(unit: &Ini) -> State {
    let says = |key: &str| unit.all("Install", key).any(|entry| !entry.value.is_empty());
    if ["WantedBy", "RequiredBy", "Alias"].into_iter().any(says) {
        State::Disabled
    } else if says("Also") {
        State::Indirect
    } else {
        State::Static
    }
}

/// `getty@.service` for `getty@tty1.service`.
fn template_of(unit: &str) -> Option<String> {
    let (name, rest) = unit.split_once('@')?;
    let (instance, kind) = rest.rsplit_once('.')?;
    (!instance.is_empty()).then(|| format!("{name}@.{kind}"))
}

fn is_unit(name: &str) -> bool {
    let kinds =
        ["service", "socket", "mount", "automount", "swap", "target", "path", "timer", "slice"];
    name.rsplit_once('.').is_some_and(|(_, kind)| kinds.contains(&kind))
}

#[cfg(test)]
mod tests;
