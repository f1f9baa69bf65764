//! Which original becomes which replacement, and the replacing itself.

use std::collections::{BTreeMap, BTreeSet};

use super::each_text;
use super::names::{self, Names};
use super::scan::{self, Context, Shape};
use super::seen::Seen;
use crate::snapshot::Snapshot;

/// Words of the longest name that is looked for.
const WORDS: usize = 20;
/// Labels of the longest domain that is looked for.
const LABELS: usize = 6;

/// What replaces what.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// Names as they are written.
    exact: BTreeMap<Vec<u8>, Entry>,
    /// Names in lower case.
    lower: BTreeMap<Vec<u8>, Entry>,
    /// First words of them all, in lower case.
    firsts: BTreeSet<Vec<u8>>,
    /// Domains of the host.
    own: BTreeSet<Vec<u8>>,
    /// Labels of hosts of these domains, lower case, by number.
    labels: BTreeMap<Vec<u8>, String>,
    /// Domains by number.
    domains: BTreeMap<Vec<u8>, String>,
    /// Users by name, in mail addresses.
    mails: BTreeMap<Vec<u8>, String>,
    shapes: BTreeMap<Shape, String>,
}

#[derive(Debug, Clone)]
struct Entry {
    to: String,
    /// Replaced only where nothing else can be meant.
    weak: bool,
    user: bool,
}

/// What was found at a place of a text.
pub(super) enum Hit<'t> {
    /// An address.
    Shape(Shape),
    /// Label and domain of a host, or a domain alone.
    Host(Option<Vec<u8>>, Vec<u8>),
    /// The user of a mail address.
    Mail(&'t [u8]),
    /// A name of the list, and its replacement.
    Word(&'t str),
}

impl Book {
    /// Collects, numbers.
    pub(super) fn of(snapshot: &Snapshot) -> Book {
        let mut names = Names::of(snapshot);
        let mut book = Book { own: bytes(&names.domains), ..Book::default() };
        let mut seen = Seen::default();
        each_text(snapshot, |path, text| {
            seen.reserve(text);
            book.walk(text, Context::of(path), |_, hit| seen.see(hit));
        });
        for name in &names.full {
            if let Some((label, domain)) = name.split_once('.') {
                seen.labels.insert(label.into());
                seen.domains.insert(domain.into());
            }
        }
        seen.labels.extend(bytes(&names.hosts));
        seen.domains.append(&mut book.own.clone());
        book.labels = seen.number("host", seen.labels.iter());
        book.domains = seen.number("domain", seen.domains.iter());
        let users = bytes(&names.users);
        book.mails = seen.number("user", users.union(&seen.mails));
        book.shapes = seen.shapes();
        names.hosts.retain(|name| book.labels.contains_key(name.as_bytes()));
        book.words(&names, &seen, snapshot);
        book
    }

    fn words(&mut self, names: &Names, seen: &Seen, snapshot: &Snapshot) {
        let packages: BTreeSet<String> =
            snapshot.packages.iter().map(|p| p.name.as_str().to_ascii_lowercase()).collect();
        let weak = |name: &str| names::is_common(name, &packages);
        for (name, to) in self.labels.clone() {
            let text = String::from_utf8_lossy(&name);
            if names.hosts.contains(&*text) {
                self.lower.insert(name.clone(), Entry { to, weak: weak(&text), user: false });
            }
        }
        for name in &names.full {
            if let Some(to) = self.full(name.as_bytes()) {
                self.lower.insert(name.as_bytes().into(), Entry { to, weak: false, user: false });
            }
        }
        let serials = bytes(&names.serials);
        for (serial, number) in seen.number("serial", serials.iter()) {
            let number = number.trim_start_matches("serial");
            let to = alike(&serial, number);
            self.lower.insert(serial, Entry { to, weak: false, user: false });
        }
        for (person, to) in seen.number("person", bytes(&names.persons).iter()) {
            self.exact.insert(person, Entry { to, weak: false, user: false });
        }
        for user in &names.users {
            if let Some(to) = self.mails.get(user.as_bytes()) {
                let entry = Entry { to: to.clone(), weak: weak(user), user: true };
                self.exact.insert(user.as_bytes().into(), entry);
            }
        }
        let all = self.exact.keys().chain(self.lower.keys());
        self.firsts = all
            .filter_map(|name| {
                scan::pieces(name, 0, 1).pop().map(|first| name[first].to_ascii_lowercase())
            })
            .collect();
    }

    fn full(&self, name: &[u8]) -> Option<String> {
        let dot = name.iter().position(|b| *b == b'.')?;
        let host = self
            .labels
            .get(&name[..dot])
            .map_or(String::from_utf8_lossy(&name[..dot]), |to| to.into());
        let domain = self.domains.get(&name[dot + 1..])?;
        Some(format!("{host}.{domain}.example"))
    }

    /// A text with its originals replaced, and how many were.
    pub(super) fn rewrite(&self, text: &[u8], context: Context) -> (Vec<u8>, u32) {
        if is_binary(text) {
            return (text.to_vec(), 0);
        }
        let (mut out, mut copied, mut count) = (Vec::new(), 0, 0_u32);
        self.walk(text, context, |found, hit| {
            let Some(to) = self.replacement(hit) else { return };
            out.extend_from_slice(&text[copied..found.start]);
            out.extend_from_slice(to.as_bytes());
            copied = found.end;
            count = count.saturating_add(1);
        });
        out.extend_from_slice(&text[copied..]);
        (out, count)
    }

    /// The same for a text that is UTF-8; replacements keep it so.
    pub(super) fn rewrite_text(&self, text: &str, context: Context) -> String {
        String::from_utf8_lossy(&self.rewrite(text.as_bytes(), context).0).into_owned()
    }

    fn replacement(&self, hit: Hit<'_>) -> Option<String> {
        match hit {
            Hit::Shape(shape) => self.shapes.get(&shape).cloned(),
            Hit::Word(to) => Some(to.to_owned()),
            Hit::Mail(user) => self.mails.get(user).cloned(),
            Hit::Host(None, domain) => Some(format!("{}.example", self.domains.get(&domain)?)),
            Hit::Host(Some(label), domain) => {
                let host = self.labels.get(&label).cloned();
                let host = host.unwrap_or_else(|| String::from_utf8_lossy(&label).into_owned());
                Some(format!("{host}.{}.example", self.domains.get(&domain)?))
            }
        }
    }

    /// Goes through a text once, from the left, and calls back with every place
    /// where something stands that may have to be replaced.
    fn walk<'t>(
        &'t self,
        text: &'t [u8],
        context: Context,
        mut see: impl FnMut(std::ops::Range<usize>, Hit<'t>),
    ) {
        let mut at = 0;
        // Where the name ends in which the walk is.
        let mut name = 0;
        while at < text.len() {
            let word_before = at > 0 && scan::is_word(text[at - 1]);
            let starts_name = at >= name && scan::is_name(text[at]);
            if starts_name {
                name = scan::name_end(text, at);
            }
            let hit = (!word_before)
                .then(|| self.at(text, at, starts_name.then_some(name), context))
                .flatten();
            match hit {
                Some((end, hit)) if end > at => {
                    see(at..end, hit);
                    at = end;
                }
                _ => at += 1,
            }
        }
    }

    fn at<'t>(
        &'t self,
        text: &'t [u8],
        at: usize,
        name: Option<usize>,
        context: Context,
    ) -> Option<(usize, Hit<'t>)> {
        if let Some(end) = name {
            if scan::is_mail(text, at, end) {
                return Some((end, Hit::Mail(&text[at..end])));
            }
            if let Some((end, label, domain)) = self.host(&text[at..end]) {
                return Some((at + end, Hit::Host(label, domain)));
            }
        }
        if let Some((shape, end)) = scan::shape(text, at, context) {
            return Some((end, Hit::Shape(shape)));
        }
        if !scan::is_word(text[at]) {
            return None;
        }
        let first = scan::pieces(text, at, 1).pop()?;
        if !self.firsts.contains(&text[first].to_ascii_lowercase()) {
            return None;
        }
        scan::pieces(text, at, WORDS).into_iter().find_map(|piece| {
            let word = &text[piece.clone()];
            let entry =
                self.exact.get(word).or_else(|| self.lower.get(&word.to_ascii_lowercase()))?;
            let place = if entry.user { context.users || in_home(text, at) } else { context.hosts };
            (!entry.weak || place).then_some((piece.end, Hit::Word(&entry.to)))
        })
    }

    /// A name below a domain of the host: its end, label and domain.
    fn host(&self, name: &[u8]) -> Option<(usize, Option<Vec<u8>>, Vec<u8>)> {
        let name = &name[..name.len().min(255)];
        let lower = name.to_ascii_lowercase();
        let starts = std::iter::once(0).chain(dots(&lower).map(|dot| dot + 1));
        for start in starts {
            let ends = dots(&lower[start..]).chain(std::iter::once(lower.len() - start));
            let ends: Vec<usize> = ends.take(LABELS).map(|end| start + end).collect();
            let own = |end: &&usize| self.own.contains(&lower[start..**end]);
            let Some(end) = ends.iter().rev().find(own).copied() else { continue };
            let label = dots(&lower[..start]).next();
            return Some(match label {
                Some(dot) if dot > 0 => {
                    (end, Some(lower[..dot].to_vec()), lower[dot + 1..end].to_vec())
                }
                _ => (end, None, lower[start..end].to_vec()),
            });
        }
        None
    }
}

