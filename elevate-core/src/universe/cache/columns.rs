//! A file of a cache read from its beginning to its end, piece by piece, into what
//! it becomes in memory.

use super::{CHECKSUM_AT, CacheError, HEAD, VERSION, VERSION_AT, number};
use crate::repository::{Bytes, Value};

/// How much is read at a time, in bytes.
const PIECE: usize = 64 << 10;

/// A file that is being read. What it gives is to be believed when
/// [`Columns::finish`] says so.
pub(super) struct Columns<'v> {
    from: &'v mut dyn Bytes,
    /// Bytes that follow.
    left: u64,
    piece: Vec<u8>,
    announced: u32,
    found: crc32fast::Hasher,
}

impl<'v> Columns<'v> {
    /// Reads what comes before the content.
    pub(super) fn open(
        value: &'v mut Value,
        magic: &[u8; 8],
        key: &str,
    ) -> Result<Self, CacheError> {
        let mut head = [0; HEAD];
        let from = &mut *value.bytes;
        from.read_exact(&mut head).map_err(|_| CacheError::Cut)?;
        if !head.starts_with(magic) {
            return Err(CacheError::Kind);
        }
        match number(&head, VERSION_AT)? {
            VERSION => {}
            version => return Err(CacheError::Version(version)),
        }
        let mut columns = Self {
            from,
            left: value.length.saturating_sub(HEAD as u64),
            piece: vec![0; PIECE],
            announced: number(&head, CHECKSUM_AT)?,
            found: crc32fast::Hasher::new(),
        };
        let [length] = columns.counts()?;
        let found = columns.bytes(length as usize)?;
        if found == key.as_bytes() { Ok(columns) } else { Err(CacheError::Key) }
    }

    /// The checksum the file is to have.
    pub(super) fn checksum(&self) -> u32 {
        self.announced
    }

    /// A few numbers.
    pub(super) fn counts<const N: usize>(&mut self) -> Result<[u32; N], CacheError> {
        let numbers = self.numbers(N)?;
        numbers.try_into().map_err(|_| CacheError::Cut)
    }

    /// So many numbers.
    pub(super) fn numbers(&mut self, count: usize) -> Result<Vec<u32>, CacheError> {
        self.records(count, |bytes| u32::from_le_bytes(*bytes))
    }

    /// So many records of `N` bytes.
    pub(super) fn records<const N: usize, T>(
        &mut self,
        count: usize,
        mut each: impl FnMut(&[u8; N]) -> T,
    ) -> Result<Vec<T>, CacheError> {
        let mut missing = self.room_for(count, N)?;
        let mut records = Vec::with_capacity(count);
        while missing > 0 {
            let piece = missing.min(PIECE / N * N);
            let bytes = self.piece.get_mut(..piece).ok_or(CacheError::Cut)?;
            self.from.read_exact(bytes).map_err(|_| CacheError::Cut)?;
            self.found.update(bytes);
            records.extend(bytes.as_chunks().0.iter().map(&mut each));
            missing -= piece;
        }
        Ok(records)
    }

    /// So many records of `N` bytes that stay as they are.
    pub(super) fn arrays<const N: usize>(
        &mut self,
        count: usize,
    ) -> Result<Vec<[u8; N]>, CacheError> {
        self.room_for(count, N)?;
        let mut arrays = vec![[0; N]; count];
        self.fill(arrays.as_flattened_mut())?;
        Ok(arrays)
    }

    /// So many bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Result<Vec<u8>, CacheError> {
        let mut bytes = vec![0; self.room_for(count, 1)?];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), CacheError> {
        for piece in bytes.chunks_mut(PIECE) {
            self.from.read_exact(piece).map_err(|_| CacheError::Cut)?;
            self.found.update(piece);
        }
        Ok(())
    }

    /// Whether this was all, and is what was written.
    pub(super) fn finish(self) -> Result<(), CacheError> {
        match (self.left, self.found.finalize() == self.announced) {
            (0, true) => Ok(()),
            (0, false) => Err(CacheError::Checksum),
            _ => Err(CacheError::Cut),
        }
    }

    /// Takes bytes from those that follow. What a file announces and does not have
    /// gets no memory.
    fn room_for(&mut self, count: usize, size: usize) -> Result<usize, CacheError> {
        let length = count.checked_mul(size).ok_or(CacheError::Cut)?;
        self.left = self.left.checked_sub(length as u64).ok_or(CacheError::Cut)?;
        Ok(length)
    }
}
