//! Transactions as lines, and how two of them differ.

use std::collections::BTreeSet;

use elevate_core::solve::{Changes, Gone, Kind, Outcome};
use elevate_core::universe::{SolvableId, Universe};

/// How many lines of a difference are shown.
const SHOWN: usize = 12;

/// The lists dnf prints, a line a package; for what cannot be solved the number of
/// problems.
pub(crate) fn dnf_lines(universe: &Universe, changes: &Changes, outcome: &Outcome) -> Vec<String> {
    if !outcome.is_solved() {
        return vec![problems(outcome)];
    }
    let mut lines = Vec::new();
    for arriving in &changes.arriving {
        let list = match arriving.kind {
            Kind::Install => "install",
            Kind::Upgrade => "upgrade",
            Kind::Downgrade => "downgrade",
            Kind::Reinstall => "reinstall",
        };
        lines.push(format!("{list} {}", with_epoch(universe, arriving.package)));
    }
    for leaving in &changes.leaving {
        let list = match leaving.how {
            Gone::Erased => "erase",
            Gone::Obsoleted => "obsoleted",
            Gone::Replaced => continue,
        };
        lines.push(format!("{list} {}", with_epoch(universe, leaving.package)));
    }
    lines.sort();
    lines
}

pub(crate) fn problems(outcome: &Outcome) -> String {
    format!("problems {}", outcome.problems().len())
}

/// `name-epoch:version-release.arch`
fn with_epoch(universe: &Universe, package: SolvableId) -> String {
    let [name, evr, arch] = [universe.name(package), universe.evr(package), universe.arch(package)]
        .map(|id| universe.text(id));
    let epoch = if evr.contains(':') { "" } else { "0:" };
    format!("{name}-{epoch}{evr}.{arch}")
}

/// How the lines of a case differ from those expected.
pub(crate) fn difference(case: &str, expected: &[String], ours: &[String]) -> Option<String> {
    let (theirs, mine) = (expected.iter().collect(), ours.iter().collect());
    let only = |a: &BTreeSet<&String>, b: &BTreeSet<&String>, sign: char| -> Vec<String> {
        a.difference(b).map(|line| format!("  {sign} {line}")).collect()
    };
    let (missing, surplus) = (only(&theirs, &mine, '-'), only(&mine, &theirs, '+'));
    if missing.is_empty() && surplus.is_empty() && expected.len() == ours.len() {
        return None;
    }
    let counts = format!("{case}: {} lines are missing, {} surplus", missing.len(), surplus.len());
    let shown = missing.into_iter().take(SHOWN).chain(surplus.into_iter().take(SHOWN));
    Some([counts].into_iter().chain(shown).collect::<Vec<_>>().join("\n"))
}

/// Fails with all differences of so many cases.
pub(crate) fn none(cases: usize, differences: &[String]) {
    let all = differences.join("\n");
    assert!(differences.is_empty(), "{} of {cases} cases differ\n{all}", differences.len());
}
