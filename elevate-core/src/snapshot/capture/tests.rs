//! What becomes of a host that is not as one would wish.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::collector::Collector;
use super::follow::follow;
use super::{CaptureError, Options, capture};
use crate::host::{Denied, Door, Host, Node, NodeKind, RandomAccess, Space, Uname};
use crate::snapshot::collect::parse;
use crate::snapshot::{Evidence, GivenIdentity, Known, Missing, Snapshot, Source, Unread};

/// A host in memory.
struct World {
    door: Door,
    things: BTreeMap<String, Thing>,
    /// How often more the package database is written to, whenever somebody
    /// looks at it.
    writes: Cell<i64>,
}

#[derive(Clone)]
enum Thing {
    File(Vec<u8>),
    Link(&'static str),
    Directory,
    Denied,
}

fn world(door: Door, things: &[(&str, Thing)]) -> World {
    let mut all = BTreeMap::from([("/".to_owned(), Thing::Directory)]);
    for (path, thing) in things {
        let slashes = path.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0);
        for at in slashes.filter(|_| path.starts_with('/')) {
            all.entry(path[..at].to_owned()).or_insert(Thing::Directory);
        }
        all.insert((*path).to_owned(), thing.clone());
    }
    World { door, things: all, writes: Cell::new(0) }
}

fn file(text: &str) -> Thing {
    Thing::File(text.as_bytes().to_vec())
}

const DATABASE: &str = "/var/lib/rpm/rpmdb.sqlite";

/// A file in memory.
struct Bytes<'w>(&'w [u8]);

impl RandomAccess for Bytes<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
        crate::rpm::rpmdb::ReadAt::read_at(self.0, offset, buffer)
    }
    fn len(&self) -> u64 {
        self.0.len() as u64
    }
}

impl World {
    fn thing(&self, path: &str) -> Result<&Thing, Denied> {
        let missing = if self.door.is_complete() { Denied::Absent } else { Denied::NotHeld };
        match self.things.get(path) {
            Some(Thing::Denied) => Err(Denied::Unreadable("Permission denied".to_owned())),
            thing => thing.ok_or(missing),
        }
    }

    fn collect(&self, list: &str) -> (Evidence, Vec<Unread>) {
        let mut collector = Collector::new(self, &[]);
        parse(list).unwrap().iter().for_each(|item| collector.item(item));
        follow(&mut collector);
        collector.finish()
    }
}

impl Host for World {
    fn door(&self) -> Door {
        self.door
    }
    fn node(&self, path: &str) -> Result<Node, Denied> {
        let kind = match self.thing(path)? {
            Thing::File(_) => NodeKind::File,
            Thing::Link(_) => NodeKind::Link,
            Thing::Directory | Thing::Denied => NodeKind::Directory,
        };
        if path == DATABASE && self.writes.get() > 0 {
            self.writes.set(self.writes.get() - 1);
        }
        let mtime = 7 - self.writes.get();
        Ok(Node { kind, size: 1, mode: 0o644, uid: 0, gid: 0, mtime, device: 2049 })
    }
    fn link(&self, path: &str) -> Result<Vec<u8>, Denied> {
        match self.thing(path)? {
            Thing::Link(target) => Ok(target.as_bytes().to_vec()),
            _ => Err(Denied::Unreadable("is no link".to_owned())),
        }
    }
    fn list(&self, path: &str, _: usize) -> Result<Vec<Vec<u8>>, Denied> {
        match self.thing(path)? {
            Thing::Directory => {
                let inside = format!("{}/", path.trim_end_matches('/'));
                let below = self.things.range(inside.clone()..).map(|(key, _)| key);
                let below = below.take_while(|key| key.starts_with(&inside));
                let names = below.filter_map(|key| key.strip_prefix(&inside));
                Ok(names.filter(|n| !n.is_empty() && !n.contains('/')).map(Into::into).collect())
            }
            _ => Err(Denied::Unreadable("is no directory".to_owned())),
        }
    }
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Denied> {
        match self.thing(path)? {
            Thing::File(content) if content.len() <= limit => Ok(content.clone()),
            Thing::File(_) => Err(Denied::Unreadable(format!("is longer than {limit} bytes"))),
            Thing::Link(target) => self.read(target, limit),
            Thing::Directory | Thing::Denied => {
                Err(Denied::Unreadable("is a directory".to_owned()))
            }
        }
    }
    fn read_device(&self, path: &str, length: usize) -> Result<Vec<u8>, Denied> {
        self.read(path, usize::MAX).map(|bytes| bytes[..bytes.len().min(length)].to_vec())
    }
    fn open(&self, path: &str) -> Result<Box<dyn RandomAccess + '_>, Denied> {
        match self.thing(path)? {
            Thing::File(content) => Ok(Box::new(Bytes(content))),
            _ => Err(Denied::Absent),
        }
    }
    fn space(&self, _: &str) -> Result<Space, Denied> {
        Ok(Space { total: 10, available: 5, inodes: 0, inodes_free: 0, entries_have_kinds: None })
    }
    fn command(&self, line: &str, limit: usize) -> Result<Vec<u8>, Denied> {
        self.read(line, limit)
    }
    fn commands(&self) -> Vec<String> {
        self.things.keys().filter(|key| !key.starts_with('/')).cloned().collect()
    }
    fn uname(&self) -> Option<Uname> {
        None
    }
}

