//! firewalld uses what release 8's cannot.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::firewall::Use;
use crate::finding::{Finding, Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_firewalld",
    summary: "firewalld uses tables or sets of addresses that release 8 does not have",
    about: "firewalld of release 8 works with nftables. Direct rules for bridges can use the \
            tables filter and nat only, and sets of addresses can hold single addresses, networks \
            or hardware addresses only. With others firewalld does not load its rules, and the \
            host stands without a firewall. Take these rules and sets out before the upgrade. \
            Where the lockdown whitelist allows firewall-config, it is changed to the command \
            that starts it in release 8.",
    covers: &["firewalld_facts_actor", "firewalld_update_lockdown_whitelist"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["firewall", "packages"],
    kinds: &[TABLES, SETS],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const GROUPS: &[&str] = &["firewall", "security", "network"];

const TABLES: Kind = Kind::new(
    "firewall.ebtables-tables",
    "check_firewalld",
    Severity::High,
    "firewalld uses tables of ebtables that are gone",
)
.inhibiting()
.groups(GROUPS)
.key("436c8e2c0d00135342b80517fb2792092df5c811");

const SETS: Kind = Kind::new(
    "firewall.ipset-types",
    "check_firewalld",
    Severity::High,
    "firewalld uses types of sets that are gone",
)
.inhibiting()
.groups(GROUPS);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let firewall = host.facts().firewall();
    let uses = outcome.known_of(host, "firewalld", firewall.ebtables_uses()).unwrap_or_default();
    let tables = without(uses, &["filter", "nat"]);
    if !tables.is_empty() {
        let what = names(&tables);
        let finding = TABLES
            .finding(format!("Direct rules use the tables {what}; firewalld cannot load them."))
            .hint(format!("Remove the direct rules that use the tables {what}."));
        outcome.report(place(host, finding, &tables));
    }
    let mut sets = firewall.ipset_uses();
    if host.all_named("firewalld").is_empty() {
        sets.missing.clear();
    }
    let sets = without(outcome.found(sets), &["hash:ip", "hash:mac", "hash:net"]);
    if !sets.is_empty() {
        let what = names(&sets);
        let finding = SETS
            .finding(format!("Sets of addresses have the types {what}; they cannot be loaded."))
            .hint(format!("Remove the sets of the types {what}, or use other types."));
        outcome.report(place(host, finding, &sets));
    }
    let whitelist = outcome.known_of(host, "firewalld", firewall.whitelist_of_8()).flatten();
    let change = whitelist.and_then(|file| Change::edit(&file.path, &file.before, &file.after));
    if let Some(change) = change {
        let why = "The lockdown whitelist allows firewall-config as release 8 starts it.";
        outcome.step(Step::new(When::After, why, change));
    }
    Ok(())
}

fn without(uses: Vec<Use>, fine: &[&str]) -> Vec<Use> {
    uses.into_iter().filter(|one| !fine.contains(&one.what.as_str())).collect()
}

fn names(uses: &[Use]) -> String {
    let names: std::collections::BTreeSet<&str> =
        uses.iter().map(|one| one.what.as_str()).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn place(host: &Host<'_>, finding: Finding, uses: &[Use]) -> Finding {
    let finding = finding.about("package", ["firewalld"]);
    host.seen(finding, uses.iter().map(Use::place))
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    /// firewalld with these direct rules and a set of this type.
    fn host(rules: &str, set: &str) -> String {
        format!(
            "//- packages\nfirewalld\n//- /etc/firewalld/direct.xml\n<direct>\n{rules}\n</direct>\n\
             //- dir /etc/firewalld/ipsets: s.xml\n//- /etc/firewalld/ipsets/s.xml\n<ipset type=\"{set}\"/>\n\
             //- absent /etc/firewalld/lockdown-whitelist.xml\n"
        )
    }

    const BROUTE: &str = "<rule ipv=\"eb\" table=\"broute\" chain=\"BROUTING\">-j DROP</rule>";

    #[test]
    fn tables_and_sets_that_are_gone_forbid_the_upgrade() {
        insta::assert_snapshot!(told(ACTOR, &host(BROUTE, "hash:net,port")), @r#"
        high inhibitor firewall.ebtables-tables [firewall, security, network]
          firewalld uses tables of ebtables that are gone: Direct rules use the tables broute; firewalld cannot load them.
          seen: /etc/firewalld/direct.xml:2: <rule ipv="eb" table="broute" chain="BROUTING">-j DROP</rule>
          about: package firewalld
          hint: Remove the direct rules that use the tables broute.
        high inhibitor firewall.ipset-types [firewall, security, network]
          firewalld uses types of sets that are gone: Sets of addresses have the types hash:net,port; they cannot be loaded.
          seen: /etc/firewalld/ipsets/s.xml:1: <ipset type="hash:net,port"/>
          about: package firewalld
          hint: Remove the sets of the types hash:net,port, or use other types.
        "#);
    }

    #[test]
    fn tables_of_passthrough_rules_count_and_those_of_ip_do_not() {
        let rules = "<passthrough ipv=\"eb\">-t broute -A X</passthrough>\n\
                     <rule ipv=\"eb\" table=\"nat\" chain=\"X\"/>\n<rule ipv=\"ipv4\" table=\"mangle\" chain=\"X\"/>";
        insta::assert_snapshot!(told(ACTOR, &host(rules, "hash:mac")), @r#"
        high inhibitor firewall.ebtables-tables [firewall, security, network]
          firewalld uses tables of ebtables that are gone: Direct rules use the tables broute; firewalld cannot load them.
          seen: /etc/firewalld/direct.xml:2: <passthrough ipv="eb">-t broute -A X</passthrough>
          about: package firewalld
          hint: Remove the direct rules that use the tables broute.
        "#);
    }

    #[test]
    fn types_with_more_than_an_address_are_gone() {
        for set in [
            "hash:ip,mark",
            "hash:ip,port",
            "hash:ip,port,ip",
            "hash:ip,port,net",
            "hash:net,iface",
            "hash:net,net",
            "hash:net,port",
        ] {
            assert!(told(ACTOR, &host("", set)).starts_with("high inhibitor firewall.ipset-types"));
        }
        for set in ["hash:ip", "hash:mac", "hash:net"] {
            assert_eq!(told(ACTOR, &host("", set)), "");
        }
    }

    /// leapp's defect: it crashes on both.
    #[test]
    fn a_passthrough_rule_without_a_table_is_passed_by() {
        let rules =
            "<passthrough ipv=\"eb\"></passthrough>\n<passthrough ipv=\"eb\">-t</passthrough>";
        assert_eq!(told(ACTOR, &host(rules, "hash:ip")), "");
    }

    #[test]
    fn the_whitelist_is_changed_to_the_command_of_release_8() {
        let whitelist = |command: &str| {
            host("", "hash:ip").replace("//- absent /etc/firewalld/lockdown-whitelist.xml\n", "")
                + &format!(
                    "//- /etc/firewalld/lockdown-whitelist.xml\n<whitelist>\n  <command name=\"{command}\"/>\n</whitelist>\n"
                )
        };
        insta::assert_snapshot!(told(ACTOR, &whitelist("/usr/bin/python -Es /usr/bin/firewall-config")), @r#"
        after: The lockdown whitelist allows firewall-config as release 8 starts it.
          /etc/firewalld/lockdown-whitelist.xml:2:   <command name="/usr/bin/python -Es /usr/bin/firewall-config"/> ->   <command name="/usr/libexec/platform-python -s /usr/bin/firewall-config"/>
        "#);
        let new = "/usr/libexec/platform-python -s /usr/bin/firewall-config";
        assert_eq!(told(ACTOR, &whitelist(new)), "");
        assert_eq!(told(ACTOR, &whitelist("/usr/bin/x")), "");
    }

    #[test]
    fn rules_left_behind_count_without_the_package() {
        let left = host(BROUTE, "hash:ip").replace("//- packages\nfirewalld\n", "");
        assert!(told(ACTOR, &left).starts_with("high inhibitor firewall.ebtables-tables"));
    }

    /// leapp's defect: it crashes on a file that is no XML.
    #[test]
    fn a_file_that_is_not_understood_is_missing_evidence() {
        insta::assert_snapshot!(told(ACTOR, &host("<rule", "hash:ip")), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_firewalld (firewalld uses tables or sets of addresses that release 8 does not have) was not decided: /etc/firewalld/direct.xml: is not understood: line 2: a tag is not closed.
          about: evidence /etc/firewalld/direct.xml
        ");
    }

    #[test]
    fn evidence_is_missing_only_where_firewalld_is_installed() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nfirewalld\n"), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_firewalld (firewalld uses tables or sets of addresses that release 8 does not have) was not decided: /etc/firewalld/direct.xml: was not captured; /etc/firewalld/ipsets: was not captured; /etc/firewalld/lockdown-whitelist.xml: was not captured.
          about: evidence /etc/firewalld/direct.xml
          about: evidence /etc/firewalld/ipsets
          about: evidence /etc/firewalld/lockdown-whitelist.xml
        ");
        assert_eq!(told(ACTOR, ""), "");
    }
}
