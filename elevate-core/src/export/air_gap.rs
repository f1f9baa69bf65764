//! What has to be carried to a host without a network: every package file with its address,
//! its size and its checksum, and the keys.
//!
//! | version | change |
//! |--|--|
//! | 1 | first: packages, those whose file is not known, keys, totals |

mod lists;
mod table;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Export, ExportError, What};
use crate::model::{RepoId, UpgradePath};
use crate::plan::{PackageFile, Plan, ReadRepository, TargetPackage};

pub(super) use lists::{sums, urls};
pub(super) use table::table;

/// The version written.
pub const VERSION: u32 = 1;

/// The marker by which such a document is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Kind {
    /// What has to be carried.
    #[default]
    #[serde(rename = "elevate-air-gap")]
    AirGap,
}

/// What has to be carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AirGap {
    /// Always `elevate-air-gap`.
    pub format: Kind,
    /// Version of the format.
    pub version: u32,
    /// The host's name, where captured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// From where to where.
    pub path: UpgradePath,
    /// Sums over all packages.
    pub totals: Totals,
    /// Packages, by repository in the order that counts, then by name.
    pub packages: Vec<Package>,
    /// Addresses of public keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Key>,
    /// What to know besides, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// Sums over all packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// How many packages there are.
    pub packages: usize,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Packages whose address is not known.
    pub without_address: usize,
    /// Packages whose checksum is not known.
    pub without_checksum: usize,
}

/// A package that has to be carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Package {
    /// `name-[epoch:]version-release.arch`.
    pub nevra: String,
    /// Its repository.
    pub repository: RepoId,
    /// Bytes of its file.
    pub bytes: u64,
    /// Addresses of its file, each of which will do; none where nobody knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// The name of its file, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Checksum of its file, `sha256:` and so on before it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<String>,
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Key {
    /// Where it is.
    pub address: String,
    /// The repository whose packages it is for.
    pub repository: RepoId,
}

impl AirGap {
    /// What a plan with a transaction needs; `None` of one without.
    pub fn of(plan: &Plan) -> Option<Self> {
        plan.transaction.as_ref()?;
        let place = |id: &RepoId| plan.read.iter().position(|read| read.id == *id);
        let mut all: Vec<(Option<usize>, &TargetPackage)> =
            plan.target_packages().into_iter().map(|p| (place(&p.repository), p)).collect();
        // Those of a repository nobody knows come last.
        all.sort_by_key(|(place, _)| place.unwrap_or(usize::MAX));
        let of = |(place, package): (Option<usize>, &TargetPackage)| {
            Package::of(place.and_then(|at| plan.read.get(at)), package)
        };
        let packages: Vec<Package> = all.into_iter().map(of).collect();
        let setups = plan.read.iter().filter_map(|read| Some((&read.id, read.setup.as_ref()?)));
        let keys = setups.flat_map(|(id, setup)| {
            setup
                .gpgkey
                .iter()
                .map(|address| Key { address: encoded(address), repository: id.clone() })
        });
        let keys = keys.collect();
        Some(Self {
            format: Kind::AirGap,
            version: VERSION,
            hostname: plan.hostname.clone(),
            path: plan.path.clone(),
            totals: Totals::of(&packages),
            remarks: remarks(plan, &packages),
            packages,
            keys,
        })
    }

    /// As JSON, with a final newline.
    ///
    /// # Errors
    ///
    /// None that a plan can cause.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        crate::model::to_json(self)
    }

    /// The JSON Schema of the format.
    pub fn schema() -> serde_json::Value {
        crate::model::schema::<Self>("air-gap", "list of what to carry", VERSION)
    }
}

pub(super) fn json(plan: &Plan) -> Result<Export, ExportError> {
    let air_gap = of(plan, What::AirGapJson)?;
    let text = air_gap.to_json()?;
    Ok(Export::one("air-gap.json", text, air_gap.remarks))
}

fn of(plan: &Plan, what: What) -> Result<AirGap, ExportError> {
    AirGap::of(plan).ok_or(ExportError::NoTransaction(what))
}

impl Totals {
    fn of(packages: &[Package]) -> Self {
        Self {
            packages: packages.len(),
            bytes: packages.iter().fold(0, |sum, package| sum.saturating_add(package.bytes)),
            without_address: packages.iter().filter(|p| p.urls.is_empty()).count(),
            without_checksum: packages.iter().filter(|p| p.checksum.is_none()).count(),
        }
    }
}

impl Package {
    fn of(read: Option<&ReadRepository>, package: &TargetPackage) -> Self {
        let location = package.file.as_ref().map(|file| file.location.as_str());
        let base = |location: &str| {
            if location.contains("://") {
                return vec![encoded(location)];
            }
            let setup = read.and_then(|read| read.setup.as_ref());
            let addresses = setup.map(|setup| setup.baseurl.as_slice()).unwrap_or_default();
            let join = |base: &String| {
                encoded(&format!(
                    "{}/{}",
                    base.trim_end_matches('/'),
                    location.trim_start_matches('/')
                ))
            };
            addresses.iter().map(join).collect()
        };
        let name = |location: &str| encoded(location.rsplit('/').next().unwrap_or(location));
        let checksum = |file: &PackageFile| Some(file.checksum.clone()).filter(|c| !c.is_empty());
        Self {
            nevra: package.nevra(),
            repository: package.repository.clone(),
            bytes: package.download,
            urls: location.map(base).unwrap_or_default(),
            file: location.map(name).filter(|name| !name.is_empty()),
            checksum: package.file.as_ref().and_then(checksum),
        }
    }
}

fn remarks(plan: &Plan, packages: &[Package]) -> Vec<String> {
    let mut remarks = Vec::new();
    let unknown = packages.iter().filter(|package| package.file.is_none()).count();
    if unknown > 0 {
        let packages = super::text::count(unknown, "package", "packages");
        remarks.push(format!(
            "the plan does not know the files of {packages}; one that is made with elevate plan \
             --format json does"
        ));
    }
    for read in &plan.read {
        let Some(setup) = &read.setup else { continue };
        let list = setup.mirrorlist.as_ref().or(setup.metalink.as_ref());
        if let (true, Some(list)) = (setup.baseurl.is_empty(), list) {
            remarks.push(format!(
                "{} names no address but a list of mirrors, {}: put one before the files",
                read.id,
                encoded(list)
            ));
        }
    }
    remarks.push(
        "dnf needs metadata too: createrepo_c makes it of these files, but module streams \
         (modules.yaml) are to be carried from the repositories"
            .to_owned(),
    );
    remarks
}

/// An address with nothing in it that ends it: blanks, control characters and all that is not
/// ASCII become what addresses have for them.
fn encoded(address: &str) -> String {
    let mut text = String::with_capacity(address.len());
    for byte in address.bytes() {
        match byte {
            b'"' | b'<' | b'>' | b'\\' | b'`' => text.push_str(&format!("%{byte:02X}")),
            b'!'..=b'~' => text.push(char::from(byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests;
