//! The whole flow in one short function; the only module that knows every stage.

use std::collections::BTreeMap;

use crate::facts::Facts;
use crate::finding::Finding;
use crate::model::System;
use crate::plan::{
    CustomRepo, Input, LeappLists, LeappStop, Modules, Plan, Provenance, SkippedLists, TaskLists,
    UnreadCount, Verdict, format,
};
use crate::request::{Decisions, Options, Policy, Stop, decide, differences, lists};
use crate::snapshot::Snapshot;
use crate::transaction::Transaction;
use crate::upgrade_data::repo_map::Channel;
use crate::upgrade_data::{DataError, UpgradeData};

/// Plans the upgrade of a host.
///
/// The same snapshot, data and options give the same plan, byte for byte. An
/// inhibitor is a result, not an error.
///
/// # Errors
///
/// Where a main asset of the upgrade data is missing or malformed and the
/// policy is the default one; the error names file, place and field.
pub fn plan(snapshot: &Snapshot, data: &UpgradeData, options: &Options) -> Result<Plan, DataError> {
    // The order of packages decides for leapp only, and only as captured.
    let sorted;
    let snapshot = match options.policy {
        Policy::Leapp021 => snapshot,
        Policy::Default => {
            sorted = snapshot.sorted();
            &sorted
        }
    };
    let facts = Facts::new(snapshot);
    let decisions = decide_and_compare(&facts, data, options)?;
    let transaction = Transaction::new(snapshot, &decisions.request);
    let missing = missing(&facts, &decisions);
    Ok(assemble(snapshot, data, options, decisions, transaction, missing))
}

/// Decides; under the default policy, what leapp would do otherwise is among the
/// findings.
fn decide_and_compare(
    facts: &Facts<'_>,
    data: &UpgradeData,
    options: &Options,
) -> Result<Decisions, DataError> {
    if options.policy == Policy::Leapp021 {
        return decide(facts, data, options);
    }
    // leapp's command line asks for the general channel where nobody asks for
    // another (formats.md 2.4).
    let channel = options.channel.or(Some(Channel::Ga));
    let as_leapp = Options { policy: Policy::Leapp021, channel, ..options.clone() };
    let (decisions, leapp) =
        rayon::join(|| decide(facts, data, options), || lists(facts, data, &as_leapp));
    let mut decisions = decisions?;
    // Without lists of ours there is nothing to compare leapp's with.
    if decisions.tasks.is_some() {
        decisions.findings.extend(differences(&decisions, &leapp?));
        decisions.findings.sort_by(Finding::order);
    }
    Ok(decisions)
}

/// The path from a snapshot's system to a target.
pub fn path_to(snapshot: &Snapshot, target: System) -> crate::model::UpgradePath {
    crate::model::UpgradePath { source: snapshot.identity.system.clone(), target }
}

fn assemble(
    snapshot: &Snapshot,
    data: &UpgradeData,
    options: &Options,
    decisions: Decisions,
    transaction: Transaction,
    missing: Vec<String>,
) -> Plan {
    let stopped = !decisions.stops.is_empty();
    let verdict = if stopped || decisions.findings.iter().any(|f| f.inhibitor) {
        Verdict::Inhibited
    } else if missing.is_empty() {
        Verdict::Ready
    } else {
        Verdict::Incomplete
    };
    Plan {
        format: format::Kind::Plan,
        version: format::VERSION,
        provenance: provenance(snapshot, data, options),
        hostname: snapshot.identity.hostname.clone(),
        arch: snapshot.identity.arch.clone(),
        path: options.path.clone(),
        verdict,
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
        findings: decisions.findings,
        unread: unread(snapshot),
    }
}

fn provenance(snapshot: &Snapshot, data: &UpgradeData, options: &Options) -> Provenance {
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
    Provenance {
        tool: "elevate".to_owned(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        policy: options.policy.to_string(),
        inputs,
    }
}

/// What the host's evidence lacks for a plan to be whole.
fn missing(facts: &Facts<'_>, decisions: &Decisions) -> Vec<String> {
    let mut missing = Vec::new();
    if decisions.presumed > 0 {
        missing.push(format!("signatures of {} packages", decisions.presumed));
    }
    if !facts.repositories.known {
        missing.push("the host's repositories".to_owned());
    }
    missing
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
