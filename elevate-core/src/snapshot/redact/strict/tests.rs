use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::snapshot::{Content, EntryKind, Snapshot};

/// A host with these files.
fn host(files: &[(&str, &str)]) -> Snapshot {
    let mut snapshot = Snapshot::read(
        br#"{"format": "elevate-snapshot", "version": 2, "packages": [],
        "identity": {"system": "centos:7.9", "arch": "x86_64",
        "hostname": "Web01.corp.acme.com"}}"#,
    )
    .unwrap()
    .snapshot;
    for (path, text) in files {
        snapshot.evidence.files.insert((*path).to_owned(), Content::from(*text));
    }
    snapshot
}

/// The files of a host, redacted; what holds for all is checked.
fn redacted(files: &[(&str, &str)]) -> String {
    let once = host(files).redacted();
    assert_eq!(once.redacted(), once);
    let files = once.evidence.files.iter();
    files.map(|(path, content)| format!("== {path}\n{}\n", content.text())).collect()
}

/// What becomes of one text.
fn text(text: &str) -> String {
    let whole = redacted(&[("/etc/a", text)]);
    whole.strip_prefix("== /etc/a\n").unwrap().strip_suffix('\n').unwrap().to_owned()
}

#[test]
fn names_of_hosts_become_numbers_with_and_without_domain() {
    let files = [
        (
            "/etc/hosts",
            "127.0.0.1 localhost localhost.localdomain\n10.1.2.3 web01.corp.acme.com web01 db7\n",
        ),
        (
            "/etc/app/WEB01.conf",
            "log=/var/log/web01.log vg=/dev/rhel_web01/root db7 db77 mail.acme.com www.acme.com. acme.com",
        ),
        (
            "/etc/krb5.conf",
            "default_realm = CORP.ACME.COM\nkdc = ldap.corp.acme.com:88\nadmin@corp.acme.com\nx.redhat.com",
        ),
    ];
    insta::assert_snapshot!(redacted(&files), @r"
    == /etc/app/host4.conf
    log=/var/log/host4.log vg=/dev/rhel_host4/root host1 db77 host3.domain1.example host5.domain1.example. domain1.example
    == /etc/hosts
    127.0.0.1 localhost localhost.localdomain
    192.0.2.1 host4.domain2.example host4 host1

    == /etc/krb5.conf
    default_realm = domain2.example
    kdc = host2.domain2.example:88
    user1@domain2.example
    x.redhat.com
    ");
    assert_eq!(host(&[]).redacted().identity.hostname.as_deref(), Some("host1.domain2.example"));
}

#[test]
fn names_of_users_become_numbers_but_those_of_the_system() {
    let files = [
        (
            "/etc/passwd",
            "root:x:0:0:root:/root:/bin/bash\njdoe:x:1000:1000:Jane Doe,,,:/home/jdoe:/bin/bash\noracle:x:1001:1001::/home/oracle:/bin/sh",
        ),
        ("/etc/ssh/sshd_config", "AllowUsers jdoe bob@10.0.0.* root"),
        (
            "/etc/sudoers",
            "Defaults env_reset\nalice ALL=(ALL) ALL\n%wheel ALL=(ALL) ALL\nroot ALL=(ALL) ALL",
        ),
        ("/etc/a", "jdoe bob alice Jane Doe root oracle /home/oracle/.ssh jdoes x_jdoe"),
        ("/var/spool/cron/carol", "0 * * * * /home/dave/bin/x"),
        ("/etc/mail", "To: bob@example.org, info@a.org getty@tty1.service carol"),
    ];
    insta::assert_snapshot!(redacted(&files), @r"
    == /etc/a
    user6 user2 user1 person1 root oracle /home/user7/.ssh jdoes x_user6
    == /etc/mail
    To: user2@example.org, user5@a.org getty@tty1.service user3
    == /etc/passwd
    root:x:0:0:root:/root:/bin/bash
    user6:x:1000:1000:person1,,,:/home/user6:/bin/bash
    oracle:x:1001:1001::/home/user7:/bin/sh
    == /etc/ssh/sshd_config
    AllowUsers user6 user2@10.0.0.* root
    == /etc/sudoers
    Defaults env_reset
    user1 ALL=(ALL) ALL
    %wheel ALL=(ALL) ALL
    root ALL=(ALL) ALL
    == /var/spool/cron/user3
    0 * * * * /home/user4/bin/x
    ");
}

#[test]
fn addresses_go_and_those_that_mean_the_same_everywhere_stay() {
    for stays in [
        "127.0.0.1 0.0.0.0 255.255.255.0 255.255.255.255 255.255.252.0 0.0.0.255",
        "::1 :: 2001:db8::7",
        "kernel-1.2.3.4-5.el7.x86_64 foo-1:10.2.3.4-1 bar 1.2.3.4-5.el7 lib.so.1.2.3.4 v1.2.3.4",
        "version 1.2.3.4, Release: \"1.2.3.4\" 1.2.3.4.5 1.2.3.4.rpm 1.2.3.400 1.3.6.1.4.1",
        "0000:00:1f.2 01234567-89ab-cdef-0123-456789abcdef 12:34:56 std::vec::a DBD::mysql",
        "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff 02:00:00:00:00:07",
        "ab:cd:ef:01:23:45:67:89:ab:cd:ef:01:23:45:67:89 bin:x:1:1::/bin: 22-11-20-10-20-30",
    ] {
        assert_eq!(text(stays), stays);
    }
    assert_eq!(
        text("a=10.0.0.1/24,\"10.0.0.2\":80 http://10.0.0.1/"),
        "a=192.0.2.1/24,\"192.0.2.2\":80 http://192.0.2.1/"
    );
    assert_eq!(
        text("10.0.0.1-10.0.0.9 !10.0.0.1. (8.8.8.8)"),
        "192.0.2.2-192.0.2.3 !192.0.2.2. (192.0.2.1)"
    );
    assert_eq!(
        text("fe80::1%eth0 [FE80::2]:80 fe80:0::1/64"),
        "2001:db8::1%eth0 [2001:db8::2]:80 2001:db8::1/64"
    );
    assert_eq!(
        text("52:54:00:AA:bb:01 52-54-00-aa-bb-02 52:54:00:aa:BB:01"),
        "02:00:00:00:00:01 02-00-00-00-00-02 02:00:00:00:00:01"
    );
    // A number that stands there is not given again.
    assert_eq!(text("192.0.2.1 10.0.0.1"), "192.0.2.1 192.0.2.2");
}

#[test]
fn numbers_of_machines_go_wherever_they_stand() {
    let id = "0123456789abcdef0123456789abcdef";
    let files = [
        ("/etc/machine-id", "0123456789abcdef0123456789abcdef\n"),
        ("/boot/vmlinuz-0-rescue-0123456789abcdef0123456789abcdef", ""),
        ("/sys/class/dmi/id/product_serial", "VMware-56 4d 3a 01\n"),
        ("/sys/class/dmi/id/product_uuid", "564D3A01-0000-1111-2222-333344445555\n"),
        ("/sys/class/dmi/id/board_serial", "Not Specified\n"),
        ("/sys/class/dmi/id/sys_vendor", "VMware, Inc.\n"),
        ("/etc/a", "uuid 564d3a01-0000-1111-2222-333344445555"),
    ];
    let out = redacted(&files);
    assert!(!out.contains(id));
    insta::assert_snapshot!(out, @r"
    == /boot/vmlinuz-0-rescue-00000000000000000000000000000001

    == /etc/a
    uuid 00000000-0000-0000-0000-000000000002
    == /etc/machine-id
    00000000000000000000000000000001

    == /sys/class/dmi/id/board_serial
    Not Specified

    == /sys/class/dmi/id/product_serial
    serial3

    == /sys/class/dmi/id/product_uuid
    00000000-0000-0000-0000-000000000002

    == /sys/class/dmi/id/sys_vendor
    VMware, Inc.
    ");
}

#[test]
fn every_part_of_a_snapshot_is_gone_through_and_counted() {
    let mut snapshot = host(&[("/etc/a", "10.0.0.1 web01\npassword=hunter2")]);
    let evidence = &mut snapshot.evidence;
    evidence.links.insert("/etc/web01".into(), Content::from("../web01/x"));
    evidence.directories.insert(
        "/srv/web01".into(),
        [("web01".into(), EntryKind::File), ("WEB01".into(), EntryKind::File)].into(),
    );
    evidence.commands.insert("ping web01".into(), Content::from("web01 \u{fc}"));
    evidence.sectors.insert("/dev/web01".into(), Content::new(b"LUKS\xba\xbe\x00\x01aes".to_vec()));
    let out = snapshot.redacted();
    assert!(!out.to_json().to_lowercase().contains("web01"), "{}", out.to_json());
    assert_eq!(out.evidence.redacted["/etc/a"], 3);
    assert_eq!(out.evidence.redacted["ping host1"], 1);
    assert_eq!(out.evidence.sectors["/dev/host1"].bytes(), b"LUKS\xba\xbe\x00\x01\x00\x00\x00");
    // One host, two spellings, in one directory: both are still there.
    assert_eq!(out.evidence.directories["/srv/host1"].len(), 2);
    assert_eq!(out.redacted(), out);
}

#[test]
fn what_is_no_text_and_lists_of_packages_keep_their_bytes() {
    let mut snapshot =
        host(&[("/var/lib/yum/history/saved_tx", "mbr: nss,x86_64,0,3.16.2.3,14.el7 70")]);
    let database = b"SQLite format 3\x0010.0.0.1\xff web01";
    snapshot.evidence.files.insert("/a.sqlite".to_owned(), Content::new(database.to_vec()));
    assert_eq!(snapshot.redacted().evidence, snapshot.evidence);
}

proptest! {
    #[test]
    fn bytes_of_any_kind_are_gone_through_once_and_for_all(content: Vec<u8>) {
        let mut snapshot = host(&[]);
        snapshot.evidence.files.insert("/etc/hosts".to_owned(), Content::new(content.clone()));
        let once = snapshot.redacted();
        let lines = |text: &[u8]| text.iter().filter(|b| **b == b'\n').count();
        prop_assert_eq!(lines(once.evidence.files["/etc/hosts"].bytes()), lines(&content));
        prop_assert_eq!(once.redacted(), once);
    }

    #[test]
    fn texts_of_names_and_addresses_change_once_only(
        parts in prop::collection::vec(prop::sample::select(vec![
            "10.0.0.1", "web01", ".corp.acme.com", "acme.com", "/home/", "jane", "@", ".", "-", ":", "::", " ",
            "\n", "fe80::1", "host1", "user1", "52:54:00:aa:bb:01", "1", "a", ".example", "domain1", "_", "/",
            "HOSTNAME=", "192.0.2.1", "x:1000:1000:", "Jane Doe", "version ", "b.org", "jane", "root",
        ]), 0..20),
        path in prop::sample::select(vec!["/etc/a", "/etc/hosts", "/etc/passwd", "/etc/resolv.conf", "/etc/machine-id"]),
    ) {
        let once = host(&[(path, &parts.concat())]).redacted();
        prop_assert_eq!(once.redacted(), once, "{:?}", parts.concat());
    }

    #[test]
    fn different_addresses_stay_different_and_the_same_the_same(numbers in prop::collection::vec(any::<u32>(), 1..60)) {
        let addresses: Vec<String> = numbers.iter().map(|n| std::net::Ipv4Addr::from(*n).to_string()).collect();
        let out = text(&addresses.join(" "));
        let pairs: BTreeSet<(&str, &str)> = addresses.iter().map(String::as_str).zip(out.split(' ')).collect();
        let (from, to): (BTreeSet<&str>, BTreeSet<&str>) = pairs.iter().copied().unzip();
        prop_assert_eq!(from.len(), pairs.len());
        prop_assert_eq!(to.len(), pairs.len());
    }
}

#[test]
fn users_are_found_in_mounts_addresses_and_included_files() {
    let files = [
        ("/etc/fstab", "//s/x /mnt cifs username=petra,password=REDACTED 0 0"),
        ("/etc/ssh/extra.conf", "allowusers quentin"),
        ("/etc/yum.repos.d/a.repo", "baseurl=https://rosa:REDACTED@repo.acme.com/7/ petra quentin"),
    ];
    insta::assert_snapshot!(redacted(&files), @r"
    == /etc/fstab
    //s/x /mnt cifs username=user1,password=REDACTED 0 0
    == /etc/ssh/extra.conf
    allowusers user2
    == /etc/yum.repos.d/a.repo
    baseurl=https://user3:REDACTED@host1.domain1.example/7/ user1 user2
    ");
}

#[test]
fn names_in_what_was_found_by_name_are_replaced() {
    let mut host = host(&[("/etc/hosts", "10.1.2.3 db7.corp.acme.com\n")]);
    let paths = vec!["/etc/db7.corp.acme.com.rpmnew".to_owned(), "/etc/x.rpmsave".to_owned()];
    host.evidence.found.insert("/etc/*.rpm[nos]*".to_owned(), paths);
    let found = &host.redacted().evidence.found["/etc/*.rpm[nos]*"];
    assert!(found.iter().all(|path| !path.contains("db7") && !path.contains("acme")), "{found:?}");
    assert_eq!((found.len(), found[1].as_str()), (2, "/etc/x.rpmsave"));
}
