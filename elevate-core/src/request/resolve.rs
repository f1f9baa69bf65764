//! Which target repository follows a source repository, or stands for a family
//! (formats.md 2.4).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Arch, Distro, PesId, RepoId, UpgradePath};
use crate::upgrade_data::repo_map::{Channel, MapEntry, RepoKind, RepoMap};

/// Families upstream hard-codes; they exist in RHEL's own map only.
pub(super) const DEFAULT_SOURCE_FAMILY: &str = "rhel7-base";
pub(super) const DEFAULT_TARGET_FAMILY: &str = "rhel8-BaseOS";
pub(super) const UNSUPPORTED_SOURCE_FAMILY: &str = "rhel7-optional";
pub(super) const UNSUPPORTED_TARGET_FAMILY: &str = "rhel8-CRB";

/// One or more repository maps, cut down to one upgrade path.
#[derive(Debug)]
pub(super) struct Resolver<'a> {
    source: Vec<&'a MapEntry>,
    target: Vec<&'a MapEntry>,
    mapping: BTreeMap<&'a PesId, BTreeSet<&'a PesId>>,
    arch: &'a Arch,
    cloud: String,
    preferred: Option<Channel>,
    fallback: Vec<Channel>,
    every_family: bool,
}

/// A family's repository, or that the map has none that fits.
pub(super) type Expected<'a> = BTreeMap<&'a PesId, Found<'a>>;

/// What the map gives for a family.
#[derive(Debug, Clone)]
pub(super) struct Found<'a> {
    /// The repository, where one fits architecture and cloud.
    pub(super) entry: Option<&'a MapEntry>,
    /// The host's repositories that lead to it.
    pub(super) from: Vec<RepoId>,
}

