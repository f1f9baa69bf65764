//! Who logs in and how: PAM, SSSD, sshd, SELinux.

use serde_json::Value;

use super::machine::Machine;
use super::model::{flag, objects, text, words};

/// Adds what a message says; `false` where it is not of this family.
pub(super) fn add(model: &str, message: &Value, to: &mut Machine) -> bool {
    match model {
        "Authselect" => authselect(message, to),
        "PamConfiguration" => {
            for service in objects(message, "services") {
                let name = text(service, "service").expect("a name");
                to.file(&format!("/etc/pam.d/{name}"), &rules(&words(service, "modules")));
            }
        }
        "RemovedPAMModules" => {
            to.file("/etc/pam.d/system-auth", &rules(&words(message, "modules")));
        }
        "OpenSshConfig" => sshd(message, to),
        "SSSDConfig" => {
            to.package("sssd-common");
            objects(message, "domains").iter().for_each(|domain| sssd(domain, to));
        }
        "SELinuxFacts" => selinux(message, to),
        _ => return false,
    }
    true
}

fn rules(modules: &[String]) -> String {
    modules.iter().map(|module| format!("auth required {module}.so\n")).collect()
}

/// Files of PAM that lead to a profile and its features: links as authconfig makes them,
/// to the files it wrote, or to others where an administrator has to confirm.
fn authselect(message: &Value, to: &mut Machine) {
    let mut modules = vec!["pam_unix".to_owned()];
    match text(message, "profile") {
        None => {}
        Some("sssd") => modules.push("pam_sss".to_owned()),
        Some("winbind") => modules.push("pam_winbind".to_owned()),
        Some("nis") => {
            to.package("ypbind");
            to.unit("ypbind.service", true, true);
        }
        Some(other) => to.strange(format!("the profile {other}")),
    }
    let mut config = String::from("USESHADOW=yes\n");
    for feature in words(message, "features") {
        match feature.as_str() {
            "with-mkhomedir" => modules.push("pam_oddjob_mkhomedir".to_owned()),
            "with-faillock" => modules.push("pam_faillock".to_owned()),
            "with-fingerprint" => modules.push("pam_fprintd".to_owned()),
            "with-pamaccess" => modules.push("pam_access".to_owned()),
            "with-sudo" => to.file("/etc/nsswitch.conf", "sudoers: files sss\n"),
            "with-smartcard" => config.push_str("USESMARTCARD=yes\n"),
            "with-smartcard-required" => config.push_str("FORCESMARTCARD=yes\n"),
            "with-krb5" => config.push_str("WINBINDKRB5=yes\n"),
            "with-smartcard-lock-on-removal" => {
                let section = "[org/gnome/settings-daemon/peripherals/smartcard]";
                let content = format!("{section}\nremoval-action='lock-screen'\n");
                to.file("/etc/dconf/db/distro.d/10-authconfig", &content);
            }
            other => to.strange(format!("the feature {other}")),
        }
    }
    let by_hand = flag(message, "confirm") == Some(true);
    to.file("/etc/sysconfig/authconfig", &config);
    to.entry("/etc/sysconfig/authconfig", "1");
    for name in ["system-auth", "smartcard-auth", "password-auth", "fingerprint-auth", "postlogin"]
    {
        let end = if by_hand { "local" } else { "ac" };
        let (path, file) = (format!("/etc/pam.d/{name}"), format!("/etc/pam.d/{name}-{end}"));
        to.file(&file, &rules(&modules));
        to.entry(&file, "1");
        to.link(&path, &file);
        to.below_link(&path, &rules(&modules));
    }
}

/// A configuration of sshd with the same answers.
fn sshd(message: &Value, to: &mut Machine) {
    to.package("openssh-server");
    let mut config = String::from("# as captured\n");
    for (key, directive) in [
        ("protocol", "Protocol"),
        ("ciphers", "Ciphers"),
        ("macs", "MACs"),
        ("use_privilege_separation", "UsePrivilegeSeparation"),
        ("subsystem_sftp", "Subsystem sftp"),
    ] {
        if let Some(value) = text(message, key) {
            config.push_str(&format!("{directive} {value}\n"));
        }
    }
    for directive in words(message, "deprecated_directives") {
        config.push_str(&format!("{directive} yes\n"));
    }
    for root in objects(message, "permit_root_login") {
        let criteria = words(root, "in_match");
        if !criteria.is_empty() {
            config.push_str(&format!("Match {}\n", criteria.join(" ")));
        }
        config.push_str(&format!("PermitRootLogin {}\n", text(root, "value").expect("a value")));
    }
    let path = "/etc/ssh/sshd_config";
    to.file(path, &config);
    let changed = flag(message, "modified") == Some(true);
    let line = if changed { format!("S.5....T.  c {path}") } else { String::new() };
    to.command("rpm -V openssh-server", &line);
}

/// A domain of SSSD with the options that are flagged.
fn sssd(domain: &Value, to: &mut Machine) {
    let options = words(domain, "options");
    let has = |flag: &str| options.iter().any(|option| option == flag);
    let provider = match () {
        () if has("local_provider") => "local",
        () if has("sudo_regexp") => "ldap",
        () => "ipa",
    };
    let name = text(domain, "name").expect("a name");
    let mut config = format!("[domain/{name}]\nid_provider = {provider}\n");
    for (flag, option) in [
        ("groups_chain", "ldap_groups_use_matching_rule_in_chain"),
        ("initgroups_chain", "ldap_initgroups_use_matching_rule_in_chain"),
    ] {
        if has(flag) {
            config.push_str(&format!("{option} = True\n"));
        }
    }
    to.append("/etc/sssd/sssd.conf", &config);
}

fn selinux(message: &Value, to: &mut Machine) {
    let part = |key: &str| text(message, key).expect("a text");
    let config = format!("SELINUX={}\nSELINUXTYPE={}\n", part("static_mode"), part("policy"));
    to.file("/etc/selinux/config", &config);
    if flag(message, "enabled") == Some(true) {
        let enforces = text(message, "runtime_mode") == Some("enforcing");
        to.file("/sys/fs/selinux/enforce", if enforces { "1" } else { "0" });
    }
}
