//! A host with release 7, what it is upgraded to, and what is done with it through the binary.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use elevate_tests::binary::{Run, executable};
use elevate_tests::data::TempDir;
use elevate_tests::tools::{must, run, write};
use serde_json::{Value, json};

use super::packages::{built, names};

/// Where a run keeps its journal, below the root.
pub(crate) const JOURNAL: &str = "var/lib/elevate/run/journal.jsonl";

/// Where the grubby of the root notes what it is told.
pub(crate) const GRUBBY_LOG: &str = "/var/grubby.log";
/// Runs commands in the root.
const BUSYBOX: &str = "/usr/bin/busybox";

/// A host below `root`, and beside it everything else.
pub(crate) struct World {
    directory: TempDir,
}

/// What a host has, and what is published for it.
pub(crate) struct Options {
    /// Installed packages of release 7, by name.
    pub(crate) installed: Vec<&'static str>,
    /// Packages of release 8, by text and name.
    pub(crate) target: Vec<(&'static str, &'static str)>,
}

impl Default for Options {
    /// Everything that is signed.
    fn default() -> Self {
        let all = |text| names(text).into_iter().map(move |name| (text, name));
        Self { installed: names("el7"), target: all("el8").chain(all("stream")).collect() }
    }
}

impl Options {
    /// A host of few packages: one is upgraded, one renamed, one removed.
    pub(crate) fn small() -> Self {
        Self {
            installed: vec!["centos-release", "tool", "oldname", "gone"],
            target: ["almalinux-release", "tool", "toollib", "newname"]
                .map(|n| ("el8", n))
                .to_vec(),
        }
    }
}

/// The tools that are needed.
pub(crate) fn is_possible() -> bool {
    let tools = ["rpm", "rpmbuild", "rpmsign", "gpg", "createrepo_c", "modifyrepo_c", "dnf"];
    if !elevate_tests::tools::are_here(&tools) {
        return false;
    }
    let is_here = Path::new(BUSYBOX).is_file();
    if !is_here {
        eprintln!("skipped: {BUSYBOX} is not here");
    }
    is_here
}

impl World {
    /// Makes a host and a repository.
    pub(crate) fn new(name: &str, options: &Options) -> Self {
        let world = Self { directory: TempDir::new(name).expect("a directory") };
        let mut packages = built().files("el7", &options.installed);
        packages.extend(built().files("unsigned", &["agent"]));
        world.install(&packages);
        for (path, content) in FILES {
            write(&world.root().join(path), content);
        }
        busybox(&world.root());
        let target = options.target.iter().flat_map(|(text, name)| built().files(text, &[name]));
        world.publish(&target.collect::<Vec<_>>());
        world.write_data();
        world
    }

    /// A path beside the root.
    pub(crate) fn at(&self, below: &str) -> PathBuf {
        self.directory.path().join(below)
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.at("root")
    }

    /// The same as text.
    pub(crate) fn text(&self, below: &str) -> String {
        self.at(below).to_str().expect("UTF-8").to_owned()
    }

    fn install(&self, packages: &[String]) {
        let root = self.text("root");
        must("mkdir", &["-p", &format!("{root}/var/lib/rpm")], &[]);
        let mut arguments = vec!["--root", &root, "--dbpath", "/var/lib/rpm", "--nosignature"];
        arguments.push("-i");
        arguments.extend(packages.iter().map(String::as_str));
        must("rpm", &arguments, &[]);
    }

    /// Makes the repository of release 8 anew, of these packages.
    pub(crate) fn publish(&self, packages: &[String]) {
        let place = self.text("target");
        must("rm", &["-rf", &place], &[]);
        must("mkdir", &["-p", &place], &[]);
        let mut arguments: Vec<&str> = packages.iter().map(String::as_str).collect();
        arguments.push(&place);
        must("cp", &arguments, &[]);
        must("createrepo_c", &["--quiet", "--no-database", &place], &[]);
        let modules = write(&self.at("modules.yaml"), MODULES);
        let repodata = format!("{place}/repodata");
        must("modifyrepo_c", &["--mdtype=modules", &modules, &repodata], &[]);
    }

    /// Writes upgrade data in which the key of the test is a vendor's.
    fn write_data(&self) {
        let data = |name: &str| self.at("data").join(name);
        let json = |value: &Value| serde_json::to_string_pretty(value).expect("JSON");
        write(&data("pes-events.json"), &json(&events()));
        write(&data("repomap.json"), &json(&map("base", "target")));
        write(&data("vendors.d/house_map.json"), &json(&map("house", "house8")));
        write(&data("vendors.d/house.sigs"), &format!("{}\n", built().key_id));
        let section = format!(
            "[target]\nname=Release 8\nbaseurl=file://{}\nenabled=1\ngpgcheck=1\ngpgkey=file://{}\n",
            self.text("target"),
            built().key
        );
        write(&data("leapp_upgrade_repositories.repo"), &section);
    }

