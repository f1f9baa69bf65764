//! `elevate graph` and `elevate why` through the binary.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use elevate_tests::binary::{Run, elevate, root};
use elevate_tests::data::TempDir;
use elevate_tests::recorded::read;
use serde_json::Value;

const HOST: &str = "fixtures/hosts/wiki/snapshot.json";
const LIST: &str = "fixtures/hosts/web/rpm-qa.txt";

fn ask(arguments: &[&str]) -> Run {
    elevate(&[arguments, &["--snapshot", HOST]].concat())
}

/// Every call with all it says.
fn transcript(calls: &[&[&str]]) -> String {
    let one = |call: &&[&str]| format!("$ elevate {}\n{}\n", call.join(" "), ask(call).all());
    calls.iter().map(one).collect()
}

#[test]
fn why_leads_down_from_what_somebody_wanted() {
    let calls: [&[&str]; 6] = [
        &["why", "openssl-libs"],
        &["why", "glibc", "--ways", "2"],
        &["why", "/etc/mime.types"],
        &["why", "rookery-wiki"],
        &["why", "rookery-export-fonts"],
        &["why", "libz.so.1()(64bit)", "--ways", "1", "--format", "json"],
    ];
    insta::assert_snapshot!("why", transcript(&calls));
}

#[test]
fn graph_shows_a_host_in_numbers_and_the_neighbours_of_a_package() {
    let calls: [&[&str]; 4] = [
        &["graph"],
        &["graph", "openssl-libs", "--depth", "2"],
        &["graph", "httpd", "--needed-by"],
        &["graph", "nginx", "--needs", "--format", "dot"],
    ];
    insta::assert_snapshot!("around", transcript(&calls));
}

#[test]
fn graph_answers_its_questions() {
    let calls: [&[&str]; 8] = [
        &["graph", "zlib", "--removal"],
        &["graph", "nginx", "httpd", "--removal"],
        &["graph", "mailcap", "--removal", "--format", "json"],
        &["graph", "--leaves"],
        &["graph", "--orphans"],
        &["graph", "--broken"],
        &["graph", "--cycles"],
        &["graph", "--order"],
    ];
    insta::assert_snapshot!("questions", transcript(&calls));
}

#[test]
fn what_is_not_installed_or_makes_no_sense_is_refused() {
    let calls: [&[&str]; 8] = [
        &["why", "opensl-libs"],
        &["why", "libz.so.2()(64bit)"],
        &["why"],
        &["graph", "--removal"],
        &["graph", "bash", "--leaves"],
        &["graph", "--leaves", "--cycles"],
        &["graph", "--leaves", "--format", "dot"],
        &["graph", "--order", "--format", "svg"],
    ];
    insta::assert_snapshot!("refused", transcript(&calls));
}

/// What is drawn, by question.
const DRAWN: [&[&str]; 5] = [
    &["graph", "openssl-libs", "--depth", "2"],
    &["graph", "nginx", "httpd", "--needs", "--weak"],
    &["graph", "zlib", "--removal"],
    &["graph", "--cycles"],
    &["graph"],
];

#[test]
fn pictures_are_drawn_of_neighbours_removals_and_cycles() {
    let calls: [&[&str]; 3] = [
        &["graph", "rookery-libs", "--format", "svg"],
        &["graph", "zlib", "--removal", "--format", "dot"],
        &["graph", "--cycles", "--format", "dot"],
    ];
    insta::assert_snapshot!("pictures", transcript(&calls));
}

