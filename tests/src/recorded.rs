//! Where the recorded data is. A missing directory skips a test with a printed
//! reason; an empty one fails it.

use std::path::{Path, PathBuf};

/// The directory of recorded decisions: `ELEVATE_ORACLE_DIR`, by default
/// `../shared/oracle` beside the checkout.
pub fn oracle_dir(below: &str) -> Option<PathBuf> {
    directory("ELEVATE_ORACLE_DIR", "oracle", below)
}

/// The directory of real data: `ELEVATE_DATA_DIR`, by default `../shared/data`.
pub fn data_dir(below: &str) -> Option<PathBuf> {
    directory("ELEVATE_DATA_DIR", "data", below)
}

#[expect(clippy::disallowed_methods, reason = "tests take the place of recorded data from there")]
fn directory(variable: &str, default: &str, below: &str) -> Option<PathBuf> {
    let root = match std::env::var(variable) {
        Ok(directory) => PathBuf::from(directory),
        Err(_) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(default),
    };
    let directory = root.join(below);
    if directory.is_dir() {
        return Some(directory);
    }
    eprintln!("skipped: {} is not there (set {variable})", directory.display());
    None
}

/// Whether a set of recorded data has this file or folder; says so where not.
pub fn has(directory: &Path, path: &str) -> bool {
    let there = directory.join(path).exists();
    if !there {
        eprintln!("skipped: this set of data has no {path}");
    }
    there
}

/// The files and folders of a directory, sorted; an empty one fails the test.
#[expect(clippy::disallowed_methods, reason = "tests read recorded data")]
pub fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).expect("the directory can be listed");
    let mut entries: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    assert!(!entries.is_empty(), "{} is empty", directory.display());
    entries
}

/// The content of a file.
#[expect(clippy::disallowed_methods, reason = "tests read recorded data")]
pub fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file below a directory whose path `wanted` accepts, sorted, with its
/// path relative to the directory.
#[expect(clippy::disallowed_methods, reason = "tests read recorded data")]
pub fn files(directory: &Path, wanted: impl Fn(&str) -> bool) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).expect("the directory can be listed") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_str().is_some_and(&wanted) {
                let name = path.strip_prefix(directory).expect("it is below");
                found.push((name.to_string_lossy().into_owned(), read(&path)));
            }
        }
    }
    found.sort();
    found
}
