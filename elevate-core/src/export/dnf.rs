//! A stored transaction of dnf: what `dnf history replay` reads (dnf's transaction_sr.py,
//! version 0.0).
//!
//! dnf takes what the file names and nothing else: it ends with an error where a package is
//! not there as it should be, or where more packages would come along.

use super::text::listed;
use super::{Export, ExportError, What};
use crate::plan::Plan;
use crate::plan::phases::OWN;

pub(super) fn export(plan: &Plan) -> Result<Export, ExportError> {
    let remarks = remarks(plan);
    Ok(Export::one("transaction.json", stored(plan)?, remarks))
}

/// The transaction of a plan as dnf stores it.
pub(super) fn stored(plan: &Plan) -> Result<String, ExportError> {
    let stored = plan.exchange().ok_or(ExportError::NoTransaction(What::DnfTransaction))?;
    Ok(crate::model::to_json(&stored)?)
}

fn remarks(plan: &Plan) -> Vec<String> {
    let mut remarks = vec![
        "why the host has a package that goes is not in a plan; dnf's history will say unknown"
            .to_owned(),
    ];
    let streams = |verb: &str, list: String| {
        format!(
            "a stored transaction changes no module streams; before it, dnf module {verb} {list}"
        )
    };
    if !plan.modules.reset.is_empty() {
        remarks.push(streams("reset", listed(plan.modules.reset.iter().map(|m| &m.name))));
    }
    if !plan.modules.enable.is_empty() {
        remarks.push(streams("enable", listed(&plan.modules.enable)));
    }
    let steps = plan.steps().filter(|step| step.actor != OWN).count();
    if steps > 0 {
        remarks.push(format!("it is the packages alone, without the {steps} steps around them"));
    }
    remarks
}
