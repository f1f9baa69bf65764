//! Questions that could be asked about a package or a repository.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::PackageName;
use crate::plan::{Fate, Operation, Plan};

/// A question that could be asked, and what its answer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Wish {
    /// An option of `elevate plan`.
    pub option: String,
    /// What the plan with it tells.
    pub tells: String,
}

impl Wish {
    fn new(option: impl Into<String>, tells: impl Into<String>) -> Self {
        Self { option: option.into(), tells: tells.into() }
    }
}

/// About an installed package.
pub(super) fn of_installed(plan: &Plan, operation: &Operation) -> Vec<Wish> {
    let name = &operation.name;
    let mut wishes = Vec::new();
    let stays = matches!(operation.fate, Fate::Kept | Fate::Stays | Fate::NoKnownFuture);
    if !stays {
        let tells = "what would have to change for some version of it to stay";
        wishes.push(Wish::new(format!("--keep {name}"), tells));
    }
    if operation.fate != Fate::Removed {
        wishes.push(Wish::new(format!("--remove {name}"), "what would go along with it"));
    }
    let mut sources: Vec<&str> = operation.to.iter().map(|one| one.repository.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    for id in sources {
        wishes.push(without(id));
    }
    if matches!(operation.fate, Fate::Unknown | Fate::NoKnownFuture | Fate::Removed) {
        let tells = "whether a repository that is known and not used has a future for it";
        wishes.push(Wish::new("--with-repo ID", tells));
    }
    complete(plan, wishes)
}

/// About a package that is not installed.
pub(super) fn of_arriving(plan: &Plan, name: &PackageName, repository: Option<&str>) -> Vec<Wish> {
    let tells = "whether the transaction is possible without it";
    let mut wishes = vec![Wish::new(format!("--remove {name}"), tells)];
    wishes.extend(repository.map(without));
    complete(plan, wishes)
}

/// About a repository of the target.
pub(super) fn of_repository(plan: &Plan, id: &str, is_used: bool) -> Vec<Wish> {
    let wish = match is_used {
        true => without(id),
        false => Wish::new(format!("--with-repo {id}"), "what it would change"),
    };
    complete(plan, vec![wish])
}

fn without(id: &str) -> Wish {
    Wish::new(format!("--without-repo {id}"), format!("what becomes of the host without {id}"))
}

/// Says what questions need where they cannot be answered yet.
fn complete(plan: &Plan, mut wishes: Vec<Wish>) -> Vec<Wish> {
    if plan.read.is_empty() {
        let tells = "versions, sizes and reasons: each question needs target repositories";
        wishes.insert(0, Wish::new("--repo ID=DIR or --fetch", tells));
    }
    wishes
}
