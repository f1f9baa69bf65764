//! Finds in a text what may have to be replaced: addresses by their shape,
//! names by a list.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::super::MARKER;

/// What the place of a text says about the words in it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Context {
    /// Words are names of hosts.
    pub(super) hosts: bool,
    /// Words are names of users.
    pub(super) users: bool,
    /// Numbers with dots are versions.
    pub(super) versions: bool,
}

impl Context {
    /// Judges a path.
    pub(super) fn of(path: &str) -> Context {
        // Lists of packages, some of which have commas between name and version.
        let packages = ["/var/lib/yum/", "/var/lib/rpm/", "/var/lib/dnf/", "rpm ", "yum "];
        Context {
            hosts: matches!(path, "/etc/hostname" | "/etc/hosts" | "/proc/sys/kernel/hostname"),
            users: matches!(path, "/home" | "/var/spool/cron" | "/var/spool/mail"),
            versions: path.ends_with("version") || packages.iter().any(|p| path.starts_with(p)),
        }
    }
}

/// Something with a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// IPv4 address.
    V4(Ipv4Addr),
    /// IPv6 address.
    V6(Ipv6Addr),
    /// MAC address, and what stands between its numbers.
    Mac([u8; 6], u8),
}

/// Whether a byte belongs to a word; what is not ASCII does.
pub(super) fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b >= 0x80
}

/// Whether a byte may be in the name of a host, or before the `@` of a mail
/// address.
pub(super) fn is_name(b: u8) -> bool {
    is_word(b) || matches!(b, b'.' | b'-' | b'_' | b'+')
}

/// The address at a place where no word goes on, and its end.
pub(super) fn shape(text: &[u8], at: usize, context: Context) -> Option<(Shape, usize)> {
    let first = text[at];
    if !first.is_ascii_hexdigit() && first != b':' {
        return None;
    }
    mac(text, at)
        .or_else(|| v6(text, at))
        .or_else(|| if context.versions { None } else { v4(text, at) })
}

fn mac(text: &[u8], at: usize) -> Option<(Shape, usize)> {
    let piece = text.get(at..at + 17)?;
    let between = piece[2];
    let letters = || piece.iter().any(u8::is_ascii_alphabetic);
    if between != b':' && !(between == b'-' && letters()) {
        return None;
    }
    let mut mac = [0; 6];
    for (n, part) in piece.chunks(3).enumerate() {
        let digits = part.iter().take(2).map(|b| char::from(*b).to_digit(16));
        let [high, low] = digits.collect::<Option<Vec<u32>>>()?[..] else { return None };
        if part.get(2).is_some_and(|b| *b != between) {
            return None;
        }
        mac[n] = u8::try_from(high * 16 + low).ok()?;
    }
    // Part of something longer: a fingerprint, a port of InfiniBand.
    let before = at.checked_sub(1).map(|before| text[before]) == Some(between);
    let after = text.get(at + 17).is_some_and(|b| is_word(*b))
        || text.get(at + 17) == Some(&between)
            && text.get(at + 18).is_some_and(u8::is_ascii_hexdigit);
    (!before && !after).then_some((Shape::Mac(mac, between), at + 17))
}

