//! Which repositories a command is about, and how they come to be readable.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use elevate_core::model::{Arch, RepoFile, RepoId};
use elevate_core::repository::definition::make_unique;
use elevate_core::repository::fetch::{self, Fetched, Part, State};
use elevate_core::repository::store::{ParsedDirectory, Wait};
use elevate_core::repository::{Definition, Remark, Source, Store, Variables};

use super::watch::Watch;
use crate::error::CliError;
use crate::{environment, input, output};

/// The largest `.repo` file, in bytes.
const MAX_FILE: usize = 16 << 20;
/// How long other processes that work on a repository are waited for.
const WAIT: Duration = Duration::from_secs(600);

/// Repositories to upgrade to, and whether the network is touched.
#[derive(Debug, Args)]
pub(crate) struct RepositoryArgs {
    #[command(flatten)]
    definitions: DefinitionArgs,
    /// Touch no network: use what is in the cache, however old
    #[arg(long, conflicts_with = "refresh")]
    offline: bool,
    /// Ask servers also where the cache is current
    #[arg(long)]
    refresh: bool,
}

/// Repositories to upgrade to.
#[derive(Debug, Args)]
pub(crate) struct DefinitionArgs {
    /// Repository: a directory with repodata in it, or its address (file://, http://, https://);
    /// its id is made of that, unless it is given (repeatable)
    #[arg(long = "repo", value_name = "[ID=]DIR|URL")]
    repos: Vec<String>,
    /// File with definitions of repositories, as in /etc/yum.repos.d (repeatable)
    #[arg(long = "repo-file", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Variable in definitions, such as infra=stock (repeatable)
    #[arg(long = "repo-var", value_name = "NAME=VALUE")]
    vars: Vec<String>,
    /// Directory with a file for each further variable, as /etc/dnf/vars (repeatable)
    #[arg(long = "repo-vars", value_name = "DIR")]
    var_directories: Vec<PathBuf>,
    /// What $releasever stands for
    #[arg(long, value_name = "X.Y")]
    releasever: Option<String>,
    /// What $basearch and $arch stand for
    #[arg(long, value_name = "ARCH")]
    basearch: Option<Arch>,
    /// Where fetched repositories are kept. Default: elevate in $XDG_CACHE_HOME or ~/.cache, for
    /// root /var/cache/elevate
    #[arg(long, value_name = "DIR")]
    cache_dir: Option<PathBuf>,
}

/// Whether servers are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    /// They are not.
    Off,
    /// They are, where the cache is not current; or in any case.
    On { refresh: bool },
}

/// A repository that can be read.
pub(crate) struct Opened {
    /// What is said about it.
    pub(crate) definition: Definition,
    /// Its files.
    pub(crate) source: Source,
    /// How it came there; `None` where no network was touched.
    pub(crate) fetched: Option<Summary>,
}

/// How a repository was fetched.
pub(crate) struct Summary {
    pub(crate) state: State,
    pub(crate) from: String,
    pub(crate) received: u64,
}

/// What arguments and files say.
pub(crate) struct Defined {
    pub(crate) definitions: Vec<Definition>,
    pub(crate) remarks: Vec<Remark>,
}

impl RepositoryArgs {
    /// Every repository that is named, enabled or not, each with an id of its own.
    pub(crate) fn defined(&self) -> Result<Defined, CliError> {
        let defined = self.definitions.defined(self.definitions.variables()?)?;
        if defined.definitions.is_empty() {
            return Err(CliError::usage("no repository is named")
                .hint("name one with --repo DIR|URL, or a file of definitions with --repo-file"));
        }
        Ok(defined)
    }

    /// Makes repositories readable: from the cache alone, or fetched as needed. One
    /// that cannot be had is a failure, unless its definition says to go on.
    pub(crate) fn open(
        &self,
        definitions: Vec<Definition>,
        parts: &BTreeSet<Part>,
    ) -> Result<Vec<Opened>, CliError> {
        let network =
            if self.offline { Network::Off } else { Network::On { refresh: self.refresh } };
        self.definitions.open(definitions, parts, network)
    }

