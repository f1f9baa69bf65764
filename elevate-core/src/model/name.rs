//! Names, each its own type so that a repository id cannot stand where a
//! package name is wanted.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// The longest name accepted, in bytes. rpm itself sets no limit; real names
/// stay below 100.
const LONGEST: usize = 512;

/// A text that cannot be a name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} is not a {what}: {why}")]
pub struct InvalidName {
    what: &'static str,
    text: String,
    why: &'static str,
}

fn check(what: &'static str, text: &str) -> Result<(), InvalidName> {
    let why = if text.is_empty() {
        "it is empty"
    } else if text.len() > LONGEST {
        "it is longer than 512 bytes"
    } else if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        "it holds white space or control characters"
    } else {
        return Ok(());
    };
    let text = text.chars().take(64).collect();
    Err(InvalidName { what, text, why })
}

/// A text that is a name whatever it was made of.
fn cleaned(text: &str) -> String {
    let mut clean = String::new();
    for c in text.chars() {
        let c = if c.is_whitespace() || c.is_control() { '_' } else { c };
        if clean.len() + c.len_utf8() > LONGEST {
            break;
        }
        clean.push(c);
    }
    if clean.is_empty() { "_".to_owned() } else { clean }
}

/// The first 16 bytes as a number that compares as they do.
fn start_of(text: &str) -> u128 {
    let mut start = [0; 16];
    for (to, from) in start.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    u128::from_be_bytes(start)
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name {
            /// Decides most comparisons without a look at the text. Names hold no
            /// zero bytes, so the order is the text's.
            start: u128,
            text: Arc<str>,
        }

        impl $name {
            /// Checks and takes a name. An empty text, white space, control
            /// characters and more than 512 bytes are refused.
            pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidName> {
                let text = text.as_ref();
                check($what, text)?;
                Ok(Self { start: start_of(text), text: Arc::from(text) })
            }

            /// The name, with what cannot be in one replaced by `_`, and cut where it is too
            /// long: for texts out of metadata that only a hostile repository has.
            pub fn cleaned(text: &str) -> Self {
                Self::new(text).unwrap_or_else(|_| {
                    let text = cleaned(text);
                    Self { start: start_of(&text), text: Arc::from(text) }
                })
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.text
            }
        }

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.text.hash(state);
            }
        }

        impl FromStr for $name {
            type Err = InvalidName;
            fn from_str(text: &str) -> Result<Self, InvalidName> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.text, f)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.text
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.text
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&self.text)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(from)?;
                Self::new(&text).map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "description": concat!("A ", $what, "."),
                    "minLength": 1,
                    "maxLength": LONGEST,
                    "pattern": "^\\S+$",
                })
            }
        }
    };
}

name_type!(
    /// The name of an rpm package, such as `httpd`; without version and
    /// architecture.
    PackageName,
    "package name"
);
impl PackageName {
    /// Whether it is what public keys are called in the package database, where they stand
    /// like packages and are none.
    pub fn is_key(&self) -> bool {
        self.as_str() == "gpg-pubkey"
    }
}

name_type!(
    /// The id of a yum or dnf repository: the section name in a `.repo` file.
    RepoId,
    "repository id"
);
name_type!(
    /// The id under which package events and the repository map know a family
    /// of repositories (`almalinux8-baseos`, `rhel7-optional`). Not a
    /// [`RepoId`], although the two are often spelled alike.
    PesId,
    "PES id"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_text() {
        let name: PackageName = "gtk+".parse().unwrap();
        assert_eq!(name.as_str(), "gtk+");
        assert_eq!(format!("{name:>6}"), "  gtk+");
    }

    #[test]
    fn white_space_and_emptiness_are_refused_and_the_message_says_why() {
        for (text, why) in [("", "empty"), ("a b", "white space"), ("a\u{7}", "control")] {
            let error = PackageName::new(text).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        assert!(RepoId::new("x".repeat(513)).is_err());
    }

    #[test]
    fn names_are_in_the_order_of_their_texts() {
        let texts =
            ["a", "a-b", "a-b-c", "perl-XML-Namespace", "perl-XML-NamespaceSupport", "\u{e9}"];
        let names = texts.map(|text| PackageName::new(text).unwrap());
        for (a, text) in names.iter().zip(texts) {
            for (b, other) in names.iter().zip(texts) {
                assert_eq!(a.cmp(b), text.cmp(other), "{a} {b}");
                assert_eq!(a == b, text == other);
            }
        }
    }

    #[test]
    fn a_deserialised_name_is_checked_too() {
        assert!(serde_json::from_str::<RepoId>("\"base\"").is_ok());
        assert!(serde_json::from_str::<RepoId>("\"ba se\"").is_err());
    }
}
