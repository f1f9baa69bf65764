//! What is told of packages: how many have each fate, and each with its reason.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use super::page::Page;
use super::solved;
use crate::model::PackageName;
use crate::plan::{Fate, Operation, Plan, Reason};

/// From this many packages with the same reason on, the reason is told once.
const MANY: usize = 3;

/// How many packages have each fate.
pub(super) fn counts(out: &mut Page, plan: &Plan) -> fmt::Result {
    out.heading("Packages")?;
    for word in Fate::WORDS {
        let count = plan.counts.get(word).copied().unwrap_or_default();
        if count > 0 {
            writeln!(out, "  {:<44}{count:>5}", describe(word))?;
        }
    }
    writeln!(out, "  {:<44}{:>5}", "new on the host", plan.arrivals.len())
}

/// Every package, by fate and reason.
pub(super) fn fates(out: &mut Page, plan: &Plan) -> fmt::Result {
    for word in Fate::WORDS.iter().filter(|word| !["upgraded", "stays"].contains(*word)) {
        let group: Vec<&Operation> =
            plan.packages.iter().filter(|o| o.fate.word() == *word).collect();
        if !group.is_empty() {
            out.heading(&format!("{} ({})", capitalised(describe(word)), group.len()))?;
            by_reason(out, plan, &group)?;
        }
    }
    arrivals(out, plan)?;
    upgraded(out, plan)?;
    solved::staying(out, plan)
}

fn describe(word: &str) -> &'static str {
    match word {
        "removed" => "removed, nothing in their place",
        "unknown" => "unknown: left alone, look at them",
        "no-known-future" => "third-party, no known future",
        "replaced" => "replaced by another package",
        "renamed" => "renamed",
        "split" => "split into several packages",
        "merged" => "merged into one package",
        "moved" => "moved, under another name",
        "kept" => "kept as they are",
        "stays" => "staying, nothing takes their place",
        "downgraded" => "at a lower version",
        "reinstalled" => "reinstalled",
        _ => "upgraded under their own name",
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Packages that many share a reason with below it, the others one by one.
fn by_reason(out: &mut Page, plan: &Plan, group: &[&Operation]) -> fmt::Result {
    let mut shared: BTreeMap<Vec<String>, Vec<&Operation>> = BTreeMap::new();
    for operation in group {
        shared.entry(why(plan, operation)).or_default().push(operation);
    }
    shared.retain(|why, all| all.len() >= MANY && !why.is_empty());
    for operation in group {
        let why = why(plan, operation);
        if !shared.contains_key(&why) {
            out.paragraph(2, &line(operation))?;
            why.iter().try_for_each(|line| out.paragraph(6, line))?;
        }
    }
    for (why, all) in shared {
        writeln!(out)?;
        why.iter().try_for_each(|line| out.paragraph(2, line))?;
        all.iter().try_for_each(|operation| out.paragraph(6, &line(operation)))?;
    }
    Ok(())
}

fn line(operation: &Operation) -> String {
    let mut line = operation.nevra();
    if !operation.to.is_empty() {
        let _ = write!(line, " -> {}", solved::nevras(&operation.to));
    } else if !operation.fate.successors().is_empty() {
        let _ = write!(line, " -> {}", names(operation.fate.successors()));
    }
    line
}

/// Why it was asked for, and why it became that.
fn why(plan: &Plan, operation: &Operation) -> Vec<String> {
    let asked = (!operation.reasons.is_empty()).then(|| reasons(&operation.reasons));
    let because = solved::because(plan, operation.because.as_ref());
    asked.into_iter().chain(because).collect()
}

fn arrivals(out: &mut Page, plan: &Plan) -> fmt::Result {
    let arrivals = &plan.arrivals;
    if arrivals.is_empty() {
        return Ok(());
    }
    out.heading(&format!("New on the host ({})", arrivals.len()))?;
    for arrival in arrivals {
        let package = arrival.package.as_ref();
        let mut line = package.map_or_else(|| arrival.name.to_string(), |p| p.nevra());
        if let Some(module) = &arrival.source.module {
            let _ = write!(line, " (module {module})");
        }
        if let Some(repository) = &arrival.source.repository {
            let _ = write!(line, " from {repository}");
        }
        if !arrival.instead_of.is_empty() {
            let _ = write!(line, ", for {}", names(&arrival.instead_of));
        }
        out.paragraph(2, &line)?;
        let because = solved::because(plan, arrival.because.as_ref());
        because.iter().try_for_each(|line| out.paragraph(6, line))?;
    }
    Ok(())
}

/// The many packages that just follow their names: those that events place in
/// a repository by repository, the rest together.
fn upgraded(out: &mut Page, plan: &Plan) -> fmt::Result {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for operation in &plan.packages {
        let Fate::Upgraded(source) = &operation.fate else { continue };
        let presumed = operation.reasons.contains(&Reason::PresumedDistribution);
        let group = match &source.repository {
            Some(id) if plan.transaction.is_some() => format!("from {id}"),
            Some(id) => format!("from {id}, as events say"),
            None if presumed => "presumed the distribution's, no event touches them".to_owned(),
            None => "the distribution's or an active vendor's, no event touches them".to_owned(),
        };
        groups.entry(group).or_default().push(operation.name.to_string());
    }
    for (group, mut names) in groups {
        names.dedup();
        out.heading(&format!("Upgraded: {group} ({} names)", names.len()))?;
        out.list(2, &names)?;
    }
    Ok(())
}

fn names(names: &[PackageName]) -> String {
    names.iter().map(PackageName::as_str).collect::<Vec<_>>().join(", ")
}

fn reasons(reasons: &[Reason]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
