//! LVM's own text of a volume group, as it keeps it in `/etc/lvm/backup`.

use std::collections::{BTreeMap, BTreeSet};

use super::odd;
use crate::facts::OddLine;

/// How deep sections are followed; real ones have four levels.
const DEEPEST: usize = 16;
/// The most values read of one file.
const MOST_VALUES: usize = 200_000;

/// A volume group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VolumeGroup {
    /// Name.
    pub name: String,
    /// Size of an extent, in sectors of 512 bytes.
    pub extent_size: u64,
    /// Devices it lay on when the text was written.
    pub physical_volumes: Vec<PhysicalVolume>,
    /// Its volumes, hidden parts of others included.
    pub logical_volumes: Vec<LogicalVolume>,
}

/// A device of a volume group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PhysicalVolume {
    /// Name in the text: `pv0`.
    pub name: String,
    /// Device, as it was then.
    pub device: Option<String>,
    /// How many extents it has.
    pub extents: u64,
}

/// A logical volume.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogicalVolume {
    /// Name.
    pub name: String,
    /// Whether it can be seen; parts of others cannot.
    pub visible: bool,
    /// Types of its segments: `striped` (linear too), `thin`, `thin-pool`,
    /// `raid1`, `mirror`, `cache`, `snapshot`.
    pub types: BTreeSet<String>,
    /// Size in extents.
    pub extents: u64,
    /// Extents it takes directly of devices.
    pub taken: u64,
}

impl VolumeGroup {
    /// Extents of the devices that no volume has; room for a snapshot.
    pub fn free_extents(&self) -> u64 {
        let all = self.physical_volumes.iter().fold(0u64, |sum, pv| sum.saturating_add(pv.extents));
        let taken = self.logical_volumes.iter().fold(0u64, |sum, lv| sum.saturating_add(lv.taken));
        all.saturating_sub(taken)
    }

    /// The name of a volume below `/dev/mapper`: `-` within names is doubled.
    pub fn mapper_name(&self, volume: &str) -> String {
        mapper_name(&self.name, volume)
    }
}

/// The name of a volume below `/dev/mapper`.
pub fn mapper_name(group: &str, volume: &str) -> String {
    format!("{}-{}", group.replace('-', "--"), volume.replace('-', "--"))
}

/// Group and volume of a name below `/dev/mapper`; `None` where it is not of
/// that form.
pub fn from_mapper_name(name: &str) -> Option<(String, String)> {
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'-'), Some(b'-')) => at += 2,
            (Some(b'-'), Some(_)) if at > 0 => {
                let (group, volume) = (name.get(..at)?, name.get(at + 1..)?);
                return Some((group.replace("--", "-"), volume.replace("--", "-")));
            }
            _ => at += 1,
        }
    }
    None
}

/// Reads a text; there may be several groups in one.
pub fn parse(text: &str) -> (Vec<VolumeGroup>, Vec<OddLine>) {
    let mut reader = Reader { tokens: Tokens { text, at: 0, line: 1 }, values: 0, notes: vec![] };
    let root = reader.section(0);
    let groups = root.into_iter().filter_map(|(name, node)| match node {
        Node::Section(section) => group(name, &section),
        _ => None,
    });
    (groups.collect(), reader.notes)
}

type Section = BTreeMap<String, Node>;

enum Node {
    Section(Section),
    Number(u64),
    Text(String),
    List(Vec<Node>),
}

fn group(name: String, section: &Section) -> Option<VolumeGroup> {
    let extent_size = number(section, "extent_size")?;
    let pvs = sections(section, "physical_volumes");
    let lvs = sections(section, "logical_volumes");
    let physical_volumes: Vec<PhysicalVolume> = pvs
        .map(|(name, pv)| PhysicalVolume {
            name: name.to_owned(),
            device: text(pv, "device"),
            extents: number(pv, "pe_count").unwrap_or(0),
        })
        .collect();
    let of_devices: BTreeSet<&str> = physical_volumes.iter().map(|pv| pv.name.as_str()).collect();
    let logical_volumes = lvs.map(|(name, lv)| volume(name, lv, &of_devices)).collect();
    Some(VolumeGroup { name, extent_size, physical_volumes, logical_volumes })
}

