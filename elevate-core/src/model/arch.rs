//! Architectures and which of them run on which.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::name::{InvalidName, PackageName};

/// The architecture of a package or a host, as rpm spells it.
///
/// Spellings outside the families Enterprise Linux uses are kept as they are:
/// a foreign package on a host is a fact, not an error.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arch {
    /// Installable on every architecture.
    Noarch,
    /// 64-bit x86.
    X86_64,
    /// 32-bit x86 (`i386`, `i486`, `i586`, `i686`, `athlon`), by its last digits or name.
    X86(X86),
    /// 64-bit ARM.
    Aarch64,
    /// 64-bit POWER, little endian.
    Ppc64le,
    /// 64-bit IBM Z.
    S390x,
    /// A source package.
    Src,
    /// Any other spelling.
    Other(PackageName),
}

/// The members of the 32-bit x86 family, each able to run those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum X86 {
    /// `i386`
    I386,
    /// `i486`
    I486,
    /// `i586`
    I586,
    /// `i686`
    I686,
    /// `athlon`
    Athlon,
}

impl Arch {
    /// The host architectures an upgrade to release 8 exists for (leapp's
    /// `check_system_arch`).
    pub const SUPPORTED: [Arch; 4] = [Arch::X86_64, Arch::Aarch64, Arch::Ppc64le, Arch::S390x];

    /// rpm's spelling.
    pub fn as_str(&self) -> &str {
        match self {
            Arch::Noarch => "noarch",
            Arch::X86_64 => "x86_64",
            Arch::X86(X86::I386) => "i386",
            Arch::X86(X86::I486) => "i486",
            Arch::X86(X86::I586) => "i586",
            Arch::X86(X86::I686) => "i686",
            Arch::X86(X86::Athlon) => "athlon",
            Arch::Aarch64 => "aarch64",
            Arch::Ppc64le => "ppc64le",
            Arch::S390x => "s390x",
            Arch::Src => "src",
            Arch::Other(text) => text.as_str(),
        }
    }

    /// Whether this spelling is one rpm knows for a package, as opposed to the
    /// last dotted part of something else (`1.el7` has none).
    pub fn is_known(&self) -> bool {
        const OTHERS: [&str; 12] = [
            "nosrc",
            "amd64",
            "ia32e",
            "ia64",
            "ppc64",
            "ppc",
            "s390",
            "armv7hl",
            "armv7l",
            "riscv64",
            "loongarch64",
            "ppc64p7",
        ];
        match self {
            Arch::Other(text) => OTHERS.contains(&text.as_str()),
            _ => true,
        }
    }

    /// Whether a package of this architecture can be installed on `host`:
    /// `noarch` everywhere, 32-bit x86 on x86_64 (multilib), and each 32-bit
    /// x86 on the later ones. Release 8 has no multilib pair but x86's.
    pub fn runs_on(&self, host: &Arch) -> bool {
        match (self, host) {
            (Arch::Src, _) | (_, Arch::Noarch) => false,
            (Arch::Noarch, _) | (Arch::X86(_), Arch::X86_64) => true,
            (Arch::X86(package), Arch::X86(host)) => package <= host,
            _ => self == host,
        }
    }

    /// Whether a package of this architecture is the second library set of
    /// `host` (an `i686` package on x86_64).
    pub fn is_multilib_on(&self, host: &Arch) -> bool {
        matches!((self, host), (Arch::X86(_), Arch::X86_64))
    }
}

impl Arch {
    /// The architecture, whatever the text; see [`PackageName::cleaned`].
    pub fn cleaned(text: &str) -> Self {
        text.parse().unwrap_or_else(|_| Arch::Other(PackageName::cleaned(text)))
    }
}

impl FromStr for Arch {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        Ok(match text {
            "noarch" => Arch::Noarch,
            "x86_64" => Arch::X86_64,
            "i386" => Arch::X86(X86::I386),
            "i486" => Arch::X86(X86::I486),
            "i586" => Arch::X86(X86::I586),
            "i686" => Arch::X86(X86::I686),
            "athlon" => Arch::X86(X86::Athlon),
            "aarch64" => Arch::Aarch64,
            "ppc64le" => Arch::Ppc64le,
            "s390x" => Arch::S390x,
            "src" => Arch::Src,
            other => Arch::Other(PackageName::new(other)?),
        })
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Arch {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Arch {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Arch {
    fn schema_name() -> Cow<'static, str> {
        "Arch".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "An architecture as rpm spells it: x86_64, noarch, i686 ...",
            "pattern": "^\\S+$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arch(text: &str) -> Arch {
        text.parse().unwrap()
    }

    #[test]
    fn noarch_runs_everywhere_and_i686_on_x86_64_only() {
        for host in &Arch::SUPPORTED {
            assert!(Arch::Noarch.runs_on(host), "{host}");
            assert!(host.runs_on(host), "{host}");
            assert_eq!(arch("i686").runs_on(host), *host == Arch::X86_64, "{host}");
            assert!(!arch("src").runs_on(host), "{host}");
        }
        assert!(!arch("x86_64").runs_on(&arch("i686")));
        assert!(arch("i386").runs_on(&arch("i686")));
        assert!(!arch("i686").runs_on(&arch("i586")));
    }

    #[test]
    fn multilib_is_the_second_library_set_not_the_first() {
        assert!(arch("i686").is_multilib_on(&arch("x86_64")));
        assert!(!arch("x86_64").is_multilib_on(&arch("x86_64")));
        assert!(!arch("noarch").is_multilib_on(&arch("x86_64")));
    }

    #[test]
    fn spellings_come_back_as_they_went_in() {
        for text in ["noarch", "athlon", "ppc64le", "armv7hl", "mips"] {
            assert_eq!(arch(text).to_string(), text);
        }
        assert!(arch("armv7hl").is_known());
        assert!(!arch("el7").is_known());
    }
}
