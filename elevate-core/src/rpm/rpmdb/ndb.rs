//! `Packages.db`, rpm's own format: slots that say where each header is, and
//! headers between a beginning and an end with a checksum. Numbers are little
//! endian, places are counted in blocks of 16 bytes.

use super::StoredHeader;
use super::error::{Place, RpmDbError, read_at};
use super::source::ReadAt;
use crate::rpm::header;

/// The first bytes of the file.
pub(super) const MAGIC: &[u8] = b"RpmP";

const SLOT: &[u8; 4] = b"Slot";
const BLOB: &[u8; 4] = b"BlbS";
const BLOB_END: &[u8; 4] = b"BlbE";
const PAGE: u64 = 4096;
/// Bytes of a slot, of a block, and of a header's beginning.
const BLOCK: usize = 16;
const TAIL: usize = 12;
/// The slots the beginning of the file takes.
const FIRST_SLOT: u64 = 2;

/// A database whose beginning was read.
#[derive(Clone)]
pub(super) struct Ndb<'a> {
    source: &'a dyn ReadAt,
    slots: u64,
}

impl<'a> Ndb<'a> {
    pub(super) fn open(source: &'a dyn ReadAt) -> Result<Self, RpmDbError> {
        let mut start = [0; 32];
        read_at(source, Place::default(), &mut start)?;
        let version = number(&start, 4);
        if version != 0 {
            return Err(RpmDbError::Refused(format!(
                "is an ndb database of version {version}; 0 is read"
            )));
        }
        let pages = u64::from(number(&start, 12));
        if pages * PAGE > source.len() {
            let why = format!("says it has {pages} pages of slots, and the file ends before");
            return Err(RpmDbError::damaged(Place { page: None, offset: 12 }, why));
        }
        Ok(Self { source, slots: pages * PAGE / BLOCK as u64 })
    }

    pub(super) fn headers(&self) -> Headers<'a> {
        Headers { file: self.clone(), next: FIRST_SLOT, taken: 0 }
    }
}

/// The headers in the order of their slots.
pub(super) struct Headers<'a> {
    file: Ndb<'a>,
    next: u64,
    /// Bytes of all headers so far, which do not overlap in a sound file.
    taken: u64,
}

impl Headers<'_> {
    /// The next header; goes on behind an error.
    pub(super) fn next(&mut self) -> Option<Result<StoredHeader, RpmDbError>> {
        while self.next < self.file.slots {
            let place = Place { page: None, offset: self.next * BLOCK as u64 };
            self.next += 1;
            if let Some(header) = self.slot(place).transpose() {
                return Some(header);
            }
        }
        None
    }

    /// The header of a slot; `None` where the slot is free.
    fn slot(&mut self, place: Place) -> Result<Option<StoredHeader>, RpmDbError> {
        let mut slot = [0; BLOCK];
        read_at(self.file.source, place, &mut slot)?;
        if !slot.starts_with(SLOT) {
            return Err(RpmDbError::damaged(place, "no slot begins here"));
        }
        let (instance, offset, blocks) = (number(&slot, 4), number(&slot, 8), number(&slot, 12));
        if instance == 0 {
            return Ok(None);
        }
        self.taken += u64::from(blocks) * BLOCK as u64;
        if self.taken > self.file.source.len() {
            self.next = self.file.slots;
            return Err(RpmDbError::damaged(place, "the headers overlap; no more are read"));
        }
        let place = Place { page: None, offset: u64::from(offset) * BLOCK as u64 };
        let bytes = self.blob(place, instance, blocks)?;
        Ok(Some(StoredHeader { instance, place, bytes }))
    }

    fn blob(&self, place: Place, instance: u32, blocks: u32) -> Result<Vec<u8>, RpmDbError> {
        let damaged = |why: String| Err(RpmDbError::damaged(place, why));
        let mut start = [0; BLOCK];
        read_at(self.file.source, place, &mut start)?;
        if !start.starts_with(BLOB) || number(&start, 4) != instance {
            return damaged(format!("the header of package {instance} does not begin here"));
        }
        let length = number(&start, 12) as usize;
        if length > header::MAX_BYTES {
            return damaged(format!("says its header has {length} bytes, more than any has"));
        }
        let whole = (BLOCK + length + TAIL).next_multiple_of(BLOCK);
        if whole / BLOCK != blocks as usize {
            return damaged(format!("a header of {length} bytes does not take {blocks} blocks"));
        }
        if place.offset + whole as u64 > self.file.source.len() {
            return damaged(format!("the file ends within the {whole} bytes from here"));
        }
        let mut bytes = vec![0; whole - BLOCK];
        let rest = Place { offset: place.offset + BLOCK as u64, ..place };
        read_at(self.file.source, rest, &mut bytes)?;
        let (content, tail) = bytes.split_at(whole - BLOCK - TAIL);
        if number(tail, 4) as usize != length || !tail.ends_with(BLOB_END) {
            return damaged(format!("the header of package {instance} has no end"));
        }
        if number(tail, 0) != adler32(&start, content) {
            return damaged(format!("the checksum of package {instance} is wrong"));
        }
        bytes.truncate(length);
        Ok(bytes)
    }
}

/// Four bytes, little endian; 0 beyond the end.
fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |four| u32::from_le_bytes(*four))
}

/// The checksum of RFC 1950, over both.
pub(super) fn adler32(first: &[u8], second: &[u8]) -> u32 {
    const PRIME: u32 = 65_521;
    // So many bytes can be added before the sums must be cut down.
    let chunks = first.chunks(5552).chain(second.chunks(5552));
    let (a, b) = chunks.fold((1, 0), |sums, chunk| {
        let add = |(a, b): (u32, u32), byte: &u8| (a + u32::from(*byte), b + a + u32::from(*byte));
        let (a, b) = chunk.iter().fold(sums, add);
        (a % PRIME, b % PRIME)
    });
    (b << 16) | a
}

/// A database made for tests.
#[cfg(test)]
pub(super) fn build(headers: &[Vec<u8>]) -> Vec<u8> {
    let mut file = [MAGIC, &[0; 4], &[7, 0, 0, 0], &[1, 0, 0, 0], &[9, 0, 0, 0], &[0; 12]].concat();
    let mut blobs = Vec::new();
    let le = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    for (index, header) in headers.iter().enumerate() {
        let offset = PAGE as usize + blobs.len();
        let start = [BLOB, &le(index + 1), &le(7), &le(header.len())].map(|part| *part).concat();
        let mut content = header.clone();
        content.resize((BLOCK + header.len() + TAIL).next_multiple_of(BLOCK) - BLOCK - TAIL, 0);
        let checksum = adler32(&start, &content).to_le_bytes();
        let blob = [&start[..], &content, &checksum, &le(header.len()), BLOB_END].concat();
        let slot = [SLOT, &le(index + 1), &le(offset / BLOCK), &le(blob.len() / BLOCK)];
        file.extend(slot.map(|part| *part).concat());
        blobs.extend(blob);
    }
    while file.len() < PAGE as usize {
        file.extend([&SLOT[..], &[0; 12]].concat());
    }
    [file, blobs].concat()
}
