//! A difference as text for people, within 80 columns: what changed first, then why.

use std::fmt::{self, Write};

use super::super::text::Style;
use super::super::text::page::Page;
use super::super::text::solved::size;
use super::{
    Cause, Causes, Diff, DiskChange, FindingChange, Findings, PackageChange, PackageState,
    Packages, PlanChange, RepositoryChange, Side, Told, TotalsChange, What,
};
use crate::finding::Severity;
use crate::model::{Changed, Date, Listing};
use crate::plan::Verdict;

/// The most entries of a list that are told one by one; JSON has all.
const MOST: usize = 40;

/// The difference as text.
pub fn render(diff: &Diff) -> String {
    let mut page = Page::new(Style::default());
    // Writing to a String cannot fail.
    let _ = write_diff(&mut page, diff);
    page.into_text()
}

fn write_diff(out: &mut Page, diff: &Diff) -> fmt::Result {
    side(out, "before", &diff.before)?;
    side(out, "after", &diff.after)?;
    if let (Some(old), Some(new)) = (&diff.before.hostname, &diff.after.hostname)
        && old != new
    {
        writeln!(out, "These are two hosts.")?;
    }
    writeln!(out)?;
    if !diff.different {
        writeln!(out, "Nothing is different.")?;
        return causes(out, diff);
    }
    if let Some(Changed { before, after }) = diff.verdict {
        let line = format!("The upgrade {} (before: it {}).", verdict(after), verdict(before));
        out.paragraph(0, &line)?;
    }
    causes(out, diff)?;
    findings(out, &diff.findings)?;
    listing(out, "Facts that are missing", &diff.missing)?;
    listing(out, "Evidence that was not understood", &diff.unread)?;
    questions(out, diff)?;
    disk(out, &diff.disk)?;
    counts(out, diff)?;
    diff.plan.as_ref().map_or(Ok(()), |plan| write_plan(out, plan))
}

fn side(out: &mut Page, name: &str, side: &Side) -> fmt::Result {
    let tool = side.tool.as_deref().unwrap_or("a report of leapp's");
    let host = side.hostname.as_ref().map(|host| format!(", host {host}")).unwrap_or_default();
    let path = side.path.as_ref().map(|path| format!(", {path}")).unwrap_or_default();
    let taken = side.taken.map(|at| format!(", taken {}", Date::with_time(at))).unwrap_or_default();
    let (findings, inhibitors) = (side.findings, side.inhibitors);
    let line =
        format!("{name}: {tool}{host}{path}{taken}, {findings} findings, inhibitors: {inhibitors}");
    out.paragraph(0, &line)
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready => "may go ahead",
        Verdict::Inhibited => "must not go ahead",
        Verdict::Incomplete => "lacks facts, and nothing known stands in its way",
    }
}

fn causes(out: &mut Page, diff: &Diff) -> fmt::Result {
    let Causes { known, list } = &diff.causes;
    if !known {
        return out.paragraph(
            0,
            "Why is not known: a report of leapp's does not say what it was made of.",
        );
    }
    let kinds = diff.causes.kinds();
    match kinds.first() {
        None if diff.different => out.paragraph(
            0,
            "Nothing that is recorded of what went in differs. Of packs only the version is \
             recorded, not the content.",
        )?,
        None => writeln!(out, "Nothing that went in differs either.")?,
        Some(only) if kinds.len() == 1 => {
            let line = format!("One thing differs in what went in: {}.", only.words());
            out.paragraph(0, &line)?;
        }
        Some(_) => {
            let words: Vec<&str> = kinds.iter().map(|kind| kind.words()).collect();
            out.paragraph(0, &format!("What went in differs in: {}.", words.join(", ")))?;
        }
    }
    for cause in list.iter().take(MOST) {
        out.paragraph(2, &told_cause(cause))?;
    }
    more(out, list.len())
}

