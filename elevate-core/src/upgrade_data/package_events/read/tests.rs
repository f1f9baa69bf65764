use super::*;
use crate::upgrade_data::package_events::Action;
use crate::upgrade_data::{Place, Problem, Remark};

fn events(text: &str) -> (Result<EventFile, DataError>, Vec<Remark>) {
    let mut remarks = Remarks::new("pes-events.json");
    let file = read("pes-events.json", text.as_bytes(), &mut remarks).map(|(file, _)| file);
    (file, remarks.finish())
}

fn one(event: &str) -> Result<PackageEvent, DataError> {
    events(&format!("{{\"packageinfo\": [{event}]}}")).0.map(|mut file| file.events.remove(0))
}

#[test]
fn an_event_needs_no_more_than_an_action() {
    let event = one(r#"{"action": 4, "architectures": ["x86_64", "s390x"]}"#).unwrap();
    assert_eq!((&*event.id, event.action), ("0", Action::Split));
    assert_eq!((event.from, event.to), Default::default());
    assert_eq!(event.architectures, [Arch::X86_64, Arch::S390x]);
}

#[test]
fn empty_sets_are_spelled_in_many_ways() {
    for set in ["null", "{}", r#"{"set_id": 0}"#, r#"{"package": []}"#] {
        let event = one(&format!(r#"{{"action": 1, "in_packageset": {set}}}"#)).unwrap();
        assert_eq!(event.inputs, [], "{set}");
    }
}

#[test]
fn packages_is_read_where_package_is_absent() {
    let event = r#"{"action": 1, "in_packageset": {"packages": [
        {"name": "a", "repository": "base"}, {"name": "a", "repository": "other"}]}}"#;
    let event = one(event).unwrap();
    assert_eq!(event.inputs.len(), 1);
    assert_eq!(event.inputs[0].repository.as_str(), "base");
    assert_eq!(event.inputs[0].streams, [None]);
}

#[test]
fn streams_come_from_a_list_or_one_object_and_never_from_the_old_spelling() {
    let package = |streams: &str| {
        let event = format!(
            r#"{{"action": 1, "in_packageset": {{"package": [{{"name": "a", "repository": "b", {streams}}}]}}}}"#
        );
        one(&event).unwrap().inputs.remove(0).streams
    };
    let stream = Some(ModuleStream { name: "m".into(), stream: "1".into() });
    assert_eq!(
        package(r#""modulestreams": [null, {}, {"name": "m", "stream": "1"}]"#),
        [None, stream.clone()]
    );
    assert_eq!(
        package(r#""modulestreams": [], "modulestream": {"name": "m", "stream": "1"}"#),
        [stream]
    );
    assert_eq!(package(r#""module_stream": {"name": "m", "stream": "1"}"#), [None]);
}

#[test]
fn what_kills_leapp_differs_from_what_it_refuses() {
    let release = |text: &str| one(&format!(r#"{{"action": 1, "release": {text}}}"#));
    let fatal = [
        one("7"),
        one(r#"{"action": "1"}"#),
        release(r#"{"major_version": 8, "minor_version": null}"#),
    ];
    for event in fatal {
        assert!(matches!(event.unwrap_err().problem, Problem::Fatal(_)));
    }
    let invalid = [
        one(r#"{"action": 9}"#),
        one(r#"{"action": -1}"#),
        one("{}"),
        one(r#"{"action": 1, "architectures": ["noarch"]}"#),
        release(r#"{"major_version": 8}"#),
    ];
    for event in invalid {
        assert!(matches!(event.unwrap_err().problem, Problem::Invalid(_)));
    }
}

#[test]
fn an_error_names_record_field_line_and_column() {
    let text = "{\"packageinfo\": [\n {\"action\": 1},\n {\"action\": 1, \"in_packageset\":\n {\"package\": [{\"repository\": \"b\",\n \"name\": 3}]}}]}";
    let error = events(text).0.unwrap_err();
    let field = "packageinfo[1].in_packageset.package[0].name".to_owned();
    assert!(
        matches!(&error.place, Place::Field(place, Some((5, _))) if *place == field),
        "{error}"
    );
}

#[test]
fn a_placeholder_is_refused() {
    let event = r#"{"action": 1, "out_packageset": {"package": [{"name": "a", "repository": "{baseos}"}]}}"#;
    let error = one(event).unwrap_err();
    assert!(error.to_string().contains("placeholder"), "{error}");
}

#[test]
fn arches_is_kept_apart_and_never_makes_a_file_invalid() {
    let (file, remarks) =
        events(r#"{"packageinfo": [{"action": 1, "arches": ["aarch64", "vax"]}]}"#);
    let event = &file.unwrap().events[0];
    assert_eq!((event.architectures.len(), &event.arches[..]), (0, &[Arch::Aarch64][..]));
    assert_eq!(remarks[0].code, codes::BAD_ARCHES);
}

#[test]
fn unknown_keys_are_counted_not_repeated() {
    let (file, remarks) = events(
        r#"{"packageinfo": [{"action": 1, "colour": 1}, {"action": 1, "colour": 2}], "extra": 1}"#,
    );
    assert_eq!(file.unwrap().events.len(), 2);
    let places: Vec<_> = remarks.iter().map(|remark| (&*remark.place, remark.code)).collect();
    assert_eq!(places, [("extra", "unknown-key"), ("packageinfo[0].colour", "unknown-key")]);
    assert!(remarks[1].message.contains("2 times"), "{}", remarks[1].message);
}

#[test]
fn streams_that_multiply_beyond_reason_are_refused() {
    let streams: Vec<String> =
        (0..900).map(|n| format!(r#"{{"name": "m", "stream": "{n}"}}"#)).collect();
    let event = format!(
        r#"{{"action": 1, "in_packageset": {{"package": [{{"name": "a", "repository": "b", "modulestreams": [{0}]}}, {{"name": "c", "repository": "b", "modulestreams": [{0}]}}]}}}}"#,
        streams.join(",")
    );
    assert!(one(&event).unwrap_err().to_string().contains("multiply"));
}
