//! The configuration of OpenSSL was changed.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_openssl_conf",
    summary: "/etc/pki/tls/openssl.cnf was changed",
    about: "In release 8 one policy for the whole system says which cryptography is allowed, and \
            OpenSSL reads it through its configuration. A changed file of release 7 does not do \
            that and may not load: it is put aside as openssl.cnf.leappsave, and that of release 8 \
            takes its place. Afterwards, make your changes anew where they are still needed. On \
            s390x the engine ibmca has to be configured again.",
    covers: &["scan_source_files", "migrate_openssl_conf"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["packages", "verification"],
    kinds: &[MODIFIED, IBMCA],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const MODIFIED: Kind = Kind::new(
    "crypto.openssl-cnf-modified",
    "check_openssl_conf",
    Severity::High,
    "The changed configuration of OpenSSL is put aside",
)
.groups(&["post", "security"])
.key("20e32da940e6b410dc82fed685233c9033066b74");

const IBMCA: Kind = Kind::new(
    "crypto.ibmca",
    "check_openssl_conf",
    Severity::Medium,
    "The engine ibmca has to be configured again",
)
.groups(&["post", "encryption"]);

const CONFIG: &str = "/etc/pki/tls/openssl.cnf";
const OWNER: &str = "openssl-libs";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.arch().as_str() == "s390x" && host.has("openssl-ibmca") {
        let summary = "openssl-ibmca is installed, and OpenSSL's configuration is replaced.";
        let hint = "Configure the engine in the new openssl.cnf after the upgrade.";
        outcome.report(IBMCA.finding(summary).about("package", ["openssl-ibmca"]).hint(hint));
    }
    if host.all_named(OWNER).is_empty() {
        return Ok(());
    }
    if !host.facts().verification().is_modified(CONFIG, OWNER)? {
        return Ok(());
    }
    outcome.report(
        MODIFIED
            .finding(format!("{CONFIG} is not what its package {OWNER} installed."))
            .about("file", [CONFIG])
            .hint("Make your changes anew in the file of release 8, where they are still needed.")
            .link("https://red.ht/rhel-8-system-wide-crypto-policies"),
    );
    let save = format!("{CONFIG}.leappsave");
    let change =
        Change::other(format!("{CONFIG} becomes {save}, and {CONFIG}.rpmnew becomes {CONFIG}"));
    let why = "OpenSSL has to read the configuration of release 8.";
    outcome.step(
        Step::new(When::After, why, change).on("the new package has left openssl.cnf.rpmnew"),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const PACKAGE: &str = "//- packages\nopenssl-libs\n";

    fn verified(flags: &str) -> String {
        told(ACTOR, &format!("{PACKAGE}//- command rpm -Va\n{flags}\n"))
    }

    #[test]
    fn a_changed_file_is_put_aside() {
        insta::assert_snapshot!(verified("S.5....T.  c /etc/pki/tls/openssl.cnf"), @"
        high crypto.openssl-cnf-modified [post, security]
          The changed configuration of OpenSSL is put aside: /etc/pki/tls/openssl.cnf is not what its package openssl-libs installed.
          about: file /etc/pki/tls/openssl.cnf
          hint: Make your changes anew in the file of release 8, where they are still needed.
        after: OpenSSL has to read the configuration of release 8.
          if: the new package has left openssl.cnf.rpmnew
          /etc/pki/tls/openssl.cnf becomes /etc/pki/tls/openssl.cnf.leappsave, and /etc/pki/tls/openssl.cnf.rpmnew becomes /etc/pki/tls/openssl.cnf
        ");
    }

    #[test]
    fn other_differences_are_no_change() {
        assert_eq!(verified(".....UG..  c /etc/pki/tls/openssl.cnf"), "");
        assert_eq!(verified("..?......  c /etc/pki/tls/openssl.cnf"), "");
        assert_eq!(verified("S.5....T.  c /etc/other"), "");
    }

    #[test]
    fn a_host_without_openssl_is_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- packages\nbash\n"), "");
        assert_eq!(told(ACTOR, "//- packages\nopenssl-ibmca\n"), "");
    }

    #[test]
    fn on_s390x_the_engine_is_told_of() {
        let host = "//- host centos:7.9 s390x\n//- packages\nopenssl-ibmca\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        medium crypto.ibmca [post, encryption]
          The engine ibmca has to be configured again: openssl-ibmca is installed, and OpenSSL's configuration is replaced.
          about: package openssl-ibmca
          hint: Configure the engine in the new openssl.cnf after the upgrade.
        ");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, PACKAGE), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_openssl_conf (/etc/pki/tls/openssl.cnf was changed) was not decided: command:rpm -V openssl-libs: was not captured.
          about: evidence command:rpm -V openssl-libs
        ");
    }
}
