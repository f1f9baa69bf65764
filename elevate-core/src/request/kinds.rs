//! Every kind of finding that the request makes, declared once.
//!
//! Actor names and keys are leapp's where leapp reports on the same thing
//! (formats.md, "key" after each report).

use crate::finding::{Kind, Severity};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $id:literal by $actor:literal,
        $severity:ident $($inhibitor:ident)?, $groups:expr, $key:expr, $title:literal;)*) => {
        $($(#[$doc])* pub(super) const $name: Kind = Kind {
            id: $id,
            actor: $actor,
            severity: Severity::$severity,
            inhibitor: kinds!(@inhibitor $($inhibitor)?),
            groups: &$groups,
            key: $key,
            title: $title,
        };)*
        /// Every kind the request can make, in the order of their declaration.
        pub const KINDS: &[Kind] = &[$($name),*];
    };
    (@inhibitor inhibitor) => { true };
    (@inhibitor) => { false };
}

kinds! {
    ASSETS_INCOMPATIBLE = "data.streams-incompatible" by "check_consumed_assets",
        High inhibitor, ["sanity"], Some("a064e45f1d80af13c7c41f28cf1cf2a2e0c50359"),
        "Upgrade data is for another generation of tools";
    ASSETS_MALFORMED = "data.streams-malformed" by "check_consumed_assets",
        High inhibitor, ["sanity"], Some("c5f9381e4725700584c5b45cb3cfa04d84e8be63"),
        "Upgrade data declares its data streams in no readable way";
    EVENTS_INVALID = "data.events-invalid" by "pes_events_scanner",
        High inhibitor, ["sanity"], Some("39faa9657b003a8e10a4d143c2aa59425f45a30e"),
        "The package events cannot be read";
    DATA_REMARK = "data.remark" by "upgrade_data",
        Low, ["sanity"], None,
        "Upgrade data was read with remarks";
    DEVICES_BROKEN = "data.devices-broken" by "load_device_driver_deprecation_data",
        High inhibitor, ["sanity"], None,
        "The list of devices and drivers without support cannot be read";
    VENDOR_BROKEN = "data.vendor-broken" by "vendor_repositories_mapping",
        Medium, ["sanity", "repository"], None,
        "A vendor's upgrade data cannot be read; the vendor is left out";
    UNKNOWN_DISTRIBUTION = "signatures.unknown-distribution" by "distribution_signed_rpm_scanner",
        High inhibitor, ["sanity"], None,
        "No signing keys are known for this distribution";
    UNSIGNED = "packages.third-party" by "red_hat_signed_rpm_check",
        High, ["sanity"], Some("13f0791ae5f19f50e7d0d606fb6501f91b1efb2c"),
        "Packages are neither the distribution's nor an active vendor's";
    SIGNATURES_UNKNOWN = "packages.signatures-unknown" by "distribution_signed_rpm_scanner",
        Medium, ["sanity"], None,
        "Package signatures were not captured; packages are presumed the distribution's";
    ALL_SIGNED = "packages.all-signed" by "unsupported_upgrade_check",
        High, ["upgrade process", "sanity"], Some("b5165ca909099bb076ec83d24b74de4929fe5109"),
        "Every package is taken for the distribution's";
    REPOSITORIES_UNKNOWN = "repositories.not-captured" by "system_facts",
        Medium, ["repository"], None,
        "The host's repositories were not captured";
    REPO_FILE_UNREAD = "repositories.file-unread" by "system_facts",
        Medium, ["repository"], None,
        "A repository file of the host was not read whole";
    UNRESOLVED = "events.unresolved-repository" by "pes_events_scanner",
        High, ["repository"], Some("9a2b05abf8f45fd7915e52542887bb334bb218ea"),
        "Events send packages to repositories that no map resolves";
    NOTHING_RESOLVES = "events.nothing-resolves" by "pes_events_scanner",
        High inhibitor, ["repository"], None,
        "No repository that events name can be resolved for this host";
    EXCLUDED_PACKAGES = "events.excluded-repository" by "pes_events_scanner",
        High, ["repository"], Some("2437e204808f977487c0e9be8e4c95b3a87a9f3e"),
        "Packages come from excluded repositories only and are not installed";
    LOST_OUTPUT = "events.lost-modular-output" by "pes_events_scanner",
        Medium, ["repository"], None,
        "A successor that events name is in a module stream no map leads to";
    AMBIGUOUS_OUTPUT = "events.ambiguous-stream" by "pes_events_scanner",
        Low, ["repository"], None,
        "A successor fits several module streams; this plan takes the smallest, leapp any";
    EVENTS_UNAPPROVED = "events.unapproved" by "pes_events_scanner",
        Medium, ["sanity"], None,
        "Events that concern this host are not approved and not applied; leapp applies them";
    EVENTS_WITHOUT_INPUTS = "events.without-inputs" by "pes_events_scanner",
        Medium, ["sanity"], None,
        "Events that start from nothing are not applied; leapp applies them to every host";
    CONTRADICTORY_EVENTS = "events.contradictory" by "pes_events_scanner",
        Low, ["sanity"], None,
        "Several events lead the same package to different ends; their ends are united";
    FOREIGN_EVENTS = "events.foreign-system" by "pes_events_scanner",
        Low, ["sanity"], None,
        "Events about another distribution are applied to this host";
    ORDER_DEPENDENT = "events.order-dependent" by "pes_events_scanner",
        Medium, ["sanity"], None,
        "Contradictory events: leapp's result depends on their order";
    DEPRECATED_SIBLINGS = "events.deprecated-siblings" by "pes_events_scanner",
        Low, ["sanity"], None,
        "Packages not installed now are installed because a deprecated sibling is";
    EXCLUDED_REPOSITORIES = "repositories.optional-excluded" by "repositories_blacklist",
        Info, ["repository", "failure"], Some("1b9132cb2362ae7830e48eee7811be9527747de8"),
        "The target's unsupported repositories are excluded";
    EXCLUDED_BUT_WANTED = "repositories.optional-used" by "repositories_blacklist",
        High, ["repository"], Some("e931e4c299de7d276238e5d0b363c010e8587977"),
        "Unsupported repositories of the target are used because they were asked for";
    SKIPPED_REPOSITORIES = "repositories.unmapped" by "check_skipped_repositories",
        Low, ["repository"], Some("8e89e20c645cea600b240156071d81c64daab7ad"),
        "Repositories in use lead to none of the target";
    NO_TARGET_REPOSITORIES = "repositories.none" by "checktargetrepos",
        High inhibitor, ["sanity"], Some("cbf9e2a5e21f047ae0954fb5e0fc0f21b02dcbb0"),
        "There are no repositories to upgrade from";
    CUSTOM_UNOFFICIAL = "repositories.custom-unofficial" by "checktargetrepos",
        Info, [], Some("cf1d50420c247965aeea65074450067e8137cb0c"),
        "Only vendors' repositories are set up for the upgrade";
    UNDEFINED_WANTED = "repositories.wanted-undefined" by "setuptargetrepos",
        High, ["repository"], None,
        "Events need repositories that nothing defines";
    UNDEFINED_MAPPED = "repositories.mapped-undefined" by "setuptargetrepos",
        Low, ["repository"], None,
        "Repositories that follow the host's are defined nowhere";
    NONE_USABLE = "repositories.none-usable" by "target_userspace_creator",
        High inhibitor, ["repository"], Some("8a43a658c16c3712bb325e5a26f22395ba360542"),
        "The cloud provider serves no repository to upgrade from";
    UNDEFINED_CUSTOM = "repositories.custom-undefined" by "target_userspace_creator",
        High inhibitor, ["repository"], Some("fb80b345cf8ba9bea00b257858193b113c02c295"),
        "A repository was asked for that no repository file defines";
    DEFINED_TWICE = "repositories.defined-twice" by "target_userspace_creator",
        Medium inhibitor, ["repository"], Some("b8e0ad498e1d4a07ac560407ed814cf00a04b297"),
        "A repository is defined in several files";
    WITHOUT_ADDRESS = "repositories.without-address" by "scan_custom_repofile",
        High inhibitor, ["repository"], None,
        "A repository to upgrade from has no address";
    CUSTOM_FILE_BROKEN = "repositories.custom-file-broken" by "scan_custom_repofile",
        High inhibitor, ["repository", "sanity"], None,
        "The list of repositories to upgrade from cannot be read";
    CONTRADICTORY_WISHES = "user.contradiction" by "rpm_transaction_config_tasks_collector",
        High inhibitor, ["sanity"], None,
        "What is asked for contradicts itself";
    THIRD_PARTY_WISHES = "user.third-party" by "rpm_transaction_config_tasks_collector",
        Medium, ["sanity"], None,
        "Lists in /etc/leapp/transaction name third-party packages, which leapp ignores";
    IDLE_WISHES = "user.matches-nothing" by "rpm_transaction_config_tasks_collector",
        Low, ["sanity"], None,
        "Entries in /etc/leapp/transaction match no installed package";
    PROTECTED_REMOVED = "packages.protected-removed" by "check_rpm_transaction_events",
        High inhibitor, ["sanity"], None,
        "A package the system cannot do without would be removed without a successor";
    UNSUPPORTED_PATH = "release.unsupported" by "check_os_release",
        High inhibitor, ["sanity"], Some("1c7a98849a747ec9890f04bf4321de7280970715"),
        "This release cannot be upgraded to the target";
    UNSUPPORTED_ARCH = "arch.unsupported" by "check_system_arch",
        High inhibitor, ["sanity"], Some("f5fd574e72169f08f8cd82aab2cb371a559f84ad"),
        "There is no upgrade for this architecture";
    OTHER_DISTRIBUTION = "data.other-distribution" by "pes_events_scanner",
        Medium, ["sanity"], None,
        "The package events are another distribution's";
    LEAPP_WOULD_STOP = "leapp.would-stop" by "elevate",
        High, ["upgrade process"], None,
        "leapp 0.21 would end in an error or an exception";
    LEAPP_WOULD_REMOVE = "leapp.would-remove" by "elevate",
        High, ["upgrade process"], None,
        "leapp 0.21 would remove packages that need not go";
    LEAPP_WOULD_NOT_REMOVE = "leapp.would-not-remove" by "elevate",
        Medium, ["upgrade process"], None,
        "leapp 0.21 would not remove packages that are to go";
    LEAPP_WOULD_INSTALL = "leapp.would-install" by "elevate",
        Medium, ["upgrade process"], None,
        "leapp 0.21 would install packages for no reason";
    LEAPP_WOULD_NOT_INSTALL = "leapp.would-not-install" by "elevate",
        High, ["upgrade process"], None,
        "leapp 0.21 would not install packages that are needed";
    LEAPP_WOULD_LOSE_MODULES = "leapp.would-lose-modules" by "elevate",
        High, ["upgrade process"], None,
        "leapp 0.21 would not enable module streams that packages come from";
    LEAPP_WOULD_ENABLE_MODULES = "leapp.would-enable-modules" by "elevate",
        Medium, ["upgrade process"], None,
        "leapp 0.21 would enable module streams for no reason";
    LEAPP_WOULD_LOSE_REPOSITORIES = "leapp.would-lose-repositories" by "elevate",
        Medium, ["upgrade process"], None,
        "leapp 0.21 would leave out repositories that follow the host's";
    LEAPP_WOULD_NOT_REINSTALL = "leapp.would-not-reinstall" by "elevate",
        Medium, ["upgrade process"], None,
        "leapp 0.21 would not reinstall packages that events ask to reinstall";
    LEAPP_WOULD_INHIBIT = "leapp.would-inhibit" by "elevate",
        Medium, ["upgrade process"], None,
        "leapp 0.21 would refuse the upgrade for a reason that need not stop it";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_of_the_form_topic_dot_what() {
        let ids: BTreeSet<&str> = KINDS.iter().map(|k| k.id).collect();
        assert_eq!(ids.len(), KINDS.len());
        let word =
            |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        for id in ids {
            let (topic, what) = id.split_once('.').unwrap_or_default();
            assert!(word(topic) && word(what), "{id}");
        }
    }

    #[test]
    fn keys_are_sha1_in_hexadecimal_and_unique() {
        let keys: Vec<&str> = KINDS.iter().filter_map(|k| k.key).collect();
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
        for key in keys {
            assert!(key.len() == 40 && key.bytes().all(|b| b.is_ascii_hexdigit()), "{key}");
        }
    }
}
