//! Runs that are killed, run out of room or find something changed: they end in a resumed
//! run or in a refusal, and nothing is lost.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::Child;
use std::thread::sleep;
use std::time::Duration;

use elevate_tests::tools::{must, run};

use super::world::{JOURNAL, Options, World, is_possible, planned};

/// How many runs are killed, unless the environment says otherwise.
const RUNS: u32 = 12;
const MORE: &str = "ELEVATE_RUN_FAULTS";
/// How often a run is taken up again at most.
const MOST: u32 = 200;

/// When a run is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// When the journal has so many records.
    Records(u32),
    /// When dnf has told of so many packages that are exchanged.
    Packages(u32),
    /// After so many milliseconds.
    Time(u32),
}

/// Who is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Elevate,
    /// The command it runs.
    Command,
}

/// Dice that fall alike each time (the generator is Knuth's MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, number: u32) -> u32 {
        const FACTOR: u64 = 6_364_136_223_846_793_005;
        self.0 = self.0.wrapping_mul(FACTOR).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).expect("31 bits") % number
    }

    fn throw(&mut self, records: u32) -> (Victim, Moment) {
        let victim = if self.below(2) == 0 { Victim::Elevate } else { Victim::Command };
        let moment = match self.below(3) {
            0 => Moment::Records(1 + self.below(records)),
            1 => Moment::Packages(1 + self.below(12)),
            _ => Moment::Time(self.below(4000)),
        };
        (victim, moment)
    }
}

/// Everything that is compared: packages, what rpm says of their files, and other files.
type State = (BTreeSet<String>, String, String);

fn state(world: &World) -> State {
    let root = world.text("root");
    let script =
        "cd \"$1\" && find . -path ./var -prune -o -type f -print | sort | xargs sha256sum";
    let files = must("sh", &["-c", script, "sh", &root], &[]);
    (world.packages(), world.verified(), files)
}

fn records(world: &World) -> usize {
    world.file(JOURNAL).unwrap_or_default().lines().count()
}

/// Waits for a moment of a run that is under way; `false` where it ended before.
fn wait_for(world: &World, child: &mut Child, moment: Moment) -> bool {
    let talk = child.stderr.take().expect("a pipe");
    let (send, receive) = std::sync::mpsc::channel();
    // Somebody reads to the end, so that nobody waits for room in the pipe.
    std::thread::spawn(move || {
        let mut packages = 0;
        for line in BufReader::new(talk).lines().map_while(Result::ok) {
            let words = ["Installing  ", "Upgrading  ", "Erasing  ", "Cleanup  ", "Obsoleting  "];
            packages += u32::from(words.iter().any(|word| line.trim_start().starts_with(word)));
            let _ = send.send(packages);
        }
    });
    let (mut milliseconds, mut packages) = (0, 0);
    while child.try_wait().expect("a child").is_none() {
        packages = receive.try_iter().last().unwrap_or(packages);
        let is_now = match moment {
            Moment::Records(number) => records(world) >= number as usize,
            Moment::Packages(number) => packages >= number,
            Moment::Time(number) => milliseconds >= number,
        };
        if is_now {
            return true;
        }
        sleep(Duration::from_millis(1));
        milliseconds += 1;
    }
    false
}

/// Kills without mercy. A command that is not under way is waited for.
fn kill(child: &mut Child, victim: Victim) {
    let elevate = child.id().to_string();
    while child.try_wait().expect("a child").is_none() {
        if victim == Victim::Elevate {
            child.kill().expect("it can be killed");
            child.wait().expect("it ends");
            return;
        }
        let commands = run("pgrep", &["-P", &elevate], &[]).stdout;
        let commands = String::from_utf8(commands).expect("UTF-8");
        if let Some(command) = commands.split_whitespace().next() {
            run("kill", &["-9", command], &[]);
            child.wait().expect("it ends");
            return;
        }
        sleep(Duration::from_millis(1));
    }
}

/// Takes a run up again until it ends well. What dnf holds, dead or alive, is waited for.
fn resume(world: &World, what: &str) {
    for _ in 0..MOST {
        let begun = world.run(&["--resume", "--yes"]);
        let talk = begun.stderr;
        match begun.code {
            0 => return,
            1 if talk.contains("no run was begun") => {
                assert_eq!(world.run(&["--yes"]).code, 0, "{what}");
                return;
            }
            1 if talk.contains("still under way") || talk.contains("already locked") => {}
            code => panic!("{what}: {code}: {talk}"),
        }
        sleep(Duration::from_millis(100));
    }
    panic!("{what}: it does not end");
}

#[expect(clippy::disallowed_methods, reason = "more runs are asked for by the environment")]
fn runs() -> u32 {
    std::env::var(MORE).ok().and_then(|number| number.parse().ok()).unwrap_or(RUNS)
}

