//! Whole outcomes of small worlds: a host and its data in, lists and finding
//! ids out, under both policies.

mod differences;
mod events;
mod findings;
mod lists;
mod matching;
mod repositories;
mod rules;
mod stops;
mod vendors;

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::*;
use crate::model::{Evr, InstalledPackage};
use crate::snapshot::{Content, Evidence, HostRepository, Identity, Snapshot, format};
use crate::upgrade_data::DataDirectory;

/// Signed by CentOS.
const KEY: &str = "RSA/SHA256, Mon Jan  1 00:00:00 2024, Key ID 24c6a8a7f4a80eb5";

/// A host and its data. The plain one is a CentOS 7.9 whose `base` and
/// `updates` lead to `baseos` and `appstream` of AlmaLinux 8.10, without a
/// package and with one event that concerns none.
#[derive(Clone)]
struct World {
    packages: Vec<InstalledPackage>,
    enabled: Option<Vec<String>>,
    host_files: BTreeMap<String, Content>,
    system: String,
    arch: String,
    cloud: Option<String>,
    events: Vec<Value>,
    vendor_events: BTreeMap<String, Vec<Value>>,
    files: BTreeMap<String, String>,
    options: Options,
}

impl World {
    fn plain() -> Self {
        let path = UpgradePath {
            source: "centos:7.9".parse().unwrap(),
            target: "almalinux:8.10".parse().unwrap(),
        };
        let world = Self {
            packages: Vec::new(),
            enabled: Some(vec!["base".into(), "updates".into()]),
            host_files: BTreeMap::new(),
            system: "centos:7.9".into(),
            arch: "x86_64".into(),
            cloud: None,
            events: Vec::new(),
            vendor_events: BTreeMap::new(),
            files: BTreeMap::new(),
            options: Options::new(path),
        };
        let map = map(
            &[("base", "base baseos appstream"), ("updates", "base baseos appstream")],
            &["baseos baseos", "appstream appstream"],
        );
        world.event("REMOVED of-no-concern ->").file("repomap.json", &map.to_string()).file(
            "leapp_upgrade_repositories.repo",
            &format!("{}{}", repo("baseos"), repo("appstream")),
        )
    }

    /// Packages as `name@repository`, CentOS's unless marked: `!` unsigned,
    /// `?` signature not captured, `=KEYID` another key; `[m:s]` of a module.
    fn installed(mut self, packages: &str) -> Self {
        self.packages.extend(packages.split_whitespace().map(package));
        self
    }

    fn enabled(mut self, ids: &str) -> Self {
        self.enabled = Some(ids.split_whitespace().map(str::to_owned).collect());
        self
    }

    /// An event in the notation of [`event`].
    fn event(self, text: &str) -> Self {
        self.json_event(event(text))
    }

    fn json_event(mut self, mut event: Value) -> Self {
        event["id"] = json!(self.events.len());
        self.events.push(event);
        self
    }

    /// An event with further fields.
    fn event_with(self, text: &str, fields: Value) -> Self {
        let mut event = event(text);
        for (key, value) in fields.as_object().unwrap() {
            event[key] = value.clone();
        }
        self.json_event(event)
    }

    fn only_events(mut self, events: &[&str]) -> Self {
        self.events = Vec::new();
        events.iter().fold(self, |world, event| world.event(event))
    }

    /// A vendor that claims `source` (`repository family target-family`) and
    /// has `target` in its map and its `.repo` file.
    fn vendor(self, name: &str, source: &str, target: &str) -> Self {
        let (id, families) = source.split_once(' ').unwrap();
        let map = map(&[(id, families)], &[&format!("{target} {target}")]);
        self.file(&format!("vendors.d/{name}_map.json"), &map.to_string())
            .file(&format!("vendors.d/{name}.repo"), &repo(target))
    }

    fn vendor_event(mut self, vendor: &str, text: &str) -> Self {
        let mut event = event(text);
        event["id"] = json!(100);
        self.vendor_events.entry(vendor.into()).or_default().push(event);
        self
    }

