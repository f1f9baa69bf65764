//! Packages, and what is known of them.

use serde_json::Value;

use super::machine::Machine;
use super::model::{flag, number, objects, text, words};

/// Adds what a message says; `false` where it is not of this family.
pub(super) fn add(model: &str, message: &Value, to: &mut Machine) -> bool {
    match model {
        "DistributionSignedRPM" => packages(message).for_each(|name| to.package(&name)),
        "InstalledRPM" => packages(message).for_each(|name| to.foreign_package(&name)),
        "KernelInfo" => kernel(message, to),
        "InstalledDesktopsFacts" => {
            for (key, package) in
                [("kde_installed", "kde-workspace"), ("gnome_installed", "gnome-session")]
            {
                if flag(message, key) == Some(true) {
                    to.foreign_package(package);
                }
            }
        }
        "InstalledKdeAppsFacts" => {
            words(message, "installed_apps").iter().for_each(|name| to.foreign_package(name));
        }
        "PkgManagerInfo" => {
            if let Some(release) = text(message, "etc_releasever") {
                to.file("/etc/yum/vars/releasever", &format!("{release}\n"));
            }
        }
        "RHUIInfo" => cloud(message, to),
        "TrackedFilesInfoSource" => tracked(message, to),
        _ => return false,
    }
    true
}

/// A client of a cloud. The names of a case may be made up; the provider has real ones.
fn cloud(message: &Value, to: &mut Machine) {
    let (client, helper) = match text(message, "provider") {
        Some("aws") => ("rh-amazon-rhui-client", "leapp-rhui-aws"),
        Some("azure") => ("rhui-azure-rhel7", "leapp-rhui-azure"),
        Some("google") => ("google-rhui-client-rhel7", "leapp-rhui-google"),
        Some("alibaba") => ("client-rhel7", "leapp-rhui-alibaba"),
        other => return to.strange(format!("a client of {other:?}")),
    };
    to.foreign_package(client);
    to.foreign_package(helper);
}

fn packages(message: &Value) -> impl Iterator<Item = String> {
    objects(message, "items").iter().map(full_name)
}

/// `name-1:version-release.arch`.
fn full_name(package: &Value) -> String {
    let part = |key: &str| text(package, key).unwrap_or_else(|| panic!("{key} of {package}"));
    let epoch = match text(package, "epoch").map_or(number(package, "epoch"), |e| e.parse().ok()) {
        None | Some(0) => String::new(),
        Some(epoch) => format!("{epoch}:"),
    };
    let (version, release) = (part("version"), part("release"));
    let arch = text(package, "arch").unwrap_or("x86_64");
    format!("{}-{epoch}{version}-{release}.{arch}", part("name"))
}

/// The running kernel, and its package: where that is not the distribution's, nothing
/// else names it.
fn kernel(message: &Value, to: &mut Machine) {
    to.kernel(text(message, "uname_r").expect("a release"));
    to.foreign_package(&full_name(&message["pkg"]));
}

fn tracked(message: &Value, to: &mut Machine) {
    for file in objects(message, "files") {
        let (path, package) = (text(file, "path"), text(file, "rpm_name").expect("a package"));
        let path = path.expect("a path");
        let changed = flag(file, "is_modified") == Some(true);
        let line = if changed { format!("S.5....T.  c {path}") } else { String::new() };
        to.command(&format!("rpm -V {package}"), &line);
        if flag(file, "exists") == Some(true) {
            to.file(path, "# as captured\n");
        }
    }
}

/// Files of leapp that were changed. That a file belongs to no package `rpm -V` does not
/// tell; it is put where it is said to be.
pub(super) fn modifications(all: &[Value], to: &mut Machine) {
    const LEAPP: [&str; 3] = ["leapp", "python2-leapp", "leapp-upgrade-el7toel8"];
    if all.is_empty() {
        return;
    }
    let mut lines = String::new();
    for one in all {
        let path = text(one, "filename").expect("a path");
        to.file(path, "");
        if text(one, "type") != Some("modified") {
            continue;
        }
        let flags = text(one, "rpm_checks_str").expect("what differs");
        let kind = if text(one, "component") == Some("configuration") { "c" } else { " " };
        lines.push_str(&format!("{flags:.<9}  {kind} {path}\n"));
    }
    LEAPP.iter().for_each(|name| to.foreign_package(name));
    to.command(&format!("rpm -V --nomtime {}", LEAPP.join(" ")), &lines);
}
