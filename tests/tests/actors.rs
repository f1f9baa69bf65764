//! The actors that ship, as a catalogue: what every one of them has to say of itself.

use std::collections::BTreeMap;

use elevate_core::finding::Kind;
use elevate_core::pipeline::RuleSet;
use elevate_core::{actor, actors, plan, request};

/// leapp's groups, and no others (formats.md 9).
const GROUPS: [&str; 28] = [
    "OS facts",
    "accessibility",
    "authentication",
    "boot",
    "communication",
    "desktop environment",
    "drivers",
    "email",
    "encryption",
    "failure",
    "filesystem",
    "firewall",
    "high availability",
    "kernel",
    "monitoring",
    "network",
    "post",
    "public cloud",
    "python",
    "repository",
    "rhui",
    "sanity",
    "security",
    "selinux",
    "services",
    "time management",
    "tools",
    "upgrade process",
];

/// All that is said wrong, so that one run tells everything.
fn none(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn every_actor_says_what_it_does_and_what_to_do() {
    none(RuleSet::shipped().actors.lint());
}

#[test]
fn every_kind_of_finding_is_of_its_actor() {
    let mut problems = Vec::new();
    for actor in actors::ALL {
        for kind in actor.kinds.iter().filter(|kind| kind.actor != actor.name) {
            problems.push(format!("{}: {} says it is of {}", actor.name, kind.id, kind.actor));
        }
    }
    none(problems);
}

fn all_kinds() -> Vec<&'static Kind> {
    let of_actors = actors::ALL.iter().flat_map(|actor| actor.kinds);
    let others = request::KINDS.iter().chain(plan::checks::KINDS.iter()).chain(actor::KINDS);
    of_actors.chain(others).collect()
}

#[test]
fn every_kind_of_finding_has_an_id_of_its_own_and_groups_that_readers_know() {
    let mut problems = Vec::new();
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for kind in all_kinds() {
        let Kind { id, actor, groups, title, .. } = kind;
        if let Some(other) = seen.insert(id, actor) {
            problems.push(format!("{id}: is declared by {actor} and by {other}"));
        }
        let is_word =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        if !id.contains('.') || !id.chars().all(is_word) {
            problems.push(format!("{id}: an id is `topic.what`"));
        }
        for group in groups.iter().filter(|group| !GROUPS.contains(group)) {
            problems.push(format!("{id}: {group:?} is no group of leapp's"));
        }
        if title.is_empty() || title.ends_with('.') {
            problems.push(format!("{id}: a title is one line without a period at its end"));
        }
        if kind
            .key
            .is_some_and(|key| key.len() != 40 || !key.chars().all(|c| c.is_ascii_hexdigit()))
        {
            problems.push(format!("{id}: its key is none of leapp's"));
        }
    }
    none(problems);
}
