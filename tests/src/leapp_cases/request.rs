//! Cases of actors whose work the request does: vendors, signatures, repositories, the
//! lists. The messages become a host, upgrade data and options, and the decisions of the
//! policy `leapp-0.21` are read back as leapp's messages.

use std::collections::{BTreeMap, BTreeSet};

use elevate_core::model::{InstalledPackage, RepoId, UpgradePath};
use elevate_core::pipeline::{Decided, RuleSet};
use elevate_core::plan::Plan;
use elevate_core::request::{Options, Policy};
use elevate_core::snapshot::{HostRepository, Snapshot, fixture};
use elevate_core::upgrade_data::{DataDirectory, UpgradeData};
use serde_json::{Value, json};

use super::case::{Case, Messages};
use super::model::{flag, objects, text, words};
use super::ours::Said;
use crate::oracle::{first_signature, package, wishes};

/// Where leapp has the files of upgrade data, and those of the administrator.
const FILES: &str = "/etc/leapp/files/";
const LEAPP: &str = "/etc/leapp/";

/// What is decided for the host of a case, under a policy.
pub(super) fn plan(case: &Case, policy: Policy) -> Plan {
    let snapshot = host(case);
    let files = data(case);
    let data = UpgradeData::from_directory(&files.into_iter().collect::<DataDirectory>());
    let target = case.config("target_version").unwrap_or("8.10");
    let path = UpgradePath {
        source: snapshot.identity.system.clone(),
        target: format!("almalinux:{target}").parse().expect("a target"),
    };
    let variables = case.variables();
    let enabled = variables.get("LEAPP_ENABLE_REPOS").cloned().or_else(|| by_command_line(case));
    let options = Options {
        policy,
        strict_streams: case.facts().has("ConsumedDataAsset"),
        enable_repos: enabled
            .map(|ids| ids.split(',').filter_map(|id| RepoId::new(id).ok()).collect()),
        all_signed: variables.get("LEAPP_DEVEL_RPMS_ALL_SIGNED").is_some_and(|on| on == "1"),
        wishes: ["RpmTransactionTasks", "PESRpmTransactionTasks"]
            .iter()
            .flat_map(|model| case.facts().all(model))
            .map(wishes)
            .collect(),
        ..Options::new(path)
    };
    let no_actors = RuleSet::default();
    let decided = Decided::with(&snapshot, &data, &options, &no_actors);
    decided.unwrap_or_else(|error| panic!("{}: {error}", case.name)).plan()
}

/// Findings under the name of leapp's actor.
pub(super) fn said(case: &Case, plan: &Plan) -> Said {
    let by_it = plan.findings.iter().filter(|finding| finding.actor == case.actor);
    Said { findings: by_it.cloned().collect(), directives: Vec::new() }
}

fn host(case: &Case) -> Snapshot {
    let system = (
        case.config("distro").unwrap_or("centos"),
        case.config("source_version").unwrap_or("7.9"),
        case.config("arch").unwrap_or("x86_64"),
    );
    let text_of_host = format!("//- host {}:{} {}\n", system.0, system.1, system.2);
    let mut host = fixture::parse(&text_of_host).expect("a host");
    let key = first_signature(system.0);
    let facts = case.facts();
    for model in ["InstalledRPM", "DistributionSignedRPM"] {
        let packages = facts.all(model).iter().flat_map(|message| objects(message, "items"));
        host.packages.extend(packages.map(|one| package(one, &key)));
    }
    let foreign = facts.all("InstalledUnsignedRPM").iter().flat_map(|one| objects(one, "items"));
    host.packages.extend(foreign.map(|one| package(one, FOREIGN)));
    host.identity.cloud =
        facts.all("RHUIInfo").first().and_then(|one| text(one, "provider")).map(Into::into);
    host.packages.extend(skipped(facts));
    host.repositories = Some(repositories(facts));
    host.enabled_modules = Some(Vec::new());
    host
}

/// A signature of nobody we know.
const FOREIGN: &str = "RSA/SHA256, Mon Jan  1 00:00:00 2024, Key ID 1234567890abcdef";

/// Packages from repositories that lead nowhere, each from one of them.
fn skipped(facts: Messages<'_>) -> Vec<InstalledPackage> {
    let of_one = |message: &Value| {
        let (repositories, names) = (words(message, "repos"), words(message, "packages"));
        let pairs = names.into_iter().zip(repositories.into_iter().cycle());
        let key = first_signature("centos");
        pairs
            .map(|(name, repository)| {
                let one = json!({ "name": name, "version": "1", "release": "1",
                    "arch": "x86_64", "repository": repository });
                package(&one, &key)
            })
            .collect::<Vec<_>>()
    };
    facts.all("SkippedRepositories").iter().flat_map(of_one).collect()
}

fn repositories(facts: Messages<'_>) -> Vec<HostRepository> {
    let files = facts.all("RepositoriesFacts").iter().flat_map(|one| objects(one, "repositories"));
    let known = files.flat_map(|file| objects(file, "data")).map(|one| HostRepository {
        id: RepoId::new(text(one, "repoid").expect("an id")).expect("an id"),
        enabled: flag(one, "enabled") == Some(true),
    });
    let of_vendors = vendors_by_name(facts).into_iter().map(|vendor| HostRepository {
        id: RepoId::new(source_of(&vendor)).expect("an id"),
        enabled: true,
    });
    let skipped = facts.all("SkippedRepositories").iter().flat_map(|one| words(one, "repos"));
    let skipped =
        skipped.map(|id| HostRepository { id: RepoId::new(&id).expect("an id"), enabled: true });
    known.chain(of_vendors).chain(skipped).collect()
}

