//! What the fuzz targets begin with: `fuzz/corpus/TARGET`, which is not kept.
//!
//! The seeds that are kept (`fuzz/seeds`) are made anew by the builders of the
//! library's own tests. Fixtures are copied beside them, and recorded data where
//! they are there (`ELEVATE_DATA_DIR`).

use std::path::Path;
use std::process::Command;

use crate::{Problems, files};

/// In the names of the tests that hold `fuzz/seeds` fresh, and write them where
/// they are told to.
const WRITERS: &str = "kept_for_fuzzing";
/// The largest file taken: fuzzing with large files is slow.
const LARGEST: u64 = 256 << 10;
/// Targets, with folders of the repository (first) or of recorded data whose
/// files they begin with, and how the names of the files end.
const SOURCES: [(&str, Root, &str, &[&str]); 16] = [
    ("header", Root::Repository, "fuzz/seeds/header", &[""]),
    ("bdb", Root::Repository, "fuzz/seeds/bdb", &[""]),
    ("ndb", Root::Repository, "fuzz/seeds/ndb", &[""]),
    ("sqlite", Root::Repository, "fuzz/seeds/sqlite", &[""]),
    ("listing", Root::Repository, "fixtures/hosts/web", &[".txt", ".json"]),
    ("snapshot", Root::Repository, "fixtures/hosts/web", &[".json"]),
    ("sos", Root::Repository, "fuzz/seeds/sos", &[""]),
    ("pack", Root::Repository, "packs", &[".toml"]),
    ("snapshot", Root::Repository, "fixtures/formats", &[".json"]),
    ("header", Root::Data, "rpmdb/small", &[".bin"]),
    ("bdb", Root::Data, "rpmdb/small", &["Packages"]),
    ("listing", Root::Data, "hosts", &[".txt", ".json"]),
    ("listing", Root::Data, "rpmdb", &[".sos"]),
    ("modules", Root::Data, "repodata", &[".yaml", ".yaml.gz", ".yaml.xz"]),
    ("primary", Root::Data, "repodata", &["primary.xml"]),
    ("repomd", Root::Data, "repodata", &["repomd.xml"]),
];

/// Where a folder is.
#[derive(Clone, Copy)]
enum Root {
    Repository,
    Data,
}

/// Makes the corpus of every target below `root`.
pub fn run(root: &Path) -> Result<String, Problems> {
    write_kept(root)?;
    let data =
        files::directory_in("ELEVATE_DATA_DIR").unwrap_or_else(|| root.join("../shared/data"));
    let mut count = 0;
    for (target, from, below, ends) in SOURCES {
        let folder = match from {
            Root::Repository => root.join(below),
            Root::Data if data.is_dir() => data.join(below),
            Root::Data => continue,
        };
        let corpus = root.join("fuzz/corpus").join(target);
        for file in files::below(&folder)? {
            let name = file.to_string_lossy().replace('/', "-");
            if ends.iter().any(|end| name.ends_with(end)) {
                count += usize::from(copy(&folder.join(&file), &corpus, &name)?);
            }
        }
    }
    Ok(format!("fuzz-seeds: {count} files in fuzz/corpus"))
}

/// Copies a file that is not too large; says whether it did.
fn copy(file: &Path, corpus: &Path, name: &str) -> Result<bool, String> {
    let length = std::fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?;
    if length.len() > LARGEST {
        return Ok(false);
    }
    files::copy(file, &corpus.join(name)).map(|()| true)
}

/// Runs the library's tests that write the seeds.
#[expect(clippy::disallowed_methods, reason = "xtask runs cargo")]
fn write_kept(root: &Path) -> Result<(), String> {
    let arguments = ["test", "-q", "-p", "elevate-core", "--lib", WRITERS];
    let mut cargo = Command::new(env!("CARGO"));
    let status = cargo.current_dir(root).args(arguments).env("UPDATE_SEEDS", "1").status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("cargo test {WRITERS}: {status}")),
        Err(error) => Err(format!("cargo test: {error}")),
    }
}
