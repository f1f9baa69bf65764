//! The door through which upgrade data comes in.

use std::collections::BTreeMap;

/// The files of a data directory, in memory; the pure readers see only this.
#[derive(Debug, Clone, Default)]
pub struct DataDirectory {
    /// Path below the directory to content, or to what kept it from being read.
    /// `vendors.d/*` and `transaction/*` are in it too.
    pub files: BTreeMap<String, Result<Vec<u8>, super::Problem>>,
}
