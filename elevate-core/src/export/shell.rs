//! A plan as a shell script for any POSIX shell: a function a step, with its reason above, and
//! a comment for what only leapp needs.
//!
//! Words are quoted, texts of files come in documents whose lines all have a mark before
//! them, and comments are cleaned, so that nothing in a plan becomes more than what it is.

use super::steps::{Doing, Task, remarks, tasks};
use super::text::{comment, shown};
use super::{Export, ExportError, id, refusal};
use crate::model::shell_words;
use crate::plan::step::Undo;
use crate::plan::{Phase, Plan};

/// What the script is made of besides the plan's steps.
pub(super) const FUNCTIONS: &str = include_str!("functions.sh");
const FRAME: &str = include_str!("frame.sh");
/// The line that ends a document; every line of a document has a mark before it.
const END: &str = "END";

pub(super) fn export(plan: &Plan, forced: bool) -> Result<Export, ExportError> {
    let tasks = tasks(plan)?;
    let mut remarks = remarks(&tasks);
    if plan.hostname.is_none() {
        remarks.push("the plan does not name its host, so the script runs on any".to_owned());
    }
    let mut text = head(plan, &tasks);
    text.push_str(&settings(plan, &id(plan)?, forced));
    text.push_str(FUNCTIONS);
    text.push_str(FRAME);
    for (number, task) in (1..).zip(&tasks) {
        text.push_str(&function(number, task));
    }
    text.push_str(&phases(&tasks));
    text.push_str(&calls(&tasks));
    Ok(Export::one("upgrade.sh", text, remarks))
}

fn quoted(word: &str) -> String {
    shell_words(&[word.to_owned()])
}

