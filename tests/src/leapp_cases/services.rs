//! Services, their configuration, and applications.

use elevate_core::directive::Directive;
use serde_json::Value;

use super::machine::Machine;
use super::model::{flag, lines, number, objects, text, words};

/// Adds what a message says; `false` where it is not of this family.
pub(super) fn add(model: &str, message: &Value, to: &mut Machine) -> bool {
    match model {
        "CupsChangedFeatures" => cups(message, to),
        "SpamassassinFacts" => spamassassin(message, to),
        "SystemdBrokenSymlinksSource" => {
            for link in words(message, "broken_symlinks") {
                let name = link.rsplit('/').next().unwrap_or_default();
                to.link(&link, &format!("/opt/gone/{name}"));
            }
        }
        "SystemdServicesInfoSource" => {
            for unit in objects(message, "service_files") {
                let name = text(unit, "name").expect("a name");
                let file = format!("/usr/lib/systemd/system/{name}");
                to.file(&file, "[Install]\nWantedBy=multi-user.target\n");
                let link = format!("/etc/systemd/system/multi-user.target.wants/{name}");
                if text(unit, "state") == Some("enabled") && !to.has(&link) {
                    to.link(&link, &file);
                }
            }
        }
        "SystemdServicesTasks" => tasks(message, to),
        "SapHanaInfo" => {
            objects(message, "instances").iter().for_each(|instance| hana(instance, to));
        }
        "SatelliteFacts" => satellite(message, to),
        "IpaInfo" => ipa(message, to),
        "DynamicLinkerConfiguration" => linker(message, to),
        _ => return false,
    }
    true
}

/// Files of CUPS with the features that are flagged.
fn cups(message: &Value, to: &mut Machine) {
    to.package("cups");
    let mut config = lines(
        message,
        &[
            ("digest", "DefaultAuthType Digest"),
            ("env", "SetEnv A B"),
            ("printcap", "PrintcapFormat bsd"),
        ],
    );
    for path in words(message, "include_files").iter().skip(1) {
        config.push_str(&format!("Include {path}\n"));
        to.file(path, "<Location />\n</Location>\n");
    }
    to.file("/etc/cups/cupsd.conf", &config);
    let files = lines(message, &[("certkey", "ServerCertificate /etc/x")]);
    to.file("/etc/cups/cups-files.conf", &format!("SystemGroup root\n{files}"));
    to.directory("/etc/cups/interfaces");
    if flag(message, "interface") == Some(true) {
        to.file("/etc/cups/interfaces/lp1", "#!/bin/sh\n");
    }
}

fn spamassassin(message: &Value, to: &mut Machine) {
    to.package("spamassassin");
    let option = |key: &str, name: &str| {
        text(message, key).map(|version| format!(" {name} {version}")).unwrap_or_default()
    };
    let spamc = option("spamc_ssl_argument", "--ssl");
    to.file("/etc/mail/spamassassin/spamc.conf", &format!("-d host{spamc}\n"));
    let spamd = option("spamd_ssl_version", "--ssl-version");
    to.file("/etc/sysconfig/spamassassin", &format!("SPAMDOPTIONS=\"-d -c -m5{spamd}\"\n"));
    if flag(message, "service_overriden") == Some(true) {
        to.file("/etc/systemd/system/spamassassin.service", "[Service]\nType=forking\n");
    }
}

/// Wishes for services, of two actors: one enables and one disables.
fn tasks(message: &Value, to: &mut Machine) {
    let enable = words(message, "to_enable").into_iter();
    let disable = words(message, "to_disable").into_iter();
    to.asks.insert("enables", enable.map(|unit| Directive::EnableService { unit }).collect());
    to.asks.insert("disables", disable.map(|unit| Directive::DisableService { unit }).collect());
}

fn hana(instance: &Value, to: &mut Machine) {
    let part = |key: &str| text(instance, key).expect("a text");
    let (name, instance_number) = (part("name"), part("instance_number"));
    if part("path") != "/hana/shared" {
        return to.strange(format!("HANA at {}", part("path")));
    }
    let place = format!("/hana/shared/{name}");
    to.directory(&format!("{place}/HDB{instance_number}"));
    let manifest = objects(instance, "manifest").iter().map(|entry| {
        let part = |key: &str| text(entry, key).expect("a text");
        format!("{}: {}\n", part("key"), part("value"))
    });
    let manifest: String = manifest.collect();
    to.file(&format!("{place}/exe/linuxx86_64/hdb/manifest"), &manifest);
    let state = match flag(instance, "running") {
        Some(true) => "GREEN, Running",
        _ => "GRAY, Stopped",
    };
    let line = format!("sapcontrol -nr {instance_number} -function GetProcessList");
    to.command(&line, &format!("OK\nname, description, dispstatus\nhdbdaemon, HDB, {state}, 1\n"));
}

/// Foreman, and its database where it is on the host: on a file system that holds
/// nothing else, and as much as has to be moved.
fn satellite(message: &Value, to: &mut Machine) {
    const OLD: &str = "/var/opt/rh/rh-postgresql12/lib/pgsql/data";
    const NEW: &str = "/var/lib/pgsql/data";
    if flag(message, "has_foreman") == Some(true) {
        to.foreign_package("foreman");
    }
    let database = &message["postgresql"];
    if flag(database, "local_postgresql") != Some(true) {
        return;
    }
    to.foreign_package("rh-postgresql12-postgresql-server");
    let moves = flag(database, "same_partition") == Some(false);
    to.file(&format!("{OLD}/PG_VERSION"), "12\n");
    to.directory(NEW);
    if flag(database, "old_var_lib_pgsql_data") == Some(true) {
        to.file(&format!("{NEW}/PG_VERSION"), "9.2\n");
    }
    to.entry(&format!("{OLD}/"), "1 device=1");
    to.entry(&format!("{NEW}/"), if moves { "1 device=2" } else { "1 device=1" });
    if moves {
        to.append("/proc/mounts", &format!("/dev/vda1 / xfs rw 0 0\n/dev/vdb1 {OLD} xfs rw 0 0\n"));
        let size = |key: &str| number(database, key).expect("a size");
        to.room("/", size("space_available"), 1 << 30);
        to.room(OLD, 0, size("space_required"));
    }
}

/// Files that tell the dynamic linker of directories, and variables that do.
fn linker(message: &Value, to: &mut Machine) {
    const LINE: &str = "/opt/lib\n";
    to.file("/etc/ld.so.conf", "include ld.so.conf.d/*.conf\n");
    to.directory("/etc/ld.so.conf.d");
    if flag(&message["main_config"], "modified") == Some(true) {
        to.append("/etc/ld.so.conf", LINE);
    }
    for file in objects(message, "included_configs") {
        let changed = flag(file, "modified") == Some(true);
        to.file(text(file, "path").expect("a path"), if changed { LINE } else { "" });
    }
    for variable in words(message, "modified_variables") {
        to.settings.insert(variable, "/opt/lib".to_owned());
    }
}

fn ipa(message: &Value, to: &mut Machine) {
    let is = |key: &str| flag(message, key) == Some(true);
    for (key, package) in
        [("has_server_package", "ipa-server"), ("has_client_package", "ipa-client")]
    {
        if is(key) {
            to.package(package);
        }
    }
    for (key, state) in [
        ("is_client_configured", "/var/lib/ipa-client/sysrestore/sysrestore.state"),
        ("is_server_configured", "/var/lib/ipa/sysrestore/sysrestore.state"),
    ] {
        if is(key) {
            to.file("/etc/ipa/default.conf", "[global]\n");
            to.file(state, "[x]\n");
        }
    }
}