fn told_cause(cause: &Cause) -> String {
    let Cause { what, name, before, after } = cause;
    let short = |value: &String| -> String {
        let words = value.split(' ').map(|word| match word.strip_prefix("sha256:") {
            Some(digest) => digest.chars().take(16).collect(),
            None => word.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    };
    match (before.as_ref().map(short), after.as_ref().map(short)) {
        (Some(before), Some(after)) if *what == What::Path => format!("- {after}, not {before}"),
        (Some(before), Some(after)) => format!("- {name}: {before} -> {after}"),
        (Some(before), None) => format!("- {name}: {before} before, not any more"),
        (None, after) => format!("- {name}: {}, not before", after.unwrap_or_default()),
    }
}

fn findings(out: &mut Page, findings: &Findings) -> fmt::Result {
    if findings.is_empty() {
        return Ok(());
    }
    let Findings { come, gone, changed, unchanged } = findings;
    writeln!(out, "\nFindings ({unchanged} unchanged)")?;
    for (word, list) in [("New", come), ("Gone", gone)] {
        if !list.is_empty() {
            writeln!(out, "\n  {word} ({})\n", list.len())?;
            list.iter().take(MOST).try_for_each(|told| finding(out, told))?;
            more(out, list.len())?;
        }
    }
    if !changed.is_empty() {
        writeln!(out, "\n  Changed ({})\n", changed.len())?;
        changed.iter().take(MOST).try_for_each(|change| finding_change(out, change))?;
        more(out, changed.len())?;
    }
    Ok(())
}

fn title(told: &Told) -> String {
    let flag = if told.inhibitor { " (inhibitor)" } else { "" };
    let waived = if told.waived { ", set aside" } else { "" };
    format!("- {} [{}] {}{flag}{waived}", told.title, told.id, told.severity.as_str())
}

fn finding(out: &mut Page, told: &Told) -> fmt::Result {
    out.paragraph(4, &title(told))?;
    out.block(6, &cut(&told.summary))
}

fn finding_change(out: &mut Page, change: &FindingChange) -> fmt::Result {
    out.paragraph(4, &title(&change.finding))?;
    let severity = |severity: Severity| severity.as_str().to_owned();
    let forbids = |inhibitor: bool| if inhibitor { "forbids" } else { "does not forbid" };
    if let Some(Changed { before, after }) = change.severity {
        out.paragraph(6, &format!("severity: {} -> {}", severity(before), severity(after)))?;
    }
    if let Some(Changed { before, after }) = change.inhibitor {
        let line = format!("it {} the upgrade; before, it {}", forbids(after), forbids(before));
        out.paragraph(6, &line)?;
    }
    if let Some(waived) = change.waived {
        let line = if waived.after { "set aside now" } else { "not set aside any more" };
        out.paragraph(6, line)?;
    }
    for (what, texts) in [("id", &change.id), ("title", &change.title)] {
        if let Some(texts) = texts {
            out.paragraph(6, &format!("{what} before: {}", texts.before))?;
        }
    }
    for (what, entries) in [("about", &change.resources), ("seen in", &change.evidence)] {
        let lines = entries.come.iter().map(|entry| format!("+ {what} {entry}"));
        let gone = entries.gone.iter().map(|entry| format!("- {what} {entry}"));
        let lines: Vec<String> = lines.chain(gone).collect();
        lines.iter().take(MOST).try_for_each(|line| out.paragraph(6, line))?;
        more(out, lines.len())?;
    }
    if !change.remediation.is_empty() {
        out.paragraph(6, "what to do is something else")?;
    }
    if let Some(summary) = change.summary.as_ref().filter(|_| change.resources.is_empty()) {
        out.paragraph(6, &format!("now: {}", cut(&summary.after)))?;
        out.paragraph(6, &format!("before: {}", cut(&summary.before)))?;
    }
    Ok(())
}

/// The beginning of a text.
fn cut(text: &str) -> String {
    const LONGEST: usize = 400;
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push_str(" ...");
    }
    short
}

fn listing(out: &mut Page, what: &str, listing: &Listing) -> fmt::Result {
    if listing.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{what}\n")?;
    for (mark, entries) in [('+', &listing.come), ('-', &listing.gone)] {
        let told = entries.iter().take(MOST);
        told.map(|entry| format!("{mark} {entry}")).try_for_each(|line| out.paragraph(2, &line))?;
        more(out, entries.len())?;
    }
    Ok(())
}

fn questions(out: &mut Page, diff: &Diff) -> fmt::Result {
    if !diff.questions.is_empty() {
        writeln!(out, "\nQuestions\n")?;
    }
    for question in &diff.questions {
        let word = |answer: &Option<String>| answer.clone().unwrap_or_else(|| "not asked".into());
        let (before, after) = (word(&question.before), word(&question.after));
        out.paragraph(2, &format!("{}: {before} -> {after}", question.name))?;
        out.block(4, &question.label)?;
    }
    Ok(())
}

fn disk(out: &mut Page, disk: &[DiskChange]) -> fmt::Result {
    if !disk.is_empty() {
        writeln!(out, "\nRoom on file systems\n")?;
    }
    for change in disk {
        let mut parts = Vec::new();
        for (what, values) in
            [("needed", change.needed), ("free", change.available), ("size", change.total)]
        {
            if let Some(Changed { before, after }) = values {
                parts.push(format!("{what} {}", sizes(before, after, "not known")));
            }
        }
        match change.enough {
            Some(Changed { after: Some(true), .. }) => parts.push("now enough".to_owned()),
            Some(Changed { after: Some(false), .. }) => parts.push("now too little".to_owned()),
            _ => {}
        }
        out.paragraph(2, &format!("{}: {}", change.mount, parts.join(", ")))?;
        for need in &change.needs {
            let sizes = sizes(need.before, need.after, "nothing");
            out.paragraph(4, &format!("{}: {sizes}", need.what))?;
        }
    }
    Ok(())
}

/// Two sizes; in bytes where they look alike otherwise.
fn sizes(before: Option<u64>, after: Option<u64>, none: &str) -> String {
    let told = |tell: &dyn Fn(u64) -> String| {
        let told = |bytes: Option<u64>| bytes.map_or_else(|| none.to_owned(), tell);
        (told(before), told(after))
    };
    let (old, new) = match told(&size) {
        (old, new) if old == new => told(&|bytes| format!("{bytes} bytes")),
        sizes => sizes,
    };
    format!("{old} -> {new}")
}

fn counts(out: &mut Page, diff: &Diff) -> fmt::Result {
    if !diff.counts.is_empty() {
        writeln!(out, "\nPackages by fate\n")?;
    }
    for (word, Changed { before, after }) in &diff.counts {
        writeln!(out, "  {word:<24}{before:>7} -> {after}")?;
    }
    Ok(())
}

fn write_plan(out: &mut Page, plan: &PlanChange) -> fmt::Result {
    listing(out, "Why there is no transaction", &plan.conflict)?;
    listing(out, "How leapp would end early", &plan.stops)?;
    packages(
        out,
        ("Installed packages", "Installed since", "No longer installed"),
        &plan.packages,
    )?;
    packages(out, ("New on the host", "Arriving now", "Not arriving any more"), &plan.arrivals)?;
    repositories(out, &plan.repositories)?;
    listing(out, "Module streams to be enabled", &plan.enabled_modules)?;
    listing(out, "Module streams to be reset", &plan.reset_modules)?;
    listing(out, "Steps and wishes of actors", &plan.directives)?;
    plan.totals.as_ref().map_or(Ok(()), |change| totals(out, change))
}

fn packages(
    out: &mut Page,
    (heading, come, gone): (&str, &str, &str),
    packages: &Packages,
) -> fmt::Result {
    if packages.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{heading} ({} unchanged)", packages.unchanged)?;
    for (word, states) in [(come, &packages.come), (gone, &packages.gone)] {
        if !states.is_empty() {
            writeln!(out, "\n  {word} ({})\n", states.len())?;
            states.iter().take(MOST).try_for_each(|state| package(out, state))?;
            more(out, states.len())?;
        }
    }
    let (changed, reasons): (Vec<&PackageChange>, Vec<&PackageChange>) =
        packages.changed.iter().partition(|change| !change.is_about_reasons());
    if !changed.is_empty() {
        writeln!(out, "\n  Changed ({})\n", changed.len())?;
        changed.iter().take(MOST).try_for_each(|change| package_change(out, change))?;
        more(out, changed.len())?;
    }
    if !reasons.is_empty() {
        writeln!(out, "\n  The same for other reasons ({})\n", reasons.len())?;
        let names: Vec<String> = reasons.iter().take(MOST).map(|c| c.package.clone()).collect();
        out.list(4, &names)?;
        more(out, reasons.len())?;
    }
    Ok(())
}

impl PackageChange {
    /// Whether only its reasons are others.
    fn is_about_reasons(&self) -> bool {
        let Self { installed, fate, to, repositories, .. } = self;
        installed.is_none() && fate.is_none() && to.is_none() && repositories.is_none()
    }
}

fn package(out: &mut Page, state: &PackageState) -> fmt::Result {
    let mut line = format!("{}: {}", state.package, state.fate);
    if !state.to.is_empty() {
        line += &format!(" -> {}", state.to.join(", "));
    }
    if !state.repositories.is_empty() {
        line += &format!(" from {}", state.repositories.join(", "));
    }
    out.paragraph(4, &line)
}

fn package_change(out: &mut Page, change: &PackageChange) -> fmt::Result {
    let mut parts = Vec::new();
    if let Some(installed) = &change.installed {
        parts.push(format!("before {}", installed.before));
    }
    if let Some(Changed { before, after }) = &change.fate {
        parts.push(format!("{before} -> {after}"));
    }
    for (word, lists) in [("becomes", &change.to), ("from", &change.repositories)] {
        let Some(Changed { before, after }) = lists else { continue };
        let (before, after) = (before.join(", "), after.join(", "));
        match (before.is_empty(), after.is_empty()) {
            (true, _) => parts.push(format!("{word} {after}")),
            (_, true) => parts.push(format!("not {word} {before} any more")),
            _ => parts.push(format!("{word} {after}, not {before}")),
        }
    }
    out.paragraph(4, &format!("{}: {}", change.package, parts.join("; ")))?;
    let reasons = change.reasons.as_ref().map(|reasons| reasons.after.join("; "));
    reasons.filter(|text| !text.is_empty()).map_or(Ok(()), |text| out.paragraph(8, &text))
}

fn repositories(out: &mut Page, changes: &[RepositoryChange]) -> fmt::Result {
    if !changes.is_empty() {
        writeln!(out, "\nRepositories of the target\n")?;
    }
    for change in changes {
        let mark = match change.used {
            Some(Changed { after: true, .. }) => "+ ",
            Some(_) => "- ",
            None => "",
        };
        out.paragraph(2, &format!("{mark}{}", change.id))?;
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "nowhere".to_owned());
        for (what, values) in [("defined in", &change.defined_in), ("address", &change.address)] {
            if let Some(Changed { before, after }) = values {
                out.paragraph(4, &format!("{what} {} -> {}", text(before), text(after)))?;
            }
        }
        let come = change.reasons.come.iter().map(|reason| format!("+ {reason}"));
        let gone = change.reasons.gone.iter().map(|reason| format!("- {reason}"));
        come.chain(gone).try_for_each(|line| out.paragraph(4, &line))?;
    }
    Ok(())
}

fn totals(out: &mut Page, change: &TotalsChange) -> fmt::Result {
    writeln!(out, "\nTransaction\n")?;
    for (what, values) in [
        ("to download", change.download),
        ("taken by what comes", change.arriving),
        ("given back by what goes", change.leaving),
    ] {
        if let Some(Changed { before, after }) = values {
            writeln!(out, "  {what:<28}{}", sizes(before, after, "none"))?;
        }
    }
    Ok(())
}

/// How many of a list are not told.
fn more(out: &mut Page, all: usize) -> fmt::Result {
    match all.checked_sub(MOST).filter(|more| *more > 0) {
        Some(more) => writeln!(out, "    and {more} more, which --format json tells"),
        None => Ok(()),
    }
}
