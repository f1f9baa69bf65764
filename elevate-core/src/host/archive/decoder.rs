//! Takes the compression off a stream, whatever it is called, and stops where
//! too much comes out.

use std::cell::Cell;
use std::io::{self, BufReader, Cursor, Read};
use std::rc::Rc;

use liblzma::stream::{CONCATENATED, Stream};

use super::entry::is_header;
use super::{ArchiveError, ArchiveLimits};

/// Memory the xz decoder may use, in bytes: enough for `xz -9` (65 MiB).
const XZ_MEMORY: u64 = 128 << 20;
/// Memory a zstd window may take, as a power of two: 128 MiB.
const ZSTD_WINDOW: u32 = 27;
/// How much is decompressed at a time.
const BUFFER: usize = 64 << 10;
/// How much of a stream is looked at to know it.
const BLOCK: u64 = 512;

/// A decompressed stream that counts.
pub(super) struct Decoder<'r> {
    stream: BufReader<Box<dyn Read + 'r>>,
    /// Bytes that went in so far.
    taken: Rc<Cell<u64>>,
    /// Bytes that came out so far.
    given: u64,
    limits: &'r ArchiveLimits,
    /// Why no more comes out, once it is too much.
    too_much: Option<String>,
}

impl<'r> Decoder<'r> {
    pub(super) fn new(
        input: impl Read + 'r,
        limits: &'r ArchiveLimits,
    ) -> Result<Self, ArchiveError> {
        let taken = Rc::new(Cell::new(0));
        let mut input = Counted { input, taken: Rc::clone(&taken) };
        let mut start = Vec::new();
        let unreadable = |error: io::Error| ArchiveError::Unreadable(error.to_string());
        (&mut input).take(BLOCK).read_to_end(&mut start).map_err(unreadable)?;
        let is_plain = is_header(&start);
        if let Some(what) = foreign(&start).filter(|_| !is_plain) {
            return Err(ArchiveError::NoArchive(what));
        }
        let magic: [u8; 6] = std::array::from_fn(|at| start.get(at).copied().unwrap_or(0));
        let input = Cursor::new(start).chain(input);
        let stream: Box<dyn Read + 'r> = match magic {
            _ if is_plain => Box::new(input),
            [0x1f, 0x8b, ..] => Box::new(flate2::read::MultiGzDecoder::new(input)),
            [b'B', b'Z', b'h', ..] => Box::new(bzip2::read::MultiBzDecoder::new(input)),
            [0xfd, b'7', b'z', b'X', b'Z', 0] => {
                let xz = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED);
                let xz = xz.map_err(|error| ArchiveError::Unreadable(error.to_string()))?;
                Box::new(liblzma::read::XzDecoder::new_stream(input, xz))
            }
            [0x28, 0xb5, 0x2f, 0xfd, ..] => {
                let mut zstd = zstd::stream::read::Decoder::new(input).map_err(unreadable)?;
                zstd.window_log_max(ZSTD_WINDOW).map_err(unreadable)?;
                Box::new(zstd)
            }
            _ => Box::new(input),
        };
        let stream = BufReader::with_capacity(BUFFER, stream);
        Ok(Self { stream, taken, given: 0, limits, too_much: None })
    }

    /// Bytes that came out so far: where one is in the archive.
    pub(super) fn offset(&self) -> u64 {
        self.given
    }

    /// Why the last reading failed, where it was for a limit.
    pub(super) fn too_much(&self) -> Option<&str> {
        self.too_much.as_deref()
    }

    fn exceeded(&self) -> Option<String> {
        let ArchiveLimits { decompressed, ratio, ratio_from, .. } = *self.limits;
        if self.given > decompressed {
            return Some(format!("decompresses to more than {decompressed} bytes"));
        }
        let taken = self.taken.get();
        (self.given > ratio_from && self.given / ratio.max(1) > taken).then(|| {
            format!("decompresses to more than {ratio} times its size ({taken} bytes so far)")
        })
    }
}

impl Read for Decoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.given = self.given.saturating_add(count as u64);
        self.too_much = self.exceeded();
        match &self.too_much {
            Some(why) => Err(io::Error::other(why.clone())),
            None => Ok(count),
        }
    }
}

struct Counted<R> {
    input: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.taken.set(self.taken.get().saturating_add(count as u64));
        Ok(count)
    }
}

/// What people give instead of an archive, by its first bytes.
fn foreign(start: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 7] = [
        (b"", "is empty"),
        (b"PK\x03\x04", "is a zip archive"),
        (b"7z\xbc\xaf\x27\x1c", "is a 7z archive"),
        (b"\xed\xab\xee\xdb", "is an rpm package"),
        (b"-----BEGIN PGP MESSAGE", "is encrypted; decrypt it first"),
        // A public-key encrypted session key, as `gpg` writes it, for RSA keys
        // of 2048 bits and longer.
        (b"\x85", "is encrypted; decrypt it first"),
        (b"\x8c\x0d\x04", "is encrypted; decrypt it first"),
    ];
    let matches =
        |magic: &[u8]| if magic.is_empty() { start.is_empty() } else { start.starts_with(magic) };
    known.into_iter().find(|(magic, _)| matches(magic)).map(|(_, what)| what)
}
