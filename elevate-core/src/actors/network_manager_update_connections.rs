//! DHCP client identifiers that are words.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "network_manager_update_connections",
    summary: "Connections tell DHCP servers a word for an identifier",
    about: "NetworkManager of release 8 puts a byte before an identifier that is a word, so that \
            a DHCP server takes the host for another one and gives it another address. Such \
            identifiers are written in hexadecimal, which means the same to both. This is done \
            at the first start of release 8, where dhclient stays the DHCP client.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["network", "packages"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.all_named("NetworkManager").is_empty() {
        return Ok(());
    }
    let network = host.facts().network();
    let files = outcome.found(network.client_ids_in_hex());
    if files.is_empty() {
        return Ok(());
    }
    let config = network.network_manager()?;
    if config.get("main", "dhcp")?.is_some_and(|(_, key)| !matches!(&*key.value, "" | "dhclient")) {
        return Ok(());
    }
    for file in files {
        if let Some(change) = Change::edit(&file.path, &file.before, &file.after) {
            let why = "The host keeps its identifier, and so its address, at the DHCP server.";
            outcome.step(Step::new(When::FirstBoot, why, change));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn host(id: &str, config: &str) -> String {
        format!(
            "//- packages\nNetworkManager\n//- dir /etc/sysconfig/network-scripts: ifcfg-eth0\n\
             //- /etc/sysconfig/network-scripts/ifcfg-eth0\nDEVICE=eth0\n{id}\n\
             //- absent /etc/NetworkManager/system-connections\n{config}"
        )
    }

    const DEFAULT: &str = "//- command NetworkManager --print-config\n[main]\n";

    #[test]
    fn a_word_is_written_in_hexadecimal() {
        insta::assert_snapshot!(told(ACTOR, &host("DHCP_CLIENT_ID=\"web-1\"", DEFAULT)), @r#"
        first-boot: The host keeps its identifier, and so its address, at the DHCP server.
          /etc/sysconfig/network-scripts/ifcfg-eth0:2: DHCP_CLIENT_ID="web-1" -> DHCP_CLIENT_ID=77:65:62:2d:31
        "#);
        let dhclient = format!("{DEFAULT}dhcp=dhclient\n");
        assert_ne!(told(ACTOR, &host("DHCP_CLIENT_ID=web", &dhclient)), "");
    }

    #[test]
    fn what_is_hexadecimal_already_stays() {
        for id in ["DHCP_CLIENT_ID=1:a:ff", "DHCP_CLIENT_ID=", ""] {
            assert_eq!(told(ACTOR, &host(id, DEFAULT)), "");
        }
    }

    /// leapp's defect: it would tell servers the word `mac`.
    #[test]
    fn words_that_ask_for_an_identifier_stay() {
        assert_eq!(told(ACTOR, &host("DHCP_CLIENT_ID=mac", DEFAULT)), "");
    }

    #[test]
    fn another_dhcp_client_has_its_own_identifier() {
        let internal = format!("{DEFAULT}dhcp=internal\n");
        assert_eq!(told(ACTOR, &host("DHCP_CLIENT_ID=web", &internal)), "");
    }

    #[test]
    fn evidence_is_missing_only_where_it_counts() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nNetworkManager\n"), @"
        low actors.undecided [sanity]
          A check lacks evidence: network_manager_update_connections (Connections tell DHCP servers a word for an identifier) was not decided: /etc/sysconfig/network-scripts: was not captured; /etc/NetworkManager/system-connections: was not captured.
          about: evidence /etc/NetworkManager/system-connections
          about: evidence /etc/sysconfig/network-scripts
        ");
        insta::assert_snapshot!(told(ACTOR, &host("DHCP_CLIENT_ID=web", "")), @"
        low actors.undecided [sanity]
          A check lacks evidence: network_manager_update_connections (Connections tell DHCP servers a word for an identifier) was not decided: /etc/NetworkManager/conf.d: was not captured.
          about: evidence /etc/NetworkManager/conf.d
        ");
        assert_eq!(told(ACTOR, &host("", "")), "");
        assert_eq!(told(ACTOR, ""), "");
    }
}
