//! File systems, what they lie on, and what brings them up while booting.

mod boot_image;
mod devices;
mod mounted;

use std::collections::BTreeMap;

use super::Found;
use super::parse::crypttab::{self, CryptEntry};
use super::parse::fstab::{self, FstabEntry};
use super::parse::lvm::{self, VolumeGroup};
use super::parse::mdadm::{self, ArrayLine, MdArray};
use super::parse::multipath::{self, MultipathConf};
use super::parse::{ls, mounts};
use super::read::{self, Parsed};
use super::{Fact, Unknown, fact};
use crate::snapshot::{EntryKind, Evidence};

pub use boot_image::DracutConf;
pub(in crate::facts) use devices::devices_path;
pub use devices::{BlockDevice, BlockKind, DriverAt, DriverChain, is_named_by_ceph};
pub use mounted::{NetworkMount, Room, Where, XfsMount};

/// What the questions here read: paths, patterns, and command lines after
/// `command:`. Of `/dev/*` the first sector is meant.
pub const READS: &[&str] = &[
    "/etc/fstab",
    "/proc/self/mountinfo",
    "/proc/mounts",
    "command:mount",
    "/proc/swaps",
    "command:swapon -s",
    "command:df -alP",
    "command:df -al",
    "command:df -lP",
    "command:df -P",
    "command:df -li",
    "command:df -ali",
    "command:df -i",
    "command:xfs_info *",
    "/proc/mdstat",
    "/etc/mdadm.conf",
    "/etc/lvm/backup",
    "/etc/lvm/backup/*",
    "/etc/crypttab",
    "/etc/multipath.conf",
    "/etc/multipath/conf.d",
    "/etc/multipath/conf.d/*.conf",
    "/etc/multipath",
    "/etc/xdrdevices.conf",
    "/etc/dracut.conf",
    "/etc/dracut.conf.d",
    "/etc/dracut.conf.d/*.conf",
    "/usr/lib/dracut/dracut.conf.d",
    "/usr/lib/dracut/dracut.conf.d/*.conf",
    "/usr/lib/dracut/modules.d",
    "/sys/class/block",
    "/sys/class/block/*",
    "/sys/class/block/*/dev",
    "/sys/class/block/*/size",
    "/sys/class/block/*/removable",
    "/sys/class/block/*/partition",
    "/sys/class/block/*/slaves",
    "/sys/class/block/*/dm/name",
    "/sys/class/block/*/dm/uuid",
    "command:lsblk",
    "/dev/*",
    "/dev/disk/by-uuid/*",
    "/dev/disk/by-label/*",
    "/dev/disk/by-partuuid/*",
    "/dev/md/*",
    "/sys/bus/*/devices/*/driver",
    "/",
    "/*",
    "command:ls -lan /",
    "/etc/ceph/ceph.conf",
    "/etc/dasd.conf",
    "/etc/zfcp.conf",
];

/// Questions about storage.
#[derive(Debug, Clone, Copy)]
pub struct Storage<'a> {
    evidence: &'a Evidence,
}

/// Entries of fstab of which a later one hides, or doubles, an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The later entry.
    pub line: usize,
    /// Its mount point.
    pub target: String,
    /// Lines of earlier entries at the same place.
    pub doubles: Vec<usize>,
    /// Lines of earlier entries below it, which it hides.
    pub hides: Vec<usize>,
}

/// A link in `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootLink {
    /// Its name.
    pub name: String,
    /// Where it leads.
    pub target: String,
}

impl RootLink {
    /// Whether it leads to an absolute path, which breaks where the root is
    /// mounted elsewhere.
    pub fn is_absolute(&self) -> bool {
        self.target.starts_with('/')
    }
}

