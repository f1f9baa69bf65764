//! The real tools: rpm, and Berkeley DB's.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests ask the real tools, and say where they cannot"
)]

use std::path::Path;
use std::process::{Command, Output};

/// Runs a tool in the C locale and UTC; `None`, with a printed reason, where it
/// is not installed.
pub(crate) fn run(tool: &str, arguments: &[&str], directory: &Path) -> Option<Output> {
    let mut command = Command::new(tool);
    command.args(arguments).current_dir(directory).env("LC_ALL", "C").env("TZ", "UTC");
    // An rpm that is not installed has its settings beside it.
    if let Some(beside) = Path::new(tool).parent().filter(|parent| parent.is_absolute()) {
        command.env("RPM_CONFIGDIR", beside);
    }
    let output = command.output();
    output.inspect_err(|error| eprintln!("skipped: {tool} cannot be run: {error}")).ok()
}

/// Runs rpm on a database of this backend in a directory; its standard output.
/// Few builds of rpm have ndb: that one is named by `ELEVATE_NDB_RPM`.
pub(crate) fn rpm(backend: &str, directory: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let define = format!("_db_backend {backend}");
    let path = directory.to_str().expect("UTF-8");
    let own = if backend == "ndb" { ndb_rpm() } else { None };
    let mut all = vec!["--define", &define, "--dbpath", path, "--nosignature", "--nodigest"];
    all.extend(arguments);
    let output = run(own.as_deref().unwrap_or("rpm"), &all, directory)?;
    let talk = String::from_utf8_lossy(&output.stderr);
    if lacks(backend, &talk) {
        return None;
    }
    assert!(output.status.success(), "rpm failed: {talk}");
    Some(output.stdout)
}

/// The rpm that has ndb; `None`, with a printed reason, where nobody names one.
pub(crate) fn ndb_rpm() -> Option<String> {
    let named = std::env::var("ELEVATE_NDB_RPM");
    named.inspect_err(|_| eprintln!("skipped: ELEVATE_NDB_RPM names no rpm with ndb")).ok()
}

/// What rpm prints for every package of a database, and its keys as version and
/// release, both sorted.
pub(crate) fn rpm_prints(
    backend: &str,
    directory: &Path,
    format: &str,
) -> Option<(Vec<String>, Vec<String>)> {
    let printed = rpm(backend, directory, &["-qa", "--qf", format])?;
    let printed = String::from_utf8(printed).expect("UTF-8");
    let packages = printed.split('\u{1d}').skip(1).map(str::to_owned);
    let (keys, mut packages): (Vec<_>, Vec<_>) =
        packages.partition(|package| package.starts_with("gpg-pubkey\u{1f}"));
    let key = |key: &String| {
        let fields: Vec<&str> = key.split('\u{1f}').collect();
        format!("{}-{}", fields[2], fields[3])
    };
    let mut keys: Vec<_> = keys.iter().map(key).collect();
    packages.sort();
    keys.sort();
    Some((packages, keys))
}

/// Makes a database of this backend from a list of headers; false, with a printed reason, where this
/// rpm has no such backend.
pub(crate) fn import(backend: &str, directory: &Path, list: &[u8]) -> bool {
    std::fs::write(directory.join("list"), list).expect("the list can be written");
    let path = directory.to_str().expect("UTF-8");
    let script = format!(
        "rpmdb --define '_db_backend {backend}' --dbpath '{path}' --nosignature --initdb && \
         rpmdb --define '_db_backend {backend}' --dbpath '{path}' --nosignature --importdb < list"
    );
    let Some(output) = run("sh", &["-c", &script], directory) else { return false };
    let talk = String::from_utf8_lossy(&output.stderr);
    if lacks(backend, &talk) {
        return false;
    }
    assert!(output.status.success(), "{talk}");
    true
}

/// What rpm prints of each package file in a directory, in the order of names.
pub(crate) fn rpm_prints_files(directory: &Path, format: &str) -> Option<Vec<String>> {
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .expect("the directory can be listed")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    let mut arguments = vec!["--nosignature", "--nodigest", "-qp", "--qf", format];
    arguments.extend(names.iter().map(String::as_str));
    let output = run("rpm", &arguments, directory)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    Some(printed.split('\u{1d}').skip(1).map(str::to_owned).collect())
}

/// Whether rpm says that it has no such backend; then so is said.
fn lacks(backend: &str, talk: &str) -> bool {
    let lacks = talk.contains("invalid %_db_backend");
    if lacks {
        eprintln!("skipped: this rpm has no backend {backend}");
    }
    lacks
}
