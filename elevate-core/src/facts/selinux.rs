//! Whether SELinux is on, and how it was changed.

use super::look;
use super::read;
use super::{Fact, Facts, Unknown};
use crate::snapshot::{EntryKind, Evidence};

/// Evidence the questions read.
pub const READS: &[&str] = &[
    CONFIG,
    ENFORCE,
    "/sys/fs/selinux",
    "/proc/cmdline",
    "/etc/selinux/*/active/modules",
    "/etc/selinux/*/active/modules/*",
    "/etc/selinux/*/active",
    "/.autorelabel",
    "command:getenforce",
    "command:sestatus",
    "command:sestatus -b",
    "command:semodule -lfull",
];

const CONFIG: &str = "/etc/selinux/config";
const ENFORCE: &str = "/sys/fs/selinux/enforce";
const CMDLINE: &str = "/proc/cmdline";

/// Questions on SELinux.
#[derive(Debug, Clone, Copy)]
pub struct Selinux<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// Whether SELinux is on, and how it was changed.
    pub fn selinux(&self) -> Selinux<'a> {
        Selinux::new(&self.snapshot.evidence)
    }
}

/// What SELinux does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Denies.
    Enforcing,
    /// Only logs.
    Permissive,
    /// Nothing.
    Disabled,
}

/// A module of the policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Module {
    /// Its priority: 100 is the distribution's, 200 that of packages.
    pub priority: u32,
    /// Its name.
    pub name: String,
}

/// What the kernel was told of SELinux.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Arguments {
    /// `selinux=0` or `selinux=1`.
    pub selinux: Option<bool>,
    /// `enforcing=0` or `enforcing=1`.
    pub enforcing: Option<bool>,
}

