//! From definitions of repositories to a target: read or taken from a cache,
//! united, and filtered.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::iter::{
    IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _,
};
use sha2::{Digest as _, Sha256};

use super::arch::ArchPolicy;
use super::cache;
use super::data::RepositoryData;
use super::files::ListedFiles;
use super::kept::{Kept, Metadata};
use super::modules::{self, Activation, Wish};
use super::read::{Opened, ReadError, ReadFault, Threads};
use super::strings::Full;
use super::target::Target;
use super::united::{Merged, United};
use crate::model::{Arch, ModuleStream, RepoId, hex};
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
    /// What each of them said it has, in their order.
    pub announced: Vec<Announced>,
}

/// The `repomd.xml` of a repository, as it was read. It has the checksums of all other
/// metadata, so that it tells one state of a repository from any other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// The repository.
    pub id: RepoId,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
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
    options: &LoadOptions<'a>,
) -> Result<Loaded, LoadError> {
    let open = |repository: &Repository<'a>| Part::open(*repository, options.cache);
    let parts: Vec<Result<Part<'a>, LoadError>> = repositories.par_iter().map(open).collect();
    let parts = Parts { parts: parts.into_iter().collect::<Result<_, _>>()?, options };
    let kept = parts.kept()?;
    let is_new = kept.is_none();
    let (united, found) = match kept {
        Some(kept) => kept,
        None => parts.unite()?,
    };
    let united = Arc::new(united);
    // What was united is written while the rest is done.
    let (loaded, _) = rayon::join(
        || parts.load(Arc::clone(&united), found),
        || is_new.then(|| parts.keep_united(&united)),
    );
    let mut loaded = loaded?;
    parts.keep();
    loaded.remarks.splice(..0, parts.remarks(&united));
    Ok(loaded)
}

/// What was found in the file lists of each repository.
type Found = Vec<Option<Arc<ListedFiles>>>;

/// Repositories that become a target.
struct Parts<'a, 'o> {
    parts: Vec<Part<'a>>,
    options: &'o LoadOptions<'a>,
}

impl Parts<'_, '_> {
    /// The repositories as they were united before, where that is kept and true.
    fn kept(&self) -> Result<Option<(United, Found)>, LoadError> {
        let (key, _) = self.key();
        let open = |name: &str| self.options.cache?.open(&name_of(&key, name));
        let (Some(mut texts), Some(mut packages)) = (open("texts"), open("united")) else {
            return Ok(None);
        };
        let Ok(united) = cache::decode_united(&mut texts, &mut packages, &key) else {
            return Ok(None);
        };
        if united.parts.len() != self.parts.len() {
            return Ok(None);
        }
        let counts = united.parts.iter().map(|part| part.packages as usize).collect();
        let found = self.search(&united.to_search(self.options.paths), counts)?;
        Ok(united.is_made_of(&found).then_some((united, found)))
    }

    /// Unites them anew, and keeps what was read meanwhile.
    fn unite(&self) -> Result<(United, Found), LoadError> {
        let data: Vec<Result<_, LoadError>> =
            self.parts.par_iter().map(|part| Ok(&**part.data()?)).collect();
        let data: Result<Vec<&RepositoryData>, _> = data.into_iter().collect();
        // Where one cannot be read, the others need not be read again.
        let data = data.inspect_err(|_| self.keep())?;
        let (merged, ()) = rayon::join(|| Merged::of(&data), || self.keep());
        let merged = merged?;
        let counts = data.iter().map(|data| data.len()).collect();
        let found = self.search(&merged.to_search(self.options.paths), counts)?;
        let (_, seed) = self.key();
        let united = merged.finish(&ArchPolicy::of(self.options.arch), &data, &found, seed)?;
        Ok((united, found))
    }

    /// Keeps what was read and is not yet kept.
    fn keep(&self) {
        self.parts.iter().for_each(Part::keep);
    }

