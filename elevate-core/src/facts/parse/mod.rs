//! Formats of the host's files and of the output of commands: text in, typed
//! values out, and beside them the lines that were not understood. A parser
//! never gives a file up because of a line, and never drops one in silence.

pub mod bls;
pub mod boot_sector;
pub mod cmdline;
pub mod cpu;
pub mod crypttab;
pub mod df;
pub mod directives;
pub mod dmidecode;
pub mod fstab;
pub mod grub_cfg;
pub mod grubenv;
pub mod hosts_access;
pub mod ini;
pub mod key_value;
pub mod keyfile;
pub mod legacy_grub;
pub mod lines;
pub mod ls;
pub mod lsblk;
pub mod lspci;
pub mod lvm;
pub mod mdadm;
pub mod modules;
pub mod mounts;
pub mod multipath;
pub mod named;
pub mod net_text;
pub mod nsswitch;
pub mod pam;
pub mod postfix;
pub mod preset;
pub mod shell_vars;
pub mod sshd;
pub mod tags;
pub mod udev_rules;
pub mod unit_list;
pub mod verify;
pub mod versionlock;
pub mod vsftpd;
pub mod xfs;
pub mod zipl;

use super::OddLine;
pub(crate) use crate::snapshot::unescape_octal;

/// The most odd lines kept of one file; the last one says that there are more.
pub const MOST_ODD: usize = 1000;

/// The most entries of any kind taken from one file.
pub const MOST_ENTRIES: usize = 20_000;

/// The longest name that is kept with every entry it belongs to: of a section,
/// a device, a menu.
pub const LONGEST_NAME: usize = 255;

/// Notes an odd line, within bounds.
pub(crate) fn odd(notes: &mut Vec<OddLine>, line: usize, text: &str, why: impl Into<String>) {
    match notes.len() {
        len if len + 1 < MOST_ODD => notes.push(OddLine::new(line, text, why)),
        len if len + 1 == MOST_ODD => {
            notes.push(OddLine::new(line, text, "and lines after this one are odd too"));
        }
        _ => {}
    }
}

/// Odd lines, collected within bounds.
#[derive(Debug, Default)]
pub(super) struct Odd(Vec<OddLine>);

impl Odd {
    pub(super) fn note(&mut self, line: usize, text: &str, why: impl Into<String>) {
        odd(&mut self.0, line, text, why);
    }

    pub(super) fn finish(self) -> Vec<OddLine> {
        self.0
    }
}

/// Adds an entry, or notes that there are more than anybody reads.
pub(crate) fn push<T>(
    entries: &mut Vec<T>,
    entry: T,
    notes: &mut Vec<OddLine>,
    line: usize,
    text: &str,
) {
    if entries.len() < MOST_ENTRIES {
        entries.push(entry);
    } else {
        odd(notes, line, text, format!("is beyond the {MOST_ENTRIES} entries that are read"));
    }
}

/// Lines with their numbers, from 1.
pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
