//! Databases of real hosts: what is read is what rpm prints, and damage is
//! borne.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[path = "rpmdb/databases.rs"]
mod databases;
#[path = "rpmdb/removal.rs"]
mod removal;
#[path = "rpmdb/tools.rs"]
mod tools;

use std::collections::BTreeSet;

use databases::{Recorded, as_rpm_prints, beside, contents, query_format, recorded};
use elevate_core::model::{Arch, Evr, InstalledPackage};
use elevate_core::rpm::dnf_history;
use elevate_core::rpm::header::{self, DependencyKind, Header, Headers, Record, read_package_file};
use elevate_core::rpm::rpmdb::{self, DbFiles, DbKind, Mode};
use elevate_tests::data::{TempDir, read, untar};
use elevate_tests::recorded::{data_dir, entries};

#[test]
fn rpmdb_every_recorded_database_is_read_to_its_last_package() {
    let known = [
        ("adversarial/rpm-testsuite-rpmdb.sqlite", 2),
        ("centos6-plain/Packages.xz", 129),
        ("centos7-httpd24/Packages.xz", 225),
        ("centos7-plain/Packages.xz", 144),
        ("centos8-101/var-lib-rpm.tar.xz", 101),
        ("small/go-rpmdb-libuuid/Packages", 1),
        ("small/osv-epoch/Packages", 1),
    ];
    for Recorded { name, bytes } in recorded().into_iter().flatten() {
        let database = rpmdb::open(&DbFiles::single(&bytes)).unwrap();
        let all = database.installed(Mode::Strict).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(all.remarks, Vec::<String>::new(), "{name}");
        assert_eq!(database.installed(Mode::Salvage).unwrap(), all, "{name}");
        let count = all.packages.len() + all.keys.len();
        let lines = beside(&name, "expected.nevra").map(|text| text.lines().count());
        let by_name = known.iter().find(|(known, _)| *known == name).map(|(_, count)| *count);
        let known = lines.or(by_name).unwrap_or_else(|| panic!("{name}: nobody counted it"));
        assert_eq!(count, known, "{name}");
    }
}

#[test]
fn rpmdb_names_vendors_and_signatures_are_the_recorded_ones() {
    for Recorded { name, bytes } in recorded().into_iter().flatten() {
        let Some(expected) = beside(&name, "expected.nevra") else { continue };
        let (packages, keys) = contents(&name, &bytes);
        let mut lines: Vec<String> = packages.iter().map(nevra_line).collect();
        lines.extend(keys.iter().map(|key| format!("gpg-pubkey-0:{}-{}", key.id, key.created)));
        lines.sort();
        // Of keys the name is enough.
        let name_of_key = |line: &str| match line.split_once(".(none)\t") {
            Some((key, _)) => key.to_owned(),
            None => line.to_owned(),
        };
        let mut expected: Vec<String> = expected.lines().map(name_of_key).collect();
        expected.sort();
        assert_eq!(lines, expected, "{name}");
    }
}

fn nevra_line(header: &Header) -> String {
    let package = header.to_installed_package();
    let vendor = package.vendor.unwrap_or_default();
    format!("{}\t{vendor}\t{}", full_name(header), package.pgpsig.unwrap_or_default())
}

fn full_name(header: &Header) -> String {
    let (name, evr) = (header.name(), header.evr());
    let arch = header.arch().map(ToString::to_string).unwrap_or_default();
    format!("{name}-{}:{}-{}.{arch}", evr.epoch, evr.version, evr.release)
}

