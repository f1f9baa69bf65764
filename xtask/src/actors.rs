//! The list of actors: `elevate-core/src/actors/mod.rs`, and `docs/actors.md` with what
//! they cover of leapp's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use crate::{Problems, files, verdict};

const DIRECTORY: &str = "elevate-core/src/actors";
const MODULE: &str = "elevate-core/src/actors/mod.rs";
const DOCUMENT: &str = "docs/actors.md";
const UPSTREAM: &str = "docs/upstream-actors.tsv";

/// Writes both files anew.
pub fn write(root: &Path) -> Result<String, Problems> {
    let (ours, theirs) = read(root)?;
    files::write(&root.join(MODULE), module(&ours).as_bytes())?;
    files::write(&root.join(DOCUMENT), document(&ours, &theirs).as_bytes())?;
    Ok(format!("actors: {} written to {MODULE} and {DOCUMENT}", ours.len()))
}

/// Checks that both files are what [`write()`] would write, and that every actor of leapp
/// is accounted for.
pub fn coverage(root: &Path) -> Result<String, Problems> {
    let (ours, theirs) = read(root)?;
    let mut problems = Vec::new();
    for (path, text) in [(MODULE, module(&ours)), (DOCUMENT, document(&ours, &theirs))] {
        if files::read(&root.join(path)).ok().as_deref() != Some(&text) {
            problems.push(format!("{path} is not what the actors say: run `cargo xtask actors`"));
        }
    }
    problems.extend(unaccounted(&ours, &theirs));
    let open = theirs.iter().filter(|actor| state(&ours, actor) == State::Open).count();
    verdict(
        problems,
        format!("actors: {} of ours, {} of leapp's, {open} of them open", ours.len(), theirs.len()),
    )
}

/// An actor of this repository.
struct Ours {
    name: String,
    summary: String,
    covers: Vec<String>,
}

/// An actor of leapp.
struct Theirs {
    line: usize,
    repository: String,
    name: String,
    kind: String,
    phase: String,
    /// What covers it, where no actor does.
    covered: String,
}

fn read(root: &Path) -> Result<(Vec<Ours>, Vec<Theirs>), String> {
    let directory = root.join(DIRECTORY);
    let mut ours = Vec::new();
    for file in files::rust_files(&directory)? {
        let path = file.to_string_lossy().into_owned();
        if path != "mod.rs" {
            let text = files::read(&directory.join(&file))?;
            ours.push(our(&path, &text)?);
        }
    }
    ours.sort_by(|a, b| a.name.cmp(&b.name));
    let table = files::read(&root.join(UPSTREAM))?;
    let lines = (1..).zip(table.lines()).filter(|(_, line)| !line.starts_with('#'));
    Ok((ours, lines.map(|(line, text)| their(line, text)).collect::<Result<_, _>>()?))
}

/// What an actor's file says of it.
fn our(path: &str, text: &str) -> Result<Ours, String> {
    let body = text.split("NativeActor = NativeActor {").nth(1).unwrap_or_default();
    let body = body.split("\n};").next().unwrap_or_default();
    let field = |name: &str| {
        let start = body.find(&format!("\n    {name}:"))?;
        body.get(start..)?.split_once(':').map(|(_, rest)| rest)
    };
    let name = field("name").and_then(|rest| texts(rest, 1).pop()).unwrap_or_default();
    let file = path.trim_end_matches(".rs");
    if name != file {
        let place = format!("{DIRECTORY}/{path}");
        return Err(format!("{place}: names its actor {name:?}; an actor's file has its name"));
    }
    let summary = field("summary").and_then(|rest| texts(rest, 1).pop()).unwrap_or_default();
    let covers =
        field("covers").map(|rest| texts(rest.split(']').next().unwrap_or_default(), usize::MAX));
    Ok(Ours { name, summary, covers: covers.unwrap_or_default() })
}

/// The first texts in source code, with lines that were broken made one.
fn texts(code: &str, most: usize) -> Vec<String> {
    let texts = code.split('"').skip(1).step_by(2).take(most);
    let whole = |text: &str| {
        let mut lines = text.split("\\\n");
        let first = lines.next().unwrap_or_default().to_owned();
        lines.fold(first, |whole, line| whole + line.trim_start())
    };
    texts.map(whole).collect()
}

fn their(line: usize, text: &str) -> Result<Theirs, String> {
    let parts: Vec<String> = text.split('\t').map(str::to_owned).collect();
    let [repository, name, kind, phase, covered] =
        <[String; 5]>::try_from(parts).map_err(|_| {
            format!("{UPSTREAM}:{line}: has to have five columns, with a tabulator between them")
        })?;
    Ok(Theirs { line, repository, name, kind, phase, covered })
}

/// Whether an actor of leapp is covered.
#[derive(PartialEq, Eq)]
enum State {
    /// By these of ours.
    Actors(Vec<String>),
    /// By something else, or not at all with a reason.
    Otherwise(String),
    Open,
}

