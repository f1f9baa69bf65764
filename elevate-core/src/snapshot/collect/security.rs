//! Who may log in, and what guards the host.

use super::{Take::*, Topic};

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        name: "ssh",
        why: "an administrator must still get in",
        actors: &[
            "read_openssh_config",
            "open_ssh_algorithms",
            "open_ssh_deprecated_directives_check",
            "open_ssh_protocol",
            "open_ssh_use_privilege_separation",
            "openssh_permit_root_login",
        ],
        items: &[
            (Content, "/etc/ssh/sshd_config"),
            (Content, "/etc/ssh/sshd_config.d/*.conf"),
            (Content, "/etc/ssh/ssh_config"),
            (Entry, "/etc/ssh/sshd_config"),
            (Content, "/etc/sysconfig/sshd"),
            (Entry, "/root/.ssh/authorized_keys"),
        ],
    },
    Topic {
        name: "pam",
        why: "modules and profiles of authentication that are gone",
        actors: &[
            "authselect_scanner",
            "authselect_check",
            "pam_modules_scanner",
            "removed_pam_modules",
            "removed_pam_modules_scanner",
        ],
        items: &[
            (Content, "/etc/pam.d/*"),
            (Entry, "/etc/pam.d/fingerprint-auth-ac"),
            (Entry, "/etc/pam.d/password-auth-ac"),
            (Entry, "/etc/pam.d/postlogin-ac"),
            (Entry, "/etc/pam.d/smartcard-auth-ac"),
            (Entry, "/etc/pam.d/system-auth-ac"),
            (Content, "/etc/sysconfig/authconfig"),
            (Entry, "/etc/sysconfig/authconfig"),
            (Content, "/etc/dconf/db/distro.d/10-authconfig"),
            (Content, "/etc/nsswitch.conf"),
            (Content, "/etc/pam.conf"),
            (Content, "/etc/security/limits.conf"),
            (Content, "/etc/krb5.conf"),
        ],
    },
    Topic {
        name: "sssd",
        why: "identity services and their caches",
        actors: &["sssd_facts", "sssd_check", "sssd_handle_cache_files"],
        items: &[
            (Content, "/etc/sssd/sssd.conf"),
            (Content, "/etc/sssd/conf.d/*.conf"),
            (Listing, "/var/lib/sss/db"),
        ],
    },
    Topic {
        name: "identity server",
        why: "IPA servers and clients are upgraded in their own way",
        actors: &["ipa_scanner", "check_ipa_server"],
        items: &[
            (Entry, "/etc/ipa/default.conf"),
            (Entry, "/var/lib/ipa-client/sysrestore/sysrestore.state"),
            (Entry, "/var/lib/ipa/sysrestore/sysrestore.state"),
        ],
    },
    Topic {
        name: "selinux",
        why: "the mode to come back to after the upgrade",
        actors: &["check_se_linux", "selinuxcontentscanner", "selinuxprepare"],
        items: &[
            (Content, "/etc/selinux/config"),
            (Content, "/sys/fs/selinux/enforce"),
            (Content, "/sys/fs/selinux/mls"),
            (Content, "/sys/fs/selinux/policyvers"),
            (Listing, "/etc/selinux"),
            (Listing, "/etc/selinux/targeted/active/modules"),
            (Listing, "/etc/selinux/targeted/active/modules/400"),
            (Content, "/etc/selinux/targeted/active/*.local"),
            (Command, "sestatus"),
            (Command, "sestatus -b"),
            (Command, "getenforce"),
        ],
    },
    Topic {
        name: "fips and crypto",
        why: "what the target's crypto policies will no longer allow",
        actors: &["scan_fips", "check_fips", "check_openssl_conf"],
        items: &[
            (Content, "/etc/system-fips"),
            (Content, "/etc/pki/tls/openssl.cnf"),
            (Listing, "/etc/pki/rpm-gpg"),
            (Content, "/etc/pki/rpm-gpg/*"),
        ],
    },
    Topic {
        name: "firewall",
        why: "firewall rules that need another form",
        actors: &[
            "firewalld_facts_actor",
            "check_firewalld",
            "firewalld_update_lockdown_whitelist",
        ],
        items: &[(Content, "/etc/firewalld/ipsets/*.xml")],
    },
    Topic {
        name: "tcp wrappers",
        why: "services that listened to hosts.allow and hosts.deny no longer do",
        actors: &["tcp_wrappers_config_read", "tcp_wrappers_check"],
        items: &[(Content, "/etc/hosts.allow"), (Content, "/etc/hosts.deny")],
    },
];
