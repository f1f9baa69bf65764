//! Takes secrets out of what a snapshot stores, and, if asked, everything that
//! tells whose host it is.
//!
//! Secrets never enter a snapshot. Each piece of text goes through [`secrets`]
//! when it is captured; a file that is a secret as a whole ([`never_stored`])
//! is not stored. Lines stay lines, so that a finding names the same one, and
//! a secret becomes the word `REDACTED`, which every format takes for a value.
//!
//! | rule | takes | leaves |
//! |--|--|--|
//! | settings (`settings.rs`, `keys.rs`) | the value of a name that ends in password, secret, token, psk ...: `name=value`, `name: value`, `--name value`, XML, JSON | switches, paths, small numbers, words of PAM and nsswitch, `$VARIABLE` |
//! | addresses (`urls.rs`) | secret of `user:secret@host`, secret parameters, tokens in the paths of some services | the user's name, `$basearch` |
//! | looks (`patterns.rs`) | hashes of crypt(3), LDAP and GRUB; keys of clouds and forges; bearer tokens; lines of shadow | fingerprints, checksums, certificates |
//! | places (`patterns.rs`) | communities of snmpd, `rootpw` of kickstart, keys inline in crypttab, passwords of routers ... | |
//! | blocks (this file) | bodies of private keys, values below `[vpn-secrets]`, YAML blocks of a secret | their first and last lines |
//!
//! Where it is not clear whether something is a secret it is taken out. Text
//! of two bytes a character (UTF-16) is not looked into.

mod keys;
mod patterns;
mod places;
mod settings;
mod strict;
mod urls;
mod whole;

pub(super) use whole::never_stored;

use std::borrow::Cow;
use std::ops::Range;

use places::Place;

/// What stands where a secret stood.
const MARKER: &[u8] = REDACTED.as_bytes();

/// The same as text.
pub(crate) const REDACTED: &str = "REDACTED";
/// How often a text is gone through at most, until nothing more is found.
const PASSES: usize = 4;

/// A text without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Secrets<'a> {
    /// The text.
    pub(super) content: Cow<'a, [u8]>,
    /// How many secrets were taken out of it.
    pub(super) taken: u32,
}

/// Takes the secrets out of a text. `path` is where it was, or the command
/// line it is the output of. Nothing else changes, and the number of lines
/// stays; of a file that is never stored nothing is left but them.
pub(super) fn secrets<'a>(path: &str, content: &'a [u8]) -> Secrets<'a> {
    let mut place = Place::of(path);
    let whole = never_stored(path);
    let mut secrets = Secrets { content: Cow::Borrowed(content), taken: 0 };
    for _ in 0..PASSES {
        let mut pass = Pass { place: &mut place, block: Block::None, whole, section: false };
        let Some((content, taken)) = pass.run(&secrets.content) else { break };
        secrets.content = Cow::Owned(content);
        secrets.taken = secrets.taken.saturating_add(taken);
    }
    secrets
}

/// The first bytes of a block device as they are stored: of an encrypted
/// volume its magic and version and nothing else, for what follows is made of
/// its keys.
pub(super) fn sector(bytes: &[u8]) -> Cow<'_, [u8]> {
    const KEPT: usize = 8;
    let encrypted = bytes.starts_with(b"LUKS\xba\xbe") || bytes.starts_with(b"SKUL\xba\xbe");
    if !encrypted || bytes.iter().skip(KEPT).all(|b| *b == 0) {
        return Cow::Borrowed(bytes);
    }
    let mut kept = vec![0; bytes.len()];
    for (to, from) in kept.iter_mut().zip(bytes).take(KEPT) {
        *to = *from;
    }
    Cow::Owned(kept)
}

/// What the lines above a line make of it.
enum Block {
    None,
    /// Body of a private key.
    Key,
    /// A block of YAML, deeper than this.
    Yaml(usize),
}

struct Pass<'p> {
    place: &'p mut Place,
    block: Block,
    /// Every line is a secret.
    whole: bool,
    /// Every value of this section is a secret.
    section: bool,
}

