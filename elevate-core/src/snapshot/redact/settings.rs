//! The general rule: a setting whose name ends like a secret, in whatever
//! notation, loses its value.

use std::ops::Range;

use super::keys;
use super::places::Place;

/// Finds the values of secret settings in a line.
pub(super) fn find(line: &[u8], place: &Place, out: &mut Vec<Range<usize>>) {
    let mut at = 0;
    let lead = lead(line);
    while let Some(word) = next_word(line, at) {
        at = word.end;
        if !is_secret(&line[word.clone()], place) {
            continue;
        }
        if let Some(value) = value(line, lead, &word, place) {
            at = value.end.max(at);
            out.push(value);
        }
    }
}

/// Whether a line ends in a secret setting whose value is a block of the
/// lines below it: `password: |`.
pub(super) fn opens_block(line: &[u8], place: &Place) -> bool {
    let Some(at) = line.iter().position(|b| *b == b':') else { return false };
    let (name, value) = (line[..at].trim_ascii(), line[at + 1..].trim_ascii());
    let name = name.strip_prefix(b"-").unwrap_or(name).trim_ascii();
    let block = matches!(value, b"|" | b">" | b"|-" | b">-" | b"|+" | b">+");
    block && is_secret(name, place)
}

fn is_secret(key: &[u8], place: &Place) -> bool {
    keys::is_secret(key) || (place.network && keys::is_network_key(key))
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')
}

fn is_space(b: u8) -> bool {
    b.is_ascii_whitespace() || b == 0
}

fn is_quote(b: u8) -> bool {
    matches!(b, b'"' | b'\'')
}

fn next_word(line: &[u8], at: usize) -> Option<Range<usize>> {
    let start = at + line.get(at..)?.iter().position(|b| is_word(*b))?;
    let length = line[start..].iter().position(|b| !is_word(*b)).unwrap_or(line.len() - start);
    Some(start..start + length)
}

fn skip_spaces(line: &[u8], at: usize) -> usize {
    at + line[at..].iter().take_while(|b| is_space(**b)).count()
}

/// How name and value are put apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    /// `name=value`, `name: value`, `name => value`.
    Sign(u8),
    /// `--name value`.
    Option,
    /// `name value`, and nothing else on the line.
    Blank,
    /// `<name>value</name>`.
    Element,
    /// `define('NAME', 'value')`.
    Argument,
}

fn value(line: &[u8], lead: usize, word: &Range<usize>, place: &Place) -> Option<Range<usize>> {
    let quote = word.start.checked_sub(1).map(|before| line[before]).filter(|b| is_quote(*b));
    let (between, start) = separator(line, lead, word, quote)?;
    let first = word.start <= lead;
    if !allowed(line, word, place, between, first) {
        return None;
    }
    let found = match quote {
        // The quote was opened before the name: "NAME=the value".
        Some(quote) if line.get(word.end) != Some(&quote) && line[word.end] != b'\\' => {
            start..closing(line, start, quote)
        }
        _ => extent(line, start, between, first, &line[word.clone()], place),
    };
    let text = line[found.clone()].trim_ascii();
    let container = between == Between::Sign(b':') && text.starts_with(b"{")
        || between == Between::Sign(b':') && text.starts_with(b"[");
    let commented = || line[..lead].iter().any(|b| matches!(b, b'#' | b';'));
    let prose = first && between == Between::Sign(b':') && is_prose(text) && commented();
    if keys::is_harmless(text) || container || prose {
        return None;
    }
    Some(found)
}

/// Where a notation is no setting in this place.
fn allowed(line: &[u8], word: &Range<usize>, place: &Place, between: Between, first: bool) -> bool {
    match between {
        Between::Blank => {
            let words = line[word.end..].split(|b| is_space(*b)).filter(|text| !text.is_empty());
            let name = line[word.clone()].to_ascii_lowercase();
            let ends = [&b"password"[..], b"passwd", b"passphrase", b"secret", b"auth_pass"];
            let known = first && !place.pam && ends.iter().any(|end| name.ends_with(end));
            known && words.take(2).count() == 1
        }
        Between::Sign(b':') => {
            let before = word.start.checked_sub(1).map(|at| line[at]);
            !place.accounts && !place.sudoers && before != Some(b'/')
        }
        _ => true,
    }
}

fn separator(
    line: &[u8],
    lead: usize,
    word: &Range<usize>,
    quote: Option<u8>,
) -> Option<(Between, usize)> {
    let mut at = word.end;
    let mut quoted = false;
    let escaped = line.get(at) == Some(&b'\\');
    let closed = line.get(at + usize::from(escaped)).copied();
    if quote.is_some() && closed == quote {
        at += 1 + usize::from(escaped);
        quoted = true;
    }
    let close = at;
    at = skip_spaces(line, at);
    let sign = *line.get(at)?;
    let next = line.get(at + 1).copied();
    let value = |signs: usize, between| Some((between, skip_spaces(line, at + signs)));
    match (sign, next) {
        (b'=', Some(b'=')) | (b'=', Some(b'~')) => None,
        (b'=', Some(b'>')) | (b':', Some(b'=')) => value(2, Between::Sign(b'=')),
        (b'=', _) => value(1, Between::Sign(b'=')),
        (b':', Some(b':')) if line.get(at + 2).is_some_and(|b| is_space(*b)) => {
            value(2, Between::Sign(b':'))
        }
        (b':', Some(b':')) => None,
        (b':', next) => {
            let plain = quoted || next.is_none_or(|b| is_space(b) || is_quote(b));
            (plain || word.start <= lead).then_some(())?;
            value(1, Between::Sign(b':'))
        }
        (b'>', _) if word.start > 0 && line[word.start - 1] == b'<' => value(1, Between::Element),
        (b',', _) if quoted && word.start > 1 && line[word.start - 2] == b'(' => {
            let value = skip_spaces(line, at + 1);
            line.get(value).is_some_and(|b| is_quote(*b)).then_some((Between::Argument, value))
        }
        _ if at == close => None,
        (sign, _) if line[word.start..].starts_with(b"--") => {
            (sign != b'-').then_some((Between::Option, at))
        }
        _ => Some((Between::Blank, at)),
    }
}

