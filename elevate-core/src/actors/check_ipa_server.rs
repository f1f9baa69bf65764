//! The host is a server of identity management.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Finding, Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_ipa_server",
    summary: "the host serves identity management, or has the packages for it",
    about: "A server of identity management (FreeIPA) cannot be upgraded in place: install a new \
            one with release 8, make it a replica and take the old one out. A host that has only \
            the package ipa-server can do without it; remove it before the upgrade. Clients are \
            upgraded like any host.",
    covers: &["ipa_scanner"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["applications", "packages"],
    kinds: &[SERVER, UNUSED],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const SERVER: Kind = Kind::new(
    "app.ipa-server",
    "check_ipa_server",
    Severity::High,
    "A server of identity management cannot be upgraded in place",
)
.inhibiting()
.groups(&["services"])
.key("1f1e2bc73035d5c9a692d64de829dd0f6466d5f2");

const UNUSED: Kind = Kind::new(
    "app.ipa-server-unused",
    "check_ipa_server",
    Severity::Medium,
    "ipa-server is installed and not set up",
)
.groups(&["services"])
.key("52f08ac113c1a66031c6ba4b53a42c712a234576");

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let applications = host.facts().applications();
    let has_package = host.has("ipa-server");
    match applications.is_ipa_server() {
        Ok(true) => outcome.report(about(
            SERVER
                .finding("This host is set up as a server of identity management.")
                .seen_in("/var/lib/ipa/sysrestore/sysrestore.state")
                .hint("Add a replica with release 8 and take this server out of the domain."),
        )),
        Ok(false) if has_package => {
            let summary = match applications.is_ipa_client() {
                Ok(true) => {
                    "The host is a client of identity management only; its package \
                             ipa-server is not needed."
                }
                _ => "The package ipa-server is installed, and no server is set up.",
            };
            outcome.report(about(
                UNUSED.finding(summary).hint("Remove the package before the upgrade.").command(&[
                    "yum",
                    "remove",
                    "-y",
                    "ipa-server",
                ]),
            ));
        }
        Err(unknown) if has_package => outcome.lacks(unknown),
        Ok(false) | Err(_) => {}
    }
    Ok(())
}

fn about(finding: Finding) -> Finding {
    finding.about("package", ["ipa-server"]).link("https://red.ht/IdM-upgrading-RHEL-7-to-RHEL-8")
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const PACKAGE: &str = "//- packages\nipa-server\nipa-client\n";
    const CLIENT: &str = "//- /etc/ipa/default.conf\n[global]\n\
                          //- /var/lib/ipa-client/sysrestore/sysrestore.state\n[x]\n";
    const SERVER: &str = "//- /var/lib/ipa/sysrestore/sysrestore.state\n[x]\n";
    const NO_SERVER: &str = "//- absent /var/lib/ipa/sysrestore/sysrestore.state\n";

    #[test]
    fn a_server_forbids_the_upgrade_whoever_made_its_package() {
        insta::assert_snapshot!(told(ACTOR, &format!("{CLIENT}{SERVER}")), @"
        high inhibitor app.ipa-server [services]
          A server of identity management cannot be upgraded in place: This host is set up as a server of identity management.
          seen: /var/lib/ipa/sysrestore/sysrestore.state
          about: package ipa-server
          hint: Add a replica with release 8 and take this server out of the domain.
        ");
    }

    #[test]
    fn the_package_alone_is_to_be_removed() {
        insta::assert_snapshot!(told(ACTOR, &format!("{PACKAGE}{CLIENT}{NO_SERVER}")), @"
        medium app.ipa-server-unused [services]
          ipa-server is installed and not set up: The host is a client of identity management only; its package ipa-server is not needed.
          about: package ipa-server
          hint: Remove the package before the upgrade.
          run: yum remove -y ipa-server
        ");
        let host = format!("{PACKAGE}//- absent /etc/ipa\n//- absent /var/lib/ipa-client\n");
        insta::assert_snapshot!(told(ACTOR, &format!("{host}{NO_SERVER}")), @"
        medium app.ipa-server-unused [services]
          ipa-server is installed and not set up: The package ipa-server is installed, and no server is set up.
          about: package ipa-server
          hint: Remove the package before the upgrade.
          run: yum remove -y ipa-server
        ");
    }

    #[test]
    fn a_configuration_without_state_is_no_server() {
        let host = format!("//- /etc/ipa/default.conf\n[global]\n{NO_SERVER}");
        assert_eq!(told(ACTOR, &host), "");
    }

    #[test]
    fn a_client_is_none_of_its_business() {
        let host = format!("//- packages\nipa-client\n{CLIENT}{NO_SERVER}");
        assert_eq!(told(ACTOR, &host), "");
        assert_eq!(told(ACTOR, ""), "");
    }

    #[test]
    fn with_the_package_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, PACKAGE), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_ipa_server (the host serves identity management, or has the packages for it) was not decided: /etc/ipa/default.conf: was not captured.
          about: evidence /etc/ipa/default.conf
        ");
    }
}
