//! Decompression that cannot be made to fill the memory.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use liblzma::bufread::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};
use thiserror::Error;

/// Memory the xz decoder may use, in bytes: enough for `xz -9` (65 MiB).
const DECODER_MEMORY: u64 = 128 << 20;

/// The largest window of zstd, as a power of two: 128 MiB, what `zstd --long` makes.
const ZSTD_WINDOW: u32 = 27;
/// How hard zstd tries: well below a second for a snapshot.
const ZSTD_LEVEL: i32 = 9;

/// How many compressed bytes are read at once.
const CHUNK: usize = 64 << 10;
/// What holds metadata in a form that is not read, by its first bytes.
const REFUSED: [(&[u8], &str); 2] = [(b"SQLite format 3\0", "sqlite"), (b"\0ZCK1", "zchunk")];
/// The longest of the first bytes that tell a form, in bytes.
const LONGEST_MAGIC: u64 = 16;

/// Bytes that cannot be decompressed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CompressedError {
    /// More comes out than is accepted.
    #[error("decompresses to more than {limit} bytes")]
    TooLarge {
        /// What is accepted, in bytes.
        limit: usize,
    },
    /// The compressed stream is damaged or cut off.
    #[error("is damaged {form}: {why}")]
    Damaged {
        /// How it is compressed.
        form: &'static str,
        /// What is wrong.
        why: String,
    },
    /// It is metadata in another form than XML.
    #[error("is of {form}, which is not read: the XML is needed")]
    Refused {
        /// Which form.
        form: &'static str,
    },
}

/// Gives back `bytes` decompressed where they start like a file of xz, gzip,
/// bzip2 or zstd, and as they are otherwise.
///
/// # Errors
///
/// A damaged stream, and content of more than `limit` bytes (compressed or not).
pub fn decompress(bytes: &[u8], limit: usize) -> Result<Cow<'_, [u8]>, CompressedError> {
    if bytes.len() > limit {
        return Err(CompressedError::TooLarge { limit });
    }
    let Some(form) = Form::of(bytes) else { return Ok(Cow::Borrowed(bytes)) };
    let mut content = Vec::new();
    let read = decoder(form, bytes)
        .and_then(|decoder| decoder.take(limit as u64 + 1).read_to_end(&mut content));
    read.map_err(|error| form.damaged(&error))?;
    if content.len() > limit {
        return Err(CompressedError::TooLarge { limit });
    }
    Ok(Cow::Owned(content))
}

/// Reads what `from` holds, decompressed where it starts like a file of xz, gzip,
/// bzip2 or zstd, and as it is otherwise.
///
/// # Errors
///
/// What reading the first bytes says, and a database of sqlite or a file of zchunk,
/// which hold metadata too, but not as text. Reading on ends in an error where the
/// stream is damaged, and where more than `limit` bytes come out of it; each is an
/// [`io::Error`] around a [`CompressedError`].
pub fn reader<'a>(mut from: impl Read + 'a, limit: usize) -> io::Result<Decompressed<'a>> {
    let mut first = Vec::new();
    from.by_ref().take(LONGEST_MAGIC).read_to_end(&mut first)?;
    if let Some((_, form)) = REFUSED.iter().find(|(magic, _)| first.starts_with(magic)) {
        return Err(io::Error::other(CompressedError::Refused { form }));
    }
    let form = Form::of(&first);
    let whole = io::Cursor::new(first).chain(from);
    let from: Box<dyn Read + 'a> = match form {
        Some(form) => decoder(form, BufReader::with_capacity(CHUNK, whole))
            .map_err(|error| io::Error::other(form.damaged(&error)))?,
        None => Box::new(whole),
    };
    Ok(Decompressed { from, form, limit, left: limit })
}

/// A file as it is being decompressed.
pub struct Decompressed<'a> {
    from: Box<dyn Read + 'a>,
    form: Option<Form>,
    limit: usize,
    left: usize,
}

impl Read for Decompressed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = match (self.from.read(into), self.form) {
            (Ok(length), _) => length,
            (Err(error), Some(form)) if !is_of_the_machine(&error) => {
                return Err(io::Error::other(form.damaged(&error)));
            }
            (Err(error), _) => return Err(error),
        };
        let left = self.left.checked_sub(length);
        self.left = left
            .ok_or(CompressedError::TooLarge { limit: self.limit })
            .map_err(io::Error::other)?;
        Ok(length)
    }
}

/// Whether reading failed, rather than decompressing what was read.
fn is_of_the_machine(error: &io::Error) -> bool {
    error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Interrupted
}

/// Compresses with zstd.
///
/// # Errors
///
/// What the encoder says.
pub fn zstd(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    zstd::bulk::compress(bytes, ZSTD_LEVEL)
}

/// How bytes are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Xz,
    Gzip,
    Bzip2,
    Zstd,
}

impl Form {
    /// By their first bytes.
    fn of(bytes: &[u8]) -> Option<Self> {
        let magics: [(&[u8], Form); 3] = [
            (b"\xfd7zXZ\0", Form::Xz),
            (b"\x1f\x8b", Form::Gzip),
            (b"\x28\xb5\x2f\xfd", Form::Zstd),
        ];
        let found = magics.iter().find(|(magic, _)| bytes.starts_with(magic));
        found.map(|(_, form)| *form).or_else(|| is_bzip2(bytes).then_some(Form::Bzip2))
    }

