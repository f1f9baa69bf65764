//! How long the package database of a large host takes to read:
//! `cargo bench -p elevate-core --bench rpmdb`. Beside rpm itself:
//! `cargo xtask bench-compare`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a benchmark that panics has failed; it makes what it reads, and says where it cannot"
)]

use std::fs::File;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use elevate_core::rpm::header::{DependencyKind, Header, Record, SignatureKind};
use elevate_core::rpm::rpmdb::{self, DbFiles, FileSource, Mode};

#[path = "rpmdb/large.rs"]
mod large;

/// Everything a plan needs of the installed packages, and what a snapshot takes.
fn database(c: &mut Criterion) {
    let path = match large::packages() {
        Ok(path) => path,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let mut group = c.benchmark_group("rpmdb-1500");
    group.throughput(Throughput::Elements(large::PACKAGES as u64));
    group.bench_function("everything", |b| b.iter(|| everything(&path)));
    group.bench_function("snapshot", |b| {
        b.iter(|| {
            let source = FileSource::new(File::open(&path).unwrap()).unwrap();
            rpmdb::open(&DbFiles::single(&source)).unwrap().installed(Mode::Strict).unwrap()
        });
    });
    group.finish();
}

/// Reads every tag of every package; how many things there were.
fn everything(path: &Path) -> usize {
    let source = FileSource::new(File::open(path).unwrap()).unwrap();
    let database = rpmdb::open(&DbFiles::single(&source)).unwrap();
    let records = database.records(Mode::Strict).map(|record| match record.unwrap() {
        Record::Package(header) => all_of(&header),
        Record::Key(_) => 1,
    });
    records.sum()
}

fn all_of(header: &Header) -> usize {
    black_box((header.name(), header.evr(), header.arch(), header.install_time(), header.size()));
    black_box((header.vendor(), header.packager(), header.source_rpm()));
    for kind in [SignatureKind::DsaHeader, SignatureKind::RsaHeader] {
        black_box(header.signature(kind));
    }
    let dependencies = DependencyKind::ALL.into_iter().flat_map(|kind| header.dependencies(kind));
    dependencies.map(black_box).count() + header.files().map(black_box).count()
}

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
}

criterion_group! { name = benches; config = settings(); targets = database }
criterion_main!(benches);
