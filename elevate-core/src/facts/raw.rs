//! The evidence itself, for rules that are data: packs ask for it by path.

use super::look::{self, Found};
use super::parse::ini::{self, Ini};
use super::parse::shell_vars;
use super::read::{self, COMMAND};
use super::{Fact, Facts};
use crate::snapshot::{EntryKind, Evidence};

/// Whether a name matches a shell pattern.
pub fn matches(pattern: &str, name: &str) -> bool {
    look::matches(pattern, name)
}

/// Questions to the evidence.
#[derive(Debug, Clone, Copy)]
pub struct Raw<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// The evidence itself.
    pub fn raw(&self) -> Raw<'a> {
        Raw { evidence: &self.snapshot.evidence }
    }
}

impl Raw<'_> {
    /// Whether something is at a path, links followed.
    ///
    /// # Errors
    ///
    /// Where nobody looked, here and below.
    pub fn exists(&self, path: &str) -> Fact<bool> {
        read::exists(self.evidence, path)
    }

    /// Whether a file is at a path, links followed.
    ///
    /// # Errors
    ///
    /// See [`Raw::exists`].
    pub fn is_file(&self, path: &str) -> Fact<bool> {
        look::is_file(self.evidence, path)
    }

    /// Whether a directory is at a path, links followed.
    ///
    /// # Errors
    ///
    /// See [`Raw::exists`].
    pub fn is_directory(&self, path: &str) -> Fact<bool> {
        Ok(look::kind_followed(self.evidence, path)? == Some(EntryKind::Directory))
    }

    /// Where a link leads, as it is written; `None` where there is no link.
    ///
    /// # Errors
    ///
    /// See [`Raw::exists`].
    pub fn link(&self, path: &str) -> Fact<Option<String>> {
        read::link(self.evidence, path)
    }

    /// The text of a file; `None` where it is not there.
    ///
    /// # Errors
    ///
    /// See [`Raw::exists`].
    pub fn text(&self, path: &str) -> Fact<Option<String>> {
        Ok(look::text(self.evidence, path)?.map(Into::into))
    }

    /// Paths that match a shell pattern, in order.
    pub fn paths(&self, pattern: &str) -> Found<String> {
        look::glob(self.evidence, pattern)
    }

    /// What a command printed.
    ///
    /// # Errors
    ///
    /// Where that was not captured.
    pub fn output(&self, command: &str) -> Fact<String> {
        Ok(look::command(self.evidence, &[&format!("{COMMAND}{command}")])?.into())
    }

    /// A file of sections; `None` where it is not there.
    ///
    /// # Errors
    ///
    /// See [`Raw::exists`].
    pub fn ini(&self, path: &str) -> Fact<Option<Ini>> {
        Ok(look::parsed(self.evidence, path, ini::parse)?.map(|parsed| parsed.value))
    }

    /// The value of a shell variable a file sets last; `None` where it does not.
    ///
    /// # Errors
    ///
    /// See [`Raw::exists`].
    pub fn variable(&self, path: &str, name: &str) -> Fact<Option<String>> {
        let assignments = look::parsed(self.evidence, path, shell_vars::parse)?;
        Ok(assignments.and_then(|parsed| shell_vars::last(&parsed.value, name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::host;

    const HOST: &str = "
//- /etc/a.ini
[s]
k = v
//- /etc/default/b
X=1
X=2
//- absent /etc/none
//- link /etc/l -> a.ini
//- dir /etc/d: e f
//- command uptime
up
";

    #[test]
    fn evidence_is_answered_and_what_nobody_looked_for_is_unknown() {
        let snapshot = host(HOST);
        let facts = Facts::new(&snapshot);
        let raw = facts.raw();
        assert_eq!(raw.text("/etc/default/b"), Ok(Some("X=1\nX=2\n".to_owned())));
        assert_eq!(raw.variable("/etc/default/b", "X"), Ok(Some("2".to_owned())));
        assert_eq!(raw.variable("/etc/default/b", "Y"), Ok(None));
        let ini = raw.ini("/etc/a.ini").unwrap().unwrap();
        assert_eq!(ini.get("s", "k").map(|entry| entry.value.as_str()), Some("v"));
        assert_eq!(raw.exists("/etc/none"), Ok(false));
        assert_eq!(raw.text("/etc/none"), Ok(None));
        assert_eq!(raw.link("/etc/l"), Ok(Some("a.ini".to_owned())));
        assert_eq!(raw.is_directory("/etc/d"), Ok(true));
        assert_eq!(raw.paths("/etc/d/*").items, ["/etc/d/e", "/etc/d/f"]);
        assert_eq!(raw.output("uptime"), Ok("up\n".to_owned()));
        assert!(raw.text("/etc/other").is_err());
        assert!(raw.output("ls").is_err());
    }
}
