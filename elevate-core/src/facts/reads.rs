//! What evidence the questions read, by topic: a capture must collect it.

use super::{
    applications, cups, daemons, dns, environment, firewall, ftp, kernels, leftovers, mail,
    package_manager, pam, provider, selinux, services, ssh, sssd, tcp_wrappers, time, verification,
};

/// Paths and shell patterns, and command lines after `command:`, by topic.
pub const READS: &[(&str, &[&str])] = &[
    ("applications", applications::READS),
    ("cups", cups::READS),
    ("daemons", daemons::READS),
    ("dns", dns::READS),
    ("environment", environment::READS),
    ("firewall", firewall::READS),
    ("ftp", ftp::READS),
    ("kernels", kernels::READS),
    ("leftovers", leftovers::READS),
    ("mail", mail::READS),
    ("package_manager", package_manager::READS),
    ("pam", pam::READS),
    ("provider", provider::READS),
    ("selinux", selinux::READS),
    ("services", services::READS),
    ("ssh", ssh::READS),
    ("sssd", sssd::READS),
    ("tcp_wrappers", tcp_wrappers::READS),
    ("time", time::READS),
    ("verification", verification::READS),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_entry_is_an_absolute_path_or_a_command_and_stands_once() {
        for (topic, reads) in READS {
            let mut seen = BTreeSet::new();
            for read in *reads {
                let command = read.strip_prefix("command:").is_some_and(|line| !line.is_empty());
                let path = read.starts_with('/') && !read.ends_with('/') && !read.contains("//");
                assert!(command || path, "{topic}: {read}");
                assert!(seen.insert(*read), "{topic}: {read} stands twice");
            }
            assert!(!seen.is_empty(), "{topic}");
        }
    }
}
