//! Scanners that SANE of release 8 knows and lists in `/etc/sane.d`.

use super::append;
use crate::facts::parse::directives::{self, PLAIN};

/// A file, the vendor of its devices and the devices.
pub(in crate::facts) struct File {
    pub(in crate::facts) path: &'static str,
    vendor: &'static str,
    devices: &'static [Device],
}

/// Name, product and the lines that have to stand before it: they are for the next
/// device only.
type Device = (&'static str, &'static str, &'static [&'static str]);

/// The file that names drivers, one a line.
pub(in crate::facts) const DLL: &str = "/etc/sane.d/dll.conf";

/// `dll.conf` with the driver that is new.
pub(in crate::facts) fn dll(text: &str) -> String {
    let is_there = directives::parse(text, &PLAIN).0.iter().any(|line| line.name == "epsonds");
    let new: &[&str] = if is_there { &[] } else { &["epsonds"] };
    append(text, "#", new)
}

impl File {
    /// The file with the devices it lacks. A device comes whole: leapp leaves out lines
    /// that stand in the file for another device.
    pub(in crate::facts) fn completed(&self, text: &str) -> String {
        let (lines, _) = directives::parse(text, &PLAIN);
        let known = |product: &str| {
            lines.iter().filter(|line| line.name == "usb").any(|line| {
                let mut words = line.words();
                let mut is = |id: &str| words.next().is_some_and(|w| w.eq_ignore_ascii_case(id));
                is(self.vendor) && is(product)
            })
        };
        let mut new = Vec::new();
        for (name, product, before) in self.devices.iter().filter(|device| !known(device.1)) {
            new.push(format!("# {name}"));
            new.extend(before.iter().map(|&line| line.to_owned()));
            new.push(format!("usb {} {product}", self.vendor));
        }
        append(text, "#", &new)
    }
}

const DUPLEX: &[&str] = &["option duplex-offset 400"];
const STATUS: &[&str] = &["option extra-status 1", "option duplex-offset 400"];
const BUFFER: &[&str] = &["option buffer-size 8000000"];

