//! The actors of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

use super::order::{self, DisorderError};
use super::{Actor, Stage};
use crate::model::{Arch, UpgradePath};

/// Actors, each name with one or more versions.
#[derive(Debug, Clone, Default)]
pub struct Actors {
    /// By name, then by version.
    actors: BTreeMap<String, BTreeMap<u32, Arc<dyn Actor>>>,
    /// For whom the versions of each wait.
    waits: BTreeMap<String, BTreeSet<String>>,
    pins: BTreeMap<String, u32>,
}

/// A version of an actor that is to be used: `check_btrfs=1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The actor.
    pub actor: String,
    /// The version.
    pub version: u32,
}

/// Actors that cannot be used together.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ActorsError {
    /// Two of one name and version.
    #[error("there are two actors {0}; give one of them another version or name")]
    Twice(String),
    /// A version that nobody has.
    #[error("there is no actor {0}; `elevate actors list` shows those there are")]
    NoSuchVersion(String),
    /// A text that is no pin.
    #[error("{0:?} pins no actor; write NAME=VERSION, such as check_btrfs=1")]
    NoPin(String),
    /// They wait for each other.
    #[error(transparent)]
    Disorder(#[from] DisorderError),
}

impl FromStr for Pin {
    type Err = ActorsError;

    fn from_str(text: &str) -> Result<Self, ActorsError> {
        let parts = || {
            let (actor, version) = text.split_once('=')?;
            Some(Pin { actor: actor.to_owned(), version: version.parse().ok()? })
        };
        parts().ok_or_else(|| ActorsError::NoPin(text.to_owned()))
    }
}

impl Actors {
    /// Adds an actor.
    ///
    /// # Errors
    ///
    /// Where one of its name and version is there, or where actors wait for each other
    /// then.
    pub fn add(&mut self, actor: Arc<dyn Actor>) -> Result<(), ActorsError> {
        let card = actor.card();
        let (name, version, id) = (card.name.to_owned(), card.version, card.id());
        let after = card.after.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        if self.actors.get(&name).is_some_and(|versions| versions.contains_key(&version)) {
            return Err(ActorsError::Twice(id));
        }
        self.wait(&name, after)?;
        self.actors.entry(name).or_default().insert(version, actor);
        Ok(())
    }

    /// Notes for whom an actor waits. Whoever waits for nobody closes no circle.
    fn wait(&mut self, name: &str, after: Vec<String>) -> Result<(), DisorderError> {
        if after.is_empty() {
            self.waits.entry(name.to_owned()).or_default();
            return Ok(());
        }
        let mut waits = self.waits.clone();
        waits.entry(name.to_owned()).or_default().extend(after);
        order::groups(&waiting(&waits))?;
        self.waits = waits;
        Ok(())
    }

    /// Uses this version of an actor, wherever it applies, rather than the highest.
    ///
    /// # Errors
    ///
    /// Where there is no such version.
    pub fn pin(&mut self, pin: &Pin) -> Result<(), ActorsError> {
        let Pin { actor, version } = pin;
        if !self.actors.get(actor).is_some_and(|versions| versions.contains_key(version)) {
            return Err(ActorsError::NoSuchVersion(format!("{actor}@{version}")));
        }
        self.pins.insert(actor.clone(), *version);
        Ok(())
    }

    /// All actors, by name and version.
    pub fn all(&self) -> impl Iterator<Item = &dyn Actor> {
        self.actors.values().flat_map(BTreeMap::values).map(AsRef::as_ref)
    }

    /// Those of a stage that are for an upgrade, in groups that are asked one after the
    /// other: of each name the pinned version, else the highest that applies.
    pub(super) fn chosen(
        &self,
        stage: Stage,
        path: &UpgradePath,
        arch: &Arch,
    ) -> Vec<Vec<&dyn Actor>> {
        let applying = self.actors.keys().filter_map(|name| self.applying(name, path, arch));
        let chosen: Vec<&dyn Actor> =
            applying.filter(|actor| actor.card().stage == stage).collect();
        let cards: Vec<_> = chosen.iter().map(|actor| actor.card()).collect();
        let names: Vec<(&str, Vec<&str>)> =
            cards.iter().map(|card| (card.name, card.after.clone())).collect();
        // None of them waits for itself: `add` refuses such ones.
        let groups = order::groups(&names).unwrap_or_default();
        let of = |group: Vec<usize>| group.into_iter().map(|at| chosen[at]).collect();
        groups.into_iter().map(of).collect()
    }

    fn applying(&self, name: &str, path: &UpgradePath, arch: &Arch) -> Option<&dyn Actor> {
        let pinned = self.pins.get(name);
        let versions = self.actors.get(name)?.iter().rev();
        versions
            .filter(|(version, _)| pinned.is_none_or(|pinned| pinned == *version))
            .map(|(_, actor)| &**actor)
            .find(|actor| actor.applies(path, arch))
    }
}

fn waiting(waits: &BTreeMap<String, BTreeSet<String>>) -> Vec<(&str, Vec<&str>)> {
    waits
        .iter()
        .map(|(name, after)| (name.as_str(), after.iter().map(String::as_str).collect()))
        .collect()
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.actor, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::super::NativeActor;
    use super::*;

    const A: NativeActor = NativeActor { name: "a", ..NativeActor::NEW };
    const A2: NativeActor = NativeActor { version: 2, ..A };
    const NOT_HERE: NativeActor =
        NativeActor { version: 3, applies: super::super::Applies::EVERYWHERE.on(&["s390x"]), ..A };

    fn actors(list: &[NativeActor]) -> Actors {
        let mut actors = Actors::default();
        list.iter().for_each(|actor| actors.add(Arc::new(*actor)).unwrap());
        actors
    }

    fn chosen(actors: &Actors) -> Vec<String> {
        let system = |text: &str| text.parse().unwrap();
        let path = UpgradePath { source: system("centos:7.9"), target: system("rocky:8.10") };
        let groups = actors.chosen(Stage::Host, &path, &Arch::X86_64);
        groups.concat().iter().map(|actor| actor.card().id()).collect()
    }

    #[test]
    fn the_highest_version_that_applies_is_used_unless_another_is_pinned() {
        let mut actors = actors(&[A, A2, NOT_HERE]);
        assert_eq!(chosen(&actors), ["a@2"]);
        actors.pin(&"a=1".parse().unwrap()).unwrap();
        assert_eq!(chosen(&actors), ["a@1"]);
    }

    #[test]
    fn actors_that_wait_for_each_other_are_refused() {
        const WAITS: NativeActor = NativeActor { name: "b", after: &["a"], ..NativeActor::NEW };
        let mut actors = actors(&[WAITS]);
        let a = NativeActor { after: &["b"], ..A };
        assert!(matches!(actors.add(Arc::new(a)), Err(ActorsError::Disorder(_))));
        assert_eq!(chosen(&actors), ["b@1"]);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let mut actors = actors(&[A]);
        assert_eq!(actors.add(Arc::new(A)).unwrap_err(), ActorsError::Twice("a@1".to_owned()));
        let pin: Pin = "a=7".parse().unwrap();
        assert_eq!(pin.to_string(), "a=7");
        assert_eq!(actors.pin(&pin).unwrap_err(), ActorsError::NoSuchVersion("a@7".to_owned()));
        assert_eq!("a".parse::<Pin>().unwrap_err(), ActorsError::NoPin("a".to_owned()));
    }
}
