//! How long the metadata of a large repository takes to read, decompression
//! included: `cargo bench -p elevate-core --bench metadata`.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark that panics has failed; it reads recorded data where it is there"
)]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use elevate_core::rpm::compressed;
use elevate_core::rpm::header::DependencyKind;
use elevate_core::rpm::primary::Reader;

/// The largest recorded repository: 60,034 packages, 97 MB of XML.
const RECORDED: &str = "solver/debian/repos/el8-epel/repodata/primary.xml.gz";
/// How many packages are made up where nothing is recorded.
const PACKAGES: usize = 20_000;

fn primary(c: &mut Criterion) {
    let (name, file) = file();
    let mut group = c.benchmark_group("read-primary");
    group.throughput(Throughput::Elements(read(&file).0));
    group.bench_function(&name, |b| b.iter(|| read(black_box(&file))));
    group.finish();
}

/// Decompresses and reads everything; how many packages, and how many other things
/// there were.
fn read(file: &[u8]) -> (u64, usize) {
    let mut reader =
        Reader::new(compressed::reader(file, 1 << 32).unwrap(), "primary.xml.gz").unwrap();
    let (mut packages, mut parts) = (0, 0);
    while let Some(package) = reader.next().unwrap() {
        packages += 1;
        black_box((package.name, package.arch, package.evr, package.checksum, package.location));
        let dependencies =
            DependencyKind::ALL.into_iter().flat_map(|kind| package.dependencies(kind));
        parts += dependencies.map(black_box).count() + package.files().map(black_box).count();
    }
    (packages, parts)
}

/// Name and content of what is read.
fn file() -> (String, Vec<u8>) {
    let root = match std::env::var("ELEVATE_ORACLE_DIR") {
        Ok(directory) => PathBuf::from(directory),
        Err(_) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/oracle"),
    };
    match std::fs::read(root.join(RECORDED)) {
        Ok(bytes) => ("recorded-60034".to_owned(), bytes),
        Err(_) => (format!("synthetic-{PACKAGES}"), synthetic()),
    }
}

fn synthetic() -> Vec<u8> {
    let requires: String = (0..12)
        .map(|n| format!(r#"<rpm:entry name="lib{n}.so.1(x)" flags="GE" epoch="0" ver="1.{n}"/>"#))
        .collect();
    let package = |n: usize| {
        format!(
            r#"<package type="rpm"><name>p{n}</name><arch>x86_64</arch><version epoch="0" ver="{n}" rel="1.el8"/>
<checksum type="sha256" pkgid="YES">{n:064x}</checksum><location href="Packages/p{n}.rpm"/>
<format><rpm:requires>{requires}</rpm:requires></format></package>"#
        )
    };
    let packages: String = (0..PACKAGES).map(package).collect();
    format!(r#"<metadata packages="{PACKAGES}">{packages}</metadata>"#).into_bytes()
}

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5))
}

criterion_group! { name = benches; config = settings(); targets = primary }
criterion_main!(benches);
