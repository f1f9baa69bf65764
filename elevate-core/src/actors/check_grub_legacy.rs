//! The boot loader of release 6 in the first sector of a disk.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::boot::Firmware;
use crate::facts::parse::boot_sector::Loader;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_grub_legacy",
    summary: "GRUB Legacy boots the host",
    about: "A host that came from release 6 may still be booted by GRUB Legacy (0.9x), whose menu \
            nothing of release 8 writes: after the upgrade it would boot a kernel that is gone. \
            Install GRUB 2 on the disks that are named.",
    applies: Applies::SEVEN_TO_EIGHT.on(&["x86_64"]),
    needs: &["boot", "storage"],
    kinds: &[LEGACY],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const LEGACY: Kind = Kind::new(
    "boot.grub-legacy",
    "check_grub_legacy",
    Severity::High,
    "GRUB Legacy is installed on a boot disk",
)
.inhibiting()
.groups(&["boot"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let boot = host.facts().boot();
    // EFI does not run the first sector of a disk.
    if boot.firmware() == Ok(Firmware::Efi) {
        return Ok(());
    }
    let mut disks = Vec::new();
    let mut leapp_sees = false;
    for disk in boot.disks()? {
        let sector = outcome.known(disk.sector);
        if let Some(Loader::LegacyGrub { leapp_flags }) = sector.map(|sector| sector.loader) {
            leapp_sees |= leapp_flags;
            disks.push(disk.device);
        }
    }
    if disks.is_empty() {
        return Ok(());
    }
    let mut finding = LEGACY
        .finding(format!("These disks are booted by GRUB Legacy: {}.", disks.join(", ")))
        .hint(
            "Finish the upgrade from release 6: make /boot/grub2/grub.cfg, install GRUB 2 on each \
             of these disks, start the host once with it and remove the package grub. Where that \
             is not possible, install release 8 anew.",
        );
    for disk in &disks {
        finding = finding.seen_in(disk).command(&["grub2-install", disk]);
    }
    finding = finding.link("https://access.redhat.com/solutions/2643721");
    let blind = "knows one build of GRUB 0.94 only, and says nothing";
    outcome.report(if leapp_sees { finding } else { finding.leapp(blind) });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const DISKS: &str = "//- absent /sys/firmware/efi\n//- /proc/mounts\n/dev/md0 /boot xfs rw 0 0\n\
        //- dir /sys/class/block: sda@ sda1@ sdb@ sdb1@ md0@\n\
        //- dir /sys/class/block/md0/slaves: sda1@ sdb1@\n\
        //- link /sys/class/block/sda1 -> ../../devices/x/block/sda/sda1\n\
        //- link /sys/class/block/sdb1 -> ../../devices/x/block/sdb/sdb1\n";

    fn disks(sda: &str, sdb: &str) -> String {
        let host = format!("{DISKS}//- sector /dev/sda {sda}\n//- sector /dev/sdb {sdb}\n");
        told(ACTOR, &host)
    }

    #[test]
    fn one_disk_of_an_array_with_it_forbids_the_upgrade() {
        insta::assert_snapshot!(disks("grub2", "grub-0.94"), @"
        high inhibitor boot.grub-legacy [boot]
          GRUB Legacy is installed on a boot disk: These disks are booted by GRUB Legacy: /dev/sdb.
          seen: /dev/sdb
          hint: Finish the upgrade from release 6: make /boot/grub2/grub.cfg, install GRUB 2 on each of these disks, start the host once with it and remove the package grub. Where that is not possible, install release 8 anew.
          run: grub2-install /dev/sdb
        ");
    }

    #[test]
    fn several_disks_are_one_finding() {
        let told = disks("grub-0.94", "grub-0.94");
        assert_eq!(told.matches("boot.grub-legacy").count(), 1, "{told}");
        assert!(told.contains("GRUB Legacy: /dev/sda, /dev/sdb."), "{told}");
    }

    #[test]
    fn grub_2_and_no_grub_are_fine() {
        assert_eq!(disks("grub2", "grub2"), "");
        assert_eq!(disks("GRUB", "LILO start=63"), "");
    }

    #[test]
    fn on_efi_the_first_sector_boots_nothing() {
        assert_eq!(told(ACTOR, "//- dir /sys/firmware/efi: vars/\n"), "");
        assert_eq!(told(ACTOR, "//- host centos:7.9 s390x\n"), "");
    }

    #[test]
    fn a_disk_nobody_read_is_told_of_beside_what_was_found() {
        let host = format!("{DISKS}//- sector /dev/sda grub-0.94\n");
        insta::assert_snapshot!(told(ACTOR, &host), @"
        high inhibitor boot.grub-legacy [boot]
          GRUB Legacy is installed on a boot disk: These disks are booted by GRUB Legacy: /dev/sda.
          seen: /dev/sda
          hint: Finish the upgrade from release 6: make /boot/grub2/grub.cfg, install GRUB 2 on each of these disks, start the host once with it and remove the package grub. Where that is not possible, install release 8 anew.
          run: grub2-install /dev/sda
        medium actors.undecided [sanity]
          A check lacks evidence: check_grub_legacy (GRUB Legacy boots the host) was not decided: /dev/sdb: was not captured.
          about: evidence /dev/sdb
        ");
        assert!(told(ACTOR, "").contains("actors.undecided"));
    }
}
