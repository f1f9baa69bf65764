//! What is mounted: `/proc/self/mountinfo`, `/proc/mounts`, or what `mount`
//! prints; and `/proc/swaps`.

use super::fstab::without_slash;
use super::{numbered, odd, push, unescape_octal};
use crate::facts::OddLine;

/// A mounted file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Line, from 1. A later mount at a place hides an earlier one.
    pub line: usize,
    /// What is mounted.
    pub source: String,
    /// Where.
    pub target: String,
    /// Type of the file system.
    pub fstype: String,
    /// Options.
    pub options: Vec<String>,
    /// Number of the device, `8:1`; mountinfo alone tells.
    pub device: Option<String>,
    /// The directory of the file system that is mounted; other than `/` for
    /// bind mounts and subvolumes. mountinfo alone tells.
    pub root: Option<String>,
}

impl Mount {
    /// Whether an option is set, by its name.
    pub fn has_option(&self, name: &str) -> bool {
        self.options.iter().any(|option| super::fstab::option_name(option) == name)
    }
}

/// Reads mountinfo.
pub fn parse_mountinfo(text: &str) -> (Vec<Mount>, Vec<OddLine>) {
    each(text, "is no line of mountinfo", |line, text| {
        let (left, right) = text.split_once(" - ")?;
        let left: Vec<&str> = left.split(' ').collect();
        let right: Vec<&str> = right.split(' ').collect();
        let &[_, _, device, root, target, options, ..] = left.as_slice() else { return None };
        let &[fstype, source, ..] = right.as_slice() else { return None };
        let own = options.split(',');
        let of_super = right.get(2).copied().unwrap_or_default().split(',');
        let mut options: Vec<String> = Vec::new();
        for option in own.chain(of_super).filter(|option| !option.is_empty()).take(256) {
            if !options.iter().any(|known| known == option) {
                options.push(option.to_owned());
            }
        }
        Some(Mount {
            line,
            source: unescape_octal(source),
            target: without_slash(&unescape_octal(target)),
            fstype: fstype.to_owned(),
            options,
            device: Some(device.to_owned()),
            root: Some(unescape_octal(root)),
        })
    })
}

/// Reads `/proc/mounts`.
pub fn parse_mounts(text: &str) -> (Vec<Mount>, Vec<OddLine>) {
    each(text, "has not the six fields of a mount", |line, text| {
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let &[source, target, fstype, options, _, _] = fields.as_slice() else { return None };
        Some(Mount {
            line,
            source: unescape_octal(source),
            target: without_slash(&unescape_octal(target)),
            fstype: fstype.to_owned(),
            options: options.split(',').map(str::to_owned).collect(),
            device: None,
            root: None,
        })
    })
}

/// Reads what `mount` prints: `SOURCE on TARGET type TYPE (OPTIONS)`.
pub fn parse_mount_output(text: &str) -> (Vec<Mount>, Vec<OddLine>) {
    each(text, "is not SOURCE on TARGET type TYPE (OPTIONS)", |line, text| {
        let (rest, options) = text.rsplit_once(" (")?;
        // With -l there is a label behind: (rw) [label].
        let (options, _) = options.split_once(')')?;
        let (rest, fstype) = rest.rsplit_once(" type ")?;
        let (source, target) = rest.split_once(" on ")?;
        Some(Mount {
            line,
            source: source.to_owned(),
            target: without_slash(target),
            fstype: fstype.to_owned(),
            options: options.split(',').map(str::to_owned).collect(),
            device: None,
            root: None,
        })
    })
}

/// Swap space in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    /// Device or file.
    pub source: String,
    /// Whether it is a file.
    pub is_file: bool,
    /// Size, in KiB.
    pub size: u64,
}

/// Reads `/proc/swaps`, which `swapon -s` prints too.
pub fn parse_swaps(text: &str) -> (Vec<Swap>, Vec<OddLine>) {
    let parsed = each(text, "has not the fields of swap space", |_, text| {
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let &[source, kind, size, ..] = fields.as_slice() else { return None };
        if source == "Filename" && kind == "Type" {
            return Some(None);
        }
        let size = size.parse().ok()?;
        Some(Some(Swap { source: unescape_octal(source), is_file: kind == "file", size }))
    });
    (parsed.0.into_iter().flatten().collect(), parsed.1)
}

fn each<T>(
    text: &str,
    why: &str,
    read: impl Fn(usize, &str) -> Option<T>,
) -> (Vec<T>, Vec<OddLine>) {
    let (mut found, mut notes) = (Vec::new(), Vec::new());
    for (number, line) in numbered(text) {
        if line.trim().is_empty() {
            continue;
        }
        match read(number, line.trim_end()) {
            Some(one) => push(&mut found, one, &mut notes, number, line),
            None => odd(&mut notes, number, line, why),
        }
    }
    (found, notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mountinfo_has_device_root_and_both_sets_of_options() {
        let text = "36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n\
                    20 1 253:0 / / rw - xfs /dev/mapper/c-root\nbroken - line\n";
        let (mounts, odd) = parse_mountinfo(text);
        assert_eq!(mounts[0].target, "/mnt 2");
        assert_eq!(mounts[0].options, ["rw", "noatime", "errors=continue"]);
        assert_eq!(
            (mounts[0].device.as_deref(), mounts[0].root.as_deref()),
            (Some("98:0"), Some("/mnt1"))
        );
        assert!(mounts[0].has_option("errors"));
        assert_eq!((mounts[1].target.as_str(), mounts[1].line), ("/", 2));
        assert_eq!(odd[0].line, 3);
    }

    #[test]
    fn mounts_have_six_fields() {
        let (mounts, odd) =
            parse_mounts("/dev/sda1 /a\\040b xfs rw,noexec 0 0\nrootfs / rootfs rw 0\n");
        assert_eq!(mounts[0].target, "/a b");
        assert!(mounts[0].has_option("noexec"));
        assert_eq!(odd[0].line, 2);
    }

    #[test]
    fn what_mount_prints_may_hold_its_own_words() {
        let text = "/dev/sda1 on /a on b type x type xfs (rw,relatime)\n//s/h on /m type cifs (ro) [label]\nnonsense\n";
        let (mounts, odd) = parse_mount_output(text);
        assert_eq!(
            (mounts[0].source.as_str(), mounts[0].target.as_str()),
            ("/dev/sda1", "/a on b type x")
        );
        assert_eq!((mounts[1].fstype.as_str(), mounts[1].options[0].as_str()), ("cifs", "ro"));
        assert_eq!(odd[0].line, 3);
    }

    #[test]
    fn swap_space_is_read_under_its_heading() {
        let text = "Filename\tType\tSize\tUsed\tPriority\n/dev/dm-1 partition 2097148 0 -1\n/swap\\040file file 10 0 -2\nx y\n";
        let (swaps, odd) = parse_swaps(text);
        assert_eq!(swaps.iter().map(|s| s.size).collect::<Vec<_>>(), [2_097_148, 10]);
        assert_eq!((swaps[1].source.as_str(), swaps[1].is_file), ("/swap file", true));
        assert_eq!(odd[0].line, 4);
        assert_eq!(parse_swaps("Filename Type Size Used Priority\n"), (vec![], vec![]));
    }
}
