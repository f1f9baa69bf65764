//! Hosts for tests, written as text; see [`fixture`].

use crate::snapshot::{Evidence, Snapshot, fixture};

/// Reads a host; panics where the text is none.
pub(crate) fn host(text: &str) -> Snapshot {
    fixture::parse(text).unwrap_or_else(|error| panic!("{error} of\n{text}"))
}

/// Reads the evidence of a host.
pub(crate) fn evidence(text: &str) -> Evidence {
    host(text).evidence
}
