//! Which release something is of, by the marks people put into versions and addresses.

use crate::model::Release;

/// The release a package's release, or a kernel's name, is marked with: 7 of `35.el7_9`, of
/// `1PGDG.rhel7` and of `3.10.0-1160.el7.x86_64`. leapp looks for `el` and a number too
/// (`check_leftover_packages`), not for `rhel`.
pub(super) fn mark(text: &str) -> Option<u32> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter_map(marked).next_back()
}

fn marked(word: &str) -> Option<u32> {
    let rest = word.strip_prefix("rhel").or_else(|| word.strip_prefix("el"))?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// Whether an address leads to a release, and to no other: by a part of it such as `7`,
/// `7.9.2009`, `7Server`, `el7` or `epel-7`.
pub(super) fn leads_to(address: &str, release: Release, not: Release) -> bool {
    let names = |release: Release| {
        let apart = |c: char| !(c.is_ascii_alphanumeric() || c == '.');
        address.split(apart).any(|word| names_release(word, release))
    };
    names(release) && !names(not)
}

fn names_release(word: &str, Release { major, minor }: Release) -> bool {
    let word = word.to_ascii_lowercase();
    const BEFORE: [&str; 8] = ["rhel", "centos", "almalinux", "rocky", "epel", "el", "ol", ""];
    let rest = BEFORE.iter().find_map(|before| word.strip_prefix(before)).unwrap_or_default();
    let Some(rest) = rest.strip_prefix(&major.to_string()) else { return false };
    let point = rest.strip_prefix(&format!(".{minor}"));
    let is_kind = ["", "server", "workstation", "client", "computenode"].contains(&rest);
    is_kind || point.is_some_and(|more| more.is_empty() || more.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_known_by_their_marks() {
        for (text, expected) in [
            ("35.el7_9", Some(7)),
            ("1.el7.centos", Some(7)),
            ("115.el7a.1", Some(7)),
            ("8.el8_9.1", Some(8)),
            ("1PGDG.rhel7", Some(7)),
            ("2136.el7uek", Some(7)),
            ("3.module_el8.4.0+11+2", Some(8)),
            ("3.10.0-1160.119.1.el7.x86_64", Some(7)),
            ("1.el6.el7", Some(7)),
            ("1", None),
            ("1.elf7", None),
            ("2.el99999999999", None),
            ("14.fc28", None),
        ] {
            assert_eq!(mark(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_are_known_by_their_parts() {
        let (seven, eight) = (Release::new(7, 9), Release::new(8, 10));
        for address in [
            "http://vault.example/7.9.2009/os/x86_64/",
            "https://x.example/el7/",
            "https://x.example/epel/7/$basearch",
            "https://x.example/?repo=epel-7&arch=x86_64",
            "https://x.example/rhel/7Server/os",
            "https://x.example/centos7/",
        ] {
            assert!(leads_to(address, seven, eight), "{address}");
            assert!(!leads_to(address, eight, seven), "{address}");
        }
        for address in [
            "https://x.example/$releasever/os",
            "https://x.example/8/os/",
            "https://x.example/7.4/el8/",
            "https://x.example/php/7.4/",
            "https://x7.example/17/",
            "https://x.example/7/8/",
            "",
        ] {
            assert!(!leads_to(address, seven, eight), "{address}");
        }
    }
}
