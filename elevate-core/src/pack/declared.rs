//! An actor that is data.

use serde_json::{Value as Json, json};
use toml::Spanned;

use super::ask::{self, Ask};
use super::condition::{Condition, Undecided};
use super::error::{PackError, Source};
use super::functions::Asking;
use super::load::offset;
use super::manifest::{ActorTable, OnUnknown, StageName};
use super::say::{Say, with_item};
use super::template::Template;
use crate::actor::{Actor, Card, Host, Outcome, Upgrade};
use crate::facts::{Fact, Unknown};
use crate::model::{Arch, UpgradePath};
use crate::question::Dialog;

/// An actor of a pack.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The file of the pack it stands in.
    pub(super) file: String,
    table: ActorTable,
    tables: Json,
    when: Option<Condition>,
    each: Option<Condition>,
    finding: Option<Say>,
    directives: Vec<(Ask, Template)>,
}

impl Declared {
    pub(super) fn new(
        table: ActorTable,
        tables: &Json,
        source: Source<'_>,
    ) -> Result<Self, Vec<PackError>> {
        let mut errors = Vec::new();
        let stage = table.stage.into();
        let name = table.name.get_ref();
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || !name.chars().all(is_word) {
            let what = "a name has lower-case letters, digits and underscores";
            errors.push(source.error(offset(&table.name), what));
        }
        let mut condition = |text: &Option<Spanned<String>>| {
            let text = text.as_ref()?;
            let parsed = Condition::parse(text.get_ref(), stage, source, offset(text));
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
                match ask::directive(what, text, stage, source) {
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
        let file = source.file.to_owned();
        Ok(Self { file, table, tables: tables.clone(), when, each, finding, directives })
    }

    /// The items it speaks of; `None` where it is silent. Without `for_each`, there is
    /// nothing to go over.
    fn items(&self, asking: &Asking<'_>, outcome: &mut Outcome) -> Option<Vec<Json>> {
        let host = asking.host;
        let names = |item: Option<&Json>| {
            let mut names = self.names(host);
            names.extend(item.map(|item| ("item", item.clone())));
            names
        };
        let Some(each) = &self.each else {
            return self.holds(asking, &names(None), outcome).then(Vec::new);
        };
        let all = each.items(asking, &names(None));
        let all = match all {
            Ok(all) => all,
            Err(undecided) => return self.undecided(undecided, outcome).then(Vec::new),
        };
        let of_item = |item: &Json| self.holds(asking, &names(Some(item)), outcome);
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

    fn asked(&self, asking: &Asking<'_>, outcome: &mut Outcome) {
        let Some(items) = self.items(asking, outcome) else { return };
        if let Some(question) = &self.table.question {
            let scope = self.table.name.get_ref();
            let answer = asking.host.answers().get(scope, &question.key);
            let dialog = Dialog {
                name: format!("{scope}.{}", question.key),
                label: question.label.clone(),
                consequences: question.consequences.clone(),
                proposed: None,
                answer: None,
                key: None,
            };
            if outcome.answered(answer, dialog) != Some(true) {
                return;
            }
        }
        let spoken = self.speak(asking.host, &items, outcome);
        spoken.unwrap_or_else(|why| self.failed(why, outcome));
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

impl Actor for Declared {
    fn card(&self) -> Card<'_> {
        let ActorTable { name, version, summary, about, covers, after, .. } = &self.table;
        let finding = self.table.finding.as_ref();
        Card {
            name: name.get_ref(),
            version: *version,
            stage: self.table.stage.into(),
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
        if self.table.stage == StageName::Host {
            self.asked(&Asking { host, transaction: None }, outcome);
        }
        Ok(())
    }

    fn on_upgrade(&self, upgrade: &Upgrade<'_>, outcome: &mut Outcome) -> Fact<()> {
        if self.table.stage == StageName::Transaction {
            let transaction = Some(upgrade.transaction);
            self.asked(&Asking { host: &upgrade.host, transaction }, outcome);
        }
        Ok(())
    }
}
