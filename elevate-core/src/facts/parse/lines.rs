//! Lines and words, as most formats have them.

use std::borrow::Cow;

/// Lines with their numbers, from 1; one that ends in a backslash goes on with
/// the next. What joined lines began with keeps its number.
pub fn continued(text: &str) -> impl Iterator<Item = (usize, Cow<'_, str>)> {
    let mut lines = text.lines().enumerate();
    std::iter::from_fn(move || {
        let (index, first) = lines.next()?;
        let Some(start) = first.strip_suffix('\\') else {
            return Some((index + 1, Cow::Borrowed(first)));
        };
        let mut joined = start.to_owned();
        for (_, next) in lines.by_ref() {
            match next.strip_suffix('\\') {
                Some(part) => joined.push_str(part),
                None => {
                    joined.push_str(next);
                    break;
                }
            }
        }
        Some((index + 1, Cow::Owned(joined)))
    })
}

/// Lines with their numbers, from 1.
pub fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// Words at white space; a word may have parts in single or double quotes, and
/// a backslash before a character outside single quotes.
///
/// # Errors
///
/// Where a quote is not closed: the words as far as they go, the open one last.
pub fn shell_words(text: &str) -> Result<Vec<String>, Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('\''), c) => word.get_or_insert_default().push(c),
            (Some(_), '\\') => match chars.next() {
                Some(next @ ('"' | '\\' | '$' | '`')) => word.get_or_insert_default().push(next),
                Some(next) => word.get_or_insert_default().extend(['\\', next]),
                None => word.get_or_insert_default().push('\\'),
            },
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '\\') => word.get_or_insert_default().extend(chars.next()),
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    if quote.is_some() { Err(words) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_at_the_end_joins_lines() {
        let lines: Vec<_> = continued("a\\\nb\\\n\nc\\ \nd\\").collect();
        let expected = [(1, "ab"), (4, "c\\ "), (5, "d")];
        assert_eq!(lines, expected.map(|(line, text)| (line, Cow::Borrowed(text))));
    }

    #[test]
    fn words_end_at_white_space_outside_quotes() {
        let words = |text| shell_words(text).unwrap();
        assert_eq!(words(r#"a "b c" d\ e 'f"g' """#), ["a", "b c", "d e", "f\"g", ""]);
        assert_eq!(words(r#"a"b"'c' "\"\x""#), ["abc", "\"\\x"]);
        assert_eq!(shell_words("a 'b c"), Err(vec!["a".to_owned(), "b c".to_owned()]));
    }
}
