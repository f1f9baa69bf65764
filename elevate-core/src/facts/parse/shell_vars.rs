//! Files of shell variables: `/etc/default/grub`, `/etc/sysconfig/*`, `ifcfg-*`,
//! `dracut.conf`. They are sourced by a shell; what is read here is
//! assignments with all of the shell's quoting. Anything else in them (a
//! command, a condition) is odd: only a shell knows what it does.

use super::{odd, push};
use crate::facts::OddLine;

/// How many quotes that never end are looked at; each costs a walk to the end.
const MOST_UNENDED: usize = 16;

/// `NAME=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Line it begins on, from 1.
    pub line: usize,
    /// Name.
    pub name: String,
    /// Value without quotes. What a shell would expand (`$x`, `$(x)`) stands as
    /// it is written.
    pub value: String,
    /// Whether `export` stands before it.
    pub exported: bool,
    /// Whether it is `+=`: the value is added to what was there.
    pub append: bool,
}

/// Reads the assignments of a file, in order; the last one of a name counts.
pub fn parse(text: &str) -> (Vec<Assignment>, Vec<OddLine>) {
    let mut reader = Reader { text, at: 0, line: 1, unended: 0, found: vec![], notes: vec![] };
    while reader.at < text.len() {
        reader.statement();
    }
    (reader.found, reader.notes)
}

/// The value a name has at the end of the file, `+=` applied.
pub fn last(assignments: &[Assignment], name: &str) -> Option<String> {
    let mut value: Option<String> = None;
    for assignment in assignments.iter().filter(|assignment| assignment.name == name) {
        match &mut value {
            Some(value) if assignment.append => value.push_str(&assignment.value),
            _ => value = Some(assignment.value.clone()),
        }
    }
    value
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    unended: usize,
    found: Vec<Assignment>,
    notes: Vec<OddLine>,
}

