//! Brings repositories into the cache: side by side, whole and verified.
//!
//! For each repository `repomd.xml` is asked for, unless the one in the cache is
//! still current; then every file it names that is wanted and not in the cache as
//! it should be. Addresses are tried in their order, `baseurl` before mirrors. What
//! a cut connection leaves is completed by the next try, or by the next run.

mod attempts;
mod download;
mod repository;
mod servers;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use thiserror::Error;

use super::definition::{Definition, Remark};
use super::http::{Authorities, ProxyEnvironment, TlsError};
use super::mirrors::MirrorsError;
use super::source::Source;
use super::store::{Store, StoreError};
use crate::model::RepoId;

use repository::{Fetching, There};

/// Downloads at a time, where nothing is said.
const THREADS: usize = 4;
/// How long other processes are waited for, where nothing is said.
const WAIT: Duration = Duration::from_secs(600);
/// The first pause before a server is asked again; it doubles, up to 5 seconds.
const PAUSE: Duration = Duration::from_millis(250);

/// A kind of metadata that not everybody needs. Packages always come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// `filelists`: all files of all packages.
    Filelists,
    /// `modules`: module streams.
    Modules,
    /// `group`: groups of packages.
    Groups,
    /// `updateinfo`: advisories.
    Advisories,
}

/// How repositories are fetched.
#[derive(Debug, Clone)]
pub struct Options {
    /// What time it is, in seconds since 1970.
    pub now: u64,
    /// Ask servers also where the cache is current.
    pub refresh: bool,
    /// What to bring beside packages.
    pub parts: BTreeSet<Part>,
    /// How many downloads at a time.
    pub threads: usize,
    /// How long a process that works on the same repository is waited for.
    pub wait: Duration,
    /// The first pause before a server is asked again.
    pub pause: Duration,
    /// What the environment says about proxies.
    pub environment: ProxyEnvironment,
}

impl Options {
    /// The usual ones, at this time.
    pub fn new(now: u64) -> Self {
        Self {
            now,
            refresh: false,
            parts: BTreeSet::new(),
            threads: THREADS,
            wait: WAIT,
            pause: PAUSE,
            environment: ProxyEnvironment::default(),
        }
    }
}

/// Something that happens while repositories are fetched.
#[derive(Debug)]
pub enum Event<'a> {
    /// Another process works on the repository.
    Waiting {
        /// The lock it holds.
        lock: &'a Path,
        /// Which process, if it says.
        pid: Option<u32>,
    },
    /// A file is asked for.
    Asking {
        /// Where.
        url: &'a str,
        /// What is there of it already, in bytes.
        from: u64,
        /// How large it is, where that is known.
        size: Option<u64>,
    },
    /// Some of it came.
    Received {
        /// How many bytes.
        bytes: u64,
    },
    /// It did not come, or not as it should.
    Failed {
        /// What was tried.
        attempt: &'a Attempt,
    },
    /// The repository is there.
    Done,
}

/// Who is told what happens; from several threads.
pub trait Progress: Sync {
    /// Something happens to a repository.
    fn tell(&self, repository: &RepoId, event: &Event<'_>);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn tell(&self, _: &RepoId, _: &Event<'_>) {}
}

/// A repository that can be read, and how it came there.
#[derive(Debug)]
pub struct Fetched {
    /// Its files.
    pub source: Source,
    /// What had to be done.
    pub state: State,
    /// Address of the directory that gave `repomd.xml`.
    pub from: String,
    /// Kinds of metadata, with the path of each below the repository.
    pub parts: BTreeMap<String, String>,
    /// Bytes that came over the network.
    pub received: u64,
    /// What is odd.
    pub remarks: Vec<Remark>,
}

/// What had to be done for a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing: it is on this machine.
    Local,
    /// Nothing: the cache is current.
    Current,
    /// A question: the server has nothing else.
    Unchanged,
    /// Something was fetched.
    Changed,
}

impl State {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            State::Local => "local",
            State::Current => "current",
            State::Unchanged => "unchanged",
            State::Changed => "fetched",
        }
    }
}

