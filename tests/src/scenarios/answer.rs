//! What becomes of a world.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// The lists dnf prints, each sorted, or the number of problems. Packages are
/// `name-[epoch:]version-release.arch`, with `@` and the repository where several
/// have the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// How many problems make it impossible; then the lists are empty.
    #[serde(skip_serializing_if = "is_none")]
    pub problems: usize,
    /// New.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub install: Vec<String>,
    /// In the place of an older version.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub upgrade: Vec<String>,
    /// In the place of a newer version.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub downgrade: Vec<String>,
    /// In the place of the same version.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reinstall: Vec<String>,
    /// Gone, and nothing took their place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub erase: Vec<String>,
    /// Gone for packages of other names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub obsoleted: Vec<String>,
}

fn is_none(number: &usize) -> bool {
    *number == 0
}

impl Answer {
    /// An answer without a solution.
    pub fn unsolvable(problems: usize) -> Self {
        Self { problems, ..Self::default() }
    }

    /// The lists by their names.
    pub fn lists(&self) -> [(&'static str, &Vec<String>); 6] {
        [
            ("install", &self.install),
            ("upgrade", &self.upgrade),
            ("downgrade", &self.downgrade),
            ("reinstall", &self.reinstall),
            ("erase", &self.erase),
            ("obsoleted", &self.obsoleted),
        ]
    }

    /// The same with other names of packages, sorted.
    pub fn renamed(self, name: impl Fn(&str) -> String) -> Self {
        let all = |list: Vec<String>| {
            let mut list: Vec<String> = list.iter().map(|package| name(package)).collect();
            list.sort_unstable();
            list
        };
        Self {
            problems: self.problems,
            install: all(self.install),
            upgrade: all(self.upgrade),
            downgrade: all(self.downgrade),
            reinstall: all(self.reinstall),
            erase: all(self.erase),
            obsoleted: all(self.obsoleted),
        }
    }

    /// In which lines another one differs; empty where it does not.
    pub fn difference(&self, other: &Self) -> String {
        let mut out = String::new();
        if self.problems != other.problems {
            let (ours, theirs) = (self.problems, other.problems);
            writeln!(out, "  problems: {ours}, expected {theirs}").expect("memory");
        }
        for ((name, ours), (_, theirs)) in self.lists().into_iter().zip(other.lists()) {
            for package in ours.iter().filter(|package| !theirs.contains(package)) {
                writeln!(out, "  {name}: {package}, not expected").expect("memory");
            }
            for package in theirs.iter().filter(|package| !ours.contains(package)) {
                writeln!(out, "  {name}: {package} is missing").expect("memory");
            }
        }
        out
    }
}
