//! Our own answer.

use elevate_core::solve::{Changes, Goal, Gone, Kind, Outcome, Profile};
use elevate_core::universe::Universe;

use super::answer::Answer;
use super::request;
use super::story::Story;
use super::world::World;

/// What becomes of a story.
pub fn solve(story: &Story, world: &World, profile: Profile) -> Result<Answer, String> {
    let universe = world.universe();
    let goal = match (&story.dnf, &story.libsolv) {
        (Some(dnf), None) => request::calls(dnf, profile)?.plan(&universe).goal,
        (None, Some(libsolv)) => request::goal(libsolv, world, &universe, profile)?,
        _ => return Err("either dnf or libsolv is asked".to_owned()),
    };
    let outcome = goal.solve(&universe);
    Ok(answer(world, &universe, &goal, &outcome))
}

fn answer(world: &World, universe: &Universe, goal: &Goal, outcome: &Outcome) -> Answer {
    if !outcome.is_solved() {
        return Answer::unsolvable(outcome.problems().len());
    }
    let changes = Changes::of(universe, goal, outcome);
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
