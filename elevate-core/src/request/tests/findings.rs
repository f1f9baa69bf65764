//! Every kind of finding has a host on which it is made, and one like it on
//! which it is not.

use super::*;

/// A kind's id, a host on which it is made, and one on which it is not.
type Case = (&'static str, World, World);

fn plain() -> World {
    World::plain()
}

fn vendor() -> World {
    plain().enabled("base updates v").vendor("v", "v v-7 v-8", "v-8")
}

fn optional() -> World {
    let map = map(
        &[("base", "b baseos"), ("opt", "rhel7-optional rhel8-CRB")],
        &["baseos baseos", "crb rhel8-CRB"],
    );
    plain().file("repomap.json", &map.to_string())
}

fn streams(text: &str) -> World {
    plain().file(
        "pes-events.json",
        &format!(r#"{{"packageinfo": [], "provided_data_streams": {text}}}"#),
    )
}

fn asked(ids: &str) -> World {
    let ids = ids.split_whitespace().map(|id| id.parse().unwrap()).collect();
    plain().with(|w| w.options.enable_repos = Some(ids))
}

fn custom(text: &str) -> World {
    plain().file("leapp_upgrade_repositories.repo", text)
}

/// Ten packages that move to a family no map resolves, and one that does not.
fn moving(count: usize) -> World {
    let world = plain().installed("known").event("MOVED known -> known");
    (0..count).fold(world, |world, n| {
        world.installed(&format!("p{n}")).event(&format!("MOVED p{n} -> p{n}@nowhere"))
    })
}

fn data_cases() -> Vec<Case> {
    vec![
        ("data.streams-incompatible", streams(r#"["4.0"]"#), streams(r#"["2.0"]"#)),
        ("data.streams-malformed", streams("[]"), streams(r#"["3.0"]"#)),
        (
            "data.remark",
            plain().file("vendors.d/v.sigs", "no key id\n"),
            vendor().file("vendors.d/v.sigs", "24c6a8a7f4a80eb5\n"),
        ),
        ("data.devices-broken", plain().file("device_driver_deprecation_data.json", "{"), plain()),
        ("data.vendor-broken", plain().file("vendors.d/v_map.json", "{"), vendor()),
        (
            "data.other-distribution",
            plain()
                .event_with(
                    "REMOVED w ->",
                    json!({"release": {"major_version": 8, "minor_version": 0}}),
                )
                .event_with("REMOVED x ->", os_name("Rocky"))
                .event_with("REMOVED y ->", os_name("Rocky")),
            plain(),
        ),
    ]
}

fn os_name(name: &str) -> Value {
    json!({"release": {"major_version": 8, "minor_version": 0, "os_name": name}})
}

fn from(name: &str) -> Value {
    json!({"initial_release": {"major_version": 7, "minor_version": 9, "os_name": name}})
}

fn package_cases() -> Vec<Case> {
    let fedora = |w: &mut World| w.system = "fedora:7.9".into();
    vec![
        ("signatures.unknown-distribution", plain().with(fedora), plain()),
        ("packages.third-party", plain().installed("a!@corp"), plain().installed("a")),
        ("packages.signatures-unknown", plain().installed("a?"), plain().installed("a")),
        ("packages.all-signed", plain().with(|w| w.options.all_signed = true), plain()),
        (
            "packages.protected-removed",
            plain().installed("bash").list("to_remove", "bash"),
            plain().installed("bash zsh").list("to_remove", "zsh"),
        ),
        ("release.unsupported", plain().with(|w| w.system = "centos:6.10".into()), plain()),
        (
            "arch.unsupported",
            plain().with(|w| w.arch = "i686".into()),
            plain().with(|w| w.arch = "ppc64le".into()),
        ),
    ]
}

fn event_cases() -> Vec<Case> {
    let unapproved = || json!({"is_approved": false});
    let two_streams = json!({
        "out_packageset": {"package": [{"name": "b", "repository": "baseos", "modulestreams":
            [{"name": "m", "stream": "2"}, {"name": "m", "stream": "1"}]}]},
        "modulestream_maps": [
            {"in_modulestream": null, "out_modulestream": {"name": "m", "stream": "1"}},
            {"in_modulestream": null, "out_modulestream": {"name": "m", "stream": "2"}}]});
    let no_map = || json!({"modulestream_maps": []});
    let a = || plain().installed("a");
    vec![
        ("events.unresolved-repository", moving(1), moving(0)),
        ("events.nothing-resolves", moving(10), moving(9)),
        (
            "events.excluded-repository",
            optional().installed("a").event("REPLACED a -> b@rhel8-CRB"),
            optional().installed("a").event("MOVED a -> a@rhel8-CRB"),
        ),
        (
            "events.lost-modular-output",
            a().event_with("REPLACED a -> b c[m:1]", no_map()),
            a().event("REPLACED a -> b[m:1]"),
        ),
        (
            "events.ambiguous-stream",
            a().event_with("REPLACED a -> b", two_streams),
            a().event("REPLACED a -> b[m:1]"),
        ),
        (
            "events.unapproved",
            a().event_with("REMOVED a ->", unapproved()),
            a().event_with("REMOVED absent ->", unapproved()),
        ),
        (
            "events.without-inputs",
            a().event_with(
                "REPLACED x -> z",
                json!({"modulestream_maps": [
                {"in_modulestream": {"name": "m", "stream": "1"}, "out_modulestream": null}]}),
            ),
            a().event("REPLACED -> z"),
        ),
        (
            "events.contradictory",
            a().event("REPLACED a -> b | 7.7 8.0").event("REMOVED a -> | 7.6 8.0"),
            a().event("REMOVED a -> | 7.7 8.0").event("REMOVED a -> | 7.6 8.0"),
        ),
        (
            "events.foreign-system",
            a().event("REMOVED z ->").event_with("REPLACED a -> b", from("scientific")),
            a().event("REMOVED z ->")
                .event_with("REPLACED a -> b", from("scientific"))
                .with(|w| w.system = "scientific:7.9".into()),
        ),
        (
            "events.order-dependent",
            plain().installed("a b").event("REPLACED a -> b").event("REMOVED b ->"),
            plain().installed("a b").event("REPLACED a -> b").event("REMOVED b -> | 8.0 8.1"),
        ),
        (
            "events.deprecated-siblings",
            a().event("DEPRECATED a@baseos b@baseos ->"),
            plain().installed("a b").event("DEPRECATED a@baseos b@baseos ->"),
        ),
    ]
}

fn repository_cases() -> Vec<Case> {
    let cloud = |w: &mut World| w.cloud = Some("aws".into());
    let unmapped = map(&[("base", "b baseos")], &["baseos baseos ga s390x"]).to_string();
    let served = plain().without_file("leapp_upgrade_repositories.repo").with(cloud);
    let event = |world: World| world.installed("a").event("REPLACED a -> b@appstream");
    vec![
        ("repositories.not-captured", plain().with(|w| w.enabled = None), plain()),
        (
            "repositories.file-unread",
            plain().host_file("x.repo", "name=x\n"),
            plain().host_file("x.repo", &repo("x")),
        ),
        ("repositories.optional-excluded", optional(), optional().enabled("base opt")),
        (
            "repositories.optional-used",
            optional().with(|w| w.options.enable_repos = Some(vec!["crb".parse().unwrap()])),
            optional(),
        ),
        (
            "repositories.unmapped",
            plain().enabled("corp").installed("a@corp"),
            plain().installed("a@corp"),
        ),
        ("repositories.none", plain().without_file("leapp_upgrade_repositories.repo"), plain()),
        (
            "repositories.custom-unofficial",
            vendor().without_file("leapp_upgrade_repositories.repo"),
            vendor(),
        ),
        ("repositories.wanted-undefined", event(custom(&repo("baseos"))), event(plain())),
        ("repositories.mapped-undefined", custom(&repo("baseos")), event(custom(&repo("baseos")))),
        ("repositories.none-usable", served.clone().file("repomap.json", &unmapped), served),
        ("repositories.custom-undefined", asked("x"), asked("baseos updates")),
        (
            "repositories.defined-twice",
            plain().host_file("x.repo", &repo("baseos")),
            plain().host_file("leapp_upgrade_repositories.repo", &repo("baseos")),
        ),
        ("repositories.without-address", custom("[x]\nname=x\nbaseurl=\n"), custom(&repo("x"))),
        ("repositories.custom-file-broken", custom("name=x\n"), custom("")),
    ]
}

fn other_cases() -> Vec<Case> {
    let a = || plain().installed("a");
    vec![
        (
            "user.contradiction",
            plain().list("to_install", "b").list("to_remove", "b"),
            a().list("to_keep", "a").list("to_remove", "a"),
        ),
        (
            "user.third-party",
            plain().installed("a!@corp").list("to_remove", "a"),
            a().list("to_remove", "a"),
        ),
        (
            "user.matches-nothing",
            a().list("to_remove", "b"),
            a().list("to_remove", "a initial-setup").list("to_keep", "leapp snactor"),
        ),
        ("leapp.would-stop", plain().only_events(&["REMOVED x -> | 8.5 9.0"]), plain()),
        ("leapp.would-remove", moving(1), moving(0)),
        (
            "leapp.would-not-remove",
            plain().installed("a!@corp").list("to_remove", "a"),
            a().list("to_remove", "a"),
        ),
        (
            "leapp.would-install",
            a().event_with("REPLACED a -> b", json!({"is_approved": false})),
            a().event_with("REPLACED a -> b", json!({"is_approved": true})),
        ),
        (
            "leapp.would-not-install",
            vendor().installed("a").only_events(&[]).vendor_event("v", "SPLIT a -> a b"),
            vendor().installed("a").vendor_event("v", "SPLIT a -> a b"),
        ),
        (
            "leapp.would-lose-modules",
            a().event("MOVED a -> a[m:1]"),
            a().event("RENAMED a -> b[m:1]"),
        ),
        (
            "leapp.would-enable-modules",
            a().event_with("RENAMED a -> b[m:1]", json!({"is_approved": false})),
            a().event("RENAMED a -> b[m:1]"),
        ),
        (
            "leapp.would-lose-repositories",
            vendor().vendor("w", "v w-7 w-8", "w-8").vendor("idle", "i i-7 i-8", "i-8"),
            vendor().vendor("w", "w w-7 w-8", "w-8"),
        ),
        (
            "leapp.would-not-reinstall",
            a().event("REINSTALLED a -> a"),
            a().list("to_reinstall", "a"),
        ),
        ("leapp.would-inhibit", streams(r#"["2.0"]"#), streams(r#"["4.0"]"#)),
    ]
}

fn cases() -> Vec<Case> {
    let groups = [data_cases(), package_cases(), event_cases(), repository_cases(), other_cases()];
    groups.into_iter().flatten().collect()
}

fn makes(world: &World, id: &str) -> bool {
    world.ours().findings.iter().any(|f| f.id == id)
}

#[test]
fn every_kind_fires_on_one_host_and_is_silent_on_another() {
    let mut wrong = Vec::new();
    for (id, fires, silent) in cases() {
        if !makes(&fires, id) {
            wrong.push(format!("{id} is not made; found: {}", outcome(&fires.ours())));
        }
        if makes(&silent, id) {
            wrong.push(format!("{id} is made on the silent host: {}", outcome(&silent.ours())));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// `data.events-invalid` is leapp's alone: the default policy gives an error.
#[test]
fn every_kind_has_a_case() {
    let cases: BTreeSet<&str> =
        cases().iter().map(|(id, ..)| *id).chain(["data.events-invalid"]).collect();
    let untested: Vec<&str> = KINDS.iter().map(|k| k.id).filter(|id| !cases.contains(id)).collect();
    assert_eq!(untested, [""; 0], "add a case for each in request/tests/findings.rs");
    assert_eq!(cases.len(), KINDS.len(), "a case is for a kind that is gone");
}

#[test]
fn invalid_events_are_a_finding_of_leapps_alone() {
    let invalid = plain().file("pes-events.json", r#"{"packageinfo": [{"action": 9}]}"#);
    let finding =
        |world: &World| world.leapp().findings.into_iter().find(|f| f.id == "data.events-invalid");
    let found = finding(&invalid).expect("it is made");
    assert!(found.inhibitor && found.key.is_some());
    assert!(finding(&plain()).is_none());
}
