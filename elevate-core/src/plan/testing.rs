//! A plan of nothing, for tests of what is made of plans.

use super::step::{Repeat, Undo};
use super::{
    Action, Arrival, LeappLists, Modules, Plan, Provenance, ReadRepository, RepositorySetup, Step,
    TargetPackage, Totals, Verdict, Whole, format,
};
use crate::model::{Arch, PackageName};

pub(crate) fn plan() -> Plan {
    let system = |text: &str| text.parse().expect("a system");
    Plan {
        format: format::Kind::Plan,
        version: format::VERSION,
        provenance: Provenance {
            tool: "elevate".to_owned(),
            tool_version: "0".to_owned(),
            policy: "default".to_owned(),
            actors: Vec::new(),
            packs: Vec::new(),
            options: Vec::new(),
            inputs: Vec::new(),
        },
        hostname: None,
        taken: None,
        arch: Arch::X86_64,
        path: crate::model::UpgradePath {
            source: system("centos:7.9"),
            target: system("almalinux:8.10"),
        },
        baseline: None,
        verdict: Verdict::Ready,
        missing: Vec::new(),
        counts: Default::default(),
        findings: Vec::new(),
        packages: Vec::new(),
        arrivals: Vec::new(),
        modules: Modules::default(),
        repositories: Vec::new(),
        transaction: None,
        read: Vec::new(),
        conflict: None,
        disk: Vec::new(),
        questions: Vec::new(),
        what_if: Vec::new(),
        leapp: LeappLists::default(),
        directives: Vec::new(),
        stages: Vec::new(),
        unread: Vec::new(),
    }
}

/// A package of x86_64 that is new on the host.
pub(crate) fn arrival(name: &str, evr: &str) -> Arrival {
    let name: PackageName = name.parse().expect("a name");
    let package = TargetPackage {
        name: name.clone(),
        evr: evr.parse().expect("a version"),
        arch: Arch::X86_64,
        repository: "base".parse().expect("a repository id"),
        download: 1,
        size: 1,
        file: None,
    };
    Arrival {
        name,
        source: Default::default(),
        instead_of: Vec::new(),
        package: Some(package),
        reasons: Vec::new(),
        because: None,
    }
}

/// A step that nothing undoes.
pub(crate) fn step(id: &str, action: Action) -> Step {
    Step {
        id: id.to_owned(),
        actor: "a".to_owned(),
        why: "Because".to_owned(),
        action,
        condition: None,
        after: Vec::new(),
        undo: Undo::Impossible,
        repeat: Repeat::Once,
        seconds: None,
        for_leapp: false,
    }
}

/// A repository that was read.
pub(crate) fn read(id: &str, setup: RepositorySetup) -> ReadRepository {
    ReadRepository {
        id: id.parse().expect("a repository id"),
        priority: 99,
        packages: 1,
        excluded: Vec::new(),
        included: Vec::new(),
        module_hotfixes: false,
        remarks: Vec::new(),
        setup: Some(setup),
    }
}

/// A transaction of nothing.
pub(crate) fn whole() -> Whole {
    Whole {
        libsolv: "0".to_owned(),
        totals: Totals::default(),
        asked: Vec::new(),
        unmatched: Vec::new(),
        refused: Vec::new(),
        lost: Vec::new(),
        steps: Vec::new(),
        loops: Vec::new(),
    }
}
