//! What is known at a glance: the verdict, numbers, what is missing.

use serde::Serialize;

use super::Maker;
use super::engine::Html;
use crate::finding::{Finding, Severity};
use crate::plan::{LeappStop, Plan, UnreadCount, Verdict};

#[derive(Serialize)]
struct Overview<'p> {
    class: &'static str,
    verdict: &'static str,
    before: Option<&'static str>,
    is_other: bool,
    counts: Vec<Count>,
    arch: String,
    packages: usize,
    policy: &'p str,
    missing: &'p [String],
    unread: &'p [UnreadCount],
    crash: Option<&'p LeappStop>,
    errors: &'p [LeappStop],
}

#[derive(Serialize)]
struct Count {
    what: &'static str,
    count: usize,
    class: &'static str,
    href: &'static str,
}

pub(super) fn overview(maker: &Maker<'_>, before: Option<&Plan>) -> Html {
    let plan = maker.plan;
    let view = Overview {
        class: class(plan.verdict),
        verdict: sentence(plan.verdict),
        before: before.map(|before| sentence(before.verdict)),
        is_other: before.is_some_and(|before| before.verdict != plan.verdict),
        counts: counts(&plan.findings),
        arch: plan.arch.to_string(),
        packages: plan.packages.len(),
        policy: &plan.provenance.policy,
        missing: &plan.missing,
        unread: &plan.unread,
        crash: plan.leapp.crash.as_ref(),
        errors: &plan.leapp.errors,
    };
    maker.engine.fill("overview", &view)
}

/// A verdict as a sentence.
pub(super) fn sentence(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready => "Nothing stands in the way of the upgrade.",
        Verdict::Inhibited => "The upgrade must not go ahead.",
        Verdict::Incomplete => "Nothing known stands in the way, but facts are missing.",
    }
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready => "ready",
        Verdict::Inhibited => "inhibited",
        Verdict::Incomplete => "incomplete",
    }
}

/// Inhibitors, then the others by severity, then those set aside: each finding once.
fn counts(findings: &[Finding]) -> Vec<Count> {
    let inhibitors = findings.iter().filter(|f| f.inhibitor).count();
    let waived = findings.iter().filter(|f| !f.inhibitor && f.waived.is_some()).count();
    let ordinary = |severity: Severity| {
        let is = |f: &&Finding| !f.inhibitor && f.waived.is_none() && f.severity == severity;
        findings.iter().filter(is).count()
    };
    let plural = if inhibitors == 1 { "inhibitor" } else { "inhibitors" };
    let all = [
        (plural, inhibitors, "inhibitor", "#inhibitors"),
        ("high", ordinary(Severity::High), "high", "#findings-high"),
        ("medium", ordinary(Severity::Medium), "medium", "#findings-medium"),
        ("low", ordinary(Severity::Low), "low", "#findings-low"),
        ("info", ordinary(Severity::Info), "info", "#findings-info"),
        ("waived", waived, "waived", "#waived"),
    ];
    let counts = all.map(|(what, count, class, href)| Count { what, count, class, href });
    counts.into_iter().filter(|count| count.count > 0).collect()
}
