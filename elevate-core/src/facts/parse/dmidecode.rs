//! What `dmidecode` prints, as far as it names the machine.

use super::numbered;

/// Names firmware gives the machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dmi {
    /// Maker: `Dell Inc.`, `QEMU`, `VMware, Inc.`.
    pub sys_vendor: Option<String>,
    /// Product.
    pub product_name: Option<String>,
    /// Maker of the board.
    pub board_vendor: Option<String>,
    /// Maker of the firmware.
    pub bios_vendor: Option<String>,
    /// Version of the firmware.
    pub bios_version: Option<String>,
    /// Asset tag of the chassis; clouds put their name here.
    pub chassis_asset_tag: Option<String>,
}

impl Dmi {
    /// The places and the names sysfs has for them.
    pub(crate) fn fields(&mut self) -> [(&'static str, &mut Option<String>); 6] {
        [
            ("sys_vendor", &mut self.sys_vendor),
            ("product_name", &mut self.product_name),
            ("board_vendor", &mut self.board_vendor),
            ("bios_vendor", &mut self.bios_vendor),
            ("bios_version", &mut self.bios_version),
            ("chassis_asset_tag", &mut self.chassis_asset_tag),
        ]
    }
}

/// Reads the text; of several structures of a kind the first counts. Most of
/// its lines are of no use here and are passed by.
pub fn parse(text: &str) -> Dmi {
    let mut dmi = Dmi::default();
    let mut section = "";
    for (_, line) in numbered(text) {
        if !line.starts_with([' ', '\t']) {
            section = line.trim();
            continue;
        }
        let Some((key, value)) = line.trim().split_once(':') else { continue };
        let place = match (section, key) {
            ("BIOS Information", "Vendor") => &mut dmi.bios_vendor,
            ("BIOS Information", "Version") => &mut dmi.bios_version,
            ("System Information", "Manufacturer") => &mut dmi.sys_vendor,
            ("System Information", "Product Name") => &mut dmi.product_name,
            ("Base Board Information", "Manufacturer") => &mut dmi.board_vendor,
            ("Chassis Information", "Asset Tag") => &mut dmi.chassis_asset_tag,
            _ => continue,
        };
        let value = value.trim();
        let is_none = matches!(value, "" | "Not Specified" | "Not Present");
        if place.is_none() && !is_none {
            *place = Some(value.to_owned());
        }
    }
    dmi
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_is_named_by_the_first_structure_of_a_kind() {
        let text = "# dmidecode 3.0\n\nHandle 0x0000, DMI type 0, 24 bytes\nBIOS Information\n\tVendor: Xen\n\
                    \tVersion: 4.2.amazon\n\tCharacteristics:\n\t\tVendor: no\n\nHandle 0x1\nSystem Information\n\
                    \tManufacturer: Xen\n\tProduct Name: HVM domU\n\nHandle 0x3\nChassis Information\n\tAsset Tag: Not Specified\n\nHandle 0x2\nSystem Information\n\tManufacturer: Other\n";
        let dmi = parse(text);
        assert_eq!(dmi.sys_vendor.as_deref(), Some("Xen"));
        assert_eq!(dmi.product_name.as_deref(), Some("HVM domU"));
        assert_eq!(dmi.bios_vendor.as_deref(), Some("Xen"));
        assert_eq!(dmi.bios_version.as_deref(), Some("4.2.amazon"));
        assert_eq!((dmi.board_vendor, dmi.chassis_asset_tag), (None, None));
        assert_eq!(parse("\tVendor: x\n:\n"), Dmi::default());
    }
}
