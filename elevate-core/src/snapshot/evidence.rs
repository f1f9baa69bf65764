//! Raw evidence: what was read of a host, what was not there, what could not be
//! read. Those three, and *not looked for*, stay apart as far as the facts.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::bounded;

/// Raw evidence, by where it was on the host. Paths are absolute; one that is a
/// link stands under the name it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Content of files.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "bounded::map"
    )]
    pub files: BTreeMap<String, Content>,
    /// Targets of symbolic links, as they are stored.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "bounded::map"
    )]
    pub links: BTreeMap<String, Content>,
    /// What is in directories, by name. A directory is listed as a whole: a
    /// name that is not in it is not there. Names that are not UTF-8 have their
    /// odd bytes as `\xff`.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "bounded::map"
    )]
    pub directories: BTreeMap<String, BTreeMap<String, EntryKind>>,
    /// Paths of what was looked for by name below a directory, at any depth, sorted, by
    /// what was looked for: `/etc/*.rpm[nos]*`.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "bounded::map"
    )]
    pub found: BTreeMap<String, Vec<String>>,
    /// Size, permissions and times, of what they matter of.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "bounded::map"
    )]
    pub entries: BTreeMap<String, Entry>,
    /// Room on mounted file systems, by mount point.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "bounded::map"
    )]
    pub file_systems: BTreeMap<String, FileSystem>,
    /// The first 512 bytes of block devices, by path of the device.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "bounded::map"
    )]
    pub sectors: BTreeMap<String, Content>,
    /// Output of commands somebody else ran (a sosreport), by command line.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "bounded::map"
    )]
    pub commands: BTreeMap<String, Content>,
    /// What was looked for and not found, or not readable.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "bounded::map"
    )]
    pub missing: BTreeMap<String, Missing>,
    /// Whether a configuration file differs from the one its package brought.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "bounded::map"
    )]
    pub changed: BTreeMap<String, bool>,
    /// How many secrets were taken out, by file.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "bounded::map"
    )]
    pub redacted: BTreeMap<String, u32>,
}

/// Bytes: a text in JSON where they are one, and base64 where they are not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Content(Vec<u8>);

impl Content {
    /// Takes bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => Form::Text(text.to_owned()).serialize(to),
            Err(_) => Form::Base64 { base64: STANDARD.encode(&self.0) }.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Form::deserialize(from)? {
            Form::Text(text) => Ok(Self(text.into_bytes())),
            Form::Base64 { base64 } => {
                STANDARD.decode(base64).map(Self).map_err(serde::de::Error::custom)
            }
        }
    }
}

impl JsonSchema for Content {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Content".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Form::json_schema(generator)
    }
}

/// Bytes as JSON has them.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a text, or an object with `base64`")]
enum Form {
    /// Bytes that are UTF-8.
    Text(String),
    /// Bytes that are not.
    Base64 {
        /// The bytes in base64, with padding.
        base64: String,
    },
}

/// What is at a path.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link; its target is in `links`.
    Link,
    /// A block device.
    BlockDevice,
    /// A character device.
    CharacterDevice,
    /// A named pipe, a socket, or something that vanished.
    Other,
}

/// What `lstat` says of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Size of a file, in bytes; 0 of anything else.
    pub size: u64,
    /// Permissions with the set-id and sticky bits.
    pub mode: u32,
    /// Number of the owner.
    pub uid: u32,
    /// Number of the group.
    pub gid: u32,
    /// Last change of the content, in seconds since 1970.
    pub mtime: i64,
    /// Device it is on; absent where the source does not tell. Two paths with
    /// one number are on one file system; the number means nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<u64>,
}

/// A mounted file system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct FileSystem {
    /// Its size, in bytes.
    pub total: u64,
    /// What is free for everybody, in bytes.
    pub available: u64,
    /// How many inodes it has; absent where it makes them as it needs them, or
    /// the source does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inodes: Option<u64>,
    /// How many inodes are free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inodes_free: Option<u64>,
    /// Whether its directories say what kind their entries are: false on XFS
    /// with `ftype=0`. Absent where nothing told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ftype: Option<bool>,
}

/// Why something is not in the evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// It was looked for and is not on the host.
    Absent,
    /// What was read does not have it: an archive without the file, a mounted root
    /// without the kernel's `/proc`. Whether the host has it is not known.
    NotHeld,
    /// It is there, or may be, and could not be read: why.
    Unreadable(String),
}

/// What is known of a piece of evidence. *Absent* is an answer; the last two
/// are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<'a, T> {
    /// It was read.
    Captured(T),
    /// It is not on the host.
    Absent,
    /// It could not be read: why.
    Unreadable(&'a str),
    /// Nobody looked.
    NotLookedFor,
}

