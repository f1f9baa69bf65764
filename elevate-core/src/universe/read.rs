//! From the metadata of a repository to its packages.

mod batches;
mod package;
mod stream;

use std::io::Read;

use hashbrown::HashMap;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::data::RepositoryData;
use super::files::{self, ListedFiles};
use super::strings::Full;
use crate::model::hex;
use crate::repository::store::{MAX_REPOMD, REPOMD};
use crate::repository::{self, Files, FilesError, VerifyError};
use crate::rpm::filelists;
use crate::rpm::metadata::{MetadataError, MetadataRemark};
use crate::rpm::modules::{self, Modules, ModulesError};
use crate::rpm::primary::Reader;
use crate::rpm::repomd::{self, Data, NoData, Repomd};
use package::Collected;

/// How many threads read one repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threads {
    /// All in one, after the other.
    One,
    /// One decompresses and makes the checksum, others read.
    Two,
}

/// A repository that cannot be read.
#[derive(Debug, Error)]
#[error("{repository}: {fault}")]
pub struct ReadError {
    /// The repository, as it is shown.
    pub repository: String,
    /// Why.
    #[source]
    pub fault: ReadFault,
}

/// Why a repository cannot be read.
#[derive(Debug, Error)]
pub enum ReadFault {
    /// A file cannot be had.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The metadata that is needed is not there.
    #[error(transparent)]
    NoData(#[from] NoData),
    /// The metadata is in another place than the repository.
    #[error("{file} is at {base:?} and not in the repository, which is not followed")]
    Elsewhere {
        /// Which file.
        file: String,
        /// Where it would be.
        base: String,
    },
    /// A file is not the one that `repomd.xml` announces.
    #[error("{file}: {why}")]
    Other {
        /// Which file.
        file: String,
        /// What is not as announced.
        why: VerifyError,
    },
    /// A file is broken.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// A list of modules is broken.
    #[error("{file}: {why}")]
    Modules {
        /// Which file.
        file: String,
        /// Why it cannot be used.
        why: ModulesError,
    },
    /// There is more than can be counted.
    #[error(transparent)]
    Full(#[from] Full),
}

/// A repository of which `repomd.xml` is read.
pub struct Opened<'f> {
    files: &'f dyn Files,
    /// What it has.
    pub repomd: Repomd,
    size: u64,
    digest: String,
}

impl<'f> Opened<'f> {
    /// Reads the `repomd.xml` of a repository.
    ///
    /// # Errors
    ///
    /// One that cannot be had, or is broken.
    pub fn new(files: &'f dyn Files) -> Result<Self, ReadError> {
        let read = || -> Result<_, ReadFault> {
            let bytes = repository::read(files, REPOMD, MAX_REPOMD)?;
            let digest = hex(&Sha256::digest(&bytes));
            Ok((repomd::read(bytes.as_slice(), REPOMD)?, bytes.len() as u64, digest))
        };
        let (repomd, size, digest) = read().map_err(|fault| error(files, fault))?;
        Ok(Self { files, repomd, size, digest })
    }

    /// The key its packages are kept under in a cache: it is another one for other
    /// metadata.
    pub fn key(&self) -> String {
        format!("{}-packages-{}", self.digest, super::cache::VERSION)
    }

    /// Bytes of its `repomd.xml`.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// SHA-256 of its `repomd.xml`, in hexadecimal: what tells its metadata from any
    /// other, for each file of them has its checksum there.
    pub(super) fn digest(&self) -> &str {
        &self.digest
    }

    /// The key under which a search for these paths is kept.
    pub fn search_key(&self, paths: &[String]) -> String {
        let mut digest = Sha256::new();
        paths.iter().for_each(|path| digest.update(format!("{}:{path}", path.len())));
        let paths = hex(&digest.finalize()[..16]);
        format!("{}-{paths}-{}", &self.digest[..32.min(self.digest.len())], super::cache::VERSION)
    }

    /// Reads its packages. What is odd about them is among
    /// [`RepositoryData::remarks`].
    ///
    /// # Errors
    ///
    /// Metadata that cannot be had, is broken, or is not what was announced.
    pub fn packages(&self, threads: Threads) -> Result<RepositoryData, ReadError> {
        self.all_packages(threads).map_err(|fault| error(self.files, fault))
    }

