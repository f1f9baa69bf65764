//! Files that are whole or not there, and the removal of old ones.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::StoreError;

/// How deep below a place files are looked for.
const DEEPEST: usize = 16;

/// Puts the path beside what the machine says.
pub(super) fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, StoreError> {
    result.map_err(|source| StoreError::Io { path: path.to_owned(), source })
}

/// Makes a directory and those above it. Only the owner looks into them: what was
/// fetched with a password is for nobody else.
pub(super) fn make_directories(path: &Path) -> Result<(), StoreError> {
    at(path, DirBuilder::new().recursive(true).mode(0o700).create(path))
}

/// Writes a file under another name, brings it to disk, and renames it.
pub(super) fn write(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}-{number}.new", std::process::id()));
    let new = path.with_file_name(name);
    if let Some(parent) = path.parent() {
        make_directories(parent)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let written = options.open(&new).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    let renamed = at(&new, written).and_then(|()| rename(&new, path));
    if renamed.is_err() {
        let _ = fs::remove_file(&new);
    }
    renamed
}

/// Reads a file of at most `most` bytes, in two halves side by side: half of the
/// time goes into making room for it.
pub(super) fn load(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let (file, length) = sized(path, most)?;
    let length = usize::try_from(length).map_err(io::Error::other)?;
    let mut content = vec![0; length];
    let (first, second) = content.split_at_mut(length / 2);
    let middle = first.len() as u64;
    let (first, second) =
        rayon::join(|| file.read_exact_at(first, 0), || file.read_exact_at(second, middle));
    first.and(second).map(|()| content)
}

/// Opens a file of at most `most` bytes, and says how many it has.
pub(super) fn sized(path: &Path, most: u64) -> io::Result<(File, u64)> {
    let file = open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.len() > most {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok((file, metadata.len()))
}

/// Renames a file that is on disk, so that the new name is there after a crash.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    if let Some(parent) = to.parent() {
        make_directories(parent)?;
    }
    at(to, fs::rename(from, to))?;
    match to.parent() {
        Some(parent) => at(parent, open(parent).and_then(|directory| directory.sync_all())),
        None => Ok(()),
    }
}

/// Opens a file or directory for reading.
pub(super) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// Removes a file that may be gone already.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => at(path, Err(error)),
        _ => Ok(()),
    }
}

/// Removes every file below a directory that is not kept, but for the entry `not`
/// in the directory itself. Links are removed, not followed; directories stay.
pub(super) fn remove_below(
    root: &Path,
    not: &str,
    kept: &dyn Fn(&str) -> bool,
) -> Result<(), StoreError> {
    let mut open = vec![(root.to_owned(), String::new(), 0)];
    while let Some((directory, prefix, depth)) = open.pop() {
        for (name, is_directory) in at(&directory, entries(&directory))? {
            let path = format!("{prefix}{name}");
            if depth == 0 && name == not {
                continue;
            }
            if is_directory && depth < DEEPEST {
                open.push((directory.join(&name), format!("{path}/"), depth + 1));
            } else if !is_directory && !kept(&path) {
                remove(&directory.join(&name))?;
            }
        }
    }
    Ok(())
}

/// Names in a directory, and whether each is a directory. Names that are no UTF-8
/// are nobody's here.
#[expect(clippy::disallowed_methods, reason = "the door to the cache")]
fn entries(directory: &Path) -> io::Result<Vec<(String, bool)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string() {
            all.push((name, entry.file_type()?.is_dir()));
        }
    }
    all.sort();
    Ok(all)
}

/// Name, size and time of the last change of each file of a directory. One that
/// somebody removes or renames meanwhile is none.
#[expect(clippy::disallowed_methods, reason = "the door to the cache")]
pub(super) fn sizes(directory: &Path) -> io::Result<Vec<(std::time::SystemTime, String, u64)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let known = match entry.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            known => known?,
        };
        if let (true, Ok(name)) = (known.is_file(), entry.file_name().into_string()) {
            all.push((known.modified()?, name, known.len()));
        }
    }
    all.sort();
    Ok(all)
}
