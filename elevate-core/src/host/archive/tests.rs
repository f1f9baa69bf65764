use std::io::Write;

use proptest::prelude::*;
use tar::{Builder, EntryType, GnuExtSparseHeader};

use super::super::{Denied, Host, NodeKind};
use super::*;

/// A tar archive, entry by entry.
struct Tar(Builder<Vec<u8>>);

impl Tar {
    fn new() -> Self {
        Self(Builder::new(Vec::new()))
    }

    /// Any entry; its name is taken as it is, which the builder's own checks
    /// would not do.
    fn entry(mut self, kind: EntryType, name: &str, target: &str, content: &[u8]) -> Self {
        let mut header = Header::new_gnu();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.as_mut_bytes()[157..157 + target.len()].copy_from_slice(target.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(0o100_640);
        header.set_uid(0);
        header.set_gid(10);
        header.set_mtime(1_500_000_000);
        header.set_size(content.len() as u64);
        header.set_cksum();
        self.0.append(&header, content).unwrap();
        self
    }

    fn file(self, name: &str, content: &[u8]) -> Self {
        self.entry(EntryType::Regular, name, "", content)
    }

    fn link(self, name: &str, target: &str) -> Self {
        self.entry(EntryType::Symlink, name, target, b"")
    }

    fn pax(mut self, records: &[(&str, &[u8])]) -> Self {
        self.0.append_pax_extensions(records.iter().copied()).unwrap();
        self
    }

    fn bytes(self) -> Vec<u8> {
        self.0.into_inner().unwrap()
    }
}

fn small() -> ArchiveLimits {
    ArchiveLimits { entries: 20, file: 1000, kept: 2000, ..ArchiveLimits::default() }
}

fn archive(bytes: &[u8]) -> Archive {
    read_all(bytes, &ArchiveLimits::default()).unwrap()
}

fn why(bytes: &[u8], limits: &ArchiveLimits) -> String {
    read_all(bytes, limits).unwrap_err().to_string()
}

fn unreadable(why: &str) -> Denied {
    Denied::Unreadable(why.to_owned())
}

fn compressed(tar: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 6);
    for writer in [&mut gzip as &mut dyn Write, &mut bzip2, &mut xz] {
        writer.write_all(tar).unwrap();
    }
    vec![
        ("plain", tar.to_vec()),
        ("gzip", gzip.finish().unwrap()),
        ("bzip2", bzip2.finish().unwrap()),
        ("xz", xz.finish().unwrap()),
        ("zstd", zstd::stream::encode_all(tar, 3).unwrap()),
    ]
}

#[test]
fn a_compression_is_known_by_its_content_and_may_come_in_pieces() {
    let tar = Tar::new().file("./etc//fstab", b"/dev/sda1").link("lib", "usr/lib").bytes();
    let (first, second) = tar.split_at(700);
    for (name, whole) in compressed(&tar) {
        let read = archive(&whole);
        assert_eq!(read.tree.read("/etc/fstab", 99).unwrap(), b"/dev/sda1", "{name}");
        assert_eq!(read.problems, Vec::<String>::new(), "{name}");
    }
    // One after the other, as `cat a.gz b.gz` makes them.
    for ((name, first), (_, second)) in compressed(first).into_iter().zip(compressed(second)) {
        let read = archive(&[first, second].concat());
        assert_eq!(read.tree.link("/lib").unwrap(), b"usr/lib", "{name}");
    }
}

#[test]
fn an_entry_keeps_what_its_header_says() {
    let read = archive(&Tar::new().file("etc/shadow", b"x").bytes());
    let node = read.tree.node("/etc/shadow").unwrap();
    assert_eq!((node.kind, node.mode, node.gid, node.size), (NodeKind::File, 0o640, 10, 1));
    assert_eq!((node.mtime, node.device), (1_500_000_000, 0));
    assert_eq!(read.tree.node("/etc").unwrap().kind, NodeKind::Directory);
}

