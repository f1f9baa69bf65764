//! Data on stdout, talk on stderr.

use std::collections::BTreeMap;
use std::fmt::Arguments;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::error::CliError;

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

/// Writes a file that only its owner can read: under another name first, so that
/// nobody finds half of it. What is no regular file, a pipe or a device, is written to as
/// it is; behind a link is the file it leads to.
pub(crate) fn file(path: &Path, data: &[u8]) -> Result<(), CliError> {
    let failed = |error: io::Error| CliError::failure(format_args!("{}: {error}", path.display()));
    let is_special = std::fs::metadata(path).is_ok_and(|there| !there.is_file());
    if is_special {
        let special = OpenOptions::new().write(true).open(path);
        return special.and_then(|mut special| special.write_all(data)).map_err(failed);
    }
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut name =
        path.file_name().ok_or_else(|| failed(ErrorKind::IsADirectory.into()))?.to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let partial = path.with_file_name(name);
    let mut options = OpenOptions::new();
    let mut file =
        options.write(true).create_new(true).mode(0o600).open(&partial).map_err(failed)?;
    let written = file.write_all(data).and_then(|()| file.sync_all());
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
    let failed = |path: &Path, error: io::Error| {
        CliError::failure(format_args!("{}: {error}", path.display()))
    };
    std::fs::create_dir(directory).map_err(|error| failed(directory, error))?;
    for (name, text) in files {
        let path = directory.join(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| failed(&path, error))?;
    }
    Ok(())
}
