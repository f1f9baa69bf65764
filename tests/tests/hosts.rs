//! Every recorded package list against every recorded set of upgrade data, in
//! both policies: a plan comes out, and what is true of every plan is true of it.
//!
//! A list that does not tell distribution, release or architecture is taken to
//! be CentOS 7.9 on x86_64.

#![expect(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::sync::LazyLock;

use elevate_core::model::{Arch, Release, System};
use elevate_core::pipeline::{self, path_to};
use elevate_core::plan::{Fate, Plan, Verdict};
use elevate_core::report::text::{self, Style};
use elevate_core::request::{Options, Policy};
use elevate_core::snapshot::Snapshot;
use elevate_core::upgrade_data::{DataError, Problem, UpgradeData};
use elevate_tests::datasets::{self, DataSet};
use elevate_tests::hosts::{self, Host};

#[path = "hosts/invariants.rs"]
mod invariants;

const POLICIES: [Policy; 2] = [Policy::Default, Policy::Leapp021];

static HOSTS: LazyLock<Option<Vec<Host>>> = LazyLock::new(hosts::hosts);
static WHOLE: LazyLock<Option<Vec<Read>>> = LazyLock::new(|| read_all(datasets::whole()?));

static HISTORICAL: LazyLock<Option<Vec<Read>>> =
    LazyLock::new(|| read_all(datasets::historical()?));

/// A set of data, read.
struct Read {
    name: String,
    data: UpgradeData,
    target: System,
}

fn read_all(sets: Vec<DataSet>) -> Option<Vec<Read>> {
    let read = |set: DataSet| Read {
        data: UpgradeData::from_directory(&set.directory),
        target: format!("{}:8.10", set.distro).parse().unwrap(),
        name: set.name,
    };
    Some(sets.into_iter().map(read).collect())
}

fn plan(snapshot: &Snapshot, set: &Read, policy: Policy) -> Result<Plan, DataError> {
    let path = path_to(snapshot, set.target.clone());
    let options = Options { policy, ..Options::new(path) };
    pipeline::plan(snapshot, &set.data, &options)
}

/// Plans in both policies and checks the plans. Data without events is an
/// error of the default policy where the host is one that can be upgraded.
fn check(host: &Host, set: &Read) {
    for policy in POLICIES {
        let at = format!("{} to {} by {policy}", host.name, set.name);
        match plan(&host.snapshot, set, policy) {
            Ok(plan) => {
                invariants::check(&at, &host.snapshot, &plan);
                if policy == Policy::Default {
                    invariants::removes_nothing_for_lack_of_a_repository(&at, &set.data, &plan);
                }
            }
            Err(error) => {
                assert_eq!((policy, is_el7(host)), (Policy::Default, true), "{at}: {error}");
                assert_eq!(error.problem, Problem::Missing, "{at}");
                assert!(set.data.events.is_err(), "{at}");
            }
        }
    }
}

fn release(host: &Host) -> Release {
    host.snapshot.identity.system.release
}

fn is_el7(host: &Host) -> bool {
    release(host).major == 7
}

#[test]
fn hosts_of_every_shape_meet_every_whole_set_of_data() {
    let (Some(hosts), Some(sets)) = (&*HOSTS, &*WHOLE) else { return };
    for set in sets {
        hosts.iter().for_each(|host| check(host, set));
    }
}

/// Every event file ever published meets a share of the hosts: the first
/// takes hosts 0, 3, 6 ..., the next 1, 4, 7 ...; each host meets a third of them.
#[test]
fn hosts_meet_every_published_event_file() {
    let (Some(hosts), Some(sets)) = (&*HOSTS, &*HISTORICAL) else { return };
    for (n, set) in sets.iter().enumerate() {
        let share: Vec<&Host> = hosts.iter().skip(n % 3).step_by(3).collect();
        assert!(share.len() >= 3, "{} hosts are too few", hosts.len());
        share.iter().for_each(|host| check(host, set));
    }
}

#[test]
fn hosts_cannot_be_planned_without_events_and_the_error_names_the_file() {
    let (Some(hosts), Some(sets)) = (&*HOSTS, &*WHOLE) else { return };
    let without: Vec<&Read> = sets.iter().filter(|set| set.data.events.is_err()).collect();
    assert!(!without.is_empty(), "every set has events");
    for set in without {
        for host in hosts.iter().filter(|host| is_el7(host)) {
            let error = plan(&host.snapshot, set, Policy::Default).unwrap_err();
            assert_eq!(error.file, "pes-events.json");
            assert_eq!(error.to_string(), "pes-events.json: the file is missing");
            // leapp notices too; it ends its run with an error.
            let plan = plan(&host.snapshot, set, Policy::Leapp021).unwrap();
            let errors = plan.leapp.errors.iter();
            let messages: Vec<&str> = errors.map(|error| error.message.as_str()).collect();
            assert!(messages.iter().any(|m| m.contains("pes-events.json")), "{messages:?}");
            assert_eq!(plan.verdict, Verdict::Inhibited);
        }
    }
}

