//! What earlier attempts to upgrade the host have left, and settings for such
//! attempts that stand in files.

use super::look::{self, Found};
use super::parse::lines;
use super::{Facts, read};
use crate::snapshot::{EntryKind, Evidence};

/// Evidence the questions read.
pub const READS: &[&str] = &[
    "/boot/vmlinuz-upgrade*",
    "/boot/initramfs-upgrade*",
    "/boot/upgrade-*",
    "/var/log/leapp",
    "/var/lib/leapp",
    "/root/tmp_leapp_py3",
    "/etc/leapp",
    "/etc/leapp/answers",
    "/etc/migration-results",
    "/etc/rhsm/facts/leapp.facts",
    "/etc/systemd/system/leapp_resume.service",
    "/var/log/elevate-cpanel.log",
    "/var/cpanel/elevate*",
    "/var/log/plesk/centos2alma.log",
    "/usr/local/psa/tmp/centos2alma*",
    "/var/log/convert2rhel",
    "/var/lib/convert2rhel",
    "/etc/rhsm/facts/convert2rhel.facts",
    "/var/lib/elevate",
    "/var/log/elevate",
    "/etc/environment",
    "/etc/profile",
    "/etc/bashrc",
    "/etc/profile.d/*",
    "/root/.bashrc",
    "/root/.bash_profile",
    "/etc/systemd/system/*",
    "/etc/systemd/system/*/*",
];

/// Places, shell patterns in their last part, with whose they are.
const PLACES: &[(&str, Origin)] = &[
    ("/boot/vmlinuz-upgrade*", Origin::Leapp),
    ("/boot/initramfs-upgrade*", Origin::Leapp),
    ("/boot/upgrade-*", Origin::Leapp),
    ("/var/log/leapp", Origin::Leapp),
    ("/var/lib/leapp", Origin::Leapp),
    ("/root/tmp_leapp_py3", Origin::Leapp),
    ("/etc/leapp", Origin::Leapp),
    ("/etc/migration-results", Origin::Leapp),
    ("/etc/rhsm/facts/leapp.facts", Origin::Leapp),
    ("/etc/systemd/system/leapp_resume.service", Origin::Leapp),
    ("/var/log/elevate-cpanel.log", Origin::Cpanel),
    ("/var/cpanel/elevate*", Origin::Cpanel),
    ("/var/log/plesk/centos2alma.log", Origin::Plesk),
    ("/usr/local/psa/tmp/centos2alma*", Origin::Plesk),
    ("/var/log/convert2rhel", Origin::Convert2Rhel),
    ("/var/lib/convert2rhel", Origin::Convert2Rhel),
    ("/etc/rhsm/facts/convert2rhel.facts", Origin::Convert2Rhel),
    ("/var/lib/elevate", Origin::Elevate),
    ("/var/log/elevate", Origin::Elevate),
];

/// Files in which variables are set for sessions.
const PROFILES: &[&str] =
    &["/etc/environment", "/etc/profile", "/etc/bashrc", "/root/.bashrc", "/root/.bash_profile"];

/// Questions on leftovers.
#[derive(Debug, Clone, Copy)]
pub struct Leftovers<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// What earlier attempts have left.
    pub fn leftovers(&self) -> Leftovers<'a> {
        Leftovers::new(&self.snapshot.evidence)
    }
}

/// Whose attempt it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// leapp, also as part of ELevate.
    Leapp,
    /// cPanel's elevate.
    Cpanel,
    /// Plesk's converter.
    Plesk,
    /// convert2rhel.
    Convert2Rhel,
    /// This program.
    Elevate,
}

/// Something an attempt has left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// Where it is.
    pub path: String,
    /// Whose it is.
    pub origin: Origin,
    /// Whether it is a directory.
    pub is_directory: bool,
    /// Bytes it takes, as far as files were looked at; `None` where none was.
    pub size: Option<u64>,
}

/// A variable for leapp that is set in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knob {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Name: `LEAPP_OVL_SIZE`.
    pub name: String,
    /// Value as written.
    pub value: String,
    /// What it does on the way from 7 to 8.
    pub effect: Effect,
}

