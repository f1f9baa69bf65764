//! Questions that only the administrator can answer, and the answers.
//!
//! A question has the name leapp gives it: the scope of its dialog and the key of
//! its component, `authselect_check.confirm`. Answers come from leapp's answer
//! files (formats.md 8) and from the command line.

mod edit;
mod file;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use edit::{Edited, edit};
pub use file::answer_file;

/// A question with *yes* or *no* for an answer, declared once by the actor that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Scope of the dialog: a section of the answer file.
    pub scope: &'static str,
    /// Key in the section.
    pub key: &'static str,
    /// What is asked, in one line.
    pub label: &'static str,
    /// What either answer means.
    pub consequences: &'static str,
    /// What leapp proposes; it is never taken without an answer.
    pub proposed: Option<bool>,
    /// The stable key of leapp's report on the missing answer.
    pub report_key: Option<&'static str>,
}

impl Question {
    /// `scope.key`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.scope, self.key)
    }
}

/// A question that was put to the administrator of a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dialog {
    /// `scope.key`; the answer is `True` or `False`.
    pub name: String,
    /// What is asked, in one line.
    pub label: String,
    /// What either answer means on this host.
    pub consequences: String,
    /// What leapp proposes; it is never taken without an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<bool>,
    /// What was answered; nothing where nobody answered, which forbids the upgrade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<bool>,
    /// The stable key of leapp's report on the missing answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl From<&Question> for Dialog {
    fn from(question: &Question) -> Self {
        Self {
            name: question.name(),
            label: question.label.to_owned(),
            consequences: question.consequences.to_owned(),
            proposed: question.proposed,
            answer: None,
            key: question.report_key.map(str::to_owned),
        }
    }
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// Values as written, by scope and key.
    values: BTreeMap<(String, String), String>,
}

/// A line of an answer file that is none, or an answer that says neither yes nor no.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// A line that is no section, no answer and no remark.
    #[error("line {line}: {text:?} is no answer; write `key = value` below a `[scope]`")]
    Line {
        /// Line, from 1.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// A text that is not `scope.key=value`.
    #[error("{0:?} is no answer; write `scope.key=value`")]
    Text(String),
    /// An answer that is neither yes nor no.
    #[error("the answer to {name} is {value:?}; write `True` or `False`")]
    Value {
        /// The question.
        name: String,
        /// What was answered.
        value: String,
    },
}

impl Answers {
    /// An answer as leapp's files write it.
    pub fn word(answer: bool) -> &'static str {
        if answer { "True" } else { "False" }
    }

    /// Takes the answers of a file. Those of an earlier file stay where this one has
    /// none (leapp forgets the whole section then, formats.md 8).
    ///
    /// # Errors
    ///
    /// A line that is not understood, by its number.
    pub fn read(&mut self, text: &str) -> Result<(), AnswerError> {
        let mut scope = None;
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.trim();
            if text.is_empty() || text.starts_with(['#', ';']) {
                continue;
            }
            let named = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            if let Some(named) = named {
                scope = Some(named.trim());
                continue;
            }
            let answer = scope.zip(text.split_once(['=', ':']));
            let Some((scope, (key, value))) = answer else {
                return Err(AnswerError::Line { line, text: text.chars().take(120).collect() });
            };
            self.give(scope, key.trim(), value.trim());
        }
        Ok(())
    }

    /// Takes one answer, written `scope.key=value`.
    ///
    /// # Errors
    ///
    /// A text that is written otherwise.
    pub fn take(&mut self, text: &str) -> Result<(), AnswerError> {
        let parts = || {
            let (name, value) = text.split_once('=')?;
            let (scope, key) = name.split_once('.')?;
            (!scope.is_empty() && !key.is_empty() && !key.contains('.'))
                .then_some((scope, key, value))
        };
        let (scope, key, value) = parts().ok_or_else(|| AnswerError::Text(text.to_owned()))?;
        self.give(scope.trim(), key.trim(), value.trim());
        Ok(())
    }

    fn give(&mut self, scope: &str, key: &str, value: &str) {
        self.values.insert((scope.to_owned(), key.to_lowercase()), value.to_owned());
    }

    /// What was answered to a question; `None` where nothing was.
    ///
    /// # Errors
    ///
    /// An answer that is neither yes nor no. leapp takes `yes` for *no* (formats.md 8).
    pub fn to(&self, question: &Question) -> Result<Option<bool>, AnswerError> {
        self.get(question.scope, question.key)
    }

    /// What was answered under a scope and a key; see [`Answers::to`].
    ///
    /// # Errors
    ///
    /// Those of [`Answers::to`].
    pub fn get(&self, scope: &str, key: &str) -> Result<Option<bool>, AnswerError> {
        let place = (scope.to_owned(), key.to_lowercase());
        let Some(value) = self.values.get(&place).filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        match value.to_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(Some(true)),
            "false" | "no" | "0" => Ok(Some(false)),
            _ => Err(AnswerError::Value { name: format!("{scope}.{key}"), value: value.clone() }),
        }
    }

    /// Names of questions that were answered, in order.
    pub fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.values.keys().map(|(scope, key)| format!("{scope}.{key}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIRM: Question = Question {
        scope: "authselect_check",
        key: "confirm",
        label: "Go?",
        consequences: "It goes.",
        proposed: Some(true),
        report_key: None,
    };

    fn answered(text: &str) -> Result<Option<bool>, AnswerError> {
        let mut answers = Answers::default();
        answers.read(text)?;
        answers.to(&CONFIRM)
    }

    #[test]
    fn an_answer_file_of_leapp_is_read() {
        let text = "[authselect_check]\n# Title:  x\n# confirm = True\n";
        assert_eq!(answered(text), Ok(None));
        assert_eq!(answered(&format!("{text}confirm = True\n")), Ok(Some(true)));
        assert_eq!(answered("[authselect_check]\nCONFIRM: no"), Ok(Some(false)));
        assert_eq!(answered("[authselect_check]\nconfirm ="), Ok(None));
    }

    /// leapp's defect of formats.md 8: only the word `true` is a yes there.
    #[test]
    fn yes_is_yes() {
        for (word, answer) in
            [("yes", true), ("1", true), ("TRUE", true), ("No", false), ("0", false)]
        {
            assert_eq!(answered(&format!("[authselect_check]\nconfirm={word}")), Ok(Some(answer)));
        }
        let error = answered("[authselect_check]\nconfirm=maybe").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the answer to authselect_check.confirm is \"maybe\"; write `True` or `False`"
        );
    }

    /// leapp's defect of formats.md 8: a later file hides the whole section there.
    #[test]
    fn a_later_file_adds_to_a_section() {
        let mut answers = Answers::default();
        answers.read("[a]\nx = 1\ny = 2").unwrap();
        answers.read("[a]\nx = 3").unwrap();
        assert_eq!(answers.values.values().collect::<Vec<_>>(), ["3", "2"]);
        assert_eq!(answers.names().collect::<Vec<_>>(), ["a.x", "a.y"]);
    }

    #[test]
    fn what_is_no_answer_is_refused_with_its_place() {
        assert_eq!(
            answered("[a]\nwhat").unwrap_err().to_string(),
            "line 2: \"what\" is no answer; write `key = value` below a `[scope]`"
        );
        assert!(answered("x = 1").is_err());
        for text in ["a=b", "a.b.c=d", "a.b", ".b=c", "a.=c"] {
            assert!(Answers::default().take(text).is_err(), "{text}");
        }
        let mut answers = Answers::default();
        answers.take("authselect_check.confirm=True").unwrap();
        assert_eq!(answers.to(&CONFIRM), Ok(Some(true)));
    }
}
