//! The rpm database, read without rpm: `Packages` (Berkeley DB, up to release
//! 8), `Packages.db` (ndb) and `rpmdb.sqlite`.
//!
//! [`open`] knows the kind by content. Nothing is opened by path here and
//! nothing is written: a [`ReadAt`] stands for the file, and the index files
//! beside `Packages` are not needed. One header at a time is in memory.
//!
//! ```text
//! DbFiles ──open──▶ Database ──records(Mode)──▶ Record, Record, ...
//! ```

mod bdb;
mod bitmap;
mod error;
mod ndb;
mod source;
pub(super) mod sqlite;

pub use error::{Place, RpmDbError};
pub use source::{FileSource, ReadAt};
pub use sqlite::{Logged, pending};

use std::sync::Arc;

use crate::model::{InstalledPackage, PublicKey};
use crate::rpm::header::{self, Record};

/// The largest database read, in bytes; a host with 10 000 packages has 1 GiB.
pub const MAX_BYTES: u64 = 16 << 30;
/// The most packages read, as of a package list.
pub const MAX_PACKAGES: usize = 500_000;
/// The most dependencies and files of all packages together; a host with 10 000
/// packages has 2 million.
pub const MAX_PARTS: usize = 5_000_000;
/// The most losses listed by [`Database::installed`]; the last entry then says
/// how many more there are.
pub const MAX_LOST: usize = 1000;

/// The files of a database, opened by a door.
pub struct DbFiles<'a> {
    /// `Packages`, `Packages.db` or `rpmdb.sqlite`.
    pub main: &'a dyn ReadAt,
    /// `rpmdb.sqlite-wal`, where there is one.
    pub wal: Option<&'a dyn ReadAt>,
    /// `rpmdb.sqlite-journal`, where there is one.
    pub journal: Option<&'a dyn ReadAt>,
}

impl<'a> DbFiles<'a> {
    /// A database of one file.
    pub fn single(main: &'a dyn ReadAt) -> Self {
        Self { main, wal: None, journal: None }
    }
}

/// The kinds of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DbKind {
    /// Berkeley DB, hash.
    BerkeleyDb,
    /// rpm's own.
    Ndb,
    /// SQLite.
    Sqlite,
}

/// What to do where something is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Stop at the first damage.
    Strict,
    /// Report it and go on with what can still be read.
    Salvage,
}

/// A header as it is in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredHeader {
    /// The number the database knows the package by.
    pub instance: u32,
    /// Where it is.
    pub place: Place,
    /// The header, without magic number.
    pub bytes: Vec<u8>,
}

/// A database whose kind and beginning are known.
pub struct Database<'a> {
    kind: DbKind,
    reader: Reader<'a>,
    remarks: Vec<String>,
}

enum Reader<'a> {
    BerkeleyDb(bdb::HashFile<'a>),
    Ndb(ndb::Ndb<'a>),
    Sqlite(sqlite::Table<'a>),
}

/// Everything a database holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Installed {
    /// Packages, in the order of the file.
    pub packages: Vec<InstalledPackage>,
    /// Public keys.
    pub keys: Vec<PublicKey>,
    /// What could not be read; always empty in strict mode.
    pub lost: Vec<String>,
    /// What was read and is not as it should be.
    pub remarks: Vec<String>,
}

/// Looks at the beginning of a database.
///
/// # Errors
///
/// What is no rpm database, one that is not read (encrypted, B-tree), and one
/// whose beginning is damaged.
pub fn open<'a>(files: &DbFiles<'a>) -> Result<Database<'a>, RpmDbError> {
    let length = files.main.len();
    if length > MAX_BYTES {
        return Err(RpmDbError::TooLarge { bytes: length });
    }
    let mut start = [0; 16];
    if length < start.len() as u64 {
        return Err(RpmDbError::NotRecognised(format!("it is {length} bytes long")));
    }
    error::read_at(files.main, Place::default(), &mut start)?;
    let (kind, reader) = if start.starts_with(ndb::MAGIC) {
        (DbKind::Ndb, Reader::Ndb(ndb::Ndb::open(files.main)?))
    } else if start.starts_with(sqlite::MAGIC) {
        (DbKind::Sqlite, Reader::Sqlite(sqlite::packages(files.main)?))
    } else {
        (DbKind::BerkeleyDb, Reader::BerkeleyDb(bdb::HashFile::open(files.main)?))
    };
    let remarks = sqlite::pending(files.wal, files.journal);
    Ok(Database { kind, reader, remarks })
}

impl<'a> Database<'a> {
    /// Its kind.
    pub fn kind(&self) -> DbKind {
        self.kind
    }

