//! Packages as stories write them: a line for each, then what it says.
//!
//! ```text
//! bash-4.4-1.x86_64
//!   requires libc.so.6()(64bit)
//!   before /bin/sh
//!   files /usr/bin/bash
//!   vendor Example
//!   built 1700000000
//!   excluded
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use elevate_core::model::{
    InstalledPackage, Nevra, PackageData, Purpose, StoredDependency, StoredFile,
};
use elevate_core::universe::List;

/// The words that begin a line about a package, in the order they are written.
const WORDS: [(&str, List); 10] = [
    ("provides", List::Provides),
    ("requires", List::Requires),
    ("before", List::RequiresBefore),
    ("conflicts", List::Conflicts),
    ("obsoletes", List::Obsoletes),
    ("recommends", List::Recommends),
    ("suggests", List::Suggests),
    ("supplements", List::Supplements),
    ("enhances", List::Enhances),
    ("files", List::Files),
];

/// A package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Name, version and architecture.
    pub nevra: Nevra,
    /// Its vendor; empty where there is none.
    pub vendor: String,
    /// When it was built, in seconds since 1970; 0 where unknown.
    pub built: u64,
    /// Whether a list of packages to leave out names it.
    pub excluded: bool,
    /// Its dependencies and files, in the order they are written.
    pub lines: Vec<(List, String)>,
}

impl Package {
    /// A package that says nothing.
    pub fn new(nevra: Nevra) -> Self {
        Self { nevra, vendor: String::new(), built: 0, excluded: false, lines: Vec::new() }
    }

    /// The packages of a text; what is wrong with it otherwise.
    pub fn read(text: &str) -> Result<Vec<Self>, String> {
        let mut packages: Vec<Self> = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let wrong = || format!("{line:?} is no line about a package");
            match packages.last_mut().filter(|_| line.starts_with(' ')) {
                Some(package) => package.add(line.trim()).ok_or_else(wrong)?,
                None => packages.push(Self::new(line.trim().parse().map_err(|_| wrong())?)),
            }
        }
        Ok(packages)
    }

    fn add(&mut self, line: &str) -> Option<()> {
        let (word, text) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "vendor" => self.vendor = text.to_owned(),
            "built" => self.built = text.parse().ok()?,
            "excluded" => self.excluded = true,
            _ => {
                let (_, list) = WORDS.iter().find(|(known, _)| *known == word)?;
                self.lines.push((*list, text.to_owned()));
            }
        }
        Some(())
    }

    /// Its lines of one kind.
    pub fn list(&self, list: List) -> impl Iterator<Item = &str> {
        self.lines.iter().filter(move |(of, _)| *of == list).map(|(_, text)| text.as_str())
    }

    /// The package as the host's database has it. What it needs before is needed
    /// for its removal too, since libsolv reads it from metadata, which do not
    /// tell (solver-rules.md A4.3 b).
    pub fn installed(&self) -> InstalledPackage {
        let of = |list| self.list(list).map(|text| StoredDependency::Text(text.to_owned()));
        let before = self.list(List::RequiresBefore).map(|text| StoredDependency::Flagged {
            text: text.to_owned(),
            purposes: vec![Purpose::Pre, Purpose::Preun],
        });
        let mut files: BTreeMap<String, Vec<StoredFile>> = BTreeMap::new();
        for path in self.list(List::Files) {
            let (directory, name) = path.split_at(path.rfind('/').map_or(0, |at| at + 1));
            files.entry(directory.to_owned()).or_default().push(StoredFile::Plain(name.to_owned()));
        }
        let data = PackageData {
            source_rpm: None,
            provides: of(List::Provides).collect(),
            requires: of(List::Requires).chain(before).collect(),
            conflicts: of(List::Conflicts).collect(),
            obsoletes: of(List::Obsoletes).collect(),
            recommends: of(List::Recommends).collect(),
            suggests: of(List::Suggests).collect(),
            supplements: of(List::Supplements).collect(),
            enhances: of(List::Enhances).collect(),
            files,
        };
        let Nevra { name, evr, arch } = self.nevra.clone();
        InstalledPackage {
            vendor: Some(self.vendor.clone()).filter(|vendor| !vendor.is_empty()),
            build_time: Some(self.built).filter(|built| *built != 0),
            data: Some(Arc::new(data)),
            ..InstalledPackage::new(name, evr, Some(arch))
        }
    }
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.nevra)?;
        for (list, text) in &self.lines {
            let (word, _) = WORDS.iter().find(|(_, known)| known == list).ok_or(fmt::Error)?;
            writeln!(f, "  {word} {text}")?;
        }
        if !self.vendor.is_empty() {
            writeln!(f, "  vendor {}", self.vendor)?;
        }
        if self.built != 0 {
            writeln!(f, "  built {}", self.built)?;
        }
        if self.excluded {
            writeln!(f, "  excluded")?;
        }
        Ok(())
    }
}