/// What a variable does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Something.
    Some,
    /// Nothing.
    None,
    /// Nothing unless another one is set.
    OnlyWith(&'static str),
    /// It stops leapp: the variable was given up.
    Refused,
}

impl<'a> Leftovers<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// Everything earlier attempts have left, in a fixed order.
    pub fn all(&self) -> Found<Leftover> {
        let mut found = Found::default();
        for (pattern, origin) in PLACES {
            let hits = look::glob(self.evidence, pattern);
            hits.missing.into_iter().for_each(|unknown| found.missed(unknown));
            found.items.extend(hits.items.into_iter().map(|path| self.leftover(path, *origin)));
        }
        found
    }

    /// What a failed attempt left in `/boot`, which takes the room of the next.
    pub fn in_boot(&self) -> Found<Leftover> {
        let Found { mut items, mut missing } = self.all();
        items.retain(|leftover| leftover.path.starts_with("/boot/"));
        missing.retain(|unknown| unknown.evidence.starts_with("/boot"));
        Found { items, missing }
    }

    fn leftover(&self, path: String, origin: Origin) -> Leftover {
        let is_directory = self.evidence.kind(&path).captured() == Some(EntryKind::Directory);
        let own = self.evidence.entries.get(&path).filter(|entry| entry.kind == EntryKind::File);
        let below = format!("{path}/");
        let inside = self.evidence.entries.range(below.clone()..);
        let inside = inside.take_while(|(path, _)| path.starts_with(&below));
        let files = inside.map(|(_, entry)| entry).filter(|entry| entry.kind == EntryKind::File);
        let sizes: Vec<u64> = own.into_iter().chain(files).map(|entry| entry.size).collect();
        let size = sizes.iter().fold(0, |sum: u64, size| sum.saturating_add(*size));
        Leftover { path, origin, is_directory, size: (!sizes.is_empty()).then_some(size) }
    }

    /// Variables for leapp in profiles and units, which guides tell people to
    /// set. Asked by `check_removed_envvars`.
    pub fn knobs(&self) -> Found<Knob> {
        let mut found = Found::default();
        for path in PROFILES {
            self.knobs_in(path, &mut found);
        }
        let profiles = look::names_in(self.evidence, "/etc/profile.d", |_| true);
        profiles.missing.into_iter().for_each(|unknown| found.missed(unknown));
        for (name, _) in profiles.items {
            self.knobs_in(&format!("/etc/profile.d/{name}"), &mut found);
        }
        // Units and drop-ins as far as they were captured: only few are.
        let units = self.evidence.files.range("/etc/systemd/system/".to_owned()..);
        let units = units.take_while(|(path, _)| path.starts_with("/etc/systemd/system/"));
        for (path, content) in units {
            found.items.extend(knobs(path, &content.text()));
        }
        found
    }

    fn knobs_in(&self, path: &str, found: &mut Found<Knob>) {
        if let Some(Some(text)) = found.take(read::text(self.evidence, path)) {
            found.items.extend(knobs(path, &text));
        }
    }
}

