//! Upgrades that nothing disturbs.

use std::collections::BTreeSet;

use elevate_tests::tools::{must, write};
use serde_json::{Value, json};

use super::packages::built;
use super::world::{GRUBBY_LOG, Options, World, is_possible, planned};

/// What becomes of a host that has one package of each fate.
const UPGRADED: [&str; 13] = [
    "agent-1-1.x86_64",
    "almalinux-release-8.10-1.el8.x86_64",
    "kernel-3.10.0-1160.el7.x86_64",
    "kernel-4.18.0-553.el8.x86_64",
    "kernel-core-4.18.0-553.el8.x86_64",
    "lang-3-1.module_el8.x86_64",
    "modernmail-2-1.el8.x86_64",
    "newname-2-1.el8.x86_64",
    "suite-2-1.el8.x86_64",
    "suite-extra-2-1.el8.noarch",
    "tool-2-1.el8.x86_64",
    "toollib-2-1.el8.x86_64",
    "whole-2-1.el8.x86_64",
];

#[test]
fn a_host_becomes_what_its_plan_says() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-all", &Options::default());
    let plan = world.plan();
    let ran = world.run(&["--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(world.packages(), planned(&plan));
    assert_eq!(world.packages(), BTreeSet::from(UPGRADED.map(str::to_owned)));
    assert_eq!(world.verified(), "", "the files of all packages are theirs");
    let told = world.file(GRUBBY_LOG).expect("grubby was run in the root");
    assert_eq!(told, "--set-default /boot/vmlinuz-4.18.0-553.el8.x86_64\n");
    let enabled = world.file("/etc/dnf/modules.d/lang.module").expect("a module");
    assert!(enabled.contains("stream=3\n") && enabled.contains("state=enabled\n"), "{enabled}");
    assert_eq!(world.file("/root/.rpmdb/rpmdb.sqlite"), None, "there is one package database");
    let log = world.file("/var/lib/elevate/run/log/dnf.log").expect("a log");
    assert!(log.contains("Complete!"), "{log}");
    let strange = world.root().join(world.root().strip_prefix("/").expect("a whole path"));
    assert!(!strange.exists(), "nothing is written to {}", strange.display());

    let again = world.run(&["--resume", "--yes"]);
    assert_eq!((again.code, world.packages()), (0, planned(&plan)), "{}", again.stderr);
    let anew = world.run(&["--yes"]);
    assert!(anew.code == 2 && anew.stderr.contains("the host is not what"), "{}", anew.stderr);
}

#[test]
fn an_unsigned_package_ends_a_run_before_anything_is_exchanged() {
    if !is_possible() {
        return;
    }
    let mut options = Options::small();
    options.target.retain(|(_, name)| *name != "tool");
    options.target.push(("unsigned", "tool"));
    let world = World::new("run-unsigned", &options);
    world.plan();
    let before = world.packages();
    for attempt in [vec!["--yes"], vec!["--resume", "--yes"]] {
        let ran = world.run(&attempt);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert!(ran.stderr.contains("tool-3-1.el8.x86_64.rpm is not signed"), "{}", ran.stderr);
        assert_eq!(world.packages(), before);
    }
    // The key of the repositories is what nothing takes back.
    let undone = world.run(&["--undo", "--yes"]);
    assert_eq!(undone.code, 1, "{}", undone.stderr);
    let kept = "Nothing undoes these steps: before.elevate-2\n";
    assert!(undone.stderr.ends_with(kept), "{}", undone.stderr);
    assert_eq!(world.file("/var/lib/elevate/repos.d/target.repo"), None);
    assert_eq!(world.packages(), before);
}

/// Steps of every kind that changes files, and a command.
fn steps() -> Vec<Value> {
    let step = |id: &str, action: Value| {
        let mut step = json!({"id": format!("prepare.{id}"), "actor": id, "why": "For a test",
            "undo": {"by": "backup"}, "repeat": "checked"});
        let (step, action) = (step.as_object_mut(), action.as_object().cloned());
        let step = step.expect("an object");
        step.extend(action.expect("an object"));
        Value::Object(step.clone())
    };
    let edits = json!([{"line": 1, "before": "colour = red", "after": "colour = green"}]);
    let mut command = step(
        "command",
        json!({"action": "command",
        "command": ["/usr/bin/busybox", "touch", "/etc/touched"]}),
    );
    command["repeat"] = json!("once");
    command["undo"] =
        json!({"by": "command", "command": ["/usr/bin/busybox", "rm", "/etc/touched"]});
    vec![
        step("edit", json!({"action": "edit", "path": "/etc/tool.conf", "edits": edits})),
        step("write", json!({"action": "write", "path": "/etc/new/file", "content": "new\n"})),
        step("copy", json!({"action": "copy", "from": "/etc/fstab", "to": "/etc/fstab.copy"})),
        step("delete", json!({"action": "delete", "path": "/etc/default/grub"})),
        command,
    ]
}

fn changed(world: &World) -> Vec<Option<String>> {
    let files = ["tool.conf", "new/file", "fstab.copy", "default/grub", "touched"];
    files.iter().map(|file| world.file(&format!("/etc/{file}"))).collect()
}

#[test]
fn steps_that_change_files_and_run_commands_are_done_and_taken_back() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-steps", &Options::small());
    let mut plan = world.plan();
    let stage = plan["stages"].as_array_mut().expect("stages").first_mut().expect("a stage");
    assert_eq!(stage["phase"], "prepare");
    stage["steps"].as_array_mut().expect("steps").extend(steps());
    world.write_plan(&plan);
    let before = changed(&world);
    let shown = world.run(&["--dry-run"]);
    assert_eq!((shown.code, changed(&world)), (0, before.clone()), "{}", shown.all());

    let ran = world.run(&["--phase", "prepare", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = |text: &str| Some(text.to_owned());
    let fstab = world.file("/etc/fstab");
    let after =
        vec![text("colour = green\n"), text("new\n"), fstab.clone(), None, Some(String::new())];
    assert_eq!(changed(&world), after);

    let undone = world.run(&["--undo", "--yes"]);
    assert_eq!(undone.code, 0, "{}", undone.stderr);
    assert!(undone.stderr.ends_with("All is as it was before.\n"), "{}", undone.stderr);
    assert_eq!(changed(&world), before);

    let ran = world.run(&["--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(changed(&world), after, "what an administrator changed stays");
    assert_eq!(world.packages(), planned(&plan));
}

#[test]
fn a_plan_of_other_metadata_is_not_carried_out() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-replaced", &Options::small());
    let mut plan = world.plan();
    let repomd = must("sha256sum", &[&world.text("target/repodata/repomd.xml")], &[]);
    let input = json!({"kind": "repository", "path": "target", "size": 1,
        "sha256": repomd.split(' ').next()});
    let inputs = plan["provenance"]["inputs"].as_array_mut().expect("inputs");
    if !inputs.iter().any(|input| input["kind"] == "repository") {
        inputs.push(input);
    }
    world.write_plan(&plan);
    let before = world.packages();
    let mut packages = built().files("el8", &["almalinux-release", "toollib", "newname", "tool"]);
    packages.extend(built().files("unsigned", &["agent"]));
    world.publish(&packages);
    let ran = world.run(&["--yes"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let why = "its metadata are not those the plan was made with; plan anew";
    assert!(ran.stderr.contains(&format!("repository target: {why}")), "{}", ran.stderr);
    assert_eq!(world.packages(), before);
}

#[test]
fn a_package_database_that_this_machine_does_not_write_is_left_alone() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-berkeley", &Options::small());
    world.plan();
    let database = world.root().join("var/lib/rpm");
    for entry in std::fs::read_dir(&database).expect("a directory") {
        std::fs::remove_file(entry.expect("an entry").path()).expect("a file");
    }
    // As release 7 has it; what is in it is not looked at.
    write(&database.join("Packages"), "x");
    for way in ["--dry-run", "--yes"] {
        let ran = world.run(&[way]);
        let why = "/var/lib/rpm/Packages is in the form bdb, and this machine's rpm writes sqlite";
        assert!(ran.code == 2 && ran.stderr.contains(why), "{way}: {}", ran.stderr);
    }
    assert_eq!(world.journal(), Vec::<Value>::new());
}

#[test]
fn a_key_is_that_of_the_root_where_it_has_one() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-key", &Options::small());
    world.plan();
    let key = &built().key;
    let imported = |from: &str| format!(" --import {from}\n");
    assert!(world.run(&["--dry-run"]).stdout.contains(&imported(key)));
    let own = world.root().join(key.trim_start_matches('/'));
    write(&own, &std::fs::read_to_string(key).expect("a key"));
    let shown = world.run(&["--dry-run"]).stdout;
    assert!(shown.contains(&imported(own.to_str().expect("UTF-8"))), "{shown}");
    let ran = world.run(&["--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // One that a link leads to is somebody else's.
    let other = World::new("run-key-link", &Options::small());
    other.plan();
    let own = other.root().join(key.trim_start_matches('/'));
    write(&own, "");
    std::fs::remove_file(&own).expect("a file");
    std::os::unix::fs::symlink("/etc/hostname", &own).expect("a link");
    write(&other.root().join("etc/hostname"), "inside\n");
    let ran = other.run(&["--yes"]);
    assert!(ran.code == 1 && ran.stderr.contains("leads out of the root"), "{}", ran.stderr);
}

#[test]
fn a_plan_of_another_machine_is_not_carried_out() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-machine", &Options::small());
    let id = world.root().join("etc/machine-id");
    write(&id, "0123456789abcdef0123456789abcdef\n");
    world.plan();
    assert_eq!(world.run(&["--dry-run"]).code, 0);
    write(&id, "f123456789abcdef0123456789abcdef\n");
    for way in ["--dry-run", "--yes"] {
        let ran = world.run(&[way]);
        assert!(ran.code == 2 && ran.stderr.contains("it is another machine"), "{}", ran.stderr);
    }
    assert_eq!(world.journal(), Vec::<Value>::new());
}
