//! What `ip addr` and `ethtool -i` print of network interfaces, and what names
//! them in other texts.

use super::{numbered, odd, push};
use crate::facts::OddLine;

/// An interface of `ip addr`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IpLink {
    /// Name.
    pub name: String,
    /// What it lies on, of `eth0.5@eth0`.
    pub below: Option<String>,
    /// Kind of link: `ether`, `loopback`, `infiniband`, `none`.
    pub kind: Option<String>,
    /// Hardware address, in small letters.
    pub mac: Option<String>,
}

/// Reads `ip addr` or `ip link`.
pub fn parse_ip(text: &str) -> (Vec<IpLink>, Vec<OddLine>) {
    let (mut links, mut notes) = (Vec::<IpLink>::new(), Vec::new());
    for (number, line) in numbered(text) {
        let trimmed = line.trim();
        if !line.starts_with([' ', '\t']) {
            match head(trimmed) {
                Some(link) => push(&mut links, link, &mut notes, number, line),
                None if trimmed.is_empty() => {}
                None => odd(&mut notes, number, line, "is not NUMBER: NAME: ..."),
            }
            continue;
        }
        let Some(rest) = trimmed.strip_prefix("link/") else { continue };
        let Some(link) = links.last_mut() else {
            odd(&mut notes, number, line, "belongs to no interface");
            continue;
        };
        let mut words = rest.split_whitespace();
        link.kind = words.next().map(str::to_owned);
        link.mac = words.next().filter(|mac| mac.contains(':')).map(str::to_ascii_lowercase);
    }
    (links, notes)
}

fn head(line: &str) -> Option<IpLink> {
    let mut parts = line.splitn(3, ": ");
    let number = parts.next()?;
    let name = parts.next()?;
    number.parse::<u32>().ok()?;
    let (name, below) = match name.split_once('@') {
        Some((name, below)) => (name, Some(below.to_owned()).filter(|below| below != "NONE")),
        None => (name, None),
    };
    Some(IpLink { name: name.to_owned(), below, kind: None, mac: None })
}

/// Driver and bus address of `ethtool -i`.
pub fn parse_ethtool(text: &str) -> (Option<String>, Option<String>) {
    let get = |key: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(key))?;
        Some(line.trim().to_owned()).filter(|value| !value.is_empty())
    };
    (get("driver:"), get("bus-info:"))
}

/// A line that names an interface.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// Line, from 1.
    pub line: usize,
    /// The line, cut to 200 characters.
    pub text: String,
    /// Whether it is a comment, by a `#` or `;` at its beginning.
    pub is_comment: bool,
}

/// The lines of a text that name an interface as a word: `eth0`, also as part
/// of `eth0.5`, `eth0:1` or `ifcfg-eth0`, not of `veth0` or `eth01`.
pub fn mentions_of_interface(text: &str, name: &str) -> Vec<Mention> {
    let mut mentions = Vec::new();
    if name.is_empty() {
        return mentions;
    }
    for (number, line) in numbered(text) {
        if mentions.len() >= super::MOST_ODD {
            break;
        }
        if is_named(line, name) {
            mentions.push(Mention {
                line: number,
                text: line.trim().chars().take(200).collect(),
                is_comment: line.trim_start().starts_with(['#', ';']),
            });
        }
    }
    mentions
}

fn is_named(line: &str, name: &str) -> bool {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + name.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(in_word) && !after.is_some_and(in_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_have_kinds_and_addresses() {
        let text = "1: lo: <LOOPBACK,UP> mtu 65536\n    link/loopback 00:00:00:00:00:00 brd 0\n\
                    2: eth0.5@eth0: <UP> mtu 9001\n    link/ether 0E:EE:d5:a3:25:ee brd ff\n    inet 192.0.2.7/20\n\
                    3: tun0@NONE: <UP>\n    link/none\nwhat\n";
        let (links, odd) = parse_ip(text);
        assert_eq!(links[0].kind.as_deref(), Some("loopback"));
        assert_eq!((links[1].name.as_str(), links[1].below.as_deref()), ("eth0.5", Some("eth0")));
        assert_eq!(links[1].mac.as_deref(), Some("0e:ee:d5:a3:25:ee"));
        assert_eq!((links[2].below.as_deref(), links[2].mac.as_deref()), (None, None));
        assert_eq!(odd[0].line, 8);
        assert_eq!(parse_ip("    link/ether x\n").1.len(), 1);
    }

    #[test]
    fn ethtool_names_driver_and_bus() {
        let text = "driver: virtio_net\nversion: 1.0.0\nbus-info: 0000:00:03.0\n";
        assert_eq!(parse_ethtool(text), (Some("virtio_net".into()), Some("0000:00:03.0".into())));
        assert_eq!(parse_ethtool("bus-info: \n"), (None, None));
    }

    #[test]
    fn an_interface_is_named_as_a_word() {
        let named = |text: &str| !mentions_of_interface(text, "eth0").is_empty();
        for text in [
            "eth0",
            "-i eth0 -j",
            "eth0.5",
            "eth0:1",
            "ifcfg-eth0",
            "net/ipv4/conf/eth0/rp",
            "\"eth0\"",
            "dev=eth0;",
        ] {
            assert!(named(text), "{text:?}");
        }
        for text in ["veth0", "eth01", "eth0a", "_eth0", "ETH0", "äeth0", ""] {
            assert!(!named(text), "{text:?}");
        }
        let found = mentions_of_interface("a\n # eth0 was here\nveth0 eth0\n", "eth0");
        assert_eq!(
            found.iter().map(|m| (m.line, m.is_comment)).collect::<Vec<_>>(),
            [(2, true), (3, false)]
        );
        assert!(mentions_of_interface("x", "").is_empty());
    }
}
