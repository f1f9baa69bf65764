//! What the header of an installed package says beyond its name.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Dependencies and files of an installed package, as its header has them.
/// Dependencies are texts as `rpm -q --requires` prints them, rich ones whole.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema,
)]
pub struct PackageData {
    /// File name of the source package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_rpm: Option<String>,
    /// What it provides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provides: Vec<StoredDependency>,
    /// What it cannot do without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<StoredDependency>,
    /// What it cannot be installed beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<StoredDependency>,
    /// What it takes the place of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub obsoletes: Vec<StoredDependency>,
    /// What is installed with it unless it cannot be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recommends: Vec<StoredDependency>,
    /// What somebody might want beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggests: Vec<StoredDependency>,
    /// What brings it along unless it cannot be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supplements: Vec<StoredDependency>,
    /// What somebody might want it beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enhances: Vec<StoredDependency>,
    /// Its files, by directory with the slash at its end.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, Vec<StoredFile>>,
}

impl PackageData {
    /// Paths of all files, with what is known of them.
    pub fn paths(&self) -> impl Iterator<Item = (String, &StoredFile)> {
        let of = |(directory, files): (&String, _)| (directory.clone(), files);
        self.files.iter().map(of).flat_map(|(directory, files): (_, &Vec<StoredFile>)| {
            files.iter().map(move |file| (format!("{directory}{}", file.name()), file))
        })
    }
}

/// A dependency: its text, or with it what the package needs it for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a dependency: a text, or an object with `text` and `for`")]
pub enum StoredDependency {
    /// `glibc >= 2.17`
    Text(String),
    /// One that scripts need, or that may be missing.
    Flagged {
        /// `glibc >= 2.17`
        text: String,
        /// What for.
        #[serde(rename = "for")]
        purposes: Vec<Purpose>,
    },
}

impl StoredDependency {
    /// The dependency as rpm prints it.
    pub fn text(&self) -> &str {
        match self {
            StoredDependency::Text(text) | StoredDependency::Flagged { text, .. } => text,
        }
    }

    /// What it is needed for, where that is more than to be there.
    pub fn purposes(&self) -> &[Purpose] {
        match self {
            StoredDependency::Text(_) => &[],
            StoredDependency::Flagged { purposes, .. } => purposes,
        }
    }

    /// Whether it must be installed before the package that needs it.
    pub fn is_before(&self) -> bool {
        let before = |p: &Purpose| matches!(p, Purpose::Prereq | Purpose::Pre | Purpose::Post);
        self.purposes().iter().any(before)
    }

    /// Whether the scripts that install the package are all that needs it.
    pub fn is_for_installation_only(&self) -> bool {
        let later = |p: &Purpose| matches!(p, Purpose::Prereq | Purpose::Preun | Purpose::Postun);
        self.is_before() && !self.purposes().iter().any(later)
    }
}

impl fmt::Display for StoredDependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// What a dependency is needed for, in rpm's words.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To be installed first, as `PreReq` asked.
    Prereq,
    /// The script before the transaction.
    Pretrans,
    /// The script before installation.
    Pre,
    /// The script after installation.
    Post,
    /// The script before removal.
    Preun,
    /// The script after removal.
    Postun,
    /// The script after the transaction.
    Posttrans,
    /// It is the interpreter of a script.
    Interp,
    /// It may be missing.
    MissingOk,
}

/// A file: its name, or with it what is special about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a file: a name, or an object with `name` and `is`")]
pub enum StoredFile {
    /// A regular file that was installed as it came.
    Plain(String),
    /// Any other.
    Marked {
        /// Its name in the directory.
        name: String,
        /// What is special about it.
        is: Vec<FileMark>,
        /// Digest of the content it came with, in hexadecimal: SHA-256 since
        /// release 6. Kept of configuration files.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        digest: Option<String>,
    },
}

impl StoredFile {
    /// Its name in the directory.
    pub fn name(&self) -> &str {
        match self {
            StoredFile::Plain(name) | StoredFile::Marked { name, .. } => name,
        }
    }

    /// What is special about it.
    pub fn marks(&self) -> &[FileMark] {
        match self {
            StoredFile::Plain(_) => &[],
            StoredFile::Marked { is, .. } => is,
        }
    }

    /// Digest of the content it came with; kept of configuration files.
    pub fn digest(&self) -> Option<&str> {
        match self {
            StoredFile::Plain(_) => None,
            StoredFile::Marked { digest, .. } => digest.as_deref(),
        }
    }

    /// Whether it has a mark.
    pub fn is(&self, mark: FileMark) -> bool {
        self.marks().contains(&mark)
    }
}

/// What may be special about a file of a package.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum FileMark {
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A configuration file.
    Config,
    /// One that stays when it was changed.
    NoReplace,
    /// One that may be missing.
    MissingOk,
    /// Owned by the package and not contained in it.
    Ghost,
    /// On disk it is another package's file of this name.
    Replaced,
    /// It was left out when the package was installed.
    NotInstalled,
}
