//! What an ELF file asks of the machine that loads it: libraries, and the
//! versions of their symbols.
//!
//! Read as the loader reads it, by program headers and the dynamic section, in
//! either byte order; 64 bits only, as all release binaries have.

use std::collections::BTreeSet;

/// What a file imports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imports {
    /// The number of its architecture (`e_machine`).
    pub machine: u16,
    /// Libraries it needs.
    pub libraries: BTreeSet<String>,
    /// Versions of symbols it needs, each with the library that must have it.
    pub versions: BTreeSet<(String, String)>,
}

/// Most entries of any list read; a binary has some dozens.
const MOST: usize = 10_000;
const LOAD: u32 = 1;
const DYNAMIC: u32 = 2;
/// Entries of the dynamic section.
const NEEDED: u64 = 1;
const STRINGS: u64 = 5;
const VERSIONS: u64 = 0x6fff_fffe;

/// Reads a file.
///
/// # Errors
///
/// What is no ELF file of 64 bits, and one that points outside itself.
pub fn imports(bytes: &[u8]) -> Result<Imports, String> {
    if !bytes.starts_with(b"\x7fELF") {
        return Err("is no ELF file".to_owned());
    }
    let big_endian = match (bytes.get(4), bytes.get(5)) {
        (Some(2), Some(1)) => false,
        (Some(2), Some(2)) => true,
        _ => return Err("is no ELF file of 64 bits".to_owned()),
    };
    let file = File { bytes, big_endian };
    let mut found = Imports { machine: file.u16(18)?, ..Imports::default() };
    let segments = file.segments()?;
    if let Some(dynamic) = segments.iter().find(|segment| segment.kind == DYNAMIC) {
        Dynamic::read(&file, &segments, dynamic)?.imports(&mut found)?;
    }
    Ok(found)
}

struct File<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

/// A part of the file, and where it is in memory.
struct Segment {
    kind: u32,
    offset: usize,
    address: u64,
    length: usize,
}

impl File<'_> {
    fn segments(&self) -> Result<Vec<Segment>, String> {
        let (start, size) = (self.usize(32)?, usize::from(self.u16(54)?));
        let count = usize::from(self.u16(56)?);
        let segment = |index: usize| {
            let at = start.checked_add(index * size).ok_or("has program headers nowhere")?;
            Ok(Segment {
                kind: self.u32(at)?,
                offset: self.usize(at.saturating_add(8))?,
                address: self.u64(at.saturating_add(16))?,
                length: self.usize(at.saturating_add(32))?,
            })
        };
        (0..count).map(segment).collect()
    }

    fn take<const N: usize>(&self, at: usize) -> Result<[u8; N], String> {
        let here = self.bytes.get(at..).and_then(<[u8]>::first_chunk).copied();
        let mut here: [u8; N] = here.ok_or_else(|| format!("ends before byte {at}"))?;
        if self.big_endian {
            here.reverse();
        }
        Ok(here)
    }

    fn u16(&self, at: usize) -> Result<u16, String> {
        self.take(at).map(u16::from_le_bytes)
    }

    fn u32(&self, at: usize) -> Result<u32, String> {
        self.take(at).map(u32::from_le_bytes)
    }

    fn u64(&self, at: usize) -> Result<u64, String> {
        self.take(at).map(u64::from_le_bytes)
    }

    fn usize(&self, at: usize) -> Result<usize, String> {
        usize::try_from(self.u64(at)?).map_err(|_| format!("byte {at}: a number out of range"))
    }
}

/// The dynamic section.
struct Dynamic<'a> {
    file: &'a File<'a>,
    /// Places of the names of libraries within the strings.
    needed: Vec<u64>,
    /// Where the strings are, and where the list of versions is.
    strings: usize,
    versions: Option<usize>,
}

