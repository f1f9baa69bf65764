//! Target repositories of a plan: which ones, where they are, and what is in them.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::fmt;

use clap::Args;
use elevate_core::model::{Arch, ModuleStream, RepoFile, RepoId};
use elevate_core::pipeline::{Decided, Repositories, Wish};
use elevate_core::plan::{ReadRepository, RepositorySetup};
use elevate_core::repository::fetch::Part;
use elevate_core::repository::store::ParsedDirectory;
use elevate_core::repository::{Definition, Location, Variables};
use elevate_core::snapshot::Snapshot;
use elevate_core::universe::{
    LoadOptions, Loaded, Member, Repository, UniverseError, asked_paths, load,
};
use elevate_core::upgrade_data::UpgradeData;

use super::repositories::{DefinitionArgs, Network, Opened, tell};
use crate::error::CliError;

const TARGETS: &str = "Target repositories";
const QUESTIONS: &str = "What if";

/// Where target repositories come from, and questions what would be if.
#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    #[command(flatten, next_help_heading = TARGETS)]
    definitions: DefinitionArgs,
    /// Fetch target repositories as needed. Without it no network is touched: directories and
    /// the cache are read (elevate repo fetch fills it)
    #[arg(long, help_heading = TARGETS)]
    fetch: bool,
    /// What if this package were removed? (repeatable)
    #[arg(long, value_name = "PACKAGE", help_heading = QUESTIONS)]
    remove: Vec<String>,
    /// What if some version of this installed package had to stay? (repeatable)
    #[arg(long, value_name = "PACKAGE", help_heading = QUESTIONS)]
    keep: Vec<String>,
    /// What if this package were installed? (repeatable)
    #[arg(long, value_name = "PACKAGE", help_heading = QUESTIONS)]
    install: Vec<String>,
    /// What if this repository were used? (repeatable)
    #[arg(long, value_name = "ID", help_heading = QUESTIONS)]
    with_repo: Vec<RepoId>,
    /// What if this repository were not used? (repeatable)
    #[arg(long, value_name = "ID", help_heading = QUESTIONS)]
    without_repo: Vec<RepoId>,
}

/// Target repositories that can be read, and which of them are used.
pub(crate) struct Targets<'a> {
    arguments: &'a DefinitionArgs,
    opened: Vec<Opened>,
    /// Used unless a wish says otherwise.
    used: BTreeSet<RepoId>,
    /// Known, and of use only where something is missing: they are opened then.
    spare: Vec<Definition>,
    spare_opened: OnceCell<Vec<Opened>>,
    missing: Vec<RepoId>,
    arch: &'a Arch,
    platform: ModuleStream,
    streams: Vec<ModuleStream>,
    paths: Vec<String>,
    cache: ParsedDirectory,
}

impl TargetArgs {
    /// The questions.
    pub(crate) fn wishes(&self) -> Vec<Wish> {
        let remove = self.remove.iter().cloned().map(Wish::Remove);
        let keep = self.keep.iter().cloned().map(Wish::Keep);
        let install = self.install.iter().cloned().map(Wish::Install);
        let with = self.with_repo.iter().cloned().map(Wish::WithRepository);
        let without = self.without_repo.iter().cloned().map(Wish::WithoutRepository);
        remove.chain(keep).chain(install).chain(with).chain(without).collect()
    }

    /// Makes target repositories readable; `None` where none is at hand. Those named by
    /// arguments must be.
    pub(crate) fn open<'a>(
        &'a self,
        snapshot: &'a Snapshot,
        data: &UpgradeData,
        decided: &Decided<'_>,
        release: impl fmt::Display,
        major: u32,
    ) -> Result<Option<Targets<'a>>, CliError> {
        let mut known = Variables::new();
        known.set_arch(&snapshot.identity.arch);
        known.set_release(&release.to_string());
        let (variables, remarks) = self.definitions.variables_over(known)?;
        let named = self.definitions.defined((variables.clone(), remarks))?;
        tell(&named.remarks);
        let wanted: BTreeSet<RepoId> =
            decided.repositories().iter().map(|repository| repository.id.clone()).collect();
        let mut used: BTreeSet<RepoId> =
            named.definitions.iter().filter(|d| d.enabled).map(|d| d.id.clone()).collect();
        used.extend(wanted.iter().cloned());
        let others = from_data(data, &variables, &named.definitions);
        let asked = |d: &Definition| used.contains(&d.id) || self.with_repo.contains(&d.id);
        let (named, mut spare): (Vec<_>, Vec<_>) = named.definitions.into_iter().partition(asked);
        let (others, more): (Vec<_>, Vec<_>) = others.into_iter().partition(asked);
        spare.extend(more);
        self.check(named.iter().chain(&others))?;
        let defined: BTreeSet<RepoId> = named.iter().chain(&others).map(|d| d.id.clone()).collect();
        let mut missing: Vec<RepoId> = wanted.difference(&defined).cloned().collect();
        let parts = BTreeSet::from([Part::Filelists, Part::Modules]);
        let network = if self.fetch { Network::On { refresh: false } } else { Network::Off };
        let mut opened = self.definitions.open(named, &parts, network).map_err(|error| {
            if self.fetch { error } else { error.hint("--fetch fetches what is missing") }
        })?;
        if self.fetch {
            opened.extend(self.definitions.open(others, &parts, network)?);
        } else {
            let (more, unread) = self.definitions.at_hand(others)?;
            opened.extend(more);
            missing.extend(unread);
        }
        missing.sort();
        if opened.is_empty() {
            return match self.wishes().first() {
                None => Ok(None),
                Some(wish) => Err(CliError::usage(format_args!(
                    "{wish} needs target repositories, and none is at hand"
                ))
                .hint("name one with --repo DIR, or fetch those of the upgrade data with --fetch")),
            };
        }
        Ok(Some(Targets {
            arguments: &self.definitions,
            opened,
            used,
            spare,
            spare_opened: OnceCell::new(),
            missing,
            arch: &snapshot.identity.arch,
            platform: ModuleStream { name: "platform".to_owned(), stream: format!("el{major}") },
            streams: decided.modules().to_vec(),
            paths: asked_paths(&snapshot.packages).map_err(CliError::failure)?,
            cache: self.definitions.parsed()?,
        }))
    }

    /// Repositories that questions name must be defined.
    fn check<'d>(&self, definitions: impl Iterator<Item = &'d Definition>) -> Result<(), CliError> {
        let known: BTreeSet<&RepoId> = definitions.map(|d| &d.id).collect();
        match self.with_repo.iter().chain(&self.without_repo).find(|id| !known.contains(id)) {
            None => Ok(()),
            Some(id) => Err(CliError::usage(format_args!("there is no repository {id}"))
                .hint("define it with --repo ID=DIR|URL or --repo-file FILE")),
        }
    }
}

