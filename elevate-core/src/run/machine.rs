//! The course of a run: which step comes next, and what the journal says of it.

use std::collections::BTreeSet;
use std::fs::File;

use schemars::JsonSchema;
use serde::Serialize;

use super::error::RunError;
use super::executor::{Act, Executor, Found, Intent, StepError, Task};
use super::journal::{Backup, Event, Journal, Outcome, Record, State, VERSION};
use super::values;
use crate::model::schema;
use crate::plan::edit::digest;
use crate::plan::step::Repeat;
use crate::plan::{Action, Phase, Plan, Step, Verdict};

/// Where a run keeps what it needs, below the root.
pub(super) const DIRECTORY: &str = "/var/lib/elevate/run";
pub(super) const JOURNAL: &str = "/var/lib/elevate/run/journal.jsonl";
const LOCK: &str = "/var/lib/elevate/run/lock";

/// How a run is carried out.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The phases to be done; all where there is none.
    pub phases: BTreeSet<Phase>,
    /// Steps that were interrupted and are to be done again, by id.
    pub redo: BTreeSet<String>,
    /// Steps that were interrupted and count as done, by id.
    pub assume_done: BTreeSet<String>,
    /// Carry a plan out though facts were missing when it was made.
    pub accept_incomplete: bool,
}

/// What a run tells while it goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "tells", rename_all = "kebab-case")]
pub enum Telling<'a> {
    /// A step is begun.
    Step {
        /// Its id.
        step: &'a str,
        /// Its phase.
        phase: Phase,
        /// Its place among all steps, from 1.
        number: usize,
        /// How many steps there are.
        of: usize,
        /// What is done.
        what: String,
    },
    /// A command printed a line.
    Output {
        /// The step.
        step: &'a str,
        /// The line.
        line: &'a str,
    },
    /// A step is done.
    Done {
        /// Its id.
        step: &'a str,
        /// What came of it.
        #[serde(flatten)]
        outcome: &'a Outcome,
    },
    /// A step was taken back.
    Undone {
        /// Its id.
        step: &'a str,
    },
    /// Something else that is to be known.
    Note {
        /// What.
        text: &'a str,
    },
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Steps that were done in all, in this run and before.
    pub done: usize,
    /// Steps that are left to somebody else, and why.
    pub left: Vec<(String, String)>,
    /// Steps that are not done: their phases were not asked for.
    pub waiting: usize,
}

/// What every run needs: a plan as it was read, who carries it out, what time it is, and who
/// is told.
pub struct Run<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// SHA-256 of the bytes it was read from, in hexadecimal.
    pub digest: &'a str,
    /// Who carries it out.
    pub executor: &'a mut dyn Executor,
    /// Seconds since 1970.
    pub clock: &'a dyn Fn() -> u64,
    /// Is told how it goes.
    pub tell: &'a mut dyn FnMut(Telling<'_>),
}

/// The journal on the disk, and the lock of the run.
pub(super) struct Book {
    pub(super) journal: Journal,
    file: File,
    _lock: File,
}

/// Why a plan must not be carried out; `None` where it may.
pub fn refusal(plan: &Plan, options: &Options) -> Option<String> {
    if let Some(finding) = plan.inhibitors().next() {
        let more = plan.inhibitors().count();
        return Some(format!(
            "{} ({}), one of {more} findings that forbid it",
            finding.title, finding.id
        ));
    }
    if plan.judged() == Verdict::Inhibited {
        return Some("leapp itself would stop".to_owned());
    }
    if plan.transaction.is_none() {
        let why = "it has no transaction: no target repository was read when it was made";
        return Some(why.to_owned());
    }
    if plan.judged() == Verdict::Incomplete && !options.accept_incomplete {
        return Some(format!("facts were missing when it was made: {}", plan.missing.join("; ")));
    }
    if let Some(wrong) = plan.steps().find_map(values::wrong) {
        return Some(wrong);
    }
    let mut ids = BTreeSet::new();
    let twice = plan.steps().find(|step| !ids.insert(&step.id));
    twice.map(|step| format!("there are two steps {}", step.id)).or_else(|| disagrees(plan))
}

/// Where parts of a plan that were made together do not fit.
fn disagrees(plan: &Plan) -> Option<String> {
    let come = plan.target_packages().len();
    let go = plan.packages.iter().filter(|operation| operation.leaves()).count();
    plan.steps().find_map(|step| match step.action {
        Action::Transaction { arriving, leaving } if (arriving, leaving) != (come, go) => {
            Some(format!("{} says otherwise than the packages: {}", step.id, step.action))
        }
        _ => None,
    })
}

