//! One repository: what is there, what is wanted, and what is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::Path;

use super::servers::Servers;
use super::{Event, Fault, Fetched, Options, Part, Progress, State};
use crate::repository::checksum::{VerifyError, Verifying};
use crate::repository::definition::{Definition, Remark};
use crate::repository::files::{self, Files};
use crate::repository::http::Authorities;
use crate::repository::source::Source;
use crate::repository::store::{
    Changing, MAX_REPOMD, Note, Partial, REPOMD, Store, StoreError, Stored, Wait,
};
use crate::rpm::metadata::Checksum;
use crate::rpm::repomd::{self, Data, NoData, Repomd};

/// What is needed to fetch one repository.
pub(super) struct Fetching<'a> {
    pub(super) store: &'a Store,
    pub(super) definition: &'a Definition,
    pub(super) options: &'a Options,
    pub(super) progress: &'a dyn Progress,
    pub(super) authorities: &'a Authorities,
    /// Those that download files.
    pub(super) threads: &'a rayon::ThreadPool,
}

/// A repository that is there, and how it came there.
pub(super) struct There {
    pub(super) state: State,
    pub(super) from: String,
    pub(super) parts: BTreeMap<String, String>,
    pub(super) received: u64,
    pub(super) remarks: Vec<Remark>,
}

/// `repomd.xml` as it came, and what it says.
pub(super) struct Repo {
    pub(super) bytes: Vec<u8>,
    pub(super) repomd: Repomd,
    pub(super) note: Note,
    /// The mirror it came from, among the mirrors; none where it was in the cache.
    pub(super) mirror: Option<usize>,
}

/// Files that were missing, and where every file that is wanted belongs.
struct Brought {
    partials: Vec<Partial>,
    parts: BTreeMap<String, String>,
    /// The checksum that each file was found to have.
    verified: BTreeMap<String, Checksum>,
    remarks: Vec<Remark>,
}

