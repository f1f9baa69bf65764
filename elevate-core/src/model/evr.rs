//! Epoch, version, release, ordered as rpm orders them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::nevra::ParseNevraError;

/// Compares two version (or release) texts segment by segment as rpm's
/// `rpmvercmp` does: digits by value, letters by byte, `~` before everything,
/// `^` after the end but before anything longer.
pub fn compare_versions(a: &str, b: &str) -> Ordering {
    rpm_version::Evr::new("", a, "").cmp(&rpm_version::Evr::new("", b, ""))
}

/// Epoch, version and release of a package.
///
/// Equality is rpm's: `1.0-1` and `1.00-1` are one version. The order is total.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Evr {
    /// Epoch; an absent one is 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub epoch: u32,
    /// Version, as upstream numbers it.
    pub version: String,
    /// Release, as the distribution numbers it; empty in a dependency that
    /// names only a version.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub release: String,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(epoch: &u32) -> bool {
    *epoch == 0
}

impl Evr {
    /// Puts the three parts together.
    pub fn new(epoch: u32, version: impl Into<String>, release: impl Into<String>) -> Self {
        Self { epoch, version: version.into(), release: release.into() }
    }
}

impl Evr {
    /// Its parts, to compare them with those of another.
    pub fn parts(&self) -> EvrParts<'_> {
        let release = (!self.release.is_empty()).then_some(self.release.as_str());
        EvrParts { epoch: u64::from(self.epoch), version: &self.version, release }
    }
}

impl From<EvrParts<'_>> for Evr {
    /// An epoch beyond all that rpm knows becomes the highest.
    fn from(parts: EvrParts<'_>) -> Self {
        let epoch = u32::try_from(parts.epoch).unwrap_or(u32::MAX);
        Self::new(epoch, parts.version, parts.release.unwrap_or_default())
    }
}

impl FromStr for Evr {
    type Err = ParseNevraError;

    /// Reads `[epoch:]version[-release]`. The release is what follows the last
    /// hyphen; the epoch must be a number below 2^32.
    fn from_str(text: &str) -> Result<Self, ParseNevraError> {
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) => (epoch.parse().map_err(|_| ParseNevraError::epoch(text))?, rest),
            None => (0, text),
        };
        let (version, release) = rest.rsplit_once('-').unwrap_or((rest, ""));
        if version.is_empty() || text.chars().any(char::is_whitespace) {
            return Err(ParseNevraError::version(text));
        }
        Ok(Self::new(epoch, version, release))
    }
}

impl fmt::Display for Evr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.epoch != 0 {
            write!(f, "{}:", self.epoch)?;
        }
        f.write_str(&self.version)?;
        if !self.release.is_empty() {
            write!(f, "-{}", self.release)?;
        }
        Ok(())
    }
}

/// Epoch, version and release as parts of a text, whatever it is: what packages
/// and dependencies of strangers say (solver-rules.md A1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvrParts<'a> {
    /// Epoch; an absent one is 0.
    pub epoch: u64,
    /// Version.
    pub version: &'a str,
    /// Release, where there is a hyphen before it.
    pub release: Option<&'a str>,
}

/// How a version compares with another in a dependency, where a release that
/// one side lacks is not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InDependency {
    /// Older.
    Less,
    /// The same.
    Equal,
    /// Newer.
    Greater,
    /// The same version; it has no release and the other has.
    Lacks,
    /// The same version; it has a release and the other has none.
    Extra,
}

impl<'a> EvrParts<'a> {
    /// Takes `[epoch:]version[-release]` apart. Nothing is refused: only digits
    /// before a colon are an epoch, and what follows the last hyphen is the
    /// release.
    pub fn split(text: &'a str) -> Self {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (epoch, rest) = match text.split_at(digits) {
            (epoch, rest) if rest.starts_with(':') => (number(epoch), &rest[1..]),
            _ => (0, text),
        };
        match rest.rsplit_once('-') {
            Some((version, release)) => Self { epoch, version, release: Some(release) },
            None => Self { epoch, version: rest, release: None },
        }
    }

    /// As a requirement, a conflict or an obsoletes compares. An empty release
    /// is none.
    pub fn compare_in_dependency(self, other: EvrParts<'_>) -> InDependency {
        match self.compare_versions(other) {
            Ordering::Less => return InDependency::Less,
            Ordering::Greater => return InDependency::Greater,
            Ordering::Equal => {}
        }
        let release = |of: Option<&'_ str>| of.is_some_and(|release| !release.is_empty());
        match (release(self.release), release(other.release)) {
            (false, false) => InDependency::Equal,
            (false, true) => InDependency::Lacks,
            (true, false) => InDependency::Extra,
            (true, true) => match self.compare_releases(other) {
                Ordering::Less => InDependency::Less,
                Ordering::Greater => InDependency::Greater,
                Ordering::Equal => InDependency::Equal,
            },
        }
    }

    fn compare_versions(self, other: EvrParts<'_>) -> Ordering {
        self.epoch.cmp(&other.epoch).then_with(|| compare_versions(self.version, other.version))
    }

    /// One without a release is older than one with any.
    fn compare_releases(self, other: EvrParts<'_>) -> Ordering {
        match (self.release, other.release) {
            (Some(ours), Some(theirs)) => compare_versions(ours, theirs),
            (ours, theirs) => ours.is_some().cmp(&theirs.is_some()),
        }
    }

    /// As packages are ordered by age. Two texts that are not the same may be
    /// of the same age (`1.0` and `1.00`).
    pub fn compare(self, other: EvrParts<'_>) -> Ordering {
        self.compare_versions(other).then_with(|| self.compare_releases(other))
    }
}

/// An epoch: its digits, or the largest there is.
fn number(digits: &str) -> u64 {
    if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) }
}

impl Ord for Evr {
    fn cmp(&self, other: &Self) -> Ordering {
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| compare_versions(&self.version, &other.version))
            .then_with(|| compare_versions(&self.release, &other.release))
    }
}

impl PartialOrd for Evr {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Evr {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Evr {}

#[cfg(test)]
mod tests;
