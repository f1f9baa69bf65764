//! Why there is no transaction, and what questions change.

use serde::Serialize;

use super::engine::Html;
use super::figure::figure;
use super::graph::Graph;
use super::{Maker, Section};
use crate::plan::reasons::{Fact, Passage};
use crate::plan::{Conflict, Difference};

/// How far in a story may be told; deeper passages stand at that depth.
const DEEPEST: usize = 12;

#[derive(Serialize)]
struct View<'p> {
    problems: Vec<Problem>,
    figure: Option<Html>,
    changes: Vec<String>,
    remarks: Vec<String>,
    what_if: Vec<Question<'p>>,
}

#[derive(Serialize)]
struct Problem {
    headline: String,
    is_minimal: bool,
    lines: Vec<Line>,
}

/// A line of a story, and how far in it stands.
#[derive(Serialize)]
struct Line {
    depth: usize,
    text: String,
    is_way: bool,
}

#[derive(Serialize)]
struct Question<'p> {
    asked: &'p str,
    changes: &'p [Difference],
    conflict: Option<&'p str>,
}

/// Why there is no transaction, where there is none.
pub(super) fn conflict(maker: &Maker<'_>) -> Option<Section> {
    let conflict = maker.plan.conflict.as_deref()?;
    let title = "What contradicts itself";
    let graph = Graph::of_conflict(maker.plan, &maker.index, conflict);
    let story = conflict.changes.to_string();
    let (changes, remarks) =
        story.lines().map(str::to_owned).partition(|line| line.starts_with("- "));
    let changes: Vec<String> = changes;
    let view = View {
        problems: problems(conflict),
        figure: graph.map(|graph| figure(maker, "conflict-g", title, &graph)),
        changes: changes.iter().map(|line| line.trim_start_matches("- ").to_owned()).collect(),
        remarks,
        what_if: Vec::new(),
    };
    let body = maker.engine.fill("conflict", &view);
    Some(Section { id: "conflict", title: "Why there is no transaction", count: None, body })
}

fn problems(conflict: &Conflict) -> Vec<Problem> {
    let problem = |problem: &crate::plan::reasons::Contradiction| {
        let mut lines = Vec::new();
        match &problem.story {
            Some(story) => tell(story, &mut lines),
            None => lines.extend(problem.core.iter().map(|fact| of_fact(fact, 0))),
        }
        Problem { headline: problem.headline.to_string(), is_minimal: problem.is_minimal, lines }
    };
    conflict.problems.iter().map(problem).collect()
}

/// Tells a story passage by passage. It is taken from a stack of its own, because a
/// document may hold a deeper one than a thread can follow.
fn tell(story: &Passage, lines: &mut Vec<Line>) {
    let mut open = vec![(None, story, 0)];
    while let Some((way, passage, depth)) = open.pop() {
        let depth: usize = depth;
        let inside = match way {
            Some(package) => {
                lines.push(Line { depth: depth.min(DEEPEST), text: package, is_way: true });
                depth + 1
            }
            None => depth,
        };
        lines.push(of_fact(&passage.fact, inside.min(DEEPEST)));
        let is_only = passage.ways.len() == 1;
        let next = passage.ways.iter().rev();
        open.extend(next.map(|way| ((!is_only).then(|| way.package.clone()), &way.but, inside)));
    }
}

fn of_fact(fact: &Fact, depth: usize) -> Line {
    Line { depth, text: fact.to_string(), is_way: false }
}

/// What each question changes.
pub(super) fn what_if(maker: &Maker<'_>) -> Option<Section> {
    let questions = maker.plan.what_if.iter().map(|question| Question {
        asked: &question.asked,
        changes: &question.changes,
        conflict: question.conflict.as_deref(),
    });
    let view = View {
        problems: Vec::new(),
        figure: None,
        changes: Vec::new(),
        remarks: Vec::new(),
        what_if: questions.collect(),
    };
    let count = view.what_if.len();
    let body = || maker.engine.fill("conflict", &view);
    let (id, title) = ("what-if", "What would be if");
    (count > 0).then(|| Section { id, title, count: Some(count), body: body() })
}
