//! How BIND is configured.

use std::collections::BTreeSet;

use super::look;
use super::parse::named::{self, Statement};
use super::rewrite::Rewrite;
use super::{Fact, Facts, OddLine, Unknown};
use crate::snapshot::Evidence;

/// Evidence the questions read. Files `named.conf` includes are read too,
/// wherever they are.
pub const READS: &[&str] = &[NAMED_CONF, "/etc/named/*", "/etc/named.*", "/var/named/*.conf"];

const NAMED_CONF: &str = "/etc/named.conf";
/// Why a line is odd that includes what is not there.
const GONE: &str = "is included and not there";
/// Most files read for one configuration.
const MOST_FILES: usize = 512;

/// Questions on BIND.
#[derive(Debug, Clone, Copy)]
pub struct Dns<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// How BIND is configured.
    pub fn dns(&self) -> Dns<'a> {
        Dns::new(&self.snapshot.evidence)
    }
}

/// `/etc/named.conf` with the files it includes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// Files in the order they are named, each once, with their statements.
    pub files: Vec<(String, Vec<Statement>)>,
    /// File and line that were not understood, or include what is not there.
    pub odd: Vec<(String, OddLine)>,
    /// Included files that were not seen.
    pub missing: Vec<Unknown>,
}

/// A zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone<'c> {
    /// Its name.
    pub name: &'c str,
    /// `master`, `slave`, `hint`, `forward` ...
    pub kind: Option<&'c str>,
    /// File it is defined in.
    pub file: &'c str,
    /// Line, from 1.
    pub line: usize,
}

impl<'a> Dns<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// The configuration; `None` where there is none. Asked by `check_bind`.
    ///
    /// # Errors
    ///
    /// Where the main file was not captured. Missing included files are in the
    /// answer.
    pub fn config(&self) -> Fact<Option<Config>> {
        let Some(text) = look::text(self.evidence, NAMED_CONF)? else { return Ok(None) };
        let mut config = Config::default();
        let mut seen = BTreeSet::from([NAMED_CONF.to_owned()]);
        // named resolves names from its directory, once it was told of it.
        let mut directory = "/".to_owned();
        let mut next = vec![(NAMED_CONF.to_owned(), text.into_owned())];
        let mut at = 0;
        while let Some((path, text)) = next.get(at).cloned() {
            at += 1;
            let (statements, odd) = named::parse(&text);
            config.odd.extend(odd.into_iter().map(|odd| (path.clone(), odd)));
            for (line, target) in includes(&statements, &mut directory) {
                let target = look::within(&directory, &target);
                if seen.len() == MOST_FILES || !seen.insert(target.clone()) {
                    continue;
                }
                match look::text(self.evidence, &target) {
                    Ok(Some(text)) => next.push((target, text.into_owned())),
                    Ok(None) => {
                        let odd = OddLine::new(line, &target, GONE);
                        config.odd.push((path.clone(), odd));
                    }
                    Err(unknown) => config.missing.push(unknown),
                }
            }
            config.files.push((path, statements));
        }
        Ok(Some(config))
    }

    /// The files that turn `dnssec-lookaside` on, with every such statement in comment
    /// signs. Asked by `bind_update`.
    pub fn without_lookaside(&self, config: &Config) -> Vec<Rewrite> {
        let files: BTreeSet<&str> =
            config.dnssec_lookaside().iter().map(|(file, _)| *file).collect();
        let rewrite = |path: &str| {
            let text = look::text(self.evidence, path).ok().flatten()?;
            Rewrite::new(path, &text, named::without(&text, "dnssec-lookaside"))
        };
        files.into_iter().filter_map(rewrite).collect()
    }
}

/// What a file includes, with the line; takes note of the directory.
fn includes(statements: &[Statement], directory: &mut String) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for statement in statements {
        statement.walk(&mut |inner| match (inner.name(), inner.value()) {
            ("include", Some(path)) => found.push((inner.line, path.text.clone())),
            ("directory", Some(path)) if path.text.starts_with('/') => {
                directory.clone_from(&path.text);
            }
            _ => {}
        });
    }
    found
}

impl Config {
    /// Whether a file that is included is not there.
    pub fn lacks_a_file(&self) -> bool {
        self.odd.iter().any(|(_, odd)| odd.why == GONE)
    }

