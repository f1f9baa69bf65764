//! What a declared actor says: a finding with places to fill in.

use serde_json::Value as Json;
use toml::Spanned;

use super::error::{PackError, Source};
use super::load::offset;
use super::manifest::{FindingTable, Text, Word};
use super::template::Template;
use crate::finding::{Finding, Remediation, Severity};

/// A finding to be made.
#[derive(Debug, Clone)]
pub(super) struct Say {
    table: FindingTable,
    summary: Template,
    hint: Option<Template>,
    commands: Vec<Vec<Piece>>,
    resources: Vec<(String, Piece)>,
}

/// A text, or one for each item.
#[derive(Debug, Clone)]
enum Piece {
    One(Template),
    Each(Template),
}

impl Piece {
    fn new(word: &Word, source: Source<'_>) -> Result<Self, PackError> {
        let template = |text: &str| Template::parse(text, source, offset(word));
        Ok(match word.get_ref() {
            Text::One(text) => Piece::One(template(text)?),
            Text::Each { each } => Piece::Each(template(each)?),
        })
    }

    fn words(&self, with: &Json, items: &[Json]) -> Result<Vec<String>, String> {
        match self {
            Piece::One(text) => Ok(vec![text.fill(with)?]),
            Piece::Each(text) => {
                items.iter().map(|item| text.fill(&with_item(with, item))).collect()
            }
        }
    }
}

impl Say {
    pub(super) fn new(table: FindingTable, source: Source<'_>) -> Result<Self, PackError> {
        let template =
            |text: &Spanned<String>| Template::parse(text.get_ref(), source, offset(text));
        let is_word =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        let id = table.id.get_ref();
        if !id.contains('.') || !id.chars().all(is_word) {
            return Err(source.error(offset(&table.id), "an id is `topic.what`, in lower case"));
        }
        let words = |words: &Vec<Word>| words.iter().map(|word| Piece::new(word, source)).collect();
        let resources = table.resources.iter().flatten();
        Ok(Self {
            summary: template(&table.summary)?,
            hint: table.hint.as_ref().map(template).transpose()?,
            commands: table.commands.iter().map(words).collect::<Result<_, _>>()?,
            resources: resources
                .map(|(scheme, word)| Ok((scheme.clone(), Piece::new(word, source)?)))
                .collect::<Result<_, _>>()?,
            table,
        })
    }

    pub(super) fn finding(
        &self,
        actor: &str,
        with: &Json,
        items: &[Json],
    ) -> Result<Finding, String> {
        let FindingTable { id, severity, inhibitor, groups, key, title, links, .. } = &self.table;
        let mut finding = Finding {
            id: id.get_ref().clone().into(),
            actor: actor.to_owned().into(),
            severity: *severity,
            inhibitor: *inhibitor,
            groups: groups.iter().map(|group| group.clone().into()).collect(),
            key: key.clone().map(Into::into),
            title: title.clone().into(),
            summary: self.summary.fill(with)?,
            evidence: Vec::new(),
            resources: Vec::new(),
            remediation: Vec::new(),
            links: links.iter().map(|link| link.clone().into()).collect(),
            waived: None,
            leapp: None,
        };
        for (scheme, piece) in &self.resources {
            finding = finding.about_owned(scheme, piece.words(with, items)?);
        }
        if let Some(hint) = &self.hint {
            finding = finding.hint(hint.fill(with)?);
        }
        for command in &self.commands {
            let mut words = Vec::new();
            for piece in command {
                words.extend(piece.words(with, items)?);
            }
            finding.remediation.push(Remediation::Command(words));
        }
        Ok(finding)
    }
}

/// The names, with an item among them; `null` is none.
pub(super) fn with_item(with: &Json, item: &Json) -> Json {
    let mut with = with.clone();
    if let (Json::Object(names), false) = (&mut with, item.is_null()) {
        names.insert("item".to_owned(), item.clone());
    }
    with
}

/// How a finding stands in the expectations of a test.
pub(super) fn in_short(finding: &Finding) -> String {
    let inhibitor = if finding.inhibitor { " inhibitor" } else { "" };
    let severity: Severity = finding.severity;
    format!("{}{inhibitor} {}", severity.as_str(), finding.id)
}
