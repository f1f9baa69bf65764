//! Small hostile universes.

use std::path::Path;
use std::sync::Arc;

use elevate_core::solve::{Policy, Profile};
use elevate_core::universe::{Universe, asked_paths};
use elevate_tests::data::{self, TempDir};
use elevate_tests::recorded::oracle_dir;
use elevate_tests::repositories::{Repository, target};
use serde_json::Value;

use crate::answer::{difference, none};
use crate::jobs::{answer, calls, expected};

/// The answers of each profile, by their files.
const RECORDED: [(&str, Profile); 2] = [
    ("expected.libsolv-0.7.39.jsonl.xz", Profile::LIBSOLV_0_7_39),
    ("expected.libsolv-0.7.20.jsonl.xz", Profile::LIBSOLV_0_7_20),
];

fn universe(case: &Path) -> Universe {
    let installed = Repository::read(&case.join("installed")).installed_packages();
    let names = ["a", "b"];
    let read = names.map(|name| (name, Repository::read(&case.join("target").join(name))));
    let read: Vec<_> = read.iter().map(|(name, repository)| (*name, repository, 99)).collect();
    let target = target(&read, &asked_paths(&installed).unwrap());
    Universe::new(Arc::new(target), &installed).unwrap()
}

/// Looks at every case: its number, its jobs and its universe. Nothing where there are
/// none.
pub(crate) fn each(mut look: impl FnMut(usize, &Value, &Universe)) {
    let Some(directory) = oracle_dir("solver/random") else { return };
    let unpacked = TempDir::new("solver-random").unwrap();
    for (name, bytes) in data::untar(&data::read(&directory.join("cases.tar.xz")).unwrap()) {
        unpacked.write(&name, &bytes).unwrap();
    }
    for case in 0..400 {
        let directory = unpacked.path().join(format!("{case:05}"));
        let jobs = data::read(&directory.join("jobs.json")).unwrap();
        look(case, &serde_json::from_slice(&jobs).unwrap(), &universe(&directory));
    }
}

/// As dnf of newer releases is set up.
pub(crate) fn policy(profile: Profile) -> Policy {
    Policy { profile, erase_unused_installonly: true, ..Policy::leapp() }
}

#[test]
fn hostile_universes_have_the_answers_of_both_releases_of_libsolv() {
    let Some(directory) = oracle_dir("solver/random") else { return };
    let answers = RECORDED.map(|(file, profile)| {
        let lines = String::from_utf8(data::read(&directory.join(file)).unwrap()).unwrap();
        let answers = lines.lines().map(|line| serde_json::from_str(line).unwrap());
        (profile, answers.collect::<Vec<Value>>())
    });
    let mut differences = Vec::new();
    each(|case, jobs, universe| {
        for (profile, answers) in &answers {
            let recorded = &answers[case];
            assert_eq!(recorded["case"], format!("{case:05}").as_str());
            let ours = answer(universe, &calls(jobs, policy(*profile)));
            let case = format!("{case:05} ({})", profile.libsolv);
            differences.extend(difference(&case, &expected(recorded), &ours));
        }
    });
    none(800, &differences);
}
