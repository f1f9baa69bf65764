//! Collects the names of a host and its users from where they are told.

use std::collections::BTreeSet;

use crate::snapshot::{Evidence, Snapshot};

/// Users no person stands behind.
const SYSTEM_USERS: &[&str] = &[
    "root",
    "bin",
    "daemon",
    "adm",
    "lp",
    "sync",
    "shutdown",
    "halt",
    "mail",
    "operator",
    "games",
    "ftp",
    "nobody",
    "nfsnobody",
    "dbus",
    "polkitd",
    "sshd",
    "postfix",
    "chrony",
    "ntp",
    "rpc",
    "rpcuser",
    "apache",
    "nginx",
    "mysql",
    "postgres",
    "named",
    "tomcat",
    "squid",
    "tss",
    "sssd",
    "tcpdump",
    "systemd-network",
    "systemd-bus-proxy",
    "abrt",
    "all",
    "defaults",
    "lost+found",
    "user",
    "username",
    "name",
    "admin",
    "operators",
];
/// Words that mean too much to be replaced wherever they stand.
const COMMON: &[&str] = &[
    "oracle",
    "redhat",
    "centos",
    "rhel",
    "linux",
    "server",
    "localhost",
    "test",
    "prod",
    "dev",
    "web",
    "mail",
    "data",
    "backup",
    "home",
    "log",
    "var",
    "etc",
    "usr",
    "boot",
    "base",
    "updates",
    "extras",
    "epel",
    "host",
    "local",
    "repo",
    "yum",
    "default",
    "main",
    "system",
    "kernel",
    "install",
    "enabled",
    "none",
    "www",
    "app",
    "git",
    "jenkins",
    "docker",
    "build",
    "ansible",
    "puppet",
    "nagios",
    "zabbix",
    "gateway",
    "router",
    "proxy",
    "mirror",
    "ldap",
    "dns",
    "ntp",
    "service",
    "user",
    "group",
    "example",
    "public",
    "private",
    "internal",
    "console",
    "sudo",
];
/// Domains that are nobody's secret.
const PUBLIC: &[&str] = &[
    "redhat.com",
    "centos.org",
    "fedoraproject.org",
    "oracle.com",
    "almalinux.org",
    "rockylinux.org",
    "cloudlinux.com",
    "amazonaws.com",
    "microsoft.com",
    "azure.com",
    "googleapis.com",
    "google.com",
    "github.com",
    "scientificlinux.org",
    "in-addr.arpa",
];
/// Serial numbers that are none.
const NO_SERIALS: &[&str] =
    &["not specified", "none", "not available", "not present", "unknown", "default string", "n/a"];

/// Originals, by what they are.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Labels of hosts, lower case.
    pub(super) hosts: BTreeSet<String>,
    /// Full names of hosts, lower case.
    pub(super) full: BTreeSet<String>,
    /// Domains of the host, lower case, of two labels or more.
    pub(super) domains: BTreeSet<String>,
    /// Names of users.
    pub(super) users: BTreeSet<String>,
    /// What users are called in full.
    pub(super) persons: BTreeSet<String>,
    /// Serial numbers and the like.
    pub(super) serials: BTreeSet<String>,
}

impl Names {
    /// Goes through the places that tell.
    pub(super) fn of(snapshot: &Snapshot) -> Names {
        let mut names = Names::default();
        if let Some(name) = &snapshot.identity.hostname {
            names.host(name, true);
        }
        let evidence = &snapshot.evidence;
        for path in paths(evidence) {
            names.path(path);
        }
        for (path, content) in evidence.files.iter().chain(&evidence.commands) {
            names.file(path, &content.text());
        }
        for (path, listing) in &evidence.directories {
            for name in listing.keys() {
                names.path(&format!("{}/{name}", path.trim_end_matches('/')));
            }
        }
        for content in evidence.links.values() {
            names.path(&content.text());
        }
        names
    }

