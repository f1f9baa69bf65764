//! `/etc/multipath.conf` and its drop-ins: sections, subsections, options, each
//! with its line. Blocks on one line are read too; leapp does not see those.

mod upgrade;

use super::{numbered, odd, push};
use crate::facts::OddLine;

pub use upgrade::upgraded;

/// Sections multipath knows.
pub const SECTIONS: [&str; 6] =
    ["defaults", "blacklist", "blacklist_exceptions", "devices", "overrides", "multipaths"];

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MultipathConf {
    /// Sections and subsections, in order.
    pub blocks: Vec<MultipathBlock>,
    /// Options, in order.
    pub options: Vec<MultipathOption>,
}

/// A section, or a subsection of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultipathBlock {
    /// Line it begins on, from 1.
    pub line: usize,
    /// Section.
    pub section: String,
    /// `device`, `multipath`, `protocol`: the kind of a subsection.
    pub subsection: Option<String>,
    /// Its last line; `None` where the file ends before it does.
    pub end: Option<usize>,
}

/// An option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultipathOption {
    /// Line, from 1.
    pub line: usize,
    /// The block it is in, of [`MultipathConf::blocks`].
    pub block: usize,
    /// Name.
    pub name: String,
    /// Value without quotes; none where the name stands alone.
    pub value: Option<String>,
}

impl MultipathOption {
    /// The value as a truth: `yes` and `1`, `no` and `0`; other words are none.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value.as_deref()? {
            "yes" | "1" => Some(true),
            "no" | "0" => Some(false),
            _ => None,
        }
    }
}

impl MultipathConf {
    /// The options of a section itself, not of its subsections, in order.
    pub fn options_of<'a>(
        &'a self,
        section: &'a str,
    ) -> impl Iterator<Item = &'a MultipathOption> + 'a {
        self.options.iter().filter(move |option| {
            let block = self.blocks.get(option.block);
            block.is_some_and(|block| block.section == section && block.subsection.is_none())
        })
    }

    /// The last option of these names in a section; synonyms are given
    /// together: `path_checker` and `checker`.
    pub fn last<'a>(&'a self, section: &'a str, names: &[&str]) -> Option<&'a MultipathOption> {
        self.options_of(section).filter(|option| names.contains(&option.name.as_str())).last()
    }

    /// The options of one block.
    pub fn options_in(&self, block: usize) -> impl Iterator<Item = &MultipathOption> {
        self.options.iter().filter(move |option| option.block == block)
    }
}

/// Reads a file.
pub fn parse(text: &str) -> (MultipathConf, Vec<OddLine>) {
    let mut reader = Reader {
        conf: MultipathConf::default(),
        open: Vec::new(),
        pending: None,
        unknown: 0,
        notes: Vec::new(),
    };
    let mut count = 0;
    for (number, line) in numbered(text) {
        reader.line(number, line);
        count = number;
    }
    if !reader.open.is_empty() {
        odd(&mut reader.notes, count, "", "is the end, and a section is still open");
    }
    (reader.conf, reader.notes)
}

