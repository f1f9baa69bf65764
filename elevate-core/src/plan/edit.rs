//! Edits of a file, carried out on its text.

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::directive::Edit;
use crate::model::hex;

/// A text that is not what edits were made for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    /// A line is another.
    #[error("line {line} is {found:?}, not {expected:?}")]
    Other {
        /// The line, from 1.
        line: usize,
        /// What should be there.
        expected: String,
        /// What is.
        found: String,
    },
    /// There are not so many lines.
    #[error("there is no line {0}")]
    TooShort(usize),
    /// The edits are not in the order of lines.
    #[error("the edit of line {0} does not come in its order")]
    Disorder(usize),
}

/// SHA-256 of something, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A text after edits, each of which must find the line it expects. How lines end, and
/// whether the last one does, stays as it is.
///
/// # Errors
///
/// See [`EditError`].
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let ending =
        lines.first().map_or("\n", |line| if line.ends_with("\r\n") { "\r\n" } else { "\n" });
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let at = edit.line.checked_sub(1).ok_or(EditError::TooShort(0))?;
        let skipped = lines.get(done..at).ok_or(match at < done {
            true => EditError::Disorder(edit.line),
            false => EditError::TooShort(edit.line),
        })?;
        skipped.iter().for_each(|line| result.push_str(line));
        done = at;
        let mut old_ending = ending;
        if let Some(before) = &edit.before {
            let line = lines.get(at).ok_or(EditError::TooShort(edit.line))?;
            let (found, end) = split(line);
            if found != before {
                let (expected, found) = (before.clone(), found.to_owned());
                return Err(EditError::Other { line: edit.line, expected, found });
            }
            old_ending = end;
            done = at + 1;
        }
        if let Some(after) = &edit.after {
            // What is added behind a last line without an end must not join it.
            if !result.is_empty() && !result.ends_with('\n') {
                result.push_str(ending);
            }
            result.push_str(after);
            result.push_str(old_ending);
        }
    }
    lines.get(done..).into_iter().flatten().for_each(|line| result.push_str(line));
    Ok(result)
}

/// A line and its end.
fn split(line: &str) -> (&str, &str) {
    let bare = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
    line.split_at(bare.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::directive::Change;

    fn edited(before: &str, after: &str) -> String {
        match Change::edit("/x", before, after) {
            Some(Change::Edit { edits, .. }) => apply(before, &edits).unwrap(),
            _ => before.to_owned(),
        }
    }

    fn edit(line: usize, before: Option<&str>, after: Option<&str>) -> Edit {
        Edit { line, before: before.map(str::to_owned), after: after.map(str::to_owned) }
    }

    #[test]
    fn lines_change_come_and_go() {
        for (before, after) in [
            ("a\nb\nc\n", "a\nB\nc\n"),
            ("a\nb\n", "a\nx\nb\n"),
            ("a\nx\nb\n", "a\nb\n"),
            ("", "a\n"),
            ("a\n", ""),
            ("a\nb", "a\nc"),
            ("a\r\nb\r\n", "a\r\nc\r\n"),
        ] {
            assert_eq!(edited(before, after), after);
        }
    }

    #[test]
    fn a_line_behind_a_last_one_without_an_end_stands_alone() {
        assert_eq!(apply("a", &[edit(2, None, Some("b"))]).unwrap(), "a\nb\n");
    }

    #[test]
    fn a_text_that_is_another_is_refused() {
        let fails = |text: &str, edits: &[Edit]| apply(text, edits).unwrap_err().to_string();
        let b = edit(2, Some("b"), Some("B"));
        assert_eq!(fails("a\nc\n", std::slice::from_ref(&b)), "line 2 is \"c\", not \"b\"");
        assert_eq!(fails("a\n", std::slice::from_ref(&b)), "there is no line 2");
        assert_eq!(fails("a\n", &[edit(0, None, Some("x"))]), "there is no line 0");
        let twice = [b.clone(), b];
        assert_eq!(fails("a\nb\n", &twice), "the edit of line 2 does not come in its order");
        assert_eq!(
            fails("a\n", &[edit(usize::MAX, None, None)]),
            format!("there is no line {}", usize::MAX)
        );
    }

    proptest! {
        #[test]
        fn the_edits_between_two_texts_make_one_of_the_other(
            before in "([ab]\n){0,6}", after in "([abc]\n){0,6}",
        ) {
            prop_assert_eq!(edited(&before, &after), after);
        }
    }
}
