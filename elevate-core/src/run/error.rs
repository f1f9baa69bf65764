//! Why a run does not go on.

use std::io;

use thiserror::Error;

use super::journal::JournalError;
use crate::plan::Phase;

/// Why a run does not go on. Whatever was done before stays in the journal.
#[derive(Debug, Error)]
pub enum RunError {
    /// The plan must not be carried out.
    #[error("the plan must not be carried out: {0}")]
    Refused(String),
    /// The host is not what the plan was made for.
    #[error("the host is not what the plan was made for: {}", listed(.0))]
    Drifted(Vec<String>),
    /// Somebody else is at it.
    #[error("another run, or a command that one started, is still under way on this host")]
    Busy,
    /// There is a run already.
    #[error("a run was begun on this host and is not at its end")]
    Begun,
    /// There is none.
    #[error("no run was begun on this host")]
    NothingBegun,
    /// The run is of another plan.
    #[error("the run was begun with another plan: SHA-256 {begun}, not {given}")]
    OtherPlan {
        /// The one it was begun with.
        begun: String,
        /// The one that was given.
        given: String,
    },
    /// The run is of another executor.
    #[error("the run was begun with executor {begun}, not {given}")]
    OtherExecutor {
        /// The one it was begun with.
        begun: String,
        /// The one that was given.
        given: String,
    },
    /// A phase that comes before is not done.
    #[error("phase {} comes before, and step {step} of it is not done", .phase.as_str())]
    Early {
        /// The phase.
        phase: Phase,
        /// The first step of it that is not done.
        step: String,
    },
    /// A step was interrupted and it is not clear whether it happened.
    #[error("step {step} was interrupted: {why}")]
    HalfDone {
        /// Its id.
        step: String,
        /// What is known of it.
        why: String,
    },
    /// A step failed.
    #[error("step {step} failed: {why}")]
    Step {
        /// Its id.
        step: String,
        /// Why.
        why: String,
    },
    /// A step cannot be taken back.
    #[error("step {step} cannot be undone: {why}")]
    NotUndone {
        /// Its id.
        step: String,
        /// Why.
        why: String,
    },
    /// The journal cannot be trusted, or not be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A file of the run itself.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
}

impl RunError {
    pub(super) fn file(path: &str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}

/// The first of many.
fn listed(all: &[String]) -> String {
    const MOST: usize = 10;
    let mut text = all.iter().take(MOST).cloned().collect::<Vec<_>>().join("; ");
    if all.len() > MOST {
        text += &format!("; and {} more", all.len() - MOST);
    }
    text
}
