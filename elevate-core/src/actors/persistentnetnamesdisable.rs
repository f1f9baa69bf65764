//! Network interfaces have names the kernel gave them.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::Directive;
use crate::facts::Fact;
use crate::facts::network::Interface;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "persistentnetnamesdisable",
    summary: "one of several network interfaces is called eth0 or the like",
    about: "The kernel numbers eth0, eth1 ... in the order in which it finds the cards, and that \
            of release 8 may find them in another one. With a single card called eth0 nothing can \
            be mixed up, and the name is kept with net.ifnames=0. With several, give each a name \
            of your own that does not begin with eth, by its address, before the upgrade.",
    covers: &["persistentnetnames"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["network"],
    kinds: &[SEVERAL, OTHER_BUSES],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const SEVERAL: Kind = Kind::new(
    "network.kernel-names-multiple-nics",
    "persistentnetnamesdisable",
    Severity::High,
    "Network interfaces may be mixed up",
)
.inhibiting()
.groups(&["network"]);

const OTHER_BUSES: Kind = Kind::new(
    "network.kernel-names-other-buses",
    "persistentnetnamesdisable",
    Severity::High,
    "Network interfaces that are not on PCI may be mixed up",
)
.groups(&["network"]);

const HINT: &str = "Name the interfaces by their addresses, with names that do not begin with eth.";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let all = host.facts().network().physical()?;
    let pci: Vec<&Interface> = all.iter().filter(|one| one.pci.is_some()).collect();
    let is_named = |interfaces: &[&Interface]| interfaces.iter().any(|one| one.has_kernel_name());
    let is_only_eth0 = |one: &&Interface| one.name == "eth0";
    if (pci.len() == 1 && pci.iter().all(is_only_eth0))
        || (all.len() == 1 && all.iter().all(|one| is_only_eth0(&one)))
    {
        let argument = "net.ifnames=0".to_owned();
        outcome.ask(Directive::AddKernelArgument { argument });
        return Ok(());
    }
    // The fast path of a virtual card is part of it and has no name of its own.
    let free: Vec<&Interface> = all.iter().filter(|one| one.master.is_none()).collect();
    let (kind, interfaces) = if pci.len() > 1 && is_named(&pci) {
        (SEVERAL, pci)
    } else if free.len() > 1 && is_named(&free) {
        (OTHER_BUSES, free)
    } else {
        return Ok(());
    };
    let names: Vec<&str> = interfaces.iter().map(|one| one.name.as_str()).collect();
    let summary = format!("Names the kernel gives are among these: {}.", names.join(", "));
    let finding = kind
        .finding(summary)
        .about("interface", names)
        .hint(HINT)
        .link("https://access.redhat.com/solutions/4067471")
        .link("https://access.redhat.com/solutions/7009239");
    outcome.report(match kind == OTHER_BUSES {
        true => finding.leapp("leaves interfaces out that are not on PCI"),
        false => finding,
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    /// A host with these interfaces, each with its place in `/sys/devices`.
    fn with(interfaces: &[(&str, &str)]) -> String {
        let names: Vec<&str> = interfaces.iter().map(|(name, _)| *name).collect();
        let mut host = format!("//- dir /sys/class/net: {}\n", names.join(" "));
        for (name, place) in interfaces {
            host +=
                &format!("//- link /sys/class/net/{name} -> ../../devices/{place}/net/{name}\n");
        }
        told(ACTOR, &host)
    }

    const LO: (&str, &str) = ("lo", "virtual");
    const FIRST: &str = "pci0000:00/0000:00:03.0";
    const SECOND: &str = "pci0000:00/0000:00:04.0";

    #[test]
    fn several_interfaces_with_such_a_name_forbid_the_upgrade() {
        insta::assert_snapshot!(with(&[LO, ("eth0", FIRST), ("eth1", SECOND)]), @"
        high inhibitor network.kernel-names-multiple-nics [network]
          Network interfaces may be mixed up: Names the kernel gives are among these: eth0, eth1.
          about: interface eth0
          about: interface eth1
          hint: Name the interfaces by their addresses, with names that do not begin with eth.
        ");
        assert!(with(&[("eth0", FIRST), ("ens4", SECOND)]).starts_with("high inhibitor"));
    }

    #[test]
    fn the_name_of_a_single_eth0_is_kept() {
        insta::assert_snapshot!(with(&[LO, ("eth0", FIRST)]), @"ask: add-kernel-argument net.ifnames=0");
        assert_eq!(with(&[("eth0", "vmbus/1")]), with(&[("eth0", FIRST)]));
    }

    #[test]
    fn other_names_are_fine() {
        assert_eq!(with(&[LO, ("ens3", FIRST), ("ens4", SECOND)]), "");
        assert_eq!(with(&[LO, ("eth1", FIRST)]), "");
        assert_eq!(with(&[LO, ("ethernet0", FIRST), ("ens4", SECOND)]), "");
        assert_eq!(with(&[LO]), "");
    }

    /// leapp's defect: it leaves out what is not on PCI.
    #[test]
    fn interfaces_of_other_buses_are_told_of() {
        insta::assert_snapshot!(with(&[LO, ("eth0", "vmbus/1"), ("eth1", "vmbus/2")]), @"
        high network.kernel-names-other-buses [network]
          Network interfaces that are not on PCI may be mixed up: Names the kernel gives are among these: eth0, eth1.
          about: interface eth0
          about: interface eth1
          hint: Name the interfaces by their addresses, with names that do not begin with eth.
          leapp: leaves interfaces out that are not on PCI
        ");
    }

    #[test]
    fn the_fast_path_of_a_virtual_card_is_no_second_one() {
        let host = "//- dir /sys/class/net: eth0 enP1s2\n\
                    //- link /sys/class/net/eth0 -> ../../devices/vmbus/1/net/eth0\n\
                    //- link /sys/class/net/enP1s2 -> ../../devices/pci0001:00/0001:00:02.0/net/enP1s2\n\
                    //- link /sys/class/net/enP1s2/master -> ../../vmbus/1/net/eth0\n";
        assert_eq!(told(ACTOR, host), "");
    }

    /// leapp crashes here.
    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: persistentnetnamesdisable (one of several network interfaces is called eth0 or the like) was not decided: /sys/class/net: was not captured.
          about: evidence /sys/class/net
        ");
    }
}