#[test]
fn rpmdb_dependencies_are_the_recorded_ones_and_all_mean_something() {
    for Recorded { name, bytes } in recorded().into_iter().flatten() {
        let Some(expected) = beside(&name, "deps.tsv.xz") else { continue };
        let expected: BTreeSet<&str> = expected.lines().collect();
        let mut found = BTreeSet::new();
        for header in contents(&name, &bytes).0 {
            for (letter, kind) in ["P", "R", "C", "O"].into_iter().zip(DependencyKind::ALL) {
                for dependency in header.dependencies(kind) {
                    let text = dependency.to_string();
                    let requirement = dependency.to_requirement().map(|r| r.to_string());
                    let plain = text.replace(" 0:", " ");
                    assert_eq!(requirement.as_deref(), Ok(plain.as_str()), "{name}");
                    found.insert(format!("{}\t{letter}\t{text}", full_name(&header)));
                }
            }
        }
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        let keys = |line: &&&str| !line.starts_with("gpg-pubkey");
        let missing: Vec<_> = expected.difference(&found).filter(keys).collect();
        let more: Vec<_> = found.difference(&expected).collect();
        assert_eq!((missing, more), (vec![], vec![]), "{name}");
    }
}

#[test]
fn rpmdb_every_tag_reads_as_rpm_prints_it() {
    for Recorded { name, bytes } in recorded().into_iter().flatten() {
        let kind = rpmdb::open(&DbFiles::single(&bytes)).unwrap().kind();
        let (backend, file) = match kind {
            DbKind::BerkeleyDb => ("bdb_ro", "Packages"),
            DbKind::Sqlite => ("sqlite", "rpmdb.sqlite"),
            DbKind::Ndb => ("ndb", "Packages.db"),
        };
        let directory = TempDir::new("rpmdb-tags").unwrap();
        directory.write(file, &bytes).unwrap();
        same_as_rpm(&name, backend, &directory, &bytes);
    }
}

/// Compares everything rpm prints of a database with what is read.
fn same_as_rpm(name: &str, backend: &str, directory: &TempDir, bytes: &[u8]) {
    let format = query_format();
    let Some((theirs, their_keys)) = tools::rpm_prints(backend, directory.path(), &format) else {
        return;
    };
    let (packages, keys) = contents(name, bytes);
    let mut ours: Vec<String> = packages.iter().map(as_rpm_prints).collect();
    ours.sort();
    let mut keys: Vec<_> = keys.iter().map(|key| format!("{}-{}", key.id, key.created)).collect();
    keys.sort();
    assert_eq!(keys, their_keys, "{name}");
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(first_difference(ours, theirs), None, "{name}");
    }
    assert_eq!(ours.len(), theirs.len(), "{name}");
}

/// The first field that differs, with the package it is of.
fn first_difference(ours: &str, theirs: &str) -> Option<String> {
    let ends = ['\u{1e}', '\u{1f}'];
    let package = ours.split(ends).next().unwrap_or_default();
    let mut both = ours.split(ends).zip(theirs.split(ends));
    let different = both.find(|(ours, theirs)| ours != theirs);
    let different = different.or((ours != theirs).then_some((ours, theirs)));
    different.map(|(ours, theirs)| format!("{package}: {ours:?}, and rpm prints {theirs:?}"))
}

#[test]
fn rpmdb_berkeley_db_of_every_page_size_and_byte_order_holds_the_same() {
    let Some(all) = recorded() else { return };
    let Some(plain) = all.iter().find(|db| db.name.starts_with("centos6-plain")) else {
        panic!("centos6-plain is not recorded")
    };
    let directory = TempDir::new("rpmdb-load").unwrap();
    directory.write("Packages", &plain.bytes).unwrap();
    let dump = ["-f", "dump", "Packages"];
    if tools::run("db_dump", &dump, directory.path()).is_none() {
        return;
    }
    let expected = stored(&plain.bytes);
    for size in ["512", "2048", "8192", "65536"] {
        for (order, checksums) in [("1234", "0"), ("4321", "0"), ("4321", "1"), ("1234", "1")] {
            let made = format!("{size}-{order}-{checksums}");
            let (size, order) = (format!("db_pagesize={size}"), format!("db_lorder={order}"));
            let mut arguments = vec!["-c", &size, "-c", &order];
            if checksums == "1" {
                arguments.extend(["-c", "chksum=1"]);
            }
            arguments.extend(["-t", "hash", "-f", "dump", &made]);
            let output = tools::run("db_load", &arguments, directory.path()).expect("db_load");
            assert!(output.status.success(), "{output:?}");
            let bytes = read(&directory.path().join(&made)).unwrap();
            assert_eq!(stored(&bytes), expected, "{made}");
        }
    }
}

