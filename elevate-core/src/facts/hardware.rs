//! PCI devices, their drivers, and what the host would lose without them.

use super::parse::lspci::{self, PciDevice, hex16};
use super::read;
use super::storage::{BlockDevice, Storage};
use super::{Fact, Network, Unknown};
use crate::snapshot::Evidence;

/// What the questions here read: paths, patterns, and command lines after
/// `command:`; beside these, what [`super::storage::READS`] and
/// [`super::network::READS`] list.
pub const READS: &[&str] = &[
    "/sys/bus/pci/devices",
    "/sys/bus/pci/devices/*/vendor",
    "/sys/bus/pci/devices/*/device",
    "/sys/bus/pci/devices/*/subsystem_vendor",
    "/sys/bus/pci/devices/*/subsystem_device",
    "/sys/bus/pci/devices/*/class",
    "/sys/bus/pci/devices/*/driver",
    "command:lspci -vmmkn",
    "command:lspci -nnvv",
    "command:lspci -nnk",
    "command:lspci -nn",
    "command:lspci",
];

const DEVICES: &str = "/sys/bus/pci/devices";

/// Questions about hardware.
#[derive(Debug, Clone, Copy)]
pub struct Hardware<'a> {
    evidence: &'a Evidence,
}

/// What a device is needed for. Each may be unknown by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uses {
    /// Whether a disk below `/` hangs on it.
    pub root: Fact<bool>,
    /// Whether a disk below `/boot` hangs on it.
    pub boot: Fact<bool>,
    /// Network interfaces that hang on it.
    pub interfaces: Fact<Vec<String>>,
    /// Whether every physical network interface hangs on it; false where there
    /// are none.
    pub only_network: Fact<bool>,
}

