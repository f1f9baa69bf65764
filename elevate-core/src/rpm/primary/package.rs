//! One package of a `primary.xml`.

use crate::rpm::header::DependencyKind;
use crate::rpm::metadata::Algorithm;

/// A package, as the file has it; what it does not say is empty or 0.
#[derive(Debug, Clone, Copy)]
pub struct Package<'a> {
    /// The name; never empty, but otherwise not checked.
    pub name: &'a str,
    /// The architecture; `noarch` where the file says none.
    pub arch: &'a str,
    /// `[epoch:]version[-release]`, put together as libsolv does: an epoch of 0 or
    /// of nothing is left out unless the version looks like it had one, and without
    /// a release there is no hyphen.
    pub evr: &'a str,
    /// The checksum of the package file: how it is made, and its hexadecimal
    /// digits, in lower case. It identifies the package in `filelists.xml`.
    pub checksum: Option<(Algorithm, &'a str)>,
    /// What the package is, in a line.
    pub summary: &'a str,
    /// Who made it.
    pub vendor: &'a str,
    /// The file name of the source package.
    pub source_rpm: &'a str,
    /// When it was built, in seconds since 1970.
    pub build_time: u64,
    /// When the package file was changed last, in seconds since 1970.
    pub file_time: u64,
    /// The package file, in bytes.
    pub package_size: u64,
    /// Its files, in bytes.
    pub installed_size: u64,
    /// Its payload, in bytes.
    pub archive_size: u64,
    /// Where the package file is, below `base` or else the repository. Not checked.
    pub location: &'a str,
    /// Where the location begins (`xml:base`), where it is not the repository.
    pub base: Option<&'a str>,
    parts: &'a Parts,
}

impl<'a> Package<'a> {
    /// The dependencies of a kind, in the order of the file, repetitions included.
    pub fn dependencies(
        &self,
        kind: DependencyKind,
    ) -> impl ExactSizeIterator<Item = Dependency<'a>> {
        let parts = self.parts;
        parts.list(kind).iter().map(|entry| Dependency {
            name: parts.get(entry.name),
            flags: entry.flags,
            evr: parts.get(entry.evr),
            pre: entry.pre,
        })
    }

    /// The files that `primary.xml` lists: those in `bin` directories and `/etc`,
    /// and `/usr/lib/sendmail`.
    pub fn files(&self) -> impl ExactSizeIterator<Item = (FileKind, &'a str)> {
        let parts = self.parts;
        parts.files.iter().map(|(kind, path)| (*kind, parts.get(*path)))
    }
}

/// What a package provides or asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dependency<'a> {
    /// The name; a rich dependency, where it begins with `(` and there are no
    /// flags.
    pub name: &'a str,
    /// [`GREATER`](Self::GREATER), [`EQUAL`](Self::EQUAL) and [`LESS`](Self::LESS),
    /// or [`NEVER`](Self::NEVER); 0 where there is no comparison.
    pub flags: u8,
    /// The version, put together as [`Package::evr`] is; empty where there is no
    /// comparison.
    pub evr: &'a str,
    /// Needed before the package itself is installed. Of requirements only.
    pub pre: bool,
}

impl Dependency<'_> {
    /// `>`
    pub const GREATER: u8 = 1;
    /// `=`
    pub const EQUAL: u8 = 2;
    /// `<`
    pub const LESS: u8 = 4;
    /// A comparison that is not known, which nothing meets.
    pub const NEVER: u8 = 8;

    /// The comparison of this name (`GE`).
    pub(super) fn flags_of(name: &str) -> u8 {
        match name {
            "GT" => Self::GREATER,
            "EQ" => Self::EQUAL,
            "GE" => Self::GREATER | Self::EQUAL,
            "LT" => Self::LESS,
            "NE" => Self::LESS | Self::GREATER,
            "LE" => Self::LESS | Self::EQUAL,
            _ => Self::NEVER,
        }
    }
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// A file, or a link.
    File,
    /// A directory.
    Directory,
    /// A file that belongs to the package and is not in it.
    Ghost,
}

impl FileKind {
    /// The kind of this name; any other name is a file, as libsolv has it.
    pub(in crate::rpm) fn of(name: Option<&str>) -> Self {
        match name {
            Some("dir") => FileKind::Directory,
            Some("ghost") => FileKind::Ghost,
            _ => FileKind::File,
        }
    }
}

/// The texts of a package that are there once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    Name,
    Arch,
    Evr,
    Checksum,
    Summary,
    Vendor,
    SourceRpm,
    Location,
    Base,
}

impl Text {
    /// The element it is in.
    pub(super) fn element(self) -> &'static str {
        match self {
            Text::Name => "name",
            Text::Arch => "arch",
            Text::Evr => "version",
            Text::Checksum => "checksum",
            Text::Summary => "summary",
            Text::Vendor => "rpm:vendor",
            Text::SourceRpm => "rpm:sourcerpm",
            Text::Location | Text::Base => "location",
        }
    }
}

