//! Lists of mirrors: plain ones, and metalinks, which also say what
//! `repomd.xml` must be.

mod metalink;

use std::fmt;

use thiserror::Error;

use super::definition::{Location, Remark};
use super::url::Url;
use super::variables::Variables;
use crate::rpm::metadata::excerpt;

pub use metalink::RepomdVersion;

/// The largest list read, in bytes.
pub const MAX_BYTES: u64 = 4 << 20;
/// The most mirrors of a list.
const MOST_MIRRORS: usize = 2000;
/// The most remarks on a list.
const MOST_REMARKS: usize = 100;

/// Where a repository is to be had.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mirrors {
    /// Directories that hold `repodata`, the preferred ones first.
    pub bases: Vec<Url>,
    /// What `repomd.xml` may be, the newest first; empty where the list says
    /// nothing about it.
    pub repomd: Vec<RepomdVersion>,
    /// What is odd in the list.
    pub remarks: Vec<Remark>,
}

/// A list of mirrors that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MirrorsError {
    /// It is not text.
    #[error("is not UTF-8 text")]
    NotText,
    /// It is a page for people, or broken.
    #[error("is neither a list of addresses nor a metalink: {0}")]
    Malformed(String),
    /// There is nothing in it.
    #[error("names no mirror that can be used{}", first(.0))]
    Empty(Vec<Remark>),
}

fn first(remarks: &[Remark]) -> String {
    remarks.first().map_or_else(String::new, |remark| format!(": {}", remark.what))
}

/// Reads a list of mirrors that came from `place`. What starts with `<` is a
/// metalink, whichever option it stood in.
///
/// A mirror on this machine is told and not used: a server has no say in which
/// files are read here, and who has the files here needs no list.
///
/// # Errors
///
/// A list without a single mirror, and what is no list.
pub fn read(
    bytes: &[u8],
    place: &Location,
    variables: &Variables,
) -> Result<Mirrors, MirrorsError> {
    let text = std::str::from_utf8(bytes).map_err(|_| MirrorsError::NotText)?;
    let text = text.trim_start_matches('\u{feff}');
    let mut list = List { place, variables, mirrors: Mirrors::default() };
    if text.trim_start().starts_with('<') {
        metalink::read(text, &mut list)?;
    } else {
        plain(text, &mut list);
    }
    let mirrors = list.mirrors;
    if mirrors.bases.is_empty() { Err(MirrorsError::Empty(mirrors.remarks)) } else { Ok(mirrors) }
}

/// One address a line; `#` starts a comment.
fn plain(text: &str, list: &mut List<'_>) {
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            list.add(index + 1, line);
        }
    }
}

struct List<'a> {
    place: &'a Location,
    variables: &'a Variables,
    mirrors: Mirrors,
}

impl List<'_> {
    /// Adds a mirror, or tells why not.
    fn add(&mut self, line: usize, text: &str) {
        let expanded = self.variables.expand(text);
        if let Some(unknown) = expanded.unknown.first() {
            self.odd(line, format_args!("{unknown} is not known and stays as it is written"));
        }
        match Location::parse(&expanded.text) {
            Ok(Location::Path(_)) => self.odd(line, "is on this machine and not used as a mirror"),
            Ok(Location::Remote(base)) if self.mirrors.bases.contains(&base) => {}
            Ok(_) if self.mirrors.bases.len() == MOST_MIRRORS => {
                self.odd(line, format_args!("there are more than {MOST_MIRRORS} mirrors"));
            }
            Ok(Location::Remote(base)) => self.mirrors.bases.push(base),
            Err(error) => {
                self.odd(line, format_args!("{:?} {error}", excerpt(text)));
            }
        }
    }

    fn odd(&mut self, line: usize, what: impl fmt::Display) {
        if self.mirrors.remarks.len() < MOST_REMARKS {
            let place = format_args!("{}:{line}", self.place);
            self.mirrors.remarks.push(Remark::new(place, what));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote() -> Location {
        Location::parse("https://mirrors/list").unwrap()
    }

    fn bases(text: &str) -> (Vec<String>, Vec<String>) {
        let mut variables = Variables::new();
        variables.set("basearch", "x86_64");
        let mirrors = read(text.as_bytes(), &remote(), &variables).unwrap();
        let shown = mirrors.bases.iter().map(Url::to_string).collect();
        (shown, mirrors.remarks.iter().map(Remark::to_string).collect())
    }

    #[test]
    fn a_plain_list_has_one_mirror_a_line() {
        let (bases, remarks) = bases(
            "# comment\n\nhttp://a/8/$basearch/\r\n  https://b/x  \nhttp://a/8/x86_64/\nftp://c/\n\
             file:///etc\nhttp://d/$x\n",
        );
        assert_eq!(bases, ["http://a/8/x86_64/", "https://b/x", "http://d/$x"]);
        assert_eq!(
            remarks,
            [
                "https://mirrors/list:6: \"ftp://c/\" the protocol \"ftp\" is not supported; http, https and file are",
                "https://mirrors/list:7: is on this machine and not used as a mirror",
                "https://mirrors/list:8: $x is not known and stays as it is written",
            ]
        );
    }

    #[test]
    fn what_is_no_list_is_refused() {
        let message =
            |bytes: &[u8]| read(bytes, &remote(), &Variables::new()).unwrap_err().to_string();
        assert_eq!(message(b"\xff"), "is not UTF-8 text");
        assert_eq!(message(b"# nothing\n"), "names no mirror that can be used");
        assert!(message(b"not found\n").starts_with("names no mirror that can be used: \"not"));
        assert!(message(b"<html><body>Not found</body></html>").starts_with("is neither"));
    }

    #[test]
    fn a_long_list_is_cut() {
        let text: String = (0..3000).map(|n| format!("http://h{n}/\n")).collect();
        let (bases, remarks) = bases(&text);
        assert_eq!((bases.len(), remarks.len()), (MOST_MIRRORS, MOST_REMARKS));
    }

    proptest::proptest! {
        #[test]
        fn any_list_is_read_or_refused(
            parts in proptest::collection::vec(proptest::sample::select(&PARTS[..]), 0..40),
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40),
        ) {
            let mut text = parts.concat().into_bytes();
            text.extend(bytes);
            match read(&text, &remote(), &Variables::new()) {
                Ok(mirrors) => assert!(!mirrors.bases.is_empty()),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }

    /// What lists and metalinks are made of.
    const PARTS: [&str; 14] = [
        "<metalink>",
        "</metalink>",
        "<file name=\"repomd.xml\">",
        "</file>",
        "<url preference=\"9\">",
        "http://h/repodata/repomd.xml",
        "</url>",
        "<hash type=\"sha256\">",
        "ab",
        "</hash>",
        "&amp;",
        "\n",
        "<mm0:alternate/>",
        "http://h/$x/",
    ];
}
