//! Interfaces, firewalls, and who may connect.

use serde_json::Value;

use super::machine::Machine;
use super::model::{flag, objects, text, words};

/// Adds what a message says; `false` where it is not of this family.
pub(super) fn add(model: &str, message: &Value, to: &mut Machine) -> bool {
    match model {
        "FirewalldFacts" => firewalld(message, to),
        "PersistentNetNamesFacts" => {
            objects(message, "interfaces").iter().for_each(|one| interface(one, to));
        }
        "TcpWrappersFacts" => {
            for list in objects(message, "daemon_lists") {
                let daemons = words(list, "value").join(" ");
                to.append("/etc/hosts.allow", &format!("{daemons} : 10.\n"));
            }
        }
        "VsftpdFacts" => {
            to.package("vsftpd");
            objects(message, "configs").iter().for_each(|file| vsftpd(file, to));
        }
        "QuaggaToFrrFacts" => quagga(message, to),
        "NetworkManagerConfig" => {
            to.package("NetworkManager");
            let dhcp = text(message, "dhcp").unwrap_or_default();
            let config = format!("[main]\nplugins=ifcfg-rh\ndhcp={dhcp}\n");
            to.command("NetworkManager --print-config", &config);
        }
        _ => return false,
    }
    true
}

fn firewalld(message: &Value, to: &mut Machine) {
    to.package("firewalld");
    let tables = words(message, "ebtablesTablesInUse");
    let rules = tables.iter().map(|table| {
        format!("<rule ipv=\"eb\" table=\"{table}\" chain=\"X\" priority=\"0\">-j DROP</rule>\n")
    });
    let direct = format!("<direct>\n{}</direct>\n", rules.collect::<String>());
    to.file("/etc/firewalld/direct.xml", &direct);
    for (number, kind) in words(message, "ipsetTypesInUse").iter().enumerate() {
        let path = format!("/etc/firewalld/ipsets/s{number}.xml");
        to.file(&path, &format!("<ipset type=\"{kind}\"/>\n"));
    }
    if let Some(command) = text(message, "firewall_config_command").filter(|one| !one.is_empty()) {
        let whitelist = format!("<whitelist><command name=\"{command}\"/></whitelist>\n");
        to.file("/etc/firewalld/lockdown-whitelist.xml", &whitelist);
    }
}

fn interface(one: &Value, to: &mut Machine) {
    let name = text(one, "name").expect("a name");
    let pci = &one["pci_info"];
    let part = |key: &str| text(pci, key).expect("an address");
    let slot =
        format!("{}:{}:{}.{}", part("domain"), part("bus"), part("device"), part("function"));
    let device = format!("/sys/devices/pci0000:00/{slot}/net/{name}");
    to.link(&format!("/sys/class/net/{name}"), &device);
    let address = text(one, "mac").expect("an address");
    to.below_link(&format!("/sys/class/net/{name}/address"), address);
}

/// A file of vsftpd that says what the facts say of it.
fn vsftpd(file: &Value, to: &mut Machine) {
    let path = text(file, "path").expect("a path");
    to.file(path, "listen=YES\n");
    for option in ["tcp_wrappers", "strict_ssl_read_eof"] {
        if let Some(on) = flag(file, option) {
            to.append(path, &format!("{option}={}\n", if on { "YES" } else { "NO" }));
        }
    }
}

fn quagga(message: &Value, to: &mut Machine) {
    to.package("quagga");
    let (enabled, active) = (words(message, "enabled_daemons"), words(message, "active_daemons"));
    for daemon in ["babeld", "bgpd", "isisd", "ospf6d", "ospfd", "ripd", "ripngd", "zebra"] {
        let is_in = |list: &[String]| list.iter().any(|one| one == daemon);
        to.unit(&format!("{daemon}.service"), is_in(&enabled), is_in(&active));
    }
}
