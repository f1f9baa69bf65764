//! Variables in the options of a repository: `$basearch`, `$releasever`.

use std::collections::BTreeMap;

use crate::model::Arch;

/// The longest text that comes out, in bytes.
const LONGEST: usize = 1 << 20;

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
    fn what_comes_out_is_bounded() {
        let mut variables = Variables::new();
        variables.set("a", "x".repeat(1000));
        assert!(variables.expand(&"$a".repeat(100_000)).text.len() <= LONGEST);
    }
}