/// Where the first name of a line begins; before it is only what may stand
/// before a setting.
fn lead(line: &[u8]) -> usize {
    let skip = |at: usize| {
        let before = |b: &&u8| is_space(**b) || is_quote(**b) || b"#;-{,".contains(b);
        at + line[at..].iter().take_while(before).count()
    };
    let mut at = skip(0);
    for word in [&b"export "[..], b"set "] {
        if line[at..].starts_with(word) {
            at = skip(at + word.len());
        }
    }
    at
}

fn extent(
    line: &[u8],
    start: usize,
    between: Between,
    first: bool,
    key: &[u8],
    place: &Place,
) -> Range<usize> {
    if between == Between::Element {
        let end = line[start..].iter().position(|b| *b == b'<');
        return start..end.map_or(line.len(), |end| start + end);
    }
    if let Some(inside) = quoted(line, start) {
        return inside;
    }
    let shell = key.iter().all(|b| !b.is_ascii_lowercase());
    let token = token_end(line, start, place);
    let whole = first && matches!(between, Between::Sign(_)) && (place.sections || !shell);
    // `{password: secret, user: name}`; in a file of sections a comma is of the value.
    let cut = line.get(token).is_some_and(|b| !is_space(*b))
        && !(place.sections && between == Between::Sign(b'='));
    if !whole || cut || is_next_setting(&line[token..]) {
        return start..trimmed(line, start, token);
    }
    start..trimmed(line, start, line.len())
}

/// Inside of a quoted value, as long as the quotes end where the value does.
fn quoted(line: &[u8], start: usize) -> Option<Range<usize>> {
    let escaped = usize::from(line.get(start) == Some(&b'\\'));
    let quote = *line.get(start + escaped).filter(|b| is_quote(**b))?;
    let inside = start + escaped + 1;
    if escaped == 1 {
        let close = line[inside..].windows(2).position(|pair| pair == [b'\\', quote]);
        return Some(inside..close.map_or(line.len(), |close| inside + close));
    }
    let end = closing(line, inside, quote);
    let ends = line.get(end + 1).is_none_or(|b| is_space(*b) || b",;)}]&|>/<:?".contains(b));
    // 'one'"two" is one value: take all of it.
    let rest = || line[end + 1..].iter().position(|b| is_space(*b));
    Some(if ends {
        inside..end
    } else {
        start..rest().map_or(line.len(), |length| end + 1 + length)
    })
}

fn closing(line: &[u8], from: usize, quote: u8) -> usize {
    let mut escaped = false;
    for (at, b) in line.iter().enumerate().skip(from) {
        match *b {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b if b == quote => return at,
            _ => {}
        }
    }
    line.len()
}

/// End of an unquoted value: white space, or a sign after which the next
/// setting begins.
fn token_end(line: &[u8], start: usize, place: &Place) -> usize {
    for (at, b) in line.iter().enumerate().skip(start) {
        let ends = match *b {
            b',' if place.options => true,
            b',' | b';' | b'&' => starts_setting(&line[at + 1..]),
            b'<' => line.get(at + 1) == Some(&b'/'),
            b => is_space(b),
        };
        if ends {
            return at;
        }
    }
    line.len()
}

/// Whether `name=` or `name:` comes first; names are short, so few bytes are looked at.
fn starts_setting(rest: &[u8]) -> bool {
    let rest = &rest[..rest.len().min(80)];
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let name = rest.iter().take_while(|b| is_word(**b)).count();
    let sign = rest[name..].strip_prefix(b"\"").unwrap_or(&rest[name..]);
    name > 0 && matches!(sign.first(), Some(b'=' | b':'))
}

/// Whether something else begins after white space: another setting, or a
/// command of the shell.
fn is_next_setting(rest: &[u8]) -> bool {
    let text = rest.trim_ascii_start();
    text.len() < rest.len()
        && (starts_setting(text) || text.starts_with(b"&&") || text.starts_with(b"| "))
}

fn trimmed(line: &[u8], start: usize, end: usize) -> usize {
    let value = &line[start..end];
    // A bracket that was opened inside belongs to the value.
    let inside = [b"{}", b"[]", b"()"].map(|pair| (pair[1], value.contains(&pair[0])));
    let closes = |b: &u8| {
        is_space(*b)
            || matches!(b, b';' | b',')
            || inside.iter().any(|(close, opened)| close == b && !opened)
    };
    let tail = value.iter().rev().take_while(|b| closes(b)).count();
    // A value of such signs only is one.
    if tail == value.len() { end } else { end - tail }
}

/// A sentence, and no value: at least three words of letters.
fn is_prose(text: &[u8]) -> bool {
    let words = text.split(|b| is_space(*b)).filter(|word| !word.is_empty());
    let plain = |word: &&[u8]| {
        let word = word.strip_suffix(b",").or(word.strip_suffix(b".")).unwrap_or(word);
        word.iter().all(u8::is_ascii_alphabetic)
    };
    words.take(3).filter(plain).count() == 3
}
