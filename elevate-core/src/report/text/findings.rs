//! What is told of findings and questions.

use std::fmt::{self, Write};

use super::page::{Page, Paint};
use crate::finding::{Finding, Remediation, Severity};
use crate::model::shell_words;
use crate::plan::{AskedOf, Plan, checks};
use crate::question::Answers;

/// The most places that are shown of one finding.
const MOST_EVIDENCE: usize = 5;
/// The most findings of one kind and severity that are told one by one, but for
/// inhibitors.
const MOST_OF_A_KIND: usize = 4;

/// Topics of what a plan stands on, as ids begin: from where, by which data, whose packages,
/// to which repositories. While that is not settled, all else may come out otherwise.
const GROUND: [&str; 5] = ["release", "data", "signatures", "events", "repositories"];

/// Errors that would end leapp.
pub(super) fn errors(out: &mut Page, plan: &Plan) -> fmt::Result {
    let (crash, errors) = (&plan.leapp.crash, &plan.leapp.errors);
    if crash.is_none() && errors.is_empty() {
        return Ok(());
    }
    out.heading("ERRORS")?;
    if let Some(stop) = crash {
        out.paragraph(2, &format!("{}: {} (exception)", stop.actor, stop.message))?;
    }
    for stop in errors {
        out.paragraph(2, &format!("{}: {}", stop.actor, stop.message))?;
    }
    Ok(())
}

/// What forbids the upgrade, in the order of what to do: what the plan itself stands on,
/// what can be done about by a command, the rest, and what depends on all of it last.
pub(super) fn inhibitors(out: &mut Page, plan: &Plan) -> fmt::Result {
    let mut inhibitors: Vec<&Finding> = plan.inhibitors().collect();
    if inhibitors.is_empty() {
        return Ok(());
    }
    inhibitors.sort_by_key(|finding| {
        let has = |is: fn(&Remediation) -> bool| finding.remediation.iter().any(is);
        let command = has(|one| matches!(one, Remediation::Command(_)));
        let topic = finding.id.split('.').next().unwrap_or_default();
        let last = checks::KINDS.iter().any(|kind| kind.id == finding.id);
        (!GROUND.contains(&topic), last, !command, finding.remediation.is_empty())
    });
    let banner = "Upgrade has been inhibited due to the following problems:";
    writeln!(out)?;
    out.painted(Paint::Bad, |out| writeln!(out, "{banner}"))?;
    (1..).zip(inhibitors).try_for_each(|(n, finding)| write_finding(out, n, finding))
}

/// Findings of high severity, a line each.
pub(super) fn in_short(out: &mut Page, plan: &Plan) -> fmt::Result {
    let high: Vec<&Finding> =
        plan.findings.iter().filter(|f| !f.inhibitor && f.severity == Severity::High).collect();
    if high.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let inhibited = plan.inhibitors().next().is_some();
    let heading = if inhibited { "Of high severity besides:" } else { "Of high severity:" };
    out.painted(Paint::Doubtful, |out| writeln!(out, "{heading}"))?;
    writeln!(out)?;
    for kind in high.chunk_by(|a, b| a.id == b.id) {
        let [first, ..] = kind else { continue };
        let times = if kind.len() > 1 { format!(" ({} times)", kind.len()) } else { String::new() };
        out.paragraph(2, &format!("- {}{times} [{}]", first.title, first.id))?;
    }
    Ok(())
}

/// All findings that forbid nothing.
pub(super) fn others(out: &mut Page, plan: &Plan) -> fmt::Result {
    let others = plan.findings.iter().filter(|f| !f.inhibitor && f.waived.is_none());
    let others: Vec<&Finding> = others.collect();
    if others.is_empty() {
        return Ok(());
    }
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
    Ok(())
}

/// What somebody set aside.
pub(crate) fn waived(out: &mut Page, findings: &[Finding]) -> fmt::Result {
    let waived: Vec<&Finding> = findings.iter().filter(|f| f.waived.is_some()).collect();
    if waived.is_empty() {
        return Ok(());
    }
    out.heading(&format!("Set aside ({})", waived.len()))?;
    for finding in waived {
        let Some(waived) = &finding.waived else { continue };
        let was = if waived.inhibitor { " (inhibitor)" } else { "" };
        let text = format!(
            "- {} [{}], {}{was} before: {waived}",
            finding.title,
            finding.id,
            waived.severity.as_str()
        );
        out.paragraph(2, &text)?;
    }
    Ok(())
}

