//! Files that configure the network, and files that name an interface.

use std::collections::BTreeMap;

use super::Network;
use crate::facts::parse::keyfile::{self, Key};
use crate::facts::parse::net_text::{Mention, mentions_of_interface};
use crate::facts::parse::shell_vars::{self, Assignment};
use crate::facts::parse::udev_rules::{self, UdevRule};
use crate::facts::read::{self, Parsed};
use crate::facts::{Fact, OddLine, Unknown};
use crate::facts::{Found, Rewrite};

const SCRIPTS: &str = "/etc/sysconfig/network-scripts";

/// An `ifcfg` file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ifcfg {
    /// Its variables, in order.
    pub variables: Vec<Assignment>,
}

impl Ifcfg {
    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<String> {
        shell_vars::last(&self.variables, name).filter(|value| !value.is_empty())
    }

    /// The hardware address it asks for, in small letters.
    pub fn mac(&self) -> Option<String> {
        self.get("HWADDR").map(|mac| mac.to_ascii_lowercase())
    }
}

/// What NetworkManager's configuration comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NetworkManagerConfig {
    /// Every key, in the order it is read: file, then key. A later one counts.
    pub keys: Vec<(String, Key)>,
    /// Lines that were not understood, by file.
    pub odd: Vec<(String, OddLine)>,
    /// What was not captured.
    pub unread: Vec<Unknown>,
}

impl NetworkManagerConfig {
    /// The value of a key and the file it is from.
    ///
    /// # Errors
    ///
    /// Where a file that might set it was not captured.
    pub fn get(&self, section: &str, name: &str) -> Fact<Option<(&str, &Key)>> {
        let found =
            self.keys.iter().rev().find(|(_, key)| key.section == section && key.name == name);
        match (found, self.unread.first()) {
            (None, Some(unread)) => Err(unread.clone()),
            (found, _) => Ok(found.map(|(file, key)| (file.as_str(), key))),
        }
    }
}

/// Files that name an interface.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mentions {
    /// Lines that do, by file.
    pub places: Vec<MentionedIn>,
    /// Files of such places that are known and were not captured.
    pub unread: Vec<Unknown>,
}

/// A line that names an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MentionedIn {
    /// File.
    pub path: String,
    /// Line.
    pub mention: Mention,
}

/// Files and directories where interfaces are named by people.
pub(super) const NAMING_PLACES: [&str; 27] = [
    "/etc/firewalld/",
    "/etc/sysconfig/iptables",
    "/etc/sysconfig/ip6tables",
    "/etc/sysconfig/network",
    "/etc/sysconfig/network-scripts/",
    "/etc/sysconfig/static-routes",
    "/etc/sysconfig/dhcpd",
    "/etc/sysconfig/arpwatch",
    "/etc/sysctl.conf",
    "/etc/sysctl.d/",
    "/etc/crontab",
    "/etc/cron.d/",
    "/etc/cron.daily/",
    "/etc/cron.hourly/",
    "/var/spool/cron/",
    "/etc/systemd/system/",
    "/etc/systemd/network/",
    "/etc/udev/rules.d/",
    "/etc/NetworkManager/",
    "/etc/keepalived/",
    "/etc/haproxy/",
    "/etc/dnsmasq.conf",
    "/etc/dnsmasq.d/",
    "/etc/dhcp/",
    "/etc/shorewall/",
    "/etc/rc.d/rc.local",
    "/etc/rc.local",
];