#[test]
fn rpmdb_a_btree_and_an_encrypted_hash_are_refused_by_name() {
    let directory = TempDir::new("rpmdb-refused").unwrap();
    directory.write("text", b"1\none\n2\ntwo\n").unwrap();
    let made = [
        (&["-T", "-t", "btree", "-f", "text", "tree"][..], "tree", "is a Berkeley DB B-tree"),
        (
            &["-T", "-t", "hash", "-P", "secret", "-f", "text", "secret"],
            "secret",
            "is an encrypted",
        ),
    ];
    for (arguments, file, why) in made {
        let Some(output) = tools::run("db_load", arguments, directory.path()) else { return };
        assert!(output.status.success(), "{output:?}");
        let bytes = read(&directory.path().join(file)).unwrap();
        let error = rpmdb::open(&DbFiles::single(&bytes)).err().expect("refused").to_string();
        assert!(error.starts_with(why), "{error}");
    }
}

/// The headers of a database as rpm exports them.
fn header_list(bytes: &[u8]) -> Vec<u8> {
    let magic = [0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0];
    stored(bytes).iter().flat_map(|header| [&magic[..], header].concat()).collect()
}

/// The headers as they are stored, in the order of their bytes.
fn stored(bytes: &[u8]) -> Vec<Vec<u8>> {
    let database = rpmdb::open(&DbFiles::single(&bytes)).expect("a database");
    let headers = database.headers(Mode::Strict);
    let mut headers: Vec<Vec<u8>> = headers.map(|h| h.expect("a header").bytes).collect();
    headers.sort();
    headers
}

#[test]
fn rpmdb_the_same_packages_in_another_backend_are_the_same() {
    for Recorded { name, bytes } in recorded().into_iter().flatten() {
        if rpmdb::open(&DbFiles::single(&bytes)).unwrap().kind() != DbKind::BerkeleyDb {
            continue;
        }
        let list = header_list(&bytes);
        for (backend, file) in [("sqlite", "rpmdb.sqlite"), ("ndb", "Packages.db")] {
            let other = TempDir::new(&format!("rpmdb-{backend}")).unwrap();
            if !tools::import(backend, other.path(), &list) {
                continue;
            }
            let made = read(&other.path().join(file)).unwrap();
            same_as_rpm(&format!("{name} in {backend}"), backend, &other, &made);
            let texts = |bytes: &[u8]| {
                let (packages, keys) = contents(&name, bytes);
                let packages: BTreeSet<String> = packages.iter().map(as_rpm_prints).collect();
                (packages, keys.into_iter().collect::<BTreeSet<_>>())
            };
            assert_eq!(texts(&made), texts(&bytes), "{name} in {backend}");
        }
    }
}