/// Where in [`Parts::text`] a text is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    start: usize,
    end: usize,
}

/// A dependency as it is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) name: Span,
    pub(super) evr: Span,
    pub(super) flags: u8,
    pub(super) pre: bool,
}

/// What is known of the package that is being read. Its memory is used again for
/// the next one.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) text: String,
    texts: [Option<Span>; 9],
    pub(super) algorithm: Option<Algorithm>,
    pub(super) build_time: u64,
    pub(super) file_time: u64,
    pub(super) package_size: u64,
    pub(super) installed_size: u64,
    pub(super) archive_size: u64,
    lists: [Vec<Entry>; 8],
    pub(super) files: Vec<(FileKind, Span)>,
}

impl Parts {
    pub(super) fn clear(&mut self) {
        let Self { mut text, mut lists, mut files, .. } = std::mem::take(self);
        text.clear();
        lists.iter_mut().for_each(Vec::clear);
        files.clear();
        *self = Self { text, lists, files, ..Self::default() };
    }

    /// What was added since the text was this long.
    pub(super) fn since(&self, start: usize) -> Span {
        Span { start, end: self.text.len() }
    }

    /// Keeps a text; says whether there was one.
    pub(super) fn set(&mut self, text: Text, span: Span) -> bool {
        self.texts[text as usize].replace(span).is_some()
    }

    pub(super) fn has(&self, text: Text) -> bool {
        self.texts[text as usize].is_some()
    }

    pub(super) fn text(&self, text: Text) -> &str {
        self.get(self.texts[text as usize].unwrap_or_default())
    }

    fn get(&self, span: Span) -> &str {
        &self.text[span.start..span.end]
    }

    pub(super) fn get_mut(&mut self, span: Span) -> &mut str {
        &mut self.text[span.start..span.end]
    }

    pub(super) fn list(&self, kind: DependencyKind) -> &[Entry] {
        &self.lists[kind as usize]
    }

    pub(super) fn list_mut(&mut self, kind: DependencyKind) -> &mut Vec<Entry> {
        &mut self.lists[kind as usize]
    }

    pub(super) fn package(&self) -> Package<'_> {
        Package {
            name: self.text(Text::Name),
            arch: if self.has(Text::Arch) { self.text(Text::Arch) } else { "noarch" },
            evr: self.text(Text::Evr),
            checksum: self.algorithm.map(|algorithm| (algorithm, self.text(Text::Checksum))),
            summary: self.text(Text::Summary),
            vendor: self.text(Text::Vendor),
            source_rpm: self.text(Text::SourceRpm),
            build_time: self.build_time,
            file_time: self.file_time,
            package_size: self.package_size,
            installed_size: self.installed_size,
            archive_size: self.archive_size,
            location: self.text(Text::Location),
            base: self.has(Text::Base).then(|| self.text(Text::Base)),
            parts: self,
        }
    }
}

/// Writes `[epoch:]version[-release]`.
pub(super) fn push_evr(
    into: &mut String,
    epoch: Option<&str>,
    version: Option<&str>,
    release: Option<&str>,
) {
    let epoch = match epoch {
        Some(epoch) if !epoch.is_empty() && epoch != "0" => Some(epoch),
        _ if version.is_some_and(looks_like_an_epoch) => Some("0"),
        _ => None,
    };
    if let Some(epoch) = epoch {
        into.push_str(epoch);
        into.push(':');
    }
    into.push_str(version.unwrap_or_default());
    if let Some(release) = release {
        into.push('-');
        into.push_str(release);
    }
}

/// Digits and a colon.
fn looks_like_an_epoch(version: &str) -> bool {
    let rest = version.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.starts_with(':') && rest.len() < version.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_put_together_as_libsolv_does() {
        // What `add_rpmmd` makes of these attributes.
        let cases = [
            (None, None, None, ""),
            (None, Some("1"), None, "1"),
            (None, Some("1"), Some(""), "1-"),
            (None, Some(""), Some("2"), "-2"),
            (None, None, Some("2"), "-2"),
            (Some(""), Some("1"), Some("2"), "1-2"),
            (Some("0"), Some("1"), Some("2"), "1-2"),
            (Some("00"), Some("1"), Some("2"), "00:1-2"),
            (Some("5"), None, None, "5:"),
            (Some("0"), None, None, ""),
            (Some("0"), Some("1:3"), Some("2"), "0:1:3-2"),
            (Some("1"), Some("2:3"), None, "1:2:3"),
            (None, Some("a:3"), None, "a:3"),
            (None, Some(":3"), None, ":3"),
            (Some("x"), Some("1"), None, "x:1"),
        ];
        for (epoch, version, release, expected) in cases {
            let mut evr = String::new();
            push_evr(&mut evr, epoch, version, release);
            assert_eq!(evr, expected, "{epoch:?} {version:?} {release:?}");
        }
    }
}
