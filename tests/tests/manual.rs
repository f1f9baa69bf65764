//! The manual and the completions are fresh, render, and what they say holds.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "the tests compare committed files, and ask man and bash"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use elevate_core::pack::Pack;
use elevate_core::report::waivers::Waivers;
use elevate_core::snapshot::Snapshot;
use elevate_tests::binary::{elevate, root};
use elevate_tests::data::TempDir;
use elevate_tests::recorded::{entries, read};

const COMPLETIONS: [(&str, &str); 3] =
    [("bash", "elevate.bash"), ("zsh", "_elevate"), ("fish", "elevate.fish")];

type Files = BTreeMap<String, String>;

fn files_in(directory: &Path) -> Files {
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let text = |path: &Path| String::from_utf8(read(path)).expect("UTF-8");
    entries(directory).iter().map(|path| (name(path), text(path))).collect()
}

fn written_pages() -> Files {
    files_in(manual().path())
}

/// The pages, in a directory of their own.
fn manual() -> TempDir {
    let directory = TempDir::new("manual").expect("a directory");
    let run = elevate(&["manual", "--output", directory.path().to_str().expect("UTF-8")]);
    assert_eq!(run.code, 0, "{}", run.all());
    directory
}

/// Compares a committed directory with what it should be; UPDATE_MANUAL=1 rewrites it.
fn fresh(directory: &str, files: &Files) {
    let at = root().join(directory);
    if std::env::var("UPDATE_MANUAL").is_ok_and(|value| value == "1") {
        // What is not there yet need not be removed.
        std::fs::remove_dir_all(&at).ok();
        std::fs::create_dir_all(&at).expect("a directory");
        for (name, text) in files {
            std::fs::write(at.join(name), text).expect("a file");
        }
    }
    let committed = files_in(&at);
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    let hint = "is stale; run this test with UPDATE_MANUAL=1";
    assert_eq!(names(&committed), names(files), "{directory}/ {hint}");
    for (name, text) in files {
        assert!(committed[name] == *text, "{directory}/{name} {hint}");
    }
}

#[test]
fn the_committed_pages_are_those_the_command_writes() {
    fresh("man", &written_pages());
}

#[test]
fn the_committed_completions_are_those_the_command_prints() {
    let printed = |(shell, name): (&str, &str)| {
        let run = elevate(&["completions", shell]);
        assert_eq!(run.code, 0, "{}", run.all());
        (name.to_owned(), run.stdout)
    };
    fresh("completions", &COMPLETIONS.into_iter().map(printed).collect());
}

#[test]
fn every_page_that_a_page_points_to_is_there() {
    let pages = written_pages();
    let mut pointers = 0;
    for (name, text) in &pages {
        assert!(!text.contains("@fields"), "{name} shows a schema that there is not");
        let (_, see_also) = text.split_once(".SH \"SEE ALSO\"\n").expect("SEE ALSO");
        let rest = see_also.split("\\fB").skip(1);
        for (page, rest) in rest.filter_map(|pointer| pointer.split_once("\\fR(")) {
            let file = format!("{}.{}", page.replace("\\-", "-"), &rest[..1]);
            assert!(pages.contains_key(&file), "{name} points to {file}");
            pointers += 1;
        }
    }
    assert!(pointers > 50, "{pointers} pointers were found");
}

#[test]
fn every_page_renders_without_a_warning() {
    if Command::new("man").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("skipped: there is no man");
        return;
    }
    let pages = manual();
    for page in entries(pages.path()) {
        let man = Command::new("man")
            .args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"])
            .arg(&page)
            .env("LC_ALL", "C.UTF-8")
            .output()
            .expect("man runs");
        let said = String::from_utf8_lossy(&man.stderr);
        assert!(man.status.success() && said.is_empty(), "{}: {said}", page.display());
    }
}

#[test]
fn every_command_has_a_page_and_help_that_fits_80_columns() {
    let pages = written_pages();
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    let mut seen = 0;
    while let Some(command) = open.pop() {
        let page = [vec!["elevate".to_owned()], command.clone()].concat().join("-") + ".1";
        assert!(pages.contains_key(&page), "{page} is missing");
        for option in ["-h", "--help"] {
            let arguments: Vec<&str> = command.iter().map(String::as_str).chain([option]).collect();
            let help = elevate(&arguments).stdout;
            let wide = help.lines().find(|line| line.chars().count() > 80);
            assert_eq!(wide, None, "elevate {}", arguments.join(" "));
            if option == "-h" {
                open.extend(below(&help).map(|name| [&command[..], &[name]].concat()));
            }
        }
        seen += 1;
    }
    assert!(seen > 20, "{seen} commands were found");
}

