//! The actors that ship with the library, one a file. Written by `cargo xtask actors`.

pub mod biosdevname;
pub mod check_boot_avail_space;
pub mod check_btrfs;
pub mod check_cifs;
pub mod check_custom_modifications_actor;
pub mod check_detected_devices_and_drivers;
pub mod check_dynamic_linker_configuration;
pub mod check_etc_releasever;
pub mod check_fips;
pub mod check_fstab_mount_order;
pub mod check_grub_core;
pub mod check_installed_kernels;
pub mod check_ipa_server;
pub mod check_luks_and_inhibit;
pub mod check_mount_options;
pub mod check_nfs;
pub mod check_openssl_conf;
pub mod check_os_release;
pub mod check_persistent_mounts;
pub mod check_root_symlinks;
pub mod check_sap_hana;
pub mod check_se_linux;
pub mod check_systemd_broken_symlinks;
pub mod check_systemd_services_tasks;
pub mod check_target_iso;
pub mod checkhybridimage;
pub mod checkmemory;
pub mod checkrhui;
pub mod copy_dnf_conf_into_target_userspace;
pub mod detect_grub_config_error;
pub mod efi_check_boot;
pub mod missing_gpg_keys_inhibitor;
pub mod persistentnetnamesdisable;
pub mod remove_obsolete_gpg_keys;
pub mod report_set_target_release;
pub mod satellite_upgrade_services;
pub mod scan_files_for_target_userspace;
pub mod scandasd;
pub mod selinuxcontentscanner;
pub mod storage_scanner;
pub mod system_facts;
pub mod target_userspace_creator;
pub mod unsupported_upgrade_check;

use crate::actor::NativeActor;

/// All of them, by name.
#[rustfmt::skip]
pub const ALL: &[NativeActor] = &[
    biosdevname::ACTOR,
    check_boot_avail_space::ACTOR,
    check_btrfs::ACTOR,
    check_cifs::ACTOR,
    check_custom_modifications_actor::ACTOR,
    check_detected_devices_and_drivers::ACTOR,
    check_dynamic_linker_configuration::ACTOR,
    check_etc_releasever::ACTOR,
    check_fips::ACTOR,
    check_fstab_mount_order::ACTOR,
    check_grub_core::ACTOR,
    check_installed_kernels::ACTOR,
    check_ipa_server::ACTOR,
    check_luks_and_inhibit::ACTOR,
    check_mount_options::ACTOR,
    check_nfs::ACTOR,
    check_openssl_conf::ACTOR,
    check_os_release::ACTOR,
    check_persistent_mounts::ACTOR,
    check_root_symlinks::ACTOR,
    check_sap_hana::ACTOR,
    check_se_linux::ACTOR,
    check_systemd_broken_symlinks::ACTOR,
    check_systemd_services_tasks::ACTOR,
    check_target_iso::ACTOR,
    checkhybridimage::ACTOR,
    checkmemory::ACTOR,
    checkrhui::ACTOR,
    copy_dnf_conf_into_target_userspace::ACTOR,
    detect_grub_config_error::ACTOR,
    efi_check_boot::ACTOR,
    missing_gpg_keys_inhibitor::ACTOR,
    persistentnetnamesdisable::ACTOR,
    remove_obsolete_gpg_keys::ACTOR,
    report_set_target_release::ACTOR,
    satellite_upgrade_services::ACTOR,
    scan_files_for_target_userspace::ACTOR,
    scandasd::ACTOR,
    selinuxcontentscanner::ACTOR,
    storage_scanner::ACTOR,
    system_facts::ACTOR,
    target_userspace_creator::ACTOR,
    unsupported_upgrade_check::ACTOR,
];