fn head(plan: &Plan, tasks: &[Task<'_>]) -> String {
    let host = plan.hostname.as_deref().unwrap_or("a host without a name");
    let path = &plan.path;
    let made = &plan.provenance;
    let mut text = "#!/bin/sh\n".to_owned();
    text.push_str(&comment(&format!(
        "The upgrade of {} from {} to {}, as {} {} planned it.",
        shown(host),
        path.source,
        path.target,
        shown(&made.tool),
        shown(&made.tool_version)
    )));
    let phases: Vec<&str> = Phase::ALL
        .into_iter()
        .filter(|phase| tasks.iter().any(|task| task.phase == *phase))
        .map(Phase::as_str)
        .collect();
    text.push_str(&comment(&format!(
        "\nsh upgrade.sh PHASE...   does the steps of phases: {}\n\
         sh upgrade.sh list       lists the steps\n\
         sh upgrade.sh do STEP    does a step that is asked for\n\
         sh upgrade.sh done STEP  notes that a step is done, or is not to be done\n\
         \n\
         ROOT=DIR changes files below DIR only, and tells the commands it would run.\n\
         FORCE=1 runs on a host of another name.\n\
         A step that was done is not done again. The transaction needs a dnf of the target's\n\
         release, which release 7 has not: run its phase where one is.\n",
        phases.join(", ")
    )));
    text.push_str("set -eu\n\n");
    text
}

/// What the script knows of its plan, and what makes it refuse before it does anything.
fn settings(plan: &Plan, id: &str, forced: bool) -> String {
    let host = quoted(&shown(plan.hostname.as_deref().unwrap_or_default()));
    let why = refusal(plan).map(|why| format!("the upgrade must not go ahead: {}", shown(&why)));
    let (refused, remark) = match (why, forced) {
        (Some(why), false) => (why, String::new()),
        (Some(why), true) => (String::new(), comment(&format!("Made nevertheless: {why}"))),
        (None, _) => Default::default(),
    };
    format!("PLANNED_HOST={host}\nPLAN={id}\n{remark}REFUSED={}\n\n", quoted(&refused))
}

fn function(number: usize, task: &Task<'_>) -> String {
    let step = task.step;
    let mut text = format!("\n{}", comment(&format!("{}: {}", task.label, step.action)));
    text.push_str(&comment(&step.why));
    if let Some(why) = task.nothing() {
        text.push_str(&comment(why));
        return text;
    }
    if let Some(condition) = &step.condition {
        text.push_str(&comment(&format!("Only if: {condition}")));
    }
    match &step.undo {
        Undo::Command { command } => {
            text.push_str(&comment(&format!("Undone by: {}", shell_words(command))));
        }
        Undo::Backup => text.push_str("# Undone by the file that is kept.\n"),
        Undo::Impossible => text.push_str("# Cannot be undone.\n"),
        Undo::Nothing => {}
    }
    text.push_str(&format!("step_{number}() {{\n"));
    task.doings.iter().for_each(|doing| text.push_str(&lines(number, doing)));
    text.push_str("}\n");
    text
}

fn lines(number: usize, doing: &Doing) -> String {
    let call = |function: &str, words: &[&str]| {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        format!("  {function} {}\n", shell_words(&words))
    };
    let document = |function: &str, words: &[&str], text: &str| {
        let call = call(function, words);
        format!("{} <<'{END}'\n{text}{END}\n", call.trim_end_matches('\n'))
    };
    match doing {
        Doing::Run(command) => format!("  run {}\n", shell_words(command)),
        Doing::Service { unit, enabled } => {
            call("run systemctl", &[if *enabled { "enable" } else { "disable" }, "--", unit])
        }
        Doing::Edit { path, before, result, patch } => {
            document("edit_file", &[path, before, result], patch)
        }
        Doing::Write { path, content } => {
            let (text, whole) = marked(content);
            document("write_file", &[path, whole], &text)
        }
        Doing::Copy { from, to } => call("copy_file", &[from, to]),
        Doing::Delete { path } => call("delete_file", &[path]),
        Doing::Host { arch, distribution, major } => {
            call("look same_host", &[arch, distribution, major])
        }
        Doing::Room { mount, kib } => call("look room", &[mount, &kib.to_string()]),
        Doing::Packages(list) => document("look", &["packages_are"], list),
        Doing::Reboot => format!("  mark {number}\n  run systemctl reboot\n  exit 0\n"),
        Doing::ByHand(what) => call("by_hand", &[&shown(what)]),
    }
}

/// A text with a mark before each of its lines, and whether the last one ends.
pub(super) fn marked(content: &str) -> (String, &'static str) {
    let whole = if content.ends_with('\n') { "1" } else { "0" };
    let content = content.strip_suffix('\n').unwrap_or(content);
    let lines = content.split('\n').map(|line| format!("|{line}\n"));
    (lines.collect(), whole)
}

/// The steps that come to something, with the numbers of their functions.
fn done<'t, 'p>(tasks: &'t [Task<'p>]) -> impl Iterator<Item = (usize, &'t Task<'p>)> {
    (1..).zip(tasks).filter(|(_, task)| task.nothing().is_none())
}

/// A function a phase, and one that knows which phase is which.
fn phases(tasks: &[Task<'_>]) -> String {
    let mut text = "\nphase() {\n  case $1 in\n".to_owned();
    for phase in Phase::ALL {
        let steps = done(tasks).filter(|(_, task)| task.phase == phase);
        let steps: String = steps.map(|(number, task)| called(number, task)).collect();
        if tasks.iter().any(|task| task.phase == phase) {
            text.push_str(&format!("  {})\n{steps}    ;;\n", phase.as_str()));
        }
    }
    text.push_str("  *) usage ;;\n  esac\n}\n");
    text
}

fn called(number: usize, task: &Task<'_>) -> String {
    match &task.step.condition {
        None => format!("    step {number} {}\n", task.label),
        Some(condition) => {
            format!("    only_if {number} {} {}\n", task.label, quoted(&shown(condition)))
        }
    }
}

/// Steps by their names, and the start.
fn calls(tasks: &[Task<'_>]) -> String {
    let mut text = "\nnumber_of() {\n  case $1 in\n".to_owned();
    for (number, task) in done(tasks) {
        text.push_str(&format!("  {}) echo {number} ;;\n", task.label));
    }
    text.push_str("  *) stop \"there is no step $1\" ;;\n  esac\n}\n\nlist() {\n  cat <<'END'\n");
    for (_, task) in done(tasks) {
        let action = shown(&task.step.action.to_string());
        text.push_str(&format!("{}: {action}\n", task.label));
    }
    text.push_str("END\n}\n\nmain \"$@\"\n");
    text
}
