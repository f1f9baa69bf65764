//! Every format says what it is, and every sample of it is what its schema says; so are
//! leapp's reports by leapp's schemas.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use elevate_core::pipeline;
use elevate_core::report::leapp::{self, Schema};
use elevate_core::request::Policy;
use elevate_tests::binary::{elevate, root};
use elevate_tests::data::TempDir;
use elevate_tests::oracle::Case;
use elevate_tests::recorded::{data_dir, entries, has, oracle_dir, read};
use jsonschema::Validator;
use serde_json::Value;

const KINDS: [&str; 14] = [
    "snapshot",
    "plan",
    "report",
    "graph",
    "pack",
    "pack-rules",
    "waivers",
    "diff",
    "snapshot-diff",
    "explanation",
    "journal",
    "run-event",
    "verification",
    "air-gap",
];
const HOSTS: [&str; 3] = [
    "fixtures/hosts/web/snapshot.json",
    "fixtures/hosts/wiki/snapshot.json",
    "fixtures/hosts/ready/snapshot.json",
];

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

fn printed(arguments: &[&str]) -> Value {
    let run = elevate(arguments);
    assert!([0, 2, 3].contains(&run.code), "{}", run.stderr);
    json(run.stdout.as_bytes())
}

fn committed(path: &str) -> Value {
    json(&read(&root().join(path)))
}

fn toml_of(text: &[u8]) -> Value {
    let text = std::str::from_utf8(text).expect("UTF-8");
    serde_json::to_value(toml::from_str::<toml::Value>(text).expect("TOML")).expect("JSON")
}

fn schema(kind: &str) -> Validator {
    let path = entries(&root().join("schemas"))
        .into_iter()
        .find(|path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            let version = name.strip_prefix(kind).and_then(|rest| rest.strip_prefix('-'));
            version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
        })
        .unwrap_or_else(|| panic!("schemas/{kind}-N.schema.json is not there"));
    validator(&json(&read(&path)))
}

fn validator(schema: &Value) -> Validator {
    jsonschema::validator_for(schema).expect("a schema")
}

/// What a document is not by its schema, a line each.
fn faults(validator: &Validator, document: &Value) -> String {
    validator
        .iter_errors(document)
        .take(5)
        .map(|error| {
            format!("\n{}: {error}", error.instance_path()).chars().take(400).collect::<String>()
        })
        .collect()
}

#[track_caller]
fn is_valid(validator: &Validator, document: &Value, what: &str) {
    let faults = faults(validator, document);
    assert!(faults.is_empty(), "{what}:{faults}");
}

#[test]
fn every_schema_says_what_it_is() {
    for kind in KINDS {
        let schema = printed(&["schema", kind]);
        let id = schema["$id"].as_str().expect("an $id");
        let version = id.strip_prefix(&format!("urn:elevate:{kind}:")).expect("a version");
        let title = schema["title"].as_str().expect("a title");
        assert!(title.ends_with(&format!("version {version}")), "{title}");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{kind}: {error}"));
        let path = format!("schemas/{kind}-{version}.schema.json");
        assert_eq!(committed(&path), schema, "{path}");
    }
}