#[test]
fn captured_absent_unreadable_and_not_looked_for_stay_apart() {
    let host = world(Door::Live, &[("/etc/a", file("a")), ("/etc/shut", Thing::Denied)]);
    let (evidence, problems) = host.collect("/etc/a\n/etc/b\n/etc/shut\n/etc/shut/in\n");
    assert_eq!(evidence.file("/etc/a").map(|content| content.bytes()), Known::Captured(&b"a"[..]));
    assert_eq!(evidence.file("/etc/b").map(|_| ()), Known::Absent);
    assert_eq!(evidence.file("/etc/shut").map(|_| ()), Known::Unreadable("Permission denied"));
    assert_eq!(evidence.file("/etc/c").map(|_| ()), Known::NotLookedFor);
    assert_eq!(problems, []);
}

#[test]
fn what_an_archive_does_not_have_is_not_absent() {
    let host = world(Door::Sosreport, &[("/etc/d/x", file("x")), ("df -al", file("out"))]);
    let (evidence, _) = host.collect("/etc/b\n/etc/d/*\ncommand df -al\ncommand lsmod\n");
    assert_eq!(evidence.missing["/etc/b"], Missing::NotHeld);
    assert_eq!(evidence.file("/etc/b").map(|_| ()), Known::NotLookedFor);
    // What lies in its directories is what its collector took.
    assert!(evidence.file("/etc/d/x").captured().is_some());
    assert_eq!(evidence.file("/etc/d/y").map(|_| ()), Known::NotLookedFor);
    assert_eq!(evidence.command("df -al").captured().unwrap().bytes(), b"out");
    assert_eq!(evidence.command("lsmod").map(|_| ()), Known::NotLookedFor);
}

#[test]
fn a_mounted_root_says_nothing_of_what_only_a_running_host_has() {
    let things = [("/etc/a", file("a"))];
    let list = "/proc/cmdline\n/sys/class/net/*/address\n/etc/b\n";
    let (root, _) = world(Door::Root, &things).collect(list);
    assert_eq!(root.file("/proc/cmdline").map(|_| ()), Known::NotLookedFor);
    assert_eq!(root.file("/sys/class/net/eth0/address").map(|_| ()), Known::NotLookedFor);
    assert_eq!(root.file("/etc/b").map(|_| ()), Known::Absent);
    let (live, _) = world(Door::Live, &things).collect(list);
    assert_eq!(live.file("/proc/cmdline").map(|_| ()), Known::Absent);
}

