//! A host in the making: all that is on it, so that what is not there is known to be
//! absent. It becomes the text [`elevate_core::snapshot::fixture`] reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use elevate_core::directive::Directive;
use elevate_core::snapshot::{Content, Snapshot, fixture};

/// A host in the making.
#[derive(Debug, Clone)]
pub(super) struct Machine {
    system: String,
    arch: String,
    kernel: Option<String>,
    packages: BTreeMap<String, String>,
    tree: BTreeMap<String, Node>,
    commands: BTreeMap<String, String>,
    sections: Vec<String>,
    /// What actors of nobody ask for, by the name of such an actor.
    pub asks: BTreeMap<&'static str, Vec<Directive>>,
    /// Settings by leapp's names.
    pub settings: BTreeMap<String, String>,
    /// Files of upgrade data.
    pub data: BTreeMap<String, String>,
    /// What there was no way to make: the case cannot be compared.
    pub strange: Vec<String>,
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

#[derive(Debug, Clone)]
enum Node {
    File(String),
    Directory,
    Link(String),
    Device,
    /// It is there, and nobody looked into it.
    Unseen,
}

impl Machine {
    /// A host with nothing on it, whose kernel runs.
    pub(super) fn new(system: String, arch: String) -> Self {
        let mut machine = Self {
            system,
            arch,
            kernel: None,
            packages: BTreeMap::new(),
            tree: BTreeMap::new(),
            commands: BTreeMap::new(),
            sections: Vec::new(),
            asks: BTreeMap::new(),
            settings: BTreeMap::new(),
            data: BTreeMap::new(),
            strange: Vec::new(),
        };
        machine.file("/proc/cmdline", "ro");
        machine.file("/proc/modules", "xfs 1 1 - Live 0x0");
        machine.file("/proc/mounts", "rootfs / rootfs rw 0 0");
        machine.file("/etc/fstab", "");
        for directory in ["/sys/class/net", "/sys/class/block", "/usr/lib/systemd/system"] {
            machine.directory(directory);
        }
        machine
    }

    /// The kernel that runs.
    pub(super) fn kernel(&mut self, release: &str) {
        self.kernel = Some(release.to_owned());
    }

    /// A package of the distribution, by name or whole name.
    pub(super) fn package(&mut self, what: &str) {
        self.packages.insert(what.to_owned(), String::new());
    }

    /// Whether there is a package of this name.
    pub(super) fn has_package(&self, name: &str) -> bool {
        let is_it = |what: &String| {
            what.strip_prefix(name).is_some_and(|rest| {
                rest.is_empty() || rest.strip_prefix('-').is_some_and(starts_with_digit)
            })
        };
        self.packages.keys().any(is_it)
    }

    /// A package of somebody else; where it was named before, that counts.
    pub(super) fn foreign_package(&mut self, what: &str) {
        self.packages.entry(what.to_owned()).or_insert_with(|| " third-party".to_owned());
    }

    /// A file.
    pub(super) fn file(&mut self, path: &str, content: &str) {
        self.tree.insert(path.to_owned(), Node::File(content.to_owned()));
    }

    /// Lines at the end of a file.
    pub(super) fn append(&mut self, path: &str, lines: &str) {
        let node = self.tree.entry(path.to_owned()).or_insert(Node::File(String::new()));
        let Node::File(content) = node else {
            return self.strange(format!("{path} is no file"));
        };
        if !content.is_empty() && !content.ends_with('\n') {
            content.push('\n');
        }
        content.push_str(lines);
    }

    /// A directory.
    pub(super) fn directory(&mut self, path: &str) {
        self.tree.entry(path.to_owned()).or_insert(Node::Directory);
    }

    /// A link.
    pub(super) fn link(&mut self, path: &str, target: &str) {
        self.tree.insert(path.to_owned(), Node::Link(target.to_owned()));
    }

    /// Something nobody looked into, and nothing of what is in it.
    pub(super) fn unseen(&mut self, path: &str) {
        let below = format!("{path}/");
        self.tree.retain(|at, _| !at.starts_with(&below));
        self.tree.insert(path.to_owned(), Node::Unseen);
    }

    /// What a command printed; more of it where it is there already.
    pub(super) fn command(&mut self, line: &str, output: &str) {
        let text = self.commands.entry(line.to_owned()).or_default();
        if !output.is_empty() {
            text.push_str(output.trim_end_matches('\n'));
            text.push('\n');
        }
    }

    /// A disk that has a device node and a first sector, with its partitions.
    pub(super) fn disk(&mut self, name: &str, sector: &str, partitions: &[String]) {
        let device = format!("/sys/devices/pci/block/{name}");
        self.block_device(name, &device, &[]);
        for partition in partitions {
            self.link(&format!("/sys/class/block/{partition}"), &format!("{device}/{partition}"));
        }
        self.sections.push(format!("//- sector /dev/{name} {sector}\n"));
    }

