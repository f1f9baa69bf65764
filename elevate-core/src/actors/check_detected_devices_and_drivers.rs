//! Hardware and drivers that release 8 does not know any more.

use std::collections::BTreeMap;

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::parse::cmdline::same_name;
use crate::facts::parse::lspci::{IdMatch, PciDevice};
use crate::facts::{Fact, Unknown};
use crate::finding::{Finding, Kind, Severity};
use crate::upgrade_data::devices::{DeviceEntry, DeviceKind};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_detected_devices_and_drivers",
    summary: "the host has hardware or drivers that release 8 dropped",
    about: "Release 8 has fewer drivers, and drivers that know fewer devices. Hardware it does not \
            know does not work after the upgrade, which for the controller of the root disk or the \
            only network card means that the host is gone: replace it, or give the virtual machine \
            another controller or card. A driver that is loaded and drives nothing is a leftover: \
            unload it and keep it from being loaded. What is only maintained no longer works on, \
            without support.\n\n\
            The tables name devices by two to four numbers. An entry of two names all cards with \
            that chip, whoever sold them; whether release 8 really dropped this very card cannot \
            be told from it. Such a card forbids the upgrade only where the host cannot do without.",
    covers: &[
        "detect_kernel_drivers",
        "load_device_driver_deprecation_data",
        "pci_devices_scanner",
        "scancpu",
    ],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["hardware", "kernel", "network", "storage"],
    kinds: &[
        DRIVERS_REMOVED,
        DRIVERS_UNMAINTAINED,
        DEVICES_REMOVED,
        FAMILIES_REMOVED,
        DEVICES_UNMAINTAINED,
        CPU_REMOVED,
        CPU_UNMAINTAINED,
    ],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const NAME: &str = "check_detected_devices_and_drivers";
const DATA: &str = "/etc/leapp/files/device_driver_deprecation_data.json";

const DRIVERS_REMOVED: Kind = Kind::new(
    "device.drivers-removed",
    NAME,
    Severity::High,
    "Drivers are loaded that release 8 does not have",
)
.inhibiting()
.groups(&["kernel", "drivers"])
.key("f08a07da902958defa4f5c2699fae9ec2eb67c5b");

const DRIVERS_UNMAINTAINED: Kind = Kind::new(
    "device.drivers-unmaintained",
    NAME,
    Severity::High,
    "Drivers are loaded that nobody maintains in release 8",
)
.groups(&["kernel", "drivers"])
.key("0ff2413fd3cb0358736bf9be597f4dbdf58f2c4d");

const DEVICES_REMOVED: Kind = Kind::new(
    "device.devices-removed",
    NAME,
    Severity::High,
    "Devices are built in that release 8 does not know",
)
.inhibiting()
.groups(&["kernel"])
.key("ccfc28592c82123649fc824c6c1c89cabfceae7c");

const FAMILIES_REMOVED: Kind = Kind::new(
    "device.families-removed",
    NAME,
    Severity::High,
    "Devices are built in of a family that release 8 does not know",
)
.groups(&["kernel"]);

const DEVICES_UNMAINTAINED: Kind = Kind::new(
    "device.devices-unmaintained",
    NAME,
    Severity::High,
    "Devices are built in that nobody maintains in release 8",
)
.groups(&["kernel"])
.key("261e3e55a3a80346f2fcc2a1e59c64f7a4caa263");

const CPU_REMOVED: Kind = Kind::new(
    "device.cpu-removed",
    NAME,
    Severity::High,
    "Release 8 does not run on this processor",
)
.inhibiting()
.groups(&["kernel", "boot"])
.key("e3e9e4d2566733e2f843db9823c8568b9b6922f9");

const CPU_UNMAINTAINED: Kind = Kind::new(
    "device.cpu-unmaintained",
    NAME,
    Severity::High,
    "Nobody maintains release 8 on this processor",
)
.groups(&["kernel", "boot"])
.key("61eb181bbc56328fbe03b5229d25a8ea5ebdc7a2");

/// What becomes of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Unmaintained,
    Removed,
}

