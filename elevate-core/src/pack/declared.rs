//! An actor that is data.

use serde_json::{Value as Json, json};
use toml::Spanned;

use super::condition::{Condition, Undecided};
use super::error::{PackError, Source};
use super::functions::Asking;
use super::load::offset;
use super::manifest::{ActorTable, FindingTable, OnUnknown, Text, Word};
use super::template::Template;
use crate::actor::{Actor, Card, Host, Outcome, Stage, Upgrade};
use crate::directive::{Change, Directive, Step, When};
use crate::facts::{Fact, Unknown};
use crate::finding::{Finding, Remediation, Severity};
use crate::model::{Arch, ModuleStream, UpgradePath};
use crate::question::Dialog;

/// An actor of a pack.
#[derive(Debug, Clone)]
pub struct Declared {
    table: ActorTable,
    tables: Json,
    when: Option<Condition>,
    each: Option<Condition>,
    finding: Option<Say>,
    directives: Vec<(Ask, Template)>,
}

/// A finding to be made.
#[derive(Debug, Clone)]
struct Say {
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

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    Install,
    Remove,
    Keep,
    Reinstall,
    EnableModule,
    AddKernelArgument,
    RemoveKernelArgument,
    EnableService,
    DisableService,
    Before,
    After,
    FirstBoot,
}

const ASKS: [(&str, Ask); 12] = [
    ("install", Ask::Install),
    ("remove", Ask::Remove),
    ("keep", Ask::Keep),
    ("reinstall", Ask::Reinstall),
    ("enable_module", Ask::EnableModule),
    ("add_kernel_argument", Ask::AddKernelArgument),
    ("remove_kernel_argument", Ask::RemoveKernelArgument),
    ("enable_service", Ask::EnableService),
    ("disable_service", Ask::DisableService),
    ("before", Ask::Before),
    ("after", Ask::After),
    ("first_boot", Ask::FirstBoot),
];

impl Declared {
    pub(super) fn new(
        table: ActorTable,
        tables: &Json,
        source: Source<'_>,
    ) -> Result<Self, Vec<PackError>> {
        let mut errors = Vec::new();
        let name = table.name.get_ref();
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || !name.chars().all(is_word) {
            let what = "a name has lower-case letters, digits and underscores";
            errors.push(source.error(offset(&table.name), what));
        }
        let mut condition = |text: &Option<Spanned<String>>| {
            let text = text.as_ref()?;
            let parsed = Condition::parse(text.get_ref(), source, offset(text));
            parsed.map_err(|error| errors.push(error)).ok()
        };
        let (when, each) = (condition(&table.when), condition(&table.for_each));
        let finding = table
            .finding
            .clone()
            .and_then(|finding| Say::new(finding, source).map_err(|error| errors.push(error)).ok());
        let mut directives = Vec::new();
        for asked in &table.directive {
            for (what, text) in asked {
                match directive(what, text, source) {
                    Ok(directive) => directives.push(directive),
                    Err(error) => errors.push(error),
                }
            }
        }
        if table.finding.is_none() && table.directive.is_empty() {
            let what = "says and asks nothing; give it `[actor.finding]` or `[[actor.directive]]`";
            errors.push(source.error(offset(&table.name), what));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self { table, tables: tables.clone(), when, each, finding, directives })
    }

    /// The items it speaks of; `None` where it is silent. Without `for_each`, there is
    /// nothing to go over.
    fn items(&self, host: &Host<'_>, outcome: &mut Outcome) -> Option<Vec<Json>> {
        let asking = Asking { host };
        let names = |item: Option<&Json>| {
            let mut names = self.names(host);
            names.extend(item.map(|item| ("item", item.clone())));
            names
        };
        let Some(each) = &self.each else {
            return self.holds(&asking, &names(None), outcome).then(Vec::new);
        };
        let all = each.items(&asking, &names(None));
        let all = match all {
            Ok(all) => all,
            Err(undecided) => return self.undecided(undecided, outcome).then(Vec::new),
        };
        let of_item = |item: &Json| self.holds(&asking, &names(Some(item)), outcome);
        let mut of_item = of_item;
        let items: Vec<Json> = all.into_iter().filter(|item| of_item(item)).collect();
        (!items.is_empty()).then_some(items)
    }

    fn holds(&self, asking: &Asking<'_>, names: &[(&str, Json)], outcome: &mut Outcome) -> bool {
        let Some(when) = &self.when else { return true };
        when.holds(asking, names).unwrap_or_else(|undecided| self.undecided(undecided, outcome))
    }

    /// What a condition means that is not decided: whether the actor speaks.
    fn undecided(&self, undecided: Undecided, outcome: &mut Outcome) -> bool {
        match (undecided, self.table.on_unknown) {
            (Undecided::Unknown(missing), OnUnknown::Report) => {
                missing.into_iter().for_each(|unknown| outcome.lacks(unknown));
                false
            }
            (Undecided::Unknown(_), on_unknown) => on_unknown == OnUnknown::Fire,
            (Undecided::Failed(why), _) => {
                self.failed(why, outcome);
                false
            }
        }
    }

    /// The rule itself is at fault: that is told like missing evidence.
    fn failed(&self, why: String, outcome: &mut Outcome) {
        outcome.lacks(Unknown::malformed(format!("actor:{}", self.table.name.get_ref()), why));
    }

