//! What else became different: questions, room, repositories, numbers.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::phrases;
use crate::model::{Changed, Listing};
use crate::plan::{AskedOf, Directive, FileSystem, LeappStop, Plan, TargetRepository, Whole};

/// A question that one document alone asks, or that was answered otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QuestionChange {
    /// Its name, `scope.key`.
    pub name: String,
    /// What is asked, in one line.
    pub label: String,
    /// `yes`, `no`, `unanswered`; absent where it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The same after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A file system of which something changed. What is absent did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DiskChange {
    /// Where it is mounted.
    pub mount: String,
    /// What is needed, in bytes; none where the document does not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<Changed<Option<u64>>>,
    /// What is left, in bytes, where captured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<Changed<Option<u64>>>,
    /// Its size in bytes, where captured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Changed<Option<u64>>>,
    /// Whether there is room enough, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enough: Option<Changed<Option<bool>>>,
    /// What room is needed for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<NeedChange>,
}

/// What room is needed for, where it is not as much in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedChange {
    /// What for.
    pub what: String,
    /// In bytes; absent where nothing is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// The same after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
}

/// A target repository that only one plan uses, or for other reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RepositoryChange {
    /// Its id.
    pub id: String,
    /// Whether it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Changed<bool>>,
    /// The file that says where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defined_in: Option<Changed<Option<String>>>,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Changed<Option<String>>>,
    /// Why it is used.
    #[serde(default, skip_serializing_if = "Listing::is_empty")]
    pub reasons: Listing,
}

/// Sums over a transaction, in bytes; none where there is no transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TotalsChange {
    /// To download.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download: Option<Changed<Option<u64>>>,
    /// What comes takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arriving: Option<Changed<Option<u64>>>,
    /// What goes gives back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaving: Option<Changed<Option<u64>>>,
}

/// Two lists by a key, and every key of both.
fn by_key<'a, T, K: Ord>(
    before: &'a [T],
    after: &'a [T],
    key: impl Fn(&'a T) -> K,
) -> BTreeMap<K, (Option<&'a T>, Option<&'a T>)> {
    let mut both: BTreeMap<K, (Option<&T>, Option<&T>)> = BTreeMap::new();
    before.iter().for_each(|one| both.entry(key(one)).or_default().0 = Some(one));
    after.iter().for_each(|one| both.entry(key(one)).or_default().1 = Some(one));
    both
}

pub(super) fn counts(
    before: &BTreeMap<String, usize>,
    after: &BTreeMap<String, usize>,
) -> BTreeMap<String, Changed<usize>> {
    if before.is_empty() || after.is_empty() {
        return BTreeMap::new(); // a report of leapp's counts no packages
    }
    let words: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let count =
        |counts: &BTreeMap<String, usize>, word: &String| counts.get(word).copied().unwrap_or(0);
    let change =
        |word: &String| Some((word.clone(), Changed::of(count(before, word), count(after, word))?));
    words.into_iter().filter_map(change).collect()
}

pub(super) fn questions(before: &[AskedOf], after: &[AskedOf]) -> Vec<QuestionChange> {
    let answer = |asked: &AskedOf| match asked.dialog.answer {
        Some(true) => "yes".to_owned(),
        Some(false) => "no".to_owned(),
        None => "unanswered".to_owned(),
    };
    let change = |(name, (old, new)): (&str, (Option<&AskedOf>, Option<&AskedOf>))| {
        let label = new.or(old).map(|asked| asked.dialog.label.clone()).unwrap_or_default();
        let (before, after) = (old.map(answer), new.map(answer));
        (before != after).then(|| QuestionChange { name: name.to_owned(), label, before, after })
    };
    let both = by_key(before, after, |asked: &AskedOf| asked.dialog.name.as_str());
    both.into_iter().filter_map(change).collect()
}

