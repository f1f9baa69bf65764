//! Vendors (formats.md section 4).

use super::*;

fn world() -> World {
    World::plain().enabled("base updates v").vendor("v", "v v-7 v-8", "v-8")
}

fn custom(decisions: Decisions) -> String {
    let custom = decisions.custom_repositories.unwrap_or_default();
    custom.iter().map(|c| c.id.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_vendor_is_active_where_one_of_its_source_repositories_is_enabled() {
    assert_eq!(world().ours().active_vendors, ["v"]);
    assert_eq!(world().enabled("base").ours().active_vendors, [""; 0]);
    assert_eq!(custom(world().ours()), "appstream baseos v-8");
    assert_eq!(custom(world().enabled("base").ours()), "appstream baseos");
}

#[test]
fn an_active_vendors_keys_and_events_count() {
    let world = world()
        .file("vendors.d/v.sigs", "0123456789abcdef\n")
        .installed("a=0123456789abcdef@v")
        .vendor_event("v", "RENAMED a -> b@v-8");
    let expected = "install b; remove a";
    assert_eq!(outcome(&world.ours()), expected);
    let inactive = world.enabled("base updates");
    assert_eq!(
        outcome(&inactive.ours()),
        "finding packages.third-party repositories.mapped-undefined"
    );
}

#[test]
fn a_vendors_event_that_leads_further_wins_over_the_distributions() {
    let world = world()
        .installed("a")
        .event("REPLACED a -> b")
        .vendor_event("v", "REPLACED a -> c@v-8 | 7.9 8.1");
    assert_eq!(outcome(&world.ours()), "install c; remove a");
}

#[test]
fn beta_repositories_come_only_where_the_host_has_one() {
    let map =
        map(&[("v", "v-7 v-8"), ("v-testing", "v-7b v-8b")], &["v-8 v-8", "v-8-testing v-8b beta"]);
    let map = map.to_string();
    // A map's source repositories have channels too.
    let map = map.replacen(
        r#""channel":"ga","major_version":"7","repo_type":"rpm","repoid":"v-testing""#,
        r#""channel":"beta","major_version":"7","repo_type":"rpm","repoid":"v-testing""#,
        1,
    );
    let world = world()
        .file("vendors.d/v_map.json", &map)
        .file("vendors.d/v.repo", &format!("{}{}", repo("v-8"), repo("v-8-testing")));
    for policy in [Policy::Leapp021, Policy::Default] {
        let decide = |world: &World| custom(world.decide(policy).unwrap());
        assert_eq!(decide(&world), "appstream baseos v-8");
        let testing = world.clone().enabled("base updates v-testing");
        assert_eq!(decide(&testing), "appstream baseos v-8 v-8-testing", "{policy}");
    }
}

#[test]
fn leapp_takes_vendors_in_the_order_of_their_files() {
    let world = World::plain()
        .enabled("base updates shared")
        .vendor("acme", "shared one-7 one-8", "one-8")
        .vendor("acme2", "shared two-7 two-8", "two-8");
    // `acme2_map.json` stands before `acme_map.json`.
    assert_eq!(world.leapp().active_vendors, ["acme"]);
}

#[test]
fn a_broken_map_of_a_vendor_stops_leapp_and_leaves_the_vendor_out_of_ours() {
    let world = World::plain().installed("a").file("vendors.d/w_map.json", "{");
    world.decides(
        "stop vendor_repositories_mapping",
        "upgrade a; finding data.vendor-broken leapp.would-stop",
    );
}

#[test]
fn broken_events_of_an_active_vendor_stop_all_events_of_leapp() {
    let broken = |text: &str| {
        world().installed("a").event("REPLACED a -> b").file("vendors.d/v_pes.json", text)
    };
    let invalid = r#"{"provided_data_streams": ["3.0"], "packageinfo": [{"action": 12}]}"#;
    broken(invalid).decides(
        "upgrade a; finding data.events-invalid repositories.unmapped",
        "install b; remove a; finding data.vendor-broken leapp.would-inhibit \
         leapp.would-not-install leapp.would-not-remove",
    );
    // Its data streams are judged all the same.
    let findings = broken(r#"{"packageinfo": [{"action": 12}]}"#).leapp().findings;
    assert!(findings.iter().any(|f| f.id == "data.streams-incompatible"));
    broken("").decides(
        "stop pes_events_scanner",
        "install b; remove a; finding data.vendor-broken leapp.would-stop",
    );
    let inactive = broken(invalid).enabled("base updates");
    assert_eq!(outcome(&inactive.leapp()), "install b; remove a; finding repositories.unmapped");
}
