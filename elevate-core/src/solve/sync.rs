//! What it means to follow the repositories: which packages are subject to it,
//! and which are good to have afterwards (solver-rules.md A2.2).

use super::goal::{Action, Command, Selection};
use super::set::Set;
use super::world::{Wanted, World};
use crate::universe::SolvableId;

/// What commands to follow the repositories say.
#[derive(Debug, Clone, Default)]
pub(super) struct Sync {
    /// Everything is subject to it.
    everything: bool,
    /// All available packages that can be chosen are good to have.
    available: bool,
    ok: Set,
    involved: Set,
}

impl Sync {
    /// Reads the commands; `None` where there is none.
    pub(super) fn new(world: &mut World<'_>) -> Option<Self> {
        let goal = world.goal;
        let mut commands = goal.commands.iter().filter(|c| c.action == Action::Sync).peekable();
        commands.peek()?;
        let mut sync = Self::default();
        for command in commands {
            match command.selection {
                Selection::All => sync.follow_all(world, command),
                Selection::Available => sync.follow_available(world, command),
                _ => sync.follow(world, command),
            }
        }
        sync.involved.remove(SolvableId::SYSTEM);
        for package in world.universe.installed().filter(|p| sync.involved.contains(*p)) {
            world.to_update.insert(package);
        }
        Some(sync)
    }

    fn follow_all(&mut self, world: &mut World<'_>, command: &Command) {
        self.everything = true;
        self.available = true;
        world.to_update = Wanted::All;
        if command.best {
            world.to_best = Wanted::All;
        }
    }

    /// All that the target has. Of available packages nothing is noted down: they are
    /// good to have, and their names are what is followed.
    fn follow_available(&mut self, world: &mut World<'_>, command: &Command) {
        self.available = true;
        for package in world.universe.installed() {
            let available = |q: &SolvableId| !q.is_installed() && world.is_installable(*q);
            let has_name = world.of_name(package).any(|q| available(&q));
            if has_name || world.obsoleting(package).any(|q| available(&q)) {
                self.involve(world, package, command.best);
            }
        }
    }

    fn follow(&mut self, world: &mut World<'_>, command: &Command) {
        let selected = world.selected(&command.selection);
        let targeted = !selected.iter().any(|package| package.is_installed());
        for package in selected {
            if targeted && world.is_installable(package) {
                self.ok.insert(package);
                self.involved.insert(package);
                let subject: Vec<SolvableId> =
                    world.of_name(package).chain(world.obsoleted(package)).collect();
                for other in subject {
                    self.involve(world, other, command.best);
                }
            } else if package.is_installed() {
                self.follow_installed(world, package);
                if command.best {
                    world.to_best.insert(package);
                }
            }
        }
    }

    /// An installed package that is to follow its name.
    fn follow_installed(&mut self, world: &World<'_>, package: SolvableId) {
        self.involved.insert(package);
        let obsoleters = world.obsoleters(package).iter().copied();
        for other in world.of_name(package).chain(obsoleters) {
            if world.is_of_name(other, package) {
                self.involved.insert(other);
            }
            if !other.is_installed() && world.is_installable(other) {
                self.ok.insert(other);
            }
        }
    }

    fn involve(&mut self, world: &mut World<'_>, package: SolvableId, best: bool) {
        self.involved.insert(package);
        if package.is_installed() {
            let new = world.obsoleters(package).iter().copied().filter(|q| !q.is_installed());
            self.involved.extend(new);
            if best {
                world.to_best.insert(package);
            }
        }
    }

    /// Whether a package is good to have.
    pub(super) fn is_ok(&self, world: &World<'_>, package: SolvableId) -> bool {
        let available = self.available && !package.is_installed();
        self.ok.contains(package) || available && world.is_installable(package)
    }

    /// Whether a package is subject to following the repositories.
    pub(super) fn is_involved(&self, world: &World<'_>, package: SolvableId) -> bool {
        self.everything || self.is_named(world, package)
    }

    /// Whether a package is, by a command that is about some packages only.
    pub(super) fn is_named(&self, world: &World<'_>, package: SolvableId) -> bool {
        if self.involved.contains(package) {
            return true;
        }
        let named = || {
            let can = |q: SolvableId| !q.is_installed() && world.is_installable(q);
            world.of_name(package).any(can) || world.obsoleting(package).any(can)
        };
        self.available && !package.is_installed() && named()
    }

    /// Accepts an installed package as it is.
    pub(super) fn accept(&mut self, package: SolvableId) {
        self.ok.insert(package);
    }

    /// Whether packages that are in no repository are to go, too.
    pub(super) fn takes_orphans(&self) -> bool {
        self.everything
    }
}
