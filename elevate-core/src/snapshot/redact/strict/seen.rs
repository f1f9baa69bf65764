//! What stands in the texts of a snapshot, and the numbers it is given.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Ipv6Addr};

use super::book::Hit;
use super::scan::{self, Shape};

/// What stands in the texts.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Labels of hosts.
    pub(super) labels: BTreeSet<Vec<u8>>,
    /// Domains of hosts.
    pub(super) domains: BTreeSet<Vec<u8>>,
    /// Users of mail addresses.
    pub(super) mails: BTreeSet<Vec<u8>>,
    addresses: BTreeSet<Shape>,
    /// Numbers that look given already, by kind.
    reserved: BTreeMap<&'static str, BTreeSet<u64>>,
}

/// Kinds of names with a number.
const KINDS: [&str; 5] = ["host", "domain", "user", "serial", "person"];

impl Seen {
    /// Notes the names with a number, `host12`, that stand in a text.
    pub(super) fn reserve(&mut self, text: &[u8]) {
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

    /// Notes what was found.
    pub(super) fn see(&mut self, hit: Hit<'_>) {
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
    pub(super) fn number<'n>(
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

    /// What becomes of the addresses.
    pub(super) fn shapes(&self) -> BTreeMap<Shape, String> {
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
