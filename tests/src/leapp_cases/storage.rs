//! Mounts, disks and directories.

use serde_json::{Value, json};

use super::machine::Machine;
use super::model::{flag, lines, objects, text, words};

/// Adds what a message says; `false` where it is not of this family.
pub(super) fn add(model: &str, message: &Value, to: &mut Machine) -> bool {
    match model {
        "StorageInfo" => {
            objects(message, "fstab").iter().for_each(|entry| fstab(entry, to));
            objects(message, "mount").iter().for_each(|entry| mounted(entry, to));
            lsblk(objects(message, "lsblk"), to);
        }
        "CephInfo" => ceph(&words(message, "encrypted_volumes"), to),
        "RootDirectory" => root(message, to),
        "MultipathConfFacts" => {
            to.package("device-mapper-multipath");
            objects(message, "configs").iter().for_each(|file| multipath(file, to));
        }
        // Directories that are copied as a whole; files are among other facts.
        "TargetUserSpaceUpgradeTasks" => {
            for copy in objects(message, "copy_files") {
                let path = text(copy, "src").expect("a path");
                if !to.has(path) {
                    to.directory(path);
                }
            }
        }
        _ => return false,
    }
    true
}

fn columns(entry: &Value, keys: &[&str]) -> String {
    let words: Vec<&str> =
        keys.iter().map(|key| text(entry, key).unwrap_or_else(|| panic!("{key}"))).collect();
    format!("{}\n", words.join(" "))
}

fn fstab(entry: &Value, to: &mut Machine) {
    let keys = ["fs_spec", "fs_file", "fs_vfstype", "fs_mntops", "fs_freq", "fs_passno"];
    to.append("/etc/fstab", &columns(entry, &keys));
}

fn mounted(entry: &Value, to: &mut Machine) {
    let line = columns(entry, &["name", "mount", "tp", "options"]);
    to.append("/proc/mounts", &format!("{} 0 0\n", line.trim_end()));
}

/// Block devices: disks, and volumes that are unlocked, on a disk of their own where none
/// is named.
fn lsblk(devices: &[Value], to: &mut Machine) {
    if !devices.is_empty() {
        to.block_device("vda", "/sys/devices/pci/block/vda", &[]);
    }
    for (number, device) in devices.iter().enumerate() {
        let name = text(device, "name").expect("a name");
        match text(device, "tp") {
            Some("disk") => to.block_device(name, &format!("/sys/devices/pci/block/{name}"), &[]),
            Some("part") => {
                let place = format!("/sys/devices/pci/block/vda/{name}");
                to.link(&format!("/sys/class/block/{name}"), &place);
            }
            Some(kind @ ("crypt" | "lvm")) => {
                let kind = if kind == "crypt" { "CRYPT-LUKS1" } else { "LVM" };
                let node = format!("dm-{number}");
                let place = format!("/sys/devices/virtual/block/{node}");
                to.block_device(&node, &place, &["vda".to_owned()]);
                let sys = format!("/sys/class/block/{node}/dm");
                to.below_link(&format!("{sys}/uuid"), &format!("{kind}-{name}"));
                to.below_link(&format!("{sys}/name"), name);
            }
            other => to.strange(format!("a block device {other:?}")),
        }
    }
}

fn ceph(volumes: &[String], to: &mut Machine) {
    to.file("/etc/ceph/ceph.conf", "[global]\n");
    let volumes = volumes.iter().enumerate().map(|(number, volume)| {
        let volume = json!([{ "lv_uuid": volume, "tags": { "ceph.encrypted": "1" } }]);
        (number.to_string(), volume)
    });
    let list = Value::Object(volumes.collect());
    to.command("ceph-volume lvm list --format json", &list.to_string());
}

fn root(message: &Value, to: &mut Machine) {
    if !objects(message, "invalid_items").is_empty() {
        to.strange("names that are not UTF-8".to_owned());
    }
    for item in objects(message, "items") {
        let path = format!("/{}", text(item, "name").expect("a name"));
        match text(item, "target") {
            Some(target) => to.link(&path, target),
            None => to.directory(&path),
        }
    }
}

/// A file of multipath that says what the facts say of it.
fn multipath(file: &Value, to: &mut Machine) {
    let mut defaults = String::new();
    if let Some(checker) = text(file, "default_path_checker") {
        defaults.push_str(&format!("path_checker {checker}\n"));
    }
    for (key, option) in [
        ("default_retain_hwhandler", "retain_attached_hw_handler"),
        ("default_detect_prio", "detect_prio"),
        ("default_detect_checker", "detect_path_checker"),
        ("reassign_maps", "reassign_maps"),
    ] {
        if let Some(on) = flag(file, key) {
            defaults.push_str(&format!("{option} {}\n", if on { "yes" } else { "no" }));
        }
    }
    defaults.push_str(&lines(
        file,
        &[
            ("hw_str_match_exists", "hw_str_match yes"),
            ("ignore_new_boot_devs_exists", "ignore_new_boot_devs yes"),
            ("new_bindings_in_boot_exists", "new_bindings_in_boot yes"),
            ("unpriv_sgio_exists", "unpriv_sgio yes"),
            ("detect_path_checker_exists", "detect_path_checker yes"),
            ("queue_if_no_path_exists", "features \"1 queue_if_no_path\""),
        ],
    ));
    let mut content = format!("defaults {{\n{defaults}}}\n");
    if flag(file, "all_devs_section_exists") == Some(true) {
        let options = objects(file, "all_devs_options").iter();
        let options = options.map(|option| columns(option, &["name", "value"]));
        let options: String = options.collect();
        content.push_str(&format!("devices {{\ndevice {{\nall_devs yes\n{options}}}\n}}\n"));
    }
    let overrides = lines(
        file,
        &[
            ("overrides_hwhandler_exists", "hardware_handler \"0\""),
            ("overrides_pg_timeout_exists", "pg_timeout 10"),
        ],
    );
    if !overrides.is_empty() {
        content.push_str(&format!("overrides {{\n{overrides}}}\n"));
    }
    to.file(text(file, "pathname").expect("a path"), &content);
}
