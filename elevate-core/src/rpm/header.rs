//! Headers: what rpm knows of one package, as its database stores it, as
//! header files and the beginnings of packages hold it.
//!
//! The `rpm` crate reads whole packages with their lead; it takes no bare header
//! and none without a region, so the container is read here.
//!
//! A header is checked once, when it is read: every offset and count, and that
//! tags that are used have values of their kind. Tags that are not used are not
//! looked at beyond that. What reads a [`Header`] cannot fail.

mod blob;
mod data;
mod dependency;
mod file;
mod package_file;
mod signature;
mod tag;

use std::borrow::Cow;

use thiserror::Error;

use crate::model::{
    Arch, Evr, InstalledPackage, ModuleStream, PackageData, PackageName, PublicKey,
};
use blob::{Blob, Kind};

pub use dependency::{Dependency, DependencyError, DependencyFlags, DependencyKind};
pub use file::{File, FileFlags, FileState};
pub use package_file::{Headers, read_package_file};

/// The longest header read, in bytes. rpm 4.11 of release 7 takes 16 MiB of
/// values, later ones 256 MiB; no header of a distribution has 8 MiB.
pub const MAX_BYTES: usize = 64 << 20;

/// What a header is of.
#[derive(Debug, Clone)]
pub enum Record {
    /// A package.
    Package(Box<Header>),
    /// A public key, which rpm stores as a package named `gpg-pubkey`.
    Key(PublicKey),
}