impl Network<'_> {
    /// The `ifcfg` files initscripts reads; copies that editors and rpm leave
    /// are not among them, nor is `ifcfg-lo`.
    ///
    /// # Errors
    ///
    /// Where the directory was not captured.
    pub fn ifcfgs(&self) -> Fact<Found<Parsed<Ifcfg>>> {
        let wanted = |name: &str| {
            let left = ["~", ".bak", ".old", ".orig", ".rpmnew", ".rpmorig", ".rpmsave"];
            name.starts_with("ifcfg-")
                && name != "ifcfg-lo"
                && !left.iter().any(|l| name.ends_with(l))
        };
        read::files(self.evidence, SCRIPTS, wanted, |text| {
            let (variables, odd) = shell_vars::parse(text);
            (Ifcfg { variables }, odd)
        })
    }

    /// The paths of `ifcfg` files that configure an interface: by `DEVICE`, by
    /// `HWADDR`, or, where neither is set, by the file's name.
    ///
    /// # Errors
    ///
    /// As [`Network::ifcfgs`].
    pub fn ifcfgs_of(&self, name: &str, mac: Option<&str>) -> Fact<Vec<String>> {
        let files = self.ifcfgs()?.items.into_iter();
        let is_of = |file: &read::Parsed<Ifcfg>| {
            let (device, address) = (file.value.get("DEVICE"), file.value.mac());
            match (&device, &address) {
                (None, None) => {
                    file.source.strip_prefix(SCRIPTS) == Some(&format!("/ifcfg-{name}"))
                }
                _ => {
                    device.as_deref() == Some(name)
                        || (address.is_some() && address.as_deref() == mac)
                }
            }
        };
        Ok(files.filter(is_of).map(|file| file.source).collect())
    }

    /// The administrator's rules of udev that give names to interfaces.
    ///
    /// # Errors
    ///
    /// Where the directory was not captured.
    pub fn naming_rules(&self) -> Fact<Found<Parsed<Vec<UdevRule>>>> {
        let is_rules = |name: &str| name.ends_with(".rules");
        read::files(self.evidence, "/etc/udev/rules.d", is_rules, |text| {
            let (mut rules, odd) = udev_rules::parse(text);
            let of_net = |rule: &UdevRule| {
                let subsystem = rule.matches.iter().find(|(key, ..)| key == "SUBSYSTEM");
                subsystem.is_none_or(|(_, op, value)| op == "==" && value == "net")
            };
            rules.retain(|rule| rule.name().is_some() && of_net(rule));
            (rules, odd)
        })
    }

    /// The files of systemd that give names to interfaces.
    ///
    /// # Errors
    ///
    /// Where the directory was not captured.
    pub fn link_files(&self) -> Fact<Found<Parsed<Vec<Key>>>> {
        let is_link = |name: &str| name.ends_with(".link");
        read::files(self.evidence, "/etc/systemd/network", is_link, keyfile::parse)
    }

    /// What NetworkManager is configured with: what it printed, or its files in
    /// the order it reads them. Asked by `network_manager_read_config`, for
    /// `dhcp` of `main`.
    ///
    /// # Errors
    ///
    /// Where nothing of it was captured.
    pub fn network_manager(&self) -> Fact<NetworkManagerConfig> {
        const ETC: &str = "/etc/NetworkManager/conf.d";
        const RUN: &str = "/run/NetworkManager/conf.d";
        const USR: &str = "/usr/lib/NetworkManager/conf.d";
        const MAIN: &str = "/etc/NetworkManager/NetworkManager.conf";
        let mut config = NetworkManagerConfig::default();
        if let Ok(Some(source)) =
            read::source(self.evidence, &["command:NetworkManager --print-config"])
        {
            let parsed = keyfile::parse(&source.text());
            config.take(source.parsed(parsed));
            return Ok(config);
        }
        let is_conf = |name: &str| name.ends_with(".conf");
        let drop_ins = read::merged(self.evidence, &[ETC, RUN, USR], is_conf, keyfile::parse);
        let main = read::source(self.evidence, &[MAIN]);
        let drop_ins = match (drop_ins, &main) {
            (Ok(all), _) => all,
            (Err(error), Ok(_)) => Found { items: vec![], missing: vec![error] },
            (Err(error), Err(_)) => return Err(error),
        };
        config.unread = drop_ins.missing;
        // Those of /usr and /run come before the main file, those of /etc after.
        let (after, before): (Vec<_>, Vec<_>) =
            drop_ins.items.into_iter().partition(|file| file.source.starts_with(ETC));
        let (of_usr, of_run): (Vec<_>, Vec<_>) =
            before.into_iter().partition(|file| file.source.starts_with(USR));
        of_usr.into_iter().chain(of_run).for_each(|file| config.take(file));
        match main {
            Ok(Some(source)) => {
                let parsed = keyfile::parse(&source.text());
                config.take(source.parsed(parsed));
            }
            Ok(None) => {}
            Err(error) => config.unread.push(error),
        }
        after.into_iter().for_each(|file| config.take(file));
        Ok(config)
    }

    /// Connections NetworkManager keeps in files of its own. Asked, with the
    /// `DHCP_CLIENT_ID` of `ifcfg` files, by `network_manager_update_connections`.
    ///
    /// # Errors
    ///
    /// Where the directory was not captured.
    pub fn connections(&self) -> Fact<Found<Parsed<Vec<Key>>>> {
        let wanted = |name: &str| !name.starts_with('.') && !name.ends_with('~');
        let directory = "/etc/NetworkManager/system-connections";
        read::files(self.evidence, directory, wanted, keyfile::parse)
    }

    /// Files of connections whose DHCP client identifier is a word, with its bytes in
    /// hexadecimal instead: dhclient sends a word as it is, NetworkManager of release 8
    /// would not. `mac`, `stable` and their like are no words but ask NetworkManager to
    /// make one. Asked by `network_manager_update_connections`.
    pub fn client_ids_in_hex(&self) -> Found<Rewrite> {
        let mut found = Found::default();
        for file in files(self.ifcfgs(), &mut found) {
            let last = file.value.variables.iter().rfind(|one| one.name == "DHCP_CLIENT_ID");
            let unmanaged = file.value.get("NM_CONTROLLED").is_some_and(|value| is_no(&value));
            if let Some(id) = last.filter(|_| !unmanaged) {
                self.rewrite(&file.source, id.line, "DHCP_CLIENT_ID", &id.value, &mut found);
            }
        }
        for file in files(self.connections(), &mut found) {
            if let Some(id) = keyfile::last(&file.value, "ipv4", "dhcp-client-id") {
                self.rewrite(&file.source, id.line, "dhcp-client-id", &id.value, &mut found);
            }
        }
        found
    }

    fn rewrite(&self, path: &str, line: usize, key: &str, id: &str, found: &mut Found<Rewrite>) {
        let text = read::text(self.evidence, path).ok().flatten().unwrap_or_default();
        let lines = hexadecimal(id).map(|hex| BTreeMap::from([(line, format!("{key}={hex}"))]));
        found.items.extend(lines.and_then(|lines| Rewrite::of_lines(path, &text, &lines)));
    }

    /// Lines that name an interface, in every captured file of places where
    /// people write such names: firewall, sysctl, cron, units, routes. They have
    /// to change with the name.
    pub fn mentions(&self, name: &str) -> Mentions {
        let mut mentions = Mentions::default();
        let is_place = |path: &str| {
            NAMING_PLACES.iter().any(|place| match place.ends_with('/') {
                true => path.starts_with(place),
                false => path == *place,
            })
        };
        for (path, content) in self.evidence.files.iter().filter(|(path, _)| is_place(path)) {
            let found = mentions_of_interface(&content.text(), name).into_iter();
            let found = found.map(|mention| MentionedIn { path: path.clone(), mention });
            mentions.places.extend(found.take(1000));
        }
        for place in NAMING_PLACES {
            let path = place.trim_end_matches('/');
            let known = match place.ends_with('/') {
                true => read::names(self.evidence, path).map(|_| ()),
                false => read::text(self.evidence, path).map(|_| ()),
            };
            mentions.unread.extend(known.err());
        }
        mentions
    }
}

