//! Weak dependencies (solver-search.md B5.3).

use super::Search;
use crate::solve::decisions::{Level, Purpose};
use crate::solve::policy::{Mode, Newness, is_supplementing, newness, open_blocks};
use crate::solve::set::Set;
use crate::universe::{List, Literal, SolvableId, Term};

impl Search<'_, '_> {
    /// Brings what new packages recommend, and what comes along with them; whether it
    /// has to be asked again.
    pub(super) fn settle_weak(&mut self, level: Level) -> (Level, bool) {
        let mut recommended = self.recommended();
        let mut supplements = self.supplements();
        recommended.retain(|p| !self.world.not_weakly.contains(*p));
        self.without_obsoleted(&mut recommended, &mut supplements);
        let mut all = recommended;
        for package in &supplements {
            if !all.contains(package) {
                all.push(*package);
            }
        }
        match all.as_slice() {
            [] => return (level, false),
            [only] => {
                let literal = Literal::of(*only);
                return (self.decide(level, literal, None, Purpose::Weak), true);
            }
            _ => {}
        }
        self.filter(&mut all, Mode::Recommend);
        let mut wanted = Set::default();
        wanted.extend(all);
        supplements.retain(|p| wanted.contains(*p));
        if supplements.len() > 1 {
            self.filter(&mut supplements, Mode::Supplement);
        }
        let decided = self.decisions.queue().len();
        let mut level = level;
        for package in supplements {
            if self.decisions.is_open(package) {
                let before = level;
                level = self.decide(level, Literal::of(package), None, Purpose::Weak);
                if level <= before {
                    return (level, true);
                }
            }
        }
        if self.decisions.queue().len() < decided {
            return (level, true);
        }
        (self.settle_recommended(level, decided, &wanted), true)
    }

    /// Takes what packages recommend that were decided before, one after the other.
    fn settle_recommended(&mut self, mut level: Level, decided: usize, wanted: &Set) -> Level {
        for at in 0..decided {
            let literal = self.decisions.queue()[at].literal;
            let package = literal.package();
            if !literal.is_positive() || package == SolvableId::SYSTEM || package.is_installed() {
                continue;
            }
            for term in self.world.universe.list(package, List::Recommends) {
                let mut candidates = self.open_providers(*term);
                candidates.retain(|p| wanted.contains(*p));
                if candidates.len() > 1 {
                    self.filter(&mut candidates, Mode::Choose);
                    self.branch(level, &candidates);
                }
                let Some(first) = candidates.first() else { continue };
                let before = level;
                level = self.decide(level, Literal::of(*first), None, Purpose::Weak);
                if level <= before || self.decisions.queue().len() < decided {
                    return level;
                }
            }
        }
        level
    }

    /// Undecided providers of a recommendation; none where one is there.
    fn open_providers(&self, term: Term) -> Vec<SolvableId> {
        let (world, decisions) = (self.world, &self.decisions);
        if world.universe.is_complex(term) {
            return open_blocks(world, decisions, term);
        }
        let providers = world.universe.providers(term);
        if providers.iter().any(|p| decisions.is_present(*p)) {
            return Vec::new();
        }
        providers.iter().copied().filter(|p| decisions.is_open(*p)).collect()
    }

    /// What new packages recommend and is not there.
    fn recommended(&self) -> Vec<SolvableId> {
        let mut new: Vec<SolvableId> = self
            .decisions
            .queue()
            .iter()
            .filter(|decision| decision.literal.is_positive())
            .map(|decision| decision.literal.package())
            .filter(|package| !package.is_installed() && *package != SolvableId::SYSTEM)
            .collect();
        new.sort_unstable();
        let mut seen = Set::default();
        let mut found = Vec::new();
        for package in new {
            for term in self.world.universe.list(package, List::Recommends) {
                found.extend(self.open_providers(*term).into_iter().filter(|p| seen.insert(*p)));
            }
        }
        found
    }

    /// What comes along with a new package.
    fn supplements(&self) -> Vec<SolvableId> {
        let (world, decisions) = (self.world, &self.decisions);
        let available = world.universe.target().with_supplements().iter().copied();
        let installed = world.universe.installed().filter(|p| decisions.is_open(*p));
        let comes = |package: &SolvableId| {
            decisions.is_open(*package)
                && world.is_installable(*package)
                && is_supplementing(world, decisions, *package)
                && !world.not_weakly.contains(*package)
                && self.comes_with_new(*package)
                && !self.is_beside_itself(*package)
        };
        installed.chain(available).filter(comes).collect()
    }

    fn comes_with_new(&self, package: SolvableId) -> bool {
        let terms = self.world.universe.list(package, List::Supplements);
        let new = |term: &Term| newness(self.world, &self.decisions, *term) == Newness::New;
        terms.iter().any(new)
    }

    /// Whether another version or architecture of a package is there already, so that it
    /// would be a second.
    fn is_beside_itself(&self, package: SolvableId) -> bool {
        let world = self.world;
        let mut present = world.of_name(package).filter(|p| self.decisions.is_present(*p));
        let arch = world.universe.arch(package);
        let multi = world.multi.contains(package);
        let colours = world.goal.switches.colours;
        present.any(|other| multi || colours && world.universe.arch(other) != arch)
    }

    /// Leaves out what installed packages that stay take the place of.
    fn without_obsoleted(
        &self,
        recommended: &mut Vec<SolvableId>,
        supplements: &mut Vec<SolvableId>,
    ) {
        let world = self.world;
        let obsoletes = |p: &SolvableId| {
            world.goal.switches.keep_explicit_obsoletes || !world.multi.contains(*p)
        };
        let stays = |p: &SolvableId| self.decisions.is_present(*p) && obsoletes(p);
        let mut gone = Set::default();
        for package in world.universe.installed().filter(stays) {
            gone.extend(world.obsoleted(package));
        }
        if !gone.is_empty() {
            recommended.retain(|p| !gone.contains(*p));
            supplements.retain(|p| !gone.contains(*p));
        }
    }
}
