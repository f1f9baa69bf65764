//! `elevate explain` through the binary, on plans of the fixture hosts.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use elevate_tests::binary::elevate;
use elevate_tests::data::TempDir;
use serde_json::Value;

/// A plan of the wiki with both repositories.
fn plan(directory: &TempDir, arguments: &[&str]) -> String {
    let cache = directory.path().join("cache");
    let cache = cache.to_str().expect("UTF-8");
    let common = ["plan", "--snapshot", "fixtures/hosts/wiki/snapshot.json"];
    let data = ["--data", "fixtures/data", "--target", "almalinux:8.10", "--cache-dir", cache];
    let base = "almalinux8-baseos=fixtures/repositories/baseos";
    let app = "almalinux8-appstream=fixtures/repositories/appstream";
    let repositories = ["--repo", base, "--repo", app, "--format", "json"];
    let run = elevate(&[&common[..], &data, &repositories, arguments].concat());
    let path = directory.write("plan.json", run.stdout.as_bytes()).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

fn transcript(plan: &str, calls: &[&[&str]]) -> String {
    let mut text = String::new();
    for call in calls {
        let run = elevate(&[&["explain", plan], *call].concat());
        text.push_str(&format!("$ elevate explain PLAN {}\n{}\n", call.join(" "), run.all()));
    }
    text.replace(plan, "PLAN")
}

#[test]
fn packages_are_told_from_evidence_to_fate() {
    let directory = TempDir::new("explain-packages").expect("a directory");
    let plan = plan(&directory, &["--remove", "mailcap"]);
    let calls: [&[&str]; 5] =
        [&["rookery-wiki"], &["zlib"], &["crypto-policies"], &["python"], &["mailcap"]];
    insta::assert_snapshot!("packages", transcript(&plan, &calls));
}

#[test]
fn findings_and_repositories_are_told() {
    let directory = TempDir::new("explain-findings").expect("a directory");
    let plan = plan(&directory, &[]);
    let calls: [&[&str]; 5] = [
        &["python.unversioned"],
        &["user.contradiction"],
        &["almalinux8-baseos"],
        &["base"],
        &["almalinux8-extras"],
    ];
    insta::assert_snapshot!("findings", transcript(&plan, &calls));
}

#[test]
fn a_plan_without_a_transaction_is_told_with_the_changes_that_make_one() {
    let directory = TempDir::new("explain-conflict").expect("a directory");
    let plan = plan(&directory, &["--keep", "rookery-wiki"]);
    insta::assert_snapshot!("conflict", transcript(&plan, &[&[]]));
    let run = elevate(&["explain", &plan, "--format", "json"]);
    let told: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(told["format"], "elevate-explanation");
    let sets = told["subjects"][0]["conflict"]["changes"].as_array().expect("a list");
    assert!(!sets.is_empty() && sets.iter().all(|set| set["cost"].is_u64()));
}

#[test]
fn names_that_are_not_clear_are_refused_with_others() {
    let directory = TempDir::new("explain-unclear").expect("a directory");
    let plan = plan(&directory, &[]);
    let calls: [&[&str]; 5] =
        [&["htpd"], &["zzz"], &["bash", "basch"], &["finding:bash"], &["persistentnetnamesconfig"]];
    insta::assert_snapshot!("unclear", transcript(&plan, &calls));
    let report = directory.write("report.json", b"{\"entries\": []}").expect("a file");
    let run = elevate(&["explain", report.to_str().expect("UTF-8"), "bash"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("is a report, not a plan"), "{}", run.stderr);
}

/// The example in README.md is what the command prints.
#[test]
fn readme_shows_what_explain_prints() {
    let directory = TempDir::new("explain-readme").expect("a directory");
    let plan = plan(&directory, &[]);
    let readme = elevate_tests::recorded::read(&elevate_tests::binary::root().join("README.md"));
    let readme = String::from_utf8(readme).expect("UTF-8");
    let printed = elevate(&["explain", &plan, "p11-kit-trust"]).stdout;
    assert!(readme.contains(&format!("```text\n{printed}```\n")), "stale; it prints\n{printed}");
}
