//! Access rules of TCP wrappers, which are gone in release 8.

use super::look;
use super::parse::hosts_access::{self, Rule};
use super::read::Parsed;
use super::{Fact, Facts};
use crate::snapshot::Evidence;

/// Evidence the questions read.
pub const READS: &[&str] = &[ALLOW, DENY];

const ALLOW: &str = "/etc/hosts.allow";
const DENY: &str = "/etc/hosts.deny";

/// Questions on TCP wrappers.
#[derive(Debug, Clone, Copy)]
pub struct TcpWrappers<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// Access rules of TCP wrappers.
    pub fn tcp_wrappers(&self) -> TcpWrappers<'a> {
        TcpWrappers::new(&self.snapshot.evidence)
    }
}

/// A rule that is for a daemon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
}

impl<'a> TcpWrappers<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// What is allowed. Reads `/etc/hosts.allow`. Asked by
    /// `tcp_wrappers_config_read`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn allow(&self) -> Fact<Option<Parsed<Vec<Rule>>>> {
        look::parsed(self.evidence, ALLOW, hosts_access::parse)
    }

    /// What is denied. Reads `/etc/hosts.deny`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn deny(&self) -> Fact<Option<Parsed<Vec<Rule>>>> {
        look::parsed(self.evidence, DENY, hosts_access::parse)
    }

    /// Rules that are for a daemon, by its name or by a wildcard (`ALL`, `*`).
    /// leapp's own check for daemons other than vsftpd and sendmail never fires,
    /// because it compares names with lists of names. Asked by
    /// `tcp_wrappers_check`, `check_sendmail`, `vsftpd_config_check`.
    ///
    /// # Errors
    ///
    /// Where no rule is for it and one of the files was not captured.
    pub fn rules_for(&self, daemon: &str) -> Fact<Vec<Hit>> {
        let mut hits = Vec::new();
        let mut unknown = None;
        for file in [self.allow(), self.deny()] {
            match file {
                Ok(Some(file)) => {
                    let of = file.value.iter().filter(|rule| applies(rule, daemon));
                    hits.extend(of.map(|r| Hit { file: file.source.clone(), line: r.line }));
                }
                Ok(None) => {}
                Err(error) => unknown = unknown.or(Some(error)),
            }
        }
        match unknown {
            Some(unknown) if hits.is_empty() => Err(unknown),
            _ => Ok(hits),
        }
    }
}

/// Whether a rule is for a daemon, on any host. `daemon@host` counts where it
/// includes and not where it excludes: it does so on that host only.
fn applies(rule: &Rule, daemon: &str) -> bool {
    let daemon = daemon.to_ascii_lowercase();
    rule.daemons.holds(|word, depth| {
        let word = word.to_ascii_lowercase();
        match word.split_once('@') {
            Some(_) if depth % 2 == 1 => false,
            Some((name, _)) => names(name, &daemon),
            None => names(&word, &daemon),
        }
    })
}

fn names(pattern: &str, daemon: &str) -> bool {
    // Only `*` and `?` are wildcards here.
    let literal = pattern.replace('\\', r"\\").replace('[', r"\[");
    pattern == "all" || look::matches(&literal, daemon)
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    #[test]
    fn a_rule_is_for_a_daemon_by_name_wildcard_or_all() {
        for (list, daemon, expected) in [
            ("ALL", "sshd", true),
            ("sshd", "SSHD", true),
            ("all except sendmail", "vsftpd", true),
            ("all except sendmail", "sendmail", false),
            ("all except b* except bar", "foo", true),
            ("all except b* except bar", "bar", true),
            ("all except b* except bar", "baar", false),
            ("all except", "x", true),
            ("vsftpd@localhost", "vsftpd", true),
            ("all except vsftpd@localhost", "vsftpd", true),
            ("ftp", "vsftpd", false),
            ("*ftp*", "vsftpd", true),
            ("vs?tpd", "vsftpd", true),
            ("?", "vsftpd", false),
            ("[v]sftpd", "vsftpd", false),
            ("a, vsftpd\tb", "vsftpd", true),
        ] {
            let host = evidence(&format!(
                "//- /etc/hosts.allow\n{list} : x\n//- absent /etc/hosts.deny\n"
            ));
            let hits = TcpWrappers::new(&host).rules_for(daemon).unwrap();
            assert_eq!(!hits.is_empty(), expected, "{list} {daemon}");
        }
    }

    #[test]
    fn lines_tcp_wrappers_pass_by_are_for_nobody() {
        let host = evidence("//- /etc/hosts.allow\n#sshd: ALL\nsshd\n//- /etc/hosts.deny\n");
        let wrappers = TcpWrappers::new(&host);
        assert_eq!(wrappers.rules_for("sshd"), Ok(Vec::new()));
        assert_eq!(wrappers.allow().unwrap().unwrap().odd.len(), 1);
    }

    #[test]
    fn a_rule_found_is_an_answer_whatever_is_missing() {
        let host = evidence("//- /etc/hosts.deny\n\nALL: ALL\n");
        let hit = Hit { file: "/etc/hosts.deny".to_owned(), line: 2 };
        assert_eq!(TcpWrappers::new(&host).rules_for("sshd"), Ok(vec![hit]));
        let host = evidence("//- /etc/hosts.deny\n//- unreadable /etc/hosts.allow: EACCES\n");
        assert!(TcpWrappers::new(&host).rules_for("sshd").is_err());
    }
}
