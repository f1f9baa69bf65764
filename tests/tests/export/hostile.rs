//! Plans with texts that would break out of what they stand in.

#![allow(dead_code, reason = "no test uses all of it")]

use elevate_core::plan::step::{Repeat, Undo};
use elevate_core::plan::{Action, Change, Phase, Plan, Stage, Step, edit};
use elevate_tests::plans::everything;

/// What would break out of quotes, comments and documents, and what shells, awk and sed
/// take for something.
pub(crate) const HOSTILE: [&str; 12] = [
    "it's \"quoted\" `id` $(id) ${ROOT} \\ \\n",
    "END",
    "EOF\nEND\n|END\n+END",
    "-rf --help",
    "\ntouch /tmp/broken-out\n",
    "'; exit 3; '",
    "%s %d %n & | > < * ? [a-z] ~ #",
    "grüße, 日本語, \u{1f600}",
    "tab\tand \u{1b}[2J and \r in it",
    "@1",
    "0x10 1e3 007",
    "{{ lookup('pipe', 'id') }} {% raw %}",
];

fn step(number: usize, action: Action) -> Step {
    Step {
        id: format!("before.hostile-{number}"),
        actor: HOSTILE[number % HOSTILE.len()].to_owned(),
        why: HOSTILE[(number + 1) % HOSTILE.len()].to_owned(),
        action,
        condition: None,
        after: Vec::new(),
        undo: Undo::Impossible,
        repeat: Repeat::Safe,
        seconds: None,
        for_leapp: false,
    }
}

/// A plan of these actions alone, which nothing forbids, for a host without a name.
pub(crate) fn plan(actions: Vec<Action>) -> Plan {
    let mut plan = everything();
    plan.findings.clear();
    plan.missing.clear();
    plan.conflict = None;
    plan.leapp.errors.clear();
    plan.leapp.crash = None;
    if let Some(whole) = &mut plan.transaction {
        whole.refused.clear();
    }
    plan.verdict = plan.judged();
    plan.hostname = None;
    let steps = (0..).zip(actions).map(|(number, action)| step(number, action)).collect();
    plan.stages = vec![Stage { phase: Phase::Before, steps }];
    plan
}

/// The changes between two texts, whose digests are known or not.
pub(crate) fn edit(path: &str, before: &str, after: &str, known: bool) -> Action {
    let Some(Change::Edit { path, edits }) = Change::edit(path, before, after) else {
        panic!("{before:?} and {after:?} are the same")
    };
    let result = edit::apply(before, &edits).expect("they apply");
    let digest = |text: &str| known.then(|| edit::digest(text.as_bytes()));
    Action::Edit { path, before: digest(before), result: digest(&result), edits }
}

/// A name of a file.
pub(crate) fn name(number: usize) -> String {
    let name: String = HOSTILE[number].chars().filter(|c| *c != '/').collect();
    format!("{number} {name}")
}