/// A repository that could not be fetched.
#[derive(Debug, Error)]
#[error("repository {id}: {fault}")]
pub struct FetchError {
    /// Which.
    pub id: RepoId,
    /// Whether its definition says to go on without it.
    pub may_be_skipped: bool,
    /// Why.
    pub fault: Box<Fault>,
}

/// Why a repository could not be fetched.
#[derive(Debug, Error)]
pub enum Fault {
    /// Every address was tried.
    #[error("cannot have {what}{}", list(.tried))]
    Unavailable {
        /// What was wanted.
        what: String,
        /// Everything that was tried, in order.
        tried: Vec<Attempt>,
    },
    /// It says no address.
    #[error("there is no address that can be used")]
    NoAddress,
    /// The list of mirrors is of no use.
    #[error("the list of mirrors {place} {source}")]
    Mirrors {
        /// Where it is.
        place: String,
        /// What is wrong with it.
        source: MirrorsError,
    },
    /// A certificate or key is of no use.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The cache is of no use.
    #[error("the cache cannot be used: {0}")]
    Store(#[from] StoreError),
    /// Its metadata cannot be used.
    #[error("{path}: {why}", path = .path.display())]
    Metadata {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Another repository has the same id.
    #[error("the id is used twice")]
    SameId,
    /// There are no threads to be had.
    #[error("cannot start threads: {0}")]
    Threads(String),
}

/// A try that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Address, without passwords.
    pub url: String,
    /// What went wrong.
    pub why: String,
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.url, self.why)
    }
}

/// The tries, a line each; the same one after the other once.
fn list(tried: &[Attempt]) -> String {
    let mut text = String::new();
    for same in tried.chunk_by(|a, b| a == b) {
        text.push_str(&format!("\n  tried {}", same[0]));
        if same.len() > 1 {
            text.push_str(&format!(" ({} times)", same.len()));
        }
    }
    text
}

/// Fetches repositories side by side. The answers are in the order of the
/// definitions; one that fails stops no other.
///
/// Each repository has its thread, which holds one lock at a time; files have
/// threads of their own, which take no locks. What comes back is locked against
/// changes, but only once everything is there.
pub fn fetch(
    store: &Store,
    definitions: &[Definition],
    options: &Options,
    progress: &dyn Progress,
) -> Vec<Result<Fetched, FetchError>> {
    let authorities = Authorities::default();
    let most = options.threads.max(1);
    let threads = match rayon::ThreadPoolBuilder::new().num_threads(most).build() {
        Ok(threads) => threads,
        Err(error) => {
            let fault = || Fault::Threads(error.to_string());
            return definitions.iter().map(|d| Err(failed(d, fault()))).collect();
        }
    };
    let (authorities, threads) = (&authorities, &threads);
    let fetching =
        |definition| Fetching { store, definition, options, progress, authorities, threads };
    let all: Vec<Fetching<'_>> = definitions.iter().map(fetching).collect();
    let there = side_by_side(most, &all, &|one: &Fetching<'_>| {
        let twice = definitions.iter().filter(|other| other.id == one.definition.id).count() > 1;
        if twice { Err(Fault::SameId) } else { one.run() }
    });
    let opened = |(one, there): (&Fetching<'_>, Result<There, Fault>)| {
        let opened = there.and_then(|there| one.opened(there));
        opened.map_err(|fault| failed(one.definition, fault))
    };
    all.iter().zip(there).map(opened).collect()
}

/// Does something to each item, a few at a time, and gives the results in order.
/// Where no further thread is to be had, this one does it all.
fn side_by_side<T: Sync, R: Send>(
    threads: usize,
    items: &[T],
    one: &(dyn Fn(&T) -> R + Sync),
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { break };
            let result = one(item);
            done.lock().unwrap_or_else(PoisonError::into_inner).insert(at, result);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(items.len()) {
            if std::thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

fn failed(definition: &Definition, fault: Fault) -> FetchError {
    let may_be_skipped = definition.skip_if_unavailable;
    FetchError { id: definition.id.clone(), may_be_skipped, fault: Box::new(fault) }
}
