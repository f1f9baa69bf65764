//! JSON assets and the data streams they declare (formats.md section 0).

use super::InputFile;

/// A JSON asset that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset<T> {
    /// The file.
    pub file: InputFile,
    /// What `provided_data_streams` says.
    pub streams: Streams,
    /// The content.
    pub value: T,
}

/// The field `provided_data_streams` of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Streams {
    /// The field is absent or null.
    Missing,
    /// It is not a list, or the list is empty, or an element is not `N.N`.
    Malformed,
    /// The majors and minors listed.
    Provided(Vec<(u32, u32)>),
}