    /// Takes the name of a host; `own` where it is the host itself, whose
    /// domain is then one to be replaced.
    fn host(&mut self, name: &str, own: bool) {
        let name = name.trim().trim_end_matches('.').to_ascii_lowercase();
        let known =
            ["localhost", "ip6-", "broadcasthost"].iter().any(|known| name.starts_with(known));
        let odd = |c: char| !(c.is_alphanumeric() || "-._".contains(c));
        if name.is_empty() || name.len() > 253 || name.contains(odd) || known || is_example(&name) {
            return;
        }
        if name.parse::<std::net::Ipv4Addr>().is_ok() {
            return;
        }
        let Some((label, domain)) = name.split_once('.') else {
            self.hosts.insert(name);
            return;
        };
        if is_public(domain) && !own || label.is_empty() || domain.is_empty() {
            return;
        }
        self.hosts.insert(label.to_owned());
        if own {
            self.domain(domain);
        }
        self.full.insert(name);
    }

    /// Takes a domain, and the one it is registered under.
    fn domain(&mut self, domain: &str) {
        let domain = domain.trim().trim_end_matches('.').to_ascii_lowercase();
        let labels: Vec<&str> = domain.split('.').collect();
        let second = labels.len().checked_sub(2).map_or("", |at| labels[at]);
        let wide = matches!(second, "co" | "com" | "org" | "net" | "ac" | "gov" | "edu")
            && labels.last().is_some_and(|last| last.len() == 2);
        let count = if wide { 3 } else { 2 };
        if labels.len() < count || labels.iter().any(|label| label.is_empty()) {
            return;
        }
        let registered = labels[labels.len() - count..].join(".");
        if !is_public(&registered) && !is_example(&domain) && !domain.starts_with("localdomain") {
            self.domains.insert(registered);
            self.domains.insert(domain);
        }
    }

    fn user(&mut self, name: &str) {
        let odd = |c: char| !(c.is_alphanumeric() || "-._".contains(c));
        let edges = name.starts_with(|c: char| !c.is_alphanumeric())
            || name.ends_with(|c: char| !c.is_alphanumeric());
        let system = SYSTEM_USERS.iter().any(|user| name.eq_ignore_ascii_case(user));
        if !name.is_empty() && name.len() <= 64 && !name.contains(odd) && !edges && !system {
            self.users.insert(name.to_owned());
        }
    }

    fn path(&mut self, path: &str) {
        for before in ["/home/", "/var/spool/cron/", "/var/spool/mail/"] {
            for (at, _) in path.match_indices(before) {
                let rest = &path[at + before.len()..];
                let end = rest.find(|c: char| !(c.is_alphanumeric() || "-._".contains(c)));
                self.user(rest[..end.unwrap_or(rest.len())].trim_end_matches('.'));
            }
        }
    }