fn v6(text: &[u8], at: usize) -> Option<(Shape, usize)> {
    let before = at.checked_sub(1).map(|before| text[before]);
    if matches!(before, Some(b':' | b'.')) {
        return None;
    }
    let rest = &text[at..text.len().min(at + 48)];
    let run = rest.iter().take_while(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.')).count();
    let after = rest.get(run).is_some_and(|b| is_word(*b) || *b == b'_');
    if run > 46 || after || rest[..run].iter().filter(|b| **b == b':').count() < 2 {
        return None;
    }
    let parse = |end: usize| {
        let address: Ipv6Addr = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
        Some((Shape::V6(address), at + end))
    };
    let trailing = matches!(rest[run - 1], b':' | b'.').then_some(run - 1);
    parse(run).or_else(|| parse(trailing?))
}

fn v4(text: &[u8], at: usize) -> Option<(Shape, usize)> {
    let (address, end) = quad(text, at)?;
    let before = at.checked_sub(1).map(|before| text[before]);
    let private = matches!(address.octets(), [192, 168, ..] | [172, 16..=31, ..]);
    // 10.0.0.1-10.0.0.9 is a range, name-1.2.3.4 a package.
    let range = || quad_before(text, at.checked_sub(1)?);
    let good_start = match before {
        Some(b'.') => false,
        Some(b'-') => private || range().is_some(),
        _ => !says_version(text, at),
    };
    let rest = &text[end..];
    let good_end = match rest.first() {
        Some(b'-') => private || quad(text, end + 1).is_some(),
        Some(b'.') => !is_version_end(&rest[1..]),
        Some(b'_' | b'~' | b'+' | b'^') => false,
        _ => true,
    };
    (good_start && good_end).then_some((Shape::V4(address), end))
}

/// Four numbers up to 255 with dots between them, and nothing of a word after.
fn quad(text: &[u8], at: usize) -> Option<(Ipv4Addr, usize)> {
    let rest = text.get(at..text.len().min(at + 16))?;
    let length = rest.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let run = &rest[..length];
    let run = run.strip_suffix(b".").unwrap_or(run);
    let address = std::str::from_utf8(run).ok()?.parse().ok()?;
    let end = at + run.len();
    let goes_on = text.get(end).is_some_and(|b| is_word(*b));
    (!goes_on).then_some((address, end))
}

fn quad_before(text: &[u8], end: usize) -> Option<Ipv4Addr> {
    let from = end.saturating_sub(15);
    let before = &text[from..end];
    let start = before.iter().rposition(|b| !b.is_ascii_digit() && *b != b'.');
    std::str::from_utf8(&before[start.map_or(0, |at| at + 1)..]).ok()?.parse().ok()
}

/// `version 1.2.3.4`, `Release: 1.2.3.4`.
fn says_version(text: &[u8], at: usize) -> bool {
    let before = text[at.saturating_sub(24)..at].to_ascii_lowercase();
    let end = before.iter().rposition(|b| !matches!(b, b' ' | b'\t' | b':' | b'=' | b'"' | b'\''));
    let word = &before[..end.map_or(0, |end| end + 1)];
    [&b"version"[..], b"release", b"ver", b"epoch"].iter().any(|said| word.ends_with(said))
}

/// What follows the dot behind a version: `5`, `el7`, `rpm`, `x86_64`.
fn is_version_end(rest: &[u8]) -> bool {
    let ends =
        ["el", "fc", "rpm", "x86_64", "noarch", "i686", "src", "so", "tar", "tgz", "jar", "module"];
    rest.first().is_some_and(u8::is_ascii_digit)
        || ends.iter().any(|end| rest.starts_with(end.as_bytes()))
}

/// The local part of a mail address: `name` of `name@host.domain`. `at` is
/// where the name begins, `end` where it ends.
pub(super) fn is_mail(text: &[u8], at: usize, end: usize) -> bool {
    const UNITS: [&[u8]; 11] = [
        b"service",
        b"socket",
        b"target",
        b"timer",
        b"mount",
        b"device",
        b"path",
        b"slice",
        b"scope",
        b"swap",
        b"automount",
    ];
    // What stands for a secret is nobody's name.
    if text.get(end) != Some(&b'@') || at == end || text[at..end] == *MARKER {
        return false;
    }
    let rest = &text[end + 1..text.len().min(end + 256)];
    let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-.".contains(b)).count();
    let host = rest[..length].strip_suffix(b".").unwrap_or(&rest[..length]);
    let Some(dot) = host.iter().rposition(|b| *b == b'.').filter(|dot| *dot > 0) else {
        return false;
    };
    let last = &host[dot + 1..];
    last.len() >= 2 && last.iter().all(u8::is_ascii_alphabetic) && !UNITS.contains(&last)
}

/// End of the name that begins here.
pub(super) fn name_end(text: &[u8], at: usize) -> usize {
    at + text[at..].iter().take_while(|b| is_name(**b)).count()
}

/// Ends of the words from here on, as long as one sign stands between them,
/// the longest piece first; at most as many words as asked for.
pub(super) fn pieces(text: &[u8], at: usize, words: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = at;
    for _ in 0..words {
        let length = text[start..].iter().take(256).take_while(|b| is_word(**b)).count();
        if length == 0 || length == 256 {
            break;
        }
        found.push(at..start + length);
        if !text.get(start + length).is_some_and(|b| b"-._ /:+".contains(b)) {
            break;
        }
        start += length + 1;
    }
    found.reverse();
    found
}
