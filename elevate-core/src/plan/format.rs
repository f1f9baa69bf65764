//! The plan format: version, changelog, reading and writing.
//!
//! | version | change |
//! |--|--|
//! | 1 | first: provenance, verdict, findings, fates, arrivals, modules, repositories, leapp's lists; where target repositories were read, the transaction, reasons, conflict and answers to questions |
//! | 1 | added: `provenance.options`; among `provenance.inputs` target repositories and documents of vendors; of target repositories what their definitions leave out; `stages`; of packages their files; how target repositories are set up; `baseline`, the host before the upgrade; of steps whether only leapp needs them |

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Plan;

/// The version written, and the newest that can be read.
pub const VERSION: u32 = 1;

/// The marker by which a plan is known among JSON documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Kind {
    /// A plan.
    #[default]
    #[serde(rename = "elevate-plan")]
    Plan,
}

/// A document that cannot be read as a plan.
#[derive(Debug, Error)]
pub enum PlanFormatError {
    /// It is another document, or none.
    #[error("not an Elevate plan: {0}")]
    NotAPlan(serde_json::Error),
    /// A newer Elevate wrote it.
    #[error(
        "this plan has format version {0}; this Elevate reads up to {VERSION}. Use the Elevate that made it, or a newer one"
    )]
    Newer(u32),
    /// A field is wrong.
    #[error("the plan is malformed at {path}: {source}")]
    Malformed {
        /// Path of the field.
        path: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// It cannot be written; only a broken writer can cause this.
    #[error("the plan cannot be written: {0}")]
    Write(serde_json::Error),
}

#[derive(Deserialize)]
struct Probe {
    #[expect(dead_code, reason = "its presence is the test")]
    format: Kind,
    version: u32,
}

impl Plan {
    /// Reads a plan.
    ///
    /// # Errors
    ///
    /// See [`PlanFormatError`].
    pub fn read(bytes: &[u8]) -> Result<Self, PlanFormatError> {
        let probe: Probe = serde_json::from_slice(bytes).map_err(PlanFormatError::NotAPlan)?;
        if probe.version > VERSION {
            return Err(PlanFormatError::Newer(probe.version));
        }
        let mut json = serde_json::Deserializer::from_slice(bytes);
        serde_path_to_error::deserialize(&mut json).map_err(|error| PlanFormatError::Malformed {
            path: error.path().to_string(),
            source: error.into_inner(),
        })
    }

    /// The plan as JSON, with a final newline; the same plan gives the same bytes.
    ///
    /// # Errors
    ///
    /// None that a plan can cause.
    pub fn to_json(&self) -> Result<String, PlanFormatError> {
        crate::model::to_json(self).map_err(PlanFormatError::Write)
    }

    /// The JSON Schema of the format.
    pub fn schema() -> serde_json::Value {
        crate::model::schema::<Self>("plan", "plan", VERSION)
    }
}
