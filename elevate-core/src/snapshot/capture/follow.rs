//! What configuration files include and what devices lead to is collected too:
//! no list can name it beforehand.

use std::collections::BTreeSet;

use super::collector::Collector;
use crate::host::Door;
use crate::snapshot::collect::{Item, Take};
use crate::snapshot::{EntryKind, unescape_octal};

/// Most rounds of included files that include others.
const MAX_ROUNDS: usize = 8;
/// Most files included in all.
const MAX_INCLUDED: usize = 2_000;

/// A way to include other files.
struct Include {
    /// The files that may: a path, or a directory with `/` at its end.
    inside: &'static str,
    /// The word in front of what is included.
    keyword: &'static str,
    /// What relative paths start at.
    base: &'static str,
    /// What is added to a path that is a directory: `/*.conf`.
    suffix: &'static str,
}

const fn include(
    inside: &'static str,
    keyword: &'static str,
    base: &'static str,
    suffix: &'static str,
) -> Include {
    Include { inside, keyword, base, suffix }
}

const INCLUDES: &[Include] = &[
    include("/etc/ssh/", "include", "/etc/ssh", ""),
    include("/etc/ld.so.conf", "include", "/etc", ""),
    include("/etc/ld.so.conf.d/", "include", "/etc/ld.so.conf.d", ""),
    include("/etc/named", "include", "/var/named", ""),
    include("/var/named/", "include", "/var/named", ""),
    include("/etc/ntp", "includefile", "/etc", ""),
    include("/etc/cups/", "include", "/etc/cups", ""),
    include("/etc/multipath.conf", "config_dir", "/etc/multipath", "/*.conf"),
    include("/etc/yum.conf", "reposdir", "/etc", "/*.repo"),
    include("/etc/dnf/dnf.conf", "reposdir", "/etc", "/*.repo"),
    include("/etc/my.cnf", "!include", "/etc", ""),
    include("/etc/my.cnf", "!includedir", "/etc", "/*.cnf"),
    include("/etc/yum.repos.d/", "gpgkey", "", ""),
    include("/etc/auto", "+", "/etc", ""),
];

/// Collects what the evidence so far leads to.
pub(super) fn follow(collector: &mut Collector<'_>) {
    includes(collector);
    mounts(collector);
    devices(collector);
}

fn includes(collector: &mut Collector<'_>) {
    let mut done = BTreeSet::new();
    for _ in 0..MAX_ROUNDS {
        let mut wanted = BTreeSet::new();
        for (path, content) in &collector.evidence().files {
            let ways = INCLUDES.iter().filter(|way| path.starts_with(way.inside));
            let text = content.text();
            wanted.extend(ways.flat_map(|way| way.named_in(&text)));
        }
        let new: Vec<String> = wanted.into_iter().filter(|path| !done.contains(path)).collect();
        if new.is_empty() {
            return;
        }
        for path in new {
            if done.len() == MAX_INCLUDED {
                let why =
                    format!("more than {MAX_INCLUDED} files are included; the rest is not read");
                return collector.problem(&path, &why);
            }
            collector.item(&Item { take: Take::Content, pattern: path.clone() });
            done.insert(path);
        }
    }
    let why = format!("files include each other more than {MAX_ROUNDS} deep; the rest is not read");
    collector.problem("included files", &why);
}

impl Include {
    /// The paths a text includes.
    fn named_in(&self, text: &str) -> Vec<String> {
        let of_line = |line: &str| {
            let line = line.trim();
            let head = line.get(..self.keyword.len())?;
            let rest = head.eq_ignore_ascii_case(self.keyword).then(|| &line[head.len()..])?;
            let apart = |c: char| c.is_whitespace() || matches!(c, '=' | ',' | ';');
            if self.keyword != "+" && !rest.starts_with(|c| apart(c) || c == '"') {
                return None;
            }
            let words = rest.split(apart).map(|word| word.trim_matches(['"', '\'', '{', '}']));
            let words = words.take_while(|word| !word.starts_with('#') && !word.starts_with("//"));
            Some(words.filter_map(|word| self.path(word)).collect::<Vec<_>>())
        };
        text.lines().filter_map(of_line).flatten().collect()
    }

    fn path(&self, word: &str) -> Option<String> {
        let word = word.strip_prefix("file://").unwrap_or(word);
        if word.is_empty() || word.contains(['$', ':']) || word.starts_with("//") {
            return None;
        }
        let path = match word.starts_with('/') {
            true => word.to_owned(),
            false if self.base.is_empty() => return None,
            false => format!("{}/{word}", self.base),
        };
        let path = format!("{}{}", path.trim_end_matches('/'), self.suffix);
        // The same checks as for a list somebody wrote.
        format!("content {path}").parse::<Item>().is_ok().then_some(path)
    }
}

/// File systems that answer from memory or a disk of this host. Others may
/// hang: a network server that is gone is not asked.
const LOCAL: &[&str] = &[
    "ext2", "ext3", "ext4", "xfs", "btrfs", "vfat", "jfs", "reiserfs", "tmpfs", "overlay", "f2fs",
];

fn mounts(collector: &mut Collector<'_>) {
    match collector.host().door() {
        Door::Live => {
            for mount in mounted(collector) {
                if !LOCAL.contains(&mount.kind.as_str()) {
                    continue;
                }
                collector.space(&mount.point);
                if mount.kind == "xfs" && mount.source.starts_with("/dev/") {
                    collector.sector(&mount.source);
                }
            }
        }
        Door::Root => {
            collector.space("/");
            for point in mount_points_of_fstab(collector) {
                separate(collector, &point);
            }
        }
        Door::Sosreport | Door::Insights => {}
    }
}

