//! The actors that ship with the library, one a file. Written by `cargo xtask actors`.

pub mod add_upgrade_boot_entry;
pub mod check_btrfs;
pub mod check_docker;
pub mod check_first_partition_offset;
pub mod check_grub_legacy;
pub mod check_ha_cluster;
pub mod check_installed_devel_kernels;
pub mod check_kde_gnome;
pub mod check_removed_envvars;
pub mod checkfstabxfsoptions;
pub mod efi_finalization_fix;
pub mod enable_device_cio_free_service;
pub mod gpg_pubkey_check;
pub mod kernelcmdlineconfig;
pub mod multipath_conf_check;
pub mod multiple_package_versions;
pub mod persistentnetnamesconfig;
pub mod postgresql_check;
pub mod python_inform_user;
pub mod register_yum_adjustment;
pub mod satellite_upgrade_check;
pub mod transition_systemd_services_states;
pub mod update_etc_sysconfig_kernel;
pub mod zipl_check_boot_entries;

use crate::actor::NativeActor;

/// All of them, by name.
#[rustfmt::skip]
pub const ALL: &[NativeActor] = &[
    add_upgrade_boot_entry::ACTOR,
    check_btrfs::ACTOR,
    check_docker::ACTOR,
    check_first_partition_offset::ACTOR,
    check_grub_legacy::ACTOR,
    check_ha_cluster::ACTOR,
    check_installed_devel_kernels::ACTOR,
    check_kde_gnome::ACTOR,
    check_removed_envvars::ACTOR,
    checkfstabxfsoptions::ACTOR,
    efi_finalization_fix::ACTOR,
    enable_device_cio_free_service::ACTOR,
    gpg_pubkey_check::ACTOR,
    kernelcmdlineconfig::ACTOR,
    multipath_conf_check::ACTOR,
    multiple_package_versions::ACTOR,
    persistentnetnamesconfig::ACTOR,
    postgresql_check::ACTOR,
    python_inform_user::ACTOR,
    register_yum_adjustment::ACTOR,
    satellite_upgrade_check::ACTOR,
    transition_systemd_services_states::ACTOR,
    update_etc_sysconfig_kernel::ACTOR,
    zipl_check_boot_entries::ACTOR,
];
