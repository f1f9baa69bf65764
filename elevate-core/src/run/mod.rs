//! Carrying a plan out: step by step, with a journal that a crash cannot take away.
//!
//! What is done is what the plan says and nothing else; nothing is planned anew. A run is
//! begun once ([`Run::begin`]), goes on after a crash ([`Run::resume`]), and is taken back up
//! to the exchange of packages ([`Run::undo`]). Who does the steps is an [`Executor`]. What
//! came of it is held against the plan by [`verify`].

pub mod backup;
mod error;
pub mod executor;
mod files;
pub mod journal;
pub mod leapp;
mod machine;
mod packages;
pub mod root;
pub mod script;
mod step;
#[cfg(test)]
mod tests;
mod undo;
mod values;
pub mod verify;

pub use error::RunError;
pub use executor::{Act, Executor, Found, Intent, StepError, Task};
pub use files::Files;
pub use machine::{Options, Run, Summary, Telling, preview, refusal};
pub use packages::differences;