    /// What is known of it so far that its reader should know.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The headers as they are stored, in the order of the file. In strict mode
    /// the first error is the last item.
    pub fn headers(&self, mode: Mode) -> StoredHeaders<'a> {
        let cursor = match &self.reader {
            Reader::BerkeleyDb(file) => Cursor::BerkeleyDb(Box::new(file.headers())),
            Reader::Ndb(file) => Cursor::Ndb(file.headers()),
            Reader::Sqlite(table) => Cursor::Sqlite(Box::new(table.rows())),
        };
        StoredHeaders { cursor, mode, ended: false }
    }

    /// The headers, read. In strict mode the first error is the last item.
    pub fn records(&self, mode: Mode) -> Records<'a> {
        Records { headers: self.headers(mode), ended: false }
    }

    /// Everything in it.
    ///
    /// # Errors
    ///
    /// In strict mode any damage; in either mode more than [`MAX_PACKAGES`] or
    /// [`MAX_PARTS`].
    pub fn installed(&self, mode: Mode) -> Result<Installed, RpmDbError> {
        let mut all = Installed { remarks: self.remarks.clone(), ..Installed::default() };
        let mut records = self.records(mode);
        let mut lost = 0;
        let mut parts = 0;
        for record in records.by_ref() {
            match record {
                Ok(Record::Package(header)) => {
                    parts += header.parts();
                    if parts > MAX_PARTS {
                        let why = "its packages have more than";
                        let why = format!("{why} {MAX_PARTS} dependencies and files; no host's do");
                        return Err(RpmDbError::Refused(why));
                    }
                    let mut package = header.to_installed_package();
                    package.data = Some(Arc::new(header.data()));
                    all.remark(header.remarks().into_iter(), &package.nevra());
                    all.packages.push(package);
                }
                Ok(Record::Key(key)) => all.keys.push(key),
                Err(error) if mode == Mode::Strict => return Err(error),
                Err(error) => {
                    lost += 1;
                    if all.lost.len() < MAX_LOST {
                        all.lost.push(error.to_string());
                    }
                }
            }
            if all.packages.len() + all.keys.len() > MAX_PACKAGES {
                let why = format!("it holds more than {MAX_PACKAGES} packages; no host has");
                return Err(RpmDbError::Refused(why));
            }
        }
        if lost > all.lost.len() {
            all.lost.push(format!("{} more parts were lost", lost - all.lost.len()));
        }
        all.remarks.extend(records.headers.remarks());
        Ok(all)
    }
}

impl Installed {
    fn remark(&mut self, remarks: impl Iterator<Item = String>, package: &str) {
        let room = MAX_LOST.saturating_sub(self.remarks.len());
        self.remarks.extend(remarks.take(room).map(|remark| format!("{package}: {remark}")));
    }
}

/// The headers of a database as they are stored.
pub struct StoredHeaders<'a> {
    cursor: Cursor<'a>,
    mode: Mode,
    ended: bool,
}

enum Cursor<'a> {
    BerkeleyDb(Box<bdb::Headers<'a>>),
    Ndb(ndb::Headers<'a>),
    Sqlite(Box<sqlite::Rows<'a>>),
}

impl StoredHeaders<'_> {
    /// After the last header: what the database says of itself and does not hold.
    pub fn remarks(&self) -> Vec<String> {
        match &self.cursor {
            Cursor::BerkeleyDb(headers) if self.ended => headers.remarks(),
            _ => Vec::new(),
        }
    }
}

impl Iterator for StoredHeaders<'_> {
    type Item = Result<StoredHeader, RpmDbError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = match &mut self.cursor {
            Cursor::BerkeleyDb(headers) => headers.next(),
            Cursor::Ndb(headers) => headers.next(),
            Cursor::Sqlite(rows) => rows.next().map(|row| row.and_then(sqlite::stored_header)),
        };
        self.ended = match &next {
            None => true,
            Some(Err(_)) => self.mode == Mode::Strict,
            Some(Ok(_)) => false,
        };
        next
    }
}

/// The headers of a database, read.
pub struct Records<'a> {
    headers: StoredHeaders<'a>,
    ended: bool,
}

impl Iterator for Records<'_> {
    type Item = Result<Record, RpmDbError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let record = self.headers.next()?.and_then(|stored| {
            let StoredHeader { instance, place, bytes } = stored;
            match header::read(bytes) {
                Ok(Record::Package(header)) => {
                    Ok(Record::Package(Box::new(header.numbered(instance))))
                }
                Ok(key) => Ok(key),
                Err(source) => Err(RpmDbError::Header { place, instance, source }),
            }
        });
        self.ended = record.is_err() && self.headers.mode == Mode::Strict;
        Some(record)
    }
}

#[cfg(test)]
mod tests;
