//! Files of shell variables: `/etc/sysconfig/*`, `/etc/locale.conf`.
//!
//! Only assignments are read. What else a shell would do (conditions, command
//! substitution) is not done; such lines come back as odd ones.

use super::super::OddLine;
use super::Odd;

/// An assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Line it begins at, from 1.
    pub line: usize,
    /// Name of the variable.
    pub name: String,
    /// Its value without quotes; `$` is not expanded.
    pub value: String,
    /// Whether `export` stands before it.
    pub exported: bool,
    /// Whether it is `+=`: the value is added to what was there.
    pub append: bool,
}

/// Reads the assignments of a file, in order. The last one of a name counts.
pub fn parse(text: &str) -> (Vec<Assignment>, Vec<OddLine>) {
    let mut found = Vec::new();
    let mut odd = Odd::default();
    let mut rest = text;
    let mut line = 1;
    while !rest.is_empty() {
        let length = command(rest, &mut found, &mut odd, line);
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    (found, odd.finish())
}

/// The value a variable has at the end of the file.
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

/// Reads one line with the lines it goes on in; gives its length in bytes.
fn command(text: &str, found: &mut Vec<Assignment>, odd: &mut Odd, line: usize) -> usize {
    let (words, length, closed) = words(text);
    let shown = || text[..length].trim();
    if !closed {
        // Everything to the end would be one value; only this line is odd.
        odd.note(line, text.lines().next().unwrap_or_default(), "a quote is not closed");
        return text.find('\n').map_or(text.len(), |at| at + 1);
    }
    let mut words = words.into_iter().peekable();
    let exported = words.next_if(|word| word.raw == "export").is_some();
    let mut bare = false;
    for word in words {
        match assignment(&word) {
            Some((name, value, append)) if !bare => {
                if value.contains("$(") || value.contains('`') {
                    odd.note(line, shown(), "the value is the output of a command");
                }
                found.push(Assignment { line, name, value, exported, append });
            }
            // `export NAME` says nothing of its value.
            None if exported => {}
            // A command, and its arguments.
            _ => bare = true,
        }
    }
    if bare {
        odd.note(line, shown(), "is no assignment");
    }
    length
}

#[derive(Default)]
struct Word {
    /// As written, to tell names from values.
    raw: String,
    /// Without quotes.
    value: String,
}

fn assignment(word: &Word) -> Option<(String, String, bool)> {
    let (name, _) = word.raw.split_once('=')?;
    let append = name.ends_with('+');
    let name = name.strip_suffix('+').unwrap_or(name);
    let first = name.chars().next()?;
    let rest = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !rest || first.is_ascii_digit() {
        return None;
    }
    let (_, value) = word.value.split_once('=')?;
    Some((name.to_owned(), value.to_owned(), append))
}

/// The words of one command, its length, and whether its quotes are closed.
fn words(text: &str) -> (Vec<Word>, usize, bool) {
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        let escaped = c == '\\' && quote != Some('\'');
        match (quote, c) {
            (None, '\n' | ';') => {
                words.extend(word);
                return (words, at + 1, true);
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, '#') if word.is_none() => {
                let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
                return (words, end, true);
            }
            _ if escaped => {
                let next = chars.next().map(|(_, next)| next);
                take_escaped(&mut word, next, quote.is_some());
            }
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default().raw.push(c);
            }
            (Some(open), c) if c == open => quote = None,
            (_, c) => {
                let word = word.get_or_insert_default();
                word.raw.push(c);
                word.value.push(c);
            }
        }
    }
    words.extend(word);
    (words, text.len(), quote.is_none())
}

fn take_escaped(word: &mut Option<Word>, next: Option<char>, quoted: bool) {
    // A backslash before a line's end joins it with the next.
    let Some(next) = next.filter(|&next| next != '\n') else { return };
    let word = word.get_or_insert_default();
    word.raw.push('\\');
    if quoted && !matches!(next, '"' | '\\' | '$' | '`') {
        word.value.push('\\');
    }
    word.value.push(next);
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = (Vec<(usize, String, String)>, Vec<(usize, String)>);

    fn read(text: &str) -> Read {
        let (found, odd) = parse(text);
        let found = found.into_iter().map(|a| (a.line, a.name, a.value)).collect();
        (found, odd.into_iter().map(|odd| (odd.line, odd.why)).collect())
    }

    fn values(text: &str) -> Vec<(usize, String, String)> {
        let (found, odd) = read(text);
        assert_eq!(odd, []);
        found
    }

    fn expect(list: &[(usize, &str, &str)]) -> Vec<(usize, String, String)> {
        list.iter().map(|(line, name, value)| (*line, (*name).into(), (*value).into())).collect()
    }

    #[test]
    fn quotes_comments_and_continued_lines_are_read_as_a_shell_reads_them() {
        let text = "# c\nA=1 # c\n B='x # y'\nC=\"p \\\"q\\\" \\n\"\nD=a\\\nb\nE=\"two\nlines\"\nF=\n\
                    export G=1 H='2'; I=3\nJ=a#b\nK=a\\ b\n";
        let expected = [
            (2, "A", "1"),
            (3, "B", "x # y"),
            (4, "C", "p \"q\" \\n"),
            (5, "D", "ab"),
            (7, "E", "two\nlines"),
            (9, "F", ""),
            (10, "G", "1"),
            (10, "H", "2"),
            (10, "I", "3"),
            (11, "J", "a#b"),
            (12, "K", "a b"),
        ];
        assert_eq!(values(text), expect(&expected));
        assert!(parse("export A=1").0[0].exported);
        assert!(!parse("A=1").0[0].exported);
    }

    #[test]
    fn a_comment_does_not_go_on_and_the_last_assignment_counts() {
        assert_eq!(values("# A=1 \\\nA=2\nA=3"), expect(&[(2, "A", "2"), (3, "A", "3")]));
        let (found, _) = parse("A=2\nA+=3");
        assert_eq!(last(&found, "A").unwrap(), "23");
        let (found, _) = parse("A=2\nA=3");
        assert_eq!(last(&found, "A").unwrap(), "3");
        assert_eq!(last(&found, "B"), None);
    }

    #[test]
    fn what_is_no_assignment_is_named_and_the_rest_is_read() {
        let (found, odd) = read("if true\nA=1\nB = 2\n1C=3\nD=$(date)\nE=\"open\nF=6\n");
        assert_eq!(found, expect(&[(2, "A", "1"), (5, "D", "$(date)"), (7, "F", "6")]));
        let no = "is no assignment";
        let expected = [
            (1, no),
            (3, no),
            (4, no),
            (5, "the value is the output of a command"),
            (6, "a quote is not closed"),
        ];
        assert_eq!(odd, expected.map(|(line, why)| (line, why.to_owned())));
    }
}