impl<'a> Selinux<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// The configured mode; `None` where the file is not there or says none.
    /// Reads `/etc/selinux/config` as libselinux does: the first line that
    /// begins with `SELINUX=` and a mode counts. Asked by `check_se_linux`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn configured(&self) -> Fact<Option<Mode>> {
        let text = look::text(self.evidence, CONFIG)?.unwrap_or_default();
        let values = text.lines().filter_map(|line| line.strip_prefix("SELINUX="));
        Ok(values.filter_map(mode).next())
    }

    /// The configuration as it is and as it would be with SELinux permissive;
    /// `None` without the file. `set_permissive_se_linux` changes it.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn permissive_config(&self) -> Fact<Option<(String, String)>> {
        let Some(text) = look::text(self.evidence, CONFIG)? else { return Ok(None) };
        let permissive = |line: &str| match line.strip_prefix("SELINUX=").and_then(mode) {
            Some(Mode::Enforcing) => "SELINUX=permissive\n".to_owned(),
            _ => format!("{line}\n"),
        };
        let after = text.lines().map(permissive).collect();
        Ok(Some((text.into_owned(), after)))
    }

    /// The configured policy, `targeted` where none is named; `None` where the
    /// file is not there. The last line counts.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn policy(&self) -> Fact<Option<String>> {
        let Some(text) = look::text(self.evidence, CONFIG)? else { return Ok(None) };
        let tag = "SELINUXTYPE=";
        let mut values = text.lines().map(str::trim_start).filter_map(|line| {
            let name = line.get(..tag.len()).filter(|name| name.eq_ignore_ascii_case(tag))?;
            Some(line[name.len()..].trim_end())
        });
        Ok(Some(values.next_back().unwrap_or("targeted").to_owned()))
    }

    /// The mode of the running kernel. Reads `/sys/fs/selinux/enforce`, else
    /// `getenforce`, else `sestatus`. Asked by `check_se_linux`.
    ///
    /// # Errors
    ///
    /// Where none of them was captured.
    pub fn running(&self) -> Fact<Mode> {
        let unknown = match read::text(self.evidence, ENFORCE) {
            Ok(Some(text)) => match text.trim() {
                "1" => return Ok(Mode::Enforcing),
                "0" => return Ok(Mode::Permissive),
                other => Unknown::malformed(ENFORCE, format!("{other:.20}")),
            },
            Ok(None) => return Ok(Mode::Disabled),
            Err(unknown) => unknown,
        };
        let first = |line: &str| look::command(self.evidence, &[line]).ok();
        if let Some(found) = first("command:getenforce").and_then(|text| mode(text.trim())) {
            return Ok(found);
        }
        let status = first("command:sestatus").or_else(|| first("command:sestatus -b"));
        status.and_then(|text| sestatus(&text)).ok_or(unknown)
    }

    /// What the kernel was told; the last word counts. Reads `/proc/cmdline`.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn arguments(&self) -> Fact<Arguments> {
        let text = read::text(self.evidence, CMDLINE)?;
        let text = text.ok_or_else(|| Unknown::not_captured(CMDLINE))?;
        let mut arguments = Arguments::default();
        for (key, value) in text.split_whitespace().filter_map(|word| word.split_once('=')) {
            // The kernel reads a number and takes all but zero for yes.
            let number = || value.parse::<i64>().ok().map(|number| number != 0);
            match key {
                "selinux" => arguments.selinux = number(),
                "enforcing" => arguments.enforcing = number(),
                _ => {}
            }
        }
        Ok(arguments)
    }

    /// Modules of the policy that neither the distribution nor a package has
    /// installed. Reads the listing of the module store of the configured
    /// policy, else `semodule -lfull`. Asked by `selinuxcontentscanner`.
    ///
    /// # Errors
    ///
    /// Where neither was captured.
    pub fn custom_modules(&self) -> Fact<Vec<Module>> {
        let stored = self.stored_modules();
        let mut modules = match stored {
            Ok(modules) => modules,
            Err(unknown) => {
                let text = look::command(self.evidence, &["command:semodule -lfull"]);
                listed_modules(&text.map_err(|_| unknown)?)
            }
        };
        modules.retain(|module| !matches!(module.priority, 100 | 200));
        modules.sort();
        Ok(modules)
    }

    fn stored_modules(&self) -> Fact<Vec<Module>> {
        let Some(policy) = self.policy()? else { return Ok(Vec::new()) };
        let store = format!("/etc/selinux/{policy}/active/modules");
        let number = |name: &str| name.parse::<u32>().is_ok();
        let mut modules = Vec::new();
        for (name, _) in look::names_in(self.evidence, &store, number).all()? {
            let Ok(priority @ 0..=999) = name.parse::<u32>() else { continue };
            if matches!(priority, 100 | 200) {
                continue;
            }
            let inside =
                look::names_in(self.evidence, &format!("{store}/{name}"), |_| true).all()?;
            let here = inside.into_iter().filter(|(_, kind)| *kind == EntryKind::Directory);
            modules.extend(here.map(|(name, _)| Module { priority, name }));
        }
        Ok(modules)
    }

    /// Files of local changes (`booleans.local`, `ports.local`,
    /// `file_contexts.local` ...) in the store of the configured policy, by
    /// path.
    ///
    /// # Errors
    ///
    /// Where the store was not listed.
    pub fn local_changes(&self) -> Fact<Vec<String>> {
        let Some(policy) = self.policy()? else { return Ok(Vec::new()) };
        let store = format!("/etc/selinux/{policy}/active");
        let names = look::names_in(self.evidence, &store, |name| name.ends_with(".local")).all()?;
        Ok(names.into_iter().map(|(name, _)| format!("{store}/{name}")).collect())
    }

    /// Whether all files are to be labelled at the next boot.
    ///
    /// # Errors
    ///
    /// Where nobody looked for `/.autorelabel`.
    pub fn relabels(&self) -> Fact<bool> {
        look::exists(self.evidence, "/.autorelabel")
    }
}

/// A mode that a text begins with, in any letter case.
fn mode(text: &str) -> Option<Mode> {
    let names = [
        ("enforcing", Mode::Enforcing),
        ("permissive", Mode::Permissive),
        ("disabled", Mode::Disabled),
    ];
    let begins = |name: &str| text.get(..name.len()).is_some_and(|t| t.eq_ignore_ascii_case(name));
    names.into_iter().find(|(name, _)| begins(name)).map(|(_, mode)| mode)
}

fn sestatus(text: &str) -> Option<Mode> {
    let value = |key: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(name, _)| name.trim() == key).map(|(_, value)| value.trim())
    };
    match value("SELinux status")? {
        "disabled" => Some(Mode::Disabled),
        _ => mode(value("Current mode")?),
    }
}

