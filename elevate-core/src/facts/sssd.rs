//! How SSSD is configured.

use super::look::{self, Found};
use super::parse::ini::{self, Ini};
use super::read::Parsed;
use super::{Fact, Facts, Unknown};
use crate::snapshot::Evidence;

/// Evidence the questions read.
pub const READS: &[&str] = &[MAIN, "/etc/sssd/conf.d/*.conf", CACHE];

const MAIN: &str = "/etc/sssd/sssd.conf";
const SNIPPETS: &str = "/etc/sssd/conf.d";
const CACHE: &str = "/var/lib/sss/db";

/// Questions on SSSD.
#[derive(Debug, Clone, Copy)]
pub struct Sssd<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// How SSSD is configured.
    pub fn sssd(&self) -> Sssd<'a> {
        Sssd::new(&self.snapshot.evidence)
    }
}

/// The configuration: the main file, then what is in `conf.d`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Files in the order they are read; a later one counts.
    pub files: Vec<Parsed<Ini>>,
    /// Files that were not seen.
    pub missing: Vec<Unknown>,
}

/// An option and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<'c> {
    /// Its value.
    pub value: &'c str,
    /// File.
    pub file: &'c str,
    /// Line, from 1.
    pub line: usize,
}

impl<'a> Sssd<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// The configuration; `None` where there is none. Reads
    /// `/etc/sssd/sssd.conf` and, which leapp does not, `/etc/sssd/conf.d`.
    /// Asked by `sssd_facts`.
    ///
    /// # Errors
    ///
    /// Where the main file was not captured.
    pub fn config(&self) -> Fact<Option<Config>> {
        let main = look::parsed(self.evidence, MAIN, ini::parse)?;
        let wanted = |name: &str| name.ends_with(".conf") && !name.starts_with('.');
        let Found { items, missing } = look::files_in(self.evidence, SNIPPETS, wanted, ini::parse);
        let files: Vec<_> = main.into_iter().chain(items).collect();
        Ok((!files.is_empty()).then_some(Config { files, missing }))
    }

    /// Paths of the caches. Reads the listing of `/var/lib/sss/db`. Asked by
    /// `sssd_handle_cache_files`.
    pub fn caches(&self) -> Found<String> {
        let names = look::names_in(self.evidence, CACHE, |name| name.ends_with(".ldb"));
        names.map(|(name, _)| format!("{CACHE}/{name}"))
    }
}

impl Config {
    /// Names of the domains that have a section, each once, in file order.
    pub fn domains(&self) -> Vec<&str> {
        let mut domains: Vec<&str> = Vec::new();
        let sections = self.files.iter().flat_map(|file| &file.value.sections);
        let mut seen = std::collections::BTreeSet::new();
        for name in sections.filter_map(|section| section.name.strip_prefix("domain/")) {
            if seen.insert(name) {
                domains.push(name);
            }
        }
        domains
    }

    /// An option of a section (`sssd`, `domain/example.com`).
    pub fn get(&self, section: &str, option: &str) -> Option<Setting<'_>> {
        let mut files = self.files.iter().rev();
        files.find_map(|file| {
            let entry = file.value.get(section, option)?;
            Some(Setting { value: &entry.value, file: &file.source, line: entry.line })
        })
    }

    /// The services SSSD is told to start.
    pub fn services(&self) -> Vec<&str> {
        let list = self.get("sssd", "services").map_or("", |setting| setting.value);
        list.split([',', ' ', '\n', '\t']).filter(|name| !name.is_empty()).collect()
    }

    /// The provider of sudo rules in a domain: its own, else that of identities.
    pub fn sudo_provider(&self, domain: &str) -> Option<&str> {
        let section = format!("domain/{domain}");
        let get = |option| self.get(&section, option).map(|setting| setting.value);
        get("sudo_provider").or_else(|| get("id_provider"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    #[test]
    fn later_files_count_and_domains_stand_once() {
        let host = evidence(
            "//- /etc/sssd/sssd.conf\n[sssd]\nservices = nss, pam\n[domain/a]\nid_provider = ad\nsudo_provider = ldap\n[domain/b]\nid_provider = ipa\nodd\n\
             //- dir /etc/sssd/conf.d: x.conf .y.conf\n//- /etc/sssd/conf.d/x.conf\n[domain/a]\nid_provider = local\n",
        );
        let config = Sssd::new(&host).config().unwrap().unwrap();
        assert_eq!(config.domains(), ["a", "b"]);
        assert_eq!(config.services(), ["nss", "pam"]);
        let provider = config.get("domain/a", "ID_provider").unwrap();
        assert_eq!((provider.value, provider.file), ("local", "/etc/sssd/conf.d/x.conf"));
        assert_eq!(config.sudo_provider("a"), Some("ldap"));
        assert_eq!(config.sudo_provider("b"), Some("ipa"));
        assert_eq!(config.files[0].odd[0].line, 8);
    }

    #[test]
    fn a_host_without_sssd_has_no_configuration() {
        let none = evidence("//- absent /etc/sssd\n//- absent /var/lib/sss\n");
        assert_eq!(Sssd::new(&none).config(), Ok(None));
        assert_eq!(Sssd::new(&none).caches().all(), Ok(Vec::new()));
        assert!(Sssd::new(&evidence("")).config().is_err());
        let unlisted = evidence("//- /etc/sssd/sssd.conf\n[sssd]\n");
        let config = Sssd::new(&unlisted).config().unwrap().unwrap();
        assert_eq!(config.missing, [Unknown::not_captured("/etc/sssd/conf.d")]);
    }

    #[test]
    fn caches_are_listed() {
        let host = evidence("//- dir /var/lib/sss/db: cache_a.ldb config.ldb timestamps\n");
        let caches = Sssd::new(&host).caches().all().unwrap();
        assert_eq!(caches, ["/var/lib/sss/db/cache_a.ldb", "/var/lib/sss/db/config.ldb"]);
    }
}
