//! How the host boots: firmware, boot loader, menu, kernels in `/boot`.

mod menu;

use super::parse::boot_sector::BootSector;
use super::parse::grubenv::GrubEnv;
use super::parse::shell_vars::{self, Assignment};
use super::parse::zipl::{self, ZiplSection};
use super::parse::{grub_cfg, legacy_grub, ls};
use super::read::{self, Parsed};
use super::rewrite::{self, Rewrite};
use super::storage::Storage;
use super::{Fact, OddLine, Unknown, Why};
use super::{Found, look};
use crate::snapshot::{EntryKind, Evidence};

pub use menu::{ChosenBy, DefaultEntry};

/// What the questions here read: paths, patterns, and command lines after
/// `command:`. The disks below `/boot` are found with what
/// [`super::storage::READS`] lists; of `/dev/*` the first sector is meant.
pub const READS: &[&str] = &[
    "/sys/firmware",
    "/sys/firmware/efi",
    "/sys/firmware/opal",
    "command:ls -lanR /sys/firmware",
    "/etc/default/grub",
    "/boot/grub2/grubenv",
    "/boot/grub2/grub.cfg",
    "/boot/efi/EFI",
    "/boot/efi/EFI/*/grubenv",
    "/boot/efi/EFI/*/grub.cfg",
    "/etc/grub2-efi.cfg",
    "/boot/loader/entries",
    "/boot/loader/entries/*.conf",
    "/boot/grub",
    "/boot/grub/grub.conf",
    "/boot/grub/menu.lst",
    "/boot",
    "/boot/*",
    "command:ls -lanR /boot",
    "/dev/*",
    "/sys/class/block/*/queue/logical_block_size",
    "/etc/sysconfig/kernel",
    "/etc/zipl.conf",
    "/etc/machine-id",
    "/usr/sbin/efibootmgr",
    "/sbin/efibootmgr",
];

const GRUB2_ENV: &str = "/boot/grub2/grubenv";
const GRUB2_CFG: &str = "/boot/grub2/grub.cfg";
const EFI_DIRECTORY: &str = "/boot/efi/EFI";

/// Questions about booting.
#[derive(Debug, Clone, Copy)]
pub struct Boot<'a> {
    evidence: &'a Evidence,
}

/// What starts the boot loader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Firmware {
    /// EFI: `/sys/firmware/efi` is there.
    Efi,
    /// OPAL of POWER machines without a hypervisor.
    Opal,
    /// Anything else, which leapp calls `bios` on every architecture.
    Bios,
}

/// An environment block of GRUB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrubEnvFile {
    /// Path.
    pub path: String,
    /// Where it leads, if it is a link.
    pub link: Option<String>,
    /// What is in it.
    pub env: GrubEnv,
    /// Lines that were not understood.
    pub odd: Vec<OddLine>,
}

/// The environment blocks of a host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Environments {
    /// Those that were captured.
    pub files: Vec<GrubEnvFile>,
    /// Files that were not captured. Where a directory is among them, there may
    /// be files nobody knows of.
    pub unread: Vec<Unknown>,
}

/// Something in `/boot`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BootFile {
    /// Name in `/boot`.
    pub name: String,
    /// Size in bytes, where it is known.
    pub size: Option<u64>,
    /// What it is, by its name.
    pub kind: BootFileKind,
}

/// What a file in `/boot` is, by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum BootFileKind {
    /// A kernel: its release.
    Kernel(String),
    /// An initial RAM disk: the release of its kernel.
    Initramfs(String),
    /// What an upgrade that was started left: `vmlinuz-upgrade.x86_64` and its
    /// like. They can be deleted.
    UpgradeLeftover,
    /// Anything else.
    Other,
}

/// A disk `/boot` lies on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootDisk {
    /// Path of the device.
    pub device: String,
    /// Its first sector.
    pub sector: Fact<BootSector>,
    /// Bytes of its logical sectors; 512 where that was not captured.
    pub sector_size: u64,
}

