//! What yum notes about installed packages, in small files below
//! `/var/lib/yum/yumdb`: a directory for each package, named
//! `b/<id>-bash-4.2.46-34.el7-x86_64` (no epoch), a file for each note.

use std::collections::BTreeMap;

use crate::model::{Arch, InstalledPackage, PackageName};

/// The longest note that is taken, in bytes; real ones are a word.
const LONGEST: usize = 512;
/// Most entries of [`YumDb::unread`].
const MAX_UNREAD: usize = 1000;
/// Most packages, as of a package list.
const MAX_PACKAGES: usize = 500_000;

/// The notes of yum on all packages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct YumDb {
    /// By package.
    pub notes: BTreeMap<YumPackage, YumNotes>,
    /// Files that were not understood: path and reason.
    pub unread: Vec<(String, String)>,
    /// How many such files there are, also where `unread` does not hold all.
    pub unread_total: usize,
}

/// A package, as yum names a directory for it. Versions are compared as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct YumPackage {
    /// Name.
    pub name: PackageName,
    /// Version.
    pub version: String,
    /// Release.
    pub release: String,
    /// Architecture.
    pub arch: Arch,
}

/// What yum notes about a package.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct YumNotes {
    /// Repository it was installed from.
    pub from_repo: Option<String>,
    /// Why: `user` or `dep`.
    pub reason: Option<String>,
}

/// Reads the files, given by path below the directory and content. Notes other
/// than `from_repo` and `reason` have no place in a snapshot and are passed by.
pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> YumDb {
    let mut yumdb = YumDb::default();
    for (path, content) in files {
        if let Err(why) = yumdb.file(path, content) {
            yumdb.unread_total += 1;
            if yumdb.unread.len() < MAX_UNREAD {
                yumdb.unread.push((path.to_owned(), why));
            }
        }
    }
    yumdb
}

impl YumDb {
    fn file(&mut self, path: &str, content: &[u8]) -> Result<(), String> {
        let mut parts = path.trim_start_matches('/').rsplitn(3, '/');
        let (Some(note), Some(directory), Some(_)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err("is not LETTER/PACKAGE/NOTE".to_owned());
        };
        if !matches!(note, "from_repo" | "reason") {
            return Ok(());
        }
        let package = package(directory)?;
        if self.notes.len() >= MAX_PACKAGES && !self.notes.contains_key(&package) {
            return Err(format!("is of more than {MAX_PACKAGES} packages"));
        }
        let content = text(content)?;
        let notes = self.notes.entry(package).or_default();
        let place = if note == "reason" { &mut notes.reason } else { &mut notes.from_repo };
        match place {
            Some(other) if *other != content => {
                Err(format!("says {content:?}, and another file {other:?}; that one counts"))
            }
            place => {
                *place = Some(content);
                Ok(())
            }
        }
    }

    /// Adds repository and reason to packages. Where yum has a directory for a
    /// package but no repository in it, the repository is empty: it is known
    /// that none was noted. Gives back what could not be told apart.
    pub fn apply(&self, packages: &mut [InstalledPackage]) -> Vec<String> {
        let mut remarks = Vec::new();
        let mut used: BTreeMap<&YumPackage, String> = BTreeMap::new();
        for package in packages {
            let Some(key) = key(package) else { continue };
            let Some((known, notes)) = self.notes.get_key_value(&key) else { continue };
            package.from_repo = Some(notes.from_repo.clone().unwrap_or_default());
            package.install_reason.clone_from(&notes.reason);
            if let Some(other) = used.insert(known, package.nevra()) {
                let package = package.nevra();
                remarks.push(format!("yum does not tell {package} and {other} apart"));
            }
        }
        remarks
    }
}

fn key(package: &InstalledPackage) -> Option<YumPackage> {
    Some(YumPackage {
        name: package.name.clone(),
        version: package.evr.version.clone(),
        release: package.evr.release.clone(),
        arch: package.arch.clone()?,
    })
}

fn text(content: &[u8]) -> Result<String, String> {
    if content.len() > LONGEST {
        return Err(format!("has {} bytes; no note has more than {LONGEST}", content.len()));
    }
    let text = std::str::from_utf8(content).map_err(|_| "is not UTF-8".to_owned())?.trim();
    let text = text.strip_prefix('@').unwrap_or(text);
    if text.chars().any(char::is_control) {
        return Err("holds control characters".to_owned());
    }
    Ok(text.to_owned())
}

