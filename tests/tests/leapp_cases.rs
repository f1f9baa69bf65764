//! Our actors against recorded cases of single actors of leapp.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};

use elevate_core::actors;
use elevate_tests::leapp_cases::departures::{self, Departure};
use elevate_tests::leapp_cases::{Case, Compared, Comparison, How};
use elevate_tests::recorded::oracle_dir;
use serde_json::json;

/// What is otherwise than the reviewed list says.
fn problem(case: &Case, compared: &Compared, listed: Option<&Departure>) -> Option<String> {
    let differs = case.failed() || !compared.differences.is_empty();
    let differences = compared.differences.join("\n  ");
    match listed {
        None if differs => Some(format!(
            "{}: differs and is not in the reviewed list:\n  {differences}\n  ours: {:#?}",
            case.name, compared.ours
        )),
        Some(_) if !differs => {
            Some(format!("{}: is in the reviewed list and no longer differs", case.name))
        }
        Some(departure) if compared.how == How::NotApplicable && departure.why != differences => {
            Some(format!("{}: docs/actors.md says: {differences}", case.name))
        }
        Some(departure) if departure.ours != compared.ours => Some(format!(
            "{}: the reviewed list expects {:#?}, ours says {:#?}\n  {differences}",
            case.name, departure.ours, compared.ours
        )),
        _ => None,
    }
}

/// Severity, inhibitor flag, groups and keys of every report, and what is asked of the
/// plan, equal leapp's in every case that the reviewed list does not name.
#[test]
fn leapp_actor_cases_end_as_leapp_ends_them_or_as_the_reviewed_list_says() {
    let Some(directory) = oracle_dir("leapp/actor_cases") else { return };
    let listed = departures::read(include_str!("leapp_cases/departures.toml"));
    let comparison = Comparison::default();
    let cases = Case::all(&directory);
    let (mut problems, mut counts) = (Vec::new(), BTreeMap::new());
    for case in &cases {
        let compared = comparison.of(case);
        let departure = listed.get(&case.name);
        problems.extend(problem(case, &compared, departure));
        let end = if departure.is_some() { "listed" } else { "same" };
        *counts.entry((format!("{:?}", compared.how), end)).or_insert(0) += 1;
    }
    for ((how, end), count) in &counts {
        eprintln!("{count:4} {end:6} {how}");
    }
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    // Another set of cases may not have them.
    for name in listed.keys().filter(|name| !names.contains(name.as_str())) {
        eprintln!("{name} is in the reviewed list and no case");
    }
    eprintln!("{:4} cases", cases.len());
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

/// A case of a host in FIPS mode, with what leapp is said to report of it.
fn fips(severity: &str, groups: &[&str], key: &str) -> Case {
    let report = json!({ "severity": severity, "inhibitor": groups.contains(&"inhibitor"),
        "groups": groups, "key": key });
    let value = json!({ "actor": "check_fips", "reports": [report],
        "facts": { "FIPSInfo": [{ "is_enabled": true }] } });
    Case::new("made up", value)
}

const OURS: &str = "crypto.fips: high inhibitor [security]";
const GROUPS: [&str; 2] = ["inhibitor", "security"];

/// The key leapp's report has.
fn key() -> &'static str {
    let actor = actors::ALL.iter().find(|actor| actor.name == "check_fips");
    actor.and_then(|actor| actor.kinds[0].key).expect("leapp's key")
}

#[test]
fn a_report_with_another_severity_group_flag_or_key_is_a_difference() {
    let differs = |case: &Case| !Comparison::default().of(case).differences.is_empty();
    assert!(!differs(&fips("high", &GROUPS, key())));
    assert!(differs(&fips("medium", &GROUPS, key())));
    assert!(differs(&fips("high", &["security"], key())));
    assert!(differs(&fips("high", &["boot", "inhibitor"], key())));
    assert!(differs(&fips("high", &GROUPS, "another")));
}

#[test]
fn what_a_host_cannot_be_made_of_is_a_difference() {
    let value = json!({ "actor": "check_fips", "facts": { "Unheard": [{}] } });
    let compared = Comparison::default().of(&Case::new("made up", value));
    assert_eq!(compared.differences, ["there is no way to make this: what Unheard says"]);
}

#[test]
fn a_listed_case_has_to_differ_as_listed_and_an_unlisted_one_not_at_all() {
    let listed = |ours: &str| {
        let text = format!("[case]\nours = [\"{ours}\"]\nwhy = \"a reason of some length\"\n");
        departures::read(&text)["case"].clone()
    };
    let (same, other) = (fips("high", &GROUPS, key()), fips("low", &[], key()));
    for (case, listed, is_problem) in [
        (&same, None, false),
        (&same, Some(listed(OURS)), true),
        (&other, None, true),
        (&other, Some(listed(OURS)), false),
        (&other, Some(listed("crypto.fips: low []")), true),
    ] {
        let compared = Comparison::default().of(case);
        assert_eq!(problem(case, &compared, listed.as_ref()).is_some(), is_problem);
    }
}
