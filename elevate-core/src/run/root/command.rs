//! Runs commands of this machine.

use std::io::{self, BufRead as _, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::run::executor::StepError;

/// Where programs are looked for, whatever the environment says.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// The longest line that is told, in bytes; longer ones are told in pieces.
const LONGEST: u64 = 8192;
/// How many of the last lines an error has.
const LAST: usize = 8;

/// The home directory of commands that need no other.
pub(super) const HOME: &str = "/root";

/// Runs a command to its end and tells what it prints. It gets no input, and of the
/// environment only where programs are, and its home directory.
///
/// # Errors
///
/// Where it cannot be started, or does not end well; the last lines it printed are in the
/// error.
pub(super) fn run(
    words: &[String],
    home: &Path,
    say: &mut dyn FnMut(&str),
) -> Result<(), StepError> {
    let [program, arguments @ ..] = words else {
        return Err(StepError("there is no command".to_owned()));
    };
    let failed = |error: io::Error| StepError::of(program, error);
    let (from, to) = io::pipe().map_err(failed)?;
    #[expect(clippy::disallowed_methods, reason = "this is the door for commands")]
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .env("PATH", PATH)
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", home)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(to.try_clone().map_err(failed)?)
        .stderr(to)
        .spawn()
        .map_err(failed)?;
    let last = told(from, say);
    let status = child.wait().map_err(failed)?;
    if status.success() {
        return Ok(());
    }
    let last = if last.is_empty() { String::new() } else { format!(": {}", last.join(" | ")) };
    Err(StepError(format!("{program} ended with {status}{last}")))
}

/// Tells lines until there are no more, and gives back the last of them.
fn told(from: impl Read, say: &mut dyn FnMut(&str)) -> Vec<String> {
    let mut from = io::BufReader::new(from);
    let mut last = std::collections::VecDeque::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        match from.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return last.into(),
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        say(text);
        if !text.is_empty() {
            last.push_back(text.to_owned());
        }
        if last.len() > LAST {
            last.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(script: &str) -> (Result<(), StepError>, Vec<String>) {
        let mut lines = Vec::new();
        let words = ["sh", "-c", script].map(str::to_owned);
        let result = run(&words, Path::new(HOME), &mut |line| lines.push(line.to_owned()));
        (result, lines)
    }

    #[test]
    fn what_a_command_prints_is_told_in_its_order() {
        let (result, lines) = ran("echo a; echo b >&2; printf c");
        assert_eq!((result, lines.join(" ")), (Ok(()), "a b c".to_owned()));
    }

    #[test]
    fn a_command_that_fails_says_how_and_what_it_printed_last() {
        let (result, _) = ran("for i in 1 2 3 4 5 6 7 8 9 10; do echo $i; done; exit 3");
        let why = result.unwrap_err().to_string();
        assert_eq!(why, "sh ended with exit status: 3: 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10");
        let nobody = run(&["/nonexistent".to_owned()], Path::new(HOME), &mut |_| {}).unwrap_err();
        assert!(nobody.to_string().starts_with("/nonexistent: "));
        assert!(run(&[], Path::new(HOME), &mut |_| {}).is_err());
    }

    #[test]
    fn a_command_gets_no_input_and_no_environment() {
        let (result, lines) = ran("cat; env | sort | cut -d= -f1 | tr '\\n' ' '");
        assert_eq!(result, Ok(()));
        let names: Vec<&str> = lines[0].split_whitespace().collect();
        for name in names {
            assert!(
                ["HOME", "LC_ALL", "PATH", "PWD", "SHLVL", "OLDPWD", "_"].contains(&name),
                "{name}"
            );
        }
    }
}
