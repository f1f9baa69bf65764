//! The answers of functions: each asks one fact.

use serde_json::{Value as Json, json};

use super::functions::{Asking, NAMES};
use crate::actor::Host;
use crate::facts::network::Interface;
use crate::facts::parse::fstab::FstabEntry;
use crate::facts::parse::mounts::Mount;
use crate::facts::selinux::Mode;
use crate::facts::{Fact, Unknown, raw};
use crate::model::{Evr, InstalledPackage, Repository, Signature};
use crate::transaction::{Operation, Transaction};

/// Why a function gave nothing.
pub(super) enum Failure {
    Unknown(Unknown),
    Wrong(String),
}

impl From<Unknown> for Failure {
    fn from(unknown: Unknown) -> Self {
        Failure::Unknown(unknown)
    }
}

type Answer = Result<Json, Failure>;

/// What a function says, by its name.
pub(super) fn answer(asking: &Asking<'_>, name: &str, arguments: &[String]) -> Answer {
    let texts: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let topics = [of_software, of_files, of_machine, of_transaction];
    let found = topics.iter().find_map(|topic| topic(asking, name, &texts));
    found.unwrap_or_else(|| {
        let known = NAMES.iter().find(|(known, _)| *known == name);
        let how = known.map_or("there is no such function", |(_, how)| how);
        Err(Failure::Wrong(format!("is called with other arguments; {how}")))
    })
}

fn of_software(asking: &Asking<'_>, name: &str, arguments: &[&str]) -> Option<Answer> {
    let host = asking.host;
    Some(match (name, arguments) {
        ("installed", [name]) => Ok((!host.all_named(name).is_empty()).into()),
        ("signed", [name]) => Ok(host.has(name).into()),
        ("packages", [pattern]) => Ok(packages(host, pattern)),
        ("compare", [a, b]) => compare(a, b),
        ("repositories", []) => repositories(host),
        ("vendor", [name]) => known(vendor(host, name)),
        _ => return None,
    })
}

fn of_files(asking: &Asking<'_>, name: &str, arguments: &[&str]) -> Option<Answer> {
    let facts = asking.host.facts();
    let raw = facts.raw();
    Some(match (name, arguments) {
        ("exists", [path]) => known(raw.exists(path)),
        ("isFile", [path]) => known(raw.is_file(path)),
        ("isDirectory", [path]) => known(raw.is_directory(path)),
        ("paths", [pattern]) => known(raw.paths(pattern).all()),
        ("link", [path]) => or_empty(raw.link(path)),
        ("text", [path]) => or_empty(raw.text(path)),
        ("lines", [path]) => known(raw.text(path).map(|text| lines(&text.unwrap_or_default()))),
        ("ini", [path, section, key]) => or_empty(raw.ini(path).map(|ini| {
            let ini = ini?;
            ini.get(section, key).map(|entry| entry.value.clone())
        })),
        ("variable", [path, name]) => or_empty(raw.variable(path, name)),
        ("output", [command]) => known(raw.output(command)),
        ("room", [path]) => known(facts.storage().room_at(path).map(|room| room.available)),
        ("mount", [path]) => known(facts.storage().mount_of(path).and_then(|mount| {
            mount
                .as_ref()
                .map(of_mount)
                .ok_or_else(|| Unknown::not_captured(format!("mount of {path}")))
        })),
        ("mounts", []) => known(
            facts
                .storage()
                .mounts()
                .map(|mounts| mounts.value.iter().map(of_mount).collect::<Json>()),
        ),
        ("fstab", []) => known(fstab(asking.host)),
        _ => return None,
    })
}

fn of_machine(asking: &Asking<'_>, name: &str, arguments: &[&str]) -> Option<Answer> {
    let facts = asking.host.facts();
    let processes = facts.processes();
    Some(match (name, arguments) {
        ("module", [name]) => known(facts.kernel().module(name).map(|module| module.is_some())),
        ("kernelArgument", [name]) => known(
            facts
                .kernel()
                .command_line()
                .map(|line| line.values(name).map(Json::from).collect::<Json>()),
        ),
        ("kernel", []) => known(facts.kernels().running()),
        ("bootEntry", []) => known(boot_entry(asking.host)),
        ("memory", []) => known(memory(asking.host)),
        ("interfaces", []) => known(interfaces(asking.host)),
        ("container", []) => or_empty(facts.kernel().container()),
        ("enabled", [unit]) => known(facts.services().is_enabled(unit)),
        ("sshd", [keyword]) => known(sshd(asking.host, keyword)),
        ("selinux", []) => known(facts.selinux().running().map(|mode| match mode {
            Mode::Enforcing => "enforcing",
            Mode::Permissive => "permissive",
            Mode::Disabled => "disabled",
        })),
        ("user", [name]) => known(processes.has_account(name)),
        ("group", [name]) => known(processes.has_group(name)),
        ("listens", [port]) => match port.parse() {
            Ok(port) => known(processes.listens(port)),
            Err(_) => Err(Failure::Wrong(format!("{port:?} is no port"))),
        },
        ("runs", [name]) => known(processes.runs(name)),
        _ => return None,
    })
}

fn of_transaction(asking: &Asking<'_>, name: &str, arguments: &[&str]) -> Option<Answer> {
    let unknown = || Failure::Unknown(Unknown::not_captured("transaction"));
    let from = |ask: &dyn Fn(&Transaction) -> Json| asking.transaction.map(ask).ok_or_else(unknown);
    Some(match (name, arguments) {
        ("fates", [pattern]) => from(&|transaction| {
            let operations = transaction.operations.iter();
            operations
                .filter(|one| raw::matches(pattern, one.name.as_str()))
                .map(of_operation)
                .collect()
        }),
        ("arrives", [name]) => from(&|transaction| {
            transaction.arrivals.iter().any(|arrival| arrival.name.as_str() == *name).into()
        }),
        _ => return None,
    })
}

