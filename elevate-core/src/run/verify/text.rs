//! A verification for people: on one screen, or with [`Style::full`] all of it.

use std::fmt::{self, Write};

use super::{Verdict, Verification};
use crate::finding::{Finding, Severity};
use crate::model::Date;
use crate::report::text::{Page, Paint, Style, waived, write_finding};

/// The most lines about what is missing on the first screen.
const MOST_MISSING: usize = 5;
/// The most findings of high severity that are told whole on the first screen.
const MOST_WHOLE: usize = 2;
/// The most findings that are told in a line each on the first screen.
const MOST_LINES: usize = 8;

/// The verification as text. The same one gives the same text.
pub fn render(verification: &Verification, style: Style) -> String {
    let mut page = Page::new(style);
    // Writing to a String cannot fail.
    let _ = write(&mut page, verification);
    page.into_text()
}

fn write(out: &mut Page, of: &Verification) -> fmt::Result {
    writeln!(out, "{}", of.path)?;
    let host = of.hostname.as_ref().map(|name| format!("host {name}, ")).unwrap_or_default();
    let taken = of.taken.map(|at| format!(", as of {}", Date::with_time(at))).unwrap_or_default();
    out.block(0, &format!("{host}now {}{taken}", of.system))?;
    let (paint, verdict) = match of.verdict {
        Verdict::AsPlanned => (Paint::Good, "All is as planned."),
        Verdict::NotAsPlanned => (Paint::Bad, "Not all is as planned."),
        Verdict::Incomplete => {
            (Paint::Doubtful, "Nothing known is otherwise than planned, but evidence is missing.")
        }
    };
    writeln!(out)?;
    out.painted(paint, |out| writeln!(out, "{verdict}"))?;
    out.few(of.missing.iter().map(|line| format!("- missing: {line}")).collect(), MOST_MISSING)?;
    counts(out, of)?;
    waived(out, &of.findings)?;
    let counting: Vec<&Finding> = of.findings.iter().filter(|f| f.waived.is_none()).collect();
    findings(out, &counting)
}

fn counts(out: &mut Page, of: &Verification) -> fmt::Result {
    let count = |what: &str| of.counts.get(what).copied().unwrap_or_default();
    writeln!(out)?;
    out.block(
        0,
        &format!(
            "Packages: {} planned, {} of them lacking or older, {} newer; {} left of the old \
             release ({} as planned), {} others to go and still there, {} not in the plan.",
            count("planned"),
            count("lacking"),
            count("newer"),
            count("leftovers") + count("leftovers-planned"),
            count("leftovers-planned"),
            count("remaining"),
            count("unplanned"),
        ),
    )
}

fn findings(out: &mut Page, findings: &[&Finding]) -> fmt::Result {
    let high = findings.iter().filter(|finding| finding.severity == Severity::High).count();
    let whole = if out.style.full { findings.len() } else { high.min(MOST_WHOLE) };
    let (whole, lines) = findings.split_at(whole);
    (1..).zip(whole).try_for_each(|(n, finding)| write_finding(out, n, finding))?;
    if lines.is_empty() {
        return Ok(());
    }
    let besides = if whole.is_empty() { "To know:" } else { "Besides:" };
    writeln!(out, "\n{besides}\n")?;
    for finding in lines.iter().take(MOST_LINES) {
        let severity = finding.severity.as_str();
        out.paragraph(2, &format!("- {severity}: {} [{}]", finding.title, finding.id))?;
    }
    if let Some(more) = lines.len().checked_sub(MOST_LINES).filter(|more| *more > 0) {
        out.paragraph(2, &format!("- and {more} more"))?;
    }
    writeln!(out)?;
    out.block(0, "--full tells each with what to do; --format json has every name.")
}