#[test]
fn long_names_come_in_extended_headers_of_both_kinds() {
    let long = format!("{}/end", "directory/".repeat(30));
    let mut gnu = Builder::new(Vec::new());
    let mut header = Header::new_gnu();
    header.set_size(1);
    gnu.append_data(&mut header, &long, &b"x"[..]).unwrap();
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Symlink);
    gnu.append_link(&mut header, "link", &long).unwrap();
    let gnu = archive(&gnu.into_inner().unwrap());
    assert_eq!(gnu.tree.read(&format!("/{long}"), 9).unwrap(), b"x");
    assert_eq!(gnu.tree.read("/link", 9).unwrap(), b"x");

    let records: [(&str, &[u8]); 3] =
        [("path", long.as_bytes()), ("mtime", b"-1.5"), ("uid", b"3000000")];
    let pax = archive(&Tar::new().pax(&records).file("short", b"x").file("next", b"y").bytes());
    let node = pax.tree.node(&format!("/{long}")).unwrap();
    assert_eq!((node.mtime, node.uid), (-1, 3_000_000));
    assert_eq!(pax.tree.node("/next").unwrap().uid, 0);
}

#[test]
fn what_is_said_of_all_entries_holds_for_all_but_gives_them_no_name() {
    let global = Tar::new()
        .entry(EntryType::XGlobalHeader, "g", "", b"12 uid=4321\n10 path=x\n")
        .pax(&[("uid", b"7")])
        .file("a", b"")
        .file("b", b"")
        .bytes();
    let read = archive(&global);
    let uid = |path| read.tree.node(path).unwrap().uid;
    assert_eq!((uid("/a"), uid("/b")), (7, 4321));
    assert_eq!(read.problems, ["a header that gives all entries one name is not heeded"]);
}

#[test]
fn odd_entries_are_left_out_and_named() {
    let tar = Tar::new()
        .file("../../etc/passwd", b"x")
        .file("/etc/hosts", b"y")
        .pax(&[("path", b"a\0b")])
        .file("a", b"")
        .entry(EntryType::Link, "hard", "nowhere", b"")
        .entry(EntryType::new(b'V'), "volume", "", b"content")
        .file("twice", b"1")
        .file("twice", b"2")
        .link("loop", "loop")
        .file("loop/x", b"")
        .bytes();
    let read = archive(&tar);
    assert_eq!(
        read.problems,
        [
            "../../etc/passwd: left out: its path has a `..`",
            "/etc/hosts: taken without the slash before it",
            "a\\0b: left out: its path has a NUL byte",
            "hard: left out: it is a hard link to what is not in the archive",
            "volume: left out: it is of the unknown kind `V`",
            "twice: is there more than once; the last counts",
            "loop/x: left out: a directory above it is a link",
        ]
    );
    assert_eq!(read.tree.read("/etc/hosts", 9).unwrap(), b"y");
    assert_eq!(read.tree.read("/twice", 9).unwrap(), b"2");
    assert_eq!(read.tree.read("/etc/passwd", 9), Err(Denied::Absent));
}

#[test]
fn remarks_are_counted_once_there_are_many() {
    let tar = (0..1005).fold(Tar::new(), |tar, _| tar.file("twice", b""));
    let problems = archive(&tar.bytes()).problems;
    assert_eq!(problems.len(), 1001);
    assert_eq!(problems.last().unwrap(), "and 4 more such entries");
}

#[test]
fn hard_links_devices_and_old_directories_are_what_they_are() {
    let tar = Tar::new()
        .entry(EntryType::Directory, "./", "", b"")
        .file("a", b"content")
        .entry(EntryType::Link, "b", "./a", b"")
        .entry(EntryType::Block, "dev/sda", "", b"")
        .entry(EntryType::Char, "dev/null", "", b"")
        .entry(EntryType::Fifo, "pipe", "", b"")
        .entry(EntryType::Regular, "old/", "", b"x")
        .entry(EntryType::Directory, "new/", "", b"")
        .bytes();
    let read = archive(&tar);
    assert_eq!(read.problems, Vec::<String>::new());
    assert_eq!(read.tree.read("/b", 9).unwrap(), b"content");
    assert_eq!(read.tree.node("/").unwrap().mode, 0o640);
    assert_eq!(read.tree.node("/old").unwrap().kind, NodeKind::Directory);
    let device = unreadable("is a device of another machine, which is not here");
    assert_eq!(read.tree.read_device("/dev/sda", 9), Err(device));
    let null = unreadable("is a character device, not a block device");
    assert_eq!(read.tree.read_device("/dev/null", 9), Err(null));
    let pipe = unreadable("is a pipe or a socket, not a regular file");
    assert_eq!(read.tree.read("/pipe", 9), Err(pipe));
}

