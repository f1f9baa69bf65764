//! Numbers of the tags that are read, and what kind of value each must have.

use super::blob::{Blob, Kind};
use super::{DependencyKind, HeaderError};

pub(super) const HEADER_IMAGE: u32 = 61;
pub(super) const HEADER_IMMUTABLE: u32 = 63;
pub(super) const SIG_PGP: u32 = 259;
pub(super) const SIG_GPG: u32 = 262;
pub(super) const DSA_HEADER: u32 = 267;
pub(super) const RSA_HEADER: u32 = 268;
pub(super) const SHA1_HEADER: u32 = 269;
pub(super) const NAME: u32 = 1000;
pub(super) const VERSION: u32 = 1001;
pub(super) const RELEASE: u32 = 1002;
pub(super) const EPOCH: u32 = 1003;
pub(super) const BUILD_TIME: u32 = 1006;
pub(super) const INSTALL_TIME: u32 = 1008;
pub(super) const SIZE: u32 = 1009;
pub(super) const VENDOR: u32 = 1011;
pub(super) const PACKAGER: u32 = 1015;
pub(super) const GROUP: u32 = 1016;
pub(super) const ARCH: u32 = 1022;
pub(super) const OLD_FILE_NAMES: u32 = 1027;
pub(super) const FILE_STATES: u32 = 1029;
pub(super) const FILE_MODES: u32 = 1030;
pub(super) const FILE_DIGESTS: u32 = 1035;
pub(super) const FILE_FLAGS: u32 = 1037;
pub(super) const SOURCE_RPM: u32 = 1044;
pub(super) const SOURCE_PACKAGE: u32 = 1106;
pub(super) const DIR_INDEXES: u32 = 1116;
pub(super) const BASENAMES: u32 = 1117;
pub(super) const DIR_NAMES: u32 = 1118;
pub(super) const PLATFORM: u32 = 1132;
pub(super) const LONG_SIZE: u32 = 5009;
pub(super) const MODULARITY_LABEL: u32 = 5096;

/// What the signature header of a package file has and the database keeps as
/// [`SIG_PGP`].
pub(super) const SIGNATURE_PGP: u32 = 1002;
/// The same for [`SIG_GPG`].
pub(super) const SIGNATURE_GPG: u32 = 1005;

/// Three parallel lists: names, flags, versions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Triple {
    pub(super) names: u32,
    pub(super) flags: u32,
    pub(super) versions: u32,
}

/// The lists of a kind of dependency, and those of rpm before version 4.12, which
/// knew one weak and one reverse weak kind and a flag for the stronger of each.
pub(super) fn dependencies(kind: DependencyKind) -> (Triple, Option<(Triple, bool)>) {
    let triple = |names, flags, versions| Triple { names, flags, versions };
    let old_suggests = triple(1156, 1158, 1157);
    let old_enhances = triple(1159, 1161, 1160);
    match kind {
        DependencyKind::Provides => (triple(1047, 1112, 1113), None),
        DependencyKind::Requires => (triple(1049, 1048, 1050), None),
        DependencyKind::Conflicts => (triple(1054, 1053, 1055), None),
        DependencyKind::Obsoletes => (triple(1090, 1114, 1115), None),
        DependencyKind::Recommends => (triple(5046, 5048, 5047), Some((old_suggests, true))),
        DependencyKind::Suggests => (triple(5049, 5051, 5050), Some((old_suggests, false))),
        DependencyKind::Supplements => (triple(5052, 5054, 5053), Some((old_enhances, true))),
        DependencyKind::Enhances => (triple(5055, 5057, 5056), Some((old_enhances, false))),
    }
}

/// What rpm calls a tag that is read.
pub(super) fn name(tag: u32) -> &'static str {
    let known = TEXT.iter().chain(&TEXTS).chain(&NUMBERS).chain(&BYTES).find(|(t, _)| *t == tag);
    known.map_or("dependency", |(_, name)| name)
}

const TEXT: [(u32, &str); 11] = [
    (NAME, "NAME"),
    (VERSION, "VERSION"),
    (RELEASE, "RELEASE"),
    (VENDOR, "VENDOR"),
    (PACKAGER, "PACKAGER"),
    (GROUP, "GROUP"),
    (ARCH, "ARCH"),
    (SOURCE_RPM, "SOURCERPM"),
    (PLATFORM, "PLATFORM"),
    (SHA1_HEADER, "SHA1HEADER"),
    (MODULARITY_LABEL, "MODULARITYLABEL"),
];
const TEXTS: [(u32, &str); 4] = [
    (OLD_FILE_NAMES, "OLDFILENAMES"),
    (BASENAMES, "BASENAMES"),
    (DIR_NAMES, "DIRNAMES"),
    (FILE_DIGESTS, "FILEDIGESTS"),
];
const NUMBERS: [(u32, &str); 9] = [
    (EPOCH, "EPOCH"),
    (BUILD_TIME, "BUILDTIME"),
    (INSTALL_TIME, "INSTALLTIME"),
    (SIZE, "SIZE"),
    (LONG_SIZE, "LONGSIZE"),
    (FILE_STATES, "FILESTATES"),
    (FILE_MODES, "FILEMODES"),
    (FILE_FLAGS, "FILEFLAGS"),
    (DIR_INDEXES, "DIRINDEXES"),
];
const BYTES: [(u32, &str); 4] = [
    (SIG_PGP, "SIGPGP"),
    (SIG_GPG, "SIGGPG"),
    (DSA_HEADER, "DSAHEADER"),
    (RSA_HEADER, "RSAHEADER"),
];

