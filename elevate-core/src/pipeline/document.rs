//! Everything that was decided, as one document.

use std::collections::BTreeMap;

use serde_json::Value;

use super::baseline::baseline;
use super::{Decided, Outcome, RuleSet};
use crate::actor::{Results, Told};
use crate::directive::Directive;
use crate::finding::Finding;
use crate::plan::edit::digest;
use crate::plan::{
    AskedBy, AskedOf, CustomRepo, Dialog, FileSystem, Input, LeappLists, LeappStop, Modules, Plan,
    Provenance, SkippedLists, TaskLists, UnreadCount, Verdict, checks, format, phases,
};
use crate::request::{Decisions, Options, Stop};
use crate::snapshot::Snapshot;
use crate::universe::Announced;
use crate::upgrade_data::UpgradeData;

pub(super) fn assemble(
    decided: Decided<'_>,
    outcome: Outcome,
    inputs: Vec<Input>,
    disk: Vec<FileSystem>,
) -> Plan {
    let Decided { snapshot, options, rules, results, decisions, missing, .. } = decided;
    let Outcome { transaction, read, what_if, conflict } = outcome;
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
        read,
        what_if,
        conflict,
        findings: decisions.findings,
        unread: unread(&snapshot),
        directives: directives(&results),
        stages: Vec::new(),
    };
    let (stages, circles) = phases::stages(&plan, &|path| whole_text(&snapshot, path));
    plan.stages = stages;
    plan.findings.extend(checks::circles(&circles));
    plan.findings.sort_by(Finding::order);
    plan.verdict = plan.judged();
    plan
}

/// A file of the host, where all of it was captured and nothing taken out.
fn whole_text(snapshot: &Snapshot, path: &str) -> Option<String> {
    let evidence = &snapshot.evidence;
    let is_whole = !evidence.redacted.contains_key(path);
    let content = is_whole.then(|| evidence.files.get(path)).flatten()?;
    std::str::from_utf8(content.bytes()).ok().map(str::to_owned)
}

/// Every file that goes into a plan, and the host.
pub(super) fn inputs(snapshot: &Snapshot, data: &UpgradeData, rules: &RuleSet) -> Vec<Input> {
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
    inputs.extend(rules.given.documents.iter().map(|(name, document)| of_document(name, document)));
    inputs.sort();
    inputs
}

/// A target repository, by what it announces.
pub(super) fn of_repository(announced: &Announced) -> Input {
    let Announced { id, size, sha256 } = announced;
    let (kind, sha256) = ("repository".to_owned(), sha256.clone());
    Input { kind, path: id.to_string(), size: *size, sha256 }
}

/// A document of a vendor's. Fields in another order are the same document.
fn of_document(name: &str, document: &Value) -> Input {
    let json = document.to_string();
    Input {
        kind: "vendor".to_owned(),
        path: name.to_owned(),
        size: json.len() as u64,
        sha256: digest(json.as_bytes()),
    }
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
        options: asked(options, rules),
        inputs,
    }
}

/// Options that shape a plan and that nothing else in it tells, as on the command line.
fn asked(options: &Options, rules: &RuleSet) -> Vec<String> {
    let Options { enable_repos, exclude_repos, channel, strict_streams, all_signed, .. } = options;
    let mut asked = Vec::new();
    asked.extend(channel.iter().map(|channel| format!("--channel {channel}")));
    asked.extend(strict_streams.then(|| "--strict-streams".to_owned()));
    asked.extend(exclude_repos.iter().map(|id| format!("--disablerepo {id}")));
    asked.extend(enable_repos.iter().flatten().map(|id| format!("--enablerepo {id}")));
    let all_signed = all_signed.then_some((ALL_SIGNED, "1"));
    let settings = rules.given.settings.iter().map(|(name, value)| (&**name, &**value));
    // This one only says once more what --enablerepo says.
    let settings = settings.filter(|(name, _)| enable_repos.is_none() || *name != ENABLE_REPOS);
    let settings = settings.filter(|(name, _)| all_signed.is_none_or(|(other, _)| other != *name));
    let settings = settings.chain(all_signed);
    asked.extend(settings.map(|(name, value)| format!("--leapp-env {name}={value}")));
    asked.sort();
    asked.dedup();
    asked
}

/// leapp's variables for options that have a place of their own.
const ALL_SIGNED: &str = "LEAPP_DEVEL_RPMS_ALL_SIGNED";
const ENABLE_REPOS: &str = "LEAPP_ENABLE_REPOS";

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
