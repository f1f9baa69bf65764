//! What is installed: the package database with yum's and dnf's notes, or the
//! list of packages an archive holds.

use std::io;

use super::CaptureError;
use crate::host::{Denied, Host, RandomAccess};
use crate::model::{Arch, Distro, Evr, InstalledPackage, PublicKey, Release};
use crate::rpm::dnf_history;
use crate::rpm::listing::{self, ListingFacts, UnreadLine};
use crate::rpm::rpmdb::{self, DbFiles, Installed, Logged, Mode, ReadAt, RpmDbError};
use crate::rpm::yumdb::{self, YumDb, YumPackage};
use crate::snapshot::from_listing::{repositories, unread_in};
use crate::snapshot::{HostRepository, Unread};

/// Where the database is, in the order it is looked for.
const DATABASES: [&str; 6] = [
    "/var/lib/rpm/rpmdb.sqlite",
    "/var/lib/rpm/Packages.db",
    "/var/lib/rpm/Packages",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/Packages.db",
    "/usr/lib/sysimage/rpm/Packages",
];
/// How often a database is read that is written to at the same time.
const TRIES: usize = 4;
const YUMDB: &str = "/var/lib/yum/yumdb";
const DNF_HISTORY: &str = "/var/lib/dnf/history.sqlite";
/// The longest note of yum read, in bytes.
const MAX_NOTE: usize = 1024;
/// Most entries of one directory of yum's notes.
const MAX_LISTED: usize = 500_000;

/// Packages, and what they tell of their host.
pub(super) struct Found {
    pub(super) packages: Vec<InstalledPackage>,
    pub(super) keys: Vec<PublicKey>,
    pub(super) repositories: Option<Vec<HostRepository>>,
    pub(super) distro: Option<Distro>,
    pub(super) release: Option<Release>,
    pub(super) arch: Option<Arch>,
    pub(super) unread: Vec<Unread>,
}

impl Found {
    /// Cloud provider whose update client is installed (formats.md 7, the
    /// clients of release 7).
    pub(super) fn cloud(&self) -> Option<String> {
        const CLIENTS: [(&str, &str); 5] = [
            ("rh-amazon-rhui-client", "aws"),
            ("rhui-azure-", "azure"),
            ("google-rhui-client", "google"),
            ("aliyun_rhui", "alibaba"),
            ("client-rhel7", "alibaba"),
        ];
        let names = || self.packages.iter().map(|package| package.name.as_str());
        let is_there = |client: &str| names().any(|name| name.starts_with(client));
        let found = CLIENTS.iter().find(|(client, _)| is_there(client));
        found.map(|(_, provider)| (*provider).to_owned())
    }

    fn new(facts: ListingFacts) -> Self {
        Self {
            packages: Vec::new(),
            keys: Vec::new(),
            repositories: None,
            distro: facts.distro,
            release: facts.release,
            arch: facts.arch,
            unread: Vec::new(),
        }
    }

    fn note(&mut self, file: &str, text: String, why: &str) {
        self.unread.push(Unread::whole(file, text, why));
    }
}

/// Reads the packages of a host.
pub(super) fn read(host: &dyn Host, mode: Mode) -> Result<Found, CaptureError> {
    let mut denials = Vec::new();
    for path in DATABASES {
        match database(host, path, mode) {
            Ok(installed) => return Ok(with_notes(host, path, installed)),
            Err(Failed::Denied(Denied::Absent | Denied::NotHeld)) => {}
            Err(Failed::Denied(Denied::Unreadable(why))) => denials.push(format!("{path}: {why}")),
            Err(Failed::Database(source)) => {
                return Err(CaptureError::Database { path: path.to_owned(), source });
            }
        }
    }
    if let (None, Some(found)) = (denials.first(), list(host).or_else(|| by_yum_alone(host))) {
        return Ok(found);
    }
    let looked = || format!("none of {} is there", DATABASES.join(", "));
    Err(CaptureError::NoPackages(denials.into_iter().next().unwrap_or_else(looked)))
}

