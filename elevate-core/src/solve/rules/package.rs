//! What one package needs, and what it cannot be beside (solver-rules.md A4.3).

use crate::model::RichOperator;
use crate::solve::world::World;
use crate::universe::{
    Form, List, Literal, NOARCH, Normal, Operator, Relation, SolvableId, Term, TermKind,
};

/// Why a package rule is there. The order is that in which reasons are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// The package cannot be chosen.
    NotInstallable,
    /// Nothing provides what it needs.
    NothingProvides(Term),
    /// It needs this.
    Requires(Term),
    /// It conflicts with something the system itself provides.
    ConflictsWithSystem(Term),
    /// It cannot be beside another.
    Conflicts(Term, Option<SolvableId>),
    /// Only one of the name can be installed.
    SameName(SolvableId),
    /// It takes the place of another.
    Obsoletes(Term, SolvableId),
    /// It is installed, and takes the place of another.
    InstalledObsoletes(Term, SolvableId),
}

/// Where rules of packages go.
pub(in crate::solve) trait Sink {
    /// A rule: literals in order, none twice.
    fn rule(&mut self, literals: &[Literal], ground: Ground);

    /// Packages whose rules matter too.
    fn matters(&mut self, packages: &[SolvableId]);
}

/// Tells all rules of a package.
pub(in crate::solve) fn tell(world: &World<'_>, package: SolvableId, sink: &mut impl Sink) {
    let mut teller = Teller {
        world,
        package,
        keep: package.is_installed(),
        own: -Literal::of(package),
        clause: Vec::new(),
        sink,
    };
    teller.installable();
    teller.requires();
    teller.conflicts();
    teller.obsoletes();
    teller.same_name();
    teller.better_architectures();
    teller.weak();
}

struct Teller<'w, 'u, S> {
    world: &'w World<'u>,
    package: SolvableId,
    /// It is installed: what is broken already is left alone.
    keep: bool,
    own: Literal,
    clause: Vec<Literal>,
    sink: &'w mut S,
}

impl<S: Sink> Teller<'_, '_, S> {
    fn installable(&mut self) {
        if !self.keep && !self.world.is_installable(self.package) {
            self.never(Ground::NotInstallable);
        }
    }

    fn requires(&mut self) {
        let universe = self.world.universe;
        let plain = universe.list(self.package, List::Requires).len();
        for (at, term) in universe.requires(self.package).iter().copied().enumerate() {
            if self.keep && at >= plain && universe.was_needed_once(self.package, term) {
                continue;
            }
            if universe.is_complex(term) {
                self.rich(term, List::Requires);
                continue;
            }
            let providers = universe.providers(term);
            if providers.first() == Some(&SolvableId::SYSTEM)
                || self.keep && !providers.iter().any(|p| p.is_installed())
            {
                continue;
            }
            if providers.is_empty() {
                self.never(Ground::NothingProvides(term));
            } else if !providers.contains(&self.package) {
                self.clause.clear();
                self.clause.push(self.own);
                self.clause.extend(providers.iter().copied().map(Literal::of));
                self.sink.rule(&self.clause, Ground::Requires(term));
                self.sink.matters(providers);
            }
        }
    }

    fn conflicts(&mut self) {
        let universe = self.world.universe;
        for term in universe.list(self.package, List::Conflicts).iter().copied() {
            if universe.is_complex(term) {
                self.rich(term, List::Conflicts);
                continue;
            }
            for other in universe.providers(term).iter().copied() {
                if other == SolvableId::SYSTEM {
                    self.never(Ground::ConflictsWithSystem(term));
                } else if other != self.package && !(self.keep && other.is_installed()) {
                    self.not_beside(other, Ground::Conflicts(term, Some(other)));
                }
            }
        }
    }

    fn obsoletes(&mut self) {
        let universe = self.world.universe;
        if self.world.multi.contains(self.package)
            && !self.world.goal.switches.keep_explicit_obsoletes
        {
            return;
        }
        for term in universe.list(self.package, List::Obsoletes).iter().copied() {
            for other in universe.providers(term).iter().copied() {
                let both = self.keep && other.is_installed();
                if other == self.package || both || !universe.is_named(other, term) {
                    continue;
                }
                let ground = match self.keep {
                    true => Ground::InstalledObsoletes(term, other),
                    false => Ground::Obsoletes(term, other),
                };
                self.not_beside(other, ground);
            }
        }
    }

