//! The snapshot format: version, changelog, reading and writing.
//!
//! | version | change |
//! |--|--|
//! | 1 | first: identity, packages, keys, repositories, modules, text files, unread parts |
//! | 2 | evidence of every kind (bytes, links, directories, devices, commands), what is missing of it, what was redacted; later: what was found by name |
//!
//! Every version 1 is a version 2 too. A later Elevate may add fields to a version. A reader that does not know
//! them says so ([`Read::ignored`]) and goes on; a newer version it refuses.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::Snapshot;
use super::walk;
use crate::model::hex;
use crate::rpm::compressed::{self, CompressedError};
use crate::rpm::listing;

/// The version written, and the newest that can be read.
pub const VERSION: u32 = 2;
/// The largest snapshot read, in bytes, before and after decompression.
pub const MAX_BYTES: usize = 256 << 20;

/// The marker by which a snapshot is known among JSON documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Kind {
    /// A snapshot.
    #[default]
    #[serde(rename = "elevate-snapshot")]
    Snapshot,
}

/// A snapshot, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Fields this version does not know, by path (`packages[3].colour`), at
    /// most 100 and then a count.
    pub ignored: Vec<String>,
}

/// Why a document cannot be used as a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SnapshotError {
    /// It is larger than any snapshot.
    #[error("is larger than {} MiB; no snapshot is", MAX_BYTES >> 20)]
    TooLarge,
    /// It has more values than any snapshot.
    #[error("has more than {0} values; no snapshot has")]
    TooMany(usize),
    /// It is compressed and cannot be decompressed.
    #[error(transparent)]
    Compressed(CompressedError),
    /// It is something else.
    #[error("is not a snapshot; {0}")]
    NotASnapshot(String),
    /// It starts like JSON and is not.
    #[error("is not JSON: {0}")]
    NotJson(String),
    /// A newer Elevate wrote it.
    #[error(
        "was written by a newer Elevate (snapshot version {0}; this one reads up to {VERSION}); \
         update Elevate, or take the snapshot again with this one"
    )]
    Newer(u64),
    /// Its version is missing or none that ever was.
    #[error("is a snapshot without a usable version ({0}); versions start at 1")]
    Version(String),
    /// A field does not hold what it should.
    #[error("{path}: {message} (line {line}, column {column})")]
    Field {
        /// Which field: `packages[3].arch`.
        path: String,
        /// Line of the document, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
}

impl Snapshot {
    /// Reads a snapshot, compressed (xz, gzip, bzip2, zstd) or not. The version is looked at first,
    /// so that a snapshot of the future is refused for what it is and not for
    /// a field it has changed.
    ///
    /// # Errors
    ///
    /// Anything but a snapshot of a version up to [`VERSION`].
    pub fn read(bytes: &[u8]) -> Result<Read, SnapshotError> {
        let content = compressed::decompress(bytes, MAX_BYTES).map_err(|error| match error {
            CompressedError::TooLarge { .. } => SnapshotError::TooLarge,
            error => SnapshotError::Compressed(error),
        })?;
        check_version(&content)?;
        let walk = || walk::unknown_fields(&content, &Snapshot::schema());
        if content.len() > walk::MAX_VALUES {
            let ignored = walk()?;
            return Ok(Read { snapshot: typed(&content)?, ignored });
        }
        // So few bytes cannot be too many values, which would have to be found first.
        let (ignored, snapshot) = rayon::join(walk, || typed(&content));
        Ok(Read { ignored: ignored?, snapshot: snapshot? })
    }

    /// The snapshot as an indented JSON document that ends in a line feed.
    #[expect(clippy::expect_used, reason = "a snapshot holds texts and numbers only")]
    pub fn to_json(&self) -> String {
        crate::model::to_json(self).expect("texts and numbers serialise")
    }

    /// Size in bytes and SHA-256, in hexadecimal, of the snapshot as JSON without
    /// white space.
    #[expect(clippy::expect_used, reason = "a snapshot holds texts and numbers only")]
    pub fn digest(&self) -> (u64, String) {
        let json = serde_json::to_vec(self).expect("texts and numbers serialise");
        let digest = Sha256::digest(&json);
        (json.len() as u64, hex(&digest))
    }

    /// Which host it is: the first 32 digits of a SHA-256 of its `/etc/machine-id`, which
    /// systemd asks not to be shown around. `None` where none was captured.
    pub fn machine(&self) -> Option<String> {
        machine(&self.evidence.file("/etc/machine-id").captured()?.text())
    }

    /// The JSON Schema of the format, generated from the types.
    pub fn schema() -> Value {
        crate::model::schema::<Self>("snapshot", "snapshot", VERSION)
    }
}

/// What tells hosts apart, of the content of `/etc/machine-id`: see [`Snapshot::machine`].
pub fn machine(id: &str) -> Option<String> {
    let id = id.trim();
    let is_id = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let salted = format!("elevate {}", id.to_ascii_lowercase());
    is_id.then(|| hex(&Sha256::digest(salted)).chars().take(32).collect())
}

/// Compresses a document with zstd, as [`Snapshot::read`] takes it.
///
/// # Errors
///
/// What the encoder says.
pub fn zstd(json: &str) -> std::io::Result<Vec<u8>> {
    compressed::zstd(json.as_bytes())
}

