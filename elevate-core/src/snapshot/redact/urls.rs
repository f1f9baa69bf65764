//! Secrets in addresses: `scheme://user:secret@host`, `?token=secret`, and the
//! paths in which some services put one.

use std::ops::Range;

use super::keys;

/// Services that put a token in the path: what comes before it.
const TOKEN_PATHS: &[&[u8]] = &[
    b"packagecloud.io/priv/",
    b"dl.cloudsmith.io/",
    b"storebits.docker.com/ee/rhel/",
    b"storebits.docker.com/ee/centos/",
    b"storebits.docker.com/ee/oraclelinux/",
    b"storebits.docker.com/ee/m/",
    b"hooks.slack.com/services/",
    b"api.telegram.org/bot",
    b"discord.com/api/webhooks/",
];
/// Names in such paths that are none.
const NO_TOKENS: &[&[u8]] = &[b"public", b"basic"];

/// Finds the secrets in the addresses of a line.
pub(super) fn find(line: &[u8], out: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(length) = line[at..].windows(3).position(|text| text == b"://") {
        let start = at + length + 3;
        // Up to its end, or to another address that is a parameter of this one.
        let rest = &line[start..];
        let inside = |at: &usize| !ends(rest[*at]) && !rest[*at..].starts_with(b"://");
        let end = start + (0..rest.len()).take_while(inside).count();
        address(line, start, end, out);
        at = end;
    }
    parameters(line, out);
}

fn ends(b: u8) -> bool {
    b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'<' | b'>' | b'`' | 0)
}

fn address(line: &[u8], start: usize, end: usize, out: &mut Vec<Range<usize>>) {
    let text = &line[start..end];
    let authority = text.iter().position(|b| matches!(b, b'/' | b'?' | b'#'));
    let authority = authority.unwrap_or(text.len());
    let colon = text[..authority].iter().position(|b| *b == b':');
    let last_at = |text: &[u8]| text.iter().rposition(|b| *b == b'@');
    let at = last_at(&text[..authority]).or_else(|| {
        // A secret with `/` in it: what follows the colon is no port then.
        let port = text[colon? + 1..authority].iter();
        let variable = text[..authority].contains(&b'$') || text.starts_with(b"[");
        let secret = !variable && port.clone().count() > 0 && !port.clone().all(u8::is_ascii_digit);
        if secret { last_at(text) } else { None }
    });
    match (at, colon) {
        (Some(at), Some(colon)) if colon < at => out.push(start + colon + 1..start + at),
        (Some(at), _) if is_token(&text[..at]) => out.push(start..start + at),
        _ => {}
    }
    token_in_path(line, start, end, out);
}

/// A user name that is none: long, and with digits.
fn is_token(name: &[u8]) -> bool {
    name.len() >= 20 && name.iter().any(u8::is_ascii_digit) && !name.contains(&b'.')
}

fn token_in_path(line: &[u8], start: usize, end: usize, out: &mut Vec<Range<usize>>) {
    let text = &line[start..end];
    let host = text.iter().position(|b| *b == b'@').map_or(0, |at| at + 1);
    let Some(before) = TOKEN_PATHS.iter().find(|before| text[host..].starts_with(before)) else {
        return;
    };
    let token = host + before.len();
    let many = before.ends_with(b"services/") || before.ends_with(b"webhooks/");
    let length = text[token..].iter().position(|b| *b == b'/' && !many || *b == b'?');
    let token = token..length.map_or(text.len(), |length| token + length);
    if !NO_TOKENS.contains(&&text[token.clone()]) {
        out.push(start + token.start..start + token.end);
    }
}

/// `?name=secret&name=secret`. Sections of a page count too, and so do
/// parameters of an address without a scheme.
fn parameters(line: &[u8], out: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(sign) = line[at..].iter().position(|b| matches!(b, b'?' | b'&')) {
        at += sign + 1;
        let end = line.len().min(at + 80);
        let mut start = at;
        if line[start..end].starts_with(b"amp;") {
            start += 4;
        }
        let Some(equals) = line[start..end].iter().position(|b| *b == b'=') else { continue };
        let name = &line[start..start + equals];
        if !name.iter().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b))
            || !keys::is_secret_parameter(name)
        {
            continue;
        }
        let value = start + equals + 1;
        let length = line[value..].iter().take_while(|b| !ends(**b) && !b"&#".contains(b)).count();
        out.push(value..value + length);
        at = value + length;
    }
}
