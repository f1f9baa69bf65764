//! The form of a scenario's file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use elevate_core::solve::Profile;
use serde::{Deserialize, Serialize};

use super::answer::Answer;

/// A small world, a request, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// What happens, in a line.
    pub title: String,
    /// What it shows, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub shows: String,
    /// Where the expectation is from.
    pub source: String,
    /// Installed packages; of one name in the order of the database.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub installed: String,
    /// Target repositories, in order.
    #[serde(default, rename = "repository")]
    pub repositories: Vec<Repository>,
    /// What dnf is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dnf: Option<Dnf>,
    /// What libsolv is told, where dnf could not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub libsolv: Option<Libsolv>,
    /// The results, each for some profiles.
    pub expect: Vec<Expected>,
}

/// A target repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    /// Its id.
    pub id: String,
    /// dnf's priority.
    #[serde(default = "usual_priority", skip_serializing_if = "is_usual_priority")]
    pub priority: i32,
    /// Its packages.
    #[serde(default)]
    pub packages: String,
}

/// dnf's calls and settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dnf {
    /// `dnf remove`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
    /// `dnf install`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub install: Vec<String>,
    /// `dnf upgrade`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub upgrade: Vec<String>,
    /// `dnf reinstall`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reinstall: Vec<String>,
    /// `dnf distro-sync`, without arguments.
    #[serde(skip_serializing_if = "is_false")]
    pub sync: bool,
    /// `best`
    #[serde(skip_serializing_if = "is_true")]
    pub best: bool,
    /// `--allowerasing`
    #[serde(skip_serializing_if = "is_true")]
    pub allow_erasing: bool,
    /// `install_weak_deps`
    #[serde(skip_serializing_if = "is_true")]
    pub weak_dependencies: bool,
    /// `exclude_from_weak_autodetect`: `off`, or on and matching `by-name` or
    /// `by-version`.
    #[serde(skip_serializing_if = "is_off")]
    pub weak_exclusions: String,
    /// `allow_vendor_change`
    #[serde(skip_serializing_if = "is_true")]
    pub vendor_change: bool,
    /// `installonlypkgs`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub installonly: Vec<String>,
    /// `installonly_limit`
    #[serde(skip_serializing_if = "is_usual_limit")]
    pub installonly_limit: usize,
    /// What `uname -r` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub running_kernel: Option<String>,
    /// `protected_packages`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub protected: Vec<String>,
    /// Whether libsolv is built for Enterprise Linux.
    #[serde(skip_serializing_if = "is_true")]
    pub colours: bool,
}

impl Default for Dnf {
    fn default() -> Self {
        Self {
            remove: Vec::new(),
            install: Vec::new(),
            upgrade: Vec::new(),
            reinstall: Vec::new(),
            sync: false,
            best: true,
            allow_erasing: true,
            weak_dependencies: true,
            weak_exclusions: "off".to_owned(),
            vendor_change: true,
            installonly: Vec::new(),
            installonly_limit: 3,
            running_kernel: None,
            protected: Vec::new(),
            colours: true,
        }
    }
}

/// libsolv's own commands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Libsolv {
    /// `ACTION [FLAG...] SELECTION [ARGUMENT...]`; see `fixtures/scenarios/README.md`.
    pub commands: Vec<String>,
    /// Switches that are not as libsolv has them when nothing is said.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub switches: BTreeMap<String, bool>,
}

/// A result, and the profiles it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// Releases of libsolv; all that there are profiles of where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// The result.
    #[serde(flatten)]
    pub answer: Answer,
}

fn usual_priority() -> i32 {
    99
}

fn is_usual_priority(priority: &i32) -> bool {
    *priority == usual_priority()
}

fn is_true(value: &bool) -> bool {
    *value
}

fn is_false(value: &bool) -> bool {
    !*value
}

fn is_off(how: &String) -> bool {
    how == "off"
}

fn is_usual_limit(limit: &usize) -> bool {
    *limit == 3
}

impl Story {
    /// Reads a file.
    pub fn read(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// What is expected of a profile; `None` where it is not for it.
    pub fn expected(&self, profile: &Profile) -> Option<&Answer> {
        let is_for = |expected: &&Expected| {
            expected.profiles.is_empty() || expected.profiles.iter().any(|p| p == profile.libsolv)
        };
        self.expect.iter().find(is_for).map(|expected| &expected.answer)
    }

    /// Replaces what is expected; one result where all profiles have the same.
    pub fn expect_all(&mut self, answers: &[(&str, Answer)]) {
        let mut results: Vec<Expected> = Vec::new();
        for (profile, answer) in answers {
            match results.iter_mut().find(|known| known.answer == *answer) {
                Some(known) => known.profiles.push((*profile).to_owned()),
                None => results.push(Expected {
                    profiles: vec![(*profile).to_owned()],
                    answer: answer.clone(),
                }),
            }
        }
        if let [only] = results.as_mut_slice() {
            only.profiles.clear();
        }
        self.expect = results;
    }

    /// The file.
    pub fn write(&self) -> String {
        let mut out = format!("title = {}\n", quoted(&self.title));
        if !self.shows.is_empty() {
            writeln!(out, "shows = {}", block(&self.shows)).expect("memory");
        }
        writeln!(out, "source = {}", quoted(&self.source)).expect("memory");
        if !self.installed.is_empty() {
            writeln!(out, "\ninstalled = {}", block(&self.installed)).expect("memory");
        }
        for repository in &self.repositories {
            writeln!(out, "\n[[repository]]\nid = {}", quoted(&repository.id)).expect("memory");
            if !is_usual_priority(&repository.priority) {
                writeln!(out, "priority = {}", repository.priority).expect("memory");
            }
            writeln!(out, "packages = {}", block(&repository.packages)).expect("memory");
        }
        if let Some(dnf) = &self.dnf {
            out += &format!("\n[dnf]\n{}", toml::to_string(dnf).expect("TOML"));
        }
        if let Some(libsolv) = &self.libsolv {
            let table = BTreeMap::from([("libsolv", libsolv)]);
            out += &format!("\n{}", toml::to_string_pretty(&table).expect("TOML"));
        }
        for expected in &self.expect {
            out += &format!("\n[[expect]]\n{}", toml::to_string_pretty(expected).expect("TOML"));
        }
        out
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn block(text: &str) -> String {
    if text.contains("'''") { quoted(text) } else { format!("'''\n{}\n'''", text.trim_end()) }
}
