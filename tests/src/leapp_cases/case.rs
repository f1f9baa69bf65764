//! A recorded case: what one actor of leapp was told, and what it said.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::oracle::{list, names};
use crate::recorded::{entries, read};

use super::shortly;

/// A file of `leapp/actor_cases`.
pub struct Case {
    /// Its name, without `.json`.
    pub name: String,
    /// The actor of leapp.
    pub actor: String,
    value: Value,
}

impl Case {
    /// All cases of a directory, by name.
    pub fn all(directory: &Path) -> Vec<Self> {
        entries(directory).iter().map(|path| Self::read(path)).collect()
    }

    fn read(path: &Path) -> Self {
        let value: Value = serde_json::from_slice(&read(path))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::new(&path.file_stem().expect("a name").to_string_lossy(), value)
    }

    /// A case that is not in a file.
    pub fn new(name: &str, value: Value) -> Self {
        let actor = value["actor"].as_str().expect("an actor").to_owned();
        Self { name: name.to_owned(), actor, value }
    }

    /// The messages it was given, by model.
    pub fn facts(&self) -> Messages<'_> {
        Messages::of(&self.value["facts"])
    }

    /// The messages it passed on, by model.
    pub fn produced(&self) -> Messages<'_> {
        Messages::of(&self.value["produced"])
    }

    /// A setting of the run: `arch`, `distro`, `source_version`, `kernel`, `flavour`.
    pub fn config(&self, key: &str) -> Option<&str> {
        self.value["config"][key].as_str()
    }

    /// Variables of leapp's environment.
    pub fn variables(&self) -> BTreeMap<String, String> {
        let mut variables = texts(&self.value["config"]["env"]);
        variables.extend(texts(&self.value["os_environ"]));
        variables
    }

    /// Files of the host, by path.
    pub fn files(&self) -> BTreeMap<String, String> {
        texts(&self.value["files"])
    }

    /// Empty directories of the host.
    pub fn directories(&self) -> Vec<String> {
        names(&self.value, "dirs")
    }

    /// Command lines that could be run, with status and output.
    pub fn commands(&self) -> Vec<(String, i64, &str)> {
        let command = |one: &'_ Value| names(one, "argv").join(" ");
        let commands = list(&self.value, "commands").iter();
        commands
            .map(|one| {
                let status = one["exit_code"].as_i64().unwrap_or(0);
                (command(one), status, one["stdout"].as_str().unwrap_or_default())
            })
            .collect()
    }

    /// Answers, as a file of them.
    pub fn answers(&self) -> String {
        let sections = self.value["answers"].as_object();
        let sections = sections.into_iter().flatten().map(|(scope, answers)| {
            let lines = texts(answers).into_iter().map(|(key, value)| format!("{key} = {value}\n"));
            format!("[{scope}]\n{}", lines.collect::<String>())
        });
        sections.collect()
    }

    /// Whether leapp stopped here with an error or a crash: no outcome to be matched.
    pub fn failed(&self) -> bool {
        !list(&self.value, "errors").is_empty() || !self.value["crash"].is_null()
    }

    /// What it reported. A question without an answer is reported later by leapp, as an
    /// inhibitor of its own.
    pub fn reports(&self) -> Vec<Report> {
        let reported = list(&self.value, "reports").iter().map(|report| Report {
            text: shortly(
                report["severity"].as_str().expect("a severity"),
                report["inhibitor"].as_bool().expect("a flag"),
                &names(report, "groups"),
            ),
            key: report["key"].as_str().map(str::to_owned),
        });
        let asked = self.produced().all("DialogModel").iter().map(|dialog| Report {
            text: shortly("high", true, &[]),
            key: dialog["key"].as_str().map(str::to_owned),
        });
        reported.chain(asked).collect()
    }
}

/// A report in short.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Report {
    /// Severity, inhibitor or not, groups.
    pub text: String,
    /// leapp's stable key.
    pub key: Option<String>,
}

/// Messages, by model.
#[derive(Debug, Clone, Copy)]
pub struct Messages<'a>(&'a Value);

impl<'a> Messages<'a> {
    fn of(value: &'a Value) -> Self {
        Self(value)
    }

    /// Names of models there are messages of.
    pub fn models(self) -> impl Iterator<Item = &'a str> {
        self.0.as_object().into_iter().flatten().map(|(model, _)| model.as_str())
    }

    /// All messages of a model.
    pub fn all(self, model: &str) -> &'a [Value] {
        list(self.0, model)
    }

    /// Whether there is a message of a model.
    pub fn has(self, model: &str) -> bool {
        !self.all(model).is_empty()
    }
}

fn texts(value: &Value) -> BTreeMap<String, String> {
    let pairs = value.as_object().into_iter().flatten();
    pairs.map(|(key, text)| (key.clone(), text.as_str().expect("a text").to_owned())).collect()
}
