//! Recorded cases of single actors of leapp (`leapp/actor_cases`): the messages one was
//! given, and what it reported and passed on.
//!
//! The messages become a host (`machine.rs`), model by model, a family of models in a file; our
//! actors for the same ground are asked about it, and [`Comparison`] puts both side by side:
//!
//! - reports by severity, inhibitor flag, groups and, where ours has one, stable key;
//! - what is asked of the plan, where leapp's actor passes on wishes;
//! - an actor that only reads files: our actors say the same of a host with these files
//!   and of one made of what leapp read in them;
//! - an actor whose work the request does: its findings under the default policy, and its
//!   lists under the policy `leapp-0.21`.

mod boot;
mod case;
mod coverage;
pub mod departures;
mod login;
mod machine;
mod messages;
mod model;
mod network;
mod ours;
mod packages;
mod reading;
mod request;
mod services;
mod storage;
mod wishes;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use elevate_core::request::Policy;

pub use case::Case;

use case::Report;
use coverage::Coverage;
use ours::Said;
use reading::READING;
use wishes::WISHING;

/// Severity, inhibitor or not, and groups without that of inhibitors.
fn shortly(severity: &str, inhibitor: bool, groups: &[String]) -> String {
    let mut groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    groups.retain(|group| *group != "inhibitor");
    groups.sort_unstable();
    let mark = if inhibitor { " inhibitor" } else { "" };
    format!("{severity}{mark} [{}]", groups.join(", "))
}

/// How a case was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// With actors of ours, asked about a host made of the messages.
    Actors,
    /// With actors of ours, asked about a host with the files and about one made of what
    /// leapp read in them.
    Reading,
    /// With what the request decides.
    Request,
    /// With nothing: nothing has to cover the actor.
    NotApplicable,
}

/// A case beside what we say.
#[derive(Debug, Clone)]
pub struct Compared {
    /// How.
    pub how: How,
    /// Our findings, a line each.
    pub ours: Vec<String>,
    /// What differs from leapp's outcome.
    pub differences: Vec<String>,
}

impl Compared {
    fn new(how: How, said: &Said, differences: Vec<String>) -> Self {
        Self { how, ours: said.in_short(), differences }
    }
}

/// Compares cases, by what covers the actors.
#[derive(Debug)]
pub struct Comparison {
    coverage: BTreeMap<String, Coverage>,
}

impl Default for Comparison {
    fn default() -> Self {
        Self { coverage: coverage::read() }
    }
}

impl Comparison {
    /// Compares a case.
    pub fn of(&self, case: &Case) -> Compared {
        let coverage = self.coverage.get(&case.actor);
        if let Some(reading) = READING.iter().find(|reading| reading.actor == case.actor) {
            return of_reading(case, reading.ours, reading.packages);
        }
        match coverage {
            Some(Coverage::Actor(ours)) => of_actor(case, ours),
            Some(Coverage::Reader(ours)) => of_reading(case, &[ours], &[]),
            Some(Coverage::Request) => of_request(case),
            Some(Coverage::NotApplicable(why)) => {
                let differences = vec![format!("not applicable: {why}")];
                Compared::new(How::NotApplicable, &Said::default(), differences)
            }
            Some(Coverage::Facts(_)) | None => {
                let differences = vec![format!("who uses the facts of {}?", case.actor)];
                Compared::new(How::Reading, &Said::default(), differences)
            }
        }
    }
}

fn of_actor(case: &Case, ours: &str) -> Compared {
    let host = world::captured(case);
    let said = ours::say(&host, &case.answers(), &[ours]);
    let mut differences = host.strange;
    differences.extend(differing_reports(&case.reports(), &said));
    if WISHING.contains(&case.actor.as_str()) {
        let (theirs, ours) = (wishes::of_leapp(case.produced()), wishes::of_ours(&said));
        differences.extend(differing("asks", &theirs, &ours));
    }
    Compared::new(How::Actors, &said, differences)
}

fn of_reading(case: &Case, ours: &[&str], packages: &[&str]) -> Compared {
    let mut host = world::captured(case);
    packages.iter().for_each(|name| host.package(name));
    let said = ours::say(&host, "", ours);
    let mut differences = host.strange;
    if !case.failed() {
        let mut read = world::read(case);
        packages.iter().for_each(|name| read.package(name));
        let expected = ours::say(&read, "", ours);
        differences.extend(read.strange);
        let (theirs, ours) = (expected.in_short(), said.in_short());
        if theirs != ours {
            differences.push(format!("of what leapp read {theirs:?}, of the files {ours:?}"));
        }
        differences.extend(differing("asks", &expected.asked(), &said.asked()));
    }
    Compared::new(How::Reading, &said, differences)
}

fn of_request(case: &Case) -> Compared {
    let said = request::said(case, &request::plan(case, Policy::Default));
    let mut differences = differing_reports(&case.reports(), &said);
    let as_leapp = request::plan(case, Policy::Leapp021);
    for (what, theirs, ours) in messages::sides(case, &as_leapp) {
        differences.extend(differing(&what, &theirs, &ours));
    }
    Compared::new(How::Request, &said, differences)
}

/// What differs between leapp's reports and our findings: as many of each severity, flag
/// and groups, and no key that is not leapp's for such a report.
fn differing_reports(theirs: &[Report], said: &Said) -> Vec<String> {
    let mut texts: Vec<&String> = theirs.iter().map(|report| &report.text).collect();
    texts.sort();
    let ours = said.reports();
    let mut differences = Vec::new();
    if texts != ours.iter().collect::<Vec<_>>() {
        differences.push(format!("leapp reports {texts:?}, ours {:?}", said.in_short()));
    }
    for finding in &said.findings {
        let Some(key) = &finding.key else { continue };
        let is_it = |report: &Report| {
            report.key.as_deref() == Some(&**key) && report.text == ours::report(finding)
        };
        if !theirs.iter().any(is_it) {
            differences.push(format!("{}: no report of leapp has its key", finding.id));
        }
    }
    differences
}

fn differing(what: &str, theirs: &BTreeSet<String>, ours: &BTreeSet<String>) -> Option<String> {
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
        a.difference(b).cloned().collect::<Vec<String>>()
    };
    (theirs != ours).then(|| {
        format!("{what}: leapp only {:?}, ours only {:?}", only(theirs, ours), only(ours, theirs))
    })
}
