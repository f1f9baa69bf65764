//! Which of several candidates is taken (solver-search.md B4).
//!
//! | step | file |
//! |--|--|
//! | the repository that comes first, the best architecture | here |
//! | the newest of each name, and what takes the place of others | `version.rs` |
//! | what somebody recommends | `advice.rs` |
//! | the order of those that are left | `order.rs` |

mod advice;
mod order;
mod sort;
mod version;

use super::decisions::Decisions;
use super::world::World;
use crate::universe::{NOARCH, SolvableId, near};

pub(super) use advice::{Advice, Newness, is_enhancing, is_supplementing, newness, open_blocks};
pub(super) use order::first as put_first;
pub(super) use sort::merge_sort;
pub(super) use version::best_versions;

/// What candidates are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// One is to be chosen.
    Choose,
    /// One is to be chosen if it is the only one.
    ChooseWithoutOrder,
    /// They are recommended.
    Recommend,
    /// They come along by themselves.
    Supplement,
}

/// What candidates are compared by.
pub(super) struct Policy<'p, 'u> {
    pub(super) world: &'p World<'u>,
    pub(super) decisions: &'p Decisions,
    pub(super) advice: &'p mut Advice,
}

/// Filters candidates before anything is decided.
pub(super) fn filter_unseen(world: &World<'_>, candidates: &mut Vec<SolvableId>, mode: Mode) {
    let (decisions, mut advice) = (Decisions::default(), Advice::default());
    Policy { world, decisions: &decisions, advice: &mut advice }.filter(candidates, mode);
}

impl Policy<'_, '_> {
    /// Leaves out candidates that are not as good as others, and puts the best first.
    pub(super) fn filter(&mut self, candidates: &mut Vec<SolvableId>, mode: Mode) {
        let chooses = matches!(mode, Mode::Choose | Mode::ChooseWithoutOrder);
        let many = |candidates: &Vec<SolvableId>| candidates.len() > 1;
        if mode != Mode::Supplement {
            if many(candidates) {
                self.of_best_repository(candidates);
            }
            if many(candidates) {
                self.of_best_architecture(candidates);
            }
            if many(candidates) {
                best_versions(self.world, candidates);
            }
        }
        if chooses && many(candidates) {
            self.recommended_only(candidates);
        }
        match mode {
            Mode::Choose if many(candidates) => {
                self.outdated_last(candidates);
                self.older_provides_last(candidates);
                self.installed_names_first(candidates);
                self.suggested_first(candidates);
            }
            Mode::Supplement => {
                self.outdated_last(candidates);
                self.older_provides_last(candidates);
                self.suggested_first(candidates);
            }
            _ => {}
        }
    }

    /// How early a package's repository comes: the higher the better.
    fn priority(&self, package: SolvableId) -> i32 {
        let source = self.world.universe.target().source(package);
        -source.map_or(DEFAULT_PRIORITY, |source| source.priority)
    }

    fn of_best_repository(&self, candidates: &mut Vec<SolvableId>) {
        let new = candidates.iter().filter(|p| !p.is_installed());
        let Some(best) = new.map(|p| self.priority(*p)).max() else { return };
        candidates.retain(|p| p.is_installed() || self.priority(*p) == best);
        if candidates.len() > 1 && self.world.sync.is_some() {
            self.without_strangers(candidates);
        }
    }

    /// An installed package that is to follow the repositories is a candidate where one of
    /// them has the very same.
    fn without_strangers(&self, candidates: &mut Vec<SolvableId>) {
        let Some(first) = candidates.iter().find(|p| !p.is_installed()) else { return };
        let world = self.world;
        let mut best = self.priority(*first);
        let mut left = Vec::new();
        for package in candidates.iter().copied() {
            if !package.is_installed() && self.priority(package) < best {
                continue;
            }
            if package.is_installed() && world.is_involved(package) {
                let evr = world.universe.evr(package);
                let is_twin = |twin: &SolvableId| {
                    !twin.is_installed()
                        && world.universe.evr(*twin) == evr
                        && world.is_identical(package, *twin)
                };
                let twins = world.of_name(package).filter(is_twin).map(|p| self.priority(p));
                let Some(highest) = twins.filter(|p| *p >= best).max() else { continue };
                if highest > best {
                    best = highest;
                    left.clear();
                }
            }
            left.push(package);
        }
        if !left.is_empty() {
            *candidates = left;
        }
    }

    fn of_best_architecture(&self, candidates: &mut Vec<SolvableId>) {
        let score = |p: &SolvableId| self.world.universe.score(*p);
        let Some(best) = candidates.iter().map(score).filter(|s| *s > NOARCH).min() else { return };
        let fits = |p: &SolvableId| score(p) == NOARCH || score(p) != 0 && near(score(p), best);
        candidates.retain(fits);
    }

    fn recommended_only(&mut self, candidates: &mut Vec<SolvableId>) {
        let new = candidates.iter().copied().filter(|p| !p.is_installed());
        let new: Vec<SolvableId> = new.collect();
        if new.len() < 2 {
            return;
        }
        let (world, decisions) = (self.world, self.decisions);
        self.advice.refresh(world, decisions);
        let advice = &*self.advice;
        let good = |p: &SolvableId| {
            advice.is_recommended(*p) || advice::is_supplementing(world, decisions, *p)
        };
        if new.iter().any(good) {
            candidates.retain(|p| p.is_installed() || good(p));
        }
    }
}

/// dnf's priority of a repository that says nothing, and of what is installed.
const DEFAULT_PRIORITY: i32 = 99;
