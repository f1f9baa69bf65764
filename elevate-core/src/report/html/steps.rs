//! What is done beside the packages.

use serde::Serialize;

use super::{Maker, Section};
use crate::plan::{AskedBy, Change, Directive, Edit, When};
use crate::report::shell_words;

#[derive(Serialize)]
struct View<'p> {
    groups: Vec<Group<'p>>,
}

#[derive(Serialize)]
struct Group<'p> {
    title: &'static str,
    steps: Vec<Step<'p>>,
}

#[derive(Serialize)]
struct Step<'p> {
    what: String,
    actor: &'p str,
    why: &'p str,
    condition: Option<&'p str>,
    edits: &'p [Edit],
    content: Option<&'p str>,
    command: Option<String>,
}

/// What actors ask besides, in the order in which it is done.
pub(super) fn steps(maker: &Maker<'_>) -> Option<Section> {
    let all = &maker.plan.directives;
    let of = |when: Option<When>| {
        all.iter().filter(|asked| self::when(&asked.directive) == when).map(step).collect()
    };
    let groups = [
        (None, "Asked of the plan"),
        (Some(When::Prepare), "Before the host is started for the upgrade"),
        (Some(When::Before), "Right before the transaction"),
        (Some(When::After), "Right after the transaction"),
        (Some(When::FirstBoot), "When the target has started for the first time"),
    ];
    let groups = groups.map(|(when, title)| Group { title, steps: of(when) });
    let groups = groups.into_iter().filter(|group| !group.steps.is_empty()).collect();
    let body = || maker.engine.fill("steps", &View { groups });
    let (id, title, count) = ("steps", "Beside the packages", Some(all.len()));
    (!all.is_empty()).then(|| Section { id, title, count, body: body() })
}

fn when(directive: &Directive) -> Option<When> {
    match directive {
        Directive::Do { step } => Some(step.when),
        _ => None,
    }
}

fn step(asked: &AskedBy) -> Step<'_> {
    let plain = |what: String| Step {
        what,
        actor: &asked.actor,
        why: "",
        condition: None,
        edits: &[],
        content: None,
        command: None,
    };
    match &asked.directive {
        Directive::Install { package } => plain(format!("install {package}")),
        Directive::Remove { package } => plain(format!("remove {package}")),
        Directive::Keep { package } => plain(format!("keep {package}")),
        Directive::Reinstall { package } => plain(format!("reinstall {package}")),
        Directive::EnableModule { module } => plain(format!("enable the module stream {module}")),
        Directive::ResetModule { module } => plain(format!("reset the module stream {module}")),
        Directive::AddKernelArgument { argument } => {
            plain(format!("add the kernel argument {argument}"))
        }
        Directive::RemoveKernelArgument { argument } => {
            plain(format!("remove the kernel argument {argument}"))
        }
        Directive::EnableService { unit } => plain(format!("enable {unit}")),
        Directive::DisableService { unit } => plain(format!("disable {unit}")),
        Directive::CopyToTarget { path } => {
            plain(format!("copy {path} to where packages are prepared"))
        }
        Directive::CopyToInitramfs { path } => {
            plain(format!("copy {path} to the system that upgrades"))
        }
        Directive::Room { path, bytes, what } => {
            let room = crate::report::text::size(*bytes);
            plain(format!("leave {room} where {path} is, for {what}"))
        }
        Directive::Do { step } => Step {
            why: &step.why,
            condition: step.condition.as_deref(),
            ..changing(plain, &step.change)
        },
    }
}

fn changing<'p>(plain: impl Fn(String) -> Step<'p>, change: &'p Change) -> Step<'p> {
    match change {
        Change::Edit { path, edits } => Step { edits, ..plain(format!("edit {path}")) },
        Change::Write { path, content } => {
            Step { content: Some(content), ..plain(format!("write {path}")) }
        }
        Change::Copy { from, to } => plain(format!("copy {from} to {to}")),
        Change::Delete { path } => plain(format!("delete {path}")),
        Change::Run { command } => {
            Step { command: Some(shell_words(command)), ..plain("run".to_owned()) }
        }
        Change::Other { what } => plain(what.clone()),
    }
}
