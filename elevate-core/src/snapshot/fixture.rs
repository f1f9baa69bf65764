//! Hosts written as text, for tests of facts, actors and packs. Sections begin with
//! `//-`:
//!
//! ```text
//! //- host centos:7.9 x86_64         the default
//! //- packages                       names or whole NEVRAs, a line each; whoever made
//! bash                               them may follow: `third-party`, `key 24c6a8a7f4a80eb5`,
//! nginx-1.20-1.el7.x86_64 third-party   `unsigned`, `from epel`
//! //- /etc/fstab                     a file; its content follows
//! //- command lsmod                  a command; its output follows
//! //- link /sys/x -> ../y
//! //- absent /etc/z
//! //- unreadable /etc/q: Permission denied
//! //- dir /etc/x: a/ b c@ d%         directory, file, link, block device
//! //- key 2fa658e0-45700c69           a public key of the rpm database: its id, its time
//! //- find /etc/*.rpm[nos]*: /etc/x.rpmnew   what was found by name below a directory
//! //- entry /boot/vmlinuz-1 5391264  size; a path that ends in / is a directory; the number
//!                                of its file system may follow: `device=1`
//! //- key 2fa658e0-45700c69           a public key of the rpm database: its id, its time
//! //- sector /dev/vda grub2 start=63 the first sector of a disk: `grub2`, `grub-0.94`, `GRUB`, `LILO`, `gpt`,
//!                                and the first sector of each partition
//! //- space /boot available=1 total=2 inodes=3 free=4 ftype=no
//! ```
//!
//! What no section speaks of was not captured.

use thiserror::Error;

use super::{Content, Entry, EntryKind, Evidence, FileSystem, Identity, Missing, Snapshot, format};
use crate::model::{Arch, Evr, InstalledPackage, Nevra, PackageName, PublicKey, System};

/// A text that is no host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {why}")]
pub struct FixtureError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

/// Key CentOS signs release 7 with: packages are the distribution's unless they say
/// otherwise.
pub(crate) const CENTOS: &str = "24c6a8a7f4a80eb5";

/// Reads a host.
///
/// # Errors
///
/// The first line that is not understood.
pub fn parse(text: &str) -> Result<Snapshot, FixtureError> {
    let mut host = empty();
    let lines: Vec<&str> = text.lines().collect();
    let begins = |line: &&str| line.starts_with("//- ");
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let number = at + 1;
        at += 1;
        let Some(head) = line.strip_prefix("//- ") else {
            if line.trim().is_empty() {
                continue;
            }
            let why = "stands before any section; sections begin with `//- `".to_owned();
            return Err(FixtureError { line: number, why });
        };
        let rest = lines.get(at..).unwrap_or_default();
        let length = rest.iter().position(begins).unwrap_or(rest.len());
        let body = rest.get(..length).unwrap_or_default();
        add(&mut host, head.trim_end(), body, number)?;
        at += length;
    }
    Ok(host)
}

fn empty() -> Snapshot {
    let system =
        System { distro: crate::model::Distro::CentOs, release: crate::model::Release::new(7, 9) };
    let identity =
        Identity { system, arch: Arch::X86_64, kernel: None, hostname: None, cloud: None };
    Snapshot {
        format: format::Kind::Snapshot,
        version: format::VERSION,
        captured: None,
        identity,
        packages: Vec::new(),
        keys: Vec::new(),
        repositories: None,
        enabled_modules: None,
        evidence: Evidence::default(),
        unread: Vec::new(),
    }
}

