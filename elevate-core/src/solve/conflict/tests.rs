//! What is given up, in small worlds (solver-search.md B7.2 and B8.4).

mod generated;

use super::*;
use crate::model::RepoId;
use crate::solve::{Fixed, Profile, Switches};
use crate::universe::tests::universe;

fn goal(commands: Vec<Command>) -> Goal {
    Goal { commands, switches: Switches::DNF, profile: Profile::LIBSOLV_0_7_20 }
}

/// Follow the repositories, with the best of everything.
fn sync() -> Command {
    let sync = Command::new(Action::Sync, Selection::Available);
    Command { best: true, fixed: Fixed::BY_DNF, ..sync }
}

fn install(universe: &Universe, name: &str) -> Command {
    let packages = universe.meaning(name).packages;
    Command { fixed: Fixed::BY_DNF, ..Command::new(Action::Install, Selection::OneOf(packages)) }
}

fn may_erase(universe: &Universe) -> impl Iterator<Item = Command> {
    universe.installed().map(|p| Command::new(Action::AllowErase, Selection::One(p)))
}

fn package(universe: &Universe, nevra: &str) -> SolvableId {
    universe.packages().find(|p| universe.nevra(*p) == format!("{nevra}.x86_64")).unwrap()
}

fn shown(sets: &ChangeSets) -> Vec<String> {
    sets.sets.iter().map(|set| format!("{} {set}", set.cost).replace(".x86_64", "")).collect()
}

const OLD_LIBRARY: &str = "a-1-1.x86_64\n requires libold\nlib-1-1.x86_64\n provides libold\n";

#[test]
fn of_two_commands_that_contradict_each_other_either_can_be_left_out() {
    let universe = universe("", &["x-1-1.x86_64\n conflicts y\ny-1-1.x86_64\n"]);
    let goal = goal(vec![install(&universe, "x"), install(&universe, "y")]);
    let sets = after(&universe, &goal);
    assert_eq!(shown(&sets), ["10 do not install x-1-1", "10 do not install y-1-1"]);
    assert_eq!(sets.more, More::No);
}

#[test]
fn the_story_leads_from_what_is_asked_to_what_cannot_be() {
    let host = "d-1-1.x86_64\n conflicts b\n";
    let target = "a-1-1.x86_64\n requires cap\nb-1-1.x86_64\n provides cap\n\
                  c-1-1.x86_64\n provides cap\nc-2-1.x86_64\n provides cap\n requires missing\n";
    let mut universe = universe(host, &[target]);
    assert!(universe.exclude(&["c-1*".to_owned()]).is_empty());
    let conflict = conflict(&universe, &goal(vec![install(&universe, "a")]));
    insta::assert_snapshot!(conflict);
    insta::assert_json_snapshot!(conflict.problems[0].story);
}

#[test]
fn a_goal_with_a_solution_has_no_conflict() {
    let universe = universe("a-1-1.x86_64\n", &[""]);
    let goal = goal(vec![sync()]);
    assert_eq!(Conflict::of(&universe, &goal, &goal.solve(&universe)), None);
}

#[test]
fn a_conflict_with_what_a_package_requires_is_named_rather_than_the_need() {
    let universe =
        universe("b-1-1.x86_64\n provides cap\n", &["x-1-1.x86_64\n requires cap\n conflicts b\n"]);
    let conflict = conflict(&universe, &goal(vec![install(&universe, "x")]));
    let headline = conflict.problems[0].headline.to_string();
    assert_eq!(headline, "x-1-1.x86_64 conflicts with b (b-1-1.x86_64)");
}

#[test]
fn what_two_problems_need_is_given_up_together() {
    let target = "x-1-1.x86_64\n conflicts y\ny-1-1.x86_64\nu-1-1.x86_64\n requires missing\n";
    let universe = universe("", &[target]);
    let all = ["x", "y", "u"].map(|name| install(&universe, name));
    let sets = after(&universe, &goal(all.to_vec()));
    let expected = [
        "20 do not install x-1-1, and do not install u-1-1",
        "20 do not install y-1-1, and do not install u-1-1",
    ];
    assert_eq!(shown(&sets), expected);
}

#[test]
fn where_nothing_may_be_erased_that_or_keeping_the_old_is_proposed() {
    let universe = universe(OLD_LIBRARY, &["lib-2-1.x86_64\n"]);
    let sets = after(&universe, &goal(vec![sync()]));
    assert_eq!(
        shown(&sets),
        ["1 erase a-1-1", "3 keep lib-1-1, which the repositories do not have"]
    );
    assert_eq!(sets.more, More::No);
    assert_eq!(sets.sets[1].difference.with, ["a-1-1.x86_64", "lib-1-1.x86_64"]);
}

