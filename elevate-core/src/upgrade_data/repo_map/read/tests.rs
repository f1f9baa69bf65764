use super::*;
use crate::upgrade_data::Remark;

fn map(version: &str, target: &str, entry: &str) -> (Result<RepoMap, DataError>, Vec<Remark>) {
    let text = format!(
        r#"{{"version_format": {version}, "mapping": [
             {{"source_major_version": "7", "target_major_version": "8",
               "entries": [{{"source": "a", "target": {target}}}]}},
             {{"source_major_version": 7, "target_major_version": 8,
               "entries": [{{"source": "a", "target": {target}}}, {{"source": "b", "target": {target}}}]}}],
           "repositories": [
             {{"pesid": "a", "entries": [{entry}]}}, {{"pesid": "b", "entries": []}}]}}"#
    );
    let mut remarks = Remarks::new("repomap.json");
    let map = read("repomap.json", text.as_bytes(), &mut remarks).map(|(map, _)| map);
    (map, remarks.finish())
}

const ENTRY: &str = r#"{"repoid": "base", "major_version": "7", "arch": "x86_64",
    "repo_type": "rpm", "channel": "ga"}"#;

#[test]
fn blocks_of_one_pair_and_entries_of_one_source_merge() {
    let (map, remarks) = map("\"1.2.1\"", r#"["b", "a"]"#, ENTRY);
    let map = map.unwrap();
    let block = &map.mappings[&("7".to_owned(), "8".to_owned())];
    assert_eq!((map.mappings.len(), block["a"].len(), block["b"].len()), (1, 2, 2));
    assert_eq!(map.repositories[0].rhui, Rhui::default());
    assert_eq!(remarks[0].code, codes::EMPTY_FAMILY);
}

#[test]
fn the_versions_of_one_schema_are_read_and_others_refused() {
    for version in ["1.0.0", "1.1.0", "1.2.0", "1.2.1"] {
        assert!(map(&format!("{version:?}"), "[]", ENTRY).0.is_ok(), "{version}");
    }
    for version in ["\"0.0.0\"", "\"1.0.1\"", "\"3.0.0\"", "1.2", "null"] {
        let error = map(version, "[]", ENTRY).0.unwrap_err().to_string();
        assert!(error.contains("version"), "{error}");
    }
}

#[test]
fn later_versions_bring_distributions() {
    let entry = ENTRY.replace("\"ga\"", "\"ga\", \"distro\": \"rhel\", \"rhui\": \"any\"");
    let (read, _) = map("\"1.3.0\"", r#"["b"]"#, &entry);
    assert_eq!(read.unwrap().repositories[0].distro.as_deref(), Some("rhel"));
    assert!(map("\"1.3.0\"", r#"["b"]"#, ENTRY).0.is_err());
    let (read, remarks) = map("\"2.0.0\"", r#"{"default": ["b"], "centos": ["a"]}"#, &entry);
    let read = read.unwrap();
    assert_eq!(read.mappings.values().next().unwrap()["a"].len(), 1);
    assert!(remarks.iter().any(|remark| remark.code == codes::DISTRO_TARGETS));
    assert!(map("\"2.0.0\"", r#"["b"]"#, &entry).0.is_err());
}

#[test]
fn broken_maps_are_refused_with_the_field() {
    let cases = [
        ("\"b\"", ENTRY.to_owned(), "mapping[0].entries[0].target"),
        (r#"["nobody"]"#, ENTRY.to_owned(), "mapping[0].entries[0].target[0]"),
        ("[]", ENTRY.replace("\"7\"", "7"), "repositories[0].entries[0].major_version"),
        ("[]", ENTRY.replace("x86_64", "i686"), "repositories[0].entries[0].arch"),
        ("[]", ENTRY.replace("\"ga\"", "\"tuv\""), "repositories[0].entries[0].channel"),
        ("[]", ENTRY.replace("base", "{baseos}"), "repositories[0].entries[0].repoid"),
        ("[]", ENTRY.replace("repo_type", "type"), "repositories[0].entries[0].repo_type"),
    ];
    for (target, entry, place) in cases {
        let error = map("\"1.2.1\"", target, &entry).0.unwrap_err().to_string();
        assert!(error.contains(&format!("(at {place}, line ")), "{error}");
    }
}