fn add(host: &mut Snapshot, head: &str, body: &[&str], line: usize) -> Result<(), FixtureError> {
    let (word, rest) = head.split_once(' ').unwrap_or((head, ""));
    let text = || body.iter().map(|line| format!("{line}\n")).collect::<String>();
    let evidence = &mut host.evidence;
    let expected = |what: &str| FixtureError { line, why: format!("{head:?}: write `//- {what}`") };
    match word {
        path if path.starts_with('/') && rest.is_empty() => {
            evidence.files.insert(path.to_owned(), Content::from(&*text()));
        }
        "command" => {
            evidence.commands.insert(rest.to_owned(), Content::from(&*text()));
        }
        "link" => {
            let (path, target) =
                rest.split_once(" -> ").ok_or_else(|| expected("link PATH -> TARGET"))?;
            evidence.links.insert(path.to_owned(), Content::from(target));
        }
        "absent" => {
            evidence.missing.insert(rest.to_owned(), Missing::Absent);
        }
        "unreadable" => {
            let (path, why) =
                rest.split_once(": ").ok_or_else(|| expected("unreadable PATH: WHY"))?;
            evidence.missing.insert(path.to_owned(), Missing::Unreadable(why.to_owned()));
        }
        "dir" => {
            // Paths may hold colons; the one that ends them has a blank behind it.
            let parts = rest.split_once(": ").or_else(|| Some((rest.strip_suffix(':')?, "")));
            let (path, names) = parts.ok_or_else(|| expected("dir PATH: NAMES"))?;
            let names = names.split_whitespace().map(named).collect();
            evidence.directories.insert(path.to_owned(), names);
        }
        "find" => {
            let parts = rest.split_once(": ").or_else(|| Some((rest.strip_suffix(':')?, "")));
            let (pattern, paths) = parts.ok_or_else(|| expected("find PATTERN: PATHS"))?;
            let paths = paths.split_whitespace().map(str::to_owned).collect();
            evidence.found.insert(pattern.to_owned(), paths);
        }
        "entry" => {
            let parts = || {
                let (path, rest) = rest.split_once(' ')?;
                let (size, device) = rest.split_once(" device=").unzip();
                let device = device.map(|device| device.parse().ok());
                Some((path, size.unwrap_or(rest).parse().ok()?, device))
            };
            let parts = parts().filter(|(_, _, device)| *device != Some(None));
            let (path, size, device) = parts.ok_or_else(|| expected("entry PATH SIZE"))?;
            let kind = if path.ends_with('/') { EntryKind::Directory } else { EntryKind::File };
            let path = path.trim_end_matches('/').to_owned();
            let entry = Entry {
                kind,
                size,
                mode: 0o644,
                uid: 0,
                gid: 0,
                mtime: 0,
                device: device.flatten(),
            };
            evidence.entries.insert(path, entry);
        }
        "space" => {
            let parts = rest.split_once(' ').and_then(|(path, words)| Some((path, space(words)?)));
            let (path, space) = parts.ok_or_else(|| {
                expected("space PATH available=1 total=2 inodes=3 free=4 ftype=no")
            })?;
            evidence.file_systems.insert(path.to_owned(), space);
        }
        "sector" => {
            let (device, words) = rest.split_once(' ').unwrap_or((rest, ""));
            let sector = sector(words)
                .ok_or_else(|| expected("sector /dev/vda grub2 start=63 start=2048"))?;
            evidence.sectors.insert(device.to_owned(), Content::new(sector));
        }
        "host" => {
            let parts = || {
                let (system, arch) = rest.split_once(' ')?;
                Some((system.parse().ok()?, arch.parse().ok()?))
            };
            (host.identity.system, host.identity.arch) =
                parts().ok_or_else(|| expected("host centos:7.9 x86_64"))?;
        }
        "key" => {
            let (id, created) = rest.split_once('-').ok_or_else(|| expected("key ID-TIME"))?;
            let (id, created) = (id.to_owned(), created.to_owned());
            host.keys.push(PublicKey { id, created, packager: None });
        }
        "kernel" => host.identity.kernel = Some(rest.to_owned()),
        "packages" => {
            for (number, text) in (line + 1..).zip(body) {
                if !text.trim().is_empty() {
                    host.packages.push(package(text, number)?);
                }
            }
        }
        _ => {
            let why = format!("{head:?} is no section; see the list of them");
            return Err(FixtureError { line, why });
        }
    }
    Ok(())
}

/// `name` or `name-version-release.arch`, and who made it.
fn package(text: &str, line: usize) -> Result<InstalledPackage, FixtureError> {
    let failed = |why: String| FixtureError { line, why };
    let text = text.trim();
    let (what, origin) = text.split_once(' ').unwrap_or((text, ""));
    let mut package = match what.parse::<Nevra>() {
        Ok(Nevra { name, evr, arch }) => InstalledPackage::new(name, evr, Some(arch)),
        Err(_) => {
            let name: PackageName = what.parse().map_err(|error| failed(format!("{error}")))?;
            let evr = Evr { epoch: 0, version: "1".to_owned(), release: "1.el7".to_owned() };
            InstalledPackage::new(name, evr, Some(Arch::X86_64))
        }
    };
    let signed = |key: &str| Some(format!("RSA/SHA256, Key ID {key}"));
    (package.pgpsig, package.from_repo) = match origin.split_once(' ').unwrap_or((origin, "")) {
        ("", _) => (signed(CENTOS), Some("base".to_owned())),
        ("third-party", "") => (signed("1234567890abcdef"), Some("elsewhere".to_owned())),
        ("unsigned", "") => (Some("(none)".to_owned()), None),
        ("key", key) if !key.is_empty() => (signed(key), None),
        ("from", id) if !id.is_empty() => (signed(CENTOS), Some(id.to_owned())),
        _ => {
            let ways = "`third-party`, `unsigned`, `key ID` or `from REPOSITORY`";
            return Err(failed(format!("{origin:?} says nothing of a package; write {ways}")));
        }
    };
    Ok(package)
}

