//! The executor that does nothing itself: it writes the plan for whoever does, in every format
//! there is.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::executor::{Act, Executor, Found, Intent, StepError, Task};
use super::files::Files;
use super::journal::Outcome;
use crate::export::{Export, ExportError, What};
use crate::plan::{Plan, Step};

/// Formats, each with the directory of its files.
const ALL: [(What, &str); 9] = [
    (What::Shell, ""),
    (What::Ansible, ""),
    (What::DnfTransaction, ""),
    (What::PluginData, ""),
    (What::Leapp, "leapp/"),
    (What::AirGap, ""),
    (What::AirGapJson, ""),
    (What::AirGapUrls, ""),
    (What::AirGapSums, ""),
];
/// What is to be known of the files.
const REMARKS: &str = "remarks.txt";

/// Writes a plan for others into a directory.
#[derive(Debug)]
pub struct Script {
    files: Files,
}

impl Script {
    /// Opens the directory.
    ///
    /// # Errors
    ///
    /// Where it is none, or cannot be reached.
    pub fn open(directory: &Path) -> io::Result<Self> {
        Ok(Self { files: Files::open(directory)? })
    }
}

/// All files of a plan, and what is to be known of them.
fn files(plan: &Plan) -> Result<Vec<Act>, ExportError> {
    let put = |path: String, content: String| Act::Put { path: format!("/{path}"), content };
    let mut acts = Vec::new();
    let mut remarks = Vec::new();
    for (what, directory) in ALL {
        let export = match Export::of(plan, what, false) {
            Ok(export) => export,
            Err(ExportError::Write(error)) => return Err(error.into()),
            Err(missing) => {
                remarks.push(format!("{what}: not written: {missing}"));
                continue;
            }
        };
        remarks.extend(export.remarks.iter().map(|remark| format!("{what}: {remark}")));
        let files = export.files.into_iter();
        acts.extend(files.map(|file| put(format!("{directory}{}", file.path), file.content)));
    }
    let mut told = BTreeSet::new();
    remarks.retain(|remark| told.insert(remark.clone()));
    acts.push(put(REMARKS.to_owned(), remarks.join("\n") + "\n"));
    Ok(acts)
}

impl Executor for Script {
    fn name(&self) -> &'static str {
        "script"
    }

    fn files(&self) -> &Files {
        &self.files
    }

    /// There is no host to be another.
    fn drift(&mut self, _: &Plan) -> Result<Vec<String>, StepError> {
        Ok(Vec::new())
    }

    /// The first step writes the files; they have all the others.
    fn intent(&self, plan: &Plan, step: &Step) -> Intent {
        if plan.steps().next().is_none_or(|first| first.id != step.id) {
            return Intent::Leave("the files have it, for who carries the plan out".to_owned());
        }
        match files(plan) {
            Ok(acts) => Intent::Do(acts),
            Err(error) => Intent::Leave(error.to_string()),
        }
    }

    fn undoing(&self, _: &Plan, _: &[String]) -> Intent {
        Intent::Leave("nothing was done to a host".to_owned())
    }

    fn perform(&mut self, _: &mut Task<'_>, _: &Act) -> Result<Outcome, StepError> {
        Err(StepError("nobody knows how".to_owned()))
    }

    fn found(&mut self, _: &Plan, _: &Step) -> Result<Found, StepError> {
        Ok(Found::NotDone)
    }
}
