//! The walk-throughs of CONTRIBUTING.md do what they say.

#![expect(clippy::expect_used, reason = "a test's helpers")]

use std::path::Path;
use std::process::Command;

use elevate_tests::binary::{executable, root};
use elevate_tests::data::TempDir;
use elevate_tests::recorded::read;

fn text(path: &Path) -> String {
    String::from_utf8(read(path)).expect("UTF-8")
}

/// The fenced blocks of a chapter, each with its language.
fn blocks(chapter: &str) -> Vec<(String, String)> {
    let document = text(&root().join("CONTRIBUTING.md"));
    let begin = document.find(&format!("\n## {chapter}\n")).expect("a chapter");
    let rest = &document[begin + 4..];
    let chapter = rest.find("\n## ").map_or(rest, |end| &rest[..end + 1]);
    let parts: Vec<&str> = chapter.split("\n```").collect();
    assert!(parts.len() > 2 && parts.len() % 2 == 1, "blocks that begin and end");
    let block = |part: &&str| {
        let (language, content) = part.split_once('\n').expect("a language");
        (language.to_owned(), format!("{content}\n"))
    };
    parts.iter().skip(1).step_by(2).map(block).collect()
}

/// The actor of the walk-through is compiled and its tests run with the library's.
#[test]
fn the_native_actor_of_the_walk_through_is_one_that_compiles() {
    let blocks = blocks("Add an actor");
    let shown = blocks.iter().find(|(language, _)| language == "rust").expect("an actor");
    let kept = root().join("elevate-core/src/actor/testing/check_frobnicator.rs");
    assert_eq!(shown.1, text(&kept), "CONTRIBUTING.md and {} differ", kept.display());
}

#[test]
fn the_declared_actor_of_the_walk_through_is_tested_as_shown() {
    let place = TempDir::new("walk-through").expect("a directory");
    let mut commands = 0;
    for (language, content) in blocks("Add a declared actor") {
        if language == "toml" {
            place.write("frobnicator/memory.toml", content.as_bytes()).expect("a file");
            continue;
        }
        assert_eq!(language, "console");
        for shown in content.split("$ elevate ").skip(1) {
            let (line, output) = shown.split_once('\n').expect("a line");
            assert_eq!(run(place.path(), line), output, "$ elevate {line}");
            commands += 1;
        }
    }
    assert_eq!(commands, 3);
}

/// What the command prints, run in a directory.
#[expect(clippy::disallowed_methods, reason = "tests run the binary")]
fn run(directory: &Path, line: &str) -> String {
    let words = line.split_whitespace();
    let output = Command::new(executable()).args(words).current_dir(directory).output();
    let output = output.expect("elevate runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}
