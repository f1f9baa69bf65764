//! Executors besides the one for roots: a host with leapp, and files for others.

use std::collections::BTreeSet;

use elevate_tests::tools::{must, write};

use super::packages::built;
use super::world::{JOURNAL, Options, World, is_possible, planned};

const KERNEL: &str = "boot/vmlinuz-upgrade.x86_64";
const LAST_UNIT: &str = "etc/systemd/system/leapp_resume.service";

/// Stands for leapp: notes its words, and gets the start ready or reports what forbids it.
const LEAPP: &str = r#"#!/usr/bin/busybox sh
echo "$@" >> /var/leapp.words
busybox mkdir -p /var/log/leapp
if [ -e /var/forbidden ]; then
    echo '{"entries": [{"title": "No way", "severity": "high", "groups": ["inhibitor"]}]}' \
        > /var/log/leapp/leapp-report.json
    echo '2026-01-02 03:04:05.678 ERROR PID: 7 leapp: inhibited' > /var/log/leapp/leapp-upgrade.log
    exit 1
fi
echo '{"entries": [{"title": "All is well", "severity": "info", "key": "k"}]}' \
    > /var/log/leapp/leapp-report.json
busybox rm -f /var/log/leapp/leapp-upgrade.log
busybox mkdir -p /boot
: > /boot/vmlinuz-upgrade.x86_64
echo A reboot is required
"#;

/// A host with leapp, and the plan for it.
fn host(name: &str) -> World {
    let world = World::new(name, &Options::small());
    let rpm = "#!/usr/bin/busybox sh\necho \"$@\" >> /var/rpm.words\n";
    for (path, content) in [("usr/bin/leapp", LEAPP), ("usr/bin/rpm", rpm)] {
        let path = world.root().join(path);
        let _ = std::fs::remove_file(&path);
        let path = write(&path, content);
        must("chmod", &["755", &path], &[]);
    }
    world.plan();
    world
}

fn with_leapp(world: &World, more: &[&str]) -> elevate_tests::binary::Run {
    world.run(&[&["--executor", "leapp"], more].concat())
}

/// What leapp does when the host is started anew.
fn restart(world: &World) {
    let root = world.text("root");
    let files = built().files("el8", &["almalinux-release", "tool", "toollib", "newname"]);
    let head = ["--root", &root, "--dbpath", "/var/lib/rpm", "--nosignature"];
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    must("rpm", &[&head[..], &["--nodeps", "-e", "gone", "oldname"]].concat(), &[]);
    must("rpm", &[&head[..], &["-U"], &files[..]].concat(), &[]);
    write(&world.root().join("etc/os-release"), "ID=\"almalinux\"\nVERSION_ID=\"8.10\"\n");
    write(&world.root().join("etc/redhat-release"), "AlmaLinux release 8.10 (Cerulean Leopard)\n");
    std::fs::remove_file(world.root().join(KERNEL)).expect("it is there");
}

