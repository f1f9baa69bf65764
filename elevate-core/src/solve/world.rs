//! What a search is about: a universe and a goal, with what follows from the two
//! of them before any rule is made.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::goal::{Action, Command, Fixed, Goal, Selection};
use super::set::Set;
use super::sync::Sync;
use crate::universe::{List, NOARCH, RuledOut, SolvableId, Universe, colour, near};

/// A universe and a goal.
pub(super) struct World<'u> {
    pub(super) universe: &'u Universe,
    pub(super) goal: &'u Goal,
    /// Packages of which several versions may be installed.
    pub(super) multi: Set,
    /// Installed packages that may be erased where they are in the way.
    pub(super) may_erase: Set,
    /// Packages that weak dependencies do not bring.
    pub(super) not_weakly: Set,
    /// What the commands to follow the repositories say, where there is one.
    pub(super) sync: Option<Sync>,
    /// Installed packages to be updated.
    pub(super) to_update: Wanted,
    /// Installed packages of which only the best update will do.
    pub(super) to_best: Wanted,
    /// The only packages that may take the place of an installed one, in order.
    pub(super) targets: BTreeMap<SolvableId, Vec<SolvableId>>,
    masked: Set,
    /// Packages of another name that take the place of each installed one.
    obsoleters: Vec<Vec<SolvableId>>,
}

/// Which installed packages something is wanted of.
#[derive(Debug, Clone, Default)]
pub(super) enum Wanted {
    #[default]
    None,
    Some(Set),
    All,
}

impl Wanted {
    pub(super) fn contains(&self, package: SolvableId) -> bool {
        match self {
            Wanted::None => false,
            Wanted::Some(set) => set.contains(package),
            Wanted::All => true,
        }
    }

    pub(super) fn insert(&mut self, package: SolvableId) {
        match self {
            Wanted::None => {
                let mut set = Set::default();
                set.insert(package);
                *self = Wanted::Some(set);
            }
            Wanted::Some(set) => {
                set.insert(package);
            }
            Wanted::All => {}
        }
    }
}

/// What may take the place of an installed package (solver-rules.md A2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// What the switches allow.
    Normal,
    /// What they allow where the repositories are followed.
    Sync,
    /// Everything.
    All,
}

/// What may be otherwise in what takes the place of an installed package.
#[derive(Debug, Clone, Copy)]
struct Allowed {
    /// An older version.
    downgrade: bool,
    /// Another architecture.
    arch: bool,
    /// Another vendor.
    vendor: bool,
}

impl<'u> World<'u> {
    pub(super) fn new(universe: &'u Universe, goal: &'u Goal) -> Self {
        let mut world = Self {
            universe,
            goal,
            multi: Set::default(),
            may_erase: Set::default(),
            not_weakly: Set::default(),
            sync: None,
            to_update: Wanted::None,
            to_best: Wanted::None,
            targets: BTreeMap::new(),
            masked: Set::default(),
            obsoleters: Vec::new(),
        };
        let masks = universe.all_ruled_out().filter(|(_, why)| why.is_a_provider());
        world.masked.extend(masks.map(|(package, _)| package));
        world.obsoleters = world.index_obsoleters();
        world.read_commands();
        world.sync = Sync::new(&mut world);
        world
    }

    fn read_commands(&mut self) {
        for command in &self.goal.commands {
            let packages = |world: &Self| world.selected(&command.selection);
            match command.action {
                Action::Multiversion => self.multi.extend(packages(self)),
                Action::AllowErase => self.may_erase.extend(packages(self)),
                Action::ExcludeFromWeak => self.not_weakly.extend(packages(self)),
                Action::Update => self.update(command),
                Action::Install | Action::Erase | Action::Sync | Action::Lock => {}
            }
        }
        for targets in self.targets.values_mut() {
            targets.sort_unstable();
            targets.dedup();
        }
        for package in self.targets.keys() {
            self.to_update.insert(*package);
        }
    }

    /// A command to update what is installed (solver-rules.md A4.14).
    fn update(&mut self, command: &Command) {
        if command.selection == Selection::All {
            self.to_update = Wanted::All;
            if command.best {
                self.to_best = Wanted::All;
            }
            return;
        }
        let selected = self.selected(&command.selection);
        if command.targeted || !selected.iter().any(|package| package.is_installed()) {
            for package in selected {
                self.target(package, command.best);
            }
        } else {
            for package in selected.into_iter().filter(|package| package.is_installed()) {
                self.to_update.insert(package);
                if command.best {
                    self.to_best.insert(package);
                }
            }
        }
    }

