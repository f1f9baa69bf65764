//! Whether installed packages have what they require, as a plan's universe sees it.

use std::sync::Arc;

use crate::model::{Dependencies, Unmet};
use crate::snapshot::Snapshot;
use crate::universe::graph::{DependencyGraph, Requirement};
use crate::universe::{Target, Universe, UniverseError};

/// What the installed packages of a host require and do not have. A dependency that is not
/// understood makes its package one whose requirements are not known.
///
/// # Errors
///
/// A host that has no room in a universe.
pub fn dependencies(snapshot: &Snapshot) -> Result<Dependencies, UniverseError> {
    let nothing_else = Target::new(&snapshot.identity.arch, Vec::new())?;
    let universe = Universe::new(Arc::new(nothing_else), &snapshot.packages)?;
    let graph = DependencyGraph::of_installed(&universe, &snapshot.packages);
    let unmet = |requirement: &Requirement| Unmet {
        package: universe.nevra(requirement.package),
        capability: universe.show(requirement.term).to_string(),
    };
    let mut unmet: Vec<Unmet> = graph.broken().map(unmet).collect();
    unmet.sort();
    unmet.dedup();
    let unknown = graph.unknown().iter().map(|package| universe.nevra(*package));
    let odd = universe.unread().iter().map(|unread| unread.package.clone());
    let mut unknown: Vec<String> = unknown.chain(odd).collect();
    unknown.sort();
    unknown.dedup();
    Ok(Dependencies { unmet, unknown })
}
