//! Installed packages: what is to be updated is, the others are kept
//! (solver-search.md B2.4).

use super::Search;
use crate::solve::decisions::{Level, Purpose};
use crate::solve::policy::Mode;
use crate::solve::rules::{RuleId, positive};
use crate::solve::world::Wanted;
use crate::universe::{Literal, SolvableId};

/// How dealing with one package ended.
enum Step {
    /// It is done with.
    Done,
    /// It is to be looked at in the last pass.
    Later,
    /// A contradiction led to a lower level than this one, or to this one.
    Conflict(Level),
}

/// The pass in which packages are updated that are to be, before any is kept.
const UPDATE: u32 = 0;
/// The pass in which the others are kept.
const KEEP: u32 = 1;
/// The pass in which what could not be kept is updated after all.
const LAST: u32 = 2;

impl Search<'_, '_> {
    /// Decides all installed packages, one pass after the other.
    pub(super) fn settle_installed(&mut self, mut level: Level) -> Level {
        let installed: Vec<SolvableId> = self.world.universe.installed().collect();
        if installed.is_empty() {
            return level;
        }
        let three = self.world.goal.profile.update_in_last_pass;
        let first_pass = match &self.world.to_update {
            Wanted::All if three => LAST,
            Wanted::Some(_) => UPDATE,
            Wanted::All | Wanted::None => KEEP,
        };
        let last_pass = if three { LAST } else { KEEP };
        let origin = level;
        let (mut position, mut pass) = (self.resume, first_pass);
        while pass <= last_pass {
            let entry = level;
            let (mut later, mut trouble) = (false, false);
            let (mut count, mut at) = (0, position);
            while count < installed.len() {
                at %= installed.len();
                match self.settle_one(&mut level, installed[at], pass) {
                    Step::Conflict(before) => {
                        if level < entry {
                            trouble = true;
                            break;
                        }
                        if level < before {
                            count = 0;
                        }
                    }
                    step => {
                        later |= matches!(step, Step::Later);
                        at += 1;
                        count += 1;
                    }
                }
            }
            if trouble {
                position = at;
                if level < origin {
                    self.resume = position;
                    return level;
                }
                pass = first_pass;
                continue;
            }
            position = 0;
            pass += 1;
            if three && pass == LAST && !later {
                break;
            }
        }
        self.resume = position;
        level
    }

    fn settle_one(&mut self, level: &mut Level, package: SolvableId, pass: u32) -> Step {
        let special = self.rules.special.contains_key(&package);
        if self.decisions.is_present(package) && !special {
            return Step::Done;
        }
        let partly = matches!(self.world.to_update, Wanted::Some(_));
        if pass == UPDATE && partly && !self.world.to_update.contains(package) {
            return Step::Done;
        }
        let Some(guide) = self.guide(package) else { return Step::Done };
        let free = !self.rules.no_update.contains(package);
        let goes = self.decisions.is_absent(package) || self.world.to_update.contains(package);
        let three = self.world.goal.profile.update_in_last_pass;
        if three {
            if free && goes {
                if pass == KEEP {
                    return Step::Later;
                }
                if let Some(step) = self.update_last(level, package, guide, special) {
                    return step;
                }
            }
        } else {
            let stays = self.rules[guide].first() == Some(&Literal::of(package));
            if let Some(step) =
                self.update_at_once(level, package, guide, special, free && (goes || !stays))
            {
                return step;
            }
        }
        self.keep(level, package)
    }

    fn keep(&mut self, level: &mut Level, package: SolvableId) -> Step {
        if !self.decisions.is_open(package) {
            return Step::Done;
        }
        let update = self.rules.update(self.world, package);
        let before = *level;
        *level = self.decide(before, Literal::of(package), update, Purpose::Keep);
        if *level <= before { Step::Conflict(before) } else { Step::Done }
    }

    /// As libsolv does since it has a pass for it: what comes beside the package, then
    /// what takes its place.
    fn update_last(
        &mut self,
        level: &mut Level,
        package: SolvableId,
        guide: RuleId,
        special: bool,
    ) -> Option<Step> {
        if special && let Some(candidate) = self.special_choice(package) {
            let rule = self.special_rule(package);
            if let Some(step) = self.take(level, vec![candidate], rule) {
                return Some(step);
            }
        }
        let candidates = self.updates_left(package, guide);
        self.take(level, candidates, Some(guide))
    }

