//! How a run of leapp ends early.

use serde::Serialize;

/// How leapp's own run would end early on these inputs. An error lets the
/// phase finish, an exception ends the run on the spot (actors-common.md
/// section 2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stop {
    /// The actor that stops.
    pub actor: &'static str,
    /// Whether it is an unhandled exception.
    pub crash: bool,
    /// Why, in our words.
    pub why: String,
}

impl Stop {
    pub(super) fn error(actor: &'static str, why: impl Into<String>) -> Self {
        Self { actor, crash: false, why: why.into() }
    }

    pub(super) fn crash(actor: &'static str, why: impl Into<String>) -> Self {
        Self { actor, crash: true, why: why.into() }
    }
}
