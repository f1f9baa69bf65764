//! How a run goes: JSON for programs, a line each for a log, and on a terminal one line that
//! moves along for what commands print.

use std::io::{IsTerminal as _, Write as _};

use elevate_core::model::to_json;
use elevate_core::run::Telling;
use elevate_core::run::journal::Outcome;

use crate::{environment, output};

/// Columns of a terminal that does not tell how wide it is.
const COLUMNS: usize = 80;

/// Tells how a run goes.
pub(super) struct Teller {
    way: Way,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Json,
    Lines,
    Terminal,
}

impl Teller {
    pub(super) fn new(json: bool) -> Self {
        let is_terminal = std::io::stderr().is_terminal() && environment::wants_colour();
        let way = match (json, is_terminal) {
            (true, _) => Way::Json,
            (false, true) => Way::Terminal,
            (false, false) => Way::Lines,
        };
        Self { way }
    }

    pub(super) fn tell(&self, telling: &Telling<'_>) {
        if self.way == Way::Json {
            // A reader who went away does not stop the run.
            let line = to_json(telling).map(|json| json.replace('\n', " "));
            let _ = writeln!(std::io::stdout(), "{}", line.unwrap_or_default().trim_end());
            return;
        }
        match telling {
            Telling::Step { step, number, of, what, .. } => {
                self.line(&format!("[{number}/{of}] {step}: {}", plain(what)));
            }
            Telling::Output { line, .. } if self.way == Way::Terminal => self.moves(&plain(line)),
            Telling::Output { line, .. } => output::talk(format_args!("    {}", plain(line))),
            Telling::Done { outcome, .. } => self.done(outcome),
            Telling::Waits { step, .. } => self.line(&format!("{step} goes on elsewhere")),
            Telling::Undone { step } => self.line(&format!("{step} is undone")),
            Telling::Note { text } => self.line(&format!("note: {}", plain(text))),
        }
    }

    /// Clears the line that moves.
    pub(super) fn end(&self) {
        if self.way == Way::Terminal {
            output::progress(format_args!(""));
        }
    }

    fn line(&self, text: &str) {
        self.end();
        output::talk(format_args!("{text}"));
    }

    fn done(&self, outcome: &Outcome) {
        match outcome {
            Outcome::Left { why } => self.line(&format!("    left: {}", plain(why))),
            Outcome::Unchanged => self.line("    all is as it should be"),
            Outcome::Changed => self.end(),
        }
    }

    /// Shows what a command printed, for as long as it prints nothing else.
    fn moves(&self, line: &str) {
        let columns = environment::error_columns().unwrap_or(COLUMNS);
        let most = columns.saturating_sub(5);
        let text: String = line.trim().chars().take(most).collect();
        output::progress(format_args!("    {text}"));
    }
}

/// A text in one line, with nothing in it that a terminal would act on.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
