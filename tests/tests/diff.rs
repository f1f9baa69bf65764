//! `elevate diff` through the binary: plans, reports, reports of leapp's, snapshots.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use elevate_core::plan::Plan;
use elevate_core::report::diff::{Diff, Matched, What};
use elevate_core::report::reading::Document;
use elevate_tests::binary::{Run, elevate, elevate_with};
use elevate_tests::data::TempDir;
use elevate_tests::recorded::{data_dir, files, read};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const HOST: &str = "fixtures/hosts/wiki/snapshot.json";

/// A directory with plans of one host: with all repositories, and without one of them.
struct Plans {
    directory: TempDir,
}

impl Plans {
    fn new(name: &str) -> Self {
        Self { directory: TempDir::new(name).expect("a directory") }
    }

    fn plan(&self, name: &str, arguments: &[&str]) -> String {
        let cache = self.directory.path().join("cache");
        let cache = cache.to_str().expect("UTF-8");
        let common = ["plan", "--data", "fixtures/data", "--target", "almalinux:8.10"];
        let base = "almalinux8-baseos=fixtures/repositories/baseos";
        let given = ["--cache-dir", cache, "--repo", base, "--format", "json"];
        let run = elevate(&[&common[..], &given, arguments].concat());
        assert!(!run.stdout.is_empty(), "{}", run.all());
        self.write(name, run.stdout.as_bytes())
    }

    fn write(&self, name: &str, content: &[u8]) -> String {
        let path = self.directory.write(name, content).expect("a file");
        path.to_str().expect("UTF-8").to_owned()
    }
}

const APPSTREAM: &str = "almalinux8-appstream=fixtures/repositories/appstream";

fn diff(run: &Run) -> Diff {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.all()))
}

#[test]
fn a_repository_that_is_no_longer_read_is_the_one_cause_of_all_that_changes() {
    let plans = Plans::new("diff-plans");
    let all = plans.plan("all.json", &["--snapshot", HOST, "--repo", APPSTREAM]);
    let one = plans.plan("one.json", &["--snapshot", HOST]);
    insta::assert_snapshot!("plans", elevate(&["diff", &all, &one]).all());
    let json = elevate(&["diff", &all, &one, "--format", "json", "--exit-code"]);
    assert_eq!(json.code, 2);
    let told = diff(&json);
    let causes: Vec<What> = told.causes.list.iter().map(|cause| cause.what).collect();
    assert_eq!((told.causes.known, causes), (true, vec![What::Repository]));
    let same = elevate(&["diff", &all, &all, "--exit-code"]);
    assert_eq!(same.code, 0, "{}", same.all());
}

#[test]
fn a_host_that_was_worked_on_is_told_in_its_snapshots_and_in_its_plans() {
    let plans = Plans::new("diff-host");
    let bytes = read(&elevate_tests::binary::root().join(HOST));
    let mut host: Value = serde_json::from_slice(&bytes).expect("JSON");
    let packages = host["packages"].as_array_mut().expect("a list");
    packages.retain(|package| package["name"] != "nginx");
    let bash = packages.iter_mut().find(|package| package["name"] == "bash").expect("it is there");
    bash["version"] = "4.2.47".into();
    let after = plans.write("after.json", host.to_string().as_bytes());
    insta::assert_snapshot!("snapshots", elevate(&["diff", HOST, &after]).all());
    let run = elevate(&["diff", HOST, &after, "--format", "json", "--exit-code"]);
    let told: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((run.code, &told["format"]), (2, &Value::from("elevate-snapshot-diff")));
    assert_eq!(told["packages"]["gone"][0], "nginx-1:1.20.1-10.el7.x86_64");

    let repo = ["--repo", APPSTREAM];
    let old = plans.plan("old.json", &[&["--snapshot", HOST][..], &repo].concat());
    let new = plans.plan("new.json", &[&["--snapshot", &after][..], &repo].concat());
    let told = diff(&elevate(&["diff", &old, &new, "--format", "json"]));
    assert_eq!(told.causes.list.iter().map(|cause| cause.what).collect::<Vec<_>>(), [What::Host]);
    let packages = told.plan.expect("both are plans").packages;
    assert!(packages.gone.iter().any(|one| one.package.starts_with("nginx-1:")));
    assert!(packages.changed.iter().any(|one| {
        one.installed.as_ref().is_some_and(|bash| bash.after.starts_with("bash-4.2.47"))
    }));
}

#[test]
fn compressed_documents_and_stdin_are_read() {
    let plans = Plans::new("diff-compressed");
    let plan = elevate(&["demo", "--format", "json"]).stdout;
    let file = plans.write("plan.json", plan.as_bytes());
    let packed = elevate_core::rpm::compressed::zstd(plan.as_bytes()).expect("it is packed");
    let packed = plans.write("plan.json.zst", &packed);
    let run = elevate(&["diff", &packed, &file, "--exit-code"]);
    assert_eq!(run.code, 0, "{}", run.all());
    let run = elevate_with(&["diff", "-", &file, "--exit-code"], plan.as_bytes());
    assert_eq!(run.code, 0, "{}", run.all());
    assert_eq!(elevate(&["diff", "-", "-"]).code, 64);
}

