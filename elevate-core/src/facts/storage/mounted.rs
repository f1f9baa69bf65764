//! What is mounted, and how much room there is.

use std::collections::BTreeMap;

use super::{BlockDevice, Storage, parse_mounts};
use crate::facts::parse::df::{self, DfUnit};
use crate::facts::parse::fstab::is_network;
use crate::facts::parse::mounts::{self, Mount, Swap};
use crate::facts::parse::xfs::{self, XfsSuperblock};
use crate::facts::read::{self, Parsed};
use crate::facts::{Fact, Unknown};

const MOUNTS: [&str; 3] = ["/proc/self/mountinfo", "/proc/mounts", "command:mount"];
const SPACE: [&str; 4] = ["command:df -alP", "command:df -al", "command:df -lP", "command:df -P"];
const INODES: [&str; 3] = ["command:df -li", "command:df -ali", "command:df -i"];

/// Room on a mounted file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Mount point.
    pub target: String,
    /// Size in bytes.
    pub total: u64,
    /// What is free for everybody, in bytes.
    pub available: u64,
    /// How many inodes it has, where that is known and limited.
    pub inodes: Option<u64>,
    /// How many inodes are free.
    pub inodes_free: Option<u64>,
}

/// A mounted XFS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XfsMount {
    /// Mount point.
    pub target: String,
    /// Device.
    pub source: String,
    /// Whether it has `ftype`.
    pub ftype: Fact<bool>,
}

/// A file system of another machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkMount {
    /// What is mounted.
    pub source: String,
    /// Where.
    pub target: String,
    /// Type: `nfs4`, `cifs`.
    pub fstype: String,
    /// What says so.
    pub told_by: Where,
}

/// Where a mount is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where {
    /// A line of fstab.
    Fstab(usize),
    /// It is mounted now.
    Mounted,
}