impl Fetching<'_> {
    /// Brings the repository into the cache, and holds no lock when that is done.
    pub(super) fn run(&self) -> Result<There, Fault> {
        let there = match self.definition.directory() {
            Some(path) => self.local(path)?,
            None => match self.current()? {
                Some(current) => current,
                None => self.remote()?,
            },
        };
        self.tell(&Event::Done);
        Ok(there)
    }

    /// The repository, locked against changes.
    pub(super) fn opened(&self, there: There) -> Result<Fetched, Fault> {
        let told = |lock: &Path, pid| self.tell(&Event::Waiting { lock, pid });
        let wait = Wait { most: self.options.wait, told: &told };
        let source = Source::offline(self.store, self.definition, &wait)?;
        let There { state, from, parts, received, remarks } = there;
        Ok(Fetched { source, state, from, parts, received, remarks })
    }

    pub(super) fn tell(&self, event: &Event<'_>) {
        self.progress.tell(&self.definition.id, event);
    }

    /// A directory is used where it is; only its `repomd.xml` is looked at.
    fn local(&self, path: &Path) -> Result<There, Fault> {
        let source = Source::directory(self.definition, path)?;
        let repomd = path.join(REPOMD);
        let bad = |why: String| Fault::Metadata { path: repomd.clone(), why };
        let bytes = files::read(&source, REPOMD, MAX_REPOMD).map_err(|e| bad(e.to_string()))?;
        let read = parsed(&bytes, &repomd.display().to_string()).map_err(bad)?;
        let (wanted, mut remarks) = self.wanted(&read, &source.shown()).map_err(bad)?;
        remarks.extend(said(&read, &source.shown()));
        let from = path.display().to_string();
        let parts = parts(&wanted);
        Ok(There { state: State::Local, from, parts, received: 0, remarks })
    }

    /// What is in the cache, where it is current and whole; others may read it
    /// meanwhile.
    fn current(&self) -> Result<Option<There>, Fault> {
        let told = |lock: &Path, pid| self.tell(&Event::Waiting { lock, pid });
        let wait = Wait { most: self.options.wait, told: &told };
        let stored = match self.store.place(self.definition).read(&wait) {
            Ok(stored) if self.is_current(stored.note()) => stored,
            Ok(_) | Err(StoreError::Absent { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let Some(repo) = cached(&stored, stored.note().clone()) else { return Ok(None) };
        let place = &repo.note.source;
        let Ok((wanted, mut remarks)) = self.wanted(&repo.repomd, place) else { return Ok(None) };
        if !wanted.iter().all(|data| is_verified(&stored, data) || is_whole(&stored, data)) {
            return Ok(None);
        }
        remarks.extend(said(&repo.repomd, place));
        let (from, parts) = (place.clone(), parts(&wanted));
        Ok(Some(There { state: State::Current, from, parts, received: 0, remarks }))
    }

    fn remote(&self) -> Result<There, Fault> {
        let place = self.store.place(self.definition);
        let told = |lock: &Path, pid| self.tell(&Event::Waiting { lock, pid });
        let changing = place.change(&Wait { most: self.options.wait, told: &told })?;
        let servers = Servers::new(self);
        let cached = changing.note().and_then(|note| cached(changing.files(), note));
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
        let Brought { partials, parts, verified, mut remarks } = brought?;
        remarks.extend(said(&repo.repomd, &repo.note.source));
        remarks.extend(servers.remarks());
        let same = old.as_ref() == Some(&repo.bytes);
        let state = match (repo.mirror, same && partials.is_empty()) {
            (_, false) => State::Changed,
            (Some(_), true) => State::Unchanged,
            (None, true) => State::Current,
        };
        let from = repo.note.source.clone();
        if state == State::Changed {
            let keep = kept(&repo.repomd, same, &parts);
            changing.finish(partials, &repo.bytes, &keep, repo.note, &verified)?;
        } else {
            changing.unchanged(repo.note, &verified)?;
        }
        Ok(There { state, from, parts, received: servers.received(), remarks })
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
        Ok(Brought { partials, parts: parts(&wanted), verified: checksums(&wanted), remarks })
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

pub(super) fn parsed(bytes: &[u8], place: &str) -> Result<Repomd, String> {
    let repomd = repomd::read(bytes, place).map_err(|error| error.to_string())?;
    repomd.best("primary").map_err(|error| error.to_string())?;
    Ok(repomd)
}

/// What the reader of `repomd.xml` found odd.
fn said(repomd: &Repomd, place: &str) -> Vec<Remark> {
    repomd.remarks.iter().map(|remark| Remark::new(place, remark)).collect()
}

/// What is in the cache; what cannot be read is as if it were not there.
fn cached(files: &dyn Files, note: Note) -> Option<Repo> {
    let bytes = files::read(files, REPOMD, MAX_REPOMD).ok()?;
    let repomd = parsed(&bytes, REPOMD).ok()?;
    Some(Repo { bytes, repomd, note, mirror: None })
}

/// Whether a file is in the cache as it was when it was verified.
fn is_verified(stored: &Stored, data: &Data) -> bool {
    data.checksum.as_ref().is_some_and(|checksum| stored.is_verified(&data.location, checksum))
}

/// Whether a file is in the cache as it should be.
fn is_whole(files: &dyn Files, data: &Data) -> bool {
    let file = files.open(&data.location);
    file.is_ok_and(|file| matches!(differs(file, data), Ok(None)))
}

/// In what a file differs from what metadata say of it. Where they say nothing,
/// anything will do, as for dnf; the reader of metadata remarks on it.
pub(super) fn differs(content: impl Read, data: &Data) -> io::Result<Option<String>> {
    let Some(checksum) = &data.checksum else { return Ok(None) };
    match Verifying::new(content, checksum.algorithm()).verify(checksum, data.size) {
        Ok(()) => Ok(None),
        Err(VerifyError::Io(error)) => Err(error),
        Err(other) => Ok(Some(other.to_string())),
    }
}

/// Kinds of metadata and where they are.
fn parts(wanted: &[&Data]) -> BTreeMap<String, String> {
    wanted.iter().map(|data| (data.kind.clone(), data.location.clone())).collect()
}

/// Where the files are, and the checksums they are announced with.
fn checksums(wanted: &[&Data]) -> BTreeMap<String, Checksum> {
    let announced = |data: &&Data| Some((data.location.clone(), data.checksum.clone()?));
    wanted.iter().filter_map(announced).collect()
}

/// The files that may stay. Of the same `repomd.xml` also those that were fetched
/// once and are not asked for this time.
fn kept(repomd: &Repomd, same: bool, parts: &BTreeMap<String, String>) -> BTreeSet<String> {
    let all = repomd.data.iter().filter(|_| same).map(|data| &data.location);
    all.chain(parts.values()).cloned().collect()
}
