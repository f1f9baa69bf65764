//! The names interfaces will have under release 8, whose systemd 239 names by
//! onboard index, then slot, then place on the bus.
//!
//! Decided here: rules of udev, `ifcfg` files and `.link` files that name by
//! address; `net.ifnames=0`; cards on PCI, virtio ones too, by onboard index, by
//! their own slot, and by place, with domain, function and port; cards of s390x.
//! Left open: USB, virtual functions, slots of a bridge above the card, drivers
//! that tell a port's name under release 8 only, `biosdevname`, and whatever the
//! evidence for is missing.

use super::{CLASS, Interface, Network};
use crate::facts::parse::cmdline::CommandLine;
use crate::facts::parse::keyfile;
use crate::facts::parse::lspci::address;
use crate::facts::{Fact, Why, read};

/// What systemd takes for a mistake of the firmware.
const HIGHEST_ONBOARD_INDEX: u32 = 16 * 1024 - 1;
/// Drivers that name their ports under release 8 and not under 7.
const NAME_PORTS: [&str; 5] = ["bnxt_en", "ice", "mlx5_core", "mlxsw_spectrum", "nfp"];
const PCI: &str = "/sys/bus/pci/devices";
const SLOTS: &str = "/sys/bus/pci/slots";

/// What an interface will be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PredictedName {
    /// Its name now.
    pub interface: String,
    /// Its name under release 8; `None` where that is left open, or the kernel
    /// numbers it as it comes.
    pub name: Option<String>,
    /// What decides.
    pub named_by: NamedBy,
}

/// What decides on a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedBy {
    /// A rule of udev: file and line.
    UdevRule(String, usize),
    /// `HWADDR` and `DEVICE` of an `ifcfg` file.
    Ifcfg(String),
    /// A `.link` file of systemd.
    LinkFile(String),
    /// Nothing: the kernel numbers interfaces in the order it finds them.
    KernelOrder,
    /// The index firmware gives a device on the board: `eno1`.
    Onboard,
    /// The slot it is in: `ens3`.
    Slot,
    /// Its place on the bus: `enp3s0f1`.
    Path,
    /// Its number on the channel of s390x: `enc600`.
    Channel,
    /// It cannot be told: why.
    Undecided(String),
}

type Decision = (Option<String>, NamedBy);

fn undecided(why: impl Into<String>) -> Decision {
    (None, NamedBy::Undecided(why.into()))
}

