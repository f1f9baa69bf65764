//! The host of a case, made of its messages, files and commands.

use std::collections::BTreeMap;

use serde_json::Value;

use super::case::{Case, Messages};
use super::machine::Machine;
use super::{boot, login, network, packages, services, storage};

/// The host of a case: messages, files, directories, commands.
pub(super) fn captured(case: &Case) -> Machine {
    let mut machine = bare(case);
    tell(case.facts(), &mut machine);
    case.files().iter().for_each(|(path, content)| machine.file(path, content));
    case.directories().iter().for_each(|path| machine.directory(path));
    commands(case, &mut machine);
    missing(case, &mut machine);
    settle(&mut machine);
    machine
}

/// A host with all that leapp passed on, and nothing else.
pub(super) fn read(case: &Case) -> Machine {
    let mut machine = bare(case);
    tell(case.produced(), &mut machine);
    settle(&mut machine);
    machine
}

/// A host of which only the case's settings are known.
fn bare(case: &Case) -> Machine {
    let distro = case.config("distro").unwrap_or("centos");
    let release = case.config("source_version").unwrap_or("7.9");
    let arch = case.config("arch").unwrap_or("x86_64");
    let mut machine = Machine::new(format!("{distro}:{release}"), arch.to_owned());
    machine.kernel(case.config("kernel").unwrap_or("3.10.0-1160.el7.x86_64"));
    machine.settings = case.variables();
    let flavour = case.config("flavour").unwrap_or("default").to_owned();
    machine.settings.insert("LEAPP_UPGRADE_PATH_FLAVOUR".to_owned(), flavour);
    machine
}

/// Makes a host of messages.
fn tell(messages: Messages<'_>, to: &mut Machine) {
    let families =
        [boot::add, login::add, network::add, packages::add, services::add, storage::add];
    for model in messages.models() {
        let all = messages.all(model);
        match model {
            "GRUBDevicePartitionLayout" => boot::layout(all, to),
            "DetectedDeviceOrDriver" => boot::devices(all, to),
            "CustomModifications" => packages::modifications(all, to),
            _ => {
                let add = |message: &Value, to: &mut Machine| {
                    families.iter().any(|family| family(model, message, to))
                };
                if !all.iter().all(|message| add(message, to)) {
                    to.strange(format!("what {model} says"));
                }
            }
        }
    }
}

/// What a command of the case tells our actors, which run none.
fn commands(case: &Case, to: &mut Machine) {
    let mut units: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    for (line, status, output) in case.commands() {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["systemctl", question, unit] => {
                let unit =
                    if unit.contains('.') { unit.to_owned() } else { format!("{unit}.service") };
                let state = units.entry(unit).or_default();
                match question {
                    "is-enabled" => state.0 = status == 0,
                    "is-active" => state.1 = status == 0,
                    other => to.strange(format!("what systemctl {other} says")),
                }
            }
            ["rpm", "-Vf", "/etc/ssh/sshd_config"] => to.command("rpm -V openssh-server", output),
            ["rpm", "-V", "--nomtime", _] => {
                to.command(&line, output);
                configured(output, to);
            }
            _ => to.command(&line, output),
        }
    }
    for (unit, (enabled, active)) in units {
        to.unit(&unit, enabled, active);
    }
}

/// A file that was changed is there.
fn configured(output: &str, to: &mut Machine) {
    let present = output.lines().filter(|line| !line.starts_with("missing"));
    for path in present.filter_map(|line| line.split_whitespace().last()) {
        if !to.has(path) {
            to.file(path, "# as captured\n");
        }
    }
}

/// Evidence nobody has where leapp's actor did not get its message.
fn missing(case: &Case, to: &mut Machine) {
    const NEEDED: [(&str, &str, &[&str]); 6] = [
        ("check_grub_core", "GrubInfo", &["/proc/mounts"]),
        ("check_nfs", "StorageInfo", &["/etc/fstab", "/proc/mounts"]),
        ("checkfstabxfsoptions", "StorageInfo", &["/etc/fstab"]),
        ("checkmemory", "MemoryInfo", &["/proc/meminfo"]),
        ("removed_pam_modules", "PamConfiguration", &["/etc/pam.d"]),
        ("tcp_wrappers_check", "TcpWrappersFacts", &["/etc/hosts.allow", "/etc/hosts.deny"]),
    ];
    for (actor, model, paths) in NEEDED {
        if case.actor == actor && !case.facts().has(model) {
            paths.iter().for_each(|path| to.unseen(path));
        }
    }
}

/// What messages and commands leave open: chrony has its configuration, and files that are
/// kept only where they were changed count as changed, since leapp does not ask.
fn settle(to: &mut Machine) {
    if to.has_package("chrony") && !to.has("/etc/chrony.conf") {
        to.file("/etc/chrony.conf", "# as captured\n");
    }
    for (package, path) in [
        ("spamassassin", "/etc/mail/spamassassin/spamc.conf"),
        ("spamassassin", "/etc/sysconfig/spamassassin"),
        ("vsftpd", "/etc/vsftpd/vsftpd.conf"),
    ] {
        if to.has(path) {
            to.command(&format!("rpm -V {package}"), &format!("S.5......  c {path}"));
        }
    }
}
