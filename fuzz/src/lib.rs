//! What each fuzz target does with its bytes. A target fails by a panic: of the
//! library, or of an assertion here on what must hold for any input.

#![forbid(unsafe_code)]

use std::collections::{BTreeMap, BTreeSet};

use elevate_core::actor::{Actors, Given, Inputs};
use elevate_core::facts::Fixture;
use elevate_core::host::{ArchiveLimits, Sos};
use elevate_core::model::UpgradePath;
use elevate_core::pack::Pack;
use elevate_core::rpm::header::{
    self, DependencyKind, FileState, Header, Headers, Record, SignatureKind, read_package_file,
};
use elevate_core::rpm::metadata::MetadataRemark;
use elevate_core::rpm::rpmdb::{self, DbFiles, Mode};
use elevate_core::rpm::{filelists, listing, modules, primary, repomd};
use elevate_core::snapshot::capture::{Options, capture};
use elevate_core::snapshot::{Missing, Snapshot};
use elevate_core::transaction::Transaction;
use elevate_core::upgrade_data::{DataDirectory, UpgradeData};

/// One header as the database has it, as a package file has it, and as one of a
/// list.
pub fn header(bytes: &[u8]) {
    let list = Headers::new(bytes);
    let all = [header::read(bytes.to_vec()), read_package_file(bytes)].into_iter().chain(list);
    for record in all {
        match record {
            Ok(Record::Package(header)) => look_at(&header, bytes.len()),
            Ok(Record::Key(key)) => assert_eq!((key.id.len(), key.created.len()), (8, 8)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// Asks a header for everything. What it says of one thing can be no longer than
/// its bytes: a byte that is not UTF-8 becomes three.
fn look_at(header: &Header, length: usize) {
    let most = 3 * length;
    let texts = [
        header.vendor(),
        header.packager(),
        header.group(),
        header.platform(),
        header.source_rpm(),
        header.sha1(),
        header.module_label(),
    ];
    assert!(texts.iter().flatten().map(|text| text.len()).sum::<usize>() <= most);
    let kinds = [
        SignatureKind::DsaHeader,
        SignatureKind::RsaHeader,
        SignatureKind::Gpg,
        SignatureKind::Pgp,
    ];
    assert!(kinds.into_iter().filter_map(|kind| header.signature(kind)).all(|s| s.len() < 200));
    let _ = (header.is_source(), header.build_time(), header.install_time(), header.size());
    let _ = (header.module(), header.to_installed_package());
    for kind in DependencyKind::ALL {
        for dependency in header.dependencies(kind) {
            let _ = (dependency.to_requirement(), dependency.to_capability());
            assert!(dependency.to_string().len() <= most + 8);
            assert!(!dependency.flags.is_before() || dependency.flags.0 != 0);
        }
    }
    let files = header.files().inspect(|file| {
        assert!(file.directory.len() + file.name.len() <= most);
        assert_ne!(file.state, Some(FileState::Other(0)));
    });
    assert!(files.count() <= length);
    assert!(header.remarks().iter().all(|remark| !remark.is_empty()));
}

/// The kinds of database, each with its own target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `Packages`
    BerkeleyDb,
    /// `Packages.db`
    Ndb,
    /// `rpmdb.sqlite`
    Sqlite,
}

/// A database of this kind, whose first bytes are made to be so.
pub fn database(kind: Kind, bytes: &[u8]) {
    let mut bytes = bytes.to_vec();
    bytes.resize(bytes.len().max(512), 0);
    force(kind, &mut bytes);
    let Ok(database) = rpmdb::open(&DbFiles::single(&bytes)) else { return };
    let mut taken = 0;
    for stored in database.headers(Mode::Salvage).flatten() {
        taken += stored.bytes.len();
        assert!(taken <= bytes.len(), "more came out than is in the file");
        if let Ok(Record::Package(header)) = header::read(stored.bytes) {
            look_at(&header, bytes.len());
        }
    }
    let salvaged = database.installed(Mode::Salvage).expect("salvage goes on");
    match database.installed(Mode::Strict) {
        Ok(strict) => assert_eq!(strict, salvaged),
        Err(error) => assert_eq!(Some(&error.to_string()), salvaged.lost.first()),
    }
}

/// Writes the magic number where there is none, so that no time is lost on
/// finding it.
fn force(kind: Kind, bytes: &mut [u8]) {
    let (at, magic): (usize, &[u8]) = match kind {
        Kind::BerkeleyDb => (12, &[0x61, 0x15, 0x06, 0]),
        Kind::Ndb => (0, b"RpmP"),
        Kind::Sqlite => (0, b"SQLite format 3\0"),
    };
    let here = &mut bytes[at..at + magic.len()];
    let backwards = || magic.iter().rev().eq(here.iter());
    if kind != Kind::BerkeleyDb || !backwards() {
        here.copy_from_slice(magic);
    }
}

/// A package list of any shape.
pub fn listing(bytes: &[u8]) {
    match listing::read(bytes) {
        Ok(list) => assert_eq!(Ok(&list), listing::read(bytes).as_ref()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A list of modules. What is read was written: artifacts in order, defaults of
/// each module once.
pub fn modules(bytes: &[u8]) {
    let read = match modules::read(bytes) {
        Ok(read) => read,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    assert_eq!(Ok(&read), modules::read(bytes).as_ref());
    assert!(read.remarks.len() <= read.remarks_total);
    let defaults: BTreeSet<&str> = read.defaults.iter().map(|one| &*one.module).collect();
    assert_eq!(defaults.len(), read.defaults.len());
    for stream in &read.streams {
        assert!(!stream.name.is_empty() && !stream.stream.is_empty());
        assert!(stream.artifacts.is_sorted());
    }
}

/// A `primary.xml`. What it says of a package can be no longer than its bytes: a
/// byte that is not UTF-8 becomes three, a missing slash one. In batches it says
/// nothing else.
pub fn primary(bytes: &[u8]) {
    let in_batches = in_batches(bytes);
    let Ok(mut reader) = primary::Reader::new(bytes, "primary.xml") else {
        return assert_eq!(in_batches, Err(primary::NotInBatches));
    };
    let mut packages = Vec::new();
    loop {
        match reader.next() {
            Ok(Some(package)) => {
                packages.push(format!("{package:?}"));
                look_at_package(&package, 3 * bytes.len());
            }
            Ok(None) => break,
            Err(error) => {
                assert!(error.offset <= 3 * bytes.len() as u64, "{error}");
                assert!(matches!(reader.next(), Ok(None)));
                return assert_eq!(in_batches, Err(primary::NotInBatches));
            }
        }
    }
    assert!(packages.len() <= bytes.len());
    assert!(reader.remarks().iter().all(|remark| remark.times > 0));
    if let Ok(told) = in_batches {
        assert_eq!(told, (packages, reader.into_remarks()));
    }
}

/// The packages, in words, and what is odd about them. An empty text has no batches.
fn in_batches(bytes: &[u8]) -> Result<(Vec<String>, Vec<MetadataRemark>), primary::NotInBatches> {
    if bytes.is_empty() {
        return Err(primary::NotInBatches);
    }
    let (mut packages, mut all) = (Vec::new(), primary::Together::default());
    let mut batches = primary::Batches::new(bytes);
    while let Some(batch) = batches.next()? {
        all.join(batch.read("primary.xml", |package| {
            packages.push(format!("{package:?}"));
            Ok(())
        })?)?;
    }
    Ok((packages, all.into_remarks("primary.xml")))
}

fn look_at_package(package: &primary::Package<'_>, most: usize) {
    assert!(!package.name.is_empty());
    let texts = [package.name, package.evr, package.summary, package.vendor, package.location];
    assert!(texts.iter().map(|text| text.len()).sum::<usize>() <= most);
    if let Some((algorithm, hex)) = package.checksum {
        assert!(hex.is_empty() || algorithm.check(hex).is_ok());
    }
    for kind in DependencyKind::ALL {
        for dependency in package.dependencies(kind) {
            assert!(dependency.name.len() + dependency.evr.len() <= most);
            assert!(dependency.flags != 0 || dependency.evr.is_empty());
        }
    }
    assert!(package.files().all(|(_, path)| path.starts_with('/') && path.len() <= most));
}

/// A `repomd.xml` or a `filelists.xml`: both readers are asked.
pub fn repomd(bytes: &[u8]) {
    match repomd::read(bytes, "repomd.xml") {
        Ok(repomd) => {
            let stays = |location: &str| !location.split('/').any(|part| part == "..");
            assert!(repomd.data.iter().all(|data| stays(&data.location)));
            assert!(
                repomd.best("primary").is_ok() || repomd.data.iter().all(|d| d.kind != "primary")
            );
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    let mut files = 0;
    match filelists::scan(bytes, "filelists.xml", |file| {
        files += u64::from(file.path.starts_with('/'))
    }) {
        Ok(scanned) => assert_eq!(scanned.files, files),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A snapshot; one that is read comes back from what is written of it.
pub fn snapshot(bytes: &[u8]) {
    match Snapshot::read(bytes) {
        Ok(read) => {
            let again = Snapshot::read(read.snapshot.to_json().as_bytes()).expect("its own output");
            assert_eq!(again.snapshot, read.snapshot);
            assert!(again.ignored.is_empty(), "{:?}", again.ignored);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A sosreport or Insights archive, compressed or not, captured within small limits.
pub fn sos(bytes: &[u8]) {
    let limits = ArchiveLimits {
        entries: 10_000,
        file: 1 << 20,
        rpm_database: 1 << 20,
        kept: 4 << 20,
        decompressed: 16 << 20,
        ratio: 200,
        ratio_from: 4 << 20,
    };
    let host = match Sos::from_reader(bytes, &limits, &|_| true) {
        Ok(host) => host,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let take = || capture(&host, &Options::default(), &mut |_| ());
    match take() {
        Ok(snapshot) => {
            assert!(!snapshot.evidence.missing.values().any(|m| *m == Missing::Absent));
            assert_eq!(take().as_ref(), Ok(&snapshot));
            let read = Snapshot::read(snapshot.to_json().as_bytes()).expect("its own output");
            assert_eq!(read.snapshot, snapshot);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

const MANIFEST: &str =
    "[pack]\nname = \"p\"\nversion = \"1\"\nrequires = 1\ndescription = \"d\"\n";
const HOST: &str = "//- kernel 3.10.0-1160.el7.x86_64\n//- packages\nbash\nnginx third-party\n\
                    //- /etc/fstab\n/dev/sda1 / xfs defaults 0 0\n//- absent /etc/none\n\
                    //- dir /etc/yum.repos.d: a.repo\n//- /etc/yum.repos.d/a.repo\n[a]\nname=A\n\
                    baseurl=http://host.example/\n//- /proc/mounts\n/dev/sda1 / xfs rw 0 0\n";

/// A file of rules, or a manifest. Rules that can be read are asked about a small host,
/// twice, and their own tests are run.
pub fn pack(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let files = |files: &[(&str, &str)]| -> BTreeMap<String, String> {
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    };
    match Pack::read(&files(&[("pack.toml", text)])) {
        Ok(pack) => assert!(pack.actors.is_empty() && pack.trials.is_empty()),
        Err(errors) => assert_eq!(errors.first().map(|error| &*error.place.file), Some("pack.toml")),
    }
    match Pack::read(&files(&[("pack.toml", MANIFEST), ("rules.toml", text)])) {
        Ok(pack) => ask(&pack),
        Err(errors) => {
            assert!(!errors.is_empty());
            assert!(errors.iter().all(|error| !error.what.is_empty() && error.place.line > 0));
        }
    }
}

fn ask(pack: &Pack) {
    for trial in &pack.trials {
        let _ = trial.run(pack);
    }
    let mut actors = Actors::default();
    if let Err(error) = pack.register(&mut actors) {
        return assert!(!error.to_string().is_empty());
    }
    assert!(actors.lint().iter().all(|line| !line.is_empty()));
    let host = Fixture::parse(HOST).expect("a host");
    let (facts, signed) = (host.facts(), host.signed());
    let data = UpgradeData::from_directory(&DataDirectory::default());
    let target = "almalinux:8.10".parse().expect("a target");
    let path = UpgradePath { source: facts.system().clone(), target };
    let given = Given::default();
    let inputs = Inputs::new(&facts, &data, &path, &signed, &given);
    let told = || {
        let results = actors.on_upgrade(&inputs, actors.on_host(&inputs), &Transaction::default());
        format!("{results:?}")
    };
    assert_eq!(told(), told());
}
