//! Block devices: what lies on what, and which drivers hold it up.

use std::collections::{BTreeMap, BTreeSet};

use super::Storage;
use crate::facts::parse::lsblk;
use crate::facts::parse::lspci::address;
use crate::facts::parse::lvm::mapper_name;
use crate::facts::parse::mounts::Mount;
use crate::facts::read;
use crate::facts::{Fact, Unknown};

const CLASS: &str = "/sys/class/block";

/// A block device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockDevice {
    /// Name of the kernel: `sda1`, `dm-0`; of `lsblk` the one it shows.
    pub name: String,
    /// Name below `/dev/mapper`, of mapped ones.
    pub mapper_name: Option<String>,
    /// Identity of a mapped one: `LVM-...`, `CRYPT-LUKS1-...`, `mpath-...`.
    pub mapper_uuid: Option<String>,
    /// What it is.
    pub kind: BlockKind,
    /// Number: `8:1`.
    pub number: Option<String>,
    /// Size in bytes, where sysfs tells.
    pub size: Option<u64>,
    /// Whether it can be taken out.
    pub removable: Option<bool>,
    /// Place in `/sys/devices`, which names every device it hangs on.
    pub path: Option<String>,
    /// Names of the devices it lies on; disks have none.
    pub parents: Fact<Vec<String>>,
}

/// What a block device is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum BlockKind {
    /// A disk.
    Disk,
    /// A part of another.
    Partition,
    /// A volume of LVM.
    Lvm,
    /// An unlocked encrypted volume.
    Crypt,
    /// Several paths to one disk.
    Multipath,
    /// An array.
    Raid,
    /// A file taken for a disk.
    Loop,
    /// A drive for discs.
    Optical,
    /// Something else of the device mapper, or of the type `lsblk` prints.
    Other(String),
}

/// A device above a disk, and its driver.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DriverAt {
    /// The disk.
    pub disk: String,
    /// The device: a PCI address, `virtio0`, `2:0:0:0`.
    pub device: String,
    /// Its driver.
    pub driver: String,
}

/// The drivers disks need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DriverChain {
    /// Devices with drivers, outermost first, disk by disk.
    pub drivers: Vec<DriverAt>,
    /// Devices of which it is not known whether they have one.
    pub unknown: Vec<Unknown>,
}

