//! Boot loader entries, `/boot/loader/entries/*.conf`: a key and a value a line.

use super::{numbered, odd, push};
use crate::facts::OddLine;

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlsEntry {
    /// `title`.
    pub title: Option<String>,
    /// `version`, which entries are sorted by.
    pub version: Option<String>,
    /// `linux`: the kernel, below the file system that holds the entries.
    pub linux: Option<String>,
    /// `initrd`, of which there may be several.
    pub initrd: Vec<String>,
    /// `options`, all lines of it joined.
    pub options: Option<String>,
    /// `id`.
    pub id: Option<String>,
    /// Every line, in order: line, key, value.
    pub lines: Vec<(usize, String, String)>,
}

/// Reads an entry.
pub fn parse(text: &str) -> (BlsEntry, Vec<OddLine>) {
    let (mut entry, mut notes) = (BlsEntry::default(), Vec::new());
    for (number, line) in numbered(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let Some((key, value)) = trimmed.split_once([' ', '\t']) else {
            odd(&mut notes, number, line, "is not KEY VALUE");
            continue;
        };
        let value = value.trim().to_owned();
        match key {
            "title" => entry.title = Some(value.clone()),
            "version" => entry.version = Some(value.clone()),
            "linux" => entry.linux = Some(value.clone()),
            "initrd" => push(&mut entry.initrd, value.clone(), &mut notes, number, line),
            "options" => match &mut entry.options {
                Some(options) => {
                    options.push(' ');
                    options.push_str(&value);
                }
                none => *none = Some(value.clone()),
            },
            "id" => entry.id = Some(value.clone()),
            _ => {}
        }
        push(&mut entry.lines, (number, key.to_owned(), value), &mut notes, number, line);
    }
    (entry, notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_keys_and_values() {
        let text = "# a remark\ntitle CentOS Linux (4.18) 8\nversion\t4.18.0-80.el8\nlinux /vmlinuz-4.18\n\
                    initrd /a.img\ninitrd /b.img $tuned_initrd\noptions $kernelopts\noptions quiet\ngrub_class kernel\nodd\n";
        let (entry, odd) = parse(text);
        assert_eq!(entry.title.as_deref(), Some("CentOS Linux (4.18) 8"));
        assert_eq!(entry.version.as_deref(), Some("4.18.0-80.el8"));
        assert_eq!(entry.initrd.len(), 2);
        assert_eq!(entry.options.as_deref(), Some("$kernelopts quiet"));
        assert_eq!(entry.lines.last().unwrap(), &(9, "grub_class".into(), "kernel".into()));
        assert_eq!(odd[0].line, 10);
    }
}
