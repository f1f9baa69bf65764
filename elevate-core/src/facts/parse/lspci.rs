//! What `lspci` prints: blocks of `-vmm`, or a line a device.

use super::{numbered, odd, push};
use crate::facts::OddLine;

/// A PCI device. Identities are numbers: texts write them with and without
/// zeros in front, in either case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PciDevice {
    /// Address with its domain: `0000:00:03.0`.
    pub address: String,
    /// Class, 16 bits: `0x0200` is an Ethernet controller.
    pub class: Option<u16>,
    /// Vendor; `None` where the text has names only.
    pub vendor: Option<u16>,
    /// Device.
    pub device: Option<u16>,
    /// Vendor of the subsystem; bridges have none.
    pub subsystem_vendor: Option<u16>,
    /// Device of the subsystem.
    pub subsystem_device: Option<u16>,
    /// Driver that is bound to it.
    pub driver: Option<String>,
    /// Whether it is known which driver is bound.
    pub driver_known: bool,
    /// What a text calls it.
    pub name: Option<String>,
}

/// How well an identity in a table fits a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdMatch {
    /// It has this many parts, fewer than the device: it names a family.
    Family(usize),
    /// It says all the device says of itself.
    Whole,
}

impl PciDevice {
    /// Whether an identity, `0x1000:0x0060` or with the subsystem or its vendor, is
    /// that of the device. Letter case and zeros in front do not matter. leapp
    /// compares whole texts: `pci_devices_scanner` finds no family, and none of the
    /// identities in capital letters.
    pub fn is(&self, id: &str) -> Option<IdMatch> {
        let own = [self.vendor, self.device, self.subsystem_vendor, self.subsystem_device];
        let parts: Vec<u16> = id.split(':').map(hex16).collect::<Option<_>>()?;
        let fits = (2..=own.len()).contains(&parts.len())
            && own.iter().zip(&parts).all(|(own, part)| *own == Some(*part));
        let whole = own.iter().take_while(|part| part.is_some()).count();
        let how = if parts.len() == whole { IdMatch::Whole } else { IdMatch::Family(parts.len()) };
        fits.then_some(how)
    }

    /// Its identity as `lspci` writes it: `1000:0060:1028:1f0c`.
    pub fn id(&self) -> String {
        let own = [self.vendor, self.device, self.subsystem_vendor, self.subsystem_device];
        let parts: Vec<String> = own.iter().flatten().map(|part| format!("{part:04x}")).collect();
        parts.join(":")
    }
}

/// An address with its domain.
pub fn address(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(':').collect();
    let (domain, bus, rest) = match parts.as_slice() {
        [bus, rest] => ("0000", *bus, *rest),
        [domain, bus, rest] => (*domain, *bus, *rest),
        _ => return None,
    };
    let (slot, function) = rest.split_once('.')?;
    let is_hex = |text: &str, from: usize, to: usize| {
        (from..=to).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
    };
    let fits = is_hex(domain, 4, 8) && is_hex(bus, 2, 2) && is_hex(slot, 2, 2);
    (fits && is_hex(function, 1, 1))
        .then(|| format!("{domain}:{bus}:{slot}.{function}").to_ascii_lowercase())
}

