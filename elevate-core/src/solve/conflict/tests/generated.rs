//! Many small worlds in which not everything can be had.

use super::*;
use crate::solve::conflict::question::{Answer, Stop};
use crate::solve::conflict::unit::Unit;
use crate::universe::Literal;

/// A small generator with a fixed seed.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self, below: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn one_in(&mut self, chances: u64) -> bool {
        self.next(chances) == 0
    }

    fn name(&mut self) -> &'static str {
        let names = ["a", "b", "c", "d", "e", "f"];
        names[usize::try_from(self.next(6)).unwrap()]
    }

    /// A package with a few dependencies.
    fn package(&mut self, name: &str, version: u64) -> String {
        let mut text = format!("{name}-{version}-1.x86_64\n");
        for _ in 0..self.next(3) {
            let (other, version) = (self.name(), 1 + self.next(3));
            let line = match self.next(9) {
                0 => format!("requires {other} = {version}-1"),
                1 | 2 => format!("requires {other} >= {version}"),
                3 => format!("conflicts {other} < {version}"),
                4 => format!("conflicts {other} = {version}-1"),
                5 => format!("requires cap-{version}"),
                6 => "requires missing".to_owned(),
                7 if other != name => format!("obsoletes {other} < {version}"),
                _ => format!("provides cap-{version}"),
            };
            text.push_str(&format!(" {line}\n"));
        }
        text
    }

    fn universe(&mut self) -> Universe {
        let (mut host, mut target) = (String::new(), String::new());
        for name in ["a", "b", "c", "d", "e", "f"] {
            if self.one_in(2) {
                host += &self.package(name, 1);
            }
            for version in 1..=3 {
                if self.one_in(2) {
                    target += &self.package(name, version);
                }
            }
        }
        universe(&host, &[&target])
    }

    fn goal(&mut self, universe: &Universe) -> Goal {
        let best = self.one_in(2);
        let mut commands = Vec::new();
        for _ in 0..self.next(4) {
            let name = self.name();
            if universe.find(name).is_some() {
                commands.push(Command { best, ..install(universe, name) });
            }
        }
        for package in universe.installed() {
            if self.one_in(8) {
                commands.push(Command::new(Action::Erase, Selection::One(package)));
            } else if self.one_in(8) {
                commands.push(Command::new(Action::Lock, Selection::One(package)));
            }
        }
        if !self.one_in(3) {
            commands.push(Command { best, ..sync() });
        }
        match self.next(3) {
            0 => commands.extend(may_erase(universe)),
            1 => commands.extend(may_erase(universe).step_by(2)),
            _ => {}
        }
        let profile =
            if self.one_in(2) { Profile::LIBSOLV_0_7_20 } else { Profile::LIBSOLV_0_7_39 };
        Goal { profile, ..goal(commands) }
    }
}

/// Calls for worlds until so many goals were met that can or cannot be had.
fn met(solved: bool, count: usize, mut each: impl FnMut(&Universe, &Goal, &Outcome)) {
    let mut seeded = Seeded(5);
    let mut met = 0;
    while met < count {
        let universe = seeded.universe();
        let goal = seeded.goal(&universe);
        let outcome = goal.solve(&universe);
        if outcome.is_solved() == solved {
            met += 1;
            each(&universe, &goal, &outcome);
        }
    }
}

fn unsolvable(count: usize, each: impl FnMut(&Universe, &Goal, &Outcome)) {
    met(false, count, each);
}

/// Whether clauses can hold together; found out by trying.
fn satisfiable(clauses: &[Vec<Literal>], decided: &mut Vec<Literal>) -> bool {
    let is_met = |clause: &&Vec<Literal>| !clause.iter().any(|l| decided.contains(l));
    let Some(clause) = clauses.iter().find(is_met) else { return true };
    clause.iter().any(|literal| {
        !decided.contains(&-*literal) && {
            decided.push(*literal);
            let found = satisfiable(clauses, decided);
            decided.pop();
            found
        }
    })
}

fn can_hold(case: &Case<'_>, rules: &[RuleId]) -> bool {
    let clauses: Vec<Vec<Literal>> = rules.iter().map(|rule| case.rules[*rule].to_vec()).collect();
    satisfiable(&clauses, &mut vec![Literal::of(SolvableId::SYSTEM)])
}

#[test]
fn a_core_cannot_hold_and_can_without_any_one_of_its_rules() {
    unsolvable(400, |universe, goal, outcome| {
        let case = Case::new(universe, goal);
        for problem in outcome.problems() {
            let (core, minimal) = case.minimal(&problem.proof, &mut Budget(1_000));
            assert!(minimal && !can_hold(&case, &core));
            for at in 0..core.len() {
                let mut less = core.clone();
                less.remove(at);
                assert!(can_hold(&case, &less), "{core:?} without {at}");
            }
        }
    });
}

fn facts<'s>(step: &'s Passage, found: &mut Vec<&'s Fact>) {
    if !found.contains(&&step.fact) {
        found.push(&step.fact);
    }
    step.ways.iter().for_each(|way| facts(&way.but, found));
}

#[test]
fn a_story_tells_every_rule_of_its_core_and_no_other() {
    unsolvable(400, |universe, goal, outcome| {
        let conflict = Conflict::of(universe, goal, outcome).unwrap();
        assert_eq!(conflict.problems.len(), outcome.problems().len());
        for problem in &conflict.problems {
            let mut told = Vec::new();
            facts(problem.story.as_ref().unwrap(), &mut told);
            assert!(problem.core.iter().all(|fact| told.contains(&fact)), "{problem}");
            assert!(told.iter().all(|fact| problem.core.contains(fact)), "{problem}");
            assert!(problem.core.contains(&problem.headline));
        }
    });
}

