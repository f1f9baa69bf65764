//! The target repositories (formats.md 2.5, leapp's `setuptargetrepos`) and
//! those that are excluded (2.6, `repositories_blacklist`).

use std::collections::{BTreeMap, BTreeSet};

use crate::directive::{RepositoryReason, TargetRepository};
use crate::model::{PackageName, Release, RepoFile, RepoId, Repository};
use crate::upgrade_data::repo_map::{Channel, RepoMap};

use super::Context;
use super::resolve::{Resolver, UNSUPPORTED_SOURCE_FAMILY, UNSUPPORTED_TARGET_FAMILY};
use super::signed::Packages;
use super::stop::{Stop, of_repo_file};
use super::vendors::Vendors;

/// Repositories left out because the host does not use the source's
/// unsupported ones.
#[derive(Debug, Default)]
pub(super) struct Exclusions {
    /// Not to be used.
    pub(super) excluded: BTreeSet<RepoId>,
    /// Asked for by id or file, and therefore used all the same.
    pub(super) wanted: BTreeSet<RepoId>,
}

impl Exclusions {
    pub(super) fn find(
        resolver: &Resolver<'_>,
        enabled: &BTreeSet<RepoId>,
        custom: &[CustomRepository],
    ) -> Self {
        let optional = resolver.source_family(UNSUPPORTED_SOURCE_FAMILY);
        if optional.iter().any(|id| enabled.contains(*id)) {
            return Self::default();
        }
        let all = resolver.target_family(UNSUPPORTED_TARGET_FAMILY);
        let asked = |id: &&&RepoId| custom.iter().any(|c| c.id == ***id);
        let wanted: BTreeSet<RepoId> = all.iter().filter(asked).map(|id| (*id).clone()).collect();
        let excluded = all.into_iter().filter(|id| !wanted.contains(*id)).cloned().collect();
        Self { excluded, wanted }
    }
}

/// A repository named by file or id rather than by the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomRepository {
    /// Its id.
    pub id: RepoId,
    /// `name`, where a file gives one.
    pub name: Option<String>,
    /// `baseurl`, where a file gives one.
    pub baseurl: Option<String>,
    /// Whether its file enables it; it is used in either case.
    pub enabled: bool,
    /// Why it is there.
    pub reason: RepositoryReason,
    /// The file that defines it.
    pub file: Option<String>,
    /// Its address, of whichever kind.
    pub address: Option<String>,
}

impl CustomRepository {
    fn asked_for(id: &RepoId) -> Self {
        Self {
            id: id.clone(),
            name: None,
            baseurl: None,
            enabled: true,
            reason: RepositoryReason::EnableRepo,
            file: None,
            address: None,
        }
    }

    fn of_section(
        section: &Repository,
        file: &RepoFile,
        reason: RepositoryReason,
        leapp: bool,
    ) -> Self {
        Self {
            id: section.id.clone(),
            name: section.name.clone(),
            baseurl: section.baseurl.clone(),
            enabled: if leapp { section.is_enabled_for_leapp() } else { section.is_enabled() },
            reason,
            file: Some(file.path.clone()),
            address: address(section),
        }
    }
}

/// Where a section says its packages are; base URLs first.
pub(super) fn address(section: &Repository) -> Option<String> {
    let given = [&section.baseurl, &section.mirrorlist, &section.metalink];
    given.into_iter().flatten().find(|text| !text.is_empty()).cloned()
}

/// Repositories asked for by id and those of the custom file, and whether leapp
/// dies of it.
pub(super) fn requested(cx: &Context<'_>) -> (Vec<CustomRepository>, Option<Stop>) {
    let actor = "scan_custom_repofile";
    let asked = cx.options.enable_repos.iter().flatten();
    let mut custom: Vec<CustomRepository> = asked.map(CustomRepository::asked_for).collect();
    let stopped = match &cx.data.custom_repositories {
        Some(Ok(file)) => {
            custom.extend(sections(cx, file, &RepositoryReason::CustomFile));
            of_repo_file(file, actor)
        }
        Some(Err(error)) => Some(Stop::crash(actor, error.to_string())),
        None => None,
    };
    (custom, stopped)
}

/// Repositories of active vendors. A vendor's beta repositories are left out
/// unless the host has one of them enabled.
pub(super) fn of_vendors(
    cx: &Context<'_>,
    vendors: &Vendors<'_>,
    enabled: &BTreeSet<RepoId>,
) -> (Vec<CustomRepository>, Vec<Stop>) {
    let (mut custom, mut stops) = (Vec::new(), Vec::new());
    for vendor in &vendors.active {
        let file = match &vendor.repositories {
            Some(Ok(file)) => file,
            Some(Err(error)) => {
                stops.push(Stop::crash("scan_vendor_repofiles", error.to_string()));
                continue;
            }
            None => continue,
        };
        stops.extend(of_repo_file(file, "scan_vendor_repofiles"));
        let map = vendors.maps.iter().find(|(name, _)| *name == vendor.name).map(|(_, map)| *map);
        if map.is_none() {
            let why = format!("vendor {} is active and its map was not published", vendor.name);
            stops.push(Stop::crash("setuptargetrepos", why));
        }
        let beta = beta_repositories(cx, map);
        let uses_beta = beta.iter().any(|id| enabled.contains(*id));
        let reason = RepositoryReason::Vendor { vendor: vendor.name.clone() };
        let all = sections(cx, file, &reason);
        custom.extend(all.filter(|c| uses_beta || !beta.contains(&c.id)));
    }
    (custom, stops)
}

