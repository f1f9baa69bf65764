//! Who may log in, and how: PAM, authconfig, the name service switch.

use std::collections::{BTreeMap, BTreeSet};

use super::look::{self, Found};
use super::parse::nsswitch::{self, Database};
use super::parse::pam::{self, Rule};
use super::parse::{ini, shell_vars};
use super::read::{self, Parsed};
use super::{Fact, Facts, Rewrite, Unknown};
use crate::snapshot::{EntryKind, Evidence};

/// Evidence the questions read.
pub const READS: &[&str] = &["/etc/pam.d", "/etc/pam.d/*", AUTHCONFIG, DCONF, NSSWITCH, YPBIND];

const DIRECTORY: &str = "/etc/pam.d";
const AUTHCONFIG: &str = "/etc/sysconfig/authconfig";
const DCONF: &str = "/etc/dconf/db/distro.d/10-authconfig";
const NSSWITCH: &str = "/etc/nsswitch.conf";
const YPBIND: &str = "/etc/yp.conf";

/// The services authconfig writes, which others include.
pub const CENTRAL: [&str; 5] =
    ["system-auth", "smartcard-auth", "password-auth", "fingerprint-auth", "postlogin"];

/// Questions on logging in.
#[derive(Debug, Clone, Copy)]
pub struct Pam<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// Who may log in, and how.
    pub fn pam(&self) -> Pam<'a> {
        Pam::new(&self.snapshot.evidence)
    }
}

/// A service of `/etc/pam.d`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name: that of the file.
    pub name: String,
    /// Where the file links to, as stored; `None` where it is no link.
    pub link: Option<String>,
    /// Its rules.
    pub file: Parsed<Vec<Rule>>,
}

/// A module in a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleUse {
    /// Path of the file.
    pub file: String,
    /// Name of the service.
    pub service: String,
    /// Line, from 1.
    pub line: usize,
    /// Whether the file is a link, so that the same rule is told of elsewhere.
    pub linked: bool,
}

impl ModuleUse {
    /// File and line.
    pub fn place(&self) -> (&str, usize) {
        (&self.file, self.line)
    }
}

/// Whether the central files are as authconfig left them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Managed {
    /// They are.
    ByAuthconfig,
    /// Somebody changed them since: what tells.
    ByHand(String),
}

/// Whether a file of PAM is read: editors and rpm leave copies beside it.
fn is_service(name: &str) -> bool {
    let copies = [".rpmsave", ".rpmnew", ".rpmorig", ".swp", ".bak", "~"];
    !name.starts_with('.') && !copies.iter().any(|end| name.ends_with(end))
}

