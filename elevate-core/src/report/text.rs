//! The report for people: verdict and findings first, then the fate of every
//! package, grouped. Readable at 80 columns and without colour.
//!
//! The banner words are leapp's, because people and scripts search for them
//! (users.md 4.1).

pub(super) mod solved;
pub(super) mod wrap;

use std::fmt::{self, Write};

use crate::finding::{Finding, Remediation, Severity};
use crate::model::PackageName;
use crate::plan::{Fate, Operation, Plan, Reason, Verdict};

use super::shell_words;
use wrap::{block, item, list, paragraph};

/// The most places that are shown of one finding.
const MOST_EVIDENCE: usize = 5;
/// The most findings of one kind and severity that are told one by one, but for
/// inhibitors.
const MOST_OF_A_KIND: usize = 4;

/// The report. The same plan gives the same text.
pub fn render(plan: &Plan) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_report(&mut text, plan);
    text
}

fn write_report(out: &mut String, plan: &Plan) -> fmt::Result {
    heading(out, plan)?;
    overview(out, plan)?;
    solved::conflict(out, plan)?;
    solved::transaction(out, plan)?;
    solved::what_if(out, plan)?;
    packages(out, plan)?;
    target(out, plan)?;
    inputs(out, plan)
}

fn heading(out: &mut String, plan: &Plan) -> fmt::Result {
    writeln!(out, "{}", plan.path)?;
    if let Some(hostname) = &plan.hostname {
        write!(out, "host {hostname}, ")?;
    }
    writeln!(
        out,
        "{}, {} packages installed, policy {}",
        plan.arch,
        plan.packages.len(),
        plan.provenance.policy
    )?;
    let verdict = match plan.verdict {
        Verdict::Ready => "Nothing stands in the way of the upgrade.",
        Verdict::Inhibited => "The upgrade must not go ahead.",
        Verdict::Incomplete => "Nothing known stands in the way, but facts are missing.",
    };
    writeln!(out, "\n{verdict}")?;
    for missing in &plan.missing {
        paragraph(out, 2, &format!("- missing: {missing}"))?;
    }
    for unread in &plan.unread {
        let text =
            format!("- {}: {} not understood, first {}", unread.file, unread.count, unread.first);
        paragraph(out, 2, &text)?;
    }
    Ok(())
}

fn overview(out: &mut String, plan: &Plan) -> fmt::Result {
    let bar = "=".repeat(60);
    writeln!(out, "\n{bar}\n{:^60}\n{bar}", "REPORT OVERVIEW")?;
    if let Some(crash) = &plan.leapp.crash {
        writeln!(out, "\nERRORS\n")?;
        paragraph(out, 2, &format!("{}: {} (exception)", crash.actor, crash.message))?;
    }
    if !plan.leapp.errors.is_empty() {
        writeln!(out, "\nERRORS\n")?;
        for error in &plan.leapp.errors {
            paragraph(out, 2, &format!("{}: {}", error.actor, error.message))?;
        }
    }
    if plan.inhibitors().next().is_some() {
        writeln!(out, "\nUpgrade has been inhibited due to the following problems:")?;
        for (n, finding) in plan.inhibitors().enumerate() {
            write_finding(out, n + 1, finding)?;
        }
    }
    let others: Vec<&Finding> = plan.findings.iter().filter(|f| !f.inhibitor).collect();
    if !others.is_empty() {
        writeln!(out, "\nWhat else to know:")?;
        let mut n = 0;
        for kind in others.chunk_by(|a, b| a.id == b.id) {
            if let [first, ..] = kind
                && kind.len() > MOST_OF_A_KIND
            {
                n += 1;
                write_many(out, n, first, kind)?;
                continue;
            }
            for finding in kind {
                n += 1;
                write_finding(out, n, finding)?;
            }
        }
    }
    summary(out, plan)
}

fn summary(out: &mut String, plan: &Plan) -> fmt::Result {
    let ordinary =
        |s: Severity| plan.findings.iter().filter(|f| !f.inhibitor && f.severity == s).count();
    let errors = plan.leapp.errors.len() + usize::from(plan.leapp.crash.is_some());
    writeln!(out, "\nReports summary:")?;
    for (what, count) in [
        ("Errors", errors),
        ("Inhibitors", plan.inhibitors().count()),
        ("HIGH severity reports", ordinary(Severity::High)),
        ("MEDIUM severity reports", ordinary(Severity::Medium)),
        ("LOW severity reports", ordinary(Severity::Low)),
        ("INFO severity reports", ordinary(Severity::Info)),
    ] {
        writeln!(out, "  {:<26}{count:>4}", format!("{what}:"))?;
    }
    Ok(())
}