#[test]
fn a_sparse_file_is_there_and_not_read() {
    let mut header = Header::new_gnu();
    header.set_path("old").unwrap();
    header.set_entry_type(EntryType::GNUSparse);
    header.set_size(3);
    header.as_gnu_mut().unwrap().set_real_size(1 << 30);
    header.as_gnu_mut().unwrap().set_is_extended(true);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend(GnuExtSparseHeader::new().as_bytes());
    bytes.extend(b"abc");
    bytes.resize(bytes.len() + 509, 0);
    let records: [(&str, &[u8]); 4] = [
        ("GNU.sparse.major", b"1"),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"new"),
        ("GNU.sparse.realsize", b"4096"),
    ];
    bytes.extend(Tar::new().pax(&records).file("GNUSparseFile.0/new", b"0\n").bytes());
    let read = archive(&bytes);
    let why = unreadable("is stored as a sparse file, which is not read here");
    for (path, size) in [("/old", 1 << 30), ("/new", 4096)] {
        assert_eq!(read.tree.read(path, 9), Err(why.clone()));
        assert_eq!(read.tree.node(path).unwrap().size, size);
    }
    let problems =
        ["old", "new"].map(|name| format!("{name}: not read: it is stored as a sparse file"));
    assert_eq!(read.problems, problems);
}

#[test]
fn what_is_not_wanted_or_too_large_keeps_its_entry_only() {
    let large = [b'x'; 1001];
    let tar = Tar::new()
        .file("large", &large)
        .file("var/lib/rpm/Packages", &large)
        .file("x/var/lib/rpm/rpmdb.sqlite", &large[..900])
        .file("fakevar/lib/rpm/Packages", &large)
        .file("log", b"x")
        .bytes();
    let read = read(tar.as_slice(), &small(), &|path| path != "log").unwrap();
    let too_large = Err(unreadable("is larger than 1000 bytes"));
    assert_eq!(read.tree.read("/large", 9), too_large);
    assert_eq!(read.tree.read("/fakevar/lib/rpm/Packages", 9), too_large);
    assert_eq!(read.tree.read("/var/lib/rpm/Packages", 9999).unwrap(), large);
    assert_eq!(read.tree.read("/log", 9), Err(unreadable("was left in the archive")));
    assert_eq!(read.tree.node("/large").unwrap().size, 1001);
}

#[test]
fn more_than_the_limits_is_an_error_that_names_the_entry() {
    let three = Tar::new().file("a", &[1; 900]).file("b", &[1; 900]).file("c", &[1; 900]).bytes();
    assert_eq!(
        why(&three, &small()),
        "holds too much at byte 3584, in c: the files to keep have more than 2000 bytes"
    );
    let many = Tar::new().file("1/2/3/4/5", b"").bytes();
    let four = ArchiveLimits { entries: 4, ..small() };
    assert_eq!(
        why(&many, &four),
        "holds too much at byte 512, in 1/2/3/4/5: there are more than 4 entries"
    );
    let short = ArchiveLimits { decompressed: 2000, ..small() };
    let cut = why(&three, &short);
    assert!(
        cut.ends_with("in a: decompresses to more than 2000 bytes") || cut.contains("after a"),
        "{cut}"
    );
    let mut huge = Tar::new().file("huge", b"").bytes();
    let header: &mut [u8; 512] = huge.first_chunk_mut().unwrap();
    let mut changed = Header::from_byte_slice(header).clone();
    changed.set_size(u64::MAX);
    changed.set_cksum();
    header.copy_from_slice(changed.as_bytes());
    assert!(why(&huge, &small()).ends_with("in huge: has 18446744073709551615 bytes"));
}

#[test]
fn a_bomb_stops_soon_in_every_compression() {
    let tar = Tar::new().file("zeros", &vec![0; 4 << 20]).bytes();
    let limits = ArchiveLimits { ratio_from: 1 << 20, ..ArchiveLimits::default() };
    for (name, bomb) in compressed(&tar).into_iter().skip(1) {
        let why = why(&bomb, &limits);
        assert!(
            why.contains("in zeros: decompresses to more than 200 times its size"),
            "{name}: {why}"
        );
        let Err(ArchiveError::TooMuch { offset, .. }) = read_all(&*bomb, &limits) else { panic!() };
        assert!(offset < 2 << 20, "{name} stopped at {offset}");
    }
    // Stored as it is, the same file is no bomb.
    assert!(read_all(&*tar, &limits).is_ok());
}

