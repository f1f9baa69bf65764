//! Ten thousand damaged databases, and what reading them takes of memory.
//!
//! The only test of its process, because the allocator counts for all threads.

#![expect(clippy::expect_used, reason = "a test's helpers")]

use elevate_core::rpm::header::{DependencyKind, Record};
use elevate_core::rpm::rpmdb::{self, DbFiles, Mode};
use elevate_tests::binary::root;
use elevate_tests::recorded::{entries, read};
use elevate_tests::shuffle::Order;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Databases damaged in one run, each read in both modes.
const DATABASES: usize = 10_000;
/// What reading may take besides the file: so many times its length (the header
/// at hand, the packages of two readings, a sentence for each loss), and the
/// largest page there is. Measured is 4.4 times, pages included.
const TIMES: usize = 8;
const BESIDES: usize = 64 << 10;

#[test]
fn ten_thousand_damaged_databases_are_borne_in_bounded_memory() {
    let seeds: Vec<Vec<u8>> = ["bdb", "ndb", "sqlite"]
        .iter()
        .flat_map(|kind| entries(&root().join("fuzz/seeds").join(kind)))
        .map(|path| read(&path))
        .collect();
    let mut random = Order::new(20_261_122);
    let (mut whole, mut partly) = (0, 0);
    for index in 0..DATABASES {
        let bytes = damaged(&seeds[index % seeds.len()], &mut random);
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let read = exhaust(&bytes);
        let taken = MEMORY.peak_usage() - before;
        assert!(taken <= TIMES * bytes.len() + BESIDES, "{index}: {taken} for {}", bytes.len());
        match read {
            Some((_, 0)) => whole += 1,
            Some((1.., _)) => partly += 1,
            _ => {}
        }
    }
    // The damage is neither harmless nor fatal throughout.
    assert!(whole < DATABASES / 2, "{whole} of {DATABASES} lost nothing");
    assert!(partly > DATABASES / 5, "{partly} of {DATABASES} lost a part");
}

/// A copy with one to eight bytes changed, half of them where pages begin, and one
/// in ten cut off.
fn damaged(seed: &[u8], random: &mut Order) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(8) {
        let page = random.below(bytes.len() / 512 + 1) * 512;
        let near = random.below(2) == 0;
        let at = page + random.below(if near { 40 } else { 512 });
        if let Some(byte) = bytes.get_mut(at) {
            *byte = u8::try_from(random.below(256)).expect("a byte");
        }
    }
    if random.below(10) == 0 {
        bytes.truncate(random.below(bytes.len()));
    }
    bytes
}

/// Reads everything there is; how many packages that gives, and how many losses.
/// `None` where it is no database any more.
fn exhaust(bytes: &[u8]) -> Option<(usize, usize)> {
    let database = rpmdb::open(&DbFiles::single(&bytes)).ok()?;
    for record in database.records(Mode::Salvage).flatten() {
        let Record::Package(header) = record else { continue };
        let dependencies = DependencyKind::ALL.into_iter().map(|k| header.dependencies(k).count());
        assert!(dependencies.sum::<usize>() + header.files().count() <= bytes.len());
    }
    let salvaged = database.installed(Mode::Salvage).expect("salvage goes on");
    match database.installed(Mode::Strict) {
        Ok(strict) => assert_eq!(strict, salvaged),
        Err(error) => assert_eq!(Some(&error.to_string()), salvaged.lost.first()),
    }
    Some((salvaged.packages.len(), salvaged.lost.len()))
}
