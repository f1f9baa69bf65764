//! What a host cannot do without.

/// Packages without which a host does not start, cannot be reached or cannot be
/// repaired, each with those that do its work in later releases. `grub2` is not
/// among them: it is empty, and what it requires is.
pub const PROTECTED: [(&str, &[&str]); 22] = [
    ("bash", &[]),
    ("coreutils", &["coreutils-single"]),
    ("curl", &["curl-minimal"]),
    ("dnf", &["dnf5"]),
    ("dracut", &[]),
    ("filesystem", &[]),
    ("glibc", &[]),
    ("grub2-common", &[]),
    ("grub2-efi-x64", &["grub2-efi"]),
    ("grub2-pc", &[]),
    ("grub2-tools", &[]),
    ("kernel", &["kernel-core"]),
    ("libcurl", &["libcurl-minimal"]),
    ("openssh", &[]),
    ("openssh-server", &[]),
    ("rpm", &[]),
    ("selinux-policy", &[]),
    ("setup", &[]),
    ("shadow-utils", &[]),
    ("sudo", &[]),
    ("systemd", &[]),
    ("yum", &["dnf"]),
];
