//! Why a package goes, or why one that is not installed does not come
//! (solver-search.md B8.3).

use std::sync::Arc;

use super::chain::Because;
use super::{Explainer, Next, Step};
use crate::solve::changes::{Gone, Leaving};
use crate::solve::rules::package::Ground;
use crate::solve::rules::{Class, RuleId, negative, positive};
use crate::universe::{List, Literal, SolvableId, Term};

impl Explainer<'_> {
    /// The link of an installed package that goes.
    pub(super) fn going(&self, package: SolvableId) -> Step {
        if let Some(leaving) = self.leaving.get(&package)
            && let Some(first) = leaving.by.first()
        {
            return self.replaced(leaving, *first);
        }
        if let Some(command) = self.unwanted.get(&package).copied() {
            return self.plain(package, Because::Unwanted { command }, Next::Command(command));
        }
        let step = self.absent(package);
        let mut link = Arc::unwrap_or_clone(step.link);
        link.others = self.others(self.successors(package), None);
        if let Some(erasure) = self.erasures.get(&package) {
            link.proof = Some(Arc::new(self.speaker().proof(erasure)));
        }
        Step { link: Arc::new(link), next: step.next }
    }

    /// Other packages take its place. Where the first comes for that very reason, there
    /// is nothing more to tell.
    fn replaced(&self, leaving: &Leaving, first: SolvableId) -> Step {
        let package = leaving.package;
        let speaker = self.speaker();
        let by = speaker.names(leaving.by.iter().copied());
        let because = match leaving.how {
            Gone::Erased | Gone::Replaced => Because::Replaced { by },
            Gone::Obsoleted => {
                let mut terms = self.world.universe.list(first, List::Obsoletes).iter();
                let term = terms.find(|term| self.world.universe.is_obsoleted_by(package, **term));
                Because::Obsoleted { by, obsoletes: term.map(|term| speaker.capability(*term)) }
            }
        };
        let next = match self.step(first).next {
            Next::Installed(installed) if installed == package => Next::Installed(package),
            _ => Next::Package(first),
        };
        self.plain(package, because, next)
    }

    /// What may take the place of an installed package.
    pub(super) fn successors(&self, package: SolvableId) -> impl Iterator<Item = SolvableId> + '_ {
        let rules = self.rules();
        let of = [rules.feature(&self.world, package), rules.update(&self.world, package)];
        let all = of.into_iter().flatten().find(|rule| !rules.is_void(*rule));
        let literals = all.map_or(&[][..], |rule| &rules[rule]);
        positive(literals).filter(move |other| *other != package)
    }

    /// The link of a package that is not there in the end, by what decided that.
    pub(super) fn absent(&self, package: SolvableId) -> Step {
        let rule = self.decision(package).and_then(Self::rule_of);
        match rule {
            Some(rule) => self.against(package, rule),
            None if self.erasures.contains_key(&package) => {
                self.plain(package, Because::GivenUp, Next::Facts)
            }
            None => self.plain(package, Because::LeftOver, Next::Facts),
        }
    }

    /// A rule is against it.
    fn against(&self, package: SolvableId, rule: RuleId) -> Step {
        let rules = self.rules();
        match rules.class(rule) {
            Class::Package => self.of_packages(package, rule),
            Class::Choice => self.of_packages(package, rules.chosen_from(rule).unwrap_or(rule)),
            Class::Job => {
                let command = self.speaker().command(rule);
                self.plain(package, Because::Unwanted { command }, Next::Command(command))
            }
            Class::Best => {
                let next = match rules.command(rule) {
                    Some(command) => Next::Command(command),
                    None => self.first_absent(package, rule),
                };
                self.forbidden(package, rule, next)
            }
            Class::Split => self.forbidden(package, rule, self.first_absent(package, rule)),
            Class::Learnt => match self.told_as(rule, -Literal::of(package)) {
                Some(other) => self.against(package, other),
                None if self.erasures.contains_key(&package) => {
                    self.plain(package, Because::GivenUp, Next::Facts)
                }
                None => self.plain(package, self.all_of(rule), Next::Facts),
            },
            Class::Architecture | Class::Sync | Class::Feature | Class::Update => {
                self.forbidden(package, rule, Next::Facts)
            }
        }
    }

    fn forbidden(&self, package: SolvableId, rule: RuleId, next: Next) -> Step {
        let rule = self.speaker().statement(rule);
        self.plain(package, Because::Forbidden { rule }, next)
    }

    /// What would have had to be there, and is not.
    fn first_absent(&self, package: SolvableId, rule: RuleId) -> Next {
        let mut all = positive(&self.rules()[rule]);
        let first = all.find(|p| self.was_false(Literal::of(*p), package));
        first.map_or(Next::Facts, Next::Package)
    }

    /// It needs something that is gone, or cannot be beside what is there.
    fn of_packages(&self, package: SolvableId, rule: RuleId) -> Step {
        let origins = self.speaker().origins(rule);
        for origin in &origins {
            if let Ground::Requires(term) = origin.ground
                && origin.from == package
            {
                return self.lacks(package, term, rule);
            }
        }
        let others = self.rules()[rule].iter().map(|literal| literal.package());
        let other = others.into_iter().find(|other| *other != package);
        let next = other.map_or(Next::Facts, Next::to);
        self.forbidden(package, rule, next)
    }

    /// All who provide what it needs are gone. Of them, one that is installed leads on.
    fn lacks(&self, package: SolvableId, term: Term, rule: RuleId) -> Step {
        let speaker = self.speaker();
        let literals = &self.rules()[rule];
        let given = || negative(literals).filter(|p| *p != package);
        let because = Because::Lacks {
            capability: speaker.capability(term),
            given: speaker.names(given()),
            providers: self.others(positive(literals), None),
        };
        let gone = positive(literals).find(|p| p.is_installed());
        let gone = gone.or_else(|| positive(literals).next());
        let next = match gone {
            Some(gone) => Next::Package(gone),
            None => given().next().map_or(Next::Facts, Next::to),
        };
        self.plain(package, because, next)
    }
}
