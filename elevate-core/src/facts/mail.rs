//! How mail is configured: Postfix, sendmail, aliases.

use std::collections::BTreeSet;

use super::look::{self, Found};
use super::parse::postfix::{self, Parameter, Service};
use super::read::Parsed;
use super::{Fact, Facts, OddLine, Rewrite};
use crate::snapshot::Evidence;

/// Evidence the questions read.
pub const READS: &[&str] = &[MAIN_CF, MASTER_CF, SENDMAIL, "/etc/mail/*", ALIASES];

const MAIN_CF: &str = "/etc/postfix/main.cf";
const MASTER_CF: &str = "/etc/postfix/master.cf";
const SENDMAIL: &str = "/etc/mail";
const ALIASES: &str = "/etc/aliases";

/// Questions on mail.
#[derive(Debug, Clone, Copy)]
pub struct Mail<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// How mail is configured.
    pub fn mail(&self) -> Mail<'a> {
        Mail::new(&self.snapshot.evidence)
    }
}

/// A line with a compressed address of IPv6 in a file of sendmail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompressedAddress {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// The address as written, after `IPv6:`.
    pub address: String,
    /// The same with all its groups, as sendmail of release 8 wants it; `None`
    /// where it is no address.
    pub expanded: Option<String>,
}

/// An entry of `/etc/aliases`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// Line, from 1.
    pub line: usize,
    /// Local name.
    pub name: String,
    /// Where its mail goes, as written.
    pub target: String,
}

impl<'a> Mail<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// Parameters of Postfix. Reads `/etc/postfix/main.cf`. Asked by
    /// `check_postfix`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn postfix(&self) -> Fact<Option<Parsed<Vec<Parameter>>>> {
        look::parsed(self.evidence, MAIN_CF, postfix::main_cf)
    }

    /// A parameter of Postfix, the last line on it.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn postfix_parameter(&self, name: &str) -> Fact<Option<Parameter>> {
        let parameters = self.postfix()?.map(|file| file.value).unwrap_or_default();
        Ok(parameters.into_iter().rfind(|parameter| parameter.name == name))
    }

    /// Types of the tables Postfix looks things up in (`hash`, `mysql`,
    /// `pgsql` ...); some of them are packages of their own in release 8.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn postfix_table_types(&self) -> Fact<BTreeSet<String>> {
        let known = [
            "btree", "cdb", "cidr", "dbm", "environ", "hash", "inline", "ldap", "lmdb", "memcache",
            "mysql", "nis", "pcre", "pgsql", "proxy", "randmap", "regexp", "sqlite", "static",
            "tcp", "texthash", "unionmap",
        ];
        let parameters = self.postfix()?.map(|file| file.value).unwrap_or_default();
        let words = parameters.iter().flat_map(|p| p.value.split([' ', ',', '\t', '{', '}']));
        // `proxy:mysql:/etc/...` is of both types.
        let types = words.flat_map(|word| word.split(':').take(word.matches(':').count().min(2)));
        Ok(types.filter(|word| known.contains(word)).map(str::to_owned).collect())
    }

    /// Services of Postfix. Reads `/etc/postfix/master.cf`. Asked by
    /// `check_postfix`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn postfix_services(&self) -> Fact<Option<Parsed<Vec<Service>>>> {
        look::parsed(self.evidence, MASTER_CF, postfix::master_cf)
    }

    /// Compressed addresses in the files of sendmail that are migrated:
    /// `sendmail.cf`, `sendmail.mc`, `submit.cf`, `submit.mc` and the sources of
    /// every database in `/etc/mail`. Asked by `check_sendmail`.
    pub fn compressed_addresses(&self) -> Found<CompressedAddress> {
        let names = look::names_in(self.evidence, SENDMAIL, |_| true);
        let mut found = Found { items: Vec::new(), missing: names.missing };
        let names: BTreeSet<String> = names.items.into_iter().map(|(name, _)| name).collect();
        let fixed = ["sendmail.cf", "sendmail.mc", "submit.cf", "submit.mc"];
        let candidate = |name: &&String| {
            fixed.contains(&name.as_str()) || names.contains(&format!("{name}.db"))
        };
        for name in names.iter().filter(candidate) {
            let path = format!("{SENDMAIL}/{name}");
            let Some(Some(text)) = found.take(look::text(self.evidence, &path)) else { continue };
            let is_cf = name.ends_with(".cf");
            for (index, line) in text.lines().enumerate() {
                if is_cf && is_shipped(line) {
                    continue;
                }
                found.items.extend(addresses(line).map(|address| CompressedAddress {
                    file: path.clone(),
                    line: index + 1,
                    address: address.to_owned(),
                    expanded: expanded(address),
                }));
            }
        }
        found
    }

    /// The files those addresses are in, with every address that is one in all its groups.
    /// Asked by `migrate_sendmail`.
    pub fn expanded(&self, addresses: &[CompressedAddress]) -> Vec<Rewrite> {
        let files: BTreeSet<&str> = addresses.iter().map(|found| found.file.as_str()).collect();
        let rewrite = |path: &str| {
            let text = look::text(self.evidence, path).ok().flatten()?;
            let found: BTreeSet<usize> =
                addresses.iter().filter(|found| found.file == path).map(|a| a.line).collect();
            let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
            let lines = lines.filter(|(number, _)| found.contains(number));
            let lines = lines.map(|(number, line)| (number, with_expanded(line))).collect();
            Rewrite::of_lines(path, &text, &lines)
        };
        files.into_iter().filter_map(rewrite).collect()
    }

    /// Aliases; `None` where there is no such file. Reads `/etc/aliases`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn aliases(&self) -> Fact<Option<Parsed<Vec<Alias>>>> {
        look::parsed(self.evidence, ALIASES, aliases)
    }
}

