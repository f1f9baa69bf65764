//! Plans to report on: one with everything, a hostile one, large ones.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use elevate_core::model::{PackageName, RepoId};
use elevate_core::plan::Plan;
use elevate_core::snapshot::Snapshot;
use elevate_core::solve::{Request, Solution};
use elevate_core::transaction::Transaction;
use elevate_core::universe::Universe;
use serde_json::Value;

use crate::binary::root;
use crate::recorded::read;
use crate::release::{Release, distro_sync};

/// What must not get out of its place in a document: it ends scripts, tags and
/// attributes, and sets `got` where it is run.
pub const PAYLOAD: &str = "</script></title></style><img src=x onerror=got=1>\" onfocus=\"got=1\" '><script>got=1</script>";

fn document() -> Value {
    serde_json::from_slice(&read(&root().join("fixtures/plans/everything.json"))).expect("JSON")
}

/// A plan that has everything a plan can have.
pub fn everything() -> Plan {
    Plan::read(document().to_string().as_bytes()).expect("a plan")
}

/// The same with [`PAYLOAD`] in every text that can be any text, and where those are.
pub fn hostile() -> (Plan, BTreeSet<String>) {
    let mut document = document();
    let mut places = BTreeSet::new();
    visit(&mut document, "", &mut |place, _| {
        places.insert(place.to_owned());
    });
    places.retain(|wanted| {
        let mut other = document.clone();
        visit(&mut other, "", &mut |place, text| {
            if place == wanted {
                PAYLOAD.clone_into(text);
            }
        });
        let fits = serde_json::from_value::<Plan>(other.clone()).is_ok();
        if fits {
            document = other;
        }
        fits
    });
    (serde_json::from_value(document).expect("a plan"), places)
}

/// Goes through all texts with the keys that lead there.
fn visit(value: &mut Value, place: &str, with: &mut impl FnMut(&str, &mut String)) {
    match value {
        Value::String(text) => with(place, text),
        Value::Array(list) => list.iter_mut().for_each(|value| visit(value, place, with)),
        Value::Object(object) => {
            for (key, value) in object {
                visit(value, &format!("{place}/{key}"), with);
            }
        }
        _ => {}
    }
}

/// The same with so many packages, under made-up names.
pub fn large(count: usize) -> Plan {
    let mut plan = everything();
    let some = plan.packages.clone();
    for (n, operation) in (0..count - some.len()).zip(some.iter().cycle()) {
        let mut operation = operation.clone();
        operation.name = PackageName::new(format!("{}-{n}", operation.name)).expect("a name");
        for package in &mut operation.to {
            package.repository = RepoId::new(format!("repository-{}", n % 7)).expect("an id");
        }
        plan.packages.push(operation);
    }
    plan.packages.sort_by(|a, b| a.name.cmp(&b.name));
    plan
}

/// The same with the transaction of a recorded host (`solver/debian`), with its reasons.
pub fn recorded(directory: &Path, host: &str) -> Plan {
    let release = Release::read(directory);
    let packages = release.host(host);
    let universe = Universe::new(Arc::clone(&release.target), &packages).expect("a universe");
    let calls = distro_sync();
    let solution = Solution::of(&universe, &calls, &calls.solve(&universe));
    let snapshot = read(&root().join("fixtures/hosts/wiki/snapshot.json"));
    let mut snapshot = Snapshot::read(&snapshot).expect("a snapshot").snapshot;
    snapshot.packages = packages;
    let transaction = Transaction::solved(&snapshot, &Request::default(), &solution);
    Plan {
        counts: Plan::count(&transaction),
        packages: transaction.operations,
        arrivals: transaction.arrivals,
        transaction: transaction.whole,
        ..everything()
    }
}
