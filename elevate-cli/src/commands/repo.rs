//! `elevate repo list|fetch|check`

mod check;

use std::collections::BTreeSet;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use elevate_core::model::RepoId;
use elevate_core::repository::definition::{Expiry, Proxy};
use elevate_core::repository::fetch::Part;
use elevate_core::repository::{Definition, Files as _, Location, Remark};
use serde_json::{Value, json};

use super::repositories::{Defined, Opened, RepositoryArgs, chosen, tell};
use crate::error::CliError;
use crate::output;

#[derive(Debug, Subcommand)]
pub(crate) enum Repo {
    List(List),
    Fetch(Fetch),
    Check(check::Check),
}

/// Show what definitions of repositories say
///
/// Shows what definitions of repositories say, with variables replaced, and what is
/// odd about them. Touches neither network nor cache.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten, next_help_heading = "Which repositories")]
    repositories: RepositoryArgs,
    /// How to print them
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = None::<&str>)]
    format: Format,
}

/// Bring repositories into the cache
///
/// Brings the metadata of repositories into the cache, verified. What is there and
/// current is not asked for again; what was interrupted goes on.
#[derive(Debug, Args)]
pub(crate) struct Fetch {
    #[command(flatten, next_help_heading = "Which repositories")]
    repositories: RepositoryArgs,
    /// Fetch these, enabled or not. Default: all that are enabled
    #[arg(value_name = "ID", help_heading = None::<&str>)]
    ids: Vec<RepoId>,
    /// Bring this too, where there is some (repeatable)
    #[arg(long = "with", value_name = "PART", value_enum, help_heading = None::<&str>)]
    parts: Vec<PartArg>,
    /// How to print what was done
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = None::<&str>)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PartArg {
    /// All files of all packages
    Filelists,
    /// Module streams
    Modules,
    /// Groups of packages
    Groups,
    /// Advisories
    Advisories,
}

impl From<PartArg> for Part {
    fn from(part: PartArg) -> Self {
        match part {
            PartArg::Filelists => Part::Filelists,
            PartArg::Modules => Part::Modules,
            PartArg::Groups => Part::Groups,
            PartArg::Advisories => Part::Advisories,
        }
    }
}

impl Repo {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        match self {
            Repo::List(list) => list.run(),
            Repo::Fetch(fetch) => fetch.run(),
            Repo::Check(check) => check.run(),
        }
    }
}

impl List {
    fn run(self) -> Result<ExitCode, CliError> {
        let Defined { definitions, remarks } = self.repositories.defined()?;
        match self.format {
            Format::Text => {
                tell(&remarks);
                output::data(&definitions.iter().map(described).collect::<String>())?;
            }
            Format::Json => output::data(&document(
                definitions.iter().map(definition_json).collect(),
                &remarks,
            ))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Fetch {
    fn run(self) -> Result<ExitCode, CliError> {
        let Defined { definitions, remarks } = self.repositories.defined()?;
        tell(&remarks);
        let definitions = chosen(definitions, &self.ids)?;
        let parts: BTreeSet<Part> = self.parts.iter().copied().map(Part::from).collect();
        let opened = self.repositories.open(definitions, &parts)?;
        match self.format {
            Format::Text => output::data(&table(&opened))?,
            Format::Json => {
                output::data(&document(opened.iter().map(opened_json).collect(), &remarks))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// One repository in a few lines.
fn described(definition: &Definition) -> String {
    let mut text = format!("{}  {}\n", definition.id, definition.name);
    let mut line = |what: &str, value: String| text.push_str(&format!("  {what:<15} {value}\n"));
    if !definition.enabled {
        line("enabled", "no".to_owned());
    }
    let lists = [("metalink", &definition.metalink), ("mirrorlist", &definition.mirrorlist)];
    for (what, place) in lists {
        if let Some(place) = place {
            line(what, place.to_string());
        }
    }
    for base in &definition.baseurls {
        line("baseurl", base.to_string());
    }
    if let Proxy::At { url, .. } = &definition.transport.proxy {
        line("proxy", url.clone());
    }
    line("priority, cost", format!("{}, {}", definition.priority, definition.cost));
    for (what, patterns) in [("exclude", &definition.exclude), ("include", &definition.include)] {
        if !patterns.is_empty() {
            line(what, patterns.join(" "));
        }
    }
    let flags = [
        ("module hotfixes", definition.module_hotfixes),
        ("may be skipped", definition.skip_if_unavailable),
        ("certificates", !definition.transport.verify),
    ];
    for (what, value) in flags {
        if value {
            line(what, if what == "certificates" { "not verified" } else { "yes" }.to_owned());
        }
    }
    text
}

fn definition_json(definition: &Definition) -> Value {
    let place = |place: &Option<Location>| place.as_ref().map(Location::to_string);
    let bases: Vec<String> = definition.baseurls.iter().map(Location::to_string).collect();
    let expires = match definition.expiry {
        Expiry::Seconds(seconds) => Some(seconds),
        Expiry::Never => None,
    };
    json!({
        "id": definition.id,
        "name": definition.name,
        "enabled": definition.enabled,
        "baseurl": bases,
        "mirrorlist": place(&definition.mirrorlist),
        "metalink": place(&definition.metalink),
        "priority": definition.priority,
        "cost": definition.cost,
        "exclude": definition.exclude,
        "include": definition.include,
        "module_hotfixes": definition.module_hotfixes,
        "gpgcheck": definition.gpgcheck,
        "gpgkey": definition.gpgkey,
        "skip_if_unavailable": definition.skip_if_unavailable,
        "metadata_expire": expires,
        "sslverify": definition.transport.verify,
    })
}

fn opened_json(opened: &Opened) -> Value {
    let fetched = opened.fetched.as_ref();
    json!({
        "id": opened.definition.id,
        "state": state(opened),
        "from": fetched.map(|summary| summary.from.clone()),
        "directory": opened.source.shown(),
        "seen": opened.source.fetched(),
        "received": fetched.map_or(0, |summary| summary.received),
    })
}

fn state(opened: &Opened) -> &'static str {
    opened.fetched.as_ref().map_or("offline", |summary| summary.state.word())
}

/// A line a repository.
fn table(opened: &[Opened]) -> String {
    let widest = opened.iter().map(|o| o.definition.id.as_str().len()).max().unwrap_or(0);
    let line = |opened: &Opened| {
        let received = opened.fetched.as_ref().map_or(0, |summary| summary.received);
        let kib = received.div_ceil(1024);
        let (id, place) = (&opened.definition.id, opened.source.shown());
        format!("{id:<widest$}  {:<9}  {kib:>8} KiB  {place}\n", state(opened))
    };
    opened.iter().map(line).collect()
}

fn document(repositories: Vec<Value>, remarks: &[Remark]) -> String {
    let document = json!({
        "format": "elevate-repositories",
        "version": 1,
        "repositories": repositories,
        "remarks": remarks,
    });
    format!("{document:#}\n")
}
