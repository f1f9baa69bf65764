//! Capabilities packages provide and the requirements they place, in rpm's
//! whole dependency language, rich dependencies included.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::evr::{Evr, EvrParts, InDependency};

mod rich;

pub use rich::{RichDependency, RichOperator};

/// How the versions of a capability and a requirement are to compare: any of
/// less, equal and greater, as rpm combines them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Comparison(u8);

impl Comparison {
    /// Nothing is compared.
    pub const NONE: Self = Self(0);
    /// `>`
    pub const GREATER: Self = Self(1);
    /// `=`
    pub const EQUAL: Self = Self(2);
    /// `>=`
    pub const GREATER_OR_EQUAL: Self = Self(3);
    /// `<`
    pub const LESS: Self = Self(4);
    /// `<=`
    pub const LESS_OR_EQUAL: Self = Self(6);
    /// `<=>`: every version.
    pub const ANY: Self = Self(7);

    /// Of the bits greater (1), equal (2) and less (4), which are libsolv's too;
    /// others are left out.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ANY.0)
    }

    /// The bits.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// rpm's spelling; empty where nothing is compared.
    pub fn as_str(self) -> &'static str {
        const SPELLINGS: [&str; 8] = ["", ">", "=", ">=", "<", "<>", "<=", "<=>"];
        SPELLINGS[usize::from(self.0)]
    }

    fn has(self, one: Self) -> bool {
        self.0 & one.0 != 0
    }

    /// Whether a provide of version `have` that compares like this and a
    /// requirement of version `want` that compares like `wanted` meet, as rpm and
    /// libsolv (`pool_intersect_evrs`) decide. Of two equal versions of which one
    /// has no release, that one must say *equal*.
    pub fn meets(self, have: EvrParts<'_>, wanted: Comparison, want: EvrParts<'_>) -> bool {
        let (p, w) = (self, wanted);
        if p == Self::NONE || w == Self::NONE {
            return false;
        }
        if p == Self::ANY || w == Self::ANY {
            return true;
        }
        let both = |one: Self| p.has(one) && w.has(one);
        if both(Self::LESS) || both(Self::GREATER) {
            return true;
        }
        match have.compare_in_dependency(want) {
            InDependency::Lacks => p.has(Self::EQUAL),
            InDependency::Extra => w.has(Self::EQUAL),
            InDependency::Less => p.has(Self::GREATER) || w.has(Self::LESS),
            InDependency::Greater => p.has(Self::LESS) || w.has(Self::GREATER),
            InDependency::Equal => both(Self::EQUAL),
        }
    }
}

impl FromStr for Comparison {
    type Err = ParseRequirementError;

    /// Reads any run of `<`, `=` and `>`.
    fn from_str(text: &str) -> Result<Self, ParseRequirementError> {
        let bit = |bits: u8, byte: u8| match byte {
            b'>' => Some(bits | Self::GREATER.0),
            b'=' => Some(bits | Self::EQUAL.0),
            b'<' => Some(bits | Self::LESS.0),
            _ => None,
        };
        match text.bytes().try_fold(0, bit) {
            Some(bits) if bits != 0 => Ok(Self(bits)),
            _ => Err(ParseRequirementError::new(text, "is not a comparison")),
        }
    }
}

/// A version with the comparison that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sense {
    /// The comparison.
    pub comparison: Comparison,
    /// The version; its release may be empty, and then is not compared.
    pub evr: Evr,
}

/// Something a package provides or asks for: a package name, a soname, a file
/// path, `perl(Foo)`, with or without a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capability {
    /// The name.
    pub name: String,
    /// The version, where there is one.
    pub sense: Option<Sense>,
}

