//! One repository: its mirrors, its `repomd.xml`, its files.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::attempts::{Failure, Patience, try_each};
use super::download::{Wanted, text};
use super::{Attempt, Event, Fault, Fetched, Options, Part, Progress, State};
use crate::repository::checksum::{VerifyError, Verifying};
use crate::repository::definition::{Definition, Location, Remark};
use crate::repository::files::{self, Directory, Files};
use crate::repository::http::{Authorities, Client};
use crate::repository::mirrors::{self, Mirrors, RepomdVersion};
use crate::repository::source::Source;
use crate::repository::store::{
    Changing, MAX_REPOMD, Note, Partial, REPOMD, Store, StoreError, Wait,
};
use crate::repository::url::Url;
use crate::rpm::compressed;
use crate::rpm::metadata::Checksum;
use crate::rpm::repomd::{self, Data, NoData, Repomd};

/// What is needed to fetch one repository.
pub(super) struct Fetching<'a> {
    pub(super) store: &'a Store,
    pub(super) definition: &'a Definition,
    pub(super) options: &'a Options,
    pub(super) progress: &'a dyn Progress,
    pub(super) authorities: &'a Authorities,
}

/// `repomd.xml` as it came, and what it says.
struct Repo {
    bytes: Vec<u8>,
    repomd: Repomd,
    note: Note,
    /// The mirror it came from, among the mirrors; none where it was in the cache.
    mirror: Option<usize>,
}

/// Files that were missing, and where every file that is wanted belongs.
struct Brought {
    partials: Vec<Partial>,
    parts: BTreeMap<String, String>,
    remarks: Vec<Remark>,
}

/// The servers of a repository, found out when they are needed.
struct Servers<'a> {
    fetching: &'a Fetching<'a>,
    client: Client,
    mirrors: OnceLock<(Vec<Url>, Mirrors)>,
    received: AtomicU64,
}