    /// Every statement of this name, at any depth, with its file.
    pub fn statements<'c>(&'c self, name: &str) -> Vec<(&'c str, &'c Statement)> {
        let mut found = Vec::new();
        for (file, statements) in &self.files {
            for statement in statements {
                statement.walk(&mut |inner| {
                    if inner.name() == name {
                        found.push((file.as_str(), inner));
                    }
                });
            }
        }
        found
    }

    /// Statements `dnssec-lookaside` that turn it on, which BIND of release 8
    /// does not accept: all but the bare word `no`.
    pub fn dnssec_lookaside(&self) -> Vec<(&str, &Statement)> {
        let mut found = self.statements("dnssec-lookaside");
        found.retain(|(_, s)| s.value().is_none_or(|word| word.quoted || word.text != "no"));
        found
    }

    /// Whether a `listen-on-v6` says where named listens on IPv6. Without one,
    /// named of release 8 listens everywhere.
    ///
    /// # Errors
    ///
    /// Where none was found and an included file was not seen.
    pub fn says_listen_on_v6(&self) -> Fact<bool> {
        match (self.statements("listen-on-v6").is_empty(), self.missing.first()) {
            (false, _) => Ok(true),
            (true, None) => Ok(false),
            (true, Some(unknown)) => Err(unknown.clone()),
        }
    }

    /// Zones, those in views among them.
    pub fn zones(&self) -> Vec<Zone<'_>> {
        let mut zones = Vec::new();
        for (file, zone) in self.statements("zone") {
            let (Some(block), Some(name)) = (&zone.block, zone.value()) else { continue };
            let kind = block.iter().find(|s| s.name() == "type").and_then(Statement::value);
            let kind = kind.map(|word| word.text.as_str());
            zones.push(Zone { name: &name.text, kind, file, line: zone.line });
        }
        zones
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    const HOST: &str = "\
//- /etc/named.conf
options {
    directory \"/var/named\";
    dnssec-lookaside auto;
    dnssec-lookaside no;
    // listen-on-v6 { any; };
};
view \"v\" IN { zone \"a.b\" IN { type master; file \"x\"; }; include \"more.conf\"; };
include \"/etc/gone\"; include \"/etc/named.conf\";
//- /var/named/more.conf
dnssec-lookaside \".\" trust-anchor \"no\";
dnssec-lookaside;
zone \"c.d\" { };
//- absent /etc/gone
";

    #[test]
    fn every_statement_of_every_file_is_found() {
        let host = evidence(HOST);
        let config = Dns::new(&host).config().unwrap().unwrap();
        let lookaside: Vec<_> =
            config.dnssec_lookaside().iter().map(|(f, s)| format!("{f}:{}", s.line)).collect();
        assert_eq!(
            lookaside,
            ["/etc/named.conf:3", "/var/named/more.conf:1", "/var/named/more.conf:2"]
        );
        assert_eq!(config.says_listen_on_v6(), Ok(false));
        let zones: Vec<_> = config.zones().iter().map(|z| (z.name, z.kind, z.line)).collect();
        assert_eq!(zones, [("a.b", Some("master"), 7), ("c.d", None, 3)]);
        // A missing include is a remark.
        let odd: Vec<_> = config.odd.iter().map(|(f, o)| (f.as_str(), o.line)).collect();
        assert_eq!(odd, [("/etc/named.conf", 8)]);
        assert!(config.lacks_a_file());
    }

    #[test]
    fn an_included_file_nobody_captured_may_say_anything() {
        let host = evidence("//- /etc/named.conf\ninclude \"x\";\n");
        let config = Dns::new(&host).config().unwrap().unwrap();
        assert_eq!(config.says_listen_on_v6(), Err(Unknown::not_captured("/x")));
        let host = evidence("//- /etc/named.conf\ninclude \"x\"; listen-on-v6 { none; };\n");
        let config = Dns::new(&host).config().unwrap().unwrap();
        assert_eq!(config.says_listen_on_v6(), Ok(true));
    }

    #[test]
    fn the_file_is_there_or_absent_or_unknown() {
        assert_eq!(Dns::new(&evidence("//- absent /etc/named.conf\n")).config(), Ok(None));
        assert!(Dns::new(&evidence("//- unreadable /etc/named.conf: EACCES\n")).config().is_err());
        assert!(Dns::new(&evidence("")).config().is_err());
    }
}
