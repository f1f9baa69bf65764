//! Which entry boots by default.

use std::cmp::Ordering;

use super::{Boot, EFI_DIRECTORY, Firmware, GRUB2_CFG};
use crate::facts::parse::bls::BlsEntry;
use crate::facts::parse::grub_cfg::GrubCfg;
use crate::facts::parse::grubenv::GrubEnv;
use crate::facts::parse::zipl::ZiplSection;
use crate::facts::read::{self, Parsed};
use crate::facts::{Fact, Unknown};
use crate::model::compare_versions;

/// The entry that boots next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultEntry {
    /// Title.
    pub title: String,
    /// Kernel, as the boot loader sees its path.
    pub kernel: Option<String>,
    /// The file it is defined in.
    pub source: String,
    /// Why it is this one.
    pub chosen_by: ChosenBy,
}

impl DefaultEntry {
    /// The release of its kernel: `3.10.0-1160.el7.x86_64` of
    /// `/vmlinuz-3.10.0-1160.el7.x86_64`.
    pub fn release(&self) -> Option<&str> {
        let name = self.kernel.as_deref()?.rsplit('/').next()?;
        name.strip_prefix("vmlinuz-")
    }
}

/// Why an entry is the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChosenBy {
    /// `next_entry` of GRUB's environment: for one time.
    NextEntry(String),
    /// `saved_entry` of GRUB's environment.
    SavedEntry(String),
    /// A fixed value in the file.
    Fixed(String),
    /// It is the first: nothing was chosen, or what was chosen is not there
    /// (then that is here).
    First(Option<String>),
}

impl Boot<'_> {
    /// The entry that boots next, worked out as GRUB does: `default` of
    /// `grub.cfg`, the environment beside it, and the entries of either the file
    /// or `/boot/loader/entries`. `None` where there are no entries. On s390x
    /// the default section of `zipl.conf`. Not asked by leapp, which compares the
    /// running kernel with the newest; the default may be a third.
    ///
    /// # Errors
    ///
    /// Where a file on the way was not captured, or it is not clear which
    /// `grub.cfg` is used.
    pub fn default_entry(&self) -> Fact<Option<DefaultEntry>> {
        if let Ok(Some(zipl)) = self.zipl() {
            return default_of_zipl(&zipl).map(Some);
        }
        let Some(cfg) = self.used_cfg()? else { return Ok(None) };
        let directory = cfg.source.rsplit_once('/').map_or("", |(directory, _)| directory);
        let env = self.environment(&format!("{directory}/grubenv"));
        let wanted = wanted(&cfg.value, env.map(|file| file.map(|file| file.env)))?;
        match cfg.value.blscfg {
            true => self.default_of_entries(wanted),
            false => Ok(default_of_cfg(&cfg, wanted)),
        }
    }

    /// The `grub.cfg` that this host's firmware makes GRUB read; where the firmware is not
    /// known, as on a mounted root, the only one there is.
    fn used_cfg(&self) -> Fact<Option<Parsed<GrubCfg>>> {
        let firmware = match self.firmware() {
            Ok(firmware) => firmware,
            Err(unknown) => {
                let all = self.grub_cfgs().map(super::Found::all);
                return match all {
                    Ok(Ok(mut only)) if only.len() == 1 => Ok(only.pop()),
                    _ => Err(unknown),
                };
            }
        };
        if firmware != Firmware::Efi {
            return self.file(&[GRUB2_CFG], crate::facts::parse::grub_cfg::parse);
        }
        let all = self.grub_cfgs()?;
        if let Some(unread) = all.missing.iter().find(|u| u.evidence.starts_with(EFI_DIRECTORY)) {
            return Err(unread.clone());
        }
        let mut cfgs = all.items;
        cfgs.retain(|cfg| cfg.source.starts_with(EFI_DIRECTORY));
        if cfgs.len() > 1 {
            let link = read::link(self.evidence, "/etc/grub2-efi.cfg").ok().flatten();
            let link = link.ok_or_else(|| {
                Unknown::malformed(EFI_DIRECTORY, "has several grub.cfg, and no link tells which")
            })?;
            cfgs.retain(|cfg| link.ends_with(cfg.source.as_str()));
        }
        Ok(cfgs.pop())
    }

    fn default_of_entries(&self, wanted: ChosenBy) -> Fact<Option<DefaultEntry>> {
        let entries = self.entries()?;
        if let Some(unread) = entries.missing.into_iter().next() {
            return Err(unread);
        }
        let mut entries = entries.items;
        entries.sort_by(|a, b| newest_first(&a.value, &b.value).then(b.source.cmp(&a.source)));
        let id = |entry: &Parsed<BlsEntry>| {
            let name = entry.source.rsplit('/').next().unwrap_or_default();
            name.trim_end_matches(".conf").to_owned()
        };
        let named = wanted.value().and_then(|value| {
            let by_place = value.parse().ok().and_then(|place: usize| entries.get(place));
            by_place.or_else(|| {
                entries.iter().find(|e| id(e) == value || e.value.title.as_deref() == Some(value))
            })
        });
        let (entry, chosen_by) = match named {
            Some(entry) => (Some(entry), wanted),
            None => (entries.first(), ChosenBy::First(wanted.value().map(str::to_owned))),
        };
        Ok(entry.map(|entry| DefaultEntry {
            title: entry.value.title.clone().unwrap_or_else(|| id(entry)),
            kernel: entry.value.linux.clone(),
            source: entry.source.clone(),
            chosen_by,
        }))
    }
}

