//! Findings: inhibitors in order, others by severity, those set aside; and questions.

use serde::Serialize;

use super::engine::Html;
use super::{Maker, Section};
use crate::finding::{Evidence, Finding, Remediation, Severity, Waived};
use crate::model::shell_words;
use crate::question::Answers;

/// The most places and resources of one finding that are told without being asked.
const MOST_SHOWN: usize = 8;
/// The most findings of one kind that are told one by one, but for inhibitors.
const MOST_OF_A_KIND: usize = 4;

#[derive(Serialize)]
struct Card<'p> {
    id: String,
    level: u8,
    title: &'p str,
    finding: &'p Finding,
    severity: &'static str,
    groups: String,
    evidence: Vec<&'p Evidence>,
    more_evidence: Vec<&'p Evidence>,
    about: Vec<About<'p>>,
    more_about: Vec<About<'p>>,
    remediation: Vec<Remedy<'p>>,
    links: Vec<Link<'p>>,
    waived: Option<Set<'p>>,
}

#[derive(Serialize)]
struct About<'p> {
    scheme: &'p str,
    title: &'p str,
    /// The id of the row of the package it is.
    row: Option<String>,
}

#[derive(Serialize)]
struct Remedy<'p> {
    hint: Option<&'p str>,
    command: Option<String>,
}

#[derive(Serialize)]
struct Link<'p> {
    text: &'p str,
    /// Only pages are led to.
    is_page: bool,
}

/// That a finding was set aside.
#[derive(Serialize)]
struct Set<'p> {
    severity: &'static str,
    waived: &'p Waived,
}

/// Findings of a severity, by kind.
#[derive(Serialize)]
struct Group {
    id: String,
    title: &'static str,
    count: usize,
    kinds: Vec<OfAKind>,
}

#[derive(Serialize)]
struct OfAKind {
    /// Where there are too many to be told one by one: their number and title.
    id: String,
    many: Option<usize>,
    title: String,
    cards: Vec<Html>,
}

#[derive(Serialize)]
struct View {
    intro: &'static str,
    cards: Vec<Html>,
    groups: Vec<Group>,
}

/// What forbids the upgrade, in the plan's order.
pub(super) fn inhibitors(maker: &Maker<'_>) -> Option<Section> {
    let intro = "Upgrade has been inhibited due to the following problems:";
    simple(maker, "inhibitors", "What forbids the upgrade", intro, |f| f.inhibitor)
}

/// What somebody set aside and which forbids nothing any more.
pub(super) fn waived(maker: &Maker<'_>) -> Option<Section> {
    let intro = "Somebody looked at these and set them aside; they no longer count.";
    simple(maker, "waived", "Waived", intro, |f| !f.inhibitor && f.waived.is_some())
}

fn simple(
    maker: &Maker<'_>,
    id: &'static str,
    title: &'static str,
    intro: &'static str,
    which: fn(&Finding) -> bool,
) -> Option<Section> {
    let numbered = maker.plan.findings.iter().enumerate().filter(|(_, f)| which(f));
    let cards: Vec<Html> = numbered.map(|(at, finding)| card(maker, at, finding, 3)).collect();
    let count = cards.len();
    let view = View { intro, cards, groups: Vec::new() };
    let body = || maker.engine.fill("findings", &view);
    (count > 0).then(|| Section { id, title, count: Some(count), body: body() })
}

/// What else to know, by severity.
pub(super) fn others(maker: &Maker<'_>) -> Option<Section> {
    let is_other = |(_, f): &(usize, &Finding)| !f.inhibitor && f.waived.is_none();
    let all: Vec<(usize, &Finding)> =
        maker.plan.findings.iter().enumerate().filter(is_other).collect();
    let severities = [Severity::High, Severity::Medium, Severity::Low, Severity::Info];
    let groups = severities.into_iter().filter_map(|severity| {
        let of: Vec<(usize, &Finding)> =
            all.iter().copied().filter(|(_, f)| f.severity == severity).collect();
        (!of.is_empty()).then(|| group(maker, severity, &of))
    });
    let view = View { intro: "", cards: Vec::new(), groups: groups.collect() };
    let body = || maker.engine.fill("findings", &view);
    let (id, title, count) = ("findings", "What else to know", all.len());
    (count > 0).then(|| Section { id, title, count: Some(count), body: body() })
}

