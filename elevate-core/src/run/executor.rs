//! Who carries steps out. An executor says of each step what it would do, word for word,
//! and does just that: what a dry run shows is what a run does.

use std::fmt;

use thiserror::Error;

use super::files::Files;
use super::journal::Outcome;
use crate::model::shell_words;
use crate::plan::edit::{EditError, apply, digest};
use crate::plan::{Edit, Plan, Step};

/// Carries steps out. Vendors bring their own.
pub trait Executor {
    /// The word for it, as journals have it.
    fn name(&self) -> &'static str;

    /// Where the host's files are; journal and backups are kept there.
    fn files(&self) -> &Files;

    /// In what the host differs from what the plan was made for.
    ///
    /// # Errors
    ///
    /// Where the host cannot be looked at.
    fn drift(&mut self, plan: &Plan) -> Result<Vec<String>, StepError>;

    /// What a step comes to. The same step comes to the same.
    fn intent(&self, plan: &Plan, step: &Step) -> Intent;

    /// What a command comes to that undoes a step.
    fn undoing(&self, plan: &Plan, command: &[String]) -> Intent;

    /// Does something other than a change of a file.
    ///
    /// # Errors
    ///
    /// Where it fails; nothing more of the step is done then.
    fn perform(&mut self, task: &mut Task<'_>, act: &Act) -> Result<Outcome, StepError>;

    /// Whether a step happened of which only the beginning is known.
    ///
    /// # Errors
    ///
    /// Where the host cannot be looked at.
    fn found(&mut self, plan: &Plan, step: &Step) -> Result<Found, StepError>;
}

/// A step that is carried out.
pub struct Task<'a> {
    /// Its plan.
    pub plan: &'a Plan,
    /// The step.
    pub step: &'a Step,
    /// Tells what a command prints, line by line.
    pub say: &'a mut dyn FnMut(&str),
    /// What is to be known later too: it goes into the journal.
    pub notes: &'a mut Vec<String>,
}

/// What a step comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// These things, in this order.
    Do(Vec<Act>),
    /// Nothing: it is left to somebody else, for this reason.
    Leave(String),
}

/// Something that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A command is run on this machine, with just these words.
    Run(Vec<String>),
    /// A file of the root holds this afterwards.
    Put {
        /// The file.
        path: String,
        /// Its content.
        content: String,
    },
    /// Lines of a file of the root change.
    Edit {
        /// The file.
        path: String,
        /// SHA-256 of what it holds before, where that is known.
        before: Option<String>,
        /// The changes.
        edits: Vec<Edit>,
    },
    /// A file of the root holds what another does.
    Copy {
        /// The other.
        from: String,
        /// The file.
        to: String,
    },
    /// A file of the root is removed.
    Remove {
        /// The file.
        path: String,
    },
    /// Something is looked at, and nothing changed.
    Look(String),
    /// The run waits until [`Executor::found`] says that what was done before has come about;
    /// what for.
    Await(String),
}

/// What is found where a step was interrupted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It happened.
    Done,
    /// It did not, or it can be done on top of what did.
    NotDone,
    /// It goes on elsewhere; what is to be done until it is at its end.
    Waits(String),
    /// Nobody can tell.
    Unknown(String),
}

/// Why a step was not done.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct StepError(pub String);

impl StepError {
    /// Something that went wrong with something.
    pub fn of(what: impl fmt::Display, why: impl fmt::Display) -> Self {
        Self(format!("{what}: {why}"))
    }
}

/// What is done, as a dry run shows it.
impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Act::Run(words) => write!(f, "run {}", shell_words(words)),
            Act::Put { path, content } => {
                let digest = digest(content.as_bytes());
                write!(f, "write {path:?}: {} bytes, SHA-256 {digest}", content.len())
            }
            Act::Edit { path, edits, .. } => {
                write!(f, "edit {path:?}")?;
                for Edit { line, before, after } in edits {
                    let mut lines = [("-", before), ("+", after)].into_iter();
                    lines.try_for_each(|(sign, text)| match text {
                        Some(text) => write!(f, "\n  {line} {sign} {text:?}"),
                        None => Ok(()),
                    })?;
                }
                Ok(())
            }
            Act::Copy { from, to } => write!(f, "copy {from:?} to {to:?}"),
            Act::Remove { path } => write!(f, "remove {path:?}"),
            Act::Look(what) => write!(f, "look: {what}"),
            Act::Await(what) => write!(f, "wait: {what}"),
        }
    }
}

impl Act {
    /// The file of the root it changes.
    pub fn changes(&self) -> Option<&str> {
        match self {
            Act::Put { path, .. }
            | Act::Edit { path, .. }
            | Act::Copy { to: path, .. }
            | Act::Remove { path } => Some(path),
            Act::Run(_) | Act::Look(_) | Act::Await(_) => None,
        }
    }

    /// What the file it changes is to hold, where it now holds this; `None` for nothing at
    /// all.
    ///
    /// # Errors
    ///
    /// Where the file is not what the change was made for.
    pub fn result(&self, files: &Files, now: Option<&[u8]>) -> Result<Option<Vec<u8>>, StepError> {
        match self {
            Act::Put { content, .. } => Ok(Some(content.clone().into_bytes())),
            Act::Remove { .. } | Act::Run(_) | Act::Look(_) | Act::Await(_) => Ok(None),
            Act::Copy { from, .. } => {
                let content = files.read(from).map_err(|error| StepError::of(from, error))?;
                content.map(Some).ok_or_else(|| StepError::of(from, "does not exist"))
            }
            Act::Edit { path, before, edits } => {
                let failed = |why: &dyn fmt::Display| StepError::of(path, why);
                let now = now.ok_or_else(|| failed(&"does not exist"))?;
                let text = std::str::from_utf8(now).map_err(|error| failed(&error))?;
                match apply(text, edits) {
                    Ok(text) if before.as_ref().is_none_or(|before| *before == digest(now)) => {
                        Ok(Some(text.into_bytes()))
                    }
                    Ok(_) => Err(failed(&"is not what it was when the plan was made")),
                    Err(EditError::Other { line, .. }) => Err(failed(&format!(
                        "line {line} is not what it was when the plan was made"
                    ))),
                    Err(error) => Err(failed(&error)),
                }
            }
        }
    }
}
