//! Upgrade data that is broken says what is wrong with it, and nothing is ever
//! accepted without a word but what is listed here.

#![expect(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::collections::BTreeMap;
use std::path::Path;

use elevate_core::upgrade_data::{DataDirectory, Problem, Remark, UpgradeData};
use elevate_tests::data::{self, DEVICES, EVENTS, MAP, REPO, linted};
use proptest::prelude::*;
use serde_json::{Value, json};

// ---- broken data

fn good() -> BTreeMap<&'static str, String> {
    let release = |major: u32, minor: u32, name: &str| json!({"major_version": major, "minor_version": minor, "os_name": name});
    let set = |name: &str, family: &str| {
        let package = json!({"name": name, "repository": family, "modulestreams": [null]});
        json!({"set_id": 1, "package": [package]})
    };
    let map = json!([{"in_modulestream": null, "out_modulestream": null}]);
    let event = json!({
        "action": 7, "id": 1, "architectures": ["x86_64", "aarch64", "ppc64le", "s390x"],
        "initial_release": release(7, 9, "CentOS"), "release": release(8, 0, "AlmaLinux"),
        "in_packageset": set("ntp", "base"), "out_packageset": set("chrony", "almalinux8-baseos"),
        "modulestream_maps": map, "is_approved": true,
    });
    let events = |events: Value| json!({"provided_data_streams": ["3.0"], "packageinfo": events});
    let entries = |repoid: &str, major: &str| {
        let entry = |arch: &str| {
            json!({"repoid": repoid, "major_version": major, "arch": arch, "repo_type": "rpm",
                   "channel": "ga", "rhui": ""})
        };
        json!(["x86_64", "aarch64", "ppc64le", "s390x"].map(entry))
    };
    let repo_map = |from: &str, to: &str| {
        json!({"version_format": "1.2.1", "provided_data_streams": ["3.0"],
            "mapping": [{"source_major_version": "7", "target_major_version": "8",
                "entries": [{"source": from, "target": [to]}]}],
            "repositories": [{"pesid": from, "entries": entries(from, "7")},
                {"pesid": to, "entries": entries(to, "8")}]})
    };
    let device = json!({"device_type": "pci", "device_id": "0x1000:0x0060:0x1000:0x0001",
        "device_name": "n", "driver_name": "d", "available_in_rhel": [7], "maintained_in_rhel": [7],
        "deprecation_announced": ""});
    let devices = json!({"provided_data_streams": ["3.0"], "data": [device]});
    let repo = |id: &str| {
        format!(
            "# c\n[{id}]\nname=Name\nbaseurl=https://example.com/8/\n  https://example.org/8/\nenabled=1\ngpgcheck=0\n"
        )
    };
    BTreeMap::from([
        (EVENTS, events(json!([event])).to_string()),
        (MAP, repo_map("base", "almalinux8-baseos").to_string()),
        (REPO, repo("almalinux8-baseos")),
        (DEVICES, devices.to_string()),
        ("vendors.d/v_map.json", repo_map("v", "v8").to_string()),
        ("vendors.d/v_pes.json", events(json!([])).to_string()),
        ("vendors.d/v.repo", repo("v8")),
        ("vendors.d/v.sigs", "24c6a8a7f4a80eb5\n21ea45ab2f86d6a1\n".to_owned()),
        ("transaction/to_install", "tmux\nvim-enhanced\n".to_owned()),
    ])
}

/// What is said of the good data with one file replaced.
fn said(file: &str, bytes: Vec<u8>) -> Vec<String> {
    let mut directory: DataDirectory = good().into_iter().collect();
    directory.files.insert(file.to_owned(), Ok(bytes));
    let data = UpgradeData::from_directory(&directory);
    linted(&data).iter().map(Remark::to_string).collect()
}

/// One line for each variant: its name, and the first thing said of it.
fn report(file: &str, variants: Vec<(String, Vec<u8>)>) -> Vec<String> {
    let line = |(name, bytes): (String, Vec<u8>)| {
        let said = said(file, bytes);
        let about = said.iter().find(|line| line.contains(file)).or(said.first());
        match about {
            Some(first) => format!("{name}\n    {first}"),
            None => format!("{name}\n    ACCEPTED WITHOUT A WORD"),
        }
    };
    variants.into_iter().map(line).collect()
}

fn without_a_word(report: &[String]) -> Vec<&str> {
    report.iter().filter_map(|line| line.strip_suffix("\n    ACCEPTED WITHOUT A WORD")).collect()
}

