//! Variables in the options of a repository: `$basearch`, `$releasever`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::definition::Remark;
use super::files::{self, Directory};
use crate::model::Arch;

/// The longest text that comes out, in bytes.
const LONGEST: usize = 1 << 20;

/// The largest file with a variable, in bytes.
const MAX_FILE: u64 = 64 << 10;
/// The most files in a directory of variables.
const MOST_FILES: usize = 1000;

/// Names and values, as dnf has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// Without any.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets one. A name is of letters, digits and underscores; anything else is
    /// not taken, and `false` comes back.
    pub fn set(&mut self, name: &str, value: impl Into<String>) -> bool {
        let good = !name.is_empty() && name.chars().all(is_of_name);
        if good {
            self.0.insert(name.to_owned(), value.into());
        }
        good
    }

    /// Sets `releasever` and its parts `releasever_major` and `releasever_minor`.
    pub fn set_release(&mut self, release: &str) {
        let (major, minor) = release.split_once('.').unwrap_or((release, ""));
        self.set("releasever", release);
        self.set("releasever_major", major);
        self.set("releasever_minor", minor);
    }

    /// Sets `arch`, and `basearch` to the family it belongs to, as dnf does.
    pub fn set_arch(&mut self, arch: &Arch) {
        self.set("arch", arch.as_str());
        self.set("basearch", base_arch(arch.as_str()));
    }

    /// Sets one for each file of a directory: its name, and its first line. So
    /// `/etc/dnf/vars` has them. What cannot be a variable is told.
    ///
    /// # Errors
    ///
    /// A directory that cannot be read, or with more than a thousand files.
    pub fn read(&mut self, directory: &Path) -> io::Result<Vec<Remark>> {
        let mut remarks = Vec::new();
        let files = Directory::new(directory);
        for name in names(directory)? {
            let read = files::read(&files, &name, MAX_FILE).map_err(|error| error.to_string());
            let text = read.and_then(|b| String::from_utf8(b).map_err(|_| "is not UTF-8".into()));
            let value = text.map(|text| text.lines().next().unwrap_or_default().trim().to_owned());
            let set = value.and_then(|value| match self.set(&name, value) {
                true => Ok(()),
                false => Err("the name of a variable has only letters, digits and _".to_owned()),
            });
            if let Err(what) = set {
                remarks.push(Remark::new(directory.join(&name).display(), what));
            }
        }
        Ok(remarks)
    }

    /// The value of one.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Puts values in place of `$name`, `${name}`, `${name:-instead}` and
    /// `${name:+if set}`. A name without a value stays as it is written, as dnf
    /// leaves it, and is told.
    pub fn expand(&self, text: &str) -> Expanded {
        let mut expanded = Expanded::default();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            expanded.push(&rest[..at]);
            rest = self.take(&rest[at..], &mut expanded);
        }
        expanded.push(rest);
        expanded
    }

    /// Takes what starts with `$`, and gives back what follows it.
    fn take<'a>(&self, text: &'a str, into: &mut Expanded) -> &'a str {
        let after = &text[1..];
        if let Some(inner) = after.strip_prefix('{')
            && let Some((inside, rest)) = inner.split_once('}')
        {
            let whole = &text[..text.len() - rest.len()];
            self.put(inside, whole, into);
            return rest;
        }
        let end = after.find(|c| !is_of_name(c)).unwrap_or(after.len());
        if end == 0 {
            into.push("$");
        } else {
            self.put(&after[..end], &text[..=end], into);
        }
        &after[end..]
    }

    /// Puts the value of what stands between the braces, or else `whole`.
    fn put(&self, inside: &str, whole: &str, into: &mut Expanded) {
        let (name, otherwise) = match inside.split_once(':') {
            Some((name, otherwise)) => (name, Some(otherwise)),
            None => (inside, None),
        };
        let value = self.get(name).filter(|value| !value.is_empty() || otherwise.is_none());
        let kind = otherwise.map(|text| (text.chars().next(), text.get(1..).unwrap_or_default()));
        match (kind, value) {
            (None | Some((Some('-'), _)), Some(value)) => into.push(value),
            (Some((Some('-'), instead)), None) => into.push(instead),
            (Some((Some('+'), alternative)), Some(_)) => into.push(alternative),
            (Some((Some('+'), _)), None) => {}
            _ => {
                into.push(whole);
                into.unknown.push(whole.to_owned());
            }
        }
    }
}