fn listed_modules(text: &str) -> Vec<Module> {
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let priority = words.next()?.parse().ok()?;
        Some(Module { priority, name: words.next()?.to_owned() })
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    fn selinux<T>(text: &str, ask: fn(&Selinux<'static>) -> T) -> T {
        ask(&Selinux::new(Box::leak(Box::new(evidence(text)))))
    }

    #[test]
    fn the_configured_mode_is_read_as_libselinux_reads_it() {
        for (text, expected) in [
            ("SELINUX=enforcing\nSELINUX=disabled\n", Some(Mode::Enforcing)),
            (
                "#SELINUX=enforcing\n SELINUX=disabled\nSELINUX=Permissive \n",
                Some(Mode::Permissive),
            ),
            ("SELINUX=off\nSELINUX=disabled # c\n", Some(Mode::Disabled)),
            ("SELINUX= enforcing\n", None),
            ("", None),
        ] {
            let text = format!("//- /etc/selinux/config\n{text}");
            assert_eq!(selinux(&text, Selinux::configured), Ok(expected), "{text}");
        }
        assert_eq!(selinux("//- absent /etc/selinux\n", Selinux::configured), Ok(None));
        assert!(selinux("", Selinux::configured).is_err());
    }

    #[test]
    fn the_policy_is_the_last_one_named() {
        let text = "//- /etc/selinux/config\nSELINUXTYPE=minimum\n  selinuxtype=mls \n";
        assert_eq!(selinux(text, Selinux::policy), Ok(Some("mls".to_owned())));
        let text = "//- /etc/selinux/config\n\u{e9}\n";
        assert_eq!(selinux(text, Selinux::policy), Ok(Some("targeted".to_owned())));
    }

    #[test]
    fn the_running_mode_has_three_sources() {
        for (text, expected) in [
            ("//- /sys/fs/selinux/enforce\n1\n", Mode::Enforcing),
            ("//- /sys/fs/selinux/enforce\n0\n", Mode::Permissive),
            ("//- absent /sys/fs/selinux/enforce\n//- /proc/cmdline\nro\n", Mode::Disabled),
            ("//- command getenforce\nPermissive\n", Mode::Permissive),
            ("//- command sestatus -b\nSELinux status:   disabled\n", Mode::Disabled),
            (
                "//- command sestatus\nSELinux status: enabled\nCurrent mode:   enforcing\n",
                Mode::Enforcing,
            ),
        ] {
            assert_eq!(selinux(text, Selinux::running), Ok(expected), "{text}");
        }
        assert!(selinux("", Selinux::running).is_err());
        // On a mounted root it says nothing that the file is not there.
        assert!(selinux("//- absent /sys/fs/selinux/enforce\n", Selinux::running).is_err());
        assert!(selinux("//- /sys/fs/selinux/enforce\nx\n", Selinux::running).is_err());
    }

    #[test]
    fn the_last_word_to_the_kernel_counts() {
        let text = "//- /proc/cmdline\nselinux=1 selinux=0 enforcing=x xselinux=1\n";
        let expected = Arguments { selinux: Some(false), enforcing: None };
        assert_eq!(selinux(text, Selinux::arguments), Ok(expected));
        assert!(selinux("", Selinux::arguments).is_err());
    }

    #[test]
    fn custom_modules_are_those_of_other_priorities() {
        let store = "//- /etc/selinux/config\nSELINUXTYPE=targeted\n//- dir /etc/selinux/targeted/active: modules/ ports.local seusers\n\
            //- dir /etc/selinux/targeted/active/modules: 100/ 400/ disabled/\n//- dir /etc/selinux/targeted/active/modules/400: mine/ other/\n";
        let modules = selinux(store, Selinux::custom_modules).unwrap();
        let names: Vec<_> = modules.iter().map(|m| (m.priority, m.name.as_str())).collect();
        assert_eq!(names, [(400, "mine"), (400, "other")]);
        let changes = selinux(store, Selinux::local_changes).unwrap();
        assert_eq!(changes, ["/etc/selinux/targeted/active/ports.local"]);
        let text = "//- command semodule -lfull\n100 abrt pp\n400 mine cil\n400 off cil disabled\n200 x pp\n";
        assert_eq!(selinux(text, Selinux::custom_modules).unwrap().len(), 2);
        assert!(selinux("", Selinux::custom_modules).is_err());
        assert!(selinux("", Selinux::local_changes).is_err());
        assert_eq!(selinux("//- absent /etc/selinux\n", Selinux::custom_modules), Ok(vec![]));
        assert_eq!(selinux("//- dir /: etc/\n", Selinux::relabels), Ok(false));
        assert!(selinux("", Selinux::relabels).is_err());
    }

    #[test]
    fn the_configuration_is_made_permissive_where_it_enforces() {
        let text =
            "//- /etc/selinux/config\n# SELINUX=enforcing\nSELINUX=enforcing\nSELINUXTYPE=mls\n";
        let (before, after) = selinux(text, Selinux::permissive_config).unwrap().unwrap();
        assert_eq!(before, "# SELINUX=enforcing\nSELINUX=enforcing\nSELINUXTYPE=mls\n");
        assert_eq!(after, "# SELINUX=enforcing\nSELINUX=permissive\nSELINUXTYPE=mls\n");
        let absent = selinux("//- absent /etc/selinux\n", Selinux::permissive_config);
        assert_eq!(absent, Ok(None));
    }
}