fn state(ours: &[Ours], actor: &Theirs) -> State {
    let covers = |our: &&Ours| our.name == actor.name || our.covers.contains(&actor.name);
    let names: Vec<String> = ours.iter().filter(covers).map(|our| our.name.clone()).collect();
    match (names.is_empty(), actor.covered.as_str()) {
        (false, _) => State::Actors(names),
        (true, "open" | "") => State::Open,
        (true, other) => State::Otherwise(other.to_owned()),
    }
}

fn unaccounted(ours: &[Ours], theirs: &[Theirs]) -> Vec<String> {
    let mut problems = Vec::new();
    let known: BTreeSet<&str> = theirs.iter().map(|actor| actor.name.as_str()).collect();
    for our in ours {
        for name in our.covers.iter().filter(|name| !known.contains(name.as_str())) {
            let Ours { name: own, .. } = our;
            problems.push(format!("{DIRECTORY}/{own}.rs: covers {name}, which leapp has not"));
        }
    }
    let known_ways =
        ["actor", "facts ", "request", "pack ", "plan", "engine", "not applicable: ", "open"];
    for actor in theirs {
        let place = format!("{UPSTREAM}:{}", actor.line);
        let is_covered = matches!(state(ours, actor), State::Actors(_));
        if !known_ways.iter().any(|way| actor.covered.starts_with(way)) {
            problems.push(format!("{place}: {:?} is none of {known_ways:?}", actor.covered));
        } else if actor.covered == "actor" && !is_covered {
            problems.push(format!("{place}: no actor covers {}", actor.name));
        } else if actor.covered == "open" && is_covered {
            problems.push(format!("{place}: {} is covered: write `actor`", actor.name));
        }
    }
    problems
}

fn module(ours: &[Ours]) -> String {
    let mut text = "//! The actors that ship with the library, one a file. Written by \
                    `cargo xtask actors`.\n\n"
        .to_owned();
    for Ours { name, .. } in ours {
        let _ = writeln!(text, "pub mod {name};");
    }
    text += "\nuse crate::actor::NativeActor;\n\n/// All of them, by name.\n";
    text += "#[rustfmt::skip]\npub const ALL: &[NativeActor] = &[\n";
    for Ours { name, .. } in ours {
        let _ = writeln!(text, "    {name}::ACTOR,");
    }
    text + "];\n"
}

fn document(ours: &[Ours], theirs: &[Theirs]) -> String {
    let mut text = "# Actors\n\nWritten by `cargo xtask actors`; `cargo xtask actors coverage` \
                    checks it.\n\n## Those that ship\n\n| actor | looks for | covers of leapp |\n|---|---|---|\n"
        .to_owned();
    for Ours { name, summary, covers } in ours {
        let _ = writeln!(text, "| `{name}` | {summary} | {} |", covers.join(", "));
    }
    text += "\n## leapp's\n\nEvery actor of leapp 0.21 (ELevate) and what covers it here.\n";
    let mut by_repository: BTreeMap<&str, Vec<&Theirs>> = BTreeMap::new();
    for actor in theirs {
        by_repository.entry(&actor.repository).or_default().push(actor);
    }
    for (repository, actors) in by_repository {
        let _ = writeln!(
            text,
            "\n### {repository}\n\n| actor | kind | phase | covered by |\n|---|---|---|---|"
        );
        for actor in actors {
            let covered = match state(ours, actor) {
                State::Actors(names) => format!("`{}`", names.join("`, `")),
                State::Otherwise(what) => what,
                State::Open => "**open**".to_owned(),
            };
            let Theirs { name, kind, phase, .. } = actor;
            let _ = writeln!(text, "| `{name}` | {kind} | {phase} | {covered} |");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "pub const ACTOR: NativeActor = NativeActor {\n    name: \"check_a\",\n    \
                        summary: \"a is \\\n              bad\",\n    covers: &[\"b\", \"c\"],\n    \
                        ..NativeActor::NEW\n};\nconst X: &str = \"d\";\n";

    #[test]
    fn an_actor_s_file_says_what_it_is() {
        let our = our("check_a.rs", CODE).unwrap();
        assert_eq!((our.name.as_str(), our.summary.as_str()), ("check_a", "a is bad"));
        assert_eq!(our.covers, ["b", "c"]);
    }

    #[test]
    fn a_file_of_another_name_is_refused() {
        let error = super::our("check_b.rs", CODE).err().unwrap();
        assert!(error.contains("an actor's file has its name"), "{error}");
    }

    #[test]
    fn what_covers_nothing_and_what_nothing_covers_are_told() {
        let ours = [our("check_a.rs", CODE).unwrap()];
        let their = |name: &str, covered: &str| {
            their(7, &format!("common\t{name}\tcheck\tChecks\t{covered}")).unwrap()
        };
        let theirs =
            [their("b", "open"), their("e", "actor"), their("f", "because"), their("g", "open")];
        let problems = unaccounted(&ours, &theirs);
        let expected =
            ["covers c, which leapp has not", "b is covered", "no actor covers e", "is none of"];
        assert_eq!(problems.len(), expected.len(), "{problems:?}");
        for (problem, expected) in problems.iter().zip(expected) {
            assert!(problem.contains(expected), "{problem}");
        }
    }
}
