//! Recorded package lists, made into hosts.

use std::path::Path;

use elevate_core::model::{Arch, Distro, Release};
use elevate_core::rpm::listing::{self, Listing};
use elevate_core::snapshot::{GivenIdentity, Snapshot};

use crate::recorded::{data_dir, files};

/// A recorded list and the host it is taken for.
pub struct Host {
    /// Path below the data directory.
    pub name: String,
    /// The list as it was read.
    pub listing: Listing,
    /// The host.
    pub snapshot: Snapshot,
}

/// Every package list of the data directory with its path below it, sorted;
/// `None` where there is no such directory.
pub fn lists() -> Option<Vec<(String, Vec<u8>)>> {
    let directory = data_dir("")?;
    let found = files(&directory, is_list);
    assert!(!found.is_empty(), "{} holds no package lists", directory.display());
    Some(found)
}

fn is_list(path: &str) -> bool {
    let of_host = path.contains("/hosts/")
        && [".txt", ".json", ".json.xz"].iter().any(|end| path.ends_with(end));
    of_host || path.ends_with("installed-rpms.sos")
}

/// Every list as a host.
pub fn hosts() -> Option<Vec<Host>> {
    Some(lists()?.into_iter().map(|(name, bytes)| host(&name, &bytes)).collect())
}

/// A list as a host. What the list does not tell is taken to be CentOS 7.9 on
/// x86_64; what it tells stands.
pub fn host(name: &str, bytes: &[u8]) -> Host {
    let listing = listing::read(bytes).unwrap_or_else(|error| panic!("{name} {error}"));
    let facts = &listing.facts;
    let given = GivenIdentity {
        distro: facts.distro.clone().or(Some(Distro::CentOs)),
        release: facts.release.or(Some(Release::new(7, 9))),
        arch: facts.arch.clone().or(Some(Arch::X86_64)),
        ..GivenIdentity::default()
    };
    let file = Path::new(name).file_name().unwrap_or_default().to_string_lossy();
    let snapshot = Snapshot::from_listing(listing.clone(), &file, given);
    let snapshot = snapshot.unwrap_or_else(|error| panic!("{name}: {error}"));
    Host { name: name.to_owned(), listing, snapshot }
}
