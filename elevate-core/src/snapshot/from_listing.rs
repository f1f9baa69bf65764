//! A package list as a snapshot.

use thiserror::Error;

use super::format::{Kind, VERSION};
use super::{Evidence, HostRepository, Identity, Snapshot, Unread};
use crate::model::{Arch, Distro, Release, RepoId, System};
use crate::rpm::listing::{Listing, ListingFacts, UnreadLine};

/// What somebody says about the host of a package list. It goes before what
/// the list tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenIdentity {
    /// Distribution.
    pub distro: Option<Distro>,
    /// Release.
    pub release: Option<Release>,
    /// Architecture.
    pub arch: Option<Arch>,
    /// Running kernel, as `uname -r` prints it.
    pub kernel: Option<String>,
    /// Host name.
    pub hostname: Option<String>,
    /// Cloud provider, as in [`Identity::cloud`].
    pub cloud: Option<String>,
}

/// A package list tells too little about its host, and nobody else did.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{file} does not tell {} of its host, and no release package in it does; name {}",
    missing.join(", "),
    if missing.len() == 1 { "it" } else { "them" }
)]
pub struct UnknownIdentity {
    /// The list, as it is to be shown.
    pub file: String,
    /// What is not known: `the distribution`, `the release`, `the architecture`.
    pub missing: Vec<&'static str>,
}

impl Snapshot {
    /// Freezes a package list. `file` is how the list is called in what is
    /// shown; what was not understood in it comes along as `unread`, and so do
    /// columns a snapshot has no field for.
    ///
    /// # Errors
    ///
    /// Where neither the list nor `given` tells distribution, release and
    /// architecture.
    pub fn from_listing(
        listing: Listing,
        file: &str,
        given: GivenIdentity,
    ) -> Result<Snapshot, UnknownIdentity> {
        let identity = identity(&listing.facts, file, given)?;
        let mut unread: Vec<Unread> =
            listing.unread.into_iter().map(|line| unread_in(file, line)).collect();
        for (what, count) in listing.ignored {
            let why = format!("has no place in a snapshot ({count} values)");
            unread.push(Unread { file: file.to_owned(), line: None, text: what, why });
        }
        let repositories = repositories(&listing.facts, file, &mut unread);
        Ok(Snapshot {
            format: Kind::Snapshot,
            version: VERSION,
            captured: None,
            identity,
            packages: listing.packages,
            keys: listing.keys,
            repositories,
            enabled_modules: listing.facts.enabled_modules,
            evidence: Evidence::default(),
            unread,
        })
    }
}

fn identity(
    facts: &ListingFacts,
    file: &str,
    given: GivenIdentity,
) -> Result<Identity, UnknownIdentity> {
    let distro = given.distro.or_else(|| facts.distro.clone());
    let release = given.release.or(facts.release);
    let arch = given.arch.or_else(|| facts.arch.clone());
    match (distro, release, arch) {
        (Some(distro), Some(release), Some(arch)) => Ok(Identity {
            system: System { distro, release },
            arch,
            kernel: given.kernel.or_else(|| facts.kernel.clone()),
            hostname: given.hostname,
            cloud: given.cloud,
        }),
        (distro, release, arch) => {
            let known = [
                (distro.is_some(), "the distribution"),
                (release.is_some(), "the release"),
                (arch.is_some(), "the architecture"),
            ];
            let missing = known.into_iter().filter(|(known, _)| !known).map(|(_, what)| what);
            Err(UnknownIdentity { file: file.to_owned(), missing: missing.collect() })
        }
    }
}

pub(super) fn unread_in(file: &str, line: UnreadLine) -> Unread {
    let text = match (line.place.as_str(), line.text.as_str()) {
        ("", _) => line.text,
        (_, "") => line.place,
        (place, text) => format!("{place}: {text}"),
    };
    let number = line.line.map(|number| number as u64);
    Unread { file: file.to_owned(), line: number, text, why: line.why }
}

pub(super) fn repositories(
    facts: &ListingFacts,
    file: &str,
    unread: &mut Vec<Unread>,
) -> Option<Vec<HostRepository>> {
    let enabled = facts.repositories.as_ref()?.iter().map(|id| (id, true));
    let disabled = facts.disabled_repositories.iter().map(|id| (id, false));
    let mut repositories = Vec::new();
    for (text, enabled) in enabled.chain(disabled) {
        match RepoId::new(text) {
            Ok(id) => repositories.push(HostRepository { id, enabled }),
            Err(error) => unread.push(Unread {
                file: file.to_owned(),
                line: None,
                text: text.chars().take(64).collect(),
                why: error.to_string(),
            }),
        }
    }
    Some(repositories)
}