/// Every value in a document, by its JSON pointer.
fn pointers(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let below = |key: &str, value: &Value| {
        pointers(value).into_iter().map(move |rest| format!("/{key}{rest}")).collect::<Vec<_>>()
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| found.extend(below(key, value))),
        // One element stands for all: they are alike.
        Value::Array(list) => {
            found.extend(list.first().into_iter().flat_map(|value| below("0", value)))
        }
        _ => {}
    }
    found
}

/// Every value replaced by values of other types, and every key removed.
fn mutations(good: &str) -> Vec<(String, Vec<u8>)> {
    let json: Value = serde_json::from_str(good).unwrap();
    let mut variants = Vec::new();
    for pointer in pointers(&json) {
        for other in
            [json!(null), json!(-1), json!(1.5), json!("{x} y"), json!([7]), json!({"x": 1})]
        {
            let mut json = json.clone();
            *json.pointer_mut(&pointer).unwrap() = other.clone();
            variants.push((format!("{pointer} = {other}"), json.to_string().into_bytes()));
        }
        let Some((parent, key)) = pointer.rsplit_once('/') else { continue };
        let mut json = json.clone();
        if let Some(object) = json.pointer_mut(parent).and_then(Value::as_object_mut) {
            object.remove(key);
            variants.push((format!("{pointer} removed"), json.to_string().into_bytes()));
        }
    }
    variants
}

/// Ways to break a file of any kind.
fn damage(good: &str) -> Vec<(String, Vec<u8>)> {
    let bytes = good.as_bytes();
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut variants = vec![
        ("empty".to_owned(), Vec::new()),
        ("byte order mark".to_owned(), [b"\xef\xbb\xbf", bytes].concat()),
        ("UTF-16".to_owned(), [&b"\xff\xfe"[..], &utf16].concat()),
        ("invalid UTF-8 in the middle".to_owned(), broken_in_the_middle(bytes)),
        ("a zero byte at the start".to_owned(), [b"\0", bytes].concat()),
        ("twice".to_owned(), [bytes, bytes].concat()),
        ("garbage at the end".to_owned(), [bytes, b"}garbage"].concat()),
        ("only white space".to_owned(), b" \n\t ".to_vec()),
        ("deep lists".to_owned(), vec![b'['; 200_000]),
        ("deep objects".to_owned(), "{\"a\":".repeat(100_000).into_bytes()),
        ("deep value of a good key".to_owned(), deep(good)),
    ];
    for tenth in 1..20 {
        let end = bytes.len() * tenth / 20;
        variants.push((format!("truncated after {end} bytes"), bytes[..end].to_vec()));
    }
    variants
}

fn broken_in_the_middle(bytes: &[u8]) -> Vec<u8> {
    let (start, end) = bytes.split_at(bytes.len() / 2);
    [start, b"\xc3\x28", end].concat()
}

fn deep(good: &str) -> Vec<u8> {
    let nested = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    good.replacen("\"3.0\"", &nested, 1).into_bytes()
}

fn json_variants(good: &str) -> Vec<(String, Vec<u8>)> {
    let mut variants = damage(good);
    variants.extend(mutations(good));
    variants
}

/// Every variant is refused or remarked on, by the name of the file. What is
/// accepted without a word is listed by how its name starts, with the reason:
/// leapp reads it so too, nobody reads it, or it is good data by chance.
fn check(file: &str, snapshot: &str, variants: Vec<(String, Vec<u8>)>, harmless: &[&str]) {
    let good = good();
    let variants: Vec<_> =
        variants.into_iter().filter(|(_, bytes)| bytes != good[file].as_bytes()).collect();
    let report = report(file, variants);
    assert!(report.len() >= 40, "only {} variants", report.len());
    for line in &report {
        assert!(
            line.contains(file) || line.contains("WITHOUT A WORD"),
            "does not name {file}: {line}"
        );
    }
    let silent = without_a_word(&report);
    for name in &silent {
        assert!(
            harmless.iter().any(|start| name.starts_with(start)),
            "accepted without a word: {name}"
        );
    }
    for start in harmless {
        assert!(silent.iter().any(|name| name.starts_with(start)), "is remarked on: {start}");
    }
    insta::assert_snapshot!(snapshot, report.join("\n"));
}

fn check_json(file: &str, snapshot: &str, harmless: &[&str]) {
    check(file, snapshot, json_variants(&good()[file]), harmless);
}

