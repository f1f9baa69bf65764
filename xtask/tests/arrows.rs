//! The checks on the repository as it is, and on small trees that break a rule.

use std::path::PathBuf;

use xtask::{arrows, dependencies, files};

#[test]
fn every_module_names_only_what_its_row_allows() {
    arrows::check(&files::workspace_root()).unwrap_or_else(|problems| panic!("\n{problems}"));
}

#[test]
fn every_dependency_says_why_it_is_there() {
    dependencies::check(&files::workspace_root()).unwrap_or_else(|problems| panic!("\n{problems}"));
}

/// A tree below the target directory, removed when it goes.
struct Tree(PathBuf);

#[expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "builds the tree to be checked")]
fn tree(name: &str, files: &[(&str, &str)]) -> Tree {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&root);
    let usual = [
        ("ARCHITECTURE.md", ARCHITECTURE),
        ("Cargo.toml", "[workspace.dependencies]\nliblzma = \"0.4\" # xz\n"),
        (
            "elevate-core/src/lib.rs",
            "pub mod model;\npub mod solve;\npub mod facts;\npub mod snapshot;\n",
        ),
        ("elevate-cli/src/main.rs", "use elevate_core::facts;\n"),
    ];
    for (path, text) in usual.iter().chain(files) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    Tree(root)
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const ARCHITECTURE: &str = "\
<!-- arrows:begin -->
| module | may name |
|---|---|
| `model` | nothing |
| `snapshot` | `model`, `host` (only `capture.rs`) |
| `facts` | `model`, `snapshot` (only `Snapshot`) |
| `solve` | `model` |
| `host` | nothing |
| `elevate-cli` | every module |
<!-- arrows:end -->
<!-- crates:begin -->
| crate | where |
|---|---|
| `liblzma` | `snapshot`, `facts/packed.rs` |
<!-- crates:end -->
";

fn problems(name: &str, files: &[(&str, &str)]) -> Vec<String> {
    let tree = tree(name, files);
    arrows::check(&tree.0).err().map_or_else(Vec::new, |p| p.0)
}

#[test]
fn a_tree_that_keeps_the_rules_passes() {
    let facts = "use crate::model::{A, b::C};\nuse crate::snapshot::Snapshot;\nmod tests { use super::*; use super::super::model; }\n";
    let files = [
        ("elevate-core/src/facts/mod.rs", facts),
        ("elevate-core/src/facts/packed.rs", "use super::x; use liblzma::y;"),
        ("elevate-core/src/snapshot.rs", "// crate::solve\nfn f() { \"crate::solve\" }"),
    ];
    assert_eq!(problems("keeps", &files), [""; 0]);
}

#[test]
fn a_forbidden_module_is_named_with_place_and_row() {
    let facts = "use crate::{\n    model,\n    solve::{self, Request},\n};\n";
    assert_eq!(
        problems("forbidden", &[("elevate-core/src/facts/a.rs", facts)]),
        [
            "elevate-core/src/facts/a.rs:3: names `solve`; the row of `facts` allows `model`, `snapshot` (ARCHITECTURE.md:6)",
            "elevate-core/src/facts/a.rs:3: names `solve::Request`; the row of `facts` allows `model`, `snapshot` (ARCHITECTURE.md:6)",
        ]
    );
    let model = "fn f() -> super::super::solve::X {}";
    assert_eq!(
        problems("upwards", &[("elevate-core/src/model/a.rs", model)]),
        [
            "elevate-core/src/model/a.rs:1: names `solve::X`; the row of `model` allows nothing (ARCHITECTURE.md:4)"
        ]
    );
}

#[test]
fn tests_inside_a_module_obey_its_row() {
    let facts = "#[cfg(test)]\nmod tests {\n    use super::super::solve;\n}\n";
    let found = problems("tests", &[("elevate-core/src/facts.rs", facts)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("elevate-core/src/facts.rs:3: names `solve`;"), "{found:?}");
}

#[test]
fn limits_to_items_and_files_hold() {
    let files = [
        ("elevate-core/src/facts.rs", "use crate::snapshot;\nuse crate::snapshot::*;\n"),
        ("elevate-core/src/lib.rs", "mod model; mod solve; mod facts; mod snapshot; mod host;"),
        ("elevate-core/src/snapshot/capture.rs", "use crate::host::Host;"),
        ("elevate-core/src/snapshot/mod.rs", "use crate::host::Host;"),
    ];
    assert_eq!(
        problems("limits", &files),
        [
            "elevate-core/src/facts.rs:1: names `snapshot`; the row of `facts` allows `snapshot` for `Snapshot` only (ARCHITECTURE.md:6)",
            "elevate-core/src/facts.rs:2: names `snapshot::*`; the row of `facts` allows `snapshot` for `Snapshot` only (ARCHITECTURE.md:6)",
            "elevate-core/src/snapshot/mod.rs:1: names `host::Host`; the row of `snapshot` allows `host` for `capture.rs` only (ARCHITECTURE.md:5)",
        ]
    );
}

#[test]
fn the_root_of_the_crate_is_no_way_round() {
    let sources = [
        "use crate as c;",
        "use crate::*;",
        "use super::*;",
        "use crate::Request;",
        "use elevate_core::solve;",
    ];
    for (at, source) in sources.iter().enumerate() {
        let found = problems(&format!("root{at}"), &[("elevate-core/src/facts.rs", source)]);
        assert_eq!(found.len(), 1, "{source}: {found:?}");
    }
}

#[test]
fn crates_stay_where_their_row_puts_them() {
    let files = [
        ("elevate-core/src/model.rs", "fn f() { ::liblzma::x() }"),
        ("elevate-cli/src/main.rs", "use liblzma as l;"),
        ("elevate-core/src/snapshot/a.rs", "use liblzma::x;"),
    ];
    assert_eq!(
        problems("crates", &files),
        [
            "elevate-core/src/model.rs:1: uses crate `liblzma`, allowed in `facts/packed.rs`, `snapshot` only (ARCHITECTURE.md:14)",
            "elevate-cli/src/main.rs:1: uses crate `liblzma`, allowed in `facts/packed.rs`, `snapshot` only (ARCHITECTURE.md:14)",
        ]
    );
}

#[test]
fn modules_and_crates_without_a_row_and_circles_are_found() {
    let circle = ARCHITECTURE.replace("| `model` | nothing |", "| `model` | `solve` |");
    let files = [
        ("ARCHITECTURE.md", circle.as_str()),
        ("Cargo.toml", "[workspace.dependencies]\nsome-crate = \"1\" # why\n"),
        (
            "elevate-core/src/lib.rs",
            "pub mod model;\n#[cfg(feature = \"x\")]\npub mod plan { mod inner; }\n",
        ),
        ("elevate-cli/src/main.rs", ""),
    ];
    assert_eq!(
        problems("rows", &files),
        [
            "elevate-core/src/lib.rs: module `plan` has no row in the table of arrows of ARCHITECTURE.md",
            "Cargo.toml: crate `some_crate` has no row in the table of crates of ARCHITECTURE.md",
            "ARCHITECTURE.md: the arrows lead from `model` back to `model`",
            "ARCHITECTURE.md: the arrows lead from `solve` back to `solve`",
        ]
    );
}

#[test]
fn a_dependency_without_a_reason_is_found() {
    let tree =
        tree("reason", &[("Cargo.toml", "[workspace.dependencies]\na = \"1\" # why\nb = \"1\"\n")]);
    let problems = dependencies::check(&tree.0).unwrap_err();
    assert_eq!(
        problems.0,
        ["Cargo.toml:3: `b` gives no reason: end the line with `# why it is there`"]
    );
}
