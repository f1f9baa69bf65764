//! The entry of EFI's boot menu.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::boot::Firmware;
use crate::facts::storage::{BlockDevice, BlockKind};
use crate::facts::{Fact, Unknown};
use crate::model::{Arch, Distro};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "efi_finalization_fix",
    summary: "the entry of EFI's boot menu",
    about: "EFI starts what an entry of its own menu names. That of release 7 may name a \
            directory the target does not have (/boot/efi/EFI/centos after an upgrade to \
            AlmaLinux). An entry for the target's boot loader is added, on each disk where the \
            EFI partition is an array.",
    covers: &["efi_interim_fix"],
    applies: Applies::SEVEN_TO_EIGHT.on(&["x86_64", "aarch64"]),
    needs: &["boot", "storage"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let boot = host.facts().boot();
    if boot.firmware()? != Firmware::Efi || outcome.known(boot.has_efibootmgr()) == Some(false) {
        return Ok(());
    }
    let why = "the next start goes by the entry of this one";
    let what = "efibootmgr -n with the number BootCurrent has";
    // The next start is that of leapp's own boot entry.
    let step = Step::new(When::Prepare, why, Change::other(what)).for_leapp();
    outcome.step(step.on("BootCurrent is known and BootNext is not set"));
    let (directory, name) = loader(&host.path().target.distro);
    let shim = if *host.arch() == Arch::Aarch64 { "shimaa64.efi" } else { "shimx64.efi" };
    let place = format!("/boot/efi/EFI/{directory}");
    for (disk, part) in partitions(host)? {
        let file = format!("\\EFI\\{directory}\\{shim}");
        let command = ["efibootmgr", "-c", "-d", &disk, "-p", &part, "-l", &file, "-L", name];
        let why = "EFI has to find the boot loader of the target";
        let step = Step::new(When::After, why, Change::run(&command));
        outcome.step(step.on(format!("{place}/{shim} is there")));
    }
    let menu = format!("{place}/grub.cfg");
    let why = "the boot loader of the target reads its menu there";
    let step = Step::new(When::After, why, Change::run(&["grub2-mkconfig", "-o", &menu]));
    outcome.step(step.on(format!("{place}/{shim} is there and {menu} is not")));
    Ok(())
}

/// The directory of a distribution on the EFI partition, and its name in the menu.
fn loader(distro: &Distro) -> (&str, &str) {
    match distro {
        Distro::AlmaLinux => ("almalinux", "AlmaLinux"),
        Distro::CentOs => ("centos", "CentOS Stream"),
        Distro::EuroLinux => ("eurolinux", "EuroLinux"),
        Distro::Oracle => ("redhat", "Oracle Linux Server"),
        Distro::Rhel => ("redhat", "Red Hat Enterprise Linux"),
        Distro::Rocky => ("rocky", "Rocky Linux"),
        Distro::Scientific => ("redhat", "Scientific Linux"),
        Distro::CloudLinux => ("default", "CloudLinux"),
        Distro::Other(id) => ("default", id),
    }
}

/// The disks the EFI partition is on, each with the number of the partition.
fn partitions(host: &Host<'_>) -> Fact<Vec<(String, String)>> {
    const PLACE: &str = "/boot/efi";
    let storage = host.facts().storage();
    let mount = storage.mount_of(PLACE)?.filter(|mount| mount.target == PLACE);
    let Some(mount) = mount else { return Ok(Vec::new()) };
    let Some(device) = storage.device_of(&mount)? else { return Ok(Vec::new()) };
    let all = storage.block_devices()?;
    let members = match device.kind {
        BlockKind::Raid => device.parents?,
        _ => vec![device.name],
    };
    let partition = |name: String| {
        let known = all.iter().find(|device| device.name == name);
        let disk = known.filter(|known| known.kind == BlockKind::Partition).map(disk_of);
        let unknown = || Unknown::malformed(PLACE, format!("is on {name}, which is no partition"));
        let disk = disk.ok_or_else(unknown)??;
        let part = name.trim_start_matches(|c: char| !c.is_ascii_digit());
        let part = part.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        Ok((format!("/dev/{disk}"), part.to_owned()))
    };
    members.into_iter().map(partition).collect()
}

fn disk_of(partition: &BlockDevice) -> Fact<String> {
    let disk = partition.parents.clone()?.into_iter().next();
    disk.ok_or_else(|| Unknown::not_captured(format!("/sys/class/block/{}", partition.name)))
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    fn host(partition: &str, more: &str) -> String {
        format!(
            "//- dir /sys/firmware/efi: vars/\n//- entry /usr/sbin/efibootmgr 1\n\
             //- /proc/mounts\n/dev/sda2 / xfs rw 0 0\n/dev/{partition} /boot/efi vfat rw 0 0\n\
             //- dir /sys/class/block: sda@ sda1@ sda2@ sdb@ sdb1@ nvme0n1@ nvme0n1p12@ md0@\n\
             //- link /sys/class/block/sda1 -> ../../devices/x/block/sda/sda1\n\
             //- link /sys/class/block/sdb1 -> ../../devices/x/block/sdb/sdb1\n\
             //- link /sys/class/block/nvme0n1p12 -> ../../devices/x/block/nvme0n1/nvme0n1p12\n\
             //- dir /sys/class/block/md0/slaves: sda1@ sdb1@\n{more}"
        )
    }

    #[test]
    fn the_target_gets_an_entry_of_its_own() {
        insta::assert_snapshot!(told(ACTOR, &host("sda1", "")), @r"
        prepare: the next start goes by the entry of this one
          if: BootCurrent is known and BootNext is not set
          only leapp needs it
          efibootmgr -n with the number BootCurrent has
        after: EFI has to find the boot loader of the target
          if: /boot/efi/EFI/almalinux/shimx64.efi is there
          run efibootmgr -c -d /dev/sda -p 1 -l \EFI\almalinux\shimx64.efi -L AlmaLinux
        after: the boot loader of the target reads its menu there
          if: /boot/efi/EFI/almalinux/shimx64.efi is there and /boot/efi/EFI/almalinux/grub.cfg is not
          run grub2-mkconfig -o /boot/efi/EFI/almalinux/grub.cfg
        ");
    }

    #[test]
    fn each_disk_of_an_array_gets_one() {
        let told = told(ACTOR, &host("md0", ""));
        for disk in ["-d /dev/sda -p 1", "-d /dev/sdb -p 1"] {
            assert!(told.contains(disk), "{told}");
        }
    }

    #[test]
    fn partitions_are_numbered_in_several_ways_and_distributions_have_directories() {
        let host = format!("//- host centos:7.9 aarch64\n{}", host("nvme0n1p12", ""));
        let told = Case::new(ACTOR, &host).to("ol:8.10").told();
        let words = "-d /dev/nvme0n1 -p 12 -l \\EFI\\redhat\\shimaa64.efi -L Oracle Linux Server";
        assert!(told.contains(words), "{told}");
    }

    #[test]
    fn hosts_without_efi_or_its_tool_are_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- absent /sys/firmware/efi\n//- /proc/cmdline\nro\n"), "");
        let host = "//- dir /sys/firmware/efi: vars/\n//- absent /usr/sbin/efibootmgr\n//- absent /sbin/efibootmgr\n";
        assert_eq!(told(ACTOR, host), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        assert!(told(ACTOR, "").contains("evidence /sys/firmware/efi"));
        let host = "//- dir /sys/firmware/efi: vars/\n//- entry /usr/sbin/efibootmgr 1\n";
        assert!(told(ACTOR, host).contains("actors.undecided"));
    }
}
