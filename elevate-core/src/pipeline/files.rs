//! Where the packages of a transaction are, looked up in the target.

use std::collections::BTreeMap;

use crate::model::{Evr, EvrParts, nevra};
use crate::plan::{PackageFile, TargetPackage};
use crate::transaction::Transaction;
use crate::universe::{PackageDetails, Target, UniverseError};

/// Tells of each package that comes its file and its checksum.
///
/// # Errors
///
/// A cache that was damaged meanwhile.
pub(super) fn locate(transaction: &mut Transaction, target: &Target) -> Result<(), UniverseError> {
    let taking = transaction.operations.iter_mut().flat_map(|operation| &mut operation.to);
    let arriving = transaction.arrivals.iter_mut().filter_map(|arrival| arrival.package.as_mut());
    let mut wanted: BTreeMap<String, BTreeMap<String, Vec<&mut TargetPackage>>> = BTreeMap::new();
    for package in taking.chain(arriving) {
        let of_name = wanted.entry(package.name.to_string()).or_default();
        of_name.entry(package.nevra()).or_default().push(package);
    }
    for (name, mut wanted) in wanted {
        // Every package provides its own name.
        let Some(id) = target.find(&name) else { continue };
        for package in target.providers(id.into()) {
            let (own, evr, arch) = target.nevra(*package);
            let Some(source) = target.source(*package).filter(|_| own == id) else { continue };
            let evr: Evr = EvrParts::split(target.text(evr)).into();
            let nevra = nevra(&name, &evr, target.text(arch));
            let Some(wanting) = wanted.get_mut(&nevra) else { continue };
            let is_from = |package: &TargetPackage| package.repository == source.id;
            let (found, others): (Vec<_>, Vec<_>) =
                std::mem::take(wanting).into_iter().partition(|package| is_from(package));
            *wanting = others;
            if found.is_empty() {
                continue;
            }
            let file = file(target.details(*package)?);
            found.into_iter().for_each(|package| package.file = Some(file.clone()));
        }
    }
    Ok(())
}

fn file(details: PackageDetails<String>) -> PackageFile {
    let location = match &*details.base {
        "" => details.location,
        base => format!("{}/{}", base.trim_end_matches('/'), details.location),
    };
    PackageFile { location, checksum: format!("{}:{}", details.checksum_kind, details.checksum) }
}
