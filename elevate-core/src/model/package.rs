//! An installed package, as far as evidence tells.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Arch, Evr, ModuleStream, PackageData, PackageName, nevra};

/// One installed package. A field that is absent was not captured; that is
/// never the same as *none*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InstalledPackage {
    /// Name.
    pub name: PackageName,
    /// Epoch, version and release.
    #[serde(flatten)]
    pub evr: Evr,
    /// Architecture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arch: Option<Arch>,
    /// Vendor tag of the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// Packager tag of the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packager: Option<String>,
    /// Header signature as rpm prints it with `:pgpsig`
    /// (`RSA/SHA256, ..., Key ID 24c6a8a7f4a80eb5`); `(none)` where rpm says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pgpsig: Option<String>,
    /// Repository it was installed from, as yum records it, without the
    /// leading `@`; empty where yum recorded none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_repo: Option<String>,
    /// Module stream it belongs to; never set on release 7.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<ModuleStream>,
    /// When it was built, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build_time: Option<u64>,
    /// Its number in the package database, which decides between packages of one
    /// name that are otherwise alike (solver-rules.md A1.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<u32>,
    /// When it was installed, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install_time: Option<u64>,
    /// When it was installed, as a source printed it that gives no number. It
    /// names no time zone, or one by its ambiguous letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install_date: Option<String>,
    /// Why it was installed, as yum records it: `user`, `dep` ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install_reason: Option<String>,
    /// Installed size in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Dependencies and files. Shared, for lists of packages are copied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Arc<PackageData>>,
}

impl InstalledPackage {
    /// A package of which nothing is known but its full name.
    pub fn new(name: PackageName, evr: Evr, arch: Option<Arch>) -> Self {
        Self {
            name,
            evr,
            arch,
            vendor: None,
            packager: None,
            pgpsig: None,
            from_repo: None,
            module: None,
            build_time: None,
            instance: None,
            install_time: None,
            install_date: None,
            install_reason: None,
            size: None,
            data: None,
        }
    }

    /// `name-[epoch:]version-release[.arch]`.
    pub fn nevra(&self) -> String {
        nevra(self.name.as_str(), &self.evr, self.arch.as_ref().map_or("", Arch::as_str))
    }

    /// What the signature text says.
    pub fn signature(&self) -> Signature<'_> {
        Signature::parse(self.pgpsig.as_deref())
    }
}

impl<'de> Deserialize<'de> for InstalledPackage {
    /// Reads the fields one by one: a derived reader of flattened fields names
    /// none of them in its errors, and keeps unknown ones in memory.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(expecting = "a package")]
        struct Flat {
            name: PackageName,
            #[serde(default)]
            epoch: u32,
            version: String,
            #[serde(default)]
            release: String,
            arch: Option<Arch>,
            vendor: Option<String>,
            packager: Option<String>,
            pgpsig: Option<String>,
            from_repo: Option<String>,
            module: Option<ModuleStream>,
            build_time: Option<u64>,
            instance: Option<u32>,
            install_time: Option<u64>,
            install_date: Option<String>,
            install_reason: Option<String>,
            size: Option<u64>,
            data: Option<Arc<PackageData>>,
        }
        let flat = Flat::deserialize(from)?;
        Ok(Self {
            name: flat.name,
            evr: Evr::new(flat.epoch, flat.version, flat.release),
            arch: flat.arch,
            vendor: flat.vendor,
            packager: flat.packager,
            pgpsig: flat.pgpsig,
            from_repo: flat.from_repo,
            module: flat.module,
            build_time: flat.build_time,
            instance: flat.instance,
            install_time: flat.install_time,
            install_date: flat.install_date,
            install_reason: flat.install_reason,
            size: flat.size,
            data: flat.data,
        })
    }
}

/// What is known of a package's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature<'a> {
    /// Not captured.
    Unknown,
    /// The package is not signed.
    None,
    /// Signed by the key with this id (8 or 16 hexadecimal digits, any case).
    Key(&'a str),
    /// There is a text, but no key id in it.
    Unreadable(&'a str),
}

impl<'a> Signature<'a> {
    fn parse(text: Option<&'a str>) -> Self {
        let Some(text) = text.map(str::trim) else { return Signature::Unknown };
        if text.is_empty() || text == "(none)" {
            return Signature::None;
        }
        let id = text.rsplit_once("Key ID ").map(|(_, id)| id.trim());
        match id {
            Some(id)
                if matches!(id.len(), 8 | 16 | 40) && id.bytes().all(|b| b.is_ascii_hexdigit()) =>
            {
                Signature::Key(id)
            }
            _ => Signature::Unreadable(text),
        }
    }
}

/// A public key imported into the rpm database, where rpm shows it as a
/// package named `gpg-pubkey`. It is not a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct PublicKey {
    /// Short key id: eight hexadecimal digits, lower case.
    pub id: String,
    /// When the key was made, in seconds since 1970, in hexadecimal.
    pub created: String,
    /// Whose key it says it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packager: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_id_is_read_from_its_field_only() {
        let text = "RSA/SHA256, Tue Mar 19 19:51:33 2019, Key ID 24c6a8a7f4a80eb5";
        assert_eq!(Signature::parse(Some(text)), Signature::Key("24c6a8a7f4a80eb5"));
        assert_eq!(Signature::parse(Some("(none)")), Signature::None);
        assert_eq!(Signature::parse(None), Signature::Unknown);
        let odd = "24c6a8a7f4a80eb5 is mentioned, but no key";
        assert_eq!(Signature::parse(Some(odd)), Signature::Unreadable(odd));
    }

    #[test]
    fn a_package_without_architecture_prints_without_one() {
        let mut package =
            InstalledPackage::new("bash".parse().unwrap(), "4.2.46-34.el7".parse().unwrap(), None);
        assert_eq!(package.nevra(), "bash-4.2.46-34.el7");
        package.arch = Some(Arch::X86_64);
        assert_eq!(package.nevra(), "bash-4.2.46-34.el7.x86_64");
    }
}
