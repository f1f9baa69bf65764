//! Plans with target repositories, through the binary: the transaction, its reasons,
//! and questions what would be if.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use elevate_core::plan::Plan;
use elevate_tests::binary::{Run, elevate};
use elevate_tests::data::TempDir;

const HOST: &str = "fixtures/hosts/wiki/snapshot.json";
const BASEOS: &str = "almalinux8-baseos=fixtures/repositories/baseos";
const APPSTREAM: &str = "almalinux8-appstream=fixtures/repositories/appstream";

/// A plan of the wiki with both repositories, and a cache of its own.
fn plan(arguments: &[&str]) -> Run {
    let cache = TempDir::new("what-if").expect("a directory");
    with_cache(&cache, arguments)
}

fn with_cache(cache: &TempDir, arguments: &[&str]) -> Run {
    let cache = cache.path().to_str().expect("UTF-8");
    let common = ["plan", "--snapshot", HOST, "--data", "fixtures/data"];
    let target = ["--target", "almalinux:8.10", "--cache-dir", cache];
    let repositories = ["--repo", BASEOS, "--repo", APPSTREAM];
    elevate(&[&common[..], &target, &repositories, arguments].concat())
}

fn read(run: &Run) -> Plan {
    Plan::read(run.stdout.as_bytes()).unwrap_or_else(|error| panic!("{error}: {}", run.all()))
}

#[test]
fn a_plan_with_repositories_tells_what_dnf_would_do_and_why() {
    insta::assert_snapshot!("solved", plan(&["--full"]).all());
}

#[test]
fn a_plan_is_the_same_read_anew_and_from_the_cache() {
    let cache = TempDir::new("what-if-twice").expect("a directory");
    let runs = [(), (), ()].map(|()| with_cache(&cache, &["--format", "json"]));
    assert_eq!(runs[0].all(), runs[1].all());
    assert_eq!(runs[1].all(), runs[2].all());
    let plan = read(&runs[0]);
    assert!(plan.packages.iter().all(|package| package.because.is_some()));
    assert!(plan.arrivals.iter().all(|arrival| arrival.because.is_some()));
}

#[test]
fn each_question_is_answered_with_what_it_alone_changes() {
    let questions = [
        "--remove",
        "nginx",
        "--install",
        "python36",
        "--keep",
        "rookery-export",
        "--without-repo",
        "almalinux8-appstream",
    ];
    let all = read(&plan(&[&questions[..], &["--format", "json"]].concat()));
    let told: Vec<String> = all
        .what_if
        .iter()
        .map(|question| {
            let changes = question.changes.iter();
            let changes = changes.map(|c| format!("  {}: {} -> {}", c.package, c.before, c.after));
            let conflict = question.conflict.iter().map(|text| format!("  {text}"));
            let lines: Vec<String> = changes.chain(conflict).collect();
            format!("{}\n{}", question.asked, lines.join("\n"))
        })
        .collect();
    insta::assert_snapshot!("questions", told.join("\n"));
}

#[test]
fn what_cannot_be_kept_comes_with_the_changes_that_would_make_it_possible() {
    let run = plan(&["--keep", "rookery-wiki", "--format", "json"]);
    let plan = read(&run);
    assert_eq!(run.code, 2);
    let conflict = plan.conflict.expect("a conflict");
    assert!(!conflict.problems.is_empty() && !conflict.changes.sets.is_empty());
    assert!(plan.findings.iter().any(|f| f.inhibitor && f.id == "transaction.none"));
    insta::assert_snapshot!("conflict", conflict.to_string());
}

#[test]
fn a_known_repository_that_would_help_is_named_first() {
    let place = TempDir::new("what-if-spare").expect("a directory");
    let root = elevate_tests::binary::root();
    let root = root.canonicalize().expect("a checkout");
    let at = root.join("fixtures/repositories/appstream").display().to_string();
    let text = format!("[spare]\nname=Spare\nbaseurl=file://{at}\nenabled=0\n");
    let file = place.write("spare.repo", text.as_bytes()).expect("a file");
    let (file, cache) = (file.display().to_string(), place.path().display().to_string());
    let common = ["plan", "--snapshot", HOST, "--data", "fixtures/data", "--repo", BASEOS];
    let question = ["--target", "almalinux:8.10", "--repo-file", &file, "--cache-dir", &cache];
    let keep = ["--keep", "httpd", "--format", "json"];
    let plan = read(&elevate(&[&common[..], &question, &keep].concat()));
    let conflict = plan.conflict.expect("a conflict");
    let story = conflict.changes.to_string();
    let first = story.lines().next().unwrap_or_default();
    assert_eq!(first, "- use the repository spare");
}

#[test]
fn questions_about_what_is_not_there_are_wrong_usage() {
    let unknown = plan(&["--with-repo", "nowhere"]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (64, ""));
    let bare = ["plan", "--snapshot", HOST, "--data", "fixtures/data"];
    let none = ["--target", "almalinux:8.10", "--remove", "bash", "--cache-dir", "/nonexistent"];
    let none = elevate(&[&bare[..], &none].concat());
    assert_eq!((none.code, none.stdout.as_str()), (64, ""));
    insta::assert_snapshot!("usage", format!("{}{}", unknown.stderr, none.stderr));
}