impl<'a> Storage<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// What `/etc/fstab` mounts; `None` where there is no fstab. Asked by
    /// `storage_scanner`, `checkfstabxfsoptions`, `check_fstab_mount_order`,
    /// `check_mount_options`, `check_nfs`, `check_cifs`.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn fstab(&self) -> Fact<Option<Parsed<Vec<FstabEntry>>>> {
        self.file("/etc/fstab", fstab::parse)
    }

    /// Arrays of software RAID that run, from `/proc/mdstat`; none where the
    /// kernel has no such file. leapp asks `mdadm` for them (`check_grub_core`).
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn arrays(&self) -> Fact<Parsed<Vec<MdArray>>> {
        self.file_or_nothing("/proc/mdstat", mdadm::parse_mdstat)
    }

    /// Arrays `/etc/mdadm.conf` names; none without the file.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn array_lines(&self) -> Fact<Parsed<Vec<ArrayLine>>> {
        self.file_or_nothing("/etc/mdadm.conf", mdadm::parse_conf)
    }

    /// Volume groups, from LVM's own copies in `/etc/lvm/backup`.
    ///
    /// # Errors
    ///
    /// Where the directory was not captured.
    pub fn volume_groups(&self) -> Fact<Found<Parsed<Vec<VolumeGroup>>>> {
        read::files(self.evidence, "/etc/lvm/backup", |_| true, lvm::parse)
    }

    /// Volumes unlocked while booting, from `/etc/crypttab`; none without it.
    /// What is unlocked now is told by [`Storage::block_devices`].
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn crypttab(&self) -> Fact<Parsed<Vec<CryptEntry>>> {
        self.file_or_nothing("/etc/crypttab", crypttab::parse)
    }

    /// The files of multipath in the order it reads them: `/etc/multipath.conf`
    /// and those of its `config_dir`; `None` without the first. Asked by
    /// `multipath_conf_read`.
    ///
    /// # Errors
    ///
    /// Where the first was not captured.
    pub fn multipath(&self) -> Fact<Option<Found<Parsed<MultipathConf>>>> {
        let Some(main) = self.file("/etc/multipath.conf", multipath::parse)? else {
            return Ok(None);
        };
        let configured = main.value.last("defaults", &["config_dir"]);
        let directory = configured.and_then(|option| option.value.as_deref());
        let directory = directory.unwrap_or("/etc/multipath/conf.d").trim_end_matches('/');
        let is_conf = |name: &str| name.ends_with(".conf");
        let mut all = match read::files(self.evidence, directory, is_conf, multipath::parse) {
            Ok(drop_ins) => drop_ins,
            Err(error) => Found { items: Vec::new(), missing: vec![error] },
        };
        all.items.insert(0, main);
        Ok(Some(all))
    }

    /// What a file of multipath's says and what it has to say on release 8; `None` where
    /// that is the same, or there is no such file. Asked by `multipath_conf_update`.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn multipath_upgraded(&self, path: &str) -> Fact<Option<(String, String)>> {
        let text = read::text(self.evidence, path)?;
        Ok(text.and_then(|text| Some((text.to_string(), multipath::upgraded(&text)?))))
    }

    /// The links in `/`, from its listing or `ls -lan /`. Asked by
    /// `root_scanner` for `check_root_symlinks`.
    ///
    /// # Errors
    ///
    /// Where neither was captured, or a link's target was not.
    pub fn root_links(&self) -> Fact<Vec<RootLink>> {
        let listing = match fact("/", self.evidence.directory("/")) {
            Ok(Some(listing)) => listing,
            Ok(None) => return Err(Unknown::not_captured("/")),
            Err(error) => return self.root_links_of_ls().unwrap_or(Err(error)),
        };
        let links = listing.iter().filter(|(_, kind)| **kind == EntryKind::Link);
        links
            .map(|(name, _)| {
                let path = format!("/{name}");
                let target = read::link(self.evidence, &path)?;
                let target = target.ok_or_else(|| Unknown::not_captured(path))?;
                Ok(RootLink { name: name.clone(), target })
            })
            .collect()
    }

    fn root_links_of_ls(&self) -> Option<Fact<Vec<RootLink>>> {
        let source = read::source(self.evidence, &["command:ls -lan /"]).ok()??;
        let (listed, _) = ls::parse(&source.text());
        let link = |entry: ls::Listed| Some(RootLink { name: entry.name, target: entry.target? });
        Some(Ok(listed.into_iter().filter_map(link).collect()))
    }

    /// Whether Ceph is configured: `/etc/ceph/ceph.conf`. Asked by
    /// `cephvolumescan`, whose volumes are encrypted and no hindrance.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn has_ceph(&self) -> Fact<bool> {
        read::exists(self.evidence, "/etc/ceph/ceph.conf")
    }

    /// Those of the files multipath needs while upgrading that exist:
    /// `/etc/multipath.conf`, `/etc/multipath`, `/etc/xdrdevices.conf`.
    ///
    /// # Errors
    ///
    /// Where one was not looked for.
    pub fn multipath_files(&self) -> Fact<Vec<&'static str>> {
        let mut there = Vec::new();
        for path in ["/etc/multipath.conf", "/etc/multipath", "/etc/xdrdevices.conf"] {
            if read::exists(self.evidence, path)? {
                there.push(path);
            }
        }
        Ok(there)
    }

    /// Those of the files that tell a host of s390x its disks: `/etc/dasd.conf`,
    /// `/etc/zfcp.conf`. Asked by `scandasd`, `scanzfcp`.
    ///
    /// # Errors
    ///
    /// Where one was not looked for.
    pub fn s390_disk_files(&self) -> Fact<Vec<&'static str>> {
        let mut there = Vec::new();
        for path in ["/etc/dasd.conf", "/etc/zfcp.conf"] {
            if read::exists(self.evidence, path)? {
                there.push(path);
            }
        }
        Ok(there)
    }

    /// Whether something is at a path somebody named. Asked by
    /// `scan_target_os_image` of the image.
    ///
    /// # Errors
    ///
    /// Where nobody looked.
    pub fn exists(&self, path: &str) -> Fact<bool> {
        read::exists(self.evidence, path)
    }

    fn file<T>(
        &self,
        path: &str,
        parse: impl Fn(&str) -> (T, Vec<super::OddLine>),
    ) -> Fact<Option<Parsed<T>>> {
        let source = read::source(self.evidence, &[path])?;
        Ok(source.map(|source| {
            let parsed = parse(&source.text());
            source.parsed(parsed)
        }))
    }

    fn file_or_nothing<T: Default>(
        &self,
        path: &str,
        parse: impl Fn(&str) -> (T, Vec<super::OddLine>),
    ) -> Fact<Parsed<T>> {
        let nothing = || Parsed { source: path.to_owned(), value: T::default(), odd: Vec::new() };
        Ok(self.file(path, parse)?.unwrap_or_else(nothing))
    }
}

