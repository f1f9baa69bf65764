//! sshd is told which protocol to use.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "open_ssh_protocol",
    summary: "sshd is told which protocol to use",
    about: "OpenSSH of release 8 knows protocol 2 only and passes the directive Protocol by. \
            Clients that know protocol 1 only cannot log in any more. Remove the directive.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["ssh", "packages"],
    kinds: &[SET],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const SET: Kind =
    Kind::new("ssh.protocol", "open_ssh_protocol", Severity::Low, "sshd passes Protocol by")
        .groups(&["authentication", "security", "network", "services"])
        .key("5744a935aab15fe2386ea52849d21edd6525e4d7");

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let config = outcome.known_of(host, "openssh-server", host.facts().ssh().server()).flatten();
    let Some(config) = config else { return Ok(()) };
    let set = config.all("Protocol").next();
    match set {
        Some(at) => {
            let finding = SET
                .finding(format!(
                    "Protocol is {}; sshd of release 8 passes it by and speaks protocol 2 only.",
                    at.directive.value()
                ))
                .hint("Remove the directive, and see that no client needs protocol 1.");
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
    fn the_directive_is_told_of_whatever_it_says() {
        insta::assert_snapshot!(told(ACTOR, &host("Port 22\nprotocol 2,1")), @"
        low ssh.protocol [authentication, security, network, services]
          sshd passes Protocol by: Protocol is 2,1; sshd of release 8 passes it by and speaks protocol 2 only.
          seen: /etc/ssh/sshd_config:2: protocol 2,1
          hint: Remove the directive, and see that no client needs protocol 1.
        ");
        for value in ["1", "2", "1,2", "7"] {
            assert!(
                told(ACTOR, &host(&format!("Protocol {value}"))).starts_with("low ssh.protocol")
            );
        }
    }

    #[test]
    fn without_it_there_is_nothing_to_say() {
        assert_eq!(told(ACTOR, &host("#Protocol 2\nPort 22")), "");
    }

    #[test]
    fn evidence_is_missing_only_where_the_server_is_installed() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nopenssh-server\n"), @"
        low actors.undecided [sanity]
          A check lacks evidence: open_ssh_protocol (sshd is told which protocol to use) was not decided: /etc/ssh/sshd_config: was not captured.
          about: evidence /etc/ssh/sshd_config
        ");
        assert_eq!(told(ACTOR, ""), "");
    }
}
