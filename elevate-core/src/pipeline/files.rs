//! Where the packages of a transaction are, looked up in the target.

use std::collections::BTreeMap;

use crate::model::{Evr, EvrParts, nevra};
use crate::plan::{PackageFile, TargetPackage};
use crate::transaction::Transaction;
use crate::universe::{Target, UniverseError};

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
    for package in target.packages() {
        let (name, evr, arch) = target.nevra(package);
        // Most packages are none of those: their versions need not be put together.
        let Some(wanted) = wanted.get_mut(target.text(name)) else { continue };
        let Some(source) = target.source(package) else { continue };
        let evr: Evr = EvrParts::split(target.text(evr)).into();
        let nevra = nevra(target.text(name), &evr, target.text(arch));
        let Some(wanting) = wanted.get_mut(&nevra) else { continue };
        let is_from = |package: &TargetPackage| package.repository == source.id;
        let (found, others): (Vec<_>, Vec<_>) =
            std::mem::take(wanting).into_iter().partition(|package| is_from(package));
        *wanting = others;
        if found.is_empty() {
            continue;
        }
        let details = target.details(package)?;
        let location = match details.base {
            "" => details.location.to_owned(),
            base => format!("{}/{}", base.trim_end_matches('/'), details.location),
        };
        let checksum = format!("{}:{}", details.checksum_kind, details.checksum);
        let file = PackageFile { location, checksum };
        found.into_iter().for_each(|package| package.file = Some(file.clone()));
    }
    Ok(())
}
