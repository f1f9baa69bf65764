//! The kernel's command line, `/proc/cmdline` or the arguments of a boot
//! entry, split as the kernel splits it: blanks outside of double quotes.

/// The most arguments read; a kernel's line has at most 4096 bytes.
const MOST: usize = 4096;

/// `name`, or `name=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Name, up to the first `=`.
    pub name: String,
    /// What is after it: everything, further `=` included, without quotes.
    pub value: Option<String>,
}

/// A command line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommandLine {
    /// Its arguments, in order.
    pub arguments: Vec<Argument>,
}

impl CommandLine {
    /// Reads a line.
    pub fn parse(text: &str) -> Self {
        let mut line = Self::default();
        let mut rest = text.trim_matches(is_blank);
        while !rest.is_empty() && line.arguments.len() < MOST {
            let (argument, after) = next(rest);
            line.arguments.push(argument);
            rest = after.trim_start_matches(is_blank);
        }
        line
    }

    /// Whether an argument is there, with or without a value. `-` and `_` in
    /// names are one to the kernel.
    pub fn has(&self, name: &str) -> bool {
        self.arguments.iter().any(|argument| same_name(&argument.name, name))
    }

    /// All values of an argument, in order: `rd.lvm.lv` and its like repeat.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        let named = self.arguments.iter().filter(move |a| same_name(&a.name, name));
        named.filter_map(|argument| argument.value.as_deref())
    }

    /// The last value of an argument, which is the one that counts for most.
    pub fn last<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.values(name).last()
    }
}

/// Whether two names are one: the kernel takes `-` for `_`.
pub fn same_name(a: &str, b: &str) -> bool {
    let plain = |b: u8| if b == b'-' { b'_' } else { b };
    a.len() == b.len() && a.bytes().map(plain).eq(b.bytes().map(plain))
}

fn is_blank(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\0'
}

/// The kernel's `next_arg`: quotes may be around the whole or around the value.
fn next(text: &str) -> (Argument, &str) {
    let mut in_quotes = false;
    let mut end = text.len();
    let mut equals = None;
    let start = usize::from(text.starts_with('"'));
    for (at, c) in text.char_indices() {
        match c {
            '"' => in_quotes = !in_quotes,
            '=' if equals.is_none() && at > start => equals = Some(at),
            c if is_blank(c) && !in_quotes => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    let (whole, rest) = text.split_at(end);
    let unquoted = |text: &str, quoted: bool| match text.strip_suffix('"') {
        Some(inner) if quoted => inner.to_owned(),
        _ => text.to_owned(),
    };
    let whole_is_quoted = start == 1;
    let argument = match equals {
        None => {
            let name = whole.get(start..).unwrap_or_default();
            Argument { name: unquoted(name, whole_is_quoted), value: None }
        }
        Some(at) => {
            let name = whole.get(start..at).unwrap_or_default().to_owned();
            let value = whole.get(at + 1..).unwrap_or_default();
            let inner = value.strip_prefix('"');
            let quoted = whole_is_quoted || inner.is_some();
            Argument { name, value: Some(unquoted(inner.unwrap_or(value), quoted)) }
        }
    };
    (argument, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let arguments = CommandLine::parse(text).arguments;
        arguments
            .into_iter()
            .map(|a| match a.value {
                Some(value) => format!("{}|{value}", a.name),
                None => a.name,
            })
            .collect()
    }

    #[test]
    fn arguments_are_split_as_the_kernel_splits_them() {
        for (text, expected) in [
            ("ro quiet\n", &["ro", "quiet"][..]),
            ("root=UUID=1-2  a==b", &["root|UUID=1-2", "a|=b"]),
            ("dyndbg=\"file x +p\" ro", &["dyndbg|file x +p", "ro"]),
            ("\"a b=c d\" ro", &["a b|c d", "ro"]),
            ("\"a b\"", &["a b"]),
            ("=x y=", &["=x", "y|"]),
            ("a=\"open b", &["a|open b"]),
            ("\"", &[""]),
            ("", &[]),
            (" \t\n", &[]),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
    }

    #[test]
    fn repeated_names_keep_all_values_and_dash_is_underscore() {
        let line =
            CommandLine::parse("rd.lvm.lv=c/root rd.lvm.lv=c/swap net.ifnames=0 a-b net.ifnames=1");
        assert_eq!(line.values("rd.lvm.lv").collect::<Vec<_>>(), ["c/root", "c/swap"]);
        assert_eq!(line.last("net.ifnames"), Some("1"));
        assert!(line.has("a_b") && !line.has("a"));
        assert_eq!(line.last("a_b"), None);
    }
}