    /// Keeps what was united. What that has to say is said of the first repository.
    fn keep_united(&self, united: &United) {
        let Some(first) = self.parts.first() else { return };
        let Some(cache) = self.options.cache else { return };
        let (key, _) = self.key();
        let [texts, packages] = cache::encode_united(united, &key);
        for (name, file) in [("texts", texts), ("united", packages)] {
            keep(Some(cache), &name_of(&key, name), &first.later, || file);
        }
    }

    /// What is united, and a seed for its hashes that nobody can choose.
    fn key(&self) -> (String, u64) {
        let mut digest = Sha256::new();
        digest.update(format!("{}\0", self.options.arch));
        self.parts.iter().for_each(|part| digest.update(part.opened.digest()));
        let digest = digest.finalize();
        let seed = digest.last_chunk().copied().map_or(0, u64::from_le_bytes);
        (hex(&digest), seed)
    }

    /// Searches the files of all repositories, of so many packages each, side by side.
    fn search(&self, paths: &[String], packages: Vec<usize>) -> Result<Found, LoadError> {
        let each = self.parts.par_iter().zip(packages);
        let search = |(part, packages): (&Part<'_>, usize)| part.search(paths, packages).map(Some);
        let found: Vec<Result<_, LoadError>> = each.map(search).collect();
        found.into_iter().collect()
    }

    /// What is united, filtered, with what is odd about that.
    fn load(&self, united: Arc<United>, found: Found) -> Result<Loaded, LoadError> {
        let LoadOptions { arch, platform, streams, .. } = *self.options;
        let mut target = self.target(united, found)?;
        let mut remarks = Vec::new();
        for part in &self.parts {
            remarks.extend(filter(&mut target, part.definition));
        }
        remarks.extend(target.foreign().into_iter().map(|((id, of), count)| LoadRemark {
            repository: Some(id.clone()),
            what: format!("packages for {of}, which do not run on {arch}: {count}"),
        }));
        let documents: Vec<&Modules> =
            self.parts.iter().filter_map(|part| part.modules.as_ref()).collect();
        let activation = modules::activate(&documents, &Wish { enabled: streams, platform, arch });
        target.hide(&activation.filter);
        let of_all = activation.remarks.iter();
        remarks.extend(of_all.map(|what| LoadRemark { repository: None, what: what.to_string() }));
        let announced = self.parts.iter().map(Part::announced).collect();
        Ok(Loaded { target, activation, remarks, announced })
    }

    fn target(&self, united: Arc<United>, found: Found) -> Result<Target, LoadError> {
        let name = |Part { definition, .. }: &Part<'_>| {
            (definition.id.clone(), definition.priority, definition.module_hotfixes)
        };
        let names = self.parts.iter().map(name).collect();
        let metadata = |(part, listed): (&Part<'_>, _)| Ok(Metadata::new(part.packages()?, listed));
        let metadata = self.parts.iter().zip(found).map(metadata).collect::<Result<_, LoadError>>();
        Ok(Target::of(self.options.arch, united, names, metadata?)?)
    }

    fn remarks(&self, united: &United) -> Vec<LoadRemark> {
        let both = self.parts.iter().zip(&united.parts);
        both.flat_map(|(part, united)| part.remarks(united.remarks.lines())).collect()
    }
}

/// The key of one of the files that united repositories are kept in.
fn name_of(key: &str, file: &str) -> String {
    format!("{key}-{file}-{}", cache::VERSION)
}

/// A repository that is opened.
struct Part<'a> {
    definition: &'a Definition,
    opened: Opened<'a>,
    cache: Option<&'a dyn ParsedCache>,
    /// Its packages, once somebody needs them.
    data: OnceLock<Arc<RepositoryData>>,
    /// Whether they were read, and are to be kept.
    is_new: AtomicBool,
    modules: Option<Modules>,
    /// What searching its file lists, and keeping what was read, had to say.
    later: Mutex<Vec<String>>,
}

impl<'a> Part<'a> {
    fn open(
        Repository { definition, files }: Repository<'a>,
        cache: Option<&'a dyn ParsedCache>,
    ) -> Result<Self, LoadError> {
        let failed = |source| LoadError::of(definition, source);
        let opened = Opened::new(files).map_err(failed)?;
        let modules = opened.modules().map_err(failed)?;
        let (data, later) = (OnceLock::new(), Mutex::new(Vec::new()));
        let is_new = AtomicBool::new(false);
        Ok(Self { definition, opened, cache, data, is_new, modules, later })
    }

