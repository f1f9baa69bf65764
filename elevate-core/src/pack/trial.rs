//! The tests of a pack: a host in, findings and directives out.

use std::collections::BTreeSet;

use super::declared::in_short;
use super::error::{PackError, Source};
use super::load::{Pack, offset};
use super::manifest::TestTable;
use crate::actor::{Actors, ActorsError, Given, Inputs, Results};
use crate::directive::{Change, Directive};
use crate::facts::{Facts, Fixture};
use crate::finding::Finding;
use crate::model::{PackageName, System, UpgradePath};
use crate::upgrade_data::{DataDirectory, UpgradeData};

/// A test of a pack.
#[derive(Debug, Clone)]
pub struct Trial {
    /// What it shows.
    pub name: String,
    host: Fixture,
    target: System,
    given: Given,
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
    pub(super) fn new(table: TestTable, source: Source<'_>) -> Result<Self, PackError> {
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
        Ok(Self {
            name: table.name.into_inner(),
            host,
            target,
            given,
            expect: table.expect,
            asks: table.asks,
            says: table.says,
        })
    }

    /// Runs it with the actors of its pack alone.
    ///
    /// # Errors
    ///
    /// Actors that cannot be used together.
    pub fn run(&self, pack: &Pack) -> Result<Option<Failure>, ActorsError> {
        let mut actors = Actors::default();
        pack.register(&mut actors)?;
        let facts = self.host.facts();
        let signed = self.host.signed();
        Ok(self.compare(&self.results(&actors, &facts, &signed)))
    }

    fn results(
        &self,
        actors: &Actors,
        facts: &Facts<'_>,
        signed: &BTreeSet<PackageName>,
    ) -> Results {
        let path = UpgradePath { source: facts.system().clone(), target: self.target.clone() };
        let data = UpgradeData::from_directory(&DataDirectory::default());
        actors.on_host(&Inputs::new(facts, &data, &path, signed, &self.given))
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
