//! What `sosreport` or the Insights client collected, packed or unpacked: some
//! files of a host and the output of some commands. What is not in it may well
//! be on the host, so nothing is ever absent here.
//!
//! Owners, permissions and times are as far those of the host as the collector
//! kept them; Insights keeps none.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

use super::archive::{self, ArchiveLimits};
use super::handle::longer_than;
use super::open::{OpenError, open_file};
use super::{Denied, Door, Host, Node, NodeKind, RandomAccess, Root, Space, Tree, Uname};

pub use layout::LayoutError;

mod layout;
mod names;
#[cfg(test)]
mod tests;

/// How many outputs of commands are known by name.
const MOST_COMMANDS: usize = 100_000;
/// Where the collectors keep them.
const INSIGHTS: &str = "/insights_commands";
const SOS: &str = "/sos_commands";
/// The longest output of `uname` and `hostname` that is looked at.
const LONGEST_NAME: usize = 4096;
/// How long an output can be that only says why there is none.
const LONGEST_EXCUSE: usize = 300;

/// A host as a collector saw it.
pub struct Sos {
    files: Box<dyn Host>,
    door: Door,
    /// Where the output of a command is, by the name it was given.
    commands: BTreeMap<String, Vec<String>>,
    problems: Vec<String>,
}

impl Sos {
    /// Reads an archive file, without logs and crash dumps.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, or is no such archive.
    pub fn from_archive(path: &Path) -> Result<Self, OpenError> {
        Self::from_reader(open_file(path)?, &ArchiveLimits::default(), &is_evidence)
    }

    /// Reads an archive, and keeps the files `wanted` says yes to by their path
    /// in the archive.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or is no such archive.
    pub fn from_reader(
        input: impl Read,
        limits: &ArchiveLimits,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Self, OpenError> {
        let archive = archive::read(input, limits, wanted)?;
        let layout = layout::find(&archive.tree)?;
        let tree: Option<Tree> = archive.tree.below(&layout.root);
        let tree = tree.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Self::new(Box::new(tree), layout.door, archive.problems))
    }

    /// Takes an unpacked archive, or a directory that holds nothing but one.
    ///
    /// # Errors
    ///
    /// Where the directory cannot be read, or is no such archive.
    pub fn from_directory(directory: &Path) -> Result<Self, OpenError> {
        let root = Root::open(directory)?;
        let layout = layout::find(&root)?;
        let root = root.below(&layout.root).map_err(io::Error::other)?;
        Ok(Self::new(Box::new(root), layout.door, Vec::new()))
    }

    fn new(files: Box<dyn Host>, door: Door, problems: Vec<String>) -> Self {
        let mut sos = Self { files, door, commands: BTreeMap::new(), problems };
        sos.find_commands(INSIGHTS, 0);
        sos.find_commands(SOS, 2);
        sos
    }

    /// Notes the outputs in a directory and the directories in it: sosreport has
    /// one for each plugin, and a plugin may have more.
    fn find_commands(&mut self, directory: &str, deeper: usize) {
        let names = match self.files.list(directory, MOST_COMMANDS) {
            Ok(names) => names,
            Err(Denied::Absent) => return,
            Err(why) => return self.problems.push(format!("{directory}: {why}")),
        };
        for name in names {
            let Ok(name) = String::from_utf8(name) else {
                self.problems.push(format!("{directory}: holds a name that is not UTF-8"));
                continue;
            };
            let path = format!("{directory}/{name}");
            match self.files.node(&path).map(|node| node.kind) {
                Ok(NodeKind::Directory) if deeper > 0 => self.find_commands(&path, deeper - 1),
                Ok(NodeKind::File | NodeKind::Link) if self.commands.len() < MOST_COMMANDS => {
                    self.commands.entry(name).or_default().push(path);
                }
                Ok(NodeKind::File | NodeKind::Link) => {
                    return self
                        .problems
                        .push(format!("{directory}: {}", longer_than(MOST_COMMANDS)));
                }
                _ => {}
            }
        }
    }

    fn output(&self, path: &str, limit: usize) -> Result<Vec<u8>, Denied> {
        let bytes = self.read(path, limit)?;
        match excuse(&bytes) {
            Some(denied) => Err(denied),
            None => Ok(bytes),
        }
    }
}

/// That an archive does not hold what is not in it.
fn not_held<T>(answer: Result<T, Denied>) -> Result<T, Denied> {
    answer.map_err(|denied| match denied {
        Denied::Absent => Denied::NotHeld,
        other => other,
    })
}

impl Host for Sos {
    fn door(&self) -> Door {
        self.door
    }

