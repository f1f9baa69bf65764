//! Which rules check a host, and what they may know beside it.

use std::path::{Path, PathBuf};

use clap::Args;
use elevate_core::actor::Pin;
use elevate_core::model::RepoId;
use elevate_core::pipeline::RuleSet;

use super::pack;
use crate::error::CliError;
use crate::input;

/// The largest answer file, in bytes.
const LARGEST: usize = 1 << 20;
/// The largest document of a vendor, in bytes.
const LARGEST_DOCUMENT: usize = 16 << 20;

/// Answers, settings and versions of actors.
#[derive(Debug, Args)]
pub(super) struct RuleArgs {
    /// Check by the rules of this pack too: a directory, or the name of one that ships,
    /// such as cpanel (repeatable)
    #[arg(long, value_name = "DIR|NAME")]
    pack: Vec<PathBuf>,
    /// Give rules a vendor's document, JSON, by this name (repeatable)
    #[arg(long, value_name = "NAME=FILE")]
    vendor_facts: Vec<String>,
    /// Take answers from this file, in the form of leapp's answer file; a later one
    /// goes before an earlier one (repeatable)
    #[arg(long, value_name = "FILE")]
    answers: Vec<PathBuf>,
    /// Answer a question, such as authselect_check.confirm=True (repeatable)
    #[arg(long, value_name = "SCOPE.KEY=VALUE")]
    answer: Vec<String>,
    /// Use this version of an actor, such as check_btrfs=1 (repeatable)
    #[arg(long, value_name = "ACTOR=VERSION")]
    pin: Vec<Pin>,
    /// Check as if leapp was started with this variable, such as
    /// LEAPP_TARGET_ISO=/x.iso (repeatable)
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    leapp_env: Vec<(String, String)>,
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    if !name.starts_with("LEAPP_") && !name.starts_with("LD_") {
        return Err("leapp's variables begin with LEAPP_".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}

impl RuleArgs {
    /// The packs that are named.
    pub(super) fn packs(&self) -> &[PathBuf] {
        &self.pack
    }

    /// The rules, with everything they may know.
    pub(super) fn read(&self, enabled: &[RepoId]) -> Result<RuleSet, CliError> {
        let mut rules = RuleSet::shipped().clone();
        for directory in &self.pack {
            let pack = pack::read(directory)?;
            rules.add(&pack).map_err(|error| in_file(directory, &error))?;
        }
        for named in &self.vendor_facts {
            let wrong = || CliError::failure(format_args!("{named:?}: write NAME=FILE"));
            let (name, path) = named.split_once('=').ok_or_else(wrong)?;
            let bytes = input::read(Path::new(path), LARGEST_DOCUMENT)?;
            let document =
                serde_json::from_slice(&bytes).map_err(|error| in_file(Path::new(path), &error))?;
            rules.given.documents.insert(name.to_owned(), document);
        }
        for path in &self.answers {
            let failed = |error: &dyn std::fmt::Display| in_file(path, error);
            let bytes = input::read(path, LARGEST)?;
            let text = String::from_utf8(bytes).map_err(|error| failed(&error))?;
            rules.given.answers.read(&text).map_err(|error| failed(&error))?;
        }
        for text in &self.answer {
            rules.given.answers.take(text).map_err(CliError::failure)?;
        }
        for pin in &self.pin {
            rules.actors.pin(pin).map_err(CliError::failure)?;
        }
        if !enabled.is_empty() {
            let ids: Vec<&str> = enabled.iter().map(RepoId::as_str).collect();
            rules.given.settings.insert("LEAPP_ENABLE_REPOS".to_owned(), ids.join(","));
        }
        rules.given.settings.extend(self.leapp_env.iter().cloned());
        Ok(rules)
    }
}

fn in_file(path: &Path, error: &dyn std::fmt::Display) -> CliError {
    CliError::failure(format_args!("{}: {error}", path.display()))
}
