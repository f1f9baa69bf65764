//! Decompression that cannot be made to fill the memory.

use std::borrow::Cow;
use std::io::Read;

use liblzma::read::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};
use thiserror::Error;

/// Memory the xz decoder may use, in bytes: enough for `xz -9` (65 MiB).
const DECODER_MEMORY: u64 = 128 << 20;

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
    #[error("is damaged xz: {0}")]
    Damaged(String),
    /// A compression that is known and not read.
    #[error("is compressed with {0}, which is not read here; decompress it, or use xz")]
    Unsupported(&'static str),
}

/// Gives back `bytes` decompressed where they start like an xz file, and as
/// they are where they start like no compressed file.
///
/// # Errors
///
/// A damaged stream, a compression other than xz, and content of more than
/// `limit` bytes (compressed or not).
pub fn decompress(bytes: &[u8], limit: usize) -> Result<Cow<'_, [u8]>, CompressedError> {
    if let Some(name) = unsupported(bytes) {
        return Err(CompressedError::Unsupported(name));
    }
    if bytes.len() > limit {
        return Err(CompressedError::TooLarge { limit });
    }
    if !bytes.starts_with(b"\xfd7zXZ\0") {
        return Ok(Cow::Borrowed(bytes));
    }
    let damaged = |error: &dyn ToString| CompressedError::Damaged(error.to_string());
    let stream =
        Stream::new_stream_decoder(DECODER_MEMORY, CONCATENATED).map_err(|e| damaged(&e))?;
    let mut content = Vec::new();
    XzDecoder::new_stream(bytes, stream)
        .take(limit as u64 + 1)
        .read_to_end(&mut content)
        .map_err(|e| damaged(&e))?;
    if content.len() > limit {
        return Err(CompressedError::TooLarge { limit });
    }
    Ok(Cow::Owned(content))
}

fn unsupported(bytes: &[u8]) -> Option<&'static str> {
    let magics: [(&[u8], &str); 3] =
        [(b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\x28\xb5\x2f\xfd", "zstd")];
    magics.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| *name)
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
    fn damage_and_foreign_compressions_are_named() {
        let whole = xz(b"some text that is long enough to be cut");
        let cut = &whole[..whole.len() - 20];
        assert!(matches!(decompress(cut, 1000), Err(CompressedError::Damaged(_))));
        let gzip = decompress(b"\x1f\x8b\x08", 1000).unwrap_err();
        assert_eq!(
            gzip.to_string(),
            "is compressed with gzip, which is not read here; decompress it, or use xz"
        );
    }
}
