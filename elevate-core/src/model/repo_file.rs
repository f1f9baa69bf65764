//! yum `.repo` files: which repositories they define.
//!
//! Read as Python's `configparser` reads them (formats.md section 3), because
//! leapp and yum do.

mod parse;

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use super::RepoId;

/// One `.repo` file, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepoFile {
    /// Where it was, as it is to be shown.
    pub path: String,
    /// Its sections, in file order, each id once.
    pub repositories: Vec<Repository>,
    /// The line of a section `[main]`, which is not among them.
    pub main_section: Option<usize>,
}

/// One section of a `.repo` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Section name.
    pub id: RepoId,
    /// `name`, where there is one.
    pub name: Option<String>,
    /// `baseurl`, one entry a line.
    pub baseurl: Option<String>,
    /// `metalink`.
    pub metalink: Option<String>,
    /// `mirrorlist`.
    pub mirrorlist: Option<String>,
    /// `proxy`.
    pub proxy: Option<String>,
    /// `enabled` as the file spells it; absent means enabled.
    pub enabled: Option<String>,
    /// Every other option, by its lower-case name.
    pub additional: BTreeMap<String, String>,
    /// The line of the section header, from 1.
    pub line: usize,
}

/// A `.repo` file that cannot be read. Every message names the line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {what}")]
pub struct ParseRepoFileError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: RepoFileFault,
}

/// What makes a `.repo` file unreadable.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RepoFileFault {
    /// Text before the first section.
    #[error("{0:?} stands before the first [section]")]
    BeforeSection(String),
    /// A line that is neither a section, a comment nor `key = value`.
    #[error("{0:?} is neither a [section] nor `key = value`")]
    NoSeparator(String),
    /// `= value`.
    #[error("there is a value without a key")]
    NoKey,
    /// A section name that cannot be a repository id.
    #[error("{0}")]
    SectionName(String),
    /// `[DEFAULT]` feeds every section; together they would be huge.
    #[error("[DEFAULT] is too large for {0} sections")]
    Defaults(usize),
    /// More than any real file has.
    #[error("the file has more than {0} sections")]
    TooMany(usize),
}

/// Something odd in a `.repo` file that can be read nevertheless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepoFileNote {
    /// Line, from 1.
    pub line: usize,
    /// What is odd.
    pub kind: RepoFileNoteKind,
}

/// What is odd in a `.repo` file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RepoFileNoteKind {
    /// A section `[main]`, which is ignored; leapp dies of it.
    MainSection,
    /// A section that was there before; later keys win.
    RepeatedSection(RepoId),
    /// A section without a name, of which leapp dies.
    MissingName(RepoId),
    /// `enabled` is no boolean; counts as false.
    OddEnabled(RepoId, String),
    /// `enabled` is true for dnf and false for leapp.
    DisabledForLeapp(RepoId, String),
    /// A `%` in the value of this key; leapp on Python 3 dies of it.
    Percent(RepoId, String),
    /// No section at all: the same as no file.
    NoSections,
}

impl RepoFile {
    /// Reads the text of a `.repo` file, which is to be shown as `path`. Fails
    /// where `configparser` would, but for `[main]`, missing names and `%`.
    pub fn parse(path: &str, text: &str) -> Result<(Self, Vec<RepoFileNote>), ParseRepoFileError> {
        parse::parse(path, text)
    }

    /// The repository with this id.
    pub fn get(&self, id: &str) -> Option<&Repository> {
        self.repositories.iter().find(|repository| repository.id.as_str() == id)
    }
}

impl Repository {
    /// Whether dnf takes it for enabled: absent, or one of dnf's true
    /// spellings (`1`, `yes`, `true`, `on`, any case).
    pub fn is_enabled(&self) -> bool {
        self.enabled.as_deref().is_none_or(|text| boolean(text) == Some(true))
    }

    /// Whether leapp takes it for enabled: absent or `1`, nothing else
    /// (formats.md section 3).
    pub fn is_enabled_for_leapp(&self) -> bool {
        self.enabled.as_deref().is_none_or(|text| text.trim() == "1")
    }

    /// Whether it says where its packages are. An empty value says nothing.
    pub fn has_url(&self) -> bool {
        [&self.baseurl, &self.metalink, &self.mirrorlist]
            .into_iter()
            .any(|url| url.as_deref().is_some_and(|url| !url.trim().is_empty()))
    }

    /// `name`, or the id where there is none.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.id.as_str())
    }
}

/// A boolean as dnf reads it, `None` for what is none.
pub fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "yes" | "true" | "on" => Some(true),
        "0" | "no" | "false" | "off" => Some(false),
        _ => None,
    }
}

