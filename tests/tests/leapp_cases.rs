//! Our actors against recorded cases of single actors of leapp.

use std::collections::{BTreeMap, BTreeSet};

use elevate_tests::leapp_cases::departures::{self, Departure};
use elevate_tests::leapp_cases::{Case, Compared, Comparison, How};
use elevate_tests::recorded::oracle_dir;

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
