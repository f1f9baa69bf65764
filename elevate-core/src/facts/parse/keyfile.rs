//! Key files as GLib reads them: NetworkManager's configuration and
//! connections, and systemd's `.link` files, which are alike.

use super::{LONGEST_NAME, numbered, odd, push};
use crate::facts::OddLine;

/// A line `key=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Line, from 1.
    pub line: usize,
    /// Section it is in.
    pub section: String,
    /// Name; NetworkManager's `plugins+` and `plugins-` add and take away.
    pub name: String,
    /// Value.
    pub value: String,
}

/// Reads a file.
pub fn parse(text: &str) -> (Vec<Key>, Vec<OddLine>) {
    let (mut keys, mut notes) = (Vec::new(), Vec::new());
    let mut section: Option<String> = None;
    for (number, line) in numbered(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = Some(name.to_owned()).filter(|name| name.len() <= LONGEST_NAME);
            if section.is_none() {
                odd(&mut notes, number, line, "has a name that is too long");
            }
            continue;
        }
        let (Some((name, value)), Some(section)) = (trimmed.split_once('='), &section) else {
            odd(&mut notes, number, line, "is neither a section nor NAME=VALUE in one");
            continue;
        };
        let key = Key {
            line: number,
            section: section.clone(),
            name: name.trim_end().to_owned(),
            value: value.trim_start().to_owned(),
        };
        push(&mut keys, key, &mut notes, number, line);
    }
    (keys, notes)
}

/// The value of a key; the last one counts.
pub fn last<'a>(keys: &'a [Key], section: &str, name: &str) -> Option<&'a Key> {
    keys.iter().rev().find(|key| key.section == section && key.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_keys_are_read_and_the_last_one_counts() {
        let text = "stray=1\n[main]\n# c\nplugins = a,b\n; c\nplugins=c\nplugins+=d\ndhcp=dhclient=x\n[ipv4]\ndhcp=no\nodd\n[open\n";
        let (keys, odd) = parse(text);
        assert_eq!(last(&keys, "main", "plugins").unwrap().value, "c");
        assert_eq!(last(&keys, "main", "plugins+").unwrap().value, "d");
        assert_eq!(last(&keys, "main", "dhcp").unwrap().value, "dhclient=x");
        assert_eq!(last(&keys, "main", "DHCP"), None, "names have a case");
        assert_eq!(odd.iter().map(|o| o.line).collect::<Vec<_>>(), [1, 11, 12]);
    }
}