    /// What conditions and texts know by name.
    fn names(&self, host: &Host<'_>) -> Vec<(&'static str, Json)> {
        let system = |system: &crate::model::System| {
            json!({
                "distro": system.distro.id(),
                "major": system.release.major,
                "minor": system.release.minor,
            })
        };
        vec![
            ("tables", self.tables.clone()),
            ("source", system(&host.path().source)),
            ("target", system(&host.path().target)),
            ("arch", host.arch().as_str().into()),
        ]
    }

    fn speak(&self, host: &Host<'_>, items: &[Json], outcome: &mut Outcome) -> Result<(), String> {
        let names = self.names(host).into_iter().map(|(name, value)| (name.to_owned(), value));
        let mut with: serde_json::Map<String, Json> = names.collect();
        with.insert("items".to_owned(), items.into());
        let with = Json::Object(with);
        if let Some(say) = &self.finding {
            outcome.report(say.finding(self.table.name.get_ref(), &with, items)?);
        }
        for (ask, text) in &self.directives {
            let alone = [json!(null)];
            for item in if items.is_empty() { &alone[..] } else { items } {
                let text = text.fill(&with_item(&with, item))?;
                outcome.ask(ask.directive(&text, &self.table.summary)?);
            }
        }
        Ok(())
    }
}

fn with_item(with: &Json, item: &Json) -> Json {
    let mut with = with.clone();
    if let (Json::Object(names), false) = (&mut with, item.is_null()) {
        names.insert("item".to_owned(), item.clone());
    }
    with
}

fn directive(
    what: &str,
    text: &Spanned<String>,
    source: Source<'_>,
) -> Result<(Ask, Template), PackError> {
    let known = ASKS.iter().find(|(name, _)| *name == what);
    let (_, ask) = known.ok_or_else(|| {
        let names = ASKS.map(|(name, _)| name).join(", ");
        source.error(offset(text), format!("{what:?} can not be asked; there are {names}"))
    })?;
    Ok((*ask, Template::parse(text.get_ref(), source, offset(text))?))
}

impl Ask {
    fn directive(self, text: &str, why: &str) -> Result<Directive, String> {
        let package = || text.parse().map_err(|error| format!("{text:?}: {error}"));
        let text = || text.to_owned();
        let step = |when| {
            let step = Step::new(when, why, Change::other(text()));
            Ok(Directive::Do { step })
        };
        Ok(match self {
            Ask::Install => Directive::Install { package: package()? },
            Ask::Remove => Directive::Remove { package: package()? },
            Ask::Keep => Directive::Keep { package: package()? },
            Ask::Reinstall => Directive::Reinstall { package: package()? },
            Ask::EnableModule => {
                let name = text();
                let parts = name.split_once(':').ok_or(format!("{name:?} is no NAME:STREAM"))?;
                let (name, stream) = (parts.0.to_owned(), parts.1.to_owned());
                Directive::EnableModule { module: ModuleStream { name, stream } }
            }
            Ask::AddKernelArgument => Directive::AddKernelArgument { argument: text() },
            Ask::RemoveKernelArgument => Directive::RemoveKernelArgument { argument: text() },
            Ask::EnableService => Directive::EnableService { unit: text() },
            Ask::DisableService => Directive::DisableService { unit: text() },
            Ask::Before => return step(When::Before),
            Ask::After => return step(When::After),
            Ask::FirstBoot => return step(When::FirstBoot),
        })
    }
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
    fn new(table: FindingTable, source: Source<'_>) -> Result<Self, PackError> {
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

    fn finding(&self, actor: &str, with: &Json, items: &[Json]) -> Result<Finding, String> {
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

impl Actor for Declared {
    fn card(&self) -> Card<'_> {
        let ActorTable { name, version, summary, about, covers, after, .. } = &self.table;
        let finding = self.table.finding.as_ref();
        Card {
            name: name.get_ref(),
            version: *version,
            stage: Stage::Host,
            summary,
            about,
            covers: covers.iter().map(String::as_str).collect(),
            applies: self.table.applies.lists().to_string(),
            needs: Vec::new(),
            after: after.iter().map(String::as_str).collect(),
            can_inhibit: finding.is_some_and(|finding| finding.inhibitor)
                || self.table.question.is_some(),
            findings: finding.iter().map(|finding| finding.id.get_ref().as_str()).collect(),
        }
    }

    fn applies(&self, path: &UpgradePath, arch: &Arch) -> bool {
        self.table.applies.lists().to_upgrade(path, arch)
    }

    fn on_host(&self, host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
        let Some(items) = self.items(host, outcome) else { return Ok(()) };
        if let Some(question) = &self.table.question {
            let scope = self.table.name.get_ref();
            let answer = host.answers().get(scope, &question.key);
            let dialog = Dialog {
                name: format!("{scope}.{}", question.key),
                label: question.label.clone(),
                consequences: question.consequences.clone(),
                proposed: None,
                answer: None,
                key: None,
            };
            if outcome.answered(answer, dialog) != Some(true) {
                return Ok(());
            }
        }
        self.speak(host, &items, outcome).unwrap_or_else(|why| self.failed(why, outcome));
        Ok(())
    }

    fn on_upgrade(&self, _: &Upgrade<'_>, _: &mut Outcome) -> Fact<()> {
        Ok(())
    }
}

/// How a finding stands in the expectations of a test.
pub(super) fn in_short(finding: &Finding) -> String {
    let inhibitor = if finding.inhibitor { " inhibitor" } else { "" };
    let severity: Severity = finding.severity;
    format!("{}{inhibitor} {}", severity.as_str(), finding.id)
}