impl Storage<'_> {
    /// What is mounted, in order; a later mount hides an earlier one at its
    /// place. Of `/proc/self/mountinfo`, `/proc/mounts` or `mount`. Asked by
    /// `storage_scanner`, `check_mount_options`, `check_persistent_mounts`.
    ///
    /// # Errors
    ///
    /// Where none of them was captured.
    pub fn mounts(&self) -> Fact<Parsed<Vec<Mount>>> {
        let source = read::source(self.evidence, &MOUNTS)?;
        let source = source.ok_or_else(|| Unknown::not_captured(MOUNTS[0]))?;
        let parsed = parse_mounts(source.index, &source.text());
        Ok(source.parsed(parsed))
    }

    /// What is to be seen at each mount point: the last mount there.
    ///
    /// # Errors
    ///
    /// As [`Storage::mounts`].
    pub fn mounted(&self) -> Fact<BTreeMap<String, Mount>> {
        let mounts = self.mounts()?.value.into_iter();
        Ok(mounts.map(|mount| (mount.target.clone(), mount)).collect())
    }

    /// The mount that holds a path: the one with the longest mount point above
    /// it; `None` where nothing is mounted at `/` even.
    ///
    /// # Errors
    ///
    /// As [`Storage::mounts`].
    pub fn mount_of(&self, path: &str) -> Fact<Option<Mount>> {
        let mut mounted = self.mounted()?;
        let target = longest(mounted.keys().map(String::as_str), path).map(str::to_owned);
        Ok(target.and_then(|target| mounted.remove(&target)))
    }

    /// Swap space in use, of `/proc/swaps` or `swapon -s`.
    ///
    /// # Errors
    ///
    /// Where neither was captured.
    pub fn swaps(&self) -> Fact<Parsed<Vec<Swap>>> {
        let names = ["/proc/swaps", "command:swapon -s"];
        match read::source(self.evidence, &names)? {
            Some(source) => {
                let parsed = mounts::parse_swaps(&source.text());
                Ok(source.parsed(parsed))
            }
            // The kernel was built without swapping.
            None => Ok(Parsed { source: names[0].to_owned(), value: vec![], odd: vec![] }),
        }
    }

    /// Room on every mounted file system that was asked, by mount point: what
    /// the capture measured, or `df`. Asked by `check_boot_avail_space`.
    ///
    /// # Errors
    ///
    /// Where neither was captured.
    pub fn room(&self) -> Fact<Vec<Room>> {
        let measured = self.evidence.file_systems.iter().map(|(target, space)| Room {
            target: target.clone(),
            total: space.total,
            available: space.available,
            inodes: space.inodes,
            inodes_free: space.inodes_free,
        });
        let measured: Vec<Room> = measured.collect();
        if !measured.is_empty() {
            return Ok(measured);
        }
        let Some(space) = self.df(&SPACE, DfUnit::KiB) else {
            return Err(Unknown::not_captured(SPACE[0]));
        };
        let inodes = self.df(&INODES, DfUnit::Inodes).unwrap_or_default();
        let room = space.into_iter().map(|(target, (total, available))| Room {
            total: total.saturating_mul(1024),
            available: available.saturating_mul(1024),
            inodes: inodes.get(&target).map(|(total, _)| *total).filter(|total| *total > 0),
            inodes_free: inodes.get(&target).map(|(_, free)| *free),
            target,
        });
        Ok(room.collect())
    }

    /// The table of the first of these commands that counts in this unit.
    fn df(&self, commands: &[&str], wanted: DfUnit) -> Option<BTreeMap<String, (u64, u64)>> {
        commands.iter().find_map(|command| {
            let source = read::source(self.evidence, &[command]).ok()??;
            let (unit, rows, _) = df::parse(&source.text());
            let rows = rows.into_iter().map(|row| (row.target, (row.total, row.available)));
            (unit == Some(wanted)).then(|| rows.collect())
        })
    }

    /// Room where a path is. What is mounted decides which file system that is;
    /// where mounts are unknown, the measured ones do.
    ///
    /// # Errors
    ///
    /// Where the room on that file system was not captured.
    pub fn room_at(&self, path: &str) -> Fact<Room> {
        let room = self.room()?;
        let target = match self.mounted() {
            Ok(mounted) => longest(mounted.keys().map(String::as_str), path).map(str::to_owned),
            Err(_) => longest(room.iter().map(|r| r.target.as_str()), path).map(str::to_owned),
        };
        let target = target.unwrap_or_else(|| path.to_owned());
        let found = room.into_iter().find(|room| room.target == target);
        found.ok_or_else(|| Unknown::not_captured(format!("room on {target}")))
    }

    /// Every mounted XFS with its `ftype`: measured, of the superblock, or of
    /// `xfs_info`. Asked by `xfs_info_scanner`. A file system mounted at several
    /// places is listed for each.
    ///
    /// # Errors
    ///
    /// As [`Storage::mounts`].
    pub fn xfs_mounts(&self) -> Fact<Vec<XfsMount>> {
        let mounted = self.mounted()?.into_values();
        let devices = self.block_devices().unwrap_or_default();
        let xfs = mounted.filter(|mount| mount.fstype == "xfs");
        Ok(xfs
            .map(|mount| {
                let ftype = self.ftype(&mount, &devices);
                XfsMount { target: mount.target, source: mount.source, ftype }
            })
            .collect())
    }

    fn ftype(&self, mount: &Mount, devices: &[BlockDevice]) -> Fact<bool> {
        let space = self.evidence.file_systems.get(&mount.target);
        if let Some(ftype) = space.and_then(|space| space.ftype) {
            return Ok(ftype);
        }
        let device = self.device_among(devices, &mount.source, mount.device.as_deref());
        let device = device.map(|device| format!("/dev/{}", device.name));
        for path in [Some(mount.source.clone()), device].into_iter().flatten() {
            let sector = self.evidence.sectors.get(&path);
            if let Some(block) = sector.and_then(|s| XfsSuperblock::parse(s.bytes())) {
                return Ok(block.ftype);
            }
        }
        for argument in [&mount.target, &mount.source] {
            let output = self.evidence.command(&format!("xfs_info {argument}")).captured();
            if let Some(ftype) = output.and_then(|output| xfs::ftype_of_info(&output.text())) {
                return Ok(ftype);
            }
        }
        Err(Unknown::not_captured(format!("ftype of {}", mount.target)))
    }

    /// File systems of other machines, in fstab and mounted. Asked by
    /// `check_nfs` and `check_cifs`; the kernel's own `nfsd` is none, and every
    /// one is named with where it comes from.
    ///
    /// # Errors
    ///
    /// Where none is found and one of the two was not captured.
    pub fn network_mounts(&self) -> Fact<Vec<NetworkMount>> {
        let fstab = self.fstab();
        let mounts = self.mounts();
        let mut found = Vec::new();
        for entry in fstab.iter().flatten().flat_map(|fstab| &fstab.value) {
            if is_network(&entry.fstype) {
                found.push(NetworkMount {
                    source: entry.source.clone(),
                    target: entry.target.clone(),
                    fstype: entry.fstype.clone(),
                    told_by: Where::Fstab(entry.line),
                });
            }
        }
        for mount in mounts.iter().flat_map(|mounts| &mounts.value) {
            if is_network(&mount.fstype) {
                found.push(NetworkMount {
                    source: mount.source.clone(),
                    target: mount.target.clone(),
                    fstype: mount.fstype.clone(),
                    told_by: Where::Mounted,
                });
            }
        }
        match (found.is_empty(), fstab, mounts) {
            (true, Err(error), _) | (true, _, Err(error)) => Err(error),
            _ => Ok(found),
        }
    }
}

/// The longest of these mount points that is a path or above it.
fn longest<'t>(targets: impl Iterator<Item = &'t str>, path: &str) -> Option<&'t str> {
    let holds = |target: &&str| {
        *target == "/"
            || path
                .strip_prefix(*target)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    targets.filter(holds).max_by_key(|target| target.len())
}
