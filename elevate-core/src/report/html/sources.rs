//! Repositories of the target, and what the plan was made from.

use serde::Serialize;

use super::{Maker, Section};
use crate::plan::{Plan, Provenance, ReadRepository};

#[derive(Serialize)]
struct Repositories<'p> {
    repositories: Vec<Repository<'p>>,
    read: &'p [ReadRepository],
    libsolv: Option<&'p str>,
    modules: Vec<(&'static str, Vec<String>)>,
    provenance: Option<Made<'p>>,
}

#[derive(Serialize)]
struct Repository<'p> {
    id: String,
    defined_in: Option<&'p str>,
    address: Option<&'p str>,
    reasons: String,
}

#[derive(Serialize)]
struct Made<'p> {
    provenance: &'p Provenance,
    format: String,
    actors: &'p [String],
    packs: &'p [String],
    options: &'p [String],
}

/// The target's repositories, those that were read, and module streams.
pub(super) fn repositories(maker: &Maker<'_>) -> Section {
    let plan = maker.plan;
    let repositories = plan.repositories.iter().map(|repository| {
        let reasons: Vec<String> = repository.reasons.iter().map(ToString::to_string).collect();
        Repository {
            id: repository.id.to_string(),
            defined_in: repository.defined_in.as_deref(),
            address: repository.address.as_deref(),
            reasons: reasons.join("; "),
        }
    });
    let streams = [("enabled", &plan.modules.enable), ("reset", &plan.modules.reset)];
    let streams = streams.into_iter().filter(|(_, streams)| !streams.is_empty());
    let words = |streams: &Vec<crate::model::ModuleStream>| {
        streams.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let view = Repositories {
        repositories: repositories.collect(),
        read: &plan.read,
        libsolv: plan.transaction.as_ref().map(|whole| whole.libsolv.as_str()),
        modules: streams.map(|(what, streams)| (what, words(streams))).collect(),
        provenance: None,
    };
    let body = maker.engine.fill("sources", &view);
    let count = Some(plan.repositories.len());
    Section { id: "repositories", title: "Repositories of the target", count, body }
}

/// What made the plan, from what.
pub(super) fn provenance(maker: &Maker<'_>) -> Section {
    let Plan { provenance, version, .. } = maker.plan;
    let made = Made {
        provenance,
        format: format!("elevate-plan {version}"),
        actors: &provenance.actors,
        packs: &provenance.packs,
        options: &provenance.options,
    };
    let view = Repositories {
        repositories: Vec::new(),
        read: &[],
        libsolv: None,
        modules: Vec::new(),
        provenance: Some(made),
    };
    let body = maker.engine.fill("sources", &view);
    Section { id: "provenance", title: "What this was made from", count: None, body }
}
