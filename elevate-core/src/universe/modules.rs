//! Which streams of modules are active, and which packages that hides.
//!
//! This is what libdnf does before the solver sees a package. The rules were found
//! by experiment with libdnf 0.69 (`dnf` 4.14):
//!
//! * Active are the enabled streams, the default streams of modules that have none
//!   enabled, and what these require. Two streams of a module are never active
//!   together.
//! * Documents of a stream with the same requirements, the platform aside, are one
//!   *variant*, whatever their context. One variant of a stream is chosen: the first
//!   that can be, in the order of the names of streams and requirements. Of it the
//!   newest version must be usable, and all versions become active.
//! * A default stream that cannot be met gives way without harm. Enabled streams
//!   that cannot be met are left out, with those they contradict; then older
//!   versions are taken too.
//! * Artifacts of streams that are not active are hidden. Where an artifact of an
//!   active stream is there, other packages that have its name or provide it are
//!   hidden, unless the document takes the name off the module (`demodularized`).

mod choice;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::packages::List;
use super::solvable::{RuledOut, SolvableId};
use super::strings::StringId;
use super::target::Target;
use crate::model::{Arch, ModuleStream, Nvra};
use crate::rpm::modules::{Modules, Stream};
use choice::{Candidate, Choice, World};

/// What is asked of the modules.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// Streams to enable.
    pub enabled: &'a [ModuleStream],
    /// The platform, such as `platform:el8`.
    pub platform: &'a ModuleStream,
    /// Architecture of the host.
    pub arch: &'a Arch,
}

/// The active streams and what follows from them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Activation {
    /// Active versions, by name, stream, version and context.
    pub active: Vec<ActiveStream>,
    /// What is not as it was asked for.
    pub remarks: Vec<ActivationRemark>,
    /// Which packages are hidden.
    pub filter: ModuleFilter,
}

/// An active version of a stream.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ActiveStream {
    /// Module and stream.
    pub module: ModuleStream,
    /// Version.
    pub version: u64,
    /// Context.
    pub context: String,
    /// Why it is active.
    pub reason: Reason,
}

/// Why a stream is active.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It was to be enabled.
    Enabled,
    /// It is the default of its module.
    Default,
    /// This active stream requires it.
    RequiredBy(ModuleStream),
}

/// Something that is not as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActivationRemark {
    /// No repository has this stream, which was to be enabled.
    Unknown(ModuleStream),
    /// Several streams of one module were to be enabled; none is.
    SeveralStreams(String),
    /// What an enabled stream requires is not to be had, or contradicts another
    /// enabled stream.
    Unmet(ModuleStream),
    /// The same of a default stream, which gives way.
    UnmetDefault(ModuleStream),
    /// Repositories disagree about the default stream of this module; it has none.
    ConflictingDefaults(String),
}

impl fmt::Display for ActivationRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(stream) => write!(f, "no repository has the module stream {stream}"),
            Self::SeveralStreams(module) => {
                write!(f, "several streams of module {module} are to be enabled; none is")
            }
            Self::Unmet(stream) => write!(
                f,
                "what module stream {stream} requires is not to be had, or contradicts another enabled stream"
            ),
            Self::UnmetDefault(stream) => {
                write!(
                    f,
                    "what the default stream {stream} requires is not to be had; it is left out"
                )
            }
            Self::ConflictingDefaults(module) => {
                write!(f, "repositories disagree about the default stream of module {module}")
            }
        }
    }
}

/// Which packages modules hide.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModuleFilter {
    /// Artifacts of active streams, as they are written
    /// (`name-epoch:version-release.arch`).
    pub included: BTreeSet<String>,
    /// Artifacts of all other streams, each with the first stream that has it.
    pub excluded: BTreeMap<String, ModuleStream>,
    /// Names of included packages, those aside that no longer are of their module
    /// and those of source packages, with the first stream that has one.
    pub names: BTreeMap<String, ModuleStream>,
}

impl ModuleFilter {
    /// Why a package is hidden, by its full name (`name-epoch:version-release.arch`
    /// with the epoch, also where it is 0), its name, and the names it provides;
    /// `None` where it is not. Packages of repositories with `module_hotfixes` never
    /// are; they are not to be asked about.
    pub fn hides<'p>(
        &self,
        full_name: &str,
        name: &str,
        mut provides: impl Iterator<Item = &'p str>,
    ) -> Option<RuledOut> {
        if self.included.contains(full_name) {
            return None;
        }
        if let Some(stream) = self.excluded.get(full_name) {
            return Some(RuledOut::OfInactiveStream(stream.clone()));
        }
        let own = self.names.get(name);
        let stream = own.or_else(|| provides.find_map(|provided| self.names.get(provided)))?;
        Some(RuledOut::HiddenByStream(stream.clone()))
    }
}