fn group(maker: &Maker<'_>, severity: Severity, of: &[(usize, &Finding)]) -> Group {
    let kinds = of.chunk_by(|(_, a), (_, b)| a.id == b.id).map(|kind| {
        let many = (kind.len() > MOST_OF_A_KIND).then_some(kind.len());
        let level = if many.is_some() { 5 } else { 4 };
        let cards = kind.iter().map(|(at, finding)| card(maker, *at, finding, level)).collect();
        let first = kind.first();
        let title = first.map(|(_, finding)| finding.title.to_string()).unwrap_or_default();
        let id = first.map(|(at, _)| format!("k{at}")).unwrap_or_default();
        OfAKind { id, many, title, cards }
    });
    let title = match severity {
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    };
    let id = format!("findings-{}", severity.as_str());
    Group { id, title, count: of.len(), kinds: kinds.collect() }
}

/// A finding under a heading of a level.
fn card(maker: &Maker<'_>, at: usize, finding: &Finding, level: u8) -> Html {
    let groups: Vec<&str> = finding.groups.iter().map(AsRef::as_ref).collect();
    let mut evidence: Vec<&Evidence> = finding.evidence.iter().collect();
    let mut about = about(maker, finding);
    let card = Card {
        id: format!("f{at}"),
        level,
        title: &finding.title,
        finding,
        severity: finding.severity.as_str(),
        groups: groups.join(", "),
        more_evidence: evidence.split_off(evidence.len().min(MOST_SHOWN)),
        evidence,
        more_about: about.split_off(about.len().min(MOST_SHOWN)),
        about,
        remediation: finding.remediation.iter().map(remedy).collect(),
        links: finding.links.iter().map(|text| link(text)).collect(),
        waived: finding
            .waived
            .as_ref()
            .map(|waived| Set { severity: waived.severity.as_str(), waived }),
    };
    maker.engine.fill("finding", &card)
}

fn about<'p>(maker: &Maker<'p>, finding: &'p Finding) -> Vec<About<'p>> {
    let resources = finding.resources.iter().map(|resource| {
        let is_package = resource.scheme == "package";
        let row = is_package.then(|| maker.index.find(&resource.title)).flatten();
        About {
            scheme: &resource.scheme,
            title: &resource.title,
            row: row.map(super::index::Row::id),
        }
    });
    resources.collect()
}

fn remedy(remediation: &Remediation) -> Remedy<'_> {
    match remediation {
        Remediation::Hint(hint) => Remedy { hint: Some(hint), command: None },
        Remediation::Command(words) => Remedy { hint: None, command: Some(shell_words(words)) },
    }
}

fn link(text: &str) -> Link<'_> {
    let is_page = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    Link { text, is_page }
}

#[derive(Serialize)]
struct Asked<'p> {
    actor: &'p str,
    name: &'p str,
    label: &'p str,
    consequences: &'p str,
    key: Option<&'p str>,
    choices: [Choice; 2],
    is_answered: bool,
}

#[derive(Serialize)]
struct Choice {
    word: &'static str,
    is_answer: bool,
    is_proposed: bool,
    argument: String,
}

#[derive(Serialize)]
struct Questions<'p> {
    questions: Vec<Asked<'p>>,
}

/// Questions, with what may be answered.
pub(super) fn questions(maker: &Maker<'_>) -> Option<Section> {
    let questions: Vec<Asked<'_>> = maker.plan.questions.iter().map(asked).collect();
    let count = questions.len();
    let (id, title) = ("questions", "Questions");
    let view = Questions { questions };
    let body = || maker.engine.fill("questions", &view);
    (count > 0).then(|| Section { id, title, count: Some(count), body: body() })
}

fn asked(question: &crate::plan::AskedOf) -> Asked<'_> {
    let dialog = &question.dialog;
    let choice = |answer: bool| {
        let word = Answers::word(answer);
        let words = ["--answer".to_owned(), format!("{}={word}", dialog.name)];
        Choice {
            word,
            is_answer: dialog.answer == Some(answer),
            is_proposed: dialog.proposed == Some(answer),
            argument: shell_words(&words),
        }
    };
    Asked {
        actor: &question.actor,
        name: &dialog.name,
        label: &dialog.label,
        consequences: &dialog.consequences,
        key: dialog.key.as_deref(),
        choices: [choice(true), choice(false)],
        is_answered: dialog.answer.is_some(),
    }
}
