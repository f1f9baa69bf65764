//! The B-tree of a table: pages that lead to pages, and leaves with the rows.

use super::record::{Value, blob, values};
use super::{Layout, number, varint};
use crate::rpm::header;
use crate::rpm::rpmdb::bitmap::Bitmap;
use crate::rpm::rpmdb::error::{Place, RpmDbError, read_at};
use crate::rpm::rpmdb::source::ReadAt;

/// The longest row read, in bytes: a header and its number.
const MAX_ROW: usize = header::MAX_BYTES + 64;
/// How deep a tree may be; SQLite gives up at 20.
const DEEPEST: usize = 20;
const LEAF: u8 = 13;
const INNER: u8 = 5;

/// A table.
#[derive(Clone)]
pub(in crate::rpm) struct Table<'a> {
    source: &'a dyn ReadAt,
    layout: Layout,
    root: u32,
    columns: Vec<String>,
    key: Option<usize>,
}

impl<'a> Table<'a> {
    pub(super) fn new(
        source: &'a dyn ReadAt,
        layout: Layout,
        root: u32,
        columns: Vec<String>,
        key: Option<usize>,
    ) -> Self {
        Self { source, layout, root, columns, key }
    }

    /// The value of a column; the row's key where the column is that.
    pub(in crate::rpm) fn value<'v>(
        &self,
        row: &Row,
        values: &[Value<'v>],
        column: &str,
    ) -> Option<Value<'v>> {
        let index = self.columns.iter().position(|name| name == column)?;
        if self.key == Some(index) {
            return Some(Value::Integer(row.key));
        }
        values.get(index).copied()
    }

    /// The rows in the order of their keys.
    pub(in crate::rpm) fn rows(&self) -> Rows<'a> {
        let Layout { pages, said, .. } = self.layout;
        let missing = (said > pages).then(|| {
            let why = format!("the file ends here, and it says it has {said} pages");
            RpmDbError::damaged(self.layout.place(pages + 1), why)
        });
        Rows {
            source: self.source,
            layout: self.layout,
            missing,
            root: Some(self.root),
            stack: Vec::new(),
            seen: Bitmap::new(pages.saturating_add(1)),
        }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rpm) struct Row {
    pub(in crate::rpm) key: i64,
    pub(in crate::rpm) place: Place,
    payload: Vec<u8>,
}

impl Row {
    /// Its values, in the order of the columns.
    pub(in crate::rpm) fn values(&self) -> Result<Vec<Value<'_>>, RpmDbError> {
        let damaged = || {
            RpmDbError::damaged(self.place, format!("the values of row {} are damaged", self.key))
        };
        values(&self.payload).ok_or_else(damaged)
    }

    /// One value that is bytes, without a copy of it.
    pub(super) fn into_blob(mut self, column: usize) -> Option<Vec<u8>> {
        let place = blob(&self.payload, column)?;
        self.payload.truncate(place.end);
        self.payload.drain(..place.start);
        Some(self.payload)
    }
}

/// The rows of a table.
pub(in crate::rpm) struct Rows<'a> {
    source: &'a dyn ReadAt,
    layout: Layout,
    missing: Option<RpmDbError>,
    root: Option<u32>,
    stack: Vec<Node>,
    /// Pages that were read, of the tree and of long rows.
    seen: Bitmap,
}

/// A page of the tree.
struct Node {
    page: u32,
    bytes: Vec<u8>,
    /// Where its own header begins: the first page has the file's before.
    start: usize,
    next: usize,
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, RpmDbError>;

    /// The next row; goes on behind an error.
    fn next(&mut self) -> Option<Self::Item> {
        if let Some(missing) = self.missing.take() {
            return Some(Err(missing));
        }
        if let Some(root) = self.root.take()
            && let Err(error) = self.enter(root)
        {
            return Some(Err(error));
        }
        loop {
            let node = self.stack.last_mut()?;
            let index = node.next;
            node.next += 1;
            let step = match node.kind() {
                LEAF if index < node.cells() => return Some(self.row(index)),
                INNER if index <= node.cells() => node.child(index).and_then(|c| self.enter(c)),
                _ => {
                    self.stack.pop();
                    Ok(())
                }
            };
            if let Err(error) = step {
                return Some(Err(error));
            }
        }
    }
}

