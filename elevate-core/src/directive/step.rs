//! Steps beside the transaction: what is done, when, and to which lines.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that is done beside the transaction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// When.
    pub when: When,
    /// What for, in one sentence.
    pub why: String,
    /// What is done.
    #[serde(flatten)]
    pub change: Change,
    /// On what it depends, where that is known only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Actors whose steps of the same time are done before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// It serves leapp's way of exchanging packages: its container, its initramfs, its boot
    /// entry; or the plan has a step of its own for the same. Who exchanges packages otherwise
    /// does nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub for_leapp: bool,
}

/// When a step is done.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// On the running host, before it is started for the upgrade.
    Prepare,
    /// Right before the transaction.
    Before,
    /// Right after the transaction.
    After,
    /// When the target system has started for the first time.
    FirstBoot,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// Lines of a file are changed.
    Edit {
        /// The file.
        path: String,
        /// The changes, from the first line to the last.
        edits: Vec<Edit>,
    },
    /// A file is written.
    Write {
        /// The file.
        path: String,
        /// All of its content.
        content: String,
    },
    /// A file is copied.
    Copy {
        /// From where.
        from: String,
        /// To where.
        to: String,
    },
    /// A file is deleted.
    Delete {
        /// The file.
        path: String,
    },
    /// A command is run.
    Run {
        /// Its words; never a shell string.
        command: Vec<String>,
    },
    /// Something whose exact result only the tool knows that does it.
    Other {
        /// What will happen.
        what: String,
    },
}

/// Lines that change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Edit {
    /// The line as it is counted before any change, from 1.
    pub line: usize,
    /// What stands there; null where a line is added before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What stands there afterwards; null where the line goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Step {
    /// Something that is done whatever happens before.
    pub fn new(when: When, why: impl Into<String>, change: Change) -> Self {
        let why = why.into();
        Self { when, why, change, condition: None, after: Vec::new(), for_leapp: false }
    }

    /// The same, on a condition.
    #[must_use]
    pub fn on(mut self, condition: impl Into<String>) -> Self {
        self.condition = Some(condition.into());
        self
    }

    /// The same, where nobody but leapp has a need of it: it is about its container, its
    /// initramfs or its boot entry.
    #[must_use]
    pub fn for_leapp(mut self) -> Self {
        self.for_leapp = true;
        self
    }
}

impl Change {
    /// What has to change in a file for it to say something else; `None` where nothing
    /// has.
    pub fn edit(path: &str, before: &str, after: &str) -> Option<Self> {
        let edits = edits(before, after);
        (!edits.is_empty()).then(|| Change::Edit { path: path.to_owned(), edits })
    }

    /// A command, word by word.
    pub fn run(words: &[&str]) -> Self {
        Change::Run { command: words.iter().map(|&word| word.into()).collect() }
    }

    /// What is told in words.
    pub fn other(what: impl Into<String>) -> Self {
        Change::Other { what: what.into() }
    }

    /// The file it changes, where it is one.
    pub fn path(&self) -> Option<&str> {
        match self {
            Change::Edit { path, .. } | Change::Write { path, .. } | Change::Delete { path } => {
                Some(path)
            }
            Change::Copy { to, .. } => Some(to),
            Change::Run { .. } | Change::Other { .. } => None,
        }
    }
}

/// The lines that differ. Texts of as many lines are compared line by line; of others,
/// all between what they begin and end with alike is taken for changed.
fn edits(before: &str, after: &str) -> Vec<Edit> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let (start, end) = if old.len() == new.len() {
        (0, 0)
    } else {
        let start = old.iter().zip(&new).take_while(same).count();
        let rest = old[start..].iter().rev().zip(new[start..].iter().rev());
        (start, rest.take_while(same).count())
    };
    let (old, new) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let pairs = (0..old.len().max(new.len())).map(|at| (at, old.get(at), new.get(at)));
    let changed = pairs.filter(|(_, old, new)| old != new);
    let edit = |(at, before, after): (usize, Option<&&str>, Option<&&str>)| Edit {
        line: start + at.min(old.len()) + 1,
        before: before.map(|&line| line.to_owned()),
        after: after.map(|&line| line.to_owned()),
    };
    changed.map(edit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> Vec<String> {
        let edit = |edit: &Edit| {
            let text = |line: &Option<String>| line.clone().unwrap_or_else(|| "-".to_owned());
            format!("{}: {} > {}", edit.line, text(&edit.before), text(&edit.after))
        };
        edits(before, after).iter().map(edit).collect()
    }

    #[test]
    fn lines_that_change_are_told_one_by_one() {
        assert_eq!(told("a\nb\nc\n", "a\nB\nc\n"), ["2: b > B"]);
        assert_eq!(told("a\nb\nc\n", "A\nb\nC\n"), ["1: a > A", "3: c > C"]);
        assert_eq!(told("a\n", "a\n"), [""; 0]);
        assert_eq!(Change::edit("/x", "a", "a"), None);
    }

    #[test]
    fn lines_that_come_and_go_are_told_with_their_place() {
        assert_eq!(told("a\nb\n", "a\nx\nb\n"), ["2: - > x"]);
        assert_eq!(told("a\nb\n", "a\nb\nx\ny\n"), ["3: - > x", "3: - > y"]);
        assert_eq!(told("a\nx\nb\n", "a\nb\n"), ["2: x > -"]);
        assert_eq!(told("", "a\n"), ["1: - > a"]);
        assert_eq!(told("a\nb\nc", "a\nX\nY\nc"), ["2: b > X", "3: - > Y"]);
    }
}