#[test]
fn what_cannot_be_compared_is_refused_with_file_and_place() {
    let plans = Plans::new("diff-refused");
    let deep = format!("{{\"entries\": {}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let cases: [(&str, &str); 8] = [
        ("empty", ""),
        ("list", "[]"),
        ("unknown", "{\"format\": \"elevate-graph\"}"),
        ("nothing", "{}"),
        ("deep", &deep),
        ("huge", "{\"entries\": [{\"severity\": 1e999}]}"),
        ("newer", "{\"format\": \"elevate-plan\", \"version\": 99}"),
        ("wrong", "{\"format\": \"elevate-plan\", \"version\": 1, \"provenance\": 7}"),
    ];
    let good = plans.write("good", b"{\"leapp_run_id\": \"x\", \"entries\": []}");
    let mut text = String::new();
    for (name, json) in cases {
        let file = plans.write(name, json.as_bytes());
        let run = elevate(&["diff", &good, &file]);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{name}");
        text.push_str(&run.stderr);
    }
    let mixed = elevate(&["diff", &good, HOST]);
    assert_eq!((mixed.code, mixed.stdout.as_str()), (64, ""));
    text.push_str(&mixed.stderr);
    text.push_str(&elevate(&["diff", &good, "nowhere.json"]).stderr);
    let place = plans.directory.path().display().to_string();
    insta::assert_snapshot!("refused", text.replace(&place, "DIR"));
}

/// Every recorded report of leapp's, by path below the data directory.
fn recorded() -> Option<Vec<(String, Vec<u8>)>> {
    let directory = data_dir("reports")?;
    let is_report = |path: &str| path.ends_with(".json") && path.contains("leapp-report");
    let found = files(&directory, is_report);
    assert!(found.len() >= 3, "the three samples are there: {}", found.len());
    Some(found)
}