/// A mount point of a mounted root: only where something is mounted there.
fn separate(collector: &mut Collector<'_>, point: &str) {
    let above =
        point.rsplit_once('/').map_or("/", |(above, _)| if above.is_empty() { "/" } else { above });
    let device = |path: &str| collector.host().node(path).ok().map(|node| node.device);
    let (here, there) = (device(point), device(above));
    if here.is_some() && here != there {
        collector.space(point);
    }
}

fn mount_points_of_fstab(collector: &Collector<'_>) -> BTreeSet<String> {
    let Some(fstab) = collector.evidence().files.get("/etc/fstab") else { return BTreeSet::new() };
    let text = fstab.text();
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let points = lines.filter_map(|line| line.split_whitespace().nth(1)).map(unescape_octal);
    points.filter(|point| point.starts_with('/') && point != "/").collect()
}

struct Mount {
    point: String,
    kind: String,
    source: String,
}

/// `/proc/self/mountinfo`: the fields after the mount point end with `-`, then
/// come type and source (proc(5)).
fn mounted(collector: &Collector<'_>) -> Vec<Mount> {
    let Some(file) = collector.evidence().files.get("/proc/self/mountinfo") else {
        return Vec::new();
    };
    let of_line = |line: &str| {
        let (before, after) = line.split_once(" - ")?;
        let point = before.split(' ').nth(4)?;
        let mut after = after.split(' ');
        let (kind, source) = (after.next()?, after.next()?);
        Some(Mount {
            point: unescape_octal(point),
            kind: kind.to_owned(),
            source: unescape_octal(source),
        })
    };
    file.text().lines().filter_map(of_line).collect()
}

/// The drivers between a disk and the root of the device tree, and the first
/// sector of disks.
fn devices(collector: &mut Collector<'_>) {
    const BLOCK: &str = "/sys/class/block";
    let Some(names) = collector.evidence().directories.get(BLOCK) else { return };
    let names: Vec<String> = names.keys().cloned().collect();
    let mut ancestors = BTreeSet::new();
    for name in names {
        let path = format!("{BLOCK}/{name}");
        let Some(target) = collector.evidence().links.get(&path) else { continue };
        let Some(device) = target
            .text()
            .trim_start_matches("../")
            .strip_prefix("devices/")
            .map(|rest| format!("/sys/devices/{rest}"))
        else {
            continue;
        };
        if device.starts_with("/sys/devices/virtual/") {
            continue;
        }
        let is_partition = collector.evidence().files.contains_key(&format!("{path}/partition"));
        if !is_partition && is_disk(&name) {
            collector.sector(&format!("/dev/{}", name.replace('!', "/")));
        }
        let mut at = device.as_str();
        while let Some((above, _)) = at.rsplit_once('/') {
            if above == "/sys/devices" {
                break;
            }
            ancestors.insert(at.to_owned());
            at = above;
        }
    }
    for ancestor in ancestors {
        let driver = format!("{ancestor}/driver");
        if collector.evidence().kind(&driver).captured() != Some(EntryKind::Link) {
            collector.entry(&driver);
        }
    }
}

/// Whether a block device that is no partition is a disk one boots from: no
/// floppy, no optical drive.
fn is_disk(name: &str) -> bool {
    !name.starts_with("fd") && !name.starts_with("sr")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn includes_are_found_as_their_programs_find_them() {
        let named = |inside: &str, text: &str| {
            let ways = INCLUDES.iter().filter(|way| inside.starts_with(way.inside));
            ways.flat_map(|way| way.named_in(text)).collect::<Vec<_>>().join(" ")
        };
        let cases = [
            (
                "/etc/ssh/sshd_config",
                "Include a.conf /x/*.conf\n#Include no\nIncludes no\n",
                "/etc/ssh/a.conf /x/*.conf",
            ),
            (
                "/etc/ld.so.conf",
                "include ld.so.conf.d/*.conf\n/usr/lib\n",
                "/etc/ld.so.conf.d/*.conf",
            ),
            (
                "/etc/named.conf",
                "  include \"/etc/named.rfc1912.zones\";\ninclude \"a.key\"; // x\n",
                "/etc/named.rfc1912.zones /var/named/a.key",
            ),
            ("/etc/ntp.conf", "includefile /etc/ntp/more.conf\n", "/etc/ntp/more.conf"),
            ("/etc/multipath.conf", "defaults {\n config_dir \"/etc/mp/\"\n}", "/etc/mp/*.conf"),
            ("/etc/yum.conf", "reposdir=/etc/a, /etc/b\n", "/etc/a/*.repo /etc/b/*.repo"),
            (
                "/etc/yum.repos.d/a.repo",
                "gpgkey=file:///etc/k1 file:///etc/k-$releasever\nhttps://x/y",
                "/etc/k1",
            ),
            ("/etc/yum.repos.d/a.repo", "gpgkey=https://h/k\n", ""),
            ("/etc/my.cnf", "!includedir /etc/my.cnf.d\n", "/etc/my.cnf.d/*.cnf"),
            ("/etc/ssh/sshd_config", "Include ../../x /a/**/b\n", ""),
        ];
        for (inside, text, expected) in cases {
            assert_eq!(named(inside, text), expected, "{inside}: {text}");
        }
    }
}
