//! The definitions of repositories that distributions and hosts really have.

#![expect(clippy::expect_used, reason = "a test that panics is a test that fails")]

use std::collections::{BTreeMap, BTreeSet};

use elevate_core::model::{Arch, RepoFile};
use elevate_core::repository::{Definition, Variables};
use elevate_tests::{data, recorded};

/// What is read from a text: how many definitions, how many without an address, and
/// what is odd, each kind with its number.
#[derive(Default)]
struct Read {
    definitions: usize,
    without_address: usize,
    odd: BTreeMap<String, usize>,
}

impl Read {
    fn take(&mut self, name: &str, text: &str) {
        let mut variables = Variables::new();
        variables.set_release("8.10");
        variables.set_arch(&Arch::X86_64);
        let (file, _) = RepoFile::parse(name, text).expect(name);
        let (definitions, remarks) = Definition::all(&file, &variables);
        assert_eq!(definitions.len(), file.repositories.len());
        self.definitions += definitions.len();
        let without = |definition: &&Definition| definition.addresses().is_empty();
        self.without_address += definitions.iter().filter(without).count();
        for remark in remarks {
            *self.odd.entry(remark.what).or_default() += 1;
        }
    }
}

#[test]
fn published_definitions_are_read_and_little_is_odd_about_them() {
    let Some(root) = recorded::data_dir("") else { return };
    let mut read = Read::default();
    let mut names = BTreeSet::new();
    for below in ["upgrade-data/latest", "leapp-data", "host-trees"] {
        if !recorded::has(&root, below) {
            continue;
        }
        for path in data::files_below(&root.join(below)).expect("recorded data") {
            let name = path.strip_prefix(&root).expect("recorded data").display().to_string();
            let is_repo = name.ends_with(".repo") || name.contains(".repo.el");
            if is_repo && path.is_file() {
                read.take(
                    &name,
                    &String::from_utf8(data::read(&path).expect("recorded data"))
                        .expect("recorded data"),
                );
                names.insert(name);
            }
        }
    }
    let odd: Vec<String> = read.odd.iter().map(|(what, n)| format!("{n} {what}")).collect();
    let text = format!(
        "{} files, {} definitions, {} without an address\n{}\n",
        names.len(),
        read.definitions,
        read.without_address,
        odd.join("\n")
    );
    insta::assert_snapshot!("published", text);
}

#[test]
fn the_definitions_of_mock_are_read() {
    let Some(root) = recorded::data_dir("repodata/fixtures") else { return };
    let archive = data::read(&root.join("mock-templates.tar.xz")).expect("recorded data");
    let mut read = Read::default();
    for (name, bytes) in data::untar(&archive) {
        let text = String::from_utf8(bytes).expect("recorded data");
        // A template is Python with the text of a dnf.conf in it, and that has lines
        // that are for the template engine.
        let Some(start) = text.find("\"\"\"") else { continue };
        let inner = &text[start + 3..];
        let inner = &inner[..inner.find("\"\"\"").expect("recorded data")];
        let plain = inner.replace("{{ ", "").replace(" }}", "");
        let plain = plain.lines().filter(|line| !line.trim_start().starts_with("{%"));
        read.take(&name, &plain.map(|line| format!("{line}\n")).collect::<String>());
    }
    assert!(read.definitions > 100, "{}", read.definitions);
    let odd: Vec<String> = read.odd.iter().map(|(what, n)| format!("{n} {what}")).collect();
    let text = format!(
        "{} definitions, {} without an address\n{}\n",
        read.definitions,
        read.without_address,
        odd.join("\n")
    );
    insta::assert_snapshot!("mock", text);
}
