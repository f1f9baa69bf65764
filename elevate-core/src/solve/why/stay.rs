//! Why an installed package stays.

use super::chain::{Because, Taken};
use super::{Explainer, Next, Step};
use crate::solve::decisions::Cause;
use crate::solve::rules::{Class, RuleId};
use crate::universe::SolvableId;

impl Explainer<'_> {
    /// The link of an installed package that stays.
    pub(super) fn staying(&self, package: SolvableId) -> Step {
        let root = Next::Installed(package);
        if let Some(why) = self.world.universe.ruled_out(package) {
            return self.plain(package, Because::Excluded { why: why.to_string() }, root);
        }
        if let Some(command) = self.asked_to_stay(package) {
            return self.plain(package, Because::Kept { command }, Next::Command(command));
        }
        if let Some(twin) = self.twin(package) {
            let source = self.world.universe.target().source(twin);
            let repository = source.map_or_else(String::new, |source| source.id.to_string());
            return self.plain(package, Because::SameBuild { repository }, root);
        }
        if self.successors(package).next().is_none() {
            return self.plain(package, Because::InNoRepository, root);
        }
        if let Some(rule) = self.needed_by(package) {
            return self.needed(package, rule, Taken::Only);
        }
        let because = match self.world.to_update.contains(package) {
            true => Because::NotReplaced,
            false => Because::Untouched,
        };
        self.linked(package, because, self.others(self.successors(package), None), root)
    }

    /// The package rule that left nothing else than that it stays.
    fn needed_by(&self, package: SolvableId) -> Option<RuleId> {
        match self.decision(package)?.cause {
            Cause::Rule(rule) if self.rules().class(rule) == Class::Package => Some(rule),
            _ => None,
        }
    }

    /// The command that was satisfied with it.
    fn asked_to_stay(&self, package: SolvableId) -> Option<usize> {
        let rule = self.decision(package).and_then(Self::rule_of)?;
        self.rules().command(rule)
    }

    /// The very same in a repository.
    fn twin(&self, package: SolvableId) -> Option<SolvableId> {
        let world = &self.world;
        let can = |q: &SolvableId| !q.is_installed() && world.is_installable(*q);
        world.of_name(package).filter(can).find(|q| world.is_identical(package, *q))
    }
}