    fn same_name(&mut self) {
        if self.keep {
            return;
        }
        let world = self.world;
        let is_multi = world.multi.contains(self.package);
        for other in world.of_name(self.package) {
            let beside = is_multi
                && (!other.is_installed() || world.multi.contains(other))
                && !world.is_same_build(self.package, other);
            if other != self.package && !beside && world.shares_colour(self.package, other) {
                self.not_beside(other, Ground::SameName(other));
            }
        }
    }

    /// The same version for a better architecture matters where both go together.
    fn better_architectures(&mut self) {
        let world = self.world;
        let (score, evr) = (world.universe.score(self.package), world.universe.evr(self.package));
        if score <= NOARCH || !world.goal.switches.colours {
            return;
        }
        for other in world.of_name(self.package) {
            let better = (NOARCH + 1..score).contains(&world.universe.score(other));
            if better && world.universe.evr(other) == evr {
                self.sink.matters(&[other]);
            }
        }
    }

    fn weak(&mut self) {
        let universe = self.world.universe;
        for list in [List::Recommends, List::Suggests] {
            for term in universe.list(self.package, list) {
                self.follow(*term);
            }
        }
    }

    /// What a weak dependency may bring.
    fn follow(&mut self, term: Term) {
        let universe = self.world.universe;
        if !universe.is_complex(term) {
            self.sink.matters(universe.providers(term));
            return;
        }
        let mut open = vec![(term, true)];
        while let Some((term, sign)) = open.pop() {
            let relation = match term.kind() {
                TermKind::Relation(id) if universe.is_complex(term) => universe.relation(id),
                _ => None,
            };
            let Some(Relation { left, operator: Operator::Rich(operator), right }) = relation
            else {
                if sign {
                    self.sink.matters(universe.providers(term));
                }
                continue;
            };
            match operator {
                RichOperator::If | RichOperator::Unless => {
                    open.push((left, sign));
                    let (condition, otherwise) = otherwise(self.world, right);
                    open.push((condition, !sign));
                    if let Some(otherwise) = otherwise {
                        open.push((otherwise, sign));
                        if self.world.goal.profile.follow_else {
                            open.push((condition, sign));
                        }
                    }
                }
                _ => open.extend([(left, sign), (right, sign)]),
            }
        }
    }

    /// A rich dependency (solver-rules.md A4.3 g).
    fn rich(&mut self, term: Term, list: List) {
        let universe = self.world.universe;
        let normal = match list {
            List::Conflicts => universe.normalize(term, Form::Disjunctive).map(Normal::inverse),
            _ => universe.normalize(term, Form::Conjunctive),
        };
        let ground = match list {
            List::Conflicts => Ground::Conflicts(term, None),
            _ => Ground::Requires(term),
        };
        let blocks = match normal {
            Ok(Normal::All) => return,
            Ok(Normal::Blocks(blocks)) => blocks,
            // One that cannot be written down in bounded memory cannot be met.
            Ok(Normal::None) | Err(_) => {
                if !self.keep {
                    self.never(match list {
                        List::Conflicts => ground,
                        _ => Ground::NothingProvides(term),
                    });
                }
                return;
            }
        };
        for block in blocks {
            self.block(&block, ground, list);
        }
    }

    fn block(&mut self, block: &[Literal], ground: Ground, list: List) {
        let holds = |literal: &Literal| literal.package().is_installed() == literal.is_positive();
        if self.keep && !block.iter().any(holds) || block.contains(&Literal::of(self.package)) {
            return;
        }
        if block == [self.own] {
            if list != List::Conflicts {
                self.never(ground);
            }
            return;
        }
        self.clause.clear();
        self.clause.extend_from_slice(block);
        if !self.clause.contains(&self.own) {
            self.clause.push(self.own);
        }
        self.clause.sort_unstable();
        self.sink.rule(&self.clause, ground);
        for literal in block.iter().filter(|literal| literal.is_positive()) {
            self.sink.matters(&[literal.package()]);
        }
    }

    fn never(&mut self, ground: Ground) {
        self.sink.rule(&[self.own], ground);
    }

    fn not_beside(&mut self, other: SolvableId, ground: Ground) {
        let mut pair = [self.own, -Literal::of(other)];
        pair.sort_unstable();
        self.sink.rule(&pair, ground);
    }
}

/// What stands behind `if` and `unless`: the condition, and what is behind `else`.
pub(in crate::solve) fn otherwise(world: &World<'_>, right: Term) -> (Term, Option<Term>) {
    if let TermKind::Relation(id) = right.kind()
        && let Some(Relation { left, operator, right }) = world.universe.relation(id)
        && operator == Operator::Rich(RichOperator::Else)
    {
        return (left, Some(right));
    }
    (right, None)
}
