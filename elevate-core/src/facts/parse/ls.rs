//! What `ls -lan` prints, with `-R` or without, as collectors keep it of
//! `/boot` and other directories.

use super::{numbered, odd, push};
use crate::facts::OddLine;

/// The longest path of Linux.
const LONGEST_PATH: usize = 4096;

/// A line of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Directory it is in, where the output names it.
    pub directory: Option<String>,
    /// Name.
    pub name: String,
    /// First letter of the permissions: `-` file, `d` directory, `l` link.
    pub kind: char,
    /// Size in bytes; devices have none.
    pub size: Option<u64>,
    /// Where a link leads.
    pub target: Option<String>,
}

/// Reads a listing; `.` and `..` are left out.
pub fn parse(text: &str) -> (Vec<Listed>, Vec<OddLine>) {
    let (mut listed, mut notes) = (Vec::new(), Vec::new());
    let mut directory: Option<String> = None;
    for (number, line) in numbered(text) {
        let trimmed = line.trim_end();
        if trimmed.is_empty() || trimmed.starts_with("total ") {
            continue;
        }
        if let Some(path) = trimmed.strip_suffix(':').filter(|path| path.starts_with('/')) {
            if path.len() > LONGEST_PATH {
                odd(&mut notes, number, line, "is longer than a path can be");
                directory = None;
                continue;
            }
            directory = Some(path.to_owned());
            continue;
        }
        match entry(trimmed, directory.as_ref()) {
            Some(entry) if matches!(entry.name.as_str(), "." | "..") => {}
            Some(entry) => push(&mut listed, entry, &mut notes, number, line),
            None => odd(&mut notes, number, line, "is no line of a listing"),
        }
    }
    (listed, notes)
}

/// `-rw-r--r--. 1 0 0 166 Oct 19  2016 name`; eight words, then the name as it
/// is. Devices have `8, 1` for a size.
fn entry(line: &str, directory: Option<&String>) -> Option<Listed> {
    let kind = line.chars().next()?;
    if !"-dlbcps".contains(kind) {
        return None;
    }
    let is_device = matches!(kind, 'b' | 'c');
    let mut rest = line;
    let mut words = Vec::with_capacity(9);
    for _ in 0..if is_device { 9 } else { 8 } {
        rest = rest.trim_start();
        let (word, after) = rest.split_once(' ')?;
        words.push(word);
        rest = after;
    }
    let (name, target) = match rest.split_once(" -> ").filter(|_| kind == 'l') {
        Some((name, target)) => (name, Some(target.to_owned())),
        None => (rest, None),
    };
    let size = if is_device { None } else { Some(words.get(4)?.parse().ok()?) };
    (!name.is_empty()).then(|| Listed {
        directory: directory.cloned(),
        name: name.to_owned(),
        kind,
        size,
        target,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_of_several_directories_are_read() {
        let text = "/boot:\ntotal 113584\ndr-xr-xr-x.  4 0 0     4096 May 30 11:51 .\n\
                    -rw-------.  1 0 0 37700805 Oct 20  2016 initramfs-3.10.img\n\n/boot/grub:\n\
                    lrwxrwxrwx. 1 0 0    9 Oct 20  2016 menu.lst -> grub.conf\n\
                    brw-rw----. 1 0 6 8, 1 May 30 11:50 sda 1\nls: cannot access x\n";
        let (listed, odd) = parse(text);
        assert_eq!(listed[0].size, Some(37_700_805));
        assert_eq!(listed[0].directory.as_deref(), Some("/boot"));
        assert_eq!(listed[1].target.as_deref(), Some("grub.conf"));
        assert_eq!((listed[2].name.as_str(), listed[2].size), ("sda 1", None));
        assert_eq!(odd.iter().map(|o| o.line).collect::<Vec<_>>(), [9]);
    }
}
