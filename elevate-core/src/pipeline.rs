//! The whole flow in one short function; the only module that knows every stage.

mod baseline;
mod budget;
mod dependencies;
mod document;
mod files;
mod rule_set;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::actor::Results;
use crate::directive::TargetRepository;
use crate::facts::Facts;
use crate::finding::Finding;
use crate::model::{ModuleStream, RepoId, System};
use crate::plan::{Input, Plan, ReadRepository, WhatIf, checks};
use crate::request::{Decisions, Options, Policy, decide, differences, lists};
use crate::snapshot::Snapshot;
use crate::solve::{Calls, Conflict};
use crate::transaction::Transaction;
use crate::universe::{Announced, Target, Universe, UniverseError};
use crate::upgrade_data::repo_map::Channel;
use crate::upgrade_data::{DataError, UpgradeData};

pub use dependencies::dependencies;
pub use rule_set::RuleSet;

/// Plans the upgrade of a host by its snapshot and the upgrade data alone: names,
/// not versions.
///
/// The same snapshot, data and options give the same plan, byte for byte. An
/// inhibitor is a result, not an error.
///
/// # Errors
///
/// Where a main asset of the upgrade data is missing or malformed and the
/// policy is the default one; the error names file, place and field.
pub fn plan(snapshot: &Snapshot, data: &UpgradeData, options: &Options) -> Result<Plan, DataError> {
    Ok(Decided::new(snapshot, data, options)?.plan())
}

/// What was decided for a host before any target repository is looked into. It says
/// which ones are to be read; with them the plan is what dnf would do.
#[derive(Debug)]
pub struct Decided<'a> {
    snapshot: Cow<'a, Snapshot>,
    data: &'a UpgradeData,
    options: &'a Options,
    rules: &'a RuleSet,
    /// What the actors said of the host.
    results: Results,
    decisions: Decisions,
    missing: Vec<String>,
    /// Whether the plan tells the files of packages.
    locating: bool,
}

/// What became of a host's packages, and what was asked for it.
#[derive(Debug, Default)]
struct Outcome {
    transaction: Transaction,
    read: Vec<ReadRepository>,
    what_if: Vec<WhatIf>,
    conflict: Option<Box<Conflict>>,
}

/// Target repositories, read and united, and what is said of them.
#[derive(Debug, Clone)]
pub struct Repositories {
    /// Their packages.
    pub target: Arc<Target>,
    /// Each of them.
    pub read: Vec<ReadRepository>,
    /// What each of them said it has.
    pub announced: Vec<Announced>,
    /// Those that are to be used and could not be read.
    pub missing: Vec<RepoId>,
    /// Others that are known and not used.
    pub unused: Vec<RepoId>,
}

/// A question what would be if something else were asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wish {
    /// A package were to go.
    Remove(String),
    /// Some version of an installed package were to stay.
    Keep(String),
    /// A package were to be installed.
    Install(String),
    /// A repository were used.
    WithRepository(RepoId),
    /// A repository were not used.
    WithoutRepository(RepoId),
}

impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wish::Remove(spec) => write!(f, "--remove {spec}"),
            Wish::Keep(spec) => write!(f, "--keep {spec}"),
            Wish::Install(spec) => write!(f, "--install {spec}"),
            Wish::WithRepository(id) => write!(f, "--with-repo {id}"),
            Wish::WithoutRepository(id) => write!(f, "--without-repo {id}"),
        }
    }
}

impl<'a> Decided<'a> {
    /// Decides, by the actors that ship with the library.
    ///
    /// # Errors
    ///
    /// Those of [`plan`].
    pub fn new(
        snapshot: &'a Snapshot,
        data: &'a UpgradeData,
        options: &'a Options,
    ) -> Result<Self, DataError> {
        Self::with(snapshot, data, options, RuleSet::shipped())
    }

    /// Decides by these actors, which know these answers.
    ///
    /// # Errors
    ///
    /// Those of [`plan`].
    pub fn with(
        snapshot: &'a Snapshot,
        data: &'a UpgradeData,
        options: &'a Options,
        rules: &'a RuleSet,
    ) -> Result<Self, DataError> {
        // The order of packages decides for leapp only, and only as captured.
        let snapshot = match options.policy {
            Policy::Leapp021 => Cow::Borrowed(snapshot),
            Policy::Default => Cow::Owned(snapshot.sorted()),
        };
        let facts = Facts::new(&snapshot);
        let results = rules.on_host(&facts, data, options);
        let asking = Options {
            wishes: [&options.wishes[..], &rule_set::wishes(&results)].concat(),
            ..options.clone()
        };
        let mut decisions = decide_and_compare(&facts, data, &asking)?;
        if decisions.stops.is_empty() {
            decisions.findings.extend(results.findings().cloned());
            decisions.findings.sort_by(Finding::order);
        }
        let missing = missing(&facts, &decisions, &results);
        Ok(Self { snapshot, data, options, rules, results, decisions, missing, locating: false })
    }

