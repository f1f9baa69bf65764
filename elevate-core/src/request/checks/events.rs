//! What the event scan found odd and leapp does not mention.

use std::collections::{BTreeMap, BTreeSet};

use super::data::distro_of;
use super::*;
use crate::directive::EventRef;
use crate::finding::Kind;
use crate::model::{PackageId, PackageName};
use crate::request::evolve::{Fired, Refusal, Step};
use crate::upgrade_data::package_events::Action;

/// How many packages may lead nowhere before the plan is refused: a stray
/// record is the data's fault, a wave of them means that the map does not fit
/// the host (formats.md 1.6, "Danger").
const MOST_UNRESOLVED: usize = 10;

pub(super) fn checks(cx: &Context<'_>, scan: &Scan<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(nothing_resolves(scan));
    findings.extend(lost_outputs(scan));
    findings.extend(ambiguous_outputs(scan));
    findings.extend(order_dependent(scan));
    findings.extend(contradictory(scan));
    findings.extend(deprecated_siblings(scan));
    findings.extend(foreign(cx, scan));
    findings
}

/// Events that were not looked at because they must not be.
pub(super) fn refused(cx: &Context<'_>, seen: &Seen<'_, '_>, scan: &Scan<'_>) -> Vec<Finding> {
    let path = &cx.options.path;
    let known: BTreeSet<&PackageName> = scan.base.keys().map(|id| &id.name).collect();
    let concerns = |step: &Step<'_>| step.inputs.iter().any(|(id, _)| known.contains(&id.name));
    let of = |why: Refusal| {
        let refused = seen.events.refused.iter().filter(move |(_, w)| *w == why).map(|(s, _)| s);
        refused.filter(|s| s.is_between(path.source.release, path.target.release))
    };
    let unapproved = of(Refusal::Unapproved).filter(|s| concerns(s)).map(described);
    let empty = of(Refusal::WithoutInputs).map(described);
    let findings = [
        listed(&EVENTS_UNAPPROVED, unapproved.collect()),
        listed(&EVENTS_WITHOUT_INPUTS, empty.collect()),
    ];
    findings.into_iter().flatten().collect()
}

fn listed(kind: &Kind, what: BTreeSet<String>) -> Option<Finding> {
    let finding = || kind.finding(format!("They are: {}.", join(&what)));
    (!what.is_empty()).then(finding)
}

/// An event with what it would have done.
fn described(step: &Step<'_>) -> String {
    let names = |set: &[(PackageId, _)]| join(set.iter().map(|(id, _)| id.to_string()));
    let (from, to) = (names(&step.inputs), names(&step.outputs));
    format!("{} ({from} -> {to})", step.reference())
}

fn nothing_resolves(scan: &Scan<'_>) -> Option<Finding> {
    let unresolved = scan.unresolved.len();
    if unresolved == 0 || (scan.resolved_any && unresolved < MOST_UNRESOLVED) {
        return None;
    }
    let summary = format!(
        "No map leads to the repositories that {} would come from, and {} as they are because of \
         it. The repository map does not fit this host's architecture or distribution.",
        count(unresolved, "package"),
        match scan.held.len() {
            1 => "1 installed package stays".to_owned(),
            held => format!("{held} installed packages stay"),
        }
    );
    Some(NOTHING_RESOLVES.finding(summary).about("package", scan.held.keys()))
}

/// Where nothing else follows, the package is left alone; otherwise it goes,
/// and part of what was to follow it is missing.
fn lost_outputs(scan: &Scan<'_>) -> Option<Finding> {
    let text = |step: &Step<'_>| {
        let lost = join(step.lost.iter().map(|p| &p.name));
        let from = join(step.inputs.iter().map(|(id, _)| id));
        (lost, from, step.reference())
    };
    let withheld = scan.evolution.withheld.iter().map(|step| {
        let (lost, from, event) = text(step);
        format!("{lost}, so {from} is left alone ({event})")
    });
    let fired = scan.evolution.fired.iter().map(|f| f.step);
    let partly = fired.filter(|step| step.drops() && !step.lost.is_empty()).map(|step| {
        let (lost, from, event) = text(step);
        format!("{lost}, missing from what follows {from} ({event})")
    });
    listed(&LOST_OUTPUT, withheld.chain(partly).collect())
}

