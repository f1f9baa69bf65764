//! The door through which upgrade data comes in.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::Path;

use super::Problem;

/// The largest file read, in MiB. The largest real one has 2.
pub const LARGEST_MIB: u64 = 64;

/// The most files read from one directory.
pub const MOST_FILES: usize = 4_000;

/// The most that is read in all, in MiB.
pub const LARGEST_SUM_MIB: u64 = 256;

/// The directories below the data directory that hold data.
const DIRECTORIES: [&str; 5] = ["", "rpm-gpg", "transaction", "vendors.d", "vendors.d/rpm-gpg"];

/// The files of a data directory, in memory; the pure readers see only this.
#[derive(Debug, Clone, Default)]
pub struct DataDirectory {
    /// Path below the directory to content, or to what kept it from being read.
    /// `vendors.d/*` and `transaction/*` are in it too.
    pub files: BTreeMap<String, Result<Vec<u8>, super::Problem>>,
}

impl<P: Into<String>, B: Into<Vec<u8>>> FromIterator<(P, B)> for DataDirectory {
    /// A directory in memory, from paths below it and contents.
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        let file = |(path, bytes): (P, B)| (path.into(), Ok(bytes.into()));
        Self { files: files.into_iter().map(file).collect() }
    }
}

impl DataDirectory {
    /// Reads the files directly in `root`, in `vendors.d`, `transaction`,
    /// `rpm-gpg` and `vendors.d/rpm-gpg`, in order of name. Only regular files
    /// are read, links to them included; of anything else that is no directory
    /// its kind is kept as the problem. No file is read beyond 64 MiB. Fails
    /// where `root` is no directory or cannot be listed.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut found = Self::default();
        let mut left = LARGEST_SUM_MIB << 20;
        for directory in DIRECTORIES {
            match found.take(directory, &root.join(directory), &mut left) {
                Err(error) if directory.is_empty() => return Err(error),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => found.refuse(format!("{directory}/"), error.to_string()),
                Ok(()) => {}
            }
        }
        Ok(found)
    }

    /// Adds the administrator's own lists, which leapp keeps beside the data, in
    /// `/etc/leapp/transaction`. Fails where `directory` cannot be listed.
    pub fn read_transaction(&mut self, directory: &Path) -> io::Result<()> {
        self.take("transaction", directory, &mut (LARGEST_SUM_MIB << 20))
    }

    fn take(&mut self, below: &str, directory: &Path, left: &mut u64) -> io::Result<()> {
        for name in list(directory)? {
            let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
            if self.files.len() >= MOST_FILES {
                self.refuse(path, format!("not read: there are more than {MOST_FILES} files"));
                return Ok(());
            }
            if let Some(content) = read_file(&directory.join(&name), left) {
                self.files.insert(path, content);
            }
        }
        Ok(())
    }

    fn refuse(&mut self, path: String, why: String) {
        self.files.insert(path, Err(Problem::Unreadable(why)));
    }

    /// The content of a file; `Missing` where there is none.
    pub(super) fn get(&self, path: &str) -> Result<&[u8], Problem> {
        match self.files.get(path) {
            Some(Ok(bytes)) => Ok(bytes),
            Some(Err(problem)) => Err(problem.clone()),
            None => Err(Problem::Missing),
        }
    }

    /// Name and content of the files directly in a directory, in order.
    pub(super) fn below<'a>(
        &'a self,
        directory: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Result<Vec<u8>, Problem>)> {
        self.files
            .range(directory.to_owned()..)
            .map_while(move |(path, content)| {
                path.strip_prefix(directory).map(|name| (name, content))
            })
            .filter(|(name, _)| !name.is_empty() && !name.contains('/'))
    }
}

#[expect(clippy::disallowed_methods, reason = "the door: listed here, sorted and bounded")]
fn list(directory: &Path) -> io::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(directory)? {
        // A name that is not UTF-8 can be none of the files of a data
        // directory; it is shown as well as it can be and fails to be read.
        names.insert(entry?.file_name().to_string_lossy().into_owned());
        if names.len() > 2 * MOST_FILES {
            break;
        }
    }
    Ok(names)
}

/// The content of a regular file; `None` for a directory.
fn read_file(path: &Path, left: &mut u64) -> Option<Result<Vec<u8>, Problem>> {
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return Some(Err(Problem::Unreadable(error.to_string()))),
    };
    if metadata.is_dir() {
        return None;
    }
    if !metadata.is_file() {
        return Some(Err(Problem::Unreadable("is not a regular file".to_owned())));
    }
    let content = read_bounded(path, metadata.len(), *left);
    if let Ok(bytes) = &content {
        *left = left.saturating_sub(bytes.len() as u64);
    }
    Some(content)
}

#[expect(clippy::disallowed_methods, reason = "the door: opened here, read up to a bound")]
fn read_bounded(path: &Path, size: u64, left: u64) -> Result<Vec<u8>, Problem> {
    let most = LARGEST_MIB << 20;
    if size > most {
        return Err(Problem::TooLarge(LARGEST_MIB));
    }
    if size > left {
        let text = format!("the files of the directory have more than {LARGEST_SUM_MIB} MiB");
        return Err(Problem::Unreadable(text));
    }
    let unreadable = |error: io::Error| Problem::Unreadable(error.to_string());
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > most {
        return Err(Problem::TooLarge(LARGEST_MIB));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_in_memory_is_a_list_of_paths_and_contents() {
        let files =
            [("vendors.d/b", "2"), ("vendors.d/a", "1"), ("vendors.d/rpm-gpg/k", "3"), ("x", "")];
        let directory: DataDirectory = files.into_iter().collect();
        assert_eq!(directory.get("x"), Ok(&b""[..]));
        assert_eq!(directory.get("y"), Err(Problem::Missing));
        let below: Vec<_> = directory.below("vendors.d/").map(|(name, _)| name).collect();
        assert_eq!(below, ["a", "b"]);
    }
}
