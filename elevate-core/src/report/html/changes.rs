//! What is different from a plan made before.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::overview::sentence;
use super::{Maker, Section};
use crate::finding::Finding;
use crate::plan::{Arrival, Operation, Plan, TargetPackage};

#[derive(Serialize)]
struct View<'p> {
    verdicts: [&'static str; 2],
    is_other_verdict: bool,
    /// Where the plans are of different hosts or ways: what each says.
    others: Vec<(&'static str, String, String)>,
    gone: Vec<Told<'p>>,
    come: Vec<Told<'p>>,
    told_otherwise: Vec<(Told<'p>, Told<'p>)>,
    counts: Vec<(String, usize, usize)>,
    packages: Vec<Difference>,
    inputs: Vec<(String, &'static str)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Told<'p> {
    id: &'p str,
    title: &'p str,
    summary: &'p str,
    how: String,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Difference {
    package: String,
    row: Option<String>,
    before: String,
    after: String,
}

/// The difference between two plans, the one before first.
pub(super) fn changes(maker: &Maker<'_>, before: &Plan) -> Section {
    let plan = maker.plan;
    let (gone, come, told_otherwise) = findings(&before.findings, &plan.findings);
    let view = View {
        verdicts: [sentence(before.verdict), sentence(plan.verdict)],
        is_other_verdict: before.verdict != plan.verdict,
        others: others(before, plan),
        gone,
        come,
        told_otherwise,
        counts: counts(before, plan),
        packages: packages(maker, before),
        inputs: inputs(before, plan),
    };
    let body = maker.engine.fill("changes", &view);
    Section { id: "changes", title: "What changed since", count: None, body }
}

fn others(before: &Plan, plan: &Plan) -> Vec<(&'static str, String, String)> {
    let tool = |plan: &Plan| format!("{} {}", plan.provenance.tool, plan.provenance.tool_version);
    let all = [
        ("host", before.hostname.clone(), plan.hostname.clone()),
        ("way", Some(before.path.to_string()), Some(plan.path.to_string())),
        ("architecture", Some(before.arch.to_string()), Some(plan.arch.to_string())),
        ("policy", Some(before.provenance.policy.clone()), Some(plan.provenance.policy.clone())),
        ("made by", Some(tool(before)), Some(tool(plan))),
    ];
    let is_other = |(_, before, after): &(_, Option<String>, Option<String>)| before != after;
    let word = |text: Option<String>| text.unwrap_or_else(|| "not captured".to_owned());
    all.into_iter().filter(is_other).map(|(what, b, a)| (what, word(b), word(a))).collect()
}

type Findings<'p> = (Vec<Told<'p>>, Vec<Told<'p>>, Vec<(Told<'p>, Told<'p>)>);

/// Findings that are gone, those that came, and those of one kind that say something
/// else, in pairs.
fn findings<'p>(before: &'p [Finding], after: &'p [Finding]) -> Findings<'p> {
    let mut left: BTreeMap<&str, Vec<Told<'p>>> = BTreeMap::new();
    for finding in before {
        left.entry(&finding.id).or_default().push(told(finding));
    }
    let mut new = Vec::new();
    for finding in after {
        let told = told(finding);
        let of_kind = left.entry(&finding.id).or_default();
        match of_kind.iter().position(|other| *other == told) {
            Some(at) => drop(of_kind.remove(at)),
            None => new.push(told),
        }
    }
    let (mut come, mut told_otherwise) = (Vec::new(), Vec::new());
    for told in new {
        let of_kind = left.entry(told.id).or_default();
        match of_kind.is_empty() {
            true => come.push(told),
            false => told_otherwise.push((of_kind.remove(0), told)),
        }
    }
    (left.into_values().flatten().collect(), come, told_otherwise)
}

fn told(finding: &Finding) -> Told<'_> {
    let inhibitor = if finding.inhibitor { ", inhibitor" } else { "" };
    let waived = if finding.waived.is_some() { ", waived" } else { "" };
    Told {
        id: &finding.id,
        title: &finding.title,
        summary: &finding.summary,
        how: format!("{}{inhibitor}{waived}", finding.severity.as_str()),
    }
}

fn counts(before: &Plan, plan: &Plan) -> Vec<(String, usize, usize)> {
    let words: BTreeSet<&String> = before.counts.keys().chain(plan.counts.keys()).collect();
    let count = |plan: &Plan, word: &String| plan.counts.get(word).copied().unwrap_or_default();
    let all = words.into_iter().map(|word| (word.clone(), count(before, word), count(plan, word)));
    all.filter(|(_, before, after)| before != after).collect()
}

fn packages(maker: &Maker<'_>, before: &Plan) -> Vec<Difference> {
    let (old, new) = (fates(before), fates(maker.plan));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let word = |fates: &BTreeMap<String, String>, name: &String| {
        fates.get(name).cloned().unwrap_or_else(|| "not there".to_owned())
    };
    let all = names.into_iter().map(|name| Difference {
        package: name.clone(),
        row: maker.index.row(name).map(super::index::Row::id),
        before: word(&old, name),
        after: word(&new, name),
    });
    all.filter(|difference| difference.before != difference.after).collect()
}

/// What becomes of each package, in a few words.
fn fates(plan: &Plan) -> BTreeMap<String, String> {
    let operation = |operation: &Operation| {
        let to: Vec<String> = operation.to.iter().map(TargetPackage::nevra).collect();
        let word = operation.fate.word();
        let words =
            if to.is_empty() { word.to_owned() } else { format!("{word}: {}", to.join(", ")) };
        (operation.nevra(), words)
    };
    let arrival = |arrival: &Arrival| match &arrival.package {
        Some(package) => (package.nevra(), format!("arrives from {}", package.repository)),
        None => (arrival.name.to_string(), "arrives".to_owned()),
    };
    plan.packages.iter().map(operation).chain(plan.arrivals.iter().map(arrival)).collect()
}

fn inputs(before: &Plan, plan: &Plan) -> Vec<(String, &'static str)> {
    let digests = |plan: &Plan| -> BTreeMap<String, String> {
        let inputs = plan.provenance.inputs.iter();
        inputs.map(|input| (input.path.clone(), input.sha256.clone())).collect()
    };
    let (old, new) = (digests(before), digests(plan));
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let word = |path: &String| match (old.get(path), new.get(path)) {
        (None, _) => Some("new"),
        (_, None) => Some("gone"),
        (old, new) => (old != new).then_some("changed"),
    };
    paths.into_iter().filter_map(|path| Some((path.clone(), word(path)?))).collect()
}
