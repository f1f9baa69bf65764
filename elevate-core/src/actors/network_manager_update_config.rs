//! NetworkManager keeps its DHCP client.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "network_manager_update_config",
    summary: "NetworkManager takes its default DHCP client",
    about: "NetworkManager of release 7 asks dhclient for addresses unless it is told otherwise, \
            that of release 8 has a client of its own, which names the host differently to the \
            server: the host may get another address. Where nothing is configured, a file says \
            `dhcp=dhclient`; whoever wants the new client removes it.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["network", "packages"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const FILE: &str = "/usr/lib/NetworkManager/conf.d/10-dhcp-dhclient.conf";
const CONTENT: &str = "# The DHCP client of release 7\n[main]\ndhcp=dhclient\n";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.all_named("NetworkManager").is_empty() {
        return Ok(());
    }
    let config = host.facts().network().network_manager()?;
    if config.get("main", "dhcp")?.is_none_or(|(_, key)| key.value.is_empty()) {
        let (path, content) = (FILE.to_owned(), CONTENT.to_owned());
        let why = "NetworkManager goes on asking dhclient for addresses.";
        outcome.step(Step::new(When::After, why, Change::Write { path, content }));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn host(config: &str) -> String {
        format!(
            "//- packages\nNetworkManager\n//- command NetworkManager --print-config\n[main]\n{config}\n"
        )
    }

    #[test]
    fn without_a_choice_dhclient_stays() {
        insta::assert_snapshot!(told(ACTOR, &host("plugins=ifcfg-rh")), @r##"
        after: NetworkManager goes on asking dhclient for addresses.
          write /usr/lib/NetworkManager/conf.d/10-dhcp-dhclient.conf: "# The DHCP client of release 7\n[main]\ndhcp=dhclient\n"
        "##);
        assert_eq!(told(ACTOR, &host("dhcp=")), told(ACTOR, &host("")));
    }

    #[test]
    fn a_choice_is_left_alone() {
        for choice in ["dhclient", "internal", "dhcpcd"] {
            assert_eq!(told(ACTOR, &host(&format!("dhcp={choice}"))), "");
        }
    }

    #[test]
    fn files_tell_where_nobody_printed_the_configuration() {
        let files = "//- packages\nNetworkManager\n//- absent /usr/lib/NetworkManager\n//- absent /run/NetworkManager\n\
                     //- absent /etc/NetworkManager/conf.d\n//- /etc/NetworkManager/NetworkManager.conf\n[main]\n";
        assert!(told(ACTOR, files).contains("write /usr/lib/NetworkManager"));
        assert_eq!(told(ACTOR, &format!("{files}dhcp=internal\n")), "");
    }

    #[test]
    fn evidence_is_missing_only_where_networkmanager_is_installed() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nNetworkManager\n"), @"
        low actors.undecided [sanity]
          A check lacks evidence: network_manager_update_config (NetworkManager takes its default DHCP client) was not decided: /etc/NetworkManager/conf.d: was not captured.
          about: evidence /etc/NetworkManager/conf.d
        ");
        assert_eq!(told(ACTOR, ""), "");
    }
}
