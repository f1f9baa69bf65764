//! The solver beside libsolv, a plan as a whole beside the same through Python, and
//! the command line beside dnf's: the same hosts and repositories, in one run.

use std::path::{Path, PathBuf};

use super::command_line;
use super::process::{cargo, output, run};

/// A release upgrade, recorded.
pub(super) const WORLD: &str = "solver/debian";
pub(super) const REPOSITORIES: [&str; 3] = ["el8-baseos", "el8-appstream", "el8-epel"];
pub(super) const HOSTS: [&str; 3] = ["minimal", "web", "gnome"];
/// Processes of each; the two take turns.
const ROUNDS: usize = 3;
/// Solutions a process looks for; the fastest counts.
const TIMES: &str = "25";

/// What ours printed of a host, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ours {
    arriving: u64,
    /// The first search in a universe, and the search once more.
    solve: f64,
    again: f64,
    /// Everything from the list of packages to the transaction with its reasons.
    plan: f64,
}

/// What libsolv took through its Python binding, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Theirs {
    arriving: u64,
    /// The first call, and the fastest.
    first: f64,
    solve: f64,
    /// Making the commands; the transaction; its canonical form with reasons. Processor
    /// time, for a process does this once only.
    around: f64,
}

/// Tables of ratios, or why there are none.
///
/// # Errors
///
/// Where the two come to another result, or a build fails.
pub(super) fn compare(root: &Path) -> Result<String, String> {
    let oracle = super::oracle(root);
    let world = oracle.join(WORLD);
    if !world.is_dir() {
        return Ok(format!("the solver: skipped, {} is not there", world.display()));
    }
    let target = super::target(root);
    let packages = ["-p", "elevate-tests", "-p", "elevate-cli"];
    let programs = ["--example", "solve", "--bin", "elevate"];
    cargo(root, &[&["build", "-q", "--release"][..], &packages, &programs].concat())?;
    Ok([engines(&target, &oracle)?, command_line::compare(root, &target, &oracle)?].join("\n\n"))
}

fn engines(target: &Path, oracle: &Path) -> Result<String, String> {
    let pair = Pair {
        ours: target.join("release/examples/solve"),
        world: oracle.join(WORLD),
        script: oracle.join("solver/tools/oracle_libsolv.py"),
        cache: target.join("tmp/solver-solv").display().to_string(),
    };
    if let Err(why) = pair.libsolv(HOSTS[0], "1") {
        return Ok(format!("the solver: skipped: {why}"));
    }
    let mut best: Vec<Option<(Ours, Theirs)>> = vec![None; HOSTS.len()];
    for _ in 0..ROUNDS {
        let ours = pair.elevate()?;
        for ((best, host), ours) in best.iter_mut().zip(HOSTS).zip(ours) {
            let theirs = pair.libsolv(host, TIMES)?;
            if ours.arriving != theirs.arriving {
                let (ours, theirs) = (ours.arriving, theirs.arriving);
                return Err(format!("{host}: {ours} packages come, with libsolv {theirs}"));
            }
            let pair = (ours, theirs);
            *best = Some(best.map_or(pair, |best| (best.0.min(ours), best.1.min(theirs))));
        }
    }
    let lines = HOSTS.iter().zip(best.into_iter().flatten());
    Ok(report(
        &lines.flat_map(|(host, (ours, theirs))| lines_of(host, ours, theirs)).collect::<Vec<_>>(),
    ))
}

/// What is compared, and on which files.
struct Pair {
    ours: PathBuf,
    world: PathBuf,
    script: PathBuf,
    /// Where the script keeps what it read, so that it loads fast.
    cache: String,
}

impl Pair {
    fn elevate(&self) -> Result<Vec<Ours>, String> {
        let world = self.world.display().to_string();
        let printed = output(&mut run(&self.ours, &[&world, TIMES]), "solve")?.stdout;
        let printed = String::from_utf8_lossy(&printed);
        let taken = |line: &str| ours(line).ok_or_else(|| format!("{line:?} is no measurement"));
        printed.lines().map(taken).collect()
    }

    fn libsolv(&self, host: &str, times: &str) -> Result<Theirs, String> {
        let path = |below: &str| self.world.join(below).display().to_string();
        let repositories = REPOSITORIES.map(|name| path(&format!("repos/{name}")));
        let (script, host) =
            (self.script.display().to_string(), path(&format!("installed/{host}")));
        let mut arguments = vec![script.as_str(), "--installed", &host, "--brief", "--reasons"];
        for repository in &repositories {
            arguments.extend(["--repo", repository]);
        }
        arguments.extend(["--cache", &self.cache, "--repeat", times]);
        let printed = output(&mut run(Path::new("/usr/bin/python3"), &arguments), "libsolv")?;
        let printed = String::from_utf8_lossy(&printed.stdout);
        theirs(&printed).ok_or_else(|| format!("{}: no times", self.script.display()))
    }
}

