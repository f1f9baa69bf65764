//! What a target seldom asks its repositories: the metadata of each, which a cache
//! gives when they are first asked for.

use std::fmt;
use std::io::{Read, Seek};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::cache::{self, CacheError, Lookup};
use super::data::{PackageDetails, RepositoryData};
use super::files::{self, ListedFiles, Owners};
use crate::repository::Value;

/// The metadata of a repository.
#[derive(Debug)]
pub(super) struct Metadata {
    pub(super) packages: Kept,
    pub(super) listed: Option<Arc<ListedFiles>>,
    owners: Owners,
}

impl Metadata {
    pub(super) fn new(packages: Kept, listed: Option<Arc<ListedFiles>>) -> Self {
        Self { packages, listed, owners: Owners::default() }
    }

    /// Numbers of the packages with a file at a path, and whether these are all.
    pub(super) fn owners(&self, path: &str) -> (Vec<u32>, bool) {
        if let Some(found) = self.listed.as_ref().and_then(|listed| listed.answer(path)) {
            return (found.collect(), true);
        }
        match self.packages.get() {
            Ok(data) => (self.owners.of(data, path).collect(), files::is_in_primary(path)),
            Err(_) => (Vec::new(), false),
        }
    }
}

/// The packages of a repository: here, or in a cache.
pub(super) struct Kept {
    data: OnceLock<Result<Arc<RepositoryData>, CacheError>>,
    from: Mutex<Option<Source>>,
}

/// A value of a cache, and its key.
struct Source {
    value: Value,
    key: String,
    lookup: Option<Lookup>,
}

impl Kept {
    /// They are here.
    pub(super) fn here(data: Arc<RepositoryData>) -> Self {
        Self { data: OnceLock::from(Ok(data)), from: Mutex::new(None) }
    }

    /// They are in a cache under this key.
    pub(super) fn in_cache(value: Value, key: String) -> Self {
        Self { data: OnceLock::new(), from: Mutex::new(Some(Source { value, key, lookup: None })) }
    }

    /// The packages; read from the cache the first time.
    pub(super) fn get(&self) -> Result<&RepositoryData, CacheError> {
        match self.data.get_or_init(|| self.read()) {
            Ok(data) => Ok(data),
            Err(error) => Err(error.clone()),
        }
    }

    /// What is said of a package, for which no others are read from the cache.
    pub(super) fn details(&self, package: usize) -> Result<PackageDetails<String>, CacheError> {
        if let Some(Source { value, key, lookup }) = &mut *self.from() {
            let lookup = match lookup {
                Some(lookup) => lookup,
                None => lookup.insert(Lookup::open(value, key)?),
            };
            return lookup.details(value, package);
        }
        Ok(self.get()?.details(package).owned())
    }

    fn read(&self) -> Result<Arc<RepositoryData>, CacheError> {
        let Source { value, key, .. } = self.from().take().ok_or(CacheError::Cut)?;
        let Value { length, mut bytes } = value;
        let mut file = Vec::new();
        let rewound = bytes.rewind();
        let read = rewound.and_then(|()| bytes.take(length).read_to_end(&mut file));
        read.map_err(|_| CacheError::Cut)?;
        cache::decode(file, &key).map(Arc::new)
    }

    fn from(&self) -> MutexGuard<'_, Option<Source>> {
        self.from.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("is_read", &self.data.get().is_some()).finish()
    }
}
