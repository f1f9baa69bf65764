//! Reading a repository and loading it from a cache, beside libsolv: the same
//! files, in the same run, each in a process of its own.

use std::path::{Path, PathBuf};

use super::process::{cargo, output, run};
use crate::files;

/// The largest recorded repository: 60,034 packages.
const REPOSITORY: &str = "solver/debian/repos/el8-epel";
/// Runs of each; the fastest counts.
const RUNS: usize = 9;

/// Reads or loads a repository with libsolv, and prints what the example
/// `repository` prints.
const LIBSOLV: &str = r#"
import sys, time, solv
pool = solv.Pool()
pool.setdisttype(solv.Pool.DISTTYPE_RPM)
repo = pool.add_repo("repo")
mode, path = sys.argv[1:3]
wall, cpu = time.perf_counter(), time.thread_time()
file = solv.xfopen(path)
repo.add_rpmmd(file, None) if mode == "read" else repo.add_solv(file)
file.close()
wall, cpu = time.perf_counter() - wall, time.thread_time() - cpu
peak = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")][0]
print(repo.nsolvables, wall * 1e3, cpu * 1e3, peak)
if mode == "read":
    file = solv.xfopen(sys.argv[3], "w")
    repo.write(file)
    file.close()
"#;

/// What a run took.
#[derive(Debug, Clone, Copy)]
struct Taken {
    packages: u64,
    /// Milliseconds.
    wall: f64,
    /// Milliseconds of its main thread.
    processor: f64,
    /// The most memory, in KiB.
    peak: u64,
}

/// A table of ratios, or why there is none.
///
/// # Errors
///
/// Where the two read another number of packages, or a build fails.
pub(super) fn compare(root: &Path) -> Result<String, String> {
    let oracle = super::oracle(root);
    let repository = oracle.join(REPOSITORY);
    if !repository.is_dir() {
        return Ok(format!("repositories: skipped, {} is not there", repository.display()));
    }
    let target = super::target(root);
    cargo(root, &["build", "-q", "--release", "-p", "elevate-core", "--example", "repository"])?;
    let pair = Pair {
        ours: target.join("release/examples/repository"),
        directory: repository.display().to_string(),
        primary: repository.join("repodata/primary.xml.gz").display().to_string(),
        cache: target.join("tmp/universe.cache").display().to_string(),
        solv: target.join("tmp/universe.solv").display().to_string(),
    };
    files::write(&target.join("tmp/universe.cache"), b"")?;
    if let Err(why) = pair.libsolv("read") {
        return Ok(format!("repositories: skipped: {why}"));
    }
    pair.measure()
}

/// What is compared, and on which files.
struct Pair {
    ours: PathBuf,
    directory: String,
    primary: String,
    cache: String,
    solv: String,
}

impl Pair {
    fn measure(&self) -> Result<String, String> {
        let [directory, cache] = [&self.directory, &self.cache].map(String::as_str);
        // The two take turns, so that what else the machine does meets both.
        let mut best: [Option<Taken>; 6] = [None; 6];
        for _ in 0..RUNS {
            let taken = [
                self.elevate(&["read", directory])?,
                self.elevate(&["read-two", directory])?,
                self.libsolv("read")?,
                self.elevate(&["write", directory, cache])?,
                self.elevate(&["load", directory, cache])?,
                self.libsolv("load")?,
            ];
            for (best, taken) in best.iter_mut().zip(taken) {
                *best = Some(best.map_or(taken, |best| best.min(taken)));
            }
        }
        let [Some(one), Some(two), Some(read), Some(write), Some(load), Some(solv)] = best else {
            return Err("nothing was run".to_owned());
        };
        if [one, two, write, load].iter().any(|taken| taken.packages != read.packages) {
            return Err(format!("we read {} packages, libsolv {}", one.packages, read.packages));
        }
        Ok(report(&[one, two, read, write, load, solv], self.tool()?))
    }

    fn elevate(&self, arguments: &[&str]) -> Result<Taken, String> {
        taken(&output(&mut run(&self.ours, arguments), "repository")?.stdout)
    }

    fn libsolv(&self, mode: &str) -> Result<Taken, String> {
        let path = if mode == "read" { &self.primary } else { &self.solv };
        let arguments = ["-c", LIBSOLV, mode, path, &self.solv];
        taken(&output(&mut run(Path::new("/usr/bin/python3"), &arguments), "libsolv")?.stdout)
    }

