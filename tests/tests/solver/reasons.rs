//! Why packages come, go and stay in the recorded cases.

use elevate_core::solve::why::{Because, Root};
use elevate_core::solve::{Chain, Changes, Explainer, Outcome, Profile, RuleId};
use elevate_core::universe::Universe;

use crate::jobs::calls;
use crate::random::{each, policy};

#[path = "../../../elevate-core/src/solve/why/tests/proof.rs"]
mod proof;

/// Looks at what becomes of every case, in both profiles.
fn everywhere(mut look: impl FnMut(&str, &Universe, &Outcome, &Explainer<'_>)) {
    each(|case, jobs, universe| {
        for profile in Profile::ALL {
            let solved = calls(jobs, policy(profile)).solve(universe);
            let changes = Changes::of(universe, &solved.goal, &solved.outcome);
            let explainer = Explainer::new(universe, &solved.goal, &solved.outcome, &changes);
            let name = format!("{case:05}, libsolv {}", profile.libsolv);
            look(&name, universe, &solved.outcome, &explainer);
        }
    });
}

fn is_whole(chain: &Chain) -> bool {
    let last = chain.links.last().unwrap();
    let told = !matches!(&last.because, Because::Follows { rules } if rules.is_empty());
    let text = chain.to_string();
    told && !text.is_empty() && serde_json::to_value(chain).is_ok()
}

#[test]
fn every_package_of_hostile_universes_has_its_reasons() {
    everywhere(|name, universe, outcome, explainer| {
        for package in outcome.arriving() {
            let chain = explainer.arrival(package).unwrap();
            let short = explainer.shortest_arrival(package).unwrap();
            for chain in [chain, short] {
                let last = &chain.links.last().unwrap().because;
                let many = matches!(last, Because::Follows { .. });
                assert!(is_whole(&chain) && (many || chain.root != Root::Facts), "{name}: {chain}");
            }
        }
        for package in universe.installed() {
            let chain = match outcome.is_present(package) {
                true => explainer.stay(package),
                false => explainer.removal(package),
            };
            assert!(is_whole(&chain.unwrap()), "{name}");
        }
    });
}

#[test]
fn the_proofs_of_erasures_in_hostile_universes_contradict_themselves() {
    let mut erasures = 0;
    everywhere(|name, universe, outcome, _| {
        for erasure in outcome.erasures() {
            erasures += 1;
            let package = universe.nevra(erasure.package);
            assert!(proof::is_proof(outcome, &erasure.proof), "{name}: {package}");
        }
    });
    eprintln!("{erasures} erasures");
}