fn fate(entry: &DeviceEntry, target: u32) -> Option<Fate> {
    match (entry.available_in.contains(&target), entry.maintained_in.contains(&target)) {
        (false, _) => Some(Fate::Removed),
        (true, false) => Some(Fate::Unmaintained),
        (true, true) => None,
    }
}

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let entries = match &host.data().devices {
        Some(Ok(data)) => &data.value.entries,
        // The request says that they cannot be read.
        Some(Err(_)) => return Ok(()),
        None => return Err(Unknown::not_captured(DATA)),
    };
    let devices = outcome.known(host.facts().hardware().pci_devices());
    let devices = devices.unwrap_or_default();
    if let Some(unnamed) = devices.iter().find(|device| device.vendor.is_none()) {
        let why = format!("does not tell the numbers of {}", unnamed.address);
        outcome.lacks(Unknown::malformed("command:lspci", why));
    }
    drivers(host, outcome, entries, &devices);
    cards(host, outcome, entries, &devices);
    processors(host, outcome, entries);
    Ok(())
}

fn drivers(host: &Host<'_>, outcome: &mut Outcome, entries: &[DeviceEntry], devices: &[PciDevice]) {
    let modules = outcome.known(host.facts().kernel().modules());
    let modules = modules.map(|modules| modules.value).unwrap_or_default();
    let mut found: BTreeMap<&str, Fate> = BTreeMap::new();
    for entry in entries.iter().filter(|e| e.kind == DeviceKind::Pci && e.is_driver()) {
        let name = entry.driver_name.as_str();
        let is_it = |driver: &&str| same_name(driver, name);
        let is_here = modules.iter().any(|module| module.is(name))
            || devices.iter().filter_map(|d| d.driver.as_deref()).any(|driver| is_it(&driver));
        if let Some(fate) = fate(entry, host.target().major).filter(|_| is_here) {
            let known = found.entry(name).or_insert(fate);
            *known = fate.max(*known);
        }
    }
    let with = |fate: Fate| -> Vec<&str> {
        found.iter().filter(|(_, found)| **found == fate).map(|(name, _)| *name).collect()
    };
    let unmaintained = with(Fate::Unmaintained);
    if !unmaintained.is_empty() {
        let summary = format!("{}.", unmaintained.join(", "));
        outcome.report(DRIVERS_UNMAINTAINED.finding(summary).about("kernel-driver", &unmaintained));
    }
    let removed = with(Fate::Removed);
    if removed.is_empty() {
        return;
    }
    let stories: Vec<(String, Role)> = removed.iter().map(|name| of_driver(host, name)).collect();
    let told: Vec<String> =
        removed.iter().zip(&stories).map(|(name, (story, _))| format!("{name} {story}.")).collect();
    let mut finding = DRIVERS_REMOVED
        .finding(told.join(" "))
        .about("kernel-driver", &removed)
        .link("https://access.redhat.com/solutions/6971716")
        .link("https://access.redhat.com/solutions/5436131");
    let is = |wanted: Role| stories.iter().any(|(_, role)| *role == wanted);
    if is(Role::Needed) {
        finding = finding.hint(
            "Give the machine another controller or network card before the upgrade: the host \
             needs what this driver drives, and unloading it is no way out.",
        );
    }
    if is(Role::Used) {
        finding = finding.hint("Take the devices out, or do without them, and unload the driver.");
    }
    if is(Role::Idle) {
        finding = finding.hint("Unload drivers that drive nothing, and keep them from loading.");
    }
    for (name, _) in removed.iter().zip(&stories).filter(|(_, (_, role))| *role == Role::Idle) {
        finding = finding.command(&["modprobe", "-r", name]);
    }
    outcome.report(finding);
}

/// What a driver or a device is to the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// A driver drives nothing.
    Idle,
    /// Something hangs on it, or may.
    Used,
    /// The host cannot do without it.
    Needed,
}

fn of_driver(host: &Host<'_>, name: &str) -> (String, Role) {
    let addresses = match host.facts().hardware().devices_of_driver(name) {
        Ok(addresses) => addresses,
        Err(_) => return ("is loaded; what it drives is not known".to_owned(), Role::Used),
    };
    let needed = addresses.iter().find_map(|address| Some((address, need(host, address)?)));
    match (needed, addresses.first()) {
        (Some((address, what)), _) => (format!("drives {what} ({address})"), Role::Needed),
        (None, Some(address)) => (format!("drives {address}"), Role::Used),
        (None, None) => {
            let module = host.facts().kernel().module(name).ok().flatten();
            match module.filter(|module| !module.is_idle()) {
                Some(_) => ("is loaded and in use".to_owned(), Role::Used),
                None => ("is loaded and drives no PCI device".to_owned(), Role::Idle),
            }
        }
    }
}

