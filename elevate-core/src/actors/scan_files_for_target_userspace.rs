//! Files of the host that are needed to fetch the target's packages.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::Directive;
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "scan_files_for_target_userspace",
    summary: "names of hosts are told by /etc/hosts",
    about: "Servers of repositories may be known to the host by /etc/hosts only. The file is copied \
            to where the target's packages are prepared.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["network"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.facts().network().has_hosts_file()? {
        outcome.ask(Directive::CopyToTarget { path: "/etc/hosts".to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    #[test]
    fn the_file_is_needed_where_it_is() {
        insta::assert_snapshot!(told(ACTOR, "//- /etc/hosts\n127.0.0.1 localhost\n"), @"ask: copy-to-target /etc/hosts");
        assert_eq!(told(ACTOR, "//- absent /etc/hosts\n"), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        low actors.undecided [sanity]
          A check lacks evidence: scan_files_for_target_userspace (names of hosts are told by /etc/hosts) was not decided: /etc/hosts: was not captured.
          about: evidence /etc/hosts
        ");
    }
}