impl Target {
    /// Hides packages that modules hide, but for those of repositories with
    /// `module_hotfixes`.
    pub fn hide(&mut self, filter: &ModuleFilter) {
        if *filter == ModuleFilter::default() {
            return;
        }
        let names = self.said(filter);
        let is_asked = |id: &SolvableId| {
            let source = self.source(*id);
            self.says_any(*id, &names)
                && self.ruled_out(*id).is_none()
                && source.is_some_and(|source| !source.module_hotfixes)
        };
        let hidden: Vec<(SolvableId, RuledOut)> = self
            .packages()
            .filter(is_asked)
            .filter_map(|id| Some((id, self.hidden(id, filter)?)))
            .collect();
        for (package, why) in hidden {
            self.rule_out(package, why);
        }
    }

    /// For each text, whether a filter says it, or something that begins with it and
    /// a hyphen: of packages without such a name, and without such a provide, it
    /// says nothing.
    fn said(&self, filter: &ModuleFilter) -> Vec<bool> {
        let artifacts = filter.included.iter().chain(filter.excluded.keys());
        let beginnings = |full: &'_ String| -> Vec<Option<StringId>> {
            full.match_indices('-').map(|(at, _)| self.interner.find(&full[..at])).collect()
        };
        let names = filter.names.keys().map(|name| self.interner.find(name));
        let mut said = vec![false; self.interner.texts()];
        for id in names.chain(artifacts.flat_map(beginnings)).flatten() {
            said[id.index()] = true;
        }
        said
    }

    fn says_any(&self, package: SolvableId, names: &[bool]) -> bool {
        let is_one = |name: StringId| names.get(name.index()).is_some_and(|is_one| *is_one);
        let mut provides = self.list(package, List::Provides).iter();
        is_one(self.row(package).name)
            || provides.any(|term| is_one(self.interner.base_name(*term)))
    }

    fn hidden(&self, package: SolvableId, filter: &ModuleFilter) -> Option<RuledOut> {
        let (name, evr, arch) = self.nevra(package);
        let [name, evr, arch] = [name, evr, arch].map(|id| self.text(id));
        let epoch = if evr.contains(':') { "" } else { "0:" };
        let provides = self.list(package, List::Provides).iter();
        let names = provides.map(|term| self.text(self.interner.base_name(*term)));
        filter.hides(&format!("{name}-{epoch}{evr}.{arch}"), name, names)
    }
}

/// Decides which streams are active. `repositories` are in the order of their
/// configuration.
pub fn activate(repositories: &[&Modules], wish: &Wish<'_>) -> Activation {
    let documents = || repositories.iter().flat_map(|modules| &modules.streams);
    let is_usable = |stream: &&Stream| match stream.arch.parse::<Arch>() {
        Ok(arch) => arch.runs_on(wish.arch),
        Err(_) => false,
    };
    let world = World::new(documents().filter(is_usable), wish.platform);
    let mut remarks = Vec::new();
    let enabled = enabled(wish.enabled, &world, &mut remarks);
    let defaults = default_streams(repositories, wish.enabled, &world, &mut remarks);
    let chosen = choose(&world, &enabled, &defaults, &mut remarks);
    let together = |candidate: &&Candidate<'_>| {
        let chosen = chosen.get(candidate.document.name.as_str());
        chosen.is_some_and(|chosen| chosen.is_with(candidate))
    };
    let active: Vec<&Stream> =
        world.all().filter(together).map(|candidate| candidate.document).collect();
    let filter = filter(documents(), &active);
    let reason = |stream: &Stream| {
        let name = name_of(stream);
        if enabled.contains(&&name) {
            Reason::Enabled
        } else if defaults.contains(&name) {
            Reason::Default
        } else {
            required_by(stream, &chosen)
        }
    };
    let mut active: Vec<ActiveStream> = active
        .into_iter()
        .map(|stream| ActiveStream {
            module: name_of(stream),
            version: stream.version,
            context: stream.context.clone(),
            reason: reason(stream),
        })
        .collect();
    active.sort();
    active.dedup();
    remarks.sort();
    Activation { active, remarks, filter }
}

fn name_of(stream: &Stream) -> ModuleStream {
    ModuleStream { name: stream.name.clone(), stream: stream.stream.clone() }
}

/// Streams that are to be enabled and can be looked for.
fn enabled<'a>(
    wished: &'a [ModuleStream],
    world: &World<'_>,
    remarks: &mut Vec<ActivationRemark>,
) -> Vec<&'a ModuleStream> {
    let mut streams: BTreeMap<&str, BTreeSet<&ModuleStream>> = BTreeMap::new();
    for stream in wished {
        streams.entry(&stream.name).or_default().insert(stream);
    }
    let mut enabled = Vec::new();
    for (module, streams) in streams {
        match streams.first() {
            Some(_) if streams.len() > 1 => {
                remarks.push(ActivationRemark::SeveralStreams(module.to_owned()));
            }
            Some(stream) if world.has(stream) => enabled.push(*stream),
            Some(stream) => remarks.push(ActivationRemark::Unknown((*stream).clone())),
            None => {}
        }
    }
    enabled
}

