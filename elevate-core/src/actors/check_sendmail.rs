//! sendmail: access rules of TCP wrappers, and addresses of IPv6.

use std::collections::BTreeSet;

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::When;
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_sendmail",
    summary: "sendmail has no TCP wrappers and writes IPv6 addresses in full",
    about: "sendmail of release 8 does not look at `/etc/hosts.allow` and `/etc/hosts.deny`: who \
            was kept out by them would get in. Put such rules into the firewall, take them out of \
            both files and try again. And it writes addresses of IPv6 with all their groups, \
            `IPv6:0:0:0:0:0:0:0:1` for `IPv6:::1`: files in `/etc/mail` are changed accordingly \
            after the upgrade, with a copy (`.bak`) beside each.",
    covers: &["migrate_sendmail"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["mail", "tcp_wrappers", "packages"],
    kinds: &[WRAPPERS, ADDRESSES],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const WRAPPERS: Kind = Kind::new(
    "sendmail.tcp-wrappers",
    "check_sendmail",
    Severity::High,
    "sendmail of release 8 ignores TCP wrappers",
)
.inhibiting()
.groups(&["services", "email", "network"]);

const ADDRESSES: Kind = Kind::new(
    "sendmail.ipv6-addresses",
    "check_sendmail",
    Severity::Low,
    "sendmail of release 8 wants IPv6 addresses in full",
)
.groups(&["services", "email"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.has("sendmail") {
        return Ok(());
    }
    let rules = outcome.known(host.facts().tcp_wrappers().rules_for("sendmail"));
    let rules = rules.unwrap_or_default();
    if !rules.is_empty() {
        let finding = WRAPPERS
            .finding("These rules are for sendmail, which will not look at them any more.")
            .about("package", ["sendmail"])
            .about("file", rules.iter().map(|rule| &rule.file))
            .hint("Move the rules to the firewall and take them out of these files.");
        let places = rules.iter().map(|rule| (rule.file.as_str(), rule.line));
        outcome.report(host.seen(finding, places));
    }
    let mail = host.facts().mail();
    let addresses = outcome.found(mail.compressed_addresses());
    if addresses.is_empty() {
        return Ok(());
    }
    let mut finding = ADDRESSES
        .finding(
            "sendmail of release 8 compares addresses of IPv6 with all their groups written out; \
             shortened ones match nothing. They are written out after the upgrade.",
        )
        .about("package", ["sendmail"])
        .about("file", addresses.iter().map(|found| &found.file));
    let places = addresses.iter().map(|found| (found.file.as_str(), found.line));
    finding = host.seen(finding, places.collect::<BTreeSet<_>>());
    if addresses.iter().any(|found| found.expanded.is_none()) {
        finding = finding.hint("Correct what is no address of IPv6; it stays as it is written.");
    }
    let has_zeros = |address: &str| {
        let within = |group: &str| group.trim_start_matches('0').contains("00");
        address.split(':').any(within)
    };
    if addresses.iter().any(|found| has_zeros(&found.address)) {
        finding =
            finding.leapp("takes zeros out of groups: 2001:db8:: becomes 201:db8:0:0:0:0:0:0");
    }
    outcome.report(finding);
    for file in mail.expanded(&addresses) {
        outcome.back_up(When::After, &file, ".bak");
        outcome.rewrite(When::After, "sendmail of release 8 wants IPv6 addresses in full", &file);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const OPEN: &str = "//- absent /etc/hosts.allow\n//- absent /etc/hosts.deny\n";

    fn with(files: &str) -> String {
        told(ACTOR, &format!("//- packages\nsendmail\n{files}"))
    }

    fn access(line: &str) -> String {
        with(&format!(
            "{OPEN}//- dir /etc/mail: access access.db local\n//- /etc/mail/access\n{line}\n"
        ))
    }

    #[test]
    fn rules_of_tcp_wrappers_forbid_the_upgrade() {
        insta::assert_snapshot!(with(
            "//- /etc/hosts.allow\n# sendmail: x\nsendmail: LOCAL\n//- absent /etc/hosts.deny\n\
             //- absent /etc/mail\n"
        ), @"
        high inhibitor sendmail.tcp-wrappers [services, email, network]
          sendmail of release 8 ignores TCP wrappers: These rules are for sendmail, which will not look at them any more.
          seen: /etc/hosts.allow:2: sendmail: LOCAL
          about: file /etc/hosts.allow
          about: package sendmail
          hint: Move the rules to the firewall and take them out of these files.
        ");
    }

    #[test]
    fn rules_for_others_do_not() {
        let hosts =
            "//- /etc/hosts.allow\nsshd: ALL\n//- /etc/hosts.deny\nALL EXCEPT sendmail: x\n";
        assert_eq!(with(&format!("{hosts}//- absent /etc/mail\n")), "");
    }

    #[test]
    fn shortened_addresses_are_written_out() {
        insta::assert_snapshot!(access("Connect:IPv6:::1 RELAY"), @"
        low sendmail.ipv6-addresses [services, email]
          sendmail of release 8 wants IPv6 addresses in full: sendmail of release 8 compares addresses of IPv6 with all their groups written out; shortened ones match nothing. They are written out after the upgrade.
          seen: /etc/mail/access:1: Connect:IPv6:::1 RELAY
          about: file /etc/mail/access
          about: package sendmail
        after: Keep the file as it was
          copy /etc/mail/access to /etc/mail/access.bak
        after: sendmail of release 8 wants IPv6 addresses in full
          /etc/mail/access:1: Connect:IPv6:::1 RELAY -> Connect:IPv6:0:0:0:0:0:0:0:1 RELAY
        ");
        assert_eq!(access("Connect:IPv6:0:0:0:0:0:0:0:1 RELAY"), "");
    }

    /// leapp's defect: `2001` becomes `201` and `c00` becomes `c0`.
    #[test]
    fn zeros_within_groups_stay() {
        insta::assert_snapshot!(access("IPv6:2001:db8::c00 OK"), @"
        low sendmail.ipv6-addresses [services, email]
          sendmail of release 8 wants IPv6 addresses in full: sendmail of release 8 compares addresses of IPv6 with all their groups written out; shortened ones match nothing. They are written out after the upgrade.
          seen: /etc/mail/access:1: IPv6:2001:db8::c00 OK
          about: file /etc/mail/access
          about: package sendmail
          leapp: takes zeros out of groups: 2001:db8:: becomes 201:db8:0:0:0:0:0:0
        after: Keep the file as it was
          copy /etc/mail/access to /etc/mail/access.bak
        after: sendmail of release 8 wants IPv6 addresses in full
          /etc/mail/access:1: IPv6:2001:db8::c00 OK -> IPv6:2001:db8:0:0:0:0:0:c00 OK
        ");
    }

    #[test]
    fn what_is_no_address_is_told_and_stays() {
        insta::assert_snapshot!(access("IPv6:1::2::3 IPv6:::10 IPv6:::1"), @"
        low sendmail.ipv6-addresses [services, email]
          sendmail of release 8 wants IPv6 addresses in full: sendmail of release 8 compares addresses of IPv6 with all their groups written out; shortened ones match nothing. They are written out after the upgrade.
          seen: /etc/mail/access:1: IPv6:1::2::3 IPv6:::10 IPv6:::1
          about: file /etc/mail/access
          about: package sendmail
          hint: Correct what is no address of IPv6; it stays as it is written.
        after: Keep the file as it was
          copy /etc/mail/access to /etc/mail/access.bak
        after: sendmail of release 8 wants IPv6 addresses in full
          /etc/mail/access:1: IPv6:1::2::3 IPv6:::10 IPv6:::1 -> IPv6:1::2::3 IPv6:0:0:0:0:0:0:0:10 IPv6:0:0:0:0:0:0:0:1
        ");
    }

    #[test]
    fn what_sendmail_ships_is_no_address() {
        let cf = "//- dir /etc/mail: sendmail.cf\n//- /etc/mail/sendmail.cf\n  RIPv6:::1\t$@ OK\n\
                  R$* $: @ [IPv6:::1] >\n";
        assert_eq!(with(&format!("{OPEN}{cf}")), "");
    }

    /// leapp's defect: it crashes there.
    #[test]
    fn a_host_without_its_directory_has_nothing_to_change() {
        assert_eq!(with(&format!("{OPEN}//- absent /etc/mail\n")), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(with(""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_sendmail (sendmail has no TCP wrappers and writes IPv6 addresses in full) was not decided: /etc/hosts.allow: was not captured; /etc/mail: was not captured.
          about: evidence /etc/hosts.allow
          about: evidence /etc/mail
        ");
    }

    #[test]
    fn a_host_without_sendmail_is_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- /etc/hosts.allow\nALL: ALL\n"), "");
    }
}
