//! NetworkManager would be started though it is disabled.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::services::State;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "network_manager_update_service",
    summary: "NetworkManager is disabled and its wait-online service is not",
    about: "In release 8 NetworkManager-wait-online pulls NetworkManager in, disabled or not. On \
            a host that does without NetworkManager it is disabled too, or both would be started.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["services", "packages"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const WAIT: &str = "NetworkManager-wait-online.service";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.all_named("NetworkManager").is_empty() {
        return Ok(());
    }
    let is_enabled = |unit: &str| Ok(host.facts().services().state(unit)? == Some(State::Enabled));
    let is_manager_enabled: Fact<bool> = is_enabled("NetworkManager.service");
    if is_manager_enabled != Ok(true) && is_enabled(WAIT)? && !is_manager_enabled? {
        let why = "NetworkManager is disabled, and this service would start it.";
        let change = Change::run(&["systemctl", "disable", WAIT]);
        let condition = format!("NetworkManager.service is not enabled then, and {WAIT} is");
        outcome.step(Step::new(When::After, why, change).on(condition));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn host(manager: &str, wait: &str) -> String {
        format!(
            "//- packages\nNetworkManager\n//- command systemctl list-unit-files\n\
             NetworkManager.service {manager}\nNetworkManager-wait-online.service {wait}\n"
        )
    }

    #[test]
    fn the_service_is_disabled_with_networkmanager() {
        insta::assert_snapshot!(told(ACTOR, &host("disabled", "enabled")), @"
        after: NetworkManager is disabled, and this service would start it.
          if: NetworkManager.service is not enabled then, and NetworkManager-wait-online.service is
          run systemctl disable NetworkManager-wait-online.service
        ");
        for state in ["masked", "enabled-runtime"] {
            assert_ne!(told(ACTOR, &host(state, "enabled")), "");
        }
    }

    #[test]
    fn it_stays_where_networkmanager_is_started_or_it_is_not() {
        for (manager, wait) in [("enabled", "enabled"), ("disabled", "disabled")] {
            assert_eq!(told(ACTOR, &host(manager, wait)), "");
        }
    }

    #[test]
    fn evidence_is_missing_only_where_networkmanager_is_installed() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nNetworkManager\n"), @"
        low actors.undecided [sanity]
          A check lacks evidence: network_manager_update_service (NetworkManager is disabled and its wait-online service is not) was not decided: /etc/systemd/system/NetworkManager-wait-online.service: was not captured.
          about: evidence /etc/systemd/system/NetworkManager-wait-online.service
        ");
        assert_eq!(told(ACTOR, ""), "");
    }
}
