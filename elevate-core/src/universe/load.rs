//! From definitions of repositories to a target: read or taken from a cache,
//! united, and filtered.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::cache;
use super::data::RepositoryData;
use super::files::ListedFiles;
use super::modules::{self, Activation, Wish};
use super::read::{Opened, ReadError, ReadFault, Threads};
use super::strings::Full;
use super::target::{Source, Target};
use crate::model::{Arch, ModuleStream, RepoId};
use crate::repository::{Definition, Files, FilesError, ParsedCache};
use crate::rpm::modules::Modules;

/// A repository to load: what is said about it, and where its files are.
#[derive(Clone, Copy)]
pub struct Repository<'a> {
    /// What is said about it.
    pub definition: &'a Definition,
    /// Its files.
    pub files: &'a dyn Files,
}

/// What hosts the target is for, and how it is loaded.
#[derive(Clone, Copy)]
pub struct LoadOptions<'a> {
    /// Architecture of the hosts.
    pub arch: &'a Arch,
    /// The platform that module streams are built for, such as `platform:el8`.
    pub platform: &'a ModuleStream,
    /// Module streams to enable.
    pub streams: &'a [ModuleStream],
    /// Paths that packages of the hosts ask for; see [`asked_paths`](super::asked_paths).
    pub paths: &'a [String],
    /// Where what was read is kept, and looked for first.
    pub cache: Option<&'a dyn ParsedCache>,
}

/// The target repositories, ready for hosts.
#[derive(Debug)]
pub struct Loaded {
    /// Their packages.
    pub target: Target,
    /// Which module streams are active.
    pub activation: Activation,
    /// What is odd about them, in the order of the repositories.
    pub remarks: Vec<LoadRemark>,
}

/// Something odd about a repository, or about what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoadRemark {
    /// The repository; `None` for all of them together.
    pub repository: Option<RepoId>,
    /// What is odd.
    pub what: String,
}

impl fmt::Display for LoadRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.repository {
            Some(id) => write!(f, "{id}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// Why repositories cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// One cannot be read.
    #[error("{id}: {source}")]
    Read {
        /// Its id.
        id: RepoId,
        /// Why.
        source: Box<ReadError>,
    },
    /// Together they have more than can be counted.
    #[error(transparent)]
    Full(#[from] Full),
}

impl LoadError {
    fn of(definition: &Definition, source: ReadError) -> Self {
        LoadError::Read { id: definition.id.clone(), source: Box::new(source) }
    }
}

/// Loads repositories, in order, side by side.
///
/// The complete file lists of repositories that have some are searched for the
/// paths that packages ask for (dnf of release 8 always reads them). What
/// definitions say about packages to leave out is done, and what modules hide is
/// hidden.
///
/// # Errors
///
/// A repository that cannot be read, or whose metadata is broken.
pub fn load<'a>(
    repositories: &[Repository<'a>],
    options: &LoadOptions<'_>,
) -> Result<Loaded, LoadError> {
    let read = |repository: &Repository<'a>| Part::read(*repository, options.cache);
    let parts: Vec<Result<Part<'a>, LoadError>> = repositories.par_iter().map(read).collect();
    let parts = parts.into_iter().collect::<Result<Vec<_>, _>>()?;
    let sources = parts.iter().map(Part::source).collect();
    let mut target =
        Target::searching(options.arch, sources, options.paths, |at, paths| match parts.get(at) {
            Some(part) => part.search(paths, options.cache),
            None => Ok(None),
        })?;
    let mut remarks: Vec<LoadRemark> = parts.iter().flat_map(Part::remarks).collect();
    for Repository { definition, .. } in repositories {
        remarks.extend(filter(&mut target, definition));
    }
    remarks.extend(target.foreign().into_iter().map(|((id, arch), count)| LoadRemark {
        repository: Some(id.clone()),
        what: format!("packages for {arch}, which do not run on {}: {count}", options.arch),
    }));
    let documents: Vec<&Modules> = parts.iter().filter_map(|part| part.modules.as_ref()).collect();
    let wish = Wish { enabled: options.streams, platform: options.platform, arch: options.arch };
    let activation = modules::activate(&documents, &wish);
    target.hide(&activation.filter);
    let of_all = activation.remarks.iter();
    remarks.extend(of_all.map(|what| LoadRemark { repository: None, what: what.to_string() }));
    Ok(Loaded { target, activation, remarks })
}

/// A repository that is read.
struct Part<'a> {
    definition: &'a Definition,
    opened: Opened<'a>,
    data: Arc<RepositoryData>,
    modules: Option<Modules>,
    /// What searching its file lists, and keeping what was read, had to say.
    later: Mutex<Vec<String>>,
}

impl<'a> Part<'a> {
    fn read(
        Repository { definition, files }: Repository<'a>,
        cache: Option<&dyn ParsedCache>,
    ) -> Result<Self, LoadError> {
        let failed = |source| LoadError::of(definition, source);
        let opened = Opened::new(files).map_err(failed)?;
        let later = Mutex::new(Vec::new());
        let key = opened.key();
        let known = cache.and_then(|cache| cache.load(&key));
        let data = match known.and_then(|bytes| cache::decode(bytes, &key).ok()) {
            Some(data) => data,
            None => {
                let data = opened.packages(Threads::Two).map_err(failed)?;
                keep(cache, &key, &later, || cache::encode(&data, &key));
                data
            }
        };
        let modules = opened.modules().map_err(failed)?;
        Ok(Self { definition, opened, data: Arc::new(data), modules, later })
    }

