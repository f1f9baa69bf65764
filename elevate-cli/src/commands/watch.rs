//! How far fetching repositories is.

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use elevate_core::model::RepoId;
use elevate_core::repository::fetch::{Event, Progress};
use elevate_core::repository::store::holder;

use crate::output;

/// Shows one line on a terminal, and tells what goes wrong anywhere.
pub(crate) struct Watch {
    terminal: bool,
    of: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    done: usize,
    /// Bytes that came.
    came: u64,
    /// Bytes that had come when the line was last written.
    shown: u64,
}

/// Bytes after which the line is written again.
const STEP: u64 = 256 << 10;

impl Watch {
    /// For so many repositories.
    pub(crate) fn new(of: usize) -> Self {
        Self { terminal: std::io::stderr().is_terminal(), of, state: Mutex::default() }
    }

    /// Clears the line.
    pub(crate) fn end(&self) {
        if self.terminal {
            output::progress(format_args!(""));
        }
    }

    fn talk(&self, repository: &RepoId, text: &str) {
        self.end();
        output::talk(format_args!("{repository}: {text}"));
    }

    fn line(&self, repository: &RepoId, state: &State) {
        if self.terminal {
            let megabytes = state.came as f64 / f64::from(1 << 20);
            let (done, of) = (state.done, self.of);
            output::progress(format_args!("[{done}/{of}] {megabytes:.1} MiB {repository}"));
        }
    }
}

impl Progress for Watch {
    fn tell(&self, repository: &RepoId, event: &Event<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Waiting { lock, pid } => self.talk(repository, &waiting(lock, *pid)),
            Event::Failed { attempt } => self.talk(repository, &attempt.to_string()),
            Event::Asking { .. } => self.line(repository, &state),
            Event::Received { bytes } => {
                state.came += bytes;
                if state.came >= state.shown + STEP {
                    state.shown = state.came;
                    self.line(repository, &state);
                }
            }
            Event::Done => {
                state.done += 1;
                self.line(repository, &state);
            }
        }
    }
}

/// Whom is waited for.
pub(crate) fn waiting(lock: &Path, pid: Option<u32>) -> String {
    format!("waiting for {}, which holds {}", holder(pid), lock.display())
}