fn volume(name: &str, section: &Section, devices: &BTreeSet<&str>) -> LogicalVolume {
    let has = |key: &str, wanted: &str| match section.get(key) {
        Some(Node::List(list)) => {
            list.iter().any(|node| matches!(node, Node::Text(text) if text == wanted))
        }
        _ => false,
    };
    let mut volume = LogicalVolume {
        name: name.to_owned(),
        visible: has("status", "VISIBLE"),
        ..<_>::default()
    };
    for (key, node) in section {
        let Node::Section(segment) = node else { continue };
        if !key.starts_with("segment") {
            continue;
        }
        volume.types.extend(text(segment, "type"));
        let extents = number(segment, "extent_count").unwrap_or(0);
        volume.extents = volume.extents.saturating_add(extents);
        let on_devices = match segment.get("stripes") {
            Some(Node::List(list)) => list
                .iter()
                .any(|node| matches!(node, Node::Text(text) if devices.contains(text.as_str()))),
            _ => false,
        };
        if on_devices {
            volume.taken = volume.taken.saturating_add(extents);
        }
    }
    volume
}

fn number(section: &Section, key: &str) -> Option<u64> {
    match section.get(key) {
        Some(Node::Number(number)) => Some(*number),
        _ => None,
    }
}

fn text(section: &Section, key: &str) -> Option<String> {
    match section.get(key) {
        Some(Node::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

fn sections<'s>(section: &'s Section, key: &str) -> impl Iterator<Item = (&'s str, &'s Section)> {
    let inner = match section.get(key) {
        Some(Node::Section(inner)) => Some(inner),
        _ => None,
    };
    inner.into_iter().flatten().filter_map(|(name, node)| match node {
        Node::Section(section) => Some((name.as_str(), section)),
        _ => None,
    })
}

#[derive(Debug, PartialEq)]
enum Token<'t> {
    Word(&'t str),
    Quoted(String),
    Mark(char),
}

struct Tokens<'t> {
    text: &'t str,
    at: usize,
    line: usize,
}

impl<'t> Tokens<'t> {
    fn skip(&mut self, bytes: usize) {
        let skipped = self.text.get(self.at..self.at + bytes).unwrap_or_default();
        self.line += skipped.bytes().filter(|byte| *byte == b'\n').count();
        self.at = (self.at + bytes).min(self.text.len());
    }

    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            let rest = self.text.get(self.at..)?;
            let first = rest.chars().next()?;
            if first.is_whitespace() {
                self.skip(first.len_utf8());
            } else if first == '#' {
                self.skip(rest.find('\n').unwrap_or(rest.len()));
            } else if first == '"' {
                return Some(self.quoted(rest));
            } else if "{}[]=,".contains(first) {
                self.skip(1);
                return Some(Token::Mark(first));
            } else {
                let is_end = |c: char| c.is_whitespace() || "{}[]=,\"#".contains(c);
                let end = rest.find(is_end).unwrap_or(rest.len());
                self.skip(end);
                return rest.get(..end).map(Token::Word);
            }
        }
    }

    fn quoted(&mut self, rest: &'t str) -> Token<'t> {
        let mut out = String::new();
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                '"' if !escaped => {
                    self.skip(at + 1);
                    return Token::Quoted(out);
                }
                '\\' if !escaped => escaped = true,
                c => {
                    out.push(c);
                    escaped = false;
                }
            }
        }
        self.skip(rest.len());
        Token::Quoted(out)
    }
}

struct Reader<'t> {
    tokens: Tokens<'t>,
    values: usize,
    notes: Vec<OddLine>,
}

