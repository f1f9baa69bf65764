//! Asks one actor about a host that is written as text.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{Actor as _, Actors, Given, Inputs, NativeActor, Stage, Told};
use crate::directive::{Change, Directive};
use crate::facts::Fixture;
use crate::finding::{Finding, Remediation};
use crate::model::UpgradePath;
use crate::transaction::Transaction;
use crate::upgrade_data::{DataDirectory, UpgradeData};

/// A run of one actor, to be asked with some settings.
pub(crate) struct Case<'t> {
    actor: NativeActor,
    host: &'t str,
    answers: &'t str,
    settings: Vec<(&'t str, &'t str)>,
    data: Vec<(&'t str, &'t str)>,
    target: &'t str,
    beside: Vec<NativeActor>,
}

/// What an actor says of a host, as text: see [`Case::told`].
pub(crate) fn told(actor: NativeActor, host: &str) -> String {
    Case::new(actor, host).told()
}

impl<'t> Case<'t> {
    pub(crate) fn new(actor: NativeActor, host: &'t str) -> Self {
        let target = "almalinux:8.10";
        let (settings, data, beside) = (Vec::new(), Vec::new(), Vec::new());
        Self { actor, host, answers: "", settings, data, target, beside }
    }

    /// With another actor that is asked before, for actors that look at the transaction.
    pub(crate) fn beside(mut self, actor: NativeActor) -> Self {
        self.beside.push(actor);
        self
    }

    /// With an answer file.
    pub(crate) fn answers(mut self, answers: &'t str) -> Self {
        self.answers = answers;
        self
    }

    /// With a setting of leapp's.
    pub(crate) fn setting(mut self, name: &'t str, value: &'t str) -> Self {
        self.settings.push((name, value));
        self
    }

    /// With a file of upgrade data.
    pub(crate) fn data(mut self, path: &'t str, content: &'t str) -> Self {
        self.data.push((path, content));
        self
    }

    /// To another target.
    pub(crate) fn to(mut self, target: &'t str) -> Self {
        self.target = target;
        self
    }

    /// What the actor says: a block for each finding, a line for each directive, nothing
    /// where it is silent.
    pub(crate) fn told(&self) -> String {
        let host = Fixture::parse(self.host).unwrap_or_else(|error| panic!("{error}"));
        let (facts, signed) = (host.facts(), host.signed());
        let target = self.target.parse().expect("a target");
        let path = UpgradePath { source: facts.system().clone(), target };
        let mut given = Given::default();
        given.answers.read(self.answers).expect("an answer file");
        let settings = self.settings.iter();
        given.settings.extend(settings.map(|&(name, value)| (name.into(), value.into())));
        let data = self.upgrade_data();
        let mut inputs = Inputs::new(&facts, &data, &path, &signed, &given);
        inputs.with_leapp = true;
        let mut actors = Actors::default();
        for actor in self.beside.iter().chain([&self.actor]) {
            actors.add(Arc::new(*actor)).expect("actors of different names");
        }
        let of_host = actors.on_host(&inputs);
        if self.actor.card().stage == Stage::Host {
            return text(of_host.told());
        }
        let before = of_host.told().len();
        text(&actors.on_upgrade(&inputs, of_host, &Transaction::default()).told()[before..])
    }

    fn upgrade_data(&self) -> UpgradeData {
        let files = self.data.iter().map(|(path, content)| (*path, *content));
        UpgradeData::from_directory(&files.collect::<DataDirectory>())
    }
}

fn text(told: &[Told]) -> String {
    let mut text = String::new();
    told.iter().flat_map(|told| &told.findings).for_each(|one| add_finding(&mut text, one));
    told.iter().flat_map(|told| &told.directives).for_each(|one| add_directive(&mut text, one));
    text
}

fn add_finding(to: &mut String, finding: &Finding) {
    let inhibitor = if finding.inhibitor { " inhibitor" } else { "" };
    let Finding { id, severity, groups, title, summary, .. } = finding;
    let _ = writeln!(to, "{}{inhibitor} {id} [{}]", severity.as_str(), groups.join(", "));
    let _ = writeln!(to, "  {title}: {summary}");
    for evidence in &finding.evidence {
        let line = evidence.line.map(|line| format!(":{line}")).unwrap_or_default();
        let text = evidence.text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
        let _ = writeln!(to, "  seen: {}{line}{text}", evidence.source);
    }
    for resource in &finding.resources {
        let _ = writeln!(to, "  about: {} {}", resource.scheme, resource.title);
    }
    for remediation in &finding.remediation {
        let _ = match remediation {
            Remediation::Hint(hint) => writeln!(to, "  hint: {hint}"),
            Remediation::Command(words) => writeln!(to, "  run: {}", words.join(" ")),
        };
    }
    if let Some(leapp) = &finding.leapp {
        let _ = writeln!(to, "  leapp: {leapp}");
    }
}

fn add_directive(to: &mut String, directive: &Directive) {
    let Directive::Do { step } = directive else {
        let mut value = serde_json::to_value(directive).expect("JSON");
        let fields = value.as_object_mut().expect("an object");
        let name = fields.remove("directive").unwrap_or_default();
        let values: Vec<String> = fields.values().map(|v| v.to_string().replace('"', "")).collect();
        let _ = writeln!(to, "ask: {} {}", name.as_str().unwrap_or_default(), values.join(" "));
        return;
    };
    let when = serde_json::to_value(step.when).expect("JSON");
    let _ = writeln!(to, "{}: {}", when.as_str().unwrap_or_default(), step.why);
    if let Some(condition) = &step.condition {
        let _ = writeln!(to, "  if: {condition}");
    }
    if step.for_leapp {
        let _ = writeln!(to, "  only leapp needs it");
    }
    match &step.change {
        Change::Edit { path, edits } => {
            for edit in edits {
                let side =
                    |line: &Option<String>| line.clone().unwrap_or_else(|| "(nothing)".into());
                let _ = writeln!(
                    to,
                    "  {path}:{}: {} -> {}",
                    edit.line,
                    side(&edit.before),
                    side(&edit.after)
                );
            }
        }
        Change::Write { path, content } => {
            let _ = writeln!(to, "  write {path}: {content:?}");
        }
        Change::Copy { from, to: place } => {
            let _ = writeln!(to, "  copy {from} to {place}");
        }
        Change::Delete { path } => {
            let _ = writeln!(to, "  delete {path}");
        }
        Change::Run { command } => {
            let _ = writeln!(to, "  run {}", command.join(" "));
        }
        Change::Other { what } => {
            let _ = writeln!(to, "  {what}");
        }
    }
}
