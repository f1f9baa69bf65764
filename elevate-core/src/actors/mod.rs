//! The actors that ship with the library, one a file. Written by `cargo xtask actors`.

pub mod check_btrfs;
pub mod check_firewalld;
pub mod network_manager_update_config;
pub mod network_manager_update_connections;
pub mod network_manager_update_service;
pub mod open_ssh_algorithms;
pub mod open_ssh_deprecated_directives_check;
pub mod open_ssh_protocol;
pub mod open_ssh_use_privilege_separation;
pub mod openssh_permit_root_login;
pub mod quagga_report;
pub mod sctp_checks;
pub mod tcp_wrappers_check;

use crate::actor::NativeActor;

/// All of them, by name.
#[rustfmt::skip]
pub const ALL: &[NativeActor] = &[
    check_btrfs::ACTOR,
    check_firewalld::ACTOR,
    network_manager_update_config::ACTOR,
    network_manager_update_connections::ACTOR,
    network_manager_update_service::ACTOR,
    open_ssh_algorithms::ACTOR,
    open_ssh_deprecated_directives_check::ACTOR,
    open_ssh_protocol::ACTOR,
    open_ssh_use_privilege_separation::ACTOR,
    openssh_permit_root_login::ACTOR,
    quagga_report::ACTOR,
    sctp_checks::ACTOR,
    tcp_wrappers_check::ACTOR,
];
