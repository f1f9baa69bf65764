//! Services that are still scripts of `/etc/rc.d/init.d`.

use std::collections::BTreeMap;

use super::super::look;
use super::super::{Fact, read};
use super::{PLACES, Services};
use crate::snapshot::EntryKind;

const SCRIPTS: &str = "/etc/rc.d/init.d";
const CHKCONFIG: &str = "command:chkconfig --list";

/// A script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SysvService {
    /// Its name.
    pub name: String,
    /// Runlevels it is started in.
    pub runlevels: Vec<u8>,
    /// Whether a unit file of the same name takes its place.
    pub has_unit: bool,
}

impl Services<'_> {
    /// Services that are scripts. Reads the listings of `/etc/rc.d/init.d` and
    /// `/etc/rc.d/rcN.d`, else `chkconfig --list`.
    ///
    /// # Errors
    ///
    /// Where neither tells.
    pub fn sysv(&self) -> Fact<Vec<SysvService>> {
        match self.scripts() {
            Ok(services) => Ok(services),
            Err(unknown) => {
                let text = look::command(self.evidence, &[CHKCONFIG]).map_err(|_| unknown)?;
                let levels = chkconfig(&text).into_iter();
                levels.map(|(name, runlevels)| self.service(name, runlevels)).collect()
            }
        }
    }

    pub(super) fn sysv_is_enabled(&self, name: &str) -> Fact<bool> {
        let named = self.sysv()?.into_iter().find(|service| service.name == name);
        Ok(named
            .is_some_and(|service| service.runlevels.iter().any(|level| (2..=5).contains(level))))
    }

    fn scripts(&self) -> Fact<Vec<SysvService>> {
        // Part of initscripts, and no services.
        let wanted = |name: &str| !matches!(name, "functions" | "README") && !name.starts_with('.');
        let scripts = look::names_in(self.evidence, SCRIPTS, wanted).all()?;
        let names = scripts.into_iter().filter(|(_, kind)| *kind != EntryKind::Directory);
        let mut levels: BTreeMap<String, Vec<u8>> = names.map(|(name, _)| (name, vec![])).collect();
        if levels.is_empty() {
            return Ok(Vec::new());
        }
        for level in 0..=6u8 {
            let directory = format!("/etc/rc.d/rc{level}.d");
            for link in read::names(self.evidence, &directory)?.unwrap_or_default() {
                if let Some(runlevels) = started(link).and_then(|name| levels.get_mut(name)) {
                    runlevels.push(level);
                }
            }
        }
        levels.into_iter().map(|(name, runlevels)| self.service(name, runlevels)).collect()
    }

    fn service(&self, name: String, runlevels: Vec<u8>) -> Fact<SysvService> {
        let unit = |place: &&str| self.evidence.kind(&format!("{place}/{name}.service"));
        let has_unit = PLACES.iter().any(|place| unit(place).captured().is_some());
        Ok(SysvService { name, runlevels, has_unit })
    }
}

/// The service that `S55name` starts.
fn started(link: &str) -> Option<&str> {
    let rest = link.strip_prefix('S')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    (digits == 2).then(|| &rest[2..])
}

/// `name 0:off 1:off 2:on ...`, up to the services of xinetd.
fn chkconfig(text: &str) -> Vec<(String, Vec<u8>)> {
    let mut services = Vec::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let Some(name) = words.next() else { continue };
        let states: Vec<(&str, &str)> = words.filter_map(|word| word.split_once(':')).collect();
        if states.len() < 7 {
            continue;
        }
        let on = states.iter().filter(|(_, state)| *state == "on");
        let levels = on.filter_map(|(level, _)| level.parse().ok()).collect();
        services.push((name.to_owned(), levels));
    }
    services
}
