//! The actors that ship with the library, one a file. Written by `cargo xtask actors`.

pub mod add_upgrade_boot_entry;
pub mod authselect_check;
pub mod biosdevname;
pub mod check_bind;
pub mod check_boot_avail_space;
pub mod check_brltty;
pub mod check_btrfs;
pub mod check_chrony;
pub mod check_cifs;
pub mod check_custom_modifications_actor;
pub mod check_detected_devices_and_drivers;
pub mod check_docker;
pub mod check_dynamic_linker_configuration;
pub mod check_etc_releasever;
pub mod check_fips;
pub mod check_firewalld;
pub mod check_first_partition_offset;
pub mod check_fstab_mount_order;
pub mod check_grub_core;
pub mod check_grub_legacy;
pub mod check_ha_cluster;
pub mod check_installed_devel_kernels;
pub mod check_installed_kernels;
pub mod check_ipa_server;
pub mod check_kde_gnome;
pub mod check_luks_and_inhibit;
pub mod check_memcached;
pub mod check_mount_options;
pub mod check_nfs;
pub mod check_ntp;
pub mod check_openssl_conf;
pub mod check_os_release;
pub mod check_persistent_mounts;
pub mod check_postfix;
pub mod check_removed_envvars;
pub mod check_root_symlinks;
pub mod check_sap_hana;
pub mod check_se_linux;
pub mod check_sendmail;
pub mod check_systemd_broken_symlinks;
pub mod check_systemd_services_tasks;
pub mod check_target_iso;
pub mod checkfstabxfsoptions;
pub mod checkhybridimage;
pub mod checkmemory;
pub mod checkrhui;
pub mod copy_dnf_conf_into_target_userspace;
pub mod cups_check;
pub mod cupsfilters_migrate;
pub mod detect_grub_config_error;
pub mod efi_check_boot;
pub mod efi_finalization_fix;
pub mod enable_device_cio_free_service;
pub mod gpg_pubkey_check;
pub mod kernelcmdlineconfig;
pub mod missing_gpg_keys_inhibitor;
pub mod multipath_conf_check;
pub mod multiple_package_versions;
pub mod network_manager_update_config;
pub mod network_manager_update_connections;
pub mod network_manager_update_service;
pub mod open_ssh_algorithms;
pub mod open_ssh_deprecated_directives_check;
pub mod open_ssh_protocol;
pub mod open_ssh_use_privilege_separation;
pub mod openssh_permit_root_login;
pub mod persistentnetnamesconfig;
pub mod persistentnetnamesdisable;
pub mod postgresql_check;
pub mod python_inform_user;
pub mod quagga_report;
pub mod register_yum_adjustment;
pub mod remove_obsolete_gpg_keys;
pub mod removed_pam_modules;
pub mod removed_pam_modules_check;
pub mod report_set_target_release;
pub mod sanebackends_migrate;
pub mod satellite_upgrade_check;
pub mod satellite_upgrade_services;
pub mod scan_files_for_target_userspace;
pub mod scandasd;
pub mod sctp_checks;
pub mod selinuxcontentscanner;
pub mod spamassassin_config_check;
pub mod sssd_check;
pub mod storage_scanner;
pub mod system_facts;
pub mod target_userspace_creator;
pub mod tcp_wrappers_check;
pub mod transition_systemd_services_states;
pub mod unsupported_upgrade_check;
pub mod update_etc_sysconfig_kernel;
pub mod vim_migrate;
pub mod vsftpd_config_check;
pub mod zipl_check_boot_entries;

use crate::actor::NativeActor;