impl Network<'_> {
    /// The names physical interfaces will have under release 8. leapp stops
    /// upgrades with several `ethN` instead (`persistentnetnamesdisable`), and
    /// writes `.link` files for names that changed.
    ///
    /// # Errors
    ///
    /// As [`Network::physical`].
    pub fn predicted_names(&self) -> Fact<Vec<PredictedName>> {
        let physical = self.physical()?;
        Ok(physical
            .into_iter()
            .map(|interface| {
                let (name, named_by) = self.predict(&interface);
                PredictedName { interface: interface.name, name, named_by }
            })
            .collect())
    }

    fn predict(&self, interface: &Interface) -> Decision {
        match self.by_configuration(interface) {
            Ok(Some(decision)) => return decision,
            Ok(None) => {}
            Err(error) => return undecided(error.to_string()),
        }
        let line = match read::text(self.evidence, "/proc/cmdline") {
            Ok(text) => CommandLine::parse(&text.unwrap_or_default()),
            Err(error) => return undecided(error.to_string()),
        };
        if line.last("biosdevname") == Some("1") {
            return undecided("biosdevname=1: the program of that name decides");
        }
        if line.last("net.ifnames") == Some("0") {
            return (None, NamedBy::KernelOrder);
        }
        self.by_place(interface).unwrap_or_else(|error| undecided(error.to_string()))
    }

    /// What a rule of udev, an `ifcfg` file or a `.link` file says, in the order
    /// in which the later ones give way.
    fn by_configuration(&self, interface: &Interface) -> Fact<Option<Decision>> {
        let mac = interface.mac.as_deref();
        let rules = self.naming_rules()?;
        if let Some(error) = rules.missing.into_iter().next() {
            return Err(error);
        }
        let mut named = None;
        for file in &rules.items {
            for rule in &file.value {
                let name = rule.name().unwrap_or_default();
                if rule.mac().is_none() || name.contains(['$', '%']) {
                    let why =
                        format!("{} line {} names in a way of its own", file.source, rule.line);
                    return Ok(Some(undecided(why)));
                }
                if rule.mac().as_deref() == mac {
                    let by = NamedBy::UdevRule(file.source.clone(), rule.line);
                    named = Some((Some(name.to_owned()), by));
                }
            }
        }
        if named.is_some() {
            return Ok(named);
        }
        let ifcfgs = self.ifcfgs()?;
        if let Some(error) = ifcfgs.missing.into_iter().next() {
            return Err(error);
        }
        for file in ifcfgs.items {
            let device = file.value.get("DEVICE");
            if file.value.mac().is_some() && file.value.mac().as_deref() == mac && device.is_some()
            {
                return Ok(Some((device, NamedBy::Ifcfg(file.source))));
            }
        }
        self.by_link_file(mac)
    }

    fn by_link_file(&self, mac: Option<&str>) -> Fact<Option<Decision>> {
        let links = self.link_files()?;
        if let Some(error) = links.missing.into_iter().next() {
            return Err(error);
        }
        for file in links.items {
            let get = |section, name| keyfile::last(&file.value, section, name).map(|k| &k.value);
            let Some(wanted) = get("Match", "MACAddress") else {
                return Ok(Some(undecided(format!(
                    "{} matches by more than address",
                    file.source
                ))));
            };
            let is_it =
                wanted.split_whitespace().any(|w| Some(w.to_ascii_lowercase().as_str()) == mac);
            if is_it {
                let name = get("Link", "Name").cloned();
                return Ok(Some(match (name, get("Link", "NamePolicy")) {
                    (Some(name), None) => (Some(name), NamedBy::LinkFile(file.source)),
                    _ => undecided(format!("{} has a policy of its own", file.source)),
                }));
            }
        }
        Ok(None)
    }

    fn by_place(&self, interface: &Interface) -> Fact<Decision> {
        let name = &interface.name;
        let Some(path) = interface.path.as_deref() else {
            return Ok(undecided("its place in /sys/devices is not known"));
        };
        let Some(prefix) = self.prefix(name)? else {
            return Ok(undecided("is neither Ethernet nor InfiniBand"));
        };
        let suffix = format!("/net/{name}");
        let device = path.strip_suffix(suffix.as_str()).unwrap_or(path);
        // virtio is between the card and the interface.
        let is_virtio = |part: &&str| part.starts_with("virtio");
        let parent = device.split('/').rev().find(|part| !is_virtio(part)).unwrap_or_default();
        if path.contains("/usb") {
            return Ok(undecided("is on USB"));
        }
        if parent.starts_with("vif-") || path.contains("/vmbus") || path.contains("VMBUS") {
            // Xen and Hyper-V: no place that systemd names by.
            return Ok((None, NamedBy::KernelOrder));
        }
        if parent.split('.').count() == 3 && matches!(parent.len(), 8 | 9) {
            let number = parent.trim_start_matches(['.', '0']);
            return Ok((Some(format!("{prefix}c{number}")), NamedBy::Channel));
        }
        match address(parent) {
            Some(address) if parent.matches(':').count() == 2 => {
                self.by_pci(interface, prefix, &address, device)
            }
            _ => Ok(undecided("is on no bus whose names are known here")),
        }
    }

    fn prefix(&self, name: &str) -> Fact<Option<&'static str>> {
        let uevent = read::value(self.evidence, &format!("{CLASS}/{name}/uevent")).ok().flatten();
        let device_type = uevent.as_deref().unwrap_or_default().lines();
        let device_type = device_type.filter_map(|line| line.strip_prefix("DEVTYPE=")).next();
        let kind = read::value(self.evidence, &format!("{CLASS}/{name}/type"))?;
        Ok(match (device_type, kind.as_deref()) {
            (Some("wlan"), _) => Some("wl"),
            (Some("wwan"), _) => Some("ww"),
            (_, Some("1")) => Some("en"),
            (_, Some("32")) => Some("ib"),
            _ => None,
        })
    }

    fn by_pci(
        &self,
        interface: &Interface,
        prefix: &str,
        address: &str,
        device: &str,
    ) -> Fact<Decision> {
        if read::exists(self.evidence, &format!("{PCI}/{address}/physfn")) == Ok(true) {
            return Ok(undecided("is a virtual function"));
        }
        let Some(port) = self.port(interface)? else {
            return Ok(undecided("its driver names ports under release 8 only"));
        };
        if let Some(index) = self.onboard_index(&interface.name, address)? {
            return Ok((Some(format!("{prefix}o{index}{port}")), NamedBy::Onboard));
        }
        let Some(place) = Place::of(address) else {
            return Ok(undecided("has an address that is not understood"));
        };
        let Some(function) = self.function(address, &place)? else {
            return Ok(undecided("whether its bus counts functions beyond 8 is not known"));
        };
        let domain = match place.domain {
            0 => String::new(),
            domain => format!("P{domain}"),
        };
        match self.slot(address, device)? {
            Slot::Own(slot) => {
                let name = format!("{prefix}{domain}s{slot}{function}{port}");
                Ok((Some(name), NamedBy::Slot))
            }
            Slot::OfBridge => Ok(undecided("a bridge above it is in a slot")),
            Slot::None => {
                let (bus, slot) = (place.bus, place.slot);
                let name = format!("{prefix}{domain}p{bus}s{slot}{function}{port}");
                Ok((Some(name), NamedBy::Path))
            }
        }
    }

    /// The port: `n` and its name, `d` and its number, or nothing. `None` where
    /// release 8 will know a name and this kernel does not.
    fn port(&self, interface: &Interface) -> Fact<Option<String>> {
        let name = &interface.name;
        let port_name = read::value(self.evidence, &format!("{CLASS}/{name}/phys_port_name"));
        let port_name = match port_name {
            // The file is there for every driver and cannot be read for most.
            Err(error) if matches!(&error.why, Why::Unreadable(why) if is_not_supported(why)) => {
                None
            }
            other => other?,
        };
        if let Some(port_name) = port_name {
            return Ok(Some(format!("n{port_name}")));
        }
        if interface.driver.as_deref().is_some_and(|driver| NAME_PORTS.contains(&driver)) {
            return Ok(None);
        }
        let number = read::value(self.evidence, &format!("{CLASS}/{name}/dev_port"))?;
        let number: u32 = number.and_then(|number| number.parse().ok()).unwrap_or(0);
        Ok(Some(if number > 0 { format!("d{number}") } else { String::new() }))
    }

    /// The index of firmware: of ACPI, else of SMBIOS.
    fn onboard_index(&self, name: &str, address: &str) -> Fact<Option<u32>> {
        for file in ["acpi_index", "index"] {
            let of_pci = read::value(self.evidence, &format!("{PCI}/{address}/{file}"));
            let of_net = || read::value(self.evidence, &format!("{CLASS}/{name}/device/{file}"));
            if let Some(index) = of_pci.or_else(|error| of_net().map_err(|_| error))? {
                let index: Option<u32> = index.parse().ok();
                return Ok(index.filter(|index| (1..=HIGHEST_ONBOARD_INDEX).contains(index)));
            }
        }
        Ok(None)
    }

    /// `f` and the function, where the device has more than one.
    fn function(&self, address: &str, place: &Place) -> Fact<Option<String>> {
        let ari = read::value(self.evidence, &format!("{PCI}/{address}/ari_enabled"));
        let ari = match ari {
            Ok(ari) => ari.as_deref() == Some("1"),
            Err(_) if place.slot > 0 && place.bus > 0 => return Ok(None),
            Err(_) => false,
        };
        let function = place.function + if ari { place.slot * 8 } else { 0 };
        if function > 0 || self.has_functions(address)? {
            return Ok(Some(format!("f{function}")));
        }
        Ok(Some(String::new()))
    }

    /// Whether a device says it has several functions; where its registers were
    /// not captured, whether another one of them is there.
    fn has_functions(&self, address: &str) -> Fact<bool> {
        let config = self.evidence.file(&format!("{PCI}/{address}/config")).captured();
        if let Some(header) = config.and_then(|config| config.bytes().get(0x0e)) {
            return Ok(header & 0x80 != 0);
        }
        let names = read::names(self.evidence, PCI)?.unwrap_or_default();
        let device = address.split('.').next().unwrap_or_default();
        Ok(names.iter().any(|name| *name != address && name.split('.').next() == Some(device)))
    }

    fn slot(&self, address: &str, device: &str) -> Fact<Slot> {
        let mut of_bridge = false;
        for name in read::names(self.evidence, SLOTS)?.unwrap_or_default() {
            let Some(number) = name.parse::<u32>().ok().filter(|number| *number > 0) else {
                continue;
            };
            let Some(slot) = read::value(self.evidence, &format!("{SLOTS}/{name}/address"))? else {
                continue;
            };
            if address.starts_with(&slot) {
                return Ok(Slot::Own(number));
            }
            of_bridge |= device.split('/').any(|part| part.starts_with(&slot));
        }
        Ok(if of_bridge { Slot::OfBridge } else { Slot::None })
    }
}

enum Slot {
    Own(u32),
    OfBridge,
    None,
}

struct Place {
    domain: u32,
    bus: u32,
    slot: u32,
    function: u32,
}

impl Place {
    /// Of `0000:00:03.0`.
    fn of(address: &str) -> Option<Self> {
        let mut parts = address.split([':', '.']).map(|part| u32::from_str_radix(part, 16).ok());
        let mut next = || parts.next().flatten();
        Some(Self { domain: next()?, bus: next()?, slot: next()?, function: next()? })
    }
}

fn is_not_supported(why: &str) -> bool {
    let why = why.to_ascii_lowercase();
    why.contains("not supported") || why.contains("os error 95") || why.contains("invalid argument")
}
