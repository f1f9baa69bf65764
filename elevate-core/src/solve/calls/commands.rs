//! The commands that the calls become (solver-rules.md A3.3).

use super::super::goal::{Action, Command, Fixed, Selection};
use super::{Asked, Call, Unmatched, Why};
use crate::universe::{Meaning, SolvableId, StringId, Universe};

/// Commands, as calls are made one by one.
pub(super) struct Commands<'u> {
    universe: &'u Universe,
    best: bool,
    pub(super) list: Vec<Command>,
    /// What each of them comes from.
    pub(super) asked: Vec<Asked>,
    pub(super) unmatched: Vec<Unmatched>,
}

impl<'u> Commands<'u> {
    pub(super) fn new(universe: &'u Universe, best: bool) -> Self {
        Self { universe, best, list: Vec::new(), asked: Vec::new(), unmatched: Vec::new() }
    }

    /// Makes a call for each of these.
    pub(super) fn call(&mut self, call: Call, specs: &[String]) {
        for spec in specs {
            let meaning = self.universe.meaning(spec);
            let done = if meaning.packages.is_empty() {
                Err(Why::Nothing)
            } else {
                match call {
                    Call::Remove => self.remove(&meaning),
                    Call::Install => self.install(meaning),
                    Call::Upgrade => self.upgrade(meaning),
                    Call::Reinstall => self.reinstall(&meaning),
                    Call::Keep => self.keep(&meaning),
                }
            };
            let asked = Asked::Call { call, spec: spec.clone() };
            self.asked.resize(self.list.len(), asked);
            if let Err(why) = done {
                self.unmatched.push(Unmatched { call, spec: spec.clone(), why });
            }
        }
    }

    /// Makes everything follow the repositories.
    pub(super) fn sync(&mut self) {
        let best = self.best;
        let sync = Command::new(Action::Sync, Selection::Available);
        self.list.push(Command { best, fixed: Fixed::BY_DNF, ..sync });
        self.asked.push(Asked::Sync);
    }

    /// Asks for some package of each name. Their installed packages may not be erased,
    /// either; see [`Calls::keep`](super::Calls::keep).
    fn keep(&mut self, meaning: &Meaning) -> Result<(), Why> {
        let mut names: Vec<StringId> =
            installed(meaning)?.into_iter().map(|id| self.universe.name(id)).collect();
        names.dedup();
        let keep = |name| Command::new(Action::Install, Selection::Name(name));
        self.list.extend(names.into_iter().map(keep));
        Ok(())
    }

    fn remove(&mut self, meaning: &Meaning) -> Result<(), Why> {
        let best = self.best;
        let erase = |package| Command::new(Action::Erase, Selection::One(package));
        let erase = |package| Command { best, ..erase(package) };
        self.list.extend(installed(meaning)?.into_iter().map(erase));
        Ok(())
    }

    fn install(&mut self, meaning: Meaning) -> Result<(), Why> {
        let mut all = meaning.packages;
        if meaning.by_name {
            let obsoleters: Vec<SolvableId> =
                all.iter().flat_map(|package| self.obsoleters(*package)).collect();
            all.extend(obsoleters);
        }
        self.one_of(Action::Install, all, false);
        Ok(())
    }

    fn upgrade(&mut self, meaning: Meaning) -> Result<(), Why> {
        let installed = installed(&meaning)?;
        let mut all = meaning.packages;
        let upgrades = all.iter().copied().filter(|package| self.is_upgrade(*package));
        let obsoleted: Vec<SolvableId> = installed.into_iter().chain(upgrades).collect();
        let obsoleters = obsoleted.into_iter().flat_map(|package| self.obsoleters(package));
        let available: Vec<SolvableId> = obsoleters.filter(|id| !id.is_installed()).collect();
        all.extend(available);
        let mut names: Vec<StringId> = all.iter().map(|id| self.universe.name(*id)).collect();
        names.sort_unstable();
        names.dedup();
        let latest: Vec<SolvableId> =
            names.into_iter().flat_map(|name| self.latest(name)).collect();
        all.extend(latest);
        self.one_of(Action::Update, all, true);
        Ok(())
    }

    fn reinstall(&mut self, meaning: &Meaning) -> Result<(), Why> {
        let universe = self.universe;
        let nevra = |id| (universe.name(id), universe.evr(id), universe.arch(id));
        let mut found = false;
        for package in installed(meaning)? {
            let is_same = |id: &&SolvableId| !id.is_installed() && nevra(**id) == nevra(package);
            if let Some(same) = meaning.packages.iter().rev().find(is_same) {
                self.one_of(Action::Install, vec![*same], false);
                found = true;
            }
        }
        if found { Ok(()) } else { Err(Why::NotAvailable) }
    }

    fn one_of(&mut self, action: Action, mut packages: Vec<SolvableId>, targeted: bool) {
        packages.sort_unstable();
        packages.dedup();
        let command = Command::new(action, Selection::OneOf(packages));
        self.list.push(Command { best: self.best, fixed: Fixed::BY_DNF, targeted, ..command });
    }

    /// Whether it is newer than an installed package of its name and architecture.
    fn is_upgrade(&self, package: SolvableId) -> bool {
        let universe = self.universe;
        let older = |id: SolvableId| {
            universe.arch(id) == universe.arch(package) && universe.compare_evr(id, package).is_lt()
        };
        !package.is_installed() && self.installed_as(universe.name(package)).any(older)
    }

    /// The newest installed packages of a name, of each architecture.
    fn latest(&self, name: StringId) -> impl Iterator<Item = SolvableId> {
        let universe = self.universe;
        let newer = move |a: SolvableId, b: SolvableId| {
            universe.arch(a) == universe.arch(b) && universe.compare_evr(a, b).is_gt()
        };
        let is_latest = move |id: &SolvableId| !self.installed_as(name).any(|b| newer(b, *id));
        self.installed_as(name).filter(is_latest)
    }

    fn installed_as(&self, name: StringId) -> impl Iterator<Item = SolvableId> {
        let installed = self.universe.providers(name.into()).iter().copied();
        let installed = installed.take_while(|id| id.is_installed());
        installed.filter(move |id| self.universe.name(*id) == name && self.is_visible(*id))
    }

    /// Packages that take the place of one by what they obsolete.
    fn obsoleters(&self, package: SolvableId) -> impl Iterator<Item = SolvableId> {
        let universe = self.universe;
        let obsoletes = move |by| universe.obsoletes(by, package);
        let candidates = universe.obsoleting(universe.name(package));
        candidates.filter(move |by| self.is_visible(*by) && obsoletes(*by))
    }

    fn is_visible(&self, package: SolvableId) -> bool {
        self.universe.ruled_out(package).is_none()
    }
}

fn installed(meaning: &Meaning) -> Result<Vec<SolvableId>, Why> {
    let all = meaning.packages.iter().copied();
    let installed: Vec<SolvableId> = all.filter(|id| id.is_installed()).collect();
    if installed.is_empty() { Err(Why::NotInstalled) } else { Ok(installed) }
}
