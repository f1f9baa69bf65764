//! The header of an entry, with what extended headers before it say.

use tar::Header;

use super::super::{Node, NodeKind};

/// An entry, before its content.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    pub(super) target: Vec<u8>,
    pub(super) what: What,
    pub(super) node: Node,
    /// Bytes of content that follow the header.
    pub(super) stored: u64,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    File,
    /// A file of which only parts are stored; which, stands in the content or in
    /// blocks that follow the header.
    Sparse,
    HardLink,
    Link,
    Directory,
    Special,
    /// Something this has no place for.
    Unknown(u8),
}

/// What extended headers say of the entry after them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Extended {
    pub(super) name: Option<Vec<u8>>,
    pub(super) target: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) uid: Option<u32>,
    pub(super) gid: Option<u32>,
    pub(super) mtime: Option<i64>,
    pub(super) sparse: bool,
    pub(super) real_size: Option<u64>,
}

impl Extended {
    /// Takes the records of a pax header, `LENGTH KEY=VALUE\n` each.
    pub(super) fn pax(&mut self, mut records: &[u8]) -> Result<(), String> {
        while !records.is_empty() {
            let (record, rest) = split_record(records).ok_or("has an odd record")?;
            let at = record.iter().position(|&byte| byte == b'=').ok_or("has an odd record")?;
            let (key, value) = record.split_at(at);
            self.record(key, value.get(1..).unwrap_or_default())
                .ok_or_else(|| format!("has an odd {}", String::from_utf8_lossy(key)))?;
            records = rest;
        }
        Ok(())
    }

    /// An empty value takes back what was said before.
    fn record(&mut self, key: &[u8], value: &[u8]) -> Option<()> {
        let bytes = || (!value.is_empty()).then(|| value.to_vec());
        match key {
            b"path" => self.name = bytes(),
            b"linkpath" => self.target = bytes(),
            b"size" => self.size = number(value)?,
            b"uid" => self.uid = number(value)?,
            b"gid" => self.gid = number(value)?,
            b"mtime" => self.mtime = number(seconds(value))?,
            b"GNU.sparse.name" => self.name = bytes(),
            b"GNU.sparse.realsize" | b"GNU.sparse.size" => self.real_size = number(value)?,
            _ => {}
        }
        self.sparse |= key.starts_with(b"GNU.sparse.");
        Some(())
    }

    /// This, and for what it leaves open the other.
    pub(super) fn or(self, other: &Extended) -> Extended {
        Extended {
            name: self.name.or_else(|| other.name.clone()),
            target: self.target.or_else(|| other.target.clone()),
            size: self.size.or(other.size),
            uid: self.uid.or(other.uid),
            gid: self.gid.or(other.gid),
            mtime: self.mtime.or(other.mtime),
            sparse: self.sparse || other.sparse,
            real_size: self.real_size.or(other.real_size),
        }
    }
}

fn split_record(records: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = records.iter().take(20).position(|&byte| byte == b' ')?;
    let length: usize = std::str::from_utf8(records.get(..space)?).ok()?.parse().ok()?;
    let record = records.get(space + 1..length)?.strip_suffix(b"\n")?;
    Some((record, records.get(length..)?))
}

/// `None` where it is no number; an empty text is none on purpose.
fn number<T: std::str::FromStr>(text: &[u8]) -> Option<Option<T>> {
    if text.is_empty() {
        return Some(None);
    }
    std::str::from_utf8(text).ok()?.parse().ok().map(Some)
}

/// The whole seconds of `1500000000.25`.
fn seconds(text: &[u8]) -> &[u8] {
    text.split(|&byte| byte == b'.').next().unwrap_or_default()
}

/// Whether a block is the header of an entry: whether its sum is right. Old
/// writers added bytes as signed numbers.
pub(super) fn is_header(block: &[u8]) -> bool {
    if block.len() != 512 {
        return false;
    }
    let Ok(stored) = Header::from_byte_slice(block).cksum() else { return false };
    let with_blanks = block.iter().enumerate();
    let with_blanks = with_blanks.map(|(at, &b)| if (148..156).contains(&at) { b' ' } else { b });
    let (plain, signed) = with_blanks.fold((0_u32, 0_i32), |(plain, signed), byte| {
        (plain + u32::from(byte), signed + i32::from(byte.cast_signed()))
    });
    stored == plain || i32::try_from(stored) == Ok(signed)
}

