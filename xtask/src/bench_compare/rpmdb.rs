//! Reading the package database, beside rpm: the same tags of the same file,
//! printed the same way, both as whole processes that print to nowhere.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use super::process::{cargo, output, run, time};

/// The file the benchmark `rpmdb` makes, below the target directory.
const FILE: &str = "tmp/rpmdb-1500/Packages";
/// Runs of each; the fastest counts.
const RUNS: usize = 20;
/// How many times faster than rpm is expected.
const EXPECTED: f64 = 3.0;

/// One paragraph: the ratio, or why there is none.
///
/// # Errors
///
/// Where the two print different things, or a build fails.
pub(super) fn compare(root: &Path) -> Result<String, String> {
    let target = super::target(root);
    let file = target.join(FILE);
    cargo(root, &["bench", "-q", "-p", "elevate-core", "--bench", "rpmdb", "--", "--test"])?;
    if !file.is_file() {
        return Ok("the package database: skipped, for it could not be made".to_owned());
    }
    cargo(root, &["build", "-q", "--release", "-p", "elevate-core", "--example", "rpmdb_dump"])?;
    let ours = target.join("release/examples/rpmdb_dump");
    let format = output(&mut run(&ours, &["--format"]), "rpmdb_dump")?;
    let theirs = || rpm(&file, String::from_utf8_lossy(&format.stdout).trim_end());
    let theirs_printed = match output(&mut theirs(), "rpm") {
        Ok(printed) => packages(&printed),
        Err(why) => return Ok(format!("the package database: skipped: {why}")),
    };
    let argument = file.to_string_lossy().into_owned();
    let ours_printed = packages(&output(&mut run(&ours, &[&argument]), "rpmdb_dump")?);
    if ours_printed != theirs_printed {
        let different = ours_printed.iter().zip(&theirs_printed).find(|(a, b)| a != b);
        return Err(format!("rpmdb_dump and rpm print different things: {different:?}"));
    }
    let (mut best, mut best_of_rpm) = (Duration::MAX, Duration::MAX);
    for _ in 0..RUNS {
        best = best.min(time(&mut run(&ours, &[&argument]), 0)?);
        best_of_rpm = best_of_rpm.min(time(&mut theirs(), 0)?);
    }
    Ok(report(ours_printed.len(), best, best_of_rpm))
}

fn report(packages: usize, ours: Duration, theirs: Duration) -> String {
    let [ours, theirs] = [ours, theirs].map(|time| time.as_secs_f64() * 1e3);
    let ratio = theirs / ours;
    let verdict = if ratio >= EXPECTED { "reached" } else { "NOT reached" };
    format!(
        "A Berkeley DB of {packages} packages, all tags printed, the same bytes; whole processes on\n\
         this machine, the fastest of {RUNS} runs: ours {ours:.1} ms, rpm {theirs:.1} ms, ratio\n\
         {ratio:.1}x; expected {EXPECTED}x: {verdict}"
    )
}

/// rpm, reading a file of its former database without writing beside it.
fn rpm(file: &Path, format: &str) -> Command {
    let directory = file.parent().map(Path::to_path_buf).unwrap_or_default();
    let directory = directory.canonicalize().unwrap_or(directory);
    let directory = directory.to_string_lossy();
    let define = "_db_backend bdb_ro";
    let what = ["--nosignature", "--nodigest", "-qa", "--qf", format];
    let mut command = run(&PathBuf::from("rpm"), &["--define", define, "--dbpath", &directory]);
    command.args(what).env("TZ", "UTC").env("LC_ALL", "C");
    command
}

/// What was printed, package by package: a package begins with a line of its name.
/// rpm has another order, and prints public keys.
fn packages(printed: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&printed.stdout);
    let mut packages: Vec<String> = Vec::new();
    for line in text.lines() {
        match packages.last_mut() {
            Some(package) if !line.starts_with("N ") => {
                package.push('\n');
                package.push_str(line);
            }
            _ => packages.push(line.to_owned()),
        }
    }
    packages.retain(|package| !package.starts_with("N gpg-pubkey "));
    packages.sort();
    packages
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    use super::*;

    #[test]
    fn packages_are_compared_in_any_order_and_keys_are_not() {
        let printed = |text: &str| Output {
            status: ExitStatus::from_raw(0),
            stdout: text.as_bytes().to_vec(),
            stderr: Vec::new(),
        };
        let rpm = packages(&printed("N b 0:1\nP b\nN gpg-pubkey 0:1\nP gpg\nN a 0:1\nF /a\n"));
        assert_eq!(rpm, packages(&printed("N a 0:1\nF /a\nN b 0:1\nP b\n")));
        assert_ne!(rpm, packages(&printed("N a 0:1\nF /b\nN b 0:1\nP b\n")));
    }

    #[test]
    fn the_ratio_is_theirs_by_ours() {
        let [ten, thirty] = [10, 30].map(Duration::from_millis);
        assert!(report(1_500, ten, thirty).ends_with("3.0x; expected 3x: reached"));
        assert!(report(1_500, thirty, ten).ends_with("0.3x; expected 3x: NOT reached"));
    }
}