impl Storage<'_> {
    /// All block devices, of `/sys/class/block` or `lsblk`. Asked by
    /// `storage_scanner` for `check_luks_and_inhibit`.
    ///
    /// # Errors
    ///
    /// Where neither was captured.
    pub fn block_devices(&self) -> Fact<Vec<BlockDevice>> {
        let names = match read::names(self.evidence, CLASS) {
            Ok(names) => names.unwrap_or_default(),
            Err(error) => return self.of_lsblk().ok_or(error),
        };
        Ok(names.into_iter().map(|name| self.of_sysfs(name)).collect())
    }

    fn of_sysfs(&self, name: &str) -> BlockDevice {
        let value = |file: &str| {
            read::value(self.evidence, &format!("{CLASS}/{name}/{file}")).ok().flatten()
        };
        let path = read::link(self.evidence, &format!("{CLASS}/{name}")).ok().flatten();
        let path = path.and_then(|target| devices_path(&target));
        let mapper_uuid = value("dm/uuid");
        let above = path.as_deref().and_then(|path| whole_disk(path, name));
        let is_partition = value("partition").is_some() || above.is_some();
        let slaves = read::names(self.evidence, &format!("{CLASS}/{name}/slaves"));
        let parents = match (above, slaves) {
            (Some(disk), _) => Ok(vec![disk]),
            (None, _) if is_partition => Err(Unknown::not_captured(format!("{CLASS}/{name}"))),
            (None, Ok(slaves)) => {
                Ok(slaves.unwrap_or_default().into_iter().map(str::to_owned).collect())
            }
            (None, Err(error)) if is_stacked(name) => Err(error),
            (None, Err(_)) => Ok(Vec::new()),
        };
        BlockDevice {
            kind: kind(name, is_partition, mapper_uuid.as_deref()),
            mapper_name: value("dm/name"),
            mapper_uuid,
            number: value("dev"),
            size: value("size").and_then(|size| size.parse::<u64>().ok()?.checked_mul(512)),
            removable: value("removable").map(|removable| removable == "1"),
            path,
            parents,
            name: name.to_owned(),
        }
    }

    fn of_lsblk(&self) -> Option<Vec<BlockDevice>> {
        let source = read::source(self.evidence, &["command:lsblk"]).ok()??;
        let mut devices: Vec<BlockDevice> = Vec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for row in lsblk::parse(&source.text()).0 {
            let index = *seen.entry(row.number.clone()).or_insert(devices.len());
            if let Some(known) = devices.get_mut(index) {
                if let Ok(parents) = &mut known.parents {
                    parents.extend(row.parent);
                }
                continue;
            }
            let kind = match row.kind.as_str() {
                "disk" => BlockKind::Disk,
                "part" => BlockKind::Partition,
                "lvm" => BlockKind::Lvm,
                "crypt" => BlockKind::Crypt,
                "mpath" => BlockKind::Multipath,
                "loop" => BlockKind::Loop,
                "rom" => BlockKind::Optical,
                raid if raid.starts_with("raid") || raid == "linear" => BlockKind::Raid,
                other => BlockKind::Other(other.to_owned()),
            };
            let is_mapped =
                matches!(kind, BlockKind::Lvm | BlockKind::Crypt | BlockKind::Multipath);
            devices.push(BlockDevice {
                mapper_name: is_mapped.then(|| row.name.clone()),
                name: row.name,
                mapper_uuid: None,
                kind,
                number: Some(row.number),
                size: None,
                removable: Some(row.removable),
                path: None,
                parents: Ok(row.parent.into_iter().collect()),
            });
        }
        Some(devices)
    }

    /// The device a mount is of; `None` for file systems without one.
    ///
    /// # Errors
    ///
    /// Where block devices are unknown, or none is the mount's.
    pub fn device_of(&self, mount: &Mount) -> Fact<Option<BlockDevice>> {
        let no_device = !mount.source.starts_with("/dev/") && mount.fstype != "rootfs";
        if no_device {
            return Ok(None);
        }
        self.device_named(&mount.source, mount.device.as_deref()).map(Some)
    }

    /// The device of a path in `/dev`, of a tag (`UUID=...`), or of a number.
    ///
    /// # Errors
    ///
    /// Where block devices are unknown, or none is it.
    pub fn device_named(&self, source: &str, number: Option<&str>) -> Fact<BlockDevice> {
        let devices = self.block_devices()?;
        let found = self.device_among(&devices, source, number);
        found
            .cloned()
            .ok_or_else(|| Unknown::malformed(CLASS, format!("has no device for {source}")))
    }

    /// The same among devices that are known already.
    pub(super) fn device_among<'d>(
        &self,
        devices: &'d [BlockDevice],
        source: &str,
        number: Option<&str>,
    ) -> Option<&'d BlockDevice> {
        let number = number.filter(|number| !number.starts_with("0:"));
        let by = |wanted: &dyn Fn(&BlockDevice) -> bool| devices.iter().find(|d| wanted(d));
        let name = source.strip_prefix("/dev/").unwrap_or_default();
        let mapped = match name.split_once('/') {
            Some(("mapper", name)) => Some(name.to_owned()),
            Some((group, volume)) => Some(mapper_name(group, volume)),
            None => None,
        };
        let linked = || {
            let (tag, value) = source.split_once('=').unwrap_or_default();
            let path = match tag {
                "UUID" => format!("/dev/disk/by-uuid/{value}"),
                "LABEL" => format!("/dev/disk/by-label/{value}"),
                "PARTUUID" => format!("/dev/disk/by-partuuid/{value}"),
                _ => source.to_owned(),
            };
            let target = read::link_name(self.evidence, &path).ok().flatten()?;
            by(&|device| device.name == target)
        };
        number
            .and_then(|number| by(&|device| device.number.as_deref() == Some(number)))
            .or_else(|| by(&|device| device.name == name))
            .or_else(|| by(&|device| mapped.is_some() && device.mapper_name == mapped))
            .or_else(linked)
    }

    /// The disks a mounted path lies on, sorted: through partitions, arrays and
    /// mapped devices. Empty for file systems without a device.
    ///
    /// # Errors
    ///
    /// Where mounts or devices are unknown on the way.
    pub fn disks_below(&self, path: &str) -> Fact<Vec<BlockDevice>> {
        let mount = self.mount_of(path)?;
        let mount =
            mount.ok_or_else(|| Unknown::malformed("/proc/self/mountinfo", "mounts no /"))?;
        match self.device_of(&mount)? {
            Some(device) => self.disks_of(&device),
            None => Ok(Vec::new()),
        }
    }

    /// The disks a device lies on, sorted; a disk lies on itself.
    ///
    /// # Errors
    ///
    /// Where devices are unknown on the way.
    pub fn disks_of(&self, device: &BlockDevice) -> Fact<Vec<BlockDevice>> {
        let devices = self.block_devices()?;
        let devices: BTreeMap<&str, &BlockDevice> =
            devices.iter().map(|device| (device.name.as_str(), device)).collect();
        let mut open = vec![device.clone()];
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut disks: Vec<BlockDevice> = Vec::new();
        while let Some(device) = open.pop() {
            if !seen.insert(device.name.clone()) {
                continue;
            }
            let parents = device.parents.clone()?;
            if parents.is_empty() {
                disks.push(device);
                continue;
            }
            for parent in parents {
                let found = devices.get(parent.as_str()).copied();
                let missing = || Unknown::not_captured(format!("{CLASS}/{parent}"));
                open.push(found.cloned().ok_or_else(missing)?);
            }
        }
        disks.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(disks)
    }

    /// The drivers between the processor and the disks of a mounted path. A
    /// driver that holds `/` cannot be unloaded: the virtual hardware has to
    /// change first. Asked by nothing in leapp, whose checks look at loaded
    /// modules only.
    ///
    /// # Errors
    ///
    /// As [`Storage::disks_below`], and where the place of a disk in
    /// `/sys/devices` was not captured.
    pub fn drivers_below(&self, path: &str) -> Fact<DriverChain> {
        let mut chain = DriverChain::default();
        for disk in self.disks_below(path)? {
            let missing = || Unknown::not_captured(format!("{CLASS}/{}", disk.name));
            let place = disk.path.as_deref().ok_or_else(missing)?;
            self.drivers_of(&disk.name, place, &mut chain);
        }
        Ok(chain)
    }

    fn drivers_of(&self, disk: &str, place: &str, chain: &mut DriverChain) {
        let Some(rest) = place.strip_prefix("/sys/devices/") else { return };
        let mut above = String::from("/sys/devices");
        for part in rest.split('/').take(64) {
            above.push('/');
            above.push_str(part);
            let direct = read::link_name(self.evidence, &format!("{above}/driver"));
            let driver = match (direct, bus_of(part)) {
                (Ok(driver), _) => Ok(driver),
                (Err(_), Some(bus)) => {
                    let link = format!("/sys/bus/{bus}/devices/{part}/driver");
                    read::link_name(self.evidence, &link)
                }
                (Err(_), None) => Ok(None),
            };
            let (disk, device) = (disk.to_owned(), part.to_owned());
            match driver {
                Ok(Some(driver)) => chain.drivers.push(DriverAt { disk, device, driver }),
                Ok(None) => {}
                Err(error) => chain.unknown.push(error),
            }
        }
    }

    /// Encrypted volumes of Ceph, as `ceph-volume` listed them where somebody asked
    /// it; empty where nobody did. Asked by `cephvolumescan`.
    pub fn ceph_volumes(&self) -> Vec<String> {
        let asks = |line: &str| line.contains("ceph-volume lvm list") && line.contains("json");
        let outputs = self.evidence.commands.iter().filter(|(line, _)| asks(line));
        outputs.flat_map(|(_, output)| encrypted_by_ceph(&output.text())).collect()
    }

    /// Encrypted volumes that are unlocked now. Asked by
    /// `check_luks_and_inhibit`.
    ///
    /// # Errors
    ///
    /// As [`Storage::block_devices`]; and where the identity of a mapped device
    /// was not captured, so that it might be one.
    pub fn crypt_devices(&self) -> Fact<Vec<BlockDevice>> {
        let devices = self.block_devices()?;
        let unsure = devices.iter().find(|device| {
            device.kind == BlockKind::Other("dm".to_owned()) && device.mapper_uuid.is_none()
        });
        let crypt = devices.iter().filter(|device| device.kind == BlockKind::Crypt);
        let crypt: Vec<BlockDevice> = crypt.cloned().collect();
        match unsure {
            Some(device) if crypt.is_empty() => {
                let path = format!("{CLASS}/{}/dm/uuid", device.name);
                // A mapped device without an identity is no volume of LUKS.
                read::value(self.evidence, &path).map(|_| crypt)
            }
            _ => Ok(crypt),
        }
    }
}

