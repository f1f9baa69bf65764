//! A plan made into what others carry out, through the binary, and read by those who are to.

#![expect(clippy::expect_used, reason = "helpers of tests")]

#[path = "export/tools.rs"]
mod tools;

use std::path::Path;
use std::sync::OnceLock;

use elevate_core::export::air_gap::AirGap;
use elevate_core::export::{Export, What};
use elevate_core::plan::edit::digest;
use elevate_core::plan::{PackageFile, Plan};
use elevate_tests::binary::{Run, elevate, elevate_with, root};
use elevate_tests::data::{TempDir, files_below};
use tools::{checked, python, shells};

/// The plan of a host with target repositories, which lie in `/srv/repositories`.
fn wiki() -> &'static str {
    static MADE: OnceLock<String> = OnceLock::new();
    MADE.get_or_init(|| {
        let repository = |id: &str| format!("{id}=fixtures/repositories/{id}");
        let (baseos, appstream) = (repository("baseos"), repository("appstream"));
        let run = elevate(&[
            "plan",
            "--snapshot=fixtures/hosts/wiki/snapshot.json",
            "--data=fixtures/data",
            "--target=almalinux:8.10",
            "--repo",
            &baseos,
            "--repo",
            &appstream,
            "--format=json",
        ]);
        assert_eq!(run.code, 2, "{}", run.stderr);
        let here = root().canonicalize().expect("a checkout").join("fixtures");
        run.stdout.replace(here.to_str().expect("UTF-8"), "/srv")
    })
}

/// The same without what stands in its way.
fn ready() -> Plan {
    let mut plan = Plan::read(wiki().as_bytes()).expect("a plan");
    plan.findings.iter_mut().for_each(|finding| finding.inhibitor = false);
    plan.missing.clear();
    plan.verdict = plan.judged();
    plan
}

fn export(plan: &str, arguments: &[&str]) -> Run {
    elevate_with(&[&["export", "-"], arguments].concat(), plan.as_bytes())
}

/// A text without the digest of the plan, which changes with everything.
fn settled(text: &str, before: &str) -> String {
    let (head, rest) = text.split_once(before).expect("a digest");
    format!("{head}{before}...{}", &rest[12..])
}

fn text(path: &Path) -> String {
    String::from_utf8(elevate_tests::data::read(path).expect("a file")).expect("UTF-8")
}

