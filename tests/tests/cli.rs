//! Few tests through the binary: stdout, stderr and exit code together.

use std::collections::BTreeSet;

use elevate_core::plan::{Fate, Plan};
use elevate_tests::binary::{Run, elevate, elevate_with};
use elevate_tests::data::TempDir;
use serde_json::Value;

const HOST: &str = "fixtures/hosts/web/snapshot.json";
const LIST: &str = "fixtures/hosts/web/rpm-qa.txt";
const DATA: &str = "fixtures/data";

fn plan(arguments: &[&str]) -> Run {
    elevate(&[&["plan", "--target", "almalinux:8.10", "--data", DATA], arguments].concat())
}

#[test]
fn demo_shows_every_kind_of_fate_and_one_inhibitor() {
    insta::assert_snapshot!("demo_on_one_screen", elevate(&["demo"]).all());
    insta::assert_snapshot!("demo", elevate(&["demo", "--full"]).all());
    let plan =
        Plan::read(elevate(&["demo", "--format", "json"]).stdout.as_bytes()).expect("a plan");
    // Without target repositories nobody knows of versions, or that nothing is in a place.
    let known = |word: &&str| !["downgraded", "stays"].contains(word);
    for word in Fate::WORDS.into_iter().filter(known) {
        assert!(plan.counts[word] > 0, "no package is {word}");
    }
    assert_eq!(plan.inhibitors().count(), 1);
}

#[test]
fn demo_is_the_plan_of_the_fixture_host() {
    let demo = elevate(&["demo", "--format", "json"]);
    let planned = plan(&["--snapshot", HOST, "--format", "json"]);
    assert_eq!((demo.code, planned.code), (0, 2));
    assert_eq!(demo.stdout, planned.stdout);
}

#[test]
fn a_plain_package_list_gives_a_plan_that_says_what_is_missing() {
    let run = plan(&["--packages", LIST, "--full"]);
    let overview = run.all().split("\nPackages\n").next().expect("an overview").to_owned();
    insta::assert_snapshot!("plain_list", overview);
}

#[test]
fn a_list_on_stdin_gives_the_same_decisions_as_the_file() {
    let bytes = elevate_tests::recorded::read(&elevate_tests::binary::root().join(LIST));
    let arguments = ["plan", "--target", "almalinux:8.10", "--data", DATA, "--packages", "-"];
    let piped = elevate_with(&[&arguments[..], &["--format", "leapp-tasks"]].concat(), &bytes);
    let file = plan(&["--packages", LIST, "--format", "leapp-tasks"]);
    assert_eq!(piped.stdout, file.stdout);
    assert_eq!(piped.code, file.code);
}

#[test]
fn policies_differ_in_their_lists() {
    let ours = plan(&["--snapshot", HOST, "--format", "leapp-tasks"]);
    let leapps = plan(&["--snapshot", HOST, "--format", "leapp-tasks", "--as", "leapp-0.21"]);
    let (ours, leapps): (Value, Value) = (
        serde_json::from_str(&ours.stdout).expect("JSON"),
        serde_json::from_str(&leapps.stdout).expect("JSON"),
    );
    let mut text = String::new();
    for (key, list) in ours.as_object().expect("an object") {
        let items = |value: &Value| -> BTreeSet<String> {
            value.as_array().into_iter().flatten().map(Value::to_string).collect()
        };
        let (ours, leapps) = (items(list), items(&leapps[key]));
        if ours != leapps && key != "reports" {
            let only_leapp: Vec<_> = leapps.difference(&ours).collect();
            let only_ours: Vec<_> = ours.difference(&leapps).collect();
            text.push_str(&format!("{key}: leapp only {only_leapp:?}, ours only {only_ours:?}\n"));
        }
    }
    insta::assert_snapshot!("difference_of_policies", text);
}

#[test]
fn what_to_fail_on_decides_the_exit_code() {
    let code = |arguments: &[&str]| plan(arguments).code;
    assert_eq!(code(&["--snapshot", HOST]), 2);
    assert_eq!(code(&["--snapshot", HOST, "--fail-on", "never"]), 0);
    assert_eq!(code(&["--packages", LIST, "--fail-on", "never"]), 0);
}

