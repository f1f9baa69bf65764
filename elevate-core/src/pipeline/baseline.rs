//! What a host is like before its upgrade, as far as it was captured.

use std::collections::BTreeMap;

use crate::facts::Facts;
use crate::facts::set_aside::SetAside;
use crate::plan::{Baseline, BaselineRepository, Units};
use crate::snapshot::Snapshot;

pub(super) fn baseline(snapshot: &Snapshot) -> Baseline {
    let facts = Facts::new(snapshot);
    let default = facts.boot().default_entry().ok().flatten();
    let path = |file: SetAside| file.path;
    Baseline {
        machine: snapshot.machine(),
        running_kernel: facts.kernels().running().ok(),
        default_kernel: default.and_then(|entry| entry.release().map(str::to_owned)),
        units: units(&facts),
        repositories: repositories(&facts),
        set_aside: facts.set_aside().map(path).all().ok(),
    }
}

fn units(facts: &Facts<'_>) -> Option<Units> {
    let mut units = Units::default();
    for (unit, state) in facts.services().states().ok()? {
        match state {
            Ok(state) if state.is_enabled() => units.enabled.push(unit),
            Ok(_) => {}
            Err(_) => units.unknown.push(unit),
        }
    }
    Some(units)
}

fn repositories(facts: &Facts<'_>) -> Option<Vec<BaselineRepository>> {
    let host = &facts.repositories;
    let mut all = BTreeMap::new();
    for (id, enabled, _) in &host.all {
        // Of several definitions dnf takes the first.
        all.entry(id).or_insert_with(|| BaselineRepository {
            id: id.clone(),
            file: host.definition(id).map(|(file, _)| file.path.clone()),
            enabled: *enabled,
        });
    }
    host.known.then(|| all.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::fixture;

    #[test]
    fn what_was_not_captured_is_unknown_and_not_empty() {
        assert_eq!(baseline(&fixture::parse("").unwrap()), Baseline::default());
        let host = fixture::parse(
            "//- dir /etc/systemd/system:\n//- dir /usr/lib/systemd/system:\n//- find /etc/*.rpm[nos]*:\n\
             //- /etc/yum.repos.d/x.repo\n[a]\nname=a\n",
        );
        let found = baseline(&host.unwrap());
        assert_eq!(found.units, Some(Units::default()));
        assert_eq!(found.set_aside, Some(Vec::new()));
        assert_eq!(found.machine, None);
    }

    #[test]
    fn a_host_is_told_by_its_kernels_units_repositories_and_a_digest() {
        let host = fixture::parse(
            "//- kernel 3.10.0-1.el7.x86_64\n\
             //- /etc/machine-id\n0123456789abcdef0123456789abcdef\n\
             //- dir /etc/systemd/system: multi-user.target.wants/\n\
             //- dir /etc/systemd/system/multi-user.target.wants: a.service@\n\
             //- link /etc/systemd/system/multi-user.target.wants/a.service -> /usr/lib/systemd/system/a.service\n\
             //- dir /usr/lib/systemd/system: a.service b.service c.service\n\
             //- /usr/lib/systemd/system/b.service\n[Install]\nWantedBy=multi-user.target\n\
             //- /etc/yum.repos.d/x.repo\n[b]\nname=b\nenabled=0\n[a]\nname=a\n\
             //- find /etc/*.rpm[nos]*: /etc/x.rpmnew\n",
        );
        let found = serde_json::to_value(baseline(&host.unwrap())).unwrap();
        insta::assert_json_snapshot!(found);
    }
}