    /// The plan is to tell the file and the checksum of each package that comes. They are
    /// seldom asked for, and a cache takes a while to give them.
    #[must_use]
    pub fn locating(mut self) -> Self {
        self.locating = true;
        self
    }

    /// Target repositories that are to be used.
    pub fn repositories(&self) -> &[TargetRepository] {
        &self.decisions.request.repositories
    }

    /// Module streams that are to be enabled.
    pub fn modules(&self) -> &[ModuleStream] {
        &self.decisions.request.modules_to_enable
    }

    /// The plan as far as it can be made without target repositories. It is not complete,
    /// then: whether there is a transaction nobody knows.
    pub fn plan(mut self) -> Plan {
        self.missing.push("the packages of the target repositories".to_owned());
        let transaction = Transaction::new(&self.snapshot, &self.decisions.request);
        let inputs = self.inputs();
        self.assemble(Outcome { transaction, ..Outcome::default() }, inputs)
    }

    /// The plan with the transaction dnf would compute, and with what each of some wishes
    /// changes. `repositories` gives those to be used where some wishes come true.
    ///
    /// # Errors
    ///
    /// Those of `repositories`, a host that has no room in a universe, and a cache that is
    /// damaged while it is read.
    pub fn plan_on<E: From<UniverseError>>(
        mut self,
        wishes: &[Wish],
        mut repositories: impl FnMut(&[Wish]) -> Result<Repositories, E>,
    ) -> Result<Plan, E> {
        let on = repositories(wishes)?;
        let (answer, mut inputs) =
            rayon::join(|| self.answer(&on.target, wishes), || self.inputs());
        let answer = answer?;
        inputs.extend(on.announced.iter().map(document::of_repository));
        inputs.sort();
        let what_if = self.what_if(wishes, &mut repositories)?;
        let (transaction, finding) = match answer {
            Ok(mut transaction) => {
                if self.locating {
                    files::locate(&mut transaction, &on.target)?;
                }
                (transaction, None)
            }
            Err(mut conflict) => {
                self.suggest(&mut conflict, &on, wishes, &mut repositories)?;
                let transaction = Transaction::new(&self.snapshot, &self.decisions.request);
                (transaction, Some((checks::no_transaction(&conflict), conflict)))
            }
        };
        let missing = on.missing.iter().map(|id| format!("the metadata of repository {id}"));
        self.missing.extend(missing);
        let (finding, conflict) = finding.unzip();
        let findings = &mut self.decisions.findings;
        findings.extend(checks::findings(&transaction));
        findings.extend(finding);
        findings.sort_by(Finding::order);
        Ok(self.assemble(Outcome { transaction, read: on.read, what_if, conflict }, inputs))
    }

    /// Tries whether one more of the known repositories would help.
    fn suggest<E: From<UniverseError>>(
        &self,
        conflict: &mut Conflict,
        on: &Repositories,
        wishes: &[Wish],
        repositories: &mut impl FnMut(&[Wish]) -> Result<Repositories, E>,
    ) -> Result<(), E> {
        let (universe, calls) = self.asked(&on.target, wishes)?;
        let before = calls.solve(&universe).outcome;
        let mut failed = None;
        conflict.try_repositories(&universe, &before, &on.unused, |id| {
            let more = [wishes, &[Wish::WithRepository(id.clone())]].concat();
            let larger = repositories(&more).and_then(|larger| {
                let (universe, calls) = self.asked(&larger.target, &more)?;
                let goal = calls.plan(&universe).goal;
                Ok((universe, goal))
            });
            larger.map_err(|error| failed = Some(error)).ok()
        });
        failed.map_or(Ok(()), Err)
    }

    /// What dnf would do where some wishes come true.
    fn answer(
        &self,
        target: &Arc<Target>,
        wishes: &[Wish],
    ) -> Result<Result<Transaction, Box<Conflict>>, UniverseError> {
        let (universe, calls) = self.asked(target, wishes)?;
        let request = &self.decisions.request;
        let answer = calls.answer(&universe);
        Ok(answer.map(|solution| Transaction::solved(&self.snapshot, request, &solution)))
    }