/// What a run would do, step by step.
pub fn preview<'p>(plan: &'p Plan, executor: &dyn Executor) -> Vec<(Phase, &'p Step, Intent)> {
    let stages = plan.stages.iter();
    let steps = stages.flat_map(|stage| stage.steps.iter().map(|step| (stage.phase, step)));
    steps.map(|(phase, step)| (phase, step, intent(plan, step, executor))).collect()
}

/// Whether a step exchanges packages.
pub(super) fn is_exchange(step: &Step) -> bool {
    matches!(step.action, Action::Transaction { .. })
}

/// What an executor makes of a step; a plan that reaches for the run's own files gets
/// nothing.
fn intent(plan: &Plan, step: &Step, executor: &dyn Executor) -> Intent {
    let intent = executor.intent(plan, step);
    let Intent::Do(acts) = &intent else { return intent };
    let own = acts.iter().filter_map(Act::changes).find(|path| is_own(path));
    match own {
        Some(path) => Intent::Leave(format!("{path} belongs to the run itself")),
        None if acts.len() > 1 && acts.iter().any(|act| act.changes().is_some()) => {
            Intent::Leave("the executor wants to do several things to files at once".to_owned())
        }
        None => intent,
    }
}

fn is_own(path: &str) -> bool {
    let names: Vec<&str> = path.split('/').filter(|name| !matches!(*name, "" | ".")).collect();
    names.contains(&"..") || names.starts_with(&["var", "lib", "elevate", "run"])
}

impl Telling<'_> {
    /// The JSON Schema of a line of `--json-events`.
    pub fn schema() -> serde_json::Value {
        schema::<Telling<'static>>("run-event", "event of a run", VERSION)
    }
}

