//! What events make of packages: the facts of formats.md 1.10.

use super::*;

/// Installed packages, events, and what leapp's scan emits; ours is the same.
fn scan(installed: &str, events: &[&str]) -> (String, String) {
    let world = World::plain().installed(installed).only_events(events);
    let (leapp, ours) = (world.leapp(), world.ours());
    let text = |decisions: &Decisions| {
        let tasks = decisions.tasks.clone().unwrap_or_default();
        let list = |set: &BTreeSet<PackageName>| texts(set).join(" ");
        format!(
            "+{} -{} ={}",
            list(&tasks.to_install),
            list(&tasks.to_remove),
            list(&tasks.to_upgrade)
        )
    };
    (text(&leapp), text(&ours))
}

#[test]
fn actions_do_what_leapps_own_tests_say() {
    let split = "SPLIT original -> split01 split02 | 7.6 8.0";
    let reintroduced = ["REMOVED r -> | 7.9 8.0", "PRESENT r@baseos -> | 8.0 8.1"];
    let merged = ["MERGED in1 in2 -> out"];
    let all = [
        split,
        "REMOVED removed ->",
        "PRESENT present@baseos ->",
        "REMOVED r ->",
        "PRESENT r@baseos -> | 8.0 8.1",
        "PRESENT -> neverthere | 8.0 8.1",
    ];
    let cases: [(&str, &[&str], &str); 12] = [
        ("original", &[split], "+split01 split02 -original ="),
        ("removed", &["REMOVED removed ->"], "+ -removed ="),
        ("present", &["PRESENT present@baseos ->"], "+ - =present"),
        ("r", &reintroduced, "+ - =r"),
        ("in1 in2", &merged, "+out -in1 in2 ="),
        ("in1", &merged, "+out -in1 ="),
        ("deprecated", &["DEPRECATED deprecated@baseos ->"], "+ - =deprecated"),
        ("a", &["REPLACED a -> b"], "+b -a ="),
        ("a", &["MOVED a -> b"], "+b -a ="),
        ("a", &["RENAMED a -> b"], "+b -a ="),
        ("A B", &["SPLIT A -> A B"], "+ - =A B"),
        ("original removed present r", &all, "+split01 split02 -original removed =present r"),
    ];
    for (installed, events, expected) in cases {
        let expected = expected.to_owned();
        assert_eq!(scan(installed, events), (expected.clone(), expected), "{installed} {events:?}");
    }
}

#[test]
fn conditions_are_tested_on_the_set_the_release_began_with() {
    let cases: [(&str, &[&str], &str); 6] = [
        ("a", &["SPLIT a b -> c"], "+ - =a"),
        ("a", &["REPLACED a -> b", "REPLACED b -> c"], "+b -a ="),
        ("a", &["REPLACED a -> b", "REPLACED b -> c | 8.0 8.1"], "+c -a ="),
        ("a", &["REPLACED a -> b | 7.9 7.9", "REMOVED a -> | 8.0 8.1"], "+ -a ="),
        ("a", &["REPLACED a -> b | 8.5 9.0", "REMOVED z ->"], "+ - =a"),
        ("a", &["REPLACED a -> b", "PRESENT a@baseos -> | 8.0 8.1"], "+b - =a"),
    ];
    for (installed, events, expected) in cases {
        let expected = expected.to_owned();
        assert_eq!(scan(installed, events), (expected.clone(), expected), "{installed} {events:?}");
    }
}

#[test]
fn of_events_with_the_same_start_the_latest_wins_and_equals_are_united() {
    let latest = ["REPLACED a -> b", "REPLACED a -> c | 7.9 8.1"];
    let equal = ["REPLACED a -> b", "REPLACED a -> c"];
    let three = ["REPLACED a -> b | 7.9 8.1", "REPLACED a -> c | 7.9 8.1", "REPLACED a -> d"];
    let other_start = ["REPLACED a -> b | 7.6 8.0", "REPLACED a -> c | 7.7 8.1"];
    let cases: [(&[&str], &str); 4] = [
        (&latest, "+c -a ="),
        (&equal, "+b c -a ="),
        (&three, "+d -a ="),
        (&other_start, "+b -a ="),
    ];
    for (events, expected) in cases {
        assert_eq!(scan("a", events), (expected.into(), expected.into()), "{events:?}");
    }
}

