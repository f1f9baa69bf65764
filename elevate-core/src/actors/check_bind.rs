//! BIND accepts no lookaside any more, and listens on IPv6 unless told otherwise.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::When;
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_bind",
    summary: "BIND's configuration means something else on release 8",
    about: "named of release 8 does not start with `dnssec-lookaside` set to anything but `no`: \
            the registry it asked is gone. The statement is put into comment signs before the \
            upgrade, with a copy of the file beside it. And named listens on IPv6 unless \
            `listen-on-v6` says otherwise, so write there what it should do.",
    covers: &["bind_update"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["dns", "packages"],
    kinds: &[LOOKASIDE, IPV6],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const LOOKASIDE: Kind = Kind::new(
    "bind.dnssec-lookaside",
    "check_bind",
    Severity::High,
    "BIND of release 8 refuses dnssec-lookaside",
)
.groups(&["services", "network"]);

const IPV6: Kind = Kind::new(
    "bind.listen-on-v6",
    "check_bind",
    Severity::High,
    "BIND of release 8 listens on IPv6 too",
)
.groups(&["services", "network"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !["bind", "bind-sdb", "bind-pkcs11"].into_iter().any(|name| host.has(name)) {
        return Ok(());
    }
    let dns = host.facts().dns();
    let Some(config) = dns.config()? else { return Ok(()) };
    outcome.lacks_all(&config.missing);
    let is_gone = config.lacks_a_file();
    let crashes = "crashes: a file that named.conf includes is not there";
    let statements = config.dnssec_lookaside();
    if !statements.is_empty() {
        let finding = LOOKASIDE
            .finding("named of release 8 does not start with these statements.")
            .about("file", statements.iter().map(|(file, _)| file))
            .hint("They are put into comment signs before the upgrade; nothing else is needed.");
        let finding = host.seen(finding, statements.iter().map(|(file, s)| (*file, s.line)));
        let files: Vec<_> = statements.iter().map(|(file, _)| file).collect();
        let is_twice = files.windows(2).any(|pair| pair[0] == pair[1]);
        outcome.report(match (is_gone, is_twice) {
            (true, _) => finding.leapp(crashes),
            (_, true) => finding.leapp("crashes: a file has two such statements"),
            _ => finding,
        });
    }
    if config.says_listen_on_v6() == Ok(false) {
        let finding = IPV6
            .finding(
                "No `listen-on-v6` stands in the configuration: named of release 8 answers on \
                 every IPv6 address, where that of release 7 answered on none.",
            )
            .about("file", ["/etc/named.conf"])
            .hint("Add `listen-on-v6 { none; };` to the options if it should stay as it is.");
        outcome.report(if is_gone { finding.leapp(crashes) } else { finding });
    }
    for file in dns.without_lookaside(&config) {
        outcome.back_up(When::Before, &file, ".leapp");
        outcome.rewrite(When::Before, "named of release 8 refuses dnssec-lookaside", &file);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn with(files: &str) -> String {
        told(ACTOR, &format!("//- packages\nbind\n{files}"))
    }

    #[test]
    fn a_configuration_that_means_the_same_is_passed_by() {
        let conf = "//- /etc/named.conf\noptions { dnssec-lookaside no; listen-on-v6 { any; };};\n";
        assert_eq!(with(conf), "");
        let conf = "//- /etc/named.conf\nlisten-on-v6 { none; };\n// dnssec-lookaside auto;\n\
                    /* dnssec-lookaside auto; */ include \"/etc/empty\";\n//- /etc/empty\n";
        assert_eq!(with(conf), "");
    }

    #[test]
    fn lookaside_is_found_in_included_files_and_put_into_a_comment() {
        let conf = "//- /etc/named.conf\noptions {\n  dnssec-lookaside auto; # on\n};\n\
                    view \"v\" IN { include \"/etc/more\"; listen-on-v6 { none; }; };\n\
                    //- /etc/more\ndnssec-lookaside \".\" /* all */ trust-anchor \"dlv.isc.org\";\n";
        insta::assert_snapshot!(with(conf), @r#"
        high bind.dnssec-lookaside [services, network]
          BIND of release 8 refuses dnssec-lookaside: named of release 8 does not start with these statements.
          seen: /etc/named.conf:2:   dnssec-lookaside auto; # on
          seen: /etc/more:1: dnssec-lookaside "." /* all */ trust-anchor "dlv.isc.org";
          about: file /etc/more
          about: file /etc/named.conf
          hint: They are put into comment signs before the upgrade; nothing else is needed.
        before: Keep the file as it was
          copy /etc/more to /etc/more.leapp
        before: named of release 8 refuses dnssec-lookaside
          /etc/more:1: dnssec-lookaside "." /* all */ trust-anchor "dlv.isc.org"; -> /* dnssec-lookaside "." trust-anchor "dlv.isc.org"; */
        before: Keep the file as it was
          copy /etc/named.conf to /etc/named.conf.leapp
        before: named of release 8 refuses dnssec-lookaside
          /etc/named.conf:2:   dnssec-lookaside auto; # on ->   /* dnssec-lookaside auto; */ # on
        "#);
    }

    /// leapp's defect: its check crashes there.
    #[test]
    fn two_statements_in_one_file_are_both_found() {
        let conf = "//- /etc/named.conf\ndnssec-lookaside auto;\nlisten-on-v6 { any; };\n\
                    view v { dnssec-lookaside; dnssec-lookaside no; };\n";
        insta::assert_snapshot!(with(conf), @"
        high bind.dnssec-lookaside [services, network]
          BIND of release 8 refuses dnssec-lookaside: named of release 8 does not start with these statements.
          seen: /etc/named.conf:1: dnssec-lookaside auto;
          seen: /etc/named.conf:3: view v { dnssec-lookaside; dnssec-lookaside no; };
          about: file /etc/named.conf
          hint: They are put into comment signs before the upgrade; nothing else is needed.
          leapp: crashes: a file has two such statements
        before: Keep the file as it was
          copy /etc/named.conf to /etc/named.conf.leapp
        before: named of release 8 refuses dnssec-lookaside
          /etc/named.conf:1: dnssec-lookaside auto; -> /* dnssec-lookaside auto; */
          /etc/named.conf:3: view v { dnssec-lookaside; dnssec-lookaside no; }; -> view v { /* dnssec-lookaside; */ /* dnssec-lookaside no; */ };
        ");
    }

    #[test]
    fn without_listen_on_v6_named_listens_on_ipv6() {
        let conf = "//- /etc/named.conf\noptions {\n  // listen-on-v6 { any; };\n};\n";
        insta::assert_snapshot!(with(conf), @"
        high bind.listen-on-v6 [services, network]
          BIND of release 8 listens on IPv6 too: No `listen-on-v6` stands in the configuration: named of release 8 answers on every IPv6 address, where that of release 7 answered on none.
          about: file /etc/named.conf
          hint: Add `listen-on-v6 { none; };` to the options if it should stay as it is.
        ");
    }

    /// leapp's defect: it crashes there.
    #[test]
    fn files_that_are_not_there_are_no_obstacle() {
        assert_eq!(with("//- absent /etc/named.conf\n"), "");
        let conf = "//- /etc/named.conf\ninclude \"/etc/gone\";\n//- absent /etc/gone\n";
        insta::assert_snapshot!(with(conf), @"
        high bind.listen-on-v6 [services, network]
          BIND of release 8 listens on IPv6 too: No `listen-on-v6` stands in the configuration: named of release 8 answers on every IPv6 address, where that of release 7 answered on none.
          about: file /etc/named.conf
          hint: Add `listen-on-v6 { none; };` to the options if it should stay as it is.
          leapp: crashes: a file that named.conf includes is not there
        ");
    }

    #[test]
    fn what_an_included_file_says_is_unknown_where_nobody_captured_it() {
        insta::assert_snapshot!(with("//- /etc/named.conf\ninclude \"/etc/more\";\n"), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_bind (BIND's configuration means something else on release 8) was not decided: /etc/more: was not captured.
          about: evidence /etc/more
        ");
        insta::assert_snapshot!(with(""), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_bind (BIND's configuration means something else on release 8) was not decided: /etc/named.conf: was not captured.
          about: evidence /etc/named.conf
        ");
    }

    #[test]
    fn a_host_without_the_distributions_bind_is_none_of_its_business() {
        assert_eq!(told(ACTOR, ""), "");
        assert_eq!(told(ACTOR, "//- packages\nbind third-party\nbind-utils\n"), "");
    }
}
