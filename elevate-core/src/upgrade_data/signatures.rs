//! Which signing keys make a package the distribution's own (formats.md
//! section 7). The table is leapp's product data, not a file of the data
//! directory; the key ids are facts.

use crate::model::Distro;

/// Keys ELevate counts as every distribution's own: those of its own packages.
const OF_ALL: [&str; 2] = ["429785e181b961a5", "d07bf2a08d50eb66"];

/// Client packages of cloud providers' update infrastructure (RHUI), which
/// count as signed whoever signed them.
pub const RHUI_PACKAGES: &[&str] = &[
    "aliyun_rhui_rhel8",
    "client-rhel7",
    "google-rhui-client-rhel7",
    "google-rhui-client-rhel7-els",
    "google-rhui-client-rhel79-sap",
    "google-rhui-client-rhel8",
    "google-rhui-client-rhel8-sap",
    "google-rhui-client-rhel810-sap",
    "leapp-rhui-alibaba",
    "leapp-rhui-aws",
    "leapp-rhui-aws-sap-e4s",
    "leapp-rhui-azure",
    "leapp-rhui-azure-sap",
    "leapp-rhui-google",
    "leapp-rhui-google-sap",
    "rh-amazon-rhui-client",
    "rh-amazon-rhui-client-arm",
    "rh-amazon-rhui-client-sap-bundle",
    "rh-amazon-rhui-client-sap-bundle-e4s",
    "rhui-azure-rhel7",
    "rhui-azure-rhel7-base-sap-apps",
    "rhui-azure-rhel7-base-sap-ha",
    "rhui-azure-rhel8",
    "rhui-azure-rhel8-base-sap-apps",
    "rhui-azure-rhel8-base-sap-ha",
    "rhui-azure-rhel8-sap-ha",
    "rhui-azure-rhel8-sapapps",
];

/// The ids (16 hexadecimal digits, lower case) of the keys that sign what a
/// distribution ships, the two of ELevate included. `None` for a distribution
/// leapp has no list for; leapp ends there.
pub fn distribution_keys(distro: &Distro) -> Option<Vec<&'static str>> {
    let own: &[&str] = match distro {
        Distro::AlmaLinux => &["51d6647ec21ad6ea", "d36cb86cb86b3716", "2ae81e8aced7258b"],
        Distro::CentOs => &["24c6a8a7f4a80eb5", "05b555b38483c65d", "4eb84e71f2ee9d55"],
        Distro::CloudLinux => &["8c55a6628608cb71"],
        Distro::EuroLinux => &["75c333f418cd4a9e", "b413acad6275f250", "f7ad3e5a1c9fd080"],
        Distro::Oracle => &["72f97b74ec551f03", "82562ea9ad986da3", "bc4d06a08d8b756f"],
        Distro::Rhel => &[
            "199e2f91fd431d51",
            "5326810137017186",
            "938a80caf21541eb",
            "fd372689897da07a",
            "45689c882fa658e0",
        ],
        Distro::Rocky => &["15af5dac6d745a60", "702d426d350d275d"],
        Distro::Scientific => &["b0b4183f192a7d7d"],
        Distro::Other(_) => return None,
    };
    Some(own.iter().chain(&OF_ALL).copied().collect())
}

/// The `gpg-pubkey` packages, as name-version-release, to be erased before an
/// upgrade to this major release.
pub fn obsoleted_keys(target_major: u32) -> &'static [&'static str] {
    match target_major {
        8 => &[
            "gpg-pubkey-2fa658e0-45700c69",
            "gpg-pubkey-37017186-45761324",
            "gpg-pubkey-db42a60e-37ea5438",
        ],
        _ => &[],
    }
}

/// Whether leapp counts a package of this name as signed whatever signed it
/// (formats.md section 7).
pub fn always_signed(name: &str) -> bool {
    name == "gpg-pubkey"
        || name.starts_with("katello-ca-consumer")
        || RHUI_PACKAGES.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_distribution_has_its_own_keys_and_elevates() {
        let ids =
            ["almalinux", "centos", "cloudlinux", "eurolinux", "ol", "rhel", "rocky", "scientific"];
        for id in ids {
            let keys = distribution_keys(&id.parse().unwrap()).unwrap();
            assert!(keys.len() > OF_ALL.len() && keys.contains(&OF_ALL[0]), "{id}");
            assert!(
                keys.iter()
                    .all(|key| key.len() == 16 && !key.contains(|c: char| c.is_ascii_uppercase()))
            );
        }
        assert_eq!(distribution_keys(&"fedora".parse().unwrap()), None);
    }

    #[test]
    fn the_names_are_sorted_for_the_search_in_them() {
        assert!(RHUI_PACKAGES.is_sorted());
        assert!(RHUI_PACKAGES.iter().all(|name| always_signed(name)));
        assert!(always_signed("katello-ca-consumer-sat.example.com") && !always_signed("bash"));
    }
}
