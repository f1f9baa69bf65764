//! Every format of a report, for the fixture host: read back where somebody else reads it,
//! and as it looks.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};

use elevate_core::plan::Plan;
use elevate_core::report::text::{self, Style};
use elevate_tests::binary::{elevate, elevate_with};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::Value;

fn demo(arguments: &[&str]) -> String {
    let run = elevate(&[&["demo"], arguments].concat());
    assert_eq!((run.code, &*run.stderr), (0, ""));
    run.stdout
}

fn plan() -> Plan {
    Plan::read(demo(&["--format", "json"]).as_bytes()).expect("a plan")
}

#[test]
fn every_format_looks_as_it_should() {
    insta::assert_snapshot!("text", demo(&[]));
    insta::assert_snapshot!("text_colour", demo(&["--color", "always"]));
    insta::assert_snapshot!("csv", in_short(&demo(&["--format", "csv"])));
    let findings = demo(&["--format", "csv-findings"]);
    // Every new check lacks evidence of this host.
    let told = findings.lines().filter(|line| !line.contains("actors.undecided"));
    insta::assert_snapshot!("csv_findings", told.collect::<Vec<_>>().join("\n"));
    let xml = demo(&["--format", "junit"]);
    let named = "name=\"rpm_transaction_config_tasks_collector\">";
    let (_, case) = xml.split_once(named).expect("a failed test");
    insta::assert_snapshot!("junit", case.split("</testcase>").next().expect("its end"));
    let text = demo(&["--format", "leapp-text"]);
    let rule = format!("{}\n", "-".repeat(40));
    let first: Vec<&str> = text.split_inclusive(&rule).take(5).collect();
    insta::assert_snapshot!("leapp_text", first.concat());
}

#[test]
fn entries_of_leapps_reports_look_as_they_should_in_each_schema() {
    for schema in ["1.0.0", "1.1.0", "1.2.0"] {
        let report = demo(&["--format", "leapp", "--report-schema", schema]);
        let report: Value = serde_json::from_str(&report).expect("JSON");
        // An inhibitor, and a finding that can be read about.
        let shown = [&report["entries"][0], &report["entries"][4]];
        let name = format!("leapp_{}", schema.replace('.', "_"));
        insta::assert_snapshot!(name, serde_json::to_string_pretty(&shown).expect("JSON"));
    }
    let report: Value = serde_json::from_str(&demo(&["--format", "report"])).expect("JSON");
    let shown = [&report["verdict"], &report["missing"], &report["counts"], &report["findings"][0]];
    insta::assert_snapshot!("report", serde_json::to_string_pretty(&shown).expect("JSON"));
}

#[test]
fn text_fits_its_width_and_says_the_same_in_every_one() {
    let plan = plan();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    for full in [false, true] {
        let page = |width| text::render(&plan, Style { width, full, colour: false });
        for width in [60, 80, 120] {
            let text = page(width);
            for line in text.lines().filter(|line| line.chars().count() > width) {
                let longest = line.split(' ').map(|word| word.chars().count()).max();
                assert!(longest > Some(width / 2), "{width} columns: {line}");
            }
            assert_eq!(words(&text), words(&page(80)));
        }
        insta::assert_snapshot!(format!("text_60_{full}"), in_short(&page(60)));
    }
}

/// A text without the many lines in its midst that look like those before.
fn in_short(text: &str) -> String {
    const MOST: usize = 160;
    let lines: Vec<&str> = text.lines().collect();
    let Some(left_out) = lines.len().checked_sub(MOST).filter(|left| *left > 0) else {
        return text.to_owned();
    };
    let (first, rest) = lines.split_at(MOST / 2);
    let last = &rest[left_out..];
    format!("{}\n... {left_out} lines ...\n{}", first.join("\n"), last.join("\n"))
}

#[test]
fn the_schemas_of_leapp_differ_as_leapps_do() {
    let report = |schema: &str| -> Value {
        serde_json::from_str(&demo(&["--format", "leapp", "--report-schema", schema]))
            .expect("JSON")
    };
    let [old, usual, new] = ["1.0.0", "1.1.0", "1.2.0"].map(report);
    let entries = |report: &Value| report["entries"].as_array().expect("entries").clone();
    assert!(entries(&old).iter().all(|entry| entry["key"].is_null()));
    assert!(entries(&usual).iter().all(|entry| entry["key"].is_string()));
    assert_eq!(entries(&usual).len(), entries(&new).len());
    assert_eq!(
        demo(&["--format", "leapp"]),
        demo(&["--format", "leapp", "--report-schema", "1.1.0"])
    );
}

#[test]
fn every_check_that_lacks_evidence_has_a_key_of_its_own() {
    let report: Value = serde_json::from_str(&demo(&["--format", "leapp"])).expect("JSON");
    let entries = report["entries"].as_array().expect("entries");
    let undecided = entries.iter().filter(|entry| entry["title"] == "A check lacks evidence");
    let keys: BTreeMap<&str, &str> = undecided
        .clone()
        .map(|entry| {
            (entry["key"].as_str().expect("a key"), entry["actor"].as_str().expect("an actor"))
        })
        .collect();
    assert!(keys.len() > 20);
    assert_eq!(keys.len(), undecided.count(), "two have one key");
    // SHA-1 of `actors.undecided:check_btrfs`: it must not change.
    assert_eq!(keys["dbc1307976bbf5450419c435e7ea036ff0ad81be"], "check_btrfs");
}

