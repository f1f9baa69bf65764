//! The menu of GRUB 0.97, `/boot/grub/grub.conf`, which release 6 had and
//! hosts upgraded from it may still boot with.

use super::{numbered, odd, push};
use crate::facts::OddLine;

/// The menu.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LegacyMenu {
    /// `default`: a number, or `saved`.
    pub default: Option<String>,
    /// Entries, in order.
    pub entries: Vec<LegacyEntry>,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LegacyEntry {
    /// Line, from 1.
    pub line: usize,
    /// Title.
    pub title: String,
    /// Kernel, as GRUB sees its path.
    pub kernel: Option<String>,
    /// Arguments of the kernel.
    pub arguments: Option<String>,
    /// Initial RAM disk.
    pub initrd: Option<String>,
}

/// Reads a menu.
pub fn parse(text: &str) -> (LegacyMenu, Vec<OddLine>) {
    let (mut menu, mut notes) = (LegacyMenu::default(), Vec::new());
    for (number, line) in numbered(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        // A command ends at a blank or at `=`.
        let (command, rest) = trimmed.split_once([' ', '\t', '=']).unwrap_or((trimmed, ""));
        let rest = rest.trim_start_matches([' ', '\t', '=']);
        match (command, menu.entries.last_mut()) {
            ("default", _) => menu.default = Some(rest.to_owned()),
            ("title", _) => {
                let title = rest.to_owned();
                let entry = LegacyEntry { line: number, title, ..LegacyEntry::default() };
                push(&mut menu.entries, entry, &mut notes, number, line);
            }
            ("kernel", Some(entry)) => {
                let rest = rest.trim_start_matches("--no-mem-option ");
                let (path, arguments) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
                entry.kernel = Some(path.to_owned());
                entry.arguments = Some(arguments.trim().to_owned());
            }
            ("initrd", Some(entry)) => entry.initrd = Some(rest.to_owned()),
            ("kernel" | "initrd", None) => odd(&mut notes, number, line, "is in no entry"),
            _ => {}
        }
    }
    (menu, notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_is_read() {
        let text = "#boot=/dev/sda\ndefault=1\ntimeout 5\nkernel /stray\ntitle A (1)\n\troot (hd0,0)\n\
                    \tkernel /vmlinuz-1 ro root=/dev/sda2\n\tinitrd /initramfs-1.img\ntitle B\n kernel /vmlinuz-2\n";
        let (menu, odd) = parse(text);
        assert_eq!(menu.default.as_deref(), Some("1"));
        assert_eq!(menu.entries[0].kernel.as_deref(), Some("/vmlinuz-1"));
        assert_eq!(menu.entries[0].arguments.as_deref(), Some("ro root=/dev/sda2"));
        assert_eq!((menu.entries[1].title.as_str(), menu.entries[1].line), ("B", 9));
        assert_eq!(odd.iter().map(|o| o.line).collect::<Vec<_>>(), [4]);
    }
}
