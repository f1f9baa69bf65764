//! Names of network interfaces that stay what they are.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::network::{Interface, NamedBy};
use crate::facts::{Fact, Unknown};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "persistentnetnamesconfig",
    summary: "names of network interfaces that would change",
    about: "systemd of release 8 names some network interfaces otherwise than that of release 7, \
            and a configuration for the old name is for no interface then. Each interface that \
            would get another name is given its old one by its address, in a file of \
            /etc/systemd/network. Names like eth0 are left alone: the kernel gives them in the \
            order it finds interfaces. LEAPP_NO_NETWORK_RENAMING=1 lets all names change.",
    covers: &["persistentnetnamesinitramfs"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["network"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.setting("LEAPP_NO_NETWORK_RENAMING") == Some("1") {
        return Ok(());
    }
    let network = host.facts().network();
    let predicted = network.predicted_names()?;
    for interface in network.physical()?.iter().filter(|one| !one.has_kernel_name()) {
        let name = &interface.name;
        let Some(known) = predicted.iter().find(|known| known.interface == *name) else { continue };
        match (&known.name, &known.named_by) {
            (Some(new), _) if new == name => {}
            (Some(new), _) => {
                let why = format!("release 8 would call {name} {new}");
                keep(outcome, interface, |change| Step::new(When::After, why, change));
            }
            (None, NamedBy::Undecided(why)) => {
                let why = format!("what release 8 calls {name} is not known: {why}");
                keep(outcome, interface, |change| {
                    Step::new(When::After, why, change)
                        .on("the kernel of release 8 names it otherwise")
                });
            }
            (None, _) => {
                let why = format!("release 8 would number {name} in the order it finds interfaces");
                keep(outcome, interface, |change| Step::new(When::After, why, change));
            }
        }
    }
    Ok(())
}

/// Gives an interface its name by its address.
fn keep(outcome: &mut Outcome, interface: &Interface, step: impl FnOnce(Change) -> Step) {
    let name = &interface.name;
    let Some(mac) = &interface.mac else {
        outcome.lacks(Unknown::not_captured(format!("/sys/class/net/{name}/address")));
        return;
    };
    outcome.step(step(Change::Write {
        path: format!("/etc/systemd/network/10-leapp-{name}.link"),
        content: format!("[Match]\nMACAddress={mac}\n\n[Link]\nName={name}\n"),
    }));
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    /// A card in no slot, at 00:03.0.
    fn card(name: &str, more: &str) -> String {
        format!(
            "//- dir /sys/class/net: {name}@\n\
             //- link /sys/class/net/{name} -> ../../devices/pci0000:00/0000:00:03.0/net/{name}\n\
             //- /sys/class/net/{name}/address\n52:54:00:AA:BB:CC\n//- /sys/class/net/{name}/type\n1\n\
             //- /sys/class/net/{name}/dev_port\n0\n\
             //- link /sys/class/net/{name}/device/driver -> ../../../../bus/pci/drivers/e1000\n\
             //- unreadable /sys/class/net/{name}/phys_port_name: Operation not supported (os error 95)\n\
             //- dir /sys/bus/pci/devices: 0000:00:03.0@\n//- dir /sys/bus/pci/devices/0000:00:03.0: vendor\n\
             //- absent /etc/udev/rules.d\n//- absent /etc/sysconfig/network-scripts\n\
             //- absent /etc/systemd/network\n//- dir /sys/bus/pci/slots:\n{more}"
        )
    }

    const PLAIN: &str = "//- /proc/cmdline\nro\n";

    #[test]
    fn a_name_that_would_change_is_kept_by_address() {
        insta::assert_snapshot!(told(ACTOR, &card("ens192", PLAIN)), @r#"
        after: release 8 would call ens192 enp0s3
          write /etc/systemd/network/10-leapp-ens192.link: "[Match]\nMACAddress=52:54:00:aa:bb:cc\n\n[Link]\nName=ens192\n"
        "#);
    }

    #[test]
    fn a_name_that_is_not_known_is_kept_if_it_changes() {
        let more = "//- /proc/cmdline\nro biosdevname=1\n";
        insta::assert_snapshot!(told(ACTOR, &card("em1", more)), @r#"
        after: what release 8 calls em1 is not known: biosdevname=1: the program of that name decides
          if: the kernel of release 8 names it otherwise
          write /etc/systemd/network/10-leapp-em1.link: "[Match]\nMACAddress=52:54:00:aa:bb:cc\n\n[Link]\nName=em1\n"
        "#);
    }

    #[test]
    fn a_name_that_stays_and_one_of_the_kernel_are_left_alone() {
        assert_eq!(told(ACTOR, &card("enp0s3", PLAIN)), "");
        assert_eq!(told(ACTOR, &card("eth0", PLAIN)), "");
    }

    #[test]
    fn whoever_wants_new_names_gets_them() {
        let host = card("ens192", PLAIN);
        let case = Case::new(ACTOR, &host).setting("LEAPP_NO_NETWORK_RENAMING", "1");
        assert_eq!(case.told(), "");
        assert_ne!(Case::new(ACTOR, &host).setting("LEAPP_NO_NETWORK_RENAMING", "0").told(), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        assert!(told(ACTOR, "").contains("evidence /sys/class/net"));
    }
}