    fn file(&mut self, path: &str, text: &str) {
        let name = path.rsplit('/').next().unwrap_or_default();
        let dmi = path.starts_with("/sys/") && path.contains("/dmi/");
        for line in text.lines() {
            let words = || line.split('#').next().unwrap_or_default().split_whitespace();
            let value =
                |key: &str| Some(line.trim().strip_prefix(key)?.trim_matches(['"', '\'', ' ']));
            match name {
                "hostname" | "hostname -f" | "hostname_-f" => self.host(line, true),
                "hosts" if path.starts_with("/etc/") => {
                    words().skip(1).for_each(|n| self.host(n, true))
                }
                "network" => value("HOSTNAME=").into_iter().for_each(|n| self.host(n, true)),
                "resolv.conf" if matches!(words().next(), Some("search" | "domain")) => {
                    words().skip(1).for_each(|name| self.domain(name));
                }
                _ if path.starts_with("/etc/ssh/") && names_users(words().next()) => {
                    words()
                        .skip(1)
                        .for_each(|user| self.user(user.split('@').next().unwrap_or_default()));
                }
                "machine-id" => self.serial(line),
                "product_serial" | "product_uuid" | "board_serial" | "chassis_serial" if dmi => {
                    self.serial(line)
                }
                "board_asset_tag" | "chassis_asset_tag" if dmi => self.serial(line),
                _ if path.starts_with("uname -a") => {
                    words().skip(1).take(1).for_each(|n| self.host(n, true))
                }
                _ if path.contains("dmidecode") => ["Serial Number:", "UUID:", "Asset Tag:"]
                    .iter()
                    .filter_map(|key| value(key))
                    .for_each(|serial| self.serial(serial)),
                _ if path.starts_with("/etc/sudoers") => self.sudo(line),
                _ if name == "authorized_keys" => self.comment(line),
                _ => {}
            }
            self.account(line);
            value("username =").into_iter().for_each(|user| self.user(user));
            // `username=` stands among mount options too.
            for (at, key) in line.match_indices("username=") {
                let rest = line[at + key.len()..].trim_start_matches(['"', '\'']);
                let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\'' | '%');
                self.user(rest.split(ends).next().unwrap_or_default());
            }
            for (at, sign) in line.match_indices("://") {
                self.address(&line[at + sign.len()..]);
            }
            self.path(line);
        }
    }

    /// What follows `https://`: `john:secret@host/`.
    fn address(&mut self, rest: &str) {
        let host = rest.split(|c: char| c == '/' || c.is_whitespace()).next().unwrap_or_default();
        if let Some((user, _)) = host.rsplit_once('@') {
            self.user(user.split(':').next().unwrap_or_default());
        }
    }

    /// `john ALL=(ALL) ALL`.
    fn sudo(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().take(2).collect();
        if let [user, hosts] = words[..] {
            let named = hosts.contains('=') || hosts == "ALL";
            if named && !user.ends_with("_Alias") && !user.starts_with(['%', '#', '@']) {
                self.user(user);
            }
        }
    }

    /// A public key ends in `john@laptop`.
    fn comment(&mut self, line: &str) {
        if let Some((user, host)) = line.split_whitespace().last().and_then(|c| c.split_once('@')) {
            self.user(user);
            self.host(host, false);
        }
    }

    /// A line of passwd of somebody who is no part of the system.
    fn account(&mut self, line: &str) {
        let fields: Vec<&str> = line.splitn(8, ':').collect();
        let [name, _, uid, gid, person, home, _] = fields[..] else { return };
        let number = uid.parse::<u32>().ok().filter(|_| gid.parse::<u32>().is_ok());
        if number.is_some_and(|uid| uid >= 1000 && uid != 65534) && home.starts_with('/') {
            self.user(name);
            let person = person.split(',').next().unwrap_or_default().trim();
            let edges = |c: char| !c.is_alphanumeric();
            if person.contains(' ')
                && person.len() < 200
                && !person.starts_with(edges)
                && !person.ends_with(edges)
            {
                self.persons.insert(person.to_owned());
            }
        }
    }

    fn serial(&mut self, text: &str) {
        let text = text.trim_matches(|c: char| !c.is_alphanumeric());
        let lower = text.to_ascii_lowercase();
        let none = NO_SERIALS.contains(&lower.as_str())
            || lower.starts_with("to be filled")
            || text.bytes().all(|b| b"0-. Ff".contains(&b));
        if text.len() >= 4 && text.len() <= 128 && !none {
            self.serials.insert(lower);
        }
    }
}

/// Whether a line of sshd's configuration that begins so names users.
fn names_users(keyword: Option<&str>) -> bool {
    keyword.is_some_and(|keyword| {
        ["AllowUsers", "DenyUsers"].iter().any(|known| keyword.eq_ignore_ascii_case(known))
    })
}

/// Whether a word is too common to be replaced wherever it stands.
pub(super) fn is_common(word: &str, packages: &BTreeSet<String>) -> bool {
    let lower = word.to_ascii_lowercase();
    word.chars().count() < 3
        || word.bytes().all(|b| b.is_ascii_digit())
        || COMMON.contains(&lower.as_str())
        || SYSTEM_USERS.contains(&lower.as_str())
        || packages.contains(&lower)
}

fn is_example(name: &str) -> bool {
    name.ends_with(".example") || name == "example"
}

fn is_public(domain: &str) -> bool {
    PUBLIC.iter().any(|known| {
        domain.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}

fn paths(evidence: &Evidence) -> impl Iterator<Item = &str> {
    let maps = evidence.files.keys().chain(evidence.links.keys()).chain(evidence.commands.keys());
    let maps = maps.chain(evidence.directories.keys()).chain(evidence.entries.keys());
    let maps = maps.chain(evidence.file_systems.keys()).chain(evidence.missing.keys());
    maps.chain(evidence.found.values().flatten()).map(String::as_str)
}
