//! Rules of udev that give network interfaces names.

use super::{odd, push};
use crate::facts::OddLine;

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UdevRule {
    /// Line it begins on, from 1.
    pub line: usize,
    /// What it compares: key, operator (`==`, `!=`), value.
    pub matches: Vec<(String, String, String)>,
    /// What it sets: key, operator (`=`, `+=`, `:=`), value.
    pub assigns: Vec<(String, String, String)>,
}

impl UdevRule {
    /// The name it gives, if it gives one.
    pub fn name(&self) -> Option<&str> {
        let mut named = self.assigns.iter().filter(|(key, ..)| key == "NAME");
        named.next_back().map(|(.., value)| value.as_str())
    }

    /// The hardware address it asks for, in small letters.
    pub fn mac(&self) -> Option<String> {
        let address = |(key, op, _): &&(String, String, String)| {
            matches!(key.as_str(), "ATTR{address}" | "ATTRS{address}" | "SYSFS{address}")
                && op == "=="
        };
        self.matches.iter().find(address).map(|(.., value)| value.to_ascii_lowercase())
    }
}

/// Reads a file. Lines end in `\` where they go on.
pub fn parse(text: &str) -> (Vec<UdevRule>, Vec<OddLine>) {
    let (mut rules, mut notes) = (Vec::new(), Vec::new());
    let mut lines = text.lines().enumerate();
    while let Some((index, first)) = lines.next() {
        if first.trim().is_empty() || first.trim_start().starts_with('#') {
            continue;
        }
        let mut whole = first.to_owned();
        while whole.ends_with('\\') {
            whole.pop();
            match lines.next() {
                Some((_, next)) => whole.push_str(next.trim_start()),
                None => break,
            }
        }
        match rule(index + 1, &whole) {
            Some(rule) => push(&mut rules, rule, &mut notes, index + 1, first),
            None => odd(&mut notes, index + 1, first, "is no rule of udev"),
        }
    }
    (rules, notes)
}

fn rule(line: usize, text: &str) -> Option<UdevRule> {
    let mut rule = UdevRule { line, matches: Vec::new(), assigns: Vec::new() };
    let mut rest = text.trim_matches(|c: char| c.is_whitespace() || c == ',');
    while !rest.is_empty() {
        let end = rest.find(['=', '!', '+', ':'])?;
        let (key, after) = rest.split_at(end);
        let op = ["==", "!=", "+=", ":=", "="].into_iter().find(|op| after.starts_with(op))?;
        let value = after.get(op.len()..)?.trim_start().strip_prefix('"')?;
        let (value, after) = value.split_once('"')?;
        let part = (key.trim().to_owned(), op.to_owned(), value.to_owned());
        match op {
            "==" | "!=" => rule.matches.push(part),
            _ => rule.assigns.push(part),
        }
        rest = after.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }
    (!rule.matches.is_empty() || !rule.assigns.is_empty()).then_some(rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_give_names_to_addresses() {
        let text = "# PCI device 0x8086:0x100e\nSUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", \\\n\
                    ATTR{address}==\"52:54:00:AA:bb:cc\", KERNEL==\"eth*\", NAME=\"eth1\"\n\n\
                    SUBSYSTEM!=\"net\", GOTO=\"end\"\nLABEL=\"end\"\nthis is none\nNAME=\"open\nNAME=\"x\" \\";
        let (rules, odd) = parse(text);
        assert_eq!((rules[0].line, rules[0].name()), (2, Some("eth1")));
        assert_eq!(rules[0].mac().as_deref(), Some("52:54:00:aa:bb:cc"));
        assert_eq!((rules[1].name(), rules[1].mac()), (None, None));
        assert_eq!(rules[3].name(), Some("x"));
        assert_eq!(odd.iter().map(|o| o.line).collect::<Vec<_>>(), [7, 8]);
    }
}
