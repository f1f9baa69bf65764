//! `elevate repo check`

use std::collections::BTreeSet;
use std::process::ExitCode;

use clap::Args;
use elevate_core::model::{Arch, ModuleStream, RepoId};
use elevate_core::repository::fetch::Part;
use elevate_core::universe::{LoadOptions, Repository, Survey, load};
use serde_json::json;

use super::Format;
use crate::commands::repositories::{Defined, RepositoryArgs, chosen, tell};
use crate::error::CliError;
use crate::output;

/// How many broken requirements are printed for people.
const MOST_SHOWN: usize = 20;

/// Say what is in repositories and what is missing
///
/// Reads repositories as for a plan: fetches what is not in the cache, unites their
/// packages, and says what can be chosen, what is ruled out and why, which module
/// streams are active, and what packages require that none of them provides.
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    repositories: RepositoryArgs,
    /// Check these, enabled or not. Default: all that are enabled
    #[arg(value_name = "ID")]
    ids: Vec<RepoId>,
    /// Module stream to enable (repeatable)
    #[arg(long = "module", value_name = "NAME:STREAM", value_parser = stream)]
    modules: Vec<ModuleStream>,
    /// Platform that module streams are built for
    #[arg(long, value_name = "NAME:STREAM", default_value = "platform:el8", value_parser = stream)]
    platform: ModuleStream,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

fn stream(text: &str) -> Result<ModuleStream, String> {
    match text.split_once(':') {
        Some((name, stream)) if !name.is_empty() && !stream.is_empty() => {
            Ok(ModuleStream { name: name.to_owned(), stream: stream.to_owned() })
        }
        _ => Err("is not NAME:STREAM, such as perl:5.30".to_owned()),
    }
}

impl Check {
    pub(super) fn run(self) -> Result<ExitCode, CliError> {
        let Defined { definitions, remarks } = self.repositories.defined()?;
        tell(&remarks);
        let definitions = chosen(definitions, &self.ids)?;
        let parts = BTreeSet::from([Part::Filelists, Part::Modules]);
        let opened = self.repositories.open(definitions, &parts)?;
        let repositories: Vec<Repository<'_>> = opened
            .iter()
            .map(|opened| Repository { definition: &opened.definition, files: &opened.source })
            .collect();
        let cache = self.repositories.parsed()?;
        let options = LoadOptions {
            arch: self.repositories.basearch().unwrap_or(&Arch::X86_64),
            platform: &self.platform,
            streams: &self.modules,
            paths: &[],
            cache: Some(&cache),
        };
        let loaded = load(&repositories, &options).map_err(CliError::failure)?;
        let survey = Survey::of(loaded).map_err(CliError::failure)?;
        output::data(&match self.format {
            Format::Text => text(&survey),
            Format::Json => document(&survey),
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

fn document(survey: &Survey) -> String {
    let document = json!({ "format": "elevate-repository-check", "version": 1, "survey": survey });
    format!("{document:#}\n")
}

fn text(survey: &Survey) -> String {
    let mut lines = Vec::new();
    for of in &survey.repositories {
        lines.push(format!("{}: {} packages", of.id, of.packages));
        let out = of.ruled_out.iter();
        lines.extend(out.map(|(kind, count)| format!("  {count} ruled out: {}", words(kind))));
    }
    if !survey.streams.is_empty() {
        lines.push(format!("active module streams: {}", survey.streams.len()));
        let streams = survey.streams.iter();
        lines.extend(streams.map(|s| format!("  {} ({}, {})", s.stream, s.reason, s.version)));
    }
    lines.push(match survey.broken.len() {
        0 => "every requirement is met".to_owned(),
        count => format!("requirements that nothing here meets: {count}"),
    });
    for broken in survey.broken.iter().take(MOST_SHOWN) {
        lines.push(format!(
            "  {}: {} requires {}",
            broken.repository, broken.package, broken.requires
        ));
        lines.extend(broken.ruled_out.iter().map(|out| format!("    {out}")));
    }
    if let Some(more) = survey.broken.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
        lines.push(format!("  and {more} more; --format json has them all"));
    }
    if !survey.remarks.is_empty() {
        lines.push(format!("remarks: {}", survey.remarks.len()));
        lines.extend(survey.remarks.iter().map(|remark| format!("  {remark}")));
    }
    lines.join("\n") + "\n"
}

fn words(kind: &str) -> &str {
    match kind {
        "foreign-arch" => "for another architecture",
        "source" => "source packages",
        "excluded" => "excluded by the definition",
        "not-included" => "not among the packages it is used for",
        "inactive-stream" => "of module streams that are not active",
        "hidden-by-stream" => "hidden by packages of active module streams",
        kind => kind,
    }
}
