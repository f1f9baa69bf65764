//! Why rules contradict each other, as a tree: from what is asked down to what cannot
//! be.

use std::collections::BTreeSet;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::changes::Demand;
use crate::solve::rules::{Class, RuleId, negative, positive};
use crate::solve::why::{Speaker, Statement};
use crate::universe::SolvableId;

/// A rule, and the dependencies or commands it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// What it says.
    pub rule: Statement,
    /// Other reasons for the same rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Statement>,
    /// The command it comes from, where it comes from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Demand>,
}

/// A passage of the story: something that has to be so, and for every way in which it could
/// be why that cannot be. Where there is no way it contradicts the passages above.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Passage {
    /// What has to be so.
    #[serde(flatten)]
    pub fact: Fact,
    /// The ways.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<Way>,
}

/// A package that would do, and where that leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Way {
    /// The package.
    pub package: String,
    /// Why it cannot be there.
    pub but: Passage,
}

/// The most passages of a story. One that needs more is not told.
const MOST_PASSAGES: usize = 500;

impl Fact {
    pub(super) fn of(case: &Case<'_>, rule: RuleId) -> Self {
        let speaker = Speaker { world: &case.world, rules: &case.rules };
        let asked = case.rules.command(rule);
        let asked = asked.map(|at| Demand::of(case.world.universe, case.world.goal, at));
        if case.rules.class(rule) != Class::Package {
            return Self { rule: speaker.statement(rule), also: Vec::new(), asked };
        }
        let origins = speaker.origins(rule).into_iter();
        let mut all = origins.map(|origin| speaker.of_origin(rule, origin));
        let first = all.next().unwrap_or(Statement::Learnt);
        let mut also: Vec<Statement> = Vec::new();
        for other in all {
            if other != first && !also.contains(&other) {
                also.push(other);
            }
        }
        Self { rule: first, also, asked }
    }
}

impl Passage {
    /// Tells why rules cannot hold together; `None` where that is too long.
    pub(super) fn story(case: &Case<'_>, core: &[RuleId]) -> Option<Self> {
        let mut teller = Teller { case, core, left: MOST_PASSAGES };
        teller.tell(&mut vec![SolvableId::SYSTEM]).map(|told| told.passage)
    }
}

struct Teller<'c> {
    case: &'c Case<'c>,
    core: &'c [RuleId],
    left: usize,
}

/// A part of the story, and the packages above that it is about.
struct Told {
    passage: Passage,
    about: BTreeSet<SolvableId>,
}

impl Teller<'_> {
    /// Goes on where some packages are there: takes a rule that asks for more, and looks
    /// at each way to satisfy it.
    fn tell(&mut self, there: &mut Vec<SolvableId>) -> Option<Told> {
        self.left = self.left.checked_sub(1)?;
        let rule = self.next(there)?;
        let literals = &self.case.rules[rule];
        let mut about: BTreeSet<SolvableId> = negative(literals).collect();
        let mut ways = Vec::new();
        for package in positive(literals) {
            there.push(package);
            let told = self.tell(there);
            there.pop();
            let mut told = told?;
            if !told.about.remove(&package) {
                // It cannot be, whatever comes of this rule.
                return Some(told);
            }
            about.append(&mut told.about);
            let package = self.case.world.universe.nevra(package);
            ways.push(Way { package, but: told.passage });
        }
        let fact = Fact::of(self.case, rule);
        Some(Told { passage: Passage { fact, ways }, about })
    }

    /// The rule to go on with: one that cannot be satisfied, or else one about what came
    /// last, or else something asked or installed that stands against what is there.
    fn next(&self, there: &[SolvableId]) -> Option<RuleId> {
        let open = self.core.iter().copied().filter(|rule| self.is_open(*rule, there));
        open.min_by_key(|rule| {
            let literals = &self.case.rules[*rule];
            let place = |package| there.iter().rposition(|p| *p == package);
            let latest = negative(literals).filter_map(place).max().unwrap_or_default();
            let ways = positive(literals).count();
            let asked = self.case.rules.class(*rule) == Class::Job;
            let aside = latest == 0 && ways > 0;
            let of_use = aside && self.stands_against(*rule, there);
            (ways > 0, std::cmp::Reverse(latest), aside && !of_use, !asked, ways)
        })
    }

    /// Whether a rule asks for something that is not there yet.
    fn is_open(&self, rule: RuleId, there: &[SolvableId]) -> bool {
        let literals = &self.case.rules[rule];
        negative(literals).all(|package| there.contains(&package))
            && !positive(literals).any(|package| there.contains(&package))
    }

    /// Whether another rule is about what this one asks for beside what is there.
    fn stands_against(&self, rule: RuleId, there: &[SolvableId]) -> bool {
        let wanted: Vec<SolvableId> = positive(&self.case.rules[rule]).collect();
        let is_about = |other: &RuleId| {
            let literals = &self.case.rules[*other];
            let mut about = negative(literals).filter(|package| !there.contains(package));
            let only = about.next().filter(|_| about.next().is_none());
            only.is_some_and(|package| wanted.contains(&package))
                && (there.len() == 1 || negative(literals).any(|p| there.contains(&p)))
        };
        self.core.iter().any(is_about)
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.rule, &self.asked) {
            (Statement::Command { .. }, Some(asked)) => write!(f, "{asked} is asked"),
            (rule, _) => rule.fmt(f),
        }
    }
}

impl fmt::Display for Passage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

impl Passage {
    /// Writes a line each; where there are several ways, each further in.
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, indent: usize) -> fmt::Result {
        writeln!(f, "{:indent$}{}", "", self.fact)?;
        if let [only] = self.ways.as_slice() {
            return only.but.write(f, indent);
        }
        for way in &self.ways {
            writeln!(f, "{:indent$}- {}:", "", way.package)?;
            way.but.write(f, indent + 4)?;
        }
        Ok(())
    }
}
