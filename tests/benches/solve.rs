//! How long a release upgrade takes to solve and to plan, and how many hosts that
//! share one target are planned in a second: `cargo bench -p elevate-tests --bench
//! solve`. Beside libsolv and dnf: `cargo xtask bench-compare --solver`.

#![expect(clippy::unwrap_used, reason = "a benchmark that panics has failed")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use elevate_core::model::InstalledPackage;
use elevate_core::solve::Solution;
use elevate_core::universe::{Target, Universe};
use elevate_tests::recorded::oracle_dir;
use elevate_tests::release::{HOSTS, Release, distro_sync};
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

fn solve(c: &mut Criterion) {
    let Some(directory) = oracle_dir("solver/debian") else { return };
    let release = Release::read(&directory);
    for host in HOSTS {
        one(c, host, &release.target, &release.host(host));
    }
    fleet(c, &release.target, &release.fleet());
}

/// The search alone, in a fresh universe, and everything from the list of packages to
/// the transaction with its reasons.
fn one(c: &mut Criterion, name: &str, target: &Arc<Target>, packages: &[InstalledPackage]) {
    let mut group = c.benchmark_group(format!("solve-{name}-{}", packages.len()));
    let fresh = || Universe::new(Arc::clone(target), packages).unwrap();
    let calls = distro_sync();
    let goal = calls.plan(&fresh()).goal;
    let search = |universe: Universe| (black_box(goal.solve(&universe)), universe);
    group.bench_function("solve", |b| b.iter_batched(fresh, search, BatchSize::PerIteration));
    group.bench_function("plan", |b| b.iter(|| plan(target, packages)));
    group.finish();
}

/// Hosts that share a target.
fn fleet(c: &mut Criterion, target: &Arc<Target>, hosts: &[Vec<InstalledPackage>]) {
    let mut group = c.benchmark_group(format!("fleet-{}", hosts.len()));
    group.throughput(Throughput::Elements(hosts.len() as u64));
    for threads in [1, 2] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let all = || hosts.par_iter().map(|packages| plan(target, packages)).sum::<usize>();
        group.bench_function(format!("threads-{threads}"), |b| b.iter(|| pool.install(all)));
    }
    group.finish();
}

/// Plans a host; how many packages come.
fn plan(target: &Arc<Target>, packages: &[InstalledPackage]) -> usize {
    let universe = Universe::new(Arc::clone(target), packages).unwrap();
    let calls = distro_sync();
    let solved = calls.solve(&universe);
    Solution::of(&universe, &calls, &solved).arriving.len()
}

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
}

criterion_group! { name = benches; config = settings(); targets = solve }
criterion_main!(benches);
