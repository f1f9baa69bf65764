//! Worlds as they are written.
//!
//! ```text
//! What happens in it, in words.
//!
//! = expected                         with packages of one name that differ in colour side by side
//! upgrade a-2-1.x86_64
//! = expected without colours         where that is something else
//! = settings                         of dnf, where they are not leapp's
//! best=0
//! = calls                            before distro-sync, in leapp's order
//! remove x
//! = installed
//! a-1-1.x86_64
//!   requires b >= 1
//!   file /usr/bin/a
//! = repository base priority=10      and more options of a .repo file
//! a-2-1.x86_64
//! = modules base                     its modules.yaml
//! ```

use std::collections::{BTreeMap, BTreeSet};

use elevate_core::model::Nevra;

/// A host and what it is upgraded to.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) name: &'static str,
    /// The transaction, a line each; with and without colours.
    pub(crate) expected: BTreeSet<String>,
    pub(crate) colourless: Option<BTreeSet<String>>,
    pub(crate) settings: BTreeMap<String, String>,
    /// What dnf is told before everything is synchronized, a line each.
    pub(crate) calls: Vec<String>,
    pub(crate) installed: Vec<Package>,
    pub(crate) repositories: Vec<Repository>,
}

/// A target repository.
#[derive(Debug, Default)]
pub(crate) struct Repository {
    pub(crate) id: String,
    /// Options of its section in a `.repo` file, a line each.
    pub(crate) options: Vec<String>,
    pub(crate) packages: Vec<Package>,
    pub(crate) modules: Option<String>,
}

/// A package as it is written. Two that are written alike are the same build.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Package {
    pub(crate) nevra: String,
    /// Each with a word before it that says what it is.
    pub(crate) lines: Vec<(String, String)>,
}

impl Package {
    pub(crate) fn nevra(&self) -> Nevra {
        self.nevra.parse().unwrap_or_else(|error| panic!("{}: {error}", self.nevra))
    }
}

impl World {
    /// Reads a world.
    pub(crate) fn read(name: &'static str, text: &str) -> Self {
        let mut world = Self { name, ..Self::default() };
        for section in format!("\n{text}").split("\n= ").skip(1) {
            let (head, body) = section.split_once('\n').unwrap_or((section, ""));
            let words: Vec<&str> = head.split_whitespace().collect();
            let lines = || body.lines().filter(|line| !line.trim().is_empty());
            match words.as_slice() {
                ["expected"] => world.expected = lines().map(str::to_owned).collect(),
                ["expected", "without", "colours"] => {
                    world.colourless = Some(lines().map(str::to_owned).collect());
                }
                ["settings"] => {
                    let pairs = lines().filter_map(|line| line.split_once('='));
                    world.settings = pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
                }
                ["calls"] => world.calls = lines().map(str::to_owned).collect(),
                ["installed"] => world.installed = packages(lines()),
                ["repository", id, options @ ..] => world.repositories.push(Repository {
                    id: (*id).to_owned(),
                    options: options.iter().map(|option| (*option).to_owned()).collect(),
                    packages: packages(lines()),
                    modules: None,
                }),
                ["modules", id] => {
                    let mut all = world.repositories.iter_mut();
                    let of = all.find(|r| r.id == *id).expect("a repository before its modules");
                    of.modules = Some(format!("{body}\n"));
                }
                _ => panic!("{name}: = {head}"),
            }
        }
        world
    }

    /// What a setting is; leapp's where the world does not say.
    pub(crate) fn setting(&self, name: &str) -> &str {
        self.settings.get(name).map_or_else(|| default(name), String::as_str)
    }

    /// The texts of a call.
    pub(crate) fn called(&self, call: &str) -> Vec<String> {
        let calls = self.calls.iter().filter_map(|line| line.split_once(' '));
        calls.filter(|(word, _)| *word == call).map(|(_, text)| text.to_owned()).collect()
    }

    /// Every package, each time it is written.
    pub(crate) fn packages(&self) -> impl Iterator<Item = &Package> {
        self.installed.iter().chain(self.repositories.iter().flat_map(|r| &r.packages))
    }
}

/// The settings there are, as leapp has them.
pub(crate) const SETTINGS: [(&str, &str); 6] = [
    ("best", "1"),
    ("allow_erasing", "1"),
    ("install_weak_deps", "1"),
    ("exclude_from_weak_autodetect", "1"),
    ("installonly_limit", "3"),
    ("protected_packages", ""),
];

fn default(name: &str) -> &'static str {
    let found = SETTINGS.iter().find(|(setting, _)| *setting == name);
    found.unwrap_or_else(|| panic!("no such setting: {name}")).1
}

fn packages<'t>(lines: impl Iterator<Item = &'t str>) -> Vec<Package> {
    let mut packages: Vec<Package> = Vec::new();
    for line in lines {
        match line.trim_start().split_once(' ') {
            Some((word, rest)) if line.starts_with(' ') => {
                let last = packages.last_mut().expect("a package before what it says");
                last.lines.push((word.to_owned(), rest.to_owned()));
            }
            _ => packages.push(Package { nevra: line.to_owned(), lines: Vec::new() }),
        }
    }
    packages
}