#[test]
fn leapp_gets_the_plan_and_the_run_goes_on_when_the_target_has_started() {
    if !is_possible() {
        return;
    }
    let world = host("run-leapp");
    let shown = with_leapp(&world, &["--dry-run"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let leapp =
        format!("  run chroot {} leapp upgrade --target 8.10\n  wait: ", world.text("root"));
    assert!(shown.stdout.contains(&leapp), "{}", shown.stdout);
    assert_eq!(world.file("/var/leapp.words"), None);

    let ran = with_leapp(&world, &["--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("goes on elsewhere: start the host anew"), "{}", ran.stderr);
    assert_eq!(world.file("/var/leapp.words").as_deref(), Some("upgrade --target 8.10\n"));
    let list = world.file("/etc/leapp/transaction/to_remove").expect("a list");
    assert!(list.lines().any(|line| line == "gone"), "{list}");
    let repositories = world.file("/etc/leapp/files/leapp_upgrade_repositories.repo");
    assert!(repositories.expect("repositories").contains("[target]\n"));
    assert!(world.file("/var/rpm.words").expect("a key").starts_with("--import file:///"));

    // Not yet, nor if the run was killed before it said so; and there is no way back.
    let journal = world.file(JOURNAL).expect("a journal");
    let without_last = journal.lines().count() - 1;
    let cut: String = journal.split_inclusive('\n').take(without_last).collect();
    write(&world.root().join(JOURNAL), &cut);
    let early = with_leapp(&world, &["--resume", "--yes"]);
    assert!(early.code == 0 && early.stderr.contains("start the host anew"), "{}", early.stderr);
    let back = with_leapp(&world, &["--undo", "--yes"]);
    assert!(back.code == 1 && back.stderr.contains("remove the entry of"), "{}", back.stderr);

    write(&world.root().join(LAST_UNIT), "");
    restart(&world);
    let late = with_leapp(&world, &["--resume", "--yes"]);
    assert!(late.code == 0 && late.stderr.contains("at its last steps"), "{}", late.stderr);
    std::fs::remove_file(world.root().join(LAST_UNIT)).expect("it is there");
    let last = with_leapp(&world, &["--resume", "--yes"]);
    assert_eq!(last.code, 0, "{}", last.stderr);
    assert_eq!(world.packages(), planned(&world.read_plan()));
    assert_eq!(world.file("/var/leapp.words").as_deref(), Some("upgrade --target 8.10\n"));
    let journal = world.file(JOURNAL).expect("a journal");
    assert!(journal.contains("leapp: All is well (info) [k]"), "{journal}");
    let records = world.journal();
    assert_eq!(records.last().expect("records")["record"]["event"]["event"], "end");
    assert!(last.stderr.contains(": leapp does it itself\n"), "{}", last.stderr);
}

#[test]
fn what_forbids_leapp_to_go_on_is_told_and_its_inputs_are_taken_back() {
    if !is_possible() {
        return;
    }
    let world = host("run-leapp-forbidden");
    let before = world.packages();
    let (leapp, away) = (world.root().join("usr/bin/leapp"), world.at("leapp"));
    std::fs::rename(&leapp, &away).expect("leapp goes");
    let without = with_leapp(&world, &["--yes"]);
    assert!(
        without.code == 2 && without.stderr.contains("install leapp-upgrade"),
        "{}",
        without.stderr
    );
    std::fs::rename(&away, &leapp).expect("leapp comes back");
    write(&world.root().join("etc/leapp/transaction/to_remove"), "mine\n");
    write(&world.root().join("var/forbidden"), "");
    let ran = with_leapp(&world, &["--yes"]);
    assert!(ran.code == 1 && ran.stderr.contains("leapp says: No way"), "{}", ran.stderr);
    let notes: BTreeSet<String> = world
        .journal()
        .iter()
        .map(|line| &line["record"]["event"])
        .filter(|event| event["event"] == "note")
        .map(|event| event["text"].as_str().expect("text").to_owned())
        .collect();
    let told = [
        "leapp: 2026-01-02 03:04:05.678 ERROR PID: 7 leapp: inhibited",
        "leapp: No way (high, forbids the upgrade)",
    ];
    assert_eq!(notes, told.map(str::to_owned).into());
    let back = with_leapp(&world, &["--undo", "--yes"]);
    assert!(
        back.stderr.contains("Nothing undoes these steps: before.elevate-2"),
        "{}",
        back.stderr
    );
    let list = world.file("/etc/leapp/transaction/to_remove");
    assert_eq!(list.as_deref(), Some("mine\n"));
    assert_eq!(world.file("/etc/leapp/files/leapp_upgrade_repositories.repo"), None);
    assert_eq!(world.packages(), before);
}

#[test]
fn a_run_for_others_writes_what_the_exports_are() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-script", &Options::small());
    world.plan();
    let directory = world.text("for-others");
    let words = ["--executor", "script", "--directory", &directory];
    let script = |more: &[&str]| world.run_anywhere(&[&words[..], more].concat());
    let shown = script(&["--dry-run"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stdout.contains("write \"/upgrade.sh\": "), "{}", shown.stdout);
    assert!(!world.at("for-others").exists());

    let before = world.packages();
    let ran = script(&["--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let read = |name: &str| std::fs::read_to_string(world.at("for-others").join(name)).expect(name);
    for (what, name) in [
        ("shell", "upgrade.sh"),
        ("ansible", "upgrade.yml"),
        ("dnf-transaction", "transaction.json"),
        ("plugin-data", "dnf-plugin-data.txt"),
    ] {
        assert_eq!(read(name), world.export(what), "{what}");
    }
    let list = read("leapp/etc/leapp/transaction/to_remove");
    assert!(list.lines().any(|line| line == "gone"), "{list}");
    assert!(read("remarks.txt").contains("leapp: start it with leapp upgrade --target 8.10\n"));
    let back = script(&["--undo", "--yes"]);
    assert_eq!(back.code, 0, "{}", back.stderr);
    assert!(!world.at("for-others/upgrade.sh").exists());
    assert_eq!(world.packages(), before);
}

#[test]
fn an_executor_needs_its_own_place_and_no_other() {
    let said = |words: &[&str]| {
        let run = elevate_tests::binary::elevate(&[&["run", "/dev/null"], words].concat());
        (run.code, run.stderr)
    };
    for (words, needs) in [
        (&["--executor", "script"][..], "--directory"),
        (&["--executor", "root"], "--root"),
        (&["--executor", "leapp", "--directory", "/"], "--directory is for"),
        (&["--root", "/", "--directory", "/"], "cannot be used with"),
    ] {
        let (code, stderr) = said(words);
        assert!(code == 64 && stderr.contains(needs), "{words:?}: {code} {stderr}");
    }
}
