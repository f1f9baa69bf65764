//! What distributions and vendors publish about an upgrade path, in the files
//! ELevate's `leapp-data-*` packages install under `/etc/leapp/files`.
//!
//! [`UpgradeData::from_directory`] takes the files of one directory (read by
//! [`DataDirectory::read`], the only door) and keeps, for every asset, either its value
//! or what is wrong with it: a broken asset of an inactive vendor must not stop
//! a plan, and the policy `leapp-0.21` must be able to say what leapp would do
//! with a broken file. Whatever is ignored or odd becomes a [`Remark`].

mod asset;
pub mod devices;
pub mod directory;
mod error;
pub mod lint;
mod locate;
pub mod package_events;
mod protected;
mod raw;
mod read;
mod remark;
pub mod repo_map;
pub mod signatures;
pub mod transaction_files;
pub mod vendors;

use std::collections::BTreeMap;

use crate::model::RepoFile;

pub use asset::{Asset, Streams};
pub use directory::DataDirectory;
pub use error::{DataError, Place, Problem};
pub use protected::PROTECTED;
pub use remark::codes::CODES;
pub use remark::{Level, Remark};

use devices::DeviceData;
use package_events::EventFile;
use repo_map::RepoMap;
use transaction_files::TransactionFiles;
use vendors::Vendor;

/// Everything read from one data directory.
#[derive(Debug, Clone)]
pub struct UpgradeData {
    /// `pes-events.json`.
    pub events: Result<Asset<EventFile>, DataError>,
    /// `repomap.json`.
    pub repo_map: Result<Asset<RepoMap>, DataError>,
    /// `leapp_upgrade_repositories.repo`; `None` where there is no such file or
    /// no section in it (formats.md section 3: the same as no file).
    pub custom_repositories: Option<Result<RepoFile, DataError>>,
    /// `vendors.d`, ordered by vendor name.
    pub vendors: Vec<Vendor>,
    /// Left-overs in `vendors.d` that leapp takes for vendors' maps because
    /// `_map.json` is a part of their names, with the names it gives those
    /// vendors (formats.md section 4). For the policy `leapp-0.21` only.
    pub left_over_maps: Vec<(String, Result<RepoMap, DataError>)>,
    /// `device_driver_deprecation_data.json`; `None` where there is no such file.
    pub devices: Option<Result<Asset<DeviceData>, DataError>>,
    /// `to_install`, `to_keep`, `to_remove`, `to_reinstall`.
    pub transaction: TransactionFiles,
    /// What assets declare that are JSON objects and were refused for their
    /// content, by path: leapp judges their data streams all the same.
    pub refused_streams: BTreeMap<String, Streams>,
    /// What was ignored or looks odd, ordered by file and place.
    pub remarks: Vec<Remark>,
    /// Every file that was read, with its digest, ordered by path.
    pub files: Vec<InputFile>,
}

/// A file that went into a plan.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
pub struct InputFile {
    /// Path below the data directory.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: String,
}
