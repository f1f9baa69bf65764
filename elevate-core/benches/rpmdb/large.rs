//! A Berkeley DB `Packages` of 1,500 real packages. No host recorded has so many:
//! the headers of several databases are put into one with Berkeley DB's own tools.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Packages in it.
pub(crate) const PACKAGES: usize = 1_500;

/// The file, made at its first use below the target directory, where
/// `cargo xtask bench-compare` looks for it too.
///
/// # Errors
///
/// Says what is missing to make it.
pub(crate) fn packages() -> Result<PathBuf, String> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rpmdb-1500");
    let file = directory.join("Packages");
    if file.is_file() {
        return Ok(file);
    }
    let built = data().join("rpmdb/built");
    if !built.is_dir() {
        return Err(format!("{} is not there (set ELEVATE_DATA_DIR)", built.display()));
    }
    make(&built, &directory)?;
    Ok(file)
}

/// Makes the file in a directory of its own, which then takes its place, so that
/// no half-made one stays.
fn make(built: &Path, directory: &Path) -> Result<(), String> {
    let unfinished = directory.with_extension("unfinished");
    std::fs::create_dir_all(&unfinished).map_err(|e| e.to_string())?;
    let mut headers = Vec::new();
    for archive in archives(built) {
        output(Command::new("tar").arg("-xJf").arg(&archive).arg("-C").arg(&unfinished))?;
        let dump = output(Command::new("db_dump").arg(unfinished.join("var/lib/rpm/Packages")))?;
        headers.extend(values(&dump));
    }
    if headers.len() < PACKAGES {
        return Err(format!("{} holds {} packages only", built.display(), headers.len()));
    }
    let dump = unfinished.join("dump");
    std::fs::write(&dump, numbered(&headers[..PACKAGES])).map_err(|e| e.to_string())?;
    let mut load = Command::new("db_load");
    output(load.args(["-t", "hash", "-f"]).arg(&dump).arg(unfinished.join("Packages")))?;
    std::fs::remove_file(&dump).map_err(|e| e.to_string())?;
    std::fs::remove_dir_all(unfinished.join("var")).map_err(|e| e.to_string())?;
    std::fs::rename(&unfinished, directory).map_err(|e| e.to_string())
}

/// The headers of a dump, in hexadecimal: pairs of lines that begin with a space,
/// of which key 0 counts packages.
fn values(dump: &str) -> Vec<String> {
    let mut lines = dump.lines().filter_map(|line| line.strip_prefix(' '));
    let mut found = Vec::new();
    while let (Some(key), Some(value)) = (lines.next(), lines.next()) {
        if key != "00000000" {
            found.push(value.to_owned());
        }
    }
    found
}

/// A dump of headers with numbers from 1 on, in this machine's byte order as rpm
/// writes them.
fn numbered(headers: &[String]) -> String {
    let hex = |number: usize| {
        let number = u32::try_from(number).unwrap().to_ne_bytes();
        number.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let mut dump =
        "VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize=4096\nHEADER=END\n".to_owned();
    let _ = writeln!(dump, " {}\n {}", hex(0), hex(headers.len()));
    for (index, header) in headers.iter().enumerate() {
        let _ = writeln!(dump, " {}\n {header}", hex(index + 1));
    }
    dump + "DATA=END\n"
}

/// The recorded databases, the same first every time.
#[expect(clippy::disallowed_methods, reason = "benchmarks read recorded data")]
fn archives(built: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(built).unwrap().map(|entry| entry.unwrap().path());
    let mut archives: Vec<PathBuf> = entries.map(|path| path.join("var-lib-rpm.tar.xz")).collect();
    archives.retain(|path| path.is_file());
    archives.sort();
    archives
}

#[expect(clippy::disallowed_methods, reason = "the place of recorded data comes from there")]
fn data() -> PathBuf {
    match std::env::var("ELEVATE_DATA_DIR") {
        Ok(directory) => PathBuf::from(directory),
        Err(_) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
    }
}

/// What a tool prints; an error that names it where it cannot be run or fails.
fn output(command: &mut Command) -> Result<String, String> {
    let tool = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{tool} cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("{tool}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{tool} prints no text"))
}