/// Why a header cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HeaderError {
    /// It is longer than any header.
    #[error("is a header of {bytes} bytes; more than {} MiB are not read", MAX_BYTES >> 20)]
    TooLarge {
        /// Its length, in bytes.
        bytes: u64,
    },
    /// Its structure is damaged.
    #[error("header, byte {offset}: {why}")]
    Damaged {
        /// Where in the header, in bytes from its beginning.
        offset: u64,
        /// What is wrong there.
        why: String,
    },
    /// A tag has no value it could have.
    #[error("header{}, tag {tag} ({name}): {why}", of(package.as_deref()))]
    Tag {
        /// Full name of its package, where that is known.
        package: Option<String>,
        /// Its number.
        tag: u32,
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

impl HeaderError {
    fn tag(tag: u32, why: String) -> Self {
        HeaderError::Tag { package: None, tag, name: tag::name(tag), why }
    }

    fn of_package(mut self, full_name: String) -> Self {
        if let HeaderError::Tag { package, .. } = &mut self {
            *package = Some(full_name);
        }
        self
    }
}

fn of(package: Option<&str>) -> String {
    package.map_or_else(String::new, |package| format!(" of {package}"))
}

/// Reads a header as the database stores it, without a magic number.
///
/// # Errors
///
/// A header that is damaged, and one without a package's name and version.
pub fn read(bytes: Vec<u8>) -> Result<Record, HeaderError> {
    record(Blob::parse(bytes)?, None)
}

fn record(blob: Blob, signature: Option<Blob>) -> Result<Record, HeaderError> {
    let header = Header::new(blob, signature)?;
    if header.name.is_key() {
        return key(&header).map(Record::Key);
    }
    Ok(Record::Package(Box::new(header)))
}

/// The header of a package.
#[derive(Debug, Clone)]
pub struct Header {
    name: PackageName,
    evr: Evr,
    arch: Option<Arch>,
    blob: Blob,
    /// The header before it in a package file.
    signature: Option<Blob>,
    /// Its number in the database it was read from.
    instance: Option<u32>,
}

impl Header {
    fn new(blob: Blob, signature: Option<Blob>) -> Result<Header, HeaderError> {
        let text = |tag| {
            let missing = || HeaderError::tag(tag, "is missing".to_owned());
            first_text(&blob, tag).filter(|text| !text.is_empty()).ok_or_else(missing)
        };
        let invalid =
            |tag| move |error: crate::model::InvalidName| HeaderError::tag(tag, error.to_string());
        let name = PackageName::new(text(tag::NAME)?).map_err(invalid(tag::NAME))?;
        let epoch = blob.numbers(tag::EPOCH).next().unwrap_or(0);
        let epoch = u32::try_from(epoch)
            .map_err(|_| HeaderError::tag(tag::EPOCH, format!("is {epoch}, out of range")))?;
        let evr = Evr::new(epoch, text(tag::VERSION)?, text(tag::RELEASE)?);
        let arch = first_text(&blob, tag::ARCH).map(|arch| arch.parse());
        let arch = arch.transpose().map_err(invalid(tag::ARCH))?;
        let header = Header { name, evr, arch, blob, signature, instance: None };
        let full_name = |error: HeaderError| error.of_package(header.full_name());
        tag::check(&header.blob).map_err(full_name)?;
        Ok(header)
    }

    /// Name.
    pub fn name(&self) -> &PackageName {
        &self.name
    }

    /// Epoch, version and release.
    pub fn evr(&self) -> &Evr {
        &self.evr
    }

    /// Architecture; very old packages have none.
    pub fn arch(&self) -> Option<&Arch> {
        self.arch.as_ref()
    }

    /// Vendor.
    pub fn vendor(&self) -> Option<Cow<'_, str>> {
        first_text(&self.blob, tag::VENDOR)
    }

    /// Packager.
    pub fn packager(&self) -> Option<Cow<'_, str>> {
        first_text(&self.blob, tag::PACKAGER)
    }

    /// Group, such as `System Environment/Base`, untranslated.
    pub fn group(&self) -> Option<Cow<'_, str>> {
        first_text(&self.blob, tag::GROUP)
    }

    /// Platform it was built for, such as `x86_64-redhat-linux-gnu`.
    pub fn platform(&self) -> Option<Cow<'_, str>> {
        first_text(&self.blob, tag::PLATFORM)
    }

    /// File name of the source package.
    pub fn source_rpm(&self) -> Option<Cow<'_, str>> {
        first_text(&self.blob, tag::SOURCE_RPM)
    }

    /// Whether the package is a source package.
    pub fn is_source(&self) -> bool {
        self.number(tag::SOURCE_PACKAGE).is_some_and(|yes| yes != 0)
    }

    /// SHA-1 of the header in hexadecimal: the id yum knows an installed package by.
    pub fn sha1(&self) -> Option<Cow<'_, str>> {
        let in_signature = || first_text(self.signature.as_ref()?, tag::SHA1_HEADER);
        first_text(&self.blob, tag::SHA1_HEADER).or_else(in_signature)
    }

    /// The header with the number it has in the database.
    pub(in crate::rpm) fn numbered(mut self, instance: u32) -> Self {
        self.instance = Some(instance);
        self
    }

    /// When the package was built, in seconds since 1970.
    pub fn build_time(&self) -> Option<u64> {
        self.number(tag::BUILD_TIME)
    }

    /// When it was installed, in seconds since 1970; `None` in package files.
    pub fn install_time(&self) -> Option<u64> {
        self.number(tag::INSTALL_TIME)
    }

    /// Installed size, in bytes.
    pub fn size(&self) -> Option<u64> {
        self.number(tag::LONG_SIZE).or_else(|| self.number(tag::SIZE))
    }

    /// Label of the module build, `name:stream:version:context`.
    pub fn module_label(&self) -> Option<Cow<'_, str>> {
        first_text(&self.blob, tag::MODULARITY_LABEL)
    }

    /// Module stream, as its label names it.
    pub fn module(&self) -> Option<ModuleStream> {
        let label = self.module_label()?;
        let (name, rest) = label.split_once(':')?;
        let stream = rest.split(':').next().filter(|stream| !stream.is_empty())?;
        Some(ModuleStream { name: name.to_owned(), stream: stream.to_owned() })
    }

    /// Dependencies of a kind, in the header's order.
    pub fn dependencies(&self, kind: DependencyKind) -> impl Iterator<Item = Dependency<'_>> {
        dependency::read(&self.blob, kind)
    }

    /// Files, in the header's order.
    pub fn files(&self) -> impl Iterator<Item = File<'_>> {
        file::read(&self.blob)
    }

    /// A signature as rpm prints it with `:pgpsig`, in UTC; `None` where the
    /// package has none of this kind.
    pub fn signature(&self, kind: SignatureKind) -> Option<String> {
        let (stored, in_signature) = kind.tags();
        let packet = self.blob.bytes(stored).or_else(|| {
            let signature = self.signature.as_ref()?;
            let is_bytes = signature.entry(in_signature)?.kind == Kind::Bytes;
            is_bytes.then(|| signature.bytes(in_signature)).flatten()
        });
        packet.map(signature::text)
    }

    /// The package as a snapshot holds it. An absent vendor, packager and
    /// signature of the header is `(none)`, as in rpm: it is known that there
    /// is none (formats.md 7). Repository and reason are not in the database.
    pub fn to_installed_package(&self) -> InstalledPackage {
        let or_none = |text: Option<Cow<'_, str>>| {
            Some(text.map_or_else(|| "(none)".to_owned(), Cow::into_owned))
        };
        let signature = self.signature(SignatureKind::DsaHeader);
        let signature = signature.or_else(|| self.signature(SignatureKind::RsaHeader));
        InstalledPackage {
            vendor: or_none(self.vendor()),
            packager: or_none(self.packager()),
            pgpsig: or_none(signature.map(Cow::Owned)),
            module: self.module(),
            build_time: self.build_time(),
            instance: self.instance,
            install_time: self.install_time(),
            size: self.size(),
            ..InstalledPackage::new(self.name.clone(), self.evr.clone(), self.arch.clone())
        }
    }

    /// Dependencies and files, as a snapshot keeps them.
    pub fn data(&self) -> PackageData {
        data::data(self)
    }

    /// How many dependencies and files it lists.
    pub fn parts(&self) -> usize {
        tag::parts(&self.blob)
    }

    /// What in the header is not as it should be and was read all the same.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        for tag in tag::texts() {
            let not_utf8 = |text: &[u8]| std::str::from_utf8(text).is_err();
            if self.blob.texts(tag).any(not_utf8) {
                let name = tag::name(tag);
                remarks.push(format!("tag {tag} ({name}) is not UTF-8; what is not became U+FFFD"));
            }
        }
        if let (Some(label), None) = (self.module_label(), self.module()) {
            remarks.push(format!("module label {label:?} names no module and stream"));
        }
        remarks
    }

    fn full_name(&self) -> String {
        InstalledPackage::new(self.name.clone(), self.evr.clone(), self.arch.clone()).nevra()
    }

    fn number(&self, tag: u32) -> Option<u64> {
        self.blob.numbers(tag).next()
    }
}

