//! Berkeley DB hashes made for tests.

use super::page::Order;

/// A database under construction.
pub(in crate::rpm) struct Builder {
    pub(in crate::rpm) big_endian: bool,
    pub(in crate::rpm) page_size: usize,
    pub(in crate::rpm) checksums: bool,
}

impl Builder {
    pub(in crate::rpm) fn new(page_size: usize) -> Self {
        Self { big_endian: false, page_size, checksums: false }
    }

    /// Key 0 and the headers, with keys from 1 on. A header that takes more than
    /// a quarter of a page is spread over overflow pages.
    pub(in crate::rpm) fn build(&self, headers: &[Vec<u8>]) -> Vec<u8> {
        let mut pages = vec![vec![0; self.page_size]];
        let mut pairs = vec![(self.key(0), [&[1][..], &[0; 4]].concat())];
        for (index, header) in headers.iter().enumerate() {
            let inline = header.len() <= self.page_size / 4;
            let data =
                if inline { [&[1], &header[..]].concat() } else { self.chain(header, &mut pages) };
            pairs.push((self.key(index + 1), data));
        }
        let mut rest = &pairs[..];
        while !rest.is_empty() {
            let number = pages.len();
            let mut page = self.page(number, 13);
            rest = self.fill(&mut page, rest);
            pages.push(page);
        }
        self.meta(&mut pages, pairs.len());
        for page in &mut pages[1..] {
            self.checksum(page, 28);
        }
        pages.concat()
    }

    fn key(&self, number: usize) -> Vec<u8> {
        [&[1], &self.u32(number)[..]].concat()
    }

    fn page(&self, number: usize, kind: u8) -> Vec<u8> {
        let mut page = vec![0; self.page_size];
        page[8..12].copy_from_slice(&self.u32(number));
        page[25] = kind;
        page
    }

    /// Puts pairs on a hash page; gives back those that do not fit.
    fn fill<'a>(
        &self,
        page: &mut [u8],
        pairs: &'a [(Vec<u8>, Vec<u8>)],
    ) -> &'a [(Vec<u8>, Vec<u8>)] {
        let (mut end, mut entries) = (self.page_size, 0);
        for (index, (key, data)) in pairs.iter().enumerate() {
            let slots = self.start() + (entries + 2) * 2;
            if slots + key.len() + data.len() > end {
                return &pairs[index..];
            }
            for item in [key, data] {
                end -= item.len();
                page[end..end + item.len()].copy_from_slice(item);
                let slot = self.start() + entries * 2;
                page[slot..slot + 2].copy_from_slice(&self.u16(end));
                entries += 1;
            }
            page[20..22].copy_from_slice(&self.u16(entries));
        }
        &[]
    }

    /// The item for data on overflow pages.
    fn chain(&self, data: &[u8], pages: &mut Vec<Vec<u8>>) -> Vec<u8> {
        let first = pages.len();
        let parts: Vec<&[u8]> = data.chunks(self.page_size - self.start()).collect();
        for (index, part) in parts.iter().enumerate() {
            let mut page = self.page(first + index, 7);
            if index + 1 < parts.len() {
                page[16..20].copy_from_slice(&self.u32(first + index + 1));
            }
            page[22..24].copy_from_slice(&self.u16(part.len()));
            page[self.start()..][..part.len()].copy_from_slice(part);
            pages.push(page);
        }
        [&[3, 0, 0, 0], &self.u32(first)[..], &self.u32(data.len())].concat()
    }

    fn meta(&self, pages: &mut [Vec<u8>], pairs: usize) {
        let last = self.u32(pages.len() - 1);
        let meta = &mut pages[0];
        for (at, number) in [(12, 0x61561), (16, 9), (20, self.page_size), (88, pairs)] {
            meta[at..at + 4].copy_from_slice(&self.u32(number));
        }
        meta[25] = 8;
        meta[26] = u8::from(self.checksums);
        meta[32..36].copy_from_slice(&last);
        self.checksum(&mut meta[..512], 492);
    }

    fn checksum(&self, bytes: &mut [u8], at: usize) {
        let order = if self.big_endian { Order::Big } else { Order::Little };
        if self.checksums {
            let sum =
                bytes.iter().fold(0u32, |sum, &b| sum.wrapping_mul(33).wrapping_add(b.into()));
            bytes[at..at + 4].copy_from_slice(&self.u32(sum as usize));
            assert!(order.checksum_fits(bytes, at));
        }
    }

    fn start(&self) -> usize {
        if self.checksums { 32 } else { 26 }
    }

    fn u32(&self, number: usize) -> [u8; 4] {
        let number = u32::try_from(number).unwrap();
        if self.big_endian { number.to_be_bytes() } else { number.to_le_bytes() }
    }

    fn u16(&self, number: usize) -> [u8; 2] {
        let number = u16::try_from(number).unwrap();
        if self.big_endian { number.to_be_bytes() } else { number.to_le_bytes() }
    }
}