impl<'a> Pam<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// Every service, by name. Reads `/etc/pam.d`. Asked by
    /// `pam_modules_scanner`, `removed_pam_modules`.
    pub fn services(&self) -> Found<Service> {
        let files = look::files_in(self.evidence, DIRECTORY, is_service, pam::parse);
        let service = |file: Parsed<Vec<Rule>>| Service {
            name: file.source.rsplit('/').next().unwrap_or_default().to_owned(),
            link: self.evidence.link(&file.source).captured().map(|to| to.text().into_owned()),
            file,
        };
        files.map(service)
    }

    /// One service; `None` where it is not there. Reads `/etc/pam.d/NAME`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn service(&self, name: &str) -> Fact<Option<Parsed<Vec<Rule>>>> {
        look::parsed(self.evidence, &format!("{DIRECTORY}/{name}"), pam::parse)
    }

    /// Where a module is used, by its name without `.so`. Reads `/etc/pam.d`.
    /// Asked by `removed_pam_modules`, `removed_pam_modules_scanner`.
    pub fn uses(&self, module: &str) -> Found<ModuleUse> {
        let Found { items, missing } = self.services();
        let uses = items.iter().flat_map(|service| {
            let of = |rule: &Rule| rule.module_name() == module;
            used(&service.file, service.link.is_some(), of)
        });
        Found { items: uses.collect(), missing }
    }

    /// Where a module is used in the five files authconfig writes. Asked by
    /// `removed_pam_modules_scanner`.
    pub fn central_uses(&self, module: &str) -> Found<ModuleUse> {
        let central = self.central();
        let of = |rule: &Rule| rule.module_name() == module;
        let uses = central.items.iter().flat_map(|file| used(file, false, of));
        Found { items: uses.collect(), missing: central.missing }
    }

    /// Rules of the five files that may pass over one with such a module: without it,
    /// they pass over the rule after it.
    pub fn jumps_over(&self, modules: &[&str]) -> Vec<ModuleUse> {
        let mut found = Vec::new();
        for file in self.central().items {
            // By kind, how many rules further the next one with such a module is.
            let mut ahead: BTreeMap<_, usize> = BTreeMap::new();
            let mut lines = BTreeSet::new();
            for rule in file.value.iter().rev() {
                let next = ahead.get(&rule.kind).copied();
                if next.is_some_and(|next| next <= rule.jump()) {
                    lines.insert(rule.line);
                }
                if modules.contains(&rule.module_name()) {
                    ahead.insert(rule.kind, 1);
                } else if let Some(next) = next {
                    ahead.insert(rule.kind, next + 1);
                }
            }
            found.extend(used(&file, false, |rule| lines.contains(&rule.line)));
        }
        found
    }

    /// The five files, each with a `#` before its rules with such a module. A rule goes
    /// with all its lines, and one that only a comment names such a module in stays:
    /// leapp looks for the name anywhere in a line. Asked by
    /// `removed_pam_modules_apply`.
    pub fn without_modules(&self, modules: &[&str]) -> Found<Rewrite> {
        let mut found = Found::default();
        for name in CENTRAL {
            let path = format!("{DIRECTORY}/{name}");
            let text = found.take(look::text(self.evidence, &path)).flatten();
            let text = text.unwrap_or_default();
            let (rules, _) = pam::parse(&text);
            let with = rules.iter().filter(|rule| modules.contains(&rule.module_name()));
            let numbers: BTreeSet<usize> = with.flat_map(|rule| rule.line..=rule.last).collect();
            let lines = (1..).zip(text.lines()).filter(|(number, line)| {
                numbers.contains(number) && !line.trim_start().starts_with('#')
            });
            let lines: BTreeMap<usize, String> =
                lines.map(|(number, line)| (number, format!("#{line}"))).collect();
            // What is written goes to the file at the end of the link.
            let end = look::resolve(self.evidence, &path).ok().flatten().unwrap_or(path);
            found.items.extend(Rewrite::of_lines(&end, &text, &lines));
        }
        found.items.dedup();
        found
    }

    fn central(&self) -> Found<Parsed<Vec<Rule>>> {
        let mut found = Found::default();
        for name in CENTRAL {
            let file = found.take(self.service(name)).flatten();
            found.items.extend(file);
        }
        found
    }

    /// Names of the modules in the five files authconfig writes. Asked by
    /// `authselect_scanner`, `removed_pam_modules_scanner`.
    ///
    /// # Errors
    ///
    /// Where one of them was not captured.
    pub fn central_modules(&self) -> Fact<BTreeSet<String>> {
        let mut modules = BTreeSet::new();
        for name in CENTRAL {
            let rules = self.service(name)?.map(|file| file.value).unwrap_or_default();
            let with_module = rules.iter().filter(|rule| !rule.module.is_empty());
            modules.extend(with_module.map(|rule| rule.module_name().to_owned()));
        }
        Ok(modules)
    }

    /// Names of the modules a service comes to, those of included services
    /// among them.
    ///
    /// # Errors
    ///
    /// Where one of the files was not captured.
    pub fn modules_of(&self, service: &str) -> Fact<BTreeSet<String>> {
        let mut modules = BTreeSet::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut next = vec![service.to_owned()];
        while let Some(name) = next.pop() {
            if name.contains('/') || !seen.insert(name.clone()) {
                continue;
            }
            for rule in self.service(&name)?.map(|file| file.value).unwrap_or_default() {
                match rule.includes() {
                    Some(other) => next.push(other.to_owned()),
                    None => {
                        modules.insert(rule.module_name().to_owned());
                    }
                }
            }
        }
        Ok(modules)
    }

    /// Whether authconfig manages the central files: each is a link to its
    /// `-ac` sibling, and none of these is newer than authconfig's settings.
    /// A relative link is as good as an absolute one; leapp takes only the latter. Asked by
    /// `authselect_scanner`.
    ///
    /// # Errors
    ///
    /// Where links or times were not captured.
    pub fn managed(&self) -> Fact<Managed> {
        if !look::is_file(self.evidence, AUTHCONFIG)? {
            return Ok(Managed::ByHand(format!("{AUTHCONFIG} is not there")));
        }
        let mut siblings = Vec::new();
        for name in CENTRAL {
            let path = format!("{DIRECTORY}/{name}");
            let expected = format!("{path}-ac");
            match read::link(self.evidence, &path)? {
                Some(target) if look::beside(&path, &target) == expected => siblings.push(expected),
                Some(target) => return Ok(Managed::ByHand(format!("{path} links to {target}"))),
                None => return Ok(Managed::ByHand(format!("{path} is no link"))),
            }
        }
        let written = self.mtime(AUTHCONFIG)?.ok_or_else(|| Unknown::not_captured(AUTHCONFIG))?;
        for path in siblings {
            match self.mtime(&path)? {
                None => return Ok(Managed::ByHand(format!("{path} is not there"))),
                Some(changed) if changed > written => {
                    return Ok(Managed::ByHand(format!("{path} was changed later")));
                }
                _ => {}
            }
        }
        Ok(Managed::ByAuthconfig)
    }

    /// Whether a central file is a link to its sibling by a relative path, which leapp
    /// takes for a change by hand.
    pub fn has_relative_links(&self) -> bool {
        let target = |name: &&str| self.evidence.link(&format!("{DIRECTORY}/{name}")).captured();
        CENTRAL.iter().filter_map(target).any(|target| !target.text().starts_with('/'))
    }

    fn mtime(&self, path: &str) -> Fact<Option<i64>> {
        let entry = read::look(self.evidence, path, self.evidence.entry(path))?;
        Ok(entry.filter(|entry| entry.kind == EntryKind::File).map(|entry| entry.mtime))
    }

    /// Settings of authconfig; `None` where it has none. Reads
    /// `/etc/sysconfig/authconfig`. Asked by `authselect_scanner`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn authconfig(&self) -> Fact<Option<Parsed<Vec<shell_vars::Assignment>>>> {
        look::parsed(self.evidence, AUTHCONFIG, shell_vars::parse)
    }

    /// A setting of authconfig that is on or off; `None` where it is not there
    /// or is neither.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn authconfig_flag(&self, name: &str) -> Fact<Option<bool>> {
        let settings = self.authconfig()?.map(|file| file.value).unwrap_or_default();
        let value = shell_vars::last(&settings, name).unwrap_or_default();
        Ok(match value.trim().to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" | "on" => Some(true),
            "no" | "false" | "0" | "off" => Some(false),
            _ => None,
        })
    }

    /// What the desktop does when a smart card is removed (`lock-screen`).
    /// Reads `/etc/dconf/db/distro.d/10-authconfig`. Asked by
    /// `authselect_scanner`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn smartcard_removal(&self) -> Fact<Option<String>> {
        let section = "org/gnome/settings-daemon/peripherals/smartcard";
        let file = look::parsed(self.evidence, DCONF, ini::parse)?;
        let value = file.as_ref().and_then(|file| file.value.get(section, "removal-action"));
        Ok(value.map(|entry| entry.value.trim_matches(['\'', '"']).to_owned()))
    }

    /// The name service switch; `None` where there is no such file. Reads
    /// `/etc/nsswitch.conf`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn nsswitch(&self) -> Fact<Option<Parsed<Vec<Database>>>> {
        look::parsed(self.evidence, NSSWITCH, nsswitch::parse)
    }

    /// The sources of one database of the name service switch, the last line
    /// on it; empty where there is none. Asked by `authselect_scanner` for
    /// `sudoers`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn sources(&self, database: &str) -> Fact<Vec<String>> {
        let databases = self.nsswitch()?.map(|file| file.value).unwrap_or_default();
        let last = databases.into_iter().rfind(|d| d.name == database);
        Ok(last.map(|d| d.services).unwrap_or_default())
    }

    /// Whether NIS is configured: `/etc/yp.conf` names a domain or server.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn uses_nis(&self) -> Fact<bool> {
        let text = look::text(self.evidence, YPBIND)?.unwrap_or_default();
        Ok(text.lines().map(str::trim).any(|line| !line.is_empty() && !line.starts_with('#')))
    }
}