    fn all_packages(&self, threads: Threads) -> Result<RepositoryData, ReadFault> {
        let data = self.data("primary")?;
        let (shown, remarks) = (&data.location, &self.repomd.remarks);
        if threads == Threads::Two {
            let batches = |from: &mut dyn Read| Ok(batches::read(from, shown, remarks));
            if let Some(packages) = stream::with(self.files, data, Threads::One, batches)? {
                return Ok(packages);
            }
        }
        stream::with(self.files, data, threads, |from| packages(from, shown, remarks))
    }

    /// Searches its complete file lists, and what its primary metadata list, for
    /// these paths.
    ///
    /// # Errors
    ///
    /// As [`Opened::packages`].
    pub fn search(
        &self,
        packages: &RepositoryData,
        paths: &[String],
        threads: Threads,
    ) -> Result<ListedFiles, ReadError> {
        let asked = files::to_search(std::iter::empty(), paths);
        let read = || -> Result<_, ReadFault> {
            let data = self.data("filelists")?;
            stream::with(self.files, data, threads, |from| {
                search(from, &data.location, packages, asked)
            })
        };
        read().map_err(|fault| error(self.files, fault))
    }

    /// Reads its modules; `None` where it has none.
    ///
    /// # Errors
    ///
    /// As [`Opened::packages`].
    pub fn modules(&self) -> Result<Option<Modules>, ReadError> {
        let read = || -> Result<_, ReadFault> {
            let data = match self.data("modules") {
                Err(ReadFault::NoData(NoData::Absent(_))) => return Ok(None),
                data => data?,
            };
            let modules = |from: &mut dyn Read| modules_of(from, &data.location);
            stream::with(self.files, data, Threads::One, modules).map(Some)
        };
        read().map_err(|fault| error(self.files, fault))
    }

    /// Whether it has complete file lists.
    pub fn has_file_lists(&self) -> bool {
        !matches!(self.repomd.best("filelists"), Err(NoData::Absent(_)))
    }

    fn data(&self, kind: &str) -> Result<&Data, ReadFault> {
        let data = self.repomd.best(kind)?;
        match &data.base {
            None => Ok(data),
            Some(base) => {
                Err(ReadFault::Elsewhere { file: data.location.clone(), base: base.clone() })
            }
        }
    }
}

fn error(files: &dyn Files, fault: ReadFault) -> ReadError {
    ReadError { repository: files.shown(), fault }
}

fn packages(
    from: &mut dyn Read,
    shown: &str,
    before: &[MetadataRemark],
) -> Result<RepositoryData, ReadFault> {
    let mut reader = Reader::new(from, shown)?;
    let mut collected = Collected::new(reader.expected().unwrap_or_default())?;
    while let Some(package) = reader.next()? {
        collected.add(&package)?;
    }
    let remarks = before.iter().chain(reader.remarks()).map(MetadataRemark::to_string);
    Ok(collected.finish(shown, remarks)?)
}

fn modules_of(from: &mut dyn Read, file: &str) -> Result<Modules, ReadFault> {
    let broken = |source| FilesError::Io { path: file.to_owned(), source };
    let mut text = Vec::new();
    from.take(modules::MAX_BYTES as u64 + 1).read_to_end(&mut text).map_err(broken)?;
    modules::read(&text).map_err(|why| ReadFault::Modules { file: file.to_owned(), why })
}

fn search(
    from: &mut dyn Read,
    shown: &str,
    packages: &RepositoryData,
    asked: Vec<String>,
) -> Result<ListedFiles, ReadFault> {
    let mut numbers: HashMap<&str, Vec<u32>> = HashMap::new();
    for (at, package) in (0..).zip(0..packages.len()) {
        numbers.entry(packages.details(package).checksum).or_default().push(at);
    }
    let wanted: HashMap<&str, u32> = asked.iter().map(String::as_str).zip(0..).collect();
    let mut found = Vec::new();
    let scanned = filelists::scan(from, shown, |file| {
        if let Some(path) = wanted.get(file.path) {
            let of = numbers.get(file.package).into_iter().flatten();
            found.extend(of.map(|package| (*package, *path)));
        }
    })?;
    drop(wanted);
    let remarks = scanned.remarks.iter().map(MetadataRemark::to_string).collect();
    let mut listed = ListedFiles { asked, found, remarks };
    listed.look_through_primary(packages);
    Ok(listed)
}

#[cfg(test)]
mod tests;
