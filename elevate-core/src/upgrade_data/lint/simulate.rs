//! Events together: what becomes of a host that has just what an event asks
//! for, which events contradict each other, and which depend on their order.

use std::collections::{BTreeMap, BTreeSet};

use super::Lint;
use super::events::{place, replaces};
use crate::model::{Arch, PackageId};
use crate::upgrade_data::Level;
use crate::upgrade_data::PROTECTED;
use crate::upgrade_data::package_events::{Action, EventRelease, Expanded, PackageEvent};
use crate::upgrade_data::remark::codes;

/// The most hosts simulated, and the most partners looked for each event: real
/// data needs 30 and 3, and a file made to waste time must not succeed.
const MOST_HOSTS: usize = 1_000;
const MOST_PARTNERS: usize = 20;

type Set = BTreeSet<PackageId>;

/// A sub-event on the way, with the record it comes from.
struct Rule<'d> {
    file: &'d str,
    event: &'d PackageEvent,
    inputs: Set,
    outputs: Set,
}

/// Checks all events on the way together.
pub(super) fn check(lint: &mut Lint<'_>) {
    let rules = rules(lint);
    contradictions(lint, &rules);
    for arch in &Arch::SUPPORTED {
        let rules: Vec<&Rule<'_>> = rules.iter().filter(|rule| applies(rule.event, arch)).collect();
        let kept = keep_latest(&rules);
        order(lint, &kept);
        protected(lint, &kept);
    }
    lint.remarks.values_mut().for_each(|remarks| remarks.dedup());
}

fn applies(event: &PackageEvent, arch: &Arch) -> bool {
    event.architectures.is_empty() || event.architectures.contains(arch)
}

fn rules<'d>(lint: &Lint<'d>) -> Vec<Rule<'d>> {
    let mut rules = Vec::new();
    for file in lint.event_files() {
        for event in file.events.iter().filter(|event| lint.is_on_the_way(&event.to)) {
            for Expanded { inputs, outputs, .. } in event.expand() {
                // One without inputs fires everywhere and is remarked on itself.
                if !inputs.is_empty() {
                    rules.push(Rule {
                        file: &file.path,
                        event,
                        inputs: inputs.into_iter().map(|(id, _)| id).collect(),
                        outputs: outputs.into_iter().map(|(id, _)| id).collect(),
                    });
                }
            }
        }
    }
    rules
}

fn release(release: &EventRelease) -> (u32, u32) {
    (release.major, release.minor)
}

/// Of rules with the same inputs and initial release only that to the latest
/// release counts; all where several share it (formats.md 1.6).
fn keep_latest<'r, 'd>(rules: &[&'r Rule<'d>]) -> Vec<&'r Rule<'d>> {
    let mut groups: BTreeMap<((u32, u32), &Set), Vec<&'r Rule<'d>>> = BTreeMap::new();
    for rule in rules {
        groups.entry((release(&rule.event.from), &rule.inputs)).or_default().push(rule);
    }
    let mut kept = Vec::new();
    for group in groups.into_values() {
        let latest = group.iter().map(|rule| release(&rule.event.to)).max();
        let mut last = group.iter().filter(|rule| Some(release(&rule.event.to)) == latest);
        match (last.next(), last.next()) {
            (Some(only), None) => kept.push(*only),
            _ => kept.extend(group),
        }
    }
    kept.sort_by_key(|rule| (rule.file, rule.event.index));
    kept
}

/// Rules of one release with the same inputs and different outcomes.
fn contradictions(lint: &mut Lint<'_>, rules: &[Rule<'_>]) {
    let mut first: BTreeMap<((u32, u32), &Set), &Rule<'_>> = BTreeMap::new();
    for rule in rules.iter().filter(|rule| replaces(rule.event.action)) {
        let known = *first.entry((release(&rule.event.to), &rule.inputs)).or_insert(rule);
        let overlap = Arch::SUPPORTED
            .iter()
            .any(|arch| applies(rule.event, arch) && applies(known.event, arch));
        if overlap && known.outputs != rule.outputs {
            let from = if release(&known.event.from) == release(&rule.event.from) {
                ""
            } else {
                ", because the initial releases differ"
            };
            let message = format!(
                "says of {} what {} of {} says otherwise; both apply{from}",
                names(&rule.inputs),
                place(known.event),
                known.file
            );
            let here = place(rule.event);
            lint.on(rule.file).push(codes::CONTRADICTION, Level::Warning, here, message);
        }
    }
}

