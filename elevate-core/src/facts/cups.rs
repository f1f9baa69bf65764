//! How CUPS is configured.

use std::collections::BTreeSet;

use super::look::{self, Found};
use super::parse::directives::{self, CUPS, Directive};
use super::read::Parsed;
use super::rewrite::{self, Rewrite};
use super::{Fact, Facts, OddLine, Unknown};
use crate::snapshot::Evidence;

/// Evidence the questions read. Files `cupsd.conf` includes are read too.
pub const READS: &[&str] = &[CUPSD, "/etc/cups/*.conf", FILES, BROWSED, "/etc/cups/interfaces"];

const CUPSD: &str = "/etc/cups/cupsd.conf";
const FILES: &str = "/etc/cups/cups-files.conf";
const BROWSED: &str = "/etc/cups/cups-browsed.conf";
const INTERFACES: &str = "/etc/cups/interfaces";
/// Most files read for one configuration.
const MOST_FILES: usize = 256;

/// Questions on CUPS.
#[derive(Debug, Clone, Copy)]
pub struct Cups<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// How CUPS is configured.
    pub fn cups(&self) -> Cups<'a> {
        Cups::new(&self.snapshot.evidence)
    }
}

pub use super::rewrite::cups::Migration;

/// `cupsd.conf` with the files it includes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// Files in the order they are read, each once, with their directives.
    pub files: Vec<(String, Vec<Directive>)>,
    /// File and line that were not understood, or include what is not there.
    pub odd: Vec<(String, OddLine)>,
    /// Included files that were not seen.
    pub missing: Vec<Unknown>,
}

impl<'a> Cups<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// The scheduler's configuration; `None` where there is none. Reads
    /// `/etc/cups/cupsd.conf` and what it includes, each file once, so that a
    /// ring of them ends. Asked by `cups_scanner`.
    ///
    /// # Errors
    ///
    /// Where the main file was not captured.
    pub fn config(&self) -> Fact<Option<Config>> {
        let Some(text) = look::text(self.evidence, CUPSD)? else { return Ok(None) };
        let mut config = Config::default();
        let mut seen = BTreeSet::from([CUPSD.to_owned()]);
        self.file(CUPSD, &text, &mut seen, &mut config, 0);
        Ok(Some(config))
    }

    fn file(
        &self,
        path: &str,
        text: &str,
        seen: &mut BTreeSet<String>,
        to: &mut Config,
        depth: usize,
    ) {
        let (directives, odd) = directives::parse(text, &CUPS);
        to.odd.extend(odd.into_iter().map(|odd| (path.to_owned(), odd)));
        let includes: Vec<(usize, String)> = directives
            .iter()
            .filter(|directive| directive.is("Include"))
            .map(|directive| (directive.line, look::within("/etc/cups", &directive.value)))
            .collect();
        to.files.push((path.to_owned(), directives));
        for (line, target) in includes {
            if seen.len() == MOST_FILES || depth == 32 || !seen.insert(target.clone()) {
                let why = "is included again, or after too many others";
                to.odd.push((path.to_owned(), OddLine::new(line, &target, why)));
                continue;
            }
            match look::text(self.evidence, &target) {
                Ok(Some(text)) => self.file(&target, &text, seen, to, depth + 1),
                Ok(None) => {
                    let odd = OddLine::new(line, &target, "is included and not there");
                    to.odd.push((path.to_owned(), odd));
                }
                Err(unknown) => to.missing.push(unknown),
            }
        }
    }

    /// Where files and keys are; `None` where there is no such file. Reads
    /// `/etc/cups/cups-files.conf`. Asked by `cups_scanner` for
    /// `ServerCertificate` and `ServerKey`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn files(&self) -> Fact<Option<Parsed<Vec<Directive>>>> {
        look::parsed(self.evidence, FILES, |text| directives::parse(text, &CUPS))
    }

    /// What becomes of `cupsd.conf` and `cups-files.conf`, and of the certificates they
    /// name. Included files are taken in where all of them were captured. Asked by
    /// `cups_migrate`.
    ///
    /// # Errors
    ///
    /// Where `cups-files.conf` was not captured.
    pub fn migration(&self, config: &Config) -> Fact<Migration> {
        let text = |path: &str| Some(look::text(self.evidence, path).ok()??.into_owned());
        let parts = config.files.iter().filter_map(|(path, _)| Some((path.clone(), text(path)?)));
        let parts: Vec<(String, String)> = parts.collect();
        let files = look::text(self.evidence, FILES)?.unwrap_or_default();
        Ok(rewrite::cups::migrate(&parts, config.missing.is_empty(), (FILES, &files)))
    }

    /// Configuration of cups-browsed with what keeps release 8 behaving as before; `None`
    /// where it says so already, or is not there. Asked by `cupsfilters_migrate`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn browsed(&self) -> Fact<Option<Rewrite>> {
        let Some(text) = look::text(self.evidence, BROWSED)? else { return Ok(None) };
        Ok(Rewrite::new(BROWSED, &text, rewrite::cups::browsed(&text)))
    }

    /// Names of the interface scripts, which CUPS of release 8 does not run.
    /// Reads the listing of `/etc/cups/interfaces`. Asked by `cups_scanner`.
    pub fn interface_scripts(&self) -> Found<String> {
        look::names_in(self.evidence, INTERFACES, |_| true).map(|(name, _)| name)
    }
}