/// Whether it is no text: a database, whose lengths must stay.
pub(super) fn is_binary(text: &[u8]) -> bool {
    text.contains(&0) && std::str::from_utf8(text).is_err() || text.starts_with(b"SQLite format 3")
}

fn dots(text: &[u8]) -> impl Iterator<Item = usize> + '_ {
    text.iter().enumerate().filter(|(_, b)| **b == b'.').map(|(at, _)| at)
}

fn in_home(text: &[u8], at: usize) -> bool {
    ["/home/", "/spool/cron/", "/spool/mail/"]
        .iter()
        .any(|way| text[..at].ends_with(way.as_bytes()))
}

fn bytes(names: &BTreeSet<String>) -> BTreeSet<Vec<u8>> {
    names.iter().map(|name| name.as_bytes().to_vec()).collect()
}

/// A serial number in the shape of the original: a UUID stays one.
fn alike(serial: &[u8], number: &str) -> String {
    let hex = |text: &[u8]| text.iter().all(u8::is_ascii_hexdigit);
    if serial.len() == 32 && hex(serial) {
        return format!("{number:0>32}");
    }
    let parts: Vec<&[u8]> = serial.split(|b| *b == b'-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    if lengths == [8, 4, 4, 4, 12] && parts.iter().all(|part| hex(part)) {
        return format!("00000000-0000-0000-0000-{number:0>12}");
    }
    format!("serial{number}")
}
