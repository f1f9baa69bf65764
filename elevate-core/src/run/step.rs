//! A step of a run: what became of it where it was begun before, and doing it.

use super::backup::{Backup, Now};
use super::error::RunError;
use super::executor::{Act, Found, Intent, StepError, Task};
use super::journal::{Event, Outcome, State};
use super::machine::{Book, Options, Run, Telling, intent, is_exchange};
use crate::plan::Step;
use crate::plan::step::Repeat;

/// What is to be done of a step.
pub(super) enum Next {
    /// All of it.
    Step,
    /// What comes after that for which it waited.
    Rest,
    /// Nothing as long as it goes on elsewhere; what is to be done until then.
    Wait(String),
}

impl Run<'_> {
    /// Finds out what became of a step that was begun before, and what is to be done now.
    pub(super) fn settle(
        &mut self,
        book: &mut Book,
        step: &Step,
        options: &Options,
    ) -> Result<Next, RunError> {
        let backups = match book.journal.state(&step.id) {
            State::Begun(backups) => backups.to_vec(),
            // What failed may have come half the way.
            State::Waiting if is_exchange(step) && book.journal.was_begun(&step.id) => Vec::new(),
            _ => return Ok(Next::Step),
        };
        let half = |why: String| RunError::HalfDone { step: step.id.clone(), why };
        let intent = intent(self.plan, step, self.executor);
        let is_sure_to_do_again = match &intent {
            Intent::Leave(_) => true,
            Intent::Do(acts) => {
                let waits = acts.iter().any(|act| matches!(act, Act::Await(_)));
                step.repeat == Repeat::Safe && !waits
            }
        };
        let found = if options.assume_done.contains(&step.id) {
            Found::Done
        } else if options.redo.contains(&step.id) {
            Found::NotDone
        } else if !backups.is_empty() {
            self.found_files(step, &backups).map_err(|error| half(error.0))?
        } else if is_sure_to_do_again {
            Found::NotDone
        } else {
            self.executor.found(self.plan, step).map_err(|error| half(error.0))?
        };
        match found {
            Found::Done => Ok(Next::Rest),
            Found::Waits(why) => Ok(Next::Wait(why)),
            Found::NotDone => {
                self.record(book, Event::Undone { step: step.id.clone() })?;
                Ok(Next::Step)
            }
            Found::Unknown(why) => Err(half(why)),
        }
    }

    /// What is done for a step.
    pub(super) fn acts(&self, step: &Step) -> Vec<Act> {
        match intent(self.plan, step, self.executor) {
            Intent::Do(acts) => acts,
            Intent::Leave(_) => Vec::new(),
        }
    }

    /// Files that a step changes, each with what becomes of it and what it is now.
    pub(super) fn files_now(&self, step: &Step, backups: &[Backup]) -> Result<Vec<Now>, StepError> {
        let acts = self.acts(step);
        let now = |backup: &Backup| {
            let act = acts.iter().find(|act| act.changes() == Some(&backup.path));
            let act = act.ok_or_else(|| StepError::of(&backup.path, "is none of its files"))?;
            backup.now(self.executor.files(), act)
        };
        backups.iter().map(now).collect()
    }

    /// Whether files were changed already. Where only some were, those are put back.
    fn found_files(&self, step: &Step, backups: &[Backup]) -> Result<Found, StepError> {
        let now = self.files_now(step, backups)?;
        if let Some(at) = now.iter().position(|now| *now == Now::Other) {
            let path = &backups[at].path;
            return Ok(Found::Unknown(format!("{path} is neither as before nor as planned")));
        }
        if now.iter().all(|now| *now == Now::After) {
            return Ok(Found::Done);
        }
        let changed = backups.iter().zip(&now).filter(|(_, now)| **now == Now::After);
        for (backup, _) in changed {
            backup.put_back(self.executor.files())?;
        }
        Ok(Found::NotDone)
    }

    /// Does a step, or what is left of it. Says why it waits, where it does.
    pub(super) fn step(
        &mut self,
        book: &mut Book,
        step: &Step,
        next: Next,
    ) -> Result<Option<String>, RunError> {
        let acts = match (next, intent(self.plan, step, self.executor)) {
            (Next::Wait(why), _) => return self.wait(book, step, why).map(Some),
            (Next::Rest, Intent::Leave(_)) => {
                return self.done(book, step, Outcome::Changed).map(|()| None);
            }
            (Next::Rest, Intent::Do(acts)) => {
                let waited = acts.iter().position(|act| matches!(act, Act::Await(_)));
                let rest = waited.map_or(acts.len(), |at| at + 1);
                return self.perform(book, step, &acts[rest..], Outcome::Changed);
            }
            (Next::Step, Intent::Leave(why)) => {
                self.start(book, step, Vec::new())?;
                return self.done(book, step, Outcome::Left { why }).map(|()| None);
            }
            (Next::Step, Intent::Do(acts)) => acts,
        };
        if acts.iter().any(|act| act.changes().is_some()) {
            let outcome = self.change(book, step, &acts)?;
            return self.came_of(book, step, outcome).map(|()| None);
        }
        self.start(book, step, Vec::new())?;
        self.perform(book, step, &acts, Outcome::Unchanged)
    }

    fn start(
        &mut self,
        book: &mut Book,
        step: &Step,
        backups: Vec<Backup>,
    ) -> Result<(), RunError> {
        self.record(book, Event::Start { step: step.id.clone(), backups })
    }

    fn wait(&mut self, book: &mut Book, step: &Step, why: String) -> Result<String, RunError> {
        (self.tell)(Telling::Waits { step: &step.id, why: &why });
        self.record(book, Event::Waits { step: step.id.clone(), why: why.clone() })?;
        Ok(why)
    }

    /// Does what changes no files. Says why it waits, where it does.
    fn perform(
        &mut self,
        book: &mut Book,
        step: &Step,
        acts: &[Act],
        mut outcome: Outcome,
    ) -> Result<Option<String>, RunError> {
        for act in acts {
            let done = match act {
                Act::Await(_) => match self.executor.found(self.plan, step) {
                    Ok(Found::Waits(why)) => return self.wait(book, step, why).map(Some),
                    Ok(Found::Done) => Ok(Outcome::Unchanged),
                    Ok(Found::NotDone) => Err(StepError("it has not come about".to_owned())),
                    Ok(Found::Unknown(why)) => Err(StepError(why)),
                    Err(error) => Err(error),
                },
                act => self.one(book, step, act)?,
            };
            match done {
                Ok(Outcome::Unchanged) => {}
                Ok(more) => outcome = more,
                failed => return self.came_of(book, step, failed).map(|()| None),
            }
        }
        self.came_of(book, step, Ok(outcome)).map(|()| None)
    }

    /// Does one thing, and notes what is to be known of it.
    pub(super) fn one(
        &mut self,
        book: &mut Book,
        step: &Step,
        act: &Act,
    ) -> Result<Result<Outcome, StepError>, RunError> {
        let tell = &mut *self.tell;
        let mut say = |line: &str| tell(Telling::Output { step: &step.id, line });
        let mut notes = Vec::new();
        let mut task = Task { plan: self.plan, step, say: &mut say, notes: &mut notes };
        let outcome = self.executor.perform(&mut task, act);
        for text in notes {
            (self.tell)(Telling::Note { text: &text });
            self.record(book, Event::Note { text })?;
        }
        Ok(outcome)
    }

    /// Changes files. What they held before is kept first.
    fn change(
        &mut self,
        book: &mut Book,
        step: &Step,
        acts: &[Act],
    ) -> Result<Result<Outcome, StepError>, RunError> {
        let files = self.executor.files();
        let keep = |act| {
            let path: Option<&str> = Act::changes(act);
            path.map(|path| Backup::keep(files, step, act, path))
        };
        let kept: Result<Vec<Backup>, StepError> = acts.iter().filter_map(keep).collect();
        let backups = match kept {
            Ok(backups) => backups,
            Err(error) => {
                self.start(book, step, Vec::new())?;
                return Ok(Err(error));
            }
        };
        self.start(book, step, backups.clone())?;
        let mut outcome = Outcome::Unchanged;
        for (backup, act) in backups.iter().zip(acts) {
            match backup.change(self.executor.files(), act) {
                Ok(Outcome::Unchanged) => {}
                Ok(more) => outcome = more,
                Err(error) => return Ok(Err(self.give_up(&backups, backup, error))),
            }
        }
        Ok(Ok(outcome))
    }

    /// A file could not be changed: those before it become what they were.
    fn give_up(&self, backups: &[Backup], failed: &Backup, error: StepError) -> StepError {
        let changed = backups.iter().take_while(|backup| *backup != failed);
        let mut back = changed.map(|backup| backup.put_back(self.executor.files()));
        match back.find_map(Result::err) {
            Some(worse) => StepError(format!("{error}; and {worse}")),
            None => error,
        }
    }

    fn came_of(
        &mut self,
        book: &mut Book,
        step: &Step,
        outcome: Result<Outcome, StepError>,
    ) -> Result<(), RunError> {
        match outcome {
            Ok(outcome) => self.done(book, step, outcome),
            Err(StepError(why)) => {
                let (step, told) = (step.id.clone(), why.clone());
                self.record(book, Event::Failed { step: step.clone(), why: told })?;
                Err(RunError::Step { step, why })
            }
        }
    }

    fn done(&mut self, book: &mut Book, step: &Step, outcome: Outcome) -> Result<(), RunError> {
        (self.tell)(Telling::Done { step: &step.id, outcome: &outcome });
        self.record(book, Event::Done { step: step.id.clone(), outcome })
    }
}
