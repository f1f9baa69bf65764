//! Which original becomes which replacement, and the replacing itself.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Ipv6Addr};

use super::each_text;
use super::names::{self, Names};
use super::scan::{self, Context, Shape};
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

/// What was found at a place.
enum Hit<'t> {
    Shape(Shape),
    /// Label and domain of a host, or a domain alone.
    Host(Option<Vec<u8>>, Vec<u8>),
    Mail(&'t [u8]),
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
    #[expect(clippy::type_complexity, reason = "an end and the two parts of a name")]
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

/// What stands in the texts.
#[derive(Debug, Default)]
struct Seen {
    labels: BTreeSet<Vec<u8>>,
    domains: BTreeSet<Vec<u8>>,
    mails: BTreeSet<Vec<u8>>,
    addresses: BTreeSet<Shape>,
    /// Numbers that look given already, by kind.
    reserved: BTreeMap<&'static str, BTreeSet<u64>>,
}

/// Kinds of names with a number.
const KINDS: [&str; 5] = ["host", "domain", "user", "serial", "person"];

impl Seen {
    /// Notes the names with a number, `host12`, that stand in a text.
    fn reserve(&mut self, text: &[u8]) {
        for word in text.split(|b| !scan::is_word(*b)) {
            let lower = word.get(..word.len().min(20)).unwrap_or_default().to_ascii_lowercase();
            if let Some((kind, number)) = numbered(&lower) {
                self.reserved.entry(kind).or_default().insert(number);
            }
            // Numbers of machines and UUIDs that were given.
            let digits = std::str::from_utf8(word).unwrap_or_default();
            if matches!(word.len(), 12 | 32) && digits.starts_with("00000") {
                let number = digits.parse::<u64>().ok();
                self.reserved.entry("serial").or_default().extend(number);
            }
        }
    }

    fn see(&mut self, hit: Hit<'_>) {
        match hit {
            Hit::Shape(shape) => _ = self.addresses.insert(shape),
            Hit::Host(label, domain) => {
                self.labels.extend(label);
                self.domains.insert(domain);
            }
            Hit::Mail(user) if !user.eq_ignore_ascii_case(b"root") => {
                self.mails.insert(user.to_vec());
            }
            Hit::Mail(_) | Hit::Word(_) => {}
        }
    }

    /// Gives numbers in order; what has one keeps it, and is not listed.
    fn number<'n>(
        &self,
        kind: &'static str,
        originals: impl Iterator<Item = &'n Vec<u8>>,
    ) -> BTreeMap<Vec<u8>, String> {
        let none = BTreeSet::new();
        let taken = self.reserved.get(kind).unwrap_or(&none);
        let free = (1_u64..).filter(|number| !taken.contains(number));
        let given = |name: &&Vec<u8>| {
            let own = numbered(&name.to_ascii_lowercase()).is_some() || name.ends_with(b".example");
            let serial = kind == "serial" && name.iter().filter(|b| **b == b'0').count() > 20;
            !own && !serial
        };
        let named = originals.filter(given).zip(free);
        named.map(|(name, number)| (name.clone(), format!("{kind}{number}"))).collect()
    }

    fn shapes(&self) -> BTreeMap<Shape, String> {
        let seen = |shape| self.addresses.contains(&shape);
        let mut v4 = pool().filter(|address| !seen(Shape::V4(*address)));
        let mut v6 = (1_u128..)
            .map(|n| Ipv6Addr::from(0x2001_0db8 << 96 | n))
            .filter(|address| !seen(Shape::V6(*address)));
        let taken: BTreeSet<[u8; 6]> = self
            .addresses
            .iter()
            .filter_map(|shape| match shape {
                Shape::Mac(mac, _) => Some(*mac),
                _ => None,
            })
            .collect();
        let mut macs = (1_u32..1 << 24)
            .map(|n| {
                let [_, a, b, c] = n.to_be_bytes();
                [2, 0, 0, a, b, c]
            })
            .filter(|mac| !taken.contains(mac));
        let mut given: BTreeMap<[u8; 6], [u8; 6]> = BTreeMap::new();
        let mut shapes = BTreeMap::new();
        for shape in self.addresses.iter().filter(|shape| !is_kept(**shape)) {
            let to = match shape {
                Shape::V4(_) => v4.next().map(|to| to.to_string()),
                Shape::V6(_) => v6.next().map(|to| to.to_string()),
                Shape::Mac(mac, between) => {
                    let to = given.get(mac).copied().or_else(|| macs.next());
                    to.inspect(|to| _ = given.insert(*mac, *to)).map(|to| {
                        let parts = to.map(|part| format!("{part:02x}"));
                        parts.join(&char::from(*between).to_string())
                    })
                }
            };
            shapes.extend(to.map(|to| (*shape, to)));
        }
        shapes
    }
}

fn numbered(name: &[u8]) -> Option<(&'static str, u64)> {
    KINDS.into_iter().find_map(|kind| {
        let number = std::str::from_utf8(name.strip_prefix(kind.as_bytes())?).ok()?;
        let plain = !number.starts_with('0') && number.bytes().all(|b| b.is_ascii_digit());
        Some((kind, number.parse().ok().filter(|_| plain)?))
    })
}

/// The addresses that are given: those for documentation and benchmarks, and,
/// should a snapshot have more, those nobody may use.
fn pool() -> impl Iterator<Item = Ipv4Addr> {
    let all = GIVEN.into_iter().flat_map(|(first, last)| first..=last).map(Ipv4Addr::from);
    all.filter(|address| !matches!(address.octets()[3], 0 | 255))
}

const GIVEN: [(u32, u32); 5] = [
    (0xc000_0200, 0xc000_02ff),
    (0xc633_6400, 0xc633_64ff),
    (0xcb00_7100, 0xcb00_71ff),
    (0xc612_0000, 0xc613_ffff),
    (0xf000_0000, 0xfeff_ffff),
];

/// Addresses that mean the same on every host, and those that were given.
fn is_kept(shape: Shape) -> bool {
    match shape {
        Shape::V4(address) => {
            let bits = u32::from(address);
            let mask = bits >= 0xff00_0000 && bits.leading_ones() + bits.trailing_zeros() >= 32;
            let given = GIVEN.iter().any(|(first, last)| (first..=last).contains(&&bits));
            matches!(address.octets()[0], 0 | 127) || mask || given
        }
        Shape::V6(address) => {
            let given = address.segments()[..2] == [0x2001, 0xdb8];
            address.is_loopback() || address.is_unspecified() || given
        }
        Shape::Mac(mac, _) => mac == [0; 6] || mac == [0xff; 6] || mac[..3] == [2, 0, 0],
    }
}