/// The signatures a package may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignatureKind {
    /// Of the header, with a DSA or elliptic key.
    DsaHeader,
    /// Of the header, with an RSA key.
    RsaHeader,
    /// Of header and content, with a DSA or elliptic key.
    Gpg,
    /// Of header and content, with an RSA key.
    Pgp,
}

impl SignatureKind {
    /// The tag in the database, and the one in the signature of a package file.
    fn tags(self) -> (u32, u32) {
        match self {
            SignatureKind::DsaHeader => (tag::DSA_HEADER, tag::DSA_HEADER),
            SignatureKind::RsaHeader => (tag::RSA_HEADER, tag::RSA_HEADER),
            SignatureKind::Gpg => (tag::SIG_GPG, tag::SIGNATURE_GPG),
            SignatureKind::Pgp => (tag::SIG_PGP, tag::SIGNATURE_PGP),
        }
    }
}

fn first_text(blob: &Blob, tag: u32) -> Option<Cow<'_, str>> {
    blob.texts(tag).next().map(blob::text)
}

/// rpm shows a key as version (short id) and release (time of creation), both
/// in hexadecimal (formats.md 7).
fn key(header: &Header) -> Result<PublicKey, HeaderError> {
    let hex = |tag, text: &str| {
        if text.len() == 8 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(text.to_ascii_lowercase());
        }
        let text: String = text.chars().take(64).collect();
        let why = format!("of a public key is {text:?}, not eight hexadecimal digits");
        Err(HeaderError::tag(tag, why))
    };
    Ok(PublicKey {
        id: hex(tag::VERSION, &header.evr.version)?,
        created: hex(tag::RELEASE, &header.evr.release)?,
        packager: header.packager().map(Cow::into_owned),
    })
}

#[cfg(test)]
pub(super) mod build;
#[cfg(test)]
mod tests;
