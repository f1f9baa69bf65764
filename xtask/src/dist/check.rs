//! Whether a binary runs on release 7: it may ask for no newer glibc, and for no
//! library that a minimal installation has not.

use std::path::{Path, PathBuf};

use super::elf::{Imports, imports};
use crate::{Problems, files, verdict};

/// glibc of release 7, and the compiler's library (gcc 4.8).
const NEWEST: [(&str, [u32; 3]); 2] = [("GLIBC_", [2, 17, 0]), ("GCC_", [4, 8, 0])];
/// Names of libraries that are there, up to `.so`.
const LIBRARIES: [&str; 6] = ["libc", "libm", "libpthread", "libdl", "librt", "libgcc_s"];

/// Checks files.
pub fn run(paths: &[PathBuf]) -> Result<String, Problems> {
    let mut problems = Vec::new();
    for path in paths {
        let found = files::bytes(path)
            .and_then(|bytes| imports(&bytes).map_err(|why| format!("{}: {why}", path.display())));
        match found {
            Ok(found) => problems.extend(of(path, &found)),
            Err(problem) => problems.push(problem),
        }
    }
    verdict(
        problems,
        format!("dist-check: {} files ask for nothing release 7 has not", paths.len()),
    )
}

/// What of a file's imports release 7 has not.
fn of(path: &Path, found: &Imports) -> Vec<String> {
    let path = path.display();
    let unknown = found.libraries.iter().filter(|name| !is_there(name));
    let mut problems: Vec<String> =
        unknown.map(|name| format!("{path}: needs {name}, which release 7 may lack")).collect();
    let newer = found.versions.iter().filter(|(_, version)| !is_old(version));
    problems.extend(newer.map(|(library, version)| {
        format!("{path}: needs {version} of {library}; release 7 has GLIBC_2.17 and GCC_4.8")
    }));
    problems
}

fn is_there(library: &str) -> bool {
    let name = library.split_once(".so.").map_or(library, |(name, _)| name);
    // The loader: ld-linux-x86-64, ld-linux-aarch64, ld64.
    LIBRARIES.contains(&name) || name.starts_with("ld-linux") || name == "ld64"
}

/// Whether release 7 has this version of symbols. Names that are no version
/// (`GLIBC_PRIVATE`, `GLIBC_ABI_DT_RELR`) it has not, or no program should use.
fn is_old(version: &str) -> bool {
    NEWEST.iter().any(|(prefix, newest)| {
        let numbers = version.strip_prefix(prefix).and_then(numbers);
        numbers.is_some_and(|numbers| numbers <= *newest)
    })
}

/// `2.3.4` as numbers; absent ones are 0.
fn numbers(text: &str) -> Option<[u32; 3]> {
    let mut numbers = [0; 3];
    let mut parts = text.split('.');
    for (number, part) in numbers.iter_mut().zip(parts.by_ref()) {
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::super::elf::build::file;
    use super::*;

    fn problems(needs: &[(&str, &[&str])]) -> Vec<String> {
        of(Path::new("elevate"), &imports(&file(62, false, needs)).unwrap())
    }

    #[test]
    fn a_binary_for_release_7_passes() {
        let needs: [(&str, &[&str]); 4] = [
            ("libc.so.6", &["GLIBC_2.2.5", "GLIBC_2.3.4", "GLIBC_2.9", "GLIBC_2.17"]),
            ("libgcc_s.so.1", &["GCC_3.0", "GCC_4.2.0"]),
            ("ld-linux-x86-64.so.2", &["GLIBC_2.3"]),
            ("libpthread.so.0", &["GLIBC_2.3.2"]),
        ];
        assert_eq!(problems(&needs), Vec::<String>::new());
    }

    #[test]
    fn newer_symbols_and_other_libraries_fail_by_name() {
        let needs: [(&str, &[&str]); 3] = [
            ("libc.so.6", &["GLIBC_2.17", "GLIBC_2.17.1", "GLIBC_2.34", "GLIBC_ABI_DT_RELR"]),
            ("libgcc_s.so.1", &["GCC_7.0.0"]),
            ("libcrypto.so.3", &["OPENSSL_3.0.0"]),
        ];
        let what = |problem: String| problem.split(' ').nth(2).unwrap_or_default().to_owned();
        let found: Vec<String> = problems(&needs).into_iter().map(what).collect();
        let expected = [
            "libcrypto.so.3,",
            "GLIBC_2.17.1",
            "GLIBC_2.34",
            "GLIBC_ABI_DT_RELR",
            "OPENSSL_3.0.0",
            "GCC_7.0.0",
        ];
        assert_eq!(found, expected);
    }

    /// This test itself is built for the machine it runs on, which is newer.
    #[test]
    fn a_binary_built_for_the_machine_at_hand_fails_where_that_is_newer() {
        let own = std::env::current_exe().unwrap();
        let found = imports(&files::bytes(&own).unwrap()).unwrap();
        assert!(found.libraries.iter().any(|name| name.starts_with("libc.so")), "{found:?}");
        let newest = found.versions.iter().filter_map(|(_, v)| numbers(v.strip_prefix("GLIBC_")?));
        let newer = newest.max().is_some_and(|newest| newest > [2, 17, 0]);
        assert_eq!(run(&[own]).is_err(), newer);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let Problems(problems) = run(&[PathBuf::from("no/such/file")]).unwrap_err();
        assert!(problems[0].starts_with("no/such/file: "), "{problems:?}");
    }
}
