//! Data on stdout, talk on stderr.

use std::collections::BTreeMap;
use std::fmt::Arguments;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::error::CliError;

/// The most links that are followed to a file.
const MOST_LINKS: usize = 40;

/// Writes data. Whoever gets less than all of it is told.
pub(crate) fn data(text: &str) -> Result<(), CliError> {
    bytes(text.as_bytes())
}

/// Writes data that may be no text.
pub(crate) fn bytes(data: &[u8]) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(data).and_then(|()| stdout.flush());
    written.map_err(|error| CliError::failure(format_args!("cannot write to stdout: {error}")))
}

/// Says something to whoever watches.
pub(crate) fn talk(text: Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Shows how far something is, on the last line of a terminal.
pub(crate) fn progress(text: Arguments<'_>) {
    let _ = write!(io::stderr(), "\r\x1b[K{text}");
}

/// Writes a file, whole or not at all. Only its owner can read it, unless it was there and
/// others could.
pub(crate) fn file(path: &Path, data: &[u8]) -> Result<(), CliError> {
    write(path, data, 0o600)
}

/// The same for everybody to read, in a directory that is made where it is not there.
pub(crate) fn page(directory: &Path, name: &str, data: &[u8]) -> Result<(), CliError> {
    self::directory(directory)?;
    write(&directory.join(name), data, 0o644)
}

/// Makes a directory where it is not there.
pub(crate) fn directory(path: &Path) -> Result<(), CliError> {
    std::fs::create_dir_all(path).map_err(|error| failed(path, &error))
}

/// Writes files below a directory, each whole or not at all, with the directories they need.
/// Where one is there and says something else, none is written, unless `over`.
pub(crate) fn tree<'a>(
    directory: &Path,
    files: impl Iterator<Item = (&'a Path, &'a str)>,
    over: bool,
) -> Result<(), CliError> {
    let files: Vec<(PathBuf, &str)> =
        files.map(|(path, text)| (directory.join(path), text)).collect();
    let others: Vec<&Path> = files
        .iter()
        .filter(|(path, text)| path.symlink_metadata().is_ok() && !says(path, text))
        .map(|(path, _)| path.as_path())
        .collect();
    if let (Some(other), false) = (others.first(), over) {
        return Err(CliError::failure(format_args!(
            "{}: is there and says something else",
            other.display()
        ))
        .hint("nothing is written; --force writes over it"));
    }
    for (path, text) in files {
        let parent = path.parent().unwrap_or(directory);
        std::fs::create_dir_all(parent).map_err(|error| failed(parent, &error))?;
        write(&path, text.as_bytes(), 0o600)?;
    }
    Ok(())
}

/// Whether a file says just this.
fn says(path: &Path, text: &str) -> bool {
    path.is_file()
        && crate::input::read(path, text.len()).is_ok_and(|there| there == text.as_bytes())
}

/// Writes a file under another name first, so that nobody finds half of it. What is no
/// regular file, a pipe or a device, is written to as it is; behind a link is the file it
/// leads to. A file that nobody may write to stays.
fn write(path: &Path, data: &[u8], mode: u32) -> Result<(), CliError> {
    let failed = |error: io::Error| failed(path, &error);
    let there = std::fs::metadata(path).ok();
    if let Some(there) = &there {
        let mut opened = OpenOptions::new().write(true).open(path).map_err(failed)?;
        if !there.is_file() {
            return opened.write_all(data).map_err(failed);
        }
    }
    let path = &behind_links(path).map_err(failed)?;
    let mut name =
        path.file_name().ok_or_else(|| failed(ErrorKind::IsADirectory.into()))?.to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let partial = path.with_file_name(name);
    let mut options = OpenOptions::new();
    let mut file =
        options.write(true).create_new(true).mode(mode).open(&partial).map_err(failed)?;
    let same_mode = |there: std::fs::Metadata| file.set_permissions(there.permissions());
    let prepared = there.map_or(Ok(()), same_mode);
    let written = prepared.and_then(|()| file.write_all(data)).and_then(|()| file.sync_all());
    let renamed = written.and_then(|()| std::fs::rename(&partial, path));
    renamed.map_err(|error| {
        let _ = std::fs::remove_file(&partial);
        failed(error)
    })
}

/// Writes files into a directory that must not be there yet.
pub(crate) fn new_directory(
    directory: &Path,
    files: &BTreeMap<String, String>,
) -> Result<(), CliError> {
    std::fs::create_dir(directory).map_err(|error| failed(directory, &error))?;
    for (name, text) in files {
        let path = directory.join(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}

/// The file a path leads to, which need not be there.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match std::fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("has too many links on its way"))
}

fn failed(path: &Path, error: &io::Error) -> CliError {
    CliError::failure(format_args!("{}: {error}", path.display()))
}
