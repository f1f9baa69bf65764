//! What `lsblk` prints, as a tree.

use super::{LONGEST_NAME, numbered, odd, push};
use crate::facts::OddLine;

/// A line of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LsblkRow {
    /// Name.
    pub name: String,
    /// Name of the device it lies on; disks have none.
    pub parent: Option<String>,
    /// Number, `8:1`.
    pub number: String,
    /// Whether it can be taken out.
    pub removable: bool,
    /// `disk`, `part`, `lvm`, `crypt`, `raid1`, `mpath`, `rom`, `loop`.
    pub kind: String,
    /// Where it is mounted.
    pub mountpoint: Option<String>,
}

/// Reads the tree. A device on several others stands below each of them.
pub fn parse(text: &str) -> (Vec<LsblkRow>, Vec<OddLine>) {
    let (mut rows, mut notes) = (Vec::new(), Vec::new());
    let mut above: Vec<String> = Vec::new();
    for (number, line) in numbered(text) {
        if line.trim().is_empty() || line.starts_with("NAME") {
            continue;
        }
        let art = |c: char| matches!(c, ' ' | '|' | '`' | '-' | '├' | '└' | '─' | '│');
        let name_at = line.find(|c: char| !art(c)).unwrap_or(line.len());
        let depth = line.get(..name_at).unwrap_or_default().chars().count() / 2;
        let words: Vec<&str> = line.get(name_at..).unwrap_or_default().split_whitespace().collect();
        // NAME MAJ:MIN RM SIZE RO TYPE MOUNTPOINT; a mapped name may have its
        // kernel name in brackets behind it.
        let skip = usize::from(words.get(1).is_some_and(|word| word.starts_with('(')));
        let word = |at: usize| words.get(at + skip).copied();
        let (Some(name), Some(device), Some(kind)) = (words.first(), word(1), word(5)) else {
            odd(&mut notes, number, line, "has not the columns of lsblk");
            continue;
        };
        if !device.contains(':') || depth > above.len() || name.len() > LONGEST_NAME {
            odd(&mut notes, number, line, "has not the columns of lsblk");
            continue;
        }
        above.truncate(depth);
        let mountpoint = words.get(6 + skip..).unwrap_or_default().join(" ");
        let row = LsblkRow {
            name: (*name).to_owned(),
            parent: above.last().cloned(),
            number: device.to_owned(),
            removable: word(2) == Some("1"),
            kind: kind.to_owned(),
            mountpoint: Some(mountpoint).filter(|path| !path.is_empty()),
        };
        above.push((*name).to_owned());
        push(&mut rows, row, &mut notes, number, line);
    }
    (rows, notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_tells_what_lies_on_what() {
        let text = "NAME            MAJ:MIN RM SIZE RO TYPE MOUNTPOINT\nsda               8:0    0  10G  0 disk \n\
                    ├─sda1            8:1    0   1G  0 part /boot\n└─sda2            8:2    0   9G  0 part \n\
                    \u{20}\u{20}├─centos-root 253:0    0   8G  0 lvm  /\n  `-centos-s (dm-1) 253:1 0 1G 0 lvm [SWAP]\n\
                    sr0              11:0    1 1024M  0 rom  \n|-x 1:1 0\n      deep 1:1 0 1 0 part\n";
        let (rows, odd) = parse(text);
        let shown: Vec<_> = rows
            .iter()
            .map(|r| (r.name.as_str(), r.parent.as_deref().unwrap_or("-"), r.kind.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                ("sda", "-", "disk"),
                ("sda1", "sda", "part"),
                ("sda2", "sda", "part"),
                ("centos-root", "sda2", "lvm"),
                ("centos-s", "sda2", "lvm"),
                ("sr0", "-", "rom")
            ]
        );
        assert_eq!(rows[3].mountpoint.as_deref(), Some("/"));
        assert!(rows[5].removable && rows[5].mountpoint.is_none());
        assert_eq!(odd.iter().map(|o| o.line).collect::<Vec<_>>(), [8, 9]);
    }
}
