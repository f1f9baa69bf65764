//! Reasons in small worlds.

mod generated;
mod proof;
mod validated;
mod world;

use super::provenance::origins;
use super::*;
use crate::solve::rules::package::Ground;
use crate::solve::{Action, Profile};
use world::{Asked, World as Small};

/// What is told of a package in a world, without architectures; `None` where it is
/// neither there nor was.
fn told(small: &Small, name: &str) -> Option<String> {
    small.solved(Profile::LIBSOLV_0_7_39, |solved| {
        let explainer = solved.explainer();
        let mut packages = solved.universe.packages();
        let package = packages.find(|p| solved.universe.nevra(*p) == format!("{name}.x86_64"))?;
        let chain = explainer
            .arrival(package)
            .or_else(|| explainer.removal(package))
            .or_else(|| explainer.stay(package))?;
        Some(chain.to_string().replace(".x86_64", ""))
    })
}

fn sync(host: &str, target: &str) -> Small {
    Small::new(host, target, vec![Asked::Sync])
}

#[test]
fn a_needed_package_leads_to_the_one_that_needs_it_and_on_to_what_that_replaces() {
    let small = sync(
        "app-1-1.x86_64\n",
        "app-2-1.x86_64\n requires lib >= 2\nlib-2-1.x86_64\n requires base\nbase-1-1.x86_64\n",
    );
    insta::assert_snapshot!(told(&small, "base-1-1").unwrap());
}

#[test]
fn a_command_ends_the_chain_and_says_its_number() {
    let asked = vec![Asked::Sync, Asked::Install("tool".to_owned())];
    let small = Small::new("a-1-1.x86_64\n", "tool-1-1.x86_64\ntool-2-1.x86_64\n", asked);
    insta::assert_snapshot!(told(&small, "tool-2-1").unwrap());
}

#[test]
fn a_package_without_what_it_needs_is_followed_to_what_took_its_place() {
    let small = sync(
        "a-1-1.x86_64\n requires libold\nlib-1-1.x86_64\n provides libold\n",
        "lib-2-1.x86_64\n",
    );
    insta::assert_snapshot!(told(&small, "a-1-1").unwrap());
    small.solved(Profile::LIBSOLV_0_7_20, |solved| {
        let a = solved.universe.installed().next().unwrap();
        let chain = solved.explainer().removal(a).unwrap();
        let proof = chain.links[0].proof.as_deref().unwrap();
        insta::assert_json_snapshot!(proof);
    });
}

#[test]
fn a_package_whose_update_cannot_come_says_so() {
    let small = sync(
        "a-1-1.x86_64\n requires libold\nlib-1-1.x86_64\n provides libold\n",
        "lib-2-1.x86_64\na-2-1.x86_64\n requires missing\n",
    );
    let small = Small { best: false, ..small };
    insta::assert_snapshot!(told(&small, "a-1-1").unwrap());
}

#[test]
fn an_obsoleted_package_names_what_obsoletes_it() {
    let small = sync("old-1-1.x86_64\n", "new-1-1.x86_64\n obsoletes old < 2\n");
    insta::assert_snapshot!(told(&small, "old-1-1").unwrap());
    insta::assert_snapshot!(told(&small, "new-1-1").unwrap());
}

#[test]
fn an_unwanted_package_names_the_command_and_what_needs_it_follows() {
    let asked = vec![Asked::Sync, Asked::Erase("lib".to_owned())];
    let host = "app-1-1.x86_64\n requires lib\nlib-1-1.x86_64\n";
    let small = Small::new(host, "", asked);
    insta::assert_snapshot!(told(&small, "app-1-1").unwrap());
}

#[test]
fn weak_dependencies_are_told_as_such() {
    let small = sync(
        "a-1-1.x86_64\n",
        "a-2-1.x86_64\n recommends r\nr-1-1.x86_64\nplug-1-1.x86_64\n supplements a\n",
    );
    insta::assert_snapshot!(told(&small, "r-1-1").unwrap());
    insta::assert_snapshot!(told(&small, "plug-1-1").unwrap());
}

#[test]
fn packages_that_stay_say_why() {
    let target = "same-1-1.x86_64\nheld-2-1.x86_64\n";
    let host = "held-1-1.x86_64\nmine-1-1.x86_64\nsame-1-1.x86_64\n";
    let asked = vec![Asked::Sync, Asked::Keep("held-1-1.x86_64".to_owned())];
    let small = Small::new(host, target, asked);
    let all = ["held-1-1", "mine-1-1", "same-1-1"].map(|name| told(&small, name).unwrap());
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn another_provider_says_why_it_was_not_taken() {
    let small = sync(
        "a-1-1.x86_64\n",
        "a-2-1.x86_64\n requires cap\np-1-1.x86_64\n provides cap\n requires missing\n\
         q-2-1.x86_64\n provides cap\nq-1-1.x86_64\n provides cap\n",
    );
    insta::assert_snapshot!(told(&small, "q-2-1").unwrap());
}

#[test]
fn the_shortest_chain_is_told_beside_the_one_that_was_followed() {
    let small = sync(
        "app-1-1.x86_64\nlib-1-1.x86_64\n",
        "app-2-1.x86_64\n requires lib >= 2\nlib-2-1.x86_64\n requires base\nbase-1-1.x86_64\n",
    );
    small.solved(Profile::LIBSOLV_0_7_39, |solved| {
        let base = solved.universe.packages().last().unwrap();
        let chain = solved.explainer().shortest_arrival(base).unwrap();
        assert_eq!(chain.links.len(), 2);
        insta::assert_snapshot!(chain.to_string());
    });
}

#[test]
fn all_reasons_for_a_rule_are_kept_and_the_profile_says_which_is_first() {
    let target = "foo-2-1.x86_64\n obsoletes foo < 2\n conflicts foo < 2\n";
    let small = sync("foo-1-1.x86_64\n", target);
    for (profile, first) in
        [(Profile::LIBSOLV_0_7_20, "Conflicts"), (Profile::LIBSOLV_0_7_39, "SameName")]
    {
        small.solved(profile, |solved| {
            let world = super::World::new(&solved.universe, &solved.goal);
            let new = solved.universe.packages().last().unwrap();
            let old = solved.universe.installed().next().unwrap();
            let rule = [-Literal::of(new), -Literal::of(old)];
            let all = origins(&world, &rule);
            let told: Vec<String> =
                all.iter().map(|origin| format!("{:?}", origin.ground)).collect();
            assert_eq!(told.len(), 3);
            assert!(told[0].starts_with(first), "{told:?}");
            assert!(matches!(all[2].ground, Ground::Obsoletes(..)));
        });
    }
}

#[test]
fn a_chain_is_read_back_as_it_was_written() {
    let small = sync("a-1-1.x86_64\n", "a-2-1.x86_64\n recommends r\nr-1-1.x86_64\n");
    small.solved(Profile::LIBSOLV_0_7_39, |solved| {
        let explainer = solved.explainer();
        for package in solved.outcome.arriving() {
            let chain = explainer.arrival(package).unwrap();
            let text = serde_json::to_string(&chain).unwrap();
            assert_eq!(serde_json::from_str::<Chain>(&text).unwrap(), chain);
        }
        assert_eq!(solved.goal.commands[0].action, Action::Sync);
    });
}
