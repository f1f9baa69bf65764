//! How dnf is configured on the target.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Directive, Step, When};
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "copy_dnf_conf_into_target_userspace",
    summary: "dnf has a configuration of its own",
    about: "The target's packages are fetched by its own dnf, which needs the proxies and settings \
            of the host. It gets the file /etc/leapp/files/dnf.conf, if somebody has put one \
            there, and the host keeps that one; else it gets the host's /etc/dnf/dnf.conf.",
    covers: &["apply_custom_dnf_conf"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["package_manager"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const CONFIG: &str = "/etc/dnf/dnf.conf";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let Some(path) = host.facts().package_manager().dnf_config_of_target()? else {
        return Ok(());
    };
    outcome.ask(Directive::CopyToTarget { path: path.to_owned() });
    if path != CONFIG {
        let why = "The target's dnf is to use the configuration made for it.";
        let what = format!("{path} becomes {CONFIG} where the target's packages are prepared");
        outcome.step(Step::new(When::Prepare, why, Change::other(what)).for_leapp());
        let change = Change::Copy { from: path.to_owned(), to: CONFIG.to_owned() };
        outcome.step(Step::new(When::After, "The host keeps that configuration.", change));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const NO_OWN: &str = "//- absent /etc/leapp/files/dnf.conf\n";

    #[test]
    fn a_configuration_made_for_the_target_is_used() {
        let host = "//- entry /etc/leapp/files/dnf.conf 10\n//- /etc/dnf/dnf.conf\n[main]\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        ask: copy-to-target /etc/leapp/files/dnf.conf
        prepare: The target's dnf is to use the configuration made for it.
          only leapp needs it
          /etc/leapp/files/dnf.conf becomes /etc/dnf/dnf.conf where the target's packages are prepared
        after: The host keeps that configuration.
          copy /etc/leapp/files/dnf.conf to /etc/dnf/dnf.conf
        ");
    }

    #[test]
    fn else_that_of_the_host_is() {
        let host = format!("{NO_OWN}//- /etc/dnf/dnf.conf\n[main]\n");
        insta::assert_snapshot!(told(ACTOR, &host), @"ask: copy-to-target /etc/dnf/dnf.conf");
    }

    /// leapp asks for a file that is not there.
    #[test]
    fn without_either_nothing_is_copied() {
        assert_eq!(told(ACTOR, &format!("{NO_OWN}//- absent /etc/dnf\n")), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        low actors.undecided [sanity]
          A check lacks evidence: copy_dnf_conf_into_target_userspace (dnf has a configuration of its own) was not decided: /etc/leapp/files/dnf.conf: was not captured.
          about: evidence /etc/leapp/files/dnf.conf
        ");
    }
}
