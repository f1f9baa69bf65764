//! Software RAID: `/proc/mdstat` and `/etc/mdadm.conf`.

use super::{numbered, odd, push};
use crate::facts::OddLine;

/// An array that runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MdArray {
    /// Name of its device: `md127`.
    pub name: String,
    /// Whether it is active.
    pub active: bool,
    /// `raid1`; none for an inactive one.
    pub level: Option<String>,
    /// Its members.
    pub members: Vec<MdMember>,
    /// Members it should have and members it has, of `[2/1]`.
    pub working: Option<(u32, u32)>,
}

/// A member of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MdMember {
    /// Name of its device: `sda1`.
    pub device: String,
    /// Whether it failed.
    pub failed: bool,
    /// Whether it is a spare.
    pub spare: bool,
}

/// Reads `/proc/mdstat`.
pub fn parse_mdstat(text: &str) -> (Vec<MdArray>, Vec<OddLine>) {
    let (mut arrays, mut notes) = (Vec::<MdArray>::new(), Vec::new());
    for (number, line) in numbered(text) {
        let trimmed = line.trim();
        let is_head = ["Personalities", "unused devices", "read_ahead"];
        if trimmed.is_empty() || is_head.iter().any(|head| trimmed.starts_with(head)) {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            match arrays.last_mut() {
                Some(array) => array.working = array.working.or_else(|| working(trimmed)),
                None => odd(&mut notes, number, line, "belongs to no array"),
            }
            continue;
        }
        match array(trimmed) {
            Some(array) => push(&mut arrays, array, &mut notes, number, line),
            None => odd(&mut notes, number, line, "is no array"),
        }
    }
    (arrays, notes)
}

/// `md127 : active raid1 sdb1[1] sda1[0](F)`.
fn array(line: &str) -> Option<MdArray> {
    let (name, rest) = line.split_once(" : ")?;
    let mut words = rest.split_whitespace();
    let active = match words.next()? {
        "active" => true,
        "inactive" => false,
        _ => return None,
    };
    let mut array = MdArray { name: name.trim().to_owned(), active, ..MdArray::default() };
    for word in words.take(4096) {
        match word.split_once('[') {
            Some((device, flags)) => array.members.push(MdMember {
                device: device.to_owned(),
                failed: flags.contains("(F)"),
                spare: flags.contains("(S)"),
            }),
            None if word.starts_with('(') => {}
            None => array.level = Some(word.to_owned()),
        }
    }
    Some(array)
}

fn working(line: &str) -> Option<(u32, u32)> {
    line.split_whitespace().find_map(|word| {
        let (wanted, there) = word.strip_prefix('[')?.strip_suffix(']')?.split_once('/')?;
        Some((wanted.parse().ok()?, there.parse().ok()?))
    })
}

/// An `ARRAY` line of `mdadm.conf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrayLine {
    /// Line it begins on, from 1.
    pub line: usize,
    /// Device: `/dev/md/root`, `/dev/md0`.
    pub device: String,
    /// `UUID=`.
    pub uuid: Option<String>,
    /// `name=`.
    pub name: Option<String>,
}

/// Reads the arrays of `mdadm.conf`; its other lines are passed by. A line that
/// begins with a blank goes on with the one before; the first three letters of
/// a keyword do, in any case.
pub fn parse_conf(text: &str) -> (Vec<ArrayLine>, Vec<OddLine>) {
    const KEYWORDS: [&str; 12] =
        ["dev", "arr", "mai", "pro", "aut", "cre", "hom", "pol", "pla", "sys", "enc", "mon"];
    let (mut arrays, mut notes) = (Vec::<ArrayLine>::new(), Vec::new());
    let mut in_array = false;
    for (number, line) in numbered(text) {
        let bare = line.split('#').next().unwrap_or_default();
        let mut words = bare.split_whitespace();
        if !bare.starts_with([' ', '\t']) {
            let Some(first) = words.next() else { continue };
            let keyword: String = first.chars().take(3).collect::<String>().to_ascii_lowercase();
            in_array = keyword == "arr";
            if !KEYWORDS.contains(&keyword.as_str()) || first.len() < 3 {
                odd(&mut notes, number, line, "begins with no keyword of mdadm");
            }
            if in_array {
                let device = String::new();
                let array = ArrayLine { line: number, device, uuid: None, name: None };
                push(&mut arrays, array, &mut notes, number, line);
            }
        }
        let Some(array) = arrays.last_mut().filter(|_| in_array) else { continue };
        for word in words {
            match word.split_once('=') {
                None if array.device.is_empty() => array.device = word.to_owned(),
                Some((key, value)) if key.eq_ignore_ascii_case("uuid") => {
                    array.uuid = Some(value.to_owned());
                }
                Some((key, value)) if key.eq_ignore_ascii_case("name") => {
                    array.name = Some(value.to_owned());
                }
                _ => {}
            }
        }
    }
    (arrays, notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_members_and_their_faults_are_read() {
        let text = "Personalities : [raid1] \nmd127 : active raid1 sdb1[1](F) sda1[0]\n      1 blocks super 1.2 [2/1] [U_]\n\
                    md0 : inactive sdc1[0](S)\n\nmd1 : active (auto-read-only) raid5 sdd[0]\nunused devices: <none>\nwhat\n";
        let (arrays, odd) = parse_mdstat(text);
        assert_eq!(
            arrays.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(),
            ["md127", "md0", "md1"]
        );
        assert_eq!(arrays[0].working, Some((2, 1)));
        assert!(arrays[0].members[0].failed && !arrays[0].members[1].failed);
        assert!(!arrays[1].active && arrays[1].members[0].spare && arrays[1].level.is_none());
        assert_eq!(arrays[2].level.as_deref(), Some("raid5"));
        assert_eq!(odd[0].line, 8);
    }

    #[test]
    fn array_lines_continue_and_keywords_are_cut() {
        let text = "# mdadm.conf\nMAILADDR root\narray /dev/md/root level=raid1\n   UUID=a:b:c:d name=h:root # why\n\
                    ARRAY <ignore> uuid=e\nBOGUS x\n";
        let (arrays, odd) = parse_conf(text);
        assert_eq!(arrays[0].device, "/dev/md/root");
        assert_eq!(
            (arrays[0].uuid.as_deref(), arrays[0].name.as_deref()),
            (Some("a:b:c:d"), Some("h:root"))
        );
        assert_eq!((arrays[1].line, arrays[1].uuid.as_deref()), (5, Some("e")));
        assert_eq!(odd[0].line, 6);
    }
}