    /// Captures and plans through the binary; the plan, as JSON.
    pub(crate) fn plan(&self) -> Value {
        let snapshot = self.text("snapshot.json");
        let captured = self.elevate(&["capture", "--root", &self.text("root"), "-o", &snapshot]);
        assert_eq!(captured.code, 0, "{}", captured.stderr);
        let (data, plan) = (self.text("data"), self.text("plan.json"));
        let mut arguments = vec!["plan", "--snapshot", &snapshot, "--data", &data];
        arguments.extend(["--target", "almalinux:8.10", "--format", "json", "-o", &plan]);
        arguments.extend(["--fail-on", "never"]);
        let planned = self.elevate(&arguments);
        assert_eq!(planned.code, 0, "{}", planned.stderr);
        self.read_plan()
    }

    /// The plan as it is in its file.
    pub(crate) fn read_plan(&self) -> Value {
        let text = std::fs::read_to_string(self.at("plan.json")).expect("a plan");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Writes another plan in its place.
    pub(crate) fn write_plan(&self, plan: &Value) {
        write(&self.at("plan.json"), &serde_json::to_string(plan).expect("JSON"));
    }

    /// The words of `elevate run` for this root. What a small root does not tell is accepted.
    fn words(&self, more: &[&str]) -> Vec<String> {
        let (plan, root) = (self.text("plan.json"), self.text("root"));
        let words = ["run", &plan, "--root", &root, "--accept-incomplete"];
        words.iter().chain(more).map(|&word| word.to_owned()).collect()
    }

    /// Runs `elevate run`.
    pub(crate) fn run(&self, more: &[&str]) -> Run {
        let words = self.words(more);
        self.elevate(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Runs `elevate run` on no root.
    pub(crate) fn run_anywhere(&self, more: &[&str]) -> Run {
        let plan = self.text("plan.json");
        self.elevate(&[&["run", &plan, "--accept-incomplete"], more].concat())
    }

    /// The plan as `elevate export` makes it into something.
    pub(crate) fn export(&self, what: &str) -> String {
        let plan = self.text("plan.json");
        let exported = self.elevate(&["export", &plan, "--to", what]);
        assert!(!exported.stdout.is_empty(), "{}", exported.stderr);
        exported.stdout
    }

    /// Starts `elevate run`.
    pub(crate) fn start(&self, more: &[&str]) -> Child {
        self.command(&self.words(more)).stdout(Stdio::null()).spawn().expect("elevate starts")
    }

    fn elevate(&self, arguments: &[&str]) -> Run {
        let words: Vec<String> = arguments.iter().map(|&word| word.to_owned()).collect();
        let output = self.command(&words).stdout(Stdio::piped()).output().expect("elevate runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Run {
            code: output.status.code().expect("an exit code"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// `elevate` in a home of its own, with nothing of the environment.
    #[expect(clippy::disallowed_methods, reason = "tests run the binary")]
    fn command(&self, words: &[String]) -> Command {
        let mut command = Command::new(executable());
        command.args(words).env_clear().env("HOME", self.at("home"));
        command.current_dir(self.directory.path()).stdin(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// The packages of the root, as rpm says.
    pub(crate) fn packages(&self) -> BTreeSet<String> {
        let form = "%{name}-%{version}-%{release}.%{arch}\\n";
        let root = self.text("root");
        let arguments = ["--root", &root, "--dbpath", "/var/lib/rpm", "-qa", "--qf", form];
        let all = must("rpm", &arguments, &[]);
        // A key has no architecture, and is no package.
        let packages = all.lines().filter(|line| !line.starts_with("gpg-pubkey-"));
        packages.map(str::to_owned).collect()
    }

    /// What rpm has to say about the files of all packages.
    pub(crate) fn verified(&self) -> String {
        let root = self.text("root");
        let output = run("rpm", &["--root", &root, "--dbpath", "/var/lib/rpm", "-Va"], &[]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A file of the root; nothing where there is none.
    pub(crate) fn file(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.root().join(path.trim_start_matches('/'))).ok()
    }

    /// The records of the journal.
    pub(crate) fn journal(&self) -> Vec<Value> {
        let text = self.file(JOURNAL).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}

/// The packages a plan leads to, by its own words.
pub(crate) fn planned(plan: &Value) -> BTreeSet<String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let nevra = |package: &Value| {
        let [name, version, release, arch] =
            ["name", "version", "release", "arch"].map(|key| package[key].as_str().expect("text"));
        format!("{name}-{version}-{release}.{arch}")
    };
    let operations = list(&plan["packages"]);
    let staying = operations.iter().filter(|operation| {
        let fate = operation["fate"].as_str().expect("a fate");
        matches!(fate, "stays" | "no-known-future")
    });
    let arrivals = list(&plan["arrivals"]);
    let coming = arrivals.iter().map(|arrival| &arrival["package"]);
    let taking: Vec<Value> = operations.iter().flat_map(|o| list(&o["to"])).collect();
    staying.chain(coming).chain(&taking).map(nevra).collect()
}

/// Files of the root that no package has.
const FILES: [(&str, &str); 6] = [
    (
        "etc/os-release",
        "NAME=\"CentOS Linux\"\nID=\"centos\"\nVERSION_ID=\"7\"\nVERSION=\"7 (Core)\"\n",
    ),
    ("etc/redhat-release", "CentOS Linux release 7.9.2009 (Core)\n"),
    (
        "etc/yum.repos.d/base.repo",
        "[base]\nname=Base\nbaseurl=http://mirror.example/7\nenabled=1\n",
    ),
    (
        "etc/yum.repos.d/house.repo",
        "[house]\nname=House\nbaseurl=http://house.example/7\nenabled=1\n",
    ),
    ("etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet\"\n"),
    ("etc/fstab", "/dev/sda1 / xfs defaults 0 0\n"),
];

const MODULES: &str = "\
---
document: modulemd
version: 2
data:
  name: lang
  stream: \"2\"
  version: 1
  context: aaaaaaaa
  arch: x86_64
  summary: for a test
  description: for a test
  license: {module: [MIT]}
  artifacts: {rpms: [\"lang-0:2-1.module_el8.x86_64\"]}
...
---
document: modulemd
version: 2
data:
  name: lang
  stream: \"3\"
  version: 1
  context: aaaaaaaa
  arch: x86_64
  summary: for a test
  description: for a test
  license: {module: [MIT]}
  artifacts: {rpms: [\"lang-0:3-1.module_el8.x86_64\"]}
...
---
document: modulemd-defaults
version: 1
data:
  module: lang
  stream: \"2\"
...
";

fn map(from: &str, to: &str) -> Value {
    let entry = |id: &str, major: &str| {
        let entry = json!({"repoid": id, "major_version": major, "arch": "x86_64",
            "repo_type": "rpm", "channel": "ga"});
        json!({"pesid": id, "entries": [entry]})
    };
    json!({
        "datetime": "202411010900Z", "version_format": "1.2.1", "provided_data_streams": ["3.1"],
        "mapping": [{"source_major_version": "7", "target_major_version": "8",
            "entries": [{"source": from, "target": [to]}]}],
        "repositories": [entry(from, "7"), entry(to, "8")],
    })
}

/// The events of the host's packages: one of each kind.
fn events() -> Value {
    const NONE: Option<&str> = None;
    let all = [
        (3, vec!["centos-release"], vec!["almalinux-release"], NONE),
        (7, vec!["oldname"], vec!["newname"], NONE),
        (4, vec!["suite"], vec!["suite", "suite-extra"], NONE),
        (5, vec!["parta", "partb"], vec!["whole"], NONE),
        (1, vec!["gone"], vec![], NONE),
        (6, vec!["lang"], vec!["lang"], Some("3")),
    ];
    let events = all.iter().enumerate().map(|(at, (action, from, to, stream))| {
        let stream = stream.map(|stream| json!({"name": "lang", "stream": stream}));
        let set = |names: &[&str], repository: &str, stream: &Value, id: usize| {
            let package = |name: &&str| {
                json!({"name": name, "repository": repository, "modulestreams": [stream]})
            };
            match names {
                [] => Value::Null,
                _ => json!({"set_id": id,
                    "package": names.iter().map(package).collect::<Vec<_>>()}),
            }
        };
        let release = |major: u32, minor: u32, os: &str| {
            json!({"major_version": major, "minor_version": minor, "os_name": os,
                "tag": null, "z_stream": null})
        };
        json!({
            "id": at + 1, "action": action, "architectures": ["x86_64"], "is_approved": true,
            "initial_release": release(7, 9, "CentOS"), "release": release(8, 0, "AlmaLinux"),
            "in_packageset": set(from, "base", &Value::Null, 100 + at),
            "out_packageset": set(to, "target", &json!(stream), 200 + at),
            "modulestream_maps": [{"in_modulestream": null, "out_modulestream": stream}],
        })
    });
    json!({"provided_data_streams": ["3.1"], "timestamp": "202411010900Z", "legal_notice": "",
        "packageinfo": events.collect::<Vec<_>>()})
}

/// Puts busybox into a root, with the libraries it needs, and a grubby that only notes what
/// it is told.
fn busybox(root: &Path) {
    let listed = run("ldd", &[BUSYBOX], &[]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let libraries = listed.split_whitespace().filter(|word| word.starts_with('/'));
    for file in libraries.chain([BUSYBOX]) {
        let to = root.join(file.trim_start_matches('/'));
        must("mkdir", &["-p", to.parent().expect("a parent").to_str().expect("UTF-8")], &[]);
        must("cp", &["-L", file, to.to_str().expect("UTF-8")], &[]);
    }
    let script = format!("#!{BUSYBOX} sh\necho \"$@\" >> {GRUBBY_LOG}\n");
    let grubby = write(&root.join("usr/sbin/grubby"), &script);
    must("chmod", &["755", &grubby], &[]);
}
