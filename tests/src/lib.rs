//! Helpers.
pub mod data;