#[test]
fn a_run_that_is_killed_anywhere_and_resumed_ends_as_if_nobody_had_killed_it() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-killed", &Options::small());
    let plan = world.plan();
    let (root, pristine) = (world.text("root"), world.text("pristine"));
    must("cp", &["-a", &root, &pristine], &[]);
    let ran = world.run(&["--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let undisturbed = state(&world);
    assert_eq!(undisturbed.0, planned(&plan));
    let last = u32::try_from(records(&world)).expect("few records");

    let mut dice = Dice(7);
    for number in 1..=runs() {
        must("rm", &["-rf", &root], &[]);
        must("cp", &["-a", &pristine, &root], &[]);
        let (victim, moment) = dice.throw(last);
        let what = format!("{number}: {victim:?} is killed at {moment:?}");
        let mut child = world.start(&["--yes"]);
        if wait_for(&world, &mut child, moment) {
            kill(&mut child, victim);
        }
        let at = (world.packages().len(), records(&world));
        resume(&world, &what);
        assert_eq!(state(&world), undisturbed, "{what}");
        eprintln!("{what}, with {} packages and {} records", at.0, at.1);
    }
}

/// A file system that is mounted somewhere below the root as long as this value lives.
struct Mounted(String);

impl Drop for Mounted {
    fn drop(&mut self) {
        run("umount", &[&self.0], &[]);
    }
}

fn mount(arguments: &[&str], at: &str) -> Option<Mounted> {
    let output = run("mount", &[arguments, &[at]].concat(), &[]);
    if !output.status.success() {
        eprintln!("skipped: nothing can be mounted here");
        return None;
    }
    Some(Mounted(at.to_owned()))
}

#[test]
fn a_run_that_finds_no_room_goes_on_when_there_is_some() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-full", &Options::small());
    let plan = world.plan();
    let before = world.packages();
    let at = world.text("root/var/lib/elevate");
    must("mkdir", &["-p", &at], &[]);
    for size in ["4k", "8k", "24k", "40k"] {
        let options = format!("size={size}");
        let Some(mounted) = mount(&["-t", "tmpfs", "-o", &options, "none"], &at) else { return };
        for attempt in [vec!["--yes"], vec!["--resume", "--yes"]] {
            let ran = world.run(&attempt);
            assert_eq!(ran.code, 1, "{size}: {}", ran.stderr);
        }
        assert_eq!(world.packages(), before, "{size}");
        if size == "40k" {
            must("mount", &["-o", "remount,size=64m", &at], &[]);
            resume(&world, size);
            assert_eq!(world.packages(), planned(&plan));
        }
        assert!(!world.journal().is_empty(), "{size}");
        drop(mounted);
    }
}

#[test]
fn a_root_that_cannot_be_written_to_is_left_alone() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-read-only", &Options::small());
    world.plan();
    let root = world.text("root");
    let Some(_mounted) = mount(&["--bind", &root], &root) else { return };
    must("mount", &["-o", "remount,bind,ro", &root], &[]);
    let ran = world.run(&["--yes"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("Read-only file system"), "{}", ran.stderr);
    assert_eq!(world.run(&["--dry-run"]).code, 0, "what would be done can be seen");
}

#[test]
fn a_journal_whose_last_record_is_torn_goes_on_and_one_that_was_changed_does_not() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-journal", &Options::small());
    let plan = world.plan();
    assert_eq!(world.run(&["--phase", "prepare", "--yes"]).code, 0);
    let path = world.root().join(JOURNAL);
    let whole = std::fs::read(&path).expect("a journal");
    let before = world.packages();

    let mut changed = whole.clone();
    changed[20] ^= 1;
    std::fs::write(&path, &changed).expect("a journal");
    for attempt in [["--resume", "--yes"], ["--undo", "--yes"]] {
        let ran = world.run(&attempt);
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.contains("the journal is damaged at line 1"), "{}", ran.stderr);
    }
    assert_eq!(world.packages(), before);

    std::fs::write(&path, &whole[..whole.len() - 10]).expect("a journal");
    let ran = world.run(&["--resume", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("was not written to its end"), "{}", ran.stderr);
    assert_eq!(world.packages(), planned(&plan));
}

#[test]
fn a_plan_that_was_edited_is_refused() {
    if !is_possible() {
        return;
    }
    let world = World::new("run-edited", &Options::small());
    let plan = world.plan();
    let before = world.packages();
    let refused = |what: &str, code: i32, arguments: &[&str]| {
        let ran = world.run(arguments);
        assert_eq!(ran.code, code, "{what}: {}", ran.stderr);
        assert!(ran.stderr.contains(what), "{what}: {}", ran.stderr);
        assert_eq!(world.packages(), before, "{what}");
    };

    let mut edited = plan.clone();
    let inhibitor = plan["findings"].as_array().and_then(|all| all.first()).expect("a finding");
    let mut inhibitor = inhibitor.clone();
    inhibitor["inhibitor"] = true.into();
    edited["findings"][0] = inhibitor;
    edited["verdict"] = "ready".into();
    world.write_plan(&edited);
    refused("findings that forbid it", 2, &["--yes"]);

    let mut edited = plan.clone();
    edited["arrivals"].as_array_mut().expect("arrivals").pop();
    world.write_plan(&edited);
    refused("says otherwise than the packages", 2, &["--yes"]);

    let mut edited = plan.clone();
    edited["packages"].as_array_mut().expect("packages").remove(0);
    world.write_plan(&edited);
    refused("the host is not what the plan was made for", 2, &["--yes"]);

    world.write_plan(&plan);
    assert_eq!(world.run(&["--phase", "prepare", "--yes"]).code, 0);
    let mut edited = plan.clone();
    edited["hostname"] = "another".into();
    world.write_plan(&edited);
    refused("the run was begun with another plan", 1, &["--resume", "--yes"]);
    refused("the run was begun with another plan", 1, &["--undo", "--yes"]);
}
