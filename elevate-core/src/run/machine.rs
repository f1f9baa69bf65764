//! The course of a run: which step comes next, and what the journal says of it.

use std::collections::BTreeSet;
use std::fs::File;

use schemars::JsonSchema;
use serde::Serialize;

use super::error::RunError;
use super::executor::{Act, Executor, Intent};
use super::journal::{Event, Journal, Outcome, Record, State, VERSION};
use super::step::Next;
use super::values;
use crate::model::schema;
use crate::plan::edit::digest;
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
    /// A step goes on elsewhere, and the run waits for it.
    Waits {
        /// Its id.
        step: &'a str,
        /// What is to be done until then.
        why: &'a str,
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
    /// Steps that are not done: their phases were not asked for, or they come after one that
    /// the run waits for.
    pub waiting: usize,
    /// The step that goes on elsewhere, and what is to be done until the run can be resumed.
    pub waits: Option<(String, String)>,
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
pub(super) fn intent(plan: &Plan, step: &Step, executor: &dyn Executor) -> Intent {
    let intent = executor.intent(plan, step);
    let Intent::Do(acts) = &intent else { return intent };
    let changed: Vec<&str> = acts.iter().filter_map(Act::changes).collect();
    let distinct: BTreeSet<&str> = changed.iter().copied().collect();
    if let Some(path) = changed.iter().find(|path| is_own(path)) {
        return Intent::Leave(format!("{path} belongs to the run itself"));
    }
    if distinct.len() != changed.len() || ![0, acts.len()].contains(&changed.len()) {
        let why = "the executor wants to do several things at once of which one cannot be undone";
        return Intent::Leave(why.to_owned());
    }
    intent
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
            return if is_undone {
                Err(RunError::NothingBegun)
            } else {
                Ok(self.summary(&book, None))
            };
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
                let next = self.settle(book, step, options)?;
                if matches!(next, Next::Step) {
                    let what = step.action.to_string();
                    let (step_id, phase) = (step.id.as_str(), stage.phase);
                    (self.tell)(Telling::Step { step: step_id, phase, number, of, what });
                }
                if let Some(why) = self.step(book, step, next)? {
                    return Ok(self.summary(book, Some((step.id.clone(), why))));
                }
            }
        }
        if is_all && !book.journal.is_ended() {
            self.record(book, Event::End)?;
        }
        Ok(self.summary(book, None))
    }

    fn summary(&self, book: &Book, waits: Option<(String, String)>) -> Summary {
        let mut summary = Summary { waits, ..Summary::default() };
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

    fn compare_host(&mut self) -> Result<(), RunError> {
        let drift = self.executor.drift(self.plan).map_err(|error| RunError::Refused(error.0))?;
        if drift.is_empty() { Ok(()) } else { Err(RunError::Drifted(drift)) }
    }

    /// Whether packages were exchanged, or may have been: somebody began to.
    pub(super) fn is_exchanging(&self, book: &Book) -> bool {
        let is_left = |step: &Step| {
            matches!(book.journal.state(&step.id), State::Done(Outcome::Left { .. }, _))
        };
        let mut exchanges = self.plan.steps().filter(|step| is_exchange(step) && !is_left(step));
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
