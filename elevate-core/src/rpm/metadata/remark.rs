//! What is odd about metadata and does not end the reading.

use std::fmt;

/// The most different remarks of one file; one more says how many are missing.
const MAX_REMARKS: usize = 200;
/// How much of a foreign text a message repeats, in characters.
const EXCERPT: usize = 80;

/// Something in metadata that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetadataRemark {
    /// The file, as it is shown.
    pub file: String,
    /// Where it is so first.
    pub place: Place,
    /// What is odd.
    pub what: Oddity,
    /// How often it is so in this file.
    pub times: u64,
}

impl fmt::Display for MetadataRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file)?;
        if self.place != Place::default() {
            write!(f, "{}: ", self.place)?;
        }
        self.what.fmt(f)?;
        if self.times > 1 { write!(f, " ({} times)", self.times) } else { Ok(()) }
    }
}

/// Where in a file something is: `package 17 (bash), rpm:requires`, or nowhere in
/// particular.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Which package it is, from 1; 0 outside of packages.
    pub package: u64,
    /// What that is called, where it is known.
    pub name: String,
    /// Which part of it, or of the file.
    pub part: String,
}

impl Place {
    /// This place of a part of a file, in the whole file; `before` is the last one
    /// before that part. What stands outside of packages is told by the one before it.
    pub(crate) fn behind(self, before: &Place) -> Place {
        match self.package {
            0 => before.clone(),
            package => Place { package: before.package + package, ..self },
        }
    }
}

impl From<String> for Place {
    /// A part of a file.
    fn from(part: String) -> Self {
        Self { part, ..Self::default() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { package, name, part } = self;
        match (package, name.as_str()) {
            (0, _) => return f.write_str(part),
            (_, "") => write!(f, "package {package}")?,
            _ => write!(f, "package {package} ({name})")?,
        }
        if part.is_empty() { Ok(()) } else { write!(f, ", {part}") }
    }
}

/// What can be odd about metadata, and what is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// Another encoding is declared.
    Encoding(String),
    /// An element that is not known.
    UnknownElement(String),
    /// Text where none belongs.
    StrayText,
    /// An element where none belongs.
    Nested,
    /// An element that may be there once.
    Repeated(&'static str),
    /// A package of another kind than `rpm`.
    NotRpm(String),
    /// An entry of another file, which refers to a package.
    Extends,
    /// A package without a name.
    NoName,
    /// A package without an architecture.
    NoArch,
    /// A package whose architecture is empty.
    EmptyArch,
    /// A package without a version.
    NoVersion,
    /// A package without a place to get it from.
    NoLocation,
    /// A checksum that is missing.
    NoChecksum,
    /// A checksum that cannot be compared with.
    BadChecksum(String),
    /// A dependency without a name.
    UnnamedDependency,
    /// A dependency whose name is empty.
    EmptyDependency,
    /// A comparison that is not known.
    UnknownFlags(String),
    /// A comparison with nothing to compare with.
    NothingToCompare,
    /// A version without a comparison.
    NoComparison,
    /// A dependency on something that is no package.
    DependencyKind(String),
    /// The path of a file does not begin with `/`.
    RelativeFile,
    /// A number that is none.
    NotANumber(String),
    /// Other than the number of packages the file states.
    Count {
        /// What it states.
        stated: u64,
        /// How many there are.
        found: u64,
    },
    /// A file of a repository without its kind.
    NoKind,
    /// A second file of the same kind.
    SecondOfKind(String),
    /// A location that is no path below the repository.
    Location(String),
    /// An element without something it needs.
    Lacks {
        /// The element.
        element: &'static str,
        /// What is missing, and what becomes of it.
        what: &'static str,
    },
    /// A kind of something that is not known.
    UnknownKind(String),
    /// There are more remarks than are kept.
    More,
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Oddity::NotUtf8 => f.write_str("bytes that are not UTF-8, read as \u{fffd}"),
            Oddity::Encoding(name) => write!(f, "declares encoding {name:?}, read as UTF-8"),
            Oddity::UnknownElement(name) => write!(f, "<{name}> is not known here, left out"),
            Oddity::StrayText => f.write_str("text where none belongs, left out"),
            Oddity::Nested => f.write_str("an element where none belongs, left out"),
            Oddity::Repeated(name) => write!(f, "<{name}> is there again, the last one counts"),
            Oddity::NotRpm(kind) => write!(f, "package of type {kind:?}, taken for an rpm"),
            Oddity::Extends => f.write_str("a package by reference (pkgid), left out"),
            Oddity::NoName => f.write_str("a package without a name, left out"),
            Oddity::NoArch => f.write_str("no architecture, taken for noarch"),
            Oddity::EmptyArch => f.write_str("an empty architecture, which no host has"),
            Oddity::NoVersion => f.write_str("no version"),
            Oddity::NoLocation => f.write_str("no location"),
            Oddity::NoChecksum => f.write_str("no checksum"),
            Oddity::BadChecksum(why) => write!(f, "{why}; taken for none"),
            Oddity::UnnamedDependency => f.write_str("a dependency without a name, left out"),
            Oddity::EmptyDependency => {
                f.write_str("a dependency with an empty name, which nothing meets")
            }
            Oddity::UnknownFlags(flags) => {
                write!(f, "comparison {flags:?} is not known, so that nothing meets it")
            }
            Oddity::NothingToCompare => f.write_str("a comparison without a version"),
            Oddity::NoComparison => f.write_str("a version without a comparison, left out"),
            Oddity::DependencyKind(kind) => write!(f, "a dependency of kind {kind:?}"),
            Oddity::RelativeFile => f.write_str("a file path without a leading /, which is added"),
            Oddity::NotANumber(text) => write!(f, "{text:?} is no number, left out"),
            Oddity::Count { stated, found } => {
                write!(f, "states {stated} packages, has {found}")
            }
            Oddity::NoKind => f.write_str("data without a type, left out"),
            Oddity::SecondOfKind(kind) => {
                write!(f, "{kind:?} is there again, the first one counts")
            }
            Oddity::Location(path) => {
                write!(f, "{path:?} is no path below the repository, left out")
            }
            Oddity::Lacks { element, what } => write!(f, "<{element}> without {what}"),
            Oddity::UnknownKind(kind) => write!(f, "kind {kind:?} is not known"),
            Oddity::More => f.write_str("more remarks, left out"),
        }
    }
}