    fn source(&self) -> Source {
        Source {
            priority: self.definition.priority,
            module_hotfixes: self.definition.module_hotfixes,
            ..Source::new(self.definition.id.clone(), Arc::clone(&self.data))
        }
    }

    /// Searches its file lists for paths; `None` where it has none.
    fn search(
        &self,
        paths: &[String],
        cache: Option<&dyn ParsedCache>,
    ) -> Result<Option<Arc<ListedFiles>>, LoadError> {
        if !self.opened.has_file_lists() {
            return Ok(None);
        }
        let key = self.opened.search_key(paths);
        let packages = self.data.len();
        let known = cache.and_then(|cache| cache.load(&key));
        let known = known.and_then(|bytes| cache::decode_listed(&bytes, &key, packages).ok());
        let listed = match known {
            Some(listed) => listed,
            None => {
                let failed = |source| LoadError::of(self.definition, source);
                let listed = match self.opened.search(&self.data, paths, Threads::Two) {
                    Err(ReadError {
                        fault: ReadFault::Files(FilesError::Absent(file)), ..
                    }) => {
                        self.say(format!(
                            "{file} is not there: files it lists are provided by nobody"
                        ));
                        return Ok(None);
                    }
                    listed => listed.map_err(failed)?,
                };
                keep(cache, &key, &self.later, || cache::encode_listed(&listed, &key));
                listed
            }
        };
        listed.remarks.iter().for_each(|remark| self.say(remark.clone()));
        Ok(Some(Arc::new(listed)))
    }

    fn say(&self, what: String) {
        self.later.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    fn remarks(&self) -> Vec<LoadRemark> {
        let of_modules = self.modules.iter().flat_map(|modules| &modules.remarks);
        let of_modules = of_modules.map(|remark| format!("modules: {remark}"));
        let later = self.later.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let all = self.data.remarks().map(str::to_owned).chain(of_modules).chain(later);
        let id = &self.definition.id;
        all.map(|what| LoadRemark { repository: Some(id.clone()), what }).collect()
    }
}

/// Keeps what was read, where there is a place for it. That it cannot be kept is
/// only said.
fn keep(
    cache: Option<&dyn ParsedCache>,
    key: &str,
    later: &Mutex<Vec<String>>,
    encode: impl FnOnce() -> Vec<u8>,
) {
    let Some(cache) = cache else { return };
    if let Err(error) = cache.store(key, &encode()) {
        let mut later = later.lock().unwrap_or_else(PoisonError::into_inner);
        later.push(format!("what was read of it cannot be kept: {error}"));
    }
}

/// Does what a definition says about packages to leave out or to use alone.
fn filter(target: &mut Target, definition: &Definition) -> Vec<LoadRemark> {
    let id = &definition.id;
    let idle = [
        ("excludepkgs", target.exclude(id, &definition.exclude)),
        ("includepkgs", target.include_only(id, &definition.include)),
    ];
    let remark = |what| LoadRemark { repository: Some(id.clone()), what };
    let of = |(list, patterns): (&str, Vec<String>)| {
        let named = format!("of {list} names no package of it");
        patterns.into_iter().map(move |pattern| format!("{pattern:?} {named}")).collect::<Vec<_>>()
    };
    idle.into_iter().flat_map(of).map(remark).collect()
}

#[cfg(test)]
mod tests;