impl fmt::Display for RepoFileNoteKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use RepoFileNoteKind::*;
        match self {
            MainSection => f.write_str("the section [main] is ignored; leapp dies of it"),
            RepeatedSection(id) => write!(f, "[{id}] is defined again; later keys win"),
            MissingName(id) => write!(f, "[{id}] has no `name`; leapp dies of it"),
            OddEnabled(id, text) => {
                write!(f, "`enabled` of [{id}] is {text:?}, no boolean; it counts as false")
            }
            DisabledForLeapp(id, text) => write!(
                f,
                "`enabled` of [{id}] is {text:?}, which is true for dnf and false for leapp; write 1"
            ),
            Percent(id, key) => {
                write!(f, "`{key}` of [{id}] has a %, of which leapp on Python 3 dies; write %%")
            }
            NoSections => f.write_str("the file has no section and so no effect"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (RepoFile, Vec<String>) {
        let (file, notes) = RepoFile::parse("x.repo", text).unwrap();
        (file, notes.iter().map(|note| format!("{}: {}", note.line, note.kind)).collect())
    }

    #[test]
    fn a_section_is_read_as_configparser_reads_it() {
        let (file, notes) = read(
            "# comment\n[spe-ci_al.cha:rs]\nName = A # not a comment\n\
             baseurl: http://a/\n  http://b/\n#baseurl=http://c\n\tgpgkey=x\nGPGCHECK=1\nmetalink=\n",
        );
        let repository = &file.repositories[0];
        assert_eq!((repository.id.as_str(), repository.line), ("spe-ci_al.cha:rs", 2));
        assert_eq!(repository.name.as_deref(), Some("A # not a comment"));
        // An indented line goes on with the value, whatever it looks like.
        assert_eq!(repository.baseurl.as_deref(), Some("http://a/\nhttp://b/\ngpgkey=x"));
        assert_eq!(repository.additional.get("gpgcheck").map(String::as_str), Some("1"));
        assert_eq!(repository.metalink.as_deref(), Some(""));
        assert!(repository.has_url());
        assert_eq!(notes, [""; 0]);
    }

    #[test]
    fn defaults_feed_every_section_and_main_feeds_none() {
        let (file, notes) = read(
            "[a]\nname=A\n[DEFAULT]\nenabled=0\ncost=5\n[main]\ncost=1\n[b]\nname=B\ncost=6\n",
        );
        let cost = |id: &str| file.get(id).unwrap().additional["cost"].clone();
        assert_eq!((file.repositories.len(), cost("a"), cost("b")), (2, "5".into(), "6".into()));
        assert!(!file.get("a").unwrap().is_enabled());
        assert_eq!(notes, ["6: the section [main] is ignored; leapp dies of it"]);
    }

    #[test]
    fn a_repeated_section_merges_and_the_later_key_wins() {
        let (file, notes) = read("[a]\nname=A\ncost=1\n[a]\nname=B\n");
        assert_eq!(file.repositories.len(), 1);
        assert_eq!(file.repositories[0].name.as_deref(), Some("B"));
        assert_eq!(file.repositories[0].additional["cost"], "1");
        assert_eq!(notes, ["4: [a] is defined again; later keys win"]);
    }

    #[test]
    fn enabled_means_one_thing_to_dnf_and_another_to_leapp() {
        let cases = [
            ("enabled=1", true, true),
            ("enabled= 1 ", true, true),
            ("cost=1", true, true),
            ("enabled=0", false, false),
            ("enabled=True", true, false),
            ("enabled=yes", true, false),
            ("enabled=off", false, false),
            ("enabled=1 # c", false, false),
        ];
        for (line, dnf, leapp) in cases {
            let (file, notes) = read(&format!("[a]\nname=A\n{line}\n"));
            let repository = &file.repositories[0];
            assert_eq!(repository.is_enabled(), dnf, "{line}");
            assert_eq!(repository.is_enabled_for_leapp(), leapp, "{line}");
            assert_eq!(notes.is_empty(), dnf == leapp && !line.contains('#'), "{line}: {notes:?}");
        }
    }

    #[test]
    fn what_is_odd_is_noted() {
        let (file, notes) = read("[a]\nbaseurl=http://x/%20\n");
        assert_eq!(file.repositories[0].title(), "a");
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert_eq!(read("# nothing\n").1, ["1: the file has no section and so no effect"]);
    }

    #[test]
    fn what_configparser_refuses_is_refused_with_its_line() {
        let cases = [
            ("name=A\n[a]\n", "line 1: \"name=A\" stands before the first [section]"),
            ("\n[a]\nname\n", "line 3: \"name\" is neither a [section] nor `key = value`"),
            ("[a]\n=1\n", "line 2: there is a value without a key"),
            (
                "[a b]\n",
                "line 1: \"a b\" is not a repository id: it holds white space or control characters",
            ),
        ];
        for (text, message) in cases {
            assert_eq!(RepoFile::parse("x", text).unwrap_err().to_string(), message);
        }
    }
}
