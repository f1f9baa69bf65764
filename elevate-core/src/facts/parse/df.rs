//! What `df` prints: space in KiB, or inodes with `-i`.

use super::fstab::without_slash;
use super::{numbered, odd, push};
use crate::facts::OddLine;

/// A line of `df`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DfRow {
    /// What is mounted.
    pub source: String,
    /// Where.
    pub target: String,
    /// Size, in KiB or inodes.
    pub total: u64,
    /// What is free for everybody, in KiB or inodes.
    pub available: u64,
}

/// What a table of `df` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DfUnit {
    /// Blocks of 1024 bytes.
    KiB,
    /// Inodes.
    Inodes,
}

/// Reads a table; the heading tells what is counted. Lines without numbers
/// (`-`, for file systems that were hidden by others) are passed by.
pub fn parse(text: &str) -> (Option<DfUnit>, Vec<DfRow>, Vec<OddLine>) {
    let (mut unit, mut rows, mut notes) = (None, Vec::new(), Vec::new());
    // A long name of a device stands on a line of its own.
    let mut pending: Option<String> = None;
    for (number, line) in numbered(text) {
        let joined = pending.take().map(|device| format!("{device} {}", line.trim()));
        let whole = joined.as_deref().unwrap_or(line);
        if line.starts_with("Filesystem") {
            unit = heading(line);
            if unit.is_none() {
                odd(&mut notes, number, line, "counts neither blocks of 1 KiB nor inodes");
            }
            continue;
        }
        if unit.is_none() || whole.trim().is_empty() {
            if !whole.trim().is_empty() && !line.starts_with("df: ") {
                odd(&mut notes, number, line, "stands under no heading that is understood");
            }
            continue;
        }
        if joined.is_none() && whole.split_whitespace().nth(1).is_none() {
            pending = Some(whole.trim().to_owned());
            continue;
        }
        match row(whole) {
            Some(Some(row)) => push(&mut rows, row, &mut notes, number, line),
            Some(None) => {}
            None => odd(&mut notes, number, line, "is no line of df"),
        }
    }
    (unit, rows, notes)
}

fn heading(line: &str) -> Option<DfUnit> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.get(1).copied() {
        Some("1024-blocks" | "1K-blocks") => Some(DfUnit::KiB),
        Some("Inodes") => Some(DfUnit::Inodes),
        // With -T there is a column more.
        _ => None,
    }
}

/// `SOURCE TOTAL USED AVAILABLE n% TARGET`; `Some(None)` where there are no
/// numbers. The source and the target may hold blanks; the numbers tell where
/// they end.
fn row(line: &str) -> Option<Option<DfRow>> {
    let words: Vec<(usize, &str)> = words(line);
    let is_number = |text: &str| text == "-" || text.parse::<u64>().is_ok();
    let is_share = |text: &str| text == "-" || text.ends_with('%');
    let at = (1..words.len().saturating_sub(4)).find(|&at| {
        let word = |step: usize| words.get(at + step).map_or("", |(_, word)| *word);
        (0..3).all(|step| is_number(word(step))) && is_share(word(3))
    })?;
    let word = |step: usize| words.get(at + step).map(|(_, word)| *word);
    let (Some(total), Some(available)) = (word(0), word(2)) else { return None };
    let source = line.get(..words.get(at)?.0)?.trim().to_owned();
    let target = without_slash(line.get(words.get(at + 4)?.0..)?.trim_end());
    let (Ok(total), Ok(available)) = (total.parse(), available.parse()) else {
        return Some(None);
    };
    Some(Some(DfRow { source, target, total, available }))
}

/// Words with the places they begin at.
fn words(line: &str) -> Vec<(usize, &str)> {
    let start = |word: &str| word.as_ptr() as usize - line.as_ptr() as usize;
    line.split_whitespace().take(64).map(|word| (start(word), word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_and_inodes_are_read() {
        let text = "Filesystem     1024-blocks    Used Available Capacity Mounted on\n\
                    rootfs                   -       -         -        - /\n\
                    /dev/mapper/centos-a_very_long_name\n                 10 4 6 40% /srv\n\
                    //s/a share 7 1 5 3% /mnt/with blank/\ndf: cannot read\nwhat is this\n";
        let (unit, rows, odd) = parse(text);
        assert_eq!(unit, Some(DfUnit::KiB));
        assert_eq!((rows[0].target.as_str(), rows[0].available), ("/srv", 6));
        assert_eq!(
            (rows[1].source.as_str(), rows[1].target.as_str()),
            ("//s/a share", "/mnt/with blank")
        );
        assert_eq!(odd.iter().map(|o| o.line).collect::<Vec<_>>(), [6, 7]);
        let (unit, rows, _) =
            parse("Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/sda1 5 1 4 1% /\n");
        assert_eq!((unit, rows[0].available), (Some(DfUnit::Inodes), 4));
    }

    #[test]
    fn other_units_are_not_guessed() {
        let (unit, rows, odd) =
            parse("Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1 9.8G 1G 8G 10% /\n");
        assert_eq!((unit, rows), (None, vec![]));
        assert_eq!(odd.len(), 2);
        assert_eq!(parse("").0, None);
    }
}