#[test]
fn the_order_of_the_files_decides_contradictions_of_one_release() {
    let sip = ["SPLIT sip-devel -> sip", "SPLIT sip -> python3-sip"];
    let world = World::plain().installed("sip sip-devel").only_events(&sip);
    world.decides(
        "install python3-sip; remove sip sip-devel",
        "install python3-sip; remove sip sip-devel; finding events.order-dependent",
    );
    let turned = World::plain().installed("sip sip-devel").only_events(&[sip[1], sip[0]]);
    turned.decides(
        "install python3-sip; remove sip-devel; upgrade sip",
        "install python3-sip; remove sip-devel; upgrade sip; finding events.order-dependent",
    );
}

#[test]
fn modular_events_apply_to_packages_of_their_stream() {
    let events = |world: World| world.event("MOVED in -> out").event("MOVED in[m:s] -> out[m:s]");
    events(World::plain().installed("in"))
        .decides("install out; remove in", "install out; remove in");
    let modular = "install out; remove in; enable m:s";
    events(World::plain().installed("in[m:s]")).decides(modular, modular);
}

#[test]
fn a_stream_no_event_knows_is_lost_on_the_way_to_the_next_major() {
    let world = World::plain()
        .installed("modular[m1:s] d[m2:s]")
        .event("MOVED modular[m1:s] -> modular[m2:s]");
    let scan = world.ours().event_scan.expect("it ran");
    assert_eq!(texts(&scan.modules), ["m2:s"]);
    world.decides(
        "upgrade d modular",
        "upgrade d modular; enable m2:s; finding leapp.would-lose-modules",
    );
}

/// leapp takes the package without its stream from where it was, not from
/// where an event put the modular one.
#[test]
fn a_demodularised_package_keeps_the_repository_of_the_host() {
    let world = World::plain()
        .installed("p[m:s] x")
        .event_with(
            "REPLACED x -> p[m:s]@nowhere",
            json!({"modulestream_maps": [{"in_modulestream": null, "out_modulestream": {"name": "m", "stream": "s"}}]}),
        );
    world.decides("remove x; upgrade p", "remove x; upgrade p");
}

#[test]
fn wishes_change_what_events_see() {
    let world = World::plain()
        .installed("pkg-a pkg-c q")
        .list("to_install", "pkg-a pkg-b")
        .list("to_remove", "pkg-c pkg-d")
        .event("REPLACED pkg-b -> pkg-e")
        .event("REPLACED pkg-c -> pkg-f");
    world.decides(
        "install pkg-b pkg-e; remove pkg-c; upgrade pkg-a q",
        "install pkg-b pkg-e; remove pkg-c; upgrade pkg-a q; finding user.matches-nothing",
    );
}

#[test]
fn the_whole_actor_does_what_leapps_own_test_says() {
    let world = World::plain().installed("split-in moved-in removed").only_events(&[
        "SPLIT split-in -> split-out0 split-out1",
        "MERGED split-out0 split-out1 -> merged-out | 8.0 8.1",
        "MOVED moved-in -> moved-out",
        "REMOVED removed -> | 7.9 8.1",
        "DEPRECATED irrelevant ->",
    ]);
    let expected = "install merged-out moved-out; remove moved-in removed split-in";
    world.decides(expected, expected);
}

#[test]
fn events_about_leapp_are_dropped_whole_and_others_like_it_are_not() {
    let world = World::plain()
        .installed("leapp other a other-pkg-with-leapp-in-the-name")
        .only_events(&["REPLACED leapp other -> b", "REMOVED other-pkg-with-leapp-in-the-name ->"]);
    world.decides(
        "remove other-pkg-with-leapp-in-the-name; upgrade a leapp other",
        "remove other-pkg-with-leapp-in-the-name; upgrade a other",
    );
    // They still are events that lie on the path.
    let only = World::plain().installed("leapp a").only_events(&["REMOVED leapp ->"]);
    only.decides("upgrade a leapp", "upgrade a");
}

#[test]
fn of_two_copies_of_a_name_the_first_gives_the_repository() {
    let world =
        World::plain().installed("a@updates a@base z@base").event("REPLACED z -> y@updates");
    let scan = world.leapp().event_scan.expect("it ran");
    assert_eq!(texts(&scan.to_install), ["y"]);
    assert!(scan.repositories.is_empty(), "`updates` counts as a source: {scan:?}");
    let turned =
        World::plain().installed("a@base a@updates z@base").event("REPLACED z -> y@updates");
    turned.decides(
        "remove z; upgrade a; finding events.unresolved-repository",
        "upgrade a; finding events.nothing-resolves events.unresolved-repository leapp.would-remove",
    );
}
