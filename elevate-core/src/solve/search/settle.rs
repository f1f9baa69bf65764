//! Commands, open rules, and what is left of the installed packages
//! (solver-search.md B2.3, B2.5 and B2.6).

use super::Search;
use crate::solve::decisions::{Level, Purpose};
use crate::solve::policy::Mode;
use crate::solve::rules::{Class, RuleId, positive};
use crate::solve::world::Wanted;
use crate::universe::{Literal, SolvableId};

impl Search<'_, '_> {
    /// Does what commands ask, one by one.
    pub(super) fn settle_commands(&mut self, mut level: Level) -> Level {
        let start = level;
        let range = self.rules.range(Class::Job);
        let mut next = range.start;
        while next < range.end {
            let rule = RuleId(next);
            next += 1;
            let Some(mut candidates) = self.asked(rule) else { continue };
            if candidates.len() > 1 && !matches!(self.world.to_update, Wanted::All) {
                self.installed_only(&mut candidates);
            }
            let before = level;
            level = self.select(level, candidates, Some(rule), Purpose::Command);
            if level == before {
                // Once more, with what is known now.
                next = rule.0;
            } else if level < before {
                if level < start {
                    return level;
                }
                next = range.start;
            }
        }
        level
    }

    /// What a command's rule leaves open; `None` where it is satisfied.
    fn asked(&self, rule: RuleId) -> Option<Vec<SolvableId>> {
        if !self.rules.is_enabled(rule) {
            return None;
        }
        let mut open = Vec::new();
        for literal in &self.rules[rule] {
            let package = literal.package();
            let present = self.decisions.is_present(package);
            match literal.is_positive() {
                false if !present => return None,
                true if present => return None,
                true if self.decisions.is_open(package) => open.push(package),
                _ => {}
            }
        }
        (!open.is_empty()).then_some(open)
    }

    /// Leaves what is installed, where something is and none of it is to be updated.
    fn installed_only(&self, candidates: &mut Vec<SolvableId>) {
        let to_update = |p: &SolvableId| p.is_installed() && self.world.to_update.contains(*p);
        let installed = |p: &SolvableId| p.is_installed();
        if !candidates.iter().any(to_update) && candidates.iter().any(installed) {
            candidates.retain(installed);
        }
    }

    /// Decides what rules leave open. At first only where one candidate is better than
    /// all others; when that is done, wherever there is a choice.
    pub(super) fn settle_rules(&mut self, mut level: Level) -> Level {
        let origin = level;
        let (mut at, mut seen) = (0, 0);
        let mut postponed = None;
        let mut second_round = false;
        loop {
            if seen >= self.choices.len() {
                match postponed {
                    Some(first) if !second_round => at = first,
                    _ => return level,
                }
                second_round = true;
                seen = 0;
            }
            if at >= self.choices.len() {
                at = 0;
            }
            let (here, rule) = (at, self.choices[at]);
            at += 1;
            seen += 1;
            let Some(mut candidates) = self.open_candidates(rule) else { continue };
            if !second_round && candidates.len() > 1 {
                self.filter(&mut candidates, Mode::ChooseWithoutOrder);
                if candidates.len() > 1 {
                    postponed = postponed.or(Some(here));
                    continue;
                }
            }
            level = self.select(level, candidates, Some(rule), Purpose::Need);
            if level < origin {
                return level;
            }
            // Every rule is looked at once more, from here on.
            seen = 0;
        }
    }

    /// What a rule of [`leaves_choice`] leaves open; `None` where it is satisfied or has
    /// no say yet.
    fn open_candidates(&self, rule: RuleId) -> Option<Vec<SolvableId>> {
        let literals = &self.rules[rule];
        let first = *literals.first()?;
        if !first.is_positive() && !self.decisions.is_present(first.package())
            || !self.rules.is_enabled(rule)
        {
            return None;
        }
        if let [a, b] = literals {
            let open = |l: &Literal| l.is_positive() && self.decisions.is_open(l.package());
            return (open(a) && open(b)).then(|| vec![a.package(), b.package()]);
        }
        for literal in literals {
            let present = self.decisions.is_present(literal.package());
            if literal.is_positive() == present {
                return None;
            }
        }
        let open: Vec<SolvableId> =
            positive(literals).filter(|p| self.decisions.is_open(*p)).collect();
        (!open.is_empty()).then_some(open)
    }

    /// Tries to keep installed packages that no repository has; whether any was decided.
    pub(super) fn settle_orphans(&mut self, mut level: Level) -> (Level, bool) {
        let mut any = false;
        for at in 0..self.rules.orphans.len() {
            let package = self.rules.orphans[at];
            if !self.decisions.is_open(package) {
                continue;
            }
            let before = level;
            level = self.decide(level, Literal::of(package), None, Purpose::Orphan);
            any = true;
            if level < before {
                break;
            }
        }
        (level, any)
    }

    /// Erases installed packages that nothing keeps; whether that met no contradiction.
    pub(super) fn erase_leftovers(&mut self, mut level: Level) -> (Level, bool) {
        for package in self.world.universe.installed() {
            if !self.decisions.is_open(package) {
                continue;
            }
            let before = level;
            level = self.decide(level, -Literal::of(package), None, Purpose::Leftover);
            if level < before {
                return (level, false);
            }
        }
        (level, true)
    }
}

/// Whether more than one package can satisfy a rule, so that following it up may not
/// be all there is to do.
pub(super) fn leaves_choice(literals: &[Literal]) -> bool {
    match literals {
        [] | [_] => false,
        [first, _] => first.is_positive(),
        _ => true,
    }
}