/// All of them, by name.
#[rustfmt::skip]
pub const ALL: &[NativeActor] = &[
    add_upgrade_boot_entry::ACTOR,
    authselect_check::ACTOR,
    biosdevname::ACTOR,
    check_bind::ACTOR,
    check_boot_avail_space::ACTOR,
    check_brltty::ACTOR,
    check_btrfs::ACTOR,
    check_chrony::ACTOR,
    check_cifs::ACTOR,
    check_custom_modifications_actor::ACTOR,
    check_detected_devices_and_drivers::ACTOR,
    check_docker::ACTOR,
    check_dynamic_linker_configuration::ACTOR,
    check_etc_releasever::ACTOR,
    check_fips::ACTOR,
    check_firewalld::ACTOR,
    check_first_partition_offset::ACTOR,
    check_fstab_mount_order::ACTOR,
    check_grub_core::ACTOR,
    check_grub_legacy::ACTOR,
    check_ha_cluster::ACTOR,
    check_installed_devel_kernels::ACTOR,
    check_installed_kernels::ACTOR,
    check_ipa_server::ACTOR,
    check_kde_gnome::ACTOR,
    check_luks_and_inhibit::ACTOR,
    check_memcached::ACTOR,
    check_mount_options::ACTOR,
    check_nfs::ACTOR,
    check_ntp::ACTOR,
    check_openssl_conf::ACTOR,
    check_os_release::ACTOR,
    check_persistent_mounts::ACTOR,
    check_postfix::ACTOR,
    check_removed_envvars::ACTOR,
    check_root_symlinks::ACTOR,
    check_sap_hana::ACTOR,
    check_se_linux::ACTOR,
    check_sendmail::ACTOR,
    check_systemd_broken_symlinks::ACTOR,
    check_systemd_services_tasks::ACTOR,
    check_target_iso::ACTOR,
    checkfstabxfsoptions::ACTOR,
    checkhybridimage::ACTOR,
    checkmemory::ACTOR,
    checkrhui::ACTOR,
    copy_dnf_conf_into_target_userspace::ACTOR,
    cups_check::ACTOR,
    cupsfilters_migrate::ACTOR,
    detect_grub_config_error::ACTOR,
    efi_check_boot::ACTOR,
    efi_finalization_fix::ACTOR,
    enable_device_cio_free_service::ACTOR,
    gpg_pubkey_check::ACTOR,
    kernelcmdlineconfig::ACTOR,
    missing_gpg_keys_inhibitor::ACTOR,
    multipath_conf_check::ACTOR,
    multiple_package_versions::ACTOR,
    network_manager_update_config::ACTOR,
    network_manager_update_connections::ACTOR,
    network_manager_update_service::ACTOR,
    open_ssh_algorithms::ACTOR,
    open_ssh_deprecated_directives_check::ACTOR,
    open_ssh_protocol::ACTOR,
    open_ssh_use_privilege_separation::ACTOR,
    openssh_permit_root_login::ACTOR,
    persistentnetnamesconfig::ACTOR,
    persistentnetnamesdisable::ACTOR,
    postgresql_check::ACTOR,
    python_inform_user::ACTOR,
    quagga_report::ACTOR,
    register_yum_adjustment::ACTOR,
    remove_obsolete_gpg_keys::ACTOR,
    removed_pam_modules::ACTOR,
    removed_pam_modules_check::ACTOR,
    report_set_target_release::ACTOR,
    sanebackends_migrate::ACTOR,
    satellite_upgrade_check::ACTOR,
    satellite_upgrade_services::ACTOR,
    scan_files_for_target_userspace::ACTOR,
    scandasd::ACTOR,
    sctp_checks::ACTOR,
    selinuxcontentscanner::ACTOR,
    spamassassin_config_check::ACTOR,
    sssd_check::ACTOR,
    storage_scanner::ACTOR,
    system_facts::ACTOR,
    target_userspace_creator::ACTOR,
    tcp_wrappers_check::ACTOR,
    transition_systemd_services_states::ACTOR,
    unsupported_upgrade_check::ACTOR,
    update_etc_sysconfig_kernel::ACTOR,
    vim_migrate::ACTOR,
    vsftpd_config_check::ACTOR,
    zipl_check_boot_entries::ACTOR,
];