    /// Makes a package one that installed ones may be updated to.
    fn target(&mut self, package: SolvableId, best: bool) {
        let one_colour = self.goal.profile.targets_of_one_colour;
        let same: Vec<SolvableId> = self
            .of_name(package)
            .filter(|x| x.is_installed() && *x != package)
            .filter(|x| !one_colour || self.shares_colour(package, *x))
            .collect();
        if package.is_installed() {
            for x in std::iter::once(package).chain(same) {
                self.targets.entry(x).or_default().push(package);
            }
            return;
        }
        let twin = same.iter().copied().find(|x| self.is_identical(package, *x));
        let mut hits = same;
        hits.extend(self.taken_over(package).filter(|x| !self.is_of_name(package, *x)));
        for hit in hits {
            if best {
                self.to_best.insert(hit);
            }
            let targets = self.targets.entry(hit).or_default();
            targets.push(package);
            targets.extend(twin);
        }
    }

    /// The packages of a selection, in its order.
    pub(super) fn selected(&self, selection: &Selection) -> Vec<SolvableId> {
        match selection {
            Selection::One(package) => vec![*package],
            Selection::OneOf(packages) => packages.clone(),
            Selection::Provides(term) => self.universe.providers(*term).to_vec(),
            Selection::Name(name) => {
                let named = self.universe.providers((*name).into()).iter().copied();
                named.filter(|package| self.universe.name(*package) == *name).collect()
            }
            Selection::Available => {
                let all = self.universe.target().packages();
                all.filter(|package| self.is_installable(*package)).collect()
            }
            Selection::All => self.universe.packages().collect(),
        }
    }

    /// Whether the goal leaves a package out of what can be chosen.
    pub(super) fn is_masked(&self, package: SolvableId) -> bool {
        self.masked.contains(package)
    }

    /// Whether a package can be chosen (solver-rules.md A1.9).
    pub(super) fn is_installable(&self, package: SolvableId) -> bool {
        self.universe.score(package) != 0
            && !self.is_masked(package)
            && self.universe.ruled_out(package) != Some(&RuledOut::Source)
    }

