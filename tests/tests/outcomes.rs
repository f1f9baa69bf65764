//! How every run ends: exit codes of each outcome, and files that are whole or as they were.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "the tests make files, and run the binary in odd places"
)]

use std::fs::{OpenOptions, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use elevate_core::plan::Plan;
use elevate_tests::binary::{Run, elevate, elevate_with, executable, root};
use elevate_tests::data::TempDir;
use elevate_tests::recorded::read;
use serde_json::{Value, json};

const LIST: &str = "fixtures/hosts/web/rpm-qa.txt";
const SOS: &str = "fuzz/seeds/sos/report.tar";
const TARGET: [&str; 4] = ["--target", "almalinux:8.10", "--data", "fixtures/data"];

/// What becomes of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Inhibited,
    Incomplete,
    Ready,
    /// Ready, with findings of these severities and no others.
    High,
    Medium,
}

/// The plan of the fixture host, made to be something else.
fn plan(is: Is) -> String {
    let mut plan: Value = demo_plan();
    let findings = plan["findings"].as_array_mut().expect("findings");
    match is {
        Is::Inhibited => {}
        Is::Incomplete | Is::Ready => findings.clear(),
        Is::High => findings.retain(|f| f["severity"] == "high" && f["inhibitor"] != true),
        Is::Medium => findings.retain(|f| f["severity"] == "medium" && f["inhibitor"] != true),
    }
    assert!(matches!(is, Is::Incomplete | Is::Ready) || !findings.is_empty(), "{is:?}");
    if is != Is::Inhibited {
        plan["missing"] = if is == Is::Incomplete { json!(["a fact"]) } else { json!([]) };
        plan["verdict"] = if is == Is::Incomplete { "incomplete" } else { "ready" }.into();
    }
    plan.to_string()
}

fn demo_plan() -> Value {
    serde_json::from_str(&elevate(&["demo", "--format", "json"]).stdout).expect("JSON")
}

fn report(is: Is, arguments: &[&str]) -> Run {
    elevate_with(&[&["report", "-"], arguments].concat(), plan(is).as_bytes())
}

#[test]
fn what_to_fail_on_decides_how_a_report_ends() {
    let table: [(&[&str], [i32; 5]); 6] = [
        (&["never"], [0, 0, 0, 0, 0]),
        (&["inhibitor", "blocker"], [2, 0, 0, 0, 0]),
        (&["incomplete"], [2, 3, 0, 0, 0]),
        (&["high"], [2, 3, 0, 2, 0]),
        (&["medium", "warning"], [2, 3, 0, 2, 2]),
        (&[""], [2, 3, 0, 0, 0]),
    ];
    let outcomes = [Is::Inhibited, Is::Incomplete, Is::Ready, Is::High, Is::Medium];
    for (words, codes) in table {
        for (word, (is, code)) in words
            .iter()
            .flat_map(|word| outcomes.into_iter().zip(codes).map(move |end| (word, end)))
        {
            let fail_on = ["--fail-on", word];
            let arguments = if word.is_empty() { &[][..] } else { &fail_on };
            let run = report(is, arguments);
            assert_eq!(run.code, code, "--fail-on {word} of what is {is:?}: {}", run.stderr);
        }
    }
}

/// A file of waivers for every inhibitor of a plan.
fn waivers(directory: &TempDir, plan: &str) -> PathBuf {
    let plan = Plan::read(plan.as_bytes()).expect("a plan");
    let mut text = String::new();
    for inhibitor in plan.inhibitors() {
        let id = &inhibitor.id;
        text += &format!(
            "[[waiver]]\nfinding = \"{id}\"\nreason = \"seen\"\nwho = \"we\"\nexpires = \"2030-01-31\"\n"
        );
    }
    assert!(!text.is_empty());
    directory.write("waivers.toml", text.as_bytes()).expect("a file")
}

fn plan_with(arguments: &[&str]) -> Run {
    elevate(&[&["plan"], &TARGET[..], arguments].concat())
}

#[test]
fn a_plan_ends_as_its_verdict_says() {
    let directory = TempDir::new("verdicts").expect("a directory");
    let made = plan_with(&["--packages", LIST, "--format", "json"]);
    assert_eq!(made.code, 2);
    let waivers = waivers(&directory, &made.stdout);
    let waived = |more: &[&str]| {
        let waivers = ["--packages", LIST, "--waivers", waivers.to_str().expect("UTF-8")];
        plan_with(&[&waivers[..], &["--as-of", "2030-01-31"], more].concat()).code
    };
    assert_eq!(waived(&[]), 3);
    assert_eq!(waived(&["--fail-on", "incomplete"]), 3);
    assert_eq!(waived(&["--fail-on", "inhibitor"]), 0);
    assert_eq!(waived(&["--fail-on", "blocker"]), 0);
    assert_eq!(plan_with(&["--packages", "no-such-file"]).code, 1);
    assert_eq!(plan_with(&["--frobnicate"]).code, 64);
}