impl Fetching<'_> {
    pub(super) fn run(&self) -> Result<Fetched, Fault> {
        let fetched = match self.definition.directory() {
            Some(path) => self.local(path),
            None => self.remote(),
        };
        if fetched.is_ok() {
            self.tell(&Event::Done);
        }
        fetched
    }

    fn tell(&self, event: &Event<'_>) {
        self.progress.tell(&self.definition.id, event);
    }

    /// A directory is used where it is; only its `repomd.xml` is looked at.
    fn local(&self, path: &Path) -> Result<Fetched, Fault> {
        let source = Source::directory(self.definition, path)?;
        let repomd = path.join(REPOMD);
        let bad = |why: String| Fault::Metadata { path: repomd.clone(), why };
        let bytes = files::read(&source, REPOMD, MAX_REPOMD).map_err(|e| bad(e.to_string()))?;
        let read = parsed(&bytes, &repomd.display().to_string()).map_err(bad)?;
        let (wanted, mut remarks) = self.wanted(&read, &source.shown()).map_err(bad)?;
        remarks.extend(said(&read, &source.shown()));
        let from = path.display().to_string();
        let parts = parts(&wanted);
        Ok(Fetched { source, state: State::Local, from, parts, received: 0, remarks })
    }

    fn remote(&self) -> Result<Fetched, Fault> {
        let place = self.store.place(self.definition);
        let told = |lock: &Path, pid| self.tell(&Event::Waiting { lock, pid });
        let changing = place.change(&Wait { most: self.options.wait, told: &told })?;
        let servers = Servers::new(self)?;
        let cached = cached(&changing);
        let old = cached.as_ref().map(|repo| repo.bytes.clone());
        let mut repo = match cached.filter(|repo| self.is_current(&repo.note)) {
            Some(current) => current,
            None => servers.repomd()?,
        };
        let mut brought = self.bring(&servers, &changing, &repo);
        if repo.mirror.is_none() && matches!(brought, Err(Fault::Unavailable { .. })) {
            // Servers may have gone on to newer files than the cache knows of.
            repo = servers.repomd()?;
            brought = self.bring(&servers, &changing, &repo);
        }
        let Brought { partials, parts, mut remarks } = brought?;
        remarks.extend(said(&repo.repomd, &repo.note.source));
        remarks.extend(servers.remarks());
        let same = old.as_ref() == Some(&repo.bytes);
        let state = match (repo.mirror, same && partials.is_empty()) {
            (_, false) => State::Changed,
            (Some(_), true) => State::Unchanged,
            (None, true) => State::Current,
        };
        let from = repo.note.source.clone();
        let stored = if state == State::Changed {
            let keep = kept(&repo.repomd, same, &parts);
            changing.finish(partials, &repo.bytes, &keep, repo.note)?
        } else {
            changing.unchanged(repo.note)?
        };
        let received = servers.received.into_inner();
        Ok(Fetched { source: Source::Stored(stored), state, from, parts, received, remarks })
    }

    /// Downloads what is wanted and not in the cache as it should be.
    fn bring(
        &self,
        servers: &Servers<'_>,
        changing: &Changing,
        repo: &Repo,
    ) -> Result<Brought, Fault> {
        let place = &repo.note.source;
        let bad = |why| Fault::Metadata { path: changing.files().root().join(REPOMD), why };
        let (wanted, remarks) = self.wanted(&repo.repomd, place).map_err(bad)?;
        let is_missing = |data: &&Data| !is_whole(changing.files(), data);
        let missing: Vec<&Data> = wanted.iter().copied().filter(is_missing).collect();
        let partials = servers.files(changing, &missing, repo.mirror)?;
        Ok(Brought { partials, parts: parts(&wanted), remarks })
    }

    fn is_current(&self, note: &Note) -> bool {
        !self.options.refresh && self.definition.expiry.holds(note.fetched, self.options.now)
    }

    /// The files that are wanted. What a repository has not is no fault, but for
    /// packages; what it has in a form that is not read is told.
    fn wanted<'r>(
        &self,
        repomd: &'r Repomd,
        place: &str,
    ) -> Result<(Vec<&'r Data>, Vec<Remark>), String> {
        let mut wanted = vec![repomd.best("primary").map_err(|error| error.to_string())?];
        let mut remarks = Vec::new();
        for part in &self.options.parts {
            match repomd.best(part.kind()) {
                Ok(data) => wanted.push(data),
                Err(NoData::Absent(_)) => {}
                Err(error) => remarks.push(Remark::new(place, error)),
            }
        }
        for data in wanted.iter().filter(|data| data.base.is_some()) {
            let what = format!("{}: xml:base leads elsewhere and is not followed", data.kind);
            remarks.push(Remark::new(place, what));
        }
        Ok((wanted, remarks))
    }
}

impl Part {
    /// What `repomd.xml` calls it.
    fn kind(self) -> &'static str {
        match self {
            Part::Filelists => "filelists",
            Part::Modules => "modules",
            Part::Groups => "group",
            Part::Advisories => "updateinfo",
        }
    }
}

impl<'a> Servers<'a> {
    fn new(fetching: &'a Fetching<'a>) -> Result<Self, Fault> {
        let (definition, options) = (fetching.definition, fetching.options);
        let client =
            Client::new(&definition.transport, &options.environment, fetching.authorities)?;
        Ok(Self { fetching, client, mirrors: OnceLock::new(), received: AtomicU64::new(0) })
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
        let mut bases: Vec<Url> = remote(&definition.baseurls);
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
        let more: Vec<Url> =
            remote(&listed.bases).into_iter().filter(|url| !bases.contains(url)).collect();
        bases.extend(more);
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
        let most = mirrors::MAX_BYTES;
        let one = |url: &Url| plain(text(&self.client, url, most, &|e| self.told(e))?, most);
        let list = self.each("the list of mirrors", std::slice::from_ref(url), &one)?;
        Ok(list.0)
    }

    fn remarks(&self) -> Vec<Remark> {
        self.mirrors.get().map(|(_, mirrors)| mirrors.remarks.clone()).unwrap_or_default()
    }

