//! The actors that ship with the library, one a file. Written by `cargo xtask actors`.

pub mod check_btrfs;

use crate::actor::NativeActor;

/// All of them, by name.
#[rustfmt::skip]
pub const ALL: &[NativeActor] = &[
    check_btrfs::ACTOR,
];
