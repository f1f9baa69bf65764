//! The door for the files a user names.

use std::io::{self, Read};
use std::path::Path;

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

/// How a path is called in messages.
pub(crate) fn shown(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

fn bounded(from: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
