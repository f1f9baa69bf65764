//! The actors of a run, and what they may know beside host and data.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use crate::actor::{Actors, ActorsError, Given, Inputs, Results};
use crate::actors;
use crate::directive::Directive;
use crate::facts::Facts;
use crate::model::PackageName;
use crate::pack::{Manifest, Pack, SHIPPED};
use crate::request::{Options, Policy, Wishes, signed};
use crate::upgrade_data::UpgradeData;

/// Actors, and what they may know beside host and data.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    /// The actors.
    pub actors: Actors,
    /// Answers, settings and documents.
    pub given: Given,
    /// Packs whose actors are among them, `name@version`.
    pub(super) packs: BTreeSet<String>,
}

impl RuleSet {
    /// The actors that ship with the library, without answers.
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<RuleSet> = LazyLock::new(|| {
            let mut rules = RuleSet::default();
            // That they can be read, a test holds.
            for pack in shipped_packs() {
                let _ = rules.add(&pack);
            }
            for actor in actors::ALL {
                // Their names are different, which a test holds.
                let _ = rules.actors.add(Arc::new(*actor));
            }
            rules
        });
        &SHIPPED
    }

    /// Whether the actors of a pack of this name and version are among them.
    pub fn has(&self, pack: &Pack) -> bool {
        self.packs.contains(&id(pack))
    }

    /// Adds the actors of a pack.
    ///
    /// # Errors
    ///
    /// Where one of their names and versions is there, or where actors wait for each
    /// other then.
    pub fn add(&mut self, pack: &Pack) -> Result<(), ActorsError> {
        pack.register(&mut self.actors)?;
        self.packs.insert(id(pack));
        Ok(())
    }

    /// What the actors say of a host.
    pub(super) fn on_host(
        &self,
        facts: &Facts<'_>,
        data: &UpgradeData,
        options: &Options,
    ) -> Results {
        let signed = signed(facts, data, options);
        self.actors.on_host(&self.inputs(facts, data, options, &signed))
    }

    /// What actors are asked about, with the names of packages that are the
    /// distribution's or an active vendor's.
    pub(super) fn inputs<'a>(
        &'a self,
        facts: &'a Facts<'a>,
        data: &'a UpgradeData,
        options: &'a Options,
        signed: &'a BTreeSet<PackageName>,
    ) -> Inputs<'a> {
        let mut inputs = Inputs::new(facts, data, &options.path, signed, &self.given);
        inputs.with_leapp = options.policy == Policy::Leapp021;
        inputs
    }
}

fn id(pack: &Pack) -> String {
    let Manifest { name, version, .. } = &pack.manifest;
    format!("{name}@{version}")
}

/// The packs that ship and are for every host.
fn shipped_packs() -> Vec<Pack> {
    let by_default = SHIPPED.iter().filter(|shipped| shipped.by_default);
    by_default.filter_map(|shipped| shipped.read().ok()).collect()
}

/// What actors ask of the request, by actor.
pub(super) fn wishes(results: &Results) -> Vec<Wishes> {
    let mut wishes: BTreeMap<&str, Wishes> = BTreeMap::new();
    for (actor, directive) in results.directives() {
        let wish = wishes
            .entry(actor)
            .or_insert_with(|| Wishes { actor: actor.to_owned(), ..Wishes::default() });
        match directive.clone() {
            Directive::Install { package } => drop(wish.to_install.insert(package)),
            Directive::Remove { package } => drop(wish.to_remove.insert(package)),
            Directive::Keep { package } => drop(wish.to_keep.insert(package)),
            Directive::Reinstall { package } => drop(wish.to_reinstall.insert(package)),
            Directive::EnableModule { module } => drop(wish.modules_to_enable.insert(module)),
            Directive::ResetModule { module } => drop(wish.modules_to_reset.insert(module)),
            _ => {}
        }
    }
    wishes.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_actor_and_every_pack_that_ships_can_be_used() {
        let packs = shipped_packs();
        assert_eq!(packs.len(), 1);
        let declared: usize = packs.iter().map(|pack| pack.actors.len()).sum();
        assert_eq!(RuleSet::shipped().actors.all().count(), actors::ALL.len() + declared);
    }

    #[test]
    fn every_pack_that_ships_goes_with_all_the_others() {
        let mut rules = RuleSet::shipped().clone();
        for shipped in SHIPPED.iter().filter(|shipped| !shipped.by_default) {
            rules.add(&shipped.read().unwrap()).unwrap();
        }
        assert_eq!(rules.actors.lint(), Vec::<String>::new());
    }
}