fn known(fact: Fact<impl Into<Json>>) -> Answer {
    Ok(fact?.into())
}

fn or_empty(fact: Fact<Option<String>>) -> Answer {
    Ok(fact?.unwrap_or_default().into())
}

fn lines(text: &str) -> Json {
    let line = |(number, text): (usize, &str)| json!({ "number": number, "text": text });
    (1..).zip(text.lines()).map(line).collect()
}
/// Names that match a shell pattern of `*` and `?`.
fn packages(host: &Host<'_>, pattern: &str) -> Json {
    let names = host.names().filter(|name| raw::matches(pattern, name));
    let all = names.flat_map(|name| host.all_named(name).iter().map(move |one| (name, *one)));
    all.map(|(name, package)| of_package(package, host.has(name))).collect()
}

fn of_package(package: &InstalledPackage, is_signed: bool) -> Json {
    json!({
        "name": package.name.as_str(),
        "epoch": package.evr.epoch,
        "version": package.evr.version,
        "release": package.evr.release,
        "evr": package.evr.to_string(),
        "arch": package.arch.as_ref().map_or("", |arch| arch.as_str()),
        "nevra": package.nevra(),
        "vendor": package.vendor.as_deref().unwrap_or_default(),
        "repository": package.from_repo.as_deref().unwrap_or_default(),
        "signed": is_signed,
        "key": key(package),
    })
}

fn key(package: &InstalledPackage) -> String {
    match package.signature() {
        Signature::Key(id) => id.to_ascii_lowercase(),
        Signature::None => "none".to_owned(),
        Signature::Unknown | Signature::Unreadable(_) => String::new(),
    }
}

fn compare(a: &str, b: &str) -> Result<Json, Failure> {
    let version = |text: &str| {
        text.parse::<Evr>().map_err(|_| Failure::Wrong(format!("{text:?} is no version")))
    };
    Ok(match version(a)?.cmp(&version(b)?) {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    }
    .into())
}

fn repositories(host: &Host<'_>) -> Result<Json, Failure> {
    let repositories = &host.facts().repositories;
    if !repositories.known {
        return Err(Unknown::not_captured("/etc/yum.repos.d").into());
    }
    let of = |path: &str, repository: &Repository| {
        let url = [&repository.baseurl, &repository.mirrorlist, &repository.metalink];
        json!({
            "id": repository.id.as_str(),
            "name": repository.title(),
            "file": path,
            "enabled": repository.is_enabled(),
            "url": url.into_iter().flatten().next().cloned().unwrap_or_default(),
        })
    };
    let files = repositories.files.iter();
    let all = files.flat_map(|file| file.repositories.iter().map(|one| of(&file.path, one)));
    Ok(all.collect())
}

fn vendor(host: &Host<'_>, name: &str) -> Fact<Json> {
    host.document(name).cloned().ok_or_else(|| Unknown::not_captured(format!("vendor:{name}")))
}

fn of_mount(mount: &Mount) -> Json {
    let Mount { source, target, fstype, options, .. } = mount;
    json!({ "path": target, "device": source, "type": fstype, "options": options })
}

fn fstab(host: &Host<'_>) -> Fact<Json> {
    let fstab = host.facts().storage().fstab()?;
    let entries = fstab.into_iter().flat_map(|parsed| parsed.value);
    let of = |entry: FstabEntry| {
        let FstabEntry { line, source, target, fstype, options, .. } = entry;
        json!({ "line": line, "device": source, "path": target, "type": fstype, "options": options })
    };
    Ok(entries.map(of).collect())
}

fn boot_entry(host: &Host<'_>) -> Fact<Json> {
    let entry = host.facts().boot().default_entry()?;
    let title = entry.as_ref().map_or("", |entry| &entry.title);
    let kernel = entry.as_ref().and_then(|entry| entry.release()).unwrap_or_default();
    Ok(json!({ "title": title, "kernel": kernel }))
}

fn memory(host: &Host<'_>) -> Fact<Json> {
    let memory = host.facts().kernel().memory()?;
    let bytes = |kib: Option<u64>, what: &str| {
        let lacks = || Unknown::not_captured(format!("{what} of {}", memory.source));
        kib.map(|kib| kib.saturating_mul(1024)).ok_or_else(lacks)
    };
    Ok(json!({
        "total": bytes(memory.value.total, "MemTotal")?,
        "available": bytes(memory.value.available, "MemAvailable")?,
    }))
}

fn interfaces(host: &Host<'_>) -> Fact<Json> {
    let of = |one: Interface| {
        let (mac, driver) = (one.mac.unwrap_or_default(), one.driver.unwrap_or_default());
        json!({ "name": one.name, "mac": mac, "driver": driver })
    };
    Ok(host.facts().network().physical()?.into_iter().map(of).collect())
}

/// A file that was not seen may set what the others do not.
fn sshd(host: &Host<'_>, keyword: &str) -> Fact<Json> {
    let Some(config) = host.facts().ssh().server()? else { return Ok("".into()) };
    match (config.global(keyword), config.missing.first()) {
        (Some(placed), _) => Ok(placed.directive.value().into()),
        (None, Some(unknown)) => Err(unknown.clone()),
        (None, None) => Ok("".into()),
    }
}

fn of_operation(operation: &Operation) -> Json {
    let successors = operation.fate.successors().iter().map(|name| name.as_str());
    json!({
        "name": operation.name.as_str(),
        "nevra": operation.nevra(),
        "fate": operation.fate.word(),
        "successors": successors.collect::<Vec<_>>(),
        "to": operation.to.iter().map(|one| one.nevra()).collect::<Vec<_>>(),
    })
}
