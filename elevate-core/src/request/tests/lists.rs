//! The merge of everything that is asked (formats.md 1.8).

use super::*;

#[test]
fn lists_are_merged_as_leapp_merges_them() {
    let plain = World::plain;
    let cases = [
        (
            plain().installed("a b").event("REPLACED a b -> c").list("to_keep", "a"),
            "install c; remove b; keep a; upgrade a",
        ),
        (plain().installed("a").list("to_remove", "zz"), "upgrade a"),
        (plain().installed("a").event("REMOVED a ->").list("to_keep", "zz"), "remove a"),
        (plain().installed("a b").list("to_reinstall", "a zz"), "reinstall a; upgrade b"),
    ];
    for (world, expected) in cases {
        assert_eq!(outcome(&world.leapp()), expected);
        let ours = outcome(&world.ours());
        assert_eq!(ours.split("; finding").next(), Some(expected), "ours");
    }
}

#[test]
fn what_one_removes_and_another_installs_is_a_contradiction() {
    let world = World::plain()
        .installed("a b")
        .event("REMOVED a ->")
        .wishes(|w| w.to_install = ["a".parse().unwrap()].into());
    world.decides(
        "install a; remove a; upgrade b",
        "install a; remove a; upgrade b; finding user.contradiction",
    );
    let reinstalled =
        World::plain().installed("a b").event("REMOVED a ->").list("to_reinstall", "a");
    reinstalled.decides(
        "remove a; reinstall a; upgrade b",
        "remove a; reinstall a; upgrade b; finding user.contradiction",
    );
}

#[test]
fn keeping_wins_over_removing_and_replacements_come_all_the_same() {
    let world = World::plain()
        .installed("ntp")
        .event("REPLACED ntp -> chrony")
        .list("to_keep", "ntp")
        .list("to_remove", "ntp");
    // Kept packages count as installed for the events.
    world.decides("install chrony; keep ntp; upgrade ntp", "install chrony; keep ntp; upgrade ntp");
}

#[test]
fn what_is_installed_need_not_be_installed_and_what_is_not_cannot_be_reinstalled() {
    let world = World::plain().installed("a").list("to_install", "a b").list("to_reinstall", "b");
    world.decides("install b; upgrade a", "install b; upgrade a");
}

#[test]
fn other_producers_add_rpms_and_modules() {
    let world = World::plain().installed("a").wishes(|w| {
        w.local_rpms.insert("x.rpm".into());
        w.modules_to_enable.insert(ModuleStream { name: "m".into(), stream: "1".into() });
    });
    world.decides("upgrade a; enable m:1", "upgrade a; enable m:1");
    assert_eq!(world.ours().request.local_rpms, ["x.rpm"]);
    let leapp = world.leapp().tasks.unwrap();
    assert_eq!(texts(leapp.local_rpms), ["kernel-workaround-0.1-1.el8.noarch.rpm", "x.rpm"]);
}

#[test]
fn two_producers_that_remove_the_same_package_kill_leapp_only() {
    let world = World::plain()
        .installed("a b")
        .list("to_remove", "a")
        .wishes(|w| w.to_remove = ["a".parse().unwrap()].into());
    world.decides("stop pes_events_scanner!", "remove a; upgrade b; finding leapp.would-stop");
}

#[test]
fn a_successor_that_is_excluded_is_named_as_the_reason() {
    let world = World::plain()
        .installed("a")
        .event("REPLACED a -> b@appstream")
        .with(|w| w.options.exclude_repos = ["appstream".parse().unwrap()].into());
    let expected = "remove a; finding events.excluded-repository";
    world.decides(expected, expected);
    let job = world.ours().request.jobs.remove(0);
    let why: Vec<String> = job.reasons.iter().map(ToString::to_string).collect();
    assert_eq!(why, ["event 1 REPLACED in pes-events.json", "repository appstream is excluded"]);
}

/// The real data removes `grub2` everywhere: rightly where the boot loaders' own
/// packages are there, and not where it is the only one (releases up to 7.3).
#[test]
fn a_boot_loader_goes_only_where_another_is_there() {
    let grub = |installed: &str| World::plain().installed(installed).event("REMOVED grub2 ->");
    grub("grub2 grub2-pc")
        .decides("remove grub2; upgrade grub2-pc", "remove grub2; upgrade grub2-pc");
    grub("grub2").decides("remove grub2", "remove grub2; finding packages.protected-removed");
}
