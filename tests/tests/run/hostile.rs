//! Plans and roots that mean harm: nothing is written outside the root, and nothing is done
//! that a dry run does not show.

use std::os::unix::fs::symlink;

use elevate_tests::data::files_below;
use serde_json::{Value, json};

use super::world::{Options, World, is_possible};

fn step(id: &str, action: &Value) -> Value {
    let mut step = json!({"id": id, "actor": "test", "why": "For a test",
        "undo": {"by": "impossible"}, "repeat": "once"});
    let fields = step.as_object_mut().expect("an object");
    fields.extend(action.as_object().cloned().expect("an object"));
    step
}

/// The plan with one more step at its beginning.
fn with(plan: &Value, id: &str, action: &Value) -> Value {
    let mut plan = plan.clone();
    let steps = plan["stages"][0]["steps"].as_array_mut().expect("steps");
    steps.insert(0, step(id, action));
    plan
}

#[test]
fn words_that_a_program_would_take_for_options_are_refused() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-options", &Options::small());
    let plan = world.plan();
    let before = world.packages();
    let actions = [
        json!({"action": "service", "unit": "--root=/", "enabled": true}),
        json!({"action": "service", "unit": "/etc/passwd", "enabled": true}),
        json!({"action": "kernel-argument", "argument": "--remove-kernel=ALL", "present": true}),
        json!({"action": "boot-entry", "kernel": "../../x"}),
        json!({"action": "modules", "reset": [],
            "enable": [{"name": "--installroot=/", "stream": "1"}]}),
        json!({"action": "command", "command": []}),
    ];
    let ids = ["", "a b", "x\n[1/1] y: check", "../../x", "-f"];
    let look = json!({"action": "reboot"});
    let plans = actions.iter().map(|action| with(&plan, "prepare.x", action));
    for plan in plans.chain(ids.iter().map(|id| with(&plan, id, &look))) {
        world.write_plan(&plan);
        let ran = world.run(&["--yes"]);
        assert_eq!(ran.code, 2, "{}: {}", plan["stages"][0]["steps"][0], ran.stderr);
        assert!(ran.stderr.contains("is no "), "{}", ran.stderr);
        assert!(world.journal().is_empty());
        let shown = world.run(&["--dry-run"]);
        assert_eq!(shown.code, 2, "{}", shown.stderr);
    }
    assert_eq!(world.packages(), before);
}

#[test]
fn names_of_packages_and_repositories_that_are_none_are_not_read() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-names", &Options::small());
    let plan = world.plan();
    for (list, key) in [("packages", "name"), ("packages", "arch"), ("read", "id")] {
        for name in ["a b", "a\nb", ""] {
            let mut edited = plan.clone();
            edited[list][0][key] = name.into();
            world.write_plan(&edited);
            let ran = world.run(&["--yes"]);
            assert!(matches!(ran.code, 1 | 2), "{list} {key} {name:?}: {}", ran.stderr);
            assert!(world.journal().is_empty(), "{list} {key} {name:?}");
        }
    }
}

#[test]
fn paths_and_links_of_a_root_lead_nowhere_outside() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-paths", &Options::small());
    let outside = world.at("outside");
    std::fs::create_dir(&outside).expect("a directory");
    std::fs::write(outside.join("kept"), "kept").expect("a file");
    symlink(&outside, world.root().join("etc/absolute")).expect("a link");
    symlink("../../../../outside", world.root().join("etc/upwards")).expect("a link");
    let plan = world.plan();
    let far = outside.to_str().expect("UTF-8");
    let write = |path: &str| json!({"action": "write", "path": path, "content": "x"});
    let actions = [
        write("/../../outside/new"),
        write("/etc/absolute/new"),
        write("/etc/upwards/new"),
        write("etc/new"),
        json!({"action": "delete", "path": "/etc/absolute/kept"}),
        json!({"action": "delete", "path": "/etc/upwards/kept"}),
        json!({"action": "copy", "from": format!("{far}/kept"), "to": "/etc/stolen"}),
        json!({"action": "copy", "from": "/etc/absolute/kept", "to": "/etc/stolen"}),
        json!({"action": "command", "command": ["/usr/bin/busybox", "touch", format!("{far}/new")]}),
        write("/var/lib/elevate/run/journal.jsonl"),
        write("/var/lib/elevate/run/../run/lock"),
    ];
    for (number, action) in actions.iter().enumerate() {
        world.write_plan(&with(&plan, &format!("prepare.x-{number}"), action));
        // Whatever comes of it: some are fine in the root.
        let ran = world.run(&["--phase", "prepare", "--yes"]);
        assert!(matches!(ran.code, 0 | 1), "{action}: {}", ran.stderr);
        world.run(&["--undo", "--yes"]);
        let _ = std::fs::remove_dir_all(world.root().join("var/lib/elevate"));
        let files = files_below(&outside).expect("a directory");
        assert_eq!(files, [outside.join("kept")], "{action}");
        assert_eq!(std::fs::read_to_string(&files[0]).expect("a file"), "kept", "{action}");
        assert_eq!(world.file("/etc/stolen"), None, "{action}");
    }
}

#[test]
fn dnf_does_not_follow_links_of_a_root_to_this_machine() {
    if !is_possible() {
        return;
    }
    for place in ["var/lib/dnf", "var/lib/elevate/run/cache", "var/lib/elevate/run/log", "etc/dnf"]
    {
        let world = World::new("run-links", &Options::small());
        world.plan();
        let outside = world.at("outside");
        std::fs::create_dir(&outside).expect("a directory");
        let link = world.root().join(place);
        let _ = std::fs::remove_dir_all(&link);
        std::fs::create_dir_all(link.parent().expect("a parent")).expect("a directory");
        symlink(&outside, &link).expect("a link");
        let before = world.packages();
        let ran = world.run(&["--yes"]);
        assert_eq!(ran.code, 1, "{place}: {}", ran.stderr);
        assert!(ran.stderr.contains("leads out of the root"), "{place}: {}", ran.stderr);
        assert_eq!(files_below(&outside).expect("a directory"), Vec::<std::path::PathBuf>::new());
        assert_eq!(world.packages(), before, "{place}");
    }
}

#[test]
fn what_a_run_does_is_what_a_dry_run_showed() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-shown", &Options::small());
    let plan = world.plan();
    let forged = "Fine\nprepare.y: Because\n  nothing is to be done here\u{1b}[2K";
    let command = json!({"action": "command", "why": forged,
        "command": ["/usr/bin/busybox", "touch", "/etc/a\n  run true"]});
    world.write_plan(&with(&plan, "prepare.x", &command));
    let shown = world.run(&["--dry-run"]).stdout;
    assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
    let heads = shown.lines().filter(|line| !line.starts_with(' '));
    let heads: Vec<&str> = heads.map(|line| line.split(": ").next().unwrap_or_default()).collect();

    let ran = world.run(&["--yes", "--json-events"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let events: Vec<Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let begun = events.iter().filter(|event| event["tells"] == "step");
    let begun: Vec<&str> = begun.map(|event| event["step"].as_str().expect("an id")).collect();
    assert_eq!(begun, heads);
    let journal = world.journal();
    let events = journal.iter().map(|line| &line["record"]["event"]);
    let started = events.filter(|event| event["event"] == "start");
    let started: Vec<&str> = started.map(|event| event["step"].as_str().expect("an id")).collect();
    assert_eq!(started, heads);
    assert_eq!(world.file("/etc/a\n  run true"), Some(String::new()));
}
