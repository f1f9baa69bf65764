//! How long repositories take to read, to load from a cache and to unite, and
//! providers to find: `cargo bench -p elevate-core --bench universe`. Beside
//! libsolv: `cargo xtask bench-compare --universe`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a benchmark that panics has failed; it reads recorded data where it is there"
)]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use elevate_core::model::{
    Arch, Comparison, InstalledPackage, ModuleStream, PackageData, StoredDependency,
};
use elevate_core::repository::store::ParsedDirectory;
use elevate_core::repository::{Definition, Directory, Variables};
use elevate_core::rpm::compressed;
use elevate_core::rpm::header::DependencyKind;
use elevate_core::rpm::primary::{Dependency, Reader};
use elevate_core::universe::{
    self, List, LoadOptions, Opened, Repository, RepositoryData, Source, Target, Term, Threads,
    Universe, cache,
};

/// One release of a real distribution in three cuts: 68,820 packages.
const REPOSITORIES: [&str; 3] = ["el8-baseos", "el8-appstream", "el8-epel"];
const LARGEST: &str = "el8-epel";
/// 1,986 packages of the release before.
const HOST: &str = "installed/gnome";
const LOOKUPS: usize = 20_000;

fn universe(c: &mut Criterion) {
    let oracle = std::env::var("ELEVATE_ORACLE_DIR").map(PathBuf::from);
    let oracle = oracle
        .unwrap_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/oracle"));
    let root = oracle.join("solver/debian");
    if !root.is_dir() {
        return eprintln!("skipped: {} is not there", root.display());
    }
    reading(c, &root.join("repos").join(LARGEST));
    let read_one = |name: &str| read(&root.join("repos").join(name), Threads::Two);
    let files: Vec<Vec<u8>> =
        REPOSITORIES.iter().map(|name| cache::encode(&read_one(name), "")).collect();
    let host = installed(&root.join(HOST));
    uniting(c, &files, &host);
    from_cache(c, &root.join("repos"));
}

/// A warm start as a command makes it: from the files of a cache to a target that
/// is filtered.
fn from_cache(c: &mut Criterion, root: &Path) {
    let kept = std::env::temp_dir().join(format!("elevate-bench-{}", std::process::id()));
    let cache = ParsedDirectory::new(&kept, 1 << 30);
    let files = REPOSITORIES.map(|name| Directory::new(root.join(name)));
    let define = |name| Definition::of_argument(&format!("{name}=/nowhere"), &Variables::new());
    let definitions = REPOSITORIES.map(|name| define(name).unwrap());
    let platform = ModuleStream { name: "platform".to_owned(), stream: "el8".to_owned() };
    let load = || {
        let all = definitions.iter().zip(&files);
        let repositories: Vec<Repository<'_>> =
            all.map(|(definition, files)| Repository { definition, files }).collect();
        let (arch, streams, paths, cache) = (&Arch::X86_64, &[], &[], Some(&cache as _));
        let options = LoadOptions { arch, platform: &platform, streams, paths, cache };
        universe::load(&repositories, &options).unwrap()
    };
    assert_eq!(load().target.len(), 68_820);
    let mut group = c.benchmark_group("universe-68820");
    group.bench_function("target-from-cache", |b| b.iter(load));
    group.finish();
    std::fs::remove_dir_all(&kept).unwrap();
}

/// A cold start.
fn reading(c: &mut Criterion, root: &Path) {
    let mut group = c.benchmark_group("read-60034");
    group.bench_function("one-thread", |b| b.iter(|| read(root, Threads::One)));
    group.bench_function("two-threads", |b| b.iter(|| read(root, Threads::Two)));
    group.finish();
}

/// A warm start: everything but the solver.
fn uniting(c: &mut Criterion, files: &[Vec<u8>], host: &[InstalledPackage]) {
    let mut group = c.benchmark_group("universe-68820");
    let copies = || files.to_vec();
    let size = BatchSize::PerIteration;
    group.bench_function("decode", |b| b.iter_batched(copies, decode, size));
    group.bench_function("decode-and-target", |b| {
        b.iter_batched(copies, |files| target(decode(files)), size);
    });
    let target = Arc::new(target(decode(copies())));
    let lay_over = || Universe::new(Arc::clone(&target), host).unwrap();
    group.bench_function("host", |b| b.iter(lay_over));
    let universe = lay_over();
    let terms = sampled(&universe);
    terms.iter().for_each(|term| {
        black_box(universe.providers(*term));
    });
    let kib = |bytes: usize| bytes >> 10;
    eprintln!(
        "memory: {} KiB shared by all hosts, {} KiB for one host of {} packages",
        kib(target.memory()),
        kib(universe.memory()),
        universe.installed().len()
    );
    group.bench_function("providers-20000", |b| {
        b.iter_batched(
            lay_over,
            |universe| {
                terms.iter().map(|term| black_box(universe.providers(*term)).len()).sum::<usize>()
            },
            size,
        );
    });
    group.finish();
}

fn read(root: &Path, threads: Threads) -> RepositoryData {
    let directory = Directory::new(root);
    Opened::new(&directory).unwrap().packages(threads).unwrap()
}

fn decode(files: Vec<Vec<u8>>) -> Vec<RepositoryData> {
    files.into_iter().map(|file| cache::decode(file, "").unwrap()).collect()
}

fn target(repositories: Vec<RepositoryData>) -> Target {
    let source =
        |(name, data): (&str, RepositoryData)| Source::new(name.parse().unwrap(), Arc::new(data));
    let sources = REPOSITORIES.into_iter().zip(repositories).map(source).collect();
    Target::new(&Arch::X86_64, sources).unwrap()
}

/// Every so many of all requirements.
fn sampled(universe: &Universe) -> Vec<Term> {
    let requires = |package| universe.list(package, List::Requires).iter().copied();
    let all: Vec<Term> = universe.packages().flat_map(requires).collect();
    all.iter().copied().step_by((all.len() / LOOKUPS).max(1)).take(LOOKUPS).collect()
}

/// The packages of a repository, as a host has them.
fn installed(root: &Path) -> Vec<InstalledPackage> {
    let file = std::fs::File::open(root.join("repodata/primary.xml.gz")).unwrap();
    let text = compressed::reader(file, 1 << 30).unwrap();
    let mut reader = Reader::new(text, "installed").unwrap();
    let mut all = Vec::new();
    while let Some(package) = reader.next().unwrap() {
        let of = |kind| package.dependencies(kind).map(|dependency| stored(&dependency)).collect();
        let data = PackageData {
            provides: of(DependencyKind::Provides),
            requires: of(DependencyKind::Requires),
            conflicts: of(DependencyKind::Conflicts),
            obsoletes: of(DependencyKind::Obsoletes),
            recommends: of(DependencyKind::Recommends),
            suggests: of(DependencyKind::Suggests),
            ..PackageData::default()
        };
        let (name, evr, arch) = (package.name, package.evr, package.arch);
        all.push(InstalledPackage {
            data: Some(Arc::new(data)),
            ..InstalledPackage::new(
                name.parse().unwrap(),
                evr.parse().unwrap(),
                Some(arch.parse().unwrap()),
            )
        });
    }
    all
}

fn stored(dependency: &Dependency<'_>) -> StoredDependency {
    let Dependency { name, flags, evr, .. } = dependency;
    StoredDependency::Text(match Comparison::from_bits(*flags).as_str() {
        "" => (*name).to_owned(),
        comparison => format!("{name} {comparison} {evr}"),
    })
}

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
}

criterion_group! { name = benches; config = settings(); targets = universe }
criterion_main!(benches);