    /// As libsolv 0.7.20 does: either what comes beside the package or what takes its
    /// place.
    fn update_at_once(
        &mut self,
        level: &mut Level,
        package: SolvableId,
        guide: RuleId,
        special: bool,
        wanted: bool,
    ) -> Option<Step> {
        if !wanted {
            return None;
        }
        if special {
            let itself = self.rules[guide].first() == Some(&Literal::of(package));
            let candidate = self.special_candidate(package, itself);
            let open = candidate.filter(|p| *p != package && self.decisions.is_open(*p));
            let rule = self.special_rule(package);
            return self.take(level, open.into_iter().collect(), rule);
        }
        let candidates = self.updates_left(package, guide);
        self.take(level, candidates, Some(guide))
    }

    /// Takes the best of some candidates, where there are any; the step that is over with
    /// that, where it met a contradiction.
    fn take(
        &mut self,
        level: &mut Level,
        candidates: Vec<SolvableId>,
        rule: Option<RuleId>,
    ) -> Option<Step> {
        if candidates.is_empty() {
            return None;
        }
        let before = *level;
        *level = self.select(before, candidates, rule, Purpose::Update);
        (*level <= before).then_some(Step::Conflict(before))
    }

    /// What may still come for an installed package: nothing where something is there.
    fn updates_left(&self, package: SolvableId, guide: RuleId) -> Vec<SolvableId> {
        let mut left = Vec::new();
        for candidate in positive(&self.rules[guide]) {
            if self.decisions.is_present(candidate) {
                return Vec::new();
            }
            if self.decisions.is_open(candidate) {
                left.push(candidate);
            }
        }
        self.restrict(package, &mut left);
        left
    }

    fn restrict(&self, package: SolvableId, candidates: &mut Vec<SolvableId>) {
        if let Some(targets) = self.world.targets.get(&package) {
            candidates.retain(|p| targets.binary_search(p).is_ok());
        }
    }

    /// The rule that says what may come for an installed package, even where it is
    /// switched off.
    fn guide(&self, package: SolvableId) -> Option<RuleId> {
        let (update, feature) =
            (self.rules.update(self.world, package)?, self.rules.feature(self.world, package)?);
        let usable = !self.rules.is_void(update) && self.rules.is_enabled(update);
        let order = if usable { [update, feature] } else { [feature, update] };
        order.into_iter().find(|rule| !self.rules.is_void(*rule))
    }

    fn special_rule(&self, package: SolvableId) -> Option<RuleId> {
        let feature = self.rules.feature(self.world, package);
        let update = self.rules.update(self.world, package);
        feature.filter(|rule| !self.rules.is_void(*rule)).or(update)
    }

    /// What is to come beside an installed package.
    fn special_choice(&mut self, package: SolvableId) -> Option<SolvableId> {
        let itself = !self.decisions.is_absent(package);
        let best = self.special_candidate(package, itself)?;
        (best != package && self.decisions.is_open(best)).then_some(best)
    }

    /// The best of what may come beside an installed package, and of itself where it may
    /// stay.
    fn special_candidate(&mut self, package: SolvableId, itself: bool) -> Option<SolvableId> {
        let list = self.rules.special.get(&package)?.clone();
        let mut candidates: Vec<SolvableId> = itself.then_some(package).into_iter().collect();
        candidates.extend(list.iter().copied().filter(|p| !self.decisions.is_absent(*p)));
        // Twins that cannot be chosen lend their repository.
        let mut twins = Vec::new();
        for installed in candidates.iter().copied().filter(|p| p.is_installed()) {
            let twin = |p: &SolvableId| {
                self.decisions.is_absent(*p)
                    && !p.is_installed()
                    && self.world.is_identical(installed, *p)
            };
            twins.extend(list.iter().copied().filter(twin));
        }
        candidates.extend(twins);
        self.restrict(package, &mut candidates);
        self.filter(&mut candidates, Mode::Choose);
        candidates.first().copied()
    }
}