/// Lines of the shipped `sendmail.cf` and `submit.cf` that only look like it.
fn is_shipped(line: &str) -> bool {
    let after = line.trim_start().strip_prefix("RIPv6:::1");
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    after.is_some_and(ends) || line.contains("@ [IPv6:::1] >")
}

/// What follows `IPv6:` and holds `::`.
fn addresses(line: &str) -> impl Iterator<Item = &str> {
    line.split("IPv6:").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_hexdigit() && c != ':').unwrap_or(rest.len());
        let address = &rest[..end];
        address.contains("::").then_some(address)
    })
}

/// A line with every address in it that is one in all its groups.
fn with_expanded(line: &str) -> String {
    let mut parts = line.split("IPv6:");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for rest in parts {
        let end = rest.find(|c: char| !c.is_ascii_hexdigit() && c != ':').unwrap_or(rest.len());
        let (address, rest) = rest.split_at(end);
        let long = expanded(address).filter(|_| address.contains("::"));
        whole += &format!("IPv6:{}{rest}", long.as_deref().unwrap_or(address));
    }
    whole
}

/// All eight groups of an address without leading zeros. leapp also takes zeros
/// out of the middle of groups: 2001:db8:: becomes 201:db8:0:... there.
fn expanded(address: &str) -> Option<String> {
    let address: std::net::Ipv6Addr = address.parse().ok()?;
    let groups: Vec<String> = address.segments().iter().map(|group| format!("{group:x}")).collect();
    Some(groups.join(":"))
}

