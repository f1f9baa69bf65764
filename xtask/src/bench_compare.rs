//! Our benchmarks beside leapp's recorded times, as ratios; and reading the
//! package database beside rpm, repositories and the solver beside libsolv, and
//! the command line beside dnf, measured here and now.
//!
//! A report, not a test: it says whether an expectation is reached and fails
//! only where a number is missing.

mod command_line;
mod process;
mod rpmdb;
mod solver;
mod universe;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Problems, files};

/// The recorded case both were timed on.
const CASE: &str = "all-pes-inputs-alma-8.8";

/// One of our measures beside leapp's.
struct Measure {
    what: &'static str,
    /// Benchmark of the case's group.
    benchmark: &'static str,
    /// Columns of leapp's table: the first, less the second.
    upstream: (&'static str, Option<&'static str>),
    /// The ratio that is expected, where one is.
    expected: Option<f64>,
}

/// leapp's column `plan` is all its planning actors together, `PES` the event
/// scan alone with reading. `lists` are the same decisions without explanations;
/// a plan adds those, the other policy and the comparison of the two.
const MEASURES: [Measure; 7] = [
    Measure {
        what: "reading, and leapp's decisions",
        benchmark: "read-and-lists-leapp-0.21",
        upstream: ("PES 3.11", None),
        expected: Some(10.0),
    },
    Measure {
        what: "leapp's decisions alone",
        benchmark: "lists-leapp-0.21",
        upstream: ("plan 3.11", Some("load 3.11")),
        expected: Some(50.0),
    },
    Measure {
        what: "leapp's decisions, its event scan",
        benchmark: "lists-leapp-0.21",
        upstream: ("PES 3.11", Some("load 3.11")),
        expected: Some(50.0),
    },
    Measure {
        what: "leapp's decisions, EL7's Python",
        benchmark: "lists-leapp-0.21",
        upstream: ("PES 2.7", Some("load 3.11")),
        expected: None,
    },
    Measure {
        what: "reading, and the whole plan",
        benchmark: "read-and-plan",
        upstream: ("plan 3.11", None),
        expected: Some(10.0),
    },
    Measure {
        what: "the whole plan alone",
        benchmark: "plan",
        upstream: ("plan 3.11", Some("load 3.11")),
        expected: Some(50.0),
    },
    Measure { what: "reading", benchmark: "read", upstream: ("load 3.11", None), expected: None },
];

/// Compares the results in `from`, or of a fresh run of the benchmarks.
pub fn run(root: &Path, from: Option<&Path>) -> Result<String, Problems> {
    let oracle = oracle(root);
    let table = files::read(&oracle.join("leapp/README.md"))?;
    let results = match from {
        Some(directory) => directory.to_owned(),
        None => measure(root)?,
    };
    let ours = |benchmark: &str| -> Result<f64, String> {
        let path = results.join(CASE).join(benchmark).join("new/estimates.json");
        let text = files::read(&path)?;
        let nanoseconds = median(&text).ok_or_else(|| format!("{}: no median", path.display()))?;
        Ok(nanoseconds / 1e6)
    };
    let lines = MEASURES.iter().map(|m| line(m, ours(m.benchmark)?, &table));
    let lines = lines.collect::<Result<Vec<String>, String>>()?;
    let peers = [rpmdb::compare(root)?, universe::compare(root)?, solver::compare(root)?];
    Ok([report(&lines), peers.join("\n\n")].join("\n\n"))
}

/// Only the package database, beside rpm.
pub fn run_rpmdb(root: &Path) -> Result<String, Problems> {
    Ok(rpmdb::compare(root)?)
}

/// Only repositories, beside libsolv.
pub fn run_universe(root: &Path) -> Result<String, Problems> {
    Ok(universe::compare(root)?)
}

/// Only the solver and the command line, beside libsolv and dnf.
pub fn run_solver(root: &Path) -> Result<String, Problems> {
    Ok(solver::compare(root)?)
}

fn report(lines: &[String]) -> String {
    format!(
        "{CASE}, milliseconds: ours is the median of this machine, just measured or taken from\n\
         the directory given; leapp's was recorded on ANOTHER machine (fastest of 5 runs, without\n\
         start of the interpreter). The ratios say how far apart the two are, not how fast a\n\
         machine is.\n\n{:<38} {:>8}  {:<20} {:>6} {:>7}  expected\n{}",
        "measure",
        "ours",
        "leapp",
        "",
        "ratio",
        lines.join("\n")
    )
}

