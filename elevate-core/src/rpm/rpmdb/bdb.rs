//! `Packages` as Berkeley DB keeps it: a hash of package numbers to headers, in
//! pages of the file, most headers spread over chains of overflow pages.
//!
//! The pages are read in the order of the file and the buckets not looked at:
//! every pair is in exactly one hash page, and no index is needed to find all.

#[cfg(test)]
pub(super) mod build;
mod meta;
mod page;

use super::StoredHeader;
use super::bitmap::Bitmap;
use super::error::{Place, RpmDbError};
use super::source::ReadAt;
use crate::rpm::header;
use meta::Meta;
use page::{Item, Page, PageKind, Run};

/// A hash database whose first page was read.
#[derive(Clone)]
pub(super) struct HashFile<'a> {
    source: &'a dyn ReadAt,
    meta: Meta,
}

impl<'a> HashFile<'a> {
    pub(super) fn open(source: &'a dyn ReadAt) -> Result<Self, RpmDbError> {
        Ok(Self { source, meta: Meta::read(source)? })
    }

    pub(super) fn headers(&self) -> Headers<'a> {
        let Meta { last_page, page_size, .. } = self.meta;
        let there = self.source.len() / u64::from(page_size);
        let there = u32::try_from(there).unwrap_or(u32::MAX).max(1);
        let pages = there.min(last_page.saturating_add(1));
        let missing = (last_page >= there).then(|| {
            let why = format!("the file ends here, and {last_page} is its last page, as it says");
            RpmDbError::damaged(self.meta.place(there), why)
        });
        Headers {
            file: self.clone(),
            pages,
            missing,
            next_page: 1,
            page: Page::empty(),
            next_pair: 0,
            run: Run::default(),
            followed: Bitmap::new(pages),
            taken: Bitmap::new(pages),
            overflow_pages: 0,
            pairs: 0,
            whole_pages: there,
        }
    }

    fn page(&self, number: u32) -> Result<Page<'static>, RpmDbError> {
        Page::read(self.source, &self.meta, number)
    }

    fn kind_of(&self, number: u32) -> Result<PageKind, RpmDbError> {
        Page::kind_of(self.source, &self.meta, number)
    }
}

/// The headers in the order of the pages.
pub(super) struct Headers<'a> {
    file: HashFile<'a>,
    /// Pages to look at, the first included.
    pages: u32,
    missing: Option<RpmDbError>,
    next_page: u32,
    page: Page<'static>,
    next_pair: u16,
    /// Overflow pages at hand.
    run: Run,
    /// Overflow pages that belong to a header.
    followed: Bitmap,
    /// Those of them that were read and are overflow pages indeed.
    taken: Bitmap,
    overflow_pages: u32,
    pairs: u32,
    whole_pages: u32,
}

