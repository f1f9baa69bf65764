//! Name, epoch, version, release, architecture: a package's full name.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::{Arch, Evr, PackageName};

/// A text that is not a NEVRA, or not an EVR.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} {why}")]
pub struct ParseNevraError {
    text: String,
    why: &'static str,
}

impl ParseNevraError {
    fn new(text: &str, why: &'static str) -> Self {
        Self { text: text.chars().take(80).collect(), why }
    }
    pub(super) fn epoch(text: &str) -> Self {
        Self::new(text, "has an epoch that is not a number")
    }
    pub(super) fn version(text: &str) -> Self {
        Self::new(text, "has no version")
    }
}

/// A package's full name with architecture, printed `name-[epoch:]version-release.arch`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nevra {
    /// Name.
    pub name: PackageName,
    /// Epoch, version and release.
    pub evr: Evr,
    /// Architecture.
    pub arch: Arch,
}

impl FromStr for Nevra {
    type Err = ParseNevraError;

    /// Reads `name-[epoch:]version-release.arch`, and the older
    /// `epoch:name-version-release.arch` that yum prints. A trailing `.rpm` is
    /// not removed. The architecture must be one rpm knows, so that
    /// `bash-4.2.46-34.el7` (no architecture) is refused rather than taken for
    /// architecture `el7`; read such texts with [`Nvra`].
    fn from_str(text: &str) -> Result<Self, ParseNevraError> {
        let Nvra { name, evr, arch } = text.parse()?;
        let arch =
            arch.ok_or_else(|| ParseNevraError::new(text, "ends in no known architecture"))?;
        Ok(Self { name, evr, arch })
    }
}

impl fmt::Display for Nevra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&nevra(self.name.as_str(), &self.evr, self.arch.as_str()))
    }
}

/// `name-[epoch:]version-release.arch`, without an architecture where that is empty.
pub(crate) fn nevra(name: &str, evr: impl fmt::Display, arch: &str) -> String {
    if arch.is_empty() { format!("{name}-{evr}") } else { format!("{name}-{evr}.{arch}") }
}

/// A package's full name whose architecture may be missing, as some listings
/// print it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nvra {
    /// Name.
    pub name: PackageName,
    /// Epoch, version and release.
    pub evr: Evr,
    /// Architecture, where the text names one.
    pub arch: Option<Arch>,
}

impl FromStr for Nvra {
    type Err = ParseNevraError;

    fn from_str(text: &str) -> Result<Self, ParseNevraError> {
        let (rest, arch) = match text.rsplit_once('.') {
            Some((rest, last)) => match last.parse::<Arch>() {
                Ok(arch) if arch.is_known() => (rest, Some(arch)),
                _ => (text, None),
            },
            None => (text, None),
        };
        let (rest, release) = rest
            .rsplit_once('-')
            .ok_or_else(|| ParseNevraError::new(text, "has no version and release"))?;
        let (name, version) =
            rest.rsplit_once('-').ok_or_else(|| ParseNevraError::new(text, "has no release"))?;
        // yum writes the epoch before the name, rpm before the version.
        let (leading_epoch, name) = match name.split_once(':') {
            Some((epoch, name)) if epoch.bytes().all(|b| b.is_ascii_digit()) => (Some(epoch), name),
            _ => (None, name),
        };
        let version = match leading_epoch {
            Some(epoch) => format!("{epoch}:{version}"),
            None => version.to_owned(),
        };
        let mut evr: Evr = version.parse().map_err(|_| ParseNevraError::version(text))?;
        if release.is_empty() || evr.version.is_empty() || !evr.release.is_empty() {
            return Err(ParseNevraError::new(text, "has no version and release"));
        }
        release.clone_into(&mut evr.release);
        let name = PackageName::new(name)
            .map_err(|_| ParseNevraError::new(text, "does not start with a package name"))?;
        Ok(Self { name, evr, arch })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (String, u32, String, String, Option<String>) {
        let n: Nvra = text.parse().unwrap();
        (
            n.name.to_string(),
            n.evr.epoch,
            n.evr.version,
            n.evr.release,
            n.arch.map(|a| a.to_string()),
        )
    }

    #[test]
    fn hyphens_and_dots_in_names_and_releases_stay_where_they_belong() {
        let cases = [
            ("bash-4.2.46-34.el7.x86_64", "bash", 0, "4.2.46", "34.el7", Some("x86_64")),
            (
                "NetworkManager-1:1.18.0-5.el7_7.1.x86_64",
                "NetworkManager",
                1,
                "1.18.0",
                "5.el7_7.1",
                Some("x86_64"),
            ),
            (
                "1:NetworkManager-1.18.0-5.el7.x86_64",
                "NetworkManager",
                1,
                "1.18.0",
                "5.el7",
                Some("x86_64"),
            ),
            (
                "Red_Hat_Enterprise_Linux-Release_Notes-7-en-US-7-2.el7.noarch",
                "Red_Hat_Enterprise_Linux-Release_Notes-7-en-US",
                0,
                "7",
                "2.el7",
                Some("noarch"),
            ),
            ("jdk1.8-2000:1.8-fcs.i586", "jdk1.8", 2000, "1.8", "fcs", Some("i586")),
            ("filesystem-3.2-25.el7", "filesystem", 0, "3.2", "25.el7", None),
        ];
        for (text, name, epoch, version, release, arch) in cases {
            assert_eq!(
                parts(text),
                (name.into(), epoch, version.into(), release.into(), arch.map(Into::into)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_missing_architecture_is_not_invented() {
        assert!("bash-4.2.46-34.el7".parse::<Nevra>().is_err());
        let full: Nevra = "bash-4.2.46-34.el7.x86_64".parse().unwrap();
        assert_eq!(full.to_string(), "bash-4.2.46-34.el7.x86_64");
    }

    #[test]
    fn what_is_no_package_is_refused() {
        for text in [
            "",
            "-",
            "--",
            "bash",
            "bash-1",
            "a-b:1-2.x86_64",
            "Loaded plugins: fastestmirror",
            "x--1.noarch",
            "a-1-.noarch",
        ] {
            assert!(text.parse::<Nvra>().is_err(), "{text}");
        }
    }
}
