//! `cargo xtask TASK`: the chores of this repository.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask TASK

tasks:
  arrows         check which module names which, by the tables of ARCHITECTURE.md
  dependencies   check that every dependency says why it is there
  bench-compare [--from target/criterion]
                 run the benchmarks, or take their results, and show them beside
                 leapp's recorded times (ELEVATE_ORACLE_DIR)
  fuzz-seeds     write fuzz/seeds anew, and what the fuzz targets begin with
";

fn main() -> ExitCode {
    let root = xtask::files::workspace_root();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["arrows"] => xtask::arrows::check(&root),
        ["dependencies"] => xtask::dependencies::check(&root),
        ["bench-compare"] => xtask::bench_compare::run(&root, None),
        ["bench-compare", "--from", from] => {
            xtask::bench_compare::run(&root, Some(Path::new(from)))
        }
        ["fuzz-seeds"] => xtask::fuzz_seeds::run(&root),
        ["help" | "--help" | "-h"] => return print(std::io::stdout(), USAGE, ExitCode::SUCCESS),
        _ => return print(std::io::stderr(), USAGE, ExitCode::from(64)),
    };
    match outcome {
        Ok(done) => print(std::io::stdout(), &format!("{done}\n"), ExitCode::SUCCESS),
        Err(problems) => print(std::io::stderr(), &format!("{problems}\n"), ExitCode::FAILURE),
    }
}

/// Writes `text`; a reader that went away does not change the outcome.
fn print(mut to: impl Write, text: &str, code: ExitCode) -> ExitCode {
    let _ = to.write_all(text.as_bytes());
    code
}
