//! Nodes of a cluster.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::applications::ClusterRole;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_ha_cluster",
    summary: "nodes of a high availability cluster",
    about: "A cluster cannot be upgraded node by node: corosync and pacemaker of release 8 do not \
            speak with those of release 7. Stop and destroy the cluster on all nodes, upgrade \
            them, and set the cluster up again.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["applications"],
    kinds: &[NODE],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const NODE: Kind = Kind::new(
    "services.cluster-node",
    "check_ha_cluster",
    Severity::High,
    "The host is in a cluster",
)
.inhibiting()
.groups(&["high availability"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let Some(role) = host.facts().applications().cluster_role()? else { return Ok(()) };
    let what = match role {
        ClusterRole::Node => "It is a node: /etc/corosync/corosync.conf is there.",
        ClusterRole::Remote => "It is a remote node: /var/lib/pacemaker/cib/cib.xml is there.",
    };
    let finding = NODE
        .finding(what)
        .about("file", ["/etc/corosync/corosync.conf", "/var/lib/pacemaker/cib/cib.xml"])
        .hint("Destroy the cluster on all nodes before the upgrade, and make it anew afterwards.")
        .command(&["sh", "-c", "pcs cluster stop --all --wait && pcs cluster destroy --all"])
        .link("https://access.redhat.com/articles/2059253")
        .link("https://access.redhat.com/solutions/7049940");
    outcome.report(finding);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const COROSYNC: &str = "//- /etc/corosync/corosync.conf\ntotem {}\n";
    const NO_COROSYNC: &str = "//- absent /etc/corosync/corosync.conf\n";
    const CIB: &str = "//- /var/lib/pacemaker/cib/cib.xml\n<cib/>\n";
    const NO_CIB: &str = "//- absent /var/lib/pacemaker/cib/cib.xml\n";

    #[test]
    fn a_node_forbids_the_upgrade_whether_it_has_resources_or_not() {
        insta::assert_snapshot!(told(ACTOR, &[COROSYNC, NO_CIB].concat()), @"
        high inhibitor services.cluster-node [high availability]
          The host is in a cluster: It is a node: /etc/corosync/corosync.conf is there.
          about: file /etc/corosync/corosync.conf
          about: file /var/lib/pacemaker/cib/cib.xml
          hint: Destroy the cluster on all nodes before the upgrade, and make it anew afterwards.
          run: sh -c pcs cluster stop --all --wait && pcs cluster destroy --all
        ");
        let both = told(ACTOR, &[COROSYNC, CIB].concat());
        assert_eq!(both, told(ACTOR, &[COROSYNC, NO_CIB].concat()));
    }

    #[test]
    fn a_remote_node_forbids_it_too() {
        let told = told(ACTOR, &[NO_COROSYNC, CIB].concat());
        assert!(told.contains("It is a remote node"), "{told}");
    }

    #[test]
    fn a_host_in_no_cluster_is_none_of_its_business() {
        assert_eq!(told(ACTOR, &[NO_COROSYNC, NO_CIB].concat()), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        assert!(told(ACTOR, NO_CIB).starts_with("medium actors.undecided"));
    }
}
