//! Times the solver on the recorded release upgrades: `solve DIR [TIMES]`, with the
//! folder `oracle/solver/debian`. Prints the fastest of so many runs as JSON, in
//! milliseconds.

#![expect(clippy::disallowed_methods, reason = "it is a stopwatch")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use elevate_core::solve::{Calls, Changes, Explainer, Policy, WeakExclusions};
use elevate_core::universe::Universe;
use elevate_tests::repositories::{Repository, target};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().ok_or("usage: solve DIR [TIMES]")?;
    let times: u32 = arguments.next().map_or(Ok(9), |text| text.parse())?;
    let directory = Path::new(&directory);
    let names = ["el8-baseos", "el8-appstream", "el8-epel"];
    let read: Vec<Repository> =
        names.iter().map(|name| Repository::read(&directory.join("repos").join(name))).collect();
    let sources: Vec<_> = names.iter().zip(&read).map(|(name, read)| (*name, read, 99)).collect();
    let target = Arc::new(target(&sources, &[]));
    let mut results = serde_json::Map::new();
    for host in ["minimal", "web", "gnome"] {
        let packages =
            Repository::read(&directory.join("installed").join(host)).installed_packages();
        let calls = Calls {
            sync: true,
            ..Calls::new(Policy {
                best: false,
                colours: false,
                weak_exclusions: WeakExclusions::ByName,
                installonly: Vec::new(),
                ..Policy::leapp()
            })
        };
        let mut fastest = [Duration::MAX; 6];
        for _ in 0..times {
            let start = Instant::now();
            let universe = Universe::new(Arc::clone(&target), &packages)?;
            let laid = Instant::now();
            let goal = calls.plan(&universe).goal;
            let planned = Instant::now();
            let outcome = goal.solve(&universe);
            let solved = Instant::now();
            let changes = Changes::of(&universe, &goal, &outcome);
            let end = Instant::now();
            let explainer = Explainer::new(&universe, &goal, &outcome, &changes);
            let fates = universe.installed().chain(outcome.arriving());
            let chain = |id| {
                explainer
                    .arrival(id)
                    .or_else(|| explainer.removal(id))
                    .or_else(|| explainer.stay(id))
            };
            let links: usize = fates.filter_map(chain).map(|chain| chain.links.len()).sum();
            let explained = Instant::now();
            assert!(links > 0);
            assert!(outcome.is_solved() && !changes.arriving.is_empty());
            let laps = [
                laid - start,
                planned - laid,
                solved - planned,
                end - solved,
                end - start,
                explained - end,
            ];
            for (fastest, lap) in fastest.iter_mut().zip(laps) {
                *fastest = lap.min(*fastest);
            }
        }
        let [overlay, jobs, solve, changes, all, reasons] =
            fastest.map(|lap| lap.as_secs_f64() * 1000.0);
        let result = json!({"overlay": overlay, "jobs": jobs, "solve": solve, "changes": changes, "all": all, "reasons": reasons});
        results.insert(host.to_owned(), result);
    }
    println!("{:#}", serde_json::Value::Object(results));
    Ok(())
}
