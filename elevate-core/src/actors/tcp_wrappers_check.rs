//! Services that TCP wrappers guard.

use std::collections::BTreeSet;

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "tcp_wrappers_check",
    summary: "TCP wrappers guard services that no longer ask them",
    about: "Release 8 has no TCP wrappers: rules in /etc/hosts.allow and /etc/hosts.deny guard \
            nothing there, and who was kept out gets in. Move the rules into the firewall or the \
            services' own configuration, then take them out of the files. sendmail and vsftpd \
            have checks of their own.",
    covers: &["tcp_wrappers_config_read"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["tcp_wrappers", "packages"],
    kinds: &[GUARDED],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const GUARDED: Kind = Kind::new(
    "security.tcp-wrappers",
    "tcp_wrappers_check",
    Severity::High,
    "TCP wrappers are gone in release 8",
)
.inhibiting()
.groups(&["security", "network"]);

const MAIL: &[&str] = &["imap", "pop3", "imaps", "pop3s", "sieve", "lmtp"];

/// Packages whose daemons ask TCP wrappers, and under which names they do.
const DAEMONS: [(&str, &[&str]); 15] = [
    ("audit", &["auditd"]),
    ("bacula", &["bacula"]),
    ("conserver", &["conserver"]),
    ("cyrus-imapd", MAIL),
    ("dovecot", MAIL),
    ("nfs-utils", &["mountd", "statd"]),
    ("openssh-server", &["sshd"]),
    ("proftpd", &["proftpd"]),
    ("quota", &["rquotad"]),
    ("rpcbind", &["rpcbind"]),
    ("slapi-nis", &["slapi-nis"]),
    ("socat", &["socat"]),
    ("stunnel", &["stunnel"]),
    ("tftp-server", &["tftpd"]),
    ("xinetd", &["xinetd"]),
];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let wrappers = host.facts().tcp_wrappers();
    let (mut packages, mut lines) = (Vec::new(), BTreeSet::new());
    for (package, daemons) in DAEMONS.iter().filter(|(package, _)| host.has(package)) {
        for daemon in *daemons {
            for hit in outcome.known(wrappers.rules_for(daemon)).unwrap_or_default() {
                packages.push(*package);
                lines.insert((hit.file, hit.line));
            }
        }
    }
    packages.dedup();
    if packages.is_empty() {
        return Ok(());
    }
    let finding = GUARDED
        .finding(format!(
            "Rules of TCP wrappers are for services of {}; release 8 does not look at them.",
            packages.join(", ")
        ))
        .about("file", ["/etc/hosts.allow", "/etc/hosts.deny"])
        .about("package", ["tcp_wrappers"])
        .about("package", packages)
        .hint("Guard these services with the firewall or on their own, and remove the rules.")
        .link("https://access.redhat.com/solutions/3906701")
        .leapp("never says so: it looks for the packages in a way that finds none");
    let places = lines.iter().map(|(file, line)| (file.as_str(), *line));
    outcome.report(host.seen(finding, places));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn host(packages: &str, allow: &str, deny: &str) -> String {
        format!(
            "//- packages\n{packages}\n//- /etc/hosts.allow\n{allow}\n//- /etc/hosts.deny\n{deny}\n"
        )
    }

    /// leapp's defect: it never finds the packages, and so never fires.
    #[test]
    fn a_rule_for_a_service_forbids_the_upgrade() {
        insta::assert_snapshot!(told(ACTOR, &host("openssh-server", "# c\nsshd: 10.", "")), @"
        high inhibitor security.tcp-wrappers [security, network]
          TCP wrappers are gone in release 8: Rules of TCP wrappers are for services of openssh-server; release 8 does not look at them.
          seen: /etc/hosts.allow:2: sshd: 10.
          about: file /etc/hosts.allow
          about: file /etc/hosts.deny
          about: package openssh-server
          about: package tcp_wrappers
          hint: Guard these services with the firewall or on their own, and remove the rules.
          leapp: never says so: it looks for the packages in a way that finds none
        ");
    }

    #[test]
    fn rules_for_all_are_for_every_package() {
        insta::assert_snapshot!(told(ACTOR, &host("dovecot\nxinetd\nvsftpd", "", "ALL EXCEPT lmtp: ALL")), @"
        high inhibitor security.tcp-wrappers [security, network]
          TCP wrappers are gone in release 8: Rules of TCP wrappers are for services of dovecot, xinetd; release 8 does not look at them.
          seen: /etc/hosts.deny:1: ALL EXCEPT lmtp: ALL
          about: file /etc/hosts.allow
          about: file /etc/hosts.deny
          about: package dovecot
          about: package tcp_wrappers
          about: package xinetd
          hint: Guard these services with the firewall or on their own, and remove the rules.
          leapp: never says so: it looks for the packages in a way that finds none
        ");
    }

    #[test]
    fn of_very_many_rules_the_first_ones_are_shown() {
        let told = told(ACTOR, &host("xinetd", &"ALL: x\n".repeat(10_000), ""));
        assert_eq!(told.matches("  seen: ").count(), 20);
        assert!(told.contains(" 9980 more lines do so."), "{told}");
    }

    #[test]
    fn rules_for_others_or_packages_of_others_count_for_nothing() {
        for (packages, allow) in [
            ("openssh-server", ""),
            ("openssh-server", "#sshd: ALL"),
            ("openssh-server", "vsftpd, in.fingerd: ALL"),
            ("openssh-server third-party", "sshd: ALL"),
            ("vsftpd\nsendmail", "ALL: ALL"),
            ("", "ALL: ALL"),
        ] {
            assert_eq!(told(ACTOR, &host(packages, allow, "")), "", "{packages} {allow}");
        }
    }

    #[test]
    fn a_host_without_rules_is_fine() {
        assert_eq!(
            told(
                ACTOR,
                "//- packages\nxinetd\n//- absent /etc/hosts.allow\n//- absent /etc/hosts.deny\n"
            ),
            ""
        );
    }

    #[test]
    fn evidence_is_missing_only_where_a_service_would_ask() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nxinetd\n"), @"
        medium actors.undecided [sanity]
          A check lacks evidence: tcp_wrappers_check (TCP wrappers guard services that no longer ask them) was not decided: /etc/hosts.allow: was not captured.
          about: evidence /etc/hosts.allow
        ");
        assert_eq!(told(ACTOR, "//- packages\nbash\n"), "");
        assert!(
            !told(ACTOR, "//- packages\nxinetd\n//- /etc/hosts.deny\nALL: ALL\n")
                .contains("undecided")
        );
    }
}
