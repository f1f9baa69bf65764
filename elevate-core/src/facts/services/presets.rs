//! What the presets of the distribution and the administrator say.

use std::collections::BTreeMap;

use super::super::Fact;
use super::super::look::{self, Found};
use super::super::parse::preset::{self, Rule};
use super::super::read::Parsed;
use super::{Services, template_of};
use crate::snapshot::EntryKind;

/// Directories of presets; a file in one hides its namesakes in those after it.
const PLACES: [&str; 3] =
    ["/etc/systemd/system-preset", "/run/systemd/system-preset", "/usr/lib/systemd/system-preset"];

/// What presets say of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// Whether it is to be enabled when it is installed.
    pub enable: bool,
    /// File and line of the rule; `None` where no rule matches, and systemd
    /// enables.
    pub rule: Option<(String, usize)>,
}

impl Services<'_> {
    /// Preset files in the order they count. systemd sorts them by name,
    /// whatever directory they are in; leapp sorts by the whole path, so that
    /// for it every file of `/etc` comes first.
    pub fn preset_files(&self) -> Found<Parsed<Vec<Rule>>> {
        let mut by_name: BTreeMap<String, String> = BTreeMap::new();
        let mut found = Found::default();
        for place in PLACES {
            let names = look::names_in(self.evidence, place, |name| name.ends_with(".preset"));
            let run = |evidence: &str| evidence.starts_with("/run/");
            found.missing.extend(names.missing.into_iter().filter(|u| !run(&u.evidence)));
            for (name, kind) in names.items {
                if kind != EntryKind::Directory {
                    by_name.entry(name.clone()).or_insert_with(|| format!("{place}/{name}"));
                }
            }
        }
        for path in by_name.into_values() {
            // A link to /dev/null takes the file out.
            if look::resolve(self.evidence, &path) == Ok(Some("/dev/null".to_owned())) {
                continue;
            }
            let file = look::parsed(self.evidence, &path, preset::parse);
            if let Some(Some(file)) = found.take(file) {
                found.items.push(file);
            }
        }
        found
    }

    /// What the presets say of a unit: the first rule that matches counts.
    /// Asked by `scan_systemd_source`.
    ///
    /// # Errors
    ///
    /// Where a preset file was not captured.
    pub fn preset(&self, unit: &str) -> Fact<Preset> {
        let files = self.preset_files().all()?;
        let rules = files.iter().flat_map(|file| file.value.iter().map(move |rule| (file, rule)));
        let hit = rules.into_iter().find(|(_, rule)| applies(rule, unit));
        Ok(match hit {
            Some((file, rule)) => {
                Preset { enable: rule.enable, rule: Some((file.source.clone(), rule.line)) }
            }
            None => Preset { enable: true, rule: None },
        })
    }
}

fn applies(rule: &Rule, unit: &str) -> bool {
    if rule.instances.is_empty() {
        return look::matches(&rule.pattern, unit);
    }
    let Some(template) = template_of(unit) else { return false };
    let instance = unit.split_once('@').and_then(|(_, rest)| rest.rsplit_once('.'));
    let named = instance.is_some_and(|(name, _)| rule.instances.iter().any(|i| i == name));
    named && look::matches(&rule.pattern, &template)
}
