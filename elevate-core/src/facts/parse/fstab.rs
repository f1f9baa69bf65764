//! `/etc/fstab`, as `mount` reads it, with what stricter readers refuse.

use super::{numbered, odd, push, unescape_octal};
use crate::facts::OddLine;

/// A line of fstab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FstabEntry {
    /// Line, from 1.
    pub line: usize,
    /// The line as it is.
    pub text: String,
    /// What is mounted, escapes undone, quotes of a tag taken off.
    pub source: String,
    /// Where, escapes undone, without `/` at the end; `none` or `swap` for
    /// swap.
    pub target: String,
    /// Type of the file system.
    pub fstype: String,
    /// Options; a name, or `name=value`.
    pub options: Vec<String>,
    /// `fs_freq`; 0 where it is missing.
    pub freq: u32,
    /// `fs_passno`; 0 where it is missing.
    pub pass: u32,
    /// How many fields the line has, further ones and a comment at its end
    /// included. leapp refuses all but 4, 5 and 6.
    pub fields: usize,
    /// Whether a field beyond the source begins with `#`: a comment at the end
    /// of the line, which fstab does not have.
    pub has_comment: bool,
}

impl FstabEntry {
    /// What kind of name the source is.
    pub fn source_kind(&self) -> SourceKind {
        source_kind(&self.source, &self.fstype)
    }

    /// Whether this is swap space.
    pub fn is_swap(&self) -> bool {
        self.fstype == "swap"
    }

    /// Whether an option is set, by its name.
    pub fn has_option(&self, name: &str) -> bool {
        self.options.iter().any(|option| option_name(option) == name)
    }

    /// Whether programs cannot be run from there: the last option that says so
    /// counts, and `user` and `users` say it too.
    pub fn is_noexec(&self) -> bool {
        let says = |option: &String| match option_name(option) {
            "noexec" | "user" | "users" => Some(true),
            "exec" => Some(false),
            _ => None,
        };
        self.options.iter().filter_map(says).next_back().unwrap_or(false)
    }
}

/// The name of an option.
pub fn option_name(option: &str) -> &str {
    option.split_once('=').map_or(option, |(name, _)| name)
}

/// How a source is named, which decides whether the name holds under another
/// kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceKind {
    /// `UUID=`, `LABEL=`, `PARTUUID=`, `PARTLABEL=`, `ID=`.
    Tag,
    /// A link that udev keeps: `/dev/disk/by-...`.
    ById,
    /// The device mapper, or a path of LVM: `/dev/mapper/x`, `/dev/vg/lv`.
    Mapper,
    /// An array by name: `/dev/md/x`.
    ArrayByName,
    /// An array by number: `/dev/md0`. The number may change.
    ArrayByNumber,
    /// A name the kernel gives in the order it finds devices: `/dev/sda1`.
    KernelName,
    /// Another machine: `host:/path`, `//host/share`.
    Network,
    /// No device at all: `tmpfs`, `proc`.
    Pseudo,
    /// A file or directory of the host: swap files, loop and bind mounts.
    Path,
    /// Another device.
    OtherDevice,
}

impl SourceKind {
    /// Whether the name stays with the device whatever the kernel finds first.
    /// `None` where it cannot be told.
    pub fn is_persistent(self) -> Option<bool> {
        match self {
            SourceKind::ArrayByNumber | SourceKind::KernelName => Some(false),
            SourceKind::OtherDevice => None,
            _ => Some(true),
        }
    }
}

