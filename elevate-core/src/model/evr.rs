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
