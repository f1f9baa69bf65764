//! The host is served by a cloud provider's update infrastructure.

use std::collections::BTreeSet;

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "checkrhui",
    summary: "packages come from a cloud provider's infrastructure (RHUI)",
    about: "Images of RHEL in public clouds get their packages from the provider, who asks for a \
            certificate. The upgrade reaches the repositories of release 8 only with a package \
            that brings what is needed, leapp-rhui-PROVIDER; install it. The client package of \
            release 7 is replaced by that of release 8.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["packages", "provider"],
    kinds: &[HELPER],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const HELPER: Kind = Kind::new(
    "cloud.rhui-helper-missing",
    "checkrhui",
    Severity::High,
    "What the upgrade needs to reach the provider's repositories is not installed",
)
.inhibiting()
.groups(&["public cloud", "rhui"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let found = host.facts().provider().rhui()?;
    let Some(first) = found.first() else { return Ok(()) };
    let helper = first.helper;
    if host.all_named(helper).is_empty() {
        let sources: Vec<&str> = found.iter().map(|rhui| rhui.source).collect();
        let summary = format!(
            "Packages come from {} by {}; {helper} is not installed.",
            first.provider,
            sources.join(", ")
        );
        let mut finding = HELPER
            .finding(summary)
            .about("package", [helper])
            .hint(format!("Install {helper}."))
            .command(&["yum", "install", "-y", helper]);
        if found.len() > 1 {
            finding =
                finding.leapp("stops with an error where two clients of one cloud are installed");
        }
        outcome.report(finding);
        return Ok(());
    }
    let target = first.target(host.target());
    let sources: BTreeSet<&str> = found.iter().map(|rhui| rhui.source).collect();
    if !sources.contains(target) {
        outcome.install(target);
    }
    sources.iter().filter(|source| **source != target).for_each(|source| outcome.remove(source));
    let why = format!("The repositories of release 8 are reached by {target}.");
    let what = format!("{target} is put where the target's packages are prepared, by {helper}");
    outcome.step(Step::new(When::Prepare, why, Change::other(what)).for_leapp());
    if first.provider.starts_with("AWS") {
        let why = "yum's plugin amazon-id asks for an identity there is no network for.";
        let change = Change::other("dnf's plugin amazon-id is off while packages are replaced");
        outcome.step(Step::new(When::Before, why, change).for_leapp());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    fn with(packages: &str) -> String {
        told(ACTOR, &format!("//- host rhel:7.9 x86_64\n//- packages\n{packages}\n"))
    }

    #[test]
    fn without_the_helper_the_upgrade_is_forbidden() {
        insta::assert_snapshot!(with("rhui-azure-rhel7 unsigned"), @"
        high inhibitor cloud.rhui-helper-missing [public cloud, rhui]
          What the upgrade needs to reach the provider's repositories is not installed: Packages come from Azure by rhui-azure-rhel7; leapp-rhui-azure is not installed.
          about: package leapp-rhui-azure
          hint: Install leapp-rhui-azure.
          run: yum install -y leapp-rhui-azure
        ");
    }

    #[test]
    fn with_it_the_client_is_replaced() {
        insta::assert_snapshot!(with("rhui-azure-rhel7\nleapp-rhui-azure"), @"
        ask: install rhui-azure-rhel8
        ask: remove rhui-azure-rhel7
        prepare: The repositories of release 8 are reached by rhui-azure-rhel8.
          only leapp needs it
          rhui-azure-rhel8 is put where the target's packages are prepared, by leapp-rhui-azure
        ");
    }

    #[test]
    fn a_client_of_the_same_name_stays() {
        insta::assert_snapshot!(with("rh-amazon-rhui-client\nleapp-rhui-aws"), @"
        prepare: The repositories of release 8 are reached by rh-amazon-rhui-client.
          only leapp needs it
          rh-amazon-rhui-client is put where the target's packages are prepared, by leapp-rhui-aws
        before: yum's plugin amazon-id asks for an identity there is no network for.
          only leapp needs it
          dnf's plugin amazon-id is off while packages are replaced
        ");
    }

    #[test]
    fn older_targets_have_other_clients() {
        let host = "//- host rhel:7.9 x86_64\n//- packages\nrhui-azure-rhel7-base-sap-ha\nleapp-rhui-azure-sap\n";
        let told = Case::new(ACTOR, host).to("rhel:8.8").told();
        assert!(told.contains("ask: install rhui-azure-rhel8-sap-ha\n"), "{told}");
    }

    #[test]
    fn other_hosts_are_none_of_its_business() {
        assert_eq!(with("bash"), "");
    }

    /// leapp stops with an error in both cases.
    #[test]
    fn two_clients_of_one_cloud_are_no_riddle() {
        let google = "google-rhui-client-rhel7\ngoogle-rhui-client-rhel7-els";
        insta::assert_snapshot!(with(google), @"
        high inhibitor cloud.rhui-helper-missing [public cloud, rhui]
          What the upgrade needs to reach the provider's repositories is not installed: Packages come from Google by google-rhui-client-rhel7, google-rhui-client-rhel7-els; leapp-rhui-google is not installed.
          about: package leapp-rhui-google
          hint: Install leapp-rhui-google.
          run: yum install -y leapp-rhui-google
          leapp: stops with an error where two clients of one cloud are installed
        ");
        insta::assert_snapshot!(with("rhui-azure-rhel7\nclient-rhel7"), @"
        medium actors.undecided [sanity]
          A check lacks evidence: checkrhui (packages come from a cloud provider's infrastructure (RHUI)) was not decided: installed packages: is not understood: clients of several clouds: rhui-azure-rhel7, client-rhel7.
          about: evidence installed packages
        ");
    }
}
