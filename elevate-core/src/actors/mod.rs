//! The actors that ship with the library, one a file. Written by `cargo xtask actors`.

pub mod authselect_check;
pub mod check_bind;
pub mod check_brltty;
pub mod check_btrfs;
pub mod check_chrony;
pub mod check_firewalld;
pub mod check_ha_cluster;
pub mod check_installed_devel_kernels;
pub mod check_kde_gnome;
pub mod check_memcached;
pub mod check_ntp;
pub mod check_postfix;
pub mod check_removed_envvars;
pub mod check_sendmail;
pub mod checkfstabxfsoptions;
pub mod cups_check;
pub mod cupsfilters_migrate;
pub mod enable_device_cio_free_service;
pub mod multiple_package_versions;
pub mod network_manager_update_config;
pub mod network_manager_update_connections;
pub mod network_manager_update_service;
pub mod open_ssh_algorithms;
pub mod open_ssh_deprecated_directives_check;
pub mod open_ssh_protocol;
pub mod open_ssh_use_privilege_separation;
pub mod openssh_permit_root_login;
pub mod quagga_report;
pub mod removed_pam_modules;
pub mod removed_pam_modules_check;
pub mod sanebackends_migrate;
pub mod sctp_checks;
pub mod spamassassin_config_check;
pub mod sssd_check;
pub mod tcp_wrappers_check;
pub mod update_etc_sysconfig_kernel;
pub mod vim_migrate;
pub mod vsftpd_config_check;

use crate::actor::NativeActor;

/// All of them, by name.
#[rustfmt::skip]
pub const ALL: &[NativeActor] = &[
    authselect_check::ACTOR,
    check_bind::ACTOR,
    check_brltty::ACTOR,
    check_btrfs::ACTOR,
    check_chrony::ACTOR,
    check_firewalld::ACTOR,
    check_ha_cluster::ACTOR,
    check_installed_devel_kernels::ACTOR,
    check_kde_gnome::ACTOR,
    check_memcached::ACTOR,
    check_ntp::ACTOR,
    check_postfix::ACTOR,
    check_removed_envvars::ACTOR,
    check_sendmail::ACTOR,
    checkfstabxfsoptions::ACTOR,
    cups_check::ACTOR,
    cupsfilters_migrate::ACTOR,
    enable_device_cio_free_service::ACTOR,
    multiple_package_versions::ACTOR,
    network_manager_update_config::ACTOR,
    network_manager_update_connections::ACTOR,
    network_manager_update_service::ACTOR,
    open_ssh_algorithms::ACTOR,
    open_ssh_deprecated_directives_check::ACTOR,
    open_ssh_protocol::ACTOR,
    open_ssh_use_privilege_separation::ACTOR,
    openssh_permit_root_login::ACTOR,
    quagga_report::ACTOR,
    removed_pam_modules::ACTOR,
    removed_pam_modules_check::ACTOR,
    sanebackends_migrate::ACTOR,
    sctp_checks::ACTOR,
    spamassassin_config_check::ACTOR,
    sssd_check::ACTOR,
    tcp_wrappers_check::ACTOR,
    update_etc_sysconfig_kernel::ACTOR,
    vim_migrate::ACTOR,
    vsftpd_config_check::ACTOR,
];
