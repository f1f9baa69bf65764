//! What firewalld's own files say.
//!
//! They are XML. Only small files of a known form are read, and one that holds
//! anything else is *unknown*, not half an answer.

use std::collections::BTreeSet;

use super::look::{self, Found};
use super::parse::tags::{self, Tag};
use super::{Fact, Facts, Rewrite, Unknown};
use crate::snapshot::Evidence;

/// Evidence the questions read.
pub const READS: &[&str] = &[WHITELIST, DIRECT, IPSETS, "/etc/firewalld/ipsets/*.xml"];

const WHITELIST: &str = "/etc/firewalld/lockdown-whitelist.xml";
const DIRECT: &str = "/etc/firewalld/direct.xml";
const IPSETS: &str = "/etc/firewalld/ipsets";

/// How `firewall-config` is started under release 8.
const CONFIG_OF_8: &str = "/usr/libexec/platform-python -s /usr/bin/firewall-config";

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

/// Something a file of firewalld uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// A table of ebtables, or a type of set.
    pub what: String,
}

impl Use {
    /// File and line.
    pub fn place(&self) -> (&str, usize) {
        (&self.file, self.line)
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

    /// The lockdown whitelist with `firewall-config` as release 8 starts it; `None` where
    /// it allows that already, or does not name it. Asked by
    /// `firewalld_update_lockdown_whitelist`.
    ///
    /// # Errors
    ///
    /// As [`Firewall::whitelisted_commands`].
    pub fn whitelist_of_8(&self) -> Fact<Option<Rewrite>> {
        let mut commands = self.whitelisted_commands()?.into_iter();
        let is_old =
            |name: &String| name.contains("/usr/bin/firewall-config") && name != CONFIG_OF_8;
        let Some(command) = commands.find(is_old) else { return Ok(None) };
        let before = look::text(self.evidence, WHITELIST)?.unwrap_or_default().into_owned();
        let mut after = before.clone();
        for quote in ['"', '\''] {
            let quoted = |name: &str| format!("{quote}{name}{quote}");
            after = after.replace(&quoted(&command), &quoted(CONFIG_OF_8));
        }
        let path = WHITELIST.to_owned();
        Ok((after != before).then_some(Rewrite { path, before, after }))
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
        Ok(self.ebtables_uses()?.into_iter().map(|one| one.what).collect())
    }

    /// The same, each table where it is used.
    ///
    /// # Errors
    ///
    /// As [`Firewall::whitelisted_commands`].
    pub fn ebtables_uses(&self) -> Fact<Vec<Use>> {
        let tags = self.tags(DIRECT)?.unwrap_or_default();
        let bridge = tags.iter().filter(|tag| tag.attribute("ipv") == Some("eb"));
        Ok(bridge.filter_map(|tag| Some(used(DIRECT, tag, table(tag)?))).collect())
    }

    /// Types of the sets of addresses (`hash:ip`). Reads
    /// `/etc/firewalld/ipsets/*.xml`. Asked by `firewalld_facts_actor`.
    pub fn ipset_types(&self) -> Found<String> {
        let Found { items, missing } = self.ipset_uses();
        let types: BTreeSet<String> = items.into_iter().map(|one| one.what).collect();
        Found { items: types.into_iter().collect(), missing }
    }

    /// The same, each type where it is used.
    pub fn ipset_uses(&self) -> Found<Use> {
        let names = look::names_in(self.evidence, IPSETS, |name| name.ends_with(".xml"));
        let mut found = Found { items: Vec::new(), missing: names.missing };
        for (name, _) in names.items {
            let path = format!("{IPSETS}/{name}");
            let tags = found.take(self.tags(&path)).flatten().unwrap_or_default();
            let sets = tags.iter().filter(|tag| tag.name == "ipset");
            let uses = sets.filter_map(|tag| Some(used(&path, tag, tag.attribute("type")?)));
            found.items.extend(uses);
        }
        found
    }

    fn tags(&self, path: &str) -> Fact<Option<Vec<Tag>>> {
        let Some(text) = look::text(self.evidence, path)? else { return Ok(None) };
        let why = |odd: super::OddLine| format!("line {}: {}", odd.line, odd.why);
        tags::parse(&text).map(Some).map_err(|odd| Unknown::malformed(path, why(odd)))
    }
}

fn used(file: &str, tag: &Tag, what: &str) -> Use {
    Use { file: file.to_owned(), line: tag.line, what: what.to_owned() }
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
    fn the_whitelist_changes_where_it_names_the_old_command() {
        let rewritten = |command: &str| {
            let host = evidence(&format!(
                "//- /etc/firewalld/lockdown-whitelist.xml\n<whitelist>\n<command name={command}/>\n<user id=\"0\"/>\n</whitelist>\n"
            ));
            Firewall::new(&host).whitelist_of_8().unwrap().map(|rewrite| rewrite.after)
        };
        let expected = format!(
            "<whitelist>\n<command name=\"{CONFIG_OF_8}\"/>\n<user id=\"0\"/>\n</whitelist>\n"
        );
        let old = "\"/usr/bin/python -Es /usr/bin/firewall-config\"";
        assert_eq!(rewritten(old).as_deref(), Some(&*expected));
        assert!(rewritten(&old.replace('"', "'")).is_some());
        assert_eq!(rewritten(&format!("\"{CONFIG_OF_8}\"")), None);
        assert_eq!(rewritten("\"/usr/bin/x\""), None);
        let none = evidence("//- absent /etc/firewalld\n");
        assert_eq!(Firewall::new(&none).whitelist_of_8(), Ok(None));
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