fn named(name: &str) -> (String, EntryKind) {
    let kinds =
        [('/', EntryKind::Directory), ('@', EntryKind::Link), ('%', EntryKind::BlockDevice)];
    let mut known =
        kinds.iter().filter_map(|(mark, kind)| Some((name.strip_suffix(*mark)?, *kind)));
    let (name, kind) = known.next().unwrap_or((name, EntryKind::File));
    (name.to_owned(), kind)
}

/// A first sector with the marks of a boot loader and a table of partitions.
fn sector(words: &str) -> Option<Vec<u8>> {
    let mut sector = vec![0; 512];
    let mut put = |at: usize, bytes: &[u8]| {
        let place = sector.get_mut(at..at + bytes.len());
        place.map(|place| place.copy_from_slice(bytes))
    };
    put(510, &[0x55, 0xaa])?;
    let mut place = 446;
    for word in words.split_whitespace() {
        let (kind, start) = match word {
            "grub2" => {
                put(384, b"GRUB \0Geom\0Hard Disk\0Read\0 Error\r\n\0")?;
                continue;
            }
            "grub-0.94" => {
                put(0x3e, &[3])?;
                put(377, b"GRUB \0Geom\0Hard Disk\0Read\0 Error\0")?;
                continue;
            }
            "GRUB" => {
                put(100, b"GRUB")?;
                continue;
            }
            "LILO" => {
                put(100, b"LILO")?;
                continue;
            }
            "gpt" => (0xee, 1),
            word => (0x83, word.strip_prefix("start=")?.parse::<u32>().ok()?),
        };
        if place >= 510 {
            return None;
        }
        put(place + 4, &[kind])?;
        put(place + 8, &start.to_le_bytes())?;
        place += 16;
    }
    Some(sector)
}

fn space(words: &str) -> Option<FileSystem> {
    let mut space =
        FileSystem { total: 0, available: 0, inodes: None, inodes_free: None, ftype: None };
    for word in words.split_whitespace() {
        let (key, value) = word.split_once('=')?;
        let number = value.parse::<u64>().ok();
        match key {
            "total" => space.total = number?,
            "available" => space.available = number?,
            "inodes" => space.inodes = Some(number?),
            "free" => space.inodes_free = Some(number?),
            "ftype" => space.ftype = Some(value == "yes"),
            _ => return None,
        }
    }
    Some(space)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_read_with_its_packages_and_files() {
        let text = "
//- host ol:7.8 s390x
//- kernel 3.10.0-1.el7.s390x
//- packages
bash
nginx-1:1.20-1.el7.x86_64 third-party

epel-release from extras
hand-made unsigned
//- /etc/x
a

b
//- dir /d: e/ f
//- absent /g
";
        let host = parse(text).unwrap();
        assert_eq!(host.identity.system.to_string(), "ol:7.8");
        assert_eq!(host.identity.arch.as_str(), "s390x");
        let packages: Vec<String> = host.packages.iter().map(InstalledPackage::nevra).collect();
        let expected = [
            "bash-1-1.el7.x86_64",
            "nginx-1:1.20-1.el7.x86_64",
            "epel-release-1-1.el7.x86_64",
            "hand-made-1-1.el7.x86_64",
        ];
        assert_eq!(packages, expected);
        assert_eq!(host.packages[2].from_repo.as_deref(), Some("extras"));
        assert_eq!(host.evidence.files["/etc/x"].text(), "a\n\nb\n");
        assert_eq!(host.evidence.directories["/d"].len(), 2);
        assert_eq!(host.evidence.missing["/g"], Missing::Absent);
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_line() {
        let cases = [
            ("x", "line 1: stands before any section; sections begin with `//- `"),
            ("//- absent /a\n//- what", "line 2: \"what\" is no section; see the list of them"),
            ("//- link a", "line 1: \"link a\": write `//- link PATH -> TARGET`"),
            (
                "//- sector /dev/vda what",
                "line 1: \"sector /dev/vda what\": write `//- sector /dev/vda grub2 start=63 start=2048`",
            ),
            (
                "//- entry /a 1 device=x",
                "line 1: \"entry /a 1 device=x\": write `//- entry PATH SIZE`",
            ),
            ("//- host x", "line 1: \"host x\": write `//- host centos:7.9 x86_64`"),
            (
                "//- packages\nbash stolen",
                "line 2: \"stolen\" says nothing of a package; write `third-party`, `unsigned`, \
                 `key ID` or `from REPOSITORY`",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).unwrap_err().to_string(), expected);
        }
    }
}
