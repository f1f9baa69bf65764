//! Recorded cases of leapp's planning, made into inputs of ours.

use std::path::{Path, PathBuf};

use elevate_core::model::{
    Evr, InstalledPackage, ModuleStream, PackageName, RepoId, System, UpgradePath,
};
use elevate_core::request::{Options, Policy, Wishes};
use elevate_core::snapshot::{Evidence, HostRepository, Identity, Snapshot, format};
use elevate_core::upgrade_data::{DataDirectory, UpgradeData};
use serde_json::Value;

use crate::recorded::{entries, read};

/// A case of `leapp/cases`: a host, its data, and leapp's decisions.
pub struct Case {
    /// Name of its directory.
    pub name: String,
    /// `input.json`.
    pub input: Value,
    /// `expected.json`.
    pub expected: Value,
    directory: PathBuf,
}

impl Case {
    /// Reads a case directory.
    pub fn read(directory: &Path) -> Self {
        let json = |file: &str| {
            let path = directory.join(file);
            serde_json::from_slice(&read(&path))
                .unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        };
        let name = directory.file_name().expect("a name").to_string_lossy().into_owned();
        Self {
            name,
            input: json("input.json"),
            expected: json("expected.json"),
            directory: directory.to_owned(),
        }
    }

    /// The host.
    pub fn snapshot(&self) -> Snapshot {
        let packages = list(&self.input, "installed").iter().map(|p| package(p, &self.first_key()));
        let repositories = |key: &str, enabled: bool| {
            let ids = names(&self.input, key);
            ids.into_iter()
                .map(move |id| HostRepository { id: RepoId::new(id).expect("an id"), enabled })
        };
        let rhui = list(&self.input["messages"], "RHUIInfo").first().cloned();
        Snapshot {
            format: format::Kind::Snapshot,
            version: format::VERSION,
            captured: None,
            identity: Identity {
                system: System {
                    distro: text(&self.input, "distro").parse().expect("a distribution"),
                    release: text(&self.input, "source_version").parse().expect("a release"),
                },
                arch: text(&self.input, "arch").parse().expect("an architecture"),
                kernel: self.input["kernel"].as_str().map(Into::into),
                hostname: None,
                cloud: rhui.map(|rhui| text(&rhui, "provider").to_owned()),
            },
            packages: packages.collect(),
            keys: Vec::new(),
            repositories: Some(
                repositories("enabled_repos", true)
                    .chain(repositories("disabled_repos", false))
                    .collect(),
            ),
            enabled_modules: Some(
                list(&self.input, "enabled_modules").iter().map(module).collect(),
            ),
            evidence: Evidence::default(),
            unread: Vec::new(),
        }
    }

    fn first_key(&self) -> String {
        first_signature(text(&self.input, "distro"))
    }

    /// The files in `/etc/leapp`, read.
    pub fn data(&self) -> UpgradeData {
        UpgradeData::from_directory(&self.files().into_iter().collect::<DataDirectory>())
    }