/// The text tags, for telling which are not UTF-8.
pub(super) fn texts() -> impl Iterator<Item = u32> {
    let lists = DependencyKind::ALL.into_iter().flat_map(|kind| {
        let (list, old) = dependencies(kind);
        [Some(list), old.map(|(list, _)| list)].into_iter().flatten()
    });
    let lists = lists.flat_map(|list| [list.names, list.versions]);
    TEXT.iter().chain(&TEXTS).map(|(tag, _)| *tag).chain(lists)
}

/// Whether every tag that is read has values of its kind, and lists that belong
/// together are equally long.
pub(super) fn check(blob: &Blob) -> Result<(), HeaderError> {
    let is = |tags: &[(u32, &str)], what: &str, fits: fn(Kind) -> bool| {
        let wrong = tags.iter().find(|(tag, _)| !blob.entry(*tag).is_none_or(|e| fits(e.kind)));
        wrong.map_or(Ok(()), |(tag, _)| Err(HeaderError::tag(*tag, format!("holds no {what}"))))
    };
    is(&TEXT, "text", Kind::is_text)?;
    is(&TEXTS, "texts", Kind::is_text)?;
    is(&NUMBERS, "numbers", |kind| matches!(kind, Kind::Numbers(_)))?;
    is(&BYTES, "bytes", |kind| kind == Kind::Bytes)?;
    for kind in DependencyKind::ALL {
        let (list, old) = dependencies(kind);
        check_dependencies(blob, list)?;
        old.map_or(Ok(()), |(list, _)| check_dependencies(blob, list))?;
    }
    check_files(blob)
}

fn check_dependencies(blob: &Blob, list: Triple) -> Result<(), HeaderError> {
    let texts = [list.names, list.versions].map(|tag| (tag, ""));
    let wrong = texts.iter().find(|(tag, _)| !blob.entry(*tag).is_none_or(|e| e.kind.is_text()));
    if let Some((tag, _)) = wrong {
        return Err(HeaderError::tag(*tag, "holds no texts".to_owned()));
    }
    if blob.entry(list.flags).is_some_and(|e| e.kind != Kind::Numbers(4)) {
        return Err(HeaderError::tag(list.flags, "holds no numbers of 4 bytes".to_owned()));
    }
    let names = count(blob, list.names).unwrap_or(0);
    same_length(blob, names, &[list.flags, list.versions])
}

fn check_files(blob: &Blob) -> Result<(), HeaderError> {
    let directories = u64::from(count(blob, DIR_NAMES).unwrap_or(0));
    let files = match count(blob, BASENAMES) {
        Some(names) => {
            if count(blob, DIR_INDEXES) != Some(names) {
                let why = format!("are not one for each of {names} file names");
                return Err(HeaderError::tag(DIR_INDEXES, why));
            }
            if let Some(index) = blob.numbers(DIR_INDEXES).find(|index| *index >= directories) {
                let why = format!("name directory {index} of {directories}");
                return Err(HeaderError::tag(DIR_INDEXES, why));
            }
            names
        }
        None => count(blob, OLD_FILE_NAMES).unwrap_or(0),
    };
    same_length(blob, files, &[FILE_STATES, FILE_MODES, FILE_FLAGS, FILE_DIGESTS])
}

/// Lists that go with another one may be absent, as old packages have them, but
/// not of another length.
fn same_length(blob: &Blob, wanted: u32, tags: &[u32]) -> Result<(), HeaderError> {
    for &tag in tags {
        if let Some(count) = count(blob, tag).filter(|count| *count != wanted) {
            return Err(HeaderError::tag(tag, format!("has {count} values, not {wanted}")));
        }
    }
    Ok(())
}

/// How many dependencies and files there are.
pub(super) fn parts(blob: &Blob) -> usize {
    let lists = DependencyKind::ALL.into_iter().flat_map(|kind| {
        let (list, old) = dependencies(kind);
        [Some(list.names), old.map(|(list, _)| list.names)]
    });
    let names = lists.flatten().chain([BASENAMES, OLD_FILE_NAMES]);
    names.filter_map(|tag| count(blob, tag)).map(|count| count as usize).sum()
}

fn count(blob: &Blob, tag: u32) -> Option<u32> {
    blob.entry(tag).map(|entry| entry.count)
}