#[test]
fn names_are_found_at_any_depth_and_what_was_not_looked_at_is_said() {
    let things = [
        ("/etc/a.rpmnew", file("a")),
        ("/etc/d/e/b.rpmsave", file("b")),
        ("/etc/d/other", file("c")),
        ("/etc/link", Thing::Link("/srv")),
        ("/srv/c.rpmnew", file("c")),
    ];
    let list = "find /etc/*.rpm[nos]*\nfind /opt/*.rpm[nos]*\n";
    let (whole, _) = world(Door::Root, &things).collect(list);
    assert_eq!(whole.found["/etc/*.rpm[nos]*"], ["/etc/a.rpmnew", "/etc/d/e/b.rpmsave"]);
    assert_eq!(whole.missing["/opt/*.rpm[nos]*"], Missing::Absent);
    // Neither listings nor contents of what was looked at are kept.
    assert!(whole.directories.is_empty() && whole.files.is_empty());
    let denied = [&things[..], &[("/etc/shut", Thing::Denied)]].concat();
    let (part, _) = world(Door::Root, &denied).collect(list);
    assert_eq!(part.found, whole.found);
    let why = "not looked at: 1, first /etc/shut: Permission denied".to_owned();
    assert_eq!(part.missing["/etc/*.rpm[nos]*"], Missing::Unreadable(why));
    let (archive, _) = world(Door::Sosreport, &things).collect(list);
    assert_eq!(archive.missing["/etc/*.rpm[nos]*"], Missing::NotHeld);
    assert!(archive.found.is_empty());
}

#[test]
fn a_search_ends_where_directories_are_too_deep() {
    let deep = format!("/etc{}/x.rpmnew", "/d".repeat(20));
    let (evidence, _) = world(Door::Root, &[(&deep, file("x"))]).collect("find /etc/*.rpmnew\n");
    assert!(evidence.found["/etc/*.rpmnew"].is_empty());
    let known = &evidence.missing["/etc/*.rpmnew"];
    assert!(matches!(known, Missing::Unreadable(why) if why.contains("12 directories deep")));
}

#[test]
fn a_pattern_lists_its_directories_so_that_what_is_not_there_is_known() {
    let things = [
        ("/etc/x.d/a.conf", file("a")),
        ("/etc/x.d/b.conf", Thing::Link("/etc/x.d/a.conf")),
        ("/etc/x.d/c.conf", Thing::Link("/nowhere")),
        ("/etc/x.d/d.conf/deep", file("no")),
        ("/etc/x.d/.hidden.conf", file("no")),
        ("/etc/x.d/other", file("no")),
    ];
    let (evidence, problems) = world(Door::Root, &things).collect("/etc/x.d/*.conf\n");
    let files: Vec<&str> = evidence.files.keys().map(String::as_str).collect();
    assert_eq!(files, ["/etc/x.d/a.conf", "/etc/x.d/b.conf"]);
    assert_eq!(evidence.file("/etc/x.d/c.conf").map(|_| ()), Known::Absent);
    assert_eq!(evidence.link("/etc/x.d/c.conf").captured().unwrap().bytes(), b"/nowhere");
    assert_eq!(evidence.file("/etc/x.d/z.conf").map(|_| ()), Known::Absent);
    assert_eq!(evidence.directories["/etc/x.d"].len(), 6);
    assert_eq!(problems, []);
}

#[test]
fn bytes_that_are_no_text_survive_and_a_long_file_is_named() {
    let long = Thing::File(vec![b'x'; 5 << 20]);
    let host =
        world(Door::Live, &[("/etc/latin1", Thing::File(b"\xe9".to_vec())), ("/etc/long", long)]);
    let (evidence, _) = host.collect("/etc/latin1\n/etc/long\n");
    assert_eq!(evidence.files["/etc/latin1"].bytes(), b"\xe9");
    assert_eq!(
        evidence.missing["/etc/long"],
        Missing::Unreadable("is longer than 4194304 bytes".to_owned())
    );
}

