//! This machine's dnf, told to do with a root what the plan says and nothing else.

use std::path::{Path, PathBuf};

use super::{Root, command, links};
use crate::model::ModuleStream;
use crate::plan::Plan;
use crate::plan::edit::digest;
use crate::plan::phases::REPOSITORIES;
use crate::run::executor::{Act, Intent, StepError, Task};
use crate::run::journal::Outcome;
use crate::run::machine::DIRECTORY;
use crate::run::packages::{after, differences};

/// What dnf is told besides the command line. Nothing of the root and nothing of this
/// machine is asked: neither may change what the plan says. Packages are checked for
/// signatures unless their repository says otherwise. Directories are below the root: dnf 4
/// puts it before those of this file, and before those of its command line only half the
/// time.
const SETTINGS: &str = "[main]\n\
                        gpgcheck=1\n\
                        best=1\n\
                        strict=1\n\
                        obsoletes=1\n\
                        install_weak_deps=0\n\
                        plugins=0\n\
                        protected_packages=\n\
                        installonly_limit=0\n\
                        clean_requirements_on_remove=0\n\
                        varsdir=/var/lib/elevate/run/vars\n\
                        cachedir=/var/lib/elevate/run/cache\n\
                        logdir=/var/lib/elevate/run/log\n\
                        metadata_expire=never\n\
                        exit_on_lock=1\n\
                        keepcache=1\n";
/// Where the package database of the root is. This machine's rpm may have its own elsewhere:
/// Fedora's below /usr/lib/sysimage, Debian's in a home directory.
pub(super) const DATABASE: &str = "/var/lib/rpm";
/// Directories in which dnf and rpm write without changing their root first.
const WRITTEN: [&str; 3] = [DATABASE, "/var/lib/dnf", "/etc/dnf"];
/// The home directory of dnf and rpm, below the directory of the run: what they find there
/// is ours.
const HOME: &str = "home";
/// The transaction that dnf is to replay, below the directory of the run.
const STORED: &str = "transaction.json";

impl Root {
    /// Makes a public key known to the package database: that of the root, where it is there,
    /// else that of this machine. One that is elsewhere is fetched by dnf.
    pub(super) fn import(&self, address: &str) -> Intent {
        let path = address.strip_prefix("file://").unwrap_or(address);
        if !path.starts_with('/') {
            return Intent::Leave(format!("dnf fetches {address} when it exchanges packages"));
        }
        let own = self.path.join(path.trim_start_matches('/')).display().to_string();
        let is_own = self.files.is_there(path).unwrap_or_default();
        let path = if is_own { &own } else { path };
        let root = self.path.display().to_string();
        let words = ["rpmkeys", "--root", &root, "--dbpath", DATABASE, "--import", path];
        Intent::Do(vec![Act::Run(words.map(str::to_owned).to_vec())])
    }

    pub(super) fn modules(
        &self,
        plan: &Plan,
        reset: &[ModuleStream],
        enable: &[ModuleStream],
    ) -> Vec<Act> {
        let of = |word: &str, streams: &[ModuleStream]| {
            let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
            let words = [&["module".to_owned(), word.to_owned()], &names[..]].concat();
            (!streams.is_empty()).then(|| Act::Run(self.dnf(plan, &words)))
        };
        [of("reset", reset), of("enable", enable)].into_iter().flatten().collect()
    }

