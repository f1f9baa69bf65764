//! The text of a file of metadata, ready for an XML reader.

use std::io::{self, BufRead, Read};

use quick_xml::errors::Error;
use quick_xml::events::{BytesStart, Event};

use super::{Fault, MAX_EVENT};

/// How much is read at once, in bytes.
const CHUNK: usize = 64 << 10;
/// How much is searched for control characters at once, in bytes.
const PIECE: usize = 4 << 10;
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// Where an XML reader has its text from.
pub(crate) trait Input: Sized {
    /// The next event, which may need room in the empty `buffer`. Says that the one
    /// before was a tag where it was.
    fn event<'b>(
        reader: &'b mut quick_xml::Reader<Self>,
        buffer: &'b mut Vec<u8>,
        is_behind_tag: bool,
    ) -> Result<Event<'b>, Error>;

    /// Whether bytes have been replaced since this was last asked.
    fn take_replaced(&mut self) -> bool;
}

/// A text that is here as a whole, which is UTF-8 without control characters and
/// shorter than [`MAX_EVENT`]. Of places in it nothing is known.
impl Input for &[u8] {
    #[inline]
    fn event<'b>(
        reader: &'b mut quick_xml::Reader<Self>,
        _: &'b mut Vec<u8>,
        is_behind_tag: bool,
    ) -> Result<Event<'b>, Error> {
        // Most tags close themselves; their names are in no list of open elements, so
        // that they can be taken before the reader sees them.
        if is_behind_tag
            && reader.config().trim_text_start
            && let Some(tag) = take_closed_tag(reader.get_mut())
        {
            return Ok(Event::Empty(tag));
        }
        reader.read_event()
    }

    fn take_replaced(&mut self) -> bool {
        false
    }
}

/// Takes `<name attributes />` and the white space before it. What is not plainly such
/// a tag is left where it is.
fn take_closed_tag<'t>(text: &mut &'t [u8]) -> Option<BytesStart<'t>> {
    let start = text.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))?;
    let tag = text.get(start..)?.strip_prefix(b"<")?;
    let is_name =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-' | b'.');
    let name = tag.iter().position(|byte| !is_name(*byte)).filter(|length| *length > 0)?;
    let end = name + end_of_tag(tag.get(name..)?.strip_prefix(b" ")?)? + 1;
    let content = std::str::from_utf8(tag.get(..end)?.strip_suffix(b"/")?).ok()?;
    *text = tag.get(end + 1..)?;
    Some(BytesStart::from_content(content, name))
}

/// Where the `>` of a tag is, outside of quotes.
fn end_of_tag(attributes: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let is_mark = |byte: &u8| matches!(byte, b'"' | b'\'' | b'>' | b'<');
        let at = from + attributes.get(from..)?.iter().position(is_mark)?;
        match attributes.get(at)? {
            b'>' => return Some(at),
            b'<' => return None,
            quote => {
                let rest = attributes.get(at + 1..)?;
                from = at + 2 + rest.iter().position(|byte| byte == quote)?;
            }
        }
    }
}

/// UTF-8 from any bytes: those that are none become U+FFFD. Control characters
/// end it, as XML has it, and so does more than [`MAX_EVENT`] bytes of one event.
pub(crate) struct Source<R> {
    from: R,
    /// `at..valid` is handed out, `valid..filled` is yet to be looked at.
    buffer: Box<[u8]>,
    at: usize,
    valid: usize,
    filled: usize,
    is_at_end: bool,
    /// How many bytes of a replacement are still to be handed out.
    replacing: usize,
    replaced: bool,
    taken: u64,
}

impl<R: Read> Source<R> {
    pub(super) fn new(from: R) -> Self {
        Self {
            from,
            buffer: vec![0; CHUNK].into_boxed_slice(),
            at: 0,
            valid: 0,
            filled: 0,
            is_at_end: false,
            replacing: 0,
            replaced: false,
            taken: 0,
        }
    }

    /// Finds the next text to hand out; there is none at the end.
    fn refill(&mut self) -> io::Result<()> {
        while self.at == self.valid && self.replacing == 0 {
            let unseen = self.buffer.get(self.valid..self.filled).unwrap_or_default();
            match std::str::from_utf8(unseen) {
                Ok("") if self.is_at_end => break,
                Ok("") => self.read()?,
                Ok(_) => self.accept(unseen.len())?,
                Err(error) if error.valid_up_to() > 0 => self.accept(error.valid_up_to())?,
                Err(error) => match error.error_len() {
                    None if !self.is_at_end => self.read()?,
                    length => self.replace(length.unwrap_or(unseen.len())),
                },
            }
        }
        Ok(())
    }