/// The remarks of one file, each kind once.
#[derive(Debug, Default)]
pub(crate) struct Remarks(Vec<MetadataRemark>);

impl Remarks {
    /// Notes an oddity. File and place are asked for where it is the first of its
    /// kind.
    pub(crate) fn note(&mut self, what: Oddity, at: impl FnOnce() -> (String, Place)) {
        self.note_times(what, 1, at);
    }

    fn note_times(&mut self, what: Oddity, times: u64, at: impl FnOnce() -> (String, Place)) {
        let what = if self.has_room_for(&what) { what } else { Oddity::More };
        match self.0.iter_mut().find(|remark| remark.what == what) {
            Some(remark) => remark.times += times,
            None => {
                let (file, place) = at();
                self.0.push(MetadataRemark { file, place, what, times });
            }
        }
    }

    /// Notes what was noted of a part of the file, which begins behind `before`. Says
    /// whether all of it was: of a part with too many remarks, some are missing.
    pub(crate) fn join(&mut self, part: Remarks, before: &Place) -> bool {
        let is_whole = part.0.iter().all(|remark| remark.what != Oddity::More);
        for MetadataRemark { file, place, what, times } in part.0 {
            self.note_times(what, times, || (file, place.behind(before)));
        }
        is_whole
    }

    fn has_room_for(&self, what: &Oddity) -> bool {
        self.0.len() < MAX_REMARKS || self.0.iter().any(|remark| remark.what == *what)
    }

    pub(crate) fn list(&self) -> &[MetadataRemark] {
        &self.0
    }

    pub(crate) fn into_list(self) -> Vec<MetadataRemark> {
        self.0
    }
}

/// The beginning of a foreign text, for a message.
pub(crate) fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_counted_not_repeated_and_bounded() {
        let mut remarks = Remarks::default();
        for number in 0..1000 {
            let at = || ("primary.xml".to_owned(), format!("package {number}").into());
            remarks.note(Oddity::NoArch, at);
            remarks.note(Oddity::UnknownElement(format!("x{number}")), at);
        }
        let list = remarks.into_list();
        assert_eq!(list.len(), MAX_REMARKS + 1);
        assert_eq!(
            list[0].to_string(),
            "primary.xml: package 0: no architecture, taken for noarch (1000 times)"
        );
        assert_eq!(list[1].to_string(), "primary.xml: package 0: <x0> is not known here, left out");
        assert_eq!(
            list[MAX_REMARKS].to_string(),
            "primary.xml: package 199: more remarks, left out (801 times)"
        );
    }
}
