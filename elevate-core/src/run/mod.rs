//! Carrying a plan out, and what came of it.

pub mod verify;
