//! Network interfaces, what names them now, and what will.

mod config;
mod names;

use super::parse::lspci::address;
use super::parse::net_text;
use super::read;
use super::storage::devices_path;
use super::{Fact, Unknown};
use crate::snapshot::Evidence;

pub use config::{Ifcfg, MentionedIn, Mentions, NetworkManagerConfig};
pub use names::{NamedBy, PredictedName};

/// What the questions here read: paths, patterns, and command lines after
/// `command:`.
pub const READS: &[&str] = &[
    "/proc/cmdline",
    "/etc/hosts",
    "/sys/class/net",
    "/sys/class/net/*",
    "/sys/class/net/*/address",
    "/sys/class/net/*/type",
    "/sys/class/net/*/uevent",
    "/sys/class/net/*/dev_port",
    "/sys/class/net/*/phys_port_name",
    "/sys/class/net/*/master",
    "/sys/class/net/*/bonding_slave/perm_hwaddr",
    "/sys/class/net/*/device/driver",
    "/sys/class/net/*/device/label",
    "/sys/class/net/*/device/acpi_index",
    "/sys/class/net/*/device/index",
    "/sys/bus/pci/devices",
    "/sys/bus/pci/devices/*/label",
    "/sys/bus/pci/devices/*/acpi_index",
    "/sys/bus/pci/devices/*/index",
    "/sys/bus/pci/devices/*/config",
    "/sys/bus/pci/devices/*/ari_enabled",
    "/sys/bus/pci/devices/*/physfn",
    "/sys/bus/pci/slots",
    "/sys/bus/pci/slots/*/address",
    "command:ip addr",
    "command:ip -d address",
    "command:ip link",
    "command:ethtool -i *",
    "/etc/sysconfig/network-scripts",
    "/etc/sysconfig/network-scripts/ifcfg-*",
    "/etc/udev/rules.d",
    "/etc/udev/rules.d/*.rules",
    "/etc/systemd/network",
    "/etc/systemd/network/*.link",
    "/etc/NetworkManager/NetworkManager.conf",
    "/etc/NetworkManager/conf.d",
    "/etc/NetworkManager/conf.d/*.conf",
    "/run/NetworkManager/conf.d",
    "/run/NetworkManager/conf.d/*.conf",
    "/usr/lib/NetworkManager/conf.d",
    "/usr/lib/NetworkManager/conf.d/*.conf",
    "command:NetworkManager --print-config",
    "/etc/NetworkManager/system-connections",
    "/etc/NetworkManager/system-connections/*",
    "/etc/firewalld",
    "/etc/firewalld/*",
    "/etc/sysconfig/iptables",
    "/etc/sysconfig/ip6tables",
    "/etc/sysconfig/network",
    "/etc/sysconfig/network-scripts/*",
    "/etc/sysconfig/static-routes",
    "/etc/sysconfig/dhcpd",
    "/etc/sysconfig/arpwatch",
    "/etc/sysctl.conf",
    "/etc/sysctl.d",
    "/etc/sysctl.d/*",
    "/etc/crontab",
    "/etc/cron.d",
    "/etc/cron.d/*",
    "/etc/cron.daily",
    "/etc/cron.daily/*",
    "/etc/cron.hourly",
    "/etc/cron.hourly/*",
    "/var/spool/cron",
    "/var/spool/cron/*",
    "/etc/systemd/system",
    "/etc/systemd/system/*",
    "/etc/systemd/network/*",
    "/etc/udev/rules.d/*",
    "/etc/NetworkManager",
    "/etc/NetworkManager/*",
    "/etc/keepalived",
    "/etc/keepalived/*",
    "/etc/haproxy",
    "/etc/haproxy/*",
    "/etc/dnsmasq.conf",
    "/etc/dnsmasq.d",
    "/etc/dnsmasq.d/*",
    "/etc/dhcp",
    "/etc/dhcp/*",
    "/etc/shorewall",
    "/etc/shorewall/*",
    "/etc/rc.d/rc.local",
    "/etc/rc.local",
];

const CLASS: &str = "/sys/class/net";

/// Questions about the network.
#[derive(Debug, Clone, Copy)]
pub struct Network<'a> {
    evidence: &'a Evidence,
}

/// A network interface. What was not captured of it is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interface {
    /// Name.
    pub name: String,
    /// Place in `/sys/devices`.
    pub path: Option<String>,
    /// Whether no hardware is behind it: `lo`, bridges, bonds, VLANs.
    pub is_virtual: Option<bool>,
    /// Hardware address, in small letters; of a member of a bond its own one.
    pub mac: Option<String>,
    /// Driver.
    pub driver: Option<String>,
    /// Address of the PCI device it is on.
    pub pci: Option<String>,
    /// What firmware calls it.
    pub label: Option<String>,
    /// The bond, bridge or team it is part of.
    pub master: Option<String>,
}