    /// A file of the data directory.
    fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.into(), text.into());
        self
    }

    fn without_file(mut self, path: &str) -> Self {
        self.files.remove(path);
        self
    }

    /// A `.repo` file of the host.
    fn host_file(mut self, name: &str, text: &str) -> Self {
        self.host_files.insert(format!("/etc/yum.repos.d/{name}"), text.into());
        self
    }

    fn list(self, name: &str, packages: &str) -> Self {
        self.file(&format!("transaction/{name}"), &packages.replace(' ', "\n"))
    }

    fn wishes(mut self, change: impl FnOnce(&mut Wishes)) -> Self {
        let mut wishes = Wishes { actor: "other".into(), ..Wishes::default() };
        change(&mut wishes);
        self.options.wishes.push(wishes);
        self
    }

    fn with(mut self, change: impl FnOnce(&mut World)) -> Self {
        change(&mut self);
        self
    }

    fn data(&self) -> UpgradeData {
        let mut files = DataDirectory::default();
        let mut events = BTreeMap::from([("pes-events.json".to_owned(), &self.events)]);
        events
            .extend(self.vendor_events.iter().map(|(v, e)| (format!("vendors.d/{v}_pes.json"), e)));
        for (path, events) in events {
            let text = json!({"packageinfo": events, "provided_data_streams": ["3.0"]}).to_string();
            files.files.insert(path, Ok(text.into_bytes()));
        }
        for (path, text) in &self.files {
            files.files.insert(path.clone(), Ok(text.clone().into_bytes()));
        }
        UpgradeData::from_directory(&files)
    }

    fn snapshot(&self) -> Snapshot {
        let repository =
            |id: &String| HostRepository { id: RepoId::new(id).unwrap(), enabled: true };
        Snapshot {
            format: format::Kind::Snapshot,
            version: format::VERSION,
            captured: None,
            identity: Identity {
                system: self.system.parse().unwrap(),
                arch: self.arch.parse().unwrap(),
                kernel: None,
                hostname: None,
                cloud: self.cloud.clone(),
            },
            packages: self.packages.clone(),
            keys: Vec::new(),
            repositories: self.enabled.as_ref().map(|ids| ids.iter().map(repository).collect()),
            enabled_modules: None,
            evidence: Evidence { files: self.host_files.clone(), ..Evidence::default() },
            unread: Vec::new(),
        }
    }

    fn decide(&self, policy: Policy) -> Result<Decisions, DataError> {
        let snapshot = self.snapshot();
        let mut options = Options { policy, ..self.options.clone() };
        options.path.source = snapshot.identity.system.clone();
        decide(&Facts::new(&snapshot), &self.data(), &options)
    }

    fn leapp(&self) -> Decisions {
        self.decide(Policy::Leapp021).expect("leapp-0.21 has no errors of its own")
    }

    /// The default policy, with what leapp would do otherwise.
    fn ours(&self) -> Decisions {
        let mut ours = self.decide(Policy::Default).expect("the data can be read");
        let differences = differences(&ours, &self.leapp());
        ours.findings.extend(differences);
        ours
    }

    /// Compares the outcomes under both policies.
    #[track_caller]
    fn decides(&self, leapp: &str, ours: &str) {
        let found = (outcome(&self.leapp()), outcome(&self.ours()));
        assert_eq!((found.0.as_str(), found.1.as_str()), (leapp, ours));
    }
}

/// `install b; remove a; finding events.unapproved`, lists that are empty left
/// out. The rpm that leapp adds to every run is not shown.
fn outcome(decisions: &Decisions) -> String {
    let mut text = String::new();
    let mut add = |what: &str, items: Vec<String>| {
        if !items.is_empty() {
            let separator = if text.is_empty() { "" } else { "; " };
            write!(text, "{separator}{what} {}", items.join(" ")).unwrap();
        }
    };
    let stop = |s: &Stop| format!("{}{}", s.actor, if s.crash { "!" } else { "" });
    add("stop", decisions.stops.iter().map(stop).collect());
    if let Some(tasks) = &decisions.tasks {
        add("install", texts(&tasks.to_install));
        add("remove", texts(&tasks.to_remove));
        add("keep", texts(&tasks.to_keep));
        add("reinstall", texts(&tasks.to_reinstall));
        add("upgrade", texts(&tasks.to_upgrade));
        add("enable", texts(&tasks.modules_to_enable));
    }
    let mut findings: Vec<String> = decisions.findings.iter().map(|f| f.id.to_string()).collect();
    findings.sort();
    findings.dedup();
    add("finding", findings);
    text
}

fn texts<T: ToString>(items: impl IntoIterator<Item = T>) -> Vec<String> {
    items.into_iter().map(|item| item.to_string()).collect()
}

