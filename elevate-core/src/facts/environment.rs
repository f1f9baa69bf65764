//! The surroundings of programs: locale, Python, the dynamic linker.

use std::collections::BTreeSet;

use super::look::{self, Found};
use super::parse::shell_vars;
use super::{Fact, Facts, OddLine, Unknown, read};
use crate::snapshot::Evidence;

/// Evidence the questions read.
pub const READS: &[&str] = &[
    LOCALE,
    "/usr/bin/python",
    "/usr/bin/python2",
    "/usr/bin/python3",
    "/etc/alternatives/python",
    "/etc/alternatives/unversioned-python",
    LD_CONF,
    "/etc/ld.so.conf.d/*.conf",
    LD_PRELOAD,
];

const LOCALE: &str = "/etc/locale.conf";
const PYTHON: &str = "/usr/bin/python";
const LD_CONF: &str = "/etc/ld.so.conf";
const LD_PRELOAD: &str = "/etc/ld.so.preload";
/// Files inside files.
const DEEPEST: usize = 8;
/// Most files read for one configuration.
const MOST_FILES: usize = 512;

/// Questions on surroundings.
#[derive(Debug, Clone, Copy)]
pub struct Environment<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// The surroundings of programs.
    pub fn environment(&self) -> Environment<'a> {
        Environment::new(&self.snapshot.evidence)
    }
}

/// Where the command `python` leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Python {
    /// Nowhere: there is no such command, or a link to nothing.
    None,
    /// To Python 2, as release 7 has it.
    Two,
    /// To Python 3, with which yum and its plugins do not run.
    Three(String),
    /// To something else.
    Other(String),
}

/// What is said to the dynamic linker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Linker {
    /// Directories, with file and line, in the order they are searched.
    pub directories: Vec<LinkerLine>,
    /// What was not understood, by file.
    pub odd: Vec<(String, OddLine)>,
    /// Included files that were not seen.
    pub missing: Vec<Unknown>,
}

/// A line that adds a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkerLine {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// The directory.
    pub directory: String,
}

