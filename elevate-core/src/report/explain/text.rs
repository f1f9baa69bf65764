//! An explanation as text for people, within 80 columns.

use std::fmt::{self, Write};

use super::{
    ConflictStory, Explanation, FindingLine, FindingStory, PackageStory, PlanStory,
    RepositoryStory, State, Subject, Wish,
};
use crate::finding::Remediation;
use crate::model::shell_words;
use crate::plan::Verdict;
use crate::report::text::Style;
use crate::report::text::page::Page;

/// The most entries of a list that are told; JSON has all.
const MOST: usize = 20;
/// The most subjects that are told.
const MOST_SUBJECTS: usize = 10;

/// The explanation as text.
pub fn render(explanation: &Explanation) -> String {
    let mut page = Page::new(Style::default());
    // Writing to a String cannot fail.
    let _ = write_all(&mut page, explanation);
    page.into_text()
}

fn write_all(out: &mut Page, explanation: &Explanation) -> fmt::Result {
    let subjects = &explanation.subjects;
    for (at, subject) in subjects.iter().take(MOST_SUBJECTS).enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        match subject {
            Subject::Package(story) => package(out, story)?,
            Subject::Finding(story) => finding(out, story)?,
            Subject::Repository(story) => repository(out, story)?,
            Subject::Plan(story) => plan(out, story)?,
        }
    }
    match subjects.len().checked_sub(MOST_SUBJECTS).filter(|more| *more > 0) {
        Some(more) => writeln!(out, "\nand {more} more of this name, which --format json tells"),
        None => Ok(()),
    }
}

fn package(out: &mut Page, story: &PackageStory) -> fmt::Result {
    let state = match story.state {
        State::Installed => "installed",
        State::Arriving => "new on the host",
        State::Successor => "of a target repository",
    };
    writeln!(out, "{} ({state})\n", story.package)?;
    let from = story.repository.iter().map(|id| format!(" from {id}")).collect::<String>();
    let to = match story.to.as_slice() {
        [] => String::new(),
        to => format!(" -> {}", to.join(", ")),
    };
    let fate = match story.fate.as_str() {
        "removed" => "removed, and nothing takes its place",
        "unknown" => "not known; it is left alone, and somebody must look",
        "no-known-future" => "third-party, and nothing says what; it stays where it can",
        "kept" => "kept as it is",
        "stays" => "stays as it is, for nothing takes its place",
        word => word,
    };
    out.paragraph(2, &format!("What becomes of it: {fate}{to}{from}"))?;
    if !story.instead_of.is_empty() {
        out.paragraph(2, &format!("In the place of {}", story.instead_of.join(", ")))?;
    }
    match story.signed {
        Some(true) => out.paragraph(2, "Taken for the distribution's or an active vendor's")?,
        Some(false) => out.paragraph(2, "Taken for third-party")?,
        None => {}
    }
    for event in &story.events {
        let line =
            format!("Event {} {}: {}, record {}", event.id, event.action, event.file, event.index);
        out.paragraph(2, &line)?;
    }
    if !story.lists.is_empty() {
        out.paragraph(2, &format!("In leapp's lists {}", story.lists.join(", ")))?;
    }
    section(out, "Why it was asked for", &story.reasons)?;
    section(out, "Why it became that", &story.because)?;
    let needs: Vec<String> =
        story.needed_by.iter().map(|need| format!("{} for {}", need.by, need.capability)).collect();
    section(out, "Who needs it", &needs)?;
    let hanging = story.hanging.iter().map(|one| match one.link.starts_with(&one.package) {
        true => one.link.clone(),
        false => format!("{}: {}", one.package, one.link),
    });
    let hanging: Vec<String> = hanging.collect();
    section(out, "Whose fate hangs on it", &hanging)?;
    section(out, "What actors ask", &story.directives)?;
    lines(out, "Findings about it", &story.findings)?;
    let changes: Vec<String> = story
        .what_if
        .iter()
        .map(|change| format!("{}: {}, not {}", change.asked, change.after, change.before))
        .collect();
    section(out, "What questions in the plan change", &changes)?;
    wishes(out, &story.wishes)
}

fn finding(out: &mut Page, story: &FindingStory) -> fmt::Result {
    let told = &story.finding;
    let flag = if told.inhibitor { " (inhibitor)" } else { "" };
    out.paragraph(0, &told.title)?;
    writeln!(out, "  Risk Factor: {}{flag}   [{}]\n", told.severity.as_str(), told.id)?;
    out.block(2, &told.summary)?;
    out.paragraph(2, &story.forbids)?;
    if let Some(leapp) = &told.leapp {
        out.paragraph(2, &format!("leapp 0.21 {leapp}"))?;
    }
    out.paragraph(2, &format!("Key in leapp's reports: {}", story.key))?;
    let seen: Vec<String> = told.evidence.iter().map(ToString::to_string).collect();
    section(out, "Where it was seen", &seen)?;
    let about = told.resources.iter().map(|one| format!("{} {}", one.scheme, one.title));
    section(out, "What it is about", &about.collect::<Vec<_>>())?;
    section(out, "What becomes of these packages", &story.packages)?;
    let steps = told.remediation.iter().map(|step| match step {
        Remediation::Hint(hint) => hint.clone(),
        Remediation::Command(words) => format!("$ {}", shell_words(words)),
    });
    section(out, "What to do", &steps.collect::<Vec<_>>())?;
    let links: Vec<String> = told.links.iter().map(ToString::to_string).collect();
    section(out, "Pages about it", &links)?;
    section(out, "What its actor asks of the plan", &story.directives)?;
    section(out, "Questions of its actor", &story.questions)?;
    writeln!(out, "\n  Made by {}", story.actor)?;
    let Some(actor) = &story.about_actor else { return Ok(()) };
    out.paragraph(4, &format!("Looks for: {}", actor.summary))?;
    out.block(4, &actor.about)?;
    match actor.covers.is_empty() {
        true => Ok(()),
        false => out.paragraph(4, &format!("Covers of leapp: {}", actor.covers.join(", "))),
    }
}

