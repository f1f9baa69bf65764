//! Reads a tar archive, compressed or not, as a stream into a [`Tree`]; nothing
//! is unpacked to a disk, and no more than [`ArchiveLimits`] allow is kept.

use std::collections::BTreeMap;
use std::io::Read;

use tar::Header;
use thiserror::Error;

use self::decoder::Decoder;
use self::entry::{Entry, Extended, What};
use super::Tree;
use super::tree::{Body, LONGEST_PATH, NoPlace, Placed};

mod decoder;
mod entry;
#[cfg(test)]
mod tests;

/// The size of a header, and what contents are padded to.
const BLOCK: usize = 512;
/// The largest extended header: names and attributes of one entry.
const LARGEST_EXTENSION: u64 = 1 << 20;
/// Most remarks that are kept one by one.
const MOST_PROBLEMS: usize = 1000;

/// What may come out of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Entries, the directories above them included. More are an error.
    pub entries: usize,
    /// Bytes of a file whose content is kept. A larger one is there and cannot
    /// be read.
    pub file: u64,
    /// The same for the files of an rpm database.
    pub rpm_database: u64,
    /// Bytes of all contents that are kept. More are an error.
    pub kept: u64,
    /// Bytes of the archive when it is decompressed. More are an error.
    pub decompressed: u64,
    /// How many times the compressed size may come out. More are an error.
    pub ratio: u64,
    /// From how many decompressed bytes on that is looked at; small archives
    /// of zeros are nobody's bomb.
    pub ratio_from: u64,
}

impl Default for ArchiveLimits {
    fn default() -> Self {
        Self {
            entries: 1_000_000,
            file: 32 << 20,
            rpm_database: 512 << 20,
            kept: 512 << 20,
            decompressed: 16 << 30,
            ratio: 200,
            ratio_from: 64 << 20,
        }
    }
}

/// An archive that was read.
#[derive(Debug)]
pub struct Archive {
    /// What is in it.
    pub tree: Tree,
    /// Entries that are odd: left out, or taken otherwise than they stand there.
    pub problems: Vec<String>,
}

/// Why an archive is not read. Offsets are those of the decompressed archive.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ArchiveError {
    /// It cannot be read at all.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// It is something else.
    #[error("{0}; expected is a tar archive, plain or compressed with gzip, bzip2, xz or zstd")]
    NoArchive(&'static str),
    /// It is cut off, or its bytes are not what they were.
    #[error("is damaged at byte {offset}, {place}: {why}")]
    Damaged {
        /// Where in the decompressed archive.
        offset: u64,
        /// Which entry.
        place: String,
        /// What is wrong.
        why: String,
    },
    /// More comes out than is accepted.
    #[error("holds too much at byte {offset}, {place}: {why}")]
    TooMuch {
        /// Where in the decompressed archive.
        offset: u64,
        /// Which entry.
        place: String,
        /// What is too much.
        why: String,
    },
}

/// Reads an archive. Of the files `wanted` says no to, only the entry is kept;
/// it is asked with the path in the archive, without a slash before it.
///
/// # Errors
///
/// As [`ArchiveError`] says: there is no reading of half an archive.
pub fn read(
    input: impl Read,
    limits: &ArchiveLimits,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Archive, ArchiveError> {
    let mut reader = Reader {
        bytes: Decoder::new(input, limits)?,
        limits,
        wanted,
        tree: Tree::new(limits.entries),
        kept: 0,
        problems: Vec::new(),
        problems_left_out: 0,
        next: Extended::default(),
        all: Extended::default(),
        last: None,
        inside: false,
    };
    while let Some(header) = reader.header()? {
        reader.entry(&header)?;
    }
    reader.end()
}

/// Reads an archive and keeps the content of every file.
///
/// # Errors
///
/// As [`read`].
pub fn read_all(input: impl Read, limits: &ArchiveLimits) -> Result<Archive, ArchiveError> {
    read(input, limits, &|_| true)
}

struct Reader<'r> {
    bytes: Decoder<'r>,
    limits: &'r ArchiveLimits,
    wanted: &'r dyn Fn(&str) -> bool,
    tree: Tree,
    kept: u64,
    problems: Vec<String>,
    problems_left_out: usize,
    /// Said of the next entry.
    next: Extended,
    /// Said of all that follow.
    all: Extended,
    /// The last entry, for messages.
    last: Option<String>,
    /// Whether one is in it still.
    inside: bool,
}

