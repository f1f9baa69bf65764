//! Target repositories that were read, and how others read them too.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::RepoId;

/// A target repository that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadRepository {
    /// Its id.
    pub id: RepoId,
    /// Its priority; the lower number comes first.
    pub priority: i32,
    /// Packages in it.
    pub packages: usize,
    /// Packages its definition leaves out (`excludepkgs`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
    /// Packages its definition uses alone (`includepkgs`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub included: Vec<String>,
    /// Whether module streams hide nothing of it (`module_hotfixes`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub module_hotfixes: bool,
    /// What was odd about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// How it is set up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setup: Option<RepositorySetup>,
}

/// How a repository is set up: the options of dnf.conf(5) that say where it is. User
/// names, passwords and client certificates are not told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct RepositorySetup {
    /// `name`.
    pub name: String,
    /// `baseurl`, in the order in which they are tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baseurl: Vec<String>,
    /// `mirrorlist`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirrorlist: Option<String>,
    /// `metalink`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metalink: Option<String>,
    /// `gpgcheck`, where it is said; packages are checked where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpgcheck: Option<bool>,
    /// `gpgkey`: addresses of public keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gpgkey: Vec<String>,
    /// `cost`.
    pub cost: i32,
}

impl ReadRepository {
    /// Its section of a `.repo` file; `None` where it is not known how it is set up.
    /// Packages are checked for signatures unless the setup says otherwise.
    pub fn section(&self) -> Option<String> {
        let setup = self.setup.as_ref()?;
        let mut text = format!("[{}]\n", self.id);
        let mut option = |key: &str, values: &[String]| {
            // A value ends with its line, whatever is in it.
            let values = values.iter().map(|value| value.replace(['\n', '\r'], " "));
            let values: Vec<String> = values.filter(|value| !value.trim().is_empty()).collect();
            if !values.is_empty() {
                let _ = writeln!(text, "{key}={}", values.join(" "));
            }
        };
        option("name", std::slice::from_ref(&setup.name));
        option("baseurl", &setup.baseurl);
        option("mirrorlist", setup.mirrorlist.as_slice());
        option("metalink", setup.metalink.as_slice());
        option("gpgkey", &setup.gpgkey);
        option("excludepkgs", &self.excluded);
        option("includepkgs", &self.included);
        let checks = u8::from(setup.gpgcheck.unwrap_or(true));
        let _ = writeln!(text, "enabled=1\ngpgcheck={checks}\nskip_if_unavailable=0");
        let _ = writeln!(text, "priority={}\ncost={}", self.priority, setup.cost);
        if self.module_hotfixes {
            text.push_str("module_hotfixes=1\n");
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing;

    #[test]
    fn a_section_says_what_was_read_and_checks_signatures() {
        let setup = RepositorySetup {
            name: "Base\nexclude=glibc".to_owned(),
            baseurl: vec!["file:///a".to_owned(), "http://b/".to_owned()],
            gpgkey: vec!["file:///key".to_owned()],
            cost: 1000,
            ..RepositorySetup::default()
        };
        let mut read = testing::read("base", setup);
        assert_eq!(
            read.section().unwrap(),
            "[base]\nname=Base exclude=glibc\nbaseurl=file:///a http://b/\n\
             gpgkey=file:///key\nenabled=1\ngpgcheck=1\nskip_if_unavailable=0\n\
             priority=99\ncost=1000\n"
        );
        read.setup = None;
        assert_eq!(read.section(), None);
    }
}
