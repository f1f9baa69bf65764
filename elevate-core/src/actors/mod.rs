//! The actors that ship with the library, one a file. Written by `cargo xtask actors`.

pub mod check_btrfs;
pub mod check_ha_cluster;
pub mod check_installed_devel_kernels;
pub mod check_kde_gnome;
pub mod check_removed_envvars;
pub mod checkfstabxfsoptions;
pub mod enable_device_cio_free_service;
pub mod multiple_package_versions;
pub mod update_etc_sysconfig_kernel;

use crate::actor::NativeActor;

/// All of them, by name.
#[rustfmt::skip]
pub const ALL: &[NativeActor] = &[
    check_btrfs::ACTOR,
    check_ha_cluster::ACTOR,
    check_installed_devel_kernels::ACTOR,
    check_kde_gnome::ACTOR,
    check_removed_envvars::ACTOR,
    checkfstabxfsoptions::ACTOR,
    enable_device_cio_free_service::ACTOR,
    multiple_package_versions::ACTOR,
    update_etc_sysconfig_kernel::ACTOR,
];
