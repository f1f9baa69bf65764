//! The order of event records. Where events contradict each other it decides,
//! as it does for leapp; the plan must name those packages, and nothing else
//! may change. That the file itself changes (its digest, the positions of its
//! records) is not the plan's doing.

use std::collections::BTreeSet;

use elevate_core::upgrade_data::package_events::EventFile;

use super::*;

const EVENTS: &str = "pes-events.json";

/// A host with the files it is planned from.
struct World {
    name: &'static str,
    host: Snapshot,
    files: Vec<(String, Vec<u8>)>,
}

fn worlds() -> Vec<World> {
    let mut worlds = vec![World { name: "web", host: fixture_host(), files: fixture_files() }];
    let Some(directory) = oracle_dir("leapp") else { return worlds };
    for name in ["all-pes-inputs-alma-8.8", "vendors-all-alma", "desktop-alma-overrides"] {
        let host = Case::read(&directory.join("cases").join(name)).snapshot();
        let files = files(&directory.join("data/almalinux"), |_| true);
        worlds.push(World { name, host, files });
    }
    worlds
}

#[test]
fn the_order_of_events_decides_only_what_the_plan_says_it_decides() {
    for world in worlds() {
        let (data, plan) = world.plan(None);
        for seed in SHUFFLES {
            let (_, other) = world.plan(Some(Order::new(seed)));
            let listed = names(&plan["leapp"]["order_dependent"]);
            assert_eq!(listed, names(&other["leapp"]["order_dependent"]), "{}", world.name);
            let touched = Touched::find(&data.events.as_ref().unwrap().value, &listed);
            let (plan, other) = (touched.without(plan.clone()), touched.without(other));
            let pretty = |plan: &Value| serde_json::to_string_pretty(plan).unwrap();
            same(&format!("{}, order {seed}", world.name), &pretty(&plan), &pretty(&other));
        }
    }
}

/// If this fails the test above has become one that cannot fail.
#[test]
fn the_order_of_contradictory_events_does_decide() {
    let world = worlds().remove(0);
    let fate = |plan: &Value| {
        let packages = plan["packages"].as_array().unwrap();
        packages.iter().find(|p| p["name"] == "elinks").unwrap()["successors"].to_string()
    };
    let orders = (1..20).map(|seed| fate(&world.plan(Some(Order::new(seed))).1));
    let fates: BTreeSet<String> = orders.collect();
    assert_eq!(fates.into_iter().collect::<Vec<_>>(), [r#"["lynx"]"#, r#"["w3m"]"#]);
}

impl World {
    /// Data and plan, with the events as they are or in another order.
    fn plan(&self, order: Option<Order>) -> (UpgradeData, Value) {
        let mut files = self.files.clone();
        let (_, events) = files.iter_mut().find(|(name, _)| name == EVENTS).unwrap();
        if let Some(mut order) = order {
            let value: Value = serde_json::from_slice(events).unwrap();
            *events = order.json(&value, &["packageinfo"]).into_bytes();
        }
        let data = UpgradeData::from_directory(&files.into_iter().collect());
        let plan = serde_json::from_str(&planned(&self.host, &data)).unwrap();
        (data, plan)
    }
}

fn names(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// What may differ: everything the contradictory events name.
struct Touched {
    packages: BTreeSet<String>,
    repositories: BTreeSet<String>,
}

impl Touched {
    fn find(file: &EventFile, listed: &BTreeSet<String>) -> Self {
        let mut touched = Self { packages: listed.clone(), repositories: BTreeSet::new() };
        for event in &file.events {
            let packages = || event.inputs.iter().chain(&event.outputs);
            if packages().any(|package| listed.contains(package.name.as_str())) {
                touched.packages.extend(packages().map(|p| p.name.to_string()));
                touched.repositories.extend(packages().map(|p| p.repository.to_string()));
            }
        }
        touched
    }

    fn has(&self, name: &Value) -> bool {
        let name = name.as_str().unwrap_or_default();
        self.packages.contains(name) || self.repositories.contains(name)
    }

    /// The plan without what may differ.
    fn without(&self, mut plan: Value) -> Value {
        plan["counts"].take();
        plan["provenance"].take();
        for (list, key) in [("packages", "name"), ("arrivals", "name"), ("repositories", "id")] {
            plan[list].as_array_mut().unwrap().retain(|entry| !self.has(&entry[key]));
        }
        for list in ["packages", "arrivals"] {
            plan[list].as_array_mut().unwrap().iter_mut().for_each(without_positions);
        }
        for list in plan["leapp"].as_object_mut().unwrap().values_mut() {
            let Some(list) = list.as_array_mut() else { continue };
            list.retain(|entry| !self.has(entry));
            list.sort_by_key(Value::to_string);
        }
        let findings = plan["findings"].as_array_mut().unwrap();
        findings.retain_mut(|finding| self.settle(finding));
        plan
    }

    /// Whether anything of a finding must be the same. Its text repeats what it
    /// is about, and one names a position in the file.
    fn settle(&self, finding: &mut Value) -> bool {
        if finding["id"] == "data.remark" {
            finding["summary"].take();
        }
        let Some(resources) = finding.get_mut("resources").and_then(Value::as_array_mut) else {
            return true;
        };
        resources.retain(|resource| !self.has(&resource["title"]));
        let left = resources.len();
        finding["summary"].take();
        left > 0
    }
}

fn without_positions(entry: &mut Value) {
    let reasons = entry["reasons"].as_array_mut().unwrap();
    for reason in reasons.iter_mut() {
        reason.as_object_mut().unwrap().remove("index");
    }
    reasons.sort_by_key(Value::to_string);
}