/// Default streams of modules without an enabled one, where some repository has
/// them, by module. Of several defaults for a module the one changed last counts;
/// where these disagree, as for libmodulemd, none does.
fn default_streams(
    repositories: &[&Modules],
    enabled: &[ModuleStream],
    world: &World<'_>,
    remarks: &mut Vec<ActivationRemark>,
) -> Vec<ModuleStream> {
    let mut latest: BTreeMap<&str, (u64, BTreeSet<&str>)> = BTreeMap::new();
    for defaults in repositories.iter().flat_map(|modules| &modules.defaults) {
        let Some(stream) = &defaults.stream else { continue };
        let (modified, streams) = latest.entry(&defaults.module).or_default();
        if defaults.modified > *modified {
            *modified = defaults.modified;
            streams.clear();
        }
        if defaults.modified == *modified {
            streams.insert(stream);
        }
    }
    latest.retain(|module, _| !enabled.iter().any(|stream| stream.name == *module));
    let mut found = Vec::new();
    for (module, (_, streams)) in latest {
        let named = |stream: &&str| ModuleStream { name: module.into(), stream: (*stream).into() };
        if streams.len() > 1 {
            remarks.push(ActivationRemark::ConflictingDefaults(module.to_owned()));
        } else {
            found.extend(streams.iter().map(named).filter(|stream| world.has(stream)));
        }
    }
    found
}

/// Chooses all enabled streams and as many default ones as go with them, each in
/// its turn.
fn choose<'w, 'a>(
    world: &'w World<'a>,
    enabled: &[&'a ModuleStream],
    defaults: &'a [ModuleStream],
    remarks: &mut Vec<ActivationRemark>,
) -> Choice<'w, 'a> {
    let all: Vec<_> = enabled.iter().copied().chain(defaults).collect();
    if let Some(choice) = world.choose(&all, true) {
        return choice;
    }
    // Where enabled streams cannot be met, libdnf is content with older versions.
    let newest = world.choose(enabled, true).is_some();
    let mut wanted = without_contradictions(world, enabled, newest, remarks);
    for default in defaults {
        wanted.push(default);
        if world.choose(&wanted, newest).is_none() {
            wanted.pop();
            remarks.push(ActivationRemark::UnmetDefault(default.clone()));
        }
    }
    world.choose(&wanted, newest).unwrap_or_default()
}

/// The enabled streams that can be met and contradict no other.
fn without_contradictions<'a>(
    world: &World<'a>,
    enabled: &[&'a ModuleStream],
    newest: bool,
    remarks: &mut Vec<ActivationRemark>,
) -> Vec<&'a ModuleStream> {
    if world.choose(enabled, newest).is_some() {
        return enabled.to_vec();
    }
    let goes_with = |one: &'a ModuleStream, other: &'a ModuleStream| {
        world.choose(&[one, other], newest).is_some()
    };
    let possible: Vec<&ModuleStream> =
        enabled.iter().copied().filter(|stream| goes_with(stream, stream)).collect();
    let mut kept: Vec<&ModuleStream> = Vec::new();
    for stream in &possible {
        let is_alone = possible.iter().all(|other| goes_with(stream, other));
        kept.push(stream);
        if !is_alone || world.choose(&kept, newest).is_none() {
            kept.pop();
        }
    }
    let lost = enabled.iter().filter(|stream| !kept.contains(stream));
    remarks.extend(lost.map(|stream| ActivationRemark::Unmet((*stream).clone())));
    kept
}

/// The first active stream that requires this one.
fn required_by(stream: &Stream, chosen: &Choice<'_, '_>) -> Reason {
    let by = chosen.values().find(|candidate| candidate.requires(stream));
    Reason::RequiredBy(by.map_or_else(|| name_of(stream), |candidate| name_of(candidate.document)))
}

fn filter<'a>(documents: impl Iterator<Item = &'a Stream>, active: &[&Stream]) -> ModuleFilter {
    let mut filter = ModuleFilter::default();
    for stream in active {
        filter.included.extend(stream.artifacts.iter().cloned());
        let names = stream.artifacts.iter().filter_map(|artifact| name_of_package(artifact));
        for name in names.filter(|name| !stream.demodularized.contains(name)) {
            filter.names.entry(name).or_insert_with(|| name_of(stream));
        }
    }
    for stream in documents {
        let others = stream.artifacts.iter().filter(|full| !filter.included.contains(*full));
        for artifact in others {
            filter.excluded.entry(artifact.clone()).or_insert_with(|| name_of(stream));
        }
    }
    filter
}

/// The name in a full name, but for source packages.
fn name_of_package(artifact: &str) -> Option<String> {
    let package: Nvra = artifact.parse().ok()?;
    (package.arch != Some(Arch::Src)).then(|| package.name.to_string())
}

#[cfg(test)]
mod tests;