impl Reader<'_> {
    /// What stands up to the brace that closes it, or the end.
    fn section(&mut self, depth: usize) -> Section {
        let mut section = Section::new();
        while self.values < MOST_VALUES {
            let line = self.tokens.line;
            let name = match self.tokens.next() {
                Some(Token::Word(name)) => name.to_owned(),
                Some(Token::Quoted(name)) => name,
                Some(Token::Mark('}')) if depth > 0 => return section,
                Some(Token::Mark(mark)) => {
                    odd(&mut self.notes, line, &mark.to_string(), "stands where a name should");
                    continue;
                }
                None if depth > 0 => {
                    odd(&mut self.notes, line, "", "is the end, and a section is still open");
                    return section;
                }
                None => return section,
            };
            self.values += 1;
            match self.tokens.next() {
                Some(Token::Mark('{')) if depth < DEEPEST => {
                    section.insert(name, Node::Section(self.section(depth + 1)));
                }
                Some(Token::Mark('=')) => {
                    if let Some(value) = self.value() {
                        section.insert(name, value);
                    }
                }
                _ => odd(&mut self.notes, line, &name, "is followed by neither = nor {"),
            }
        }
        section
    }

    fn value(&mut self) -> Option<Node> {
        let line = self.tokens.line;
        match self.tokens.next() {
            Some(Token::Mark('[')) => Some(self.list()),
            Some(token @ (Token::Word(_) | Token::Quoted(_))) => Some(scalar(token)),
            _ => {
                odd(&mut self.notes, line, "", "has = and no value");
                None
            }
        }
    }

    fn list(&mut self) -> Node {
        let mut list = Vec::new();
        while self.values < MOST_VALUES {
            self.values += 1;
            match self.tokens.next() {
                Some(Token::Mark(',')) => {}
                Some(token @ (Token::Word(_) | Token::Quoted(_))) => list.push(scalar(token)),
                Some(Token::Mark(']')) | None => break,
                Some(Token::Mark(mark)) => {
                    let line = self.tokens.line;
                    odd(&mut self.notes, line, &mark.to_string(), "stands in a list");
                }
            }
        }
        Node::List(list)
    }
}

fn scalar(token: Token<'_>) -> Node {
    match token {
        Token::Word(word) => match word.parse() {
            Ok(number) => Node::Number(number),
            Err(_) => Node::Text(word.to_owned()),
        },
        Token::Quoted(text) => Node::Text(text),
        Token::Mark(mark) => Node::Text(mark.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
# Generated by LVM2
contents = "Text Format Volume Group"
version = 1
description = "a \"quoted\" word"
cent-os {
	id = "x-y"
	status = ["RESIZEABLE", "READ", "WRITE"]
	extent_size = 8192		# 4 Megabytes
	physical_volumes {
		pv0 { device = "/dev/sda2"	# Hint only
			pe_count = 100 }
		pv1 { device = "/dev/sdb1"
			pe_count = 50 }
	}
	logical_volumes {
		root {
			status = ["READ", "WRITE", "VISIBLE"]
			segment_count = 2
			segment1 { start_extent = 0 extent_count = 20 type = "striped" stripes = [ "pv0", 0 ] }
			segment2 { extent_count = 5 type = "striped" stripes = [ "pv1", 0 ] }
		}
		thin { status = ["VISIBLE"] segment1 { extent_count = 900 type = "thin" } }
		r_rimage_0 { status = ["READ"] segment1 { extent_count = 30 type = "striped" stripes = ["pv0", 20] } }
		r { status = ["VISIBLE"] segment1 { extent_count = 30 type = "raid1" raids = ["r_rmeta_0", "r_rimage_0"] } }
	}
}
"#;

    #[test]
    fn groups_volumes_and_what_is_free_are_read() {
        let (groups, odd) = parse(TEXT);
        assert_eq!(odd, []);
        let group = &groups[0];
        assert_eq!((group.name.as_str(), group.extent_size), ("cent-os", 8192));
        assert_eq!(group.physical_volumes[1].device.as_deref(), Some("/dev/sdb1"));
        assert_eq!(group.free_extents(), 150 - 25 - 30);
        let names: Vec<_> =
            group.logical_volumes.iter().map(|lv| (lv.name.as_str(), lv.visible)).collect();
        assert_eq!(names, [("r", true), ("r_rimage_0", false), ("root", true), ("thin", true)]);
        assert!(group.logical_volumes[3].types.contains("thin"));
        assert_eq!(group.mapper_name("my-root"), "cent--os-my--root");
    }

    #[test]
    fn names_of_the_device_mapper_are_split_at_the_single_dash() {
        let split = |name: &str| from_mapper_name(name).map(|(g, v)| format!("{g}/{v}"));
        assert_eq!(split("cent--os-my--root").as_deref(), Some("cent-os/my-root"));
        assert_eq!(split("centos-root").as_deref(), Some("centos/root"));
        assert_eq!(split("mpatha"), None);
        assert_eq!(split("-"), None);
        assert_eq!(split("a-"), None);
    }

    #[test]
    fn broken_texts_are_named_and_end() {
        for text in ["vg {", "}", "a b", "a = ", "a = [ {", "= = =", "\"open"] {
            let (groups, odd) = parse(text);
            assert!(groups.is_empty() && !odd.is_empty(), "{text:?}");
        }
        assert!(parse(&"a {".repeat(100_000)).0.is_empty());
    }
}
