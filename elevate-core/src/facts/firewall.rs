//! What firewalld's own files say.
//!
//! They are XML. Only small files of a known form are read, and one that holds
//! anything else is *unknown*, not half an answer.

use std::collections::BTreeSet;

use super::look::{self, Found};
use super::parse::tags::{self, Tag};
use super::{Fact, Facts, Unknown};
use crate::snapshot::Evidence;

/// Evidence the questions read.
pub const READS: &[&str] = &[WHITELIST, DIRECT, IPSETS, "/etc/firewalld/ipsets/*.xml"];

const WHITELIST: &str = "/etc/firewalld/lockdown-whitelist.xml";
const DIRECT: &str = "/etc/firewalld/direct.xml";
const IPSETS: &str = "/etc/firewalld/ipsets";

/// Questions on firewalld.
#[derive(Debug, Clone, Copy)]
pub struct Firewall<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// What firewalld's files say.
    pub fn firewall(&self) -> Firewall<'a> {
        Firewall::new(&self.snapshot.evidence)
    }
}

impl<'a> Firewall<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// Commands on the lockdown whitelist; empty where there is no such file.
    /// Asked by `firewalld_facts_actor` for `firewall-config`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured, or is not understood.
    pub fn whitelisted_commands(&self) -> Fact<Vec<String>> {
        let tags = self.tags(WHITELIST)?.unwrap_or_default();
        let commands = tags.iter().filter(|tag| tag.name == "command");
        Ok(commands.filter_map(|tag| tag.attribute("name")).map(str::to_owned).collect())
    }

    /// Whether there are direct rules. Reads `/etc/firewalld/direct.xml`.
    ///
    /// # Errors
    ///
    /// As [`Firewall::whitelisted_commands`].
    pub fn has_direct_rules(&self) -> Fact<bool> {
        let tags = self.tags(DIRECT)?.unwrap_or_default();
        Ok(tags.iter().any(|tag| matches!(tag.name.as_str(), "rule" | "passthrough" | "chain")))
    }

    /// Tables of ebtables that direct rules use. Reads
    /// `/etc/firewalld/direct.xml`. Asked by `firewalld_facts_actor`.
    ///
    /// # Errors
    ///
    /// As [`Firewall::whitelisted_commands`].
    pub fn ebtables_tables(&self) -> Fact<BTreeSet<String>> {
        let tags = self.tags(DIRECT)?.unwrap_or_default();
        let bridge = tags.iter().filter(|tag| tag.attribute("ipv") == Some("eb"));
        Ok(bridge.filter_map(table).map(str::to_owned).collect())
    }

    /// Types of the sets of addresses (`hash:ip`). Reads
    /// `/etc/firewalld/ipsets/*.xml`. Asked by `firewalld_facts_actor`.
    pub fn ipset_types(&self) -> Found<String> {
        let names = look::names_in(self.evidence, IPSETS, |name| name.ends_with(".xml"));
        let mut found = Found { items: Vec::new(), missing: names.missing };
        let mut types = BTreeSet::new();
        for (name, _) in names.items {
            let tags = found.take(self.tags(&format!("{IPSETS}/{name}"))).flatten();
            let sets = tags.unwrap_or_default();
            let sets = sets.iter().filter(|tag| tag.name == "ipset");
            types.extend(sets.filter_map(|tag| tag.attribute("type")).map(str::to_owned));
        }
        found.items.extend(types);
        found
    }

    fn tags(&self, path: &str) -> Fact<Option<Vec<Tag>>> {
        let Some(text) = look::text(self.evidence, path)? else { return Ok(None) };
        let why = |odd: super::OddLine| format!("line {}: {}", odd.line, odd.why);
        tags::parse(&text).map(Some).map_err(|odd| Unknown::malformed(path, why(odd)))
    }
}

fn table(tag: &Tag) -> Option<&str> {
    match tag.name.as_str() {
        "rule" | "chain" => tag.attribute("table"),
        "passthrough" => {
            let mut words = tag.text.split_whitespace();
            words.find(|word| matches!(*word, "-t" | "--table"))?;
            words.next()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    #[test]
    fn tables_of_bridge_rules_only_are_found() {
        let host = evidence(
            "//- /etc/firewalld/direct.xml\n<?xml version=\"1.0\"?>\n<direct>\n<rule ipv=\"eb\" table=\"broute\" chain=\"X\">-j DROP</rule>\n\
             <rule ipv=\"ipv4\" table=\"mangle\"/>\n<passthrough ipv=\"eb\">-t nat -A X</passthrough>\n<passthrough ipv=\"eb\"></passthrough>\n<passthrough ipv=\"eb\">-t</passthrough>\n</direct>\n",
        );
        let tables = Firewall::new(&host).ebtables_tables().unwrap();
        assert_eq!(tables.into_iter().collect::<Vec<_>>(), ["broute", "nat"]);
        assert_eq!(Firewall::new(&host).has_direct_rules(), Ok(true));
    }

    #[test]
    fn sets_and_commands_are_listed() {
        let host = evidence(
            "//- dir /etc/firewalld/ipsets: a.xml b.xml c.xml.old\n//- /etc/firewalld/ipsets/a.xml\n<ipset type=\"hash:net,port\"/>\n//- /etc/firewalld/ipsets/b.xml\n<ipset type=\"hash:ip\"><entry>1.2.3.4</entry></ipset>\n\
             //- /etc/firewalld/lockdown-whitelist.xml\n<whitelist><command name=\"/usr/bin/python -Es /usr/bin/firewall-config\"/></whitelist>\n",
        );
        let firewall = Firewall::new(&host);
        assert_eq!(firewall.ipset_types().all().unwrap(), ["hash:ip", "hash:net,port"]);
        assert_eq!(
            firewall.whitelisted_commands().unwrap(),
            ["/usr/bin/python -Es /usr/bin/firewall-config"]
        );
    }

    #[test]
    fn what_is_not_understood_is_unknown_and_what_is_absent_is_none() {
        let host = evidence(
            "//- /etc/firewalld/direct.xml\n<direct>\n&x;\n</direct>\n//- absent /etc/firewalld/ipsets\n//- absent /etc/firewalld/lockdown-whitelist.xml\n",
        );
        let firewall = Firewall::new(&host);
        let error = firewall.ebtables_tables().unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
        assert!(firewall.has_direct_rules().is_err());
        assert_eq!(firewall.ipset_types().any(|_| true), Ok(false));
        assert_eq!(firewall.whitelisted_commands(), Ok(Vec::new()));
        assert!(Firewall::new(&evidence("")).ipset_types().any(|_| true).is_err());
    }
}
