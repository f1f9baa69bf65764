//! What the administrator should know of a transaction that was solved.

use std::collections::BTreeSet;

use crate::finding::{Finding, Kind, Severity};
use crate::transaction::{Asked, Call, Conflict, Fate, Operation, Transaction, Whole};

/// The actor that makes these findings: leapp has none for them, for it asks dnf only
/// when the upgrade is under way.
const ACTOR: &str = "dnf_transaction_check";

const fn kind(
    id: &'static str,
    severity: Severity,
    inhibitor: bool,
    groups: &'static [&'static str],
    title: &'static str,
) -> Kind {
    Kind { id, actor: ACTOR, severity, inhibitor, groups, key: None, title }
}

const LOST: Kind = kind(
    "transaction.essential-lost",
    Severity::High,
    true,
    &["upgrade process", "boot", "sanity"],
    "Packages the host cannot be without would be erased",
);
const REFUSED: Kind = kind(
    "transaction.refused",
    Severity::High,
    true,
    &["upgrade process", "kernel"],
    "dnf refuses to erase the running kernel or a protected package",
);
const NONE: Kind = kind(
    "transaction.none",
    Severity::High,
    true,
    &["upgrade process"],
    "Not everything asked can be had: there is no transaction",
);
const ERASED: Kind = kind(
    "transaction.erased-unasked",
    Severity::High,
    false,
    &["upgrade process"],
    "Packages would be erased that nobody asked to be removed",
);
const DOWNGRADED: Kind = kind(
    "transaction.downgraded",
    Severity::Medium,
    false,
    &["upgrade process"],
    "Packages would go to a lower version",
);
const UNMATCHED: Kind = kind(
    "transaction.unmatched",
    Severity::Low,
    false,
    &["upgrade process"],
    "Names are asked for that no repository has",
);
const LOOPS: Kind = kind(
    "transaction.script-loops",
    Severity::Info,
    false,
    &["upgrade process"],
    "Packages need each other before they are installed",
);

const CIRCLE: Kind = Kind {
    id: "plan.step-circle",
    actor: "elevate",
    severity: Severity::High,
    inhibitor: false,
    groups: &["upgrade process"],
    key: None,
    title: "Steps of the plan wait for each other",
};

/// Every kind of finding made here.
pub const KINDS: [Kind; 8] = [LOST, REFUSED, NONE, ERASED, DOWNGRADED, UNMATCHED, LOOPS, CIRCLE];

/// Findings on steps that wait for each other, by their ids.
pub fn circles(circles: &[Vec<String>]) -> Option<Finding> {
    let told = circles.iter().map(|circle| format!("- {}", circle.join(", ")));
    let summary = format!(
        "No order is right for these steps; they are done as they were asked for:\n{}",
        told.collect::<Vec<_>>().join("\n")
    );
    (!circles.is_empty()).then(|| CIRCLE.finding(summary))
}

/// Findings on a transaction.
pub fn findings(transaction: &Transaction) -> Vec<Finding> {
    let Some(whole) = &transaction.whole else { return Vec::new() };
    let mut findings = Vec::new();
    findings.extend(lost(whole));
    findings.extend(refused(whole));
    findings.extend(erased(transaction, whole));
    findings.extend(downgraded(transaction));
    findings.extend(unmatched(whole));
    findings.extend(loops(whole));
    findings
}

/// That there is no transaction, and what is in the way.
pub fn no_transaction(conflict: &Conflict) -> Finding {
    let headlines = conflict.problems.iter().map(|problem| problem.headline.to_string());
    let summary = headlines.collect::<Vec<_>>().join("; ");
    NONE.finding(format!("{summary}."))
        .hint("The plan tells the whole story, and changes that make a transaction possible.")
}

fn lost(whole: &Whole) -> Option<Finding> {
    let summary = format!(
        "They go, and nothing on the host provides their names afterwards: {}.",
        whole.lost.join(", ")
    );
    let finding = LOST
        .finding(summary)
        .about("package", &whole.lost)
        .hint("The reasons are with each package; a target repository may be missing.");
    (!whole.lost.is_empty()).then_some(finding)
}

fn refused(whole: &Whole) -> Option<Finding> {
    let summary = format!("They are: {}.", whole.refused.join(", "));
    let finding = REFUSED
        .finding(summary)
        .about("package", &whole.refused)
        .hint("Boot the newest installed kernel, and remove what needs the old one.");
    (!whole.refused.is_empty()).then_some(finding)
}

/// Packages that go and have no successor although nobody asked for it.
fn erased(transaction: &Transaction, whole: &Whole) -> Option<Finding> {
    let asked: BTreeSet<&str> = whole.asked.iter().filter_map(removed).collect();
    let unasked = |operation: &&Operation| {
        operation.fate == Fate::Removed && !asked.contains(operation.name.as_str())
    };
    let packages: Vec<String> =
        transaction.operations.iter().filter(unasked).map(Operation::nevra).collect();
    let summary = format!(
        "They are in the way of what is asked, or need what goes: {}.",
        packages.join(", ")
    );
    let finding = ERASED.finding(summary).about("package", &packages).hint(
        "Look at the reason of each; --keep NAME shows what would have to change for one to stay.",
    );
    (!packages.is_empty()).then_some(finding)
}

/// What a command asks to be removed.
fn removed(asked: &Asked) -> Option<&str> {
    match asked {
        Asked::Call { call: Call::Remove, spec } => Some(spec),
        _ => None,
    }
}

fn downgraded(transaction: &Transaction) -> Option<Finding> {
    let is_lower = |operation: &&Operation| matches!(operation.fate, Fate::Downgraded(_));
    let packages: Vec<String> =
        transaction.operations.iter().filter(is_lower).map(Operation::nevra).collect();
    let summary = format!("What is installed is newer: {}.", packages.join(", "));
    (!packages.is_empty()).then(|| DOWNGRADED.finding(summary).about("package", &packages))
}

fn unmatched(whole: &Whole) -> Option<Finding> {
    let texts: Vec<&str> =
        whole.unmatched.iter().map(|unmatched| unmatched.spec.as_str()).collect();
    let summary = format!("dnf warns and goes on without them: {}.", texts.join(", "));
    (!texts.is_empty()).then(|| UNMATCHED.finding(summary).about("package", &texts))
}

fn loops(whole: &Whole) -> Option<Finding> {
    let told = whole.loops.iter().map(|a_loop| {
        format!("{} needs {} ({})", a_loop.package, a_loop.capability, a_loop.packages.join(" > "))
    });
    let summary = format!(
        "Whatever the order, a script may find something missing: {}.",
        told.collect::<Vec<_>>().join("; ")
    );
    let packages = whole.loops.iter().map(|a_loop| &a_loop.package);
    (!whole.loops.is_empty()).then(|| LOOPS.finding(summary).about("package", packages))
}