/// What the host cannot do without, if it hangs on this device.
fn need(host: &Host<'_>, address: &str) -> Option<&'static str> {
    let uses = host.facts().hardware().uses(address);
    if uses.root == Ok(true) {
        Some("the disk of /")
    } else if uses.boot == Ok(true) {
        Some("the disk of /boot")
    } else if uses.only_network == Ok(true) {
        Some("the only network card")
    } else {
        None
    }
}

/// A device with the entry that names it best.
struct Card<'a> {
    device: &'a PciDevice,
    entry: &'a DeviceEntry,
    how: IdMatch,
    need: Option<&'static str>,
}

impl Card<'_> {
    fn story(&self) -> String {
        let name = match (&*self.entry.device_name, &*self.entry.driver_name) {
            ("", driver) => driver,
            (name, _) => name,
        };
        let need = self.need.map(|need| format!(", {need}")).unwrap_or_default();
        format!("{name} ({} at {}{need})", self.device.id(), self.device.address)
    }

    /// Whether leapp, which compares texts, finds it too.
    fn is_found_by_leapp(&self) -> bool {
        self.entry.device_id.replace("0x", "") == self.device.id()
    }
}

fn cards(host: &Host<'_>, outcome: &mut Outcome, entries: &[DeviceEntry], devices: &[PciDevice]) {
    let (mut removed, mut families, mut unmaintained) = (Vec::new(), Vec::new(), Vec::new());
    for device in devices {
        let named = entries.iter().filter(|e| e.kind == DeviceKind::Pci && !e.is_driver());
        let best = named.filter_map(|entry| Some((device.is(&entry.device_id)?, entry)));
        let Some((how, entry)) = best.max_by_key(|(how, _)| *how) else { continue };
        let need = need(host, &device.address);
        let card = Card { device, entry, how, need };
        match fate(entry, host.target().major) {
            Some(Fate::Removed) if card.how == IdMatch::Whole || need.is_some() => {
                removed.push(card);
            }
            Some(Fate::Removed) => families.push(card),
            Some(Fate::Unmaintained) => unmaintained.push(card),
            None => {}
        }
    }
    let hint = "Replace the devices, or give the virtual machine others, before the upgrade.";
    outcome_of(outcome, &DEVICES_REMOVED, &removed, Some(hint));
    let hint = "Look up whether release 8 still knows these very cards. None of them holds the \
                root disk or is the only network card, as far as that is known.";
    outcome_of(outcome, &FAMILIES_REMOVED, &families, Some(hint));
    outcome_of(outcome, &DEVICES_UNMAINTAINED, &unmaintained, None);
}

