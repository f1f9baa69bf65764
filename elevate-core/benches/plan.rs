//! How long reading and planning take: `cargo bench -p elevate-core --bench plan`.
//!
//! The groups are named after what they measure on. `all-pes-inputs-alma-8.8` is
//! the recorded case leapp was timed on (`cargo xtask bench-compare`); where no
//! recorded data is there, a host of 2,500 packages made of the fixtures stands
//! in for it, as `synthetic-2500`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark that panics has failed")]

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use elevate_core::facts::Facts;
use elevate_core::pipeline;
use elevate_core::request::{self, Options, Policy};
use elevate_core::rpm::listing;
use elevate_core::upgrade_data::UpgradeData;

#[path = "plan/worlds.rs"]
#[expect(dead_code, reason = "evidence is for another benchmark")]
mod worlds;

use worlds::World;

/// Reading, planning, and both, of one large host.
fn case(c: &mut Criterion) {
    let world = World::of_case();
    let (data, options) = (world.data(), world.options());
    let mut group = c.benchmark_group(&world.name);
    group.bench_function("read", |b| b.iter(|| world.data()));
    group.bench_function("plan", |b| {
        b.iter(|| pipeline::plan(&world.host, &data, &options).unwrap());
    });
    for policy in [Policy::Default, Policy::Leapp021] {
        let options = Options { policy, ..options.clone() };
        group.bench_function(format!("decide-{policy}"), |b| {
            b.iter(|| request::decide(&Facts::new(&world.host), &data, &options).unwrap());
        });
    }
    let as_leapp = Options { policy: Policy::Leapp021, ..options.clone() };
    group.bench_function("lists-leapp-0.21", |b| {
        b.iter(|| request::lists(&Facts::new(&world.host), &data, &as_leapp).unwrap());
    });
    group.bench_function("read-and-lists-leapp-0.21", |b| {
        b.iter(|| request::lists(&Facts::new(&world.host), &world.data(), &as_leapp).unwrap());
    });
    group.bench_function("read-and-plan", |b| {
        b.iter(|| pipeline::plan(&world.host, &world.data(), &options).unwrap());
    });
    group.finish();
}

/// A whole data directory, vendors and device data included, from memory.
fn data(c: &mut Criterion) {
    let (name, directory) = worlds::largest_data();
    let mut group = c.benchmark_group("read-data");
    group.throughput(Throughput::Bytes(worlds::size(&directory) as u64));
    group.bench_function(name, |b| b.iter(|| UpgradeData::from_directory(&directory)));
    group.finish();
}

fn list(c: &mut Criterion) {
    let (name, text) = worlds::list();
    let mut group = c.benchmark_group("read-list");
    group.throughput(Throughput::Elements(1_212));
    group.bench_function(name, |b| b.iter(|| listing::read(&text).unwrap()));
    group.finish();
}

/// The cost of planning as hosts grow.
fn growth(c: &mut Criterion) {
    let mut group = c.benchmark_group("plan-growth");
    for packages in [500, 1_000, 2_000, 4_000] {
        let world = World::synthetic(packages);
        let (data, options) = (world.data(), world.options());
        group.throughput(Throughput::Elements(packages as u64));
        group.bench_function(BenchmarkId::from_parameter(packages), |b| {
            b.iter(|| pipeline::plan(&world.host, &data, &options).unwrap());
        });
    }
    group.finish();
}

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(40)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
}

criterion_group! { name = benches; config = settings(); targets = case, data, list, growth }
criterion_main!(benches);