#[test]
fn evidence_in_all_is_bounded() {
    let things: Vec<(String, Thing)> =
        (0..30).map(|at| (format!("/etc/x/{at:02}"), Thing::File(vec![b'a'; 4 << 20]))).collect();
    let things: Vec<(&str, Thing)> = things.iter().map(|(p, t)| (p.as_str(), t.clone())).collect();
    let (evidence, _) = world(Door::Live, &things).collect("/etc/x/*\n");
    assert_eq!(evidence.files.len(), 18);
    let full = Missing::Unreadable("a snapshot holds no more than 96 MiB of evidence".to_owned());
    assert_eq!(evidence.missing["/etc/x/29"], full);
}

#[test]
fn a_tree_without_end_is_left_in_time() {
    // 70 directories of 70 directories of 70 files.
    let names: Vec<String> = (0..70 * 70 * 70)
        .map(|at| format!("/run/systemd/system/{}/{}/{}", at / 4900, at / 70 % 70, at % 70))
        .collect();
    let things: Vec<(&str, Thing)> = names.iter().map(|name| (name.as_str(), file(""))).collect();
    let host = world(Door::Live, &things);
    let mut collector = Collector::new(&host, &[]);
    collector.item(&parse("tree /run/systemd/system").unwrap()[0]);
    let (evidence, _) = collector.finish();
    let listed: usize = evidence.directories.values().map(BTreeMap::len).sum();
    assert!((200_000..=300_000).contains(&listed), "{listed}");
    let why = "a snapshot lists no more than 300000 names";
    assert!(evidence.missing.values().any(|m| *m == Missing::Unreadable(why.to_owned())));
}

#[test]
fn included_files_are_followed_and_a_circle_ends() {
    let things = [
        ("/etc/ssh/sshd_config", file("Include sshd_config.d/*.conf /etc/ssh/sshd_config\n")),
        ("/etc/ssh/sshd_config.d/a.conf", file("include ../b\nInclude /opt/missing\n")),
    ];
    let (evidence, problems) = world(Door::Live, &things).collect("/etc/ssh/sshd_config\n");
    assert!(evidence.file("/etc/ssh/sshd_config.d/a.conf").captured().is_some());
    assert_eq!(evidence.file("/opt/missing").map(|_| ()), Known::Absent);
    assert_eq!(problems, []);
}

#[test]
fn the_drivers_of_a_disk_are_collected_up_to_the_root_of_devices() {
    let disk = "/sys/devices/pci0000:00/0000:00:1f.2/ata1/host0";
    let link = "../../devices/pci0000:00/0000:00:1f.2/ata1/host0/block/sda";
    let things = [
        ("/sys/class/block/sda", Thing::Link(link)),
        ("/sys/class/block/dm-0", Thing::Link("../../devices/virtual/block/dm-0")),
        (
            "/sys/devices/pci0000:00/0000:00:1f.2/driver",
            Thing::Link("../../../bus/pci/drivers/ahci"),
        ),
        ("/dev/sda", Thing::File([&[0x55; 600][..]].concat())),
        (disk, Thing::Directory),
    ];
    let (evidence, _) = world(Door::Live, &things).collect("listing /sys/class/block\n");
    let driver = evidence.link("/sys/devices/pci0000:00/0000:00:1f.2/driver").captured().unwrap();
    assert_eq!(driver.bytes(), b"../../../bus/pci/drivers/ahci");
    assert_eq!(evidence.link(&format!("{disk}/driver")).map(|_| ()), Known::Absent);
    assert_eq!(evidence.sectors["/dev/sda"].bytes().len(), 512);
    assert_eq!(evidence.sectors.len(), 1);
}

