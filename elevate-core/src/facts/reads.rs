//! What evidence the questions read, by topic: the capture collects it, and the
//! tests here hold the lists against the capture and against the code.

use super::{
    applications, boot, cups, daemons, dns, environment, firewall, ftp, hardware, kernel, kernels,
    leftovers, mail, network, package_manager, pam, provider, selinux, services, set_aside, ssh,
    sssd, storage, tcp_wrappers, time, verification,
};

use crate::snapshot::collect::Item;

/// Paths and shell patterns, and command lines after `command:`, by topic.
pub const READS: &[(&str, &[&str])] = &[
    ("applications", applications::READS),
    ("boot", boot::READS),
    ("cups", cups::READS),
    ("daemons", daemons::READS),
    ("dns", dns::READS),
    ("environment", environment::READS),
    ("firewall", firewall::READS),
    ("ftp", ftp::READS),
    ("hardware", hardware::READS),
    ("kernel", kernel::READS),
    ("kernels", kernels::READS),
    ("leftovers", leftovers::READS),
    ("mail", mail::READS),
    ("network", network::READS),
    ("package_manager", package_manager::READS),
    ("pam", pam::READS),
    ("provider", provider::READS),
    ("selinux", selinux::READS),
    ("services", services::READS),
    ("set_aside", set_aside::READS),
    ("ssh", ssh::READS),
    ("sssd", sssd::READS),
    ("storage", storage::READS),
    ("tcp_wrappers", tcp_wrappers::READS),
    ("time", time::READS),
    ("verification", verification::READS),
];

/// Something a capture is asked to take besides, as `--collect` has it.
///
/// # Errors
///
/// Why it is no line of such a list.
pub fn to_collect(line: &str) -> Result<Item, String> {
    if line.starts_with('/') { format!("content {line}").parse() } else { line.parse() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::snapshot::collect;

    /// Lists whose code names its evidence in plain texts, with that code.
    const CODE: [(&[&str], &[&str]); 5] = [
        (kernel::READS, &[include_str!("kernel.rs")]),
        (boot::READS, &[include_str!("boot.rs"), include_str!("boot/menu.rs")]),
        (
            storage::READS,
            &[
                include_str!("storage.rs"),
                include_str!("storage/boot_image.rs"),
                include_str!("storage/devices.rs"),
                include_str!("storage/mounted.rs"),
            ],
        ),
        (hardware::READS, &[include_str!("hardware.rs")]),
        (
            network::READS,
            &[
                include_str!("network.rs"),
                include_str!("network/config.rs"),
                include_str!("network/names.rs"),
            ],
        ),
    ];

    /// Texts in code that begin like evidence. What is put in while running stands
    /// as `*`.
    fn evidence_in(code: &str) -> impl Iterator<Item = String> + '_ {
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let texts = code.flat_map(|line| line.split('"').skip(1).step_by(2));
        let texts = texts.filter(|text| {
            let is_part = text.ends_with('/') && *text != "/" || text.starts_with("/sys/devices");
            let is_path = text.starts_with('/') && text.len() > 1 && !text.starts_with("/{");
            (is_path && !is_part && !text.contains(' ')) || text.starts_with("command:")
        });
        texts
            .filter(|text| {
                !matches!(
                    *text,
                    "/net/{name}" | "/ifcfg-{name}" | "/block" | "/driver" | "/vmbus" | "/usb"
                )
            })
            .filter(|text| *text != "command:")
            .map(|text| {
                let parts = text.split('/').map(|part| if part.contains('{') { "*" } else { part });
                parts.collect::<Vec<_>>().join("/")
            })
    }

    #[test]
    fn every_path_in_the_code_is_listed() {
        for (_, sources) in CODE {
            for text in sources.iter().flat_map(|code| evidence_in(code)) {
                // One topic may ask another, whose list is its own.
                let all = CODE.iter().flat_map(|(reads, _)| reads.iter());
                let is_listed = all.into_iter().any(|read| {
                    let same = |(a, b): (&str, &str)| a == b || a == "*" || b == "*";
                    read.split('/').count() == text.split('/').count()
                        && read.split('/').zip(text.split('/')).all(same)
                });
                assert!(is_listed, "{text} is read and in no list");
            }
        }
    }

    #[test]
    fn every_entry_is_an_absolute_path_or_a_command_and_stands_once() {
        for (topic, reads) in READS {
            let mut seen = BTreeSet::new();
            for read in *reads {
                let command = read.strip_prefix("command:").is_some_and(|line| !line.is_empty());
                let path =
                    read.starts_with('/') && !read[1..].ends_with('/') && !read.contains("//");
                assert!(command || path, "{topic}: {read}");
                assert!(seen.insert(*read), "{topic}: {read} stands twice");
            }
            assert!(!seen.is_empty(), "{topic}");
        }
    }

    #[test]
    fn a_capture_looks_for_everything_a_question_reads() {
        // First sectors, drivers and included files: the capture follows devices and
        // files to them.
        let is_followed = |read: &&str| {
            let followed = ["/dev/", "/sys/devices/", "/sys/bus/*/"];
            followed.iter().any(|from| read.starts_with(from))
        };
        let reads = READS.iter().flat_map(|(_, reads)| reads.iter().copied());
        let missing: Vec<&str> =
            reads.filter(|read| !is_followed(read) && !collect::covers(read)).collect();
        assert!(missing.is_empty(), "add to snapshot/collect:\n{}", missing.join("\n"));
    }
}
