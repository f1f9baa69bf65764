//! The servers of a repository: which there are, and what they are asked for.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::attempts::{Failure, Patience, try_each};
use super::download::{Wanted, text};
use super::repository::{Fetching, Repo, differs, parsed};
use super::{Attempt, Event, Fault};
use crate::repository::checksum::Verifying;
use crate::repository::definition::{Location, Remark};
use crate::repository::files::{self, Directory};
use crate::repository::http::Client;
use crate::repository::mirrors::{self, Mirrors, RepomdVersion};
use crate::repository::store::{Changing, MAX_REPOMD, Note, Partial, REPOMD, StoreError};
use crate::repository::url::Url;
use crate::rpm::compressed;
use crate::rpm::metadata::Checksum;
use crate::rpm::repomd::Data;

/// The servers of a repository, found out when they are needed.
pub(super) struct Servers<'a> {
    fetching: &'a Fetching<'a>,
    /// Made when somebody is asked: what is current needs no certificates.
    client: OnceLock<Client>,
    mirrors: OnceLock<(Vec<Url>, Mirrors)>,
    received: AtomicU64,
}

impl<'a> Servers<'a> {
    pub(super) fn new(fetching: &'a Fetching<'a>) -> Self {
        let received = AtomicU64::new(0);
        Self { fetching, client: OnceLock::new(), mirrors: OnceLock::new(), received }
    }

    fn client(&self) -> Result<&Client, Fault> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let Fetching { definition, options, authorities, .. } = self.fetching;
        let client = Client::new(definition, &options.environment, authorities)?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Bytes that came.
    pub(super) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    fn told(&self, event: &Event<'_>) {
        if let Event::Received { bytes } = event {
            self.received.fetch_add(*bytes, Ordering::Relaxed);
        }
        self.fetching.tell(event);
    }

    /// Tries addresses with the repository's patience.
    fn each<T>(
        &self,
        what: &str,
        addresses: &[Url],
        one: &dyn Fn(&Url) -> Result<T, Failure>,
    ) -> Result<(T, usize), Fault> {
        let tries = self.fetching.definition.transport.retries;
        let patience = Patience { tries, pause: self.fetching.options.pause };
        let told = |attempt: &Attempt| self.told(&Event::Failed { attempt });
        try_each(what, addresses, patience, &told, one)
    }

    /// Addresses of the repository in the order in which they are tried, and what
    /// a list of mirrors says beside them. A list that cannot be had is a fault
    /// only where there is nothing else.
    fn mirrors(&self) -> Result<&(Vec<Url>, Mirrors), Fault> {
        if let Some(known) = self.mirrors.get() {
            return Ok(known);
        }
        let definition = self.fetching.definition;
        let mut bases: Vec<Url> =
            definition.baseurls.iter().filter_map(Location::remote).cloned().collect();
        let listed = match definition.metalink.as_ref().or(definition.mirrorlist.as_ref()) {
            None => Mirrors::default(),
            Some(place) => match self.listed(place) {
                Ok(mirrors) => mirrors,
                Err(fault) if bases.is_empty() => return Err(fault),
                Err(fault) => {
                    let remarks = vec![Remark::new(place, fault)];
                    Mirrors { remarks, ..Mirrors::default() }
                }
            },
        };
        let more = listed.bases.iter().filter(|url| !bases.contains(url));
        bases.extend(more.cloned().collect::<Vec<_>>());
        if bases.is_empty() {
            return Err(Fault::NoAddress);
        }
        Ok(self.mirrors.get_or_init(|| (bases, listed)))
    }

    /// Reads the list of mirrors.
    fn listed(&self, place: &Location) -> Result<Mirrors, Fault> {
        let bytes = match place {
            Location::Remote(url) => self.list(url)?,
            Location::Path(path) => {
                let bad = |why: String| Fault::Metadata { path: path.clone(), why };
                let name = path.file_name().and_then(|name| name.to_str());
                let name = name.ok_or_else(|| bad("is no name of a file".to_owned()))?;
                let directory = Directory::new(path.parent().unwrap_or(Path::new("/")));
                files::read(&directory, name, mirrors::MAX_BYTES).map_err(|e| bad(e.to_string()))?
            }
        };
        mirrors::read(&bytes, place, &self.fetching.definition.variables)
            .map_err(|source| Fault::Mirrors { place: place.to_string(), source })
    }

