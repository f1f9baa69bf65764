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
use elevate_tests::scenarios::{
    Answer, Peer, Story, World, from_directory, hostile, shrink, solve,
};

const USAGE: &str = "\
usage: scenarios COMMAND [--peer RELEASE=PYTHON]... ARGUMENT...

commands:
  check FILE...    compare what scenarios expect with what libsolv says
  record FILE...   write what libsolv says into scenarios
  run FILE...      compare our answers with what scenarios expect
  fuzz COUNT SEED DIRECTORY
                   make up scenarios, compare our answers with libsolv's, and
                   write the smallest that differs the same way into the directory
  generate COUNT SEED FILE
                   make up scenarios that are worth keeping, and record them
  directory DIRECTORY DRAFTS
                   compare on cases as `gen_fuzz.py` makes them

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
        ["fuzz", count, seed, drafts] => fuzz(&mut peers, number(count), number(seed), drafts),
        ["generate", count, seed, file] => generate(&mut peers, number(count), number(seed), file),
        ["directory", directory, drafts] => compare(&mut peers, directory, drafts),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(64);
        }
    };
    if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no number"))
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

fn fuzz(peers: &mut [Pair], count: u64, seed: u64, drafts: &str) -> bool {
    let mut found = 0;
    for number in seed..seed + count {
        found += shrunk(peers, &hostile(number), &format!("{drafts}/{number}"));
    }
    println!("{count} scenarios from {seed} on, {found} differences");
    found == 0
}

fn compare(peers: &mut [Pair], directory: &str, drafts: &str) -> bool {
    let cases = elevate_tests::recorded::entries(std::path::Path::new(directory));
    let mut found = 0;
    for case in &cases {
        let name = case.file_name().expect("a name").to_string_lossy();
        found += shrunk(peers, &from_directory(case), &format!("{drafts}/{name}"));
    }
    println!("{} cases in {directory}, {found} differences", cases.len());
    found == 0
}

/// Writes the smallest story of each profile that differs as this one does; how many
/// there are.
fn shrunk(peers: &mut [Pair], story: &Story, draft: &str) -> usize {
    let mut found = 0;
    for (profile, peer) in peers {
        if difference(story, *profile, peer).is_none() {
            continue;
        }
        let mut small = shrink(story, |story| difference(story, *profile, peer).is_some());
        let world = World::of(&small).expect("a world");
        small.expect_all(&[(profile.libsolv, peer.solve(&small, &world))]);
        small.expect[0].profiles = vec![profile.libsolv.to_owned()];
        let file = format!("{draft}-{}.toml", profile.libsolv);
        std::fs::write(&file, small.write()).expect("the file is written");
        println!("{file}:\n{}", difference(&small, *profile, peer).unwrap_or_default());
        found += 1;
    }
    found
}

/// How our answer differs from libsolv's; `None` where it does not, or nothing that
/// makes sense is asked.
fn difference(story: &Story, profile: Profile, peer: &mut Peer) -> Option<String> {
    let world = World::of(story).ok()?;
    let ours = solve(story, &world, profile).ok()?;
    Some(ours.difference(&peer.solve(story, &world))).filter(|difference| !difference.is_empty())
}

fn generate(peers: &mut [Pair], count: u64, seed: u64, file: &str) -> bool {
    let mut lines = String::new();
    let mut kept = 0;
    for number in seed.. {
        if kept == count {
            break;
        }
        let mut story = hostile(number);
        let world = World::of(&story).expect("a world");
        let answers: Vec<(&str, Answer)> = peers
            .iter_mut()
            .map(|(profile, peer)| (profile.libsolv, peer.solve(&story, &world)))
            .collect();
        story.expect_all(&answers);
        let line = serde_json::to_string(&story).expect("JSON");
        if line.len() < LONGEST && is_worth_keeping(&story, number) {
            lines += &(line + "\n");
            kept += 1;
        }
    }
    std::fs::write(file, lines).expect("the file is written");
    true
}

/// The longest recorded scenario, in bytes.
const LONGEST: usize = 6000;

/// Whether much happens, or the releases differ; of those without a solution every
/// eighth.
fn is_worth_keeping(story: &Story, number: u64) -> bool {
    let changes =
        |answer: &Answer| answer.lists().iter().map(|(_, list)| list.len()).sum::<usize>();
    let answer = &story.expect[0].answer;
    let unsolvable = answer.problems > 0 && number.is_multiple_of(8);
    story.expect.len() > 1 || unsolvable || changes(answer) >= 5
}
