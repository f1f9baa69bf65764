//! Why a package comes (solver-search.md B8.2).

use super::chain::{Because, Fate, Few, Taken};
use super::{Explainer, Next, Step};
use crate::solve::decisions::{Cause, Purpose};
use crate::solve::rules::package::Ground;
use crate::solve::rules::{Class, RuleId, negative, positive};
use crate::universe::{Literal, SolvableId, Term};

impl Explainer<'_> {
    /// The link of a package that comes.
    pub(super) fn coming(&self, package: SolvableId) -> Step {
        let Some(decision) = self.decision(package) else { return self.unexplained(package) };
        match decision.cause {
            Cause::Choice(Purpose::Weak, _) => {
                self.wished(package).unwrap_or_else(|| self.unexplained(package))
            }
            Cause::Rule(rule) => self.by_rule(package, rule, Taken::Only),
            Cause::Choice(_, Some(rule)) => self.by_rule(package, rule, Taken::Preferred),
            Cause::System | Cause::Choice(_, None) => self.beside_some(package),
        }
    }

    /// A rule asked for it.
    fn by_rule(&self, package: SolvableId, rule: RuleId, taken: Taken) -> Step {
        let rules = self.rules();
        let literals = &rules[rule];
        let first = literals.first().map_or(package, |literal| literal.package());
        match rules.class(rule) {
            Class::Package => self.needed(package, rule, taken),
            Class::Choice => self.needed(package, rules.chosen_from(rule).unwrap_or(rule), taken),
            Class::Feature | Class::Update => self.update(package, first, taken, rule),
            Class::Job => self.requested(package, rule, taken),
            Class::Best => match rules.best_for(rule) {
                Some(installed) => self.update(package, installed, Taken::Best, rule),
                None => self.requested(package, rule, Taken::Best),
            },
            Class::Sync => self.beside(package, first),
            Class::Architecture => {
                let of = self.speaker().name(first);
                self.plain(package, Because::Partner { of }, Next::to(first))
            }
            Class::Split => self.part(package, first, rule),
            Class::Learnt => match self.told_as(rule, Literal::of(package)) {
                Some(other) => self.by_rule(package, other, Taken::Deduced),
                None => self.by_many(package, rule),
            },
        }
    }

    fn requested(&self, package: SolvableId, rule: RuleId, taken: Taken) -> Step {
        let command = self.speaker().command(rule);
        let because = Because::Requested { command, taken };
        self.among(package, because, rule, Next::Command(command))
    }

    fn update(
        &self,
        package: SolvableId,
        installed: SolvableId,
        taken: Taken,
        rule: RuleId,
    ) -> Step {
        let replaces = self.replaces.get(&package).is_some_and(|all| all.contains(&installed));
        if !replaces && self.world.multi.contains(package) {
            return self.beside(package, installed);
        }
        let because = Because::Updates { installed: self.speaker().name(installed), taken };
        // A best rule names the best only; the others are in the rule it is made for.
        let own =
            self.rules().feature(&self.world, installed).filter(|r| !self.rules().is_void(*r));
        let all = match self.rules().class(rule) {
            Class::Best => own.or_else(|| self.rules().update(&self.world, installed)),
            _ => None,
        };
        self.among(package, because, all.unwrap_or(rule), Next::Installed(installed))
    }

    fn beside(&self, package: SolvableId, installed: SolvableId) -> Step {
        let because = Because::Beside { installed: self.speaker().name(installed) };
        self.plain(package, because, Next::Installed(installed))
    }

    /// It is one of several versions, and no rule was needed to choose it.
    fn beside_some(&self, package: SolvableId) -> Step {
        let mut special = self.rules().special.iter();
        match special.find(|(_, all)| all.contains(&package)) {
            Some((installed, _)) => self.beside(package, *installed),
            None => self.unexplained(package),
        }
    }

    fn part(&self, package: SolvableId, other: SolvableId, rule: RuleId) -> Step {
        let speaker = self.speaker();
        let term = self.rules().split_by(rule);
        let obsoletes = term.map_or_else(String::new, |term| speaker.capability(term));
        let because = Because::Split { with: speaker.name(other), obsoletes };
        self.plain(package, because, Next::to(other))
    }

    /// Another package needs it, or would otherwise conflict with what is there.
    pub(super) fn needed(&self, package: SolvableId, rule: RuleId, taken: Taken) -> Step {
        let origins = self.speaker().origins(rule).into_iter();
        let mut told = origins.filter_map(|origin| match origin.ground {
            Ground::Requires(term) | Ground::Conflicts(term, _) => Some((origin.from, term)),
            _ => None,
        });
        let before = |p: SolvableId| self.was_false(-Literal::of(p), package);
        match told.find(|(from, _)| before(*from)) {
            Some((by, term)) => self.required(package, (by, term), rule, taken),
            None => self.unexplained(package),
        }
    }

    fn required(
        &self,
        package: SolvableId,
        (by, term): (SolvableId, Term),
        rule: RuleId,
        taken: Taken,
    ) -> Step {
        let speaker = self.speaker();
        let given = speaker.names(negative(&self.rules()[rule]).filter(|p| *p != by));
        let (by_name, capability) = (speaker.name(by), speaker.capability(term));
        let because = Because::Required { by: by_name, capability, given, taken };
        self.among(package, because, rule, Next::to(by))
    }

    /// A link with what else would satisfy a rule.
    fn among(&self, package: SolvableId, because: Because, rule: RuleId, next: Next) -> Step {
        let known = |other: &SolvableId| *other == package || Next::Installed(*other) == next;
        let others = positive(&self.rules()[rule]).filter(|other| !known(other));
        self.linked(package, because, self.others(others, Some(package)), next)
    }

    /// Only several rules together ask for it. The last package among what they start
    /// from leads on.
    fn by_many(&self, package: SolvableId, learnt: RuleId) -> Step {
        let present = negative(&self.rules()[learnt]);
        let present = present.filter(|p| self.was_false(-Literal::of(*p), package));
        let last = present.max_by_key(|p| self.place(*p));
        let next = last.map_or(Next::Facts, Next::to);
        self.plain(package, self.all_of(learnt), next)
    }

    /// There is nothing to tell but that it was decided.
    fn unexplained(&self, package: SolvableId) -> Step {
        debug_assert_ne!(self.fate(package), Fate::Comes, "{:?}", self.decision(package));
        self.plain(package, Because::Follows { rules: Few::default() }, Next::Facts)
    }
}