#[test]
fn every_field_of_every_schema_is_described() {
    /// What a form that is described holds besides its tag needs no more words where it is one.
    fn look(at: &str, value: &Value, missing: &mut Vec<String>) {
        let fields = value["properties"].as_object();
        let untagged = |(_, property): &(&String, &Value)| property["const"].is_null();
        let untagged: Vec<_> = fields.into_iter().flatten().filter(untagged).collect();
        let is_told = untagged.len() == 1 && value["description"].is_string();
        for (name, property) in untagged {
            let says = property["description"].is_string() || !property["$ref"].is_null();
            if !says && !is_told {
                missing.push(format!("{at}.{name}"));
            }
        }
        match value {
            Value::Object(fields) => {
                fields
                    .iter()
                    .for_each(|(name, inner)| look(&format!("{at}.{name}"), inner, missing));
            }
            Value::Array(items) => items.iter().for_each(|inner| look(at, inner, missing)),
            _ => {}
        }
    }
    let mut missing = Vec::new();
    for kind in KINDS {
        look(kind, &printed(&["schema", kind]), &mut missing);
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn snapshots_are_what_their_schema_says() {
    let schema = schema("snapshot");
    let old = ["fixtures/formats/snapshot-1.json", "fixtures/formats/snapshot-2.json"];
    for path in HOSTS.into_iter().chain(old) {
        is_valid(&schema, &committed(path), path);
    }
    let scratch = TempDir::new("schema-snapshot").expect("a directory");
    let out = scratch.path().join("snapshot.json");
    let out = out.to_str().expect("UTF-8");
    let taken = elevate(&["capture", "--sos", "fuzz/seeds/sos/report.tar", "-o", out]);
    assert_eq!(taken.code, 0, "{}", taken.stderr);
    is_valid(&schema, &json(&read(out.as_ref())), "a captured sosreport");
}

#[test]
fn a_document_that_is_none_is_told_apart() {
    let mut snapshot = committed(HOSTS[0]);
    snapshot["packages"][0]["name"] = Value::from(7);
    assert!(faults(&schema("snapshot"), &snapshot).contains("/packages/0/name"));
    assert!(!faults(&schema("plan"), &committed(HOSTS[0])).is_empty());
}

#[test]
fn plans_and_reports_are_what_their_schemas_say() {
    let (plan, report) = (schema("plan"), schema("report"));
    is_valid(&plan, &committed("fixtures/formats/plan-1.json"), "plan-1.json");
    let target = ["--target", "almalinux:8.10", "--data", "fixtures/data"];
    let cache = TempDir::new("schema-cache").expect("a directory");
    let repositories = [
        "--cache-dir",
        cache.path().to_str().expect("UTF-8"),
        "--repo",
        "almalinux8-baseos=fixtures/repositories/baseos",
        "--repo",
        "almalinux8-appstream=fixtures/repositories/appstream",
    ];
    for host in HOSTS {
        for more in [&[][..], &repositories, &["--as", "leapp-0.21"]] {
            let call = |format| {
                let call = [&["plan", "--snapshot", host, "--format", format], &target[..], more];
                printed(&call.concat())
            };
            is_valid(&plan, &call("json"), &format!("the plan of {host} with {more:?}"));
            is_valid(&report, &call("report"), &format!("the report of {host} with {more:?}"));
        }
    }
}

#[test]
fn answers_of_graphs_are_what_their_schema_says() {
    let schema = schema("graph");
    let wiki = ["--snapshot", HOSTS[1], "--format", "json"];
    for question in [
        &["graph"][..],
        &["graph", "nginx"],
        &["graph", "nginx", "--removal"],
        &["graph", "--leaves"],
        &["graph", "--orphans"],
        &["graph", "--broken"],
        &["graph", "--cycles"],
        &["graph", "--order"],
        &["why", "openssl-libs"],
    ] {
        is_valid(&schema, &printed(&[question, &wiki].concat()), &question.join(" "));
    }
}

#[test]
fn differences_and_explanations_are_what_their_schemas_say() {
    let scratch = TempDir::new("schema-diff").expect("a directory");
    let target = ["plan", "--target", "almalinux:8.10", "--data", "fixtures/data"];
    let plan = |name: &str, more: &[&str]| {
        let path = scratch.path().join(name).to_str().expect("UTF-8").to_owned();
        let call = [&target[..], &["--snapshot", HOSTS[0], "-o", &path, "--format", "json"], more];
        assert!([2, 3].contains(&elevate(&call.concat()).code));
        path
    };
    let plans = [plan("a", &[]), plan("b", &["--as", "leapp-0.21"])];
    let (diff, explanation) = (schema("diff"), schema("explanation"));
    let of_plans = printed(&["diff", &plans[0], &plans[1], "--format", "json"]);
    is_valid(&diff, &of_plans, "the difference of two plans");
    let none = printed(&["diff", &plans[0], &plans[0], "--format", "json"]);
    is_valid(&diff, &none, "no difference");
    let hosts = printed(&["diff", HOSTS[0], HOSTS[1], "--format", "json"]);
    is_valid(&schema("snapshot-diff"), &hosts, "the difference of two hosts");
    for names in [&[][..], &["bash"], &["htop"], &["packages.third-party"], &["almalinux8-baseos"]]
    {
        let answer = printed(&[&["explain", &plans[0]], names, &["--format", "json"]].concat());
        is_valid(&explanation, &answer, &format!("the explanation of {names:?}"));
    }
    for host in HOSTS {
        let call = ["verify", &plans[0], "--snapshot", host, "--format", "json"];
        is_valid(&schema("verification"), &printed(&call), &format!("the verification of {host}"));
    }
}

#[test]
fn lists_of_what_to_carry_are_what_their_schema_says() {
    let scratch = TempDir::new("schema-air-gap").expect("a directory");
    let plan = scratch.path().join("plan.json").to_str().expect("UTF-8").to_owned();
    let repositories =
        ["--repo", "fixtures/repositories/baseos", "--repo", "fixtures/repositories/appstream"];
    let call = ["plan", "--target", "almalinux:8.10", "--data", "fixtures/data", "-o", &plan];
    let call = [&call[..], &repositories, &["--format", "json", "--snapshot", HOSTS[1]]].concat();
    assert_eq!(elevate(&call).code, 2);
    let list = printed(&["export", &plan, "--to", "air-gap", "--format", "json"]);
    is_valid(&schema("air-gap"), &list, "what to carry");
}

#[test]
fn packs_and_waivers_are_what_their_schemas_say() {
    let (pack, rules) = (schema("pack"), schema("pack-rules"));
    for directory in entries(&root().join("packs")) {
        for path in entries(&directory) {
            let is_manifest = path.ends_with("pack.toml");
            let schema = if is_manifest { &pack } else { &rules };
            is_valid(schema, &toml_of(&read(&path)), &path.display().to_string());
        }
    }
    let waivers = schema("waivers");
    let good =
        "[[waiver]]\nfinding = \"a.b\"\nreason = \"r\"\nwho = \"w\"\nexpires = \"2027-06-30\"";
    is_valid(&waivers, &toml_of(good.as_bytes()), "waivers");
    for bad in [
        good.replace("\"r\"", "\" \""),
        good.replace("2027-06-30", "soon"),
        good.replace("finding", "finds"),
        good.replace("who = \"w\"", ""),
    ] {
        assert!(!faults(&waivers, &toml_of(bad.as_bytes())).is_empty(), "{bad}");
    }
}

/// leapp's three schemas, where they are.
fn schemas_of_leapp() -> Option<Vec<(Schema, Validator)>> {
    let directory = data_dir(".")?;
    let one = |schema: Schema| {
        let name = format!("report-schema-v{}.json", schema.to_string().replace('.', ""));
        has(&directory, &name).then(|| (schema, validator(&json(&read(&directory.join(name))))))
    };
    Schema::ALL.into_iter().map(one).collect()
}

#[test]
fn reports_of_the_demo_are_what_the_schemas_of_leapp_say() {
    let Some(schemas) = schemas_of_leapp() else { return };
    for (schema, validator) in &schemas {
        let schema = schema.to_string();
        let report = printed(&["demo", "--format", "leapp", "--report-schema", &schema]);
        assert!(report["entries"].as_array().is_some_and(|entries| entries.len() > 10));
        is_valid(validator, &report, &format!("the demo in {schema}"));
    }
}

#[test]
fn reports_of_recorded_hosts_are_what_the_schemas_of_leapp_say() {
    let Some(schemas) = schemas_of_leapp() else { return };
    let Some(cases) = oracle_dir("leapp/cases") else { return };
    let cases = entries(&cases);
    let sample = cases.iter().step_by(cases.len().div_ceil(5));
    for case in sample.map(|directory| Case::read(directory)) {
        let plan = pipeline::plan(&case.snapshot(), &case.data(), &case.options(Policy::Default));
        let plan = plan.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        for (schema, validator) in &schemas {
            let report = leapp::render(&plan, *schema).expect("a report");
            is_valid(validator, &json(report.as_bytes()), &format!("{} in {schema}", case.name));
        }
    }
}