/// What upgrade data and its vendors define and arguments do not.
fn from_data(data: &UpgradeData, variables: &Variables, named: &[Definition]) -> Vec<Definition> {
    let custom = data.custom_repositories.iter();
    let vendors = data.vendors.iter().filter_map(|vendor| vendor.repositories.as_ref());
    let files = custom.chain(vendors).filter_map(|file| file.as_ref().ok());
    let mut known: BTreeSet<RepoId> = named.iter().map(|d| d.id.clone()).collect();
    let mut found = Vec::new();
    let mut add = |file: &RepoFile| {
        let (definitions, remarks) = Definition::all(file, variables);
        tell(&remarks);
        found.extend(definitions.into_iter().filter(|d| known.insert(d.id.clone())));
    };
    files.for_each(&mut add);
    found
}

/// What a plan tells of a definition, for others to read the same repository.
fn setup(definition: &Definition) -> RepositorySetup {
    let address = |location: &Location| match location {
        Location::Path(path) => {
            Location::Path(std::path::absolute(path).unwrap_or_else(|_| path.clone())).address()
        }
        Location::Remote(_) => location.address(),
    };
    RepositorySetup {
        name: definition.name.clone(),
        baseurl: definition.baseurls.iter().map(address).collect(),
        mirrorlist: definition.mirrorlist.as_ref().map(address),
        metalink: definition.metalink.as_ref().map(address),
        gpgcheck: definition.gpgcheck,
        gpgkey: definition.gpgkey.clone(),
        cost: definition.cost,
    }
}

impl Targets<'_> {
    /// The packages of those that are used where some wishes come true.
    pub(crate) fn with(&self, wishes: &[Wish]) -> Result<Repositories, Failed> {
        let is_used = |opened: &&Opened| {
            let id = &opened.definition.id;
            let with = wishes.contains(&Wish::WithRepository(id.clone()));
            let without = wishes.contains(&Wish::WithoutRepository(id.clone()));
            (with || self.used.contains(id)) && !without
        };
        let is_wanted = |d: &Definition| wishes.contains(&Wish::WithRepository(d.id.clone()));
        let spare = if self.spare.iter().any(is_wanted) { self.spare()? } else { &[] };
        let used = self.opened.iter().chain(spare).filter(is_used);
        let repositories: Vec<Repository<'_>> = used
            .map(|opened| Repository { definition: &opened.definition, files: &opened.source })
            .collect();
        let options = LoadOptions {
            arch: self.arch,
            platform: &self.platform,
            streams: &self.streams,
            paths: &self.paths,
            cache: Some(&self.cache),
        };
        let Loaded { target, remarks, announced, .. } =
            load(&repositories, &options).map_err(Failed::of)?;
        let read = |(source, of): (&Member, &Repository<'_>)| ReadRepository {
            id: source.id.clone(),
            priority: source.priority,
            packages: source.packages as usize,
            excluded: of.definition.exclude.clone(),
            included: of.definition.include.clone(),
            module_hotfixes: source.module_hotfixes,
            remarks: remarks
                .iter()
                .filter(|remark| remark.repository.as_ref() == Some(&source.id))
                .map(|remark| remark.what.clone())
                .collect(),
            setup: Some(setup(of.definition)),
        };
        let read = target.sources().zip(&repositories).map(read).collect();
        let unused = self.spare.iter().map(|definition| definition.id.clone()).collect();
        let (target, missing) = (target.into(), self.missing.clone());
        Ok(Repositories { target, read, announced, missing, unused })
    }

    /// Those of the spare ones that are at hand.
    fn spare(&self) -> Result<&[Opened], Failed> {
        if self.spare_opened.get().is_none() {
            let (opened, _) = self.arguments.at_hand(self.spare.clone()).map_err(Failed)?;
            self.spare_opened.get_or_init(|| opened);
        }
        Ok(self.spare_opened.get().map_or(&[], Vec::as_slice))
    }
}

/// Repositories that could not be used.
pub(crate) struct Failed(CliError);

impl Failed {
    fn of(error: impl fmt::Display) -> Self {
        Self(CliError::failure(error))
    }
}

impl From<UniverseError> for Failed {
    fn from(error: UniverseError) -> Self {
        Self::of(error)
    }
}

impl From<Failed> for CliError {
    fn from(failed: Failed) -> Self {
        failed.0
    }
}
