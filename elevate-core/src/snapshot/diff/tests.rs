//! Differences of hosts written as text.

use super::*;
use crate::snapshot::fixture::parse;

const BEFORE: &str = "
//- host centos:7.9 x86_64
//- kernel 3.10.0-1160.el7.x86_64
//- packages
bash-4.2.46-34.el7.x86_64
httpd-2.4.6-97.el7.x86_64
kernel-3.10.0-1160.el7.x86_64
nginx-1:1.20-1.el7.x86_64 third-party
telnet-0.17-66.el7.x86_64
//- /etc/yum.repos.d/x.repo
[base]
name=Base
baseurl=https://vault.example/7
[extras]
name=Extras
baseurl=https://vault.example/extras
//- /etc/fstab
/dev/sda1 / xfs defaults 0 0
/dev/sdb1 /data xfs defaults 0 0
//- absent /etc/hosts.deny
//- dir /etc/sysconfig: network grub@
//- space / available=100 total=1000
//- command lsmod
floppy 1 0
";

const AFTER: &str = "
//- host centos:7.9 x86_64
//- kernel 3.10.0-1160.119.1.el7.x86_64
//- packages
bash-4.2.46-35.el7.x86_64
httpd-2.4.6-97.el7.x86_64
kernel-3.10.0-1160.el7.x86_64
kernel-3.10.0-1160.119.1.el7.x86_64
nginx-1:1.20-1.el7.x86_64 key 24c6a8a7f4a80eb5
//- /etc/yum.repos.d/x.repo
[base]
name=Base
baseurl=https://vault.example/7
[extras]
name=Extras
enabled=0
baseurl=https://vault.example/extras
//- /etc/fstab
/dev/sda1 / xfs defaults 0 0
UUID=1 /data xfs defaults 0 0
//- /etc/hosts.deny
ALL: ALL
//- dir /etc/sysconfig: network grub@ clock
//- space / available=90 total=1000
";

fn diff(before: &str, after: &str) -> SnapshotDiff {
    SnapshotDiff::of(&parse(before).unwrap(), &parse(after).unwrap())
}

#[test]
fn a_host_that_was_worked_on_is_told_by_what_changed() {
    insta::assert_snapshot!("worked_on", render(&diff(BEFORE, AFTER)));
}

#[test]
fn a_snapshot_is_not_different_from_itself_in_another_order() {
    let host = parse(BEFORE).unwrap();
    let mut turned = host.clone();
    turned.packages.reverse();
    let diff = SnapshotDiff::of(&host, &turned);
    assert!(!diff.different, "{diff:#?}");
    assert!(render(&diff).ends_with("Nothing is different.\n"));
}

#[test]
fn what_comes_one_way_goes_the_other() {
    let (there, back) = (diff(BEFORE, AFTER), diff(AFTER, BEFORE));
    assert_eq!(there.packages.come, back.packages.gone);
    assert_eq!(there.packages.gone, back.packages.come);
    assert_eq!(there.kernels.come, back.kernels.gone);
    assert_eq!(there.evidence.len(), back.evidence.len());
    assert!(!there.packages.versions[0].lower && back.packages.versions[0].lower);
}

#[test]
fn what_was_not_looked_for_is_not_told_as_absent() {
    let told = diff("//- absent /etc/a\n", "//- unreadable /etc/a: Permission denied\n");
    let change = &told.evidence[0];
    assert_eq!((&*change.before, &*change.after), ("absent", "unreadable: Permission denied"));
    let told = diff("//- /etc/a\nx\n", "//- packages\n");
    let change = &told.evidence[0];
    assert_eq!((&*change.before, &*change.after), ("captured", "not looked for"));
}

#[test]
fn bytes_that_are_no_text_are_told_by_their_length() {
    let told = diff("//- sector /dev/vda grub2\n", "//- sector /dev/vda LILO\n");
    assert!(matches!(told.evidence[0].texts, Some(Texts::Bytes { before: 512, after: 512 })));
}

#[test]
fn nothing_a_host_says_moves_the_cursor() {
    let text = render(&diff("//- /etc/a\nx\n", "//- /etc/a\n\u{1b}[2Jx\r\n"));
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
}

#[test]
fn what_is_found_by_name_in_one_only_is_told() {
    let host = |paths: &str| format!("//- find /etc/*.rpm[nos]*:{paths}\n");
    let told = diff(&host(" /etc/a.rpmnew"), &host(" /etc/b.rpmsave"));
    let change = &told.evidence[0];
    assert_eq!((&*change.kind, told.evidence.len()), ("found", 1));
    assert_eq!(change.names.come, ["/etc/b.rpmsave"]);
    assert_eq!(change.names.gone, ["/etc/a.rpmnew"]);
    let looked = diff(&host(""), "//- packages\n");
    assert_eq!(looked.evidence[0].after, "not looked for");
}
