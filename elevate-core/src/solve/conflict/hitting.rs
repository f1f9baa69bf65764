//! The cheapest sets that have something in common with every core.

use fixedbitset::FixedBitSet;

/// One of `hit` has to be in a set that has all of `given`. Members are numbers from 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Core {
    pub(super) given: Vec<usize>,
    pub(super) hit: Vec<usize>,
}

/// What is asked of a set.
#[derive(Debug, Clone, Default)]
pub(super) struct Hitting {
    /// What each member costs.
    pub(super) costs: Vec<u32>,
    pub(super) cores: Vec<Core>,
    /// Groups, not all of which may have a member in the set.
    pub(super) closed: Vec<Vec<Vec<usize>>>,
}

/// How many sets are looked at. Real questions take a few hundred.
const MOST_STEPS: u32 = 200_000;

/// There are too many sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMany;

impl Hitting {
    /// The cheapest set, in order, and of those that cost the same one of the smallest:
    /// always the same. `None` where there is none.
    pub(super) fn cheapest(&self) -> Result<Option<Vec<usize>>, TooMany> {
        let size = self.costs.len();
        let mut walk = Walk {
            of: self,
            set: FixedBitSet::with_capacity(size),
            barred: FixedBitSet::with_capacity(size),
            best: None,
            steps: 0,
        };
        walk.from(0)?;
        Ok(walk.best.map(|(_, set)| set))
    }

    /// Whether a set is as asked.
    #[cfg(test)]
    fn is_met_by(&self, set: &[usize]) -> bool {
        let holds = |core: &Core| {
            let given = core.given.iter().all(|member| set.contains(member));
            !given || core.hit.iter().any(|member| set.contains(member))
        };
        let meets = |group: &Vec<usize>| group.iter().any(|member| set.contains(member));
        let is_closed = |closed: &Vec<Vec<usize>>| closed.iter().all(meets);
        self.cores.iter().all(holds) && !self.closed.iter().any(is_closed)
    }
}

/// What is compared: the cost, then how many.
type Price = (u32, usize);

struct Walk<'h> {
    of: &'h Hitting,
    set: FixedBitSet,
    /// Members that earlier branches have dealt with.
    barred: FixedBitSet,
    best: Option<(Price, Vec<usize>)>,
    steps: u32,
}

