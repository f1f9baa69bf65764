//! The administrator's own wishes: `/etc/leapp/transaction/{to_install,
//! to_keep, to_remove, to_reinstall}` (formats.md 1.8).

use std::collections::BTreeSet;

use super::read::Session;
use super::remark::{Remarks, codes, short};
use super::{Level, Problem};
use crate::model::PackageName;

/// The four lists; each name once, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TransactionFiles {
    /// Wanted, whether events bring them or not.
    pub to_install: Vec<PackageName>,
    /// Not to be removed.
    pub to_keep: Vec<PackageName>,
    /// To be removed.
    pub to_remove: Vec<PackageName>,
    /// To be installed again.
    pub to_reinstall: Vec<PackageName>,
}

/// The names of the four files.
pub(super) const NAMES: [&str; 4] = ["to_install", "to_keep", "to_remove", "to_reinstall"];

/// Reads the four files below `transaction`; one that is missing is empty, one
/// that cannot be read is empty and a remark.
pub(super) fn read(session: &mut Session<'_>) -> TransactionFiles {
    let [to_install, to_keep, to_remove, to_reinstall] =
        NAMES.map(|name| file(session, &format!("transaction/{name}")));
    TransactionFiles { to_install, to_keep, to_remove, to_reinstall }
}

fn file(session: &mut Session<'_>, path: &str) -> Vec<PackageName> {
    let mut remarks = Remarks::new(path);
    let names = match session.bytes(path) {
        Ok(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => names(text, &mut remarks),
            Err(_) => {
                let message = "is not UTF-8 text; the file counts as empty";
                remarks.push(codes::BROKEN_FILE, Level::Warning, "", message);
                Vec::new()
            }
        },
        Err(error) if error.problem == Problem::Missing => Vec::new(),
        // What kept it from being read is remarked on with the directory.
        Err(_) => Vec::new(),
    };
    session.remarks.extend(remarks.finish());
    names
}

/// The package names in a text, one a line (formats.md 1.8).
fn names(text: &str, remarks: &mut Remarks) -> Vec<PackageName> {
    let mut names = BTreeSet::new();
    let bare = text.strip_prefix('\u{feff}');
    if bare.is_some() {
        let message = "starts with a byte order mark, which leapp takes for part of the first name";
        remarks.push(codes::ODD_PACKAGE_NAME, Level::Warning, "line 1", message);
    }
    for (index, line) in bare.unwrap_or(text).lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = format!("line {}", index + 1);
        match PackageName::new(line) {
            Err(error) => {
                let message = format!("{error}; the line is ignored");
                remarks.push(codes::BAD_PACKAGE_NAME, Level::Warning, place, message);
            }
            Ok(name) => {
                if !line.chars().all(|c| c.is_ascii_alphanumeric() || "._+-".contains(c)) {
                    let message =
                        format!("{:?} matches no package: names match exactly", short(line));
                    remarks.push(codes::ODD_PACKAGE_NAME, Level::Warning, place, message);
                } else if names.contains(&name) {
                    let message = format!("{name} is listed twice");
                    remarks.push(codes::REPEATED_NAME, Level::Note, place, message);
                }
                names.insert(name);
            }
        }
    }
    names.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_comments_and_duplicates_do_not_count() {
        let mut remarks = Remarks::new("to_keep");
        let names = names("# c\n\n  b  \r\na\nb\ntwo words\nkernel*\n", &mut remarks);
        let names: Vec<_> = names.iter().map(PackageName::as_str).collect();
        assert_eq!(names, ["a", "b", "kernel*"]);
        let remarks: Vec<_> = remarks
            .finish()
            .iter()
            .map(|remark| format!("{} {}", remark.place, remark.code))
            .collect();
        assert_eq!(
            remarks,
            ["line 5 repeated-name", "line 6 bad-package-name", "line 7 odd-package-name"]
        );
    }
}
