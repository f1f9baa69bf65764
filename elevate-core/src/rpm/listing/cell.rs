//! Single values: names, versions, epochs, and what a value looks like.

use super::date;
use crate::model::{Arch, Evr, Nvra, PackageName};

/// Reads an epoch; rpm prints `(none)` for an absent one, which is 0.
pub(super) fn epoch(text: &str) -> Result<u32, String> {
    match text.trim() {
        "" | "(none)" => Ok(0),
        text if text.bytes().all(|b| b.is_ascii_digit()) => {
            text.parse().map_err(|_| format!("epoch {text:?} is too large"))
        }
        text => Err(format!("epoch {:?} is not a number", super::collect::beginning(text))),
    }
}

/// Reads a package name with the characters rpmbuild accepts in one.
pub(super) fn name(text: &str) -> Option<PackageName> {
    let valid = |b: u8| b.is_ascii_alphanumeric() || b"-._+".contains(&b);
    let first = text.bytes().next()?;
    let ok = text.bytes().all(valid) && (first.is_ascii_alphanumeric() || first == b'_');
    ok.then(|| PackageName::new(text).ok())?
}

/// Reads a version or a release: one word without a hyphen.
pub(super) fn version(text: &str) -> Option<&str> {
    let valid = |b: u8| b.is_ascii_alphanumeric() || b"._+~^".contains(&b);
    (!text.is_empty() && text.len() <= 512 && text.bytes().all(valid)).then_some(text)
}

/// Reads `[epoch:]version-release`.
pub(super) fn evr(text: &str) -> Option<Evr> {
    let (before, rest) = text.split_once(':').unwrap_or(("", text));
    let (v, r) = rest.split_once('-')?;
    Some(Evr::new(epoch(before).ok()?, version(v)?, version(r)?))
}

/// Reads a full name as rpm, yum or dnf print it: the epoch before the name or
/// before the version, perhaps `(none)`; perhaps with a directory before it and
/// `.rpm` after it; perhaps without architecture.
pub(super) fn nevra(text: &str) -> Result<Nvra, &'static str> {
    let text = match text.strip_suffix(".rpm") {
        Some(file) => file.rsplit('/').next().unwrap_or(file),
        None => text,
    };
    let text = text.strip_suffix(".(none)").unwrap_or(text);
    let text = text.replacen("(none):", "", 1);
    let valid = |b: u8| b.is_ascii_alphanumeric() || b"-._+~^:".contains(&b);
    if !text.bytes().all(valid) {
        return Err("holds characters no package name has");
    }
    let nvra: Nvra = text.parse().map_err(|_| "is not NAME-VERSION-RELEASE.ARCH")?;
    let fits = name(nvra.name.as_str()).is_some()
        && version(&nvra.evr.version).is_some()
        && version(&nvra.evr.release).is_some();
    if fits { Ok(nvra) } else { Err("is not NAME-VERSION-RELEASE.ARCH") }
}

/// Reads a known architecture.
pub(super) fn arch(text: &str) -> Option<Arch> {
    text.parse().ok().filter(Arch::is_known)
}

/// Reads `name.arch`.
pub(super) fn name_arch(text: &str) -> Option<(PackageName, Arch)> {
    let (before, last) = text.rsplit_once('.')?;
    Some((name(before)?, arch(last)?))
}

/// Whether a text holds a digit, as every version and nearly every release does.
pub(super) fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

/// What a value in a column looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Nothing, or `(none)`.
    None,
    /// `RSA/SHA256, ..., Key ID ...`.
    Signature,
    /// A date with a time.
    Date,
    /// A number that can be a time since 1970.
    Seconds,
    /// Another number.
    Number,
    /// Why yum installed it.
    Reason,
    /// An architecture.
    Arch,
    /// `Somebody <address>`.
    Packager,
    /// A word: repository, vendor, host.
    Word,
    /// Several words: a vendor.
    Words,
    /// Something else, such as a signature in hexadecimal.
    Other,
}

/// What a value looks like.
pub(super) fn kind(value: &str) -> Kind {
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    if value.is_empty() || value == "(none)" {
        Kind::None
    } else if is_signature(value) {
        Kind::Signature
    } else if digits {
        // 1979 to 2105
        let seconds = value.parse().is_ok_and(|n: u64| (300_000_000..1 << 32).contains(&n));
        if seconds { Kind::Seconds } else { Kind::Number }
    } else if date::prefix(value) == Some(value.len()) {
        Kind::Date
    } else if arch(value).is_some() {
        Kind::Arch
    } else if is_reason(value) {
        Kind::Reason
    } else if value.contains('<') && value.contains('>') {
        Kind::Packager
    } else if value.len() > 200 || value.bytes().filter(u8::is_ascii_digit).count() > 40 {
        Kind::Other
    } else if value.contains(char::is_whitespace) {
        Kind::Words
    } else {
        Kind::Word
    }
}

/// Whether a text is a signature as rpm prints it with `:pgpsig`.
pub(super) fn is_signature(value: &str) -> bool {
    starts_signature(value) || value.contains("Key ID ")
}

/// Whether a text starts with the algorithms of a signature.
pub(super) fn starts_signature(text: &str) -> bool {
    ["RSA/", "DSA/", "EdDSA/", "ECDSA/", "PGP/"].iter().any(|name| text.starts_with(name))
}

/// yum's and dnf's words for why a package was installed.
fn is_reason(value: &str) -> bool {
    ["user", "dep", "dependency", "group", "clean", "weak", "weak-dependency", "unknown"]
        .contains(&value)
}