#[test]
fn broken_event_files_say_what_is_wrong() {
    let harmless = [
        // Optional: absent and null mean all, none, or no module.
        "/packageinfo/0/architectures = null",
        "/packageinfo/0/architectures removed",
        "/packageinfo/0/initial_release = null",
        "/packageinfo/0/initial_release removed",
        "/packageinfo/0/initial_release/os_name = null",
        "/packageinfo/0/initial_release/os_name removed",
        "/packageinfo/0/is_approved = null",
        "/packageinfo/0/is_approved removed",
        "/packageinfo/0/modulestream_maps = null",
        "/packageinfo/0/modulestream_maps removed",
        "/packageinfo/0/modulestream_maps/0/in_modulestream removed",
        "/packageinfo/0/modulestream_maps/0/out_modulestream removed",
        "/packageinfo/0/in_packageset/package/0/modulestreams = null",
        "/packageinfo/0/in_packageset/package/0/modulestreams removed",
        "/packageinfo/0/out_packageset/package/0/modulestreams = null",
        "/packageinfo/0/out_packageset/package/0/modulestreams removed",
        "/packageinfo/0/release/os_name = null",
        "/packageinfo/0/release/os_name removed",
        // Any integer, or none.
        "/packageinfo/0/id = null",
        "/packageinfo/0/id = -1",
        "/packageinfo/0/id removed",
        // Any text.
        "/packageinfo/0/initial_release/os_name = \"",
        "/packageinfo/0/release/os_name = \"",
        // A number for the makers of the data.
        "/packageinfo/0/in_packageset/set_id",
        "/packageinfo/0/out_packageset/set_id",
    ];
    check_json(EVENTS, "events", &harmless);
}

#[test]
fn broken_maps_say_what_is_wrong() {
    // Absent means no cloud provider.
    check_json(MAP, "repo_map", &["/repositories/0/entries/0/rhui removed"]);
}

#[test]
fn broken_device_files_say_what_is_wrong() {
    let harmless = [
        // Any text.
        "/data/0/deprecation_announced = \"",
        "/data/0/device_name = \"",
        "/data/0/driver_name = \"",
    ];
    check_json(DEVICES, "devices", &harmless);
}

#[test]
fn broken_vendor_maps_say_what_is_wrong() {
    let harmless = [
        "/repositories/0/entries/0/rhui removed",
        // leapp never checks the data streams of a vendor's map.
        "/provided_data_streams",
        "deep value of a good key",
    ];
    check_json("vendors.d/v_map.json", "vendor_map", &harmless);
}

#[test]
fn broken_vendor_event_files_say_what_is_wrong() {
    // The same reader as that of the main file, whose fields are tried there.
    let file = "vendors.d/v_pes.json";
    let event: Value = serde_json::from_str(&good()[EVENTS]).unwrap();
    let mut event = event["packageinfo"][0].clone();
    event["out_packageset"]["package"][0]["repository"] = json!("v8");
    let mut variants = json_variants(&good()[file]);
    for field in ["action", "release", "in_packageset", "out_packageset", "architectures"] {
        for other in [json!(7.5), json!("text"), json!([{}])] {
            let mut event = event.clone();
            event[field] = other.clone();
            let text =
                json!({"provided_data_streams": ["3.0"], "packageinfo": [event]}).to_string();
            variants.push((format!("{field} = {other}"), text.into_bytes()));
        }
    }
    check(file, "vendor_events", variants, &[]);
}

fn line_variants(good: &str) -> Vec<(String, Vec<u8>)> {
    let mut variants = damage(good);
    for (index, line) in good.lines().enumerate() {
        for (what, other) in [
            ("without separator", "text"),
            ("without key", "=1"),
            ("a section", "[x"),
            ("a bad section", "[a b]"),
            ("two words", "two words"),
            ("a control character", "a\u{7}b"),
        ] {
            let lines: Vec<&str> = good
                .lines()
                .enumerate()
                .map(|(i, line)| if i == index { other } else { line })
                .collect();
            variants.push((
                format!("line {} ({line}) becomes {what}", index + 1),
                lines.join("\n").into_bytes(),
            ));
        }
    }
    variants
}

fn check_lines(file: &str, snapshot: &str, harmless: &[&str]) {
    check(file, snapshot, line_variants(&good()[file]), harmless);
}

#[test]
fn broken_repository_files_say_what_is_wrong() {
    // Cut inside or after a value, the rest is a repository file.
    check_lines(REPO, "repo_file", &["truncated"]);
    check_lines("vendors.d/v.repo", "vendor_repo_file", &["truncated"]);
}

#[test]
fn broken_signature_files_say_what_is_wrong() {
    // Cut after 8 digits of a key id, the rest is a short key id.
    check_lines("vendors.d/v.sigs", "signatures", &["truncated", "twice"]);
}

