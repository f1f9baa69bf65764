//! What is told of a plan where target repositories were read.

use std::fmt::{self, Write};

use super::page::Page;
use crate::plan::{Chain, Fate, Plan, TargetPackage};

/// The transaction as a whole.
pub(super) fn transaction(out: &mut Page, plan: &Plan) -> fmt::Result {
    let Some(whole) = &plan.transaction else { return Ok(()) };
    out.heading(&format!("Transaction, as dnf with libsolv {} would compute it", whole.libsolv))?;
    let totals = &whole.totals;
    out.row("to download", size(totals.download))?;
    out.row("taken by what comes", size(totals.arriving))?;
    out.row("given back by what goes", size(totals.leaving))?;
    if totals.unknown > 0 {
        out.row("packages that go, of unknown size", totals.unknown)?;
    }
    for repository in &plan.read {
        let line = format!("from {} (priority {})", repository.id, repository.priority);
        out.row(&line, format_args!("{} packages", repository.packages))?;
        for remark in &repository.remarks {
            out.paragraph(6, remark)?;
        }
    }
    Ok(())
}

/// Why there is no transaction.
pub(super) fn conflict(out: &mut Page, plan: &Plan) -> fmt::Result {
    let Some(conflict) = &plan.conflict else { return Ok(()) };
    out.heading("Why there is no transaction")?;
    story(out, &conflict.to_string())
}

/// Lines of a story, each as far in as it is told.
fn story(out: &mut Page, text: &str) -> fmt::Result {
    for line in text.lines() {
        let told = line.trim_start();
        let indent = 2 + line.len() - told.len();
        if told.is_empty() { writeln!(out)? } else { out.paragraph(indent, told)? }
    }
    Ok(())
}

/// What each question changes.
pub(super) fn what_if(out: &mut Page, plan: &Plan) -> fmt::Result {
    for question in &plan.what_if {
        out.heading(&format!("What {} changes ({})", question.asked, question.changes.len()))?;
        if let Some(conflict) = &question.conflict {
            out.paragraph(2, "There is no transaction with it:")?;
            story(out, conflict)?;
        } else if question.changes.is_empty() {
            out.paragraph(2, "Nothing.")?;
        }
        for change in &question.changes {
            let text = format!("{}: {}, not {}", change.package, change.after, change.before);
            out.paragraph(2, &text)?;
        }
    }
    Ok(())
}

/// Packages that stay, which no target repository has.
pub(super) fn staying(out: &mut Page, plan: &Plan) -> fmt::Result {
    let stays = plan.packages.iter().filter(|operation| operation.fate == Fate::Stays);
    let mut names: Vec<String> = stays.map(|operation| operation.name.to_string()).collect();
    names.dedup();
    if names.is_empty() {
        return Ok(());
    }
    out.heading(&format!("Staying as they are ({} names)", names.len()))?;
    out.list(2, &names)
}

/// Why something becomes of a package, link by link.
pub(super) fn because(plan: &Plan, chain: Option<&Chain>) -> Vec<String> {
    let of = |chain: &Chain| {
        let links = chain.links.iter().map(ToString::to_string);
        links.chain(plan.asked(chain)).collect()
    };
    chain.map(of).unwrap_or_default()
}

/// Packages with their repositories.
pub(super) fn nevras(packages: &[TargetPackage]) -> String {
    let one = |package: &TargetPackage| format!("{} ({})", package.nevra(), package.repository);
    packages.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Bytes for people.
pub(in crate::report) fn size(bytes: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    let (mut value, mut unit) = (bytes, "bytes");
    let mut tenths = 0;
    for next in units {
        if value < 1024 {
            break;
        }
        tenths = value % 1024 * 10 / 1024;
        value /= 1024;
        unit = next;
    }
    if unit == "bytes" { format!("{value} {unit}") } else { format!("{value}.{tenths} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_cut_to_a_tenth_of_their_unit() {
        let sizes = [0, 1023, 1024, 1536, 10 << 20, u64::MAX].map(size);
        let expected =
            ["0 bytes", "1023 bytes", "1.0 KiB", "1.5 KiB", "10.0 MiB", "16777215.9 TiB"];
        assert_eq!(sizes, expected);
    }
}