#[test]
fn hosts_of_another_release_are_refused_whole() {
    let (Some(hosts), Some(sets)) = (&*HOSTS, &*WHOLE) else { return };
    let others: Vec<&Host> = hosts.iter().filter(|host| !is_el7(host)).collect();
    if others.is_empty() {
        eprintln!("skipped: every list is one of release 7");
    }
    for (host, set) in others.iter().flat_map(|host| sets.iter().map(move |set| (host, set))) {
        let plan = plan(&host.snapshot, set, Policy::Default).unwrap();
        let inhibitors: Vec<_> = plan.inhibitors().map(|finding| &*finding.id).collect();
        assert_eq!(inhibitors, ["release.unsupported"], "{} {}", host.name, set.name);
        assert_eq!(plan.verdict, Verdict::Inhibited);
        assert!(plan.packages.iter().all(|o| o.fate == Fate::Unknown), "{}", host.name);
        assert!(plan.arrivals.is_empty() && plan.repositories.is_empty(), "{}", host.name);
    }
}

/// These maps know x86_64 only, so on aarch64 every event leads to a repository
/// nobody knows: leapp would remove all those packages.
#[test]
fn hosts_of_an_architecture_the_map_lacks_lose_nothing_for_it() {
    let (Some(hosts), Some(sets)) = (&*HOSTS, &*HISTORICAL) else { return };
    let newest = |distro: &str| sets.iter().rfind(|set| set.name.starts_with(distro)).unwrap();
    for set in [newest("almalinux/"), newest("centos/")] {
        for host in hosts.iter().filter(|host| is_el7(host)) {
            let mut snapshot = host.snapshot.clone();
            snapshot.identity.arch = Arch::Aarch64;
            let ours = plan(&snapshot, set, Policy::Default).unwrap();
            let leapp = plan(&snapshot, set, Policy::Leapp021).unwrap();
            let at = format!("{} as aarch64 to {}", host.name, set.name);
            invariants::check(&at, &snapshot, &ours);
            invariants::check(&at, &snapshot, &leapp);
            invariants::removes_nothing_for_lack_of_a_repository(&at, &set.data, &ours);
            assert!(ours.inhibitors().any(|f| f.id == "events.nothing-resolves"), "{at}");
            assert!(ours.counts["unknown"] > 0, "{at}");
            assert!(leapp.counts["removed"] > ours.counts["removed"], "{at}");
            assert_eq!(ours.arrivals, [], "{at}");
        }
    }
}

/// Real lists are clean; here each has two lines too many.
#[test]
fn hosts_lines_that_were_not_understood_are_counted_in_the_plan() {
    let (Some(lists), Some(sets)) = (hosts::lists(), &*WHOLE) else { return };
    let set = sets.iter().find(|set| set.data.events.is_ok()).unwrap();
    let texts = lists.iter().filter(|(name, _)| !name.contains(".json"));
    let mut seen = 0;
    for (name, bytes) in texts {
        let clean = hosts::host(name, bytes);
        let mut spoilt = bytes.clone();
        spoilt.extend_from_slice(b"\n!\n(none)(none)\n");
        let spoilt = hosts::host(name, &spoilt);
        assert_eq!(spoilt.snapshot.packages, clean.snapshot.packages, "{name}");
        let counted = |host: &Host| -> (usize, String) {
            let plan = plan(&host.snapshot, set, Policy::Default).unwrap();
            (
                plan.unread.iter().map(|u| u.count).sum(),
                text::render(&plan, Style { full: true, ..Style::default() }),
            )
        };
        let ((before, _), (after, report)) = (counted(&clean), counted(&spoilt));
        assert_eq!(after, before + 2, "{name}");
        assert_eq!(spoilt.listing.unread_total, clean.listing.unread_total + 2, "{name}");
        assert!(report.contains(&format!("{after} not understood")), "{name}");
        seen += 1;
    }
    assert!(seen >= 10, "{seen} lists are text");
}

#[test]
fn hosts_without_known_release_are_taken_for_what_they_are_said_to_be() {
    let Some(hosts) = &*HOSTS else { return };
    let silent = hosts.iter().filter(|host| host.listing.facts.release.is_none());
    let mut count = 0;
    for host in silent {
        assert_eq!(release(host), Release::new(7, 9), "{}", host.name);
        count += 1;
    }
    assert!(count > 0, "every list tells its release");
}
