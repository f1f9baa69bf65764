//! What weak dependencies say of packages as things stand (solver-search.md B4.7
//! and B5.2).

use super::super::decisions::Decisions;
use super::super::rules::package::otherwise;
use super::super::set::Set;
use super::super::world::World;
use crate::model::RichOperator;
use crate::universe::{
    Form, List, Literal, Normal, Operator, Relation, SolvableId, Term, TermKind,
};

/// What packages that are there recommend and suggest, kept up to date as decisions
/// are made.
#[derive(Debug, Clone, Default)]
pub(in crate::solve) struct Advice {
    recommended: Set,
    suggested: Set,
    /// How many decisions were looked at.
    seen: usize,
    /// Rich ones, which later decisions may change.
    rich: Vec<(List, Term)>,
}

impl Advice {
    /// Forgets what was said after so many decisions.
    pub(in crate::solve) fn forget_after(&mut self, decisions: usize) {
        if self.seen > decisions {
            self.clear();
        }
    }

    pub(in crate::solve) fn clear(&mut self) {
        if self.seen > 0 {
            self.recommended.clear();
            self.suggested.clear();
            self.rich.clear();
            self.seen = 0;
        }
    }

    /// Looks at the decisions made since.
    pub(in crate::solve) fn refresh(&mut self, world: &World<'_>, decisions: &Decisions) {
        let new = decisions.queue().get(self.seen..).unwrap_or_default();
        if new.is_empty() {
            return;
        }
        for decision in new.iter().filter(|decision| decision.literal.is_positive()) {
            self.listen(world, decision.literal.package());
        }
        self.seen = decisions.queue().len();
        self.weigh_rich(world, decisions);
    }

    fn weigh_rich(&mut self, world: &World<'_>, decisions: &Decisions) {
        for (list, term) in std::mem::take(&mut self.rich) {
            let blocks = blocks(world, term);
            let applies = |block: &&Vec<Literal>| {
                let mut against = block.iter().filter(|literal| !literal.is_positive());
                against.all(|literal| decisions.is_present(literal.package()))
            };
            for block in blocks.iter().filter(applies) {
                let good = block.iter().filter(|l| l.is_positive()).map(|l| l.package());
                self.set(list).extend(good);
            }
            self.rich.push((list, term));
        }
    }

    /// What a package that is there says.
    fn listen(&mut self, world: &World<'_>, package: SolvableId) {
        for list in [List::Recommends, List::Suggests] {
            for term in world.universe.list(package, list).iter().copied() {
                if world.universe.is_complex(term) {
                    self.rich.push((list, term));
                } else {
                    self.set(list).extend(world.universe.providers(term).iter().copied());
                }
            }
        }
    }

    fn set(&mut self, list: List) -> &mut Set {
        match list {
            List::Suggests => &mut self.suggested,
            _ => &mut self.recommended,
        }
    }

    pub(in crate::solve) fn is_recommended(&self, package: SolvableId) -> bool {
        self.recommended.contains(package)
    }

    pub(in crate::solve) fn is_suggested(&self, package: SolvableId) -> bool {
        self.suggested.contains(package)
    }
}

/// A rich weak dependency as clauses; none where it always or never holds.
fn blocks(world: &World<'_>, term: Term) -> Vec<Vec<Literal>> {
    match world.universe.normalize(term, Form::Conjunctive) {
        Ok(Normal::Blocks(blocks)) => blocks,
        Ok(Normal::All | Normal::None) | Err(_) => Vec::new(),
    }
}

/// What a rich recommendation wants that is not decided yet.
pub(in crate::solve) fn open_blocks(
    world: &World<'_>,
    decisions: &Decisions,
    term: Term,
) -> Vec<SolvableId> {
    let mut open: Vec<SolvableId> = Vec::new();
    for block in blocks(world, term) {
        let present = |literal: &Literal| decisions.is_present(literal.package());
        if !block.iter().all(|literal| literal.is_positive() != present(literal)) {
            continue;
        }
        for literal in block.iter().filter(|literal| literal.is_positive()) {
            let package = literal.package();
            if decisions.is_open(package) && !open.contains(&package) {
                open.push(package);
            }
        }
    }
    open
}

/// Whether a package comes along with what is there.
pub(in crate::solve) fn is_supplementing(
    world: &World<'_>,
    decisions: &Decisions,
    package: SolvableId,
) -> bool {
    let terms = world.universe.list(package, List::Supplements);
    terms.iter().any(|term| newness(world, decisions, *term) != Newness::Unmet)
}

/// Whether a package is of use beside what is there.
pub(in crate::solve) fn is_enhancing(
    world: &World<'_>,
    decisions: &Decisions,
    package: SolvableId,
) -> bool {
    let terms = world.universe.list(package, List::Enhances);
    terms.iter().any(|term| newness(world, decisions, *term) != Newness::Unmet)
}

/// Whether a dependency holds, and whether something new makes it hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::solve) enum Newness {
    /// It does not hold.
    Unmet,
    /// It holds.
    Met,
    /// It holds, and a package that is not installed has to do with it.
    New,
}

/// Whether a dependency holds as things stand (solver-search.md B5.2).
pub(in crate::solve) fn newness(world: &World<'_>, decisions: &Decisions, term: Term) -> Newness {
    let of = |term| newness(world, decisions, term);
    let relation = match term.kind() {
        TermKind::Relation(id) => world.universe.relation(id),
        TermKind::Text(_) => None,
    };
    let Some(Relation { left, operator: Operator::Rich(operator), right }) = relation else {
        return plain(world, decisions, term);
    };
    match operator {
        RichOperator::And => match (of(left), of(right)) {
            (Newness::Unmet, _) | (_, Newness::Unmet) => Newness::Unmet,
            (a, b) => a.max(b),
        },
        RichOperator::Or => of(left).max(of(right)),
        RichOperator::If | RichOperator::Unless => {
            let is_if = operator == RichOperator::If;
            let (condition, otherwise) = otherwise(world, right);
            let condition = of(condition);
            match otherwise {
                None if is_if => match (of(left), condition) {
                    (Newness::Unmet, Newness::Unmet) => Newness::Met,
                    (Newness::Unmet, _) => Newness::Unmet,
                    (a, _) => a,
                },
                None => match condition {
                    Newness::Unmet => of(left),
                    _ => Newness::Unmet,
                },
                Some(otherwise) => {
                    let (then, otherwise) =
                        if is_if { (left, otherwise) } else { (otherwise, left) };
                    match condition {
                        Newness::Unmet => of(otherwise),
                        condition => match of(then) {
                            Newness::Unmet => Newness::Unmet,
                            then if condition == Newness::New => then.max(Newness::New),
                            then => then,
                        },
                    }
                }
            }
        }
        _ => plain(world, decisions, term),
    }
}

fn plain(world: &World<'_>, decisions: &Decisions, term: Term) -> Newness {
    let present = world.universe.providers(term).iter().filter(|p| decisions.is_present(**p));
    present
        .map(|p| if p.is_installed() { Newness::Met } else { Newness::New })
        .max()
        .unwrap_or(Newness::Unmet)
}