    /// Accepts text up to the first control character, and that one with an error.
    fn accept(&mut self, length: usize) -> io::Result<()> {
        let end = self.valid + length;
        let text = self.buffer.get(self.valid..end).unwrap_or_default();
        if !has_controls(text) {
            self.valid = end;
            return Ok(());
        }
        match text.iter().enumerate().find(|(_, byte)| is_control(**byte)) {
            Some((0, byte)) => return Err(io::Error::other(Fault::Control(*byte))),
            Some((at, _)) => self.valid += at,
            None => self.valid = end,
        }
        Ok(())
    }

    fn replace(&mut self, length: usize) {
        self.valid += length;
        self.at = self.valid;
        self.replacing = REPLACEMENT.len();
        self.replaced = true;
    }

    /// Reads more behind what is there, of which less than a character is left.
    fn read(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.valid..self.filled, 0);
        self.filled -= self.valid;
        (self.at, self.valid) = (0, 0);
        let room = self.buffer.get_mut(self.filled..).unwrap_or_default();
        let length = self.from.read(room)?;
        self.filled += length;
        self.is_at_end = length == 0;
        Ok(())
    }
}

/// What XML 1.0 allows of the characters below the space is white space.
#[inline]
pub(super) fn is_control(byte: u8) -> bool {
    // Without a branch, so that many are looked at together.
    (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')
}

/// Whether there is a control character.
pub(crate) fn has_controls(text: &[u8]) -> bool {
    // To look at all bytes of a piece is faster than to stop at one.
    let in_piece = |piece: &[u8]| piece.iter().fold(false, |has, byte| has | is_control(*byte));
    text.chunks(PIECE).any(in_piece)
}

impl<R: Read> Input for Source<R> {
    #[inline]
    fn event<'b>(
        reader: &'b mut quick_xml::Reader<Self>,
        buffer: &'b mut Vec<u8>,
        _: bool,
    ) -> Result<Event<'b>, Error> {
        reader.get_mut().taken = 0;
        reader.read_event_into(buffer)
    }

    fn take_replaced(&mut self) -> bool {
        std::mem::take(&mut self.replaced)
    }
}

impl<R: Read> BufRead for Source<R> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.valid {
            self.refill()?;
            if self.taken > MAX_EVENT {
                return Err(io::Error::other(Fault::LongEvent));
            }
        }
        if self.replacing > 0 {
            return Ok(&REPLACEMENT[REPLACEMENT.len() - self.replacing..]);
        }
        Ok(&self.buffer[self.at..self.valid])
    }

    #[inline]
    fn consume(&mut self, length: usize) {
        self.taken += length as u64;
        if self.replacing > 0 {
            self.replacing -= length;
        } else {
            self.at += length;
        }
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(into)?;
        self.consume(length);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out a few bytes at a time.
    struct Slowly<'a>(&'a [u8], usize);

    impl Read for Slowly<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(into.len());
            self.0.read(&mut into[..most])
        }
    }

    fn text(bytes: &[u8], at_once: usize) -> io::Result<(String, bool)> {
        let mut source = Source::new(Slowly(bytes, at_once));
        let mut text = String::new();
        source.read_to_string(&mut text)?;
        Ok((text, source.take_replaced()))
    }

    #[test]
    fn bytes_that_are_no_utf8_are_replaced_however_they_arrive() {
        let cases: [&[u8]; 6] = [
            b"",
            b"abc",
            "grüße 日本 🦀".as_bytes(),
            b"a\xe9b\xff\xff",
            b"\xf0\x9f\xa6",
            b"\xe6\x97 x",
        ];
        for bytes in cases {
            let expected = String::from_utf8_lossy(bytes);
            let is_replaced = matches!(expected, std::borrow::Cow::Owned(_));
            for at_once in [1, 2, 3, CHUNK] {
                let read = text(bytes, at_once).unwrap();
                assert_eq!(read, (expected.clone().into_owned(), is_replaced), "{bytes:?}");
            }
        }
    }

    #[test]
    fn a_character_across_the_border_of_two_chunks_is_whole() {
        let bytes = ["x".repeat(CHUNK - 1), "é".repeat(CHUNK)].concat();
        assert_eq!(text(bytes.as_bytes(), CHUNK).unwrap(), (bytes, false));
    }

    #[test]
    fn control_characters_end_it() {
        assert_eq!(text(b"a\x01b", CHUNK).unwrap_err().to_string(), "control character 0x01");
        assert_eq!(text(b"\0", CHUNK).unwrap_err().to_string(), "control character 0x00");
        assert_eq!(text(b"\t\r\n", CHUNK).unwrap().0, "\t\r\n");
    }

    #[test]
    fn an_event_is_bounded() {
        let mut source = Source::new(io::repeat(b' '));
        let error = io::copy(&mut source, &mut io::sink()).unwrap_err().to_string();
        assert_eq!(error, "a tag or a text of more than 4194304 bytes");
    }
}
