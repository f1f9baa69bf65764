//! What is done, phase by phase.

use serde::Serialize;

use super::{Maker, Section};
use crate::model::shell_words;
use crate::plan::phases::is_step;
use crate::plan::step::Undo;
use crate::plan::{Action, Edit, Stage, Step};
use crate::report::phrases;

#[derive(Serialize)]
struct View<'p> {
    groups: Vec<Group<'p>>,
}

#[derive(Serialize)]
struct Group<'p> {
    title: &'static str,
    steps: Vec<Shown<'p>>,
}

#[derive(Serialize, Default)]
struct Shown<'p> {
    what: String,
    actor: &'p str,
    why: &'p str,
    condition: Option<&'p str>,
    edits: &'p [Edit],
    content: Option<&'p str>,
    command: Option<String>,
    undo: Option<&'static str>,
    for_leapp: bool,
}

/// What actors ask of the plan as a whole, then the steps in their order.
pub(super) fn steps(maker: &Maker<'_>) -> Option<Section> {
    let asked = maker.plan.directives.iter().filter(|asked| !is_step(&asked.directive));
    let asked = asked.map(|asked| Shown {
        what: phrases::directive(&asked.directive),
        actor: &asked.actor,
        ..Shown::default()
    });
    let asked = Group { title: "Asked of the plan", steps: asked.collect() };
    let stages = maker.plan.stages.iter().map(group);
    let groups: Vec<Group<'_>> =
        std::iter::once(asked).chain(stages).filter(|group| !group.steps.is_empty()).collect();
    let count = groups.iter().map(|group| group.steps.len()).sum();
    let body = || maker.engine.fill("steps", &View { groups });
    (count > 0).then(|| Section { id: "steps", title: "Steps", count: Some(count), body: body() })
}

fn group(stage: &Stage) -> Group<'_> {
    let title = phrases::phase(stage.phase);
    Group { title, steps: stage.steps.iter().map(shown).collect() }
}

fn shown(step: &Step) -> Shown<'_> {
    let (mut edits, mut content, mut command) = (&[][..], None, None);
    let mut what = step.action.to_string();
    match &step.action {
        Action::Edit { edits: lines, .. } => edits = lines,
        Action::Write { content: text, .. } | Action::Repositories { content: text, .. } => {
            content = Some(text.as_str());
        }
        Action::Command { command: words } => {
            "run".clone_into(&mut what);
            command = Some(shell_words(words));
        }
        _ => {}
    }
    let undo = matches!(step.undo, Undo::Impossible).then_some("cannot be undone");
    Shown {
        what,
        actor: &step.actor,
        why: &step.why,
        condition: step.condition.as_deref(),
        edits,
        content,
        command,
        undo,
        for_leapp: step.for_leapp,
    }
}
