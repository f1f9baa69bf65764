//! Taking a run back, up to the exchange of packages.

use super::error::RunError;
use super::executor::{Act, Intent, StepError, Task};
use super::journal::{Backup, Event, Outcome, State};
use super::machine::{Book, Run, Telling, is_exchange};
use crate::plan::Step;
use crate::plan::edit::digest;
use crate::plan::step::Undo;

impl Run<'_> {
    /// Takes back what a run has done, the last step first. Steps that nothing undoes are
    /// told, by id.
    ///
    /// # Errors
    ///
    /// Where packages were exchanged: only a snapshot or a backup of the host helps then.
    /// Where a file was changed since by somebody else; it is left alone. Else those of
    /// [`Run::begin`].
    pub fn undo(&mut self) -> Result<Vec<String>, RunError> {
        let mut book = self.open_begun()?;
        let steps = || self.plan.steps();
        if book.journal.is_ended()
            && steps().all(|step| book.journal.state(&step.id) == State::Waiting)
        {
            return Err(RunError::NothingBegun);
        }
        if self.is_exchanging(&book) {
            self.is_untouched(&book)?;
        }
        let plan = self.plan;
        let steps: Vec<&Step> = plan.steps().collect();
        let mut kept = Vec::new();
        for step in steps.into_iter().rev() {
            let (changed, backup) = match book.journal.state(&step.id) {
                State::Waiting => continue,
                State::Begun(backup) => (true, backup.cloned()),
                State::Done(outcome, backup) => (*outcome == Outcome::Changed, backup.cloned()),
            };
            let changed = changed && !is_exchange(step);
            if changed && !self.take_back(step, backup.as_ref())? {
                kept.push(step.id.clone());
                continue;
            }
            self.undone(&mut book, step)?;
        }
        if kept.is_empty() {
            self.record(&mut book, Event::End)?;
        }
        Ok(kept)
    }

    /// Whether all packages are still what they were, though somebody began to exchange them.
    fn is_untouched(&mut self, book: &Book) -> Result<(), RunError> {
        let plan = self.plan;
        for step in plan.steps().filter(|step| is_exchange(step)) {
            let failed = |why: String| RunError::NotUndone { step: step.id.clone(), why };
            let is_done = matches!(book.journal.state(&step.id), State::Done(..));
            let drift = self.executor.drift(plan).map_err(|error| failed(error.0))?;
            if is_done || !drift.is_empty() {
                let why = "packages were exchanged; a snapshot or a backup of the host is the \
                           only way back";
                return Err(failed(why.to_owned()));
            }
        }
        Ok(())
    }

    fn undone(&mut self, book: &mut Book, step: &Step) -> Result<(), RunError> {
        (self.tell)(Telling::Undone { step: &step.id });
        self.record(book, Event::Undone { step: step.id.clone() })
    }

    /// Says whether the step is undone.
    fn take_back(&mut self, step: &Step, backup: Option<&Backup>) -> Result<bool, RunError> {
        let failed = |error: StepError| RunError::NotUndone { step: step.id.clone(), why: error.0 };
        if let Some(backup) = backup {
            return self.restore(step, backup).map(|()| true).map_err(failed);
        }
        match &step.undo {
            Undo::Nothing => Ok(true),
            Undo::Backup | Undo::Impossible => Ok(false),
            Undo::Command { command } => {
                let act = self.executor.undoing(self.plan, command);
                let Intent::Do(acts) = act else { return Ok(false) };
                let tell = &mut *self.tell;
                let mut say = |line: &str| tell(Telling::Output { step: &step.id, line });
                let mut task = Task { plan: self.plan, step, say: &mut say };
                for act in &acts {
                    self.executor.perform(&mut task, act).map_err(failed)?;
                }
                Ok(true)
            }
        }
    }

    /// Puts a file back, where it is what the step made of it.
    fn restore(&self, step: &Step, backup: &Backup) -> Result<(), StepError> {
        let files = self.executor.files();
        let Backup { path, sha256, .. } = backup;
        let failed = |error: std::io::Error| StepError::of(path, error);
        let now = files.digest(path).map_err(failed)?;
        if now == *sha256 {
            return Ok(());
        }
        let before = backup.content(files)?;
        let acts = match self.executor.intent(self.plan, step) {
            Intent::Do(acts) => acts,
            Intent::Leave(_) => Vec::new(),
        };
        let act = acts.iter().find(|act| act.changes() == Some(path));
        let made = act.map(|act: &Act| act.result(files, before.as_deref())).transpose()?;
        if made.is_none_or(|made| made.as_deref().map(digest) != now) {
            return Err(StepError::of(path, "was changed since; what it held before is kept"));
        }
        match before {
            Some(content) => files.replace(path, &content).map_err(failed),
            None => files.remove(path).map_err(failed),
        }
    }
}