/// What release 8 adds (sane-backends 1.0.27).
#[rustfmt::skip]
pub(in crate::facts) const FILES: &[File] = &[
    File { path: "/etc/sane.d/cardscan.conf", vendor: "0x0451", devices: &[
        ("Sanford CardScan 800c", "0x6250", &[]),
    ] },
    File { path: "/etc/sane.d/canon.conf", vendor: "0x04a9", devices: &[
        ("Canon LiDE 80", "0x2214", &[]),
        ("Canon LiDE 120", "0x190e", &[]),
        ("Canon LiDE 220", "0x190f", &[]),
    ] },
    File { path: "/etc/sane.d/canon_dr.conf", vendor: "0x1083", devices: &[
        ("P-150M", "0x162c", &[]),
        ("DR-M160", "0x163e", STATUS),
        ("DR-M140", "0x163f", STATUS),
        ("DR-C125", "0x1640", DUPLEX),
        ("DR-P215", "0x1641", &[]),
        ("FSU-201", "0x1648", &[]),
        ("DR-C130", "0x164a", &[]),
        ("DR-P208", "0x164b", &[]),
        ("DR-G1130", "0x164f", BUFFER),
        ("DR-G1100", "0x1650", BUFFER),
        ("DR-C120", "0x1651", &[]),
        ("P-201", "0x1652", &[]),
        ("DR-F120", "0x1654", &["option duplex-offset 1640"]),
        ("DR-M1060", "0x1657", &[]),
        ("DR-C225", "0x1658", &[]),
        ("DR-P215II", "0x1659", &[]),
        ("P-215II", "0x165b", &[]),
        ("DR-P208II", "0x165d", &[]),
        ("P-208II", "0x165f", &[]),
    ] },
    File { path: "/etc/sane.d/epjitsu.conf", vendor: "0x04c5", devices: &[
        ("Fujitsu fi-65F", "0x11bd", &["firmware /usr/share/sane/epjitsu/65f_0A01.nal"]),
        ("Fujitsu S1100", "0x1200", &["firmware /usr/share/sane/epjitsu/1100_0B00.nal"]),
        ("Fujitsu S1300i", "0x128d", &["firmware /usr/share/sane/epjitsu/1300i_0D12.nal"]),
        ("Fujitsu S1100i", "0x1447", &["firmware /usr/share/sane/epjitsu/1100i_0A00.nal"]),
    ] },
    File { path: "/etc/sane.d/fujitsu.conf", vendor: "0x04c5", devices: &[
        ("fi-6125", "0x11ee", &[]), ("fi-6225", "0x11ef", &[]), ("ScanSnap SV600", "0x128e", &[]),
        ("fi-7180", "0x132c", &[]), ("fi-7280", "0x132d", &[]), ("fi-7160", "0x132e", &[]),
        ("fi-7260", "0x132f", &[]), ("ScanSnap iX500EE", "0x13f3", &[]),
        ("ScanSnap iX100", "0x13f4", &[]), ("ScanPartner SP25", "0x1409", &[]),
        ("ScanPartner SP30", "0x140a", &[]), ("ScanPartner SP30F", "0x140c", &[]),
        ("fi-6140ZLA", "0x145f", &[]), ("fi-6240ZLA", "0x1460", &[]),
        ("fi-6130ZLA", "0x1461", &[]), ("fi-6230ZLA", "0x1462", &[]),
        ("fi-6125ZLA", "0x1463", &[]), ("fi-6225ZLA", "0x1464", &[]),
        ("fi-6135ZLA", "0x146b", &[]), ("fi-6235ZLA", "0x146c", &[]),
        ("fi-6120ZLA", "0x146d", &[]), ("fi-6220ZLA", "0x146e", &[]),
        ("N7100", "0x146f", &[]), ("fi-6400", "0x14ac", &[]), ("fi-7480", "0x14b8", &[]),
        ("fi-6420", "0x14bd", &[]), ("fi-7460", "0x14be", &[]), ("fi-7140", "0x14df", &[]),
        ("fi-7240", "0x14e0", &[]), ("fi-7135", "0x14e1", &[]), ("fi-7235", "0x14e2", &[]),
        ("fi-7130", "0x14e3", &[]), ("fi-7230", "0x14e4", &[]), ("fi-7125", "0x14e5", &[]),
        ("fi-7225", "0x14e6", &[]), ("fi-7120", "0x14e7", &[]), ("fi-7220", "0x14e8", &[]),
        ("fi-400F", "0x151e", &[]), ("fi-7030", "0x151f", &[]), ("fi-7700", "0x1520", &[]),
        ("fi-7600", "0x1521", &[]), ("fi-7700S", "0x1522", &[]),
    ] },
    File { path: "/etc/sane.d/xerox_mfp.conf", vendor: "0x04e8", devices: &[
        ("Samsung X4300 Series", "0x3324", &[]), ("Samsung K4350 Series", "0x3325", &[]),
        ("Samsung X7600 Series", "0x3326", &[]), ("Samsung K7600 Series", "0x3327", &[]),
        ("Samsung K703 Series", "0x3331", &[]), ("Samsung X703 Series", "0x3332", &[]),
        ("Samsung M458x Series", "0x346f", &[]), ("Samsung M4370/5370 Series", "0x3471", &[]),
        ("Samsung X401 Series", "0x3477", &[]), ("Samsung K401 Series", "0x3478", &[]),
        ("Samsung K3250 Series", "0x3481", &[]), ("Samsung X3220 Series", "0x3482", &[]),
    ] },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_not_added_again() {
        let canon = &FILES[1];
        assert_eq!(
            canon.completed("usb 0x04A9 0x190E\n  usb 0x04a9 0x2214\n#usb 0x04a9 0x190f"),
            "usb 0x04A9 0x190E\n  usb 0x04a9 0x2214\n#usb 0x04a9 0x190f\n\
             # Added for release 8:\n# Canon LiDE 220\nusb 0x04a9 0x190f\n"
        );
        for file in FILES {
            let once = file.completed("");
            assert_eq!(file.completed(&once), once);
        }
        assert_eq!(dll("net\nepsonds\n"), "net\nepsonds\n");
        assert_eq!(dll("#epsonds\n"), "#epsonds\n# Added for release 8:\nepsonds\n");
    }

    /// leapp leaves options out that stand in the file for another device.
    #[test]
    fn a_device_comes_with_its_options() {
        let text = "option duplex-offset 400\nusb 0x1083 0x1640\n";
        let after = FILES[2].completed(text);
        assert!(after.contains(
            "# DR-M140\noption extra-status 1\noption duplex-offset 400\nusb 0x1083 0x163f\n"
        ));
    }
}
