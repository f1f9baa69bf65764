//! root may no longer log in with a password.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::ssh::{Placed, RootLogin};
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "openssh_permit_root_login",
    summary: "Whether root may log in is left to sshd's default, which changes",
    about: "Without PermitRootLogin, sshd of release 7 lets root in with a password and that of \
            release 8 does not. A configuration that was changed is kept over the upgrade, so \
            that whoever relies on the default may be locked out. Say with PermitRootLogin what \
            is wanted. One in a Match block only says nothing of other connections. A \
            configuration as the package brought it is replaced by one that says yes.",
    covers: &["read_openssh_config"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["ssh", "verification", "packages"],
    kinds: &[IMPLICIT, IN_MATCH],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const GROUPS: &[&str] = &["authentication", "security", "network", "services"];

const IMPLICIT: Kind = Kind::new(
    "ssh.root-login-implicit",
    "openssh_permit_root_login",
    Severity::High,
    "root may be locked out: sshd's default changes",
)
.inhibiting()
.groups(GROUPS)
.key("3d21e8cc9e1c09dc60429de7716165787e99515f");
const IN_MATCH: Kind = Kind::new(
    "ssh.root-login-match-only",
    "openssh_permit_root_login",
    Severity::High,
    "root may be locked out: sshd's default changes for most connections",
)
.inhibiting()
.groups(GROUPS)
.key("28a7143121e421ec71b80bd7a652173f5561f757");

const FILE: &str = "/etc/ssh/sshd_config";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let config = outcome.known_of(host, "openssh-server", host.facts().ssh().server()).flatten();
    let Some(config) = config else { return Ok(()) };
    let logins = config.permit_root_login();
    let is_said = |(value, at): &(Option<RootLogin>, &Placed)| {
        at.is_for_all() || *value == Some(RootLogin::Yes)
    };
    if logins.iter().any(is_said) {
        return Ok(());
    }
    let is_modified = host.facts().verification().is_modified(FILE, "openssh-server");
    if outcome.known_of(host, "openssh-server", is_modified) != Some(true) {
        return Ok(());
    }
    if let Some(unknown) = config.missing.first() {
        return Err(unknown.clone());
    }
    let finding = if logins.is_empty() {
        IMPLICIT.finding(
            "sshd_config was changed and has no PermitRootLogin; root cannot log in with a \
                          password any more.",
        )
    } else {
        IN_MATCH.finding(
            "PermitRootLogin stands in Match blocks only; for other connections root cannot \
                          log in with a password any more.",
        )
    };
    let finding = finding.about("package", ["openssh-server"]).about("file", [FILE]).hint(
        "Write PermitRootLogin before any Match block: `yes` to go on as now, \
               `prohibit-password` where root has keys, or `no`.",
    );
    outcome.report(host.seen(finding, logins.iter().map(|(_, at)| at.place())));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const CHANGED: &str = "//- command rpm -V openssh-server\nS.5....T.  c /etc/ssh/sshd_config\n";

    fn host(config: &str, verified: &str) -> String {
        format!("//- packages\nopenssh-server\n//- /etc/ssh/sshd_config\n{config}\n{verified}")
    }

    #[test]
    fn a_changed_file_without_it_forbids_the_upgrade() {
        insta::assert_snapshot!(told(ACTOR, &host("Port 22\n#PermitRootLogin yes", CHANGED)), @"
        high inhibitor ssh.root-login-implicit [authentication, security, network, services]
          root may be locked out: sshd's default changes: sshd_config was changed and has no PermitRootLogin; root cannot log in with a password any more.
          about: file /etc/ssh/sshd_config
          about: package openssh-server
          hint: Write PermitRootLogin before any Match block: `yes` to go on as now, `prohibit-password` where root has keys, or `no`.
        ");
    }

    #[test]
    fn one_for_some_connections_is_not_enough() {
        let config = "Match address 10.0.0.0/8\nPermitRootLogin prohibit-password";
        insta::assert_snapshot!(told(ACTOR, &host(config, CHANGED)), @"
        high inhibitor ssh.root-login-match-only [authentication, security, network, services]
          root may be locked out: sshd's default changes for most connections: PermitRootLogin stands in Match blocks only; for other connections root cannot log in with a password any more.
          seen: /etc/ssh/sshd_config:2: PermitRootLogin prohibit-password
          about: file /etc/ssh/sshd_config
          about: package openssh-server
          hint: Write PermitRootLogin before any Match block: `yes` to go on as now, `prohibit-password` where root has keys, or `no`.
        ");
    }

    #[test]
    fn whoever_says_what_he_wants_gets_it() {
        for config in [
            "PermitRootLogin yes",
            "PermitRootLogin no",
            "PermitRootLogin without-password",
            "permitrootlogin no\nMatch user bob\nPermitRootLogin yes",
            "Match address 10.0.0.0/8\nPermitRootLogin yes",
            "Match all\nPermitRootLogin no",
            "Match ALL\nPermitRootLogin prohibit-password",
        ] {
            assert_eq!(told(ACTOR, &host(config, CHANGED)), "", "{config}");
        }
    }

    /// leapp's defect: it crashes on `Yes`, and on a value in quotes.
    #[test]
    fn letter_case_and_quotes_do_not_matter() {
        for config in [
            "PermitRootLogin Yes",
            "PermitRootLogin \"prohibit-password\"",
            "Match user root\nPermitRootLogin YES",
        ] {
            assert_eq!(told(ACTOR, &host(config, CHANGED)), "", "{config}");
        }
    }

    #[test]
    fn a_file_as_the_package_brought_it_is_replaced() {
        assert_eq!(told(ACTOR, &host("Port 22", "//- command rpm -V openssh-server\n\n")), "");
    }

    #[test]
    fn evidence_is_missing_only_where_it_counts() {
        insta::assert_snapshot!(told(ACTOR, &host("Port 22", "")), @"
        medium actors.undecided [sanity]
          A check lacks evidence: openssh_permit_root_login (Whether root may log in is left to sshd's default, which changes) was not decided: command:rpm -V openssh-server: was not captured.
          about: evidence command:rpm -V openssh-server
        ");
        assert_eq!(told(ACTOR, &host("PermitRootLogin no", "")), "");
        assert_eq!(told(ACTOR, ""), "");
        assert!(
            told(ACTOR, &host("Include x.conf", CHANGED)).starts_with("medium actors.undecided")
        );
    }
}
