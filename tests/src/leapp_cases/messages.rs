//! What the request decided, beside the messages leapp's actors passed on.

use std::collections::{BTreeMap, BTreeSet};

use elevate_core::model::Distro;
use elevate_core::plan::Plan;
use serde_json::Value;

use super::case::{Case, Messages};
use super::model::{flag, objects, text, words};

/// What leapp's messages say and what the plan says, by a name for it: both sides of all
/// that the plan knows too. A model nobody knows fails the test.
pub(super) fn sides(case: &Case, plan: &Plan) -> Vec<(String, BTreeSet<String>, BTreeSet<String>)> {
    let produced = case.produced();
    produced.models().map(|model| side(model, produced, plan)).collect()
}

fn side(
    model: &str,
    produced: Messages<'_>,
    plan: &Plan,
) -> (String, BTreeSet<String>, BTreeSet<String>) {
    let all = produced.all(model);
    let lists = &plan.leapp;
    let of = |key: &'static str| move |one: &Value| words(one, key);
    let (theirs, ours): (BTreeSet<String>, BTreeSet<String>) = match model {
        "DistributionSignedRPM" => (package_names(all), texts(&lists.signed)),
        "InstalledUnsignedRPM" => (package_names(all), texts(&lists.unsigned)),
        // Those of RHEL itself: on RHEL all that are signed.
        "InstalledRedHatSignedRPM" => match plan.path.source.distro {
            Distro::Rhel => (package_names(all), texts(&lists.signed)),
            _ => (package_names(all), BTreeSet::new()),
        },
        "ActiveVendorList" => {
            (all.iter().flat_map(of("data")).collect(), texts(&lists.active_vendors))
        }
        "RepositoriesBlacklisted" => {
            (all.iter().flat_map(of("repoids")).collect(), texts(&lists.excluded_repos))
        }
        "FilteredRpmTransactionTasks" => (tasks(all), our_tasks(plan)),
        // Which packages follow their names is decided later.
        "RpmTransactionTasks" => {
            let asked = our_tasks(plan).into_iter();
            (tasks(all), asked.filter(|task| !task.starts_with("to_upgrade ")).collect())
        }
        "UsedRepositories" => (used(all), skipped(plan)),
        "CustomTargetRepository" => (custom(all), our_custom(plan)),
        "VendorCustomTargetRepositoryList" => {
            let repositories = all.iter().flat_map(|one| objects(one, "repos"));
            (custom(repositories), our_custom(plan))
        }
        "CustomTargetRepositoryFile" => (files(all), our_files(plan)),
        "VendorSignatures" => (vendor_keys(all), our_vendors(plan)),
        other => (BTreeSet::from([format!("what {other} says")]), BTreeSet::new()),
    };
    (model.to_owned(), theirs, ours)
}

fn texts<T: ToString>(all: &[T]) -> BTreeSet<String> {
    all.iter().map(ToString::to_string).collect()
}

fn package_names(all: &[Value]) -> BTreeSet<String> {
    let items = all.iter().flat_map(|one| objects(one, "items"));
    items.map(|one| text(one, "name").expect("a name").to_owned()).collect()
}

const LISTS: [&str; 5] = ["to_install", "to_remove", "to_keep", "to_reinstall", "to_upgrade"];

fn tasks(all: &[Value]) -> BTreeSet<String> {
    let of_one = |one: &Value| {
        let lists = LISTS.iter().map(|list| (*list, words(one, list)));
        lists
            .flat_map(|(list, names)| names.into_iter().map(move |name| format!("{list} {name}")))
            .collect::<Vec<_>>()
    };
    all.iter().flat_map(of_one).collect()
}

fn our_tasks(plan: &Plan) -> BTreeSet<String> {
    let tasks = &plan.leapp.tasks;
    let lists = [
        &tasks.to_install,
        &tasks.to_remove,
        &tasks.to_keep,
        &tasks.to_reinstall,
        &tasks.to_upgrade,
    ];
    let named = LISTS
        .iter()
        .zip(lists)
        .flat_map(|(list, names)| names.iter().flatten().map(move |name| format!("{list} {name}")));
    named.collect()
}

/// Repositories in use with what came from them. No map of such a case leads anywhere, so
/// that they are those the plan has no successor for.
fn used(all: &[Value]) -> BTreeSet<String> {
    let repositories = all.iter().flat_map(|one| objects(one, "repositories"));
    let lines = repositories.flat_map(|one| {
        let id = text(one, "repository").expect("an id").to_owned();
        let packages = words(one, "packages").into_iter().map(|name| format!("package {name}"));
        packages.chain([format!("repository {id}")]).collect::<Vec<_>>()
    });
    lines.collect()
}

fn skipped(plan: &Plan) -> BTreeSet<String> {
    let skipped = &plan.leapp.skipped_repos;
    let packages = skipped.packages.iter().map(|name| format!("package {name}"));
    packages.chain(skipped.repos.iter().map(|id| format!("repository {id}"))).collect()
}

fn custom<'v>(all: impl IntoIterator<Item = &'v Value>) -> BTreeSet<String> {
    let line = |one: &Value| {
        let address = text(one, "baseurl").unwrap_or("nowhere");
        let enabled = flag(one, "enabled").expect("a flag");
        format!("{} at {address}, enabled: {enabled}", text(one, "repoid").expect("an id"))
    };
    all.into_iter().map(line).collect()
}

fn our_custom(plan: &Plan) -> BTreeSet<String> {
    let custom = plan.leapp.custom_repos.iter().flatten().map(|one| {
        let address = one.baseurl.as_deref().unwrap_or("nowhere");
        format!("{} at {address}, enabled: {}", one.repoid, one.enabled)
    });
    custom.collect()
}

/// A file counts where the plan was made of it.
fn files(all: &[Value]) -> BTreeSet<String> {
    let paths = all.iter().filter_map(|one| text(one, "file"));
    paths.filter_map(|path| path.strip_prefix("/etc/leapp/files/")).map(str::to_owned).collect()
}

fn our_files(plan: &Plan) -> BTreeSet<String> {
    const CUSTOM: &str = "leapp_upgrade_repositories.repo";
    let active = &plan.leapp.active_vendors;
    let defines = plan.leapp.custom_repos.as_ref().is_some_and(|custom| !custom.is_empty());
    let counts = |path: &&str| match path.strip_prefix("vendors.d/") {
        None => *path == CUSTOM && defines,
        Some(name) => active.iter().any(|vendor| name == format!("{vendor}.repo")),
    };
    let paths = plan.provenance.inputs.iter().map(|input| input.path.as_str());
    paths.filter(counts).map(str::to_owned).collect()
}

/// Vendors whose keys count. Whose packages they make the distribution's is compared where
/// there are packages.
fn vendor_keys(all: &[Value]) -> BTreeSet<String> {
    all.iter().filter_map(|one| text(one, "vendor").map(str::to_owned)).collect()
}

fn our_vendors(plan: &Plan) -> BTreeSet<String> {
    let inputs: BTreeMap<&str, u64> =
        plan.provenance.inputs.iter().map(|input| (input.path.as_str(), input.size)).collect();
    let has_keys = |vendor: &&String| {
        inputs.get(format!("vendors.d/{vendor}.sigs").as_str()).is_some_and(|size| *size > 0)
    };
    plan.leapp.active_vendors.iter().filter(has_keys).cloned().collect()
}