    /// What dnf is told where some wishes come true, and of which packages.
    fn asked(
        &self,
        target: &Arc<Target>,
        wishes: &[Wish],
    ) -> Result<(Universe, Calls), UniverseError> {
        let request = &self.decisions.request;
        let lay = || Universe::new(Arc::clone(target), &self.snapshot.packages);
        let (universe, ()) = rayon::join(lay, || target.prepare());
        let mut universe = universe?;
        universe.exclude(&request.policy.excluded);
        let mut calls = request.calls();
        for wish in wishes {
            match wish {
                Wish::Remove(spec) => calls.leave_out(spec).remove.push(spec.clone()),
                Wish::Keep(spec) => calls.leave_out(spec).keep.push(spec.clone()),
                Wish::Install(spec) => calls.leave_out(spec).install.push(spec.clone()),
                Wish::WithRepository(_) | Wish::WithoutRepository(_) => {}
            }
        }
        Ok((universe, calls))
    }

    /// What each wish alone changes.
    fn what_if<E: From<UniverseError>>(
        &self,
        wishes: &[Wish],
        repositories: &mut impl FnMut(&[Wish]) -> Result<Repositories, E>,
    ) -> Result<Vec<WhatIf>, E> {
        if wishes.is_empty() {
            return Ok(Vec::new());
        }
        let base = self.answer(&repositories(&[])?.target, &[])?;
        let mut told = Vec::new();
        for wish in wishes {
            let alone = std::slice::from_ref(wish);
            let (changes, conflict) = match self.answer(&repositories(alone)?.target, alone)? {
                Ok(transaction) => {
                    let base = base.as_ref().ok();
                    (base.map(|base| base.differences(&transaction)).unwrap_or_default(), None)
                }
                Err(conflict) => (Vec::new(), Some(conflict.to_string())),
            };
            told.push(WhatIf { asked: wish.to_string(), changes, conflict });
        }
        Ok(told)
    }

    fn inputs(&self) -> Vec<Input> {
        document::inputs(&self.snapshot, self.data, self.rules)
    }

    fn assemble(mut self, outcome: Outcome, read: Vec<Input>) -> Plan {
        let facts = Facts::new(&self.snapshot);
        let of_host = std::mem::take(&mut self.results);
        let before = of_host.told().len();
        let inputs = self.rules.inputs(&facts, self.data, self.options, &self.decisions.signed);
        let results = self.rules.actors.on_upgrade(&inputs, of_host, &outcome.transaction);
        let later = results.told()[before..].iter().flat_map(|told| &told.findings);
        self.decisions.findings.extend(later.cloned());
        self.decisions.findings.sort_by(Finding::order);
        let disk = budget::budget(&facts, &results, &outcome.transaction);
        self.results = results;
        document::assemble(self, outcome, read, disk)
    }
}

/// Decides; under the default policy, what leapp would do otherwise is among the
/// findings.
fn decide_and_compare(
    facts: &Facts<'_>,
    data: &UpgradeData,
    options: &Options,
) -> Result<Decisions, DataError> {
    if options.policy == Policy::Leapp021 {
        return decide(facts, data, options);
    }
    // leapp's command line asks for the general channel where nobody asks for
    // another (formats.md 2.4).
    let channel = options.channel.or(Some(Channel::Ga));
    let as_leapp = Options { policy: Policy::Leapp021, channel, ..options.clone() };
    let (decisions, leapp) =
        rayon::join(|| decide(facts, data, options), || lists(facts, data, &as_leapp));
    let mut decisions = decisions?;
    // Without lists of ours there is nothing to compare leapp's with.
    if decisions.tasks.is_some() {
        decisions.findings.extend(differences(&decisions, &leapp?));
        decisions.findings.sort_by(Finding::order);
    }
    Ok(decisions)
}

/// The path from a snapshot's system to a target.
pub fn path_to(snapshot: &Snapshot, target: System) -> crate::model::UpgradePath {
    crate::model::UpgradePath { source: snapshot.identity.system.clone(), target }
}

/// What the host's evidence lacks for a plan to be whole.
fn missing(facts: &Facts<'_>, decisions: &Decisions, results: &Results) -> Vec<String> {
    let mut missing = Vec::new();
    if decisions.presumed > 0 {
        missing.push(format!("signatures of {} packages", decisions.presumed));
    }
    if !facts.repositories.known {
        missing.push("the host's repositories".to_owned());
    }
    let undecided = results.told().iter().filter(|told| !told.lacks.is_empty()).count();
    if undecided > 0 {
        let what = "evidence of checks that could forbid the upgrade";
        missing.push(format!("{what}: {undecided} (actors.undecided)"));
    }
    missing
}