enum Failed {
    Denied(Denied),
    Database(RpmDbError),
}

/// A file of a door, for the reader of databases.
struct Opened<'h>(Box<dyn RandomAccess + 'h>);

impl ReadAt for Opened<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(offset, buffer)
    }
    fn len(&self) -> u64 {
        self.0.len()
    }
}

/// Reads a database that may be written to meanwhile: until it looks the same
/// before and after, or has been tried often enough.
fn database(host: &dyn Host, path: &str, mode: Mode) -> Result<Installed, Failed> {
    let state = || {
        [path.to_owned(), format!("{path}-wal")]
            .map(|path| host.node(&path).ok().map(|node| (node.size, node.mtime)))
    };
    let mut before = state();
    let mut tries = 1;
    loop {
        let result = read_once(host, path, mode);
        let after = state();
        if before == after {
            return result;
        }
        if tries == TRIES {
            let mut installed = result?;
            installed.remarks.push(format!("was written to each of the {TRIES} times it was read"));
            return Ok(installed);
        }
        tries += 1;
        before = after;
    }
}

fn read_once(host: &dyn Host, path: &str, mode: Mode) -> Result<Installed, Failed> {
    let open = |path: &str| host.open(path).map(Opened);
    let main = open(path).map_err(Failed::Denied)?;
    let beside = |end: &str| open(&format!("{path}{end}")).ok();
    let (wal, journal) = (beside("-wal"), beside("-journal"));
    let logged = match &wal {
        Some(wal) => Logged::read(&main, wal).map_err(unreadable)?,
        None => None,
    };
    let files = DbFiles {
        main: logged.as_ref().map_or(&main as &dyn ReadAt, |logged| logged),
        // What counts of a log is laid over the database.
        wal: wal.as_ref().filter(|_| logged.is_none()).map(|file| file as &dyn ReadAt),
        journal: journal.as_ref().map(|file| file as &dyn ReadAt),
    };
    let database = rpmdb::open(&files).map_err(Failed::Database)?;
    database.installed(mode).map_err(Failed::Database)
}

fn unreadable(error: io::Error) -> Failed {
    let place = rpmdb::Place::default();
    Failed::Database(RpmDbError::Unreadable { place, why: error.to_string() })
}

/// Adds what yum and dnf noted to the packages of a database.
fn with_notes(host: &dyn Host, path: &str, installed: Installed) -> Found {
    let (facts, problems) = listing::facts_of(&installed.packages);
    let mut found =
        Found { packages: installed.packages, keys: installed.keys, ..Found::new(facts) };
    installed.lost.into_iter().for_each(|lost| found.note(path, lost, "is lost"));
    installed
        .remarks
        .into_iter()
        .for_each(|remark| found.note(path, remark, "was read with a remark"));
    found.unread.extend(problems.into_iter().map(|line| unread_in(path, line)));
    yum(host, &mut found);
    dnf(host, &mut found);
    found
}

fn yum(host: &dyn Host, found: &mut Found) {
    let Some(notes) = yum_notes(host, found) else { return };
    let remarks = notes.apply(&mut found.packages);
    remarks.into_iter().for_each(|remark| found.note(YUMDB, remark, "makes its notes ambiguous"));
}

/// Reads what yum noted; `None` where it noted nothing.
fn yum_notes(host: &dyn Host, found: &mut Found) -> Option<YumDb> {
    let list = |path: &str| host.list(path, MAX_LISTED);
    let letters = match list(YUMDB) {
        Ok(letters) => letters,
        Err(Denied::Absent | Denied::NotHeld) => return None,
        Err(denied) => {
            found.note(YUMDB, String::new(), &denied.to_string());
            return None;
        }
    };
    let mut files = Vec::new();
    for letter in letters {
        let letter = String::from_utf8_lossy(&letter).into_owned();
        for package in list(&format!("{YUMDB}/{letter}")).unwrap_or_default() {
            let directory = format!("{letter}/{}", String::from_utf8_lossy(&package));
            for note in ["from_repo", "reason"] {
                let path = format!("{directory}/{note}");
                match host.read(&format!("{YUMDB}/{path}"), MAX_NOTE) {
                    Ok(content) => files.push((path, content)),
                    Err(Denied::Absent | Denied::NotHeld) => {}
                    Err(denied) => {
                        found.note(&format!("{YUMDB}/{path}"), String::new(), &denied.to_string());
                    }
                }
            }
        }
    }
    let notes = yumdb::read(files.iter().map(|(path, content)| (path.as_str(), &content[..])));
    for (path, why) in &notes.unread {
        found.note(&format!("{YUMDB}/{path}"), String::new(), why);
    }
    let more = notes.unread_total - notes.unread.len();
    if more > 0 {
        found.note(YUMDB, String::new(), &format!("{more} more files were not understood"));
    }
    Some(notes)
}

