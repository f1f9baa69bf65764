//! The embedded example: one invented web server and one invented set of upgrade
//! data (`fixtures/`), so that the tool shows itself without any file.

use crate::snapshot::Snapshot;
use crate::snapshot::format::SnapshotError;
use crate::upgrade_data::{DataDirectory, UpgradeData};

/// A file of the embedded data: path below the data directory, content.
type Embedded = (&'static str, &'static [u8]);

macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_bytes!(concat!("../../fixtures/data/", $path)).as_slice())),*]
    };
}

const FILES: [Embedded; 16] = embedded![
    "device_driver_deprecation_data.json",
    "leapp_upgrade_repositories.repo",
    "pes-events.json",
    "repomap.json",
    "transaction/to_install",
    "transaction/to_keep",
    "transaction/to_reinstall",
    "transaction/to_remove",
    "vendors.d/larkdb.repo",
    "vendors.d/larkdb.sigs",
    "vendors.d/larkdb_map.json",
    "vendors.d/larkdb_pes.json",
    "vendors.d/pinemon.repo",
    "vendors.d/pinemon.sigs",
    "vendors.d/pinemon_map.json",
    "vendors.d/pinemon_pes.json",
];

/// The example host, `shop-web01`: CentOS 7.9 with a web server.
///
/// # Errors
///
/// None, unless the fixture was edited into something that is no snapshot.
pub fn snapshot() -> Result<Snapshot, SnapshotError> {
    Ok(Snapshot::read(include_bytes!("../../fixtures/hosts/web/snapshot.json"))?.snapshot)
}

/// The example upgrade data, for AlmaLinux 8.10.
pub fn data() -> UpgradeData {
    let files = FILES.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()));
    UpgradeData::from_directory(&files.collect::<DataDirectory>())
}
