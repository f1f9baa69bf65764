use super::*;
use crate::facts::testing::evidence;
use crate::snapshot::Content;

fn ask<T>(text: &str, question: impl Fn(Storage<'_>) -> T) -> T {
    question(Storage::new(&evidence(text)))
}

/// LVM on an array of two disks behind one controller; /boot on a partition.
const HOST: &str = "//- /proc/self/mountinfo
20 1 253:0 / / rw - xfs /dev/mapper/c-root rw
21 20 9:127 / /boot rw - xfs /dev/md127 rw
22 20 0:40 / /tmp rw - tmpfs tmpfs rw
//- dir /sys/class/block: sda@ sda1@ sdb@ sdb1@ md127@ dm-0@
//- link /sys/class/block/sda -> ../../devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda
//- link /sys/class/block/sdb -> ../../devices/pci0000:00/0000:00:1f.2/ata2/host1/target1:0:0/1:0:0:0/block/sdb
//- link /sys/class/block/sda1 -> ../../devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1
//- link /sys/class/block/sdb1 -> ../../devices/pci0000:00/0000:00:1f.2/ata2/host1/target1:0:0/1:0:0:0/block/sdb/sdb1
//- link /sys/class/block/md127 -> ../../devices/virtual/block/md127
//- link /sys/class/block/dm-0 -> ../../devices/virtual/block/dm-0
//- dir /sys/class/block/md127/slaves: sda1@ sdb1@
//- dir /sys/class/block/dm-0/slaves: md127@
//- dir /sys/class/block/sda/slaves:
//- /sys/class/block/md127/dev
9:127
//- /sys/class/block/dm-0/dev
253:0
//- /sys/class/block/dm-0/dm/name
c-root
//- /sys/class/block/dm-0/dm/uuid
LVM-abc
//- /sys/class/block/sda/size
2048
//- link /sys/bus/pci/devices/0000:00:1f.2/driver -> ../../../../bus/pci/drivers/ahci
//- link /sys/bus/scsi/devices/0:0:0:0/driver -> ../../../bus/scsi/drivers/sd
";

#[test]
fn disks_are_found_below_volumes_arrays_and_partitions() {
    let names = |disks: Vec<BlockDevice>| disks.into_iter().map(|d| d.name).collect::<Vec<_>>();
    assert_eq!(ask(HOST, |s| s.disks_below("/")).map(names).unwrap(), ["sda", "sdb"]);
    assert_eq!(ask(HOST, |s| s.disks_below("/boot/grub2")).map(names).unwrap(), ["sda", "sdb"]);
    assert_eq!(ask(HOST, |s| s.disks_below("/tmp")), Ok(vec![]));
    let dm = ask(HOST, |s| s.device_named("/dev/c/root", None)).unwrap();
    assert_eq!((dm.name.as_str(), dm.kind), ("dm-0", BlockKind::Lvm));
    assert_eq!(ask(HOST, |s| s.block_devices()).unwrap()[2].size, Some(1 << 20));
}

#[test]
fn drivers_are_found_on_the_way_to_the_disks_and_gaps_are_told() {
    let chain = ask(HOST, |s| s.drivers_below("/")).unwrap();
    let drivers: Vec<_> =
        chain.drivers.iter().map(|d| format!("{} {} {}", d.disk, d.device, d.driver)).collect();
    assert_eq!(drivers, ["sda 0000:00:1f.2 ahci", "sda 0:0:0:0 sd", "sdb 0000:00:1f.2 ahci"]);
    assert_eq!(chain.unknown, [Unknown::not_captured("/sys/bus/scsi/devices/1:0:0:0/driver")]);
}

#[test]
fn devices_that_stack_in_a_ring_do_not_hang() {
    let host = "//- dir /sys/class/block: dm-0@ dm-1@\n//- dir /sys/class/block/dm-0/slaves: dm-1@\n\
                //- dir /sys/class/block/dm-1/slaves: dm-0@\n//- /proc/self/mountinfo\n20 1 253:0 / / rw - xfs /dev/dm-0 rw\n";
    assert_eq!(ask(host, |s| s.disks_below("/")), Ok(vec![]));
}

#[test]
fn block_devices_are_of_lsblk_where_sysfs_was_not_captured() {
    let host = "//- command lsblk\nNAME MAJ:MIN RM SIZE RO TYPE MOUNTPOINT\nsda 8:0 0 10G 0 disk\n|-sda1 8:1 0 1G 0 part\n\
                | `-luks-1 253:0 0 1G 0 crypt /\n//- command mount\n/dev/mapper/luks-1 on / type xfs (rw)\n";
    let disks = ask(host, |s| s.disks_below("/")).unwrap();
    assert_eq!(disks[0].name, "sda");
    assert_eq!(ask(host, |s| s.crypt_devices()).unwrap()[0].name, "luks-1");
    assert!(ask(host, |s| s.drivers_below("/")).is_err());
    for host in ["", "//- unreadable /sys/class/block: EIO\n", "//- absent /sys/class/block\n"] {
        assert!(ask(host, |s| s.block_devices()).is_err(), "{host:?}");
    }
    assert_eq!(
        ask("//- absent /sys/class/block\n//- /proc/cmdline\nro\n", |s| s.block_devices()),
        Ok(vec![])
    );
}

#[test]
fn an_unlocked_volume_is_told_by_its_identity_or_not_at_all() {
    let host =
        "//- dir /sys/class/block: dm-0@\n//- /sys/class/block/dm-0/dm/uuid\nCRYPT-LUKS1-a-b\n";
    assert_eq!(ask(host, |s| s.crypt_devices()).unwrap().len(), 1);
    assert!(ask("//- dir /sys/class/block: dm-0@\n", |s| s.crypt_devices()).is_err());
    assert_eq!(ask(HOST, |s| s.crypt_devices()), Ok(vec![]));
    let none = "//- dir /sys/class/block: dm-0@\n//- dir /sys/class/block/dm-0/dm: name\n";
    assert_eq!(ask(none, |s| s.crypt_devices()), Ok(vec![]));
}

#[test]
fn overlaps_of_fstab_are_those_leapp_refuses() {
    let lines = |fstab: &str| {
        let text: String = fstab.split(' ').map(|t| format!("x {t} xfs ro 0 0\n")).collect();
        let entries =
            ask(&format!("//- /etc/fstab\n{text}"), |s| s.fstab()).unwrap().unwrap().value;
        overlaps(&entries).into_iter().map(|o| (o.line, o.doubles, o.hides)).collect::<Vec<_>>()
    };
    assert_eq!(lines("/var /var/log"), []);
    assert_eq!(lines("/var/log /var"), [(2, vec![], vec![1])]);
    assert_eq!(lines("/var /"), [(2, vec![], vec![1])]);
    assert_eq!(lines("/var /var/"), [(2, vec![1], vec![])]);
    assert_eq!(lines("/var/lib/lea /var/lib/leapp"), []);
    assert_eq!(lines("/a/b /a/c /a /a"), [(3, vec![], vec![1, 2]), (4, vec![3], vec![1, 2])]);
    assert_eq!(lines("/ /"), [(2, vec![1], vec![])]);
    assert_eq!(lines("none none"), []);
}

#[test]
fn fstab_is_read_absent_or_unknown() {
    assert_eq!(ask("//- absent /etc/fstab\n", |s| s.fstab()), Ok(None));
    assert!(ask("//- unreadable /etc/fstab: EACCES\n", |s| s.fstab()).is_err());
    assert!(ask("", |s| s.fstab()).is_err());
}

#[test]
fn mounts_are_of_the_best_source_there_is() {
    let host =
        "//- /proc/mounts\n/dev/sda1 / xfs rw 0 0\n//- command mount\nx on / type ext4 (rw)\n";
    assert_eq!(ask(host, |s| s.mount_of("/etc")).unwrap().unwrap().fstype, "xfs");
    let host = "//- command mount\nrootfs on / type rootfs (rw)\n/dev/sda1 on / type ext4 (rw)\n";
    assert_eq!(ask(host, |s| s.mount_of("/")).unwrap().unwrap().source, "/dev/sda1");
    for host in ["", "//- absent /proc/mounts\n", "//- unreadable /proc/self/mountinfo: EIO\n"] {
        assert!(ask(host, |s| s.mounts()).is_err(), "{host:?}");
    }
}

#[test]
fn room_is_that_of_the_file_system_that_is_mounted() {
    let mounts = "//- /proc/mounts\na / xfs rw 0 0\nb /boot xfs rw 0 0\n";
    let room = |host: String| ask(&host, |s| s.room_at("/boot/x")).map(|room| room.available);
    assert_eq!(
        room(format!("{mounts}//- space / available=1\n//- space /boot available=2\n")),
        Ok(2)
    );
    assert!(room(format!("{mounts}//- space / available=1\n")).is_err(), "/boot was not measured");
    assert_eq!(room("//- space / available=1\n".to_owned()), Ok(1));
    let df = "//- command df -alP\nFilesystem 1024-blocks Used Available Capacity Mounted on\na 9 1 8 10% /\n";
    assert_eq!(room(df.to_owned()), Ok(8192));
    let both = format!(
        "{df}//- command df -li\nFilesystem Inodes IUsed IFree IUse% Mounted on\na 7 1 6 1% /\n"
    );
    assert_eq!(ask(&both, |s| s.room()).unwrap()[0].inodes_free, Some(6));
    assert!(room(String::new()).is_err());
}

#[test]
fn ftype_is_measured_or_of_the_superblock_or_of_xfs_info() {
    let mounts = "//- /proc/mounts\n/dev/sda1 / xfs rw 0 0\n/dev/sda2 /v xfs rw 0 0\n/dev/sda3 /w xfs rw 0 0\n/dev/sda4 /x xfs rw 0 0\ntmpfs /t tmpfs rw 0 0\n";
    let mut host = evidence(&format!(
        "{mounts}//- space / ftype=no\n//- command xfs_info /w\nnaming ftype=1\n"
    ));
    let mut block = vec![0; 512];
    block[..4].copy_from_slice(b"XFSB");
    block[101] = 5;
    host.sectors.insert("/dev/sda2".to_owned(), Content::new(block));
    let found = Storage::new(&host).xfs_mounts().unwrap();
    let found: Vec<_> = found.into_iter().map(|m| (m.target, m.ftype.ok())).collect();
    let expected = [("/", Some(false)), ("/v", Some(false)), ("/w", Some(true)), ("/x", None)];
    assert_eq!(found, expected.map(|(target, ftype)| (target.to_owned(), ftype)));
    assert!(ask("", |s| s.xfs_mounts()).is_err());
}

#[test]
fn network_mounts_are_named_with_their_place_and_nfsd_is_none() {
    let host = "//- /etc/fstab\ns:/x /x nfs4 ro 0 0\n//- /proc/mounts\nnfsd /proc/fs/nfsd nfsd rw 0 0\n//s/h /h cifs rw 0 0\n";
    let found = ask(host, |s| s.network_mounts()).unwrap();
    assert_eq!(
        found.iter().map(|m| m.told_by).collect::<Vec<_>>(),
        [Where::Fstab(1), Where::Mounted]
    );
    assert_eq!(found[1].fstype, "cifs");
    assert!(ask("//- /etc/fstab\n\n", |s| s.network_mounts()).is_err(), "mounts are unknown");
    let none = "//- absent /etc/fstab\n//- /proc/mounts\nnfsd /proc/fs/nfsd nfsd rw 0 0\n";
    assert_eq!(ask(none, |s| s.network_mounts()), Ok(vec![]));
}

#[test]
fn links_in_the_root_are_listed_with_their_targets() {
    let host =
        "//- dir /: bin@ etc/ data@\n//- link /bin -> usr/bin\n//- link /data -> /srv/data\n";
    let links = ask(host, |s| s.root_links()).unwrap();
    assert_eq!(links.iter().map(RootLink::is_absolute).collect::<Vec<_>>(), [false, true]);
    assert!(ask("//- dir /: bin@\n", |s| s.root_links()).is_err());
    assert!(ask("", |s| s.root_links()).is_err());
    let ls = "//- command ls -lan /\ntotal 1\nlrwxrwxrwx. 1 0 0 7 Oct 20 2016 bin -> usr/bin\n";
    assert_eq!(ask(ls, |s| s.root_links()).unwrap()[0].target, "usr/bin");
}

#[test]
fn files_that_are_optional_are_empty_where_they_are_absent() {
    let host = "//- absent /proc/mdstat\n//- /proc/cmdline\nro\n//- absent /etc/mdadm.conf\n//- absent /etc/crypttab\n\
                //- absent /etc/lvm\n//- absent /proc/swaps\n//- absent /etc/ceph\n//- absent /etc/multipath.conf\n\
                //- absent /etc/multipath\n//- dir /etc: xdrdevices.conf\n";
    assert_eq!(ask(host, |s| s.arrays()).unwrap().value, []);
    assert_eq!(ask(host, |s| s.array_lines()).unwrap().value, []);
    assert_eq!(ask(host, |s| s.crypttab()).unwrap().value, []);
    assert_eq!(ask(host, |s| s.volume_groups()).unwrap().items, []);
    assert_eq!(ask(host, |s| s.swaps()).unwrap().value, []);
    assert_eq!(ask(host, |s| s.has_ceph()), Ok(false));
    assert_eq!(ask(host, |s| s.multipath()), Ok(None));
    assert_eq!(ask(host, |s| s.multipath_files()), Ok(vec!["/etc/xdrdevices.conf"]));
    let unknown = "//- unreadable /proc/mdstat: EIO\n";
    assert!(ask(unknown, |s| s.arrays()).is_err());
    for host in ["", unknown] {
        assert!(ask(host, |s| s.array_lines()).is_err());
        assert!(ask(host, |s| s.crypttab()).is_err());
        assert!(ask(host, |s| s.volume_groups()).is_err());
        assert!(ask(host, |s| s.swaps()).is_err());
        assert!(ask(host, |s| s.has_ceph()).is_err());
        assert!(ask(host, |s| s.multipath()).is_err());
        assert!(ask(host, |s| s.multipath_files()).is_err());
        assert!(ask(host, |s| s.dracut()).is_err());
        assert!(ask(host, |s| s.dracut_modules()).is_err());
    }
}

#[test]
fn multipath_reads_the_directory_its_file_names() {
    let host = "//- /etc/multipath.conf\ndefaults {\n config_dir \"/etc/mp/\"\n}\n//- dir /etc/mp: b.conf a.conf x\n\
                //- /etc/mp/a.conf\ndefaults {\n checker tur\n}\n";
    let conf = ask(host, |s| s.multipath()).unwrap().unwrap();
    assert_eq!(
        conf.items.iter().map(|f| f.source.as_str()).collect::<Vec<_>>(),
        ["/etc/multipath.conf", "/etc/mp/a.conf"]
    );
    assert_eq!(conf.missing, [Unknown::not_captured("/etc/mp/b.conf")]);
    let conf = ask("//- /etc/multipath.conf\n\n", |s| s.multipath()).unwrap().unwrap();
    assert_eq!(conf.missing, [Unknown::not_captured("/etc/multipath/conf.d")]);
}

#[test]
fn lists_of_dracut_are_what_all_files_make_of_them() {
    let host = "//- /etc/dracut.conf\nadd_drivers+=\" a b \"\nadd_dracutmodules=\"gone\"\n//- dir /etc/dracut.conf.d: 10-x.conf\n\
                //- /etc/dracut.conf.d/10-x.conf\nadd_dracutmodules=\"bootchart\"\n//- dir /usr/lib/dracut/dracut.conf.d: 01-dist.conf 10-x.conf\n\
                //- /usr/lib/dracut/dracut.conf.d/01-dist.conf\nadd_drivers+=\" c\"\n//- /usr/lib/dracut/dracut.conf.d/10-x.conf\nadd_drivers=\"hidden\"\n\
                //- dir /usr/lib/dracut/modules.d: 00bash/ 90lvm/ README\n";
    let conf = ask(host, |s| s.dracut()).unwrap();
    let words =
        |name: &str| conf.words(name).unwrap().into_iter().map(|(w, ..)| w).collect::<Vec<_>>();
    assert_eq!(words("add_drivers"), ["a", "b", "c"]);
    assert_eq!(words("add_dracutmodules"), ["bootchart"]);
    assert_eq!(conf.words("add_dracutmodules").unwrap()[0].1, "/etc/dracut.conf.d/10-x.conf");
    assert_eq!(ask(host, |s| s.dracut_modules()).unwrap().unwrap(), ["bash", "lvm"]);
    let partly = ask("//- /etc/dracut.conf\n\n", |s| s.dracut()).unwrap();
    assert!(partly.words("add_drivers").is_err(), "the drop-ins are unknown");
}

#[test]
fn volume_groups_are_of_lvms_copies() {
    let host = "//- dir /etc/lvm/backup: c\n//- /etc/lvm/backup/c\nc { extent_size = 8192 }\n";
    assert_eq!(ask(host, |s| s.volume_groups()).unwrap().items[0].value[0].name, "c");
}

#[test]
fn bad_lines_of_fstab_are_those_that_are_no_entries() {
    let host = "//- /etc/fstab\n/dev/a / xfs rw 0 0\n  # a comment\n/dev/b\n/dev/c /c xfs\n\
                /dev/d /d xfs rw x 0\n/dev/e /e xfs rw # e\n";
    let fstab = ask(host, |s| s.fstab()).unwrap().unwrap();
    let bad: Vec<_> = bad_lines(&fstab).iter().map(|b| (b.line, b.fields, b.has_comment)).collect();
    assert_eq!(bad, [(3, 1, false), (4, 3, false), (6, 6, true)]);
}