fn package(text: &str) -> InstalledPackage {
    let (name, repository) = text.split_once('@').unwrap_or((text, "base"));
    let (name, stream) = split_stream(name);
    let (name, sign) = match name.find(['!', '?', '=']) {
        Some(at) => name.split_at(at),
        None => (name, ""),
    };
    let evr = Evr::new(0, "1", "1.el7");
    let mut package = InstalledPackage::new(name.parse().unwrap(), evr, None);
    package.pgpsig = match sign.split_at(sign.len().min(1)) {
        ("!", _) => Some("(none)".into()),
        ("?", _) => None,
        ("=", key) => Some(format!("RSA/SHA256, Key ID {key}")),
        _ => Some(KEY.into()),
    };
    package.from_repo = Some(repository.into());
    package.module =
        stream.map(|(name, stream)| ModuleStream { name: name.into(), stream: stream.into() });
    package
}

/// `name[m:s]` as name and stream.
fn split_stream(text: &str) -> (&str, Option<(&str, &str)>) {
    match text.split_once('[') {
        Some((name, stream)) => (name, Some(stream.trim_end_matches(']').split_once(':').unwrap())),
        None => (text, None),
    }
}

/// An event as `ACTION input ... -> output ... | from to`. Packages are
/// `name[m:s]@family`; inputs are in `base`, outputs in `baseos`, from 7.9 to
/// 8.0, unless it says otherwise. A modular output gets a map.
fn event(text: &str) -> Value {
    let (text, releases) = text.split_once('|').unwrap_or((text, "7.9 8.0"));
    let (head, outputs) = text.split_once("->").unwrap();
    let (action, inputs) = head.split_once(' ').unwrap();
    let set = |packages: &str, family: &str| {
        let package = |text: &str| {
            let (name, family) = text.split_once('@').unwrap_or((text, family));
            let (name, stream) = split_stream(name);
            let stream = stream.map(|(name, stream)| json!({"name": name, "stream": stream}));
            json!({"name": name, "repository": family, "modulestreams": [stream]})
        };
        let packages: Vec<Value> = packages.split_whitespace().map(package).collect();
        json!({"set_id": 1, "package": packages})
    };
    let release = |text: &str, os: &str| {
        let (major, minor) = text.split_once('.').unwrap();
        let number = |text: &str| text.parse::<u32>().unwrap();
        json!({"major_version": number(major), "minor_version": number(minor), "os_name": os})
    };
    let (from, to) = releases.trim().split_once(' ').unwrap();
    let (inputs, outputs) = (set(inputs, "base"), set(outputs, "baseos"));
    let stream = |set: &Value| set["package"][0]["modulestreams"][0].clone();
    let maps = match (stream(&inputs), stream(&outputs)) {
        (Value::Null, Value::Null) => json!([]),
        (from, to) => json!([{"in_modulestream": from, "out_modulestream": to}]),
    };
    json!({
        "action": action_number(action),
        "in_packageset": inputs, "out_packageset": outputs,
        "initial_release": release(from, "CentOS"), "release": release(to, "AlmaLinux"),
        "modulestream_maps": maps,
    })
}

fn action_number(name: &str) -> i64 {
    use crate::upgrade_data::package_events::Action;
    let named = |n: &i64| Action::from_number(*n).is_some_and(|a| a.as_str() == name);
    (0..9).find(named).expect("an action")
}

/// A repository map: sources as `(repository, "family target-family ...")`,
/// targets as `"repository family [channel [arch [rhui]]]"`.
fn map(sources: &[(&str, &str)], targets: &[&str]) -> Value {
    let entry = |id: &str, major: &str, rest: &[&str]| {
        let or = |at: usize, default| rest.get(at).copied().unwrap_or(default);
        let (channel, arch, rhui) = (or(0, "ga"), or(1, "x86_64"), or(2, ""));
        json!({"repoid": id, "major_version": major, "arch": arch, "repo_type": "rpm",
            "channel": channel, "rhui": rhui})
    };
    let mut mapping = Vec::new();
    let mut families = Vec::new();
    for (id, text) in sources {
        let words: Vec<&str> = text.split_whitespace().collect();
        mapping.push(json!({"source": words[0], "target": words[1..]}));
        families.push(json!({"pesid": words[0], "entries": [entry(id, "7", &[])]}));
    }
    for text in targets {
        let words: Vec<&str> = text.split_whitespace().collect();
        families.push(json!({"pesid": words[1], "entries": [entry(words[0], "8", &words[2..])]}));
    }
    json!({"version_format": "1.2.1", "provided_data_streams": ["3.0"],
        "mapping": [{"source_major_version": "7", "target_major_version": "8", "entries": mapping}],
        "repositories": families})
}

/// A section of a `.repo` file.
fn repo(id: &str) -> String {
    format!("[{id}]\nname={id}\nbaseurl=http://example.org/{id}\nenabled=1\n")
}

#[test]
fn the_plain_world_has_nothing_to_say() {
    World::plain().decides("", "");
}
