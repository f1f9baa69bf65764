//! What is different between two transactions of one host.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Arrival, Operation, TargetPackage, Transaction};

/// A package of which two transactions make something different.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// The package, as `name-[epoch:]version-release.arch` where it is installed, and
    /// by name where it is not.
    pub package: String,
    /// What the first makes of it; `absent` where it has nothing to do with it.
    pub before: String,
    /// What the second makes of it.
    pub after: String,
}

impl Transaction {
    /// What another transaction of the same host makes different, by package.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let (before, after) = (self.words(), other.words());
        let packages = before.keys().chain(after.keys()).collect::<std::collections::BTreeSet<_>>();
        let word = |words: &BTreeMap<String, String>, package: &String| {
            words.get(package).cloned().unwrap_or_else(|| "absent".to_owned())
        };
        let difference = |package: &String| Difference {
            package: package.clone(),
            before: word(&before, package),
            after: word(&after, package),
        };
        let all = packages.into_iter().map(difference);
        all.filter(|difference| difference.before != difference.after).collect()
    }

    /// In a few words what becomes of each package.
    fn words(&self) -> BTreeMap<String, String> {
        let operation = |operation: &Operation| {
            let to: Vec<String> = operation.to.iter().map(TargetPackage::nevra).collect();
            let word = operation.fate.word();
            let words =
                if to.is_empty() { word.to_owned() } else { format!("{word}: {}", to.join(", ")) };
            (operation.nevra(), words)
        };
        let arrival = |arrival: &Arrival| match &arrival.package {
            Some(package) => (package.nevra(), format!("arrives from {}", package.repository)),
            None => (arrival.name.to_string(), "arrives".to_owned()),
        };
        let installed = self.operations.iter().map(operation);
        installed.chain(self.arrivals.iter().map(arrival)).collect()
    }
}