/// Reads a header together with what was said before it.
pub(super) fn entry(header: &Header, extended: Extended) -> Result<Entry, String> {
    let [kind] = *header.as_bytes().get(156..157).unwrap_or_default() else {
        return Err("has no kind".to_owned());
    };
    let name = extended.name.unwrap_or_else(|| header.path_bytes().into_owned());
    let target =
        extended.target.or_else(|| header.link_name_bytes().map(std::borrow::Cow::into_owned));
    let target = target.unwrap_or_default();
    let (what, node_kind) = what(kind, &name, extended.sparse);
    let odd = |field: &str| format!("has an odd {field}");
    let stored = match kind {
        // Nothing follows these, whatever their headers say.
        b'1'..=b'6' => 0,
        _ => match extended.size {
            Some(size) => size,
            None => field(header, 124..136, header.entry_size()).ok_or_else(|| odd("size"))?,
        },
    };
    let size = match what {
        What::Link => target.len() as u64,
        What::Sparse => {
            let old = header.as_gnu().and_then(|gnu| gnu.real_size().ok());
            extended.real_size.or(old).unwrap_or(stored)
        }
        _ => stored,
    };
    let small = |number: u64| u32::try_from(number).ok();
    let uid = extended.uid.or_else(|| small(field(header, 108..116, header.uid())?));
    let gid = extended.gid.or_else(|| small(field(header, 116..124, header.gid())?));
    let mode = field(header, 100..108, header.mode().map(u64::from));
    // A time before 1970 is stored as the machine stores it.
    let mtime = || field(header, 136..148, header.mtime()).map(u64::cast_signed);
    let node = Node {
        kind: node_kind,
        size,
        mode: mode.and_then(small).ok_or_else(|| odd("mode"))? & 0o7777,
        uid: uid.ok_or_else(|| odd("owner"))?,
        gid: gid.ok_or_else(|| odd("group"))?,
        mtime: extended.mtime.or_else(mtime).ok_or_else(|| odd("time"))?,
        device: 0,
    };
    Ok(Entry { name, target, what, node, stored })
}

/// A number of a header; one that nobody wrote is 0.
fn field(header: &Header, at: std::ops::Range<usize>, number: std::io::Result<u64>) -> Option<u64> {
    let bytes = header.as_bytes().get(at)?;
    if bytes.iter().all(|byte| matches!(byte, 0 | b' ')) { Some(0) } else { number.ok() }
}

fn what(kind: u8, name: &[u8], sparse: bool) -> (What, NodeKind) {
    match kind {
        // Before there was a kind, a directory was a file with a slash.
        b'0' | 0 if name.ends_with(b"/") => (What::Directory, NodeKind::Directory),
        b'0' | b'7' | 0 if sparse => (What::Sparse, NodeKind::File),
        b'0' | b'7' | 0 => (What::File, NodeKind::File),
        b'1' => (What::HardLink, NodeKind::File),
        b'2' => (What::Link, NodeKind::Link),
        b'3' => (What::Special, NodeKind::CharacterDevice),
        b'4' => (What::Special, NodeKind::BlockDevice),
        b'5' => (What::Directory, NodeKind::Directory),
        b'6' => (What::Special, NodeKind::Other),
        b'S' => (What::Sparse, NodeKind::File),
        other => (What::Unknown(other), NodeKind::Other),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record(text: &str) -> String {
        let length = text.len() + 2;
        let length = length + (length + length.to_string().len()).to_string().len();
        format!("{length} {text}\n")
    }

    #[test]
    fn pax_records_may_hold_any_byte_and_take_themselves_back() {
        let mut extended = Extended::default();
        let records = [
            "path=a=b\nc",
            "mtime=-3.25",
            "uid=70000",
            "SCHILY.xattr.x=\n\n",
            "linkpath=x",
            "linkpath=",
        ];
        let records: String = records.map(record).concat();
        extended.pax(records.as_bytes()).unwrap();
        let expected = Extended {
            name: Some(b"a=b\nc".to_vec()),
            mtime: Some(-3),
            uid: Some(70_000),
            ..Extended::default()
        };
        assert_eq!(extended, expected);
    }

    #[test]
    fn odd_pax_records_are_named() {
        let read = |text: &str| Extended::default().pax(text.as_bytes()).unwrap_err();
        for odd in ["x", "5 a=b", "99 a=b\n", "0 a=b\n", "2 \n", "5 ab\n", "-1 a=b\n"] {
            assert_eq!(read(odd), "has an odd record", "{odd:?}");
        }
        assert_eq!(read(&record("size=-1")), "has an odd size");
    }

    #[test]
    fn the_sum_of_a_header_is_checked() {
        let mut header = Header::new_gnu();
        header.set_path("etc/fstab").unwrap();
        header.set_cksum();
        assert!(is_header(header.as_bytes()));
        header.as_mut_bytes()[0] = b'x';
        assert!(!is_header(header.as_bytes()));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            bytes in proptest::collection::vec(any::<u8>(), 512),
            records in "([0-9]{0,3} ?(path|size|mtime|GNU.sparse.size)=[0-9.]{0,5}\n?){0,3}",
        ) {
            is_header(&bytes);
            let mut extended = Extended::default();
            extended.pax(records.as_bytes()).ok();
            entry(Header::from_byte_slice(&bytes), extended).ok();
        }
    }
}