    fn damaged(self, error: &io::Error) -> CompressedError {
        let form = match self {
            Form::Xz => "xz",
            Form::Gzip => "gzip",
            Form::Bzip2 => "bzip2",
            Form::Zstd => "zstd",
        };
        CompressedError::Damaged { form, why: error.to_string() }
    }
}

/// Whether bytes begin like a stream of bzip2: `BZh`, a level, and the mark of a block or of
/// the end. A list of packages may begin with the name `BZh`.
fn is_bzip2(bytes: &[u8]) -> bool {
    let [b'B', b'Z', b'h', b'1'..=b'9', mark @ ..] = bytes else { return false };
    let marks: [&[u8; 6]; 2] = [b"1AY&SY", b"\x17\x72\x45\x38\x50\x90"];
    let known = mark.len().min(6);
    marks.iter().any(|whole| whole[..known] == mark[..known])
}

/// Streams of one form one after the other are one content.
fn decoder<'a>(form: Form, from: impl BufRead + 'a) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match form {
        Form::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(from)),
        Form::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(from)),
        Form::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(from)?;
            decoder.window_log_max(ZSTD_WINDOW)?;
            Box::new(decoder)
        }
        Form::Xz => {
            let stream = Stream::new_stream_decoder(DECODER_MEMORY, CONCATENATED)?;
            Box::new(XzDecoder::new_stream(from, stream))
        }
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn xz(content: &[u8]) -> Vec<u8> {
        let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 6);
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn xz_is_known_by_its_first_bytes_and_anything_else_passes_through() {
        assert_eq!(*decompress(&xz(b"bash\n"), 100).unwrap(), *b"bash\n");
        assert_eq!(*decompress(b"bash\n", 100).unwrap(), *b"bash\n");
        assert_eq!(*decompress(b"", 100).unwrap(), *b"");
    }

    #[test]
    fn a_text_that_starts_like_bzip2_is_a_text() {
        for text in ["BZh 1-1 noarch\n", "BZh9-1-1.noarch\n", "BZh\n", "BZh91-1-1.noarch\n"] {
            assert_eq!(*decompress(text.as_bytes(), 100).unwrap(), *text.as_bytes());
        }
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
        encoder.write_all(b"bash\n").unwrap();
        let whole = encoder.finish().unwrap();
        assert_eq!(*decompress(&whole, 100).unwrap(), *b"bash\n");
        // One of nothing, and one that is cut off, are of bzip2 too.
        let empty = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        assert_eq!(*decompress(&empty.finish().unwrap(), 100).unwrap(), *b"");
        decompress(&whole[..8], 100).unwrap_err();
    }

    #[test]
    fn two_streams_one_after_the_other_are_one_content() {
        let both = [xz(b"one\n"), xz(b"two\n")].concat();
        assert_eq!(*decompress(&both, 1000).unwrap(), *b"one\ntwo\n");
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = xz(&vec![b'a'; 1 << 20]);
        assert!(bomb.len() < 2000);
        assert_eq!(decompress(&bomb, 10_000), Err(CompressedError::TooLarge { limit: 10_000 }));
        assert_eq!(decompress(&bomb, 1 << 20).unwrap().len(), 1 << 20);
    }

    #[test]
    fn a_stream_is_read_as_its_bytes_are() {
        let text = vec![b'x'; 300_000];
        for whole in [xz(&text), zstd(&text).unwrap(), text.clone()] {
            let read = |bytes: &[u8], limit| {
                let mut content = Vec::new();
                reader(bytes, limit)?.read_to_end(&mut content).map(|_| content)
            };
            assert!(read(&whole, text.len()).unwrap() == text);
            let error = read(&whole, text.len() - 1).unwrap_err().to_string();
            assert_eq!(error, "decompresses to more than 299999 bytes");
            if whole != text {
                let error = read(&whole[..whole.len() - 9], text.len()).unwrap_err().to_string();
                assert!(error.starts_with("is damaged "), "{error}");
            }
        }
    }

    #[test]
    fn metadata_that_is_no_text_is_refused_by_name() {
        for (bytes, form) in [(&b"SQLite format 3\0..."[..], "sqlite"), (b"\0ZCK1...", "zchunk")] {
            let error = reader(bytes, 100).err().unwrap().to_string();
            assert_eq!(error, format!("is of {form}, which is not read: the XML is needed"));
        }
    }

    #[test]
    fn the_other_forms_are_known_too_and_damage_names_its_form() {
        let text = b"some text that is long enough to be cut, and cut it is";
        let gzip = {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        };
        let bzip2 = {
            let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        };
        for (form, whole) in
            [("xz", xz(text)), ("gzip", gzip), ("bzip2", bzip2), ("zstd", zstd(text).unwrap())]
        {
            assert_eq!(*decompress(&whole, 1000).unwrap(), *text, "{form}");
            assert_eq!(decompress(&whole, 20), Err(CompressedError::TooLarge { limit: 20 }));
            let cut = decompress(&whole[..whole.len() - 9], 1000).unwrap_err().to_string();
            assert!(cut.starts_with(&format!("is damaged {form}: ")), "{cut}");
        }
    }
}