    /// What $basearch stands for, where it is said.
    pub(crate) fn basearch(&self) -> Option<&Arch> {
        self.definitions.basearch.as_ref()
    }

    /// Where what reading repositories gave is kept.
    pub(crate) fn parsed(&self) -> Result<ParsedDirectory, CliError> {
        self.definitions.parsed()
    }
}

impl DefinitionArgs {
    /// Every repository that is named, enabled or not, each with an id of its own.
    pub(crate) fn defined(
        &self,
        (variables, mut remarks): (Variables, Vec<Remark>),
    ) -> Result<Defined, CliError> {
        let mut definitions = Vec::new();
        for path in &self.files {
            let (more, odd) = read_file(path, &variables)?;
            definitions.extend(more);
            remarks.extend(odd);
        }
        for argument in &self.repos {
            let definition = Definition::of_argument(argument, &variables);
            definitions.push(definition.map_err(|e| CliError::usage(format_args!("--repo {e}")))?);
        }
        remarks.extend(make_unique(&mut definitions));
        Ok(Defined { definitions, remarks })
    }

    /// What is said of variables in definitions.
    pub(crate) fn variables(&self) -> Result<(Variables, Vec<Remark>), CliError> {
        self.variables_over(Variables::new())
    }

    /// The same, over what is known anyway.
    pub(crate) fn variables_over(
        &self,
        mut variables: Variables,
    ) -> Result<(Variables, Vec<Remark>), CliError> {
        let mut remarks = Vec::new();
        if let Some(arch) = &self.basearch {
            variables.set_arch(arch);
        }
        if let Some(release) = &self.releasever {
            variables.set_release(release);
        }
        for directory in &self.var_directories {
            let failed =
                |error| CliError::failure(format_args!("{}: {error}", directory.display()));
            let read = variables.read(directory).map_err(failed)?;
            remarks.extend(read);
        }
        for text in &self.vars {
            let set = text.split_once('=').is_some_and(|(name, value)| variables.set(name, value));
            if !set {
                let what = "is not NAME=VALUE with a name of letters, digits and underscores";
                return Err(CliError::usage(format_args!("--repo-var {text:?} {what}")));
            }
        }
        Ok((variables, remarks))
    }

    /// Makes repositories readable: from the cache alone, or fetched as needed. One
    /// that cannot be had is a failure, unless its definition says to go on.
    pub(crate) fn open(
        &self,
        definitions: Vec<Definition>,
        parts: &BTreeSet<Part>,
        network: Network,
    ) -> Result<Vec<Opened>, CliError> {
        let store = self.store()?;
        match network {
            Network::Off => offline(&store, definitions),
            Network::On { refresh } => fetch(&store, definitions, parts, refresh),
        }
    }

    /// Those of some repositories that can be read without a network, and the ids of the
    /// others.
    pub(crate) fn at_hand(
        &self,
        definitions: Vec<Definition>,
    ) -> Result<(Vec<Opened>, Vec<RepoId>), CliError> {
        let store = self.store()?;
        let mut opened = Vec::new();
        let mut missing = Vec::new();
        for definition in definitions {
            let id = definition.id.clone();
            match offline(&store, vec![definition]) {
                Ok(one) => opened.extend(one),
                Err(_) => missing.push(id),
            }
        }
        Ok((opened, missing))
    }

    /// Where what reading repositories gave is kept.
    pub(crate) fn parsed(&self) -> Result<ParsedDirectory, CliError> {
        Ok(self.store()?.parsed())
    }

    fn store(&self) -> Result<Store, CliError> {
        let directory = self.cache_dir.clone().or_else(environment::cache_directory);
        directory.map(Store::new).ok_or_else(|| {
            CliError::usage("there is no home directory to keep repositories in")
                .hint("name a directory with --cache-dir")
        })
    }
}

