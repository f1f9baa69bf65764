//! The actors that ship with the library, one a file. Written by `cargo xtask actors`.

pub mod check_bind;
pub mod check_brltty;
pub mod check_btrfs;
pub mod check_chrony;
pub mod check_memcached;
pub mod check_ntp;
pub mod check_sendmail;
pub mod cups_check;
pub mod cupsfilters_migrate;
pub mod sanebackends_migrate;
pub mod spamassassin_config_check;
pub mod vim_migrate;
pub mod vsftpd_config_check;

use crate::actor::NativeActor;

/// All of them, by name.
#[rustfmt::skip]
pub const ALL: &[NativeActor] = &[
    check_bind::ACTOR,
    check_brltty::ACTOR,
    check_btrfs::ACTOR,
    check_chrony::ACTOR,
    check_memcached::ACTOR,
    check_ntp::ACTOR,
    check_sendmail::ACTOR,
    cups_check::ACTOR,
    cupsfilters_migrate::ACTOR,
    sanebackends_migrate::ACTOR,
    spamassassin_config_check::ACTOR,
    vim_migrate::ACTOR,
    vsftpd_config_check::ACTOR,
];
