//! Output of `rpm -V`: what differs from the installed packages.

use super::super::OddLine;
use super::{Odd, lines};

/// A file that differs from its package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Line, from 1.
    pub line: usize,
    /// Path of the file.
    pub path: String,
    /// Whether it is not there at all.
    pub missing: bool,
    /// Letters of what differs (`5`, `S`, `M` ...), without dots; `?` where rpm
    /// could not look.
    pub flags: String,
    /// Kind of file: `c` configuration, `d` documentation, `g` ghost ...
    pub attribute: Option<char>,
}

impl Difference {
    /// Whether size or content differ, or it is gone.
    pub fn changes_content(&self) -> bool {
        self.missing || self.flags.contains(['5', 'S'])
    }
}

/// Reads lines `S.5....T.  c /path` and `missing   c /path`; remarks of rpm on
/// dependencies and scripts are odd lines.
pub fn parse(text: &str) -> (Vec<Difference>, Vec<OddLine>) {
    let mut found = Vec::new();
    let mut odd = Odd::default();
    for (line, text) in lines::numbered(text) {
        if text.trim().is_empty() {
            continue;
        }
        match difference(line, text) {
            Some(difference) => found.push(difference),
            None => odd.note(line, text, "is no line on a file"),
        }
    }
    (found, odd.finish())
}

fn difference(line: usize, text: &str) -> Option<Difference> {
    let (flags, rest) = text.trim().split_once(char::is_whitespace)?;
    let missing = flags == "missing";
    let known = |c: char| "SM5DLUGTPCVug.?".contains(c);
    if !missing && (!matches!(flags.len(), 8 | 9) || !flags.chars().all(known)) {
        return None;
    }
    let rest = rest.trim_start();
    let (attribute, path) = match rest.split_once(char::is_whitespace) {
        Some((letter, path)) if letter.len() == 1 => (letter.chars().next(), path.trim_start()),
        _ => (None, rest),
    };
    // `missing /path (Permission denied)`
    let path = path.split(" (").next().unwrap_or(path);
    let flags: String = if missing { String::new() } else { flags.replace('.', "") };
    let path = path.starts_with('/').then(|| path.to_owned())?;
    Some(Difference { line, path, missing, flags, attribute })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_read_and_remarks_are_odd() {
        let text = "S.5....T.  c /etc/ssh/sshd_config\n.......T.    /usr/bin/x\nmissing   c /etc/my file\n..?......  c /etc/shadow\nUnsatisfied dependencies for a-1:\nmissing     /x (Permission denied)\n";
        let (found, odd) = parse(text);
        let show = |d: &Difference| {
            format!("{} {:?} {} {}", d.path, d.attribute, d.flags, d.changes_content())
        };
        assert_eq!(
            found.iter().map(show).collect::<Vec<_>>(),
            [
                "/etc/ssh/sshd_config Some('c') S5T true",
                "/usr/bin/x None T false",
                "/etc/my file Some('c')  true",
                "/etc/shadow Some('c') ? false",
                "/x None  true",
            ]
        );
        assert_eq!(odd.iter().map(|odd| odd.line).collect::<Vec<_>>(), [5]);
    }
}