/// A text with values in place of variables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expanded {
    /// The text.
    pub text: String,
    /// Variables that stand in it still, as they are written.
    pub unknown: Vec<String>,
}

impl Expanded {
    /// Adds to the text, unless it has become longer than any option.
    fn push(&mut self, more: &str) {
        if self.text.len() + more.len() <= LONGEST {
            self.text.push_str(more);
        }
    }
}

/// The names in a directory, sorted.
#[expect(clippy::disallowed_methods, reason = "the door to directories of variables")]
fn names(directory: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
        if names.len() > MOST_FILES {
            return Err(io::Error::other("has too many files for a directory of variables"));
        }
    }
    names.sort();
    Ok(names)
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The name dnf has for the family of an architecture.
fn base_arch(arch: &str) -> &str {
    match arch {
        "i386" | "i486" | "i586" | "i686" | "athlon" | "geode" => "i386",
        "amd64" | "ia32e" => "x86_64",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Variables {
        let mut variables = Variables::new();
        variables.set_release("8.10");
        variables.set_arch(&Arch::X86_64);
        variables.set("empty", "");
        variables
    }

    #[test]
    fn every_form_of_a_variable_is_replaced() {
        let cases = [
            ("$basearch-$arch/${releasever}x", "x86_64-x86_64/8.10x"),
            ("$releasever_major.$releasever_minor", "8.10"),
            ("${no:-8}/${releasever:-9}/${empty:-7}", "8/8.10/7"),
            ("${no:+a}${arch:+b}${empty:+c}", "b"),
            ("$releasever/$", "8.10/$"),
            ("100$", "100$"),
            ("$$arch", "$x86_64"),
            ("$empty.", "."),
        ];
        for (text, expected) in cases {
            let expanded = variables().expand(text);
            assert_eq!((expanded.text.as_str(), expanded.unknown.len()), (expected, 0), "{text}");
        }
    }

    #[test]
    fn an_unknown_variable_stays_as_it_is_written_and_is_told() {
        let expanded = variables().expand("http://h/$contentdir/${infra}/${arch:?x}/${open");
        assert_eq!(expanded.text, "http://h/$contentdir/${infra}/${arch:?x}/${open");
        assert_eq!(expanded.unknown, ["$contentdir", "${infra}", "${arch:?x}"]);
    }

    #[test]
    fn the_family_of_an_architecture_is_dnfs() {
        let mut variables = Variables::new();
        variables.set_arch(&"i686".parse().unwrap());
        assert_eq!(variables.expand("$arch $basearch").text, "i686 i386");
    }

    #[test]
    fn an_odd_name_is_not_taken() {
        let mut variables = Variables::new();
        assert!(!variables.set("a-b", "x") && !variables.set("", "x"));
        assert!(variables.set("a_1", "x"));
    }

    #[test]
    fn a_directory_has_a_variable_a_file() {
        let root = std::env::temp_dir().join(format!("elevate-vars-{}", std::process::id()));
        std::fs::create_dir_all(root.join("sub")).unwrap();
        for (name, text) in [("infra", "stock\nmore\n"), ("a-b", "x"), ("empty", "")] {
            std::fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .open(root.join(name))
                .and_then(|mut file| io::Write::write_all(&mut file, text.as_bytes()))
                .unwrap();
        }
        let mut variables = Variables::new();
        let remarks = variables.read(&root).unwrap();
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!((variables.get("infra"), variables.get("empty")), (Some("stock"), Some("")));
        assert_eq!(remarks.len(), 2, "{remarks:?}");
        assert!(variables.read(&root).is_err());
    }

    #[test]
    fn what_comes_out_is_bounded() {
        let mut variables = Variables::new();
        variables.set("a", "x".repeat(1000));
        assert!(variables.expand(&"$a".repeat(100_000)).text.len() <= LONGEST);
    }
}
