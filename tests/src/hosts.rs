//! Recorded package lists of real hosts, where they are at hand.

use std::path::{Path, PathBuf};

/// The directory of recorded data (`ELEVATE_DATA_DIR`, else `shared/data`
/// beside the workspace). `None`, with a printed reason, where it is missing.
pub fn data_dir() -> Option<PathBuf> {
    directory("ELEVATE_DATA_DIR", "data")
}

/// The directory of recorded decisions (`ELEVATE_ORACLE_DIR`, else
/// `shared/oracle` beside the workspace), or `None` as above.
pub fn oracle_dir() -> Option<PathBuf> {
    directory("ELEVATE_ORACLE_DIR", "oracle")
}

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests find their data by the environment, and say so where there is none"
)]
fn directory(variable: &str, name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(name);
    let dir = std::env::var(variable).map_or(beside, PathBuf::from);
    if !dir.is_dir() {
        println!("skipped: there is no directory {}; set {variable}", dir.display());
        return None;
    }
    Some(dir)
}

/// Every file below `dir` whose name `wanted` accepts, sorted, with its path
/// relative to `dir`.
///
/// # Panics
///
/// Where the directory cannot be read.
#[expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read their data")]
pub fn files(dir: &Path, wanted: impl Fn(&str) -> bool) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_str().is_some_and(&wanted) {
                let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
                found.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}
