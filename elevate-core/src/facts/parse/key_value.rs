//! Files of `key = value` lines without sections.

use super::super::OddLine;
use super::{Odd, lines};

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Line, from 1.
    pub line: usize,
    /// The key as written.
    pub key: String,
    /// The value without white space at its ends and without quotes around it.
    pub value: String,
}

/// Reads every line with the separator in it; `#` begins a comment at the start
/// of a line. Every other line is odd.
pub fn parse(text: &str, separator: char) -> (Vec<Pair>, Vec<OddLine>) {
    let mut pairs = Vec::new();
    let mut odd = Odd::default();
    for (line, text) in lines::numbered(text) {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match text.split_once(separator).map(|(key, value)| (key.trim(), value.trim())) {
            Some((key, value)) if !key.is_empty() => {
                let (key, value) = (key.to_owned(), unquoted(value).to_owned());
                pairs.push(Pair { line, key, value });
            }
            _ => odd.note(line, text, format!("is not `key {separator} value`")),
        }
    }
    (pairs, odd.finish())
}

/// The last pair with this key.
pub fn last<'a>(pairs: &'a [Pair], key: &str) -> Option<&'a Pair> {
    pairs.iter().rfind(|pair| pair.key == key)
}

fn unquoted(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_the_separator_are_pairs_and_others_are_odd() {
        let (pairs, odd) = parse("# c\n a = 1 \nb=\"x=y\"\nword\n=1\n\na=2\nc='\n", '=');
        let list: Vec<_> =
            pairs.iter().map(|p| (p.line, p.key.as_str(), p.value.as_str())).collect();
        assert_eq!(list, [(2, "a", "1"), (3, "b", "x=y"), (7, "a", "2"), (8, "c", "'")]);
        assert_eq!(last(&pairs, "a").unwrap().value, "2");
        assert_eq!(odd.iter().map(|odd| odd.line).collect::<Vec<_>>(), [4, 5]);
    }

    #[test]
    fn the_separator_may_be_a_colon() {
        let (pairs, _) = parse("release: 2.00\nurl: http://x\n", ':');
        assert_eq!(last(&pairs, "url").unwrap().value, "http://x");
    }
}