impl<'a> Dynamic<'a> {
    fn read(file: &'a File<'a>, segments: &[Segment], own: &Segment) -> Result<Self, String> {
        let mut found = Self { file, needed: Vec::new(), strings: 0, versions: None };
        for entry in 0..own.length / 16 {
            let at = own.offset.saturating_add(entry * 16);
            let (tag, value) = (file.u64(at)?, file.u64(at.saturating_add(8))?);
            match tag {
                0 => break,
                NEEDED if found.needed.len() < MOST => found.needed.push(value),
                NEEDED => return Err("needs more libraries than any file".to_owned()),
                STRINGS => found.strings = offset(segments, value)?,
                VERSIONS => found.versions = Some(offset(segments, value)?),
                _ => {}
            }
        }
        Ok(found)
    }

    fn imports(&self, found: &mut Imports) -> Result<(), String> {
        for &name in &self.needed {
            found.libraries.insert(self.string(name)?);
        }
        let Some(mut at) = self.versions else { return Ok(()) };
        // A list of libraries, each with a list of versions; each entry says how
        // far the next one is, the last one 0.
        for _ in 0..MOST {
            let count = usize::from(self.file.u16(at.saturating_add(2))?);
            let library = self.string(self.file.u32(at.saturating_add(4))?.into())?;
            let first = self.file.u32(at.saturating_add(8))?;
            self.versions_of(&library, at.saturating_add(first as usize), count, found)?;
            match self.file.u32(at.saturating_add(12))? {
                0 => return Ok(()),
                next => at = at.saturating_add(next as usize),
            }
        }
        Err("has a list of versions without end".to_owned())
    }

    fn versions_of(
        &self,
        library: &str,
        mut at: usize,
        count: usize,
        found: &mut Imports,
    ) -> Result<(), String> {
        for _ in 0..count {
            let name = self.string(self.file.u32(at.saturating_add(8))?.into())?;
            found.versions.insert((library.to_owned(), name));
            if found.versions.len() > MOST {
                return Err("needs more versions than any file".to_owned());
            }
            at = at.saturating_add(self.file.u32(at.saturating_add(12))? as usize);
        }
        Ok(())
    }

    /// A text of the dynamic section's, by its place.
    fn string(&self, place: u64) -> Result<String, String> {
        let start = usize::try_from(place).ok().and_then(|place| self.strings.checked_add(place));
        let here = start.and_then(|start| self.file.bytes.get(start..)).unwrap_or_default();
        let end = here.iter().take(4096).position(|&byte| byte == 0);
        let text = end.and_then(|end| std::str::from_utf8(&here[..end]).ok());
        text.map(str::to_owned).ok_or_else(|| format!("has no name at {place} of its names"))
    }
}

/// Where in the file an address of memory is.
fn offset(segments: &[Segment], address: u64) -> Result<usize, String> {
    let within = |segment: &&Segment| {
        let end = segment.address.saturating_add(segment.length as u64);
        segment.kind == LOAD && (segment.address..end).contains(&address)
    };
    let segment = segments.iter().find(within);
    let offset = segment.and_then(|segment| {
        segment.offset.checked_add(usize::try_from(address - segment.address).ok()?)
    });
    offset.ok_or_else(|| format!("points to address {address:#x}, which is not in it"))
}