/// A number in hexadecimal, with `0x` or without.
pub fn hex16(text: &str) -> Option<u16> {
    let text = text.trim();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    let is_hex = digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

/// Reads `lspci -vmmkn`: blocks of `Key:` and a value.
pub fn parse_blocks(text: &str) -> (Vec<PciDevice>, Vec<OddLine>) {
    let (mut devices, mut notes) = (Vec::<PciDevice>::new(), Vec::new());
    let mut inside = false;
    for (number, line) in numbered(text) {
        let Some((key, value)) = line.split_once(':') else {
            if !line.trim().is_empty() {
                odd(&mut notes, number, line, "is not KEY: VALUE");
            }
            inside = false;
            continue;
        };
        let value = value.trim();
        if key == "Slot" {
            inside = address(value).is_some();
            match address(value) {
                Some(address) => {
                    let device = PciDevice { address, driver_known: true, ..<_>::default() };
                    push(&mut devices, device, &mut notes, number, line);
                }
                None => odd(&mut notes, number, line, "is no address"),
            }
            continue;
        }
        let Some(device) = devices.last_mut().filter(|_| inside) else {
            odd(&mut notes, number, line, "belongs to no device");
            continue;
        };
        // The first of a key counts, as for leapp.
        let place = match key {
            "Class" => &mut device.class,
            "Vendor" => &mut device.vendor,
            "Device" => &mut device.device,
            "SVendor" => &mut device.subsystem_vendor,
            "SDevice" => &mut device.subsystem_device,
            "Driver" => {
                device.driver.get_or_insert_with(|| value.to_owned());
                continue;
            }
            _ => continue,
        };
        match hex16(value) {
            Some(id) => _ = place.get_or_insert(id),
            None => odd(&mut notes, number, line, "is no number; was it printed with -n?"),
        }
    }
    (devices, notes)
}

/// Reads a line a device, with what is indented below it: `lspci -nnvv`,
/// `lspci -nn`, `lspci -nnk`, or plain `lspci`, which has names only.
pub fn parse_lines(text: &str) -> (Vec<PciDevice>, Vec<OddLine>) {
    let (mut devices, mut notes) = (Vec::<PciDevice>::new(), Vec::new());
    for (number, line) in numbered(text) {
        if line.trim().is_empty() || line.starts_with("pcilib:") {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            match devices.last_mut() {
                Some(device) => detail(device, line.trim()),
                None => odd(&mut notes, number, line, "belongs to no device"),
            }
            continue;
        }
        let (slot, rest) = line.split_once(' ').unwrap_or((line, ""));
        let Some(address) = address(slot) else {
            odd(&mut notes, number, line, "begins with no address");
            continue;
        };
        let ids = bracketed(rest);
        let pair = ids.iter().rev().find_map(|id| pair(id));
        let class = ids.iter().find_map(|id| hex16(id).filter(|_| id.len() == 4));
        let device = PciDevice {
            address,
            class,
            vendor: pair.map(|(vendor, _)| vendor),
            device: pair.map(|(_, device)| device),
            name: Some(rest.to_owned()),
            ..PciDevice::default()
        };
        push(&mut devices, device, &mut notes, number, line);
    }
    // Without -k or -v no line of any device tells its driver.
    let known = devices.iter().any(|device| device.driver_known);
    for device in &mut devices {
        device.driver_known = known;
    }
    (devices, notes)
}

fn detail(device: &mut PciDevice, line: &str) {
    if let Some(driver) = line.strip_prefix("Kernel driver in use:") {
        device.driver = Some(driver.trim().to_owned());
        device.driver_known = true;
    } else if let Some(rest) = line.strip_prefix("Subsystem:") {
        let pair = bracketed(rest).iter().rev().find_map(|id| pair(id));
        device.subsystem_vendor = pair.map(|(vendor, _)| vendor);
        device.subsystem_device = pair.map(|(_, device)| device);
    }
}

/// What stands in brackets.
fn bracketed(text: &str) -> Vec<&str> {
    let inside = text.split('[').skip(1).take(32);
    inside.filter_map(|part| part.split_once(']').map(|(inside, _)| inside)).collect()
}

fn pair(text: &str) -> Option<(u16, u16)> {
    let (vendor, device) = text.split_once(':')?;
    (vendor.len() == 4 && device.len() == 4).then_some((hex16(vendor)?, hex16(device)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_numbers_and_drivers() {
        let text = "Slot:\t00:03.0\nClass:\t0200\nVendor:\t1AF4\nDevice:\t1000\nVendor:\tffff\nSVendor:\t1af4\nSDevice:\t0001\nDriver:\tvirtio-pci\n\n\
                    Slot:\t0001:0a:1f.7\nClass:\tSystem\nNumaNode:\t0\n\nSlot:\tx\nClass: 0100\n";
        let (devices, odd) = parse_blocks(text);
        assert_eq!(devices[0].address, "0000:00:03.0");
        assert_eq!((devices[0].vendor, devices[0].subsystem_device), (Some(0x1af4), Some(1)));
        assert_eq!(devices[0].driver.as_deref(), Some("virtio-pci"));
        assert_eq!((devices[1].address.as_str(), devices[1].driver_known), ("0001:0a:1f.7", true));
        assert_eq!(odd.iter().map(|o| o.line).collect::<Vec<_>>(), [11, 14, 15]);
    }

    #[test]
    fn lines_tell_as_much_as_their_options_made_them() {
        let text = "00:03.0 Ethernet controller [0200]: Red Hat [x], Inc. Virtio network device [1af4:1000] (rev 01)\n\
                    \tSubsystem: Red Hat, Inc. Device [1af4:0001]\n\tKernel driver in use: virtio-pci\n\
                    00:04.0 SCSI [0100]: X [1000:0030]\nnonsense\n";
        let (devices, odd) = parse_lines(text);
        assert_eq!((devices[0].class, devices[0].device), (Some(0x200), Some(0x1000)));
        assert_eq!(devices[0].subsystem_device, Some(1));
        assert!(devices[1].driver_known && devices[1].driver.is_none());
        assert_eq!(odd[0].line, 5);
        let (plain, _) = parse_lines("00:01.1 IDE interface: Intel Corporation 82371SB\n");
        assert_eq!((plain[0].vendor, plain[0].driver_known), (None, false));
    }

    #[test]
    fn numbers_and_addresses_are_normalised() {
        for (text, expected) in [
            ("0x15B3", Some(0x15b3)),
            ("212", Some(0x212)),
            ("0X1", Some(1)),
            ("", None),
            ("+1", None),
            ("12345", None),
        ] {
            assert_eq!(hex16(text), expected, "{text:?}");
        }
        assert_eq!(address("00:1F.2").as_deref(), Some("0000:00:1f.2"));
        assert_eq!(address("0:0:0.0"), None);
        assert_eq!(address("00:00"), None);
    }

    #[test]
    fn an_identity_of_a_table_is_compared_by_its_numbers() {
        let plain =
            PciDevice { vendor: Some(0x19a2), device: Some(0x0212), ..PciDevice::default() };
        let card = PciDevice {
            vendor: Some(0x9005),
            device: Some(0x0285),
            subsystem_vendor: Some(0x1014),
            subsystem_device: Some(0x02f2),
            ..PciDevice::default()
        };
        for (device, id, expected) in [
            (&plain, "0x19a2:0x0212", Some(IdMatch::Whole)),
            (&plain, "0x19A2:0x212", Some(IdMatch::Whole)),
            (&plain, "0x19a2:0x0212:0x1028:0x0001", None),
            (&card, "0x9005:0x0285:0x1014:0x02F2", Some(IdMatch::Whole)),
            (&card, "0x9005:0x0285:0x1014", Some(IdMatch::Family(3))),
            (&card, "0x9005:0x0285", Some(IdMatch::Family(2))),
            (&card, "0x9005:0x0285:0x1028", None),
            (&card, "0x9005", None),
            (&card, "", None),
            (&card, "0x9005:0x0285:0x1014:0x02F2:0x0", None),
        ] {
            assert_eq!(device.is(id), expected, "{id}");
        }
        assert_eq!((plain.id(), card.id()), ("19a2:0212".into(), "9005:0285:1014:02f2".into()));
    }
}