impl Run<'_> {
    /// Begins a run.
    ///
    /// # Errors
    ///
    /// See [`RunError`]; what was done until then is in the journal.
    pub fn begin(&mut self, options: &Options) -> Result<Summary, RunError> {
        if let Some(why) = refusal(self.plan, options) {
            return Err(RunError::Refused(why));
        }
        let mut book = self.open()?;
        if !book.journal.records.is_empty() {
            if !book.journal.is_ended() {
                return Err(RunError::Begun);
            }
            book = self.put_away(book)?;
        }
        self.compare_host()?;
        let begin = Event::Begin {
            version: VERSION,
            plan: self.digest.to_owned(),
            executor: self.executor.name().to_owned(),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
        };
        self.record(&mut book, begin)?;
        self.go(&mut book, options)
    }

    /// Goes on with a run that was interrupted, or of which phases were left out.
    ///
    /// # Errors
    ///
    /// Those of [`Run::begin`].
    pub fn resume(&mut self, options: &Options) -> Result<Summary, RunError> {
        if let Some(why) = refusal(self.plan, options) {
            return Err(RunError::Refused(why));
        }
        let mut book = self.open_begun()?;
        if book.journal.is_ended() {
            let is_undone =
                self.plan.steps().any(|step| book.journal.state(&step.id) == State::Waiting);
            return if is_undone { Err(RunError::NothingBegun) } else { Ok(self.summary(&book)) };
        }
        if !self.is_exchanging(&book) {
            self.compare_host()?;
        }
        self.record(&mut book, Event::Resume)?;
        self.go(&mut book, options)
    }

    fn go(&mut self, book: &mut Book, options: &Options) -> Result<Summary, RunError> {
        let plan = self.plan;
        let of = plan.steps().count();
        let mut number = 0;
        let mut is_all = true;
        for stage in &plan.stages {
            let is_wanted = options.phases.is_empty() || options.phases.contains(&stage.phase);
            let is_last = !options.phases.iter().any(|phase| *phase > stage.phase);
            for step in &stage.steps {
                number += 1;
                if let State::Done(..) = book.journal.state(&step.id) {
                    continue;
                }
                if !is_wanted {
                    if !is_last {
                        let step = step.id.clone();
                        return Err(RunError::Early { phase: stage.phase, step });
                    }
                    is_all = false;
                    continue;
                }
                if self.settle(book, step, options)? {
                    continue;
                }
                let what = step.action.to_string();
                let (step_id, phase) = (step.id.as_str(), stage.phase);
                (self.tell)(Telling::Step { step: step_id, phase, number, of, what });
                self.step(book, step)?;
            }
        }
        if is_all && !book.journal.is_ended() {
            self.record(book, Event::End)?;
        }
        Ok(self.summary(book))
    }

    fn summary(&self, book: &Book) -> Summary {
        let mut summary = Summary::default();
        for step in self.plan.steps() {
            match book.journal.state(&step.id) {
                State::Done(Outcome::Left { why }, _) => {
                    summary.left.push((step.id.clone(), why.clone()));
                }
                State::Done(..) => summary.done += 1,
                _ => summary.waiting += 1,
            }
        }
        summary
    }

    /// Finds out what became of a step that was interrupted. Says whether it is done.
    fn settle(
        &mut self,
        book: &mut Book,
        step: &Step,
        options: &Options,
    ) -> Result<bool, RunError> {
        let backup = match book.journal.state(&step.id) {
            State::Begun(backup) => backup.cloned(),
            // What failed may have come half the way.
            State::Waiting if is_exchange(step) && book.journal.was_begun(&step.id) => None,
            _ => return Ok(false),
        };
        let half = |why: String| RunError::HalfDone { step: step.id.clone(), why };
        let found = if options.assume_done.contains(&step.id) {
            Found::Done
        } else if options.redo.contains(&step.id) {
            Found::NotDone
        } else if let Some(backup) = &backup {
            self.found_file(step, backup).map_err(|error| half(error.0))?
        } else if step.repeat == Repeat::Safe || self.is_left(step) {
            Found::NotDone
        } else {
            self.executor.found(self.plan, step).map_err(|error| half(error.0))?
        };
        let id = step.id.clone();
        match found {
            Found::Done => {
                let outcome = Outcome::Changed;
                self.record(book, Event::Done { step: id, outcome })?;
                Ok(true)
            }
            Found::NotDone => {
                self.record(book, Event::Undone { step: id })?;
                Ok(false)
            }
            Found::Unknown(why) => Err(half(why)),
        }
    }

    fn is_left(&self, step: &Step) -> bool {
        matches!(intent(self.plan, step, self.executor), Intent::Leave(_))
    }

    /// Whether a file was changed already, by its copy from before.
    fn found_file(&self, step: &Step, backup: &Backup) -> Result<Found, StepError> {
        let files = self.executor.files();
        let path = &backup.path;
        let now = files.digest(path).map_err(|error| StepError::of(path, error))?;
        if now == backup.sha256 {
            return Ok(Found::NotDone);
        }
        let before = backup.content(files)?;
        let Intent::Do(acts) = intent(self.plan, step, self.executor) else {
            return Ok(Found::Unknown("nothing is to be done for it".to_owned()));
        };
        let Some(act) = acts.iter().find(|act| act.changes() == Some(path)) else {
            return Ok(Found::Unknown(format!("{path} is none of its files")));
        };
        let wanted = act.result(files, before.as_deref())?;
        Ok(match now == wanted.as_deref().map(digest) {
            true => Found::Done,
            false => Found::Unknown(format!("{path} is neither as before nor as planned")),
        })
    }

    fn step(&mut self, book: &mut Book, step: &Step) -> Result<(), RunError> {
        let failed = |why: String| RunError::Step { step: step.id.clone(), why };
        let acts = match intent(self.plan, step, self.executor) {
            Intent::Leave(why) => {
                self.record(book, Event::Start { step: step.id.clone(), backup: None })?;
                return self.done(book, step, Outcome::Left { why });
            }
            Intent::Do(acts) => acts,
        };
        let changed = acts.iter().find(|act| act.changes().is_some()).cloned();
        let outcome = match &changed {
            Some(act) => self.change(book, step, act)?,
            None => {
                self.record(book, Event::Start { step: step.id.clone(), backup: None })?;
                self.perform(step, &acts)
            }
        };
        match outcome {
            Ok(outcome) => self.done(book, step, outcome),
            Err(error) => {
                let (step, why) = (step.id.clone(), error.0.clone());
                self.record(book, Event::Failed { step, why })?;
                Err(failed(error.0))
            }
        }
    }

    fn perform(&mut self, step: &Step, acts: &[Act]) -> Result<Outcome, StepError> {
        let tell = &mut *self.tell;
        let mut say = |line: &str| tell(Telling::Output { step: &step.id, line });
        let mut task = Task { plan: self.plan, step, say: &mut say };
        let mut outcome = Outcome::Unchanged;
        for act in acts {
            match self.executor.perform(&mut task, act)? {
                Outcome::Unchanged => {}
                more => outcome = more,
            }
        }
        Ok(outcome)
    }

    /// Changes a file. What it held before is kept first.
    fn change(
        &mut self,
        book: &mut Book,
        step: &Step,
        act: &Act,
    ) -> Result<Result<Outcome, StepError>, RunError> {
        let Some(path) = act.changes().map(str::to_owned) else {
            return Ok(Ok(Outcome::Unchanged));
        };
        let (backup, now) = match self.keep(step, &path) {
            Ok(kept) => kept,
            Err(error) => {
                self.record(book, Event::Start { step: step.id.clone(), backup: None })?;
                return Ok(Err(error));
            }
        };
        let before = backup.sha256.clone();
        let start = Event::Start { step: step.id.clone(), backup: Some(backup) };
        self.record(book, start)?;
        let files = self.executor.files();
        let change = || {
            let failed = |error| StepError::of(&path, error);
            match act.result(files, now.as_deref())? {
                wanted if wanted.as_deref().map(digest) == before => Ok(Outcome::Unchanged),
                Some(content) => {
                    files.replace(&path, &content).map_err(failed)?;
                    Ok(Outcome::Changed)
                }
                None => {
                    files.remove(&path).map_err(failed)?;
                    Ok(Outcome::Changed)
                }
            }
        };
        Ok(change())
    }

    /// Keeps what a file holds, and says what it is.
    fn keep(&self, step: &Step, path: &str) -> Result<(Backup, Option<Vec<u8>>), StepError> {
        let files = self.executor.files();
        let content = files.read(path).map_err(|error| StepError::of(path, error))?;
        let sha256 = content.as_deref().map(digest);
        let copy = match &content {
            None => None,
            Some(content) => {
                let name = digest(step.id.as_bytes());
                let copy = format!("{DIRECTORY}/backup/{name}");
                files.replace(&copy, content).map_err(|error| StepError::of(&copy, error))?;
                Some(copy)
            }
        };
        Ok((Backup { path: path.to_owned(), copy, sha256 }, content))
    }

    fn done(&mut self, book: &mut Book, step: &Step, outcome: Outcome) -> Result<(), RunError> {
        (self.tell)(Telling::Done { step: &step.id, outcome: &outcome });
        self.record(book, Event::Done { step: step.id.clone(), outcome })
    }

    fn compare_host(&mut self) -> Result<(), RunError> {
        let drift = self.executor.drift(self.plan).map_err(|error| RunError::Refused(error.0))?;
        if drift.is_empty() { Ok(()) } else { Err(RunError::Drifted(drift)) }
    }

    /// Whether packages were exchanged, or may have been: somebody began to.
    pub(super) fn is_exchanging(&self, book: &Book) -> bool {
        let mut exchanges = self.plan.steps().filter(|step| is_exchange(step));
        exchanges.any(|step| book.journal.was_begun(&step.id))
    }

    pub(super) fn record(&mut self, book: &mut Book, event: Event) -> Result<(), RunError> {
        let record = Record { time: (self.clock)(), event };
        Ok(book.journal.add(&mut book.file, record)?)
    }

    /// Opens the journal of a run that was begun with this plan and this executor.
    pub(super) fn open_begun(&mut self) -> Result<Book, RunError> {
        let book = self.open()?;
        let Some((begun, executor)) = book.journal.plan().zip(book.journal.executor()) else {
            return Err(RunError::NothingBegun);
        };
        if begun != self.digest {
            let (begun, given) = (begun.to_owned(), self.digest.to_owned());
            return Err(RunError::OtherPlan { begun, given });
        }
        if executor != self.executor.name() {
            let (begun, given) = (executor.to_owned(), self.executor.name().to_owned());
            return Err(RunError::OtherExecutor { begun, given });
        }
        Ok(book)
    }

    /// Takes the lock and opens the journal; what a crash tore off is cut.
    fn open(&mut self) -> Result<Book, RunError> {
        let files = self.executor.files();
        let lock = files.lock(LOCK).map_err(RunError::file(LOCK))?.ok_or(RunError::Busy)?;
        let bytes = files.read(JOURNAL).map_err(RunError::file(JOURNAL))?.unwrap_or_default();
        let journal = Journal::read(&bytes)?;
        let file = files.open_log(JOURNAL).map_err(RunError::file(JOURNAL))?;
        if journal.torn {
            file.set_len(journal.length).map_err(RunError::file(JOURNAL))?;
            file.sync_all().map_err(RunError::file(JOURNAL))?;
            let text = "the last record of the journal was not written to its end; it is dropped";
            (self.tell)(Telling::Note { text });
        }
        Ok(Book { journal, file, _lock: lock })
    }

    /// Puts the journal of a run that is at its end out of the way.
    fn put_away(&mut self, book: Book) -> Result<Book, RunError> {
        let files = self.executor.files();
        let bytes = files.read(JOURNAL).map_err(RunError::file(JOURNAL))?.unwrap_or_default();
        let old = format!("{DIRECTORY}/journal-{}.jsonl", &digest(&bytes)[..16]);
        files.replace(&old, &bytes).map_err(RunError::file(&old))?;
        files.remove(JOURNAL).map_err(RunError::file(JOURNAL))?;
        let file = files.open_log(JOURNAL).map_err(RunError::file(JOURNAL))?;
        Ok(Book { journal: Journal::default(), file, ..book })
    }
}
