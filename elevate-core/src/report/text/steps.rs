//! What is done, phase by phase.

use std::fmt;

use super::page::Page;
use crate::plan::step::Undo;
use crate::plan::{Plan, Step};
use crate::report::phrases;

/// The steps of every phase.
pub(super) fn steps(out: &mut Page, plan: &Plan) -> fmt::Result {
    for stage in &plan.stages {
        out.heading(&format!("{} ({})", phrases::phase(stage.phase), stage.steps.len()))?;
        stage.steps.iter().try_for_each(|step| one(out, step))?;
    }
    Ok(())
}

fn one(out: &mut Page, step: &Step) -> fmt::Result {
    let undo = match step.undo {
        Undo::Impossible => "; cannot be undone",
        _ => "",
    };
    let whose = if step.for_leapp { "; only leapp needs it" } else { "" };
    out.paragraph(2, &format!("- {} [{}{undo}{whose}]", step.action, step.id))?;
    out.block(4, &step.why)?;
    match &step.condition {
        Some(condition) => out.block(4, &format!("If {condition}")),
        None => Ok(()),
    }
}