    /// The device would be the one the archive was unpacked on.
    fn node(&self, path: &str) -> Result<Node, Denied> {
        not_held(self.files.node(path)).map(|node| Node { device: 0, ..node })
    }

    fn link(&self, path: &str) -> Result<Vec<u8>, Denied> {
        not_held(self.files.link(path))
    }

    fn list(&self, path: &str, limit: usize) -> Result<Vec<Vec<u8>>, Denied> {
        not_held(self.files.list(path, limit))
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Denied> {
        not_held(self.files.read(path, limit))
    }

    fn read_device(&self, _path: &str, _length: usize) -> Result<Vec<u8>, Denied> {
        Err(Denied::NotHeld)
    }

    fn open(&self, path: &str) -> Result<Box<dyn RandomAccess + '_>, Denied> {
        not_held(self.files.open(path))
    }

    fn space(&self, _path: &str) -> Result<Space, Denied> {
        Err(Denied::NotHeld)
    }

    /// Of several outputs of one command the first that is one counts.
    fn command(&self, line: &str, limit: usize) -> Result<Vec<u8>, Denied> {
        let mut why = Denied::NotHeld;
        let names = names::candidates(line);
        let paths = names.iter().filter_map(|name| self.commands.get(name)).flatten().cloned();
        let at_the_top = names::at_the_top(line).map(|name| format!("/{name}"));
        for path in paths.chain(at_the_top) {
            match self.output(&path, limit) {
                Ok(output) => return Ok(output),
                Err(denied) if why == Denied::NotHeld => why = denied,
                Err(_) => {}
            }
        }
        Err(why)
    }

    fn commands(&self) -> Vec<String> {
        self.commands.keys().cloned().collect()
    }

    fn problems(&self) -> &[String] {
        &self.problems
    }

    fn uname(&self) -> Option<Uname> {
        let output = self.command("uname -a", LONGEST_NAME).ok()?;
        let mut uname = uname(&String::from_utf8_lossy(&output))?;
        if let Ok(name) = self.command("hostname", LONGEST_NAME)
            && let [name] = *String::from_utf8_lossy(&name).split_whitespace().collect::<Vec<_>>()
        {
            name.clone_into(&mut uname.node);
        }
        Some(uname)
    }
}

/// Whether a file of an archive may say something about an upgrade. Logs and
/// crash dumps do not, and they are most of an archive.
fn is_evidence(path: &str) -> bool {
    const KEPT: [&str; 2] = ["/var/log/leapp/answerfile", "/var/log/leapp/leapp-report"];
    const PASSED_BY: [&str; 7] = [
        "/sos_commands/logs/",
        "/sos_reports/",
        "/sos_strings/",
        "/var/crash/",
        "/var/log/",
        "/var/spool/abrt/",
        "/var/tmp/",
    ];
    let path = format!("/{path}");
    let names = |parts: &[&str]| parts.iter().any(|part| path.contains(part));
    !names(&PASSED_BY) || names(&KEPT)
}

/// What an output says that is none: the collector, or the shell, tells why.
fn excuse(output: &[u8]) -> Option<Denied> {
    if output.len() > LONGEST_EXCUSE {
        return None;
    }
    let text = std::str::from_utf8(output).ok()?.trim();
    if text.contains('\n') {
        return None;
    }
    let words = text.to_lowercase();
    let is_shell = ["sh: ", "bash: ", "/bin/sh: ", "/bin/bash: ", "timeout: "]
        .iter()
        .any(|shell| words.starts_with(shell));
    let not_there = words == "command not found"
        || words.ends_with(": command not found")
        || is_shell
            && (words.ends_with(": not found") || words.ends_with(": no such file or directory"));
    if not_there {
        return Some(Denied::NotHeld);
    }
    let not_run = words.starts_with("[skipped")
        || words.starts_with("timeout: ")
        || words.starts_with("command ") && words.contains(" timed out")
        || is_shell && words.ends_with(": permission denied");
    not_run.then(|| Denied::Unreadable(format!("the collector has no output: {text}")))
}

/// `Linux NODE RELEASE #1 SMP Wed Oct 19 11:24:13 EDT 2016 MACHINE ... GNU/Linux`.
fn uname(output: &str) -> Option<Uname> {
    let words: Vec<&str> = output.lines().next()?.split_whitespace().collect();
    let [system, node, release, rest @ ..] = words.as_slice() else { return None };
    let year = |word: &&str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let machine = rest.get(rest.iter().rposition(year)? + 1)?;
    let is_machine = machine.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (*system == "Linux" && is_machine).then(|| Uname {
        machine: (*machine).to_owned(),
        release: (*release).to_owned(),
        node: (*node).to_owned(),
    })
}