/// The identities of encrypted volumes in what `ceph-volume lvm list --format json`
/// prints. leapp takes every text in `ceph.encrypted` for a yes, `0` too.
fn encrypted_by_ceph(json: &str) -> Vec<String> {
    let all: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let volumes = all.as_object().into_iter().flat_map(|all| all.values());
    let volumes = volumes.filter_map(|volumes| volumes.as_array()).flatten();
    let encrypted = volumes.filter(|volume| {
        let tag = volume.get("tags").and_then(|tags| tags.get("ceph.encrypted"));
        tag.is_some_and(|tag| tag == 1 || tag == "1" || tag == true)
    });
    encrypted.filter_map(|volume| Some(volume.get("lv_uuid")?.as_str()?.to_owned())).collect()
}

/// Whether a mapped device has the name `ceph-volume` gives an encrypted volume:
/// the identity of the logical volume below it. Asked by `cephvolumescan` for
/// `check_luks_and_inhibit`, which lets those be where Ceph is configured.
pub fn is_named_by_ceph(device: &BlockDevice, all: &[BlockDevice]) -> bool {
    let Some(name) = device.mapper_name.as_deref() else { return false };
    let lengths = name.split('-').map(str::len);
    let is_identity = lengths.eq([6, 4, 4, 4, 4, 4, 6])
        && name.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric());
    let parents = device.parents.as_deref().unwrap_or_default();
    let below = all.iter().filter(|other| parents.contains(&other.name));
    let mut known = below.filter_map(|other| other.mapper_uuid.as_deref());
    is_identity && known.all(|uuid| uuid.ends_with(&name.replace('-', "")))
}