/// Where there is no package database, yum's notes still name the packages it
/// installed, without epochs.
fn by_yum_alone(host: &dyn Host) -> Option<Found> {
    let mut found = Found::new(ListingFacts::default());
    let notes = yum_notes(host, &mut found).filter(|notes| !notes.notes.is_empty())?;
    let package = |package: &YumPackage| {
        let evr = Evr::new(0, &package.version, &package.release);
        InstalledPackage::new(package.name.clone(), evr, Some(package.arch.clone()))
    };
    let mut packages: Vec<InstalledPackage> = notes.notes.keys().map(package).collect();
    notes.apply(&mut packages);
    let (facts, problems) = listing::facts_of(&packages);
    let unread = found.unread;
    let mut found = Found { packages, unread, ..Found::new(facts) };
    found.unread.extend(problems.into_iter().map(|line| unread_in(YUMDB, line)));
    let why = "there is no package database: the packages are those yum noted, and neither epochs, \
               signatures nor dependencies are known";
    found.note(DATABASES[2], String::new(), why);
    Some(found)
}

fn dnf(host: &dyn Host, found: &mut Found) {
    let file = match host.open(DNF_HISTORY) {
        Ok(file) => Opened(file),
        Err(Denied::Absent | Denied::NotHeld) => return,
        Err(denied) => return found.note(DNF_HISTORY, String::new(), &denied.to_string()),
    };
    match dnf_history::read(&file) {
        Ok(history) => history.apply(&mut found.packages),
        Err(error) => found.note(DNF_HISTORY, String::new(), &error.to_string()),
    }
}

/// The list of packages an archive holds, in whatever shape; the one with the
/// most packages where there are several.
fn list(host: &dyn Host) -> Option<Found> {
    let is_list =
        |name: &String| name == "package-data" || name.contains("rpm_") && name.contains("-qa");
    let names = host.commands().into_iter().filter(is_list).chain(["rpm -qa".to_owned()]);
    let mut best: Option<(String, listing::Listing)> = None;
    let mut unread = Vec::new();
    for name in names {
        let read = match host.command(&name, listing::MAX_BYTES) {
            Err(Denied::Absent | Denied::NotHeld) => continue,
            read => read.map_err(|denied| denied.to_string()),
        };
        match read.and_then(|bytes| listing::read(&bytes).map_err(|error| error.to_string())) {
            Ok(list) => {
                let better = |(_, best): &(String, listing::Listing)| {
                    list.packages.len() > best.packages.len()
                };
                if best.as_ref().is_none_or(better) {
                    best = Some((name, list));
                }
            }
            Err(why) => unread.push(Unread::whole(name, "", why)),
        }
    }
    let (name, list) = best?;
    unread.extend(list.unread.into_iter().map(|line: UnreadLine| unread_in(&name, line)));
    for (what, count) in list.ignored {
        let why = format!("has no place in a snapshot ({count} values)");
        unread.push(Unread::whole(&name, what, why));
    }
    let repositories = list
        .facts
        .repositories
        .is_some()
        .then(|| repositories(&list.facts, &name, &mut unread))
        .flatten();
    Some(Found {
        packages: list.packages,
        keys: list.keys,
        repositories,
        unread,
        ..Found::new(list.facts)
    })
}
