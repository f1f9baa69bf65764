//! A pack read from its files.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use toml::Spanned;

use super::declared::Declared;
use super::error::{PackError, Source};
use super::manifest::{FORMAT, Manifest, ManifestFile, RulesFile};
use super::trial::Trial;
use crate::actor::{Actor as _, Actors, ActorsError};
use crate::facts::reads;

/// The largest file of a pack, in bytes.
pub const LARGEST: usize = 1 << 20;
const MANIFEST: &str = "pack.toml";

/// Declared actors with their tests.
#[derive(Debug, Clone)]
pub struct Pack {
    /// What it is.
    pub manifest: Manifest,
    /// The actors, in the order of files and places in them.
    pub actors: Vec<Arc<Declared>>,
    /// The tests, likewise.
    pub trials: Vec<Trial>,
}

impl Pack {
    /// Reads a pack from its files, by name.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, in the order of files; never nothing.
    pub fn read(files: &BTreeMap<String, String>) -> Result<Self, Vec<PackError>> {
        let Some(text) = files.get(MANIFEST) else {
            let source = Source { file: MANIFEST, text: "" };
            let what = "is not there; begin it with `[pack]`, `name`, `version`, `requires` and \
                        `description`";
            return Err(vec![source.error(0, what)]);
        };
        let source = Source { file: MANIFEST, text };
        let manifest = read::<ManifestFile>(source).map_err(|error| vec![error])?.pack;
        if manifest.requires > FORMAT {
            let what = format!(
                "is written in format {}; this Elevate reads up to {FORMAT}",
                manifest.requires
            );
            return Err(vec![source.error(0, what)]);
        }
        let wrong = manifest.collect.iter().filter_map(|line| {
            let why = reads::to_collect(line).err()?;
            let at = text.find(line.as_str()).unwrap_or(0);
            Some(source.error(at, format!("`collect`: {why}")))
        });
        let wrong: Vec<PackError> = wrong.collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut pack = Self { manifest, actors: Vec::new(), trials: Vec::new() };
        let mut errors = Vec::new();
        for (file, text) in files.iter().filter(|(file, _)| *file != MANIFEST) {
            pack.add(Source { file, text }).unwrap_or_else(|found| errors.extend(found));
        }
        if errors.is_empty() { Ok(pack) } else { Err(errors) }
    }

    fn add(&mut self, source: Source<'_>) -> Result<(), Vec<PackError>> {
        let rules: RulesFile = read(source).map_err(|error| vec![error])?;
        let tables = serde_json::to_value(&rules.tables).unwrap_or_default();
        let mut errors = Vec::new();
        for table in rules.actor {
            let (name, at) = (table.name.get_ref().clone(), table.name.span().start);
            match Declared::new(table, &tables, source) {
                Ok(actor) => {
                    let id = actor.card().id();
                    if self.actors.iter().any(|other| other.card().id() == id) {
                        let what = format!("there are two actors {name} of one version");
                        errors.push(source.error(at, what));
                    }
                    self.actors.push(Arc::new(actor));
                }
                Err(found) => errors.extend(found),
            }
        }
        for table in rules.test {
            match Trial::new(table, source) {
                Ok(trial) => self.trials.push(trial),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Adds the actors to those of a run.
    ///
    /// # Errors
    ///
    /// Where one of their names and versions is there, or where actors wait for each
    /// other then.
    pub fn register(&self, actors: &mut Actors) -> Result<(), ActorsError> {
        self.actors.iter().try_for_each(|actor| actors.add(Arc::<Declared>::clone(actor)))
    }
}

fn read<T: DeserializeOwned>(source: Source<'_>) -> Result<T, PackError> {
    if source.text.len() > LARGEST {
        return Err(source.error(0, format!("is larger than {} KiB", LARGEST >> 10)));
    }
    toml::from_str(source.text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        source.error(at, error.message())
    })
}

/// Where a text of a file begins.
pub(super) fn offset<T>(text: &Spanned<T>) -> usize {
    text.span().start
}