pub(super) fn disk(before: &[FileSystem], after: &[FileSystem]) -> Vec<DiskChange> {
    let both = by_key(before, after, |system: &FileSystem| system.mount.as_str());
    let change = |(mount, (old, new)): (&str, (Option<&FileSystem>, Option<&FileSystem>))| {
        let change = DiskChange {
            mount: mount.to_owned(),
            needed: Changed::of(old.map(FileSystem::needed), new.map(FileSystem::needed)),
            available: Changed::of(old.and_then(|s| s.available), new.and_then(|s| s.available)),
            total: Changed::of(old.and_then(|s| s.total), new.and_then(|s| s.total)),
            enough: Changed::of(
                old.and_then(FileSystem::is_enough),
                new.and_then(FileSystem::is_enough),
            ),
            needs: needs(old, new),
        };
        let is_one = change.needed.is_some()
            || change.available.is_some()
            || change.total.is_some()
            || !change.needs.is_empty();
        is_one.then_some(change)
    };
    both.into_iter().filter_map(change).collect()
}

fn needs(before: Option<&FileSystem>, after: Option<&FileSystem>) -> Vec<NeedChange> {
    let sums = |system: Option<&FileSystem>| {
        let mut sums: BTreeMap<String, u64> = BTreeMap::new();
        for need in system.into_iter().flat_map(|system| &system.needs) {
            let sum = sums.entry(need.what.clone()).or_default();
            *sum = sum.saturating_add(need.bytes);
        }
        sums
    };
    let (old, new) = (sums(before), sums(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let change = |what: &String| {
        let (before, after) = (old.get(what).copied(), new.get(what).copied());
        (before != after).then(|| NeedChange { what: what.clone(), before, after })
    };
    names.into_iter().filter_map(change).collect()
}

pub(super) fn repositories(
    before: &[TargetRepository],
    after: &[TargetRepository],
) -> Vec<RepositoryChange> {
    type Both<'r> = (Option<&'r TargetRepository>, Option<&'r TargetRepository>);
    let change = |(id, (old, new)): (&str, Both<'_>)| {
        let both = old.zip(new);
        let reasons = |one: Option<&TargetRepository>| {
            let reasons = one.into_iter().flat_map(|one| &one.reasons);
            reasons.map(ToString::to_string).collect::<Vec<_>>()
        };
        let change = RepositoryChange {
            id: id.to_owned(),
            used: Changed::of(old.is_some(), new.is_some()),
            defined_in: both
                .and_then(|(a, b)| Changed::of(a.defined_in.clone(), b.defined_in.clone())),
            address: both.and_then(|(a, b)| Changed::of(a.address.clone(), b.address.clone())),
            reasons: Listing::of(reasons(old), reasons(new)),
        };
        let is_one = change.used.is_some()
            || change.defined_in.is_some()
            || change.address.is_some()
            || !change.reasons.is_empty();
        is_one.then_some(change)
    };
    let both = by_key(before, after, |repository: &TargetRepository| repository.id.as_str());
    both.into_iter().filter_map(change).collect()
}

/// What actors ask in one plan only, compared as data and told in words.
pub(super) fn directives(before: &Plan, after: &Plan) -> Listing {
    let mut counts: BTreeMap<(&str, &Directive), i64> = BTreeMap::new();
    for (plan, step) in [(before, -1), (after, 1)] {
        for asked in &plan.directives {
            *counts.entry((&asked.actor, &asked.directive)).or_default() += step;
        }
    }
    let mut listing = Listing::default();
    for ((actor, directive), count) in counts {
        let words = format!("{actor}: {}", phrases::directive(directive));
        let list = if count > 0 { &mut listing.come } else { &mut listing.gone };
        (0..count.unsigned_abs()).for_each(|_| list.push(words.clone()));
    }
    listing
}

pub(super) fn stops(plan: &Plan) -> Vec<String> {
    let told = |stop: &LeappStop| format!("{}: {}", stop.actor, stop.message);
    plan.leapp.crash.iter().chain(&plan.leapp.errors).map(told).collect()
}

pub(super) fn headlines(plan: &Plan) -> Vec<String> {
    let problems = plan.conflict.iter().flat_map(|conflict| &conflict.problems);
    problems.map(|problem| problem.headline.to_string()).collect()
}

pub(super) fn totals(before: Option<&Whole>, after: Option<&Whole>) -> Option<TotalsChange> {
    let changed = |get: fn(&Whole) -> u64| Changed::of(before.map(get), after.map(get));
    let change = TotalsChange {
        download: changed(|whole| whole.totals.download),
        arriving: changed(|whole| whole.totals.arriving),
        leaving: changed(|whole| whole.totals.leaving),
    };
    let is_one = change.download.is_some() || change.arriving.is_some() || change.leaving.is_some();
    is_one.then_some(change)
}
