//! Decompression that cannot be made to fill the memory.

use std::borrow::Cow;
use std::io::Read;

use liblzma::read::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};
use thiserror::Error;

/// Memory the xz decoder may use, in bytes: enough for `xz -9` (65 MiB).
const DECODER_MEMORY: u64 = 128 << 20;

/// The largest window of zstd, as a power of two: 128 MiB, what `zstd --long` makes.
const ZSTD_WINDOW: u32 = 27;
/// How hard zstd tries: well below a second for a snapshot.
const ZSTD_LEVEL: i32 = 9;

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
    let Some(form) = form(bytes) else { return Ok(Cow::Borrowed(bytes)) };
    let damaged = |error: std::io::Error| CompressedError::Damaged { form, why: error.to_string() };
    let mut content = Vec::new();
    let reader = reader(form, bytes).map_err(damaged)?;
    reader.take(limit as u64 + 1).read_to_end(&mut content).map_err(damaged)?;
    if content.len() > limit {
        return Err(CompressedError::TooLarge { limit });
    }
    Ok(Cow::Owned(content))
}

/// Compresses with zstd.
///
/// # Errors
///
/// What the encoder says.
pub fn zstd(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    zstd::bulk::compress(bytes, ZSTD_LEVEL)
}

/// How bytes are compressed, by their first ones.
fn form(bytes: &[u8]) -> Option<&'static str> {
    let magics: [(&[u8], &str); 4] = [
        (b"\xfd7zXZ\0", "xz"),
        (b"\x1f\x8b", "gzip"),
        (b"BZh", "bzip2"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
    ];
    magics.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| *name)
}

/// Streams of one form one after the other are one content.
fn reader<'a>(form: &str, bytes: &'a [u8]) -> std::io::Result<Box<dyn Read + 'a>> {
    Ok(match form {
        "gzip" => Box::new(flate2::read::MultiGzDecoder::new(bytes)),
        "bzip2" => Box::new(bzip2::read::MultiBzDecoder::new(bytes)),
        "zstd" => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes)?;
            decoder.window_log_max(ZSTD_WINDOW)?;
            Box::new(decoder)
        }
        _ => {
            let stream = Stream::new_stream_decoder(DECODER_MEMORY, CONCATENATED)?;
            Box::new(XzDecoder::new_stream(bytes, stream))
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
