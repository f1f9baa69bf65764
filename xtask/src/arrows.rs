//! Which module may name which, by the tables `arrows` and `crates` of
//! ARCHITECTURE.md.
//!
//! Tests inside a module obey its row like the rest of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::names::{Name, Owner, names};
use crate::source::{Token, tokens};
use crate::table::{self, Allowed, Row};
use crate::{Problems, dependencies, files, verdict};

const DOCUMENT: &str = "ARCHITECTURE.md";
const LIBRARY: &str = "elevate-core";
const PROGRAM: &str = "elevate-cli";

/// Checks every source file of the library and the program below `root`.
pub fn check(root: &Path) -> Result<String, Problems> {
    let rules = Rules::read(root)?;
    let mut problems = rules.about_themselves();
    let mut checked = 0;
    for member in [LIBRARY, PROGRAM] {
        for file in source_files(root, member)? {
            file.check(&rules, &mut problems);
            checked += 1;
        }
    }
    verdict(problems, format!("arrows: {checked} files obey {DOCUMENT}"))
}

/// A source file: where it is, where its module is, what it says.
struct SourceFile {
    member: &'static str,
    /// Below `src`.
    path: String,
    module: Vec<String>,
    text: String,
}

fn source_files(root: &Path, member: &'static str) -> Result<Vec<SourceFile>, String> {
    let source = root.join(member).join("src");
    let load = |below: std::path::PathBuf| {
        let text = files::read(&source.join(&below))?;
        let path = below.to_string_lossy().replace('\\', "/");
        Ok(SourceFile { member, module: module_of(&path), path, text })
    };
    files::rust_files(&source)?.into_iter().map(load).collect()
}

/// `a/b.rs` and `a/b/mod.rs` hold module `a::b`; `lib.rs` and `main.rs` the root.
fn module_of(path: &str) -> Vec<String> {
    let mut parts: Vec<String> =
        path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    let root = parts.len() == 1 && matches!(parts[0].as_str(), "lib" | "main");
    if root || parts.last().is_some_and(|p| p == "mod") {
        parts.pop();
    }
    parts
}

impl SourceFile {
    fn check(&self, rules: &Rules, problems: &mut Vec<String>) {
        let mut seen = BTreeSet::new();
        for name in names(&tokens(&self.text), &self.module) {
            let Err(why) = self.check_name(&name, rules) else { continue };
            let Self { member, path, .. } = self;
            let problem = format!("{member}/src/{path}:{}: {why}", name.line);
            if seen.insert(problem.clone()) {
                problems.push(problem);
            }
        }
    }

    fn check_name(&self, name: &Name, rules: &Rules) -> Result<(), String> {
        let in_library = self.member == LIBRARY;
        match &name.owner {
            Owner::Own if in_library => match self.module.first() {
                Some(module) => rules.may_name(module, &self.path, &name.path),
                None => Ok(()), // lib.rs is the front page of every module
            },
            Owner::Own => Ok(()),
            Owner::Scope(first) if first == "elevate_core" && in_library => {
                Err("names `elevate_core`, its own crate: write `crate`".to_owned())
            }
            Owner::Scope(first) if first == "elevate_core" => {
                rules.may_name(PROGRAM, &self.path, &name.path)
            }
            Owner::Scope(first) => rules.may_use(first, self),
        }
    }
}

/// The two tables, and what they speak of.
struct Rules {
    arrows: BTreeMap<String, Row>,
    crates: BTreeMap<String, Row>,
    /// Top-level modules of the library.
    modules: BTreeSet<String>,
    /// Third-party crates of the workspace, as source spells them.
    dependencies: BTreeSet<String>,
}

impl Rules {
    fn read(root: &Path) -> Result<Self, String> {
        let document = files::read(&root.join(DOCUMENT))?;
        let read = |name| table::read(&document, name).map_err(|why| format!("{DOCUMENT}: {why}"));
        let library = files::read(&root.join(LIBRARY).join("src/lib.rs"))?;
        let dependencies = dependencies::names(root)?.into_iter();
        Ok(Self {
            arrows: read("arrows")?,
            crates: read("crates")?.into_iter().map(|(name, row)| (spelled(&name), row)).collect(),
            modules: modules_declared(&tokens(&library)),
            dependencies: dependencies.filter(|d| d != LIBRARY).map(|d| spelled(&d)).collect(),
        })
    }

