//! The small system that carries the upgrade out.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "add_upgrade_boot_entry",
    summary: "the boot entry that carries the upgrade out",
    about: "Packages are exchanged by a small system the host is started into: a kernel and an \
            initramfs of release 8 in /boot, with an entry of the boot menu of its own. The entry \
            goes when it has started, the two files right before the transaction.",
    covers: &[
        "common_leapp_dracut_modules",
        "remove_boot_files",
        "remove_upgrade_boot_entry",
        "upgrade_initramfs_generator",
    ],
    applies: Applies::SEVEN_TO_EIGHT,
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let arch = host.arch();
    let files = [
        format!("/boot/vmlinuz-upgrade.{arch}"),
        format!("/boot/initramfs-upgrade.{arch}.img"),
        format!("/boot/.vmlinuz-upgrade.{arch}.hmac"),
    ];
    let what = format!("write {}, with dracut of release 8", files.join(", "));
    let why = "the upgrade is carried out by a system of its own";
    outcome.step(Step::new(When::Prepare, why, Change::other(what)).for_leapp());
    let arguments = arguments(host);
    let zipl = if arch.as_str() == "s390x" { ", and run zipl" } else { "" };
    let what = format!(
        "grubby --add-kernel with the title ELevate-Upgrade-Initramfs, as the default, with the \
         arguments of today's default entry and {arguments}{zipl}"
    );
    let why = "the host is started into that system";
    outcome.step(Step::new(When::Prepare, why, Change::other(what)).for_leapp());
    let what = "grubby --remove-kernel with that entry";
    let why = "the upgrade is started once";
    outcome.step(Step::new(When::Before, why, Change::other(what)).for_leapp());
    for path in files {
        let why = "nothing of the upgrade stays in /boot";
        outcome.step(Step::new(When::Before, why, Change::Delete { path }).for_leapp());
    }
    Ok(())
}

/// What is passed to the kernel beside what it gets today.
fn arguments(host: &Host<'_>) -> String {
    let mut arguments = vec!["enforcing=0", "plymouth.enable=0", "rd.plymouth=0"];
    if host.setting("LEAPP_DEBUG") == Some("1") {
        arguments.push("debug");
    }
    let network = host.setting("LEAPP_DEVEL_INITRAM_NETWORK");
    if network.is_some_and(|network| matches!(network, "network-manager" | "scripts")) {
        arguments.extend(["ip=dhcp", "rd.neednet=1"]);
    }
    arguments.join(" ")
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    #[test]
    fn an_entry_comes_and_goes() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        prepare: the upgrade is carried out by a system of its own
          only leapp needs it
          write /boot/vmlinuz-upgrade.x86_64, /boot/initramfs-upgrade.x86_64.img, /boot/.vmlinuz-upgrade.x86_64.hmac, with dracut of release 8
        prepare: the host is started into that system
          only leapp needs it
          grubby --add-kernel with the title ELevate-Upgrade-Initramfs, as the default, with the arguments of today's default entry and enforcing=0 plymouth.enable=0 rd.plymouth=0
        before: the upgrade is started once
          only leapp needs it
          grubby --remove-kernel with that entry
        before: nothing of the upgrade stays in /boot
          only leapp needs it
          delete /boot/vmlinuz-upgrade.x86_64
        before: nothing of the upgrade stays in /boot
          only leapp needs it
          delete /boot/initramfs-upgrade.x86_64.img
        before: nothing of the upgrade stays in /boot
          only leapp needs it
          delete /boot/.vmlinuz-upgrade.x86_64.hmac
        ");
    }

    #[test]
    fn settings_add_arguments() {
        let case = Case::new(ACTOR, "").setting("LEAPP_DEBUG", "1");
        let told = case.setting("LEAPP_DEVEL_INITRAM_NETWORK", "scripts").told();
        assert!(told.contains("rd.plymouth=0 debug ip=dhcp rd.neednet=1"), "{told}");
    }

    #[test]
    fn s390x_has_to_write_its_menu() {
        assert!(told(ACTOR, "//- host centos:7.9 s390x\n").contains("and run zipl"));
        assert!(told(ACTOR, "//- host centos:7.9 s390x\n").contains("vmlinuz-upgrade.s390x"));
    }

    #[test]
    fn other_upgrades_are_none_of_its_business() {
        assert_eq!(Case::new(ACTOR, "").to("almalinux:9.4").told(), "");
    }
}
