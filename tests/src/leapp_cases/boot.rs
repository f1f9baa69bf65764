//! Firmware, boot loader, kernel and the hardware.

use serde_json::{Value, json};

use super::machine::Machine;
use super::model::{flag, number, objects, text, words};

/// Adds what a message says; `false` where it is not of this family.
pub(super) fn add(model: &str, message: &Value, to: &mut Machine) -> bool {
    match model {
        "FirmwareFacts" => {
            if text(message, "firmware") == Some("efi") {
                to.directory("/sys/firmware/efi");
            }
        }
        "GrubInfo" => grub(&words(message, "orig_devices"), to),
        "GrubConfigError" => grub_config(message, to),
        "SourceBootLoaderConfiguration" => zipl(message, to),
        "FIPSInfo" => {
            if flag(message, "is_enabled") == Some(true) {
                to.file("/proc/cmdline", "ro fips=1\n");
            }
        }
        "ActiveKernelModulesFacts" => {
            for module in objects(message, "kernel_modules") {
                load(text(module, "filename").expect("a module"), to);
            }
        }
        "SCTPConfig" => {
            if flag(message, "wanted") == Some(true) {
                load("sctp", to);
            }
        }
        "MemoryInfo" => {
            let total = number(message, "mem_total").expect("a size");
            to.file("/proc/meminfo", &format!("MemTotal:       {total} kB\n"));
        }
        _ => return false,
    }
    true
}

fn load(module: &str, to: &mut Machine) {
    to.append("/proc/modules", &format!("{module} 16384 0 - Live 0x0\n"));
}

/// Disks with GRUB on them; where there is none, another loader is on the one that
/// `/boot` lies on.
fn grub(devices: &[String], to: &mut Machine) {
    let with_grub = devices.iter().map(|device| (device.as_str(), "grub2".to_owned()));
    let mut disks: Vec<_> = with_grub.collect();
    if disks.is_empty() {
        disks.push(("/dev/vda", "LILO".to_owned()));
    }
    boot_disks(&disks, to);
}

/// Disks that begin with GRUB, and where their partitions begin.
pub(super) fn layout(all: &[Value], to: &mut Machine) {
    let disks = all.iter().map(|disk| {
        let starts = objects(disk, "partitions").iter().map(|partition| {
            let bytes = number(partition, "start_offset").expect("an offset");
            format!(" start={}", bytes / 512)
        });
        (text(disk, "device").expect("a disk"), format!("grub2{}", starts.collect::<String>()))
    });
    boot_disks(&disks.collect::<Vec<_>>(), to);
}

/// Disks with their first sectors, and `/boot` on the first partition of the only one, or
/// on a mirror of those of all.
fn boot_disks(disks: &[(&str, String)], to: &mut Machine) {
    let mut partitions = Vec::new();
    for (device, sector) in disks {
        let name = device.strip_prefix("/dev/").expect("a device");
        let partition = format!("{name}1");
        to.disk(name, sector, std::slice::from_ref(&partition));
        partitions.push(partition);
    }
    let mounted = match &partitions[..] {
        [] => return,
        [only] => only.clone(),
        several => {
            to.block_device("md0", "/sys/devices/virtual/block/md0", several);
            "md0".to_owned()
        }
    };
    to.append("/proc/mounts", &format!("/dev/{mounted} /boot xfs rw 0 0\n"));
}

fn grub_config(message: &Value, to: &mut Machine) {
    let content = match text(message, "error_type") {
        Some("missing newline") => "GRUB_CMDLINE_LINUX=\"quiet\"",
        Some("GRUB_CMDLINE_LINUX syntax") => "GRUB_CMDLINE_LINUX=\"quiet\" crashkernel=auto\n",
        Some("corrupted grubenv") => "# GRUB Environment Block\n",
        other => return to.strange(format!("an error of GRUB's files: {other:?}")),
    };
    words(message, "files").iter().for_each(|path| to.file(path, content));
}

fn zipl(message: &Value, to: &mut Machine) {
    let entries = objects(message, "entries").iter().map(|entry| {
        let part = |key: &str| text(entry, key).expect("a text");
        format!("[{}]\nimage={}\n", part("title"), part("kernel_image"))
    });
    let menu = format!("[defaultboot]\ndefault=linux\n{}", entries.collect::<String>());
    to.file("/etc/zipl.conf", &menu);
}

/// Hardware leapp found in its table: the table has these entries, and the host what they
/// name: devices on the bus, drivers that are loaded.
pub(super) fn devices(all: &[Value], to: &mut Machine) {
    let table = json!({ "provided_data_streams": ["3.1"], "data": all });
    to.data.insert("device_driver_deprecation_data.json".to_owned(), table.to_string());
    to.file("/proc/cpuinfo", "processor: 0\nvendor_id: GenuineIntel\ncpu family: 6\nmodel: 85\n");
    card(0, &["8086", "1237"], to);
    for (slot, one) in (1..).zip(all) {
        let id = text(one, "device_id").unwrap_or_default();
        match (text(one, "device_type"), id) {
            (Some("pci"), "") => load(text(one, "driver_name").expect("a driver"), to),
            (Some("pci"), id) => {
                let numbers = id.split(':').filter_map(|number| number.strip_prefix("0x"));
                card(slot, &numbers.collect::<Vec<_>>(), to);
            }
            (Some("cpu"), id) => processor(id, to),
            (other, id) => to.strange(format!("a device {other:?} {id}")),
        }
    }
}

/// A processor of this family and model: `x86_64:intel:6:42`.
fn processor(id: &str, to: &mut Machine) {
    let [_, vendor, family, model] = id.split(':').collect::<Vec<_>>()[..] else {
        return to.strange(format!("a processor {id}"));
    };
    let vendor = match vendor {
        "intel" => "GenuineIntel",
        "amd" => "AuthenticAMD",
        other => return to.strange(format!("a processor of {other}")),
    };
    let number = |text: &str| text.parse::<u32>().unwrap_or(1);
    let (family, model) = (number(family), number(model));
    let content =
        format!("processor: 0\nvendor_id: {vendor}\ncpu family: {family}\nmodel: {model}\n");
    to.file("/proc/cpuinfo", &content);
}

/// A card on the bus: the numbers of its chip, and of who sold it where they are known.
fn card(slot: usize, numbers: &[&str], to: &mut Machine) {
    let place = format!("/sys/bus/pci/devices/0000:00:{slot:02x}.0");
    let files = ["vendor", "device", "subsystem_vendor", "subsystem_device"];
    for (file, number) in files.iter().zip(numbers).chain([(&"class", &"010000")]) {
        to.file(&format!("{place}/{file}"), &format!("0x{}\n", number.to_lowercase()));
    }
}
