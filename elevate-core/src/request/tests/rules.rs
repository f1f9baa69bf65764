//! One test for each field of [`Rules`]: leapp's outcome, then ours.

use super::*;

/// `emulate_stops` (formats.md 0, 1.4, 2.2).
#[test]
fn a_broken_file_ends_leapps_run_and_is_an_error_of_ours() {
    let world = World::plain().installed("a").file("pes-events.json", "{");
    assert_eq!(outcome(&world.leapp()), "stop pes_events_scanner");
    let error = world.decide(Policy::Default).unwrap_err();
    assert_eq!(error.file, "pes-events.json");
}

/// `only_map_version_1_2_1` (12.16).
#[test]
fn leapp_reads_maps_of_one_version_only() {
    let map = map(&[("base", "base baseos")], &["baseos baseos"]);
    let world = World::plain()
        .installed("a")
        .event("REPLACED a -> b")
        .file("repomap.json", &map.to_string().replace("1.2.1", "1.2.0"));
    world.decides(
        "stop repository_mapping repositories_blacklist pes_events_scanner",
        "install b; remove a; finding leapp.would-stop",
    );
}

/// `first_map_only` (12.2).
#[test]
fn any_vendors_map_hides_the_main_one_from_leapps_repositories() {
    let world = World::plain().installed("a@base").vendor("v", "v v-7 v-8", "v-8");
    world.decides("upgrade a; finding repositories.unmapped", "upgrade a");
    assert_eq!(world.leapp().mapped_repositories, Some(BTreeSet::new()));
    assert_eq!(texts(world.ours().mapped_repositories.unwrap()), ["appstream", "baseos"]);
}

/// `vendors_by_substring` (12.12).
#[test]
fn leapp_takes_a_left_over_map_for_a_vendors() {
    let left_over = map(&[("v", "v-7 v-8")], &["v-8 v-8"]).to_string();
    let world = World::plain()
        .enabled("base updates v")
        .vendor("v", "v v-7 v-8", "v-8")
        .file("vendors.d/v_map.json.rpmsave", &left_over);
    assert_eq!(world.leapp().active_vendors, ["v_map.jso"]);
    assert_eq!(world.ours().active_vendors, ["v"]);
}

/// `one_vendor_a_repository` (12.12).
#[test]
fn of_vendors_that_claim_one_repository_leapp_activates_the_last() {
    let world = World::plain()
        .enabled("base updates shared")
        .vendor("idle", "idle idle-7 idle-8", "idle-8")
        .vendor("one", "shared one-7 one-8", "one-8")
        .vendor("two", "shared two-7 two-8", "two-8");
    assert_eq!(world.leapp().active_vendors, ["two"]);
    assert_eq!(world.ours().active_vendors, ["one", "two"]);
    world.decides("", "finding leapp.would-lose-repositories");
}

/// `enabled_is_literal_1` (12.13).
#[test]
fn leapp_takes_enabled_yes_for_disabled() {
    let world = World::plain()
        .host_file("v.repo", "[v]\nname=v\nbaseurl=http://v\nenabled=yes\n")
        .vendor("v", "v v-7 v-8", "v-8");
    assert_eq!(world.leapp().active_vendors, [""; 0]);
    assert_eq!(world.ours().active_vendors, ["v"]);
}

/// `keys_by_substring` (12.14).
#[test]
fn leapp_looks_for_keys_anywhere_in_the_signature_and_in_one_case() {
    let world = World::plain()
        .enabled("base v")
        .vendor("v", "v v-7 v-8", "v-8")
        .file("vendors.d/v.sigs", "ABCDEF0123456789\n \n");
    let plain = world
        .clone()
        .file("vendors.d/v.sigs", "ABCDEF0123456789\n")
        .installed("a=abcdef0123456789@v");
    assert_eq!(texts(plain.leapp().unsigned), ["a"]);
    assert_eq!(texts(plain.ours().signed), ["a"]);
    // A line with a blank is part of nearly every signature text.
    let foreign = world.installed("a=0000000000000000@x b!@x");
    assert_eq!(texts(foreign.leapp().signed), ["a"]);
    assert_eq!(texts(foreign.ours().unsigned), ["a", "b"]);
}

/// `ignore_arches` (12.9).
#[test]
fn leapp_does_not_know_the_field_arches() {
    let world = World::plain()
        .installed("fprintd")
        .event_with("REMOVED fprintd ->", json!({"arches": ["aarch64"]}));
    world.decides("remove fprintd", "upgrade fprintd; finding leapp.would-remove");
}

/// `ignore_approval` (12.9).
#[test]
fn leapp_applies_events_nobody_approved() {
    let world =
        World::plain().installed("a").event_with("REPLACED a -> b", json!({"is_approved": false}));
    world.decides(
        "install b; remove a",
        "upgrade a; finding events.unapproved leapp.would-install leapp.would-remove",
    );
}

