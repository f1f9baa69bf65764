//! The door for the files a user names.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

use elevate_core::rpm::compressed;

use crate::error::CliError;

/// Reads a file, or stdin for `-`, up to a limit in bytes.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, CliError> {
    let name = shown(path);
    let failed = |error: io::Error| CliError::failure(format_args!("{name}: {error}"));
    let bytes = if path == Path::new("-") {
        bounded(io::stdin().lock(), limit)
    } else {
        #[expect(clippy::disallowed_methods, reason = "this is the door")]
        std::fs::File::open(path).and_then(|file| bounded(file, limit))
    };
    let bytes = bytes.map_err(failed)?;
    if bytes.len() > limit {
        let mib = limit >> 20;
        return Err(CliError::failure(format_args!("{name}: is larger than {mib} MiB")));
    }
    Ok(bytes)
}

/// Reads a document that may be compressed (xz, gzip, bzip2, zstd), up to a limit in bytes
/// before and after.
pub(crate) fn document(path: &Path, limit: usize) -> Result<Vec<u8>, CliError> {
    let bytes = read(path, limit)?;
    let content = compressed::decompress(&bytes, limit)
        .map_err(|error| CliError::failure(format_args!("{}: {error}", shown(path))))?;
    Ok(content.into_owned())
}

/// The most files that are read of a directory.
const MOST_FILES: usize = 1_000;

/// Reads the files of a directory with an ending, by name, each up to a limit in bytes.
pub(crate) fn texts(
    directory: &Path,
    ending: &str,
    limit: usize,
) -> Result<BTreeMap<String, String>, CliError> {
    let failed =
        |error: io::Error| CliError::failure(format_args!("{}: {error}", directory.display()));
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    let entries = std::fs::read_dir(directory).map_err(failed)?;
    let mut texts = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_none_or(|found| found != ending) {
            continue;
        }
        if texts.len() == MOST_FILES {
            let place = directory.display();
            return Err(CliError::failure(format_args!(
                "{place}: has more than {MOST_FILES} files"
            )));
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let text = String::from_utf8(read(&path, limit)?)
            .map_err(|error| CliError::failure(format_args!("{}: {error}", path.display())))?;
        texts.insert(name.unwrap_or_default(), text);
    }
    Ok(texts)
}

/// How a path is called in messages.
pub(crate) fn shown(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

fn bounded(from: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