#[test]
fn rpmdb_a_database_rpm_itself_makes_in_ndb_is_read_to_what_it_prints() {
    let Some(directory) = data_dir("rpmdb/rpm-heads") else { return };
    if tools::ndb_rpm().is_none() {
        return;
    }
    let made = TempDir::new("rpmdb-ndb").unwrap();
    let mut installed = 0;
    for archive in entries(&directory) {
        let heads = TempDir::new("rpmdb-ndb-heads").unwrap();
        let files = untar(&read(&archive).unwrap());
        // rpm refuses the whole set where it holds one package twice.
        for (index, (_, bytes)) in files.iter().enumerate() {
            let head = heads.write(&format!("{index:04}.rpm"), bytes).unwrap();
            let lock = format!("_rpmlock_path {}", heads.path().join("lock").display());
            let how = ["--justdb", "--nodeps", "--noscripts", "--ignorearch", "--ignoreos"];
            let mut arguments = vec!["--define", &lock, "--force", "-i"];
            arguments.extend(how);
            arguments.push(head.to_str().unwrap());
            if index % 8 == 0 {
                tools::rpm("ndb", made.path(), &arguments).expect("rpm with ndb");
                installed += 1;
            }
        }
    }
    let bytes = read(&made.path().join("Packages.db")).unwrap();
    let database = rpmdb::open(&DbFiles::single(&bytes)).unwrap();
    assert_eq!(database.kind(), DbKind::Ndb);
    let packages = database.installed(Mode::Strict).unwrap().packages.len();
    assert!(packages > 50 && packages <= installed, "{packages} of {installed}");
    same_as_rpm("made by rpm in ndb", "ndb", &made, &bytes);
}

#[test]
fn rpmdb_headers_in_package_files_read_as_rpm_prints_them() {
    let Some(directory) = data_dir("rpmdb/rpm-heads") else { return };
    for archive in entries(&directory) {
        let files = untar(&read(&archive).unwrap());
        let heads = TempDir::new("rpmdb-heads").unwrap();
        let mut ours = Vec::new();
        for (index, (name, bytes)) in files.iter().enumerate() {
            let header = read_package_file(bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
            let Record::Package(header) = header else { panic!("{name} is a key") };
            ours.push(as_rpm_prints(&header));
            heads.write(&format!("{index:04}.rpm"), bytes).unwrap();
        }
        assert!(!ours.is_empty(), "{} is empty", archive.display());
        let Some(theirs) = tools::rpm_prints_files(heads.path(), &query_format()) else { return };
        assert_eq!(ours.len(), theirs.len(), "{}", archive.display());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(first_difference(ours, theirs), None, "{}", archive.display());
        }
    }
}

#[test]
fn rpmdb_a_list_of_headers_is_read_and_a_damaged_header_is_refused() {
    let Some(directory) = data_dir("rpmdb") else { return };
    let list = read(&directory.join("adversarial/perl-RPM2-hdlist-test.hdr")).unwrap();
    let names: Vec<String> = Headers::new(&list)
        .map(|record| match record.unwrap() {
            Record::Package(header) => full_name(&header),
            Record::Key(key) => panic!("{key:?}"),
        })
        .collect();
    let expected = [
        "mod_perl-0:1.29-1.i386",
        "apache-0:1.3.27-8.rhn.2fixlog.i386",
        "perl-libapreq-0:1.3-1.i386",
    ];
    assert_eq!(names, expected);
    let blob = read(&directory.join("small/go-rpmdb-blob.bin")).unwrap();
    // Its file list was damaged by whoever recorded it: rpm calls its digest bad.
    let error = header::read(blob).unwrap_err().to_string();
    assert_eq!(
        error,
        "header of publicsuffix-list-dafsa-20210518-2.fc35.noarch, tag 1116 (DIRINDEXES): name directory 4 of 4"
    );
}