    /// Metadata is fetched, compared with that of the plan, and used.
    pub(super) fn transaction(&self, plan: &Plan) -> Vec<Act> {
        let words = |words: &[&str]| -> Vec<String> {
            self.dnf(plan, &words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
        };
        let stored = self.at(STORED).display().to_string();
        vec![
            Act::Run(words(&["makecache"])),
            Act::Look("the metadata of the repositories are those of the plan".to_owned()),
            Act::Run(words(&["history", "replay", &stored])),
        ]
    }

    /// dnf with what it is told, and these words.
    fn dnf(&self, plan: &Plan, words: &[String]) -> Vec<String> {
        let at = |name: &str| self.at(name).display().to_string();
        let repositories = self.path.join(REPOSITORIES.trim_start_matches('/'));
        let repositories = repositories.parent().map(|path| path.display().to_string());
        let release = plan.path.target.release;
        let head = [
            "dnf".to_owned(),
            "--assumeyes".to_owned(),
            format!("--config={}", at("dnf.conf")),
            format!("--installroot={}", self.path.display()),
            format!("--releasever={release}"),
            format!("--setopt=module_platform_id=platform:el{}", release.major),
            format!("--setopt=reposdir={}", repositories.unwrap_or_default()),
        ];
        [&head[..], words].concat()
    }

    /// A file of the run, as this machine sees it.
    fn at(&self, name: &str) -> PathBuf {
        self.path.join(DIRECTORY.trim_start_matches('/')).join(name)
    }

    /// Has dnf exchange packages. What it reads is written before; whether packages are what
    /// was planned is looked at afterwards, whatever it says.
    pub(super) fn exchange(
        &mut self,
        task: &mut Task<'_>,
        words: &[String],
    ) -> Result<Outcome, StepError> {
        let installed = self.installed()?;
        let wanted = after(task.plan);
        if installed == wanted {
            return Ok(Outcome::Unchanged);
        }
        let none = || StepError("the plan has no transaction".to_owned());
        let stored = task.plan.exchange_left(&installed).ok_or_else(none)?;
        let stored = crate::model::to_json(&stored).map_err(|e| StepError(e.to_string()))?;
        self.write(STORED, &stored)?;
        self.run_dnf(task, words)?;
        match differences(&wanted, &self.installed()?).as_slice() {
            [] => Ok(Outcome::Changed),
            [first, ..] => Err(StepError(format!("dnf is done, but {first}"))),
        }
    }

    /// Runs dnf with our settings.
    pub(super) fn run_dnf(&self, task: &mut Task<'_>, words: &[String]) -> Result<(), StepError> {
        self.stays_inside()?;
        self.write("dnf.conf", SETTINGS)?;
        // dnf does not start without a place for its log.
        let log = format!("{DIRECTORY}/log");
        self.files.make_directory(&log).map_err(|error| StepError::of(&log, error))?;
        self.write(&format!("{HOME}/.rpmmacros"), &format!("%_dbpath {DATABASE}\n"))?;
        command::run(words, &self.at(HOME), task.say)
    }

    /// Whether no link leads dnf and rpm out of the root where they write: they go by paths
    /// of this machine.
    pub(super) fn stays_inside(&self) -> Result<(), StepError> {
        let run = DIRECTORY.trim_start_matches('/');
        let own = ["cache", "log", HOME].map(|name| self.path.join(run).join(name));
        let others = WRITTEN.map(|path| self.path.join(path.trim_start_matches('/')));
        own.iter().chain(&others).try_for_each(|path| links::lead_nowhere_else(&self.path, path))
    }

    /// Whether a key of the root is one, not what a link leads to.
    pub(super) fn key_stays_inside(&self, words: &[String]) -> Result<(), StepError> {
        match words.last().map(Path::new) {
            Some(key) if key.starts_with(&self.path) => links::lead_nowhere_else(&self.path, key),
            _ => Ok(()),
        }
    }

    fn write(&self, name: &str, content: &str) -> Result<(), StepError> {
        let path = format!("{DIRECTORY}/{name}");
        let written = self.files.replace(&path, content.as_bytes());
        written.map_err(|error| StepError::of(&path, error))
    }

    /// Whether the metadata dnf has fetched are those the plan was made with, as far as it
    /// tells.
    pub(super) fn same_metadata(&self, plan: &Plan) -> Result<Outcome, StepError> {
        let cache = format!("{DIRECTORY}/cache");
        for read in &plan.read {
            let planned = plan
                .provenance
                .inputs
                .iter()
                .find(|input| input.kind == "repository" && input.path == read.id.as_str());
            let Some(planned) = planned else { continue };
            let found = self.fetched(&cache, read.id.as_str())?;
            if found != planned.sha256 {
                let why = "its metadata are not those the plan was made with; plan anew";
                return Err(StepError::of(format_args!("repository {}", read.id), why));
            }
        }
        Ok(Outcome::Unchanged)
    }

    /// SHA-256 of the `repomd.xml` that dnf has fetched for a repository.
    fn fetched(&self, cache: &str, id: &str) -> Result<String, StepError> {
        use crate::host::Host as _;
        const MOST: usize = 10_000;
        let listed = self.host.list(cache, MOST).map_err(|why| StepError::of(cache, why))?;
        let is_of = |name: &str| {
            name.strip_prefix(id).and_then(|rest| rest.strip_prefix('-')).is_some_and(|hash| {
                hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
            })
        };
        let name = listed.iter().map(|name| String::from_utf8_lossy(name)).find(|name| is_of(name));
        let name = name.ok_or_else(|| StepError::of(cache, format!("has nothing of {id}")))?;
        let path = format!("{cache}/{name}/repodata/repomd.xml");
        let content = self.files.read(&path).map_err(|error| StepError::of(&path, error))?;
        let content = content.ok_or_else(|| StepError::of(&path, "does not exist"))?;
        Ok(digest(&content))
    }
}