/// Entries that hide or double earlier ones, in file order. Asked by
/// `check_fstab_mount_order`: a mount point that equals, or is above, that of
/// an earlier line.
pub fn overlaps(entries: &[FstabEntry]) -> Vec<Overlap> {
    let mut earlier: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut overlaps = Vec::new();
    let mounted = entries.iter().filter(|entry| entry.target.starts_with('/'));
    for entry in mounted.take(MOST_COMPARED) {
        let target = entry.target.as_str();
        let doubles = earlier.get(target).cloned().unwrap_or_default();
        let below = format!("{}/", target.trim_end_matches('/'));
        let inside = earlier.range(below.as_str()..).take_while(|(t, _)| t.starts_with(&below));
        let inside = inside.filter(|(t, _)| **t != target);
        let mut hides: Vec<usize> = inside.flat_map(|(_, lines)| lines.iter().copied()).collect();
        hides.sort_unstable();
        if !doubles.is_empty() || !hides.is_empty() {
            overlaps.push(Overlap { line: entry.line, target: target.to_owned(), doubles, hides });
        }
        earlier.entry(target).or_default().push(entry.line);
    }
    overlaps
}

/// A line of fstab that is no entry, or not quite one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine<'a> {
    /// Line, from 1.
    pub line: usize,
    /// What stands there.
    pub text: &'a str,
    /// How many fields it has.
    pub fields: usize,
    /// Whether a comment stands at its end, which fstab does not have.
    pub has_comment: bool,
}

impl BadLine<'_> {
    /// Whether leapp, which counts fields, sees that something is wrong.
    pub fn is_miscounted(&self) -> bool {
        !(4..=6).contains(&self.fields)
    }
}

/// Lines of fstab that have not four to six fields, or a comment at their end.
/// An indented comment is none of them: mount knows it for what it is. Asked by
/// `storage_scanner`.
pub fn bad_lines(fstab: &Parsed<Vec<FstabEntry>>) -> Vec<BadLine<'_>> {
    let entries = fstab.value.iter().map(|entry| BadLine {
        line: entry.line,
        text: &entry.text,
        fields: entry.fields,
        has_comment: entry.has_comment,
    });
    let is_entry = |line: usize| fstab.value.iter().any(|entry| entry.line == line);
    let others = fstab
        .odd
        .iter()
        .filter(|odd| !odd.text.trim_start().starts_with('#') && !is_entry(odd.line));
    let others = others.map(|odd| BadLine {
        line: odd.line,
        text: &odd.text,
        fields: odd.text.split_ascii_whitespace().count(),
        has_comment: false,
    });
    let mut bad: Vec<BadLine<'_>> = entries
        .filter(|line| line.has_comment || line.is_miscounted())
        .chain(others.filter(BadLine::is_miscounted))
        .collect();
    bad.sort_by_key(|bad| bad.line);
    bad
}

/// More entries than this are not compared with each other.
const MOST_COMPARED: usize = 2000;

/// The mounts of the first source that has them.
fn parse_mounts(index: usize, text: &str) -> (Vec<mounts::Mount>, Vec<super::OddLine>) {
    match index {
        0 => mounts::parse_mountinfo(text),
        1 => mounts::parse_mounts(text),
        _ => mounts::parse_mount_output(text),
    }
}

#[cfg(test)]
mod tests;
