//! Plans carried out on roots by the real dnf and rpm, from the capture on: what comes of
//! them is what was planned.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "helpers of tests"
)]

#[path = "run/executors.rs"]
mod executors;
#[path = "run/faults.rs"]
mod faults;
#[path = "run/hostile.rs"]
mod hostile;
#[path = "run/packages.rs"]
mod packages;
#[path = "run/upgrades.rs"]
mod upgrades;
#[path = "run/world.rs"]
mod world;
