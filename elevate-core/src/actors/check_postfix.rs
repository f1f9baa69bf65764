//! Postfix 3 has other defaults, and lookups in packages of their own.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::mail::Mail;
use crate::finding::{Finding, Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_postfix",
    summary: "Postfix has other defaults",
    about: "Release 8 brings Postfix 3 for 2.10. What `main.cf` and `master.cf` leave open may \
            mean something else: `append_dot_mydomain` is no, `relay_domains` empty, \
            `mynetworks_style` host, services are not locked into the queue directory. With \
            `compatibility_level` 0 Postfix keeps the old defaults and logs where it does; set it \
            to 2 once the log is quiet. Lookups in databases are packages of their own, which are \
            installed where `main.cf` names them. The MySQL client reads the options of the group \
            `client`, and `postqueue` prints local time instead of UTC (set TZ in \
            `import_environment` to keep it).",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["mail", "verification", "packages"],
    kinds: &[DEFAULTS],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const DEFAULTS: Kind =
    Kind::new("postfix.defaults", "check_postfix", Severity::Low, "Postfix 3 has other defaults")
        .groups(&["services", "email"]);

const MAIN: &str = "/etc/postfix/main.cf";
const MASTER: &str = "/etc/postfix/master.cf";

/// Parameters whose default is another in Postfix 3.
const CHANGED: [&str; 4] =
    ["append_dot_mydomain", "mynetworks_style", "relay_domains", "smtpd_tls_eecdh_grade"];

/// Kinds of tables that are packages of their own on release 8.
const TABLES: [&str; 6] = ["cdb", "ldap", "mysql", "pcre", "pgsql", "sqlite"];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.has("postfix") {
        return Ok(());
    }
    let mail = host.facts().mail();
    let mut finding = DEFAULTS
        .finding("Postfix 3 takes the place of 2.10.")
        .about("package", ["postfix"])
        .link("http://www.postfix.org/COMPATIBILITY_README.html");
    if let Some(Some(main)) = outcome.known(mail.postfix()) {
        let says = |name: &str| main.value.iter().any(|parameter| parameter.name == name);
        let is_replaced = host.facts().verification().is_modified(MAIN, "postfix") == Ok(false);
        if is_replaced {
            finding.summary += " main.cf was never changed and is replaced by that of release 8.";
        } else {
            finding =
                open(finding, &CHANGED.into_iter().filter(|name| !says(name)).collect::<Vec<_>>());
            if !says("compatibility_level") {
                finding = finding
                    .hint("Look for `using backwards-compatible default` in the log of mail, set what \
                           should stay, then:")
                    .command(&["postconf", "-e", "compatibility_level=2"]);
            }
        }
        finding = tables(finding, outcome, mail);
    }
    report(host, outcome, mail, finding);
    Ok(())
}

fn open(mut finding: Finding, names: &[&str]) -> Finding {
    if !names.is_empty() {
        finding.summary += &format!(" main.cf leaves open: {}.", names.join(", "));
    }
    finding
}

/// Asks for the packages of tables that are in use.
fn tables(mut finding: Finding, outcome: &mut Outcome, mail: Mail<'_>) -> Finding {
    let used = mail.postfix_table_types().unwrap_or_default();
    let packages: Vec<String> = TABLES
        .iter()
        .filter(|kind| used.contains(**kind))
        .map(|kind| format!("postfix-{kind}"))
        .collect();
    packages.iter().for_each(|name| outcome.install(name));
    if !packages.is_empty() {
        finding.summary += &format!(" Its tables need {}.", packages.join(", "));
    }
    finding
}

/// Adds services whose place changes, and reports.
fn report(host: &Host<'_>, outcome: &mut Outcome, mail: Mail<'_>, mut finding: Finding) {
    let services = outcome.known(mail.postfix_services()).flatten();
    let services = services.map(|file| file.value).unwrap_or_default();
    let is_replaced = host.facts().verification().is_modified(MASTER, "postfix") == Ok(false);
    let open = services.iter().filter(|service| service.chroot.is_none() && !is_replaced);
    let lines: Vec<usize> = open.map(|service| service.line).collect();
    if !lines.is_empty() {
        finding.summary += " In master.cf, `-` for chroot means no.";
    }
    outcome.report(host.seen(finding, lines.into_iter().map(|line| (MASTER, line))));
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn with(files: &str) -> String {
        told(ACTOR, &format!("//- packages\npostfix\n{files}"))
    }

    #[test]
    fn what_a_changed_configuration_leaves_open_is_told() {
        insta::assert_snapshot!(with(
            "//- command rpm -V postfix\nS.5......  c /etc/postfix/main.cf\n\
             S.5......  c /etc/postfix/master.cf\n\
             //- /etc/postfix/main.cf\nmynetworks_style = subnet\n\
             virtual_alias_maps = hash:/etc/x, proxy:mysql:/etc/y.cf, pcre:/etc/z\n\
             //- /etc/postfix/master.cf\nsmtp inet n - n - - smtpd\npickup unix n - - 60 1 pickup\n"
        ), @"
        low postfix.defaults [services, email]
          Postfix 3 has other defaults: Postfix 3 takes the place of 2.10. main.cf leaves open: append_dot_mydomain, relay_domains, smtpd_tls_eecdh_grade. Its tables need postfix-mysql, postfix-pcre. In master.cf, `-` for chroot means no.
          seen: /etc/postfix/master.cf:2: pickup unix n - - 60 1 pickup
          about: package postfix
          hint: Look for `using backwards-compatible default` in the log of mail, set what should stay, then:
          run: postconf -e compatibility_level=2
        ask: install postfix-mysql
        ask: install postfix-pcre
        ");
    }

    #[test]
    fn what_is_said_stays_as_it_is() {
        insta::assert_snapshot!(with(
            "//- /etc/postfix/main.cf\nmynetworks_style = subnet\nrelay_domains = $mydestination\n\
             append_dot_mydomain = yes\nsmtpd_tls_eecdh_grade = strong\ncompatibility_level = 2\n\
             //- /etc/postfix/master.cf\nsmtp inet n - n - - smtpd\n"
        ), @"
        low postfix.defaults [services, email]
          Postfix 3 has other defaults: Postfix 3 takes the place of 2.10.
          about: package postfix
        ");
    }

    #[test]
    fn files_nobody_changed_are_replaced() {
        insta::assert_snapshot!(with(
            "//- command rpm -V postfix\n\n//- /etc/postfix/main.cf\nalias_maps = hash:/etc/aliases\n\
             //- /etc/postfix/master.cf\npickup unix n - - 60 1 pickup\n"
        ), @"
        low postfix.defaults [services, email]
          Postfix 3 has other defaults: Postfix 3 takes the place of 2.10. main.cf was never changed and is replaced by that of release 8.
          about: package postfix
        ");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(with(""), @"
        low postfix.defaults [services, email]
          Postfix 3 has other defaults: Postfix 3 takes the place of 2.10.
          about: package postfix
        low actors.undecided [sanity]
          A check lacks evidence: check_postfix (Postfix has other defaults) was not decided: /etc/postfix/main.cf: was not captured; /etc/postfix/master.cf: was not captured.
          about: evidence /etc/postfix/main.cf
          about: evidence /etc/postfix/master.cf
        ");
    }

    #[test]
    fn a_host_without_postfix_is_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- packages\npostfix third-party\n"), "");
    }
}
