//! The journal of a run: what was begun and what was done, a record a line, never changed.
//!
//! Each record is JSON and carries the digest of all before it, so that a journal that was
//! cut, put together or edited is known for that. A record counts when it is on the disk:
//! one before a step, one behind it. A last line without an end is the mark of a crash and is
//! cut off; anything else that does not fit is damage.
//!
//! | version | change |
//! |--|--|
//! | 1 | first |

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::backup::Backup;
use crate::model::{hex, schema};

/// The version written, and the newest that can be read.
pub const VERSION: u32 = 1;
/// The largest journal that is read, in bytes.
pub const MAX_BYTES: u64 = 64 << 20;

/// A line of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// What is recorded.
    pub record: Record,
    /// SHA-256 of the previous line's and of this record, in hexadecimal.
    pub chain: String,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// When, in seconds since 1970.
    pub time: u64,
    /// What.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A run was begun.
    Begin {
        /// Version of the format.
        version: u32,
        /// SHA-256 of the plan's bytes, in hexadecimal.
        plan: String,
        /// Who carries it out.
        executor: String,
        /// Version of the tool.
        tool: String,
    },
    /// A run was taken up again.
    Resume,
    /// A step is about to be done.
    Start {
        /// Its id.
        step: String,
        /// The files it is about to change, as they are now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        backups: Vec<Backup>,
    },
    /// A step goes on elsewhere, and the run waits for it.
    Waits {
        /// Its id.
        step: String,
        /// What is to be done until then.
        why: String,
    },
    /// A step was done.
    Done {
        /// Its id.
        step: String,
        /// What came of it.
        outcome: Outcome,
    },
    /// A step was not done.
    Failed {
        /// Its id.
        step: String,
        /// Why.
        why: String,
    },
    /// A step that a crash interrupted turned out not to have happened, or was taken back.
    Undone {
        /// Its id.
        step: String,
    },
    /// Something an executor has to say.
    Note {
        /// What.
        text: String,
    },
    /// Every step was done, or taken back.
    End,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// It changed something.
    Changed,
    /// All was as it should be.
    Unchanged,
    /// It is left to somebody else.
    Left {
        /// Why, and what is to be done.
        why: String,
    },
}

/// A journal that cannot be trusted.
#[derive(Debug, Error)]
pub enum JournalError {
    /// It cannot be read or written.
    #[error("the journal: {0}")]
    Io(#[from] io::Error),
    /// It is larger than any.
    #[error("the journal is larger than {} MiB", MAX_BYTES >> 20)]
    TooLarge,
    /// A newer Elevate wrote it.
    #[error("the journal has format version {0}; this Elevate reads up to {VERSION}")]
    Newer(u32),
    /// A record does not follow from those before it.
    #[error("the journal is damaged at line {0}")]
    Damaged(usize),
    /// It does not say which plan it is of.
    #[error("the journal does not begin with the beginning of a run")]
    Headless,
}

impl Line {
    /// The JSON Schema of a line of a journal.
    pub fn schema() -> serde_json::Value {
        schema::<Self>("journal", "line of a journal", VERSION)
    }
}

/// What a journal holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Journal {
    /// Its records.
    pub records: Vec<Record>,
    /// The digest of the last one.
    chain: String,
    /// How many of its bytes count.
    pub length: u64,
    /// Whether there was more: a record that was not written to its end.
    pub torn: bool,
}

impl Journal {
    /// Reads a journal.
    ///
    /// # Errors
    ///
    /// See [`JournalError`].
    pub fn read(bytes: &[u8]) -> Result<Self, JournalError> {
        if bytes.len() as u64 > MAX_BYTES {
            return Err(JournalError::TooLarge);
        }
        let mut journal = Self::default();
        for (at, line) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
            if journal.take(line).is_none() {
                // A record that was not written to its end has none.
                journal.torn = !line.ends_with(b"\n");
                if !journal.torn {
                    return Err(JournalError::Damaged(at + 1));
                }
            }
        }
        match journal.records.first().map(|record| &record.event) {
            None => Ok(journal),
            Some(Event::Begin { version, .. }) if *version > VERSION => {
                Err(JournalError::Newer(*version))
            }
            Some(Event::Begin { .. }) => Ok(journal),
            Some(_) => Err(JournalError::Headless),
        }
    }

    fn take(&mut self, line: &[u8]) -> Option<()> {
        let text = line.strip_suffix(b"\n")?;
        let Line { record, chain } = serde_json::from_slice(text).ok()?;
        (chain == link(&self.chain, &record)?).then_some(())?;
        self.records.push(record);
        self.chain = chain;
        self.length += line.len() as u64;
        Some(())
    }

    /// Adds a record, on the disk when this returns.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn add(&mut self, to: &mut dyn Durable, record: Record) -> Result<(), JournalError> {
        let none = || io::Error::other("a record cannot be put into JSON");
        let chain = link(&self.chain, &record).ok_or_else(none)?;
        let line = Line { record, chain };
        let mut text = serde_json::to_vec(&line).map_err(io::Error::other)?;
        text.push(b'\n');
        to.write_all(&text)?;
        to.make_durable()?;
        self.length += text.len() as u64;
        self.chain = line.chain;
        self.records.push(line.record);
        Ok(())
    }

    /// SHA-256 of the plan it is of.
    pub fn plan(&self) -> Option<&str> {
        self.begin().map(|(plan, _)| plan)
    }

    /// Who carries the plan out.
    pub fn executor(&self) -> Option<&str> {
        self.begin().map(|(_, executor)| executor)
    }

    fn begin(&self) -> Option<(&str, &str)> {
        match &self.records.first()?.event {
            Event::Begin { plan, executor, .. } => Some((plan, executor)),
            _ => None,
        }
    }

    /// What is known of a step.
    pub fn state(&self, id: &str) -> State<'_> {
        let mut state = State::Waiting;
        for record in &self.records {
            match &record.event {
                Event::Start { step, backups } if step == id => {
                    state = State::Begun(backups);
                }
                Event::Done { step, outcome } if step == id => {
                    let backups = match state {
                        State::Begun(backups) => backups,
                        _ => &[],
                    };
                    state = State::Done(outcome, backups);
                }
                Event::Failed { step, .. } | Event::Undone { step } if step == id => {
                    state = State::Waiting;
                }
                _ => {}
            }
        }
        state
    }

    /// Whether a step was ever begun, whatever came of it.
    pub fn was_begun(&self, id: &str) -> bool {
        let is_start = |record: &Record| match &record.event {
            Event::Start { step, .. } => step == id,
            _ => false,
        };
        self.records.iter().any(is_start)
    }

    /// Whether every step was done, or taken back.
    pub fn is_ended(&self) -> bool {
        self.records.last().is_some_and(|record| record.event == Event::End)
    }
}

