//! Recorded calls of dnf.

use elevate_core::solve::{Calls, Changes, Policy, WeakExclusions};
use elevate_core::universe::Universe;
use elevate_tests::oracle::names;
use serde_json::Value;

use crate::answer::dnf_lines;

/// What a `jobs.json` says; of the policy only what it does not say counts.
pub(crate) fn calls(jobs: &Value, policy: Policy) -> Calls {
    let is = |key: &str| jobs[key].as_bool().unwrap_or_default();
    let unless = |key: &str| jobs[key].as_bool().unwrap_or(true);
    let weak_exclusions = if unless("exclude_from_weak_autodetect") {
        WeakExclusions::ByVersion
    } else {
        WeakExclusions::Off
    };
    let policy = Policy {
        best: is("best"),
        allow_erasing: is("allow_erasing"),
        weak_dependencies: unless("weak_deps"),
        weak_exclusions,
        installonly: names(jobs, "installonly"),
        ..policy
    };
    Calls {
        remove: names(jobs, "erase"),
        install: names(jobs, "install"),
        upgrade: names(jobs, "upgrade"),
        sync: is("distro_sync"),
        ..Calls::new(policy)
    }
}

/// Our answer, as [`expected`] writes the recorded one.
pub(crate) fn answer(universe: &Universe, calls: &Calls) -> Vec<String> {
    let solved = calls.solve(universe);
    let changes = Changes::of(universe, &solved.goal, &solved.outcome);
    let mut lines = dnf_lines(universe, &changes, &solved.outcome);
    lines.push(format!("warnings {}", solved.unmatched.len()));
    lines
}

/// A recorded answer: its lists, or the number of problems, and how many texts
/// matched nothing.
pub(crate) fn expected(recorded: &Value) -> Vec<String> {
    let count = |key: &str| recorded[key].as_array().map_or(0, Vec::len);
    let mut lines = Vec::new();
    if recorded["ok"] == true {
        for list in ["install", "upgrade", "downgrade", "reinstall", "erase", "obsoleted"] {
            lines.extend(names(recorded, list).into_iter().map(|p| format!("{list} {p}")));
        }
    } else {
        lines.push(format!("problems {}", count("problems")));
    }
    lines.push(format!("warnings {}", count("warnings")));
    lines
}
