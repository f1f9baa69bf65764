//! Metadata of real repositories and of the test suites of createrepo_c, dnf,
//! libdnf and pulp: every file is read, as libsolv reads it.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Read;

use elevate_core::repository::Verifying;
use elevate_core::rpm::header::DependencyKind;
use elevate_core::rpm::metadata::{Checksum, MetadataRemark};
use elevate_core::rpm::primary::{Dependency, Package, Reader};
use elevate_core::rpm::repomd::{self, Repomd};
use elevate_core::rpm::{compressed, filelists};
use elevate_tests::binary::libsolv_script;
use elevate_tests::data::TempDir;
use elevate_tests::recorded::{data_dir, files};

/// The largest content of a file, in bytes.
const LARGEST: usize = 1 << 28;

/// Every recorded file of metadata by its path; in an archive, behind its name.
fn recorded() -> Option<BTreeMap<String, Vec<u8>>> {
    let mut all = BTreeMap::new();
    for (path, bytes) in files(&data_dir("repodata")?, |_| true) {
        if path.starts_with("fixtures/") && path.ends_with(".tar.xz") {
            for (name, bytes) in untar(&bytes) {
                all.insert(format!("{path}:{name}"), bytes);
            }
        } else {
            all.insert(path, bytes);
        }
    }
    Some(all)
}

/// The regular files of an archive.
fn untar(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let content = compressed::decompress(archive, LARGEST).expect("an archive");
    let mut archive = tar::Archive::new(&content[..]);
    let mut files = Vec::new();
    for entry in archive.entries().expect("entries") {
        let mut entry = entry.expect("an entry");
        if entry.header().entry_type().is_file() {
            let name = entry.path().expect("a path").to_string_lossy().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("content");
            files.push((name, bytes));
        }
    }
    files
}

/// Of `path/to/abc-primary.xml.gz`: `primary.xml`. Neither databases nor anything
/// else are metadata here.
fn kind(path: &str) -> Option<&'static str> {
    let name = path.rsplit(['/', ':']).next().unwrap_or_default();
    let kinds = ["repomd.xml", "primary.xml", "filelists.xml"];
    kinds.into_iter().find(|kind| name.contains(kind) && !name.ends_with(".asc"))
}

/// What a file is read as, in lines.
fn summary(path: &str, all: &BTreeMap<String, Vec<u8>>) -> String {
    let bytes = &all[path];
    let from = match compressed::reader(&bytes[..], LARGEST) {
        Ok(from) => from,
        Err(error) => return format!("{path}: {error}\n"),
    };
    let (counts, remarks) = match kind(path) {
        Some("primary.xml") => primary(from),
        Some("filelists.xml") => {
            let scanned =
                filelists::scan(from, "", |_| ()).unwrap_or_else(|e| panic!("{path}: {e}"));
            let counts = format!("{} packages, {} files", scanned.packages, scanned.files);
            (counts, scanned.remarks)
        }
        _ => {
            let repomd = repomd::read(from, "").unwrap_or_else(|e| panic!("{path}: {e}"));
            (repomd_counts(path, &repomd, all), repomd.remarks)
        }
    };
    let mut text = format!("{path}: {counts}\n");
    for remark in remarks {
        writeln!(text, "  {}", remark.to_string().trim_start_matches(": ")).expect("a line");
    }
    text
}

fn primary(from: impl Read) -> (String, Vec<MetadataRemark>) {
    let mut reader = Reader::new(from, "").unwrap_or_else(|e| panic!("{e}"));
    let (mut packages, mut files, mut lists) = (0, 0, [0; 8]);
    while let Some(package) = reader.next().unwrap_or_else(|e| panic!("{e}")) {
        packages += 1;
        files += package.files().len();
        for (sum, kind) in lists.iter_mut().zip(DependencyKind::ALL) {
            *sum += package.dependencies(kind).len();
        }
    }
    (format!("{packages} packages, {lists:?} dependencies, {files} files"), reader.into_remarks())
}