impl Rows<'_> {
    fn damaged(&self, page: u32, why: impl Into<String>) -> RpmDbError {
        RpmDbError::damaged(self.layout.place(page), why)
    }

    /// Reads a page that was not read before.
    fn page(&mut self, page: u32) -> Result<Vec<u8>, RpmDbError> {
        if page == 0 || page > self.layout.pages {
            let why = format!("page {page} is led to, of {} the file has", self.layout.pages);
            return Err(self.damaged(page, why));
        }
        if !self.seen.insert(page) {
            return Err(self.damaged(page, "is led to a second time"));
        }
        let mut bytes = vec![0; self.layout.page_size as usize];
        read_at(self.source, self.layout.place(page), &mut bytes)?;
        bytes.truncate(self.layout.usable as usize);
        Ok(bytes)
    }

    fn enter(&mut self, page: u32) -> Result<(), RpmDbError> {
        if self.stack.len() >= DEEPEST {
            return Err(self.damaged(page, "the tree is deeper than 20 pages"));
        }
        let bytes = self.page(page)?;
        let start = if page == 1 { 100 } else { 0 };
        let node = Node { page, bytes, start, next: 0 };
        if !matches!(node.kind(), LEAF | INNER) {
            let why = format!("has type {}, and no page of a table has", node.kind());
            return Err(self.damaged(page, why));
        }
        if node.start + 12 + node.cells() * 2 > node.bytes.len() {
            let why = format!("says it has {} cells, for which it is too small", node.cells());
            return Err(self.damaged(page, why));
        }
        self.stack.push(node);
        Ok(())
    }

    /// A row of the page on top.
    fn row(&mut self, index: usize) -> Result<Row, RpmDbError> {
        let Some(node) = self.stack.last() else {
            return Err(self.damaged(0, "no page of rows"));
        };
        let page = node.page;
        let cut = || self.damaged(page, format!("row {index} of the page is cut off"));
        let cell = node.cell(index).ok_or_else(cut)?;
        let offset = self.layout.place(page).offset + (node.bytes.len() - cell.len()) as u64;
        let place = Place { page: Some(page), offset };
        let (length, rest) = varint(cell).ok_or_else(cut)?;
        let (key, rest) = varint(rest).ok_or_else(cut)?;
        let length = usize::try_from(length).ok().filter(|length| *length <= MAX_ROW);
        let Some(length) = length else {
            return Err(RpmDbError::damaged(place, "a row is longer than any header"));
        };
        let local = self.local(length);
        let mut payload = rest.get(..local).ok_or_else(cut)?.to_vec();
        if local < length {
            let next = rest.get(local..).filter(|rest| rest.len() >= 4).ok_or_else(cut)?;
            let next = number(next, 0);
            self.chain(place, next, length, &mut payload)?;
        }
        Ok(Row { key: key.cast_signed(), place, payload })
    }

    /// Bytes of a row that are on its leaf (SQLite's file format, 1.6).
    fn local(&self, length: usize) -> usize {
        let usable = self.layout.usable as usize;
        let most = usable - 35;
        if length <= most {
            return length;
        }
        let least = (usable - 12) * 32 / 255 - 23;
        let wanted = least + (length - least) % (usable - 4);
        if wanted <= most { wanted } else { least }
    }

    /// Adds what of a row is on overflow pages.
    fn chain(
        &mut self,
        place: Place,
        mut next: u32,
        length: usize,
        payload: &mut Vec<u8>,
    ) -> Result<(), RpmDbError> {
        while payload.len() < length {
            if next == 0 {
                let why = format!("a row ends after {} of {length} bytes", payload.len());
                return Err(RpmDbError::damaged(place, why));
            }
            let page = self.page(next)?;
            let wanted = length - payload.len();
            payload.extend(page.iter().skip(4).take(wanted));
            next = number(&page, 0);
        }
        Ok(())
    }
}

impl Node {
    fn kind(&self) -> u8 {
        self.bytes.get(self.start).copied().unwrap_or(0)
    }

    fn cells(&self) -> usize {
        usize::from(self.u16(self.start + 3))
    }

    /// The bytes from a cell on.
    fn cell(&self, index: usize) -> Option<&[u8]> {
        let pointers = self.start + if self.kind() == INNER { 12 } else { 8 };
        let at = usize::from(self.u16(pointers + index * 2));
        // A pointer that is not there reads as 0, where no cell can be.
        if at <= self.start { None } else { self.bytes.get(at..) }
    }

    /// The page a cell leads to; the last one is in the header.
    fn child(&self, index: usize) -> Result<u32, RpmDbError> {
        if index == self.cells() {
            return Ok(number(&self.bytes, self.start + 8));
        }
        let cell = self.cell(index).filter(|cell| cell.len() >= 4);
        let place = Place { page: Some(self.page), offset: 0 };
        let cut = || RpmDbError::damaged(place, format!("cell {index} of the page is cut off"));
        cell.map(|cell| number(cell, 0)).ok_or_else(cut)
    }

    fn u16(&self, at: usize) -> u16 {
        let two = self.bytes.get(at..).and_then(<[u8]>::first_chunk);
        two.map_or(0, |two| u16::from_be_bytes(*two))
    }
}
