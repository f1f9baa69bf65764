//! What the order of events decides, and what it must not.

use super::*;
use crate::upgrade_data::UpgradeData;

const SPLIT: &str = r#"{"id": "1", "action": 4, "release": {"major_version": 8, "minor_version": 0},
    "in_packageset": {"package": [{"name": "pearl", "repository": "base"}]},
    "out_packageset": {"package": [{"name": "pearl", "repository": "new-b"},
                                   {"name": "shell", "repository": "new-b"}]}}"#;
const RENAMED: &str = r#"{"id": "2", "action": 7, "release": {"major_version": 8, "minor_version": 0},
    "in_packageset": {"package": [{"name": "pearl-core", "repository": "base"}]},
    "out_packageset": {"package": [{"name": "pearl", "repository": "new-a"}]}}"#;
const REMOVED: &str = r#"{"id": "4", "action": 1, "release": {"major_version": 8, "minor_version": 0},
    "in_packageset": {"package": [{"name": "pearl", "repository": "base"}]}}"#;
const LATER: &str = r#"{"id": "3", "action": 7, "release": {"major_version": 8, "minor_version": 1},
    "initial_release": {"major_version": 8, "minor_version": 0},
    "in_packageset": {"package": [{"name": "pearl", "repository": "new-a"}]},
    "out_packageset": {"package": [{"name": "gem", "repository": "new-a"}]}}"#;

fn file(events: &[&str]) -> EventFile {
    let text = format!("{{\"packageinfo\": [{}]}}", events.join(","));
    let directory = [("pes-events.json", text)].into_iter().collect();
    UpgradeData::from_directory(&directory).events.unwrap().value
}

/// Evolves `pearl` and `pearl-core` to 8.10 and shows the result.
fn evolved(events: &[&str], rules: &Rules, show: impl Fn(&Evolution<'_>) -> String) -> String {
    let file = file(events);
    let steps = steps(&file, &Arch::X86_64, rules).taken;
    let releases = relevant_releases(&steps, Release::new(7, 9), Release::new(8, 10));
    let settled = settle(&without_leapp(&steps), &releases);
    let id = |name: &str| PackageId::plain(name.parse().unwrap());
    let base = ["pearl", "pearl-core"].map(|name| (id(name), Some("base".to_owned()))).into();
    show(&evolve(&base, &settled, &releases, 7, rules))
}

fn places(evolution: &Evolution<'_>) -> String {
    let place = |(id, member): (&PackageId, &Member)| {
        format!("{id}@{}", member.repository.as_deref().unwrap_or("-"))
    };
    evolution.target.iter().map(place).collect::<Vec<_>>().join(" ")
}

#[test]
fn of_two_events_that_bring_a_package_the_order_does_not_say_from_where() {
    for events in [[SPLIT, RENAMED], [RENAMED, SPLIT]] {
        assert_eq!(evolved(&events, &Rules::RIGHT, places), "pearl@new-a shell@new-b");
    }
}

/// Joining a set, an equal member changes nothing: leapp keeps the repository it
/// has for the package, be it the source's or an earlier event's.
#[test]
fn for_leapp_the_first_event_says_from_where_and_what_is_there_keeps_its_own() {
    let to_gem = RENAMED.replace("\"pearl\"", "\"gem\"");
    let same_release = LATER.replace("\"minor_version\": 1", "\"minor_version\": 0");
    let gem_b = "\"gem\", \"repository\": \"new-b\"";
    let also_to_gem = same_release.replace("\"gem\", \"repository\": \"new-a\"", gem_b);
    let leapp = |events: &[&str]| evolved(events, &Rules::LEAPP_0_21, places);
    assert_eq!(leapp(&[&to_gem, &also_to_gem]), "gem@new-a");
    assert_eq!(leapp(&[&also_to_gem, &to_gem]), "gem@new-b");
    assert_eq!(leapp(&[RENAMED]), "pearl@base");
}

#[test]
fn a_newcomer_is_taken_up_by_events_of_later_releases_only() {
    for events in [[SPLIT, RENAMED, LATER], [LATER, RENAMED, SPLIT]] {
        let show = |evolution: &Evolution<'_>| {
            let brought = PackageId::plain("pearl".parse().unwrap());
            let fired = |at: usize| &*evolution.fired[at].step.event.id;
            assert!(evolution.order_dependent.is_empty());
            assert_eq!(evolution.taken_up_from(0, &brought), 2);
            assert_eq!(evolution.taken_up_from(1, &brought), 2);
            fired(2).to_owned()
        };
        assert_eq!(evolved(&events, &Rules::RIGHT, show), "3");
    }
}

#[test]
fn where_the_order_decides_a_newcomer_may_be_taken_up_at_once() {
    let show = |evolution: &Evolution<'_>| {
        let brought = PackageId::plain("pearl".parse().unwrap());
        assert!(evolution.order_dependent.contains_key(&brought));
        evolution.taken_up_from(0, &brought).to_string()
    };
    assert_eq!(evolved(&[RENAMED, REMOVED], &Rules::RIGHT, show), "1");
}
