//! Distributions, their releases, and the way from one to the other.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// A text that is no release, distribution or system.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} is not {what}")]
pub struct ParseReleaseError {
    text: String,
    what: &'static str,
}

/// Major and minor version of an Enterprise Linux, compared as numbers
/// (8.10 comes after 8.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    /// Major version.
    pub major: u32,
    /// Minor version.
    pub minor: u32,
}

impl Release {
    /// Puts the two parts together.
    pub const fn new(major: u32, minor: u32) -> Self {
        Self { major, minor }
    }
}

impl FromStr for Release {
    type Err = ParseReleaseError;

    /// Reads `X.Y`; further parts are dropped as leapp drops them
    /// (CentOS 7 calls itself `7.9.2009`).
    fn from_str(text: &str) -> Result<Self, ParseReleaseError> {
        let error = || ParseReleaseError { text: text.to_owned(), what: "a release such as 8.10" };
        let number = |part: Option<&str>| -> Option<u32> {
            let part = part?;
            (part.len() <= 6 && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse().ok())?
        };
        let mut parts = text.split('.');
        match (number(parts.next()), number(parts.next())) {
            (Some(major), Some(minor)) => Ok(Self { major, minor }),
            _ => Err(error()),
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

macro_rules! as_text {
    ($type:ident, $what:literal, $pattern:literal) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Cow::<'de, str>::deserialize(from)?.parse().map_err(de::Error::custom)
            }
        }
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "description": $what, "pattern": $pattern})
            }
        }
    };
}

as_text!(Release, "Major and minor version: 7.9, 8.10.", "^[0-9]+\\.[0-9]+(\\.[0-9]+)*$");
as_text!(Distro, "A distribution by its os-release ID.", "^[a-z0-9._-]+$");
as_text!(
    System,
    "A distribution and its release: almalinux:8.10.",
    "^[a-z0-9._-]+:[0-9]+\\.[0-9]+$"
);

/// A distribution, named by the `ID` of its `/etc/os-release`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Distro {
    /// AlmaLinux (`almalinux`).
    AlmaLinux,
    /// CentOS Linux, and CentOS Stream which shares its ID (`centos`).
    CentOs,
    /// CloudLinux OS (`cloudlinux`).
    CloudLinux,
    /// EuroLinux (`eurolinux`).
    EuroLinux,
    /// Oracle Linux (`ol`).
    Oracle,
    /// Red Hat Enterprise Linux (`rhel`).
    Rhel,
    /// Rocky Linux (`rocky`).
    Rocky,
    /// Scientific Linux (`scientific`).
    Scientific,
    /// Another distribution.
    Other(String),
}

impl Distro {
    /// The os-release ID.
    pub fn id(&self) -> &str {
        match self {
            Distro::AlmaLinux => "almalinux",
            Distro::CentOs => "centos",
            Distro::CloudLinux => "cloudlinux",
            Distro::EuroLinux => "eurolinux",
            Distro::Oracle => "ol",
            Distro::Rhel => "rhel",
            Distro::Rocky => "rocky",
            Distro::Scientific => "scientific",
            Distro::Other(id) => id,
        }
    }

    /// The name people know it by.
    pub fn name(&self) -> &str {
        match self {
            Distro::AlmaLinux => "AlmaLinux",
            Distro::CentOs => "CentOS",
            Distro::CloudLinux => "CloudLinux",
            Distro::EuroLinux => "EuroLinux",
            Distro::Oracle => "Oracle Linux",
            Distro::Rhel => "Red Hat Enterprise Linux",
            Distro::Rocky => "Rocky Linux",
            Distro::Scientific => "Scientific Linux",
            Distro::Other(id) => id,
        }
    }
}

impl FromStr for Distro {
    type Err = ParseReleaseError;

    /// Reads an os-release ID; `oracle`, `oraclelinux`, `alma`, `redhat` and
    /// `centos-stream` are understood too.
    fn from_str(text: &str) -> Result<Self, ParseReleaseError> {
        Ok(match text {
            "almalinux" | "alma" => Distro::AlmaLinux,
            "centos" | "centos-stream" => Distro::CentOs,
            "cloudlinux" => Distro::CloudLinux,
            "eurolinux" => Distro::EuroLinux,
            "ol" | "oracle" | "oraclelinux" => Distro::Oracle,
            "rhel" | "redhat" => Distro::Rhel,
            "rocky" => Distro::Rocky,
            "scientific" => Distro::Scientific,
            other => {
                let valid =
                    |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
                if other.is_empty() || other.len() > 64 || !other.bytes().all(valid) {
                    let text = other.chars().take(64).collect();
                    return Err(ParseReleaseError { text, what: "a distribution id" });
                }
                Distro::Other(other.to_owned())
            }
        })
    }
}

impl fmt::Display for Distro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

/// A distribution at a release: one end of an upgrade.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct System {
    /// Which distribution.
    pub distro: Distro,
    /// Which release of it.
    pub release: Release,
}

impl FromStr for System {
    type Err = ParseReleaseError;

    /// Reads `almalinux:8.10`.
    fn from_str(text: &str) -> Result<Self, ParseReleaseError> {
        let (distro, release) = text.split_once(':').ok_or_else(|| ParseReleaseError {
            text: text.chars().take(64).collect(),
            what: "a system such as almalinux:8.10",
        })?;
        Ok(Self { distro: distro.parse()?, release: release.parse()? })
    }
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.distro, self.release)
    }
}

/// From where to where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UpgradePath {
    /// What is installed.
    pub source: System,
    /// What is wanted.
    pub target: System,
}

impl fmt::Display for UpgradePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} -> {} {}",
            self.source.distro.name(),
            self.source.release,
            self.target.distro.name(),
            self.target.release
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_compare_as_numbers() {
        let r = |t: &str| t.parse::<Release>().unwrap();
        assert!(r("8.10") > r("8.9"));
        assert!(r("7.999") < r("8.0"));
        assert_eq!(r("7.9.2009"), Release::new(7, 9));
    }

    #[test]
    fn what_is_no_release_is_refused() {
        for text in ["", "7", "7.", ".9", "seven.nine", "8.-1", "8.99999999999", "z.z"] {
            assert!(text.parse::<Release>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_target_reads_back_as_written() {
        let system: System = "almalinux:8.10".parse().unwrap();
        assert_eq!(system.to_string(), "almalinux:8.10");
        assert_eq!("oracle:8.10".parse::<System>().unwrap().to_string(), "ol:8.10");
        for text in ["almalinux", "almalinux:8", "Alma Linux:8.10", ":8.10"] {
            assert!(text.parse::<System>().is_err(), "{text}");
        }
    }
}
