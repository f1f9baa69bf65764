//! Rust source to tokens, without comments and literals.

/// An identifier, `::`, or one character of punctuation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    /// As written; a raw identifier without its `r#`.
    pub(crate) text: &'a str,
    /// Line in the file, from 1.
    pub(crate) line: usize,
}

impl Token<'_> {
    /// Whether this is an identifier or a keyword.
    pub(crate) fn is_identifier(&self) -> bool {
        self.text.starts_with(|c: char| c == '_' || c.is_alphabetic())
    }
}

/// The tokens of a file. Comments (also documentation), strings, characters,
/// numbers and lifetimes are left out: none of them names an item.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { rest: text, line: 1 };
    let mut found = Vec::new();
    while let Some(first) = lexer.rest.chars().next() {
        if let Some(skipped) = lexer.passed_over(first) {
            lexer.advance(skipped);
            continue;
        }
        let length = match first {
            ':' if lexer.rest.starts_with("::") => 2,
            c if is_word(c) => lexer.rest.find(|c| !is_word(c)).unwrap_or(lexer.rest.len()),
            c => c.len_utf8(),
        };
        let token = Token { text: &lexer.rest[..length], line: lexer.line };
        lexer.advance(length);
        if !first.is_ascii_digit() {
            found.push(token);
        }
    }
    found
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
}

impl Lexer<'_> {
    fn advance(&mut self, length: usize) {
        let (passed, rest) = self.rest.split_at(length);
        self.line += passed.matches('\n').count();
        self.rest = rest;
    }

    /// The length of the blank, comment, literal, lifetime or raw-identifier
    /// mark the rest begins with.
    fn passed_over(&self, first: char) -> Option<usize> {
        let rest = self.rest;
        match first {
            c if c.is_whitespace() => Some(c.len_utf8()),
            '/' if rest.starts_with("//") => Some(rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => Some(block_comment(rest)),
            '"' => Some(quoted(rest, '"')),
            '\'' => Some(character_or_lifetime(rest)),
            'r' | 'b' | 'c' => raw_string(rest).or_else(|| raw_identifier(rest)),
            _ => None,
        }
    }
}

/// Block comments nest.
fn block_comment(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        let step = match rest {
            [b'/', b'*', ..] => {
                depth += 1;
                2
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                2
            }
            _ => 1,
        };
        at += step;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The length of a literal from its opening quote to its closing one.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

fn character_or_lifetime(text: &str) -> usize {
    let mut chars = text.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted(text, '\''),
        _ => 1 + text[1..].find(|c| !is_word(c)).unwrap_or(text.len() - 1),
    }
}

fn raw_string(text: &str) -> Option<usize> {
    let prefix = ["br", "cr", "r"].into_iter().find(|p| text.starts_with(p))?;
    let after = &text[prefix.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = text.len() - body.len();
    Some(body.find(&end).map_or(text.len(), |at| start + at + end.len()))
}

fn raw_identifier(text: &str) -> Option<usize> {
    text.strip_prefix("r#")?.starts_with(is_word).then_some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        tokens(source).into_iter().map(|t| t.text).collect()
    }

    #[test]
    fn comments_and_literals_name_nothing() {
        let source = r##"
            // crate::a
            /// crate::b
            /* crate::c /* nested */ crate::d */
            let x = "crate::e \" crate::f"; let y = r#"crate::g "quoted" crate::h"#;
            let z = ('\'', '"', b'x', 'é', 1_000, 0x1f);
            fn f<'a>(r#type: &'a str) { crate::real }
        "##;
        let left = texts(source);
        let paths: Vec<_> = left.windows(3).filter(|w| w[0] == "crate").map(|w| w[2]).collect();
        assert_eq!(paths, ["real"]);
        assert!(left.contains(&"type"), "{left:?}");
        assert!(!left.contains(&"a"), "a lifetime is no name: {left:?}");
    }

    #[test]
    fn lines_are_counted_through_strings_and_comments() {
        let source = "/* one\ntwo */\n\"three\nfour\"\nhere";
        assert_eq!(tokens(source), [Token { text: "here", line: 5 }]);
    }

    #[test]
    fn unfinished_literals_end_with_the_file() {
        for source in ["\"abc", "r#\"abc", "/* abc", "'", "'\\", "'a", "r#", "\"\\"] {
            let _ = tokens(source);
        }
        assert_eq!(texts("x \"y"), ["x"]);
    }
}
