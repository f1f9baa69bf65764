//! Taking a run back, up to the exchange of packages.

use super::backup::{Backup, Now};
use super::error::RunError;
use super::executor::{Found, Intent, StepError};
use super::journal::{Event, Outcome, State};
use super::machine::{Book, Run, Telling, is_exchange};
use crate::plan::Step;
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
            let (changed, backups) = match book.journal.state(&step.id) {
                State::Waiting => continue,
                State::Begun(backups) => (true, backups.to_vec()),
                State::Done(outcome, backups) => (*outcome == Outcome::Changed, backups.to_vec()),
            };
            let changed = changed && !is_exchange(step);
            if changed && !self.take_back(&mut book, step, &backups)? {
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
            if let Ok(Found::Waits(why)) = self.executor.found(plan, step) {
                return Err(failed(format!("it goes on elsewhere: {why}")));
            }
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
    fn take_back(
        &mut self,
        book: &mut Book,
        step: &Step,
        backups: &[Backup],
    ) -> Result<bool, RunError> {
        let failed = |error: StepError| RunError::NotUndone { step: step.id.clone(), why: error.0 };
        if !backups.is_empty() {
            return self.restore(step, backups).map(|()| true).map_err(failed);
        }
        match &step.undo {
            Undo::Nothing => Ok(true),
            Undo::Backup | Undo::Impossible => Ok(false),
            Undo::Command { command } => {
                let act = self.executor.undoing(self.plan, command);
                let Intent::Do(acts) = act else { return Ok(false) };
                for act in &acts {
                    self.one(book, step, act)?.map_err(failed)?;
                }
                Ok(true)
            }
        }
    }

    /// Puts files back, where they are what the step made of them.
    fn restore(&self, step: &Step, backups: &[Backup]) -> Result<(), StepError> {
        let now = self.files_now(step, backups)?;
        if let Some(at) = now.iter().position(|now| *now == Now::Other) {
            let why = "was changed since; what it held before is kept";
            return Err(StepError::of(&backups[at].path, why));
        }
        let changed = backups.iter().zip(&now).filter(|(_, now)| **now == Now::After);
        changed.rev().try_for_each(|(backup, _)| backup.put_back(self.executor.files()))
    }
}