impl ChosenBy {
    fn value(&self) -> Option<&str> {
        match self {
            ChosenBy::NextEntry(value) | ChosenBy::SavedEntry(value) | ChosenBy::Fixed(value) => {
                Some(value)
            }
            ChosenBy::First(value) => value.as_deref(),
        }
    }
}

/// What `default` comes to.
fn wanted(cfg: &GrubCfg, env: Fact<Option<GrubEnv>>) -> Fact<ChosenBy> {
    let uses = |name: &str| cfg.defaults.iter().any(|default| default.contains(name));
    let get = |env: &Option<GrubEnv>, name: &str| {
        let value = env.as_ref()?.variables.get(name)?;
        Some(value.clone()).filter(|value| !value.is_empty())
    };
    let reads_env = uses("next_entry") || uses("saved_entry") || cfg.blscfg;
    let env = if reads_env { env? } else { None };
    if let Some(next) = get(&env, "next_entry").filter(|_| uses("next_entry")) {
        return Ok(ChosenBy::NextEntry(next));
    }
    let fixed = cfg.defaults.iter().rev().find(|default| !default.contains("next_entry"));
    match fixed {
        Some(default) if !default.contains('$') => Ok(ChosenBy::Fixed(default.clone())),
        _ => Ok(match get(&env, "saved_entry") {
            Some(saved) => ChosenBy::SavedEntry(saved),
            None => ChosenBy::First(None),
        }),
    }
}

/// The section `default` of `[defaultboot]` names. Menus and `defaultauto` have
/// rules of their own that only `zipl` knows.
fn default_of_zipl(zipl: &Parsed<Vec<ZiplSection>>) -> Fact<DefaultEntry> {
    let named = |name: &str| zipl.value.iter().find(|section| section.name == name);
    let name = named("defaultboot").and_then(|section| section.get("default"));
    let section = name.and_then(named);
    let section = section.ok_or_else(|| {
        Unknown::malformed(zipl.source.as_str(), "has no section that [defaultboot] names")
    })?;
    Ok(DefaultEntry {
        title: section.name.clone(),
        kernel: section.get("image").map(str::to_owned),
        source: zipl.source.clone(),
        chosen_by: ChosenBy::Fixed(section.name.clone()),
    })
}

fn default_of_cfg(cfg: &Parsed<GrubCfg>, wanted: ChosenBy) -> Option<DefaultEntry> {
    let named = wanted.value().and_then(|value| cfg.value.entry(value));
    let (entry, chosen_by) = match named {
        Some(entry) => (entry, wanted),
        None => {
            let first = ChosenBy::First(wanted.value().map(str::to_owned));
            (cfg.value.entries.first()?, first)
        }
    };
    Some(DefaultEntry {
        title: entry.title.clone(),
        kernel: entry.kernel.clone(),
        source: cfg.source.clone(),
        chosen_by,
    })
}

/// GRUB shows the newest version first; entries without one come last.
fn newest_first(a: &BlsEntry, b: &BlsEntry) -> Ordering {
    match (&a.version, &b.version) {
        (Some(a), Some(b)) => compare_versions(b, a),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}