/// Files made for tests.
#[cfg(test)]
pub(super) mod build {
    /// A file of one segment in memory, which needs these libraries, and of each
    /// these versions.
    pub(in crate::dist) fn file(
        machine: u16,
        big_endian: bool,
        needs: &[(&str, &[&str])],
    ) -> Vec<u8> {
        let mut strings = vec![0];
        let mut add = |text: &str| {
            let at = strings.len() as u64;
            strings.extend(text.bytes().chain([0]));
            at
        };
        let mut out = Bytes { big_endian, bytes: Vec::new() };
        // The dynamic section comes after two program headers, then versions.
        let dynamic = 64 + 2 * 56;
        let versions = dynamic + (needs.len() + 3) * 16;
        let mut list = Bytes { big_endian, bytes: Vec::new() };
        let mut needed = Vec::new();
        for (index, (library, names)) in needs.iter().enumerate() {
            let last = index + 1 == needs.len();
            needed.push(add(library));
            let next = if last { 0 } else { 16 + names.len() * 16 };
            list.numbers(&[(2, 1), (2, names.len() as u64), (4, needed[index]), (4, 16)]);
            list.numbers(&[(4, next as u64)]);
            for (index, name) in names.iter().enumerate() {
                let next = if index + 1 == names.len() { 0 } else { 16 };
                list.numbers(&[(4, 0), (2, 0), (2, 2), (4, add(name)), (4, next)]);
            }
        }
        let names = versions + list.bytes.len();
        let end = (names + strings.len()) as u64;
        out.bytes.extend(b"\x7fELF\x02");
        out.bytes.extend([if big_endian { 2 } else { 1 }, 1]);
        out.bytes.resize(16, 0);
        out.numbers(&[(2, 3), (2, machine.into()), (4, 1), (8, 0), (8, 64), (8, 0), (4, 0)]);
        out.numbers(&[(2, 64), (2, 56), (2, 2), (2, 0), (2, 0), (2, 0)]);
        let base = 0x40_0000;
        let at = base + dynamic as u64;
        out.numbers(&[(4, 1), (4, 5), (8, 0), (8, base), (8, base), (8, end), (8, end), (8, 1)]);
        let length = (versions - dynamic) as u64;
        out.numbers(&[(4, 2), (4, 6), (8, dynamic as u64), (8, at), (8, at), (8, length)]);
        out.numbers(&[(8, length), (8, 8)]);
        for name in needed {
            out.numbers(&[(8, 1), (8, name)]);
        }
        out.numbers(&[(8, 5), (8, base + names as u64)]);
        out.numbers(&[(8, 0x6fff_fffe), (8, base + versions as u64), (8, 0), (8, 0)]);
        [out.bytes, list.bytes, strings].concat()
    }

    struct Bytes {
        big_endian: bool,
        bytes: Vec<u8>,
    }

    impl Bytes {
        /// Numbers, each after its width.
        fn numbers(&mut self, numbers: &[(usize, u64)]) {
            for (width, number) in numbers {
                let mut bytes = number.to_le_bytes()[..*width].to_vec();
                if self.big_endian {
                    bytes.reverse();
                }
                self.bytes.extend(bytes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::build::file;
    use super::*;

    const NEEDS: [(&str, &[&str]); 2] =
        [("libc.so.6", &["GLIBC_2.2.5", "GLIBC_2.17"]), ("libgcc_s.so.1", &["GCC_3.0"])];

    #[test]
    fn libraries_and_versions_are_read_in_both_byte_orders() {
        for (machine, big_endian) in [(62, false), (22, true)] {
            let found = imports(&file(machine, big_endian, &NEEDS)).unwrap();
            assert_eq!(found.machine, machine);
            let libraries: Vec<_> = found.libraries.iter().map(String::as_str).collect();
            assert_eq!(libraries, ["libc.so.6", "libgcc_s.so.1"]);
            let versions: Vec<_> = found.versions.iter().map(|(_, name)| name.as_str()).collect();
            assert_eq!(versions, ["GLIBC_2.17", "GLIBC_2.2.5", "GCC_3.0"]);
        }
    }

    #[test]
    fn what_is_no_such_file_is_refused() {
        assert_eq!(imports(b"#!/bin/sh\n").unwrap_err(), "is no ELF file");
        assert_eq!(imports(b"\x7fELF\x01\x01").unwrap_err(), "is no ELF file of 64 bits");
        let mut far = file(62, false, &NEEDS);
        far[32..40].fill(0xff);
        assert!(imports(&far).unwrap_err().contains("ends before byte"));
        let mut round = file(62, false, &NEEDS[..1]);
        let versions = 64 + 2 * 56 + 4 * 16;
        round[versions + 12] = 16;
        assert!(imports(&round).is_err());
    }

    #[test]
    fn no_damage_makes_it_panic_or_run_without_end() {
        let whole = file(22, true, &NEEDS);
        for length in 0..whole.len() {
            assert!(imports(&whole[..length]).is_err(), "{length}");
        }
        for at in 0..whole.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut changed = whole.clone();
                changed[at] = value;
                let _ = imports(&changed);
            }
        }
    }
}
