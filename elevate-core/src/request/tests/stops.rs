//! How leapp's run ends early, and what is left of its decisions then.

use super::*;

/// Which lists are there: target repositories, custom ones, final lists.
fn left(decisions: &Decisions) -> [bool; 3] {
    [
        decisions.mapped_repositories.is_some(),
        decisions.custom_repositories.is_some(),
        decisions.tasks.is_some(),
    ]
}

#[test]
fn an_error_lets_the_phase_finish_and_an_exception_does_not() {
    let world = World::plain().installed("a");
    let error = world.clone().file("pes-events.json", "{").leapp();
    assert_eq!(left(&error), [true, true, false]);
    let crash = world.only_events(&["REMOVED a -> | 8.5 9.0"]).leapp();
    assert_eq!(outcome(&crash), "stop pes_events_scanner!");
    assert_eq!(left(&crash), [false, false, false]);
    assert_eq!(texts(&crash.signed), ["a"]);
}

#[test]
fn the_ways_event_files_are_refused() {
    let event = |fields: &str| {
        format!(r#"{{"provided_data_streams": ["3.0"], "packageinfo": [{{{fields}}}]}}"#)
    };
    let release = r#""release": {"major_version": 8, "minor_version": null}"#;
    let invalid = "finding data.events-invalid";
    let error = "stop pes_events_scanner";
    let crash = "stop pes_events_scanner!";
    let cases = [
        (event(r#""action": 10"#), invalid),
        (event(r#""action": -1"#), invalid),
        (event(""), invalid),
        (event(r#""action": 4, "architectures": ["ia-64"]"#), invalid),
        (event(r#""action": 1, "release": {"major_version": 8}"#), invalid),
        (event(r#""action": 1, "in_packageset": {"package": [{"name": "a"}]}"#), invalid),
        (r#"{"provided_data_streams": ["3.0"]}"#.to_owned(), invalid),
        (event(&format!(r#""action": 1, {release}"#)), crash),
        (event(r#""action": "1""#), crash),
        (r#"{"packageinfo": [7]}"#.to_owned(), crash),
        ("[]".to_owned(), error),
        (String::new(), error),
        ("\u{feff}{}".to_owned(), error),
        (r#"{"provided_data_streams": ["3.0"], "packageinfo": []}"#.to_owned(), ""),
    ];
    for (text, expected) in cases {
        let world = World::plain().file("pes-events.json", &text);
        assert_eq!(outcome(&world.leapp()), expected, "{text}");
        assert_eq!(world.decide(Policy::Default).is_err(), !expected.is_empty(), "{text}");
    }
}

#[test]
fn reports_made_before_an_exception_stay() {
    let world = World::plain()
        .installed("a b")
        .event("REINSTALLED a -> a")
        .event("REPLACED b -> c@nowhere");
    let leapp = world.leapp();
    assert_eq!(outcome(&leapp), "stop pes_events_scanner!; finding events.unresolved-repository");
    assert_eq!(texts(leapp.applied_events), ["1", "2"]);
}

#[test]
fn a_distribution_without_keys_leaves_leapp_without_a_list_of_signed_packages() {
    let world = World::plain().installed("a").with(|w| w.system = "fedora:7.9".into());
    assert_eq!(
        outcome(&world.leapp()),
        "stop distribution_signed_rpm_scanner rpm_transaction_config_tasks_collector!"
    );
    assert_eq!(
        outcome(&world.ours()),
        "finding leapp.would-stop packages.third-party signatures.unknown-distribution"
    );
}

#[test]
fn sections_without_name_end_leapps_run_wherever_they_are() {
    let nameless = "[x]\nbaseurl=http://x\n";
    let custom = World::plain().file("leapp_upgrade_repositories.repo", nameless);
    assert_eq!(outcome(&custom.leapp()), "stop scan_custom_repofile!");
    let main = format!("[main]\ncachedir=/x\n{}", repo("baseos"));
    let main = World::plain().file("leapp_upgrade_repositories.repo", &main);
    assert_eq!(outcome(&main.leapp()), "stop scan_custom_repofile!");
    let host = World::plain().host_file("x.repo", nameless);
    assert_eq!(outcome(&host.leapp()), "stop system_facts!");
    let vendor = World::plain()
        .enabled("v")
        .vendor("v", "v v-7 v-8", "v-8")
        .file("vendors.d/v.repo", nameless);
    assert_eq!(outcome(&vendor.leapp()), "stop scan_vendor_repofiles!");
    let broken = World::plain().file("leapp_upgrade_repositories.repo", "name=x\n");
    assert_eq!(outcome(&broken.leapp()), "stop scan_custom_repofile!");
}

#[test]
fn without_any_map_three_actors_of_leapp_end_in_errors() {
    let world = World::plain().installed("a@base").without_file("repomap.json");
    let leapp = world.leapp();
    assert_eq!(
        outcome(&leapp),
        "stop repository_mapping repositories_blacklist pes_events_scanner"
    );
    assert_eq!(texts(&leapp.skipped.repositories), ["base"]);
    assert_eq!(left(&leapp), [true, true, false]);
    assert_eq!(world.decide(Policy::Default).unwrap_err().file, "repomap.json");
}

#[test]
fn a_map_that_leads_nowhere_is_refused() {
    let other = map(&[("base", "b baseos")], &["baseos baseos"]).to_string();
    let other = other.replace(r#""target_major_version":"8""#, r#""target_major_version":"9""#);
    let world = World::plain().file("repomap.json", &other);
    assert!(outcome(&world.leapp()).starts_with("stop repository_mapping"));
    let error = world.decide(Policy::Default).unwrap_err();
    assert!(error.to_string().contains("maps nothing from release 7 to 8"), "{error}");
}