fn outcome_of(outcome: &mut Outcome, kind: &Kind, cards: &[Card<'_>], hint: Option<&str>) {
    if cards.is_empty() {
        return;
    }
    let stories: Vec<String> = cards.iter().map(Card::story).collect();
    let mut finding: Finding = kind
        .finding(format!("{}.", stories.join(", ")))
        .about("device", cards.iter().map(|card| &card.device.address));
    if let Some(hint) = hint {
        finding = finding.hint(hint);
    }
    if !cards.iter().any(Card::is_found_by_leapp) {
        finding = finding.leapp("compares ids letter by letter and does not find these devices");
    }
    outcome.report(finding);
}

fn processors(host: &Host<'_>, outcome: &mut Outcome, entries: &[DeviceEntry]) {
    let Some(cpu) = outcome.known(host.facts().kernel().cpu()) else { return };
    let arch = host.arch().as_str();
    let of_host = entries
        .iter()
        .filter(|e| e.kind == DeviceKind::Cpu && cpu.value.is(arch, &e.device_id))
        .filter_map(|entry| Some((fate(entry, host.target().major)?, entry)));
    let Some((fate, entry)) = of_host.max_by_key(|(fate, _)| *fate) else { return };
    let summary = format!("{} ({}).", entry.device_name, entry.device_id);
    let kind = if fate == Fate::Removed { CPU_REMOVED } else { CPU_UNMAINTAINED };
    outcome.report(kind.finding(summary).seen_in(&cpu.source));
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::Case;

    const DATA: &str = r#"{"provided_data_streams": ["3.1"], "data": [
        {"device_type": "pci", "device_id": "", "device_name": "", "driver_name": "floppy",
         "available_in_rhel": [7], "maintained_in_rhel": [7], "deprecation_announced": ""},
        {"device_type": "pci", "device_id": "", "device_name": "", "driver_name": "floppy",
         "available_in_rhel": [7], "maintained_in_rhel": [7], "deprecation_announced": ""},
        {"device_type": "pci", "device_id": "", "device_name": "", "driver_name": "3w-9xxx",
         "available_in_rhel": [7], "maintained_in_rhel": [7], "deprecation_announced": ""},
        {"device_type": "pci", "device_id": "", "device_name": "", "driver_name": "tulip",
         "available_in_rhel": [7], "maintained_in_rhel": [7], "deprecation_announced": ""},
        {"device_type": "pci", "device_id": "", "device_name": "", "driver_name": "e1000",
         "available_in_rhel": [7, 8], "maintained_in_rhel": [7], "deprecation_announced": ""},
        {"device_type": "pci", "device_id": "0x1000:0x0060", "device_name": "MegaRAID 1078",
         "driver_name": "megaraid_sas", "available_in_rhel": [7], "maintained_in_rhel": [7],
         "deprecation_announced": ""},
        {"device_type": "pci", "device_id": "0x9005:0x0285:0x1014:0x02F2", "device_name": "ServeRAID",
         "driver_name": "aacraid", "available_in_rhel": [7], "maintained_in_rhel": [7],
         "deprecation_announced": ""},
        {"device_type": "pci", "device_id": "0x9005:0x0285", "device_name": "AAC", "driver_name": "aacraid",
         "available_in_rhel": [7], "maintained_in_rhel": [7], "deprecation_announced": ""},
        {"device_type": "pci", "device_id": "0x9005:0x0285:0x1028:0x0287", "device_name": "kept",
         "driver_name": "aacraid", "available_in_rhel": [7, 8], "maintained_in_rhel": [7, 8],
         "deprecation_announced": ""},
        {"device_type": "pci", "device_id": "0x15B3:0xA2DC", "device_name": "BlueField-3",
         "driver_name": "mlx5", "available_in_rhel": [7, 8], "maintained_in_rhel": [7],
         "deprecation_announced": ""},
        {"device_type": "cpu", "device_id": "x86_64:intel:6:42", "device_name": "Sandy Bridge",
         "driver_name": "", "available_in_rhel": [7, 8], "maintained_in_rhel": [7],
         "deprecation_announced": ""},
        {"device_type": "cpu", "device_id": "x86_64:intel:5:*", "device_name": "Pentium",
         "driver_name": "", "available_in_rhel": [7], "maintained_in_rhel": [7],
         "deprecation_announced": ""}
    ]}"#;

    /// A host with these PCI devices, as `lspci -vmmkn` prints them, and modules.
    struct Machine<'t> {
        devices: &'t str,
        modules: &'t str,
        model: u32,
        more: &'t str,
    }

    const PLAIN: Machine<'static> = Machine { devices: "", modules: "", model: 85, more: "" };

    impl Machine<'_> {
        fn told(&self) -> String {
            let Machine { devices, modules, model, more } = self;
            let host = format!(
                "//- command lspci -vmmkn\nSlot: 00:00.0\nClass: 0600\nVendor: 8086\nDevice: 1237\n\n{devices}\n\
                 //- /proc/modules\nxfs 1 1 - Live 0x0\n{modules}\
                 //- /proc/cpuinfo\nprocessor: 0\nvendor_id: GenuineIntel\ncpu family: 6\nmodel: {model}\n\n{more}"
            );
            Case::new(ACTOR, &host).data("device_driver_deprecation_data.json", DATA).told()
        }
    }

    #[test]
    fn a_host_that_release_8_knows_is_none_of_its_business() {
        assert_eq!(PLAIN.told(), "");
    }

    /// leapp tells of it twice where a table has it twice.
    #[test]
    fn a_loaded_driver_without_devices_is_to_be_unloaded() {
        let machine = Machine { modules: "floppy 1 0 - Live 0x0\n", ..PLAIN };
        insta::assert_snapshot!(machine.told(), @"
        high inhibitor device.drivers-removed [kernel, drivers]
          Drivers are loaded that release 8 does not have: floppy is loaded and drives no PCI device.
          about: kernel-driver floppy
          hint: Unload drivers that drive nothing, and keep them from loading.
          run: modprobe -r floppy
        ");
    }

    #[test]
    fn one_that_is_in_use_cannot_be_unloaded_as_it_is() {
        let machine = Machine { modules: "floppy 1 1 - Live 0x0\n", ..PLAIN };
        insta::assert_snapshot!(machine.told(), @"
        high inhibitor device.drivers-removed [kernel, drivers]
          Drivers are loaded that release 8 does not have: floppy is loaded and in use.
          about: kernel-driver floppy
          hint: Take the devices out, or do without them, and unload the driver.
        ");
    }

    /// leapp's defect: modules have `_` where the table has `-`.
    #[test]
    fn names_of_drivers_are_compared_as_the_kernel_does() {
        let machine = Machine { modules: "3w_9xxx 1 1 - Live 0x0\n", ..PLAIN };
        assert!(machine.told().contains("about: kernel-driver 3w-9xxx"), "{}", machine.told());
    }

    const TULIP: &str = "Slot: 00:03.0\nClass: 0200\nVendor: 1011\nDevice: 0009\nDriver: tulip\n\n";
    const NETWORK: &str = "//- dir /sys/class/net: lo eth0\n\
        //- link /sys/class/net/lo -> ../../devices/virtual/net/lo\n\
        //- link /sys/class/net/eth0 -> ../../devices/pci0000:00/0000:00:03.0/net/eth0\n";

    #[test]
    fn the_only_network_card_cannot_be_done_without() {
        let machine = Machine { devices: TULIP, more: NETWORK, ..PLAIN };
        insta::assert_snapshot!(machine.told(), @"
        high inhibitor device.drivers-removed [kernel, drivers]
          Drivers are loaded that release 8 does not have: tulip drives the only network card (0000:00:03.0).
          about: kernel-driver tulip
          hint: Give the machine another controller or network card before the upgrade: the host needs what this driver drives, and unloading it is no way out.
        ");
    }

    #[test]
    fn one_card_of_two_can() {
        let two = format!(
            "{}//- link /sys/class/net/eth1 -> ../../devices/pci0000:00/0000:00:04.0/net/eth1\n",
            NETWORK.replace("lo eth0", "lo eth0 eth1")
        );
        let machine = Machine { devices: TULIP, more: &two, ..PLAIN };
        insta::assert_snapshot!(machine.told(), @"
        high inhibitor device.drivers-removed [kernel, drivers]
          Drivers are loaded that release 8 does not have: tulip drives 0000:00:03.0.
          about: kernel-driver tulip
          hint: Take the devices out, or do without them, and unload the driver.
        ");
    }

    #[test]
    fn a_driver_nobody_maintains_is_told_of() {
        let machine = Machine { modules: "e1000 1 0 - Live 0x0\n", ..PLAIN };
        insta::assert_snapshot!(machine.told(), @"
        high device.drivers-unmaintained [kernel, drivers]
          Drivers are loaded that nobody maintains in release 8: e1000.
          about: kernel-driver e1000
        ");
    }

    #[test]
    fn a_device_of_the_table_forbids_the_upgrade() {
        let devices = "Slot: 01:00.0\nClass: 0104\nVendor: 1000\nDevice: 0060\n\n";
        insta::assert_snapshot!(Machine { devices, ..PLAIN }.told(), @"
        high inhibitor device.devices-removed [kernel]
          Devices are built in that release 8 does not know: MegaRAID 1078 (1000:0060 at 0000:01:00.0).
          about: device 0000:01:00.0
          hint: Replace the devices, or give the virtual machine others, before the upgrade.
        ");
    }

    /// leapp's defect: capital letters are never found there.
    #[test]
    fn letter_case_does_not_matter() {
        let devices = "Slot: 01:00.0\nClass: 0104\nVendor: 9005\nDevice: 0285\nSVendor: 1014\nSDevice: 02f2\n\n";
        insta::assert_snapshot!(Machine { devices, ..PLAIN }.told(), @"
        high inhibitor device.devices-removed [kernel]
          Devices are built in that release 8 does not know: ServeRAID (9005:0285:1014:02f2 at 0000:01:00.0).
          about: device 0000:01:00.0
          hint: Replace the devices, or give the virtual machine others, before the upgrade.
          leapp: compares ids letter by letter and does not find these devices
        ");
    }

    const OF_FAMILY: &str =
        "Slot: 01:00.0\nClass: 0104\nVendor: 1000\nDevice: 0060\nSVendor: 1028\nSDevice: 1f0c\n\n";

    /// leapp's defect: a card with a subsystem is never found by two numbers.
    #[test]
    fn a_card_of_a_family_is_told_of() {
        insta::assert_snapshot!(Machine { devices: OF_FAMILY, ..PLAIN }.told(), @"
        high device.families-removed [kernel]
          Devices are built in of a family that release 8 does not know: MegaRAID 1078 (1000:0060:1028:1f0c at 0000:01:00.0).
          about: device 0000:01:00.0
          hint: Look up whether release 8 still knows these very cards. None of them holds the root disk or is the only network card, as far as that is known.
          leapp: compares ids letter by letter and does not find these devices
        ");
    }

    #[test]
    fn it_forbids_the_upgrade_where_the_host_cannot_do_without() {
        let disk = "//- /proc/mounts\n/dev/sda1 / xfs rw 0 0\n//- dir /sys/class/block: sda sda1\n\
            //- link /sys/class/block/sda -> ../../devices/pci0000:00/0000:01:00.0/host0/block/sda\n\
            //- link /sys/class/block/sda1 -> ../../devices/pci0000:00/0000:01:00.0/host0/block/sda/sda1\n\
            //- dir /sys/class/block/sda/slaves:\n";
        insta::assert_snapshot!(Machine { devices: OF_FAMILY, more: disk, ..PLAIN }.told(), @"
        high inhibitor device.devices-removed [kernel]
          Devices are built in that release 8 does not know: MegaRAID 1078 (1000:0060:1028:1f0c at 0000:01:00.0, the disk of /).
          about: device 0000:01:00.0
          hint: Replace the devices, or give the virtual machine others, before the upgrade.
          leapp: compares ids letter by letter and does not find these devices
        ");
    }

    #[test]
    fn the_entry_that_names_a_card_best_counts() {
        let devices = "Slot: 01:00.0\nClass: 0104\nVendor: 9005\nDevice: 0285\nSVendor: 1028\nSDevice: 0287\n\n";
        assert_eq!(Machine { devices, ..PLAIN }.told(), "");
    }

    #[test]
    fn a_device_nobody_maintains_is_told_of() {
        let devices = "Slot: 01:00.0\nClass: 0200\nVendor: 15b3\nDevice: a2dc\n\n";
        insta::assert_snapshot!(Machine { devices, ..PLAIN }.told(), @"
        high device.devices-unmaintained [kernel]
          Devices are built in that nobody maintains in release 8: BlueField-3 (15b3:a2dc at 0000:01:00.0).
          about: device 0000:01:00.0
          leapp: compares ids letter by letter and does not find these devices
        ");
    }

    #[test]
    fn processors_are_looked_up_too() {
        insta::assert_snapshot!(Machine { model: 42, ..PLAIN }.told(), @"
        high device.cpu-unmaintained [kernel, boot]
          Nobody maintains release 8 on this processor: Sandy Bridge (x86_64:intel:6:42).
          seen: /proc/cpuinfo
        ");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        let case = Case::new(ACTOR, "").data("device_driver_deprecation_data.json", DATA);
        insta::assert_snapshot!(case.told(), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_detected_devices_and_drivers (the host has hardware or drivers that release 8 dropped) was not decided: /sys/bus/pci/devices: was not captured; /proc/modules: was not captured; /proc/cpuinfo: was not captured.
          about: evidence /proc/cpuinfo
          about: evidence /proc/modules
          about: evidence /sys/bus/pci/devices
        ");
        insta::assert_snapshot!(Case::new(ACTOR, "").told(), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_detected_devices_and_drivers (the host has hardware or drivers that release 8 dropped) was not decided: /etc/leapp/files/device_driver_deprecation_data.json: was not captured.
          about: evidence /etc/leapp/files/device_driver_deprecation_data.json
        ");
    }

    #[test]
    fn tables_that_cannot_be_read_are_told_of_elsewhere() {
        let case = Case::new(ACTOR, "").data("device_driver_deprecation_data.json", "{}");
        assert_eq!(case.told(), "");
    }
}