#[test]
fn a_best_package_that_cannot_come_can_be_done_without() {
    let host = "p-1-1.x86_64\n";
    let universe = universe(host, &["p-2-1.x86_64\n requires missing\np-1.5-1.x86_64\n"]);
    let commands = std::iter::once(sync()).chain(may_erase(&universe)).collect();
    let sets = after(&universe, &goal(commands));
    let expected = ["0 erase p-1-1", "1 take p-1.5-1 for p-1-1, though it is not the best"];
    assert_eq!(shown(&sets), expected);
}

#[test]
fn a_protected_package_is_not_erased_lightly() {
    let host = "p-1-1.x86_64\nq-1-1.x86_64\n";
    let universe = universe(host, &["x-1-1.x86_64\n conflicts p\n"]);
    let q = package(&universe, "q-1-1");
    let commands =
        vec![install(&universe, "x"), Command::new(Action::AllowErase, Selection::One(q))];
    let sets = after(&universe, &goal(commands));
    assert_eq!(shown(&sets), ["10 erase p-1-1", "10 do not install x-1-1"]);
}

#[test]
fn nothing_helps_a_package_that_needs_what_nobody_has() {
    let universe = universe("", &["x-1-1.x86_64\n requires missing\n"]);
    let sets = ChangeSets::keeping(&universe, &goal(Vec::new()), package(&universe, "x-1-1"));
    assert_eq!((sets.sets.len(), sets.more), (0, More::No));
    assert_eq!(sets.to_string(), "nothing that could be changed helps\n");
}

#[test]
fn a_package_that_would_go_stays_where_what_it_needs_is_kept() {
    let host = "a-1-1.x86_64\n requires libold\nb-1-1.x86_64\n requires libold\n\
                lib-1-1.x86_64\n provides libold\n";
    let universe = universe(host, &["lib-2-1.x86_64\n"]);
    let commands = std::iter::once(sync()).chain(may_erase(&universe)).collect();
    let goal = goal(commands);
    let a = package(&universe, "a-1-1");
    assert!(!goal.solve(&universe).is_present(a));
    let sets = ChangeSets::keeping(&universe, &goal, a);
    assert_eq!(shown(&sets), ["3 keep lib-1-1, which the repositories do not have"]);
    let with = &sets.sets[0].difference.with;
    assert_eq!(with.join(" "), "a-1-1.x86_64 b-1-1.x86_64 lib-1-1.x86_64");
    assert_eq!(sets.sets[0].difference.without, ["lib-2-1.x86_64"]);
}

#[test]
fn a_package_that_stays_needs_no_change() {
    let universe = universe("a-1-1.x86_64\n", &[""]);
    let sets = ChangeSets::keeping(&universe, &goal(Vec::new()), package(&universe, "a-1-1"));
    assert_eq!(shown(&sets), ["0 change nothing"]);
    assert_eq!(sets.sets[0].difference, Difference::default());
}

#[test]
fn a_repository_that_is_not_used_is_proposed_where_it_helps() {
    let texts = [
        "x-1-1.x86_64\n requires (cap and cap)\n",
        "helps-1-1.x86_64\n provides cap = 1\n",
        "broken-1-1.x86_64\n provides cap\n requires missing\n",
        "other-1-1.x86_64\n",
    ];
    let universe = universe("", &texts[..1]);
    let goal = goal(vec![install(&universe, "x")]);
    let before = goal.solve(&universe);
    let mut conflict = Conflict::of(&universe, &goal, &before).unwrap();
    let others: Vec<RepoId> = ["b", "c", "d"].map(|id| id.parse().unwrap()).into();
    let mut asked = Vec::new();
    conflict.try_repositories(&universe, &before, &others, |id| {
        asked.push(id.to_string());
        // The letters of repositories are those of their places.
        let at = others.iter().position(|other| other == id)? + 1;
        let mut used = vec![texts[0]];
        used.resize(at, "");
        used.push(texts[at]);
        let larger = crate::universe::tests::universe("", &used);
        let goal = super::tests::goal(vec![install(&larger, "x")]);
        Some((larger, goal))
    });
    assert_eq!(asked, ["b", "c", "d"]);
    assert_eq!(shown(&conflict.changes), ["1 use the repository b", "10 do not install x-1-1"]);
    let with = &conflict.changes.sets[0].difference.with;
    assert_eq!(with.join(" "), "helps-1-1.x86_64 x-1-1.x86_64");
}

/// The changes after which a goal can be had that cannot.
fn after(universe: &Universe, goal: &Goal) -> ChangeSets {
    conflict(universe, goal).changes
}

fn conflict(universe: &Universe, goal: &Goal) -> Conflict {
    Conflict::of(universe, goal, &goal.solve(universe)).unwrap()
}
