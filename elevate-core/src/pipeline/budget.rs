//! What the upgrade takes of the host's file systems.

use std::collections::BTreeMap;

use crate::actor::Results;
use crate::directive::Directive;
use crate::facts::Facts;
use crate::plan::{FileSystem, Need};
use crate::transaction::Transaction;

/// Where leapp keeps packages until the reboot.
const CACHE: &str = "/var/lib/leapp";
/// Where nearly all files of packages are.
const FILES: &str = "/usr";

/// Every file system room is needed on, by mount point. Sizes of packages are those the
/// metadata state; all they grow by is taken to be below `/usr`.
pub(super) fn budget(
    facts: &Facts<'_>,
    results: &Results,
    transaction: &Transaction,
) -> Vec<FileSystem> {
    let mut budget: BTreeMap<String, FileSystem> = BTreeMap::new();
    for (path, need) in needs(results, transaction) {
        let room = facts.storage().room_at(&path).ok();
        let mount = room.as_ref().map_or(path, |room| room.target.clone());
        let file_system = budget.entry(mount.clone()).or_insert_with(|| FileSystem {
            mount,
            total: room.as_ref().map(|room| room.total),
            available: room.as_ref().map(|room| room.available),
            needs: Vec::new(),
        });
        file_system.needs.push(need);
    }
    let mut budget: Vec<FileSystem> = budget.into_values().collect();
    let order = |a: &Need, b: &Need| b.bytes.cmp(&a.bytes).then_with(|| a.what.cmp(&b.what));
    budget.iter_mut().for_each(|one| one.needs.sort_by(order));
    budget
}

fn needs(results: &Results, transaction: &Transaction) -> Vec<(String, Need)> {
    let mut needs = Vec::new();
    for (_, directive) in results.directives() {
        if let Directive::Room { path, bytes, what } = directive {
            needs.push((path.clone(), Need { what: what.clone(), bytes: *bytes }));
        }
    }
    let Some(whole) = &transaction.whole else { return needs };
    let totals = &whole.totals;
    let growth = totals.arriving.saturating_sub(totals.leaving);
    for (path, bytes, what) in
        [(CACHE, totals.download, "packages, downloaded"), (FILES, growth, "what packages grow by")]
    {
        if bytes > 0 {
            needs.push((path.to_owned(), Need { what: what.to_owned(), bytes }));
        }
    }
    needs
}