fn document(name: &str, bytes: &[u8]) -> Document {
    Document::read(bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn recorded_reports_of_leapp_are_not_different_from_themselves() {
    let Some(reports) = recorded() else { return };
    for (name, bytes) in &reports {
        let report = document(name, bytes);
        let told = report.diff(&report);
        assert!(!told.different && !told.causes.known, "{name}: {told:#?}");
        assert_eq!(told.findings.unchanged, report.report().findings.len(), "{name}");
        assert!(told.findings.unchanged > 0, "{name} has findings");
    }
}

#[test]
fn recorded_reports_of_leapp_are_compared_with_each_other_and_with_ours() {
    let Some(reports) = recorded() else { return };
    let plan = elevate(&["demo", "--format", "json"]).stdout;
    let ours = document("demo", plan.as_bytes());
    let mut matched = Vec::new();
    for (name, bytes) in &reports {
        let theirs = document(name, bytes);
        for (old, new) in [(&ours, &theirs), (&theirs, &ours)] {
            let told = old.diff(new);
            let both = told.findings.unchanged + told.findings.changed.len();
            assert_eq!(both + told.findings.come.len(), new.report().findings.len(), "{name}");
            assert_eq!(both + told.findings.gone.len(), old.report().findings.len(), "{name}");
            assert!(told.plan.is_none() && told.counts.is_empty(), "{name}");
            matched.extend(told.findings.changed.iter().map(|change| change.matched));
        }
        for (other, bytes) in &reports {
            let other_report = document(other, bytes);
            let there = theirs.diff(&other_report);
            let back = other_report.diff(&theirs);
            assert_eq!(there.findings.come.len(), back.findings.gone.len(), "{name}, {other}");
            assert_eq!(there.different, name != other, "{name}, {other}");
        }
    }
    assert!(matched.iter().all(|by| [Matched::Key, Matched::Title].contains(by)));
}

/// A report of leapp's after one entry was mended and another became worse: what an
/// administrator looks at between two runs.
#[test]
fn a_second_run_of_leapp_is_told_by_what_was_mended() {
    let Some(reports) = recorded() else { return };
    let (name, bytes) = reports.iter().find(|(name, _)| name.contains("foreman")).expect("foreman");
    let mut again: Value = serde_json::from_slice(bytes).expect("JSON");
    let entries = again["entries"].as_array_mut().expect("a list");
    let mended = entries.remove(0);
    let worse = entries.iter_mut().find(|entry| entry["severity"] == "low").expect("a low one");
    worse["severity"] = "high".into();
    let title = worse["title"].clone();
    let after = document(name, again.to_string().as_bytes());
    let told = document(name, bytes).diff(&after).findings;
    let gone: Vec<&str> = told.gone.iter().map(|told| told.title.as_str()).collect();
    assert_eq!(gone, [mended["title"].as_str().expect("a text")]);
    let [change] = told.changed.as_slice() else { panic!("{:#?}", told.changed) };
    assert_eq!(Some(change.finding.title.as_str()), title.as_str());
    assert!(told.come.is_empty());
}

#[test]
fn a_schema_is_printed_for_each_kind_of_difference() {
    for (kind, title) in [("diff", "plans or reports"), ("snapshot-diff", "snapshots")] {
        let run = elevate(&["schema", kind]);
        assert!(run.code == 0 && run.stdout.contains(title), "{}", run.all());
    }
}

/// What the two plans of `elevate diff` say went in differently.
fn causes(before: &str, after: &str) -> Vec<(What, String)> {
    let told = diff(&elevate(&["diff", before, after, "--format", "json"]));
    told.causes.list.into_iter().map(|cause| (cause.what, cause.name)).collect()
}

#[test]
fn every_option_that_shapes_a_plan_is_a_cause_of_what_differs() {
    let plans = Plans::new("diff-options");
    let document = plans.write("site.json", b"{\"b\": 1, \"a\": [2]}");
    let facts = format!("site={document}");
    let host = ["--snapshot", HOST, "--repo", APPSTREAM];
    let before = plans.plan("before.json", &host);
    let cases: [(&str, &[&str]); 5] = [
        ("--channel eus", &["--channel", "eus"]),
        ("--strict-streams", &["--strict-streams"]),
        ("--disablerepo almalinux8-extras", &["--disablerepo", "almalinux8-extras"]),
        ("--enablerepo almalinux8-extras", &["--enablerepo", "almalinux8-extras"]),
        ("--leapp-env LEAPP_NO_RHSM=1", &["--leapp-env", "LEAPP_NO_RHSM=1"]),
    ];
    for (name, arguments) in cases {
        let after = plans.plan("after.json", &[&host[..], arguments].concat());
        assert_eq!(causes(&before, &after), [(What::Wish, name.to_owned())]);
    }
    let after = plans.plan("after.json", &[&host[..], &["--vendor-facts", &facts]].concat());
    assert_eq!(causes(&before, &after), [(What::Vendor, "site".to_owned())]);
    let other = plans.write("other.json", b"{ \"a\": [2],\n \"b\": 1 }");
    let facts = format!("site={other}");
    let same = plans.plan("same.json", &[&host[..], &["--vendor-facts", &facts]].concat());
    assert_eq!(causes(&after, &same), []);
}

#[test]
fn a_repository_whose_metadata_changed_is_told_by_its_digest() {
    let plans = Plans::new("diff-metadata");
    let from = elevate_tests::binary::root().join("fixtures/repositories/appstream/repodata");
    for name in ["repomd.xml", "primary.xml", "filelists.xml", "modules.yaml"] {
        let mut content = read(&from.join(name));
        if name == "repomd.xml" {
            content.extend(b"<!-- made anew -->\n");
        }
        let path = format!("anew/repodata/{name}");
        plans.directory.write(&path, &content).expect("a file");
    }
    let anew = format!("almalinux8-appstream={}", plans.directory.path().join("anew").display());
    let before = plans.plan("before.json", &["--snapshot", HOST, "--repo", APPSTREAM]);
    let after = plans.plan("after.json", &["--snapshot", HOST, "--repo", &anew]);
    let id = "almalinux8-appstream";
    assert_eq!(causes(&before, &after), [(What::Repository, id.to_owned())]);
    let digest = |file: &str| -> String {
        let plan = Plan::read(&read(file.as_ref())).expect("a plan");
        let mut inputs = plan.provenance.inputs.iter();
        inputs.find(|input| input.path == id).expect("it is an input").sha256.clone()
    };
    let (old, new) = (digest(&before), digest(&after));
    let repomd = Sha256::digest(read(&from.join("repomd.xml")));
    assert_eq!(old, repomd.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let told = elevate(&["diff", &before, &after]).stdout;
    let line = |digest: &str| format!("priority 99, 10 packages, {}", &digest[..16]);
    assert!(told.contains(&line(&old)), "{told}");
    assert!(told.replace("\n    ", " ").contains(&line(&new)), "{told}");
    // A report says less of repositories than a plan.
    let reports = [&before, &after].map(|plan| {
        let report = elevate(&["report", plan, "--format", "report"]).stdout;
        plans.write(
            &format!("report-{}.json", report.len() + usize::from(plan == &after)),
            report.as_bytes(),
        )
    });
    assert_eq!(causes(&reports[0], &reports[1]), [(What::Repository, id.to_owned())]);
}

#[test]
fn plans_without_digests_of_repositories_are_compared_by_what_they_have() {
    let plans = Plans::new("diff-older");
    let made = plans.plan("plan.json", &["--snapshot", HOST, "--repo", APPSTREAM]);
    let mut older: Value = serde_json::from_slice(&read(made.as_ref())).expect("JSON");
    let inputs = older["provenance"]["inputs"].as_array_mut().expect("a list");
    inputs.retain(|input| input["kind"] != "repository");
    let older = plans.write("older.json", older.to_string().as_bytes());
    assert_eq!(causes(&older, &made), []);
}
