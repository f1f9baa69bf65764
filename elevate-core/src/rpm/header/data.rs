//! A header as a snapshot keeps it.

use std::collections::BTreeMap;

use super::{DependencyFlags, DependencyKind, File, FileFlags, FileState, Header, file};
use crate::model::{FileMark, PackageData, Purpose, StoredDependency, StoredFile};

/// What `mode` has for directories and links.
const TYPE: u32 = 0o170_000;
const DIRECTORY: u32 = 0o040_000;
const LINK: u32 = 0o120_000;

/// Dependencies and files of a header.
pub(super) fn data(header: &Header) -> PackageData {
    let of = |kind| dependencies(header, kind);
    PackageData {
        source_rpm: header.source_rpm().map(|name| name.into_owned()),
        provides: of(DependencyKind::Provides),
        requires: of(DependencyKind::Requires),
        conflicts: of(DependencyKind::Conflicts),
        obsoletes: of(DependencyKind::Obsoletes),
        recommends: of(DependencyKind::Recommends),
        suggests: of(DependencyKind::Suggests),
        supplements: of(DependencyKind::Supplements),
        enhances: of(DependencyKind::Enhances),
        files: files(header),
    }
}

fn dependencies(header: &Header, kind: DependencyKind) -> Vec<StoredDependency> {
    let stored = |dependency: super::Dependency<'_>| {
        let text = dependency.to_string();
        match purposes(dependency.flags) {
            purposes if purposes.is_empty() => StoredDependency::Text(text),
            purposes => StoredDependency::Flagged { text, purposes },
        }
    };
    header.dependencies(kind).map(stored).collect()
}

fn purposes(flags: DependencyFlags) -> Vec<Purpose> {
    const KNOWN: [(DependencyFlags, Purpose); 9] = [
        (DependencyFlags::PREREQ, Purpose::Prereq),
        (DependencyFlags::PRETRANS, Purpose::Pretrans),
        (DependencyFlags::PRE, Purpose::Pre),
        (DependencyFlags::POST, Purpose::Post),
        (DependencyFlags::PREUN, Purpose::Preun),
        (DependencyFlags::POSTUN, Purpose::Postun),
        (DependencyFlags::POSTTRANS, Purpose::Posttrans),
        (DependencyFlags::INTERPRETER, Purpose::Interp),
        (DependencyFlags::MISSING_OK, Purpose::MissingOk),
    ];
    KNOWN.iter().filter(|(flag, _)| flags.has(*flag)).map(|(_, purpose)| *purpose).collect()
}

fn files(header: &Header) -> BTreeMap<String, Vec<StoredFile>> {
    let mut files: BTreeMap<String, Vec<StoredFile>> = BTreeMap::new();
    for (file, digest) in header.files().zip(file::digests(&header.blob)) {
        let marks = marks(&file);
        // Old packages have whole names.
        let (directory, name) = match file.directory.is_empty() {
            true => file.name.rsplit_once('/').map_or(("", &*file.name), |(directory, name)| {
                (&file.name[..=directory.len()], name)
            }),
            false => (&*file.directory, &*file.name),
        };
        let name = name.to_owned();
        let stored = match marks.is_empty() {
            true => StoredFile::Plain(name),
            false => StoredFile::Marked { name, digest: kept(&file, &digest), is: marks },
        };
        match files.get_mut(directory) {
            Some(list) => list.push(stored),
            None => _ = files.insert(directory.to_owned(), vec![stored]),
        }
    }
    files
}

/// The digest of a configuration file.
fn kept(file: &File<'_>, digest: &str) -> Option<String> {
    let is_kept = file.flags.has(FileFlags::CONFIG) && !digest.is_empty();
    is_kept.then(|| digest.to_owned())
}

fn marks(file: &File<'_>) -> Vec<FileMark> {
    let mode = file.mode.map(|mode| mode & TYPE);
    let missing = matches!(
        file.state,
        Some(FileState::NotInstalled | FileState::NetShared | FileState::Other(_))
    );
    let replaced = matches!(file.state, Some(FileState::Replaced | FileState::WrongColor));
    [
        (mode == Some(DIRECTORY), FileMark::Directory),
        (mode == Some(LINK), FileMark::Link),
        (file.flags.has(FileFlags::CONFIG), FileMark::Config),
        (file.flags.has(FileFlags::NO_REPLACE), FileMark::NoReplace),
        (file.flags.has(FileFlags::MISSING_OK), FileMark::MissingOk),
        (file.flags.has(FileFlags::GHOST), FileMark::Ghost),
        (replaced, FileMark::Replaced),
        (missing, FileMark::NotInstalled),
    ]
    .into_iter()
    .filter_map(|(is, mark)| is.then_some(mark))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::build::{Builder, Value};
    use super::super::{Record, read};
    use super::*;

    #[test]
    fn a_snapshot_keeps_what_dependencies_are_for_and_what_files_are() {
        let bytes = Builder::package("a", "1", "1")
            .tag(1049, &Value::Texts(&["/bin/sh", "libc.so.6", "b"]))
            .tag(1048, &Value::Numbers(&[1 << 8 | 1 << 10, 0, 1 << 3 | 1 << 2]))
            .tag(1050, &Value::Texts(&["", "", "1:2-3"]))
            .tag(1117, &Value::Texts(&["a.conf", "a", "d", "l"]))
            .tag(1116, &Value::Numbers(&[0, 1, 1, 1]))
            .tag(1118, &Value::Texts(&["/etc/", "/usr/"]))
            .tag(1037, &Value::Numbers(&[1 | 1 << 4, 0, 0, 1 << 6]))
            .tag(1035, &Value::Texts(&["0a", "0b", "", ""]))
            .bytes();
        let Ok(Record::Package(header)) = read(bytes) else { panic!("is a package") };
        let data = data(&header);
        assert_eq!(data.requires[2].text(), "b >= 1:2-3");
        assert!(data.requires[0].is_before() && !data.requires[1].is_before());
        assert_eq!(data.requires[0].purposes(), [Purpose::Post, Purpose::Interp]);
        let json = serde_json::to_value(&data).unwrap();
        let expected = serde_json::json!({
            "requires": [{"text": "/bin/sh", "for": ["post", "interp"]}, "libc.so.6", "b >= 1:2-3"],
            "files": {
                "/etc/": [{"name": "a.conf", "is": ["config", "no-replace"], "digest": "0a"}],
                "/usr/": ["a", "d", {"name": "l", "is": ["ghost"]}],
            },
        });
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_value::<PackageData>(json).unwrap(), data);
        let paths: Vec<String> = data.paths().map(|(path, _)| path).collect();
        assert_eq!(paths, ["/etc/a.conf", "/usr/a", "/usr/d", "/usr/l"]);
    }

    #[test]
    fn whole_names_of_old_packages_are_split() {
        let bytes =
            Builder::package("a", "1", "1").tag(1027, &Value::Texts(&["/etc/a", "b"])).bytes();
        let Ok(Record::Package(header)) = read(bytes) else { panic!("is a package") };
        let paths: Vec<String> = data(&header).paths().map(|(path, _)| path).collect();
        assert_eq!(paths, ["b", "/etc/a"]);
    }
}
