//! How long the actors that ship take on a large host:
//! `cargo bench -p elevate-core --bench actors`.
//!
//! The host is that of the benchmark `plan`: 2,622 packages where recorded data is there,
//! else 2,500 made of the fixtures. `one-thread` is what one core needs.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark that panics has failed")]

use std::collections::BTreeSet;

use criterion::{Criterion, criterion_group, criterion_main};
use elevate_core::actor::{Given, Inputs};
use elevate_core::facts::Facts;
use elevate_core::pipeline::RuleSet;

#[path = "plan/worlds.rs"]
#[expect(dead_code, reason = "worlds of another benchmark")]
mod worlds;

fn all(c: &mut Criterion) {
    let world = worlds::World::of_case();
    let (data, options) = (world.data(), world.options());
    let facts = Facts::new(&world.host);
    let signed: BTreeSet<_> = facts.packages().iter().map(|package| package.name.clone()).collect();
    let given = Given::default();
    let ask = || {
        let inputs = Inputs::new(&facts, &data, &options.path, &signed, &given);
        RuleSet::shipped().actors.on_host(&inputs)
    };
    let mut group = c.benchmark_group("actors");
    group.bench_function(&world.name, |b| b.iter(ask));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    group.bench_function(format!("{}/one-thread", world.name), |b| b.iter(|| one.install(ask)));
    group.finish();
}

criterion_group!(benches, all);
criterion_main!(benches);