impl Pass<'_> {
    /// The text with its secrets replaced, or nothing where there are none.
    fn run(&mut self, content: &[u8]) -> Option<(Vec<u8>, u32)> {
        let (mut out, mut copied, mut taken, mut at) = (Vec::new(), 0, 0_u32, 0);
        let mut found = Vec::new();
        for whole in content.split_inclusive(|b| *b == b'\n') {
            let line = whole.strip_suffix(b"\n").unwrap_or(whole);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            self.line(line, &mut found);
            found.retain(|secret| !keys::is_reference(&line[secret.clone()]));
            for secret in merged(&mut found) {
                out.extend_from_slice(&content[copied..at + secret.start]);
                out.extend_from_slice(MARKER);
                copied = at + secret.end;
                taken = taken.saturating_add(1);
            }
            at += whole.len();
        }
        out.extend_from_slice(&content[copied..]);
        (taken > 0).then_some((out, taken))
    }

    fn line(&mut self, line: &[u8], found: &mut Vec<Range<usize>>) {
        found.clear();
        if self.whole {
            return found.extend(body(line));
        }
        if self.inside_block(line, found) {
            return;
        }
        if let Some(name) = section(line) {
            self.section = name.to_ascii_lowercase().ends_with(b"secrets");
        } else if self.section {
            let value = line.iter().position(|b| *b == b'=');
            found.extend(value.filter(|_| !line.starts_with(b"#")).map(|at| at + 1..line.len()));
        }
        for rule in &self.place.rules {
            patterns::groups(rule, line, found);
        }
        if !patterns::hint(line) {
            return;
        }
        settings::find(line, self.place, found);
        urls::find(line, found);
        patterns::find(line, found);
        self.open_block(line, found);
    }

    /// Takes a line of a block; says whether it was one.
    fn inside_block(&mut self, line: &[u8], found: &mut Vec<Range<usize>>) -> bool {
        let inside = match self.block {
            Block::None => false,
            Block::Key => is_key_body(line),
            Block::Yaml(indent) => line.trim_ascii().is_empty() || indent_of(line) > indent,
        };
        if inside {
            found.extend(body(line));
        } else {
            self.block = Block::None;
        }
        inside
    }

    fn open_block(&mut self, line: &[u8], found: &mut Vec<Range<usize>>) {
        if settings::opens_block(line, self.place) {
            self.block = Block::Yaml(indent_of(line));
        }
        let Some(start) = private_key(line) else { return };
        let end = find(&line[start..], b"-----END").or_else(|| find(&line[start..], b"---- END"));
        let body = start..end.map_or(line.len(), |end| start + end);
        if end.is_none() {
            self.block = Block::Key;
        }
        // A word or two behind the header is a script that speaks of keys.
        if end.is_some() || is_key_body(&line[body.clone()]) {
            let text = line[body.clone()].iter().any(|b| b.is_ascii_alphanumeric());
            found.extend(text.then_some(body));
        }
    }
}

/// Puts together what overlaps, in order.
fn merged(found: &mut Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_by_key(|secret| (secret.start, secret.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for secret in found.drain(..) {
        match merged.last_mut() {
            Some(last) if secret.start <= last.end => last.end = last.end.max(secret.end),
            _ => merged.push(secret),
        }
    }
    merged
}

/// All of a line but the white space around it.
fn body(line: &[u8]) -> Option<Range<usize>> {
    let start = indent_of(line);
    let end = start + line[start..].trim_ascii_end().len();
    (start < end).then_some(start..end)
}

fn indent_of(line: &[u8]) -> usize {
    line.len() - line.trim_ascii_start().len()
}

fn section(line: &[u8]) -> Option<&[u8]> {
    line.trim_ascii().strip_prefix(b"[")?.strip_suffix(b"]")
}

fn find(line: &[u8], text: &[u8]) -> Option<usize> {
    line.windows(text.len()).position(|window| window == text)
}

/// Where the header of a private key ends.
fn private_key(line: &[u8]) -> Option<usize> {
    const KINDS: [&[u8]; 3] = [b"PRIVATE KEY", b"OpenVPN Static key V1", b"SECRET KEY"];
    let begin = find(line, b"-- BEGIN ").or_else(|| find(line, b"--BEGIN "))?;
    let label = &line[begin..line.len().min(begin + 80)];
    let kind = KINDS.iter().find_map(|kind| find(label, kind).map(|at| at + kind.len()))?;
    let dashes = find(&label[kind..], b"--")?;
    let end = begin + kind + dashes;
    Some(end + line[end..].iter().take_while(|b| **b == b'-').count())
}

/// Base64, or one of the headers inside a key; quoted or indented as may be.
fn is_key_body(line: &[u8]) -> bool {
    let around = |b: &u8| b.is_ascii_whitespace() || b"\"'#>;+,\\".contains(b);
    let start = line.iter().position(|b| !around(b)).unwrap_or(line.len());
    let end = line.iter().rposition(|b| !around(b)).map_or(start, |at| at + 1);
    let text = &line[start.min(end)..end];
    let base64 = |b: &u8| b.is_ascii_alphanumeric() || b"+/=\\".contains(b);
    let header = || {
        let colon = text.iter().position(|b| *b == b':')?;
        let name = text[..colon].iter().all(|b| b.is_ascii_alphabetic() || *b == b'-');
        (name && text.get(colon + 1) == Some(&b' ')).then_some(())
    };
    text.iter().all(base64) || header().is_some()
}

#[cfg(test)]
mod tests;
