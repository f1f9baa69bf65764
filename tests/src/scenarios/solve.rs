//! Our own answer.

use elevate_core::solve::{Changes, Gone, Kind, Profile, Solved};
use elevate_core::universe::Universe;

use super::answer::Answer;
use super::request;
use super::story::Story;
use super::world::World;

impl Story {
    /// In which profiles our answer is not what is expected; empty where it is.
    pub fn judge(&self, name: &str) -> String {
        let world = match World::of(self) {
            Ok(world) => world,
            Err(error) => return format!("{name}: {error}\n"),
        };
        let mut wrong = String::new();
        for profile in Profile::ALL {
            let Some(expected) = self.expected(&profile) else { continue };
            let difference = match solve(self, &world, profile) {
                Ok(answer) => answer.difference(expected),
                Err(error) => format!("  {error}\n"),
            };
            if !difference.is_empty() {
                let libsolv = profile.libsolv;
                wrong += &format!("{name}, libsolv {libsolv}: {}\n{difference}", self.title);
            }
        }
        wrong
    }
}

/// What becomes of a story.
pub fn solve(story: &Story, world: &World, profile: Profile) -> Result<Answer, String> {
    let universe = world.universe();
    match (&story.dnf, &story.libsolv) {
        (Some(dnf), None) => {
            let calls = request::calls(dnf, profile)?;
            let Solved { goal, outcome, running_kernel, .. } = calls.solve(&universe);
            if !outcome.is_solved() {
                return Ok(Answer::unsolvable(outcome.problems().len()));
            }
            let changes = Changes::of(&universe, &goal, &outcome);
            if !calls.policy.refused(&universe, running_kernel, &changes).is_empty() {
                return Ok(Answer::unsolvable(1));
            }
            Ok(answer(world, &universe, &changes))
        }
        (None, Some(libsolv)) => {
            let goal = request::goal(libsolv, world, &universe, profile)?;
            let outcome = goal.solve(&universe);
            if !outcome.is_solved() {
                return Ok(Answer::unsolvable(outcome.problems().len()));
            }
            Ok(answer(world, &universe, &Changes::of(&universe, &goal, &outcome)))
        }
        _ => Err("either dnf or libsolv is asked".to_owned()),
    }
}

fn answer(world: &World, universe: &Universe, changes: &Changes) -> Answer {
    let show = |package| world.show(universe, package);
    let came = |kind: Kind| {
        let of_kind = changes.arriving.iter().filter(move |arriving| arriving.kind == kind);
        of_kind.map(|arriving| show(arriving.package)).collect()
    };
    let went = |how: Gone| {
        let so = changes.leaving.iter().filter(move |leaving| leaving.how == how);
        so.map(|leaving| show(leaving.package)).collect()
    };
    let answer = Answer {
        problems: 0,
        install: came(Kind::Install),
        upgrade: came(Kind::Upgrade),
        downgrade: came(Kind::Downgrade),
        reinstall: came(Kind::Reinstall),
        erase: went(Gone::Erased),
        obsoleted: went(Gone::Obsoleted),
    };
    answer.renamed(|package| world.short(package))
}
