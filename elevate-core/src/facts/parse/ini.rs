//! Files of `[section]` and `key = value`: yum's and dnf's configuration, SSSD,
//! unit files of systemd, keyfiles.

use super::super::OddLine;
use super::Odd;

/// A file of sections.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ini {
    /// Sections in file order; one that stands there twice is there twice.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Line of its header, from 1.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// Its keys, in file order, also where one stands there twice.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Line, from 1.
    pub line: usize,
    /// The key as written.
    pub key: String,
    /// The value without white space at its ends. Lines it goes on in follow
    /// after a line break.
    pub value: String,
}

impl Ini {
    /// The value of a key, in any letter case; the last one counts.
    pub fn get(&self, section: &str, key: &str) -> Option<&Entry> {
        let named = self.sections.iter().filter(|s| s.name == section);
        named.flat_map(|s| &s.entries).rfind(|entry| entry.key.eq_ignore_ascii_case(key))
    }

    /// Every value of a key, in any letter case, in file order.
    pub fn all<'a>(&'a self, section: &'a str, key: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries(section).filter(move |entry| entry.key.eq_ignore_ascii_case(key))
    }

    /// Every key of a section.
    pub fn entries<'a>(&'a self, section: &'a str) -> impl Iterator<Item = &'a Entry> {
        let named = self.sections.iter().filter(move |s| s.name == section);
        named.flat_map(|section| &section.entries)
    }

    /// Whether there is such a section.
    pub fn has(&self, section: &str) -> bool {
        self.sections.iter().any(|s| s.name == section)
    }
}

impl Entry {
    /// The value without a comment that begins with ` ;`, which yum's reader
    /// drops and others keep.
    pub fn without_comment(&self) -> &str {
        let comment = self.value.find(" ;").or_else(|| self.value.find("\t;"));
        comment.map_or(self.value.as_str(), |at| self.value[..at].trim_end())
    }

    /// The words of a list: separated by commas, white space and line breaks.
    pub fn list(&self) -> Vec<&str> {
        let words = self.without_comment().split(|c: char| c == ',' || c.is_whitespace());
        words.filter(|word| !word.is_empty()).collect()
    }
}

/// Reads sections of `key = value` and `key: value`. Comments begin with `#` or
/// `;` at the start of a line, white space before it or not; an indented line
/// goes on with the value above it.
pub fn parse(text: &str) -> (Ini, Vec<OddLine>) {
    read(text, &['=', ':'], true)
}

/// Reads a unit file of systemd: `key=value` only, and a line that ends in a
/// backslash goes on with the next.
pub fn parse_unit(text: &str) -> (Ini, Vec<OddLine>) {
    read(text, &['='], false)
}

fn read(text: &str, separators: &[char], indented: bool) -> (Ini, Vec<OddLine>) {
    let mut ini = Ini::default();
    let mut odd = Odd::default();
    let mut open = false;
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (number, line) in lines_of(lines, indented) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let goes_on = indented && line.starts_with([' ', '\t']) && open;
        let entries = ini.sections.last_mut().map(|section| &mut section.entries);
        if goes_on && let Some(last) = entries.and_then(|entries| entries.last_mut()) {
            last.value.push('\n');
            last.value.push_str(trimmed);
            continue;
        }
        open = false;
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            if !name.1.trim().is_empty() && !name.1.trim_start().starts_with(['#', ';']) {
                odd.note(number, trimmed, "something follows the name of the section");
            }
            let name = name.0.trim().to_owned();
            ini.sections.push(Section { line: number, name, entries: Vec::new() });
            continue;
        }
        let Some((key, value)) = trimmed.split_once(separators) else {
            odd.note(number, trimmed, "is neither a [section] nor `key = value`");
            continue;
        };
        let (key, value) = (key.trim().to_owned(), value.trim().to_owned());
        match ini.sections.last_mut() {
            _ if key.is_empty() => odd.note(number, trimmed, "there is a value without a key"),
            None => odd.note(number, trimmed, "stands before the first [section]"),
            Some(section) => {
                section.entries.push(Entry { line: number, key, value });
                open = true;
            }
        }
    }
    (ini, odd.finish())
}

fn lines_of(text: &str, indented: bool) -> Vec<(usize, std::borrow::Cow<'_, str>)> {
    if indented {
        return super::lines::numbered(text).map(|(n, line)| (n, line.into())).collect();
    }
    // systemd puts a blank where a backslash joined lines, and reads a comment
    // that ends in a backslash as one that goes on.
    let mut joined: Vec<(usize, std::borrow::Cow<'_, str>)> = Vec::new();
    let mut open = false;
    for (number, line) in super::lines::numbered(text) {
        let part = line.strip_suffix('\\');
        match joined.last_mut().filter(|_| open) {
            Some((_, last)) => {
                let last = last.to_mut();
                last.push(' ');
                last.push_str(part.unwrap_or(line));
            }
            None => joined.push((number, part.unwrap_or(line).into())),
        }
        open = part.is_some();
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(odd: &[OddLine]) -> Vec<(usize, &str)> {
        odd.iter().map(|odd| (odd.line, odd.why.as_str())).collect()
    }

    #[test]
    fn sections_keys_and_continued_values_are_read() {
        let text = "# c\n[main]\nKeepCache = 0\nexclude=a*\n  b* ,c\n; c\n\td\nplugins: 1 ; yes\n\n[x y] # c\na=1=2\na=3\n[main]\nlast=1\n";
        let (ini, odd) = parse(text);
        assert_eq!(why(&odd), []);
        assert_eq!(ini.get("main", "keepcache").unwrap().value, "0");
        assert_eq!(ini.get("main", "exclude").unwrap().list(), ["a*", "b*", "c", "d"]);
        let plugins = ini.get("main", "plugins").unwrap();
        assert_eq!((plugins.value.as_str(), plugins.without_comment()), ("1 ; yes", "1"));
        assert_eq!(ini.all("x y", "a").map(|e| e.value.as_str()).collect::<Vec<_>>(), ["1=2", "3"]);
        assert_eq!(ini.get("x y", "a").unwrap().line, 12);
        assert!(ini.get("main", "last").is_some() && ini.has("x y") && !ini.has("x"));
    }

    #[test]
    fn odd_lines_are_named_and_the_rest_is_read() {
        let (ini, odd) = parse("a=1\n[s\n[t] junk\nword\n=2\n  =3\nb=4\n");
        assert_eq!(
            why(&odd),
            [
                (1, "stands before the first [section]"),
                (2, "is neither a [section] nor `key = value`"),
                (3, "something follows the name of the section"),
                (4, "is neither a [section] nor `key = value`"),
                (5, "there is a value without a key"),
                (6, "there is a value without a key"),
            ]
        );
        assert_eq!(ini.get("t", "b").unwrap().value, "4");
    }

    #[test]
    fn a_unit_file_goes_on_after_a_backslash() {
        let text = "[Service]\nExecStart=/bin/a \\\n  -b\nExecStart=\n  Type=simple\n# c \\\nNot=read\nEnv=a:b\n";
        let (unit, odd) = parse_unit(text);
        assert_eq!(why(&odd), []);
        let starts: Vec<_> = unit.all("Service", "ExecStart").map(|e| e.value.as_str()).collect();
        assert_eq!(starts, ["/bin/a    -b", ""]);
        assert_eq!(unit.get("Service", "type").unwrap().value, "simple");
        assert!(unit.get("Service", "Not").is_none());
        assert_eq!(unit.get("Service", "Env").unwrap().value, "a:b");
    }
}
