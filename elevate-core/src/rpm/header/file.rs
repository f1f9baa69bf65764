//! The files of a package.

use std::borrow::Cow;

use super::blob::{Blob, text};
use super::tag;

/// A file of a package. Nothing is copied, because a long directory name goes
/// with every file in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File<'a> {
    /// The directory, with the slash at its end; empty in old packages, which
    /// hold whole names.
    pub directory: Cow<'a, str>,
    /// The name within it.
    pub name: Cow<'a, str>,
    /// What kind of file it is to rpm.
    pub flags: FileFlags,
    /// What became of it at installation; `None` in package files.
    pub state: Option<FileState>,
    /// Type and permissions, as in `stat`; `None` where the header has none.
    pub mode: Option<u32>,
}

impl File<'_> {
    /// The whole name.
    pub fn path(&self) -> String {
        format!("{}{}", self.directory, self.name)
    }
}

/// The flags of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct FileFlags(pub u32);

impl FileFlags {
    /// A configuration file.
    pub const CONFIG: FileFlags = FileFlags(1);
    /// Documentation.
    pub const DOC: FileFlags = FileFlags(1 << 1);
    /// A configuration file that may be missing.
    pub const MISSING_OK: FileFlags = FileFlags(1 << 3);
    /// A configuration file that stays when it was changed.
    pub const NO_REPLACE: FileFlags = FileFlags(1 << 4);
    /// A file the package owns and does not contain.
    pub const GHOST: FileFlags = FileFlags(1 << 6);
    /// A licence.
    pub const LICENSE: FileFlags = FileFlags(1 << 7);
    /// A file made by the build, such as a link to debugging data.
    pub const ARTIFACT: FileFlags = FileFlags(1 << 12);

    /// Whether any of these flags is set.
    pub fn has(self, flags: FileFlags) -> bool {
        self.0 & flags.0 != 0
    }
}

/// What became of a file at installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileState {
    /// It was installed.
    Normal,
    /// A file of another package took its place.
    Replaced,
    /// It was left out, as with `--nodocs`.
    NotInstalled,
    /// It is on a shared file system and was left alone.
    NetShared,
    /// A file for another word size of the processor stands in its place.
    WrongColor,
    /// A number rpm has no name for (255 is its *missing*).
    Other(u8),
}

impl FileState {
    /// The state rpm stores as this number.
    pub fn from_number(number: u8) -> FileState {
        match number {
            0 => FileState::Normal,
            1 => FileState::Replaced,
            2 => FileState::NotInstalled,
            3 => FileState::NetShared,
            4 => FileState::WrongColor,
            other => FileState::Other(other),
        }
    }
}

/// Digests of their contents in hexadecimal, in the order of the files; empty for
/// what has no content, and without end where the header has none.
pub(super) fn digests(blob: &Blob) -> impl Iterator<Item = Cow<'_, str>> {
    blob.texts(tag::FILE_DIGESTS).chain(std::iter::repeat(&[][..])).map(text)
}

/// The files in the order of the header.
pub(super) fn read(blob: &Blob) -> impl Iterator<Item = File<'_>> {
    let directories: Vec<Cow<'_, str>> = blob.texts(tag::DIR_NAMES).map(text).collect();
    let indexes = blob.numbers(tag::DIR_INDEXES);
    let split = blob.texts(tag::BASENAMES).zip(indexes).map(move |(name, index)| {
        let directory = usize::try_from(index).ok().and_then(|index| directories.get(index));
        (directory.cloned().unwrap_or_default(), name)
    });
    let has_split = blob.entry(tag::BASENAMES).is_some();
    let whole = blob.texts(tag::OLD_FILE_NAMES).map(|name| (Cow::Borrowed(""), name));
    let names = split.chain(whole.filter(move |_| !has_split));
    let numbers = |tag| blob.numbers(tag).map(Some).chain(std::iter::repeat(None));
    let (flags, states) = (numbers(tag::FILE_FLAGS), numbers(tag::FILE_STATES));
    names.zip(flags).zip(states).zip(numbers(tag::FILE_MODES)).map(
        |((((directory, name), flags), state), mode)| File {
            directory,
            name: text(name),
            flags: FileFlags(flags.and_then(|f| u32::try_from(f).ok()).unwrap_or(0)),
            state: state.map(|s| FileState::from_number(u8::try_from(s).unwrap_or(u8::MAX))),
            mode: mode.and_then(|m| u32::try_from(m).ok()),
        },
    )
}