impl Walk<'_> {
    /// Looks at all sets that have the members taken so far and none that is barred.
    fn from(&mut self, cost: u32) -> Result<(), TooMany> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err(TooMany);
        }
        let meets = |group: &Vec<usize>| group.iter().any(|member| self.set.contains(*member));
        if self.of.closed.iter().any(|closed| closed.iter().all(meets)) {
            return Ok(());
        }
        let size = self.set.count_ones(..);
        if !self.may_be_best(cost, size) {
            return Ok(());
        }
        let Some(open) = self.narrowest() else {
            self.best = Some(((cost, size), self.set.ones().collect()));
            return Ok(());
        };
        for member in &open {
            self.set.insert(*member);
            self.from(cost + self.of.costs[*member])?;
            self.set.set(*member, false);
            self.barred.insert(*member);
        }
        for member in open {
            self.barred.set(member, false);
        }
        Ok(())
    }

    /// Whether a set with these members and more may be better than the best so far.
    /// Cores without a common member need one each.
    fn may_be_best(&self, mut cost: u32, mut size: usize) -> bool {
        let Some((best, _)) = &self.best else { return true };
        let mut seen = FixedBitSet::with_capacity(self.of.costs.len());
        for core in self.missed() {
            if core.hit.iter().any(|member| seen.contains(*member)) {
                continue;
            }
            seen.extend(core.hit.iter().copied());
            let ways = core.hit.iter().filter(|member| !self.barred.contains(**member));
            let Some(cheapest) = ways.map(|member| self.of.costs[*member]).min() else {
                return false;
            };
            cost += cheapest;
            size += 1;
        }
        (cost, size) < *best
    }

    /// Cores that are not hit yet.
    fn missed(&self) -> impl Iterator<Item = &Core> {
        let is_in = |member: &usize| self.set.contains(*member);
        self.of
            .cores
            .iter()
            .filter(move |core| core.given.iter().all(is_in) && !core.hit.iter().any(is_in))
    }

    /// Of the cores that are not hit, the one that leaves the fewest ways to do so; the
    /// cheapest way first.
    fn narrowest(&self) -> Option<Vec<usize>> {
        let ways = |core: &Core| -> Vec<usize> {
            core.hit.iter().copied().filter(|member| !self.barred.contains(*member)).collect()
        };
        let mut ways = self.missed().map(ways).min_by_key(Vec::len)?;
        ways.sort_by_key(|member| (self.of.costs[*member], *member));
        Some(ways)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator with a fixed seed.
    struct Seeded(u64);

    impl Seeded {
        fn next(&mut self, below: u64) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((self.0 >> 33) % below).unwrap()
        }

        fn some(&mut self, most: u64) -> Vec<usize> {
            let mut all: Vec<usize> = (0..=self.next(most)).map(|_| self.next(9)).collect();
            all.sort_unstable();
            all.dedup();
            all
        }
    }

    fn question(seeded: &mut Seeded) -> Hitting {
        let costs = (0..9).map(|_| u32::try_from(seeded.next(4)).unwrap()).collect();
        let core = |seeded: &mut Seeded| {
            let given = if seeded.next(4) == 0 { seeded.some(2) } else { Vec::new() };
            Core { given, hit: seeded.some(4) }
        };
        let cores = (0..=seeded.next(7)).map(|_| core(seeded)).collect();
        let group = |seeded: &mut Seeded| (0..=seeded.next(2)).map(|_| seeded.some(2)).collect();
        let closed = (0..seeded.next(3)).map(|_| group(seeded)).collect();
        Hitting { costs, cores, closed }
    }

    fn price(of: &Hitting, set: &[usize]) -> Price {
        (set.iter().map(|member| of.costs[*member]).sum(), set.len())
    }

    /// What the best of all sets costs.
    fn brute_force(of: &Hitting) -> Option<Price> {
        let sets = (0u32..1 << 9).map(|bits| (0..9).filter(|at| bits >> at & 1 == 1).collect());
        let met = sets.filter(|set: &Vec<usize>| of.is_met_by(set));
        met.map(|set| price(of, &set)).min()
    }

    #[test]
    fn no_set_is_better_than_the_one_that_is_found() {
        let mut seeded = Seeded(3);
        let mut without = 0;
        for _ in 0..2_000 {
            let question = question(&mut seeded);
            let found = question.cheapest().unwrap();
            without += usize::from(found.is_none());
            assert!(found.as_ref().is_none_or(|set| question.is_met_by(set)), "{question:?}");
            let found = found.map(|set| price(&question, &set));
            assert_eq!(found, brute_force(&question), "{question:?}");
        }
        assert!((20..1_000).contains(&without), "{without}");
    }

    #[test]
    fn many_cores_that_have_nothing_in_common_take_no_time() {
        let core = |at: usize| Core { given: Vec::new(), hit: vec![2 * at, 2 * at + 1] };
        let cores = (0..60).map(core).collect();
        let question = Hitting { costs: vec![1; 120], cores, closed: Vec::new() };
        let expected = (0..60).map(|at| 2 * at).collect();
        assert_eq!(question.cheapest(), Ok(Some(expected)));
    }

    #[test]
    fn nothing_is_given_up_where_there_is_no_core() {
        assert_eq!(Hitting::default().cheapest(), Ok(Some(Vec::new())));
    }

    #[test]
    fn a_question_with_too_many_sets_is_given_up() {
        let pairs = (0..24).flat_map(|a| (a + 1..24).map(move |b| vec![a, b]));
        let cores = pairs.map(|hit| Core { given: Vec::new(), hit }).collect();
        let closed = (0..24).map(|at| vec![vec![at], vec![(at + 1) % 24]]).collect();
        let question = Hitting { costs: vec![1; 24], cores, closed };
        assert_eq!(question.cheapest(), Ok(None));
        let core = |at: usize| Core { given: Vec::new(), hit: (at * 9..at * 9 + 9).collect() };
        let closed = vec![vec![(0..9).collect()]];
        let mut question =
            Hitting { costs: vec![0; 81], cores: (0..9).map(core).collect(), closed };
        question.cores.rotate_left(1);
        assert_eq!(question.cheapest(), Err(TooMany));
    }
}
