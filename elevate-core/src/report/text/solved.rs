//! What is told of a plan where target repositories were read.

use std::fmt::{self, Write};

use super::wrap::{list, paragraph};
use crate::plan::{Chain, Fate, Plan, TargetPackage};

/// The transaction as a whole.
pub(super) fn transaction(out: &mut String, plan: &Plan) -> fmt::Result {
    let Some(whole) = &plan.transaction else { return Ok(()) };
    writeln!(out, "\nTransaction, as dnf with libsolv {} would compute it\n", whole.libsolv)?;
    let totals = &whole.totals;
    writeln!(out, "  {:<44}{:>12}", "to download", size(totals.download))?;
    writeln!(out, "  {:<44}{:>12}", "taken by what comes", size(totals.arriving))?;
    writeln!(out, "  {:<44}{:>12}", "given back by what goes", size(totals.leaving))?;
    if totals.unknown > 0 {
        writeln!(out, "  {:<44}{:>12}", "packages that go, of unknown size", totals.unknown)?;
    }
    for repository in &plan.read {
        let line = format!("from {} (priority {})", repository.id, repository.priority);
        writeln!(out, "  {line:<44}{:>12}", format!("{} packages", repository.packages))?;
        for remark in &repository.remarks {
            paragraph(out, 6, remark)?;
        }
    }
    Ok(())
}

/// Why there is no transaction.
pub(super) fn conflict(out: &mut String, plan: &Plan) -> fmt::Result {
    let Some(conflict) = &plan.conflict else { return Ok(()) };
    writeln!(out, "\nWhy there is no transaction\n")?;
    story(out, &conflict.to_string())
}

/// Lines of a story, each as far in as it is told.
fn story(out: &mut String, text: &str) -> fmt::Result {
    for line in text.lines() {
        let told = line.trim_start();
        let indent = 2 + line.len() - told.len();
        if told.is_empty() { writeln!(out)? } else { paragraph(out, indent, told)? }
    }
    Ok(())
}

/// What each question changes.
pub(super) fn what_if(out: &mut String, plan: &Plan) -> fmt::Result {
    for question in &plan.what_if {
        writeln!(out, "\nWhat {} changes ({})\n", question.asked, question.changes.len())?;
        if let Some(conflict) = &question.conflict {
            paragraph(out, 2, "There is no transaction with it:")?;
            story(out, conflict)?;
        } else if question.changes.is_empty() {
            paragraph(out, 2, "Nothing.")?;
        }
        for change in &question.changes {
            let text = format!("{}: {}, not {}", change.package, change.after, change.before);
            paragraph(out, 2, &text)?;
        }
    }
    Ok(())
}

/// Packages that stay, which no target repository has.
pub(super) fn staying(out: &mut String, plan: &Plan) -> fmt::Result {
    let stays = plan.packages.iter().filter(|operation| operation.fate == Fate::Stays);
    let mut names: Vec<String> = stays.map(|operation| operation.name.to_string()).collect();
    names.dedup();
    if names.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nStaying as they are ({} names)\n", names.len())?;
    list(out, 2, &names)
}

/// Why something becomes of a package, link by link.
pub(super) fn because(out: &mut String, plan: &Plan, chain: Option<&Chain>) -> fmt::Result {
    let Some(chain) = chain else { return Ok(()) };
    for link in &chain.links {
        paragraph(out, 6, &link.to_string())?;
    }
    if let Some(asked) = plan.asked(chain) {
        paragraph(out, 6, &asked)?;
    }
    Ok(())
}

/// Packages with their repositories.
pub(super) fn packages(packages: &[TargetPackage]) -> String {
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