impl Capability {
    /// Whether this (as a provide) and `wanted` (as a requirement, conflict or
    /// obsolete) overlap, as rpm and libsolv (`pool_intersect_evrs`) decide:
    /// names are equal, and the two version ranges meet. One without a version
    /// meets every range of the other; ranges meet by [`Comparison::meets`].
    pub fn meets(&self, wanted: &Capability) -> bool {
        if self.name != wanted.name {
            return false;
        }
        let (Some(have), Some(want)) = (&self.sense, &wanted.sense) else { return true };
        have.comparison.meets(have.evr.parts(), want.comparison, want.evr.parts())
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.sense {
            Some(sense) => write!(f, " {} {}", sense.comparison.as_str(), sense.evr),
            None => Ok(()),
        }
    }
}

impl FromStr for Capability {
    type Err = ParseRequirementError;

    /// Reads `name` or `name comparison [epoch:]version[-release]`.
    fn from_str(text: &str) -> Result<Self, ParseRequirementError> {
        let mut words = text.split_whitespace();
        let name = words.next().ok_or_else(|| ParseRequirementError::new(text, "is empty"))?;
        let sense = match (words.next(), words.next(), words.next()) {
            (None, ..) => None,
            (Some(comparison), Some(version), None) => Some(Sense {
                comparison: comparison.parse()?,
                evr: version
                    .parse()
                    .map_err(|_| ParseRequirementError::new(text, "has no readable version"))?,
            }),
            _ => return Err(ParseRequirementError::new(text, "is not `name comparison version`")),
        };
        Ok(Self { name: name.to_owned(), sense })
    }
}

/// What a package requires, recommends, conflicts with and so on: a plain
/// capability, or a boolean expression over capabilities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// One capability.
    Capability(Capability),
    /// A rich dependency, `(a if b else c)`.
    Rich(Box<RichDependency>),
}

impl FromStr for Requirement {
    type Err = ParseRequirementError;

    fn from_str(text: &str) -> Result<Self, ParseRequirementError> {
        if text.starts_with('(') { rich::parse(text) } else { Ok(Self::Capability(text.parse()?)) }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Requirement::Capability(capability) => capability.fmt(f),
            Requirement::Rich(rich) => rich.fmt(f),
        }
    }
}

/// A text that is not a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} {why}")]
pub struct ParseRequirementError {
    text: String,
    why: &'static str,
}

impl ParseRequirementError {
    fn new(text: &str, why: &'static str) -> Self {
        Self { text: text.chars().take(120).collect(), why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_meet_as_rpm_says() {
        let cases = [
            ("a", "a >= 1", true),
            ("a = 1-1", "a", true),
            ("a = 1-1", "a >= 1", true),
            ("a = 1-1", "a > 1", false),
            ("a > 1-1", "a = 1", true),
            ("a = 1", "a > 1-1", true),
            ("a >= 1", "a < 1-1", true),
            ("a > 1", "a < 1-1", false),
            ("a = 1-1", "a = 1", true),
            ("a = 1-1", "a = 1-2", false),
            ("a = 2-1", "a < 2-1", false),
            ("a = 2-1", "a <= 2-1", true),
            ("a < 2", "a > 1", true),
            ("a < 2", "a > 2", false),
            ("a < 2", "a < 1", true),
            ("a = 1:1-1", "a >= 5", true),
            ("a = 1-1", "b", false),
        ];
        for (provide, wanted, expected) in cases {
            let provide: Capability = provide.parse().unwrap();
            let wanted: Capability = wanted.parse().unwrap();
            assert_eq!(provide.meets(&wanted), expected, "{provide} meets {wanted}");
        }
    }

    #[test]
    fn capabilities_read_back_as_written() {
        for text in [
            "/usr/bin/perl",
            "libc.so.6(GLIBC_2.17)(64bit)",
            "perl(Foo::Bar) >= 1:2.3-4",
            "config(x) = 1-1.el7",
        ] {
            assert_eq!(text.parse::<Requirement>().unwrap().to_string(), text);
        }
        for text in ["", "a >=", "a 1", "a >= 1 2", "a >= x:1"] {
            assert!(text.parse::<Requirement>().is_err(), "{text}");
        }
    }
}
