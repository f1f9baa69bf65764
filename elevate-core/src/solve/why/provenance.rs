//! Which dependencies a rule comes from (solver-rules.md A5). Nothing of it is
//! stored: the rules of the packages it is about are told once more.

use crate::solve::profile::Profile;
use crate::solve::rules::negative;
use crate::solve::rules::package::{Ground, Sink, tell};
use crate::solve::world::World;
use crate::universe::{Literal, SolvableId};

/// A reason for a package rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::solve) struct Origin {
    /// The package that says so.
    pub(in crate::solve) from: SolvableId,
    /// What it says.
    pub(in crate::solve) ground: Ground,
}

/// All reasons for a package rule, the one to be told first in front.
pub(in crate::solve) fn origins(world: &World<'_>, rule: &[Literal]) -> Vec<Origin> {
    let mut found = Vec::new();
    for from in negative(rule) {
        tell(world, from, &mut Same { rule, from, found: &mut found });
    }
    // Stable: of one kind, those told first stay in front.
    found.sort_by_key(|origin| precedence(world.goal.profile, origin.ground));
    found
}

/// Keeps the grounds of rules that are equal to one.
struct Same<'r> {
    rule: &'r [Literal],
    from: SolvableId,
    found: &'r mut Vec<Origin>,
}

impl Sink for Same<'_> {
    fn rule(&mut self, literals: &[Literal], ground: Ground) {
        let origin = Origin { from: self.from, ground };
        if literals == self.rule && !self.found.contains(&origin) {
            self.found.push(origin);
        }
    }

    fn matters(&mut self, _: &[SolvableId]) {}
}

/// The lower the earlier it is told.
fn precedence(profile: Profile, ground: Ground) -> u32 {
    match ground {
        Ground::SameName(_) if profile.same_name_first => 0,
        Ground::NotInstallable => 1,
        Ground::NothingProvides(_) => 2,
        Ground::Requires(_) => 3,
        Ground::ConflictsWithSystem(_) => 4,
        Ground::Conflicts(..) => 5,
        Ground::SameName(_) => 6,
        Ground::Obsoletes(..) => 7,
        Ground::InstalledObsoletes(..) => 8,
    }
}