fn answers(case: &Case<'_>, before: &Outcome) -> (Vec<Answer>, Stop) {
    let (budget, small) = (Budget(MOST_CALLS), Budget(MOST_SMALL_CALLS));
    let question = Question { case, before, wanted: None, budget, small };
    let known: Vec<Vec<RuleId>> =
        before.problems().iter().map(|problem| problem.proof.clone()).collect();
    question.answers(&known, MOST_SETS)
}

/// All sets of one or two units, and the empty one, that cost less.
fn cheaper(case: &Case<'_>, below: u32, cost: impl Fn(Unit) -> u32) -> Vec<Vec<Unit>> {
    let units = case.units_of(&case.binding().collect::<Vec<_>>());
    let mut sets = vec![Vec::new()];
    for (at, one) in units.iter().enumerate() {
        sets.push(vec![*one]);
        sets.extend(units[at + 1..].iter().map(|other| vec![*one, *other]));
    }
    sets.retain(|set| set.iter().map(|unit| cost(*unit)).sum::<u32>() < below);
    sets
}

#[test]
fn every_answer_solves_and_no_cheaper_one_does() {
    let (mut found, mut tried) = (0, 0);
    unsolvable(250, |universe, goal, outcome| {
        let case = Case::new(universe, goal);
        let (answers, stop) = answers(&case, outcome);
        assert_ne!(stop, Stop::Budget);
        assert!(answers.is_sorted_by_key(|answer| answer.cost));
        for answer in &answers {
            assert!(Case::without(universe, goal, &answer.units).outcome.is_solved());
            found += 1;
        }
        let least = answers.first().map_or(u32::MAX, |answer| answer.cost);
        for set in cheaper(&case, least, |unit| case.cost(unit)) {
            let without = Case::without(universe, goal, &set);
            assert!(!without.outcome.is_solved(), "{set:?} would do");
            tried += 1;
        }
    });
    assert!(found > 250 && tried > 1_000, "{found} {tried}");
}

#[test]
fn where_the_budget_ends_too_early_some_answer_is_found() {
    let mut found = 0;
    unsolvable(100, |universe, goal, outcome| {
        let case = Case::new(universe, goal);
        let best = answers(&case, outcome).0.into_iter().next();
        let (budget, small) = (Budget(100), Budget(MOST_SMALL_CALLS));
        let mut question = Question { case: &case, before: outcome, wanted: None, budget, small };
        let some = question.some_answer(&case.binding().collect::<Vec<_>>(), &[]);
        if let Some(some) = &some {
            assert!(some.outcome.is_solved());
            assert!(best.is_some_and(|best| best.cost <= some.cost));
            found += 1;
        }
    });
    assert!(found > 80, "{found}");
}

#[test]
fn what_keeps_a_package_does_and_nothing_cheaper_does() {
    let (mut found, mut tried) = (0, 0);
    met(true, 300, |universe, goal, before| {
        for package in before.leaving().take(1) {
            let keeping = with(universe, goal, package);
            let case = Case::new(universe, &keeping);
            let wanted = Some(goal.commands.len());
            let (budget, small) = (Budget(MOST_CALLS), Budget(MOST_SMALL_CALLS));
            let of = || Question { case: &case, before, wanted, budget, small };
            let (answers, stop) = of().answers(&[], MOST_SETS);
            assert_ne!(stop, Stop::Budget);
            for Answer { units, outcome, .. } in &answers {
                let again = Case::without(universe, &keeping, units).outcome;
                assert!(again.is_solved() && of().is_cheap(&again, units));
                let name = universe.name(package);
                assert!(
                    universe
                        .packages()
                        .any(|p| { universe.name(p) == name && outcome.is_present(p) })
                );
                found += 1;
            }
            let least = answers.first().map_or(u32::MAX, |answer| answer.cost);
            let wanted = Unit::Command(goal.commands.len());
            for set in cheaper(&case, least, |unit| of().cost(unit)) {
                let without = Case::without(universe, &keeping, &set).outcome;
                let does = without.is_solved() && of().is_cheap(&without, &set);
                assert!(!does || set.contains(&wanted), "{set:?} would do");
                tried += 1;
            }
        }
    });
    assert!(found > 100 && tried > 100, "{found} {tried}");
}

#[test]
fn commands_to_leave_out_and_packages_to_erase_can_be_taken_literally() {
    let mut checked = 0;
    unsolvable(250, |universe, goal, outcome| {
        let case = Case::new(universe, goal);
        'answers: for answer in answers(&case, outcome).0 {
            let mut literal = goal.clone();
            let mut erase = Vec::new();
            let mut dropped = Vec::new();
            for unit in &answer.units {
                match unit {
                    Unit::Command(at) => dropped.push(*at),
                    Unit::Stay(package) => {
                        erase.push(Command::new(Action::Erase, Selection::One(*package)));
                    }
                    _ => continue 'answers,
                }
            }
            dropped.sort_unstable();
            for at in dropped.into_iter().rev() {
                literal.commands.remove(at);
            }
            literal.commands.extend(erase);
            let again = literal.solve(universe);
            let why = || Conflict::of(universe, &literal, &again).unwrap().to_string();
            assert!(again.is_solved(), "{:?}: {}", answer.units, why());
            checked += 1;
        }
    });
    assert!(checked > 200, "{checked}");
}

#[test]
fn a_conflict_is_the_same_every_time_and_when_it_was_written_and_read() {
    unsolvable(20, |universe, goal, outcome| {
        let conflict = Conflict::of(universe, goal, outcome).unwrap();
        assert_eq!(Conflict::of(universe, goal, outcome).as_ref(), Some(&conflict));
        let text = serde_json::to_string(&conflict).unwrap();
        assert_eq!(serde_json::from_str::<Conflict>(&text).unwrap(), conflict);
    });
}
