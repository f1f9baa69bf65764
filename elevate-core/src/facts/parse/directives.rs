//! Files of lines `Directive argument ...`: CUPS, ntpd, chronyd, brltty.

use std::sync::Arc;

use super::super::OddLine;
use super::{Odd, lines};

/// What a daemon takes for a comment, and whether it has blocks.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// Characters that begin a comment.
    comments: &'static [char],
    /// Whether they do so in the middle of a line too.
    anywhere: bool,
    /// Whether there are blocks `<Name ...>` to `</Name>`.
    blocks: bool,
}

/// CUPS: `#` anywhere but after a backslash; blocks.
pub const CUPS: Dialect = Dialect { comments: &['#'], anywhere: true, blocks: true };
/// ntpd: `#` anywhere.
pub const NTP: Dialect = Dialect { comments: &['#'], anywhere: true, blocks: false };
/// chronyd: a line whose first character is one of `!`, `;`, `#`, `%`.
pub const CHRONY: Dialect =
    Dialect { comments: &['!', ';', '#', '%'], anywhere: false, blocks: false };
/// Most others: `#` at the start of a line.
pub const PLAIN: Dialect = Dialect { comments: &['#'], anywhere: false, blocks: false };

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Line, from 1.
    pub line: usize,
    /// Its first word.
    pub name: String,
    /// The rest, without white space at its ends.
    pub value: String,
    /// The innermost block it is in, as `Location /admin`.
    pub block: Option<Arc<str>>,
}

impl Directive {
    /// The words of the value.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.value.split_whitespace()
    }

    /// Whether it has this name, in any letter case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// Reads a file.
pub fn parse(text: &str, dialect: &Dialect) -> (Vec<Directive>, Vec<OddLine>) {
    let mut directives = Vec::new();
    let mut odd = Odd::default();
    let mut blocks: Vec<Arc<str>> = Vec::new();
    for (line, text) in lines::numbered(text) {
        let content = without_comment(text, dialect);
        if content.is_empty() {
            continue;
        }
        if dialect.blocks && content.starts_with('<') {
            if let Err(why) = block(&content, &mut blocks) {
                odd.note(line, text, why);
            }
            continue;
        }
        let (name, value) = content.split_once(char::is_whitespace).unwrap_or((&content, ""));
        let (name, value) = (name.to_owned(), value.trim().to_owned());
        directives.push(Directive { line, name, value, block: blocks.last().cloned() });
    }
    if let Some(open) = blocks.last() {
        let last = text.lines().count().max(1);
        odd.note(last, "", format!("the block <{}> is not closed", short(open)));
    }
    (directives, odd.finish())
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Deeper blocks than any daemon has.
const DEEPEST: usize = 16;

fn block(content: &str, blocks: &mut Vec<Arc<str>>) -> Result<(), String> {
    let inner = content.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let inner = inner.ok_or("is a block without its `>`")?.trim();
    if let Some(closed) = inner.strip_prefix('/') {
        let name = |text: &str| text.split_whitespace().next().unwrap_or("").to_ascii_lowercase();
        return match blocks.pop() {
            Some(open) if name(&open) == name(closed) => Ok(()),
            Some(open) => {
                let why = format!("closes <{}>", short(&open));
                blocks.push(open);
                Err(format!("{why}, which it does not name"))
            }
            None => Err("closes a block that is not open".to_owned()),
        };
    }
    if blocks.len() == DEEPEST {
        return Err(format!("is the {DEEPEST}th block inside another"));
    }
    // Copied into every directive of the block, so it must not be long.
    blocks.push(inner.chars().take(200).collect::<String>().into());
    Ok(())
}

fn without_comment(line: &str, dialect: &Dialect) -> String {
    let line = line.trim();
    if line.starts_with(dialect.comments) {
        return String::new();
    }
    if !dialect.anywhere {
        return line.to_owned();
    }
    let mut content = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.peek() == Some(&'#') {
            content.extend(chars.next());
        } else if dialect.comments.contains(&c) {
            break;
        } else {
            content.push(c);
        }
    }
    content.truncate(content.trim_end().len());
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, dialect: &Dialect) -> (Vec<String>, Vec<(usize, String)>) {
        let (directives, odd) = parse(text, dialect);
        let show = |d: Directive| {
            let block = d.block.map(|block| format!(" in {block}")).unwrap_or_default();
            format!("{}: {}={}{block}", d.line, d.name, d.value)
        };
        let odd = odd.into_iter().map(|odd| (odd.line, odd.why)).collect();
        (directives.into_iter().map(show).collect(), odd)
    }

    #[test]
    fn cups_has_comments_anywhere_and_blocks() {
        let text = "Listen  a:631 # c\n  #x\nSetEnv A \\#1\n<Location /admin>\n AuthType Basic\n</location>\nLog\n";
        let (directives, odd) = read(text, &CUPS);
        let expected = [
            "1: Listen=a:631",
            "3: SetEnv=A #1",
            "5: AuthType=Basic in Location /admin",
            "7: Log=",
        ];
        assert_eq!(directives, expected);
        assert_eq!(odd, []);
    }

    #[test]
    fn blocks_that_do_not_fit_are_named() {
        let (directives, odd) = read("</A>\n<B\n<C>\n</D>\nx\n", &CUPS);
        assert_eq!(directives, ["5: x= in C"]);
        let expected = [
            (1, "closes a block that is not open"),
            (2, "is a block without its `>`"),
            (4, "closes <C>, which it does not name"),
            (5, "the block <C> is not closed"),
        ];
        assert_eq!(odd, expected.map(|(line, why)| (line, why.to_owned())));
    }

    #[test]
    fn chronyd_has_four_comment_characters_at_the_start_only() {
        let (directives, _) = read("! a\n; b\n# c\n% d\nserver x # y\n", &CHRONY);
        assert_eq!(directives, ["5: server=x # y"]);
        assert_eq!(read("server x # y\n<a>\n", &NTP).0, ["1: server=x", "2: <a>="]);
    }
}