#[test]
fn leapp_gets_a_tree_of_its_own_files() {
    let directory = TempDir::new("export-leapp").expect("a directory");
    let place = directory.path().to_str().expect("UTF-8");
    let run = export(wiki(), &["--to", "leapp", "--directory", place]);
    let mut told = run.all();
    for path in files_below(directory.path()).expect("files") {
        let name = path.strip_prefix(directory.path()).expect("below").display();
        told.push_str(&format!("--- {name}\n{}", text(&path)));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_tree_is_not_written_over_other_files_unless_it_is_to_be() {
    let directory = TempDir::new("export-over").expect("a directory");
    let place = directory.path().to_str().expect("UTF-8");
    let ours = "etc/leapp/transaction/to_remove";
    directory.write(ours, b"mine\n").expect("a file");
    let arguments = ["--to", "leapp", "--directory", place];
    let refused = export(wiki(), &arguments);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("to_remove: is there and says something else"));
    assert_eq!(files_below(directory.path()).expect("files").len(), 1);

    let forced = export(wiki(), &[&arguments[..], &["--force"]].concat());
    assert_eq!(forced.code, 0, "{}", forced.stderr);
    assert!(text(&directory.path().join(ours)).contains("centos-release\n"));
    // What is there already is no obstacle.
    assert_eq!(export(wiki(), &arguments).code, 2);
}

#[test]
fn a_tree_needs_a_directory() {
    let run = export(wiki(), &["--to", "leapp", "-o", "x"]);
    assert_eq!(run.code, 64);
    assert!(run.stderr.contains("--directory"), "{}", run.stderr);
}

#[test]
fn a_plan_of_names_has_no_transaction_to_store() {
    let plan = elevate(&["demo", "--format=json"]).stdout;
    let run = export(&plan, &["--to", "dnf-transaction"]);
    insta::assert_snapshot!(run.all());
    let run = export(&plan, &["--to", "plugin-data"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("there is no transaction"), "{}", run.stderr);
}

#[test]
fn what_dnf_replays_and_its_plugin_reads() {
    insta::assert_snapshot!("dnf_transaction", export(wiki(), &["--to", "dnf-transaction"]).all());
    insta::assert_snapshot!("plugin_data", export(wiki(), &["--to", "plugin-data"]).all());
}

#[test]
fn a_plan_that_nothing_forbids_ends_with_nought() {
    let plan = ready().to_json().expect("JSON");
    assert_eq!(export(&plan, &["--to", "dnf-transaction"]).code, 0);
}

/// dnf's own reader, on an empty host: it finds none of the packages, and nothing else to
/// complain about.
const READER: &str = "
import sys, dnf, dnf.transaction_sr as sr
base = dnf.Base()
base.fill_sack(load_system_repo=False, load_available_repos=False)
replay = sr.TransactionReplay(base, filename=sys.argv[1], skip_unavailable=True)
replay.run()
print(len(replay.get_data()['rpms']))
for warning in replay.get_warnings():
    assert warning.startswith('Cannot find rpm nevra'), warning
print(len(replay.get_warnings()))
";

#[test]
fn dnf_reads_a_stored_transaction() {
    let directory = TempDir::new("export-dnf").expect("a directory");
    let file = directory.path().join("transaction.json");
    let file = file.to_str().expect("UTF-8");
    assert_eq!(export(wiki(), &["--to", "dnf-transaction", "-o", file]).code, 2);
    let Some(said) = python("dnf", READER, &[file]) else { return };
    let plan = Plan::read(wiki().as_bytes()).expect("a plan");
    let leaving = plan.packages.iter().filter(|operation| operation.leaves()).count();
    let all = plan.target_packages().len() + leaving;
    assert_eq!(said, format!("{all}\n{all}\n"));
}

#[test]
fn a_script_is_what_shells_and_shellcheck_take() {
    let directory = TempDir::new("export-shell").expect("a directory");
    let file = directory.path().join("upgrade.sh");
    let file = file.to_str().expect("UTF-8");
    let run = export(wiki(), &["--to", "shell", "-o", file]);
    insta::assert_snapshot!(format!(
        "{}--- upgrade.sh\n{}",
        run.all(),
        settled(&text(file.as_ref()), "\nPLAN=")
    ));
    for shell in shells() {
        let ran = shell.run(&directory, &[], &["-n", file]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{shell:?}");
    }
    if let Some(said) = checked(&["shellcheck", "--shell=sh", file]) {
        assert_eq!(said.stdout, "");
    }
}

#[test]
fn a_playbook_has_a_task_for_every_step() {
    let run = export(wiki(), &["--to", "ansible"]);
    // The functions are those of the script.
    let (head, rest) = run.stdout.split_once("\n      say() {").expect("functions");
    let (_, tasks) = rest.split_once("\n  tasks:\n").expect("tasks");
    let head = settled(head, "/ansible-");
    insta::assert_snapshot!(format!("{}{head}\n...\n  tasks:\n{tasks}", run.stderr));
}

#[test]
fn what_to_carry_is_listed_for_people_and_programs() {
    insta::assert_snapshot!("air_gap", export(wiki(), &["--to", "air-gap"]).all());
    insta::assert_snapshot!("air_gap_urls", export(wiki(), &["--to", "air-gap-urls"]).all());
    insta::assert_snapshot!("air_gap_sums", export(wiki(), &["--to", "air-gap-sums"]).all());
    let json = export(wiki(), &["--to", "air-gap", "--format", "json"]);
    let list: AirGap = serde_json::from_str(&json.stdout).expect("the document");
    let plan = Plan::read(wiki().as_bytes()).expect("a plan");
    assert_eq!(list.totals.bytes, plan.transaction.expect("a transaction").totals.download);
    assert_eq!(list.totals.packages, list.packages.len());
    let run = export(wiki(), &["--to", "shell", "--format", "json"]);
    assert_eq!(run.code, 64);
}

#[test]
fn sha256sum_compares_what_was_carried() {
    let directory = TempDir::new("export-sums").expect("a directory");
    let mut plan = ready();
    plan.packages.iter_mut().flat_map(|o| &mut o.to).for_each(|package| package.file = None);
    let arrivals = plan.arrivals.iter_mut().filter_map(|arrival| arrival.package.as_mut());
    for package in arrivals {
        let name = format!("{}.rpm", package.name);
        directory.write(&name, name.as_bytes()).expect("a file");
        let checksum = format!("sha256:{}", digest(name.as_bytes()));
        package.file = Some(PackageFile { location: format!("Packages/{name}"), checksum });
    }
    let export = Export::of(&plan, What::AirGapSums, false).expect("sums");
    let content = export.files[0].content.as_bytes();
    let sums = directory.write("sha256sums", content).expect("a file");
    let compare = |code: i32| {
        let words = ["env", "-C", directory.path().to_str().expect("UTF-8"), "sha256sum", "-c"];
        let said = checked(&[&words[..], &[sums.to_str().expect("UTF-8")]].concat());
        assert_eq!(said.expect("env").code, code);
    };
    compare(0);
    let first = plan.arrivals.iter().find_map(|arrival| arrival.package.as_ref()).expect("one");
    directory.write(&format!("{}.rpm", first.name), b"other").expect("a file");
    compare(1);
}
