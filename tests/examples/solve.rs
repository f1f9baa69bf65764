//! `solve DIRECTORY [TIMES]`: how long the hosts recorded in `solver/debian` take to
//! solve and to plan, the fastest of TIMES, in milliseconds; a line for each of them.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "it is a stopwatch, and prints what it shows"
)]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use elevate_core::model::InstalledPackage;
use elevate_core::solve::Solution;
use elevate_core::universe::{Target, Universe};
use elevate_tests::release::{HOSTS, Release, distro_sync};

/// What is measured. `again` is the search once more, when every capability it asks
/// about was asked about before.
const LAPS: [&str; 6] = ["overlay", "commands", "solve", "again", "solution", "plan"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().ok_or("usage: solve DIRECTORY [TIMES]")?;
    let times: u32 = arguments.next().map_or(Ok(9), |text| text.parse())?;
    let release = Release::read(Path::new(&directory));
    for host in HOSTS {
        let packages = release.host(host);
        let mut fastest = [Duration::MAX; LAPS.len()];
        let mut arriving = 0;
        for _ in 0..times {
            let (laps, count) = plan(&release.target, &packages)?;
            fastest = std::array::from_fn(|at| fastest[at].min(laps[at]));
            arriving = count;
        }
        let lap =
            |(name, lap): (&&str, &Duration)| format!(" {name} {:.3}", lap.as_secs_f64() * 1e3);
        let laps: String = LAPS.iter().zip(&fastest).map(lap).collect();
        println!("{host} arriving {arriving}{laps}");
    }
    Ok(())
}

/// A plan, lap by lap, and how many packages it brings. The last lap is all of it.
fn plan(
    target: &Arc<Target>,
    packages: &[InstalledPackage],
) -> Result<([Duration; LAPS.len()], usize), Box<dyn Error>> {
    let calls = distro_sync();
    let start = Instant::now();
    let universe = Universe::new(Arc::clone(target), packages)?;
    let overlay = start.elapsed();
    let lap = Instant::now();
    let goal = calls.plan(&universe).goal;
    let commands = lap.elapsed();
    let lap = Instant::now();
    let outcome = goal.solve(&universe);
    let solve = lap.elapsed();
    assert!(outcome.is_solved(), "every recorded host has a solution");
    let lap = Instant::now();
    goal.solve(&universe);
    let again = lap.elapsed();
    drop(universe);
    let start = Instant::now();
    let universe = Universe::new(Arc::clone(target), packages)?;
    let solved = calls.solve(&universe);
    let lap = Instant::now();
    let solution = Solution::of(&universe, &calls, &solved);
    let solution_taken = lap.elapsed();
    let plan = start.elapsed();
    let laps = [overlay, commands, solve, again, solution_taken, plan];
    Ok((laps, solution.arriving.len()))
}
