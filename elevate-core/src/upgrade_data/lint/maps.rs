//! Maps: whether every family an event puts a package in has a repository, and
//! whether names and releases agree.

use std::collections::{BTreeMap, BTreeSet};

use super::Lint;
use super::events::{place, replaces};
use crate::model::{Arch, PesId};
use crate::upgrade_data::Level;
use crate::upgrade_data::package_events::PackageEvent;
use crate::upgrade_data::remark::{codes, short};
use crate::upgrade_data::repo_map::{RepoKind, RepoMap};

/// First words of repository ids, by distribution.
const WORDS: [&str; 10] = [
    "almalinux",
    "rocky",
    "centos",
    "oraclelinux",
    "ol",
    "eurolinux",
    "cloudlinux",
    "rhel",
    "el",
    "certify",
];

/// Checks the maps, and the families of all events against them.
pub(super) fn check(lint: &mut Lint<'_>) {
    for map in lint.maps() {
        names(lint, map);
        mapping(lint, map);
    }
    if lint.data.repo_map.is_ok() {
        families(lint);
    }
}

/// The architectures each family has a repository for, at one major release.
type Families<'d> = BTreeMap<&'d PesId, BTreeSet<&'d str>>;

fn at_major<'d>(maps: &[&'d RepoMap], major: &str) -> Families<'d> {
    let mut families = Families::new();
    for entry in maps.iter().flat_map(|map| &map.repositories) {
        if entry.major == major && entry.kind == RepoKind::Rpm {
            families.entry(&entry.pesid).or_default().insert(&entry.arch);
        }
    }
    families
}

fn families(lint: &mut Lint<'_>) {
    let known = at_major(&lint.maps(), &lint.target.major.to_string());
    let main = lint.data.repo_map.as_ref().map(|asset| &asset.value);
    let Ok(main) = main else { return };
    let usual = usual_word(main, lint.target.major);
    let covered: BTreeSet<&str> = known.values().flatten().copied().collect();
    for arch in &Arch::SUPPORTED {
        if !covered.contains(arch.as_str()) {
            let message = format!("has no repository of release {} for {arch}", lint.target.major);
            lint.on(&main.path).push(codes::ARCH_WITHOUT_REPOSITORIES, Level::Note, "", message);
        }
    }
    for file in lint.event_files() {
        for event in &file.events {
            if !lint.is_on_the_way(&event.to) {
                continue;
            }
            let wanted = wanted(event, &covered);
            let brings = replaces(event.action);
            let (field, set) = if brings {
                ("out_packageset", &event.outputs)
            } else {
                ("in_packageset", &event.inputs)
            };
            for package in set {
                let here = || format!("{}.{field}", place(event));
                let family = &package.repository;
                resolve(lint, &file.path, here, family, &wanted, known.get(family));
                if !known.contains_key(family) {
                    foreign(lint, &file.path, here, family, usual);
                }
            }
        }
    }
}

/// The architectures an event applies to, of those the map covers.
fn wanted<'d>(event: &PackageEvent, covered: &BTreeSet<&'d str>) -> BTreeSet<&'d str> {
    let applies = |name: &str| {
        event.architectures.is_empty()
            || event.architectures.iter().any(|arch| arch.as_str() == name)
    };
    covered.iter().copied().filter(|name| applies(name)).collect()
}

fn resolve(
    lint: &mut Lint<'_>,
    file: &str,
    here: impl Fn() -> String,
    family: &PesId,
    wanted: &BTreeSet<&str>,
    known: Option<&BTreeSet<&str>>,
) {
    let Some(known) = known else {
        let major = lint.target.major;
        lint.on(file).tally(codes::UNRESOLVED_FAMILY, Level::Error, family.as_str(), || {
            let message = format!(
                "no map has a repository of release {major} for {family}; leapp removes the \
                 packages that go there"
            );
            (here(), message)
        });
        return;
    };
    let missing: Vec<&str> = wanted.difference(known).copied().collect();
    if !missing.is_empty() {
        let what = format!("{family} {}", missing.join(" "));
        lint.on(file).tally(codes::PARTLY_RESOLVED_FAMILY, Level::Warning, &what, || {
            (here(), format!("{family} has no repository for {}", missing.join(", ")))
        });
    }
}

/// The distribution most target families of the main map are named after.
fn usual_word(map: &RepoMap, major: u32) -> Option<&'static str> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for entry in &map.repositories {
        if let Some((word, named)) = word_and_major(entry.pesid.as_str())
            && named == major
        {
            *counts.entry(word).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(word, _)| word)
}

