//! The solver's input.
//!
//! [`Request`] says everything there is to say about what the host is to
//! become, job by job, each with its reasons. It is what package events, the
//! administrator's files and the target repositories decide together; nothing
//! in it depends on repository metadata.

use super::{Calls, Conflict, Policy, Solution};
use crate::directive::{How, Reason, TargetRepository};
use crate::model::{ModuleStream, PackageName, RepoId};
use crate::universe::{Universe, UniverseError};

/// What is to become of the host's packages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// One job a package name, ordered by name: every installed name has one,
    /// and every name to be installed.
    pub jobs: Vec<Job>,
    /// Module streams to enable before, sorted.
    pub modules_to_enable: Vec<ModuleStream>,
    /// Module streams of the source to reset before, sorted.
    pub modules_to_reset: Vec<ModuleStream>,
    /// Repositories to take packages from, ordered by id.
    pub repositories: Vec<TargetRepository>,
    /// Names of rpm files that leapp itself adds.
    pub local_rpms: Vec<String>,
    /// How dnf is set up.
    pub policy: Policy,
}

impl Request {
    /// What dnf is told, as leapp's plugin tells it: lists sorted by name, then
    /// everything is to follow the repositories (formats.md 10.3).
    pub fn calls(&self) -> Calls {
        let list = |action: JobAction| -> Vec<String> {
            let jobs = self.jobs.iter().filter(|job| job.action == action);
            jobs.map(|job| job.name.to_string()).collect()
        };
        Calls {
            remove: list(JobAction::Remove),
            install: list(JobAction::Install),
            upgrade: list(JobAction::Upgrade),
            reinstall: list(JobAction::Reinstall),
            sync: true,
            ..Calls::new(self.policy.clone())
        }
    }
}

impl Calls {
    /// What dnf would do with a host, or why it can do nothing: a conflict, where not
    /// everything asked can be had.
    ///
    /// # Errors
    ///
    /// Those of [`Solution::of`].
    pub fn answer(
        &self,
        universe: &Universe,
    ) -> Result<Result<Solution, Box<Conflict>>, UniverseError> {
        let solved = self.solve(universe);
        match Conflict::of(universe, &solved.goal, &solved.outcome) {
            Some(conflict) => Ok(Err(Box::new(conflict))),
            None => Solution::of(universe, self, &solved).map(Ok),
        }
    }
}

/// What is asked for one package name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The name.
    pub name: PackageName,
    /// What is asked.
    pub action: JobAction,
    /// What package events say becomes of it, where they say something.
    pub becomes: Option<Becomes>,
    /// The repository it is to come from, where events say so.
    pub repository: Option<RepoId>,
    /// The module stream it is to come from.
    pub module: Option<ModuleStream>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What a job asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobAction {
    /// Not installed; to be installed.
    Install,
    /// Installed; to follow its name in the target repositories.
    Upgrade,
    /// Installed; to be installed again in the same or a newer version.
    Reinstall,
    /// Installed; to go.
    Remove,
    /// Installed; to stay as it is, by somebody's wish.
    Keep,
    /// Installed; nobody says anything of it. It stays unless it is in the way.
    Leave,
    /// Installed; the data contradicts itself or leads nowhere. It is left alone.
    Hold,
}

/// What package events say becomes of an installed package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Becomes {
    /// How.
    pub how: How,
    /// Names that are on the target for it, sorted; its own among them where it
    /// stays. Empty where it is dropped.
    pub packages: Vec<PackageName>,
}