impl<'a, T> Known<'a, T> {
    /// The same with what was captured changed.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Known<'a, U> {
        match self {
            Known::Captured(value) => Known::Captured(change(value)),
            Known::Absent => Known::Absent,
            Known::Unreadable(why) => Known::Unreadable(why),
            Known::NotLookedFor => Known::NotLookedFor,
        }
    }

    /// What was captured, if anything was.
    pub fn captured(self) -> Option<T> {
        match self {
            Known::Captured(value) => Some(value),
            _ => None,
        }
    }
}

impl fmt::Display for Known<'_, ()> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Known::Captured(()) => f.write_str("captured"),
            Known::Absent => f.write_str("absent"),
            Known::Unreadable(why) => write!(f, "unreadable: {why}"),
            Known::NotLookedFor => f.write_str("not looked for"),
        }
    }
}

impl Evidence {
    /// The content of a file.
    pub fn file(&self, path: &str) -> Known<'_, &Content> {
        self.known(&self.files, path)
    }

    /// The target of a link. A path that is there and no link is *absent*.
    pub fn link(&self, path: &str) -> Known<'_, &Content> {
        match self.known(&self.links, path) {
            Known::NotLookedFor if self.kind(path).captured().is_some() => Known::Absent,
            known => known,
        }
    }

    /// What is in a directory.
    pub fn directory(&self, path: &str) -> Known<'_, &BTreeMap<String, EntryKind>> {
        self.known(&self.directories, path)
    }

    /// Size, permissions and times.
    pub fn entry(&self, path: &str) -> Known<'_, &Entry> {
        self.known(&self.entries, path)
    }

    /// The output of a command, by its command line.
    pub fn command(&self, line: &str) -> Known<'_, &Content> {
        self.known(&self.commands, line)
    }

    /// What is at a path, from whatever tells; links are not followed.
    pub fn kind(&self, path: &str) -> Known<'_, EntryKind> {
        if let Some(entry) = self.entries.get(path) {
            return Known::Captured(entry.kind);
        }
        if self.links.contains_key(path) {
            return Known::Captured(EntryKind::Link);
        }
        if let Some(kind) = self.listed(path) {
            return kind;
        }
        if self.files.contains_key(path) {
            return Known::Captured(EntryKind::File);
        }
        if self.directories.contains_key(path) {
            return Known::Captured(EntryKind::Directory);
        }
        self.not_here(path)
    }

    /// The files directly in a directory whose names satisfy `wanted`, by path
    /// in the order of their names, with content as far as it was captured.
    pub fn files_in<'a>(
        &'a self,
        directory: &'a str,
        wanted: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = (&'a str, &'a Content)> + 'a {
        let prefix = format!("{}/", directory.trim_end_matches('/'));
        let from = self.files.range(prefix.clone()..);
        from.take_while({
            let prefix = prefix.clone();
            move |(path, _)| path.starts_with(&prefix)
        })
        .filter(move |(path, _)| {
            path.strip_prefix(&prefix).is_some_and(|name| !name.contains('/') && wanted(name))
        })
        .map(|(path, content)| (path.as_str(), content))
    }

    fn known<'a, T>(&'a self, map: &'a BTreeMap<String, T>, path: &str) -> Known<'a, &'a T> {
        match map.get(path) {
            Some(value) => Known::Captured(value),
            None if self.listed(path) == Some(Known::Absent) => Known::Absent,
            None => self.not_here(path),
        }
    }

    /// What the listing of the directory it would be in says.
    fn listed(&self, path: &str) -> Option<Known<'_, EntryKind>> {
        let (directory, name) = path.rsplit_once('/')?;
        let directory = if directory.is_empty() { "/" } else { directory };
        let listing = self.directories.get(directory)?;
        Some(listing.get(name).map_or(Known::Absent, |kind| Known::Captured(*kind)))
    }

    /// For what was not captured: itself or a directory above it may be known
    /// to be absent or unreadable.
    fn not_here<T>(&self, path: &str) -> Known<'_, T> {
        let mut at = path;
        loop {
            match self.missing.get(at) {
                Some(Missing::Absent) => return Known::Absent,
                Some(Missing::Unreadable(why)) => return Known::Unreadable(why),
                Some(Missing::NotHeld) => return Known::NotLookedFor,
                None => {}
            }
            if self.listed(at) == Some(Known::Absent) {
                return Known::Absent;
            }
            match at.rsplit_once('/') {
                Some((above, _)) if !above.is_empty() => at = above,
                _ => return Known::NotLookedFor,
            }
        }
    }
}
