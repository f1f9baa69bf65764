//! Actors of leapp that only read, whose facts others of ours use than the actor that covers
//! them, or have nothing to say of without certain packages.

/// Such an actor.
#[derive(Debug)]
pub(super) struct Reading {
    /// Its name.
    pub actor: &'static str,
    /// Ours that use what it reads.
    pub ours: &'static [&'static str],
    /// Packages they need to have something to say.
    pub packages: &'static [&'static str],
}

const fn reading(
    actor: &'static str,
    ours: &'static [&'static str],
    packages: &'static [&'static str],
) -> Reading {
    Reading { actor, ours, packages }
}

pub(super) const READING: [Reading; 5] = [
    reading("get_installed_desktops", &["check_kde_gnome"], &["okular"]),
    reading("network_manager_read_config", &["network_manager_update_config"], &["NetworkManager"]),
    reading(
        "read_openssh_config",
        &[
            "openssh_permit_root_login",
            "open_ssh_algorithms",
            "open_ssh_deprecated_directives_check",
            "open_ssh_protocol",
            "open_ssh_use_privilege_separation",
        ],
        &["openssh-server"],
    ),
    reading("sssd_facts", &["sssd_check"], &["sssd-common"]),
    reading(
        "tcp_wrappers_config_read",
        &["tcp_wrappers_check", "check_sendmail", "vsftpd_config_check"],
        &["openssh-server", "sendmail", "stunnel", "vsftpd"],
    ),
];