    /// Milliseconds of gunzip and rpmmd2solv, whole processes side by side; `None`
    /// where it is not installed.
    fn tool(&self) -> Result<Option<f64>, String> {
        let script = "zcat \"$1\" | rpmmd2solv > \"$2\"";
        let arguments = ["-c", script, "sh", &self.primary, &self.solv];
        let there = run(Path::new("sh"), &["-c", "command -v rpmmd2solv"]).output();
        if !there.is_ok_and(|output| output.status.success()) {
            return Ok(None);
        }
        let mut best = f64::MAX;
        for _ in 0..3 {
            let time = super::process::time(&mut run(Path::new("sh"), &arguments), 0)?;
            best = best.min(time.as_secs_f64() * 1e3);
        }
        Ok(Some(best))
    }
}

impl Taken {
    /// The best of both, number by number; memory is that of the worst.
    fn min(self, other: Self) -> Self {
        Self {
            packages: other.packages,
            wall: self.wall.min(other.wall),
            processor: self.processor.min(other.processor),
            peak: self.peak.max(other.peak),
        }
    }
}

/// `packages wall processor peak`
fn taken(line: &[u8]) -> Result<Taken, String> {
    let line = String::from_utf8_lossy(line);
    let words: Vec<&str> = line.split_whitespace().collect();
    let parsed = match words.as_slice() {
        [packages, wall, processor, peak] => packages.parse().ok().and_then(|packages| {
            let (wall, processor) = (wall.parse().ok()?, processor.parse().ok()?);
            Some(Taken { packages, wall, processor, peak: peak.parse().ok()? })
        }),
        _ => None,
    };
    parsed.ok_or_else(|| format!("{line:?} is no measurement"))
}

fn report(taken: &[Taken; 6], tool: Option<f64>) -> String {
    let [one, two, read, write, load, solv] = taken;
    let mut lines = vec![
        line("read, 1 thread, wall", one.wall, "add_rpmmd", read.wall, Some(1.0)),
        line("read, 1 thread, CPU", one.processor, "add_rpmmd", read.processor, Some(2.0)),
        line("read, 2 threads, wall", two.wall, "add_rpmmd", read.wall, Some(1.5)),
        line("load, wall", load.wall, "add_solv", solv.wall, Some(5.0)),
    ];
    if let Some(tool) = tool {
        lines.push(line("read and write, wall", write.wall, "zcat | rpmmd2solv", tool, None));
    }
    for (what, ours, theirs) in [("read", one, read), ("load", load, solv)] {
        let [ours, theirs] = [ours, theirs].map(|taken| taken.peak as f64 / 1024.0);
        lines.push(line(&format!("peak memory of a {what}, MiB"), ours, "libsolv", theirs, None));
    }
    format!(
        "A repository of {} packages; milliseconds in a process of its own, the fastest of {RUNS}\n\
         runs on this machine.\n\n{:<30} {:>8}  {:<18} {:>8} {:>7}  expected\n{}",
        read.packages,
        "measure",
        "ours",
        "libsolv",
        "",
        "ratio",
        lines.join("\n")
    )
}

fn line(what: &str, ours: f64, peer: &str, theirs: f64, expected: Option<f64>) -> String {
    let ratio = theirs / ours;
    let verdict = super::verdict(ratio, expected);
    format!("{what:<30} {ours:>8.1}  {peer:<18} {theirs:>8.1} {ratio:>6.1}x  {verdict}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measurement_is_four_numbers() {
        let read = taken(b"60034 1.5 1.25 2048\n").unwrap();
        assert_eq!(
            (read.packages, read.wall, read.processor, read.peak),
            (60_034, 1.5, 1.25, 2_048)
        );
        assert!(taken(b"60034 1.5\n").unwrap_err().contains("no measurement"));
    }

    #[test]
    fn the_ratio_is_theirs_by_ours_and_judged_by_the_goal() {
        assert!(line("load", 10.0, "add_solv", 50.0, Some(5.0)).ends_with("5.0x  5x: reached"));
        assert!(line("load", 11.0, "add_solv", 50.0, Some(5.0)).ends_with("4.5x  5x: NOT reached"));
    }
}