#[test]
fn insights_find_one_document_between_their_marks() {
    let text = demo(&["--format", "insights"]);
    let (_, rest) = text.split_once("### JSON START ###\n").expect("a start");
    let (json, rest) = rest.split_once("### JSON END ###").expect("an end");
    assert_eq!(rest.trim(), "");
    let document: Value = serde_json::from_str(json).expect("JSON");
    assert_eq!(document["alert"], true);
    assert_eq!(
        document["report_json"]["entries"].as_array().map(Vec::len),
        Some(plan().findings.len())
    );
}

#[test]
fn sarif_has_a_result_for_every_finding_and_a_rule_for_every_kind() {
    let document: Value = serde_json::from_str(&demo(&["--format", "sarif"])).expect("JSON");
    assert_eq!(document["version"], "2.1.0");
    let [run] = &document["runs"].as_array().expect("runs")[..] else { panic!("one run") };
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let ids: BTreeSet<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids.len(), rules.len());
    let plan = plan();
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), plan.findings.len());
    for (result, finding) in results.iter().zip(&plan.findings) {
        assert_eq!(result["ruleId"], *finding.id);
        let place = result["ruleIndex"].as_u64().expect("a place") as usize;
        assert_eq!(rules[place]["id"], result["ruleId"]);
        let level = result["level"].as_str().expect("a level");
        assert!(["error", "warning", "note"].contains(&level), "{level}");
        assert_eq!(level == "error", finding.inhibitor || finding.severity.as_str() == "high");
        assert!(
            result["message"]["text"].as_str().is_some_and(|text| text.contains(&*finding.title))
        );
        for location in result["locations"].as_array().expect("a list") {
            let place = &location["physicalLocation"]["artifactLocation"];
            let uri = place["uri"].as_str().expect("a place");
            assert!(!uri.starts_with('/') && !uri.contains(' '), "{uri}");
            assert!(
                run["originalUriBaseIds"][place["uriBaseId"].as_str().expect("a base")].is_object()
            );
        }
    }
}

fn attributes(of: &BytesStart<'_>) -> BTreeMap<String, String> {
    let one = |attribute: quick_xml::events::attributes::Attribute<'_>| {
        let value =
            attribute.normalized_value(XmlVersion::Implicit1_0).expect("a value").into_owned();
        (attribute.key.as_ref().to_owned(), value)
    };
    of.attributes().map(|attribute| one(attribute.expect("an attribute"))).collect()
}

#[test]
fn junit_counts_what_it_holds_and_every_actor_is_a_test() {
    let xml = demo(&["--format", "junit"]);
    let mut reader = Reader::from_str(&xml);
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    let mut said: Vec<BTreeMap<String, String>> = Vec::new();
    let mut names = BTreeSet::new();
    loop {
        match reader.read_event().expect("XML") {
            Event::Eof => break,
            Event::Start(element) | Event::Empty(element) => {
                let name = element.name().as_ref().to_owned();
                match name.as_str() {
                    "testsuites" | "testsuite" => said.push(attributes(&element)),
                    "testcase" => _ = names.insert(attributes(&element)["name"].clone()),
                    _ => {}
                }
                *counted.entry(name).or_default() += 1;
            }
            _ => {}
        }
    }
    let count = |name: &str| counted.get(name).copied().unwrap_or_default().to_string();
    assert_eq!(said.len(), 2);
    for counts in &said {
        assert_eq!(counts["tests"], count("testcase"));
        assert_eq!(counts["failures"], count("failure"));
        assert_eq!(counts["skipped"], count("skipped"));
    }
    let plan = plan();
    assert_eq!(count("failure"), plan.inhibitors().count().to_string());
    let actors = plan.provenance.actors.iter().filter_map(|actor| actor.split('@').next());
    assert_eq!(actors.filter(|actor| !names.contains(*actor)).count(), 0);
}

fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .deserialize()
        .map(|row| row.expect("a row of as many cells as there are names"))
        .collect()
}

#[test]
fn tables_have_a_row_for_every_package_and_every_finding() {
    let plan = plan();
    let packages = rows(&demo(&["--format", "csv"]));
    assert_eq!(packages.len(), plan.packages.len() + plan.arrivals.len());
    for (row, package) in packages.iter().zip(&plan.packages) {
        assert_eq!((&*row["name"], &*row["fate"]), (package.name.as_str(), package.fate.word()));
    }
    let findings = rows(&demo(&["--format", "csv-findings"]));
    assert_eq!(findings.len(), plan.findings.len());
    for (row, finding) in findings.iter().zip(&plan.findings) {
        assert_eq!((&*row["id"], &*row["summary"]), (&*finding.id, &*finding.summary));
    }
}

#[test]
fn no_cell_of_a_table_is_taken_for_a_formula_or_breaks_it() {
    let mut plan = plan();
    plan.findings.truncate(1);
    let hostile = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "a,\"b\"\r\nc", "plain"];
    let mut cell = |text: &str| {
        plan.findings[0].summary = text.to_owned();
        let json = plan.to_json().expect("JSON");
        let run = elevate_with(&["report", "-", "--format", "csv-findings"], json.as_bytes());
        let rows = rows(&run.stdout);
        assert_eq!(rows.len(), 1, "{}", run.all());
        rows[0]["summary"].clone()
    };
    let cells: Vec<String> = hostile.iter().map(|text| cell(text)).collect();
    assert_eq!(cells, ["'=1+1", "'+1", "'-1", "'@SUM(1)", "'\t=1", "a,\"b\"\r\nc", "plain"]);
}