impl<'a> Environment<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// A variable of the locale (`LANG`, `LC_CTYPE`); `None` where it is not set.
    /// Reads `/etc/locale.conf`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn locale(&self, variable: &str) -> Fact<Option<String>> {
        let file = look::parsed(self.evidence, LOCALE, shell_vars::parse)?;
        Ok(file.and_then(|file| shell_vars::last(&file.value, variable)))
    }

    /// Whether the language is one of UTF-8; no language is not.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn is_utf8(&self) -> Fact<bool> {
        let language = self.locale("LANG")?.unwrap_or_default().to_ascii_lowercase();
        Ok(language.contains("utf-8") || language.contains("utf8"))
    }

    /// Where the command `python` leads. Reads `/usr/bin/python` and the links
    /// it leads over.
    ///
    /// # Errors
    ///
    /// Where a link of the chain was not captured.
    pub fn python(&self) -> Fact<Python> {
        let Some(end) = self.python_end()? else { return Ok(Python::None) };
        let name = end.rsplit('/').next().unwrap_or_default();
        Ok(match name.strip_prefix("python") {
            Some(version) if version.is_empty() || version.starts_with('2') => Python::Two,
            Some(version) if version.starts_with('3') => Python::Three(end),
            _ => Python::Other(end),
        })
    }

    /// The end of the chain, which may be a file nobody looked at: its name
    /// tells enough.
    fn python_end(&self) -> Fact<Option<String>> {
        let mut at = PYTHON.to_owned();
        for _ in 0..40 {
            match read::link(self.evidence, &at) {
                Ok(Some(target)) => at = look::beside(&at, &target),
                Ok(None) => return Ok(look::exists(self.evidence, &at)?.then_some(at)),
                // The name of a versioned interpreter is an answer.
                Err(unknown) if at == PYTHON || at.contains("/alternatives/") => {
                    return Err(unknown);
                }
                Err(_) => return Ok(Some(at)),
            }
        }
        Ok(None)
    }

    /// What is said to the dynamic linker; `None` where there is no such file.
    /// Reads `/etc/ld.so.conf` and what it includes, as `ldconfig` does: `#`
    /// begins a comment anywhere, patterns are relative to the file. Asked by
    /// `scan_dynamic_linker_configuration`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn linker(&self) -> Fact<Option<Linker>> {
        let Some(text) = look::text(self.evidence, LD_CONF)? else { return Ok(None) };
        let mut linker = Linker::default();
        let mut seen = BTreeSet::from([LD_CONF.to_owned()]);
        self.linker_file(LD_CONF, &text, 0, &mut seen, &mut linker);
        Ok(Some(linker))
    }

    fn linker_file(
        &self,
        path: &str,
        text: &str,
        depth: usize,
        seen: &mut BTreeSet<String>,
        to: &mut Linker,
    ) {
        for (index, text) in text.lines().enumerate() {
            let line = index + 1;
            let content = text.split('#').next().unwrap_or_default().trim();
            let (word, rest) = content.split_once([' ', '\t']).unwrap_or((content, ""));
            match word {
                "" => {}
                "include" => {
                    for pattern in rest.split_whitespace() {
                        self.linker_include(path, line, pattern, depth, seen, to);
                    }
                }
                "hwcap" => to.odd.push((path.to_owned(), OddLine::new(line, text, "is passed by"))),
                _ if content.starts_with('/') => {
                    let directory = content.split('=').next().unwrap_or(content).trim_end();
                    let (file, directory) = (path.to_owned(), directory.to_owned());
                    to.directories.push(LinkerLine { file, line, directory });
                }
                _ => {
                    let why = "is no absolute path, which ldconfig wants";
                    to.odd.push((path.to_owned(), OddLine::new(line, text, why)));
                }
            }
        }
        to.odd.truncate(1000);
    }

    fn linker_include(
        &self,
        path: &str,
        line: usize,
        pattern: &str,
        depth: usize,
        seen: &mut BTreeSet<String>,
        to: &mut Linker,
    ) {
        let found = look::glob(self.evidence, &look::beside(path, pattern));
        to.missing.extend(found.missing);
        for other in found.items {
            if depth == DEEPEST || seen.len() == MOST_FILES || !seen.insert(other.clone()) {
                let why = "is included again, too deep, or after too many others";
                to.odd.push((path.to_owned(), OddLine::new(line, &other, why)));
                continue;
            }
            match look::text(self.evidence, &other) {
                Ok(Some(text)) => self.linker_file(&other, &text, depth + 1, seen, to),
                Ok(None) => {}
                Err(unknown) => to.missing.push(unknown),
            }
        }
    }

    /// Libraries loaded into every program; empty where there are none. Reads
    /// `/etc/ld.so.preload`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn preloaded(&self) -> Found<String> {
        let mut found = Found::default();
        let text = found.take(look::text(self.evidence, LD_PRELOAD)).flatten().unwrap_or_default();
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
        let words = lines.flat_map(|line| line.split([' ', '\t', ':', ',']));
        found.items.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    #[test]
    fn the_locale_is_read() {
        let host = evidence("//- /etc/locale.conf\nLANG=\"de_DE.ISO-8859-1\"\nLANG=de_DE.utf8\n");
        let environment = Environment::new(&host);
        assert_eq!(environment.locale("LANG"), Ok(Some("de_DE.utf8".to_owned())));
        assert_eq!((environment.locale("LC_ALL"), environment.is_utf8()), (Ok(None), Ok(true)));
        assert_eq!(
            Environment::new(&evidence("//- absent /etc/locale.conf\n")).is_utf8(),
            Ok(false)
        );
        assert!(Environment::new(&evidence("")).is_utf8().is_err());
    }

    #[test]
    fn python_is_told_by_where_its_links_lead() {
        for (text, expected) in [
            (
                "//- link /usr/bin/python -> python2\n//- link /usr/bin/python2 -> python2.7\n",
                Some(Python::Two),
            ),
            ("//- dir /usr/bin: python\n", Some(Python::Two)),
            (
                "//- link /usr/bin/python -> /etc/alternatives/python\n//- link /etc/alternatives/python -> /usr/bin/python3.6\n",
                Some(Python::Three("/usr/bin/python3.6".to_owned())),
            ),
            (
                "//- link /usr/bin/python -> /opt/pypy/bin/pypy\n",
                Some(Python::Other("/opt/pypy/bin/pypy".to_owned())),
            ),
            ("//- link /usr/bin/python -> /etc/alternatives/python\n", None),
            ("//- link /usr/bin/python -> python\n", Some(Python::None)),
            ("//- absent /usr/bin/python\n", Some(Python::None)),
            ("", None),
        ] {
            assert_eq!(Environment::new(&evidence(text)).python().ok(), expected, "{text}");
        }
    }

    #[test]
    fn directories_of_the_linker_are_found_in_included_files() {
        let host = evidence(
            "//- /etc/ld.so.conf\n#include x\n include ld.so.conf.d/*.conf # c\n/opt/lib = libc6\nrelative\nhwcap 1 x\n\
             //- dir /etc/ld.so.conf.d: b.conf a.conf x.bak\n//- /etc/ld.so.conf.d/a.conf\n# only\n//- /etc/ld.so.conf.d/b.conf\n/b\ninclude ../ld.so.conf\n",
        );
        let linker = Environment::new(&host).linker().unwrap().unwrap();
        let first = &linker.directories[0];
        assert_eq!(
            (first.file.as_str(), first.line, first.directory.as_str()),
            ("/etc/ld.so.conf.d/b.conf", 1, "/b")
        );
        assert_eq!(linker.directories.last().unwrap().directory, "/opt/lib");
        // The ring of files ends.
        assert!(linker.odd.iter().any(|(_, odd)| odd.why.starts_with("is included again")));
        let unseen = evidence("//- /etc/ld.so.conf\ninclude x/*.conf\n");
        let linker = Environment::new(&unseen).linker().unwrap().unwrap();
        assert_eq!(linker.missing, [Unknown::not_captured("/etc/x")]);
        assert_eq!(Environment::new(&evidence("//- absent /etc/ld.so.conf\n")).linker(), Ok(None));
        assert!(Environment::new(&evidence("")).linker().is_err());
    }

    #[test]
    fn preloaded_libraries_are_words() {
        let host = evidence("//- /etc/ld.so.preload\n/a.so:/b.so # /c.so\n");
        assert_eq!(Environment::new(&host).preloaded().all().unwrap(), ["/a.so", "/b.so"]);
        assert!(Environment::new(&evidence("")).preloaded().any(|_| true).is_err());
        assert_eq!(
            Environment::new(&evidence("//- absent /etc\n")).preloaded().all().unwrap(),
            Vec::<String>::new()
        );
    }
}
