//! The actors that ship with the library, one a file. Written by `cargo xtask actors`.

pub mod check_btrfs;
pub mod check_docker;
pub mod check_first_partition_offset;
pub mod check_grub_legacy;
pub mod check_ha_cluster;
pub mod check_installed_devel_kernels;
pub mod check_kde_gnome;
pub mod check_removed_envvars;
pub mod checkfstabxfsoptions;
pub mod enable_device_cio_free_service;
pub mod multipath_conf_check;
pub mod multiple_package_versions;
pub mod postgresql_check;
pub mod python_inform_user;
pub mod register_yum_adjustment;
pub mod satellite_upgrade_check;
pub mod update_etc_sysconfig_kernel;
pub mod zipl_check_boot_entries;

use crate::actor::NativeActor;

/// All of them, by name.
#[rustfmt::skip]
pub const ALL: &[NativeActor] = &[
    check_btrfs::ACTOR,
    check_docker::ACTOR,
    check_first_partition_offset::ACTOR,
    check_grub_legacy::ACTOR,
    check_ha_cluster::ACTOR,
    check_installed_devel_kernels::ACTOR,
    check_kde_gnome::ACTOR,
    check_removed_envvars::ACTOR,
    checkfstabxfsoptions::ACTOR,
    enable_device_cio_free_service::ACTOR,
    multipath_conf_check::ACTOR,
    multiple_package_versions::ACTOR,
    postgresql_check::ACTOR,
    python_inform_user::ACTOR,
    register_yum_adjustment::ACTOR,
    satellite_upgrade_check::ACTOR,
    update_etc_sysconfig_kernel::ACTOR,
    zipl_check_boot_entries::ACTOR,
];
