//! Data on stdout, talk on stderr.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

use crate::error::CliError;

/// Writes data. A reader that closes the pipe early is no failure.
pub(crate) fn data(text: &str) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(CliError::failure(format_args!("cannot write to stdout: {error}")))
        }
        _ => Ok(()),
    }
}

/// Says something to whoever watches.
pub(crate) fn talk(text: Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{text}");
}