/// The rules of a file that are wanted.
fn used(file: &Parsed<Vec<Rule>>, linked: bool, wanted: impl Fn(&Rule) -> bool) -> Vec<ModuleUse> {
    let service = file.source.rsplit('/').next().unwrap_or_default();
    let place = |rule: &Rule| ModuleUse {
        file: file.source.clone(),
        service: service.to_owned(),
        line: rule.line,
        linked,
    };
    file.value.iter().filter(|rule| wanted(rule)).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    #[test]
    fn uses_of_a_module_are_found_in_every_service() {
        let host = evidence(
            "//- dir /etc/pam.d: login@ login-ac sshd sshd.rpmnew .x.swp d/\n//- link /etc/pam.d/login -> login-ac\n\
             //- /etc/pam.d/login\nauth required pam_tally2.so\n//- /etc/pam.d/login-ac\nauth required pam_tally2.so\n\
             //- /etc/pam.d/sshd\n-session optional /lib64/security/pam_tally2.so # pam_x.so\nodd\n//- /etc/pam.d/sshd.rpmnew\nauth required pam_tally2.so\n",
        );
        let pam = Pam::new(&host);
        let uses = pam.uses("pam_tally2").all().unwrap();
        let shown: Vec<_> = uses.iter().map(|u| (u.service.as_str(), u.line, u.linked)).collect();
        assert_eq!(shown, [("login", 1, true), ("login-ac", 1, false), ("sshd", 1, false)]);
        assert_eq!(pam.uses("pam_x").any(|_| true), Ok(false));
        assert_eq!(pam.services().items[2].file.odd.len(), 1);
    }

    #[test]
    fn a_file_nobody_captured_may_use_anything() {
        let host = evidence("//- /etc/pam.d/sshd\nauth required pam_tally2.so\n");
        let pam = Pam::new(&host);
        assert_eq!(pam.uses("pam_tally2").any(|_| true), Ok(true));
        assert_eq!(pam.uses("pam_krb5").any(|_| true), Err(Unknown::not_captured("/etc/pam.d")));
        assert!(pam.central_modules().is_err());
        let none = evidence("//- absent /etc/pam.d\n");
        assert_eq!(Pam::new(&none).uses("pam_krb5").any(|_| true), Ok(false));
        assert_eq!(Pam::new(&none).central_modules(), Ok(BTreeSet::new()));
    }

    #[test]
    fn included_services_are_followed_once() {
        let host = evidence(
            "//- dir /etc/pam.d: a b\n//- /etc/pam.d/a\nauth include b\nauth required pam_a.so\nauth include gone\n\
             //- /etc/pam.d/b\nauth substack a\nauth required pam_b.so\n",
        );
        let modules = Pam::new(&host).modules_of("a").unwrap();
        assert_eq!(modules.into_iter().collect::<Vec<_>>(), ["pam_a", "pam_b"]);
    }

    #[test]
    fn rules_with_a_module_are_commented_out_where_the_link_leads() {
        let host = evidence(
            "//- link /etc/pam.d/system-auth -> system-auth-ac\n//- entry /etc/pam.d/system-auth-ac 9\n\
             //- /etc/pam.d/system-auth\nauth [success=1 default=ignore] pam_succeed_if.so\n  auth required \\\n# c\n pam_krb5.so\n\
             auth required pam_unix.so # pam_krb5.so\n-auth required /lib64/security/pam_krb5.so",
        );
        let pam = Pam::new(&host);
        let found = pam.without_modules(&["pam_krb5"]);
        assert_eq!(found.items[0].path, "/etc/pam.d/system-auth-ac");
        assert_eq!(
            found.items[0].after,
            "auth [success=1 default=ignore] pam_succeed_if.so\n#  auth required \\\n# c\n# pam_krb5.so\n\
             auth required pam_unix.so # pam_krb5.so\n#-auth required /lib64/security/pam_krb5.so\n"
        );
        assert_eq!((found.items.len(), found.missing.len()), (1, 4));
        let lines = |uses: Vec<ModuleUse>| uses.iter().map(|one| one.line).collect::<Vec<_>>();
        assert_eq!(lines(pam.central_uses("pam_krb5").items), [2, 6]);
        assert_eq!(lines(pam.jumps_over(&["pam_krb5"])), [1]);
        assert_eq!(pam.jumps_over(&["pam_unix"]), []);
    }

    fn managed(change: impl FnOnce(&mut Evidence)) -> Managed {
        let mut text =
            "//- entry /etc/sysconfig/authconfig 10\n//- /etc/sysconfig/authconfig\n".to_owned();
        for name in CENTRAL {
            text += &format!(
                "//- link /etc/pam.d/{name} -> /etc/pam.d/{name}-ac\n//- entry /etc/pam.d/{name}-ac 1\n"
            );
        }
        let mut host = evidence(&text);
        change(&mut host);
        Pam::new(&host).managed().unwrap()
    }

    #[test]
    fn authconfig_manages_links_to_files_that_are_not_newer() {
        assert_eq!(managed(|_| ()), Managed::ByAuthconfig);
        let relative = |host: &mut Evidence| {
            host.links.insert("/etc/pam.d/system-auth".to_owned(), "system-auth-ac".into());
        };
        assert_eq!(managed(relative), Managed::ByAuthconfig);
        let linked = evidence("//- link /etc/pam.d/system-auth -> system-auth-ac\n");
        assert!(Pam::new(&linked).has_relative_links());
        assert!(!Pam::new(&evidence("")).has_relative_links());
        let by_hand = |what: &str| Managed::ByHand(what.to_owned());
        let elsewhere = |host: &mut Evidence| {
            host.links.insert("/etc/pam.d/system-auth".to_owned(), "local".into());
        };
        assert_eq!(managed(elsewhere), by_hand("/etc/pam.d/system-auth links to local"));
        let newer = |host: &mut Evidence| {
            host.entries.get_mut("/etc/pam.d/postlogin-ac").unwrap().mtime = 1;
        };
        assert_eq!(managed(newer), by_hand("/etc/pam.d/postlogin-ac was changed later"));
        let file = |host: &mut Evidence| {
            host.links.remove("/etc/pam.d/postlogin");
            host.files.insert("/etc/pam.d/postlogin".to_owned(), "".into());
        };
        assert_eq!(managed(file), by_hand("/etc/pam.d/postlogin is no link"));
    }

    #[test]
    fn settings_of_authconfig_are_on_off_or_neither() {
        let host =
            evidence("//- /etc/sysconfig/authconfig\nUSESMARTCARD=Yes\nWINBINDKRB5=no\nX=maybe\n");
        let pam = Pam::new(&host);
        assert_eq!(pam.authconfig_flag("USESMARTCARD"), Ok(Some(true)));
        assert_eq!(pam.authconfig_flag("WINBINDKRB5"), Ok(Some(false)));
        assert_eq!(pam.authconfig_flag("X"), Ok(None));
        assert_eq!(pam.authconfig_flag("Y"), Ok(None));
        assert!(Pam::new(&evidence("")).authconfig_flag("X").is_err());
    }

    #[test]
    fn small_files_are_read() {
        let host = evidence(
            "//- /etc/nsswitch.conf\nsudoers: files\nsudoers: files sss\n//- /etc/dconf/db/distro.d/10-authconfig\n[org/gnome/settings-daemon/peripherals/smartcard]\nremoval-action='lock-screen'\n//- /etc/yp.conf\n# c\ndomain x server y\n",
        );
        let pam = Pam::new(&host);
        assert_eq!(pam.sources("sudoers").unwrap(), ["files", "sss"]);
        assert_eq!(pam.sources("hosts").unwrap(), Vec::<String>::new());
        assert_eq!(pam.smartcard_removal(), Ok(Some("lock-screen".to_owned())));
        assert_eq!(pam.uses_nis(), Ok(true));
        let none = evidence("//- absent /etc\n");
        assert_eq!(Pam::new(&none).sources("sudoers"), Ok(Vec::new()));
        assert_eq!(Pam::new(&none).smartcard_removal(), Ok(None));
        assert_eq!(Pam::new(&none).uses_nis(), Ok(false));
    }
}