    /// The files in `/etc/leapp`, by their paths in a data directory.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        let mut add = |name: String, bytes: Vec<u8>| files.push((name, bytes));
        let assets = [
            ("pes", "pes-events.json"),
            ("repomap", "repomap.json"),
            ("custom_repofile", "leapp_upgrade_repositories.repo"),
        ];
        for (key, name) in assets {
            if let Some(path) = self.input[key].as_str() {
                add(name.to_owned(), read(&self.directory.join(path)));
            }
        }
        if let Some(path) = self.input["vendors_dir"].as_str() {
            for file in entries(&self.directory.join(path)).into_iter().filter(|f| f.is_file()) {
                let name = file.file_name().expect("a name").to_string_lossy().into_owned();
                add(format!("vendors.d/{name}"), read(&file));
            }
        }
        for list in ["to_install", "to_keep", "to_remove", "to_reinstall"] {
            let lines = names(&self.input, list).join("\n");
            add(format!("transaction/{list}"), lines.into_bytes());
        }
        files
    }

    /// What the case asks for, under a policy.
    pub fn options(&self, policy: Policy) -> Options {
        let version = text(&self.input, "target_version");
        let target: System =
            format!("{}:{version}", self.target_distro()).parse().expect("a target");
        let path = UpgradePath { source: self.snapshot().identity.system, target };
        let env = |name: &str| self.input["env"][name].as_str();
        let channel =
            env("LEAPP_DEVEL_TARGET_PRODUCT_TYPE").or(env("LEAPP_TARGET_PRODUCT_CHANNEL"));
        Options {
            policy,
            enable_repos: env("LEAPP_ENABLE_REPOS")
                .map(|ids| ids.split(',').filter_map(|id| RepoId::new(id).ok()).collect()),
            channel: channel.map(|c| c.to_lowercase().parse().expect("a channel")),
            all_signed: env("LEAPP_DEVEL_RPMS_ALL_SIGNED") == Some("1"),
            wishes: list(&self.input["messages"], "RpmTransactionTasks")
                .iter()
                .map(wishes)
                .collect(),
            ..Options::new(path)
        }
    }

    /// Cases do not say which distribution they lead to; their data does.
    fn target_distro(&self) -> &'static str {
        let pes = self.input["pes"].as_str().unwrap_or_default();
        match () {
            () if pes.contains("centos") => "centos",
            () if pes.contains("rhel") => "rhel",
            () if pes.contains("rocky") => "rocky",
            () if pes.contains("oracle") => "ol",
            () => "almalinux",
        }
    }
}

/// What missing signatures stand for: one by the first key of the distribution.
pub fn first_signature(distro: &str) -> String {
    let distro = distro.parse().expect("a distribution");
    let keys = elevate_core::upgrade_data::signatures::distribution_keys(&distro);
    let key = keys.and_then(|keys| keys.first().copied()).unwrap_or("0000000000000000");
    format!("RSA/SHA256, Mon Jan  1 00:00:00 2024, Key ID {key}")
}

/// What a message of tasks asks for.
pub fn wishes(message: &Value) -> Wishes {
    let set = |key: &str| {
        names(message, key).iter().map(|n| PackageName::new(n).expect("a name")).collect()
    };
    Wishes {
        actor: "recorded".to_owned(),
        to_install: set("to_install"),
        to_keep: set("to_keep"),
        to_remove: set("to_remove"),
        to_reinstall: set("to_reinstall"),
        local_rpms: names(message, "local_rpms").into_iter().map(|p| base_name(&p)).collect(),
        modules_to_enable: list(message, "modules_to_enable").iter().map(module).collect(),
        modules_to_reset: list(message, "modules_to_reset").iter().map(module).collect(),
    }
}

fn base_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// A package of leapp's messages; one without a signature has `first_key`.
pub fn package(p: &Value, first_key: &str) -> InstalledPackage {
    let epoch = match &p["epoch"] {
        Value::Number(n) => n.as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
        epoch => epoch.as_str().and_then(|e| e.parse().ok()).unwrap_or(0),
    };
    let name = PackageName::new(text(p, "name")).expect("a package name");
    let arch =
        p["arch"].as_str().filter(|a| !a.is_empty()).map(|a| a.parse().expect("an architecture"));
    let mut package =
        InstalledPackage::new(name, Evr::new(epoch, text(p, "version"), text(p, "release")), arch);
    package.packager = p["packager"].as_str().map(Into::into);
    package.pgpsig = Some(p["pgpsig"].as_str().unwrap_or(first_key).to_owned());
    package.from_repo = p["repository"].as_str().map(Into::into);
    let module =
        |name: &str, stream: &str| ModuleStream { name: name.into(), stream: stream.into() };
    package.module = match (p["module"].as_str(), p["stream"].as_str()) {
        (Some(name), Some(stream)) if !name.is_empty() => Some(module(name, stream)),
        _ => None,
    };
    package
}

fn module(m: &Value) -> ModuleStream {
    ModuleStream { name: text(m, "name").to_owned(), stream: text(m, "stream").to_owned() }
}

/// A list field; absent and null are empty.
pub fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A list field of texts.
pub fn names(value: &Value, key: &str) -> Vec<String> {
    list(value, key).iter().map(|v| v.as_str().expect("a text").to_owned()).collect()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}
