//! What leapp would do otherwise: each kind fires, alone where it can.

use super::*;

#[track_caller]
fn differs(world: &World, kind: &str, summary: &str) {
    let findings = differences(&world.ours(), &world.leapp());
    let found: Vec<&str> = findings.iter().filter(|f| f.id == kind).map(|f| &*f.summary).collect();
    assert_eq!(found, [summary], "{kind}; all: {:?}", texts(findings.iter().map(|f| f.id.clone())));
}

#[test]
fn each_difference_is_told_with_what_it_is_about() {
    let plain = World::plain().installed("a");
    let nowhere = plain.clone().event("MOVED a -> a@nowhere");
    differs(&nowhere, "leapp.would-remove", "1 package: a.");
    let vendor = plain.clone().enabled("base updates v").vendor("v", "v v-7 v-8", "v-8");
    let hidden = vendor.only_events(&[]).vendor_event("v", "REPLACED a -> b@v-8");
    differs(&hidden, "leapp.would-not-remove", "1 package: a.");
    differs(&hidden, "leapp.would-not-install", "1 package: b.");
    let unapproved = plain.clone().event_with("SPLIT a -> a b", json!({"is_approved": false}));
    differs(&unapproved, "leapp.would-install", "1 package: b.");
    let reinstalled = plain.clone().event("REINSTALLED a -> a");
    differs(&reinstalled, "leapp.would-not-reinstall", "1 package: a.");
    let modular = plain.clone().event("MOVED a -> a[m:1]");
    differs(&modular, "leapp.would-lose-modules", "1 module: m:1.");
    let unapproved =
        plain.clone().event_with("SPLIT a -> a[m:1] b[m:1]", json!({"is_approved": false}));
    differs(&unapproved, "leapp.would-enable-modules", "1 module: m:1.");
}

#[test]
fn lost_repositories_are_those_nobody_else_asks_for() {
    let shared = World::plain()
        .enabled("base updates shared")
        .vendor("idle", "idle idle-7 idle-8", "idle-8")
        .vendor("one", "shared one-7 one-8", "one-8")
        .vendor("two", "shared two-7 two-8", "two-8");
    differs(&shared, "leapp.would-lose-repositories", "1 repository: one-8.");
    // The map's repositories come back through the list of custom ones.
    let vendor = World::plain().vendor("v", "v v-7 v-8", "v-8");
    assert_eq!(differences(&vendor.ours(), &vendor.leapp()), []);
}

#[test]
fn stops_and_inhibitors_of_leapps_alone_are_told() {
    let stopped = World::plain().installed("a").only_events(&["REMOVED a -> | 8.5 9.0"]);
    differs(
        &stopped,
        "leapp.would-stop",
        "pes_events_scanner ends in an unhandled exception: no event lies between the source and the target release.",
    );
    let events = json!({"packageinfo": [], "provided_data_streams": ["2.0"]}).to_string();
    let older = World::plain().file("pes-events.json", &events);
    differs(
        &older,
        "leapp.would-inhibit",
        "Upgrade data is for another generation of tools (check_consumed_assets): pes-events.json is for older tools.",
    );
}

#[test]
fn equal_decisions_have_no_difference() {
    let world = World::plain().installed("a b").event("REPLACED a -> c").list("to_remove", "b");
    assert_eq!(differences(&world.ours(), &world.leapp()), []);
}