fn repository(out: &mut Page, story: &RepositoryStory) -> fmt::Result {
    writeln!(out, "{} (repository)\n", story.id)?;
    out.paragraph(2, &story.role)?;
    if let Some(file) = &story.defined_in {
        out.paragraph(2, &format!("Defined in {file}"))?;
    }
    if let Some(address) = &story.address {
        out.paragraph(2, &format!("Address: {address}"))?;
    }
    if let Some(read) = &story.read {
        let line = format!("Read: {} packages, priority {}", read.packages, read.priority);
        out.paragraph(2, &line)?;
    }
    section(out, "Why it is used", &story.reasons)?;
    section(out, "What it leads to", &story.leads_to)?;
    if let Some(read) = &story.read {
        section(out, "What was odd about it", &read.remarks)?;
    }
    if !story.coming.is_empty() {
        let (count, mut told) = (story.coming.len(), Vec::new());
        for coming in story.coming.iter().take(MOST) {
            let instead = coming.instead_of.as_ref().map(|old| format!(" in the place of {old}"));
            told.push(format!("{}{}", coming.package, instead.unwrap_or_default()));
        }
        told.resize(count, String::new());
        section(out, &format!("What comes from it ({count})"), &told)?;
    }
    lines(out, "Findings about it", &story.findings)?;
    wishes(out, &story.wishes)
}

fn plan(out: &mut Page, story: &PlanStory) -> fmt::Result {
    let verdict = match story.verdict {
        Verdict::Ready => "Nothing stands in the way of the upgrade.",
        Verdict::Inhibited => "The upgrade must not go ahead.",
        Verdict::Incomplete => "Nothing known stands in the way, but facts are missing.",
    };
    writeln!(out, "{verdict}")?;
    lines(out, "What forbids it", &story.inhibitors)?;
    section(out, "How leapp would end early", &story.stops)?;
    section(out, "What is missing", &story.missing)?;
    if let Some(conflict) = &story.conflict {
        why_none(out, conflict)?;
    }
    let counts: Vec<String> = story
        .counts
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    if !counts.is_empty() {
        writeln!(out, "\n  Packages\n")?;
        out.list(4, &counts)?;
    }
    writeln!(out)?;
    out.paragraph(2, "Name a package, a finding or a repository to have it explained.")
}

fn why_none(out: &mut Page, conflict: &ConflictStory) -> fmt::Result {
    writeln!(out, "\n  Why there is no transaction")?;
    for problem in &conflict.problems {
        writeln!(out)?;
        for line in problem.lines().filter(|line| !line.trim().is_empty()) {
            let told = line.trim_start();
            out.paragraph((4 + line.len() - told.len()).min(40), told)?;
        }
    }
    writeln!(out, "\n  What would have to change, any one of these\n")?;
    for set in &conflict.changes {
        let mut changes = set.changes.iter().map(String::as_str);
        out.paragraph(4, &format!("- {}", changes.next().unwrap_or("nothing")))?;
        changes.try_for_each(|change| out.paragraph(6, &format!("and {change}")))?;
        for (what, packages) in [("with it", &set.with), ("without it", &set.without)] {
            if !packages.is_empty() {
                let mut told: Vec<String> = packages.iter().take(MOST).cloned().collect();
                let more = packages.len().saturating_sub(MOST);
                told.extend((more > 0).then(|| format!("{more} more")));
                out.paragraph(8, &format!("{what} there are: {}", told.join(", ")))?;
            }
        }
    }
    match (conflict.changes.is_empty(), conflict.more) {
        (true, _) => out.paragraph(4, "Nothing that could be changed helps."),
        (false, true) => out.paragraph(4, "There may be other ways."),
        (false, false) => Ok(()),
    }
}

fn section(out: &mut Page, heading: &str, entries: &[String]) -> fmt::Result {
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n  {heading}\n")?;
    entries.iter().take(MOST).try_for_each(|entry| out.paragraph(4, entry))?;
    match entries.len().checked_sub(MOST).filter(|more| *more > 0) {
        Some(more) => writeln!(out, "    and {more} more, which --format json tells"),
        None => Ok(()),
    }
}

fn lines(out: &mut Page, heading: &str, findings: &[FindingLine]) -> fmt::Result {
    let line = |finding: &FindingLine| {
        let flag = if finding.inhibitor { " (inhibitor)" } else { "" };
        format!("{} {}{flag}: {}", finding.id, finding.severity.as_str(), finding.title)
    };
    section(out, heading, &findings.iter().map(line).collect::<Vec<_>>())
}

fn wishes(out: &mut Page, wishes: &[Wish]) -> fmt::Result {
    let line = |wish: &Wish| format!("elevate plan ... {} tells {}", wish.option, wish.tells);
    section(out, "What would change it", &wishes.iter().map(line).collect::<Vec<_>>())
}
