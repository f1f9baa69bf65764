//! Which of the rules that contradict each other is named first (solver-search.md
//! B7.3).

use super::case::Case;
use crate::solve::rules::{Class, RuleId, negative, positive};
use crate::universe::{Literal, SolvableId};

/// The rule to name first, out of those that contradict each other in the order they
/// were found in.
pub(super) fn headline(case: &Case<'_>, core: &[RuleId]) -> Option<RuleId> {
    let asked = asked(case, core);
    let chosen = core.iter().copied().min_by_key(|rule| rank(case, *rule, &asked))?;
    Some(rather_the_conflict(case, core, chosen).unwrap_or(chosen))
}

/// Packages that a command leaves no choice about.
fn asked(case: &Case<'_>, core: &[RuleId]) -> Vec<SolvableId> {
    let jobs = core.iter().filter(|rule| case.rules.class(**rule) == Class::Job);
    let only = jobs.filter_map(|rule| match &case.rules[*rule] {
        [literal] if literal.is_positive() => Some(literal.package()),
        _ => None,
    });
    only.collect()
}

fn rank(case: &Case<'_>, rule: RuleId, asked: &[SolvableId]) -> u32 {
    let literals = &case.rules[rule];
    match case.rules.class(rule) {
        Class::Package if is_pair(literals) => {
            if negative(literals).any(SolvableId::is_installed) {
                4
            } else {
                5
            }
        }
        Class::Package if literals.len() == 1 => 0,
        Class::Package if negative(literals).any(|package| asked.contains(&package)) => 1,
        Class::Package if negative(literals).any(SolvableId::is_installed) => 2,
        Class::Package => 3,
        Class::Feature | Class::Update => 6,
        _ => 7,
    }
}

fn is_pair(literals: &[Literal]) -> bool {
    matches!(literals, [a, b] if !a.is_positive() && !b.is_positive())
}

/// The conflict of a package that is not installed with an installed one it requires.
fn rather_the_conflict(case: &Case<'_>, core: &[RuleId], chosen: RuleId) -> Option<RuleId> {
    let literals = &case.rules[chosen];
    let is_need = case.rules.class(chosen) == Class::Package && !is_pair(literals);
    let package = negative(literals).find(|p| is_need && !p.is_installed())?;
    let needed: Vec<SolvableId> = positive(literals).filter(|p| p.is_installed()).collect();
    let conflicts = |rule: &RuleId| {
        let other = &case.rules[*rule];
        is_pair(other)
            && negative(other).any(|p| p == package)
            && negative(other).any(|p| needed.contains(&p))
    };
    core.iter().copied().find(conflicts)
}