#[test]
fn every_picture_is_well_formed_and_has_a_box_for_each_package() {
    for call in DRAWN {
        let svg = ask(&[call, &["--format", "svg"]].concat()).stdout;
        let dot = ask(&[call, &["--format", "dot"]].concat()).stdout;
        let mut reader = quick_xml::Reader::from_str(&svg);
        let (mut boxes, mut depth) = (0, 0);
        loop {
            match reader.read_event().expect("well-formed XML") {
                quick_xml::events::Event::Start(tag) => {
                    depth += 1;
                    boxes += usize::from(AsRef::<str>::as_ref(&tag.name()) == "g");
                }
                quick_xml::events::Event::End(_) => depth -= 1,
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0, "{call:?}");
        let nodes = dot.lines().filter(|line| line.starts_with("  \"") && !line.contains(" -> "));
        assert_eq!(boxes, nodes.count(), "{call:?}");
        assert!(boxes > 0 && svg.starts_with("<svg "), "{call:?}");
    }
}

#[test]
fn graphviz_draws_what_is_written_for_it() {
    let directory = TempDir::new("graph-dot").expect("a directory");
    for call in DRAWN {
        let dot = ask(&[call, &["--format", "dot"]].concat()).stdout;
        let file = directory.write("graph.dot", dot.as_bytes()).expect("a file");
        let Some(svg) = elevate_tests::binary::graphviz(&file) else { return };
        assert_eq!(svg.matches("class=\"edge\"").count(), dot.matches(" -> ").count(), "{call:?}");
    }
}

#[test]
fn graphviz_shows_hostile_names_of_capabilities_as_they_are() {
    let directory = TempDir::new("graph-hostile").expect("a directory");
    let text = read(&root().join(HOST));
    for hostile in
        [r#"x"];evil[label="<b>&\N\l{a|b}\"//-->#"#, "y\\", "<b>z</b>", "&quot;&#34;&bogus;"]
    {
        let mut host: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
        let packages = host["packages"].as_array_mut().expect("a list");
        for (name, list) in [("openssl-libs", "provides"), ("nginx", "requires")] {
            let package = packages.iter_mut().find(|package| package["name"] == name);
            package.expect("it is there")["data"][list] = serde_json::json!([hostile]);
        }
        let host = directory.write("host.json", host.to_string().as_bytes()).expect("a file");
        let call = ["graph", "nginx", "--needs", "--depth", "1", "--snapshot"];
        let call = [&call[..], &[host.to_str().expect("UTF-8"), "--format", "dot"]].concat();
        let dot = elevate(&call).stdout;
        let file = directory.write("graph.dot", dot.as_bytes()).expect("a file");
        let Some(svg) = elevate_tests::binary::graphviz(&file) else { return };
        assert_eq!(svg.matches("class=\"node\"").count(), 2, "{svg}");
        let mut reader = quick_xml::Reader::from_str(&svg);
        let mut shown = String::new();
        loop {
            match reader.read_event().expect("well-formed XML") {
                quick_xml::events::Event::Text(text) => {
                    shown += AsRef::<str>::as_ref(&text);
                }
                quick_xml::events::Event::GeneralRef(entity) => {
                    shown.push(entity_of(AsRef::<str>::as_ref(&entity)));
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert!(shown.contains(hostile), "{shown}");
    }
}

/// The letter of an entity.
fn entity_of(name: &str) -> char {
    match name {
        "quot" => '"',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        number => {
            let number = number.strip_prefix('#').expect("a number");
            char::from_u32(number.parse().expect("a number")).expect("a letter")
        }
    }
}

#[test]
fn a_package_list_does_not_tell_what_nothing_needs() {
    let given = ["--packages", LIST];
    let mut text = String::new();
    for call in [&["graph", "--leaves"][..], &["graph"], &["why", "bash"]] {
        let run = elevate(&[call, &given].concat());
        assert_eq!(run.code, 3);
        text.push_str(&format!("$ elevate {}\n{}\n", call.join(" "), run.all()));
    }
    insta::assert_snapshot!("unknown", text);
}

#[test]
fn a_host_known_in_part_gets_an_answer_that_says_so() {
    let directory = TempDir::new("graph-in-part").expect("a directory");
    let bytes = elevate_tests::recorded::read(&root().join(HOST));
    let mut snapshot: Value = serde_json::from_slice(&bytes).expect("JSON");
    let packages = snapshot["packages"].as_array_mut().expect("a list");
    let agent = packages.iter_mut().find(|package| package["name"] == "raven-agent");
    agent.and_then(Value::as_object_mut).expect("it is there").remove("data");
    let path = directory.write("host.json", snapshot.to_string().as_bytes()).expect("a file");
    let path = path.to_str().expect("UTF-8");
    let run = elevate(&["graph", "--leaves", "--snapshot", path]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("raven-agent-3.1-1.x86_64"), "{}", run.stderr);
    let why = elevate(&["why", "tzdata", "nginx", "rookery-wiki", "--snapshot", path]);
    insta::assert_snapshot!("in_part", run.all() + &why.all());
}

#[test]
fn the_whole_graph_comes_as_data() {
    let run = ask(&["graph", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((run.code, &document["format"]), (0, &Value::from("elevate-graph")));
    let graph = &document["answer"]["graph"];
    assert_eq!(graph["nodes"].as_array().map(Vec::len), Some(31));
    let edges = graph["edges"].as_array().expect("a list");
    let is = |edge: &&Value| {
        edge["from"] == "rookery-wiki-1.4-2.el7.noarch" && edge["because"][0]["only"] == false
    };
    let optional: Vec<&Value> = edges.iter().filter(is).map(|edge| &edge["to"]).collect();
    assert_eq!(optional, ["httpd-2.4.6-99.el7.centos.1.x86_64", "nginx-1:1.20.1-10.el7.x86_64"]);
    let dot = ask(&["graph", "--format", "dot"]).stdout;
    assert_eq!(dot.matches(" -> ").count(), edges.len());
}

/// The example in README.md is what the command prints.
#[test]
fn readme_shows_what_why_prints() {
    let readme = elevate_tests::recorded::read(&root().join("README.md"));
    let readme = String::from_utf8(readme).expect("UTF-8");
    let printed = ask(&["why", "openssl-libs"]).stdout;
    assert!(readme.contains(&format!("```text\n{printed}```\n")), "stale; it prints\n{printed}");
}
