//! Packages that come by weak dependencies.

use std::collections::BTreeMap;

use super::chain::{Because, Fate};
use super::{Explainer, Next, Step};
use crate::solve::decisions::{Decisions, ROOT};
use crate::solve::policy::{Newness, newness, open_blocks};
use crate::universe::{List, Literal, SolvableId, Term, TermKind};

/// Who recommends each package, in the order in which those were decided.
pub(super) type Wishes = BTreeMap<SolvableId, Vec<(SolvableId, Term)>>;

impl Explainer<'_> {
    /// The link of a package that somebody recommends, or that comes along with another.
    pub(super) fn wished(&self, package: SolvableId) -> Option<Step> {
        self.recommended(package).or_else(|| self.supplements(package))
    }

    fn recommended(&self, package: SolvableId) -> Option<Step> {
        let wishes = self.wishes.get_or_init(|| self.index_wishes());
        let all = wishes.get(&package)?.iter().copied();
        let (by, term) = all
            .filter(|(by, _)| self.was_false(-Literal::of(*by), package))
            .find(|(_, term)| self.was_open(*term, package))?;
        let (by_name, capability) = (self.speaker().name(by), self.speaker().capability(term));
        let because = Because::Recommended { by: by_name, capability };
        Some(self.plain(package, because, Next::to(by)))
    }

    /// Everything new packages recommend and is there.
    fn index_wishes(&self) -> Wishes {
        let mut wishes = Wishes::new();
        for by in self.outcome.arriving() {
            for term in self.world.universe.list(by, List::Recommends) {
                for package in self.named(*term) {
                    if self.fate(package) == Fate::Comes {
                        wishes.entry(package).or_default().push((by, *term));
                    }
                }
            }
        }
        wishes
    }

    /// Whether something recommended was not there before a package that is just that.
    fn was_open(&self, term: Term, package: SolvableId) -> bool {
        if self.world.universe.is_complex(term) {
            return open_blocks(&self.world, &self.before(package), term).contains(&package);
        }
        let providers = self.world.universe.providers(term);
        !providers.iter().any(|other| self.was_false(-Literal::of(*other), package))
    }

    /// What it supplements: of what held before it, the first that a new package has to do
    /// with.
    fn supplements(&self, package: SolvableId) -> Option<Step> {
        let before = self.before(package);
        let terms = self.world.universe.list(package, List::Supplements).iter().copied();
        let holds = |term: &Term| newness(&self.world, &before, *term) == Newness::New;
        let new = |p: &SolvableId| !p.is_installed() && before.is_present(*p);
        let first = |term: Term| {
            let named = self.named(term).into_iter();
            named.filter(new).min_by_key(|p| self.place(*p)).map(|with| (term, with))
        };
        // A condition of a rich one may have changed since it was looked at.
        let (term, with) = terms.clone().filter(holds).find_map(first).or_else(|| {
            let mut terms = terms;
            terms.find_map(first)
        })?;
        let (with_name, capability) = (self.speaker().name(with), self.speaker().capability(term));
        let because = Because::Supplements { with: with_name, capability };
        Some(self.plain(package, because, Next::to(with)))
    }

    /// All packages that a term is about, those of conditions too.
    fn named(&self, term: Term) -> Vec<SolvableId> {
        let universe = self.world.universe;
        let mut open = vec![term];
        let mut found = Vec::new();
        while let Some(term) = open.pop() {
            match term.kind() {
                TermKind::Relation(id) if universe.is_complex(term) => {
                    open.extend(universe.relation(id).iter().flat_map(|r| [r.left, r.right]));
                }
                _ => found.extend(universe.providers(term)),
            }
        }
        found
    }

    /// What was decided before a package.
    fn before(&self, package: SolvableId) -> Decisions {
        let mut before = Decisions::new(self.world.universe.end());
        let count = self.place(package).saturating_sub(1) as usize;
        for decision in self.outcome.decisions.iter().take(count) {
            before.decide(decision.literal, ROOT, decision.cause);
        }
        before
    }
}
