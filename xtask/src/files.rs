//! The door: reads files of the repository.

use std::path::{Path, PathBuf};

/// The directory of the workspace this program was built in.
pub fn workspace_root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

/// The text of a file; the error names it.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask reads the repository, through this function only"
)]
pub(crate) fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The bytes of a file; the error names it.
#[expect(clippy::disallowed_methods, reason = "xtask reads what it built, through this function")]
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a file; the error names it.
#[expect(clippy::disallowed_methods, reason = "xtask writes what it makes, through this function")]
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    std::fs::write(path, content).map_err(|error| format!("{}: {error}", path.display()))
}

/// Copies a file, into a directory that is made where it is not there; the error
/// names the copy.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let made = to.parent().map_or(Ok(()), std::fs::create_dir_all);
    let copied = made.and_then(|()| std::fs::copy(from, to));
    copied.map(|_| ()).map_err(|error| format!("{} from {}: {error}", to.display(), from.display()))
}

/// Removes a directory with everything in it, where it is there; the error names it.
pub(crate) fn remove_directory(path: &Path) -> Result<(), String> {
    if !path.exists() {
        return Ok(());
    }
    std::fs::remove_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Every `.rs` file below `directory`, as a path relative to it, sorted.
pub(crate) fn rust_files(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = below(directory)?;
    found.retain(|path| path.extension().is_some_and(|e| e == "rs"));
    Ok(found)
}

/// Every file below `directory`, as a path relative to it, sorted.
pub(crate) fn below(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut pending = vec![PathBuf::new()];
    while let Some(below) = pending.pop() {
        for (name, is_directory) in list(&directory.join(&below))? {
            let path = below.join(name);
            if is_directory {
                pending.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[expect(
    clippy::disallowed_methods,
    reason = "xtask lists the repository, through this function only"
)]
fn list(directory: &Path) -> Result<Vec<(std::ffi::OsString, bool)>, String> {
    let error = |error: std::io::Error| format!("{}: {error}", directory.display());
    std::fs::read_dir(directory)
        .map_err(error)?
        .map(|entry| {
            let entry = entry.map_err(error)?;
            Ok((entry.file_name(), entry.file_type().map_err(error)?.is_dir()))
        })
        .collect()
}

/// The directory an environment variable names.
#[expect(clippy::disallowed_methods, reason = "xtask takes the places of directories from there")]
pub(crate) fn directory_in(variable: &str) -> Option<PathBuf> {
    std::env::var(variable).ok().map(PathBuf::from)
}
