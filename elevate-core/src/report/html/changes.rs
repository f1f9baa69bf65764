//! What is different from a plan made before.

use std::collections::BTreeMap;

use serde::Serialize;

use super::overview::sentence;
use super::{Maker, Section};
use crate::model::Changed;
use crate::plan::Plan;
use crate::report::diff::{Diff, FindingChange, PackageChange, PackageState, Packages, Told};

#[derive(Serialize)]
struct View<'d> {
    verdicts: [&'static str; 2],
    is_other_verdict: bool,
    /// Why the plans differ: what, which one, before and after.
    causes: Vec<(&'static str, &'d str, &'d str, &'d str)>,
    gone: &'d [Told],
    come: &'d [Told],
    told_otherwise: Vec<Otherwise<'d>>,
    counts: &'d BTreeMap<String, Changed<usize>>,
    packages: Vec<Difference>,
}

/// A finding that says something else, with what is other.
#[derive(Serialize)]
struct Otherwise<'d> {
    finding: &'d Told,
    other: Vec<(&'static str, String, String)>,
}

#[derive(Serialize)]
struct Difference {
    package: String,
    row: Option<String>,
    before: String,
    after: String,
}

/// The difference between two plans, the one before first.
pub(super) fn changes(maker: &Maker<'_>, before: &Plan) -> Section {
    let plan = maker.plan;
    let diff = Diff::plans(before, plan);
    let packages = diff.plan.iter().flat_map(|plan| [&plan.packages, &plan.arrivals]);
    let word = |text: &'_ Option<String>| text.as_deref().unwrap_or("not there").to_owned();
    let causes: Vec<_> = diff
        .causes
        .list
        .iter()
        .map(|cause| (cause, word(&cause.before), word(&cause.after)))
        .collect();
    let view = View {
        verdicts: [sentence(before.verdict), sentence(plan.verdict)],
        is_other_verdict: diff.verdict.is_some(),
        causes: causes
            .iter()
            .map(|(cause, b, a)| (cause.what.words(), &*cause.name, &**b, &**a))
            .collect(),
        gone: &diff.findings.gone,
        come: &diff.findings.come,
        told_otherwise: diff.findings.changed.iter().map(otherwise).collect(),
        counts: &diff.counts,
        packages: packages.flat_map(|packages| differences(maker, packages)).collect(),
    };
    let body = maker.engine.fill("changes", &view);
    Section { id: "changes", title: "What changed since", count: None, body }
}

fn otherwise(change: &FindingChange) -> Otherwise<'_> {
    let mut other = Vec::new();
    let word = |is: bool| if is { "yes" } else { "no" }.to_owned();
    if let Some(Changed { before, after }) = &change.severity {
        other.push(("severity", before.as_str().to_owned(), after.as_str().to_owned()));
    }
    for (what, changed) in [("forbids", &change.inhibitor), ("set aside", &change.waived)] {
        other.extend(changed.as_ref().map(|is| (what, word(is.before), word(is.after))));
    }
    for (what, changed) in [("title", &change.title), ("says", &change.summary)] {
        other.extend(changed.as_ref().map(|text| (what, text.before.clone(), text.after.clone())));
    }
    for (what, listing) in [
        ("is about", &change.resources),
        ("seen", &change.evidence),
        ("what to do", &change.remediation),
    ] {
        if !listing.is_empty() {
            other.push((what, listing.gone.join("; "), listing.come.join("; ")));
        }
    }
    Otherwise { finding: &change.finding, other }
}

fn differences(maker: &Maker<'_>, packages: &Packages) -> Vec<Difference> {
    let row = |package: &str| maker.index.row(package).map(super::index::Row::id);
    let gone = packages.gone.iter().map(|state| (&state.package, in_words(state), String::new()));
    let come = packages.come.iter().map(|state| (&state.package, String::new(), in_words(state)));
    let changed = packages.changed.iter().map(|change| {
        let (before, after) = changed(change);
        (&change.package, before, after)
    });
    let word = |text: String| if text.is_empty() { "not there".to_owned() } else { text };
    let all = gone.chain(come).chain(changed).map(|(package, before, after)| Difference {
        package: package.clone(),
        row: row(package),
        before: word(before),
        after: word(after),
    });
    all.collect()
}

fn in_words(state: &PackageState) -> String {
    let PackageState { fate, to, .. } = state;
    if to.is_empty() { fate.clone() } else { format!("{fate}: {}", to.join(", ")) }
}

/// Everything that is other about a package, before and after.
fn changed(change: &PackageChange) -> (String, String) {
    let one = |text: &Option<Changed<String>>| {
        text.as_ref().map(|text| (text.before.clone(), text.after.clone()))
    };
    let many = |texts: &Option<Changed<Vec<String>>>| {
        texts.as_ref().map(|texts| (texts.before.join(", "), texts.after.join(", ")))
    };
    let all = [
        one(&change.fate),
        one(&change.installed),
        many(&change.to),
        many(&change.repositories),
        many(&change.reasons),
    ];
    let (before, after): (Vec<String>, Vec<String>) = all.into_iter().flatten().unzip();
    (before.join("; "), after.join("; "))
}