fn names(set: &Set) -> String {
    set.iter().map(PackageId::to_string).collect::<Vec<_>>().join(", ")
}

/// Pairs of which one adds what the other removes in the same release.
fn order(lint: &mut Lint<'_>, rules: &[&Rule<'_>]) {
    let mut removers: BTreeMap<((u32, u32), &PackageId), Vec<&Rule<'_>>> = BTreeMap::new();
    for rule in rules.iter().filter(|rule| replaces(rule.event.action)) {
        for id in rule.inputs.difference(&rule.outputs) {
            removers.entry((release(&rule.event.to), id)).or_default().push(rule);
        }
    }
    for rule in rules {
        let added = if replaces(rule.event.action) { &rule.outputs } else { &rule.inputs };
        for id in added {
            for remover in removers
                .get(&(release(&rule.event.to), id))
                .into_iter()
                .flatten()
                .take(MOST_PARTNERS)
            {
                // The same inputs are a contradiction, which is said already.
                if remover.inputs != rule.inputs {
                    let message = format!(
                        "adds {id}, which {} of {} removes in the same release; what remains \
                         depends on their order",
                        place(remover.event),
                        remover.file
                    );
                    let here = place(rule.event);
                    lint.on(rule.file).push(codes::ORDER_DEPENDENT, Level::Warning, here, message);
                }
            }
        }
    }
}

/// Hosts that have just the inputs of an event, and what they lose.
fn protected(lint: &mut Lint<'_>, rules: &[&Rule<'_>]) {
    let mut hosts: BTreeMap<&Set, &Rule<'_>> = BTreeMap::new();
    for rule in rules.iter().filter(|rule| replaces(rule.event.action)) {
        if PROTECTED.iter().any(|(name, _)| has(&rule.inputs, name)) {
            hosts.entry(&rule.inputs).or_insert(rule);
        }
    }
    if let Some((_, rule)) = hosts.iter().nth(MOST_HOSTS) {
        let message = format!("only the first {MOST_HOSTS} events on base packages were simulated");
        lint.on(rule.file).push(codes::LEFT_OUT, Level::Warning, "", message);
    }
    for (host, rule) in hosts.into_iter().take(MOST_HOSTS) {
        let after = upgraded(host, rules);
        for (name, successors) in PROTECTED {
            let kept = has(&after, name) || successors.iter().any(|name| has(&after, name));
            if has(host, name) && !kept {
                let message = format!("removes {name} without a successor");
                let here = place(rule.event);
                lint.on(rule.file).push(codes::PROTECTED_REMOVED, Level::Error, here, message);
            }
        }
    }
}

fn has(set: &Set, name: &str) -> bool {
    set.iter().any(|id| id.name.as_str() == name)
}

/// What becomes of a host (formats.md 1.6, without repositories).
fn upgraded(host: &Set, rules: &[&Rule<'_>]) -> Set {
    let releases: BTreeSet<_> = rules.iter().map(|rule| release(&rule.event.to)).collect();
    let (mut now, mut seen) = (host.clone(), host.clone());
    for step in releases {
        let before = now.clone();
        for rule in rules.iter().filter(|rule| release(&rule.event.to) == step) {
            apply(rule, &before, &seen, &mut now);
        }
        seen.extend(now.iter().cloned());
    }
    now
}

fn apply(rule: &Rule<'_>, before: &Set, seen: &Set, now: &mut Set) {
    match rule.event.action {
        Action::Present => now.extend(rule.inputs.intersection(seen).cloned()),
        Action::Deprecated if !rule.inputs.is_disjoint(before) => {
            now.extend(rule.inputs.iter().cloned());
        }
        Action::Deprecated => {}
        action => {
            let fires = match action {
                Action::Merged => !rule.inputs.is_disjoint(before),
                _ => rule.inputs.is_subset(before),
            };
            if fires {
                now.retain(|id| !rule.inputs.contains(id));
                now.extend(rule.outputs.iter().cloned());
            }
        }
    }
}
