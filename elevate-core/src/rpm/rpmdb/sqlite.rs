//! `rpmdb.sqlite`, and other databases of SQLite: whole tables, read in order.
//!
//! SQLite itself wants a path or a copy of the whole file in memory, and is a
//! quarter of a million lines of C; walking one B-tree of a table is this.
//! Changes in a write-ahead log are laid over it with [`Logged`]; where that is not done,
//! [`pending`] tells of them.

mod btree;
#[cfg(test)]
pub(in crate::rpm) mod build;
mod log;
mod record;
mod schema;

use super::StoredHeader;
use super::error::{Place, RpmDbError, read_at};
use super::source::ReadAt;

pub(in crate::rpm) use btree::{Row, Rows, Table};
pub use log::Logged;
pub(in crate::rpm) use record::Value;

/// The first bytes of the file.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// Sizes in a file.
#[derive(Debug, Clone, Copy)]
struct Layout {
    page_size: u32,
    /// Bytes of a page that are used.
    usable: u32,
    /// Pages the file has.
    pages: u32,
    /// Pages the file says it has.
    said: u32,
}

impl Layout {
    fn read(source: &dyn ReadAt) -> Result<Layout, RpmDbError> {
        let mut start = [0; 100];
        let place = Place { page: Some(1), offset: 0 };
        read_at(source, place, &mut start)?;
        if !start.starts_with(MAGIC) {
            return Err(RpmDbError::NotRecognised("it does not begin like SQLite".to_owned()));
        }
        let page_size = match u32::from(u16::from_be_bytes([start[16], start[17]])) {
            1 => 65_536,
            size => size,
        };
        let damaged = |why: &str| Err(RpmDbError::damaged(place, why));
        if !page_size.is_power_of_two() || page_size < 512 {
            return damaged("the size of its pages is no power of two from 512 to 65536");
        }
        let usable = page_size - u32::from(start[20]);
        if usable < 480 {
            return damaged("its pages are smaller than 480 bytes");
        }
        let encoding = number(&start, 56);
        if encoding > 1 {
            return Err(RpmDbError::Refused("is an SQLite database in UTF-16".to_owned()));
        }
        let pages = source.len() / u64::from(page_size);
        let pages = u32::try_from(pages).unwrap_or(u32::MAX);
        // The number is good where these two counters of changes agree.
        let good = start[24..28] == start[92..96];
        let said = if good { number(&start, 28) } else { pages };
        Ok(Layout { page_size, usable, pages, said })
    }

    fn place(&self, page: u32) -> Place {
        let before = u64::from(page.saturating_sub(1));
        Place { page: Some(page), offset: before * u64::from(self.page_size) }
    }
}

/// A database whose beginning and tables are known.
pub(in crate::rpm) struct Sqlite<'a> {
    source: &'a dyn ReadAt,
    layout: Layout,
    tables: Vec<schema::Definition>,
}

impl<'a> Sqlite<'a> {
    pub(in crate::rpm) fn open(source: &'a dyn ReadAt) -> Result<Self, RpmDbError> {
        let layout = Layout::read(source)?;
        let tables = schema::read(&Table::new(source, layout, 1, Vec::new(), None))?;
        Ok(Self { source, layout, tables })
    }

    /// A table by its name.
    pub(in crate::rpm) fn table(&self, name: &str) -> Result<Table<'a>, RpmDbError> {
        let definition = self.tables.iter().find(|table| table.name == name).ok_or_else(|| {
            let why = format!("an SQLite database without table {name:?}");
            RpmDbError::NotRecognised(why)
        })?;
        let (columns, key) = schema::columns(&definition.sql);
        Ok(Table::new(self.source, self.layout, definition.root, columns, key))
    }
}

/// The table of packages.
pub(super) fn packages<'a>(source: &'a dyn ReadAt) -> Result<Table<'a>, RpmDbError> {
    Sqlite::open(source)?.table("Packages")
}

/// A row of it.
pub(super) fn stored_header(row: Row) -> Result<StoredHeader, RpmDbError> {
    let place = row.place;
    let damaged = |why: String| RpmDbError::damaged(place, why);
    let instance = u32::try_from(row.key)
        .map_err(|_| damaged(format!("package {} has no number a package has", row.key)))?;
    let bytes = row.into_blob(1);
    let bytes = bytes.ok_or_else(|| damaged(format!("package {instance} has no header")))?;
    Ok(StoredHeader { instance, place, bytes })
}

/// What the files beside a database hold that is not in it, in plain words.
pub fn pending(wal: Option<&dyn ReadAt>, journal: Option<&dyn ReadAt>) -> Vec<String> {
    const WAL_HEADER: u64 = 32;
    let mut remarks = Vec::new();
    if let Some(length) = wal.map(ReadAt::len).filter(|length| *length > WAL_HEADER) {
        remarks.push(format!(
            "the write-ahead log (-wal) has {length} bytes of changes that may not be in the database yet; they were not read"
        ));
    }
    if let Some(length) = journal.map(ReadAt::len).filter(|length| *length > 0) {
        remarks.push(format!(
            "there is a journal (-journal) of {length} bytes: a change was interrupted, and what was read may be half of it"
        ));
    }
    remarks
}

/// Four bytes, big endian; 0 beyond the end.
fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |four| u32::from_be_bytes(*four))
}

/// A number of up to nine bytes, and what follows it.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (index, &byte) in bytes.iter().take(9).enumerate() {
        let rest = || bytes.get(index + 1..).unwrap_or_default();
        if index == 8 {
            return Some(((value << 8) | u64::from(byte), rest()));
        }
        value = (value << 7) | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((value, rest()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_to_nine_bytes() {
        assert_eq!(varint(&[0x7f, 1]), Some((127, &[1][..])));
        assert_eq!(varint(&[0x81, 0]), Some((128, &[][..])));
        assert_eq!(varint(&[0xff; 9]), Some((u64::MAX, &[][..])));
        assert_eq!(varint(&[0x80; 8]), None);
        assert_eq!(varint(&[]), None);
    }

    #[test]
    fn a_log_with_changes_is_told_of_and_an_empty_one_is_not() {
        let (empty, full) = (vec![0; 32], vec![0; 33]);
        assert_eq!(pending(Some(&empty), None), Vec::<String>::new());
        assert!(pending(Some(&full), None)[0].contains("33 bytes of changes"));
        assert!(pending(None, Some(&empty))[0].contains("was interrupted"));
    }
}
