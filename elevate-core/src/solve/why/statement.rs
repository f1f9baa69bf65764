//! What rules say, in names.

use super::chain::{Few, Proof, Statement};
use super::provenance::{Origin, origins};
use crate::solve::goal::Action;
use crate::solve::rules::package::Ground;
use crate::solve::rules::{Class, RuleId, Rules, negative, positive};
use crate::solve::search::Erasure;
use crate::solve::world::World;
use crate::universe::{RuledOut, SolvableId, Term};

/// Rules, and what is needed to say what they say.
#[derive(Clone, Copy)]
pub(in crate::solve) struct Speaker<'a> {
    pub(in crate::solve) world: &'a World<'a>,
    pub(in crate::solve) rules: &'a Rules,
}

impl Speaker<'_> {
    pub(super) fn name(self, package: SolvableId) -> String {
        match package {
            SolvableId::SYSTEM => "the system".to_owned(),
            package => self.world.universe.nevra(package),
        }
    }

    pub(super) fn names(self, packages: impl IntoIterator<Item = SolvableId>) -> Vec<String> {
        packages.into_iter().map(|package| self.name(package)).collect()
    }

    pub(super) fn few(self, packages: impl IntoIterator<Item = SolvableId>) -> Few<String> {
        Few::of(packages, |package| self.name(package))
    }

    pub(super) fn capability(self, term: Term) -> String {
        self.world.universe.show(term).to_string()
    }

    /// Why a package cannot be chosen.
    pub(super) fn why_ruled_out(self, package: SolvableId) -> String {
        let why = self.world.universe.ruled_out(package);
        why.unwrap_or(&RuledOut::ForeignArch).to_string()
    }

    /// What a rule says. Where a package rule has several reasons, the first.
    pub(in crate::solve) fn statement(self, rule: RuleId) -> Statement {
        let literals = &self.rules[rule];
        let first = literals.first().map_or(SolvableId::SYSTEM, |literal| literal.package());
        let package = || self.name(first);
        let others = || self.few(positive(literals).filter(|p| *p != first));
        match self.rules.class(rule) {
            Class::Package => self.of_packages(rule),
            Class::Choice => match self.rules.chosen_from(rule) {
                Some(from) => self.of_packages(from),
                None => Statement::Learnt,
            },
            Class::Feature | Class::Update => Statement::Keep { package: package(), or: others() },
            Class::Job => Statement::Command { command: self.command(rule) },
            Class::Architecture => {
                Statement::LesserArchitecture { package: package(), beside: others() }
            }
            Class::Sync => Statement::NotInRepositories { package: package(), beside: others() },
            Class::Best => Statement::OnlyBest {
                installed: self.rules.best_for(rule).map(|installed| self.name(installed)),
                command: self.rules.command(rule),
                best: self.few(positive(literals)),
            },
            Class::Split => Statement::Together {
                package: package(),
                with: others(),
                obsoletes: self
                    .rules
                    .split_by(rule)
                    .map_or_else(String::new, |t| self.capability(t)),
            },
            Class::Learnt => Statement::Learnt,
        }
    }

    /// The command of a rule that has one.
    pub(super) fn command(self, rule: RuleId) -> usize {
        self.rules.command(rule).unwrap_or_default()
    }

    /// The command that asks for an installed package to go.
    pub(super) fn erases(self, rule: RuleId) -> Option<(SolvableId, usize)> {
        let [literal] = &self.rules[rule] else { return None };
        let command = self.command(rule);
        let asked = self.world.goal.commands.get(command)?;
        let erases = asked.action == Action::Erase && !literal.is_positive();
        let counts = erases && self.rules.is_enabled(rule);
        counts.then(|| (literal.package(), command))
    }

    fn of_packages(self, rule: RuleId) -> Statement {
        match self.origins(rule).first() {
            Some(origin) => self.of_origin(rule, *origin),
            None => Statement::Learnt,
        }
    }

    /// All reasons for a package rule, the one to be told in front.
    pub(in crate::solve) fn origins(self, rule: RuleId) -> Vec<Origin> {
        origins(self.world, &self.rules[rule])
    }

    /// What a package rule says for one of its reasons.
    pub(in crate::solve) fn of_origin(self, rule: RuleId, origin: Origin) -> Statement {
        let literals = &self.rules[rule];
        let Origin { from, ground } = origin;
        let package = self.name(from);
        match ground {
            Ground::NotInstallable => {
                Statement::NotInstallable { package, why: self.why_ruled_out(from) }
            }
            Ground::NothingProvides(term) => {
                Statement::NothingProvides { package, capability: self.capability(term) }
            }
            Ground::Requires(term) => Statement::Requires {
                package,
                capability: self.capability(term),
                given: self.names(negative(literals).filter(|p| *p != from)),
                providers: self.few(positive(literals)),
            },
            Ground::ConflictsWithSystem(term) | Ground::Conflicts(term, _) => {
                Statement::Conflicts {
                    package,
                    capability: self.capability(term),
                    with: self.names(literals.iter().map(|l| l.package()).filter(|p| *p != from)),
                }
            }
            Ground::SameName(other) => Statement::SameName { package, with: self.name(other) },
            Ground::Obsoletes(term, other) | Ground::InstalledObsoletes(term, other) => {
                Statement::Obsoletes {
                    package,
                    capability: self.capability(term),
                    with: self.name(other),
                }
            }
        }
    }

    /// What showed that not everything can be had.
    pub(super) fn proof(self, erasure: &Erasure) -> Proof {
        let (mut needs, mut cannot_stay, mut to_keep) = (Vec::new(), Vec::new(), Vec::new());
        for rule in &erasure.proof {
            let lines = match self.rules.class(*rule) {
                Class::Package | Class::Choice => &mut needs,
                Class::Feature | Class::Update => &mut to_keep,
                _ => &mut cannot_stay,
            };
            let line = self.statement(*rule);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        Proof { needs, cannot_stay, to_keep }
    }
}