fn typed(content: &[u8]) -> Result<Snapshot, SnapshotError> {
    let mut from = serde_json::Deserializer::from_slice(content);
    serde_path_to_error::deserialize(&mut from).map_err(|error| field_error(&error))
}

fn check_version(content: &[u8]) -> Result<(), SnapshotError> {
    let probe: Probe = match serde_json::from_slice(content) {
        Ok(probe) => probe,
        Err(error) if starts_like_json(content) && !error.is_data() => {
            return Err(SnapshotError::NotJson(error.to_string()));
        }
        Err(_) => return Err(SnapshotError::NotASnapshot(looks_like(content, &[]))),
    };
    if !matches!(&probe.format, Some(Small::Text(text)) if text == "elevate-snapshot") {
        return Err(SnapshotError::NotASnapshot(looks_like(content, &probe.fields)));
    }
    match probe.version {
        Some(Small::Number(version)) if version > u64::from(VERSION) => {
            Err(SnapshotError::Newer(version))
        }
        Some(Small::Number(0)) => Err(SnapshotError::Version("0".to_owned())),
        Some(Small::Number(_)) => Ok(()),
        Some(Small::Text(text)) => Err(SnapshotError::Version(format!("the text {text:?}"))),
        Some(Small::Other) => Err(SnapshotError::Version("not a number".to_owned())),
        None => Err(SnapshotError::Version("none".to_owned())),
    }
}

fn starts_like_json(content: &[u8]) -> bool {
    let first = content.iter().find(|b| !b.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'['))
}

/// Says what a document looks like that is no snapshot.
fn looks_like(content: &[u8], fields: &[String]) -> String {
    const KNOWN: [(&str, &str); 4] = [
        ("packageinfo", "it looks like package events (pes-events.json)"),
        ("mapping", "it looks like a repository map (repomap.json)"),
        ("leapp_run_id", "it looks like a leapp report"),
        ("entries", "it looks like a leapp report"),
    ];
    let known = KNOWN.iter().find(|(name, _)| fields.iter().any(|field| field == name));
    if let Some((_, what)) = known {
        return (*what).to_owned();
    }
    match listing::read(content) {
        Ok(list) => format!("it looks like a package list: {}", list.shape),
        Err(_) if content.is_empty() => "it is empty".to_owned(),
        Err(_) if fields.is_empty() => "nor is it a package list".to_owned(),
        Err(_) => format!("it is a JSON object with the fields {}", fields.join(", ")),
    }
}

fn field_error(error: &serde_path_to_error::Error<serde_json::Error>) -> SnapshotError {
    let inner = error.inner();
    let (line, column) = (inner.line(), inner.column());
    let message = inner.to_string();
    let place = format!(" at line {line} column {column}");
    let message = message.strip_suffix(&place).unwrap_or(&message).to_owned();
    let path = match error.path().to_string().as_str() {
        "." | "" => "document".to_owned(),
        path => path.to_owned(),
    };
    SnapshotError::Field { path, line, column, message }
}

/// The few fields by which a snapshot is known, and the names of the others.
#[derive(Default)]
struct Probe {
    format: Option<Small>,
    version: Option<Small>,
    /// The first few field names.
    fields: Vec<String>,
}

/// A value that is looked at only where it is small.
enum Small {
    Text(String),
    Number(u64),
    Other,
}

impl<'de> Deserialize<'de> for Probe {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Probe;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Probe, A::Error> {
                let mut probe = Probe::default();
                while let Some(name) = from.next_key::<String>()? {
                    match name.as_str() {
                        "format" if probe.format.is_none() => {
                            probe.format = Some(from.next_value()?)
                        }
                        "version" if probe.version.is_none() => {
                            probe.version = Some(from.next_value()?)
                        }
                        _ => _ = from.next_value::<IgnoredAny>()?,
                    }
                    if probe.fields.len() < 8 {
                        probe.fields.push(name.chars().take(40).collect());
                    }
                }
                Ok(probe)
            }
        }
        from.deserialize_map(Fields)
    }
}

impl<'de> Deserialize<'de> for Small {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Value;
        impl<'de> Visitor<'de> for Value {
            type Value = Small;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_u64<E>(self, number: u64) -> Result<Small, E> {
                Ok(Small::Number(number))
            }
            fn visit_str<E>(self, text: &str) -> Result<Small, E> {
                Ok(Small::Text(text.chars().take(40).collect()))
            }
            fn visit_unit<E>(self) -> Result<Small, E> {
                Ok(Small::Other)
            }
            fn visit_bool<E>(self, _: bool) -> Result<Small, E> {
                Ok(Small::Other)
            }
            fn visit_i64<E>(self, _: i64) -> Result<Small, E> {
                Ok(Small::Other)
            }
            fn visit_f64<E>(self, _: f64) -> Result<Small, E> {
                Ok(Small::Other)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, from: A) -> Result<Small, A::Error> {
                IgnoredAny.visit_seq(from).map(|_| Small::Other)
            }
            fn visit_map<A: MapAccess<'de>>(self, from: A) -> Result<Small, A::Error> {
                IgnoredAny.visit_map(from).map(|_| Small::Other)
            }
        }
        from.deserialize_any(Value)
    }
}

#[cfg(test)]
mod tests;
