//! Room for the core of GRUB before the first partition.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::boot::Firmware;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_first_partition_offset",
    summary: "room for GRUB before the first partition",
    about: "Without EFI, the core of GRUB lies between the first sector of the disk and its first \
            partition. That of release 8 needs 1 MiB there. Partitions of old installers begin \
            at sector 63 (32 256 bytes): GRUB does not fit, and the host does not boot.",
    covers: &["scan_grub_device_partition_layout"],
    applies: Applies::SEVEN_TO_EIGHT.on(&["x86_64", "ppc64le", "aarch64"]),
    needs: &["boot", "storage"],
    kinds: &[SMALL],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const SMALL: Kind = Kind::new(
    "boot.first-partition-offset",
    "check_first_partition_offset",
    Severity::High,
    "There is too little room for GRUB before the first partition",
)
.inhibiting()
.groups(&["boot"]);

/// 1 MiB.
const NEEDED: u64 = 1_048_576;

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let boot = host.facts().boot();
    if boot.firmware()? == Firmware::Efi {
        return Ok(());
    }
    let mut small = Vec::new();
    for disk in boot.disks()? {
        let Some(sector) = outcome.known(disk.sector) else { continue };
        let offset = sector.first_partition_offset(disk.sector_size);
        let offset = offset.filter(|offset| *offset < NEEDED && sector.loader.is_grub());
        small.extend(offset.map(|offset| (disk.device, offset)));
    }
    if small.is_empty() {
        return Ok(());
    }
    let told = |(disk, offset): &(String, u64)| format!("{disk} ({offset} bytes)");
    let told: Vec<String> = small.iter().map(told).collect();
    let mut finding = SMALL
        .finding(format!(
            "The first partition of a boot disk has to begin at byte {NEEDED} or later; here it \
             does not: {}.",
            told.join(", ")
        ))
        .hint(
            "Move the first partition of the disk so that 1 MiB (2048 sectors of 512 bytes) is \
             free before it, or install release 8 anew.",
        );
    for (disk, _) in &small {
        finding = finding.seen_in(disk);
    }
    outcome.report(finding);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const HOST: &str = "//- absent /sys/firmware/efi\n//- /proc/mounts\n/dev/sda1 /boot xfs rw 0 0\n\
        //- dir /sys/class/block: sda@ sda1@\n\
        //- link /sys/class/block/sda1 -> ../../devices/x/block/sda/sda1\n";

    fn disk(sector: &str) -> String {
        told(ACTOR, &format!("{HOST}//- sector /dev/sda {sector}\n"))
    }

    #[test]
    fn a_partition_at_sector_63_forbids_the_upgrade() {
        insta::assert_snapshot!(disk("grub2 start=63"), @"
        high inhibitor boot.first-partition-offset [boot]
          There is too little room for GRUB before the first partition: The first partition of a boot disk has to begin at byte 1048576 or later; here it does not: /dev/sda (32256 bytes).
          seen: /dev/sda
          hint: Move the first partition of the disk so that 1 MiB (2048 sectors of 512 bytes) is free before it, or install release 8 anew.
        ");
    }

    #[test]
    fn the_smallest_start_counts_whatever_the_order() {
        assert_eq!(disk("grub2 start=2050 start=63"), disk("grub2 start=63"));
    }

    #[test]
    fn a_mebibyte_is_enough() {
        assert_eq!(disk("grub2 start=2048"), "");
        assert_eq!(disk("grub2 start=2050 start=4096"), "");
        assert!(disk("grub2 start=2047").starts_with("high inhibitor"));
    }

    #[test]
    fn the_sectors_of_a_disk_may_be_larger() {
        let size = "//- /sys/class/block/sda/queue/logical_block_size\n4096\n";
        let host = format!("{HOST}{size}//- sector /dev/sda grub2 start=256\n");
        assert_eq!(told(ACTOR, &host), "");
    }

    /// leapp crashes where `fdisk` finds no table, as on a disk without a label.
    #[test]
    fn a_disk_without_a_table_or_with_a_gpt_or_without_grub_is_passed_by() {
        assert_eq!(disk("grub2"), "");
        assert_eq!(disk("grub2 gpt"), "");
        assert_eq!(disk("start=63"), "");
    }

    #[test]
    fn efi_and_s390x_need_no_such_room() {
        let efi = format!("{HOST}//- sector /dev/sda grub2 start=63\n")
            .replace("absent /sys/firmware/efi", "dir /sys/firmware/efi: vars/");
        assert_eq!(told(ACTOR, &efi), "");
        assert_eq!(told(ACTOR, "//- host centos:7.9 s390x\n"), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        assert!(told(ACTOR, "").contains("evidence /sys/firmware/efi"));
        assert!(told(ACTOR, HOST).contains("evidence /dev/sda"));
    }
}