impl Headers<'_> {
    /// The next header; goes on behind an error.
    pub(super) fn next(&mut self) -> Option<Result<StoredHeader, RpmDbError>> {
        if let Some(missing) = self.missing.take() {
            return Some(Err(missing));
        }
        loop {
            while self.next_pair < self.page.pairs() {
                self.next_pair += 1;
                if let Some(header) = self.pair(self.next_pair - 1).transpose() {
                    return Some(header);
                }
            }
            if self.next_page >= self.pages {
                return None;
            }
            if let Err(error) = self.turn() {
                return Some(Err(error));
            }
        }
    }

    /// What the database says of itself, where that is not what was found.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let orphans = self.overflow_pages.saturating_sub(self.followed.count());
        if orphans > 0 {
            remarks.push(format!("{orphans} overflow pages belong to no header"));
        }
        let said = self.file.meta.pairs;
        if said != self.pairs {
            let found = self.pairs;
            remarks.push(format!("the database says it has {said} entries; {found} were found"));
        }
        if self.whole_pages > self.pages {
            let more = self.whole_pages - self.pages;
            remarks.push(format!("{more} pages after the last one were not looked at"));
        }
        remarks
    }

    /// Goes to the next page.
    fn turn(&mut self) -> Result<(), RpmDbError> {
        let number = self.next_page;
        self.next_page += 1;
        self.next_pair = 0;
        self.page = Page::empty();
        let overflow = self.taken.contains(number);
        let kind = if overflow { PageKind::Overflow } else { self.file.kind_of(number)? };
        match kind {
            PageKind::Unused => Ok(()),
            // It is looked at when its header is read, or was.
            PageKind::Overflow => {
                self.overflow_pages += 1;
                Ok(())
            }
            kind => {
                let page = self.file.page(number)?;
                page.check()?;
                self.enter(page, kind)
            }
        }
    }

    fn enter(&mut self, page: Page<'static>, kind: PageKind) -> Result<(), RpmDbError> {
        let why = match kind {
            PageKind::Duplicates => {
                "holds duplicates of a key, and rpm's keys have none".to_owned()
            }
            PageKind::Other(kind) => format!("has type {kind}, which this database has none of"),
            PageKind::Unused | PageKind::Hash | PageKind::Overflow => {
                page.check_pairs()?;
                self.page = page;
                return Ok(());
            }
        };
        Err(RpmDbError::damaged(page.start(), why))
    }

    /// The header of a pair; `None` for key 0, which counts packages.
    fn pair(&mut self, pair: u16) -> Result<Option<StoredHeader>, RpmDbError> {
        self.pairs += 1;
        let Item::Data(key) = self.page.item(pair * 2)? else {
            return Err(self.page.damaged(pair * 2, "is a key that is no number"));
        };
        let Ok(key) = <[u8; 4]>::try_from(key) else {
            let why = format!("is a key of {} bytes, not of 4", key.len());
            return Err(self.page.damaged(pair * 2, &why));
        };
        let instance = self.file.meta.order.u32(&key, 0);
        if instance == 0 {
            return Ok(None);
        }
        let data = pair * 2 + 1;
        let place = self.page.place(data);
        let bytes = match self.page.item(data)? {
            Item::Data(bytes) => bytes.to_vec(),
            Item::Overflow { page, length } => self.chain(place, page, length)?,
            Item::Duplicates => {
                let why = format!("package {instance} has several headers");
                return Err(self.page.damaged(data, &why));
            }
        };
        Ok(Some(StoredHeader { instance, place, bytes }))
    }

    /// The bytes of an item that is spread over a chain of pages.
    fn chain(&mut self, place: Place, first: u32, length: u32) -> Result<Vec<u8>, RpmDbError> {
        let length = length as usize;
        if length > header::MAX_BYTES {
            let why = format!("says its header has {length} bytes, more than any has");
            return Err(RpmDbError::damaged(place, why));
        }
        let mut bytes = Vec::new();
        let mut next = first;
        while next != 0 {
            if next >= self.pages {
                let why = format!("page {next} of its header is after the last page");
                return Err(RpmDbError::damaged(place, why));
            }
            if !self.followed.insert(next) {
                let why = format!("page {next} of its header belongs to a header already");
                return Err(RpmDbError::damaged(place, why));
            }
            let HashFile { source, meta } = &self.file;
            // No more pages than what is missing takes.
            let missing = (length - bytes.len()) / (meta.page_size as usize - Page::HEADER) + 1;
            let end = next.saturating_add(u32::try_from(missing).unwrap_or(u32::MAX));
            let page = self.run.page(*source, meta, next, end.min(self.pages))?;
            page.check()?;
            bytes.extend_from_slice(page.overflow()?);
            self.taken.insert(next);
            if bytes.len() > length {
                let why = format!("its header goes on after its {length} bytes, on page {next}");
                return Err(RpmDbError::damaged(place, why));
            }
            next = page.next();
        }
        if bytes.len() < length {
            let why = format!("its header ends after {} of {length} bytes", bytes.len());
            return Err(RpmDbError::damaged(place, why));
        }
        Ok(bytes)
    }
}
