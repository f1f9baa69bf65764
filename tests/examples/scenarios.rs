//! Scenarios and the real libsolv: what it says of them is checked or recorded,
//! and thousands more are made up (CONTRIBUTING.md).

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for tests"
)]

use std::process::ExitCode;

use elevate_core::solve::Profile;
use elevate_tests::scenarios::{Answer, Peer, Story, World, hostile, shrink, solve};

const USAGE: &str = "\
usage: scenarios COMMAND [--peer RELEASE=PYTHON]... ARGUMENT...

commands:
  check FILE...    compare what scenarios expect with what libsolv says
  record FILE...   write what libsolv says into scenarios
  run FILE...      compare our answers with what scenarios expect
  fuzz COUNT SEED DIRECTORY
                   make up scenarios, compare our answers with libsolv's, and
                   write the smallest that differs the same way into the directory

A peer is a python that has libsolv's module `solv` of the release of a profile.
";

fn main() -> ExitCode {
    let mut peers = Vec::new();
    let mut rest = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--peer" => peers.extend(arguments.next().as_deref().and_then(peer)),
            _ => rest.push(argument),
        }
    }
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let clean = match rest.as_slice() {
        ["check", files @ ..] => check(&mut peers, files),
        ["record", files @ ..] => record(&mut peers, files),
        ["run", files @ ..] => run(files),
        ["fuzz", count, seed, directory] => {
            let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text}: no number"));
            fuzz(&mut peers, number(count), number(seed), directory)
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(64);
        }
    };
    if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A profile and its libsolv.
type Pair = (Profile, Peer);

fn peer(text: &str) -> Option<Pair> {
    let (release, python) = text.split_once('=')?;
    let profile = Profile::ALL.into_iter().find(|profile| profile.libsolv == release)?;
    Some((profile, Peer::start(python)))
}

fn read(file: &str) -> (Story, World) {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let story = Story::read(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let world = World::of(&story).unwrap_or_else(|error| panic!("{file}: {error}"));
    (story, world)
}

fn check(peers: &mut [Pair], files: &[&str]) -> bool {
    let mut clean = true;
    for file in files {
        let (story, world) = read(file);
        for (profile, peer) in &mut *peers {
            let Some(expected) = story.expected(profile) else { continue };
            let difference = peer.solve(&story, &world).difference(expected);
            if !difference.is_empty() {
                clean = false;
                println!("{file}, libsolv {}:\n{difference}", profile.libsolv);
            }
        }
    }
    clean
}

fn run(files: &[&str]) -> bool {
    let mut clean = true;
    for file in files {
        let (story, _) = read(file);
        let wrong = story.judge(file);
        print!("{wrong}");
        clean &= wrong.is_empty();
    }
    clean
}

fn record(peers: &mut [Pair], files: &[&str]) -> bool {
    for file in files {
        let (mut story, world) = read(file);
        let answers: Vec<(&str, Answer)> = peers
            .iter_mut()
            .map(|(profile, peer)| (profile.libsolv, peer.solve(&story, &world)))
            .collect();
        story.expect_all(&answers);
        std::fs::write(file, story.write()).expect("the file is written");
    }
    true
}

fn fuzz(peers: &mut [Pair], count: u64, seed: u64, directory: &str) -> bool {
    let mut found = 0;
    for number in seed..seed + count {
        let story = hostile(number);
        for (profile, peer) in &mut *peers {
            if difference(&story, *profile, peer).is_none() {
                continue;
            }
            let mut small = shrink(&story, |story| difference(story, *profile, peer).is_some());
            let world = World::of(&small).expect("a world");
            small.expect_all(&[(profile.libsolv, peer.solve(&small, &world))]);
            let file = format!("{directory}/{number}-{}.toml", profile.libsolv);
            std::fs::write(&file, small.write()).expect("the file is written");
            println!("{file}:\n{}", difference(&small, *profile, peer).unwrap_or_default());
            found += 1;
        }
    }
    println!("{count} scenarios from {seed} on, {found} differences");
    found == 0
}

/// How our answer differs from libsolv's; `None` where it does not, or nothing that
/// makes sense is asked.
fn difference(story: &Story, profile: Profile, peer: &mut Peer) -> Option<String> {
    let world = World::of(story).ok()?;
    let ours = solve(story, &world, profile).ok()?;
    Some(ours.difference(&peer.solve(story, &world))).filter(|difference| !difference.is_empty())
}
