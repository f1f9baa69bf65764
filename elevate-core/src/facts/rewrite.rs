//! Files that have to say something else on release 8: text in, text out. What is not
//! touched stays as it is, byte for byte.

pub(super) mod brltty;
pub(super) mod chrony;
pub(super) mod cups;
pub(super) mod sane;
pub(super) mod spamassassin;

use std::collections::BTreeMap;

use crate::snapshot::REDACTED;

/// A file as it is, and as it has to be on the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// Its path.
    pub path: String,
    /// What it says.
    pub before: String,
    /// What it has to say.
    pub after: String,
}

/// What stands before lines that are added, after the file's sign for comments.
const ADDED: &str = "Added for release 8:";

impl Rewrite {
    /// The same file with other texts in some of its lines, by number from 1; `None` where
    /// they say that already.
    pub(super) fn of_lines(
        path: &str,
        before: &str,
        lines: &BTreeMap<usize, String>,
    ) -> Option<Self> {
        let mut after = String::with_capacity(before.len());
        for (number, line) in (1..).zip(before.split_inclusive('\n')) {
            let content = line.trim_end_matches(['\r', '\n']);
            after.push_str(lines.get(&number).map_or(content, String::as_str));
            after.push_str(line.get(content.len()..).unwrap_or_default());
        }
        let (path, before) = (path.to_owned(), before.to_owned());
        (after != before).then_some(Self { path, before, after })
    }

    /// A file with another text; `None` where it is the same.
    pub(super) fn new(path: &str, before: &str, after: String) -> Option<Self> {
        let (path, before) = (path.to_owned(), before.to_owned());
        (after != before).then_some(Self { path, before, after })
    }

    /// Whether a line is not as it stands on the host: the snapshot holds no secrets.
    pub fn is_redacted(line: &str) -> bool {
        line.contains(REDACTED)
    }

    /// The lines that change, by number from 1, as they are now. For texts of as many
    /// lines.
    pub fn lines(&self) -> Vec<(usize, &str)> {
        let pairs = (1..).zip(self.before.lines().zip(self.after.lines()));
        pairs.filter(|(_, (old, new))| old != new).map(|(line, (old, _))| (line, old)).collect()
    }
}

/// The text with lines at its end, below a remark that begins with the sign for comments.
/// Without lines it is the same.
pub(super) fn append<T: AsRef<str>>(text: &str, sign: &str, added: &[T]) -> String {
    let mut text = text.to_owned();
    if added.is_empty() {
        return text;
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text += &format!("{sign} {ADDED}\n");
    for line in added {
        text += line.as_ref();
        text.push('\n');
    }
    text
}

/// The text with every line changed, or gone where there is `None`. The function is told
/// the number of a line, from 1.
pub(super) fn lines(text: &str, mut change: impl FnMut(usize, &str) -> Option<String>) -> String {
    let mut changed = String::with_capacity(text.len());
    for (number, whole) in (1..).zip(text.split_inclusive('\n')) {
        let line = whole.trim_end_matches(['\r', '\n']);
        if let Some(new) = change(number, line) {
            changed += &new;
            changed += whole.get(line.len()..).unwrap_or_default();
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_changed_and_their_ends_kept() {
        let lines = BTreeMap::from([(2, "B".to_owned()), (3, "C".to_owned()), (9, "x".to_owned())]);
        let after = |text| Rewrite::of_lines("/x", text, &lines).map(|rewrite| rewrite.after);
        assert_eq!(after("a\nb\r\nc").as_deref(), Some("a\nB\r\nC"));
        assert_eq!(after("a\nB\nC\n"), None);
        assert_eq!(after(""), None);
    }

    #[test]
    fn what_is_added_begins_a_line_of_its_own() {
        assert_eq!(append("a", "#", &["b", "c"]), "a\n# Added for release 8:\nb\nc\n");
        assert_eq!(append("", "\"", &["b"]), "\" Added for release 8:\nb\n");
        assert_eq!(append::<&str>("a", "#", &[]), "a");
    }

    #[test]
    fn lines_change_or_go_and_their_ends_stay() {
        let changed =
            lines("a\r\nb\nc", |line, text| (line != 2).then(|| text.to_ascii_uppercase()));
        assert_eq!(changed, "A\r\nC");
        assert_eq!(lines("", |_, text| Some(text.to_owned())), "");
    }

    #[test]
    fn lines_that_change_are_named_and_the_same_text_is_no_rewrite() {
        let rewrite = Rewrite::new("/x", "a\nb\n", "a\nB\n".to_owned()).unwrap();
        assert_eq!(rewrite.lines(), [(2, "b")]);
        assert_eq!(Rewrite::new("/x", "a", "a".to_owned()), None);
    }
}
