//! Helpers.

pub mod hosts;
