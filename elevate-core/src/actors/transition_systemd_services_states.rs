//! Services that are started after the upgrade.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::services::State;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "transition_systemd_services_states",
    summary: "which services are started after the upgrade",
    about: "A service that is started at boot stays so, and one you switched off stays off. One \
            that is off as release 7 has it follows what release 8 has it. Links in \
            /etc/systemd/system that the transaction broke are made anew or taken away.",
    covers: &["repair_systemd_symlinks", "scan_systemd_target", "set_systemd_services_state"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["services"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let services = host.facts().services();
    let states = services.states()?;
    let known = states.iter().filter(|(unit, _)| unit.ends_with(".service"));
    let (mut started, mut off, mut follow) = (0, Vec::new(), 0);
    for (unit, state) in known {
        match outcome.known(state.clone()) {
            Some(State::Enabled) => started += 1,
            Some(State::Disabled) => match outcome.known(services.preset(unit)) {
                Some(preset) if preset.enable && preset.rule.is_some() => off.push(unit.as_str()),
                Some(_) => follow += 1,
                None => {}
            },
            _ => {}
        }
    }
    let mut after = |why: &str, what: String, condition: &str| {
        outcome.step(Step::new(When::After, why, Change::other(what)).on(condition));
    };
    if started > 0 {
        after(
            "what is started today is started after the upgrade",
            format!("systemctl enable for services that are enabled now ({started})"),
            "the transaction left the service there and disabled",
        );
    }
    if !off.is_empty() {
        after(
            "what you switched off stays off",
            format!("systemctl disable {}", off.join(" ")),
            "the transaction left the service there and enabled",
        );
    }
    if follow > 0 {
        after(
            "what nobody switched off follows release 8",
            format!(
                "systemctl preset for services that are disabled as release 7 has them ({follow})"
            ),
            "a preset of release 8 enables the service",
        );
    }
    after(
        "a link that leads nowhere starts nothing",
        "systemctl reenable for a unit that is enabled then, systemctl disable for another".into(),
        "the transaction broke a link in /etc/systemd/system",
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    /// What is said of a host with one service and this preset.
    fn service(wants: &str, preset: &str) -> String {
        told(
            ACTOR,
            &format!(
                "//- dir /etc/systemd/system: multi-user.target.wants/\n\
                 //- dir /etc/systemd/system/multi-user.target.wants: {wants}\n\
                 //- link /etc/systemd/system/multi-user.target.wants/x.service -> /usr/lib/systemd/system/x.service\n\
                 //- dir /usr/lib/systemd/system: x.service\n\
                 //- /usr/lib/systemd/system/x.service\n[Install]\nWantedBy=multi-user.target\n\
                 //- absent /run/systemd\n//- absent /etc/systemd/system-preset\n\
                 //- dir /usr/lib/systemd/system-preset: 90-x.preset\n\
                 //- /usr/lib/systemd/system-preset/90-x.preset\n{preset}\n"
            ),
        )
    }

    #[test]
    fn what_is_started_stays_started_whatever_presets_say() {
        for preset in ["enable x.service", "disable x.service"] {
            let told = service("x.service@", preset);
            assert!(told.contains("services that are enabled now (1)"), "{told}");
            assert!(!told.contains("systemctl disable x"), "{told}");
        }
        insta::assert_snapshot!(service("x.service@", "disable *"), @"
        after: what is started today is started after the upgrade
          if: the transaction left the service there and disabled
          systemctl enable for services that are enabled now (1)
        after: a link that leads nowhere starts nothing
          if: the transaction broke a link in /etc/systemd/system
          systemctl reenable for a unit that is enabled then, systemctl disable for another
        ");
    }

    #[test]
    fn links_are_mended_on_every_host() {
        let host =
            "//- absent /etc/systemd\n//- absent /run/systemd\n//- absent /usr/lib/systemd\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        after: a link that leads nowhere starts nothing
          if: the transaction broke a link in /etc/systemd/system
          systemctl reenable for a unit that is enabled then, systemctl disable for another
        ");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        assert!(told(ACTOR, "").contains("actors.undecided"));
    }
}