/// What a resolver is built for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) path: &'a UpgradePath,
    pub(super) arch: &'a Arch,
    pub(super) cloud: Option<&'a str>,
    pub(super) preferred: Option<Channel>,
    /// A source repository that several families claim leads to the targets of
    /// all of them, not of one (EPEL's map claims `base` too).
    pub(super) every_family: bool,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(maps: &[&'a RepoMap], scope: Scope<'a>) -> Self {
        let (source, target) = (&scope.path.source, &scope.path.target);
        let (from, to) = (source.release.major.to_string(), target.release.major.to_string());
        let of = |major: &str, distro: &Distro| -> Vec<&'a MapEntry> {
            let fits = |e: &&MapEntry| {
                e.major == major && e.distro.as_deref().is_none_or(|d| d == distro.id())
            };
            maps.iter().flat_map(|map| &map.repositories).filter(fits).collect()
        };
        let mut mapping: BTreeMap<&PesId, BTreeSet<&PesId>> = BTreeMap::new();
        let key = (from.clone(), to.clone());
        for (family, targets) in maps.iter().filter_map(|m| m.mappings.get(&key)).flatten() {
            mapping.entry(family).or_default().extend(targets);
        }
        let cloud = scope.cloud.unwrap_or_default().split('-').next().unwrap_or_default();
        Self {
            source: of(&from, &source.distro),
            target: of(&to, &target.distro),
            mapping,
            arch: scope.arch,
            cloud: cloud.to_owned(),
            preferred: scope.preferred,
            fallback: vec![Channel::Ga],
            every_family: scope.every_family,
        }
    }

    /// The map's records of a source repository. Architectures do not matter.
    /// Where several records claim the id, the host's cloud decides, then the
    /// last one outside any cloud.
    fn entries_of(&self, id: &RepoId) -> Vec<&'a MapEntry> {
        let claims: Vec<&MapEntry> =
            self.source.iter().copied().filter(|e| e.repoid == *id).collect();
        if claims.len() < 2 {
            return claims;
        }
        let of_cloud = |cloud: &str| -> Vec<&'a MapEntry> {
            claims.iter().copied().filter(|e| e.rhui.0 == cloud).collect()
        };
        let (here, anywhere) = (of_cloud(&self.cloud), of_cloud(""));
        if !self.every_family {
            return here.first().or(anywhere.last()).copied().into_iter().collect();
        }
        let mut families = if here.is_empty() { anywhere } else { here };
        let mut seen = BTreeSet::new();
        families.retain(|e| seen.insert(&e.pesid));
        families
    }

    /// Whether the map leads anywhere from a source repository.
    pub(super) fn knows(&self, id: &RepoId) -> bool {
        !self.entries_of(id).is_empty()
    }

    /// Ids of the source (or target) repositories of a family.
    pub(super) fn source_family(&self, pesid: &str) -> BTreeSet<&'a RepoId> {
        self.source.iter().filter(|e| e.pesid.as_str() == pesid).map(|e| &e.repoid).collect()
    }

    pub(super) fn target_family(&self, pesid: &str) -> BTreeSet<&'a RepoId> {
        self.target.iter().filter(|e| e.pesid.as_str() == pesid).map(|e| &e.repoid).collect()
    }

    /// Takes the channel of the host's base repository as the first fallback.
    pub(super) fn set_default_channels(&mut self, sources: &BTreeSet<RepoId>) {
        let base = sources
            .iter()
            .flat_map(|id| self.entries_of(id))
            .filter(|e| e.pesid.as_str() == DEFAULT_SOURCE_FAMILY);
        let mut best: Option<Channel> = None;
        for entry in base {
            if best.is_none_or(|b| priority(entry.channel) > priority(b)) {
                best = Some(entry.channel);
            }
        }
        self.fallback = match best {
            Some(channel) if channel != Channel::Ga => vec![channel, Channel::Ga],
            _ => vec![Channel::Ga],
        };
    }

    /// The repository of `family` that fits an entry's cloud and channel.
    pub(super) fn equivalent(
        &self,
        rhui: &str,
        channel: Channel,
        family: &PesId,
    ) -> Option<&'a MapEntry> {
        let fits = |e: &&&MapEntry| {
            e.pesid == *family
                && e.rhui.0 == rhui
                && e.arch == self.arch.as_str()
                && e.kind == RepoKind::Rpm
        };
        let candidates: Vec<&MapEntry> = self.target.iter().filter(fits).copied().collect();
        let wanted = self.preferred.unwrap_or(channel);
        std::iter::once(&wanted)
            .chain(&self.fallback)
            .find_map(|channel| candidates.iter().find(|e| e.channel == *channel))
            .copied()
    }

    /// Families the map leads to from these repositories, each with the best
    /// repository for it, or none.
    pub(super) fn expected(&self, sources: &BTreeSet<RepoId>) -> Expected<'a> {
        let mut expected = Expected::new();
        for id in sources {
            let families = |source: &'a MapEntry| {
                let families = self.mapping.get(&source.pesid).into_iter().flatten();
                families.map(move |family| (source, *family))
            };
            for (source, family) in self.entries_of(id).into_iter().flat_map(families) {
                let entry = self.equivalent(&source.rhui.0, source.channel, family);
                let stored =
                    expected.entry(family).or_insert_with(|| Found { entry, from: Vec::new() });
                let better = match (stored.entry, entry) {
                    (None, _) => true,
                    (Some(have), Some(new)) => priority(new.channel) > priority(have.channel),
                    (Some(_), None) => false,
                };
                if better {
                    stored.entry = entry;
                }
                if stored.from.last() != Some(id) {
                    stored.from.push(id.clone());
                }
            }
        }
        expected
    }

    /// Resolves families that packages are in: those the host's repositories
    /// lead to, and for the rest the representative of the target's base
    /// family, or a general one outside any cloud.
    pub(super) fn families(
        &self,
        sources: &BTreeSet<RepoId>,
        wanted: &BTreeSet<String>,
    ) -> BTreeMap<String, RepoId> {
        let expected = self.expected(sources);
        let by_name =
            |name: &str| expected.iter().find(|(id, _)| id.as_str() == name).map(|(_, f)| f.entry);
        let (rhui, channel) = match by_name(DEFAULT_TARGET_FAMILY).flatten() {
            Some(base) => (base.rhui.0.as_str(), base.channel),
            None => ("", Channel::Ga),
        };
        let resolve = |name: &String| {
            let entry = match by_name(name) {
                Some(known) => known,
                None => self.equivalent(rhui, channel, &PesId::new(name).ok()?),
            };
            Some((name.clone(), entry?.repoid.clone()))
        };
        wanted.iter().filter_map(resolve).collect()
    }
}

/// Upstream's order of channels: beta, general, all others.
fn priority(channel: Channel) -> u32 {
    match channel {
        Channel::Beta => 0,
        Channel::Ga => 1,
        _ => 10,
    }
}