fn foreign(
    lint: &mut Lint<'_>,
    file: &str,
    here: impl Fn() -> String,
    family: &PesId,
    usual: Option<&str>,
) {
    let id = family.as_str();
    let why = if id.starts_with('@') {
        "is yum's mark for a repository, not a family".to_owned()
    } else {
        match (word_and_major(id), usual) {
            // `el8-` is what vendors call families of no distribution.
            (Some((word, _)), Some(usual)) if word != usual && word != "el" => {
                format!("looks like one of {word}, not of {usual}")
            }
            _ => return,
        }
    };
    lint.on(file).tally(codes::FOREIGN_FAMILY, Level::Warning, id, || {
        (here(), format!("the family {family} {why}"))
    });
}

/// Distribution and major release in a name such as `ol8-uek` or
/// `rhel-7-server-rpms`.
fn word_and_major(name: &str) -> Option<(&'static str, u32)> {
    let lower = name.to_ascii_lowercase();
    let found = |word: &&'static str| {
        lower.match_indices(*word).find_map(|(start, _)| {
            let before = lower[..start].chars().next_back();
            if before.is_some_and(|c| c.is_ascii_alphanumeric()) {
                return None;
            }
            let rest = lower[start + word.len()..].trim_start_matches(['-', '_']);
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok().filter(|major| (5..=12).contains(major)).map(|major| (*word, major))
        })
    };
    WORDS.iter().find_map(found)
}

/// Ids that name another release than their entry declares.
fn names(lint: &mut Lint<'_>, map: &RepoMap) {
    for entry in &map.repositories {
        if entry.major.is_empty() || !entry.major.bytes().all(|b| b.is_ascii_digit()) {
            let major = short(&entry.major);
            lint.on(&map.path).tally(codes::ODD_MAJOR, Level::Error, &major, || {
                let message =
                    format!("repository {} is declared for release {major:?}", entry.repoid);
                ("repositories".to_owned(), message)
            });
            continue;
        }
        for name in [entry.repoid.as_str(), entry.pesid.as_str()] {
            let Some((_, named)) = word_and_major(name) else { continue };
            if named.to_string() != entry.major {
                let what = format!("{name} {}", entry.major);
                lint.on(&map.path).tally(codes::MAJOR_CONTRADICTION, Level::Warning, &what, || {
                    let message = format!(
                        "repository {} of the family {} is declared for release {}, and {name} \
                         says {named}",
                        entry.repoid,
                        entry.pesid,
                        short(&entry.major)
                    );
                    ("repositories".to_owned(), message)
                });
            }
        }
    }
}

/// Whether the way is mapped, and to families that have repositories.
fn mapping(lint: &mut Lint<'_>, map: &RepoMap) {
    let (source, target) = (lint.source.major.to_string(), lint.target.major.to_string());
    let block = map.mappings.get(&(source.clone(), target.clone()));
    let Some(block) = block.filter(|block| !block.is_empty()) else {
        let message = format!("maps nothing from release {source} to {target}");
        lint.on(&map.path).push(codes::WAY_NOT_MAPPED, Level::Error, "mapping", message);
        return;
    };
    let (sources, targets) = (at_major(&[map], &source), at_major(&[map], &target));
    for (from, to) in block {
        if !sources.contains_key(from) {
            unreal(lint, map, from, &source);
        }
        for family in to.iter().filter(|family| !targets.contains_key(*family)) {
            unreal(lint, map, family, &target);
        }
    }
}

fn unreal(lint: &mut Lint<'_>, map: &RepoMap, family: &PesId, major: &str) {
    lint.on(&map.path).tally(
        codes::MAPPED_WITHOUT_REPOSITORY,
        Level::Warning,
        family.as_str(),
        || {
            let message =
                format!("the family {family} is mapped and has no repository of release {major}");
            ("mapping".to_owned(), message)
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_distribution_and_release() {
        assert_eq!(word_and_major("ol8-uek"), Some(("ol", 8)));
        assert_eq!(word_and_major("rhel-7-server-rpms"), Some(("rhel", 7)));
        assert_eq!(word_and_major("nginx-stable-el8-"), Some(("el", 8)));
        assert_eq!(word_and_major("ol8_UEKR6"), Some(("ol", 8)));
        for name in ["tool8", "base", "kernelcare-8", "control-9x", "el2024"] {
            assert_eq!(word_and_major(name), None, "{name}");
        }
    }
}
