//! Small worlds for tests, written as lines: a package, then what it says.
//!
//! ```text
//! bash-4.4-1.x86_64
//!   requires libc.so.6()(64bit)
//!   before /bin/sh
//!   files /usr/bin/bash
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::builder::{Builder, Identity};
use super::super::{List, PackageDetails, RepositoryData, Source, Target, Universe};
use crate::model::{
    Arch, InstalledPackage, Nevra, PackageData, Purpose, StoredDependency, StoredFile,
};

struct Line<'t> {
    list: List,
    text: &'t str,
}

fn parse(text: &str) -> Vec<(Nevra, Vec<Line<'_>>)> {
    let mut packages: Vec<(Nevra, Vec<Line<'_>>)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match line.trim().split_once(' ') {
            Some((word, text)) if line.starts_with(' ') => {
                let list = match word {
                    "provides" => List::Provides,
                    "requires" => List::Requires,
                    "before" => List::RequiresBefore,
                    "conflicts" => List::Conflicts,
                    "obsoletes" => List::Obsoletes,
                    "recommends" => List::Recommends,
                    "suggests" => List::Suggests,
                    "supplements" => List::Supplements,
                    "enhances" => List::Enhances,
                    "files" => List::Files,
                    _ => panic!("{line}"),
                };
                packages.last_mut().unwrap().1.push(Line { list, text });
            }
            _ => packages.push((line.trim().parse().unwrap(), Vec::new())),
        }
    }
    packages
}

/// A repository.
pub(in crate::universe) fn repository(text: &str) -> RepositoryData {
    let mut builder = Builder::new(0).unwrap();
    for (nevra, lines) in parse(text) {
        for Line { list, text } in lines {
            let words: Vec<&str> = text.split(' ').collect();
            match (list, words.as_slice()) {
                (List::Files, _) => builder.file(text).unwrap(),
                (_, [name, comparison, evr]) if !name.starts_with('(') => {
                    let version = Some((comparison.parse().unwrap(), *evr));
                    assert!(builder.dependency(list, name, version).unwrap());
                }
                _ => assert!(builder.dependency(list, text, None).unwrap(), "{text}"),
            }
        }
        let (evr, arch) = (nevra.evr.to_string(), nevra.arch.to_string());
        let identity =
            Identity { name: nevra.name.as_str(), evr: &evr, arch: &arch, ..Identity::default() };
        builder.package(identity, PackageDetails::default()).unwrap();
    }
    builder.finish(&[]).unwrap()
}

/// Repositories with the default priority, called `a`, `b` and so on.
fn sources(repositories: &[&str]) -> Vec<Source> {
    let source = |(letter, text): (u8, &&str)| {
        let id = char::from(letter).to_string().parse().unwrap();
        Source::new(id, Arc::new(repository(text)))
    };
    (b'a'..).zip(repositories).map(source).collect()
}

/// The same, united.
pub(crate) fn target(repositories: &[&str]) -> Target {
    Target::new(&Arch::X86_64, sources(repositories)).unwrap()
}

/// Installed packages.
pub(crate) fn installed(text: &str) -> Vec<InstalledPackage> {
    parse(text).into_iter().map(|(nevra, lines)| package(nevra, &lines)).collect()
}

fn package(nevra: Nevra, lines: &[Line<'_>]) -> InstalledPackage {
    let of = |list: List| -> Vec<StoredDependency> {
        let own = lines.iter().filter(|line| line.list == list);
        own.map(|line| StoredDependency::Text(line.text.to_owned())).collect()
    };
    let before = lines.iter().filter(|line| line.list == List::RequiresBefore);
    let before = before.map(|line| StoredDependency::Flagged {
        text: line.text.to_owned(),
        purposes: vec![Purpose::Pre],
    });
    let mut files: BTreeMap<String, Vec<StoredFile>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.list == List::Files) {
        let (directory, name) = line.text.split_at(line.text.rfind('/').unwrap() + 1);
        files.entry(directory.to_owned()).or_default().push(StoredFile::Plain(name.to_owned()));
    }
    let data = PackageData {
        source_rpm: None,
        provides: of(List::Provides),
        requires: of(List::Requires).into_iter().chain(before).collect(),
        conflicts: of(List::Conflicts),
        obsoletes: of(List::Obsoletes),
        recommends: of(List::Recommends),
        suggests: of(List::Suggests),
        supplements: of(List::Supplements),
        enhances: of(List::Enhances),
        files,
    };
    InstalledPackage {
        data: Some(Arc::new(data)),
        ..InstalledPackage::new(nevra.name, nevra.evr, Some(nevra.arch))
    }
}

/// A host over repositories.
pub(crate) fn universe(host: &str, repositories: &[&str]) -> Universe {
    Universe::new(Arc::new(target(repositories)), &installed(host)).unwrap()
}

/// Who provides a dependency, as `name-evr.arch`.
pub(in crate::universe) fn who_provides(universe: &Universe, dependency: &str) -> Vec<String> {
    let found = universe.packages().flat_map(|package| {
        let lists = List::ALL.into_iter().flat_map(move |list| universe.list(package, list));
        lists.copied().find(|term| universe.show(*term).to_string() == dependency)
    });
    let term = found.into_iter().next();
    let term = term.unwrap_or_else(|| panic!("nobody names {dependency}"));
    universe.providers(term).iter().map(|package| universe.nevra(*package)).collect()
}
