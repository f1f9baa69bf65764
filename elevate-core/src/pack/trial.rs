//! The tests of a pack: a host in, findings and directives out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::json;
use toml::Spanned;

use super::declared::Declared;
use super::error::{PackError, Source as Text};
use super::load::{Pack, offset};
use super::manifest::TestTable;
use super::say::in_short;
use crate::actor::{Actors, ActorsError, Given, Inputs, Pin, Results};
use crate::directive::{Change, Directive};
use crate::facts::{Facts, Fixture};
use crate::finding::Finding;
use crate::model::{InstalledPackage, PackageName, System, UpgradePath};
use crate::transaction::{Arrival, Fate, Operation, Source, Transaction};
use crate::upgrade_data::{DataDirectory, UpgradeData};

/// A test of a pack.
#[derive(Debug, Clone)]
pub struct Trial {
    /// What it shows.
    pub name: String,
    file: String,
    host: Fixture,
    target: System,
    given: Given,
    fates: BTreeMap<PackageName, Fate>,
    arrives: Vec<PackageName>,
    pins: Vec<Pin>,
    expect: Vec<String>,
    asks: Vec<String>,
    says: Vec<String>,
}

/// What a test expects and does not get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The test.
    pub name: String,
    /// What is otherwise, a line each.
    pub why: Vec<String>,
}

impl Trial {
    pub(super) fn new(table: TestTable, source: Text<'_>) -> Result<Self, PackError> {
        let failed = |at: usize, what: String| source.error(at, what);
        let host = Fixture::parse(table.host.get_ref())
            .map_err(|error| failed(offset(&table.host), format!("the host: {error}")))?;
        let at = offset(&table.name);
        let target = table.target.parse().map_err(|_| {
            failed(at, format!("{:?} is no target; write almalinux:8.10", table.target))
        })?;
        let mut given = Given::default();
        for answer in &table.answers {
            given.answers.take(answer).map_err(|error| failed(at, error.to_string()))?;
        }
        for (name, value) in table.vendor {
            given.documents.insert(name, serde_json::to_value(value).unwrap_or_default());
        }
        let fates = fates(&table.fates, &host, source)?;
        let pins = table.pins.iter().map(|pin| pin.parse()).collect::<Result<_, ActorsError>>();
        let pins = pins.map_err(|error| failed(at, error.to_string()))?;
        Ok(Self {
            name: table.name.into_inner(),
            file: source.file.to_owned(),
            host,
            target,
            given,
            fates,
            arrives: table.arrives,
            pins,
            expect: table.expect,
            asks: table.asks,
            says: table.says,
        })
    }

    /// Runs it, before and after the transaction, with the actors of its file; where that
    /// has none, with all of its pack.
    ///
    /// # Errors
    ///
    /// Actors that cannot be used together, and a pinned version that is not there.
    pub fn run(&self, pack: &Pack) -> Result<Option<Failure>, ActorsError> {
        let mut actors = Actors::default();
        let is_alone = !pack.actors.iter().any(|actor| actor.file == self.file);
        for actor in pack.actors.iter().filter(|actor| is_alone || actor.file == self.file) {
            actors.add(Arc::<Declared>::clone(actor))?;
        }
        self.pins.iter().try_for_each(|pin| actors.pin(pin))?;
        let facts = self.host.facts();
        let signed = self.host.signed();
        Ok(self.compare(&self.results(&actors, &facts, &signed)))
    }

    /// Ids of the findings it expects.
    pub fn expected(&self) -> impl Iterator<Item = &str> {
        self.expect.iter().filter_map(|line| line.split_whitespace().next_back())
    }

    fn results(
        &self,
        actors: &Actors,
        facts: &Facts<'_>,
        signed: &BTreeSet<PackageName>,
    ) -> Results {
        let path = UpgradePath { source: facts.system().clone(), target: self.target.clone() };
        let data = UpgradeData::from_directory(&DataDirectory::default());
        let inputs = Inputs::new(facts, &data, &path, signed, &self.given);
        actors.on_upgrade(&inputs, actors.on_host(&inputs), &self.transaction(facts))
    }