#[test]
fn rpmdb_dnfs_notes_are_read_from_a_database_sqlite_made() {
    let directory = TempDir::new("rpmdb-history").unwrap();
    let fill = "CREATE TABLE rpm (item_id INTEGER UNIQUE NOT NULL, /* of item, the table */
            name TEXT NOT NULL, epoch INTEGER NOT NULL, version TEXT NOT NULL,
            release TEXT NOT NULL, arch TEXT NOT NULL, FOREIGN KEY (item_id) REFERENCES item (id));
        CREATE TABLE repo (id INTEGER PRIMARY KEY, repoid TEXT NOT NULL);
        CREATE TABLE trans_item (id INTEGER PRIMARY KEY AUTOINCREMENT, trans_id INTEGER,
            item_id INTEGER, repo_id INTEGER, action INTEGER NOT NULL, reason INTEGER NOT NULL,
            state INTEGER NOT NULL);
        INSERT INTO repo VALUES (1, 'baseos'), (2, 'appstream');
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            INSERT INTO rpm SELECT i * 7, 'p' || i, i % 3, '1', '2', 'noarch' FROM n;
        INSERT INTO trans_item (trans_id, item_id, repo_id, action, reason, state)
            SELECT 1, item_id, 1 + item_id % 2, 1, 2, 1 FROM rpm;";
    let Some(output) = tools::run("sqlite3", &["history.sqlite", fill], directory.path()) else {
        return;
    };
    assert!(output.status.success(), "{output:?}");
    let bytes = read(&directory.path().join("history.sqlite")).unwrap();
    let history = dnf_history::read(&bytes).unwrap();
    assert_eq!(history.len(), 3000);
    let evr = Evr::new(2, "1", "2");
    let name = "p2999".parse().unwrap();
    let mut packages = [InstalledPackage::new(name, evr, Some(Arch::Noarch))];
    history.apply(&mut packages);
    assert_eq!(packages[0].from_repo.as_deref(), Some("appstream"));
    assert_eq!(packages[0].install_reason.as_deref(), Some("user"));
}

/// Databases with random damage, `ELEVATE_MUTATIONS` of them (300 by default).
/// Not one makes the reader panic, yield more than is in the file, or end in
/// another way in strict mode than salvage does.
#[test]
fn rpmdb_damaged_databases_are_borne() {
    let Some(all) = recorded() else { return };
    let small: Vec<_> = all.into_iter().filter(|db| db.bytes.len() < 400_000).collect();
    assert!(small.len() >= 3, "the small databases are recorded");
    let mut random = Random(20_261_122);
    for _ in 0..mutations() {
        let original = &small[random.below(small.len())];
        let mut bytes = original.bytes.clone();
        for _ in 0..=random.below(8) {
            // Half of the damage goes to where pages begin.
            let page = random.below(bytes.len() / 512 + 1) * 512;
            let near = random.below(2) == 0;
            let within = random.below(if near { 40 } else { 512 });
            if let Some(byte) = bytes.get_mut(page + within) {
                *byte = u8::try_from(random.below(256)).unwrap();
            }
        }
        if random.below(10) == 0 {
            bytes.truncate(random.below(bytes.len()));
        }
        exhaust(&original.name, &bytes);
    }
}

fn exhaust(name: &str, bytes: &[u8]) {
    let Ok(database) = rpmdb::open(&DbFiles::single(&bytes)) else { return };
    let (mut total, mut lost) = (0, 0);
    for record in database.headers(Mode::Salvage) {
        match record {
            Ok(header) => total += header.bytes.len(),
            Err(_) => lost += 1,
        }
        assert!(total <= bytes.len(), "{name}: more came out than is in the file");
        assert!(lost <= bytes.len() / 2, "{name}: more was lost than is in the file");
    }
    for record in database.records(Mode::Salvage).flatten() {
        if let Record::Package(header) = record {
            assert!(as_rpm_prints(&header).len() <= 4096 * bytes.len(), "{name}");
        }
    }
    let salvaged = database.installed(Mode::Salvage).expect("salvage goes on");
    match database.installed(Mode::Strict) {
        Ok(strict) => assert_eq!(strict, salvaged, "{name}"),
        Err(error) => assert_eq!(Some(&error.to_string()), salvaged.lost.first(), "{name}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a test may take comes from there")]
fn mutations() -> usize {
    let number = std::env::var("ELEVATE_MUTATIONS").ok();
    number.map_or(300, |number| number.parse().expect("ELEVATE_MUTATIONS is a number"))
}

/// The generator splitmix64: the same damage in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit.max(1) as u64).expect("a small number")
    }
}