/// The place in `/sys/devices` a link of `/sys/class` leads to.
pub(in crate::facts) fn devices_path(target: &str) -> Option<String> {
    let (_, rest) = target.split_once("devices/")?;
    Some(format!("/sys/devices/{}", rest.trim_end_matches('/')))
}

/// The disk a partition is part of: the directory it is in, where the name is
/// that one's with a number behind it, or `p` and a number.
fn whole_disk(path: &str, name: &str) -> Option<String> {
    let above = path.strip_suffix(name)?.strip_suffix('/')?;
    let (_, disk) = above.rsplit_once('/')?;
    let rest = name.strip_prefix(disk)?;
    let number = rest.strip_prefix('p').unwrap_or(rest);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !disk.is_empty()).then(|| disk.to_owned())
}

fn is_stacked(name: &str) -> bool {
    ["dm-", "md", "bcache", "drbd"].iter().any(|start| name.starts_with(start))
}

fn kind(name: &str, is_partition: bool, uuid: Option<&str>) -> BlockKind {
    if is_partition {
        return BlockKind::Partition;
    }
    let starts = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    if starts(&["dm-"]) {
        let uuid = uuid.unwrap_or_default();
        return match uuid.split_once('-').map(|(start, _)| start) {
            Some("LVM") => BlockKind::Lvm,
            Some("CRYPT") => BlockKind::Crypt,
            Some("mpath") => BlockKind::Multipath,
            Some("DMRAID") => BlockKind::Raid,
            Some(part) if part.starts_with("part") => BlockKind::Partition,
            _ => BlockKind::Other("dm".to_owned()),
        };
    }
    match () {
        () if starts(&["md"]) => BlockKind::Raid,
        () if starts(&["loop"]) => BlockKind::Loop,
        () if starts(&["sr", "scd"]) => BlockKind::Optical,
        () => BlockKind::Disk,
    }
}