    /// Installed packages with the fates the test says.
    fn transaction(&self, facts: &Facts<'_>) -> Transaction {
        let operation = |package: &InstalledPackage| Operation {
            name: package.name.clone(),
            evr: package.evr.clone(),
            arch: package.arch.clone(),
            fate: self.fates.get(&package.name).cloned().unwrap_or(UPGRADED),
            to: Vec::new(),
            reasons: Vec::new(),
            because: None,
        };
        let mut operations: Vec<Operation> = facts.packages().iter().map(operation).collect();
        operations.sort_by(|a, b| (&a.name, &a.evr, &a.arch).cmp(&(&b.name, &b.evr, &b.arch)));
        let arrival = |name: &PackageName| Arrival {
            name: name.clone(),
            source: Source::default(),
            instead_of: Vec::new(),
            package: None,
            reasons: Vec::new(),
            because: None,
        };
        let arrivals = self.arrives.iter().map(arrival).collect();
        Transaction { operations, arrivals, whole: None }
    }

    fn compare(&self, results: &Results) -> Option<Failure> {
        let mut why = Vec::new();
        let found: Vec<String> = results.findings().map(in_short).collect();
        let asked: Vec<String> = results.directives().map(|(_, one)| asked_in_short(one)).collect();
        for (what, expected, found) in
            [("finds", &self.expect, &found), ("asks", &self.asks, &asked)]
        {
            if expected != found {
                why.push(format!("{what} {found:?}, and {expected:?} is expected"));
            }
        }
        let texts: Vec<String> = results.findings().map(words).collect();
        for text in self.says.iter().filter(|text| !texts.iter().any(|all| all.contains(*text))) {
            why.push(format!("no finding says {text:?}; they say {texts:?}"));
        }
        (!why.is_empty()).then(|| Failure { name: self.name.clone(), why })
    }
}

const UPGRADED: Fate = Fate::Upgraded(Source { repository: None, module: None });

/// The fates of packages the host has.
fn fates(
    table: &BTreeMap<PackageName, Spanned<String>>,
    host: &Fixture,
    source: Text<'_>,
) -> Result<BTreeMap<PackageName, Fate>, PackError> {
    let facts = host.facts();
    let is_there = |name: &PackageName| facts.packages().iter().any(|one| one.name == *name);
    let one = |(name, text): (&PackageName, &Spanned<String>)| {
        let error = |what: String| source.error(offset(text), what);
        if !is_there(name) {
            return Err(error(format!("the host has no package {name}")));
        }
        Ok((name.clone(), fate(text.get_ref()).map_err(error)?))
    };
    table.iter().map(one).collect()
}

/// A word of plans, with successors behind it.
fn fate(text: &str) -> Result<Fate, String> {
    let mut words = text.split_whitespace();
    let word = words.next().unwrap_or_default();
    let successors: Vec<&str> = words.collect();
    let wrong =
        || format!("{text:?} is no fate; write one of {}, with successors", Fate::WORDS.join(", "));
    let json = match successors[..] {
        [] => json!({ "fate": word }),
        _ => json!({ "fate": word, "successors": successors }),
    };
    let fate: Fate = serde_json::from_value(json).map_err(|_| wrong())?;
    if fate.successors().len() != successors.len() { Err(wrong()) } else { Ok(fate) }
}

/// Everything a finding says.
fn words(finding: &Finding) -> String {
    let remediation = serde_json::to_string(&finding.remediation).unwrap_or_default();
    let about: Vec<String> =
        finding.resources.iter().map(|one| format!("{} {}", one.scheme, one.title)).collect();
    format!("{}: {} {remediation} {}", finding.title, finding.summary, about.join(", "))
}

fn asked_in_short(directive: &Directive) -> String {
    match directive {
        Directive::Install { package } => format!("install {package}"),
        Directive::Remove { package } => format!("remove {package}"),
        Directive::Keep { package } => format!("keep {package}"),
        Directive::Reinstall { package } => format!("reinstall {package}"),
        Directive::EnableModule { module } => format!("enable_module {module}"),
        Directive::ResetModule { module } => format!("reset_module {module}"),
        Directive::AddKernelArgument { argument } => format!("add_kernel_argument {argument}"),
        Directive::RemoveKernelArgument { argument } => {
            format!("remove_kernel_argument {argument}")
        }
        Directive::EnableService { unit } => format!("enable_service {unit}"),
        Directive::DisableService { unit } => format!("disable_service {unit}"),
        Directive::CopyToTarget { path } | Directive::CopyToInitramfs { path } => {
            format!("copy {path}")
        }
        Directive::Room { path, bytes, what } => format!("room {path} {bytes} {what}"),
        Directive::Do { step } => match &step.change {
            Change::Other { what } => what.clone(),
            change => format!("{change:?}"),
        },
    }
}
