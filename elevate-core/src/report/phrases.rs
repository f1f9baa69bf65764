//! What a plan says as data, in words that several reports share.

use crate::plan::{Change, Directive, Phase};

/// The steps of a phase, as a heading.
pub(super) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Prepare => "Steps before the host is started for the upgrade",
        Phase::Before => "Steps right before the transaction",
        Phase::Transaction => "The transaction",
        Phase::After => "Steps right after the transaction",
        Phase::FirstBoot => "Steps when the target has started for the first time",
        Phase::Verify => "Steps in the end",
    }
}

/// What an actor asks, without its name.
pub(super) fn directive(directive: &Directive) -> String {
    match directive {
        Directive::Install { package } => format!("install {package}"),
        Directive::Remove { package } => format!("remove {package}"),
        Directive::Keep { package } => format!("keep {package}"),
        Directive::Reinstall { package } => format!("reinstall {package}"),
        Directive::EnableModule { module } => format!("enable module {module}"),
        Directive::ResetModule { module } => format!("reset module {module}"),
        Directive::AddKernelArgument { argument } => format!("add kernel argument {argument}"),
        Directive::RemoveKernelArgument { argument } => {
            format!("remove kernel argument {argument}")
        }
        Directive::EnableService { unit } => format!("enable {unit}"),
        Directive::DisableService { unit } => format!("disable {unit}"),
        Directive::CopyToTarget { path } => {
            format!("have {path} where the target's packages are prepared")
        }
        Directive::CopyToInitramfs { path } => {
            format!("have {path} in the system that carries the upgrade out")
        }
        Directive::Room { path, bytes, what } => format!("{bytes} bytes at {path} for {what}"),
        Directive::Do { step } => format!("{} ({})", change(&step.change), step.why),
    }
}

fn change(change: &Change) -> String {
    match change {
        Change::Edit { path, edits } => {
            let lines = edits.len();
            format!("change {lines} {} of {path}", if lines == 1 { "line" } else { "lines" })
        }
        Change::Write { path, .. } => format!("write {path}"),
        Change::Copy { from, to } => format!("copy {from} to {to}"),
        Change::Delete { path } => format!("delete {path}"),
        Change::Run { command } => format!("run {}", crate::model::shell_words(command)),
        Change::Other { what } => what.clone(),
    }
}
