//! What is in a pool that no longer grows, found by its hash. The index is kept in
//! caches, so the hash is ours: those of libraries change between their versions.

/// The numbers of things by hash.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Index {
    /// Where the list of each bucket ends. There are as many buckets as things.
    pub(super) ends: Vec<u32>,
    /// The numbers of the things in each, ascending.
    pub(super) numbers: Vec<u32>,
}

impl Index {
    /// Of the hashes of all things, in the order of their numbers; there are fewer
    /// than 2^31.
    pub(super) fn new(hashes: &[u64]) -> Self {
        let mut ends = vec![0u32; hashes.len()];
        for hash in hashes {
            ends[bucket(*hash, hashes.len())] += 1;
        }
        // Each end is where its list starts until the list is filled.
        let mut start = 0;
        for end in &mut ends {
            start += std::mem::replace(end, start);
        }
        let mut numbers = vec![0; hashes.len()];
        for (number, hash) in (0..).zip(hashes) {
            let end = &mut ends[bucket(*hash, hashes.len())];
            numbers[*end as usize] = number;
            *end += 1;
        }
        Self { ends, numbers }
    }

    /// The numbers of all things that may have this hash.
    pub(super) fn of(&self, hash: u64) -> &[u32] {
        let bucket = bucket(hash, self.ends.len());
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = bucket.checked_sub(1).map_or(0, end);
        self.numbers.get(start..end(bucket)).unwrap_or_default()
    }

    /// Bytes it takes in memory.
    pub(super) fn memory(&self) -> usize {
        size_of::<u32>() * (self.ends.capacity() + self.numbers.capacity())
    }
}

/// A number below `buckets`, where there are any.
fn bucket(hash: u64, buckets: usize) -> usize {
    let scaled = u128::from(hash) * buckets as u128;
    usize::try_from(scaled >> 64).unwrap_or_default()
}

/// A hash with a seed. Who does not know the seed cannot find texts of one hash.
pub(super) fn hash(seed: u64, text: &[u8]) -> u64 {
    let (words, rest) = text.as_chunks();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    let start = mix(seed ^ text.len() as u64, FIRST);
    mix(words.fold(start, |state, word| mix(state ^ word, NEXT)), FIRST)
}

/// Odd numbers of as many zeros as ones in no order.
const FIRST: u64 = 0x2d35_8dcc_aa6c_78a5;
const NEXT: u64 = 0x8bb8_4b93_962e_acc9;

/// Multiplies, and folds the product in half.
fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product ^ (product >> 64)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(seed: u64) -> Vec<u64> {
        (0..10_000).map(|number| hash(seed, format!("lib{number}.so").as_bytes())).collect()
    }

    #[test]
    fn everything_is_found_among_few() {
        let hashes = hashes(7);
        let index = Index::new(&hashes);
        for (number, hash) in (0..).zip(&hashes) {
            assert!(index.of(*hash).contains(&number));
            assert!(index.of(*hash).is_sorted());
            assert!(index.of(*hash).len() < 12, "{:?}", index.of(*hash));
        }
        assert_eq!(Index::new(&[]).of(u64::MAX), [0; 0]);
    }

    #[test]
    fn another_seed_and_another_text_have_another_hash() {
        let mut all = [hashes(0), hashes(1)].concat();
        all.extend([&b""[..], b"\0", b"\0\0", b"a", b"a\0"].map(|text| hash(0, text)));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 20_005);
    }

    /// What was written with one hash is not read with another.
    #[test]
    fn the_hash_never_changes() {
        assert_eq!(hash(1, b"libc.so.6()(64bit)"), 10_229_866_857_144_405_769);
    }
}