/// What kind of name a source is; the type tells pseudo file systems.
pub fn source_kind(source: &str, fstype: &str) -> SourceKind {
    const TAGS: [&str; 5] = ["UUID=", "LABEL=", "PARTUUID=", "PARTLABEL=", "ID="];
    if TAGS.iter().any(|tag| source.starts_with(tag)) {
        return SourceKind::Tag;
    }
    if is_network(fstype) || source.starts_with("//") {
        return SourceKind::Network;
    }
    let Some(name) = source.strip_prefix("/dev/") else {
        let is_host = source.split_once(":/").is_some_and(|(host, _)| !host.contains('/'));
        return match source.starts_with('/') {
            true => SourceKind::Path,
            false if is_host => SourceKind::Network,
            false => SourceKind::Pseudo,
        };
    };
    if name.starts_with("disk/by-") {
        return SourceKind::ById;
    }
    if name.starts_with("md/") {
        return SourceKind::ArrayByName;
    }
    if name.starts_with("mapper/") {
        return SourceKind::Mapper;
    }
    if let Some(number) = name.strip_prefix("md") {
        let is_number = number.starts_with(|c: char| c.is_ascii_digit());
        return if is_number { SourceKind::ArrayByNumber } else { SourceKind::OtherDevice };
    }
    if name.contains('/') {
        // Controllers that name disks by place in a directory of their own.
        let of_driver = name.starts_with("cciss/") || name.starts_with("ida/");
        return if of_driver { SourceKind::KernelName } else { SourceKind::Mapper };
    }
    const KERNEL: [&str; 13] = [
        "sd", "hd", "vd", "xvd", "nvme", "mmcblk", "dasd", "sr", "dm-", "pmem", "nbd", "fd", "scd",
    ];
    match KERNEL.iter().any(|start| name.starts_with(start)) {
        true => SourceKind::KernelName,
        false => SourceKind::OtherDevice,
    }
}

/// Whether a type of file system is on another machine. `nfsd` is not: it is
/// the kernel's own.
pub fn is_network(fstype: &str) -> bool {
    const TYPES: [&str; 9] =
        ["cifs", "smb3", "smbfs", "ceph", "glusterfs", "fuse.glusterfs", "fuse.sshfs", "afs", "9p"];
    is_nfs(fstype) || TYPES.contains(&fstype)
}

/// Whether a type is NFS. `nfsd` is not: it is the kernel's own.
pub fn is_nfs(fstype: &str) -> bool {
    fstype.starts_with("nfs") && fstype != "nfsd"
}

/// Reads fstab. Lines of fewer than three fields are no entries; those of an
/// odd number are entries and are named as well.
pub fn parse(text: &str) -> (Vec<FstabEntry>, Vec<OddLine>) {
    let (mut entries, mut notes) = (Vec::new(), Vec::new());
    for (number, line) in numbered(text) {
        let trimmed = line.trim_matches([' ', '\t', '\r']);
        if trimmed.is_empty() {
            continue;
        }
        if trimmed.starts_with('#') {
            if !line.starts_with('#') {
                odd(&mut notes, number, line, "is an indented comment; leapp reads it as an entry");
            }
            continue;
        }
        let fields: Vec<&str> = trimmed.split_ascii_whitespace().take(64).collect();
        if fields.len() < 3 {
            odd(&mut notes, number, line, format!("has {} fields, not 4 to 6", fields.len()));
            continue;
        }
        let entry = entry(number, line, &fields, &mut notes);
        push(&mut entries, entry, &mut notes, number, line);
    }
    (entries, notes)
}

fn entry(number: usize, line: &str, fields: &[&str], notes: &mut Vec<OddLine>) -> FstabEntry {
    let field = |index: usize| fields.get(index).copied().unwrap_or_default();
    let has_comment = fields.iter().skip(1).any(|field| field.starts_with('#'));
    match fields.len() {
        4..=6 if !has_comment => {}
        _ if has_comment => {
            odd(notes, number, line, "has a comment at its end, which is read as fields")
        }
        count => odd(notes, number, line, format!("has {count} fields, not 4 to 6")),
    }
    let mut digits = |index: usize| match field(index) {
        "" => 0,
        text if text.starts_with('#') => 0,
        text => text.parse().unwrap_or_else(|_| {
            odd(notes, number, line, format!("has no number in field {}", index + 1));
            0
        }),
    };
    let (freq, pass) = (digits(4), digits(5));
    let options = field(3).split(',').filter(|option| !option.is_empty());
    FstabEntry {
        line: number,
        text: line.chars().take(512).collect(),
        source: tag(&unescape_octal(field(0))),
        target: without_slash(&unescape_octal(field(1))),
        fstype: field(2).to_owned(),
        options: options.map(unescape_octal).collect(),
        freq,
        pass,
        fields: fields.len(),
        has_comment,
    }
}

/// A tag without the quotes its value may have.
fn tag(source: &str) -> String {
    let Some((name, value)) = source.split_once('=') else { return source.to_owned() };
    let inside = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    let value = inside('"').or_else(|| inside('\'')).unwrap_or(value);
    format!("{name}={value}")
}