/// Variables that are set in a text, but in comments.
fn knobs(path: &str, text: &str) -> Vec<Knob> {
    let mut found = Vec::new();
    for (line, text) in lines::numbered(text) {
        let content = text.trim_start();
        if content.starts_with(['#', ';']) {
            continue;
        }
        for (at, _) in content.match_indices("LEAPP_") {
            let before = content[..at].chars().next_back();
            if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$' || c == '{')
            {
                continue;
            }
            let rest = &content[at..];
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let Some((name, after)) = end.and_then(|end| rest.split_at_checked(end)) else {
                continue;
            };
            let Some(value) = after.strip_prefix('=') else { continue };
            let end = value.find(|c: char| c.is_whitespace() || ";&".contains(c));
            let value = value[..end.unwrap_or(value.len())].trim_matches(['"', '\'']);
            found.push(Knob {
                file: path.to_owned(),
                line,
                name: name.chars().take(100).collect(),
                value: value.chars().take(100).collect(),
                effect: effect(name),
            });
            if found.len() == 1000 {
                return found;
            }
        }
    }
    found
}

fn effect(name: &str) -> Effect {
    match name {
        "LEAPP_GRUB_DEVICE" => Effect::Refused,
        "LEAPP_OVL_SIZE" => Effect::OnlyWith("LEAPP_OVL_LEGACY"),
        "LEAPP_NO_RHSM" | "LEAPP_NO_RHSM_FACTS" | "LEAPP_NO_INSIGHTS_REGISTER" => Effect::None,
        _ => Effect::Some,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    #[test]
    fn leftovers_have_an_origin_and_a_size() {
        let host = evidence(
            "//- dir /boot: vmlinuz-upgrade.x86_64 vmlinuz-3 initramfs-upgrade.x86_64.img\n//- entry /boot/vmlinuz-upgrade.x86_64 10\n\
             //- dir /root: tmp_leapp_py3/\n//- entry /root/tmp_leapp_py3/leapp3 5\n//- entry /root/tmp_leapp_py3/b/c 6\n//- dir /var/log: elevate-cpanel.log\n//- absent /var/cpanel\n",
        );
        let leftovers = Leftovers::new(&host);
        let all = leftovers.all();
        let shown: Vec<_> =
            all.items.iter().map(|l| (l.path.as_str(), l.origin, l.is_directory, l.size)).collect();
        assert_eq!(
            shown,
            [
                ("/boot/vmlinuz-upgrade.x86_64", Origin::Leapp, false, Some(10)),
                ("/boot/initramfs-upgrade.x86_64.img", Origin::Leapp, false, None),
                ("/root/tmp_leapp_py3", Origin::Leapp, true, Some(11)),
                ("/var/log/elevate-cpanel.log", Origin::Cpanel, false, None),
            ]
        );
        assert!(!all.missing.is_empty());
        let boot = leftovers.in_boot();
        assert_eq!((boot.items.len(), boot.missing.len()), (2, 0));
    }

    #[test]
    fn nothing_left_is_told_from_nothing_seen() {
        let clean = evidence("//- dir /: boot/\n//- dir /boot: vmlinuz-3\n");
        assert_eq!(Leftovers::new(&clean).all().any(|_| true), Ok(false));
        assert!(Leftovers::new(&evidence("")).all().any(|_| true).is_err());
        let hidden = evidence("//- unreadable /boot: EACCES\n");
        assert!(Leftovers::new(&hidden).in_boot().any(|_| true).is_err());
    }

    #[test]
    fn variables_for_leapp_are_found_where_they_are_set() {
        let host = evidence(
            "//- /etc/profile\n# LEAPP_NO_RHSM=1\nexport LEAPP_OVL_SIZE=\"4000\"; LEAPP_NO_RHSM=1 leapp\necho $LEAPP_X=1 ${LEAPP_Y=2} MY_LEAPP_Z=3 LEAPP_W\n\
             //- dir /etc: profile systemd/\n//- dir /root:\n//- /etc/systemd/system/x.service\n[Service]\nEnvironment=\"LEAPP_GRUB_DEVICE=/dev/sda\" LEAPP_DEBUG=1\n",
        );
        let knobs = Leftovers::new(&host).knobs().all().unwrap();
        let shown: Vec<_> =
            knobs.iter().map(|k| (k.line, k.name.as_str(), k.value.as_str(), k.effect)).collect();
        assert_eq!(
            shown,
            [
                (2, "LEAPP_OVL_SIZE", "4000", Effect::OnlyWith("LEAPP_OVL_LEGACY")),
                (2, "LEAPP_NO_RHSM", "1", Effect::None),
                (2, "LEAPP_GRUB_DEVICE", "/dev/sda", Effect::Refused),
                (2, "LEAPP_DEBUG", "1", Effect::Some),
            ]
        );
        assert!(Leftovers::new(&evidence("")).knobs().any(|_| true).is_err());
        let clean = evidence("//- dir /: boot/\n");
        assert_eq!(Leftovers::new(&clean).knobs().any(|_| true), Ok(false));
    }
}
