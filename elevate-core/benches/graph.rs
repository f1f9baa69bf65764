//! How long questions on the dependencies of a large host take:
//! `cargo bench -p elevate-core --bench graph`.
//!
//! The host is made up: 6,000 packages in layers, a fifth of them libraries, with
//! as many requirements as a real one has, some with several providers, and some
//! cycles.

#![expect(clippy::unwrap_used, reason = "a benchmark that panics has failed")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use elevate_core::model::{Arch, InstalledPackage, PackageData, Purpose, StoredDependency};
use elevate_core::universe::graph::{Bonds, DependencyGraph, Questions, Sequence};
use elevate_core::universe::{SolvableId, Target, Universe};

const PACKAGES: usize = 6_000;
/// Every fifth package provides libraries.
const LIBRARIES: usize = 5;
/// How many capabilities a library provides.
const CAPABILITIES: usize = 8;
/// How many things a package asks for: real ones ask for a dozen on average.
const ASKED: usize = 12;

/// A generator with a fixed seed: the same host in every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    /// A package below this one; the first ones are asked for most, as libc is.
    fn below_mostly_low(&mut self, limit: usize) -> usize {
        let high = self.below(limit) + 1;
        self.below(high)
    }
}

fn host() -> Vec<InstalledPackage> {
    let mut random = Seeded(8);
    (0..PACKAGES).map(|at| package(at, &mut random)).collect()
}

fn package(at: usize, random: &mut Seeded) -> InstalledPackage {
    let text = |text: String| StoredDependency::Text(text);
    let mut data = PackageData::default();
    if at.is_multiple_of(LIBRARIES) {
        data.provides = (0..CAPABILITIES).map(|n| text(capability(at, n))).collect();
    }
    // One in twenty programs is one of several that would do.
    if at.is_multiple_of(20) {
        data.provides.push(text(format!("service({})", at / 400)));
    }
    data.requires = (0..ASKED).map(|_| asked(at, random)).collect();
    let script = StoredDependency::Flagged {
        text: "package-0".to_owned(),
        purposes: vec![Purpose::Post, Purpose::Interp],
    };
    data.requires.push(script);
    let reason = if at.is_multiple_of(10) { "user" } else { "dep" };
    let name = format!("package-{at}").parse().unwrap();
    InstalledPackage {
        install_reason: Some(reason.to_owned()),
        data: Some(Arc::new(data)),
        ..InstalledPackage::new(name, "1.0-1.el7".parse().unwrap(), Some(Arch::X86_64))
    }
}

fn asked(at: usize, random: &mut Seeded) -> StoredDependency {
    StoredDependency::Text(match random.below(20) {
        // Now and then a package needs one that needs it: cycles.
        0 => format!("package-{}", (at + random.below(3)).min(PACKAGES - 1)),
        1 => format!("service({})", random.below(PACKAGES / 400)),
        2..6 => format!("package-{} >= 1.0", random.below_mostly_low(at)),
        _ => {
            let library = random.below_mostly_low(at / LIBRARIES) * LIBRARIES;
            capability(library, random.below(CAPABILITIES))
        }
    })
}

fn capability(library: usize, number: usize) -> String {
    format!("lib{library}.so.1(VERSION_{number})(64bit)")
}

fn questions(c: &mut Criterion) {
    let host = host();
    let nothing_else = Arc::new(Target::new(&Arch::X86_64, Vec::new()).unwrap());
    let universe = Universe::new(Arc::clone(&nothing_else), &host).unwrap();
    let graph = DependencyGraph::of_installed(&universe, &host);
    let named = |at: usize| -> SolvableId {
        let name = format!("package-{at}");
        graph.packages().iter().copied().find(|p| universe.text(universe.name(*p)) == name).unwrap()
    };
    let (low, middle, high) = (named(0), named(PACKAGES / 2), named(PACKAGES - 1));
    let mut group = c.benchmark_group("graph-6000");
    group.throughput(Throughput::Elements(PACKAGES as u64));
    group.bench_function("universe", |b| {
        b.iter(|| Universe::new(Arc::clone(&nothing_else), &host).unwrap());
    });
    group.bench_function("build", |b| b.iter(|| DependencyGraph::of_installed(&universe, &host)));
    for (name, package) in [("low", low), ("middle", middle), ("high", high)] {
        group.bench_function(format!("why-{name}"), |b| b.iter(|| graph.why(package, 5)));
        group.bench_function(format!("removal-{name}"), |b| b.iter(|| graph.removal(&[package])));
    }
    group.bench_function("needed-by-low", |b| b.iter(|| graph.needed_by(low, Bonds::Hard)));
    group.bench_function("needs-high", |b| b.iter(|| graph.needs(high, Bonds::Hard)));
    group.bench_function("cycles", |b| b.iter(|| graph.cycles()));
    group.bench_function("leaves", |b| b.iter(|| graph.leaves(Bonds::Hard)));
    group.bench_function("orphans", |b| b.iter(|| graph.orphans()));
    group.bench_function("order", |b| b.iter(|| graph.order()));
    let all = || universe.installed();
    group.bench_function("sequence", |b| b.iter(|| Sequence::of(&universe, [], all())));
    group.bench_function("overview", |b| b.iter(|| graph.overview(10)));
    let asked = Questions { graph: &graph, installed: &host };
    group.bench_function("whole-as-document", |b| b.iter(|| black_box(asked.whole(Bonds::Hard))));
    group.finish();
}

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
}

criterion_group! { name = benches; config = settings(); targets = questions }
criterion_main!(benches);
