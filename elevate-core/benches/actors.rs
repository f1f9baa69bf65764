//! How long the actors that ship take on a large host that was captured:
//! `cargo bench -p elevate-core --bench actors`.
//!
//! Packages are those of the benchmark `plan`: 2,622 where recorded data is there, else
//! 2,500 made of the fixtures. Files, devices, mounts and services are those of the
//! host `fixtures/hosts/ready`, which has something to say to every actor, or of the
//! recorded archive of a real host. The names say which; `no-evidence` is a bare list of
//! packages, and `one-thread` is what one core needs.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark that panics has failed")]

use std::collections::BTreeSet;

use criterion::{Criterion, criterion_group, criterion_main};
use elevate_core::actor::{Given, Inputs};
use elevate_core::facts::Facts;
use elevate_core::pipeline::RuleSet;
use elevate_core::snapshot::Evidence;

#[path = "plan/worlds.rs"]
#[expect(dead_code, reason = "worlds of another benchmark")]
mod worlds;

fn all(c: &mut Criterion) {
    let evidence = worlds::evidence();
    for (name, evidence) in
        [("no-evidence".to_owned(), Evidence::default())].into_iter().chain(evidence)
    {
        ask(c, &name, evidence);
    }
}

fn ask(c: &mut Criterion, name: &str, evidence: Evidence) {
    let mut world = worlds::World::of_case();
    world.host.evidence = evidence;
    let (data, options) = (world.data(), world.options());
    let facts = Facts::new(&world.host);
    let signed: BTreeSet<_> = facts.packages().iter().map(|package| package.name.clone()).collect();
    let given = Given::default();
    let ask = || {
        let inputs = Inputs::new(&facts, &data, &options.path, &signed, &given);
        RuleSet::shipped().actors.on_host(&inputs)
    };
    let name = format!("{}+{name}", world.name);
    let mut group = c.benchmark_group("actors");
    group.bench_function(&name, |b| b.iter(ask));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    group.bench_function(format!("{name}/one-thread"), |b| b.iter(|| one.install(ask)));
    group.finish();
}

criterion_group!(benches, all);
criterion_main!(benches);