#[test]
fn waivers_hold_until_their_last_day_and_say_so_afterwards() {
    let directory = TempDir::new("waivers").expect("a directory");
    let made = elevate(&["demo", "--format", "json"]).stdout;
    let waivers = waivers(&directory, &made);
    let judged = |day: &str| {
        let file = waivers.to_str().expect("UTF-8");
        let run = elevate(&["demo", "--format", "json", "--waivers", file, "--as-of", day]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        Plan::read(run.stdout.as_bytes()).expect("a plan")
    };
    let said = |plan: &Plan| plan.findings.iter().any(|finding| finding.id == "waivers.expired");
    let last = judged("2030-01-31");
    assert_eq!((last.inhibitors().count(), said(&last)), (0, false));
    assert!(last.findings.iter().any(|f| f.waived.as_ref().is_some_and(|w| w.reason == "seen")));
    let late = judged("2030-02-01");
    assert_eq!((late.inhibitors().count(), said(&late)), (1, true));
    assert!(late.findings.iter().all(|finding| finding.waived.is_none()));
}

#[test]
fn waivers_that_cannot_be_read_are_refused_with_their_place() {
    let directory = TempDir::new("broken-waivers").expect("a directory");
    let path = directory.write("w.toml", b"[[waiver]]\nfinds = \"a.b\"\n").expect("a file");
    let path = path.to_str().expect("UTF-8");
    let run = elevate(&["demo", "--waivers", path]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains(path) && run.stderr.contains("line 2"), "{}", run.stderr);
    assert_eq!(elevate(&["demo", "--as-of", "tomorrow"]).code, 64);
}

#[test]
fn the_demo_ends_with_0_unless_it_is_asked_to_fail() {
    assert_eq!(elevate(&["demo"]).code, 0);
    assert_eq!(elevate(&["demo", "--fail-on", "inhibitor"]).code, 2);
    assert_eq!(elevate(&["demo", "--fail-on", "never"]).code, 0);
    assert_eq!(elevate(&["demo", "--fail-on", "everything"]).code, 64);
    assert_eq!(elevate(&["demo", "--waivers", "no-such-file"]).code, 1);
}

#[test]
fn a_check_ends_as_the_plan_of_what_it_captures() {
    let check = |arguments: &[&str]| elevate(&[&["check"], &TARGET[..], arguments].concat());
    let run = check(&["--sos", SOS]);
    let planned = plan_with(&["--sos", SOS]);
    assert_eq!((run.code, &run.stdout), (planned.code, &planned.stdout), "{}", run.stderr);
    assert!([2, 3].contains(&run.code), "{}", run.stderr);
    assert_eq!(check(&["--sos", SOS, "--fail-on", "never"]).code, 0);
    assert_eq!(check(&["--root", "fixtures"]).code, 1);
    assert_eq!(check(&["--root", "fixtures", "--sos", SOS]).code, 64);
}

#[test]
fn a_report_of_what_is_no_plan_ends_with_1() {
    for text in ["", "{}", "[", "{\"format\": \"elevate-plan\", \"version\": 99}"] {
        let run = elevate_with(&["report", "-"], text.as_bytes());
        assert_eq!((run.code, &*run.stdout), (1, ""), "{text:?}");
        assert!(run.stderr.starts_with("error: standard input: "), "{}", run.stderr);
    }
    assert_eq!(elevate(&["report", "no-such-file"]).code, 1);
    assert_eq!(elevate(&["report"]).code, 64);
}

/// A run whose standard output is something odd.
fn elevate_to(arguments: &[&str], stdout: impl Into<Stdio>) -> Output {
    let mut command = Command::new(executable());
    command.args(arguments).current_dir(root()).stdin(Stdio::null()).stdout(stdout);
    command.stderr(Stdio::piped()).spawn().expect("it starts").wait_with_output().expect("it ends")
}

#[test]
fn output_that_nobody_takes_is_a_failure_with_a_word() {
    let full = || OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let closed = || std::io::pipe().expect("a pipe").1;
    for arguments in [
        &["demo"][..],
        &["demo", "--format", "csv"],
        &["schema", "plan"],
        &["completions", "bash"],
        &["capture", "--sos", SOS],
        &["actors", "list"],
    ] {
        for output in [elevate_to(arguments, full()), elevate_to(arguments, closed())] {
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
            assert!(said.contains("error: cannot write to stdout: "), "{said}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_written_is_a_failure_that_names_it() {
    let directory = TempDir::new("unwritable").expect("a directory");
    let below = directory.path().join("no/such/directory/plan.json");
    let file = directory.write("file", b"").expect("a file");
    for place in [Path::new("/dev/full"), directory.path(), &below, &file.join("plan.json")] {
        let place = place.to_str().expect("UTF-8");
        let run = elevate(&["demo", "--format", "json", "-o", place]);
        assert_eq!((run.code, &*run.stdout), (1, ""), "{place}: {}", run.stderr);
        assert!(run.stderr.starts_with(&format!("error: {place}: ")), "{}", run.stderr);
    }
}

/// A run as somebody who is not root; `None` where that cannot be.
fn as_nobody(arguments: &[&str]) -> Option<Output> {
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"];
    let run = |arguments: &[&str]| {
        let mut command = Command::new("setpriv");
        command.args(nobody).arg(executable()).args(arguments);
        command.current_dir(std::env::temp_dir()).output()
    };
    let can = run(&["--version"]).is_ok_and(|output| output.status.success());
    if !can {
        eprintln!("skipped: this needs root, setpriv, and a directory that others can enter");
        return None;
    }
    Some(run(arguments).expect("it runs"))
}

#[test]
fn permissions_are_respected() {
    let directory = TempDir::new("permissions").expect("a directory");
    let write = |name: &str, mode: u32| {
        let path = directory.write(name, b"old").expect("a file");
        std::fs::set_permissions(&path, Permissions::from_mode(mode)).expect("a mode");
        path
    };
    let open = directory.path().join("open");
    std::fs::create_dir(&open).expect("a directory");
    std::fs::set_permissions(&open, Permissions::from_mode(0o777)).expect("a mode");
    let read_only = write("open/read-only", 0o444);
    let closed = directory.path().join("new");
    for place in [&read_only, &closed] {
        let place = place.to_str().expect("UTF-8");
        let Some(output) = as_nobody(&["demo", "-o", place]) else { return };
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.starts_with(&format!("error: {place}: Permission denied")), "{said}");
    }
    assert_eq!(read(&read_only), b"old");
    assert_eq!(std::fs::read_dir(&open).expect("a directory").count(), 1);
}

#[test]
fn a_link_stays_and_what_is_behind_it_is_replaced() {
    let directory = TempDir::new("links").expect("a directory");
    let behind = directory.write("real/plan.json", b"old").expect("a file");
    let mode = Permissions::from_mode(0o640);
    std::fs::set_permissions(&behind, mode).expect("a mode");
    let at = |name: &str| directory.path().join(name);
    symlink("real/plan.json", at("link")).expect("a link");
    symlink("link", at("link-to-link")).expect("a link");
    symlink("real/new.json", at("dangling")).expect("a link");
    symlink("loop", at("loop")).expect("a link");
    let written = |name: &str| {
        let place = at(name);
        let run = elevate(&["demo", "--format", "json", "-o", place.to_str().expect("UTF-8")]);
        assert!(place.is_symlink(), "{name} is no link any more");
        run.code
    };
    assert_eq!(written("link-to-link"), 0);
    Plan::read(&read(&behind)).expect("a plan");
    assert_eq!(std::fs::metadata(&behind).expect("a file").mode() & 0o777, 0o640);
    assert_eq!(written("dangling"), 0);
    let new = at("real/new.json");
    Plan::read(&read(&new)).expect("a plan");
    assert_eq!(std::fs::metadata(&new).expect("a file").mode() & 0o777, 0o600);
    assert_eq!(written("loop"), 1);
    assert_eq!(std::fs::read_dir(at("real")).expect("a directory").count(), 2);
}

#[test]
fn a_file_is_whole_or_as_it_was_when_the_writer_is_killed() {
    let directory = TempDir::new("killed").expect("a directory");
    let old = directory.write("plan.json", b"old").expect("a file");
    // The kernel ends who writes more than this into a file, in the midst of it.
    let script = "ulimit -f 8; exec \"$0\" demo --format json -o \"$1\"";
    let output = Command::new("sh").args(["-c", script]).arg(executable()).arg(&old).output();
    let output = output.expect("sh runs");
    assert!(!output.status.success());
    assert_eq!(read(&old), b"old");
}

#[test]
fn a_file_is_as_it_was_when_the_disk_is_full() {
    let directory = TempDir::new("full").expect("a directory");
    let script = "\
        mount -t tmpfs -o size=64k none \"$1\" || exit 77
        cd \"$1\" && printf old > plan.json
        \"$0\" demo --format json -o \"$1/plan.json\"; echo \"$?\"
        cat plan.json; echo; ls";
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", script]).arg(executable()).arg(directory.path());
    let Ok(output) = command.output() else {
        eprintln!("skipped: there is no unshare");
        return;
    };
    if [Some(77), Some(1)].contains(&output.status.code()) {
        eprintln!("skipped: nothing can be mounted here");
        return;
    }
    assert_eq!(String::from_utf8_lossy(&output.stdout), "1\nold\nplan.json\n");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("plan.json: No space left on device"), "{said}");
}

/// The arguments that plan the host that is ready to be upgraded.
const READY: [&str; 12] = [
    "--data",
    "fixtures/data",
    "--transaction",
    "fixtures/hosts/ready/transaction",
    "--target",
    "almalinux:8.10",
    "--repo=almalinux8-baseos=fixtures/repositories/baseos",
    "--repo=almalinux8-appstream=fixtures/repositories/appstream",
    "--disablerepo",
    "almalinux8-extras",
    "--disablerepo",
    "almalinux8-powertools",
];

fn plan_of_ready(arguments: &[&str]) -> Run {
    let host = ["plan", "--snapshot", "fixtures/hosts/ready/snapshot.json"];
    elevate(&[&host, &READY[..], arguments].concat())
}

#[test]
fn a_host_that_is_ready_ends_with_0_and_its_report_says_so_in_one_screen() {
    let run = plan_of_ready(&[]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn what_to_fail_on_decides_how_the_plan_of_a_host_that_is_ready_ends() {
    let directory = TempDir::new("ready-severities").expect("a directory");
    let lowered = |severity: &str| {
        let text = format!(
            "[[waiver]]\nfinding = \"python.unversioned\"\nreason = \"seen\"\nwho = \"we\"\n\
             expires = \"2030-01-31\"\nseverity = \"{severity}\"\n"
        );
        directory.write(&format!("{severity}.toml"), text.as_bytes()).expect("a file")
    };
    let (medium, low) = (lowered("medium"), lowered("low"));
    let ends = |fail_on: &str, waivers: Option<&Path>| {
        let made = plan_of_ready(&["--format", "json"]).stdout;
        let mut arguments = vec!["--fail-on", fail_on];
        if let Some(waivers) = waivers {
            let waivers = waivers.to_str().expect("UTF-8");
            arguments.extend(["--waivers", waivers, "--as-of", "2030-01-31"]);
        }
        let planned = plan_of_ready(&arguments).code;
        let reported = [&["report", "-"], &arguments[..]].concat();
        assert_eq!(elevate_with(&reported, made.as_bytes()).code, planned, "{arguments:?}");
        planned
    };
    let codes = |waivers: Option<&Path>| {
        ["never", "inhibitor", "incomplete", "high", "medium"].map(|word| ends(word, waivers))
    };
    assert_eq!(codes(None), [0, 0, 0, 2, 2]);
    assert_eq!(codes(Some(&medium)), [0, 0, 0, 0, 2]);
    assert_eq!(codes(Some(&low)), [0, 0, 0, 0, 0]);
}

/// A host that is ready, on a file system of its own, and what is run on it.
#[test]
fn a_check_of_a_host_that_is_ready_ends_with_0() {
    let directory = TempDir::new("ready-root").expect("a directory");
    let (from, to) = (directory.path().join("from"), directory.path().join("to"));
    elevate_tests::ready::write(&from);
    std::fs::create_dir(&to).expect("a directory");
    let script = "\
        mount -t tmpfs -o size=8g none \"$2\" || exit 77
        mkdir \"$2/boot\" && mount -t tmpfs -o size=1g none \"$2/boot\" || exit 77
        cp -a \"$1/.\" \"$2\" || exit 77
        root=$2; elevate=$0; shift 2
        \"$elevate\" check --root \"$root\" \"$@\"; code=$?
        \"$elevate\" check --root \"$root\" \"$@\" --fail-on high >/dev/null; echo \"$code $?\"";
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", script]).arg(executable()).args([&from, &to]).args(READY);
    let Ok(output) = command.current_dir(root()).output() else {
        eprintln!("skipped: there is no unshare");
        return;
    };
    if [Some(77), Some(1)].contains(&output.status.code()) {
        eprintln!("skipped: nothing can be mounted here");
        return;
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("\nNothing stands in the way of the upgrade.\n"), "{said}{errors}");
    assert!(said.ends_with("\n0 2\n"), "{said}{errors}");
}

#[test]
fn lists_that_are_named_take_the_place_of_all_lists_in_the_data_directory() {
    let made = Plan::read(plan_of_ready(&["--format", "json"]).stdout.as_bytes()).expect("a plan");
    let inputs = made.provenance.inputs.iter().map(|input| input.path.as_str());
    let lists: Vec<&str> = inputs.filter(|path| path.starts_with("transaction/")).collect();
    assert_eq!(lists, ["transaction/to_install"]);
}