fn line(measure: &Measure, ours: f64, table: &str) -> Result<String, String> {
    let (whole, less) = measure.upstream;
    let mut upstream = cell(table, whole)?;
    let mut name = whole.to_owned();
    if let Some(less) = less {
        upstream -= cell(table, less)?;
        name = format!("{whole} - {less}");
    }
    let ratio = upstream / ours;
    let verdict = verdict(ratio, measure.expected);
    let what = measure.what;
    Ok(format!("{what:<38} {ours:>8.2}  {name:<20} {upstream:>6.0} {ratio:>6.1}x  {verdict}"))
}

/// Whether a ratio is what was expected, where something was.
fn verdict(ratio: f64, expected: Option<f64>) -> String {
    match expected {
        Some(expected) if ratio >= expected => format!("{expected}x: reached"),
        Some(expected) => format!("{expected}x: NOT reached"),
        None => "nothing".to_owned(),
    }
}

/// Where recorded decisions are.
fn oracle(root: &Path) -> PathBuf {
    files::directory_in("ELEVATE_ORACLE_DIR").unwrap_or_else(|| root.join("../shared/oracle"))
}

/// Where cargo puts what it builds.
fn target(root: &Path) -> PathBuf {
    files::directory_in("CARGO_TARGET_DIR").unwrap_or_else(|| root.join("target"))
}

/// A number of the table of times, by its column; the row is the case's.
fn cell(text: &str, column: &str) -> Result<f64, String> {
    let cells = |line: &'_ str| -> Vec<String> {
        line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let row = |first: &str| {
        let mut rows = text.lines().filter(|line| line.starts_with('|')).map(cells);
        rows.find(|cells| cells.first().is_some_and(|cell| cell == first) && cells.len() > 2)
    };
    let missing = || format!("leapp/README.md: no time of {CASE} in a column {column:?}");
    let at = row("case").and_then(|head| head.iter().position(|name| name == column));
    let number = at.zip(row(CASE)).and_then(|(at, row)| row.get(at)?.parse().ok());
    number.ok_or_else(missing)
}

/// The median of criterion's `estimates.json`, in nanoseconds. The document has
/// numbers and objects only, so looking for the words is enough.
fn median(text: &str) -> Option<f64> {
    let (_, after) = text.split_once("\"median\"")?;
    let (_, number) = after.split_once("\"point_estimate\"")?;
    let number = number.trim_start_matches([':', ' ', '\n']);
    let end = number.find([',', '}', '\n'])?;
    number[..end].trim().parse().ok().filter(|number| *number > 0.0)
}

/// Runs the benchmarks of the case and says where their results are.
#[expect(clippy::disallowed_methods, reason = "xtask runs cargo")]
fn measure(root: &Path) -> Result<PathBuf, String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root).args(["bench", "-p", "elevate-core", "--bench", "plan", "--", CASE]);
    let status = cargo.status().map_err(|error| format!("cargo bench: {error}"))?;
    if !status.success() {
        return Err(format!("cargo bench: {status}"));
    }
    let target = target(root);
    Ok(target.join("criterion"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
text
| case | packages | load 3.11 | PES 3.11 |
|---|---|---|---|
| another | 1 | 2 | 3 |
| all-pes-inputs-alma-8.8 | 2622 | 34 | 236 |
";

    #[test]
    fn a_time_is_found_by_case_and_column() {
        assert_eq!(cell(TABLE, "PES 3.11"), Ok(236.0));
        assert_eq!(cell(TABLE, "load 3.11"), Ok(34.0));
        assert!(cell(TABLE, "PES 2.7").unwrap_err().contains("PES 2.7"));
        assert!(cell("no table", "PES 3.11").is_err());
    }

    #[test]
    fn the_median_is_taken_and_not_the_mean() {
        let text = r#"{"mean":{"point_estimate":1.5},"median":{"confidence_interval":
            {"lower_bound":1.0},"point_estimate":4040123.25,"standard_error":2.0}}"#;
        assert_eq!(median(text), Some(4040123.25));
        assert_eq!(median("{}"), None);
        assert_eq!(median(r#"{"median":{"point_estimate":null}}"#), None);
    }

    #[test]
    fn the_ratio_is_upstream_by_ours_and_judged_by_the_expectation() {
        let [whole, _, alone, ..] = &MEASURES;
        let reached = line(whole, 23.6, TABLE).unwrap();
        assert!(reached.ends_with("236   10.0x  10x: reached"), "{reached}");
        let missed = line(alone, 4.5, TABLE).unwrap();
        assert!(missed.ends_with("202   44.9x  50x: NOT reached"), "{missed}");
    }
}