fn write_finding(out: &mut String, n: usize, finding: &Finding) -> fmt::Result {
    let flag = if finding.inhibitor { " (inhibitor)" } else { "" };
    writeln!(out)?;
    item(out, 2, &format!("{n}. {}", finding.title))?;
    writeln!(out, "     Risk Factor: {}{flag}   [{}]", finding.severity.as_str(), finding.id)?;
    block(out, 5, &finding.summary)?;
    for place in finding.evidence.iter().take(MOST_EVIDENCE) {
        block(out, 5, &format!("Seen in {place}"))?;
    }
    if let Some(more) = finding.evidence.len().checked_sub(MOST_EVIDENCE).filter(|more| *more > 0) {
        writeln!(out, "     Seen in {more} more places")?;
    }
    for remediation in &finding.remediation {
        match remediation {
            Remediation::Hint(hint) => block(out, 5, &format!("What to do: {hint}"))?,
            Remediation::Command(words) => writeln!(out, "     $ {}", shell_words(words))?,
        }
    }
    for link in &finding.links {
        writeln!(out, "     {link}")?;
    }
    if let Some(leapp) = &finding.leapp {
        block(out, 5, &format!("leapp 0.21 {leapp}"))?;
    }
    Ok(())
}

/// Findings of a kind that there are too many of to be told one by one.
fn write_many(out: &mut String, n: usize, first: &Finding, all: &[&Finding]) -> fmt::Result {
    writeln!(out)?;
    item(out, 2, &format!("{n}. {} ({} times)", first.title, all.len()))?;
    writeln!(out, "     Risk Factor: {}   [{}]", first.severity.as_str(), first.id)?;
    let mut actors: Vec<&str> = all.iter().map(|finding| finding.actor.as_ref()).collect();
    actors.sort_unstable();
    actors.dedup();
    block(out, 5, &format!("By {}.", actors.join(", ")))?;
    let resources = all.iter().flat_map(|finding| &finding.resources);
    let mut about: Vec<&str> = resources.map(|resource| resource.title.as_str()).collect();
    about.sort_unstable();
    about.dedup();
    block(out, 5, &format!("About {}.", about.join(", ")))?;
    writeln!(out, "     --format json tells each of them.")
}

fn packages(out: &mut String, plan: &Plan) -> fmt::Result {
    writeln!(out, "\nPackages\n")?;
    for word in Fate::WORDS {
        let count = plan.counts.get(word).copied().unwrap_or_default();
        if count > 0 {
            writeln!(out, "  {:<44}{count:>5}", describe(word))?;
        }
    }
    writeln!(out, "  {:<44}{:>5}", "new on the host", plan.arrivals.len())?;
    for word in Fate::WORDS.iter().filter(|word| !["upgraded", "stays"].contains(*word)) {
        let group: Vec<&Operation> =
            plan.packages.iter().filter(|o| o.fate.word() == *word).collect();
        if group.is_empty() {
            continue;
        }
        writeln!(out, "\n{} ({})\n", capitalised(describe(word)), group.len())?;
        for operation in group {
            write_operation(out, plan, operation)?;
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

fn write_operation(out: &mut String, plan: &Plan, operation: &Operation) -> fmt::Result {
    let mut line = operation.nevra();
    if !operation.to.is_empty() {
        let _ = write!(line, " -> {}", solved::packages(&operation.to));
    } else if !operation.fate.successors().is_empty() {
        let _ = write!(line, " -> {}", names(operation.fate.successors()));
    }
    paragraph(out, 2, &line)?;
    if !operation.reasons.is_empty() {
        paragraph(out, 6, &reasons(&operation.reasons))?;
    }
    solved::because(out, plan, operation.because.as_ref())
}

fn arrivals(out: &mut String, plan: &Plan) -> fmt::Result {
    let arrivals = &plan.arrivals;
    if arrivals.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nNew on the host ({})\n", arrivals.len())?;
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
        paragraph(out, 2, &line)?;
        solved::because(out, plan, arrival.because.as_ref())?;
    }
    Ok(())
}

/// The many packages that just follow their names: those that events place in
/// a repository by repository, the rest together.
fn upgraded(out: &mut String, plan: &Plan) -> fmt::Result {
    let mut groups: std::collections::BTreeMap<String, Vec<String>> = Default::default();
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
        writeln!(out, "\nUpgraded: {group} ({} names)\n", names.len())?;
        list(out, 2, &names)?;
    }
    Ok(())
}

fn target(out: &mut String, plan: &Plan) -> fmt::Result {
    writeln!(out, "\nRepositories of the target ({})\n", plan.repositories.len())?;
    for repository in &plan.repositories {
        let reasons: Vec<String> = repository.reasons.iter().map(ToString::to_string).collect();
        let defined = repository.defined_in.as_deref().unwrap_or("no file defines it");
        paragraph(out, 2, &format!("{} ({}): {}", repository.id, defined, reasons.join("; ")))?;
    }
    for (what, streams) in [("enabled", &plan.modules.enable), ("reset", &plan.modules.reset)] {
        if !streams.is_empty() {
            let streams: Vec<String> = streams.iter().map(ToString::to_string).collect();
            writeln!(out, "\nModule streams to be {what} ({})\n", streams.len())?;
            list(out, 2, &streams)?;
        }
    }
    Ok(())
}

fn inputs(out: &mut String, plan: &Plan) -> fmt::Result {
    writeln!(out, "\nMade by {} {} from\n", plan.provenance.tool, plan.provenance.tool_version)?;
    for input in &plan.provenance.inputs {
        let digest: String = input.sha256.chars().take(16).collect();
        writeln!(out, "  {digest}  {:>9}  {}", input.size, input.path)?;
    }
    Ok(())
}

fn names(names: &[PackageName]) -> String {
    names.iter().map(PackageName::as_str).collect::<Vec<_>>().join(", ")
}

fn reasons(reasons: &[Reason]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
