//! sshd is told how to separate privileges.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "open_ssh_use_privilege_separation",
    summary: "sshd is told how to separate privileges",
    about: "OpenSSH of release 8 always runs what faces the network in a sandbox and passes the \
            directive UsePrivilegeSeparation by. Remove it.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["ssh", "packages"],
    kinds: &[SET],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const SET: Kind = Kind::new(
    "ssh.privilege-separation",
    "open_ssh_use_privilege_separation",
    Severity::Low,
    "sshd passes UsePrivilegeSeparation by",
)
.groups(&["authentication", "security", "network", "services"])
.key("5119f0f1a821ed28a36bd84e86271e1cd4cc9cba");

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let config = outcome.known_of(host, "openssh-server", host.facts().ssh().server()).flatten();
    let Some(config) = config else { return Ok(()) };
    let set = config.all("UsePrivilegeSeparation").next();
    let set = set.filter(|at| !at.directive.value().eq_ignore_ascii_case("sandbox"));
    match set {
        Some(at) => {
            let finding = SET
                .finding(format!(
                    "UsePrivilegeSeparation is {}; sshd of release 8 always uses a sandbox.",
                    at.directive.value()
                ))
                .hint("Remove the directive.");
            outcome.report(host.seen(finding, [at.place()]));
        }
        None => outcome.lacks_all(&config.missing),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn host(config: &str) -> String {
        format!("//- packages\nopenssh-server\n//- /etc/ssh/sshd_config\n{config}\n")
    }

    #[test]
    fn a_value_that_no_longer_counts_is_told_of() {
        insta::assert_snapshot!(told(ACTOR, &host("UsePrivilegeSeparation yes")), @"
        low ssh.privilege-separation [authentication, security, network, services]
          sshd passes UsePrivilegeSeparation by: UsePrivilegeSeparation is yes; sshd of release 8 always uses a sandbox.
          seen: /etc/ssh/sshd_config:1: UsePrivilegeSeparation yes
          hint: Remove the directive.
        ");
        assert!(told(ACTOR, &host("UsePrivilegeSeparation no")).starts_with("low ssh.privilege"));
    }

    /// leapp's defect: it stops with an error over values it does not know, `Sandbox` too.
    #[test]
    fn letter_case_does_not_matter_and_no_value_stops_the_check() {
        for config in ["", "UsePrivilegeSeparation sandbox", "useprivilegeseparation Sandbox"] {
            assert_eq!(told(ACTOR, &host(config)), "");
        }
        assert!(told(ACTOR, &host("UsePrivilegeSeparation maybe")).contains("is maybe;"));
    }

    #[test]
    fn the_first_one_counts() {
        assert_eq!(
            told(ACTOR, &host("UsePrivilegeSeparation sandbox\nUsePrivilegeSeparation no")),
            ""
        );
    }

    #[test]
    fn evidence_is_missing_only_where_the_server_is_installed() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nopenssh-server\n"), @"
        low actors.undecided [sanity]
          A check lacks evidence: open_ssh_use_privilege_separation (sshd is told how to separate privileges) was not decided: /etc/ssh/sshd_config: was not captured.
          about: evidence /etc/ssh/sshd_config
        ");
        assert_eq!(told(ACTOR, ""), "");
    }
}
