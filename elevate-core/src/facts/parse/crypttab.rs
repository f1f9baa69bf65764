//! `/etc/crypttab`: volumes that are unlocked while booting.

use super::{numbered, odd, push};
use crate::facts::OddLine;

/// A volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CryptEntry {
    /// Line, from 1.
    pub line: usize,
    /// Name it has once it is unlocked.
    pub name: String,
    /// The locked device.
    pub device: String,
    /// File of the key; `none` or `-` where it is asked for.
    pub key: Option<String>,
    /// Options.
    pub options: Vec<String>,
}

/// Reads the file.
pub fn parse(text: &str) -> (Vec<CryptEntry>, Vec<OddLine>) {
    let (mut entries, mut notes) = (Vec::new(), Vec::new());
    for (number, line) in numbered(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let fields: Vec<&str> = trimmed.split_whitespace().take(16).collect();
        let &[name, device, ..] = fields.as_slice() else {
            odd(&mut notes, number, line, "is not NAME DEVICE");
            continue;
        };
        if fields.len() > 4 {
            odd(&mut notes, number, line, format!("has {} fields, not 2 to 4", fields.len()));
        }
        let options = fields.get(3).copied().unwrap_or_default().split(',');
        let entry = CryptEntry {
            line: number,
            name: name.to_owned(),
            device: device.to_owned(),
            key: fields.get(2).map(|key| (*key).to_owned()),
            options: options.filter(|o| !o.is_empty()).map(str::to_owned).collect(),
        };
        push(&mut entries, entry, &mut notes, number, line);
    }
    (entries, notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_have_two_to_four_fields() {
        let text = "# c\nluks-1 UUID=1 none discard,luks\ndata /dev/sdb1\nalone\na b c d e\n";
        let (entries, odd) = parse(text);
        assert_eq!(entries[0].options, ["discard", "luks"]);
        assert_eq!((entries[1].key.as_deref(), entries.len()), (None, 3));
        assert_eq!(odd.iter().map(|o| o.line).collect::<Vec<_>>(), [4, 5]);
    }
}