/// A path without `/` at its end.
pub(crate) fn without_slash(path: &str) -> String {
    match path.trim_end_matches('/') {
        "" if path.starts_with('/') => "/".to_owned(),
        path => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_have_four_to_six_fields() {
        let text = "# a\n\nUUID=1-2 / xfs defaults 0 1\n/dev/sda1 /boot/ ext4 rw,noexec\n\
                    LABEL=\"a b\" /x xfs defaults 0\nLABEL=\"ab\" /y xfs x-a=\"b\",ro 1\n\
                    /dev/sdb1 /with\\040blank\\011tab\\134 ext4 noauto 1 2\n/swap.img none swap sw 0 0\n";
        let (entries, odd) = parse(text);
        assert_eq!(odd.iter().map(|o| o.line).collect::<Vec<_>>(), [5], "{odd:?}");
        let targets: Vec<_> = entries.iter().map(|e| e.target.as_str()).collect();
        assert_eq!(targets, ["/", "/boot", "b\"", "/y", "/with blank\ttab\\", "none"]);
        assert_eq!(entries[1].options, ["rw", "noexec"]);
        assert_eq!((entries[1].freq, entries[1].fields, entries[4].pass), (0, 4, 2));
        assert_eq!(entries[3].source, "LABEL=ab");
        assert!(entries[5].is_swap() && entries[1].has_option("noexec"));
    }

    #[test]
    fn odd_lines_are_named_and_the_others_are_read() {
        let text = "  # indented\n/dev/sda1\n/dev/sda2 /a xfs\n/dev/sda3 /b xfs ro 0 0 extra\n\
                    /dev/sda4 /c xfs ro 0 0 # why\n/dev/sda5 /d xfs ro x y\n/dev/sda6 /e xfs ro #0\n";
        let (entries, odd) = parse(text);
        let odd: Vec<_> = odd.iter().map(|o| format!("{}: {}", o.line, o.why)).collect();
        assert_eq!(
            odd,
            [
                "1: is an indented comment; leapp reads it as an entry",
                "2: has 1 fields, not 4 to 6",
                "3: has 3 fields, not 4 to 6",
                "4: has 7 fields, not 4 to 6",
                "5: has a comment at its end, which is read as fields",
                "6: has no number in field 5",
                "6: has no number in field 6",
                "7: has a comment at its end, which is read as fields",
            ]
        );
        assert_eq!(entries.iter().map(|e| e.fields).collect::<Vec<_>>(), [3, 7, 8, 6, 5]);
        assert!(entries[2].has_comment);
    }

    #[test]
    fn names_that_may_change_are_told_from_those_that_stay() {
        use SourceKind::*;
        for (source, fstype, expected, persistent) in [
            ("UUID=1", "xfs", Tag, Some(true)),
            ("/dev/disk/by-uuid/1", "xfs", ById, Some(true)),
            ("/dev/mapper/centos-root", "xfs", Mapper, Some(true)),
            ("/dev/centos/root", "xfs", Mapper, Some(true)),
            ("/dev/md/root", "xfs", ArrayByName, Some(true)),
            ("/dev/md127", "xfs", ArrayByNumber, Some(false)),
            ("/dev/sda1", "xfs", KernelName, Some(false)),
            ("/dev/nvme0n1p1", "xfs", KernelName, Some(false)),
            ("/dev/cciss/c0d0p1", "xfs", KernelName, Some(false)),
            ("/dev/drbd0", "xfs", OtherDevice, None),
            ("server:/export", "nfs4", Network, Some(true)),
            ("[fe80::1]:/export", "nfs", Network, Some(true)),
            ("//server/share", "cifs", Network, Some(true)),
            ("tmpfs", "tmpfs", Pseudo, Some(true)),
            ("nfsd", "nfsd", Pseudo, Some(true)),
            ("/swapfile", "swap", Path, Some(true)),
            ("", "", Pseudo, Some(true)),
        ] {
            let kind = source_kind(source, fstype);
            assert_eq!((kind, kind.is_persistent()), (expected, persistent), "{source:?}");
        }
    }

    #[test]
    fn the_last_option_on_running_programs_counts() {
        for (options, expected) in [
            ("defaults", false),
            ("rw,noexec", true),
            ("noexec,exec", false),
            ("user", true),
            ("users,exec", false),
            ("xnoexec", false),
        ] {
            let (entries, _) = parse(&format!("/dev/sdb /var xfs {options} 0 0\n"));
            assert_eq!(entries[0].is_noexec(), expected, "{options}");
        }
    }
}