#[test]
fn wrong_usage_ends_with_64() {
    let calls: [&[&str]; 6] = [
        &["plan", "--target", "almalinux:8.10"],
        &["plan", "--packages", LIST, "--snapshot", HOST, "--target", "almalinux:8.10"],
        &["plan", "--packages", LIST, "--target", "almalinux"],
        &["plan", "--packages", LIST, "--target", "almalinux:8.10", "--as", "leapp-9"],
        &["plan", "--snapshot", HOST, "--arch", "x86_64", "--target", "almalinux:8.10"],
        &["frobnicate"],
    ];
    let text: String = calls
        .iter()
        .map(|call| format!("$ elevate {}\n{}\n", call.join(" "), elevate(call).all()))
        .collect();
    insta::assert_snapshot!("usage", text);
}

#[test]
fn help_names_the_exit_codes() {
    let run = elevate(&["--help"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!("help", run.stdout);
}

#[test]
fn broken_inputs_end_with_1_and_name_file_and_place() {
    let directory = TempDir::new("broken-inputs").expect("a directory");
    let mut text = String::new();
    let cases: [(&str, &[u8]); 7] = [
        ("truncated.json", b"{\"format\": \"elevate-snapshot\", \"version\": 1, \"identity\""),
        ("newer.json", b"{\"format\": \"elevate-snapshot\", \"version\": 99}"),
        ("plan.json", b"{\"format\": \"elevate-plan\", \"version\": 1}"),
        ("empty.json", b""),
        ("list.txt", b"bash-4.2.46-34.el7.x86_64\n"),
        (
            "field.json",
            b"{\"format\": \"elevate-snapshot\", \"version\": 1, \"identity\": {\"system\": 7}}",
        ),
        ("bytes.json", b"\xff\xfe\x00"),
    ];
    for (name, bytes) in cases {
        let path = directory.write(name, bytes).expect("a file");
        let run = plan(&["--snapshot", path.to_str().expect("UTF-8")]);
        assert_eq!(run.code, 1, "{name}");
        let shown = path.parent().expect("a parent").display().to_string();
        text.push_str(&run.stderr.replace(&shown, "DIR"));
    }
    let missing = plan(&["--packages", "no-such-file"]);
    assert_eq!(missing.code, 1);
    text.push_str(&missing.stderr);
    insta::assert_snapshot!("broken_inputs", text);
}

#[test]
fn broken_data_end_with_1_and_name_file_and_place() {
    let directory = TempDir::new("broken-data").expect("a directory");
    let shown = directory.path().display().to_string();
    let run = |files: &[(&str, &[u8])]| {
        for (name, bytes) in files {
            directory.write(name, bytes).expect("a file");
        }
        let path = directory.path().to_str().expect("UTF-8");
        let run =
            elevate(&["plan", "--target", "almalinux:8.10", "--data", path, "--snapshot", HOST]);
        assert_eq!(run.code, 1, "{files:?}");
        run.stderr.replace(&shown, "DIR")
    };
    let events = elevate_tests::recorded::read(
        &elevate_tests::binary::root().join(DATA).join("pes-events.json"),
    );
    let text = [
        run(&[]),
        run(&[("pes-events.json", b"[1]")]),
        run(&[("pes-events.json", b"{\"packageinfo\": [{\"action\": 9}]}")]),
        run(&[("pes-events.json", &events)]),
        run(&[("repomap.json", b"{\"version_format\": \"9.9.9\"}")]),
    ];
    insta::assert_snapshot!("broken_data", text.concat());
}

#[test]
fn data_lint_tells_what_is_wrong_and_ends_with_2_on_errors() {
    let run = elevate(&["data", "lint", DATA]);
    insta::assert_snapshot!("data_lint", run.all());
    let json = elevate(&["data", "lint", DATA, "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(document["remarks"].as_array().map(Vec::len), Some(run.stdout.lines().count() - 1));
}

/// The example in README.md is what the command prints, up to the details.
#[test]
fn readme_shows_what_the_command_prints() {
    let readme = elevate_tests::recorded::read(&elevate_tests::binary::root().join("README.md"));
    let readme = String::from_utf8(readme).expect("UTF-8");
    let shown = readme
        .split_once("<!-- example:begin -->\n```text\n")
        .and_then(|(_, rest)| rest.split_once("\n```\n<!-- example:end -->"))
        .map(|(shown, _)| shown)
        .expect("an example between its markers");
    assert!(shown.lines().count() > 20);
    let printed = plan(&["--packages", LIST]).stdout;
    assert!(printed.starts_with(shown), "README.md is stale; the command prints\n{printed}");
}
