//! `vendors.d`: third parties' maps, repositories, events and signing keys
//! (formats.md section 4).

use crate::model::RepoFile;

use super::package_events::EventFile;
use super::repo_map::RepoMap;
use super::{Asset, DataError};

/// The files of one vendor. Which vendors are active is the host's matter
/// (`request::vendors`).
#[derive(Debug, Clone)]
pub struct Vendor {
    /// Common stem of its files (`epel`).
    pub name: String,
    /// `<vendor>_map.json`; never checked for data streams by leapp.
    pub map: Option<Result<RepoMap, DataError>>,
    /// `<vendor>.repo`.
    pub repositories: Option<Result<RepoFile, DataError>>,
    /// `<vendor>_pes.json`.
    pub events: Option<Result<Asset<EventFile>, DataError>>,
    /// Key ids of `<vendor>.sigs`: 8, 16 or 40 hexadecimal digits, lower case.
    pub key_ids: Vec<String>,
    /// The lines of `<vendor>.sigs` as leapp takes them: every line that is not
    /// empty, untrimmed, in its own case.
    pub raw_signature_lines: Vec<String>,
}