/// Repositories asked for that no file names.
fn by_command_line(case: &Case) -> Option<String> {
    let asked = case.facts().all("CustomTargetRepository").iter();
    let ids: Vec<&str> = asked.filter_map(|one| text(one, "repoid")).collect();
    (!ids.is_empty()).then(|| ids.join(","))
}

/// Vendors a case takes for active without saying by which repository.
fn vendors_by_name(facts: Messages<'_>) -> BTreeSet<String> {
    let active = facts.all("ActiveVendorList").iter().flat_map(|one| words(one, "data"));
    let signing = facts.all("VendorSignatures").iter();
    let signing = signing.filter_map(|one| text(one, "vendor").map(str::to_owned));
    active.chain(signing).collect()
}

fn source_of(vendor: &str) -> String {
    format!("{vendor}-of-release-7")
}

/// The files of upgrade data, by their paths in a data directory.
fn data(case: &Case) -> BTreeMap<String, String> {
    let facts = case.facts();
    let mut files = BTreeMap::new();
    files.insert("pes-events.json".to_owned(), events().to_string());
    let map = facts.all("RepositoriesMapping").first().map_or_else(|| map_from(&[]), whole_map);
    files.insert("repomap.json".to_owned(), map.to_string());
    for asset in facts.all("ConsumedDataAsset") {
        let name = text(asset, "filename").expect("a file");
        let file = files.get_mut(name).unwrap_or_else(|| panic!("{name}: another asset"));
        let mut content: Value = serde_json::from_str(file).expect("JSON");
        content["provided_data_streams"] = asset["provided_data_streams"].clone();
        *file = content.to_string();
    }
    for vendor in facts.all("VendorSourceRepos") {
        let name = text(vendor, "vendor").expect("a vendor");
        let map = map_from(&words(vendor, "source_repoids"));
        files.insert(format!("vendors.d/{name}_map.json"), map.to_string());
    }
    for vendor in vendors_by_name(facts) {
        let map = map_from(&[source_of(&vendor)]);
        files.insert(format!("vendors.d/{vendor}_map.json"), map.to_string());
    }
    for vendor in facts.all("VendorSignatures") {
        let name = text(vendor, "vendor").expect("a vendor");
        files.insert(format!("vendors.d/{name}.sigs"), words(vendor, "sigs").join("\n"));
    }
    custom_file(facts, &mut files);
    for (path, content) in case.files() {
        let below = path.strip_prefix(FILES).or_else(|| path.strip_prefix(LEAPP));
        files.insert(below.unwrap_or(&path).to_owned(), content);
    }
    files
}

/// The file of custom repositories, where there is one.
fn custom_file(facts: Messages<'_>, files: &mut BTreeMap<String, String>) {
    for file in facts.all("CustomTargetRepositoryFile") {
        let path = text(file, "file").and_then(|path| path.strip_prefix(FILES));
        let custom = facts.all("TargetRepositories").iter();
        let custom = custom.flat_map(|one| objects(one, "custom_repos")).map(|one| {
            let id = text(one, "repoid").expect("an id");
            format!("[{id}]\nname={id}\nbaseurl=http://{id}/\nenabled=1\n")
        });
        files.insert(path.expect("a file of leapp's").to_owned(), custom.collect());
    }
}

/// Events about a package no host has: without any, leapp does not get far.
fn events() -> Value {
    let release = |major: u64, minor: u64, name: &str| {
        json!({ "major_version": major, "minor_version": minor, "os_name": name,
                "tag": null, "z_stream": null })
    };
    json!({ "provided_data_streams": ["3.1"], "packageinfo": [{
        "action": 1, "id": 1, "is_approved": true, "architectures": ["x86_64"],
        "in_packageset": { "set_id": 1, "package": [
            { "name": "on-no-host", "repository": "base", "modulestreams": [null] }] },
        "out_packageset": null, "modulestream_maps": [],
        "initial_release": release(7, 9, "CentOS"), "release": release(8, 0, "AlmaLinux"),
    }] })
}

fn entry(repoid: &str, major: &str, channel: &str) -> Value {
    json!({ "repoid": repoid, "major_version": major, "arch": "x86_64", "repo_type": "rpm",
            "channel": channel })
}

/// A map from some repositories to one of the target.
fn map_from(sources: &[String]) -> Value {
    let sources: Vec<Value> = sources.iter().map(|id| entry(id, "7", "ga")).collect();
    document(vec![json!({ "pesid": "source", "entries": sources })])
}

/// The map of a message, each repository in its family.
fn whole_map(message: &Value) -> Value {
    let mut families: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for one in objects(message, "repositories") {
        let part = |key: &str| text(one, key).unwrap_or_else(|| panic!("{key}"));
        let entry = entry(part("repoid"), part("major_version"), part("channel"));
        families.entry(part("pesid")).or_default().push(entry);
    }
    families.insert("source", Vec::new());
    let family = |(pesid, entries)| json!({ "pesid": pesid, "entries": entries });
    document(families.into_iter().map(family).collect())
}

/// A map from one family to another, with more families that lead nowhere.
fn document(mut repositories: Vec<Value>) -> Value {
    repositories.push(json!({ "pesid": "target", "entries": [entry("of-release-8", "8", "ga")] }));
    json!({
        "version_format": "1.2.1", "provided_data_streams": ["3.1"], "datetime": "202411010900Z",
        "mapping": [{ "source_major_version": "7", "target_major_version": "8", "entries": [
            { "source": "source", "target": ["target"] }] }],
        "repositories": repositories,
    })
}