impl Interface {
    /// Whether its name is one the kernel gives in the order it finds
    /// interfaces: `eth0`.
    pub fn has_kernel_name(&self) -> bool {
        let number = self.name.strip_prefix("eth");
        number.is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

impl<'a> Network<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// All interfaces, of `/sys/class/net` or `ip addr`. Asked by
    /// `persistentnetnames`, which knows those on PCI only.
    ///
    /// # Errors
    ///
    /// Where neither was captured.
    pub fn interfaces(&self) -> Fact<Vec<Interface>> {
        match read::names(self.evidence, CLASS) {
            Ok(names) => {
                // A module for bonds leaves a file here that is no interface.
                let names = names.unwrap_or_default().into_iter();
                let names = names.filter(|name| *name != "bonding_masters");
                Ok(names.map(|name| self.of_sysfs(name)).collect())
            }
            Err(error) => self.of_ip().ok_or(error),
        }
    }

    fn of_sysfs(&self, name: &str) -> Interface {
        let value = |file: &str| {
            read::value(self.evidence, &format!("{CLASS}/{name}/{file}")).ok().flatten()
        };
        let link_name = |file: &str| {
            read::link_name(self.evidence, &format!("{CLASS}/{name}/{file}")).ok().flatten()
        };
        let path = read::link(self.evidence, &format!("{CLASS}/{name}")).ok().flatten();
        let path = path.and_then(|target| devices_path(&target));
        let pci = path.as_deref().and_then(pci_of);
        let of_pci = |pci: &String| {
            read::value(self.evidence, &format!("/sys/bus/pci/devices/{pci}/label")).ok().flatten()
        };
        let mac = value("bonding_slave/perm_hwaddr").or_else(|| value("address"));
        Interface {
            name: name.to_owned(),
            is_virtual: path.as_ref().map(|path| path.starts_with("/sys/devices/virtual/")),
            mac: mac.map(|mac| mac.to_ascii_lowercase()),
            driver: link_name("device/driver"),
            label: value("device/label").or_else(|| pci.as_ref().and_then(of_pci)),
            master: link_name("master"),
            pci,
            path,
        }
    }

    fn of_ip(&self) -> Option<Vec<Interface>> {
        let commands = ["command:ip addr", "command:ip -d address", "command:ip link"];
        let source = read::source(self.evidence, &commands).ok()??;
        let (links, _) = net_text::parse_ip(&source.text());
        Some(links.into_iter().map(|link| self.of_link(link)).collect())
    }

    fn of_link(&self, link: net_text::IpLink) -> Interface {
        const VIRTUAL: [&str; 10] = [
            "bridge",
            "bonding",
            "team",
            "tun",
            "veth",
            "dummy",
            "openvswitch",
            "vxlan",
            "macvlan",
            "802.1Q VLAN Support",
        ];
        let ethtool = self.evidence.command(&format!("ethtool -i {}", link.name)).captured();
        let (driver, bus) =
            ethtool.map(|text| net_text::parse_ethtool(&text.text())).unwrap_or_default();
        let of_kind =
            link.kind.as_deref().is_some_and(|kind| !matches!(kind, "ether" | "infiniband"));
        let of_driver = driver.as_deref().map(|driver| VIRTUAL.contains(&driver));
        let is_virtual = if of_kind || link.below.is_some() { Some(true) } else { of_driver };
        Interface {
            pci: bus.as_deref().and_then(address),
            name: link.name,
            is_virtual,
            mac: link.mac,
            driver,
            ..Interface::default()
        }
    }

    /// Whether names of hosts are told by a file. Asked by
    /// `scan_files_for_target_userspace`.
    ///
    /// # Errors
    ///
    /// Where nobody looked for `/etc/hosts`.
    pub fn has_hosts_file(&self) -> Fact<bool> {
        read::exists(self.evidence, "/etc/hosts")
    }

    /// The interfaces with hardware behind them. Asked by
    /// `persistentnetnamesdisable`: one `eth0` is kept as it is, several
    /// interfaces with an `ethN` among them stop the upgrade.
    ///
    /// # Errors
    ///
    /// As [`Network::interfaces`], and where one cannot be told.
    pub fn physical(&self) -> Fact<Vec<Interface>> {
        let mut physical = Vec::new();
        for interface in self.interfaces()? {
            match interface.is_virtual {
                Some(true) => {}
                Some(false) => physical.push(interface),
                None => return Err(Unknown::not_captured(format!("{CLASS}/{}", interface.name))),
            }
        }
        Ok(physical)
    }
}

/// The PCI device nearest to a place in `/sys/devices`.
fn pci_of(path: &str) -> Option<String> {
    let full = |part: &&str| part.matches(':').count() == 2 && address(part).is_some();
    path.split('/').rev().find(full).map(str::to_owned)
}

#[cfg(test)]
mod tests;