/// What a journal knows of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State<'a> {
    /// It was not begun, or did not happen.
    Waiting,
    /// It was begun, and nobody knows what came of it.
    Begun(&'a [Backup]),
    /// It was done.
    Done(&'a Outcome, &'a [Backup]),
}

/// Something whose content survives a crash once it was made durable.
pub trait Durable: Write {
    /// Puts on the disk what was written.
    ///
    /// # Errors
    ///
    /// Where the disk does not take it.
    fn make_durable(&mut self) -> io::Result<()>;
}

impl Durable for std::fs::File {
    fn make_durable(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

fn link(before: &str, record: &Record) -> Option<String> {
    let text = serde_json::to_vec(record).ok()?;
    Some(hex(&Sha256::new().chain_update(before).chain_update(text).finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Durable for Vec<u8> {
        fn make_durable(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn begin() -> Event {
        Event::Begin {
            version: VERSION,
            plan: "p".to_owned(),
            executor: "root".to_owned(),
            tool: "0".to_owned(),
        }
    }

    fn start(step: &str) -> Event {
        Event::Start { step: step.to_owned(), backups: Vec::new() }
    }

    fn written(events: Vec<Event>) -> Vec<u8> {
        let (mut journal, mut bytes) = (Journal::default(), Vec::new());
        for event in events {
            journal.add(&mut bytes, Record { time: 1, event }).unwrap();
        }
        bytes
    }

    #[test]
    fn what_was_written_is_read_again() {
        let done = Event::Done { step: "a".to_owned(), outcome: Outcome::Changed };
        let bytes = written(vec![begin(), start("a"), done, start("b")]);
        let journal = Journal::read(&bytes).unwrap();
        assert_eq!(journal.records.len(), 4);
        assert_eq!((journal.plan(), journal.executor()), (Some("p"), Some("root")));
        assert_eq!(journal.state("a"), State::Done(&Outcome::Changed, &[]));
        assert_eq!(journal.state("b"), State::Begun(&[]));
        assert_eq!(journal.state("c"), State::Waiting);
        assert_eq!((journal.torn, journal.length), (false, bytes.len() as u64));
    }

    #[test]
    fn a_journal_cut_anywhere_loses_its_last_record_only() {
        let bytes = written(vec![begin(), start("a"), start("b")]);
        let ends: Vec<usize> = (1..=bytes.len()).filter(|&end| bytes[end - 1] == b'\n').collect();
        for end in 0..bytes.len() {
            let journal = Journal::read(&bytes[..end]).unwrap();
            let whole = ends.iter().filter(|&&line| line <= end).count();
            assert_eq!(journal.records.len(), whole, "{end}");
            assert_eq!(journal.torn, end != 0 && !ends.contains(&end), "{end}");
        }
    }

    #[test]
    fn a_changed_byte_is_found_wherever_it_is() {
        let bytes = written(vec![begin(), start("a"), start("b")]);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            match Journal::read(&damaged) {
                // Without its end the last record counts as torn.
                Ok(journal) => {
                    assert_eq!(at, bytes.len() - 1);
                    assert!(journal.torn && journal.records.len() == 2, "{at}");
                }
                Err(error) => assert!(matches!(error, JournalError::Damaged(_)), "{at}: {error}"),
            }
        }
    }

    #[test]
    fn a_journal_of_something_else_is_refused() {
        let text = |events| Journal::read(&written(events)).unwrap_err().to_string();
        assert!(text(vec![start("a")]).contains("does not begin"));
        let newer = Event::Begin {
            version: 9,
            plan: String::new(),
            executor: String::new(),
            tool: String::new(),
        };
        assert!(text(vec![newer]).contains("version 9"));
        let twice = [written(vec![begin()]), written(vec![begin()]), b"x\n".to_vec()].concat();
        assert!(matches!(Journal::read(&twice), Err(JournalError::Damaged(2))));
    }
}
