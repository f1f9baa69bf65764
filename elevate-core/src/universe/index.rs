//! What is in a pool that no longer grows, found by its hash. The index is kept in
//! caches, so the hash is ours: those of libraries change between their versions.

/// How many things are in a bucket, on average.
const FILLED: usize = 8;

/// The numbers of things by hash.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Index {
    /// Where the list of each bucket ends.
    pub(super) ends: Vec<u32>,
    /// The numbers of the things in each, ascending. The bits above those that
    /// numbers need are of the hash, so that few things are looked at in vain.
    pub(super) marked: Vec<u32>,
}

impl Index {
    /// How many buckets there are for so many things.
    pub(super) fn buckets(things: usize) -> usize {
        things.div_ceil(FILLED)
    }

    /// Of the hashes of all things, in the order of their numbers; there are fewer
    /// than 2^31.
    pub(super) fn new(hashes: &[u64]) -> Self {
        let mut ends = vec![0u32; Self::buckets(hashes.len())];
        let buckets = ends.len();
        for hash in hashes {
            ends[bucket(*hash, buckets)] += 1;
        }
        // Each end is where its list starts until the list is filled.
        let mut start = 0;
        for end in &mut ends {
            start += std::mem::replace(end, start);
        }
        let mut marked = vec![0; hashes.len()];
        let numbers = numbers(hashes.len());
        for (number, hash) in (0..).zip(hashes) {
            let end = &mut ends[bucket(*hash, buckets)];
            marked[*end as usize] = number | mark(*hash, numbers);
            *end += 1;
        }
        Self { ends, marked }
    }

    /// The numbers of all things that may have this hash.
    pub(super) fn of(&self, hash: u64) -> impl Iterator<Item = u32> {
        let bucket = bucket(hash, self.ends.len());
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = bucket.checked_sub(1).map_or(0, end);
        let all = self.marked.get(start..end(bucket)).unwrap_or_default();
        let numbers = numbers(self.marked.len());
        let mark = mark(hash, numbers);
        all.iter().filter(move |marked| **marked & !numbers == mark).map(move |of| of & numbers)
    }

    /// Whether all things in it are among the first so many.
    pub(super) fn is_of(&self, things: usize) -> bool {
        let numbers = numbers(self.marked.len());
        self.marked.iter().fold(true, |so_far, of| so_far & (((of & numbers) as usize) < things))
    }

    /// Bytes it takes in memory.
    pub(super) fn memory(&self) -> usize {
        size_of::<u32>() * (self.ends.capacity() + self.marked.capacity())
    }
}

/// The bits that the numbers of so many things need.
fn numbers(things: usize) -> u32 {
    let last = u32::try_from(things).unwrap_or(u32::MAX).saturating_sub(1);
    u32::MAX.checked_shr(last.leading_zeros()).unwrap_or(0)
}

/// What is left of a hash in the bits that numbers do not need.
fn mark(hash: u64, numbers: u32) -> u32 {
    hash as u32 & !numbers
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
            assert!(index.of(*hash).any(|found| found == number));
            assert!(index.of(*hash).is_sorted());
            assert!(index.of(*hash).count() < 3, "{:?}", index.of(*hash).collect::<Vec<_>>());
        }
        assert_eq!(Index::new(&[]).of(u64::MAX).count(), 0);
        assert!(Index::new(&[7]).of(7).eq([0]));
    }

    #[test]
    fn numbers_have_the_bits_they_need() {
        assert_eq!([0, 1, 2, 3, 4, 5, 1 << 31].map(numbers), [0, 0, 1, 3, 3, 7, u32::MAX >> 1]);
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
