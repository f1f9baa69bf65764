//! Everything that was decided, as one document.

use std::collections::BTreeMap;

use super::baseline::baseline;
use super::{Decided, RuleSet};
use crate::actor::{Results, Told};
use crate::directive::Directive;
use crate::plan::{
    AskedBy, AskedOf, CustomRepo, Dialog, FileSystem, Input, LeappLists, LeappStop, Modules, Plan,
    Provenance, SkippedLists, TaskLists, UnreadCount, Verdict, format,
};
use crate::request::{Decisions, Options, Stop};
use crate::snapshot::Snapshot;
use crate::transaction::Transaction;
use crate::upgrade_data::UpgradeData;

pub(super) fn assemble(
    decided: Decided<'_>,
    transaction: Transaction,
    inputs: Vec<Input>,
    disk: Vec<FileSystem>,
) -> Plan {
    let Decided { snapshot, options, rules, results, decisions, missing, .. } = decided;
    let mut plan = Plan {
        format: format::Kind::Plan,
        version: format::VERSION,
        provenance: provenance(options, rules, &results, inputs),
        hostname: snapshot.identity.hostname.clone(),
        taken: snapshot.captured.as_ref().and_then(|captured| captured.taken),
        arch: snapshot.identity.arch.clone(),
        path: options.path.clone(),
        baseline: Some(baseline(&snapshot)),
        verdict: Verdict::Incomplete,
        missing,
        counts: Plan::count(&transaction),
        packages: transaction.operations,
        arrivals: transaction.arrivals,
        modules: Modules {
            enable: decisions.request.modules_to_enable.clone(),
            reset: decisions.request.modules_to_reset.clone(),
        },
        repositories: decisions.request.repositories.clone(),
        leapp: leapp_lists(&decisions),
        disk,
        questions: questions(&results),
        transaction: transaction.whole,
        read: Vec::new(),
        what_if: Vec::new(),
        conflict: None,
        findings: decisions.findings,
        unread: unread(&snapshot),
        directives: directives(&results),
    };
    plan.verdict = plan.judged();
    plan
}

/// Every file that goes into a plan, and the host.
pub(super) fn inputs(snapshot: &Snapshot, data: &UpgradeData) -> Vec<Input> {
    let mut inputs: Vec<Input> = data
        .files
        .iter()
        .map(|file| Input {
            kind: "data".to_owned(),
            path: file.path.clone(),
            size: file.size,
            sha256: file.sha256.clone(),
        })
        .collect();
    let (size, sha256) = snapshot.digest();
    inputs.push(Input { kind: "host".to_owned(), path: "snapshot".to_owned(), size, sha256 });
    inputs.sort();
    inputs
}

fn provenance(
    options: &Options,
    rules: &RuleSet,
    results: &Results,
    inputs: Vec<Input>,
) -> Provenance {
    let id = |told: &Told| format!("{}@{}", told.actor, told.version);
    let mut actors: Vec<String> = results.told().iter().map(id).collect();
    actors.sort();
    Provenance {
        tool: "elevate".to_owned(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        policy: options.policy.to_string(),
        actors,
        packs: rules.packs.iter().cloned().collect(),
        inputs,
    }
}

/// Questions of actors, by actor.
fn questions(results: &Results) -> Vec<AskedOf> {
    let asked = |told: &Told| {
        let of = |dialog: &Dialog| AskedOf { actor: told.actor.clone(), dialog: dialog.clone() };
        told.dialogs.iter().map(of).collect::<Vec<_>>()
    };
    results.told().iter().flat_map(asked).collect()
}

/// What actors ask, by actor.
fn directives(results: &Results) -> Vec<AskedBy> {
    let asked = |(actor, directive): (&str, &Directive)| AskedBy {
        actor: actor.to_owned(),
        directive: directive.clone(),
    };
    results.directives().map(asked).collect()
}

fn unread(snapshot: &Snapshot) -> Vec<UnreadCount> {
    let mut files: BTreeMap<&str, UnreadCount> = BTreeMap::new();
    for unread in &snapshot.unread {
        let entry = files.entry(&unread.file).or_insert_with(|| {
            let place = unread.line.map(|line| format!("line {line}: ")).unwrap_or_default();
            UnreadCount {
                file: unread.file.clone(),
                count: 0,
                first: format!("{place}{:?}: {}", unread.text, unread.why),
            }
        });
        entry.count += 1;
    }
    files.into_values().collect()
}

fn leapp_lists(decisions: &Decisions) -> LeappLists {
    let stop = |stop: &Stop| LeappStop { actor: stop.actor.to_owned(), message: stop.why.clone() };
    let custom = |c: &crate::request::CustomRepository| CustomRepo {
        repoid: c.id.clone(),
        name: c.name.clone(),
        baseurl: c.baseurl.clone(),
        enabled: c.enabled,
    };
    let stops = || decisions.stops.iter();
    LeappLists {
        signed: decisions.signed.iter().cloned().collect(),
        unsigned: decisions.unsigned.iter().cloned().collect(),
        active_vendors: decisions.active_vendors.clone(),
        excluded_repos: decisions.excluded_repositories.iter().cloned().collect(),
        skipped_repos: SkippedLists {
            repos: decisions.skipped.repositories.iter().cloned().collect(),
            packages: decisions.skipped.packages.iter().cloned().collect(),
        },
        target_repos: decisions.mapped_repositories.as_ref().map(|r| r.iter().cloned().collect()),
        custom_repos: decisions
            .custom_repositories
            .as_ref()
            .map(|repos| repos.iter().map(custom).collect()),
        tasks: task_lists(decisions),
        order_dependent: decisions.order_dependent.iter().cloned().collect(),
        applied_pes_events: decisions.applied_events.iter().map(ToString::to_string).collect(),
        errors: stops().filter(|s| !s.crash).map(stop).collect(),
        crash: stops().find(|s| s.crash).map(stop),
        stopped_after_phase: stops().next().map(|_| "FactsCollection".to_owned()),
    }
}

fn task_lists(decisions: &Decisions) -> TaskLists {
    let Some(tasks) = &decisions.tasks else { return TaskLists::default() };
    let names = |set: &std::collections::BTreeSet<crate::model::PackageName>| {
        Some(set.iter().cloned().collect())
    };
    let streams = |set: &std::collections::BTreeSet<crate::model::ModuleStream>| {
        Some(set.iter().map(ToString::to_string).collect())
    };
    TaskLists {
        to_install: names(&tasks.to_install),
        to_remove: names(&tasks.to_remove),
        to_keep: names(&tasks.to_keep),
        to_reinstall: names(&tasks.to_reinstall),
        to_upgrade: names(&tasks.to_upgrade),
        local_rpms: Some(tasks.local_rpms.iter().cloned().collect()),
        modules_to_enable: streams(&tasks.modules_to_enable),
        modules_to_reset: streams(&tasks.modules_to_reset),
    }
}
