//! `repomd.xml`: which files of metadata a repository has, and their checksums.

mod read;

use thiserror::Error;

use super::metadata::{Checksum, MetadataRemark};

pub use read::read;

/// The most entries of one `repomd.xml`.
pub const MAX_DATA: usize = 1_000;
/// The longest text in it, in bytes.
pub const MAX_TEXT: usize = 64 << 10;

/// What a `repomd.xml` says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Repomd {
    /// What is larger in newer metadata: seconds since 1970, most of the time.
    pub revision: Option<String>,
    /// What the content is, in words of its maker.
    pub content_tags: Vec<String>,
    /// What repository it is.
    pub repo_tags: Vec<String>,
    /// For which distribution it is.
    pub distro_tags: Vec<DistroTag>,
    /// The files of metadata, in the order of the file.
    pub data: Vec<Data>,
    /// What is odd.
    pub remarks: Vec<MetadataRemark>,
}

/// For which distribution a repository is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistroTag {
    /// Its CPE, where it is given: `cpe:/o:centos:centos:8`.
    pub cpe: Option<String>,
    /// Its name in words.
    pub name: String,
}

/// A file of metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Data {
    /// What is in it: `primary`, `primary_db`, `filelists`, `modules`, `group_gz` ...
    pub kind: String,
    /// Where it is: a path below `base` or else the repository. It does not lead
    /// out of it.
    pub location: String,
    /// Where the location begins (`xml:base`), where that is not the repository.
    /// dnf goes there.
    pub base: Option<String>,
    /// The checksum of the file; where there is none, dnf does not verify it.
    pub checksum: Option<Checksum>,
    /// The checksum of what is in it, decompressed.
    pub open_checksum: Option<Checksum>,
    /// The file, in bytes.
    pub size: Option<u64>,
    /// What is in it, in bytes, decompressed.
    pub open_size: Option<u64>,
    /// When it was made, in seconds since 1970, without a fraction.
    pub timestamp: Option<u64>,
    /// The version of its tables, of a database.
    pub database_version: Option<u64>,
}

/// Metadata of a kind that cannot be had as XML.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoData {
    /// There is none in any form.
    #[error("the repository has no {0} metadata")]
    Absent(String),
    /// It is there in forms that are not read.
    #[error("the repository has its {kind} metadata only as {}, which is not read", .forms.join(" and "))]
    OtherForms {
        /// What is wanted.
        kind: String,
        /// What is there: `primary_db`, `primary_zck`.
        forms: Vec<String>,
    },
}

impl Repomd {
    /// The file with this kind of metadata (`primary`, `filelists`, `updateinfo`,
    /// `group`, `modules`) that can be read: the plain kind, else a compressed
    /// twin such as `group_gz`. Of several files of one kind the first counts.
    ///
    /// # Errors
    ///
    /// Where there is none, or only databases and zchunk files.
    pub fn best(&self, kind: &str) -> Result<&Data, NoData> {
        let is = |data: &&Data, readable: bool| {
            let form = data.kind.strip_prefix(kind).and_then(|rest| rest.strip_prefix('_'));
            form.is_some_and(|form| is_readable(form) == readable)
        };
        let plain = self.data.iter().find(|data| data.kind == kind);
        if let Some(data) = plain.or_else(|| self.data.iter().find(|data| is(data, true))) {
            return Ok(data);
        }
        let others = self.data.iter().filter(|data| is(data, false));
        let forms: Vec<String> = others.map(|data| data.kind.clone()).collect();
        match forms.is_empty() {
            true => Err(NoData::Absent(kind.to_owned())),
            false => Err(NoData::OtherForms { kind: kind.to_owned(), forms }),
        }
    }
}

/// Whether a form (`gz` of `group_gz`) is XML, compressed in a way that is known.
fn is_readable(form: &str) -> bool {
    matches!(form, "gz" | "xz" | "bz2" | "zst")
}

#[cfg(test)]
mod tests;