    /// Modules and crates without a row, and rows that lead in a circle.
    fn about_themselves(&self) -> Vec<String> {
        let module = |m| {
            format!(
                "{LIBRARY}/src/lib.rs: module `{m}` has no row in the table of arrows of {DOCUMENT}"
            )
        };
        let dependency =
            |d| format!("Cargo.toml: crate `{d}` has no row in the table of crates of {DOCUMENT}");
        let mut problems: Vec<String> =
            self.modules.iter().filter(|m| !self.arrows.contains_key(*m)).map(module).collect();
        problems.extend(
            self.dependencies.iter().filter(|d| !self.crates.contains_key(*d)).map(dependency),
        );
        problems.extend(self.circles());
        problems
    }

    /// Modules that may, by way of others, name themselves.
    fn circles(&self) -> Vec<String> {
        let circular = |start: &&String| {
            let mut reached = BTreeSet::new();
            let mut pending = vec![start.as_str()];
            while let Some(module) = pending.pop() {
                let Some(Row { allowed: Allowed::Listed(listed), .. }) = self.arrows.get(module)
                else {
                    continue;
                };
                pending.extend(listed.keys().map(String::as_str).filter(|m| reached.insert(*m)));
            }
            reached.contains(start.as_str())
        };
        let name = |m| format!("{DOCUMENT}: the arrows lead from `{m}` back to `{m}`");
        self.arrows.keys().filter(circular).map(name).collect()
    }

    /// Whether `module` may, in file `path`, name the item `named` of the library.
    fn may_name(&self, module: &str, path: &str, named: &[String]) -> Result<(), String> {
        let Some(first) = named.first().filter(|f| *f != "*") else {
            return Err("names the root of the crate: name the module the item lives in".to_owned());
        };
        if first == module {
            return Ok(());
        }
        if !self.modules.contains(first) {
            return Err(format!(
                "names `{first}` at the root of the crate: name the module it lives in"
            ));
        }
        let named = named.join("::");
        let Some(Row { line, allowed }) = self.arrows.get(module) else {
            return Err(format!("names `{named}`, and `{module}` has no row in {DOCUMENT}"));
        };
        let Allowed::Listed(listed) = allowed else { return Ok(()) };
        match listed.get(first) {
            Some(only) if within(only, path, &named) => Ok(()),
            Some(only) => Err(format!(
                "names `{named}`; the row of `{module}` allows `{first}` for {} only ({DOCUMENT}:{line})",
                in_backticks(only)
            )),
            None => Err(format!(
                "names `{named}`; the row of `{module}` allows {} ({DOCUMENT}:{line})",
                in_backticks(listed.keys())
            )),
        }
    }

    /// Whether `file` may use the crate `first`, where it is one.
    fn may_use(&self, first: &str, file: &SourceFile) -> Result<(), String> {
        let Some(Row { line, allowed: Allowed::Listed(places) }) = self.crates.get(first) else {
            return Ok(());
        };
        let here = |place: &String| {
            let in_library = file.member == LIBRARY;
            let in_module = file.module.first() == Some(place) || *place == file.path;
            *place == file.member || (in_library && in_module)
        };
        if places.keys().any(here) {
            return Ok(());
        }
        Err(format!(
            "uses crate `{first}`, allowed in {} only ({DOCUMENT}:{line})",
            in_backticks(places.keys())
        ))
    }
}

/// Whether a limit holds: files by their path below `src` or their last part,
/// with the modules inside them, items by the path named.
fn within(only: &[String], path: &str, named: &str) -> bool {
    let item = named.split("::").nth(1);
    let is_file = |limit: &str| {
        let inside = format!("/{}/", limit.trim_end_matches(".rs"));
        path == limit || path.ends_with(&format!("/{limit}")) || path.contains(&inside)
    };
    only.is_empty() || only.iter().any(|limit| is_file(limit) || item == Some(limit))
}

fn in_backticks<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

/// A crate's name as source spells it.
fn spelled(name: &str) -> String {
    name.replace('-', "_")
}

/// The modules a file declares outside any braces.
fn modules_declared(tokens: &[Token<'_>]) -> BTreeSet<String> {
    let mut depth = 0_usize;
    let mut found = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        match (token.text, tokens.get(at + 1)) {
            ("mod", Some(name)) if depth == 0 && name.is_identifier() => {
                found.insert(name.text.to_owned());
            }
            ("{", _) => depth += 1,
            ("}", _) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}