    fn list(&self, url: &Url) -> Result<Vec<u8>, Fault> {
        let (client, most) = (self.client()?, mirrors::MAX_BYTES);
        let one = |url: &Url| plain(text(client, url, most, &|e| self.told(e))?, most);
        let list = self.each("the list of mirrors", std::slice::from_ref(url), &one)?;
        Ok(list.0)
    }

    pub(super) fn remarks(&self) -> Vec<Remark> {
        self.mirrors.get().map(|(_, mirrors)| mirrors.remarks.clone()).unwrap_or_default()
    }

    /// Asks for `repomd.xml`, which must be one the metalink accepts if there is one.
    pub(super) fn repomd(&self) -> Result<Repo, Fault> {
        let (client, (bases, listed)) = (self.client()?, self.mirrors()?);
        let one = |url: &Url| {
            let bytes = text(client, url, MAX_REPOMD, &|event| self.told(event))?;
            let bytes = plain(bytes, MAX_REPOMD)?;
            if !listed.repomd.is_empty() && !listed.repomd.iter().any(|v| is_version(&bytes, v)) {
                return Err(Failure::Wrong("is none of those the metalink knows".to_owned()));
            }
            let read = parsed(&bytes, &url.to_string()).map_err(Failure::Wrong)?;
            Ok((bytes, read))
        };
        let ((bytes, repomd), at) = self.each(REPOMD, &below(bases, REPOMD), &one)?;
        let (source, fetched) = (bases[at].to_string(), self.fetching.options.now);
        let note = Note { source, fetched, verified: BTreeMap::new() };
        Ok(Repo { bytes, repomd, note, mirror: Some(at) })
    }

    /// Fetches files side by side, first from the mirror that gave `repomd.xml`.
    pub(super) fn files(
        &self,
        changing: &Changing,
        missing: &[&Data],
        first: Option<usize>,
    ) -> Result<Vec<Partial>, Fault> {
        if missing.is_empty() {
            return Ok(Vec::new());
        }
        let mut bases = self.mirrors()?.0.clone();
        bases[..=first.unwrap_or(0)].rotate_right(1);
        let each = || missing.par_iter().map(|data| self.file(changing, data, &bases)).collect();
        self.fetching.threads.install(each)
    }

    fn file(&self, changing: &Changing, data: &Data, bases: &[Url]) -> Result<Partial, Fault> {
        let checksum = data.checksum.as_ref().map(Checksum::to_string).unwrap_or_default();
        let partial = changing.partial(&data.location, &checksum)?;
        let verify = |partial: &Partial| Ok(wrong(partial, data)?);
        let wanted = Wanted {
            client: self.client()?,
            partial: &partial,
            size: data.size,
            verify: &verify,
            told: &|event| self.told(event),
        };
        self.each(&data.location, &below(bases, &data.location), &|url| wanted.ask(url))?;
        Ok(partial)
    }
}

/// The address of a file on each mirror.
fn below(bases: &[Url], path: &str) -> Vec<Url> {
    bases.iter().map(|base| base.below(path)).collect()
}

/// What a server compressed on its way although nobody asked for it.
fn plain(bytes: Vec<u8>, most: u64) -> Result<Vec<u8>, Failure> {
    let limit = usize::try_from(most).unwrap_or(usize::MAX);
    match compressed::decompress(&bytes, limit) {
        Ok(plain) => Ok(plain.into_owned()),
        Err(error) => Err(Failure::Wrong(error.to_string())),
    }
}

/// What is wrong with a download, if anything is.
fn wrong(partial: &Partial, data: &Data) -> Result<Option<String>, StoreError> {
    let failed = |source| StoreError::Io { path: partial.path().to_owned(), source };
    differs(partial.open()?, data).map_err(failed)
}

/// Whether `repomd.xml` is the version a metalink knows. Of its checksums the
/// strongest one that is known counts; a version without any is none.
fn is_version(bytes: &[u8], version: &RepomdVersion) -> bool {
    let checksum = |(kind, hex): &(String, String)| {
        let algorithm = kind.replace('-', "").parse().ok()?;
        Checksum::new(algorithm, hex).ok()
    };
    let strongest = version.checksums.iter().filter_map(checksum).max_by_key(Checksum::algorithm);
    strongest.is_some_and(|checksum| {
        Verifying::new(bytes, checksum.algorithm()).verify(&checksum, version.size).is_ok()
    })
}