/// `<id>-name-version-release-arch`, of which the id is the header's SHA-1 or,
/// where yum knew none, `name.buildtime`.
fn package(directory: &str) -> Result<YumPackage, String> {
    let odd = || "is in a directory not named ID-NAME-VERSION-RELEASE-ARCH".to_owned();
    let mut parts = directory.rsplitn(4, '-');
    let (arch, release, version) = (parts.next(), parts.next(), parts.next());
    let (Some(arch), Some(release), Some(version), Some(rest)) =
        (arch, release, version, parts.next())
    else {
        return Err(odd());
    };
    let name = without_id(rest).ok_or_else(odd)?;
    if version.is_empty() || release.is_empty() {
        return Err(odd());
    }
    Ok(YumPackage {
        name: PackageName::new(name).map_err(|error| error.to_string())?,
        version: version.to_owned(),
        release: release.to_owned(),
        arch: arch.parse().map_err(|error: crate::model::InvalidName| error.to_string())?,
    })
}

fn without_id(text: &str) -> Option<&str> {
    let (id, name) = text.split_once('-')?;
    let is_digest = matches!(id.len(), 32 | 40 | 64) && id.bytes().all(|b| b.is_ascii_hexdigit());
    if is_digest {
        return Some(name);
    }
    // Both names are the same, so the id ends where the rest says it again.
    text.match_indices('-').map(|(at, _)| (&text[..at], &text[at + 1..])).find_map(|(id, name)| {
        let time = id.strip_prefix(name)?.strip_prefix('.')?;
        (!time.is_empty() && time.bytes().all(|b| b.is_ascii_digit())).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef01234567";

    fn installed(nevra: &str) -> InstalledPackage {
        let nevra: crate::model::Nevra = nevra.parse().unwrap();
        InstalledPackage::new(nevra.name, nevra.evr, Some(nevra.arch))
    }

    #[test]
    fn repository_and_reason_go_to_the_package_whatever_its_epoch() {
        let directory = format!("N/{ID}-NetworkManager-libnm-1.18.8-1.el7-x86_64");
        let files = [
            (format!("{directory}/from_repo"), &b"base"[..]),
            (format!("{directory}/reason"), b"dep\n"),
            (format!("{directory}/checksum_data"), b"\xff"),
        ];
        let yumdb = read(files.iter().map(|(path, content)| (path.as_str(), *content)));
        assert_eq!(yumdb.unread, []);
        let mut packages = [
            installed("NetworkManager-libnm-1:1.18.8-1.el7.x86_64"),
            installed("NetworkManager-libnm-1:1.18.8-1.el7.i686"),
        ];
        assert_eq!(yumdb.apply(&mut packages), Vec::<String>::new());
        assert_eq!(packages[0].from_repo.as_deref(), Some("base"));
        assert_eq!(packages[0].install_reason.as_deref(), Some("dep"));
        assert_eq!(packages[1].from_repo, None);
    }

    #[test]
    fn an_id_may_be_the_name_and_a_time() {
        let path = "f/foo-bar.1500000000-foo-bar-1-2-noarch/reason";
        let yumdb = read([(path, &b"user"[..])]);
        assert_eq!(yumdb.notes.keys().next().unwrap().name.as_str(), "foo-bar");
        let mut packages = [installed("foo-bar-1-2.noarch")];
        yumdb.apply(&mut packages);
        // There is a directory and no repository in it.
        assert_eq!(packages[0].from_repo.as_deref(), Some(""));
    }

    #[test]
    fn two_packages_that_differ_in_epoch_only_are_told_of() {
        let path = format!("a/{ID}-a-1-1-noarch/from_repo");
        let yumdb = read([(path.as_str(), &b"@base"[..])]);
        let mut packages = [installed("a-1-1.noarch"), installed("a-2:1-1.noarch")];
        let remarks = yumdb.apply(&mut packages);
        assert_eq!(remarks, ["yum does not tell a-2:1-1.noarch and a-1-1.noarch apart"]);
        assert_eq!(packages[0].from_repo.as_deref(), Some("base"));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let good = format!("a/{ID}-a-1-1-noarch/from_repo");
        let files = [
            ("from_repo", &b"base"[..]),
            ("a/a-1-1-noarch/from_repo", b"base"),
            (&good, b"base"),
            (&good, b"epel"),
            (&good, b"\xff"),
            (&good, &[b'x'; 600]),
        ];
        let yumdb = read(files);
        let why: Vec<&str> = yumdb.unread.iter().map(|(_, why)| why.as_str()).collect();
        assert_eq!(
            why,
            [
                "is not LETTER/PACKAGE/NOTE",
                "is in a directory not named ID-NAME-VERSION-RELEASE-ARCH",
                "says \"epel\", and another file \"base\"; that one counts",
                "is not UTF-8",
                "has 600 bytes; no note has more than 512",
            ]
        );
        assert_eq!(yumdb.notes.len(), 1);
    }

    proptest! {
        #[test]
        fn no_path_makes_it_panic(path in "[a/.0-]{0,60}(from_repo|reason)?", content: Vec<u8>) {
            read([(path.as_str(), content.as_slice())]);
        }
    }
}
