//! What our actors say of a host in the making.

use std::collections::BTreeSet;
use std::sync::Arc;

use elevate_core::actor::{Actor, Card, Given, Host, Inputs, Outcome, Results, Stage, Upgrade};
use elevate_core::directive::{Change, Directive};
use elevate_core::facts::{Fact, Facts};
use elevate_core::finding::Finding;
use elevate_core::model::{Arch, PackageName, UpgradePath};
use elevate_core::pipeline::RuleSet;
use elevate_core::snapshot::Snapshot;
use elevate_core::transaction::Transaction;
use elevate_core::upgrade_data::{DataDirectory, UpgradeData};

use super::machine::Machine;
use super::shortly;

/// What some actors said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// Their findings.
    pub findings: Vec<Finding>,
    /// What they ask of the plan.
    pub directives: Vec<Directive>,
}

impl Said {
    /// Each finding in short, sorted.
    pub(super) fn reports(&self) -> Vec<String> {
        let mut reports: Vec<String> = self.findings.iter().map(report).collect();
        reports.sort();
        reports
    }

    /// Each finding with its id, sorted.
    pub(super) fn in_short(&self) -> Vec<String> {
        let line = |finding: &Finding| format!("{}: {}", finding.id, report(finding));
        let mut lines: Vec<String> = self.findings.iter().map(line).collect();
        lines.sort();
        lines
    }

    /// What is asked, in short, without the lines of files.
    pub(super) fn asked(&self) -> BTreeSet<String> {
        self.directives.iter().map(asked).collect()
    }
}

/// A finding in short.
pub(super) fn report(finding: &Finding) -> String {
    let groups: Vec<String> = finding.groups.iter().map(ToString::to_string).collect();
    shortly(finding.severity.as_str(), finding.inhibitor, &groups)
}

fn asked(directive: &Directive) -> String {
    match directive {
        Directive::Install { package } => format!("install {package}"),
        Directive::Remove { package } => format!("remove {package}"),
        Directive::Keep { package } => format!("keep {package}"),
        Directive::AddKernelArgument { argument } => format!("kernel argument {argument}"),
        Directive::CopyToTarget { path } => format!("copy {path}"),
        Directive::EnableService { unit } => format!("enable {unit}"),
        Directive::Do { step } => match &step.change {
            Change::Edit { path, .. } => format!("edit {path}"),
            Change::Write { path, .. } => format!("write {path}"),
            Change::Run { command } => format!("run {}", command.join(" ")),
            change => format!("{change:?}"),
        },
        other => format!("{other:?}"),
    }
}

/// Asks some of the actors that ship about a host. All of them run, since some look at
/// what others say; only those named are heard.
pub(super) fn say(machine: &Machine, answers: &str, named: &[&str]) -> Said {
    let snapshot = machine.snapshot();
    let facts = Facts::new(&snapshot);
    let signed = signed(&snapshot);
    let target = "almalinux:8.10".parse().expect("a target");
    let path = UpgradePath { source: facts.system().clone(), target };
    let mut given = Given { settings: machine.settings.clone(), ..Given::default() };
    given.answers.read(answers).expect("an answer file");
    let files = machine.data.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let data = UpgradeData::from_directory(&files.collect::<DataDirectory>());
    let inputs = Inputs::new(&facts, &data, &path, &signed, &given);
    let mut actors = RuleSet::shipped().actors.clone();
    for (name, directives) in &machine.asks {
        let asks = Asks { name, directives: directives.clone() };
        actors.add(Arc::new(asks)).expect("a name of its own");
    }
    let of_host = actors.on_host(&inputs);
    let results = actors.on_upgrade(&inputs, of_host, &Transaction::default());
    heard(&results, named)
}

/// Names of packages of the distribution: those without a word on who made them.
fn signed(host: &Snapshot) -> BTreeSet<PackageName> {
    let packages = host.packages.iter().filter(|one| one.from_repo.as_deref() == Some("base"));
    packages.map(|package| package.name.clone()).collect()
}

fn heard(results: &Results, named: &[&str]) -> Said {
    let told = results.told().iter().filter(|told| named.contains(&told.actor.as_str()));
    let mut said = Said::default();
    for one in told {
        said.findings.extend(one.findings.iter().cloned());
        said.directives.extend(one.directives.iter().cloned());
    }
    said
}

/// An actor that asks for what it was told to.
#[derive(Debug)]
struct Asks {
    name: &'static str,
    directives: Vec<Directive>,
}

impl Actor for Asks {
    fn card(&self) -> Card<'_> {
        Card {
            name: self.name,
            version: 1,
            stage: Stage::Host,
            summary: "asks for what it was told to",
            about: "",
            covers: Vec::new(),
            applies: String::new(),
            needs: Vec::new(),
            after: Vec::new(),
            can_inhibit: false,
            findings: Vec::new(),
        }
    }

    fn applies(&self, _: &UpgradePath, _: &Arch) -> bool {
        true
    }

    fn on_host(&self, _: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
        self.directives.iter().for_each(|directive| outcome.ask(directive.clone()));
        Ok(())
    }

    fn on_upgrade(&self, _: &Upgrade<'_>, _: &mut Outcome) -> Fact<()> {
        Ok(())
    }
}