impl<'a> Hardware<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// PCI devices, of `/sys/bus/pci/devices` or `lspci`; none where the kernel
    /// has no such bus. Identities are numbers, so that tables that write them
    /// in either case, or without zeros, compare equal. Asked by
    /// `pci_devices_scanner` and `detect_kernel_drivers`.
    ///
    /// # Errors
    ///
    /// Where neither was captured.
    pub fn pci_devices(&self) -> Fact<Vec<PciDevice>> {
        match read::names(self.evidence, DEVICES) {
            Ok(addresses) => {
                let addresses = addresses.unwrap_or_default().into_iter();
                Ok(addresses.map(|address| self.of_sysfs(address)).collect())
            }
            Err(error) => self.of_lspci().ok_or(error),
        }
    }

    fn of_sysfs(&self, address: &str) -> PciDevice {
        let number = |file: &str| {
            let value = read::value(self.evidence, &format!("{DEVICES}/{address}/{file}"));
            value.ok().flatten()
        };
        let id = |file: &str| number(file).as_deref().and_then(hex16);
        // Sysfs has six digits: class, subclass, interface.
        let class = number("class").and_then(|class| hex16(class.get(..6)?));
        let subsystem = (id("subsystem_vendor"), id("subsystem_device"));
        // Devices without a subsystem have zeros for it.
        let subsystem = if subsystem == (Some(0), Some(0)) { (None, None) } else { subsystem };
        let driver = read::link_name(self.evidence, &format!("{DEVICES}/{address}/driver"));
        PciDevice {
            address: lspci::address(address).unwrap_or_else(|| address.to_owned()),
            class,
            vendor: id("vendor"),
            device: id("device"),
            subsystem_vendor: subsystem.0,
            subsystem_device: subsystem.1,
            driver_known: driver.is_ok(),
            driver: driver.ok().flatten(),
            name: None,
        }
    }

    fn of_lspci(&self) -> Option<Vec<PciDevice>> {
        let commands = [
            "command:lspci -vmmkn",
            "command:lspci -nnvv",
            "command:lspci -nnk",
            "command:lspci -nn",
            "command:lspci",
        ];
        let source = read::source(self.evidence, &commands).ok()??;
        let text = source.text();
        Some(match source.index {
            0 => lspci::parse_blocks(&text).0,
            _ => lspci::parse_lines(&text).0,
        })
    }

    /// The PCI devices a driver is bound to. A driver that is loaded and bound
    /// to none can be unloaded. `-` and `_` are one. Reads what
    /// [`Hardware::pci_devices`] does.
    ///
    /// # Errors
    ///
    /// As [`Hardware::pci_devices`]; and where the driver of a device is not
    /// known and none of the others has this one.
    pub fn devices_of_driver(&self, driver: &str) -> Fact<Vec<String>> {
        let devices = self.pci_devices()?;
        let is_it = |device: &&PciDevice| {
            let bound = device.driver.as_deref();
            bound.is_some_and(|bound| super::parse::cmdline::same_name(bound, driver))
        };
        let bound: Vec<String> =
            devices.iter().filter(is_it).map(|device| device.address.clone()).collect();
        match devices.iter().find(|device| !device.driver_known) {
            Some(device) if bound.is_empty() => {
                Err(Unknown::not_captured(format!("{DEVICES}/{}/driver", device.address)))
            }
            _ => Ok(bound),
        }
    }

    /// What a PCI device is needed for: the disks of `/` and `/boot`, network
    /// interfaces. Decides whether a device that release 8 dropped is a trifle
    /// or the end of the host.
    pub fn uses(&self, address: &str) -> Uses {
        let storage = Storage::new(self.evidence);
        let holds = |disks: Fact<Vec<BlockDevice>>| {
            for disk in disks? {
                let missing = || Unknown::not_captured(format!("/sys/class/block/{}", disk.name));
                if hangs_on(disk.path.as_deref().ok_or_else(missing)?, address) {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        let physical = Network::new(self.evidence).physical();
        let on_it = physical.clone().and_then(|interfaces| {
            let mut on_it = Vec::new();
            for interface in interfaces {
                let path = interface.path.clone().or_else(|| interface.pci.clone());
                let missing =
                    || Unknown::not_captured(format!("/sys/class/net/{}", interface.name));
                if hangs_on(&path.ok_or_else(missing)?, address) {
                    on_it.push(interface.name);
                }
            }
            Ok(on_it)
        });
        let only = physical.and_then(|all| {
            on_it.clone().map(|on_it| !on_it.is_empty() && on_it.len() == all.len())
        });
        Uses {
            root: holds(storage.disks_below("/")),
            boot: holds(storage.disks_below("/boot")),
            interfaces: on_it,
            only_network: only,
        }
    }
}

/// Whether a place in `/sys/devices` is below a device.
fn hangs_on(path: &str, address: &str) -> bool {
    path.split('/').any(|part| part.eq_ignore_ascii_case(address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::evidence;

    fn ask<T>(text: &str, question: impl Fn(Hardware<'_>) -> T) -> T {
        question(Hardware::new(&evidence(text)))
    }

    const HOST: &str = "//- dir /sys/bus/pci/devices: 0000:00:03.0@ 0000:00:04.0@
//- /sys/bus/pci/devices/0000:00:03.0/vendor
0x1AF4
//- /sys/bus/pci/devices/0000:00:03.0/device
0x1000
//- /sys/bus/pci/devices/0000:00:03.0/class
0x020000
//- /sys/bus/pci/devices/0000:00:03.0/subsystem_vendor
0x0000
//- /sys/bus/pci/devices/0000:00:03.0/subsystem_device
0x0000
//- link /sys/bus/pci/devices/0000:00:03.0/driver -> ../../../bus/pci/drivers/virtio-pci
//- absent /sys/bus/pci/devices/0000:00:04.0/driver
//- dir /sys/class/net: eth0@ lo@
//- link /sys/class/net/eth0 -> ../../devices/pci0000:00/0000:00:03.0/virtio0/net/eth0
//- link /sys/class/net/lo -> ../../devices/virtual/net/lo
//- dir /sys/class/block: sda@
//- link /sys/class/block/sda -> ../../devices/pci0000:00/0000:00:04.0/ata1/block/sda
//- /proc/mounts
/dev/sda / xfs rw 0 0
";

    #[test]
    fn devices_are_of_sysfs_with_identities_as_numbers() {
        let devices = ask(HOST, |h| h.pci_devices()).unwrap();
        assert_eq!((devices[0].vendor, devices[0].class), (Some(0x1af4), Some(0x200)));
        assert_eq!(
            (devices[0].subsystem_vendor, devices[0].driver.as_deref()),
            (None, Some("virtio-pci"))
        );
        assert!(
            devices[1].driver_known && devices[1].driver.is_none() && devices[1].vendor.is_none()
        );
        assert_eq!(
            ask(HOST, |h| h.devices_of_driver("virtio_pci")),
            Ok(vec!["0000:00:03.0".to_owned()])
        );
        assert_eq!(ask(HOST, |h| h.devices_of_driver("pata_acpi")), Ok(vec![]));
    }

    #[test]
    fn devices_are_of_lspci_where_sysfs_was_not_captured() {
        let host = "//- command lspci -vmmkn\nSlot:\t00:03.0\nVendor:\t1af4\n//- command lspci\n00:04.0 X: y\n";
        assert_eq!(ask(host, |h| h.pci_devices()).unwrap()[0].vendor, Some(0x1af4));
        let names = "//- command lspci\n00:04.0 X: y\n";
        assert_eq!(ask(names, |h| h.pci_devices()).unwrap()[0].vendor, None);
        assert!(ask(names, |h| h.devices_of_driver("x")).is_err());
        for host in ["", "//- unreadable /sys/bus/pci: EIO\n", "//- absent /sys/bus/pci\n"] {
            assert!(ask(host, |h| h.pci_devices()).is_err(), "{host:?}");
        }
        assert_eq!(
            ask("//- absent /sys/bus/pci\n//- /proc/cmdline\nro\n", |h| h.pci_devices()),
            Ok(vec![])
        );
    }

    #[test]
    fn a_device_is_needed_for_disks_or_network() {
        let network = ask(HOST, |h| h.uses("0000:00:03.0"));
        assert_eq!((network.root, network.only_network), (Ok(false), Ok(true)));
        assert_eq!(network.interfaces, Ok(vec!["eth0".to_owned()]));
        let disk = ask(HOST, |h| h.uses("0000:00:04.0"));
        assert_eq!((disk.root, disk.boot, disk.only_network), (Ok(true), Ok(true), Ok(false)));
        let unknown = ask("", |h| h.uses("0000:00:04.0"));
        assert!(unknown.root.is_err() && unknown.boot.is_err() && unknown.interfaces.is_err());
    }
}
