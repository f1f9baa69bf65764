//! Which packages matter, and their rules, sorted and each once (solver-rules.md
//! A4.2 and A4.4).

use std::cmp::Ordering;
use std::collections::VecDeque;

use super::package::{self, Ground, Sink};
use super::{Class, Rules};
use crate::model::RichOperator;
use crate::solve::goal::Action;
use crate::solve::set::Set;
use crate::solve::world::{Mode, World};
use crate::universe::{
    List, Literal, Operator, Relation, RuledOut, SolvableId, Term, TermKind, Universe,
};

/// Adds the rules of all packages that matter.
pub(super) fn add(rules: &mut Rules, world: &World<'_>) {
    let mut closure = Closure::default();
    closure.members.insert(SolvableId::SYSTEM);
    let universe = world.universe;
    for package in universe.installed() {
        closure.include(world, package);
    }
    for package in universe.installed() {
        for update in world.updates(package, Mode::All) {
            closure.include(world, update);
        }
    }
    for command in world.goal.commands.iter().filter(|c| c.action == Action::Install) {
        for package in world.selected(&command.selection) {
            closure.include(world, package);
        }
    }
    closure.include_weak(world);
    closure.store(rules);
    debug_assert_eq!(rules.range(Class::Package).end, rules.end());
}

#[derive(Default)]
struct Closure {
    members: Set,
    open: VecDeque<SolvableId>,
    literals: Vec<Literal>,
    ends: Vec<u32>,
}

impl Sink for Closure {
    fn rule(&mut self, literals: &[Literal], _: Ground) {
        if literals.len() > 2 && contradicts_itself(literals) {
            return;
        }
        self.literals.extend_from_slice(literals);
        self.ends.push(u32::try_from(self.literals.len()).unwrap_or(u32::MAX));
    }

    fn matters(&mut self, packages: &[SolvableId]) {
        self.open.extend(packages.iter().filter(|package| !self.members.contains(**package)));
    }
}

impl Closure {
    /// Adds the rules of a package, and of those that it makes matter.
    fn include(&mut self, world: &World<'_>, package: SolvableId) {
        self.open.push_back(package);
        while let Some(next) = self.open.pop_front() {
            if self.members.insert(next) {
                package::tell(world, next, self);
            }
        }
    }

    /// Packages that bring themselves along, as long as there are new ones.
    fn include_weak(&mut self, world: &World<'_>) {
        let universe = world.universe;
        let may_come = |package: &SolvableId| {
            package.is_installed()
                || universe.ruled_out(*package).is_none_or(RuledOut::is_a_provider)
                    && world.is_installable(*package)
        };
        let installed = universe.installed().filter(|package| {
            [List::Supplements, List::Enhances]
                .iter()
                .any(|list| !universe.list(*package, *list).is_empty())
        });
        let all = installed.chain(universe.target().with_supplements().iter().copied());
        let mut waiting: Vec<SolvableId> = all.filter(may_come).collect();
        loop {
            let before = waiting.len();
            waiting.retain(|package| {
                let known = self.members.contains(*package);
                if !known && self.comes_along(universe, *package) {
                    self.include(world, *package);
                    return false;
                }
                !known
            });
            if waiting.len() == before {
                return;
            }
        }
    }

    fn comes_along(&self, universe: &Universe, package: SolvableId) -> bool {
        [List::Supplements, List::Enhances].into_iter().any(|list| {
            let terms = universe.list(package, list);
            terms.iter().any(|term| self.is_possible(universe, *term))
        })
    }

    /// Whether a weak dependency could hold among the packages that matter.
    fn is_possible(&self, universe: &Universe, term: Term) -> bool {
        let relation = match term.kind() {
            TermKind::Relation(id) => universe.relation(id),
            TermKind::Text(_) => None,
        };
        if let Some(Relation { left, operator: Operator::Rich(operator), right }) = relation {
            let of = |term| self.is_possible(universe, term);
            match operator {
                RichOperator::If | RichOperator::Unless => return true,
                RichOperator::And => return of(left) && of(right),
                RichOperator::Or => return of(left) || of(right),
                _ => {}
            }
        }
        universe.providers(term).iter().any(|package| self.members.contains(*package))
    }

    /// Sorts the rules and stores each once.
    fn store(self, rules: &mut Rules) {
        let Self { members, literals, ends, .. } = self;
        let rule = |at: u32| {
            let start = match at.checked_sub(1) {
                None => 0,
                Some(before) => ends[before as usize] as usize,
            };
            &literals[start..ends[at as usize] as usize]
        };
        // Most rules differ in their first two literals, which are compared as one number.
        let mut order: Vec<(u64, u32)> =
            (0..).take(ends.len()).map(|at| (as_one(leading(rule(at))), at)).collect();
        order.sort_unstable();
        let whole = |a: u32, b: u32| compare(rule(a), rule(b));
        for alike in order.chunk_by_mut(|(a, _), (b, _)| a == b) {
            alike.sort_by(|(_, a), (_, b)| whole(*a, *b));
        }
        order.dedup_by(|(a, at), (b, bt)| a == b && whole(*at, *bt) == Ordering::Equal);
        for (_, at) in order {
            rules.add(rule(at).iter().copied());
        }
        rules.members = members;
    }
}

/// The order of rules: by their first literals, and what has fewer than three
/// before what has more.
pub(super) fn compare(a: &[Literal], b: &[Literal]) -> Ordering {
    leading(a).cmp(&leading(b)).then_with(|| match (a.len() > 2, b.len() > 2) {
        (true, true) => {
            let mut others = (2..a.len().max(b.len())).map(|at| number(a, at).cmp(&number(b, at)));
            others.find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
        }
        (longer, other) => longer.cmp(&other),
    })
}

/// The numbers of the first two literals.
fn leading(rule: &[Literal]) -> [i32; 2] {
    [0, 1].map(|at| number(rule, at))
}

/// Two numbers as one of the same order.
fn as_one(numbers: [i32; 2]) -> u64 {
    let [first, second] = numbers.map(|number| u64::from(number.cast_unsigned() ^ 1 << 31));
    first << 32 | second
}

/// The number of a literal; 0 where there is none.
fn number(rule: &[Literal], at: usize) -> i32 {
    rule.get(at).map_or(0, |literal| literal.number())
}

fn contradicts_itself(literals: &[Literal]) -> bool {
    let mut negative = literals.iter().filter(|literal| !literal.is_positive());
    negative.any(|literal| literals.contains(&-*literal))
}