/// How many files there are, how many of them are recorded, and how their
/// checksums compare.
fn repomd_counts(path: &str, repomd: &Repomd, all: &BTreeMap<String, Vec<u8>>) -> String {
    let root = path.strip_suffix("repodata/repomd.xml").unwrap_or(path);
    let (mut verified, mut wrong) = (0, Vec::new());
    for data in &repomd.data {
        let Some(bytes) = all.get(&format!("{root}{}", data.location)) else { continue };
        let is_text = !data.location.ends_with(".zck");
        let open = compressed::decompress(bytes, LARGEST).unwrap_or_default();
        for (bytes, sum, size) in [
            (&bytes[..], data.checksum.as_ref(), data.size),
            (&open[..], data.open_checksum.as_ref().filter(|_| is_text), data.open_size),
        ] {
            match sum.map(|sum| verify(bytes, sum, size)) {
                None => {}
                Some(Ok(())) => verified += 1,
                Some(Err(why)) => wrong.push(format!("{}: {why}", data.location)),
            }
        }
    }
    let best = ["primary", "filelists", "updateinfo", "group", "modules"]
        .map(|kind| repomd.best(kind).map_or_else(|why| why.to_string(), |data| data.kind.clone()));
    let best: Vec<String> = best.into_iter().filter(|best| !best.contains(" has no ")).collect();
    let mut counts =
        format!("{} files ({}), {verified} checksums", repomd.data.len(), best.join(", "));
    wrong.iter().for_each(|wrong| write!(counts, "\n  {wrong}").expect("a line"));
    counts
}

fn verify(bytes: &[u8], sum: &Checksum, size: Option<u64>) -> Result<(), String> {
    let verifying = Verifying::new(bytes, sum.algorithm());
    verifying.verify(sum, size).map_err(|error| error.to_string())
}

#[test]
fn metadata_every_recorded_file_is_read() {
    let Some(all) = recorded() else { return };
    let text: String =
        all.keys().filter(|path| kind(path).is_some()).map(|path| summary(path, &all)).collect();
    insta::assert_snapshot!(text);
}

#[test]
fn metadata_packages_are_those_that_libsolv_reads() {
    let Some(all) = recorded() else { return };
    let directory = TempDir::new("primary").expect("a directory");
    let (mut ours, mut paths) = (String::new(), String::new());
    for (number, (path, bytes)) in all.iter().enumerate() {
        let is_plain = !path.ends_with(".zck");
        if kind(path) == Some("primary.xml") && is_plain {
            let content = compressed::decompress(bytes, LARGEST).expect("content");
            let path = directory.write(&format!("{number}.xml"), &content).expect("a file");
            writeln!(ours, "# {}", path.display()).expect("a line");
            writeln!(paths, "{}", path.display()).expect("a line");
            let mut reader = Reader::new(&content[..], "").expect("metadata");
            while let Some(package) = reader.next().expect("a package") {
                ours.push_str(&as_libsolv_prints(&package));
            }
        }
    }
    let Some(theirs) = libsolv_script("libsolv_primary.py", &paths) else {
        eprintln!("skipped: python3-solv is not installed");
        return;
    };
    let differ = ours.lines().zip(&theirs).find(|(ours, theirs)| ours != theirs);
    assert_eq!(differ, None);
    assert_eq!(ours.lines().count(), theirs.len());
    assert!(theirs.len() > 10_000, "{}", theirs.len());
}

/// libsolv keeps each dependency once, and adds what every binary package provides.
fn as_libsolv_prints(package: &Package<'_>) -> String {
    let sum = package.checksum.map(|(algorithm, hex)| format!("{algorithm}:{hex}"));
    let Package { name, evr, arch, .. } = package;
    let mut text = format!("{name} {evr} {arch} {}\n", sum.as_deref().unwrap_or("<NULL>"));
    for kind in DependencyKind::ALL {
        let mut all: BTreeSet<String> = package.dependencies(kind).map(in_words).collect();
        if kind == DependencyKind::Provides && *arch != "src" && *arch != "nosrc" {
            all.insert(format!("{name} = {evr}"));
        }
        // What is needed before is not needed otherwise too.
        let before: BTreeSet<String> =
            all.iter().filter_map(|text| text.strip_prefix("pre ")).map(str::to_owned).collect();
        for dependency in all.difference(&before) {
            if !dependency.trim_start_matches("pre ").starts_with('(') {
                writeln!(text, "  {kind:?} {dependency}").expect("a line");
            }
        }
    }
    for (_, path) in package.files() {
        writeln!(text, "  File {path}").expect("a line");
    }
    text
}

fn in_words(dependency: Dependency<'_>) -> String {
    let comparisons = ["", " > ", " = ", " >= ", " < ", " <> ", " <= "];
    let comparison = comparisons[usize::from(dependency.flags)];
    let pre = if dependency.pre { "pre " } else { "" };
    format!("{pre}{}{comparison}{}", dependency.name, dependency.evr)
}
