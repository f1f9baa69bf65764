//! The host of `fixtures/hosts/ready` on disk, and captured as if it ran: a host that
//! tells all that anybody asks, and that nothing keeps from its upgrade.

#![expect(clippy::disallowed_methods, reason = "tests make files")]

use std::os::unix::fs::symlink;
use std::path::Path;

use elevate_core::host::{Denied, Door, Host, Node, NodeKind, RandomAccess, Root, Space, Uname};
use elevate_core::model::Nevra;
use elevate_core::snapshot::Snapshot;
use elevate_core::snapshot::capture::{Options, capture};
use sha2::{Digest as _, Sha256};

use crate::data::TempDir;
use crate::rpm_database::{self, Stored};

/// Where it is, below the root of the repository.
pub const READY: &str = "fixtures/hosts/ready";
const TREE: &str = include_str!("../../fixtures/hosts/ready/tree.txt");
const PACKAGES: &str = include_str!("../../fixtures/hosts/ready/packages.txt");
/// The key CentOS signs release 7 with.
const CENTOS: u64 = 0x24c6_a8a7_f4a8_0eb5;
const KERNEL: &str = "3.10.0-1160.119.1.el7.x86_64";

/// Writes its files, its package database and yum's notes below a directory.
pub fn write(directory: &Path) {
    for (head, content) in sections() {
        let (path, target) = head.split_once(" -> ").unzip();
        let at = directory.join(path.unwrap_or(head).trim_start_matches('/'));
        std::fs::create_dir_all(at.parent().expect("a parent")).expect("a directory");
        match target {
            Some(target) => symlink(target, &at).expect("a link"),
            None if head.ends_with('/') => std::fs::create_dir_all(&at).expect("a directory"),
            None => std::fs::write(&at, bytes(head, content)).expect("a file"),
        }
    }
    let packages = packages();
    let stored: Vec<Stored> = packages.iter().map(|(package, _)| package.clone()).collect();
    put(directory, "var/lib/rpm/Packages.db", &rpm_database::build(&stored));
    for (package, repository) in &packages {
        put(directory, &format!("{}/from_repo", note(&package.nevra)), repository.as_bytes());
    }
}

/// It, captured as if it ran.
pub fn captured() -> Snapshot {
    let directory = TempDir::new("ready").expect("a directory");
    write(directory.path());
    let host = Running(Root::open(directory.path()).expect("a root"));
    capture(&host, &Options::default(), &mut |_| ()).expect("a snapshot")
}

/// What begins each section of the tree, and what follows.
fn sections() -> impl Iterator<Item = (&'static str, &'static str)> {
    TREE.split("\n//- ").skip(1).map(|section| section.split_once('\n').unwrap_or((section, "")))
}

/// The content of a file; an environment block of GRUB is always of the same length.
fn bytes(path: &str, content: &str) -> String {
    let content = match content.trim_end() {
        "" => String::new(),
        content => format!("{content}\n"),
    };
    if path.ends_with("/grubenv") { format!("{content:#<1024}") } else { content }
}

/// The digest of a file of the tree, as its package brought it.
fn digest(path: &str) -> String {
    let file = sections().find(|(head, _)| *head == path);
    let (_, content) = file.unwrap_or_else(|| panic!("{path} is not in the tree"));
    let digest = Sha256::digest(bytes(path, content));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn put(directory: &Path, path: &str, content: &[u8]) {
    let at = directory.join(path);
    std::fs::create_dir_all(at.parent().expect("a parent")).expect("a directory");
    std::fs::write(at, content).expect("a file");
}

/// Where yum keeps its notes on a package; the number in front tells nothing.
fn note(Nevra { name, evr, arch }: &Nevra) -> String {
    let letter = &name.as_str()[..1];
    let package = format!("{name}-{}-{}-{arch}", evr.version, evr.release);
    format!("var/lib/yum/yumdb/{letter}/0123456789abcdef0123456789abcdef01234567-{package}")
}

/// Its packages, each with the repository it came from.
fn packages() -> Vec<(Stored, String)> {
    let mut packages: Vec<(Stored, String)> = Vec::new();
    for line in PACKAGES.lines().filter(|line| !line.starts_with('#')) {
        let Some(more) = line.strip_prefix("  ") else {
            packages.push(package(line));
            continue;
        };
        let (package, _) = packages.last_mut().expect("a package comes first");
        let (word, rest) = more.split_once(' ').expect("a word and what it is about");
        let rest = rest.to_owned();
        match word {
            "provides" => package.provides.push(rest),
            "requires" => package.requires.push(rest),
            "file" => package.files.push((rest, None)),
            "config" => package.files.push((rest.clone(), Some(digest(&rest)))),
            _ => panic!("{line}: nothing is known of {word}"),
        }
    }
    packages
}

fn package(line: &str) -> (Stored, String) {
    let (nevra, repository) = line.split_once(' ').expect("a package and its repository");
    let nevra = nevra.parse().unwrap_or_else(|error| panic!("{line}: {error}"));
    let (provides, requires, files) = (Vec::new(), Vec::new(), Vec::new());
    let stored = Stored { nevra, provides, requires, files, key: CENTOS };
    (stored, repository.to_owned())
}

/// A tree that answers as the machine it is the root of: with the kernel it runs and
/// the room it has, and the same whoever made the files, and when.
struct Running(Root);

impl Host for Running {
    fn door(&self) -> Door {
        Door::Live
    }

    fn node(&self, path: &str) -> Result<Node, Denied> {
        let node = self.0.node(path)?;
        let mode = if node.kind == NodeKind::Directory { 0o755 } else { 0o644 };
        let device = if path.starts_with("/boot") { 2 } else { 1 };
        Ok(Node { mode, uid: 0, gid: 0, mtime: 1_606_212_001, device, ..node })
    }

    fn link(&self, path: &str) -> Result<Vec<u8>, Denied> {
        self.0.link(path)
    }

    fn list(&self, path: &str, limit: usize) -> Result<Vec<Vec<u8>>, Denied> {
        self.0.list(path, limit)
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Denied> {
        self.0.read(path, limit)
    }

    /// A disk with a table of EFI partitions and no code to boot from.
    fn read_device(&self, _: &str, length: usize) -> Result<Vec<u8>, Denied> {
        let mut sector = vec![0; length];
        sector[length - 2..].copy_from_slice(&[0x55, 0xaa]);
        Ok(sector)
    }

    fn open(&self, path: &str) -> Result<Box<dyn RandomAccess + '_>, Denied> {
        self.0.open(path)
    }

    fn space(&self, path: &str) -> Result<Space, Denied> {
        let total = if path.starts_with("/boot") { 1 << 30 } else { 40 << 30 };
        let (inodes, inodes_free) = (20_000_000, 19_900_000);
        let entries_have_kinds = Some(true);
        Ok(Space { total, available: total / 4 * 3, inodes, inodes_free, entries_have_kinds })
    }

    fn command(&self, line: &str, limit: usize) -> Result<Vec<u8>, Denied> {
        self.0.command(line, limit)
    }

    fn uname(&self) -> Option<Uname> {
        Some(Uname {
            machine: "x86_64".to_owned(),
            release: KERNEL.to_owned(),
            node: "nest.example.org".to_owned(),
        })
    }
}
