//! A real distribution and its next release, spelled as rpm packages.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use elevate_core::model::{InstalledPackage, hex};
use elevate_core::solve::{Changes, Conflict};
use elevate_core::universe::{Target, Universe};
use elevate_tests::recorded::{entries, oracle_dir, read};
use elevate_tests::release::{HOSTS, REPOSITORIES, fleet};
use elevate_tests::repositories::{Repository, target};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::answer::{difference, none};
use crate::request::{Mode, Repositories, Request, lines};

/// The repositories and hosts, read once for all tests.
struct World {
    directory: PathBuf,
    repositories: BTreeMap<&'static str, Repository>,
    hosts: BTreeMap<&'static str, Vec<InstalledPackage>>,
    targets: Mutex<BTreeMap<Repositories, Arc<Target>>>,
}

impl World {
    fn get() -> Option<&'static Self> {
        static WORLD: OnceLock<Option<World>> = OnceLock::new();
        WORLD.get_or_init(|| oracle_dir("solver/debian").map(Self::read)).as_ref()
    }

    fn read(directory: PathBuf) -> Self {
        let names = ["el7", "el8-baseos", "el8-appstream", "el8-epel"];
        let read = |name| (name, Repository::read(&directory.join("repos").join(name)));
        let repositories = names.into_iter().map(read).collect();
        let installed = |name| {
            let read = Repository::read(&directory.join("installed").join(name));
            (name, read.installed_packages())
        };
        let hosts = HOSTS.into_iter().map(installed).collect();
        Self { directory, repositories, hosts, targets: Mutex::default() }
    }

    /// Repositories united, in this order; the new release where there are none. What is
    /// excluded is left out altogether: the script of the answers, unlike dnf, does not tell
    /// libsolv that it is among providers.
    fn target(&self, repositories: &[(String, i32)], exclude: &[String]) -> Arc<Target> {
        let release = || REPOSITORIES.map(|name| (name.to_owned(), 99)).to_vec();
        let named = if repositories.is_empty() { release() } else { repositories.to_vec() };
        if !exclude.is_empty() {
            let without = |(name, priority): &(String, i32)| {
                (name.clone(), self.repositories[name.as_str()].without(exclude), *priority)
            };
            let read: Vec<_> = named.iter().map(without).collect();
            let sources: Vec<(&str, &Repository, i32)> = read
                .iter()
                .map(|(name, read, priority)| (name.as_str(), read, *priority))
                .collect();
            return Arc::new(target(&sources, &[]));
        }
        let mut targets = self.targets.lock().unwrap();
        let known = targets.entry(named).or_insert_with_key(|named| {
            let source = |(name, priority): &(String, i32)| {
                let (name, read) = self.repositories.get_key_value(name.as_str()).unwrap();
                (*name, read, *priority)
            };
            Arc::new(target(&named.iter().map(source).collect::<Vec<_>>(), &[]))
        });
        Arc::clone(known)
    }

    /// Our answer to a request.
    fn answer(&self, request: &Request, packages: &[InstalledPackage]) -> Vec<String> {
        let target = self.target(&request.repositories, &request.exclude);
        let universe = Universe::new(target, packages).unwrap();
        let goal = request.goal(&universe);
        let outcome = goal.solve(&universe);
        lines(&universe, &Changes::of(&universe, &goal, &outcome), &outcome)
    }

    /// Compares our answers with files of `expected`.
    fn agree(&self, cases: &[(String, Request)]) {
        let compare = |(file, request): &(String, Request)| {
            let text = read(&self.directory.join("expected").join(file));
            let theirs: Vec<String> =
                String::from_utf8(text).unwrap().lines().map(str::to_owned).collect();
            let problems = theirs.iter().filter(|line| line.starts_with("problem ")).count();
            let theirs = if problems > 0 { vec![format!("problems {problems}")] } else { theirs };
            let ours = self.answer(request, &self.hosts[request.installed.as_str()]);
            difference(file, &theirs, &ours)
        };
        let differences: Vec<String> = cases.par_iter().filter_map(compare).collect();
        none(cases.len(), &differences);
    }
}