fn ambiguous_outputs(scan: &Scan<'_>) -> Option<Finding> {
    let text = |f: &Fired<'_>| {
        let names = f.step.ambiguous.iter().map(|p| p.name.clone()).collect::<Vec<_>>();
        let taken = f.step.outputs.iter().map(|(id, _)| id).filter(|id| names.contains(&id.name));
        format!("{} ({})", join(taken), f.step.reference())
    };
    let fired = scan.evolution.fired.iter();
    let ambiguous = fired.filter(|f| f.step.drops() && !f.step.ambiguous.is_empty());
    listed(&AMBIGUOUS_OUTPUT, ambiguous.map(text).collect())
}

fn order_dependent(scan: &Scan<'_>) -> Vec<Finding> {
    let finding = |(id, events): (&PackageId, &BTreeSet<EventRef>)| {
        let summary = format!(
            "{id} is added by one and removed by another of: {}. This plan takes them in the order \
             of the files; leapp on release 7 takes them in an order that changes from run to run.",
            join(events)
        );
        ORDER_DEPENDENT.finding(summary).about("package", [&id.name])
    };
    scan.evolution.order_dependent.iter().map(finding).collect()
}

fn contradictory(scan: &Scan<'_>) -> Option<Finding> {
    let all = &scan.evolution.contradictory;
    let text = all.iter().map(|(id, events)| format!("{id} ({})", join(events))).collect();
    Some(listed(&CONTRADICTORY_EVENTS, text)?.about("package", all.keys().map(|id| &id.name)))
}

/// Deprecated packages that bring siblings along (formats.md 12.7): only what is
/// new on the host is worth telling.
fn deprecated_siblings(scan: &Scan<'_>) -> Option<Finding> {
    let deprecated =
        scan.evolution.fired.iter().filter(|f| f.step.event.action == Action::Deprecated);
    let inputs = deprecated.flat_map(|f| f.step.inputs.iter().map(|(id, _)| &id.name));
    let new: BTreeSet<_> = inputs.filter(|name| scan.to_install.contains(*name)).collect();
    if new.is_empty() {
        return None;
    }
    let summary = format!("They are: {}.", join(&new));
    Some(DEPRECATED_SIBLINGS.finding(summary).about("package", new))
}

/// Events about another system than the host, the target and most of the file
/// are about, where none about the usual one says the same (formats.md 12.9).
fn foreign(cx: &Context<'_>, scan: &Scan<'_>) -> Option<Finding> {
    let usual = usual_system(cx);
    let path = &cx.options.path;
    let ours = [Some(&path.source.distro), Some(&path.target.distro)];
    let is_foreign =
        |step: &Step<'_>| {
            step.event.from.os_name.as_deref().is_some_and(|name| {
                Some(name) != usual && !ours.contains(&distro_of(name).as_ref())
            })
        };
    let fired = || scan.evolution.fired.iter().map(|f| f.step);
    let said: BTreeSet<_> =
        fired().filter(|s| !is_foreign(s)).map(|s| (&s.inputs, &s.outputs)).collect();
    let foreign = fired().filter(|s| is_foreign(s) && !said.contains(&(&s.inputs, &s.outputs)));
    let text = |step: &Step<'_>| {
        let name = step.event.from.os_name.as_deref().unwrap_or_default();
        format!("{} of {name}", described(step))
    };
    listed(&FOREIGN_EVENTS, foreign.map(text).collect())
}

/// The system most of the main file's events start from.
fn usual_system<'x>(cx: &Context<'x>) -> Option<&'x str> {
    let events = &cx.data.events.as_ref().ok()?.value.events;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for event in events.iter().filter(|e| e.from.major == cx.options.path.source.release.major) {
        if let Some(name) = event.from.os_name.as_deref() {
            *counts.entry(name).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, n)| *n).map(|(name, _)| name)
}
