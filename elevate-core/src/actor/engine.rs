//! Asks the actors of a run.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::{Actor, Actors, Card, Host, Inputs, Outcome, Stage, Upgrade, kinds};
use crate::directive::Directive;
use crate::facts::{Fact, Unknown};
use crate::finding::{Finding, Remediation, Severity};
use crate::question::{AnswerError, Dialog};
use crate::transaction::Transaction;

/// What the actors of a stage said, in the order of their groups and names.
#[derive(Debug, Clone, Default)]
pub struct Results {
    told: Vec<Told>,
}

/// What one actor said.
#[derive(Debug, Clone)]
pub struct Told {
    /// Its name.
    pub actor: String,
    /// Its version.
    pub version: u32,
    /// What the administrator should know, with what it could not decide.
    pub findings: Vec<Finding>,
    /// What it asks of the plan.
    pub directives: Vec<Directive>,
    /// What it asked the administrator.
    pub dialogs: Vec<Dialog>,
    /// The evidence it lacked, where it could have forbidden the upgrade with it.
    pub lacks: Vec<String>,
}

impl Results {
    /// What each said.
    pub fn told(&self) -> &[Told] {
        &self.told
    }

    /// All findings.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.told.iter().flat_map(|told| &told.findings)
    }

    /// All directives, each with the name of its actor.
    pub fn directives(&self) -> impl Iterator<Item = (&str, &Directive)> {
        self.told
            .iter()
            .flat_map(|told| told.directives.iter().map(|one| (told.actor.as_str(), one)))
    }
}

impl Actors {
    /// Asks those that look at a host.
    pub fn on_host(&self, inputs: &Inputs<'_>) -> Results {
        self.each(Stage::Host, inputs, Results::default(), |actor, host, outcome| {
            actor.on_host(host, outcome)
        })
    }

    /// Asks those that look at a transaction, and adds what they say to what was said of
    /// the host.
    pub fn on_upgrade(
        &self,
        inputs: &Inputs<'_>,
        of_host: Results,
        transaction: &Transaction,
    ) -> Results {
        self.each(Stage::Transaction, inputs, of_host, |actor, host, outcome| {
            actor.on_upgrade(&Upgrade { host: *host, transaction }, outcome)
        })
    }

    /// Asks group after group, the actors of a group side by side.
    fn each(
        &self,
        stage: Stage,
        inputs: &Inputs<'_>,
        mut results: Results,
        ask: impl Fn(&dyn Actor, &Host<'_>, &mut Outcome) -> Fact<()> + Sync,
    ) -> Results {
        for group in self.chosen(stage, inputs.path, inputs.facts.arch()) {
            let host = Host::new(inputs, &results);
            let one = |actor: &&dyn Actor| {
                let mut outcome = Outcome::default();
                let asked = ask(*actor, &host, &mut outcome);
                asked.unwrap_or_else(|unknown| outcome.lacks(unknown));
                told(&actor.card(), outcome, inputs.with_leapp)
            };
            let group: Vec<Told> = group.par_iter().map(one).collect();
            results.told.extend(group);
        }
        results
    }
}

fn told(card: &Card<'_>, outcome: Outcome, with_leapp: bool) -> Told {
    let Outcome { mut findings, directives, undecided, dialogs, misanswered } = outcome;
    if !with_leapp {
        findings.iter_mut().for_each(|finding| finding.leapp = None);
    }
    if !undecided.is_empty() {
        findings.push(lacking(card, &undecided));
    }
    findings.extend(dialogs.iter().filter(|dialog| dialog.answer.is_none()).map(unanswered));
    findings.extend(misanswered.iter().map(|error| misanswer(card, error)));
    let lacks = if card.can_inhibit {
        undecided.into_iter().map(|unknown| unknown.evidence).collect()
    } else {
        Vec::new()
    };
    let (actor, version) = (card.name.to_owned(), card.version);
    Told { actor, version, findings, directives, dialogs, lacks }
}

/// What could not be decided, with the evidence that is missing.
fn lacking(card: &Card<'_>, undecided: &[Unknown]) -> Finding {
    let missing: Vec<String> = undecided.iter().map(Unknown::to_string).collect();
    let summary =
        format!("{} ({}) was not decided: {}.", card.name, card.summary, missing.join("; "));
    let evidence = undecided.iter().map(|unknown| &unknown.evidence);
    let mut finding = kinds::UNDECIDED.finding(summary).about("evidence", evidence);
    finding.actor = card.name.to_owned().into();
    finding.key = Some(kinds::key_of(&kinds::UNDECIDED, card.name));
    if card.can_inhibit {
        finding.severity = Severity::Medium;
    }
    finding
}

fn misanswer(card: &Card<'_>, error: &AnswerError) -> Finding {
    let mut finding = kinds::MISANSWERED.finding(format!("{error}.")).about("actor", [card.name]);
    // What was answered may change, and the key must not.
    let name = if let AnswerError::Value { name, .. } = error { name } else { card.name };
    finding.key = Some(kinds::key_of(&kinds::MISANSWERED, name));
    finding
}

fn unanswered(dialog: &Dialog) -> Finding {
    let Dialog { name, label, consequences, key, .. } = dialog;
    let mut finding = kinds::UNANSWERED
        .finding(format!("{label} {consequences}"))
        .about("dialog", [name])
        .hint("Answer it in an answer file, or on the command line with --answer.");
    let own = || kinds::key_of(&kinds::UNANSWERED, name);
    finding.key = Some(key.clone().map_or_else(own, Into::into));
    finding.remediation.push(Remediation::Command(
        ["leapp", "answer", "--section", &format!("{name}=True")].map(str::to_owned).to_vec(),
    ));
    finding
}
