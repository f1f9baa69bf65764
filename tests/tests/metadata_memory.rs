//! What metadata that was made to fill the memory takes of it.
//!
//! The only test of its process, because the allocator counts for all threads.

#![expect(clippy::expect_used, reason = "a test's helpers")]

use std::io::{self, Read};

use elevate_core::rpm::metadata::{MAX_EVENT, MetadataError};
use elevate_core::rpm::primary::{self, MAX_TEXT, Reader};
use elevate_core::rpm::{compressed, filelists, repomd};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;
/// What any of it may take besides what is said beside it: the longest event, while
/// its buffer grows to twice its size, and the decoder's own memory.
const BESIDES: usize = 3 * MAX_EVENT as usize + 4 * MIB;

/// A text that repeats a part of it without end.
struct Endless {
    before: &'static str,
    again: Vec<u8>,
    at: usize,
}

impl Endless {
    fn new(before: &'static str, again: &str) -> Self {
        Self { before, again: again.as_bytes().to_vec(), at: 0 }
    }
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if !self.before.is_empty() {
            let mut before = self.before.as_bytes();
            let length = before.read(into)?;
            self.before = &self.before[length..];
            return Ok(length);
        }
        let mut again = &self.again[self.at..];
        let length = again.read(into)?;
        self.at = (self.at + length) % self.again.len();
        Ok(length)
    }
}

fn packages(from: impl Read) -> Result<u64, MetadataError> {
    let mut reader = Reader::new(from, "primary.xml")?;
    let mut count = 0;
    while reader.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}

/// Reads, and says what came of it and how much memory that took, in bytes.
fn measured<T>(read: impl FnOnce() -> Result<T, MetadataError>) -> (String, usize) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let told = match read() {
        Ok(_) => "read".to_owned(),
        Err(error) => error.fault.to_string(),
    };
    (told, MEMORY.peak_usage() - before)
}

#[test]
fn metadata_that_never_ends_is_ended_in_bounded_memory() {
    let long = format!("a tag or a text of more than {MAX_EVENT} bytes");
    let texts = format!("more than {MAX_TEXT} bytes of text");
    let path = "x".repeat(MIB);
    let of_dependencies = format!("more than {} dependencies of a kind", primary::MAX_LIST);
    let cases: [(&str, &'static str, &str, &str, usize); 11] = [
        ("a text", "<metadata><package><name>", "x", &long, 0),
        ("a tag", "<metadata><package><name", "x", &long, 0),
        ("attributes", "<metadata><package><version", " a=''", &long, 0),
        ("a comment", "<metadata><!--", "x", &long, 0),
        ("blanks", "<metadata>", " ", &long, 0),
        ("depth", "<metadata>", "<x>", "more than 64 elements in each other", 0),
        (
            "summaries",
            "<metadata><package>",
            &format!("<summary>{path}</summary>"),
            &texts,
            2 * MAX_TEXT,
        ),
        (
            "short texts",
            "<metadata><package><name>",
            &format!("{path}<!---->"),
            &texts,
            2 * MAX_TEXT,
        ),
        ("files", "<metadata><package>", &format!("<file>{path}</file>"), &texts, 2 * MAX_TEXT),
        (
            "dependencies",
            "<metadata><package><rpm:requires>",
            "<rpm:entry name='x'/>",
            &of_dependencies,
            3 * 48 * primary::MAX_LIST,
        ),
        ("packages", "<metadata>", "<package/>", "more than 2000000 packages", 0),
    ];
    for (name, before, again, expected, most) in cases {
        let (told, taken) = measured(|| packages(Endless::new(before, again)));
        assert!(told.starts_with(expected), "{name}: {told}");
        assert!(taken <= most + BESIDES, "{name}: {taken} bytes");
    }
    let (told, taken) = measured(|| repomd::read(Endless::new("<repomd>", "<data/>"), "r"));
    assert!(told.starts_with("more than") && taken <= BESIDES, "{told}: {taken}");
    let repomd = || repomd::read(Endless::new("<repomd>", "<tags><repo>x</repo></tags>"), "r");
    let (told, taken) = measured(repomd);
    assert!(told.starts_with("more than") && taken <= BESIDES, "{told}: {taken}");
    let files = || filelists::scan(Endless::new("<filelists><package>", "<file>"), "f", |_| ());
    let (told, taken) = measured(files);
    assert!(told.starts_with("more than 64 elements") && taken <= BESIDES, "{told}: {taken}");
    compression_is_bounded_too();
}

/// Forty megabytes of text in a few kilobytes are read up to what is accepted.
fn compression_is_bounded_too() {
    let text = format!("<metadata>{}", "<package></package>".repeat(1 << 21));
    let bomb = compressed::zstd(text.as_bytes()).expect("compressed");
    drop(text);
    assert!(bomb.len() < 16 << 10, "{}", bomb.len());
    let read = || {
        let reader = compressed::reader(&bomb[..], 8 * MIB).expect("a reader");
        packages(reader)
    };
    let (told, taken) = measured(read);
    assert_eq!(told, "decompresses to more than 8388608 bytes");
    assert!(taken <= BESIDES, "{taken} bytes");
}