fn fetch(
    store: &Store,
    definitions: Vec<Definition>,
    parts: &BTreeSet<Part>,
    refresh: bool,
) -> Result<Vec<Opened>, CliError> {
    let options = fetch::Options {
        refresh,
        parts: parts.clone(),
        wait: WAIT,
        environment: environment::proxies(),
        ..fetch::Options::new(environment::now().unwrap_or(0))
    };
    let watch = Watch::new(definitions.len());
    let fetched = fetch::fetch(store, &definitions, &options, &watch);
    watch.end();
    let mut opened = Vec::new();
    let mut failures = Vec::new();
    for (definition, fetched) in definitions.into_iter().zip(fetched) {
        match fetched {
            Ok(fetched) => opened.push(opened_now(definition, fetched)),
            Err(error) if error.may_be_skipped => {
                output::talk(format_args!("warning: skipped: {error}"));
            }
            Err(error) => failures.push(error.to_string()),
        }
    }
    all_or_failure(opened, &failures)
        .map_err(|error| error.hint("--offline uses what is in the cache, however old"))
}

fn opened_now(definition: Definition, fetched: Fetched) -> Opened {
    let Fetched { source, state, from, received, remarks, .. } = fetched;
    tell(&remarks);
    Opened { definition, source, fetched: Some(Summary { state, from, received }) }
}

/// What is in the cache, and in directories. There is no client here that could
/// ask a server.
fn offline(store: &Store, definitions: Vec<Definition>) -> Result<Vec<Opened>, CliError> {
    let told =
        |lock: &Path, pid| output::talk(format_args!("{}", super::watch::waiting(lock, pid)));
    let wait = Wait { most: WAIT, told: &told };
    let mut opened = Vec::new();
    let mut failures = Vec::new();
    for definition in definitions {
        match Source::offline(store, &definition, &wait) {
            Ok(source) => opened.push(Opened { definition, source, fetched: None }),
            Err(error) if definition.skip_if_unavailable => {
                output::talk(format_args!("warning: skipped: repository {error}"));
            }
            Err(error) => failures.push(format!("repository {error}")),
        }
    }
    all_or_failure(opened, &failures)
        .map_err(|error| error.hint("without --offline, what is missing is fetched"))
}

fn all_or_failure(opened: Vec<Opened>, failures: &[String]) -> Result<Vec<Opened>, CliError> {
    if failures.is_empty() {
        Ok(opened)
    } else {
        Err(CliError::failure(failures.join("\nerror: ")))
    }
}

/// Tells what is odd.
pub(crate) fn tell(remarks: &[Remark]) {
    for remark in remarks {
        output::talk(format_args!("warning: {remark}"));
    }
}

fn read_file(
    path: &Path,
    variables: &Variables,
) -> Result<(Vec<Definition>, Vec<Remark>), CliError> {
    let name = input::shown(path);
    let failed = |what: String| CliError::failure(format_args!("{name}: {what}"));
    let text = String::from_utf8(input::read(path, MAX_FILE)?)
        .map_err(|_| failed("is not UTF-8".to_owned()))?;
    let (file, notes) = RepoFile::parse(&name, &text).map_err(|e| failed(e.to_string()))?;
    let (definitions, mut remarks) = Definition::all(&file, variables);
    let note = |note: &elevate_core::model::RepoFileNote| Remark {
        place: format!("{name}:{}", note.line),
        what: note.kind.to_string(),
    };
    remarks.extend(notes.iter().map(note));
    remarks.sort();
    Ok((definitions, remarks))
}

/// Those with these ids, enabled or not; without ids the enabled ones.
pub(crate) fn chosen(
    definitions: Vec<Definition>,
    ids: &[RepoId],
) -> Result<Vec<Definition>, CliError> {
    if let Some(id) = ids.iter().find(|id| !definitions.iter().any(|d| d.id == **id)) {
        return Err(CliError::usage(format_args!("there is no repository {id}"))
            .hint("elevate repo list shows those there are"));
    }
    let wanted = |d: &Definition| if ids.is_empty() { d.enabled } else { ids.contains(&d.id) };
    let chosen: Vec<Definition> = definitions.into_iter().filter(wanted).collect();
    if chosen.is_empty() {
        return Err(CliError::usage("none of the repositories is enabled")
            .hint("name those to fetch by their ids; elevate repo list shows them"));
    }
    Ok(chosen)
}