fn beta_repositories<'m>(cx: &Context<'_>, map: Option<&'m RepoMap>) -> BTreeSet<&'m RepoId> {
    let path = &cx.options.path;
    let majors = [path.source.release.major.to_string(), path.target.release.major.to_string()];
    map.into_iter()
        .flat_map(|map| &map.repositories)
        .filter(|e| e.channel == Channel::Beta && majors.contains(&e.major))
        .map(|e| &e.repoid)
        .collect()
}

fn sections<'f>(
    cx: &Context<'_>,
    file: &'f RepoFile,
    reason: &RepositoryReason,
) -> impl Iterator<Item = CustomRepository> + use<'f> {
    let (reason, leapp) = (reason.clone(), cx.rules.enabled_is_literal_1);
    let section = move |s| CustomRepository::of_section(s, file, reason.clone(), leapp);
    file.repositories.iter().map(section)
}

/// Repositories of the host that are in use and lead nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Skipped {
    /// Their ids.
    pub repositories: BTreeSet<RepoId>,
    /// Signed packages that came from them.
    pub packages: BTreeSet<PackageName>,
}

/// The repositories of the target.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// By the map and by events.
    pub(super) mapped: BTreeMap<RepoId, BTreeSet<RepositoryReason>>,
    /// By file and id, ordered by id.
    pub(super) custom: Vec<CustomRepository>,
    pub(super) skipped: Skipped,
}

impl Targets {
    pub(super) fn find(
        cx: &Context<'_>,
        resolver: &mut Resolver<'_>,
        packages: &Packages<'_>,
        enabled: &BTreeSet<RepoId>,
        excluded: &BTreeSet<RepoId>,
        wanted_by_events: &BTreeSet<RepoId>,
    ) -> Self {
        let known = cx.facts.repositories.recorded.iter().filter(|id| resolver.knows(id));
        let sources: BTreeSet<RepoId> = enabled.iter().chain(known).cloned().collect();
        resolver.set_default_channels(&sources);
        let mut targets = Self::default();
        for (family, found) in resolver.expected(&sources) {
            let Some(entry) = found.entry.filter(|e| !excluded.contains(&e.repoid)) else {
                continue;
            };
            let reason =
                |from: RepoId| RepositoryReason::Mapped { from, pesid: family.to_string() };
            let reasons = targets.mapped.entry(entry.repoid.clone()).or_default();
            reasons.extend(found.from.into_iter().map(reason));
        }
        for id in wanted_by_events.iter().filter(|id| !excluded.contains(*id)) {
            let reasons = targets.mapped.entry(id.clone()).or_default();
            reasons.insert(RepositoryReason::WantedByEvents);
        }
        if cx.options.path.target.release == Release::new(8, 10) {
            targets.replace_azure_sap();
        }
        targets.skipped = skipped(resolver, packages, enabled);
        targets
    }

    /// Azure serves the SAP repositories of 8.10 under other ids than before.
    fn replace_azure_sap(&mut self) {
        let renamed = [
            ("rhui-microsoft-azure-rhel8-sapapps", "rhui-microsoft-azure-rhel8-base-sap-apps"),
            ("rhui-microsoft-azure-rhel8-sap-ha", "rhui-microsoft-azure-rhel8-base-sap-ha"),
        ];
        for (old, new) in renamed {
            if let (Some(reasons), Ok(new)) = (self.mapped.remove(old), RepoId::new(new)) {
                self.mapped.entry(new).or_default().extend(reasons);
            }
        }
    }

    /// All of them, each once, with where it is defined.
    pub(super) fn all(&self, cx: &Context<'_>) -> Vec<TargetRepository> {
        let mut all: BTreeMap<&RepoId, TargetRepository> = BTreeMap::new();
        for (id, reasons) in &self.mapped {
            entry(&mut all, id).reasons.extend(reasons.iter().cloned());
        }
        for custom in &self.custom {
            let repository = entry(&mut all, &custom.id);
            repository.reasons.push(custom.reason.clone());
            if repository.defined_in.is_none() {
                repository.defined_in.clone_from(&custom.file);
                repository.address.clone_from(&custom.address);
            }
        }
        for repository in all.values_mut() {
            repository.reasons.sort();
            repository.reasons.dedup();
            if repository.defined_in.is_none() {
                define_from_host(cx, repository);
            }
        }
        all.into_values().collect()
    }
}

fn entry<'t, 'i>(
    all: &'t mut BTreeMap<&'i RepoId, TargetRepository>,
    id: &'i RepoId,
) -> &'t mut TargetRepository {
    all.entry(id).or_insert_with(|| TargetRepository {
        id: id.clone(),
        reasons: Vec::new(),
        defined_in: None,
        address: None,
    })
}

fn define_from_host(cx: &Context<'_>, repository: &mut TargetRepository) {
    if let Some((file, section)) = cx.facts.repositories.definition(&repository.id) {
        repository.defined_in = Some(file.path.clone());
        repository.address = address(section);
    }
}

fn skipped(
    resolver: &Resolver<'_>,
    packages: &Packages<'_>,
    enabled: &BTreeSet<RepoId>,
) -> Skipped {
    let mut skipped = Skipped::default();
    for package in &packages.signed {
        let Some(id) = package.from_repo.as_deref().and_then(|id| enabled.get(id)) else {
            continue;
        };
        if !resolver.knows(id) {
            skipped.repositories.insert(id.clone());
            skipped.packages.insert(package.name.clone());
        }
    }
    skipped
}
