//! The write-ahead log of SQLite (`-wal`): pages that were changed and are not in the
//! database yet. A writer that was killed leaves it behind.

use std::collections::BTreeMap;
use std::io;

use super::number;
use crate::rpm::rpmdb::source::{ReadAt, fill};

const HEADER: usize = 32;
const FRAME: usize = 24;
/// The magic number; its last bit says that checksums are of big-endian words.
const MAGIC: u32 = 0x377f_0682;
/// The most pages a log is read of; those of a database of 16 GiB.
const MOST: usize = 1 << 22;

/// A database with the changes of its log, as SQLite sees it: those up to the last one that
/// was made whole.
pub struct Logged<'a> {
    main: &'a dyn ReadAt,
    log: &'a dyn ReadAt,
    page_size: u64,
    /// Where in the log a page is, by its number from 0.
    pages: BTreeMap<u64, u64>,
    length: u64,
}

impl<'a> Logged<'a> {
    /// Reads a log; `None` where there is nothing in it that counts, or it is of something
    /// else.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn read(main: &'a dyn ReadAt, log: &'a dyn ReadAt) -> io::Result<Option<Self>> {
        let mut header = [0; HEADER];
        if !filled(log, 0, &mut header)? || number(&header, 0) & !1 != MAGIC {
            return Ok(None);
        }
        let page_size = number(&header, 8);
        if !page_size.is_power_of_two() || !(512..=65_536).contains(&page_size) {
            return Ok(None);
        }
        let is_big = number(&header, 0) & 1 == 1;
        let mut sum = Sum { is_big, halves: (0, 0) };
        sum.add(&header[..24]);
        if !sum.is(&header[24..]) {
            return Ok(None);
        }
        let mut logged =
            Self { main, log, page_size: page_size.into(), pages: BTreeMap::new(), length: 0 };
        logged.frames(&header[16..24], sum)?;
        Ok((logged.length > 0).then_some(logged))
    }

    fn frames(&mut self, salt: &[u8], mut sum: Sum) -> io::Result<()> {
        let mut at = HEADER as u64;
        let mut frame = vec![0; FRAME + usize::try_from(self.page_size).unwrap_or(0)];
        let mut changed = BTreeMap::new();
        while filled(self.log, at, &mut frame)? && self.pages.len() + changed.len() < MOST {
            let (head, page) = frame.split_at(FRAME);
            sum.add(&head[..8]);
            sum.add(page);
            let (Some(number_of_page), pages) = (number(head, 0).checked_sub(1), number(head, 4))
            else {
                break;
            };
            if head[8..16] != *salt || !sum.is(&head[16..]) {
                break;
            }
            changed.insert(u64::from(number_of_page), at + FRAME as u64);
            if pages > 0 {
                self.pages.append(&mut changed);
                self.length = u64::from(pages) * self.page_size;
            }
            at += frame.len() as u64;
        }
        Ok(())
    }
}

impl ReadAt for Logged<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let (page, within) = (offset / self.page_size, offset % self.page_size);
        let left = (self.page_size - within).min(self.length.saturating_sub(offset));
        let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let buffer = &mut buffer[..wanted];
        match self.pages.get(&page) {
            Some(at) => self.log.read_at(at + within, buffer),
            None => self.main.read_at(offset, buffer),
        }
    }

    fn len(&self) -> u64 {
        self.length
    }
}

/// Fills a buffer; `false` where there is less.
fn filled(source: &dyn ReadAt, at: u64, buffer: &mut [u8]) -> io::Result<bool> {
    match fill(source, at, buffer) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        filled => filled.map(|()| true),
    }
}

/// The checksum of a log, from its beginning on.
struct Sum {
    is_big: bool,
    halves: (u32, u32),
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        let word = |four: &[u8]| {
            let four = four.first_chunk().copied().unwrap_or_default();
            if self.is_big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
        };
        let (mut a, mut b) = self.halves;
        for eight in bytes.chunks_exact(8) {
            a = a.wrapping_add(word(eight)).wrapping_add(b);
            b = b.wrapping_add(word(&eight[4..])).wrapping_add(a);
        }
        self.halves = (a, b);
    }

    fn is(&self, stored: &[u8]) -> bool {
        self.halves == (number(stored, 0), number(stored, 4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = 512;

    /// A log of frames: number of the page, pages of the database where the change is whole,
    /// and what the page is full of.
    fn log(frames: &[(u32, u32, u8)]) -> Vec<u8> {
        let mut bytes: Vec<u8> = [MAGIC, 3_007_000, 512, 0, 11, 12]
            .iter()
            .flat_map(|number: &u32| number.to_be_bytes())
            .collect();
        let mut sum = Sum { is_big: false, halves: (0, 0) };
        let add_sum = |bytes: &mut Vec<u8>, sum: &Sum| {
            bytes.extend(sum.halves.0.to_be_bytes());
            bytes.extend(sum.halves.1.to_be_bytes());
        };
        sum.add(&bytes);
        add_sum(&mut bytes, &sum);
        for (page, pages, fill) in frames {
            let head = [page.to_be_bytes(), pages.to_be_bytes()].concat();
            let content = vec![*fill; SIZE];
            sum.add(&head);
            sum.add(&content);
            bytes.extend(head);
            bytes.extend([11_u32.to_be_bytes(), 12_u32.to_be_bytes()].concat());
            add_sum(&mut bytes, &sum);
            bytes.extend(content);
        }
        bytes
    }

    /// The first byte of each page.
    fn seen(main: &[u8], log: &[u8]) -> Option<Vec<u8>> {
        let (main, log) = (main.to_vec(), log.to_vec());
        let logged = Logged::read(&main, &log).unwrap()?;
        let mut all = vec![0; usize::try_from(logged.len()).unwrap()];
        assert!(filled(&logged, 0, &mut all).unwrap());
        assert!(!filled(&logged, logged.len(), &mut [0]).unwrap());
        Some(all.chunks(SIZE).map(|page| page[0]).collect())
    }

    #[test]
    fn pages_of_whole_changes_are_seen_and_those_of_others_are_not() {
        let main = [vec![1; SIZE], vec![2; SIZE]].concat();
        let frames = [(2, 0, 7), (3, 3, 8), (2, 3, 9), (1, 0, 5)];
        assert_eq!(seen(&main, &log(&frames)), Some(vec![1, 9, 8]));
        assert_eq!(seen(&main, &log(&frames[..1])), None);
        assert_eq!(seen(&main, &log(&[(1, 1, 6)])), Some(vec![6]));
    }

    #[test]
    fn a_log_that_is_cut_or_changed_counts_as_far_as_it_is_sound() {
        let main = [vec![1; SIZE], vec![2; SIZE]].concat();
        let whole = log(&[(2, 2, 7), (2, 2, 9)]);
        for end in 0..whole.len() {
            let counts = (end >= HEADER + FRAME + SIZE).then(|| vec![1, 7]);
            assert_eq!(seen(&main, &whole[..end]), counts, "{end}");
        }
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            let counts = (at >= HEADER + FRAME + SIZE).then(|| vec![1, 7]);
            assert_eq!(seen(&main, &changed), counts, "{at}");
        }
    }
}