struct Reader {
    conf: MultipathConf,
    /// Open blocks: a section, and a subsection of it.
    open: Vec<usize>,
    /// A block whose brace may stand on the next line.
    pending: Option<usize>,
    /// Depth in blocks nobody knows.
    unknown: usize,
    notes: Vec<OddLine>,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) {
        let tokens = tokens(line);
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token.as_str() {
                "{" => self.brace(number, line),
                "}" => self.close(number, line),
                _ if self.unknown > 0 => {}
                name => {
                    self.pending = None;
                    let next = tokens.get(at).map(String::as_str);
                    at += self.keyword(number, line, name, next);
                }
            }
        }
    }

    fn brace(&mut self, number: usize, line: &str) {
        if self.pending.take().is_none() {
            self.unknown += 1;
            odd(&mut self.notes, number, line, "opens a block that is not known");
        }
    }

    fn close(&mut self, number: usize, line: &str) {
        self.pending = None;
        if self.unknown > 0 {
            self.unknown -= 1;
        } else if let Some(index) = self.open.pop() {
            self.end(index, number);
        } else {
            odd(&mut self.notes, number, line, "closes what was not open");
        }
    }

    fn end(&mut self, index: usize, line: usize) {
        if let Some(block) = self.conf.blocks.get_mut(index) {
            block.end = Some(line);
        }
    }

    /// A name and what follows it; gives how many tokens that took.
    fn keyword(&mut self, number: usize, line: &str, name: &str, next: Option<&str>) -> usize {
        let opens = next.is_none_or(|next| next == "{");
        if SECTIONS.contains(&name) {
            if !self.open.is_empty() {
                odd(
                    &mut self.notes,
                    number,
                    line,
                    "begins a section inside another; that one ends",
                );
                for index in std::mem::take(&mut self.open) {
                    self.end(index, number.saturating_sub(1));
                }
            }
            self.enter(number, line, name.to_owned(), None);
            return self.junk(number, line, next);
        }
        let section = self.open.first().and_then(|index| self.conf.blocks.get(*index));
        let Some(section) = section.map(|block| block.section.clone()) else {
            // With a brace after it, that is told of once.
            if next != Some("{") {
                odd(&mut self.notes, number, line, "stands in no section");
            }
            return usize::from(!opens);
        };
        let sub = matches!(
            (section.as_str(), name),
            ("blacklist" | "blacklist_exceptions" | "devices", "device")
                | ("multipaths", "multipath")
                | ("overrides", "protocol")
        );
        if sub && self.open.len() == 1 {
            self.enter(number, line, section, Some(name.to_owned()));
            return self.junk(number, line, next);
        }
        let value = next.filter(|next| !matches!(*next, "{" | "}")).map(str::to_owned);
        let taken = usize::from(value.is_some());
        if value.is_none() && next != Some("{") {
            odd(&mut self.notes, number, line, "has no value");
        }
        let block = self.open.last().copied().unwrap_or_default();
        let option = MultipathOption { line: number, block, name: name.to_owned(), value };
        push(&mut self.conf.options, option, &mut self.notes, number, line);
        taken
    }

    /// A word between the name of a block and its brace is passed by.
    fn junk(&mut self, number: usize, line: &str, next: Option<&str>) -> usize {
        match next {
            None | Some("{") => 0,
            Some(_) => {
                odd(&mut self.notes, number, line, "has a word where only a brace should be");
                1
            }
        }
    }

    fn enter(&mut self, line: usize, text: &str, section: String, subsection: Option<String>) {
        let index = self.conf.blocks.len();
        let block = MultipathBlock { line, section, subsection, end: None };
        push(&mut self.conf.blocks, block, &mut self.notes, line, text);
        self.open.push(index);
        self.pending = Some(index);
    }
}

/// Words, quoted texts and braces of a line, up to a comment.
fn tokens(line: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let ends = matches!(c, '"' | '{' | '}' | '#' | '!') || c.is_whitespace();
        if !ends {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            tokens.push(std::mem::take(&mut word));
        }
        match c {
            '#' | '!' => return tokens,
            '{' | '}' => tokens.push(c.to_string()),
            '"' => tokens.push(chars.by_ref().take_while(|c| *c != '"').collect()),
            _ => {}
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_subsections_and_options_are_read() {
        let text = "# c\ndefaults {\n\tpath_checker rdac # why\n\tfeatures \"1 queue_if_no_path\"\n\tdetect_prio no\n}\n\
                    devices\n{\n\tdevice {\n\t\tvendor \"A {B\"\n\t\tall_devs yes\n\t}\n}\n! other comment\n\
                    blacklist { devnode \"^sd\" }\n";
        let (conf, odd) = parse(text);
        assert_eq!(odd, []);
        assert_eq!(conf.last("defaults", &["checker", "path_checker"]).unwrap().line, 3);
        assert_eq!(
            conf.last("defaults", &["features"]).unwrap().value.as_deref(),
            Some("1 queue_if_no_path")
        );
        assert_eq!(conf.last("defaults", &["detect_prio"]).unwrap().as_bool(), Some(false));
        assert_eq!(conf.last("defaults", &["path_checker"]).unwrap().as_bool(), None);
        assert_eq!(conf.blocks[2].subsection.as_deref(), Some("device"));
        let device: Vec<_> = conf.options_in(2).map(|o| o.value.as_deref().unwrap()).collect();
        assert_eq!(device, ["A {B", "yes"]);
        assert_eq!(conf.last("blacklist", &["devnode"]).unwrap().line, 15);
        assert_eq!(conf.last("devices", &["vendor"]), None, "that is in a subsection");
    }

    #[test]
    fn one_line_blocks_are_read() {
        let (conf, odd) = parse("defaults { path_checker tur detect_checker yes }\n");
        assert_eq!(odd, []);
        assert_eq!(
            conf.options.iter().map(|o| o.name.as_str()).collect::<Vec<_>>(),
            ["path_checker", "detect_checker"]
        );
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let text = "stray yes\n}\ndefaults junk {\n  alone\n blacklist {\n}\nother {\n x y\n}\ndevices {\n";
        let (conf, odd) = parse(text);
        let odd: Vec<_> = odd.iter().map(|o| format!("{}: {}", o.line, o.why)).collect();
        assert_eq!(
            odd,
            [
                "1: stands in no section",
                "2: closes what was not open",
                "3: has a word where only a brace should be",
                "4: has no value",
                "5: begins a section inside another; that one ends",
                "7: opens a block that is not known",
                "10: is the end, and a section is still open",
            ]
        );
        assert_eq!(conf.options.len(), 1);
    }
}
