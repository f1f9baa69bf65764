//! sshd is told what release 8's does not understand.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::ssh::REFUSED_BY_8;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "open_ssh_deprecated_directives_check",
    summary: "sshd's configuration has directives that are gone",
    about: "OpenSSH of release 8 does not know the directive ShowPatchLevel. With it in its \
            configuration sshd does not start, and the host cannot be reached after the upgrade. \
            Remove it; it has no successor.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["ssh", "packages"],
    kinds: &[GONE],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const GONE: Kind = Kind::new(
    "ssh.removed-directives",
    "open_ssh_deprecated_directives_check",
    Severity::High,
    "sshd does not know a directive any more",
)
.inhibiting()
.groups(&["services"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let config = outcome.known_of(host, "openssh-server", host.facts().ssh().server()).flatten();
    let Some(config) = config else { return Ok(()) };
    let found = config.among(REFUSED_BY_8);
    if found.is_empty() {
        outcome.lacks_all(&config.missing);
        return Ok(());
    }
    let names: Vec<&str> = found.iter().map(|at| at.directive.keyword.as_str()).collect();
    let finding = GONE
        .finding(format!("sshd of release 8 does not start with {}.", names.join(", ")))
        .about("file", ["/etc/ssh/sshd_config"])
        .hint("Remove these directives.")
        .command(&["sed", "-i", r"/^\s*ShowPatchLevel.*$/Id", "/etc/ssh/sshd_config"]);
    outcome.report(host.seen(finding, found.iter().map(|at| at.place())));
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
    fn the_directive_forbids_the_upgrade_as_it_is_spelled() {
        insta::assert_snapshot!(told(ACTOR, &host("Port 22\n showpatchLevel no")), @r"
        high inhibitor ssh.removed-directives [services]
          sshd does not know a directive any more: sshd of release 8 does not start with showpatchLevel.
          seen: /etc/ssh/sshd_config:2:  showpatchLevel no
          about: file /etc/ssh/sshd_config
          hint: Remove these directives.
          run: sed -i /^\s*ShowPatchLevel.*$/Id /etc/ssh/sshd_config
        ");
    }

    #[test]
    fn other_directives_are_fine() {
        assert_eq!(
            told(ACTOR, &host("#ShowPatchLevel no\nUseLogin no\nBanner ShowPatchLevel")),
            ""
        );
    }

    #[test]
    fn evidence_is_missing_only_where_the_server_is_installed() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nopenssh-server\n"), @"
        medium actors.undecided [sanity]
          A check lacks evidence: open_ssh_deprecated_directives_check (sshd's configuration has directives that are gone) was not decided: /etc/ssh/sshd_config: was not captured.
          about: evidence /etc/ssh/sshd_config
        ");
        assert_eq!(told(ACTOR, ""), "");
    }
}