impl Ours {
    fn min(self, other: Self) -> Self {
        Self {
            arriving: other.arriving,
            solve: self.solve.min(other.solve),
            again: self.again.min(other.again),
            plan: self.plan.min(other.plan),
        }
    }
}

impl Theirs {
    fn min(self, other: Self) -> Self {
        Self {
            arriving: other.arriving,
            first: self.first.min(other.first),
            solve: self.solve.min(other.solve),
            around: self.around.min(other.around),
        }
    }
}

/// `host arriving COUNT name MILLISECONDS ...`
fn ours(line: &str) -> Option<Ours> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let value = |name: &str| {
        let at = words.iter().position(|word| *word == name)?;
        words.get(at + 1)
    };
    let time = |name: &str| value(name)?.parse().ok();
    Some(Ours {
        arriving: value("arriving")?.parse().ok()?,
        solve: time("solve")?,
        again: time("again")?,
        plan: time("plan")?,
    })
}

/// The one line of JSON the script prints.
fn theirs(json: &str) -> Option<Theirs> {
    let of = |object: &str, keys: &[&str]| -> Option<f64> {
        keys.iter().map(|key| number(json, object, key)).sum()
    };
    let arriving = of("counts", &["upgrade", "downgrade", "change", "install"])?;
    let (_, all) = json.split_once("\"solve_ms_all\": [")?;
    let (all, _) = all.split_once(']')?;
    let all: Vec<f64> =
        all.split(',').map(|time| time.trim().parse().ok()).collect::<Option<_>>()?;
    Some(Theirs {
        arriving: arriving as u64,
        first: *all.first()?,
        solve: all.iter().copied().reduce(f64::min)?,
        around: of("cpu_ms", &["jobs", "transaction", "canonical"])?,
    })
}

/// A number of an object that has numbers only.
fn number(json: &str, object: &str, key: &str) -> Option<f64> {
    let (_, object) = json.split_once(&format!("\"{object}\": {{"))?;
    let (object, _) = object.split_once('}')?;
    let (_, value) = object.split_once(&format!("\"{key}\": "))?;
    value.split(',').next()?.trim().parse().ok()
}

fn lines_of(host: &str, ours: Ours, theirs: Theirs) -> [String; 3] {
    let whole = theirs.solve + theirs.around;
    [
        line(&format!("{host}: solve"), ours.again, theirs.solve, Some(1.0)),
        line(&format!("{host}: solve, first time"), ours.solve, theirs.first, None),
        line(&format!("{host}: plan as a whole"), ours.plan, whole, Some(3.0)),
    ]
}

fn report(lines: &[String]) -> String {
    format!(
        "A release upgrade, 68,820 packages in memory; milliseconds, the fastest of {ROUNDS} x {TIMES} on\n\
         this machine. libsolv's plan as a whole is commands, solve, transaction and reasons\n\
         through Python; ours lays the host over the target too, and orders the steps.\n\n\
         {:<30} {:>8}  {:>8} {:>7}  expected\n{}",
        "measure",
        "ours",
        "libsolv",
        "ratio",
        lines.join("\n")
    )
}

/// Ours beside theirs, judged by the ratio that is expected.
pub(super) fn line(what: &str, ours: f64, theirs: f64, expected: Option<f64>) -> String {
    let ratio = theirs / ours;
    let verdict = super::verdict(ratio, expected);
    format!("{what:<30} {ours:>8.1}  {theirs:>8.1} {ratio:>6.1}x  {verdict}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_measurement_is_a_line_of_names_and_numbers() {
        let line = "web arriving 12 overlay 1.0 solve 2.5 again 2.0 plan 9.25";
        assert_eq!(ours(line), Some(Ours { arriving: 12, solve: 2.5, again: 2.0, plan: 9.25 }));
        assert_eq!(ours("web arriving 12 solve 2.5"), None);
    }

    #[test]
    fn libsolvs_measurement_is_found_in_its_json() {
        let json = r#"{"counts": {"change": 1, "downgrade": 2, "install": 3, "upgrade": 4},
            "cpu_ms": {"canonical": 1.0, "jobs": 40.0, "solve": 3.0, "transaction": 0.5},
            "solve_ms_all": [3.5, 2.5, 3.0], "timing_ms": {"jobs": 90.0}}"#;
        let expected = Theirs { arriving: 10, first: 3.5, solve: 2.5, around: 41.5 };
        assert_eq!(theirs(json), Some(expected));
        assert_eq!(theirs("{}"), None);
    }

    #[test]
    fn a_ratio_is_judged_where_one_is_expected() {
        let [solve, first, plan] = lines_of(
            "web",
            Ours { arriving: 1, solve: 5.0, again: 2.0, plan: 10.0 },
            Theirs { arriving: 1, first: 4.0, solve: 4.0, around: 16.0 },
        );
        assert!(solve.ends_with("2.0x  1x: reached"), "{solve}");
        assert!(first.ends_with("0.8x  nothing"), "{first}");
        assert!(plan.ends_with("2.0x  3x: NOT reached"), "{plan}");
    }
}
