//! What would go along with a package.

use super::condition::Node;
use super::walk::Direction;
use super::{Bonds, DependencyGraph, Requirement, Wanted};
use crate::universe::SolvableId;

/// What becomes of a host when some packages are taken away, and with them
/// whatever cannot do without.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Removal {
    /// The packages asked about, in order.
    pub asked: Vec<SolvableId>,
    /// What goes along: first what cannot do without those asked about, then
    /// what cannot do without these, and so on.
    pub rounds: Vec<Vec<Leaving>>,
    /// What stays and would then be needed by nothing that somebody wants, in
    /// order: candidates of an `autoremove`. Never what a user asked for, or
    /// what nothing needed before.
    pub left_over: Vec<SolvableId>,
}

/// A package that goes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// The package.
    pub package: SolvableId,
    /// Its requirements that nobody meets any more.
    pub because: Vec<Requirement>,
}

impl DependencyGraph<'_> {
    /// What removing packages would take along. A package goes when one of its
    /// requirements held and no provider of it is left; one that was broken
    /// already is no reason. What a package only recommends is none either.
    ///
    /// What only scripts needed while a package was installed counts as well: dnf
    /// keeps it whole, though rpm by itself lets it break.
    pub fn removal(&self, packages: &[SolvableId]) -> Removal {
        let mut going: Vec<Node> = packages.iter().filter_map(|p| self.node(*p)).collect();
        going.sort_unstable();
        going.dedup();
        let asked = going.iter().map(|node| self.package(*node)).collect();
        let mut state = self.state.clone();
        let mut rounds = Vec::new();
        loop {
            let lost = state.remove(&going, &self.conditions, &self.provided, &self.whole);
            let broken = lost.iter().flat_map(|id| self.asking(*id));
            let broken = broken.filter(|r| r.bond.is_hard() && state.is_here(r.owner));
            let round = by_package(broken.copied().collect());
            if round.is_empty() {
                break;
            }
            going = round.iter().filter_map(|leaving| self.node(leaving.package)).collect();
            rounds.push(round);
        }
        let start = self.kept().into_iter().filter(|node| state.is_here(*node)).collect();
        let held = self.spread(&state, start, Direction::Needs, usize::MAX, Bonds::All);
        let left = |node: &Node| state.is_here(*node) && held[*node as usize].is_none();
        let left_over = self.nodes().filter(left).map(|node| self.package(node)).collect();
        Removal { asked, rounds, left_over }
    }

    /// Packages that came for the sake of others, and that nothing anybody
    /// wanted needs any more, in order. A package of which nobody noted why it
    /// came counts as wanted. As far as dependencies are known.
    pub fn orphans(&self) -> Vec<SolvableId> {
        let came = |node: &Node| self.wanted[*node as usize] == Wanted::AsDependency;
        let wanted = self.nodes().filter(|node| !came(node)).collect();
        let held = self.spread(&self.state, wanted, Direction::Needs, usize::MAX, Bonds::All);
        let orphans = self.nodes().filter(|node| held[*node as usize].is_none());
        orphans.map(|node| self.package(node)).collect()
    }

    /// Packages that stay for their own sake: wanted ones, and those that nothing
    /// outside of their own circle needs.
    fn kept(&self) -> Vec<Node> {
        let tops = self.tops().iter().flatten();
        let mut kept: Vec<Node> = tops.filter_map(|package| self.node(*package)).collect();
        kept.extend(self.nodes().filter(|node| self.wanted[*node as usize] == Wanted::ForItself));
        kept.sort_unstable();
        kept.dedup();
        kept
    }
}

fn by_package(mut broken: Vec<Requirement>) -> Vec<Leaving> {
    broken.sort_by_key(|requirement| requirement.package);
    let same = |a: &Requirement, b: &Requirement| a.package == b.package;
    let of_one = |because: &[Requirement]| {
        let package = because.first().map_or(SolvableId::SYSTEM, |requirement| requirement.package);
        Leaving { package, because: because.to_vec() }
    };
    broken.chunk_by(same).map(of_one).collect()
}
