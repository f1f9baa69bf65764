//! Archives of real hosts, through the doors.

use std::path::PathBuf;

use elevate_core::host::Sos;
use elevate_core::host::{
    ArchiveLimits, Denied, Door, Host, Kind, LayoutError, OpenError, archive,
};
use elevate_core::host::{NodeKind, open};
use elevate_core::snapshot::capture::{Options, capture};
use elevate_tests::shuffle::Order;
use elevate_tests::{binary, recorded};

fn tree(name: &str) -> Option<PathBuf> {
    let directory = recorded::data_dir("host-trees")?;
    recorded::has(&directory, name).then(|| directory.join(name))
}

#[test]
fn an_insights_archive_answers_for_its_files_and_commands() {
    let Some(path) = tree("rhel7.3-aws-insights-archive.tar.xz") else { return };
    let opened = open(&path, Kind::Collected).expect("an archive of Insights");
    let host = &opened;
    assert_eq!(opened.problems(), Vec::<String>::new());
    assert_eq!(host.door(), Door::Insights);
    let uname = host.uname().expect("a kernel");
    assert_eq!(uname.machine, "x86_64");
    assert_eq!(uname.release, "3.10.0-514.el7.x86_64");
    assert_eq!(uname.node, "test.redhat.com");
    let release = host.read("/etc/redhat-release", 1000).expect("a release");
    assert!(release.starts_with(b"Red Hat Enterprise Linux Server release 7.3"));
    assert_eq!(host.read("/etc/os-release", 1000), Err(Denied::NotHeld));
    assert_eq!(host.node("/etc").map(|node| node.kind), Ok(NodeKind::Directory));
}

#[test]
fn command_lines_find_what_insights_called_them() {
    let Some(path) = tree("rhel7.3-aws-insights-archive.tar.xz") else { return };
    let host = open(&path, Kind::Collected).expect("an archive of Insights");
    for (line, size) in [
        ("/bin/df -alP", 2252),
        ("/usr/sbin/blkid -c /dev/null", 177),
        ("/bin/ls -lanR /boot", 17324),
        ("/sbin/lsmod", 1815),
        ("getenforce", 10),
        ("yum -C repolist", 395),
        ("ls -lanR /var/lib/docker/volumes", 74),
        ("iptables-save", 0),
    ] {
        assert_eq!(host.command(line, 1 << 20).map(|output| output.len()), Ok(size), "{line}");
    }
    for line in ["/sbin/brctl show", "vgdisplay", "lsof", "rpm -Va"] {
        assert_eq!(host.command(line, 1 << 20), Err(Denied::NotHeld), "{line}");
    }
}

#[test]
fn every_entry_of_a_real_root_is_in_its_tree() {
    for (name, entries, release) in [
        ("centos7.3-installroot-rootfs.tar.xz", 1676, "CentOS Linux release 7.3.1611 (Core) \n"),
        ("centos7.7-docker-base-rootfs.tar.xz", 1540, "CentOS Linux release 7.7.1908 (Core)\n"),
    ] {
        let Some(path) = tree(name) else { return };
        let bytes = recorded::read(&path);
        let archive = archive::read_all(&*bytes, &ArchiveLimits::default()).expect("an archive");
        assert_eq!(archive.problems, Vec::<String>::new());
        // Directories have no entries of their own in these.
        assert!(archive.tree.len() > entries, "{} entries", archive.tree.len());
        assert_eq!(archive.tree.link("/etc/redhat-release"), Ok(b"centos-release".to_vec()));
        let read = archive.tree.read("/etc/system-release", 1000).expect("a release");
        assert_eq!(String::from_utf8_lossy(&read), release);
    }
}

#[test]
fn an_archive_of_a_root_is_not_taken_for_a_report() {
    let Some(path) = tree("centos7.7-docker-base-rootfs.tar.xz") else { return };
    let error = open(&path, Kind::Collected).err().expect("no report");
    assert!(matches!(error, OpenError::Layout(LayoutError::PlainRoot)), "{error}");
}

#[test]
fn a_damaged_report_is_refused_or_captured_as_far_as_it_goes() {
    let seed = recorded::read(&binary::root().join("fuzz/seeds/sos/report.tar"));
    let limits = ArchiveLimits { kept: 1 << 20, decompressed: 4 << 20, ..ArchiveLimits::default() };
    let take = |bytes: &[u8]| {
        let host = Sos::from_reader(bytes, &limits, &|_| true).ok()?;
        capture(&host, &Options::default(), &mut |_| ()).ok()
    };
    let whole = take(&seed).expect("the report is whole");
    assert!(whole.evidence.files.contains_key("/etc/redhat-release"));
    let mut random = Order::new(20_261_123);
    let (mut same, mut less) = (0, 0);
    for _ in 0..3_000 {
        let mut bytes = seed.clone();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len() / 512) * 512 + random.below(200);
            bytes[at] = u8::try_from(random.below(256)).expect("a byte");
        }
        if random.below(8) == 0 {
            bytes.truncate(random.below(bytes.len()));
        }
        match take(&bytes) {
            Some(snapshot) if snapshot == whole => same += 1,
            Some(_) => less += 1,
            None => {}
        }
    }
    assert!(same > 0 && less > 100 && same + less < 2_900, "{same} {less}");
}
