//! The report for people: verdict and what forbids the upgrade first, on one screen; with
//! [`Style::full`] everything else too. Readable at 80 columns and without colour.
//!
//! The banner words are leapp's, because people and scripts search for them
//! (users.md 4.1).

mod findings;
mod packages;
pub(super) mod page;
pub(super) mod solved;
mod steps;

use std::fmt::{self, Write};

use crate::plan::{FileSystem, Plan, Verdict};

pub(super) use packages::{describe, names, reasons};
pub(crate) use page::{Page, Paint};
pub(super) use solved::size;

pub(crate) use findings::{waived, write_finding};
pub use page::Style;

/// The most lines about what is missing on the first screen.
const MOST_LINES: usize = 6;

/// The report. The same plan gives the same text.
pub fn render(plan: &Plan, style: Style) -> String {
    let mut page = Page::new(style);
    // Writing to a String cannot fail.
    let _ = write_report(&mut page, plan);
    page.into_text()
}

fn write_report(out: &mut Page, plan: &Plan) -> fmt::Result {
    heading(out, plan)?;
    overview(out, plan)?;
    solved::conflict(out, plan)?;
    findings::questions(out, plan)?;
    solved::what_if(out, plan)?;
    solved::transaction(out, plan)?;
    disk(out, plan)?;
    packages::counts(out, plan)?;
    findings::waived(out, &plan.findings)?;
    if !out.style.full {
        return short_end(out, plan);
    }
    packages::fates(out, plan)?;
    steps::steps(out, plan)?;
    target(out, plan)?;
    inputs(out, plan)
}

fn heading(out: &mut Page, plan: &Plan) -> fmt::Result {
    writeln!(out, "{}", plan.path)?;
    let host = plan.hostname.as_ref().map(|name| format!("host {name}, ")).unwrap_or_default();
    let (arch, packages, policy) = (&plan.arch, plan.packages.len(), &plan.provenance.policy);
    out.block(0, &format!("{host}{arch}, {packages} packages installed, policy {policy}"))?;
    let (paint, verdict) = match plan.verdict {
        Verdict::Ready => (Paint::Good, "Nothing stands in the way of the upgrade."),
        Verdict::Inhibited => (Paint::Bad, "The upgrade must not go ahead."),
        Verdict::Incomplete => {
            (Paint::Doubtful, "Nothing known stands in the way, but facts are missing.")
        }
    };
    writeln!(out)?;
    out.painted(paint, |out| writeln!(out, "{verdict}"))?;
    let missing = plan.missing.iter().map(|missing| format!("- missing: {missing}"));
    out.few(missing.collect(), MOST_LINES)?;
    let unread = plan.unread.iter().map(|unread| {
        format!("- {}: {} not understood, first {}", unread.file, unread.count, unread.first)
    });
    out.few(unread.collect(), MOST_LINES)
}

fn overview(out: &mut Page, plan: &Plan) -> fmt::Result {
    let bar = "=".repeat(60);
    writeln!(out, "\n{bar}\n{:^60}\n{bar}", "REPORT OVERVIEW")?;
    findings::errors(out, plan)?;
    findings::inhibitors(out, plan)?;
    if out.style.full {
        findings::others(out, plan)?
    } else {
        findings::in_short(out, plan)?
    }
    findings::summary(out, plan)
}

fn disk(out: &mut Page, plan: &Plan) -> fmt::Result {
    if plan.disk.is_empty() {
        return Ok(());
    }
    out.heading("Room on the host's file systems")?;
    plan.disk.iter().try_for_each(|file_system| write_file_system(out, file_system))
}

fn write_file_system(out: &mut Page, file_system: &FileSystem) -> fmt::Result {
    let left = file_system.available.map_or("nobody knows what is left".to_owned(), |available| {
        format!("{} left", size(available))
    });
    let line = format!("{}: {} needed, {left}", file_system.mount, size(file_system.needed()));
    match file_system.is_enough() {
        Some(false) => {
            out.painted(Paint::Bad, |out| out.paragraph(2, &format!("{line}: too little")))?
        }
        _ => out.paragraph(2, &line)?,
    }
    if out.style.full {
        for need in &file_system.needs {
            out.paragraph(6, &format!("{} for {}", size(need.bytes), need.what))?;
        }
    }
    Ok(())
}

/// How to see the rest.
fn short_end(out: &mut Page, plan: &Plan) -> fmt::Result {
    let more = plan.findings.iter().filter(|finding| !finding.inhibitor).count();
    writeln!(out)?;
    out.block(
        0,
        &format!(
            "With --full the report goes on: {more} findings that forbid nothing, the fate of each \
             package with its reason, repositories, inputs."
        ),
    )
}

fn target(out: &mut Page, plan: &Plan) -> fmt::Result {
    out.heading(&format!("Repositories of the target ({})", plan.repositories.len()))?;
    for repository in &plan.repositories {
        let reasons: Vec<String> = repository.reasons.iter().map(ToString::to_string).collect();
        let defined = repository.defined_in.as_deref().unwrap_or("no file defines it");
        out.paragraph(2, &format!("{} ({}): {}", repository.id, defined, reasons.join("; ")))?;
    }
    for (what, streams) in [("enabled", &plan.modules.enable), ("reset", &plan.modules.reset)] {
        if !streams.is_empty() {
            let streams: Vec<String> = streams.iter().map(ToString::to_string).collect();
            out.heading(&format!("Module streams to be {what} ({})", streams.len()))?;
            out.list(2, &streams)?;
        }
    }
    Ok(())
}

fn inputs(out: &mut Page, plan: &Plan) -> fmt::Result {
    let provenance = &plan.provenance;
    out.heading(&format!("Made by {} {} from", provenance.tool, provenance.tool_version))?;
    for input in &provenance.inputs {
        let digest: String = input.sha256.chars().take(16).collect();
        let kind = if input.kind == "repository" { "repository " } else { "" };
        writeln!(out, "  {digest}  {:>9}  {kind}{}", input.size, input.path)?;
    }
    provenance.packs.iter().try_for_each(|pack| out.paragraph(2, &format!("pack {pack}")))?;
    provenance.options.iter().try_for_each(|option| out.paragraph(2, option))
}