/// Questions without an answer, and under `full` the others too.
pub(super) fn questions(out: &mut Page, plan: &Plan) -> fmt::Result {
    let full = out.style.full;
    let asked = |asked: &&AskedOf| full || asked.dialog.answer.is_none();
    let questions: Vec<&AskedOf> = plan.questions.iter().filter(asked).collect();
    if questions.is_empty() {
        return Ok(());
    }
    out.heading(&format!("Questions ({})", questions.len()))?;
    for AskedOf { dialog, .. } in questions {
        out.paragraph(2, &format!("{}: {}", dialog.name, dialog.label))?;
        out.block(6, &dialog.consequences)?;
        let answer = dialog.answer.map_or("none yet", Answers::word);
        let proposed = dialog.proposed.map(|p| format!("; leapp proposes {}", Answers::word(p)));
        let proposed = proposed.unwrap_or_default();
        out.block(6, &format!("Choices: True, False{proposed}. Answer: {answer}."))?;
    }
    Ok(())
}

/// How many findings there are of each kind of leapp's.
pub(super) fn summary(out: &mut Page, plan: &Plan) -> fmt::Result {
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

/// A finding with its number, where it was seen, and what to do.
pub(crate) fn write_finding(out: &mut Page, n: usize, finding: &Finding) -> fmt::Result {
    let flag = if finding.inhibitor { " (inhibitor)" } else { "" };
    writeln!(out)?;
    let title = |out: &mut Page| out.item(2, &format!("{n}. {}", finding.title));
    match (finding.inhibitor, finding.severity) {
        (true, _) => out.painted(Paint::Bad, title)?,
        (false, Severity::High) => out.painted(Paint::Doubtful, title)?,
        _ => title(out)?,
    }
    writeln!(out, "     Risk Factor: {}{flag}   [{}]", finding.severity.as_str(), finding.id)?;
    out.block(5, &finding.summary)?;
    for place in finding.evidence.iter().take(MOST_EVIDENCE) {
        out.block(5, &format!("Seen in {place}"))?;
    }
    if let Some(more) = finding.evidence.len().checked_sub(MOST_EVIDENCE).filter(|more| *more > 0) {
        writeln!(out, "     Seen in {more} more places")?;
    }
    for remediation in &finding.remediation {
        match remediation {
            Remediation::Hint(hint) => out.block(5, &format!("What to do: {hint}"))?,
            Remediation::Command(words) => writeln!(out, "     $ {}", shell_words(words))?,
        }
    }
    for link in &finding.links {
        writeln!(out, "     {link}")?;
    }
    if let Some(leapp) = &finding.leapp {
        out.block(5, &format!("leapp 0.21 {leapp}"))?;
    }
    Ok(())
}

/// Findings of a kind that there are too many of to be told one by one.
fn write_many(out: &mut Page, n: usize, first: &Finding, all: &[&Finding]) -> fmt::Result {
    writeln!(out)?;
    out.item(2, &format!("{n}. {} ({} times)", first.title, all.len()))?;
    writeln!(out, "     Risk Factor: {}   [{}]", first.severity.as_str(), first.id)?;
    let mut actors: Vec<&str> = all.iter().map(|finding| finding.actor.as_ref()).collect();
    actors.sort_unstable();
    actors.dedup();
    out.block(5, &format!("By {}.", actors.join(", ")))?;
    let resources = all.iter().flat_map(|finding| &finding.resources);
    let mut about: Vec<&str> = resources.map(|resource| resource.title.as_str()).collect();
    about.sort_unstable();
    about.dedup();
    out.block(5, &format!("About {}.", about.join(", ")))?;
    writeln!(out, "     --format json tells each of them.")
}

#[cfg(test)]
mod tests {
    use super::super::{Style, render};
    use super::*;
    use crate::finding::Kind;
    use crate::plan::testing::plan;

    #[test]
    fn inhibitors_come_in_the_order_of_what_to_do() {
        let kind = |id| Kind::new(id, "an_actor", Severity::High, "Something").inhibiting();
        let of = |id: &'static str| kind(id).finding("It is so.");
        let mut plan = plan();
        plan.findings = vec![
            of("transaction.none").hint("See the conflict."),
            of("device.cpu-removed"),
            of("storage.nfs").hint("Unmount it."),
            of("answers.missing").hint("Answer.").command(&["leapp", "answer"]),
            of("repositories.none").hint("Name one."),
        ];
        let text = render(&plan, Style::default());
        let ids = text.lines().filter_map(|line| line.split_once("   [")?.1.strip_suffix(']'));
        let expected = [
            "repositories.none",
            "answers.missing",
            "storage.nfs",
            "device.cpu-removed",
            "transaction.none",
        ];
        assert_eq!(ids.collect::<Vec<_>>(), expected);
    }
}