impl Reader<'_> {
    /// The next header; `None` at the end mark.
    fn header(&mut self) -> Result<Option<Header>, ArchiveError> {
        let at = self.bytes.offset();
        self.inside = false;
        let block = self.take(BLOCK as u64)?;
        if block.iter().all(|&byte| byte == 0) {
            return Ok(None);
        }
        if entry::is_header(&block) {
            return Ok(Some(Header::from_byte_slice(&block).clone()));
        }
        if at == 0 {
            return Err(ArchiveError::NoArchive("is no archive"));
        }
        Err(self.damaged("the header of an entry is not one"))
    }

    fn entry(&mut self, header: &Header) -> Result<(), ArchiveError> {
        if matches!(header.as_bytes()[156], b'L' | b'K' | b'x' | b'X' | b'g') {
            return self.extension(header);
        }
        let extended = std::mem::take(&mut self.next).or(&self.all);
        let entry = entry::entry(header, extended).map_err(|why| self.damaged(&why))?;
        (self.last, self.inside) = (Some(shown(&entry.name)), true);
        if entry.stored > self.limits.decompressed {
            return Err(self.too_much(&format!("has {} bytes", entry.stored)));
        }
        self.skip_sparse_headers(header)?;
        match entry.what {
            What::HardLink => {
                let placed = self.tree.hard_link(&entry.name, &entry.target);
                self.placed(&entry.name, placed)
            }
            What::Unknown(kind) => {
                let kind = char::from(kind).escape_default();
                self.problem(&entry.name, &format!("left out: it is of the unknown kind `{kind}`"));
                self.skip(entry.stored)
            }
            _ => self.content(entry),
        }
    }

    /// Takes what an entry holds and puts it in its place.
    fn content(&mut self, entry: Entry) -> Result<(), ArchiveError> {
        let body = match entry.what {
            What::Directory => {
                self.skip(entry.stored)?;
                Body::Directory(BTreeMap::new())
            }
            What::Link if entry.target.len() > LONGEST_PATH || entry.target.contains(&0) => {
                self.problem(&entry.name, "left out: it is a link to no path");
                return Ok(());
            }
            What::Link => Body::Link(entry.target.into()),
            What::Special => Body::Special,
            _ => Body::File(self.file(&entry)?),
        };
        let placed = self.tree.insert(&entry.name, entry.node, body);
        self.placed(&entry.name, placed)
    }

    fn file(&mut self, entry: &Entry) -> Result<Result<Box<[u8]>, String>, ArchiveError> {
        let path = path(&entry.name);
        let limit =
            if is_rpm_database(&path) { self.limits.rpm_database } else { self.limits.file };
        let why = if !(self.wanted)(&path) {
            "was left in the archive".to_owned()
        } else if entry.what == What::Sparse {
            self.problem(&entry.name, "not read: it is stored as a sparse file");
            "is stored as a sparse file, which is not read here".to_owned()
        } else if entry.stored > limit {
            format!("is larger than {limit} bytes")
        } else {
            self.kept = self.kept.saturating_add(entry.stored);
            if self.kept > self.limits.kept {
                let why = format!("the files to keep have more than {} bytes", self.limits.kept);
                return Err(self.too_much(&why));
            }
            let content = self.take(entry.stored)?;
            self.pass_by(padding(entry.stored))?;
            return Ok(Ok(content.into()));
        };
        self.skip(entry.stored)?;
        Ok(Err(why))
    }

    fn placed(&mut self, name: &[u8], placed: Result<Placed, NoPlace>) -> Result<(), ArchiveError> {
        match placed {
            Ok(Placed::New) if name.starts_with(b"/") => {
                self.problem(name, "taken without the slash before it");
            }
            Ok(Placed::New) => {}
            Ok(Placed::Again) => self.problem(name, "is there more than once; the last counts"),
            Err(NoPlace::Odd(why)) => self.problem(name, &format!("left out: {why}")),
            Err(NoPlace::Full) => {
                let why = format!("there are more than {} entries", self.limits.entries);
                return Err(self.too_much(&why));
            }
        }
        Ok(())
    }

    /// Takes a header that only says something of others.
    fn extension(&mut self, header: &Header) -> Result<(), ArchiveError> {
        let size = header.entry_size();
        let size = size.map_err(|_| self.damaged("an extended header has an odd size"))?;
        if size > LARGEST_EXTENSION {
            return Err(self.too_much(&format!("an extended header has {size} bytes")));
        }
        let content = self.take(size)?;
        self.pass_by(padding(size))?;
        let text = || {
            let end = content.iter().position(|&byte| byte == 0).unwrap_or(content.len());
            content.get(..end).map(<[u8]>::to_vec)
        };
        let read = match header.as_bytes()[156] {
            b'L' => {
                self.next.name = text();
                Ok(())
            }
            b'K' => {
                self.next.target = text();
                Ok(())
            }
            b'g' => self.for_all(&content),
            _ => self.next.pax(&content),
        };
        read.map_err(|why| self.damaged(&format!("an extended header {why}")))
    }

    /// Takes what is said of all entries to come. One name for all of them is
    /// nobody's; without it, what is kept of this is small.
    fn for_all(&mut self, records: &[u8]) -> Result<(), String> {
        self.all.pax(records)?;
        if self.all.name.take().is_some() | self.all.target.take().is_some() {
            self.problem(b"", "a header that gives all entries one name is not heeded");
        }
        Ok(())
    }

    /// The map of an old sparse file goes on in blocks after the header.
    fn skip_sparse_headers(&mut self, header: &Header) -> Result<(), ArchiveError> {
        let is_sparse = header.as_bytes()[156] == b'S';
        let mut goes_on = is_sparse && header.as_gnu().is_some_and(tar::GnuHeader::is_extended);
        while goes_on {
            let block = self.take(BLOCK as u64)?;
            goes_on = block.get(504).is_some_and(|&byte| byte == 1);
        }
        Ok(())
    }

    /// Reads on behind the end mark: what is compressed has its check sum there.
    fn end(mut self) -> Result<Archive, ArchiveError> {
        if self.next != Extended::default() {
            return Err(self.damaged("an extended header has no entry"));
        }
        let mut buffer = vec![0; 64 << 10];
        let mut more = false;
        loop {
            match self.bytes.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => more |= buffer.iter().take(count).any(|&byte| byte != 0),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed(&error)),
            }
        }
        if more {
            self.problems.push("something follows the end of the archive".to_owned());
        }
        if self.problems_left_out > 0 {
            self.problems.push(format!("and {} more such entries", self.problems_left_out));
        }
        Ok(Archive { tree: self.tree, problems: self.problems })
    }

    /// Reads so many bytes.
    fn take(&mut self, count: u64) -> Result<Vec<u8>, ArchiveError> {
        let mut bytes = Vec::new();
        let read = (&mut self.bytes).take(count).read_to_end(&mut bytes);
        read.map_err(|error| self.failed(&error))?;
        if bytes.len() as u64 == count { Ok(bytes) } else { Err(self.damaged("it ends too early")) }
    }

    /// Passes by so many bytes of content, and their padding.
    fn skip(&mut self, size: u64) -> Result<(), ArchiveError> {
        self.pass_by(size.saturating_add(padding(size)))
    }

    fn pass_by(&mut self, count: u64) -> Result<(), ArchiveError> {
        let mut rest = (&mut self.bytes).take(count);
        let skipped = std::io::copy(&mut rest, &mut std::io::sink());
        match skipped.map_err(|error| self.failed(&error))? {
            skipped if skipped == count => Ok(()),
            _ => Err(self.damaged("it ends too early")),
        }
    }

    fn place(&self) -> String {
        match &self.last {
            None => "before its first entry".to_owned(),
            Some(name) if self.inside => format!("in {name}"),
            Some(name) => format!("after {name}"),
        }
    }

    fn failed(&self, error: &std::io::Error) -> ArchiveError {
        match self.bytes.too_much() {
            Some(why) => self.too_much(why),
            None => self.damaged(&error.to_string()),
        }
    }

    fn damaged(&self, why: &str) -> ArchiveError {
        let (offset, place) = (self.bytes.offset(), self.place());
        ArchiveError::Damaged { offset, place, why: why.to_owned() }
    }

    fn too_much(&self, why: &str) -> ArchiveError {
        let (offset, place) = (self.bytes.offset(), self.place());
        ArchiveError::TooMuch { offset, place, why: why.to_owned() }
    }

    fn problem(&mut self, name: &[u8], what: &str) {
        if self.problems.len() < MOST_PROBLEMS {
            let name = shown(name);
            let colon = if name.is_empty() { "" } else { ": " };
            self.problems.push(format!("{name}{colon}{what}"));
        } else {
            self.problems_left_out += 1;
        }
    }
}

/// Bytes up to the next block.
fn padding(size: u64) -> u64 {
    size.wrapping_neg() % BLOCK as u64
}

/// A name for a message.
fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name).chars().take(200).flat_map(char::escape_debug).collect()
}

/// The path of an entry without what says nothing: `./etc//fstab`.
fn path(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    let names = name.split('/').filter(|name| !matches!(*name, "" | "."));
    names.collect::<Vec<_>>().join("/")
}

fn is_rpm_database(path: &str) -> bool {
    const DATABASES: [&str; 3] =
        ["var/lib/rpm/Packages", "var/lib/rpm/Packages.db", "var/lib/rpm/rpmdb.sqlite"];
    DATABASES.iter().any(|database| {
        path.strip_suffix(database).is_some_and(|above| above.is_empty() || above.ends_with('/'))
    })
}