/// What a word ended with.
struct Unended;

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, bytes: usize) {
        let end = (self.at + bytes).min(self.text.len());
        let skipped = self.text.get(self.at..end).unwrap_or_default();
        self.line += skipped.bytes().filter(|b| *b == b'\n').count();
        self.at = end;
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
            self.skip(blanks);
            match self.rest().starts_with("\\\n") {
                true => self.skip(2),
                false => return,
            }
        }
    }

    /// The text of a line as far as from `from`.
    fn shown(&self, from: usize) -> &'t str {
        self.text.get(from..).unwrap_or_default().lines().next().unwrap_or_default()
    }

    fn skip_line(&mut self) {
        let rest = self.rest();
        self.skip(rest.find('\n').map_or(rest.len(), |end| end + 1));
    }

    /// One line, or more where quotes or backslashes join them.
    fn statement(&mut self) {
        self.skip_blanks();
        let (start, line) = (self.at, self.line);
        let mut exported = false;
        let first_found = self.found.len();
        loop {
            self.skip_blanks();
            match self.rest().chars().next() {
                None => return,
                Some('\n') => return self.skip(1),
                Some('#') => return self.skip_line(),
                Some(';') => {
                    self.skip(1);
                    exported = false;
                    continue;
                }
                Some(_) => {}
            }
            let after = self.rest().strip_prefix("export").filter(|_| !exported);
            if after.is_some_and(|after| after.starts_with([' ', '\t'])) {
                self.skip("export".len());
                exported = true;
                continue;
            }
            if self.assignment(exported).is_none() {
                return self.refuse(start, line, first_found);
            }
        }
    }

    /// Notes a statement that is no assignment. Assignments before a command
    /// are for that command only.
    fn refuse(&mut self, start: usize, line: usize, first_found: usize) {
        let shown = self.shown(start).to_owned();
        let why = if self.found.len() > first_found {
            "has more than assignments; a shell would run the rest"
        } else {
            "is no assignment"
        };
        odd(&mut self.notes, line, &shown, why);
        self.skip_line();
    }

    /// `None` where the next word is no assignment. Where it has a quote that
    /// does not end, that is noted and the next line is gone on with.
    fn assignment(&mut self, exported: bool) -> Option<()> {
        let rest = self.rest();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let name = rest.get(..rest.find(|c| !is_name(c)).unwrap_or(rest.len()))?;
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let after = rest.get(name.len()..)?;
        let append = after.starts_with("+=");
        if !append && !after.starts_with('=') {
            return None;
        }
        let (start, line) = (self.at, self.line);
        self.skip(name.len() + if append { 2 } else { 1 });
        match self.word() {
            Ok(value) => {
                let name = name.to_owned();
                let shown = self.shown(start);
                let found = Assignment { line, name, value, exported, append };
                push(&mut self.found, found, &mut self.notes, line, shown);
            }
            Err(Unended) => {
                self.unended += 1;
                let shown = self.shown(start);
                odd(&mut self.notes, line, shown, "has a quote that does not end");
                (self.at, self.line) = (start, line);
                if self.unended >= MOST_UNENDED {
                    odd(
                        &mut self.notes,
                        line,
                        shown,
                        "is where reading stopped: too many quotes do not end",
                    );
                    self.at = self.text.len();
                } else {
                    self.skip_line();
                    // The line is gone; what follows is a new statement.
                    self.statement_follows();
                }
            }
        }
        Some(())
    }

    fn statement_follows(&mut self) {
        // A line end is what ends the statement being read.
        if self.at > 0 && self.text.as_bytes().get(self.at - 1) == Some(&b'\n') {
            self.at -= 1;
            self.line -= 1;
        }
    }

    /// A value up to a blank, with its quotes taken off.
    fn word(&mut self) -> Result<String, Unended> {
        let mut out = String::new();
        while let Some(c) = self.rest().chars().next() {
            match c {
                ' ' | '\t' | '\n' | '\r' | ';' => break,
                '\'' => {
                    let inside = self.rest().get(1..).unwrap_or_default();
                    let end = inside.find('\'').ok_or(Unended)?;
                    out.push_str(inside.get(..end).unwrap_or_default());
                    self.skip(end + 2);
                }
                '"' => self.double_quoted(&mut out)?,
                '\\' => self.escaped(&mut out, |_| true),
                '$' if self.rest().starts_with("$(") => self.substitution(&mut out)?,
                c => {
                    out.push(c);
                    self.skip(c.len_utf8());
                }
            }
        }
        Ok(out)
    }

    fn double_quoted(&mut self, out: &mut String) -> Result<(), Unended> {
        self.skip(1);
        loop {
            match self.rest().chars().next().ok_or(Unended)? {
                '"' => {
                    self.skip(1);
                    return Ok(());
                }
                '\\' => self.escaped(out, |c| matches!(c, '"' | '\\' | '$' | '`')),
                '$' if self.rest().starts_with("$(") => self.substitution(out)?,
                c => {
                    out.push(c);
                    self.skip(c.len_utf8());
                }
            }
        }
    }

    /// A backslash: with a line end it joins lines, with what `special` takes
    /// it gives that, and else it stands for itself.
    fn escaped(&mut self, out: &mut String, special: impl Fn(char) -> bool) {
        self.skip(1);
        match self.rest().chars().next() {
            Some('\n') => self.skip(1),
            Some(c) if special(c) => {
                out.push(c);
                self.skip(c.len_utf8());
            }
            _ => out.push('\\'),
        }
    }

    /// `$(...)`, kept as it is written.
    fn substitution(&mut self, out: &mut String) -> Result<(), Unended> {
        let mut depth = 0usize;
        let mut end = None;
        for (index, c) in self.rest().char_indices() {
            match c {
                '(' => depth += 1,
                ')' if depth == 1 => {
                    end = Some(index + 1);
                    break;
                }
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        let end = end.ok_or(Unended)?;
        out.push_str(self.rest().get(..end).unwrap_or_default());
        self.skip(end);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, String, String)> {
        let (found, odd) = parse(text);
        assert_eq!(odd, [], "{text:?}");
        found.into_iter().map(|a| (a.line, a.name, a.value)).collect()
    }

    fn one(text: &str) -> String {
        let mut found = read(text);
        assert_eq!(found.len(), 1, "{text:?}");
        found.remove(0).2
    }

    #[test]
    fn values_are_quoted_as_a_shell_quotes() {
        for (text, expected) in [
            ("A=b", "b"),
            ("A=", ""),
            ("A='b c'", "b c"),
            ("A=\"b c\" # remark", "b c"),
            ("A=b#c", "b#c"),
            ("A=b'c'\"d\"", "bcd"),
            ("A='it'\\''s'", "it's"),
            ("A=\"a \\\"b\\\" \\\\ \\x $c\"", "a \"b\" \\ \\x $c"),
            ("A=a\\ b", "a b"),
            ("A=\"one \\\ntwo\"", "one two"),
            ("A=\"one\ntwo\"", "one\ntwo"),
            (
                "A=\"$(sed 's, release .*$,,g' /etc/system-release)\"",
                "$(sed 's, release .*$,,g' /etc/system-release)",
            ),
            ("A=\"$(echo \"x\")\"", "$(echo \"x\")"),
            ("  A=b  \r\n", "b"),
            ("A=ä", "ä"),
            ("A=\\", "\\"),
        ] {
            assert_eq!(one(text), expected, "{text:?}");
        }
    }

    #[test]
    fn comments_exports_and_several_on_a_line_are_read() {
        let text = "# A=1\n\nexport B=2\n\tC=3; D=4 E=5 # F=6\nG=1 \\\n  H=2\n";
        let found: Vec<_> =
            parse(text).0.into_iter().map(|a| (a.line, a.name, a.exported)).collect();
        let expected = [
            (3, "B", true),
            (4, "C", false),
            (4, "D", false),
            (4, "E", false),
            (5, "G", false),
            (6, "H", false),
        ];
        assert_eq!(found, expected.map(|(line, name, exported)| (line, name.to_owned(), exported)));
    }

    #[test]
    fn the_last_assignment_counts_and_plus_adds() {
        let (found, _) = parse("a=\"1 \"\na+=\"2 \"\nb=1\nb=2\nc+=3\n");
        assert_eq!(last(&found, "a").as_deref(), Some("1 2 "));
        assert_eq!(last(&found, "b").as_deref(), Some("2"));
        assert_eq!(last(&found, "c").as_deref(), Some("3"));
        assert_eq!(last(&found, "d"), None);
    }

    #[test]
    fn what_is_no_assignment_is_named_with_its_line_and_the_rest_is_read() {
        let text = "if [ -f x ]; then\nA=1\nfi\n1B=2\nGRUB_CMDLINE_LINUX=\"a b\" stray\nC=\"open\nD=4\n= x\n";
        let (found, odd) = parse(text);
        let odd: Vec<_> = odd.iter().map(|o| format!("{}: {}", o.line, o.why)).collect();
        assert_eq!(
            odd,
            [
                "1: is no assignment",
                "3: is no assignment",
                "4: is no assignment",
                "5: has more than assignments; a shell would run the rest",
                "6: has a quote that does not end",
                "8: is no assignment",
            ]
        );
        let found: Vec<_> = found.iter().map(|a| format!("{}={}", a.name, a.value)).collect();
        assert_eq!(found, ["A=1", "GRUB_CMDLINE_LINUX=a b", "D=4"]);
    }

    #[test]
    fn many_quotes_that_do_not_end_are_not_followed_for_ever() {
        let text = "A=\"$(\n".repeat(50_000);
        let (found, odd) = parse(&text);
        assert!(found.is_empty());
        assert_eq!(odd.len(), MOST_UNENDED + 1);
    }
}