    /// Asks for `repomd.xml`, which must be one the metalink accepts if there is one.
    fn repomd(&self) -> Result<Repo, Fault> {
        let (bases, listed) = self.mirrors()?;
        let one = |url: &Url| {
            let bytes = text(&self.client, url, MAX_REPOMD, &|event| self.told(event))?;
            let bytes = plain(bytes, MAX_REPOMD)?;
            if !listed.repomd.is_empty() && !listed.repomd.iter().any(|v| is_version(&bytes, v)) {
                return Err(Failure::Wrong("is none of those the metalink knows".to_owned()));
            }
            let read = parsed(&bytes, &url.to_string()).map_err(Failure::Wrong)?;
            Ok((bytes, read))
        };
        let ((bytes, repomd), at) = self.each(REPOMD, &below(bases, REPOMD), &one)?;
        let note = Note { source: bases[at].to_string(), fetched: self.fetching.options.now };
        Ok(Repo { bytes, repomd, note, mirror: Some(at) })
    }

    /// Fetches files side by side, first from the mirror that gave `repomd.xml`.
    fn files(
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
        missing.par_iter().map(|data| self.file(changing, data, &bases)).collect()
    }

    fn file(&self, changing: &Changing, data: &Data, bases: &[Url]) -> Result<Partial, Fault> {
        let checksum = data.checksum.as_ref().map(Checksum::to_string).unwrap_or_default();
        let partial = changing.partial(&data.location, &checksum)?;
        let verify = |partial: &Partial| Ok(wrong(partial, data)?);
        let wanted = Wanted {
            client: &self.client,
            partial: &partial,
            size: data.size,
            verify: &verify,
            told: &|event| self.told(event),
        };
        self.each(&data.location, &below(bases, &data.location), &|url| wanted.ask(url))?;
        Ok(partial)
    }
}

/// Those on a network.
fn remote(locations: &[Location]) -> Vec<Url> {
    let url = |location: &Location| match location {
        Location::Remote(url) => Some(url.clone()),
        Location::Path(_) => None,
    };
    locations.iter().filter_map(url).collect()
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

fn parsed(bytes: &[u8], place: &str) -> Result<Repomd, String> {
    let repomd = repomd::read(bytes, place).map_err(|error| error.to_string())?;
    repomd.best("primary").map_err(|error| error.to_string())?;
    Ok(repomd)
}

/// What the reader of `repomd.xml` found odd.
fn said(repomd: &Repomd, place: &str) -> Vec<Remark> {
    repomd.remarks.iter().map(|remark| Remark::new(place, remark)).collect()
}

/// What is in the cache; what cannot be read is as if it were not there.
fn cached(changing: &Changing) -> Option<Repo> {
    let note = changing.note()?;
    let bytes = files::read(changing.files(), REPOMD, MAX_REPOMD).ok()?;
    let repomd = parsed(&bytes, REPOMD).ok()?;
    Some(Repo { bytes, repomd, note, mirror: None })
}

/// Whether a file is in the cache as it should be.
fn is_whole(directory: &Directory, data: &Data) -> bool {
    let file = directory.open(&data.location);
    file.is_ok_and(|file| matches!(differs(file, data), Ok(None)))
}

/// What is wrong with a download, if anything is.
fn wrong(partial: &Partial, data: &Data) -> Result<Option<String>, StoreError> {
    let failed = |source| StoreError::Io { path: partial.path().to_owned(), source };
    differs(partial.open()?, data).map_err(failed)
}

/// In what a file differs from what metadata say of it. Where they say nothing,
/// anything will do, as for dnf; the reader of metadata remarks on it.
fn differs(content: impl Read, data: &Data) -> io::Result<Option<String>> {
    let Some(checksum) = &data.checksum else { return Ok(None) };
    match Verifying::new(content, checksum.algorithm()).verify(checksum, data.size) {
        Ok(()) => Ok(None),
        Err(VerifyError::Io(error)) => Err(error),
        Err(other) => Ok(Some(other.to_string())),
    }
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

/// Kinds of metadata and where they are.
fn parts(wanted: &[&Data]) -> BTreeMap<String, String> {
    wanted.iter().map(|data| (data.kind.clone(), data.location.clone())).collect()
}

/// The files that may stay. Of the same `repomd.xml` also those that were fetched
/// once and are not asked for this time.
fn kept(repomd: &Repomd, same: bool, parts: &BTreeMap<String, String>) -> BTreeSet<String> {
    let all = repomd.data.iter().filter(|_| same).map(|data| &data.location);
    all.chain(parts.values()).cloned().collect()
}
