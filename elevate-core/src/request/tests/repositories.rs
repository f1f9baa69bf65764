//! Target repositories and exclusions (formats.md 2.5, 2.6).

use super::*;

fn custom(decisions: Decisions) -> Vec<String> {
    let custom = decisions.custom_repositories.unwrap_or_default();
    custom.into_iter().map(|c| c.id.to_string()).collect()
}

fn mapped(decisions: Decisions) -> Vec<String> {
    texts(decisions.mapped_repositories.unwrap_or_default())
}

/// RHEL's families, which upstream hard-codes.
fn optional() -> World {
    let map = map(
        &[("base", "rhel7-base baseos"), ("opt", "rhel7-optional rhel8-CRB")],
        &["baseos baseos", "crb rhel8-CRB", "crb-beta rhel8-CRB beta"],
    );
    World::plain().file("repomap.json", &map.to_string())
}

#[test]
fn without_the_optional_repository_its_successors_are_excluded() {
    let excluded = |world: &World| texts(world.leapp().excluded_repositories);
    let world = optional();
    assert_eq!(excluded(&world), ["crb", "crb-beta"]);
    world.decides(
        "finding repositories.optional-excluded",
        "finding repositories.optional-excluded",
    );
    let asked = world.clone().with(|w| w.options.enable_repos = Some(vec!["crb".parse().unwrap()]));
    assert_eq!(excluded(&asked), ["crb-beta"]);
    asked.decides(
        "finding repositories.optional-excluded repositories.optional-used",
        "finding repositories.custom-undefined repositories.optional-excluded repositories.optional-used",
    );
    assert_eq!(excluded(&world.enabled("base opt")), [""; 0]);
    assert_eq!(excluded(&World::plain()), [""; 0]);
}

#[test]
fn packages_from_excluded_repositories_are_not_installed_unless_the_host_has_them() {
    // Families that no repository of the host leads to stand for themselves.
    let world = optional()
        .installed("a b kept")
        .event("REPLACED a -> new@rhel8-CRB")
        .event("MOVED kept -> kept@rhel8-CRB")
        .event("REPLACED b -> c");
    let expected = "install c; remove a b; upgrade kept; finding events.excluded-repository \
                    repositories.optional-excluded";
    world.decides(expected, expected);
    assert_eq!(texts(world.leapp().event_scan.unwrap().repositories), ["baseos"]);
}

#[test]
fn a_package_that_moves_into_an_excluded_repository_is_no_difference() {
    let world = optional()
        .installed("pkg-a pkg-b")
        .event("MOVED pkg-a -> pkg-a@rhel8-CRB")
        .event("MOVED pkg-b -> pkg-b");
    let scan = world.leapp().event_scan.unwrap();
    assert!(!scan.emits_tasks);
    assert_eq!(texts(scan.repositories), ["baseos"]);
}

#[test]
fn repositories_packages_came_from_count_where_the_map_knows_them() {
    let map = map(
        &[("base", "b baseos"), ("extras", "e appstream")],
        &["baseos baseos", "appstream appstream"],
    );
    let world = World::plain().enabled("base").file("repomap.json", &map.to_string());
    assert_eq!(mapped(world.leapp()), ["baseos"]);
    let world = world.installed("a!@extras b@elsewhere");
    assert_eq!(mapped(world.leapp()), ["appstream", "baseos"]);
    assert_eq!(mapped(world.ours()), ["appstream", "baseos"]);
}

#[test]
fn enabled_repositories_in_use_that_lead_nowhere_are_skipped() {
    let world = World::plain().enabled("base mycorp unused").installed("a@base b@mycorp c!@mycorp");
    for decisions in [world.leapp(), world.ours()] {
        assert_eq!(texts(decisions.skipped.repositories), ["mycorp"]);
        assert_eq!(texts(decisions.skipped.packages), ["b"]);
    }
}

#[test]
fn custom_repositories_are_ordered_and_used_whatever_enabled_says() {
    let file = format!("{}[a]\nname=A\nbaseurl=http://a\nenabled=0\n", repo("z"));
    let world = World::plain()
        .file("leapp_upgrade_repositories.repo", &file)
        .with(|w| w.options.enable_repos = Some(vec!["m".parse().unwrap(), "z".parse().unwrap()]));
    assert_eq!(custom(world.leapp()), ["a", "m", "z", "z"]);
    let ours = world.ours();
    let ids: Vec<&str> = ours.request.repositories.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids, ["a", "appstream", "baseos", "m", "z"]);
    let z = &ours.request.repositories[4];
    assert_eq!(z.address.as_deref(), Some("http://example.org/z"));
    assert_eq!(texts(&z.reasons), ["listed by the upgrade data", "asked for with --enablerepo"]);
}

#[test]
fn check_target_repositories_has_leapps_truth_table() {
    let none = World::plain().without_file("leapp_upgrade_repositories.repo");
    let vendor = none.clone().enabled("base updates v").vendor("v", "v v-7 baseos", "baseos");
    let cases = [
        (none.clone(), "repositories.none"),
        (none.clone().with(|w| w.cloud = Some("aws".into())), ""),
        (none.clone().with(|w| w.options.enable_repos = Some(Vec::new())), "repositories.none"),
        (none.with(|w| w.options.enable_repos = Some(vec!["x".parse().unwrap()])), ""),
        (vendor.clone(), "repositories.custom-unofficial"),
        (vendor.clone().with(|w| w.options.enable_repos = Some(Vec::new())), ""),
        (vendor.file("leapp_upgrade_repositories.repo", &repo("x")), ""),
        (World::plain(), ""),
    ];
    for (at, (world, expected)) in cases.into_iter().enumerate() {
        let findings = world.leapp().findings;
        let ids: Vec<&str> =
            findings.iter().map(|f| &*f.id).filter(|id| id.starts_with("repositories")).collect();
        assert_eq!(ids.join(" "), expected, "case {at}");
    }
}

#[test]
fn azure_renames_its_sap_repositories_with_8_10() {
    let id = "rhui-microsoft-azure-rhel8-sapapps";
    let map = map(&[("base", "b sap")], &[&format!("{id} sap")]);
    let world = World::plain().file("repomap.json", &map.to_string());
    assert_eq!(mapped(world.leapp()), ["rhui-microsoft-azure-rhel8-base-sap-apps"]);
    let older = world.with(|w| w.options.path.target = "almalinux:8.8".parse().unwrap());
    assert_eq!(mapped(older.leapp()), [id]);
}
