//! What the path of a file says about its notation.

use regex::bytes::Regex;

use super::patterns;

/// What matters of the place a text is from.
pub(super) struct Place {
    /// A stack of PAM: `password` is a word of it.
    pub(super) pam: bool,
    /// `name:field:field`, where a name may be any word.
    pub(super) accounts: bool,
    /// `PASSWD:` and `NOPASSWD:` are words of sudo.
    pub(super) sudoers: bool,
    /// Options with commas between them.
    pub(super) options: bool,
    /// A file of a network interface, where `KEY` is one.
    pub(super) network: bool,
    /// Settings in sections, whose values go to the end of the line.
    pub(super) sections: bool,
    /// Expressions for this place.
    pub(super) rules: Vec<&'static Regex>,
}

impl Place {
    /// Judges a path, or a command line.
    pub(super) fn of(path: &str) -> Place {
        let name = path.rsplit('/').next().unwrap_or_default();
        let starts = |texts: &[&str]| texts.iter().any(|text| name.starts_with(text));
        let ends = |texts: &[&str]| texts.iter().any(|text| name.ends_with(text));
        let accounts = ["passwd", "group", "nsswitch", "services", "aliases", "getent"];
        Place {
            pam: path.contains("pam"),
            accounts: starts(&accounts),
            sudoers: path.contains("sudo"),
            options: starts(&["fstab", "mounts", "mtab", "crypttab", "mountinfo", "auto."]),
            network: starts(&["ifcfg-", "keys-"])
                || ["NetworkManager", "wpa_supplicant", "nmcli"].iter().any(|n| path.contains(n)),
            sections: ends(&[".repo", ".conf", ".ini", ".cnf", ".cfg"]),
            rules: patterns::for_path(path),
        }
    }
}