#[test]
fn network_file_systems_are_not_asked() {
    let mounts = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / /mnt/a\\040b rw shared:1 - xfs /dev/mapper/b rw\n3 1 0:3 / /net rw - nfs4 server:/x rw\n";
    let things = [("/proc/self/mountinfo", file(mounts)), ("/dev/mapper/b", file("XFSB"))];
    let (evidence, _) = world(Door::Live, &things).collect("/proc/self/mountinfo\n");
    let asked: Vec<&str> = evidence.file_systems.keys().map(String::as_str).collect();
    assert_eq!(asked, ["/", "/mnt/a b"]);
    assert_eq!(evidence.sectors["/dev/mapper/b"].bytes(), b"XFSB");
}

#[test]
fn an_archive_with_a_package_list_is_a_whole_snapshot() {
    let list = "bash-4.2.46-34.el7.x86_64  Mon Jan 1 00:00:00 2024\ncentos-release-7-9.2009.1.el7.centos.x86_64  Mon Jan 1 00:00:00 2024\n";
    let things = [("rpm_-qa", file(list)), ("/etc/hostname", file("web1\n"))];
    let host = world(Door::Sosreport, &things);
    let mut steps = Vec::new();
    let mut progress = |at: super::Progress<'_>| steps.push((at.done, at.of));
    let snapshot = capture(&host, &Options::default(), &mut progress).unwrap();
    assert_eq!(snapshot.identity.system.to_string(), "centos:7.9");
    assert_eq!(snapshot.identity.hostname.as_deref(), Some("web1"));
    assert_eq!(snapshot.packages.len(), 2);
    assert_eq!(snapshot.captured.as_ref().unwrap().from, Source::Sosreport);
    assert_eq!(
        steps.last().map(|(done, of)| (done + 1, *of)),
        steps.last().map(|(_, of)| (*of, *of))
    );
    let json = snapshot.to_json();
    assert_eq!(Snapshot::read(json.as_bytes()).unwrap().snapshot, snapshot);
}

#[test]
fn a_host_without_packages_or_without_a_name_is_refused_in_words() {
    let refused = |things: &[(&str, Thing)]| {
        let host = world(Door::Live, things);
        capture(&host, &Options::default(), &mut |_| ()).unwrap_err()
    };
    assert!(matches!(refused(&[]), CaptureError::NoPackages(_)));
    let shut = refused(&[("/var/lib/rpm/Packages", Thing::Denied)]);
    assert_eq!(shut.to_string(), "no package database: /var/lib/rpm/Packages: Permission denied");
    let host = world(Door::Sosreport, &[("rpm_-qa", file("bash-1-1.noarch\n"))]);
    let nameless = capture(&host, &Options::default(), &mut |_| ()).unwrap_err();
    assert_eq!(
        nameless.to_string(),
        "the host does not tell its distribution, its release, its architecture"
    );
}

#[test]
fn a_database_that_is_written_to_is_read_again_until_it_is_still() {
    const SEED: &[u8] = include_bytes!("../../../../fuzz/seeds/sqlite/plain");
    let taken = |writes| {
        let host = world(Door::Live, &[(DATABASE, Thing::File(SEED.to_vec()))]);
        host.writes.set(writes);
        let given = GivenIdentity {
            distro: "centos".parse().ok(),
            release: "7.9".parse().ok(),
            arch: "x86_64".parse().ok(),
            ..GivenIdentity::default()
        };
        let options = Options { given, ..Options::default() };
        let snapshot = capture(&host, &options, &mut |_| ()).unwrap();
        assert_eq!(snapshot.packages.len(), 3);
        let remarks = snapshot.unread.into_iter().filter(|unread| unread.file == DATABASE);
        (remarks.map(|remark| remark.text).collect::<Vec<_>>(), host.writes.get())
    };
    assert_eq!(taken(0), (vec![], 0));
    // Looked at before and after each of three readings.
    assert_eq!(taken(3), (vec![], 0));
    let busy = vec!["was written to each of the 4 times it was read".to_owned()];
    assert_eq!(taken(1000).0, busy);
}
