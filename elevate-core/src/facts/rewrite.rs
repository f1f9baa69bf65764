//! Files that have to say something else.

use std::collections::BTreeMap;

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
}
