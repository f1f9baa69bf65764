//! What the questions read is listed beside them, since the capture collects
//! what is listed: held against the paths that stand in the code.

use crate::snapshot::collect;

use super::{boot, hardware, kernel, network, storage};

/// Every list, with the code it is for.
const TOPICS: [(&[&str], &[&str]); 5] = [
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
    for (_, sources) in TOPICS {
        for text in sources.iter().flat_map(|code| evidence_in(code)) {
            // One topic may ask another, whose list is its own.
            let all = TOPICS.iter().flat_map(|(reads, _)| reads.iter());
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
fn lists_have_paths_and_commands_each_once() {
    for (reads, _) in TOPICS {
        let mut seen = std::collections::BTreeSet::new();
        for read in reads {
            assert!(read.starts_with('/') || read.starts_with("command:"), "{read}");
            assert!(seen.insert(read), "{read} is listed twice");
        }
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
    let reads = TOPICS.iter().flat_map(|(reads, _)| reads.iter().copied());
    let missing: Vec<&str> =
        reads.filter(|read| !is_followed(read) && !collect::covers(read)).collect();
    assert!(missing.is_empty(), "add to snapshot/collect:\n{}", missing.join("\n"));
}