fn aliases(text: &str) -> (Vec<Alias>, Vec<OddLine>) {
    let mut found: Vec<Alias> = Vec::new();
    let mut odd = super::parse::Odd::default();
    for (line, text) in super::parse::lines::numbered(text) {
        let content = text.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        match (text.starts_with([' ', '\t']), found.last_mut()) {
            (true, Some(last)) => {
                last.target.push(' ');
                last.target.push_str(content);
            }
            _ => match content.split_once(':') {
                Some((name, target)) => {
                    let name = name.trim().trim_matches('"').to_owned();
                    found.push(Alias { line, name, target: target.trim().to_owned() });
                }
                None => odd.note(line, text, "has no `:` after a name"),
            },
        }
    }
    (found, odd.finish())
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    #[test]
    fn postfix_is_read() {
        let host = evidence(
            "//- /etc/postfix/main.cf\ncompatibility_level = 2\nalias_maps = hash:/etc/aliases, proxy:mysql:/etc/x.cf\nmyhostname = a:b\nmyhostname = c\n\
             //- /etc/postfix/master.cf\nsmtp inet n - - - - smtpd\n",
        );
        let mail = Mail::new(&host);
        assert_eq!(mail.postfix_parameter("myhostname").unwrap().unwrap().value, "c");
        assert_eq!(mail.postfix_parameter("relay_domains"), Ok(None));
        let types: Vec<_> = mail.postfix_table_types().unwrap().into_iter().collect();
        assert_eq!(types, ["hash", "mysql", "proxy"]);
        assert_eq!(mail.postfix_services().unwrap().unwrap().value[0].chroot, None);
        assert!(Mail::new(&evidence("")).postfix().is_err());
        assert_eq!(Mail::new(&evidence("//- absent /etc/postfix\n")).postfix(), Ok(None));
    }

    #[test]
    fn compressed_addresses_are_found_and_expanded_without_harm() {
        let host = evidence(
            "//- dir /etc/mail: sendmail.cf sendmail.mc access access.db local README\n\
             //- /etc/mail/sendmail.cf\nRIPv6:::1\t\t$@ OK\nR$* $: @ [IPv6:::1] >\nRIPv6:::10 x\n\
             //- /etc/mail/sendmail.mc\nO IPv6:0:0:0:0:0:0:0:1\n//- /etc/mail/access\nConnect:IPv6:2001:db8::c00 RELAY IPv6:1::2::3\n//- /etc/mail/local\nIPv6:::1\n",
        );
        let found = Mail::new(&host).compressed_addresses().all().unwrap();
        let shown: Vec<_> = found
            .iter()
            .map(|a| format!("{}:{} {}", a.file, a.line, a.expanded.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(
            shown,
            [
                "/etc/mail/access:1 2001:db8:0:0:0:0:0:c00",
                "/etc/mail/access:1 -",
                "/etc/mail/sendmail.cf:3 0:0:0:0:0:0:0:10",
            ]
        );
        let after: Vec<_> =
            Mail::new(&host).expanded(&found).into_iter().map(|rewrite| rewrite.after).collect();
        assert_eq!(
            after,
            [
                "Connect:IPv6:2001:db8:0:0:0:0:0:c00 RELAY IPv6:1::2::3\n",
                "RIPv6:::1\t\t$@ OK\nR$* $: @ [IPv6:::1] >\nRIPv6:0:0:0:0:0:0:0:10 x\n",
            ]
        );
    }

    #[test]
    fn what_nobody_captured_may_hold_addresses() {
        let host = evidence("//- dir /etc/mail: sendmail.cf\n");
        assert!(Mail::new(&host).compressed_addresses().any(|_| true).is_err());
        let none = evidence("//- absent /etc/mail\n");
        assert_eq!(Mail::new(&none).compressed_addresses().any(|_| true), Ok(false));
    }

    #[test]
    fn aliases_go_on_in_indented_lines() {
        let host = evidence("//- /etc/aliases\n# c\nroot: a,\n  b\n\"x y\": \"|/bin/z\"\nodd\n");
        let file = Mail::new(&host).aliases().unwrap().unwrap();
        let shown: Vec<_> = file.value.iter().map(|a| format!("{}={}", a.name, a.target)).collect();
        assert_eq!(shown, ["root=a, b", "x y=\"|/bin/z\""]);
        assert_eq!(file.odd[0].line, 5);
        assert!(Mail::new(&evidence("")).aliases().is_err());
    }
}