    fn announced(&self) -> Announced {
        let (size, sha256) = (self.opened.size(), self.opened.digest().to_owned());
        Announced { id: self.definition.id.clone(), size, sha256 }
    }

    /// Its packages, from the cache or read.
    fn data(&self) -> Result<&Arc<RepositoryData>, LoadError> {
        if let Some(data) = self.data.get() {
            return Ok(data);
        }
        let key = self.opened.key();
        let known = self.cache.and_then(|cache| cache.load(&key));
        let data = match known.and_then(|bytes| cache::decode(bytes, &key).ok()) {
            Some(data) => data,
            None => {
                let failed = |source| LoadError::of(self.definition, source);
                let data = self.opened.packages(Threads::Two).map_err(failed)?;
                self.is_new.store(true, Ordering::Relaxed);
                data
            }
        };
        Ok(self.data.get_or_init(|| Arc::new(data)))
    }

    /// Keeps its packages, once, where they were read.
    fn keep(&self) {
        if let Some(data) = self.data.get()
            && self.is_new.swap(false, Ordering::Relaxed)
        {
            let key = self.opened.key();
            keep(self.cache, &key, &self.later, || cache::encode(data, &key));
        }
    }

    /// Its packages, which stay in the cache where nobody needed them yet.
    fn packages(&self) -> Result<Kept, LoadError> {
        let key = self.opened.key();
        let in_cache = || self.cache?.open(&key);
        if self.data.get().is_none()
            && let Some(value) = in_cache()
        {
            return Ok(Kept::in_cache(value, key));
        }
        Ok(Kept::here(Arc::clone(self.data()?)))
    }

    /// Which of its packages, so many, have files at some paths. Complete file lists
    /// that it has not, or that are not there, tell nothing.
    fn search(&self, paths: &[String], packages: usize) -> Result<Arc<ListedFiles>, LoadError> {
        let key = self.opened.search_key(paths);
        let known = self.cache.and_then(|cache| cache.load(&key));
        let known = known.and_then(|bytes| cache::decode_listed(&bytes, &key, packages).ok());
        let listed = match known {
            Some(listed) => listed,
            None => self.search_anew(paths, &key)?,
        };
        listed.remarks.iter().for_each(|remark| self.say(remark.clone()));
        Ok(Arc::new(listed))
    }

    fn search_anew(&self, paths: &[String], key: &str) -> Result<ListedFiles, LoadError> {
        let data = self.data()?;
        let listed = if self.opened.has_file_lists() {
            match self.opened.search(data, paths, Threads::Two) {
                Err(ReadError { fault: ReadFault::Files(FilesError::Absent(file)), .. }) => {
                    let gone = "is not there: files it lists are provided by nobody";
                    self.say(format!("{file} {gone}"));
                    return Ok(ListedFiles::of_primary(data, paths));
                }
                listed => listed.map_err(|source| LoadError::of(self.definition, source))?,
            }
        } else {
            ListedFiles::of_primary(data, paths)
        };
        keep(self.cache, key, &self.later, || cache::encode_listed(&listed, key));
        Ok(listed)
    }

    /// Says it once, however often it is searched.
    fn say(&self, what: String) {
        let mut later = self.later.lock().unwrap_or_else(PoisonError::into_inner);
        if !later.contains(&what) {
            later.push(what);
        }
    }

    /// What is odd about it, with what is odd about its packages.
    fn remarks<'r>(&self, of_packages: impl Iterator<Item = &'r str>) -> Vec<LoadRemark> {
        let of_modules = self.modules.iter().flat_map(|modules| &modules.remarks);
        let of_modules = of_modules.map(|remark| format!("modules: {remark}"));
        let later = self.later.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let all = of_packages.map(str::to_owned).chain(of_modules).chain(later);
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