    /// Packages of the same name, in order, itself among them.
    pub(super) fn of_name(
        &self,
        package: SolvableId,
    ) -> impl Iterator<Item = SolvableId> + use<'u> {
        let universe = self.universe;
        let name = universe.name(package);
        let named = universe.providers(name.into()).iter().copied();
        named.filter(move |other| universe.name(*other) == name)
    }

    pub(super) fn is_of_name(&self, a: SolvableId, b: SolvableId) -> bool {
        self.universe.name(a) == self.universe.name(b)
    }

    /// Whether packages of one name replace each other (solver-rules.md A1.4).
    pub(super) fn shares_colour(&self, a: SolvableId, b: SolvableId) -> bool {
        let [a, b] = [a, b].map(|package| self.universe.arch(package));
        let colour = |arch| colour(self.universe.text(arch));
        !self.goal.switches.colours || a == b || colour(a) & colour(b) != 0
    }

    /// Packages that a package takes the place of, as its dependencies list them.
    pub(super) fn obsoleted(&self, package: SolvableId) -> impl Iterator<Item = SolvableId> + '_ {
        let terms = self.universe.list(package, List::Obsoletes).iter();
        terms.flat_map(|term| {
            let all = self.universe.providers(*term).iter().copied();
            all.filter(|other| self.universe.is_named(*other, *term))
        })
    }

    /// Installed packages that a package takes the place of, as its dependencies list
    /// them.
    pub(super) fn taken_over(&self, package: SolvableId) -> impl Iterator<Item = SolvableId> + '_ {
        self.obsoleted(package).filter(|other| other.is_installed())
    }

    /// Packages of the target that take the place of a package, its own name among them.
    pub(super) fn obsoleting(&self, package: SolvableId) -> impl Iterator<Item = SolvableId> + '_ {
        let name = self.universe.name(package);
        let all = self.universe.target().obsoleting(name).iter().copied();
        all.filter(move |q| self.universe.obsoletes(*q, package))
    }

    /// Packages of another name that take the place of an installed one, in order.
    pub(super) fn obsoleters(&self, installed: SolvableId) -> &[SolvableId] {
        self.slot(installed).and_then(|at| self.obsoleters.get(at)).map_or(&[], Vec::as_slice)
    }

    /// Where an installed package stands among them.
    pub(super) fn slot(&self, installed: SolvableId) -> Option<usize> {
        let first = self.universe.installed().next()?;
        installed.is_installed().then(|| installed.index() - first.index())
    }

    /// Whether a package of the target may be taken for an installed one as it is
    /// (solver-rules.md A1.10).
    pub(super) fn is_identical(&self, a: SolvableId, b: SolvableId) -> bool {
        let universe = self.universe;
        let identity =
            |p| (universe.name(p), universe.arch(p), universe.evr(p), universe.vendor(p));
        identity(a) == identity(b)
            && match (universe.build_time(a), universe.build_time(b)) {
                (0, _) | (_, 0) => universe.need_the_same(a, b),
                (a, b) => a == b,
            }
    }

    /// Whether two packages say the same of themselves: name, version and architecture.
    pub(super) fn is_same_build(&self, a: SolvableId, b: SolvableId) -> bool {
        let universe = self.universe;
        let identity = |p| (universe.name(p), universe.evr(p), universe.arch(p));
        identity(a) == identity(b)
    }

    fn allowed(&self, mode: Mode) -> Allowed {
        let switches = &self.goal.switches;
        match mode {
            Mode::Normal => Allowed {
                downgrade: switches.allow_downgrade,
                arch: switches.allow_arch_change,
                vendor: switches.allow_vendor_change,
            },
            Mode::Sync => {
                Allowed { downgrade: true, arch: true, vendor: switches.sync_allows_vendor_change }
            }
            Mode::All => Allowed { downgrade: true, arch: true, vendor: true },
        }
    }

    /// What may take the place of an installed package, in the order of the search.
    pub(super) fn updates(&self, installed: SolvableId, mode: Mode) -> Vec<SolvableId> {
        let Allowed { downgrade, arch, vendor } = self.allowed(mode);
        let universe = self.universe;
        let fits = |q: SolvableId| {
            (arch || !self.changes_arch(installed, q))
                && (vendor || universe.vendor(installed) == universe.vendor(q))
        };
        let mut found = Vec::new();
        let mut announced = false;
        for q in universe.providers(universe.name(installed).into()).iter().copied() {
            if q == installed || self.is_masked(q) && !q.is_installed() {
                continue;
            }
            if self.is_of_name(q, installed) {
                let older = || universe.compare_evr(installed, q) == Ordering::Greater;
                if !self.shares_colour(installed, q) || !downgrade && older() {
                    continue;
                }
            } else {
                if !self.shares_colour(installed, q) || !self.universe.obsoletes(q, installed) {
                    continue;
                }
                announced = true;
            }
            if fits(q) {
                found.push(q);
            }
        }
        if !announced {
            let others = self.obsoleters(installed).iter().copied();
            found.extend(others.filter(|q| self.shares_colour(installed, *q) && fits(*q)));
        }
        found
    }

    /// Whether a package is of an architecture that cannot take the place of the
    /// other's without being told to.
    fn changes_arch(&self, a: SolvableId, b: SolvableId) -> bool {
        let (one, other) = (self.universe.score(a), self.universe.score(b));
        self.universe.arch(a) != self.universe.arch(b)
            && one != NOARCH
            && other != NOARCH
            && (one == 0 || other == 0 || !near(one, other))
    }

    /// Whether an installed package may not be replaced like that (solver-search.md
    /// B4.11), but for what was `fixed`.
    pub(super) fn is_illegal(&self, installed: SolvableId, by: SolvableId, fixed: Fixed) -> bool {
        let mode = if self.is_involved(installed) { Mode::Sync } else { Mode::Normal };
        let Allowed { downgrade, arch, vendor } = self.allowed(mode);
        let universe = self.universe;
        let is_downgrade = || {
            self.is_of_name(installed, by)
                && universe.compare_evr(installed, by) == Ordering::Greater
        };
        !downgrade && !fixed.evr && is_downgrade()
            || !arch && !fixed.arch && self.changes_arch(installed, by)
            || !vendor && !fixed.vendor && universe.vendor(installed) != universe.vendor(by)
    }

    /// Whether a package is subject to a command to follow the repositories.
    pub(super) fn is_involved(&self, package: SolvableId) -> bool {
        self.sync.as_ref().is_some_and(|sync| sync.is_involved(self, package))
    }

    /// Whether it is by a command that is about some packages only.
    pub(super) fn is_involved_by_name(&self, package: SolvableId) -> bool {
        self.sync.as_ref().is_some_and(|sync| sync.is_named(self, package))
    }

    /// Whether a package is good to have after such a command.
    pub(super) fn is_in_sync(&self, package: SolvableId) -> bool {
        self.sync.as_ref().is_some_and(|sync| sync.is_ok(self, package))
    }

    /// The first twin of an installed package that is good to have.
    fn has_twin_in_sync(&self, installed: SolvableId) -> bool {
        let evr = self.universe.evr(installed);
        self.universe.providers(self.universe.name(installed).into()).iter().any(|q| {
            self.universe.evr(*q) == evr && self.is_in_sync(*q) && self.is_identical(installed, *q)
        })
    }

    /// Whether an installed package is acceptable as it is.
    pub(super) fn may_stay(&self, installed: SolvableId) -> bool {
        self.is_in_sync(installed) || self.has_twin_in_sync(installed)
    }

    fn index_obsoleters(&self) -> Vec<Vec<SolvableId>> {
        let universe = self.universe;
        let mut index: Vec<Vec<SolvableId>> = vec![Vec::new(); universe.installed().len()];
        for q in universe.installed().filter(|q| self.is_installable(*q)) {
            for p in self.taken_over(q).filter(|p| !self.is_of_name(*p, q)) {
                if let Some(list) = self.slot(p).and_then(|at| index.get_mut(at)) {
                    list.push(q);
                }
            }
        }
        for (at, p) in universe.installed().enumerate() {
            let others = self.obsoleting(p);
            index[at].extend(others.filter(|q| !self.is_of_name(p, *q) && self.is_installable(*q)));
            index[at].dedup();
        }
        index
    }
}