impl<'a> Boot<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// What starts the boot loader, from `/sys/firmware` or a listing of it. Asked by
    /// `system_facts` for `efi_check_boot`, `check_grub_core`,
    /// `check_first_partition_offset`, `checkhybridimage`.
    ///
    /// # Errors
    ///
    /// Where it was not captured, or no kernel was running.
    pub fn firmware(&self) -> Fact<Firmware> {
        match read::exists(self.evidence, "/sys/firmware/efi") {
            Ok(true) => return Ok(Firmware::Efi),
            Ok(false) => {}
            Err(error) => return self.firmware_of_ls().ok_or(error),
        }
        // On other machines than POWER nobody need have looked for OPAL.
        let opal = read::exists(self.evidence, "/sys/firmware/opal") == Ok(true);
        Ok(if opal { Firmware::Opal } else { Firmware::Bios })
    }

    fn firmware_of_ls(&self) -> Option<Firmware> {
        let source = read::source(self.evidence, &["command:ls -lanR /sys/firmware"]).ok()??;
        let (listed, _) = ls::parse(&source.text());
        let has = |name: &str| {
            let here = |e: &ls::Listed| e.directory.as_deref() == Some("/sys/firmware");
            listed.iter().any(|entry| here(entry) && entry.name == name)
        };
        // A listing of nothing tells nothing.
        listed.first()?;
        Some(match (has("efi"), has("opal")) {
            (true, _) => Firmware::Efi,
            (_, true) => Firmware::Opal,
            _ => Firmware::Bios,
        })
    }

    /// The variables of `/etc/default/grub`; `None` without the file. Asked by
    /// `system_facts`, `scan_grub_config`.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn default_grub(&self) -> Fact<Option<Parsed<Vec<Assignment>>>> {
        self.file(&["/etc/default/grub"], shell_vars::parse)
    }

    /// Whether `/etc/default/grub` ends in a line end; an empty file does.
    /// `None` without the file. Asked by `scan_grub_config`: what is appended to
    /// a line that is not ended goes wrong.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn default_grub_ends_in_newline(&self) -> Fact<Option<bool>> {
        let text = read::text(self.evidence, "/etc/default/grub")?;
        Ok(text.map(|text| text.is_empty() || text.ends_with('\n')))
    }

    /// GRUB's environment blocks: `/boot/grub2/grubenv` and those below
    /// `/boot/efi/EFI`. Asked by `scan_grub_config`, and its links by
    /// `checkhybridimage`.
    ///
    /// # Errors
    ///
    /// Where none was captured and it is not known that there are none.
    pub fn environments(&self) -> Fact<Environments> {
        let (paths, unlisted) = self.with_efi(GRUB2_ENV, "grubenv");
        let mut all = Environments { files: Vec::new(), unread: Vec::from_iter(unlisted) };
        for path in paths {
            match self.environment(&path) {
                Ok(found) => all.files.extend(found),
                Err(error) => all.unread.push(error),
            }
        }
        match all.unread.first() {
            Some(error) if all.files.is_empty() => Err(error.clone()),
            _ => Ok(all),
        }
    }

    fn environment(&self, path: &str) -> Fact<Option<GrubEnvFile>> {
        let link = read::link(self.evidence, path).ok().flatten();
        let content = read::look(self.evidence, path, self.evidence.file(path))?;
        Ok(content.map(|content| {
            let (env, odd) = GrubEnv::parse(content.bytes());
            GrubEnvFile { path: path.to_owned(), link, env, odd }
        }))
    }

    /// Where `/boot/grub2/grubenv` leads, if it is a link: images that boot with
    /// either firmware have it lead to that of EFI. Asked by `checkhybridimage`.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn grubenv_link(&self) -> Fact<Option<String>> {
        let target = read::link(self.evidence, GRUB2_ENV)?;
        Ok(target.map(|target| look::beside(GRUB2_ENV, &target)))
    }

    /// The `grub.cfg` files: `/boot/grub2/grub.cfg` and those below
    /// `/boot/efi/EFI`. Asked by `system_facts`, for `blscfg`.
    ///
    /// # Errors
    ///
    /// Where none was captured and it is not known that there are none.
    pub fn grub_cfgs(&self) -> Fact<Found<Parsed<grub_cfg::GrubCfg>>> {
        let (paths, unlisted) = self.with_efi(GRUB2_CFG, "grub.cfg");
        let mut all = Found { items: Vec::new(), missing: Vec::from_iter(unlisted) };
        for path in paths {
            match self.file(&[&path], grub_cfg::parse) {
                Ok(found) => all.items.extend(found),
                Err(error) => all.missing.push(error),
            }
        }
        match all.missing.first() {
            Some(error) if all.items.is_empty() => Err(error.clone()),
            _ => Ok(all),
        }
    }

    /// A path of BIOS and the paths of that name in each directory of EFI;
    /// where those directories were not listed, the files that are held.
    fn with_efi(&self, bios: &str, name: &str) -> (Vec<String>, Option<Unknown>) {
        let mut paths = vec![bios.to_owned()];
        let listing = self.evidence.directory(EFI_DIRECTORY);
        match read::look(self.evidence, EFI_DIRECTORY, listing) {
            Ok(listing) => {
                let vendors = listing.into_iter().flatten();
                let vendors = vendors.filter(|(_, kind)| **kind == EntryKind::Directory);
                paths.extend(vendors.map(|(vendor, _)| format!("{EFI_DIRECTORY}/{vendor}/{name}")));
                (paths, None)
            }
            Err(error) => {
                let held = self.evidence.files.keys().filter(|path| {
                    let below = path.strip_prefix(EFI_DIRECTORY);
                    below.is_some_and(|below| below.rsplit('/').next() == Some(name))
                });
                paths.extend(held.cloned());
                (paths, Some(error))
            }
        }
    }

    /// The entries of `/boot/loader/entries`; none where there are none.
    ///
    /// # Errors
    ///
    /// Where the directory was not captured.
    pub fn entries(&self) -> Fact<Found<Parsed<super::parse::bls::BlsEntry>>> {
        let is_conf = |name: &str| name.ends_with(".conf");
        read::files(self.evidence, "/boot/loader/entries", is_conf, super::parse::bls::parse)
    }

    /// The menu of GRUB 0.97, if there is one; clouds that boot their own way
    /// read it too. Asked by nothing in leapp, which refuses the boot loader by
    /// its first sector.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn legacy_menu(&self) -> Fact<Option<Parsed<legacy_grub::LegacyMenu>>> {
        self.file(&["/boot/grub/grub.conf", "/boot/grub/menu.lst"], legacy_grub::parse)
    }

    /// Where `/boot/grub` leads, if it is a link: hosts upgraded from release 6
    /// have had it lead to `grub2`.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn grub_link(&self) -> Fact<Option<String>> {
        read::link(self.evidence, "/boot/grub")
    }

    /// What is in `/boot`, by name: its listing with sizes, or
    /// `ls -lanR /boot`.
    ///
    /// # Errors
    ///
    /// Where neither was captured.
    pub fn files(&self) -> Fact<Vec<BootFile>> {
        let names = match read::names(self.evidence, "/boot") {
            Ok(names) => names.unwrap_or_default(),
            Err(error) => return self.files_of_ls().ok_or(error),
        };
        let file = |name: &str| {
            let entry = self.evidence.entries.get(&format!("/boot/{name}"));
            BootFile {
                kind: boot_file_kind(name),
                size: entry.map(|entry| entry.size),
                name: name.to_owned(),
            }
        };
        Ok(names.into_iter().map(file).collect())
    }

    fn files_of_ls(&self) -> Option<Vec<BootFile>> {
        let source = read::source(self.evidence, &["command:ls -lanR /boot"]).ok()??;
        let (listed, _) = ls::parse(&source.text());
        let here = listed.into_iter().filter(|e| e.directory.as_deref() == Some("/boot"));
        let mut files: Vec<BootFile> = here
            .map(|entry| BootFile {
                kind: boot_file_kind(&entry.name),
                size: entry.size,
                name: entry.name,
            })
            .collect();
        files.sort();
        Some(files)
    }

    /// The disks `/boot` lies on, through arrays and volumes, each with its
    /// first sector. Asked by `scan_grub_device_name`, `check_grub_legacy`,
    /// `check_first_partition_offset`; leapp keeps those with `GRUB` in it.
    ///
    /// # Errors
    ///
    /// Where the disks are not known.
    pub fn disks(&self) -> Fact<Vec<BootDisk>> {
        let disks = Storage::new(self.evidence).disks_below("/boot")?;
        let disk = |name: String| {
            let device = format!("/dev/{name}");
            let size = format!("/sys/class/block/{name}/queue/logical_block_size");
            let size = read::value(self.evidence, &size).ok().flatten();
            BootDisk {
                sector: self.sector(&device),
                sector_size: size.and_then(|size| size.parse().ok()).unwrap_or(512),
                device,
            }
        };
        Ok(disks.into_iter().map(|device| disk(device.name)).collect())
    }

    fn sector(&self, device: &str) -> Fact<BootSector> {
        match self.evidence.sectors.get(device) {
            Some(content) => BootSector::parse(content.bytes())
                .ok_or_else(|| Unknown::malformed(device, "gave less than 512 bytes")),
            None => match read::look(self.evidence, device, self.evidence.file(device)) {
                Err(error @ Unknown { why: Why::Unreadable(_), .. }) => Err(error),
                _ => Err(Unknown::not_captured(device)),
            },
        }
    }

    /// The variables of `/etc/sysconfig/kernel`; `None` without the file.
    /// `update_etc_sysconfig_kernel` changes `DEFAULTKERNEL=kernel`.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn sysconfig_kernel(&self) -> Fact<Option<Parsed<Vec<Assignment>>>> {
        self.file(&["/etc/sysconfig/kernel"], shell_vars::parse)
    }

    /// The same file as it has to be on release 8, where kernels come in `kernel-core`;
    /// `None` where nothing changes. Only a line that says exactly `DEFAULTKERNEL=kernel`
    /// is changed, as upstream does; leapp dies in the upgrade itself without the file.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn sysconfig_kernel_of_8(&self) -> Fact<Option<Rewrite>> {
        const FILE: &str = "/etc/sysconfig/kernel";
        let Some(text) = read::text(self.evidence, FILE)? else { return Ok(None) };
        let new = |line: &str| {
            let is_old = line == "DEFAULTKERNEL=kernel";
            Some(if is_old { "DEFAULTKERNEL=kernel-core" } else { line }.to_owned())
        };
        let after = rewrite::lines(&text, |_, line| new(line));
        Ok(Rewrite::new(FILE, &text, after))
    }

    /// The boot menu of s390x; `None` without it. Asked by
    /// `source_boot_loader_scanner` for `zipl_check_boot_entries`.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn zipl(&self) -> Fact<Option<Parsed<Vec<ZiplSection>>>> {
        self.file(&["/etc/zipl.conf"], zipl::parse)
    }

    /// The identity of the host, 32 hexadecimal digits; `None` where it has
    /// none. Entries of `/boot/loader/entries` are named after it.
    ///
    /// # Errors
    ///
    /// Where it was not captured, or is no such number.
    pub fn machine_id(&self) -> Fact<Option<String>> {
        const PATH: &str = "/etc/machine-id";
        match read::value(self.evidence, PATH)? {
            Some(id) if id.len() != 32 || !id.bytes().all(|b| b.is_ascii_hexdigit()) => {
                Err(Unknown::malformed(PATH, "is not 32 hexadecimal digits"))
            }
            id => Ok(id.map(|id| id.to_ascii_lowercase())),
        }
    }

    /// Whether `efibootmgr` is there. Asked by `efi_check_boot`.
    ///
    /// # Errors
    ///
    /// Where nobody looked.
    pub fn has_efibootmgr(&self) -> Fact<bool> {
        match read::exists(self.evidence, "/usr/sbin/efibootmgr") {
            Ok(true) => Ok(true),
            // /sbin is a link to it, unless the host is older than that.
            _ => read::exists(self.evidence, "/sbin/efibootmgr")
                .or_else(|_| read::exists(self.evidence, "/usr/sbin/efibootmgr")),
        }
    }

    fn file<T>(
        &self,
        paths: &[&str],
        parse: impl Fn(&str) -> (T, Vec<OddLine>),
    ) -> Fact<Option<Parsed<T>>> {
        let source = read::source(self.evidence, paths)?;
        Ok(source.map(|source| {
            let parsed = parse(&source.text());
            source.parsed(parsed)
        }))
    }
}

fn boot_file_kind(name: &str) -> BootFileKind {
    let bare = name.trim_start_matches('.');
    if ["vmlinuz-upgrade", "initramfs-upgrade"].iter().any(|start| bare.starts_with(start)) {
        return BootFileKind::UpgradeLeftover;
    }
    if let Some(release) = name.strip_prefix("vmlinuz-") {
        return BootFileKind::Kernel(release.to_owned());
    }
    match name.strip_prefix("initramfs-").and_then(|rest| rest.strip_suffix(".img")) {
        Some(release) => BootFileKind::Initramfs(release.trim_end_matches("kdump").to_owned()),
        None => BootFileKind::Other,
    }
}

#[cfg(test)]
mod tests;