/// The commands that a help lists.
fn below(help: &str) -> impl Iterator<Item = String> {
    let (_, listed) = help.split_once("Commands:\n").unwrap_or_default();
    let lines = listed.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split_once(' '));
    let names = names.map(|(name, _)| name).filter(|name| !name.is_empty() && *name != "help");
    names.map(str::to_owned).collect::<Vec<_>>().into_iter()
}

#[test]
fn bash_completes_commands_options_and_values() {
    let directory = TempDir::new("bash").expect("a directory");
    let printed = elevate(&["completions", "bash"]).stdout;
    let completions = directory.write("elevate", printed.as_bytes()).expect("a file");
    let script = r#"
        . "$0"
        for words in "elevate pl" "elevate plan --snaps" "elevate report --format lea" "elevate completions "; do
            COMP_WORDS=($words); [ "${words% }" = "$words" ] || COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            COMPREPLY=()
            _elevate elevate "${COMP_WORDS[$COMP_CWORD]}" "${COMP_WORDS[$COMP_CWORD - 1]}"
            echo "$words: ${COMPREPLY[*]}"
        done"#;
    let bash = Command::new("bash").args(["--norc", "-ec", script]).arg(completions).output();
    let Ok(output) = bash else {
        eprintln!("skipped: there is no bash");
        return;
    };
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "elevate pl: plan\n\
         elevate plan --snaps: --snapshot\n\
         elevate report --format lea: leapp leapp-text leapp-tasks\n\
         elevate completions : -h -V --help --version bash zsh fish\n"
    );
}

#[test]
fn fish_completes_commands_options_and_values() {
    let directory = TempDir::new("fish").expect("a directory");
    let printed = elevate(&["completions", "fish"]).stdout;
    let completions = directory.write("elevate.fish", printed.as_bytes()).expect("a file");
    let words =
        ["pl", "plan --snaps", "plan --as ", "report --format lea", "schema pack", "pack te"];
    let ask = words.map(|words| format!("echo '{words}:' (complete -C 'elevate {words}')"));
    let script = format!("source {}\n{}", completions.display(), ask.join("\n"));
    let home = directory.path().as_os_str();
    let mut fish = Command::new("fish");
    let fish = fish.args(["--no-config", "-c", &script]).env("HOME", home).current_dir(home);
    let Ok(output) = fish.output() else {
        eprintln!("skipped: there is no fish");
        return;
    };
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    // Behind a tab stands what a word means.
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    insta::assert_snapshot!(said.replace('\t', " = "));
}

#[test]
fn zsh_finds_and_loads_its_completion() {
    let directory = TempDir::new("zsh").expect("a directory");
    let printed = elevate(&["completions", "zsh"]).stdout;
    directory.write("_elevate", printed.as_bytes()).expect("a file");
    let script = "fpath=($PWD $fpath); autoload -U compinit; compinit -u -D
        echo $_comps[elevate]; autoload +X _elevate && echo loaded
        _arguments() { print -l -- $@ }; _elevate 2>/dev/null | grep -c -e --version";
    let mut zsh = Command::new("zsh");
    let zsh = zsh.args(["-f", "-c", script]).current_dir(directory.path());
    let Ok(output) = zsh.output() else {
        eprintln!("skipped: there is no zsh");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said, "_elevate\nloaded\n1\n", "{}", String::from_utf8_lossy(&output.stderr));
}

/// Lines of a hand-written page that are indented by four blanks, from one that starts so.
fn example(page: &str, start: &str) -> String {
    let path = root().join("elevate-cli/src/manual/pages").join(page);
    let text = String::from_utf8(read(&path)).expect("UTF-8");
    let lines = text.lines().skip_while(|line| line.trim() != start);
    let example = lines.take_while(|line| line.is_empty() || line.starts_with("    "));
    let example: String =
        example.map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect();
    assert!(!example.is_empty(), "{page} has no example that starts with {start}");
    example
}

#[test]
fn the_snapshot_of_the_manual_is_one() {
    let read = Snapshot::read(example("snapshot.txt", "{").as_bytes()).expect("a snapshot");
    assert_eq!(read.ignored, Vec::<String>::new());
    assert_eq!(read.snapshot.packages.len(), 1);
}

#[test]
fn the_waivers_of_the_manual_are_read() {
    let example = example("waivers.txt", "[[waiver]]");
    let (waivers, _) = example.split_once("\n$ ").expect("a command below");
    Waivers::read(waivers).expect("waivers");
}

#[test]
fn the_pack_of_the_manual_passes_its_test() {
    let files = BTreeMap::from([
        ("pack.toml".to_owned(), example("pack.txt", "[pack]")),
        ("php.toml".to_owned(), example("pack.txt", "[[actor]]")),
    ]);
    let pack = Pack::read(&files).expect("a pack");
    assert_eq!((pack.actors.len(), pack.trials.len()), (1, 1));
    for trial in &pack.trials {
        assert_eq!(trial.run(&pack), Ok(None));
    }
}
