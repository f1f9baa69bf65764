//! Numbers and columns of numbers as little-endian bytes.

use super::CacheError;

/// Bytes being written.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn u32(&mut self, number: u32) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    pub(super) fn u64(&mut self, number: u64) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    /// A length. What has one was counted in 32 bits when it was made.
    pub(super) fn length(&mut self, length: usize) {
        self.u32(u32::try_from(length).unwrap_or(u32::MAX));
    }

    pub(super) fn u32s(&mut self, numbers: impl Iterator<Item = u32>) {
        numbers.for_each(|number| self.u32(number));
    }

    pub(super) fn u64s(&mut self, numbers: &[u64]) {
        numbers.iter().for_each(|number| self.u64(*number));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }
}

/// Bytes being read.
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], CacheError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(CacheError::Cut)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn rest(self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn u32(&mut self) -> Result<u32, CacheError> {
        let bytes = self.take(4)?.first_chunk().copied();
        Ok(u32::from_le_bytes(bytes.unwrap_or_default()))
    }

    pub(super) fn length(&mut self) -> Result<usize, CacheError> {
        self.u32().map(|length| length as usize)
    }

    /// So many records of `N` bytes.
    pub(super) fn records<const N: usize>(
        &mut self,
        count: usize,
    ) -> Result<&'a [[u8; N]], CacheError> {
        let length = count.checked_mul(N).ok_or(CacheError::Cut)?;
        Ok(self.take(length)?.as_chunks().0)
    }

    pub(super) fn u32s<T>(
        &mut self,
        count: usize,
        make: impl Fn(u32) -> T,
    ) -> Result<Vec<T>, CacheError> {
        Ok(self.records(count)?.iter().map(|bytes| make(u32::from_le_bytes(*bytes))).collect())
    }

    pub(super) fn u64s(&mut self, count: usize) -> Result<Vec<u64>, CacheError> {
        Ok(self.records(count)?.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect())
    }

    pub(super) fn text(&mut self, length: usize) -> Result<&'a str, CacheError> {
        std::str::from_utf8(self.take(length)?).map_err(|_| CacheError::Wrong("texts"))
    }
}
