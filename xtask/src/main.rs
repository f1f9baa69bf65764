//! `cargo xtask TASK`: the chores of this repository.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask TASK

tasks:
  actors         write the list of actors and docs/actors.md anew
  actors coverage
                 check them, and that every actor of leapp is accounted for
  arrows         check which module names which, by the tables of ARCHITECTURE.md
  dependencies   check that every dependency says why it is there
  bench-compare [--from target/criterion | --rpmdb | --universe |
                --solver]
                 run the benchmarks, or take their results, and show them beside
                 leapp's recorded times (ELEVATE_ORACLE_DIR); then read a
                 large package database beside rpm (ELEVATE_DATA_DIR) and a large
                 repository beside libsolv, and plan a release upgrade beside libsolv
                 and dnf, or do only one of these
  dist [--arch ARCH]...
                 build the release binaries into dist/, for x86_64, aarch64, ppc64le
                 and s390x, or for those named
  dist-check FILE...
                 check that binaries ask for nothing release 7 has not
  fuzz-seeds     write fuzz/seeds anew, and what the fuzz targets begin with
";

fn main() -> ExitCode {
    let root = xtask::files::workspace_root();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["actors"] => xtask::actors::write(&root),
        ["actors", "coverage"] => xtask::actors::coverage(&root),
        ["arrows"] => xtask::arrows::check(&root),
        ["dependencies"] => xtask::dependencies::check(&root),
        ["bench-compare"] => xtask::bench_compare::run(&root, None),
        ["bench-compare", "--rpmdb"] => xtask::bench_compare::run_rpmdb(&root),
        ["bench-compare", "--universe"] => xtask::bench_compare::run_universe(&root),
        ["bench-compare", "--solver"] => xtask::bench_compare::run_solver(&root),
        ["bench-compare", "--from", from] => {
            xtask::bench_compare::run(&root, Some(Path::new(from)))
        }
        ["fuzz-seeds"] => xtask::fuzz_seeds::run(&root),
        ["dist", ref archs @ ..] => match architectures(archs) {
            Some(archs) => xtask::dist::run(&root, &archs),
            None => return print(std::io::stderr(), USAGE, ExitCode::from(64)),
        },
        ["dist-check", ref files @ ..] if !files.is_empty() => {
            let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
            xtask::dist::check::run(&files)
        }
        ["help" | "--help" | "-h"] => return print(std::io::stdout(), USAGE, ExitCode::SUCCESS),
        _ => return print(std::io::stderr(), USAGE, ExitCode::from(64)),
    };
    match outcome {
        Ok(done) => print(std::io::stdout(), &format!("{done}\n"), ExitCode::SUCCESS),
        Err(problems) => print(std::io::stderr(), &format!("{problems}\n"), ExitCode::FAILURE),
    }
}

/// The values of `--arch`, as often as it is given; `None` for anything else.
fn architectures<'a>(arguments: &[&'a str]) -> Option<Vec<&'a str>> {
    arguments
        .chunks(2)
        .map(|pair| (pair.len() == 2 && pair[0] == "--arch").then(|| pair[1]))
        .collect()
}

/// Writes `text`; a reader that went away does not change the outcome.
fn print(mut to: impl Write, text: &str, code: ExitCode) -> ExitCode {
    let _ = to.write_all(text.as_bytes());
    code
}