/// The files that were found; what was not is noted.
fn files<T>(of: Fact<Found<read::Parsed<T>>>, found: &mut Found<Rewrite>) -> Vec<read::Parsed<T>> {
    let Some(of) = found.take(of) else { return Vec::new() };
    of.missing.into_iter().for_each(|unknown| found.missed(unknown));
    of.items
}

fn is_no(value: &str) -> bool {
    ["no", "n", "false", "0"].iter().any(|no| value.eq_ignore_ascii_case(no))
}

/// The bytes of a word in hexadecimal, with colons between; `None` where it is no word.
fn hexadecimal(id: &str) -> Option<String> {
    const MADE: [&str; 5] = ["mac", "perm-mac", "stable", "duid", "ipv6-duid"];
    let is_byte = |part: &str| {
        matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    if id.is_empty() || MADE.contains(&id) || id.split(':').all(is_byte) {
        return None;
    }
    let bytes: Vec<String> = id.bytes().map(|byte| format!("{byte:x}")).collect();
    Some(bytes.join(":"))
}

impl NetworkManagerConfig {
    fn take(&mut self, file: read::Parsed<Vec<Key>>) {
        let source = file.source;
        self.keys.extend(file.value.into_iter().map(|key| (source.clone(), key)));
        self.odd.extend(file.odd.into_iter().map(|odd| (source.clone(), odd)));
    }
}