/// The bus a device of this name is on, where names tell.
fn bus_of(name: &str) -> Option<&'static str> {
    if address(name).is_some() && name.matches(':').count() == 2 {
        return Some("pci");
    }
    let number_after = |start: &str| {
        let rest = name.strip_prefix(start);
        rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_scsi = name.split(':').count() == 4
        && name.split(':').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let is_guid = name.len() == 36 && name.matches('-').count() == 4;
    match () {
        () if number_after("virtio") => Some("virtio"),
        () if is_scsi => Some("scsi"),
        () if is_guid || number_after("vmbus_") => Some("vmbus"),
        () if name.starts_with("vbd-") || name.starts_with("vif-") => Some("xen"),
        () if name.split('.').count() == 3 && name.starts_with("0.") => Some("ccw"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_told_from_disks_by_their_place() {
        let disk = |path: &str, name: &str| whole_disk(path, name);
        assert_eq!(disk("/sys/devices/pci/block/sda/sda1", "sda1").as_deref(), Some("sda"));
        assert_eq!(
            disk("/sys/devices/pci/nvme/nvme0/nvme0n1/nvme0n1p1", "nvme0n1p1").as_deref(),
            Some("nvme0n1")
        );
        assert_eq!(disk("/sys/devices/pci/nvme/nvme0/nvme0n1", "nvme0n1"), None);
        assert_eq!(disk("/sys/devices/pci/block/sda", "sda"), None);
        assert_eq!(disk("sda", "sda"), None);
    }

    #[test]
    fn names_tell_the_bus() {
        for (name, bus) in [
            ("0000:00:03.0", Some("pci")),
            ("virtio0", Some("virtio")),
            ("virtio", None),
            ("2:0:0:0", Some("scsi")),
            ("vbd-768", Some("xen")),
            ("0.0.0200", Some("ccw")),
            ("00000000-0000-8899-0000-000000000000", Some("vmbus")),
            ("host2", None),
            ("pci0000:00", None),
        ] {
            assert_eq!(bus_of(name), bus, "{name}");
        }
    }

    #[test]
    fn volumes_of_ceph_are_encrypted_where_it_says_so() {
        let json = r#"{"0": [{"lv_uuid": "a", "tags": {"ceph.encrypted": "1"}},
                             {"lv_uuid": "b", "tags": {"ceph.encrypted": "0"}}],
                       "1": [{"tags": {"ceph.encrypted": "1"}}, {"lv_uuid": "c"}, 1], "2": "x"}"#;
        assert_eq!(encrypted_by_ceph(json), ["a"]);
        assert!(encrypted_by_ceph("{").is_empty() && encrypted_by_ceph("[]").is_empty());
    }
}