#[test]
fn an_extended_header_without_measure_is_refused() {
    let content = vec![b'a'; (1 << 20) + 1];
    let tar = Tar::new().entry(EntryType::GNULongName, "x", "", &content).bytes();
    let expected =
        "holds too much at byte 512, before its first entry: an extended header has 1048577 bytes";
    assert_eq!(why(&tar, &small()), expected);
    let alone = Tar::new().file("a", b"").entry(EntryType::GNULongName, "x", "", b"name").bytes();
    assert!(why(&alone, &small()).ends_with("after a: an extended header has no entry"));
}

#[test]
fn what_is_no_archive_is_told_by_what_it_is() {
    for (bytes, expected) in [
        (&b""[..], "is empty"),
        (b"PK\x03\x04rest", "is a zip archive"),
        (b"\x85\x01\x0c\x03", "is encrypted; decrypt it first"),
        (&[b'x'; 600], "is no archive"),
    ] {
        let message = why(bytes, &small());
        assert!(message.starts_with(&format!("{expected}; expected is a tar")), "{message}");
    }
}

#[test]
fn an_archive_cut_anywhere_is_an_error_that_says_where() {
    let whole = Tar::new().file("a", &[b'x'; 700]).link("b", "a").file("c", b"").bytes();
    // Headers, two blocks of content, and one block of the end mark suffice.
    let enough = 6 * 512;
    for length in (0..whole.len()).step_by(512).chain([1, 511, 700, 1600]) {
        let read = read_all(&whole[..length], &small());
        assert_eq!(read.is_ok(), length >= enough, "{length}");
    }
    assert_eq!(why(&whole[..1024], &small()), "is damaged at byte 1024, in a: it ends too early");
    assert_eq!(
        why(&whole[..1536], &small()),
        "is damaged at byte 1536, after a: it ends too early"
    );
    for (name, packed) in compressed(&whole).into_iter().skip(1) {
        for length in 0..packed.len() {
            assert!(read_all(&packed[..length], &small()).is_err(), "{name} {length}");
        }
    }
}

#[test]
fn damage_behind_the_last_entry_is_seen_too() {
    let tar = Tar::new().file("a", b"x").bytes();
    for (name, mut packed) in compressed(&tar).into_iter().skip(1) {
        // The sum of the content; of zstd, which has none here, its end.
        let at = if name == "gzip" { packed.len() - 6 } else { packed.len() - 3 };
        packed[at] ^= 0xff;
        assert!(read_all(&*packed, &small()).is_err() || name == "zstd", "{name}");
    }
    let more = [tar, b"more".to_vec()].concat();
    assert_eq!(archive(&more).problems, ["something follows the end of the archive"]);
}

proptest! {
    #[test]
    fn no_change_makes_it_panic(changes in proptest::collection::vec((0..4096usize, any::<u8>()), 1..6)) {
        let whole = Tar::new()
            .pax(&[("path", b"long/name"), ("size", b"3")])
            .file("a", b"abc")
            .entry(EntryType::GNUSparse, "s", "", b"x")
            .link("b", "a")
            .bytes();
        for (_, mut bytes) in compressed(&whole) {
            for (at, byte) in &changes {
                let at = at % bytes.len();
                bytes[at] ^= byte;
            }
            read_all(&*bytes, &small()).ok();
        }
    }

    #[test]
    fn no_change_of_a_header_makes_it_panic(changes in proptest::collection::vec((0..512usize, any::<u8>()), 1..6)) {
        let mut bytes = Tar::new().file("a", b"abc").bytes();
        let header: &mut [u8; 512] = bytes.first_chunk_mut().unwrap();
        for (at, byte) in changes {
            header[at] = byte;
        }
        let mut changed = Header::from_byte_slice(header).clone();
        changed.set_cksum();
        header.copy_from_slice(changed.as_bytes());
        read_all(&*bytes, &small()).ok();
    }
}
