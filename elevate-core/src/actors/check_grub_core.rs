//! GRUB on the disks is older than its menu will be.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::boot::Firmware;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_grub_core",
    summary: "GRUB has to be installed again on the disks of /boot",
    about: "On a host that boots with BIOS, the first part of GRUB is on the disk and is not \
            updated with its package. That of release 7 does not understand the menu of release 8. \
            It is installed again on the disks /boot lies on that have it. Where it is on another \
            disk, install it there after the transaction with grub2-install, before the reboot.",
    covers: &["scan_grub_device_name", "update_grub_core"],
    applies: Applies { archs: &["x86_64", "ppc64le", "aarch64"], ..Applies::SEVEN_TO_EIGHT },
    needs: &["boot"],
    kinds: &[WILL_UPDATE, UNKNOWN],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const WILL_UPDATE: Kind = Kind::new(
    "boot.grub-core-will-update",
    "check_grub_core",
    Severity::High,
    "GRUB is installed again on the disks it boots from",
)
.groups(&["boot"]);

const UNKNOWN: Kind = Kind::new(
    "boot.grub-core-unknown",
    "check_grub_core",
    Severity::High,
    "No disk of /boot has GRUB on it",
)
.groups(&["boot"])
.key("41f46d9b1691373b0846e6297fb98d010cf21864");

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.facts().boot().firmware()? != Firmware::Bios {
        return Ok(());
    }
    let mut with_grub = Vec::new();
    let mut all_known = true;
    for disk in host.facts().boot().disks()? {
        match disk.sector {
            Ok(sector) if sector.loader.is_grub() => with_grub.push(disk.device),
            Ok(_) => {}
            Err(unknown) => {
                all_known = false;
                outcome.lacks(unknown);
            }
        }
    }
    if !with_grub.is_empty() {
        let summary = format!("GRUB of release 8 is installed on {}.", with_grub.join(", "));
        outcome.report(WILL_UPDATE.finding(summary).about("device", &with_grub));
    } else if all_known {
        let hint = "Install GRUB with grub2-install on the disk the machine boots from, after the \
                    packages are replaced and before the reboot.";
        let summary = "Whatever starts this host is not on the disks /boot lies on.";
        outcome.report(UNKNOWN.finding(summary).hint(hint));
    }
    for device in with_grub {
        let why = format!("GRUB on {device} has to be that of the target.");
        outcome.step(Step::new(When::After, why, Change::run(&["grub2-install", &device])));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const BIOS: &str = "//- /proc/cmdline\nro\n//- absent /sys/firmware/efi\n";
    const DISKS: &str = "//- /proc/mounts\n/dev/sda1 / xfs rw 0 0\n\
                         //- dir /sys/class/block: sda sda1\n\
                         //- link /sys/class/block/sda -> ../../devices/pci/block/sda\n\
                         //- link /sys/class/block/sda1 -> ../../devices/pci/block/sda/sda1\n\
                         //- dir /sys/class/block/sda/slaves:\n";

    #[test]
    fn grub_is_installed_again_where_it_is() {
        let host = format!("{BIOS}{DISKS}//- sector /dev/sda GRUB\n");
        insta::assert_snapshot!(told(ACTOR, &host), @"
        high boot.grub-core-will-update [boot]
          GRUB is installed again on the disks it boots from: GRUB of release 8 is installed on /dev/sda.
          about: device /dev/sda
        after: GRUB on /dev/sda has to be that of the target.
          run grub2-install /dev/sda
        ");
    }

    #[test]
    fn without_grub_on_the_disks_somebody_has_to_do_it() {
        let host = format!("{BIOS}{DISKS}//- sector /dev/sda LILO\n");
        insta::assert_snapshot!(told(ACTOR, &host), @"
        high boot.grub-core-unknown [boot]
          No disk of /boot has GRUB on it: Whatever starts this host is not on the disks /boot lies on.
          hint: Install GRUB with grub2-install on the disk the machine boots from, after the packages are replaced and before the reboot.
        ");
    }

    #[test]
    fn a_host_that_boots_otherwise_is_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- dir /sys/firmware/efi: efivars/\n"), "");
        assert_eq!(told(ACTOR, "//- host centos:7.9 s390x\n"), "");
    }

    /// leapp stops with an error here.
    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, &format!("{BIOS}{DISKS}")), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_grub_core (GRUB has to be installed again on the disks of /boot) was not decided: /dev/sda: was not captured.
          about: evidence /dev/sda
        ");
        insta::assert_snapshot!(told(ACTOR, BIOS), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_grub_core (GRUB has to be installed again on the disks of /boot) was not decided: /proc/self/mountinfo: was not captured.
          about: evidence /proc/self/mountinfo
        ");
    }
}
