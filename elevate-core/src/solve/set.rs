//! Sets of packages.

use fixedbitset::FixedBitSet;

use crate::universe::SolvableId;

/// A set of packages, by their numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Set(FixedBitSet);

impl Set {
    /// Adds a package; whether it is new.
    pub(super) fn insert(&mut self, package: SolvableId) -> bool {
        let at = package.index();
        if at >= self.0.len() {
            self.0.grow((at + 1).next_power_of_two());
        }
        !self.0.put(at)
    }

    pub(super) fn remove(&mut self, package: SolvableId) {
        if package.index() < self.0.len() {
            self.0.set(package.index(), false);
        }
    }

    pub(super) fn contains(&self, package: SolvableId) -> bool {
        self.0.contains(package.index())
    }

    /// Its packages, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = SolvableId> + '_ {
        self.0.ones().filter_map(SolvableId::numbered)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_clear()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl Extend<SolvableId> for Set {
    fn extend<I: IntoIterator<Item = SolvableId>>(&mut self, packages: I) {
        for package in packages {
            self.insert(package);
        }
    }
}
