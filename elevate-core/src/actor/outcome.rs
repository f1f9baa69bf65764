//! What an actor says.

use std::collections::BTreeSet;

use super::Host;
use crate::directive::{Change, Directive, Step, When};
use crate::facts::{Fact, Found, Rewrite, Unknown};
use crate::finding::Finding;
use crate::model::{ModuleStream, PackageName};
use crate::question::{AnswerError, Dialog, Question};

/// Findings and directives of one actor, and what it could not decide.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub(super) findings: Vec<Finding>,
    pub(super) directives: Vec<Directive>,
    pub(super) undecided: Vec<Unknown>,
    pub(super) dialogs: Vec<Dialog>,
    pub(super) misanswered: Vec<AnswerError>,
}

impl Outcome {
    /// Says something to the administrator.
    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Asks something of the plan.
    pub fn ask(&mut self, directive: Directive) {
        if !self.directives.contains(&directive) {
            self.directives.push(directive);
        }
    }

    /// Asks for a package to be installed. A text that is no name asks for nothing.
    pub fn install(&mut self, name: &str) {
        self.ask_package(name, |package| Directive::Install { package });
    }

    /// Asks for a package to be removed.
    pub fn remove(&mut self, name: &str) {
        self.ask_package(name, |package| Directive::Remove { package });
    }

    /// Asks for a package not to be removed.
    pub fn keep(&mut self, name: &str) {
        self.ask_package(name, |package| Directive::Keep { package });
    }

    /// Asks for a module stream to be enabled.
    pub fn enable_module(&mut self, module: ModuleStream) {
        self.ask(Directive::EnableModule { module });
    }

    /// Asks for a step beside the transaction.
    pub fn step(&mut self, step: Step) {
        self.ask(Directive::Do { step });
    }

    /// Asks for the changes of a file.
    pub fn rewrite(&mut self, when: When, why: &str, file: &Rewrite) {
        if let Some(change) = change_of(file) {
            self.step(Step::new(when, why, change));
        }
    }

    /// Asks for a copy of a file beside it, before it is changed.
    pub fn back_up(&mut self, when: When, file: &Rewrite, suffix: &str) {
        let (from, to) = (file.path.clone(), format!("{}{suffix}", file.path));
        self.step(Step::new(when, "Keep the file as it was", Change::Copy { from, to }));
    }

    /// Asks for the changes of a file that comes with a package, once the transaction is
    /// done. A file nobody changed is a new one by then: what becomes of that is told in
    /// words, where there is something to tell.
    pub fn rewrite_shipped(
        &mut self,
        host: &Host<'_>,
        package: &str,
        why: &str,
        file: &Rewrite,
        replaced: Option<&str>,
    ) {
        let is_modified = host.facts().verification().is_modified(&file.path, package);
        if is_modified == Ok(false) {
            let what = replaced.map(|what| Step::new(When::After, why, Change::other(what)));
            what.into_iter().for_each(|step| self.step(step));
            return;
        }
        let step = change_of(file).map(|change| Step::new(When::After, why, change));
        let condition = "the file was changed on this host; else the new package replaces it";
        let on = |step: Step| if is_modified.is_err() { step.on(condition) } else { step };
        step.map(on).into_iter().for_each(|step| self.step(step));
    }

    fn ask_package(&mut self, name: &str, directive: impl FnOnce(PackageName) -> Directive) {
        if let Ok(name) = name.parse() {
            self.ask(directive(name));
        }
    }

    /// Notes evidence that is missing; the actor goes on.
    pub fn lacks(&mut self, unknown: Unknown) {
        if !self.undecided.contains(&unknown) {
            self.undecided.push(unknown);
        }
    }

    /// Notes all evidence that is missing; the actor goes on.
    pub fn lacks_all<'u>(&mut self, missing: impl IntoIterator<Item = &'u Unknown>) {
        missing.into_iter().for_each(|unknown| self.lacks(unknown.clone()));
    }

    /// An answer, where there is one; else the missing evidence is noted.
    pub fn known<T>(&mut self, fact: Fact<T>) -> Option<T> {
        fact.map_err(|unknown| self.lacks(unknown)).ok()
    }

    /// An answer about a package, where there is one; else the missing evidence is noted
    /// where the package is installed, whoever made it.
    pub fn known_of<T>(&mut self, host: &Host<'_>, package: &str, fact: Fact<T>) -> Option<T> {
        let is_installed = !host.all_named(package).is_empty();
        if is_installed { self.known(fact) } else { fact.ok() }
    }

    /// What was found; the places nobody could look into are noted.
    pub fn found<T>(&mut self, found: Found<T>) -> Vec<T> {
        self.lacks_all(&found.missing);
        found.items
    }

    /// What the administrator answered. Without an answer the question is noted, which
    /// forbids the upgrade.
    pub fn answer(&mut self, host: &Host<'_>, question: &Question) -> Option<bool> {
        self.answer_to(host, question, String::new)
    }

    /// The same, with what the question comes to on this host.
    pub fn answer_to(
        &mut self,
        host: &Host<'_>,
        question: &Question,
        detail: impl FnOnce() -> String,
    ) -> Option<bool> {
        let mut dialog = Dialog::from(question);
        let detail = detail();
        if !detail.is_empty() {
            dialog.consequences = format!("{} {detail}", dialog.consequences);
        }
        self.answered(host.answers().to(question), dialog)
    }

    /// The same, of an answer that was looked up.
    pub(crate) fn answered(
        &mut self,
        answer: Result<Option<bool>, AnswerError>,
        dialog: Dialog,
    ) -> Option<bool> {
        match answer {
            Ok(answer) => {
                self.dialogs.push(Dialog { answer, ..dialog });
                answer
            }
            Err(error) => {
                self.misanswered.push(error);
                None
            }
        }
    }
}

/// The changes of a file, line by line; in words where a line holds a secret.
fn change_of(file: &Rewrite) -> Option<Change> {
    let change = Change::edit(&file.path, &file.before, &file.after)?;
    let Change::Edit { path, edits } = &change else { return Some(change) };
    let hides = |line: &Option<String>| line.as_deref().is_some_and(Rewrite::is_redacted);
    if !edits.iter().any(|edit| hides(&edit.before) || hides(&edit.after)) {
        return Some(change);
    }
    let lines: BTreeSet<usize> = edits.iter().map(|edit| edit.line).collect();
    let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
    Some(Change::other(format!(
        "Lines {} of {path} change; what they say in full is on the host alone, since a snapshot \
         holds no secrets",
        lines.join(", ")
    )))
}