#[test]
fn broken_transaction_files_say_what_is_wrong() {
    // Any word could be a package's name, and no word is no wish.
    let harmless =
        ["empty", "only white space", "truncated", "line 1 (tmux) becomes without separator"];
    let harmless = [&harmless[..], &["line 2 (vim-enhanced) becomes without separator"]].concat();
    check_lines("transaction/to_install", "transaction", &harmless);
}

#[test]
fn good_data_is_good_with_the_line_ends_of_windows_too() {
    for (file, text) in good() {
        assert_eq!(said(file, text.clone().into_bytes()), [""; 0], "{file}");
        let text = text.replace('\n', "\r\n").replace(',', ",\r\n");
        assert_eq!(said(file, text.into_bytes()), [""; 0], "{file}");
    }
}

#[test]
fn events_in_a_circle_are_read_and_remarked_on() {
    let text = good().remove(EVENTS).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    let mut back = json["packageinfo"][0].clone();
    back["id"] = json!(2);
    back["in_packageset"]["package"][0]["name"] = json!("chrony");
    back["out_packageset"]["package"][0]["name"] = json!("ntp");
    json["packageinfo"].as_array_mut().unwrap().push(back);
    let said = said(EVENTS, json.to_string().into_bytes());
    assert!(said.iter().any(|line| line.contains("order-dependent-events")), "{said:#?}");
}

// ---- the door

#[test]
fn a_huge_file_is_refused_by_its_size() {
    let directory = data::TempDir::new("huge").unwrap();
    directory.hole(EVENTS, 100 << 20).unwrap();
    let read = DataDirectory::read(directory.path()).unwrap();
    assert_eq!(read.files[EVENTS], Err(Problem::TooLarge(64)));
    let error = UpgradeData::from_directory(&read).events.unwrap_err().to_string();
    assert_eq!(error, "pes-events.json: is larger than 64 MiB; no real file is");
}

#[test]
fn what_is_no_regular_file_is_not_opened() {
    use std::os::unix::fs::symlink;
    let directory = data::TempDir::new("odd").unwrap();
    let path = |name: &str| directory.path().join(name);
    directory.write("vendors.d/v.repo", b"[a]").unwrap();
    symlink("loop", path("loop")).unwrap();
    symlink("nowhere", path("dangling")).unwrap();
    symlink("vendors.d/v.repo", path("link")).unwrap();
    symlink(".", path("transaction")).unwrap();
    directory.write("pes-events.json/inside", b"").unwrap();
    let socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
    let read = DataDirectory::read(directory.path()).unwrap();
    drop(socket);
    let ok: Vec<_> =
        read.files.iter().filter(|(_, file)| file.is_ok()).map(|(name, _)| &**name).collect();
    assert_eq!(ok, ["link", "transaction/link", "vendors.d/v.repo"]);
    for name in ["loop", "dangling", "socket"] {
        assert!(matches!(&read.files[name], Err(Problem::Unreadable(_))), "{name}");
    }
    let remarks = UpgradeData::from_directory(&read).remarks;
    let said = |name: &str| remarks.iter().any(|r| r.file == name && r.code == "unreadable-file");
    assert!(said("loop") && said("dangling") && said("socket"), "{remarks:#?}");
}

#[test]
fn a_directory_that_is_not_there_is_an_error() {
    assert!(DataDirectory::read(Path::new("/nonexistent/data")).is_err());
}

// ---- anything

fn names() -> impl Strategy<Value = &'static str> {
    prop::sample::select(good().into_keys().collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn arbitrary_bytes_never_panic(name in names(), bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        said(name, bytes);
    }

    #[test]
    fn arbitrary_changes_of_good_files_never_panic(
        name in names(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"\"\\{}[],:0-9e.\n =#%\xff".to_vec())), 1..8),
    ) {
        let mut bytes = good().remove(name).unwrap().into_bytes();
        for (index, byte) in changes {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        said(name, bytes);
    }

    #[test]
    fn arbitrary_values_in_good_documents_never_panic(
        name in prop::sample::select(vec![EVENTS, MAP, DEVICES, "vendors.d/v_map.json"]),
        at in any::<prop::sample::Index>(),
        number in any::<i64>(),
        text in ".{0,20}",
        shape in 0..4,
    ) {
        let mut json: Value = serde_json::from_str(&good()[name]).unwrap();
        let pointers = pointers(&json);
        let value = match shape {
            0 => json!(number),
            1 => json!(text),
            2 => json!([number, text, {"name": text, "stream": number}]),
            _ => json!({"package": [{"name": text, "repository": text}], "name": text}),
        };
        *json.pointer_mut(&pointers[at.index(pointers.len())]).unwrap() = value;
        said(name, json.to_string().into_bytes());
    }
}
