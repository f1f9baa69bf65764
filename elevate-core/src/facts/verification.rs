//! Which files of packages were changed: as the capture compared them, or as
//! `rpm -V` said where somebody asked it.

use std::collections::BTreeMap;

use super::look;
use super::parse::verify::{self, Difference};
use super::{Fact, Facts, Unknown};
use crate::snapshot::Evidence;

/// Evidence the questions read; any other `rpm -V` of a snapshot is read too.
pub const READS: &[&str] =
    &["command:rpm -Va", "command:rpm -V --nomtime chrony", "command:rpm -V --nomtime memcached"];

/// Commands that look at every file of every package.
const WHOLE: &[&str] = &["rpm -Va", "rpm -Va --nomtime", "rpm --verify --all"];

/// Questions on changed files.
#[derive(Debug, Clone, Copy)]
pub struct Verification<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// What differs from the installed packages.
    pub fn verification(&self) -> Verification<'a> {
        Verification::new(&self.snapshot.evidence)
    }
}

impl<'a> Verification<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// How a file of a package differs from what was installed; `None` where it
    /// does not. Reads every captured `rpm -V`: one that names the file is an
    /// answer; that it is not named is one where all files were looked at, or
    /// all of `package`. A file of no package counts as unchanged. Asked by
    /// `read_openssh_config`, `check_chrony`, `check_memcached`,
    /// `scan_source_files`, `scan_dynamic_linker_configuration`.
    ///
    /// # Errors
    ///
    /// Where nobody verified it.
    pub fn difference(&self, path: &str, package: &str) -> Fact<Option<Difference>> {
        let mut covered = false;
        for (line, output) in &self.evidence.commands {
            if !verifies(line) {
                continue;
            }
            let (found, _) = verify::parse(&output.text());
            if let Some(found) = found.into_iter().find(|difference| difference.path == path) {
                return Ok(Some(found));
            }
            let names = line.split_whitespace().skip(1).any(|word| word == package);
            covered |= WHOLE.contains(&line.as_str()) || names;
        }
        if covered {
            Ok(None)
        } else {
            Err(Unknown::not_captured(format!("command:rpm -V {package}")))
        }
    }

    /// Whether size or content of a file differ from its package. Where the
    /// capture compared the file with the digest in its package, that is the
    /// answer.
    ///
    /// # Errors
    ///
    /// As [`Verification::difference`].
    pub fn is_modified(&self, path: &str, package: &str) -> Fact<bool> {
        if let Some(changed) = self.evidence.changed.get(path) {
            return Ok(*changed);
        }
        let difference = self.difference(path, package)?;
        Ok(difference.is_some_and(|difference| difference.changes_content()))
    }

    /// What differs of some packages, as far as it was looked for, by path. Asked by
    /// `scan_custom_modifications_actor` of leapp itself.
    ///
    /// # Errors
    ///
    /// Where nobody verified all files, or those of one of the packages.
    pub fn differences_of(&self, packages: &[&str]) -> Fact<Vec<Difference>> {
        let mut found: BTreeMap<String, Difference> = BTreeMap::new();
        for (line, output) in &self.evidence.commands {
            let names = line.split_whitespace().skip(1).any(|word| packages.contains(&word));
            if verifies(line) && (names || WHOLE.contains(&line.as_str())) {
                let (differences, _) = verify::parse(&output.text());
                found.extend(differences.into_iter().map(|one| (one.path.clone(), one)));
            }
        }
        for package in packages {
            let asked = |line: &str| line.split_whitespace().skip(1).any(|word| word == *package);
            let covers = |line: &String| WHOLE.contains(&line.as_str()) || asked(line);
            if !self.evidence.commands.keys().any(|line| verifies(line) && covers(line)) {
                return Err(Unknown::not_captured(format!("command:rpm -V {package}")));
            }
        }
        Ok(found.into_values().collect())
    }

    /// Whether rpm left a newer version of a file beside it (`.rpmnew`), which
    /// it does only where the file was changed.
    ///
    /// # Errors
    ///
    /// Where nobody looked.
    pub fn has_newer_beside(&self, path: &str) -> Fact<bool> {
        look::exists(self.evidence, &format!("{path}.rpmnew"))
    }
}

/// Whether a command line looks at files of packages.
fn verifies(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.next() == Some("rpm")
        && words.next().is_some_and(|word| word.starts_with("-V") || word == "--verify")
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    const SSHD: &str = "/etc/ssh/sshd_config";

    #[test]
    fn a_file_is_unchanged_only_where_its_package_was_looked_at() {
        for (text, expected) in [
            ("//- command rpm -Va\nS.5....T.  c /etc/ssh/sshd_config\n", Some(true)),
            ("//- command rpm -Va\n.......T.  c /etc/ssh/sshd_config\n", Some(false)),
            ("//- command rpm -Va\n.......T.  c /etc/x\n", Some(false)),
            ("//- command rpm -V bash openssh-server\n\n", Some(false)),
            ("//- command rpm -V bash\n\n", None),
            ("//- command rpm -V bash\n..5......  c /etc/ssh/sshd_config\n", Some(true)),
            ("//- command rpm -qa\nS.5....T.  c /etc/ssh/sshd_config\n", None),
            ("", None),
        ] {
            let host = evidence(text);
            let answer = Verification::new(&host).is_modified(SSHD, "openssh-server");
            assert_eq!(answer.ok(), expected, "{text}");
        }
    }

    #[test]
    fn what_the_capture_compared_needs_no_rpm() {
        let mut host = evidence("//- command rpm -Va\n\n");
        host.changed.insert(SSHD.to_owned(), true);
        let verification = Verification::new(&host);
        assert_eq!(verification.is_modified(SSHD, "openssh-server"), Ok(true));
        host.changed.insert(SSHD.to_owned(), false);
        assert_eq!(Verification::new(&host).is_modified(SSHD, "openssh-server"), Ok(false));
    }

    #[test]
    fn a_newer_file_beside_it_is_found() {
        let host = evidence("//- dir /etc/ssh: sshd_config.rpmnew\n");
        assert_eq!(Verification::new(&host).has_newer_beside(SSHD), Ok(true));
        assert_eq!(Verification::new(&host).has_newer_beside("/etc/ssh/x"), Ok(false));
        assert!(Verification::new(&host).has_newer_beside("/etc/x").is_err());
    }

    #[test]
    fn differences_of_packages_are_known_where_all_of_them_were_asked_for() {
        let ask = |text: &str| {
            let host = evidence(text);
            let found = Verification::new(&host).differences_of(&["a", "b"]);
            found.map(|all| all.into_iter().map(|one| one.path).collect::<Vec<_>>())
        };
        let both = "//- command rpm -V a\n..5......    /a\n//- command rpm -V b\n.M.......    /b\n";
        assert_eq!(ask(both), Ok(vec!["/a".to_owned(), "/b".to_owned()]));
        assert_eq!(ask("//- command rpm -Va\n..5......    /x\n"), Ok(vec!["/x".to_owned()]));
        let error = ask("//- command rpm -V a\n..5......    /a\n").unwrap_err();
        assert_eq!(error, Unknown::not_captured("command:rpm -V b"));
    }
}
