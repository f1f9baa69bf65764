//! `/etc/zipl.conf`, the boot menu of s390x.

use super::{numbered, odd, push};
use crate::facts::OddLine;

/// A section: `[name]`, or `:name` for a menu.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ZiplSection {
    /// Line, from 1.
    pub line: usize,
    /// Name.
    pub name: String,
    /// Whether it is a menu.
    pub is_menu: bool,
    /// Options, in order: line, name and value without quotes.
    pub options: Vec<(usize, String, String)>,
}

impl ZiplSection {
    /// The value of an option; the first counts.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.options.iter().find(|(_, key, _)| key == name).map(|(.., value)| value.as_str())
    }
}

/// Reads the file.
pub fn parse(text: &str) -> (Vec<ZiplSection>, Vec<OddLine>) {
    let (mut sections, mut notes) = (Vec::<ZiplSection>::new(), Vec::new());
    for (number, line) in numbered(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let bracketed = trimmed.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let menu = trimmed.strip_prefix(':');
        if let Some(name) = bracketed.map(|(name, _)| name).or(menu) {
            let (name, is_menu) = (name.trim().to_owned(), menu.is_some());
            let section = ZiplSection { line: number, name, is_menu, options: vec![] };
            push(&mut sections, section, &mut notes, number, line);
            continue;
        }
        let (Some((key, value)), Some(section)) = (trimmed.split_once('='), sections.last_mut())
        else {
            odd(&mut notes, number, line, "is neither a section nor NAME = VALUE in one");
            continue;
        };
        let value = unquoted(value.trim()).to_owned();
        let option = (number, key.trim().to_owned(), value);
        push(&mut section.options, option, &mut notes, number, line);
    }
    (sections, notes)
}

fn unquoted(value: &str) -> &str {
    let inside = |quote: char| value.strip_prefix(quote)?.split(quote).next();
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_menus_are_read() {
        let text = "stray=1\n[defaultboot]\ndefault=linux\n[linux]\n\timage=/boot/vmlinuz-3.10\n\
                    \tparameters=\"root=/dev/sda1 ro\"\n:menu1\n  default = 1\n\n1=linux\nodd\n";
        let (sections, odd) = parse(text);
        let names: Vec<_> = sections.iter().map(|s| (s.name.as_str(), s.is_menu)).collect();
        assert_eq!(names, [("defaultboot", false), ("linux", false), ("menu1", true)]);
        assert_eq!(sections[1].get("parameters"), Some("root=/dev/sda1 ro"));
        assert_eq!(sections[2].get("default"), Some("1"));
        assert_eq!(odd.iter().map(|o| o.line).collect::<Vec<_>>(), [1, 11]);
    }
}