/// `fire_without_inputs` (12.6).
#[test]
fn leapp_applies_an_event_that_starts_from_nothing_to_every_host() {
    let maps = json!({"modulestream_maps": [{"in_modulestream": {"name": "no", "stream": "1"},
        "out_modulestream": {"name": "m", "stream": "1"}}]});
    let world = World::plain().installed("a").event_with("REPLACED x -> z[m:1]", maps);
    world.decides(
        "install z; upgrade a; enable m:1",
        "upgrade a; finding events.without-inputs leapp.would-enable-modules leapp.would-install",
    );
}

/// `lose_modular_outputs` (12.6).
#[test]
fn leapp_removes_what_leads_into_a_stream_no_map_names() {
    let unmapped = json!({"modulestream_maps": []});
    let world = World::plain().installed("a b").event_with("REPLACED a -> z[m:1]", unmapped);
    world.decides(
        "remove a; upgrade b",
        "upgrade b; finding events.lost-modular-output leapp.would-remove",
    );
}

/// `remove_unresolved` (12.1).
#[test]
fn leapp_removes_what_moves_to_a_repository_no_map_resolves() {
    let world = World::plain().installed("a b").event("MOVED a -> a@nowhere").event("MOVED b -> b");
    world.decides(
        "remove a; upgrade b; finding events.unresolved-repository",
        "upgrade b; finding events.unresolved-repository leapp.would-remove",
    );
}

/// `repository_tells_provenance` (1.6, last paragraph).
#[test]
fn leapp_takes_a_family_named_like_a_source_repository_for_no_event() {
    let world = World::plain().installed("a@updates b").event("REPLACED b -> c@updates");
    world.decides(
        "install c; remove b; upgrade a",
        "upgrade a; finding events.nothing-resolves events.unresolved-repository \
         leapp.would-install leapp.would-remove",
    );
}

/// `broken_reinstall` (12.4).
#[test]
fn leapp_reinstalls_nothing_or_dies() {
    let world = World::plain().installed("a b").event("REINSTALLED a -> a");
    world.decides("upgrade a b", "reinstall a; upgrade b; finding leapp.would-not-reinstall");
    world
        .event("REMOVED b ->")
        .decides("stop pes_events_scanner!", "remove b; reinstall a; finding leapp.would-stop");
}

/// `tasks_only_on_name_difference` (12.5).
#[test]
fn leapp_loses_the_module_of_a_package_that_keeps_its_name() {
    let world = World::plain().installed("a").event("MOVED a -> a[m:1]@appstream");
    world.decides("upgrade a", "upgrade a; enable m:1; finding leapp.would-lose-modules");
}

/// `ignore_third_party_wishes` (12.11).
#[test]
fn leapp_drops_wishes_about_third_party_packages() {
    let world = World::plain()
        .installed("mine!@corp yours!@corp")
        .list("to_remove", "mine")
        .list("to_keep", "yours");
    world.decides(
        "finding packages.third-party",
        "remove mine; keep yours; finding leapp.would-not-remove packages.third-party user.third-party",
    );
}

/// `upgrade_non_packages` (11).
#[test]
fn leapp_lists_keys_and_its_own_packages_for_upgrade() {
    let world = World::plain().installed("gpg-pubkey!@x leapp-data-almalinux leapp a");
    world.decides("upgrade a gpg-pubkey leapp leapp-data-almalinux", "upgrade a");
}

/// `skip_vendor_events_without_main` (1.4).
#[test]
fn an_empty_main_file_hides_vendors_events_from_leapp() {
    let world = World::plain()
        .installed("a")
        .enabled("base updates v")
        .vendor("v", "v v-7 v-8", "v-8")
        .only_events(&[])
        .vendor_event("v", "REPLACED a -> b@v-8");
    world.decides(
        "upgrade a; finding repositories.unmapped",
        "install b; remove a; finding leapp.would-not-install leapp.would-not-remove",
    );
    // The same where every event is for another architecture.
    let mut arm = event("REMOVED z ->");
    arm["architectures"] = json!(["aarch64"]);
    world.json_event(arm).decides(
        "upgrade a; finding repositories.unmapped",
        "install b; remove a; finding leapp.would-not-install leapp.would-not-remove",
    );
}

/// `only_stream_3` (0).
#[test]
fn leapp_refuses_data_that_declares_no_streams() {
    let events = json!({"packageinfo": [event("REMOVED z ->")]});
    let world = World::plain().file("pes-events.json", &events.to_string());
    let finding = "finding data.streams-incompatible";
    world.decides(finding, &format!("{finding} leapp.would-inhibit"));
    let inhibits = |decisions: Decisions| decisions.findings.iter().any(|f| f.inhibitor);
    assert!(inhibits(world.leapp()) && !inhibits(world.ours()));
    let strict = world.with(|w| w.options.strict_streams = true);
    assert!(inhibits(strict.ours()));
}