    /// A block device with those it lies on.
    pub(super) fn block_device(&mut self, name: &str, device: &str, slaves: &[String]) {
        self.link(&format!("/sys/class/block/{name}"), device);
        self.tree.insert(format!("/dev/{name}"), Node::Device);
        let directory = format!("/sys/class/block/{name}/slaves");
        let names: Vec<String> = slaves.iter().map(|slave| format!("{slave}@")).collect();
        self.sections.push(format!("//- dir {directory}: {}\n", names.join(" ")));
    }

    /// What `lstat` says of a path: what follows it in a section `entry`.
    pub(super) fn entry(&mut self, path: &str, rest: &str) {
        self.sections.push(format!("//- entry {path} {rest}\n"));
    }

    /// A mounted file system, and how much room it has.
    pub(super) fn room(&mut self, path: &str, available: u64, total: u64) {
        let numbers = format!("available={available} total={total}");
        self.sections.push(format!("//- space {path} {numbers}\n"));
    }

    /// Whether something was put at a path.
    pub(super) fn has(&self, path: &str) -> bool {
        self.tree.contains_key(path)
    }

    /// What is read at the path of a link, which no listing names as a file.
    pub(super) fn below_link(&mut self, path: &str, content: &str) {
        self.sections.push(format!("//- {path}\n{content}\n"));
    }

    /// A unit of systemd: whether it is started at boot, and whether it runs.
    pub(super) fn unit(&mut self, unit: &str, enabled: bool, active: bool) {
        let file = format!("/usr/lib/systemd/system/{unit}");
        self.file(&file, "[Install]\nWantedBy=multi-user.target\n");
        if enabled {
            let link = format!("/etc/systemd/system/multi-user.target.wants/{unit}");
            self.link(&link, &file);
        }
        let slice = "/sys/fs/cgroup/systemd/system.slice";
        self.directory(slice);
        if active {
            self.directory(&format!("{slice}/{unit}"));
        }
    }

    /// Notes what there is no way to make.
    pub(super) fn strange(&mut self, what: String) {
        self.strange.push(format!("there is no way to make this: {what}"));
    }

    /// The host, with the content of files to the byte.
    pub(super) fn snapshot(&self) -> Snapshot {
        let text = self.text();
        let mut host = fixture::parse(&text).unwrap_or_else(|error| panic!("{error} of\n{text}"));
        for (path, node) in &self.tree {
            if let Node::File(content) = node {
                host.evidence.files.insert(path.clone(), Content::from(content.as_str()));
            }
        }
        host
    }

    /// The host as text.
    pub(super) fn text(&self) -> String {
        let mut text = format!("//- host {} {}\n", self.system, self.arch);
        if let Some(kernel) = &self.kernel {
            let _ = writeln!(text, "//- kernel {kernel}");
        }
        text.push_str("//- packages\n");
        for (package, origin) in &self.packages {
            let _ = writeln!(text, "{package}{origin}");
        }
        for (directory, names) in self.listings() {
            let names: Vec<String> = names.into_iter().collect();
            let _ = writeln!(text, "//- dir {directory}: {}", names.join(" "));
        }
        for (path, node) in &self.tree {
            let _ = match node {
                Node::File(content) => {
                    writeln!(text, "//- {path}\n{}", content.trim_end_matches('\n'))
                }
                Node::Link(target) => writeln!(text, "//- link {path} -> {target}"),
                Node::Directory | Node::Device | Node::Unseen => Ok(()),
            };
        }
        for (line, output) in &self.commands {
            let _ = writeln!(text, "//- command {line}\n{output}");
        }
        self.sections.iter().for_each(|section| text.push_str(section));
        text
    }

    /// Every directory with the names in it, as the text marks their kinds.
    fn listings(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut listings: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, node) in &self.tree {
            let mark = match node {
                Node::File(_) | Node::Unseen => "",
                Node::Directory => "/",
                Node::Link(_) => "@",
                Node::Device => "%",
            };
            if matches!(node, Node::Directory) {
                listings.entry(path.clone()).or_default();
            }
            let (mut above, name) = path.rsplit_once('/').expect("an absolute path");
            let mut entry = format!("{name}{mark}");
            loop {
                let directory = if above.is_empty() { "/" } else { above };
                listings.entry(directory.to_owned()).or_default().insert(entry);
                let Some((next, name)) = above.rsplit_once('/') else { break };
                entry = format!("{name}/");
                above = next;
            }
        }
        listings
    }
}
