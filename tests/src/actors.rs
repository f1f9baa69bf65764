//! What the actors that ship can say.

use std::collections::BTreeSet;

use elevate_core::actor;
use elevate_core::pipeline::RuleSet;

/// Ids of the findings they can make, with those about actors themselves.
pub fn ids() -> BTreeSet<String> {
    let of_actors = RuleSet::shipped().actors.all().flat_map(|actor| {
        let card = actor.card();
        card.findings.iter().map(|&id| id.to_owned()).collect::<Vec<_>>()
    });
    of_actors.chain(actor::KINDS.iter().map(|kind| kind.id.to_owned())).collect()
}