#[test]
fn a_release_upgrade_is_what_libsolv_makes_of_it() {
    let Some(world) = World::get() else { return };
    let mut cases = Vec::new();
    for host in HOSTS {
        for (way, mode, plain) in [
            ("", Mode::Sync, false),
            (".update", Mode::Update, false),
            (".libsolv", Mode::Sync, true),
        ] {
            for weak in [true, false] {
                let suffix = match (way, weak) {
                    (way, true) => way.to_owned(),
                    ("", false) => ".noweak".to_owned(),
                    (way, false) => format!("{way}-noweak"),
                };
                let request = Request { mode, plain, weak, ..Request::sync(host) };
                cases.push((format!("{host}{suffix}.txt"), request));
            }
        }
    }
    assert_eq!(cases.len(), 18);
    world.agree(&cases);
}

#[test]
fn scenarios_have_the_answers_of_libsolv() {
    let Some(world) = World::get() else { return };
    let files = entries(&world.directory.join("expected/scenarios"));
    let scenario = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().strip_suffix(".args")?;
        let arguments = String::from_utf8(read(path)).unwrap();
        Some((format!("scenarios/{name}.txt"), Request::parse(&arguments)))
    };
    let cases: Vec<_> = files.iter().filter_map(scenario).collect();
    assert_eq!(2 * cases.len(), files.len());
    world.agree(&cases);
}

#[test]
fn requests_without_a_solution_have_one_after_the_changes_proposed() {
    let Some(world) = World::get() else { return };
    for name in ["minimal-exclude-libssl3t64-nouninstall", "web-keep-php82"] {
        let arguments = world.directory.join(format!("expected/scenarios/{name}.args"));
        let request = Request::parse(&String::from_utf8(read(&arguments)).unwrap());
        let target = world.target(&request.repositories, &request.exclude);
        let universe = Universe::new(target, &world.hosts[request.installed.as_str()]).unwrap();
        let goal = request.goal(&universe);
        let outcome = goal.solve(&universe);
        let conflict = Conflict::of(&universe, &goal, &outcome).unwrap();
        assert_eq!(conflict.problems.len(), outcome.problems().len());
        assert!(conflict.problems.iter().all(|problem| problem.is_minimal));
        assert!(conflict.problems.iter().all(|problem| problem.story.is_some()));
        assert!(!conflict.changes.sets.is_empty(), "{name}: {conflict}");
    }
}

#[test]
fn a_hundred_hosts_have_the_answers_of_libsolv() {
    let Some(world) = World::get() else { return };
    let recorded = read(&world.directory.join("expected/fleet-100.jsonl"));
    let hosts = fleet(&world.directory, &world.repositories["el7"]);
    let cases: Vec<(Value, Vec<InstalledPackage>)> =
        values(&recorded).into_iter().zip(hosts).collect();
    assert_eq!(cases.len(), 100);
    let request = Request::sync("");
    let compare = |(recorded, packages): &(Value, Vec<InstalledPackage>)| {
        let ours = world.answer(&request, packages);
        let text: String = ours.iter().map(|line| format!("{line}\n")).collect();
        let mut lines = counted(&ours);
        lines.push(format!("sha256 {}", hex(&Sha256::digest(text))));
        difference(recorded["hostname"].as_str().unwrap(), &counts(recorded), &lines)
    };
    let differences: Vec<String> = cases.par_iter().filter_map(compare).collect();
    none(cases.len(), &differences);
}

const KINDS: [&str; 6] = ["upgrade", "downgrade", "change", "install", "erase", "obsolete"];

/// How many lines of each kind there are.
fn counted(lines: &[String]) -> Vec<String> {
    let of = |kind: &str| lines.iter().filter(|line| line.split(' ').next() == Some(kind)).count();
    KINDS.map(|kind| format!("{kind} {}", of(kind))).to_vec()
}

/// The same as it was recorded, with the digest of the lines.
fn counts(recorded: &Value) -> Vec<String> {
    let count = |kind: &str| format!("{kind} {}", recorded["counts"][kind]);
    let mut lines = KINDS.map(count).to_vec();
    lines.push(format!("sha256 {}", recorded["sha256"].as_str().unwrap()));
    lines
}

fn values(lines: &[u8]) -> Vec<Value> {
    std::str::from_utf8(lines).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}