impl Config {
    /// Directives of a name, in any letter case, that have a value, with their
    /// file. The whole name counts: `Includedir` is not `Include`.
    pub fn all<'c>(&'c self, name: &'c str) -> impl Iterator<Item = (&'c str, &'c Directive)> {
        let files = self.files.iter();
        let each =
            files.flat_map(|(file, directives)| directives.iter().map(move |d| (file.as_str(), d)));
        each.filter(move |(_, directive)| directive.is(name) && !directive.value.is_empty())
    }

    /// Directives that ask for digest authentication.
    pub fn digest(&self) -> Vec<(&str, &Directive)> {
        let both = self.all("AuthType").chain(self.all("DefaultAuthType"));
        let digest =
            |value: &str| ["Digest", "BasicDigest"].iter().any(|d| value.eq_ignore_ascii_case(d));
        both.filter(|(_, d)| d.words().next().is_some_and(digest)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    #[test]
    fn included_files_are_read_once() {
        let host = evidence(
            "//- /etc/cups/cupsd.conf\nInclude a.conf\n#Include c\nIncludedir x\nDefaultAuthType basic\nSetEnv A b\nPassEnv\n<Location />\n AuthType digest\n</Location>\n\
             //- /etc/cups/a.conf\nInclude /etc/cups/cupsd.conf\nInclude gone\nInclude unseen\nsetenv C d\n//- absent /etc/cups/gone\n",
        );
        let config = Cups::new(&host).config().unwrap().unwrap();
        let files: Vec<_> = config.files.iter().map(|(file, _)| file.as_str()).collect();
        assert_eq!(files, ["/etc/cups/cupsd.conf", "/etc/cups/a.conf"]);
        assert_eq!(config.all("Include").count(), 4);
        assert_eq!(config.all("SetEnv").count(), 2);
        assert_eq!(config.all("PassEnv").count(), 0);
        assert_eq!(config.digest().len(), 1);
        let odd: Vec<_> = config.odd.iter().map(|(f, o)| (f.as_str(), o.line)).collect();
        assert_eq!(odd, [("/etc/cups/a.conf", 1), ("/etc/cups/a.conf", 2)]);
        assert_eq!(config.missing, [Unknown::not_captured("/etc/cups/unseen")]);
    }

    #[test]
    fn other_files_are_there_or_absent_or_unknown() {
        let host = evidence(
            "//- /etc/cups/cups-files.conf\nServerKey ssl/x\n//- absent /etc/cups/cups-browsed.conf\n//- absent /etc/cups/interfaces\n//- absent /etc/cups/cupsd.conf\n",
        );
        let cups = Cups::new(&host);
        assert_eq!(cups.files().unwrap().unwrap().value[0].value, "ssl/x");
        assert_eq!((cups.browsed(), cups.config()), (Ok(None), Ok(None)));
        assert_eq!(cups.interface_scripts().any(|_| true), Ok(false));
        let nothing = evidence("");
        let cups = Cups::new(&nothing);
        assert!(cups.files().is_err() && cups.browsed().is_err() && cups.config().is_err());
        assert!(cups.interface_scripts().any(|_| true).is_err());
        let used = evidence("//- dir /etc/cups/interfaces: lp0\n");
        assert_eq!(Cups::new(&used).interface_scripts().any(|_| true), Ok(true));
    }
}
