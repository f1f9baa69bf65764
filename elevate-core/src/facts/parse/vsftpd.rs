//! `vsftpd.conf`.

use super::super::OddLine;
use super::{Odd, lines};

/// A setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Line, from 1.
    pub line: usize,
    /// Name, as written; vsftpd takes lower case only.
    pub name: String,
    /// Value without white space at its ends.
    pub value: String,
}

/// Reads `name=value` lines; `#` in the first column begins a comment. Every
/// other line is one vsftpd refuses to start with.
pub fn parse(text: &str) -> (Vec<Setting>, Vec<OddLine>) {
    let mut settings = Vec::new();
    let mut odd = Odd::default();
    for (line, text) in lines::numbered(text) {
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let Some((name, value)) = text.trim().split_once('=') else {
            odd.note(line, text, "is not `option=value`");
            continue;
        };
        if name.trim_end() != name || value.trim_start() != value {
            odd.note(line, text, "has a blank beside its `=`, which vsftpd refuses");
        }
        let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
        if name.starts_with('#') {
            odd.note(line, text, "is an indented comment, which vsftpd refuses");
            continue;
        }
        settings.push(Setting { line, name, value });
    }
    (settings, odd.finish())
}

/// A boolean of vsftpd: `YES`, `TRUE`, `1`, `NO`, `FALSE`, `0` in any case.
pub fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_uppercase().as_str() {
        "YES" | "TRUE" | "1" => Some(true),
        "NO" | "FALSE" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_what_vsftpd_refuses_is_named() {
        let text =
            "# c\nlisten=YES\ntcp_wrappers=yes \n # indented\n # a=b\nword\na = b\nbanner=x=y\n";
        let (settings, odd) = parse(text);
        let show: Vec<_> =
            settings.iter().map(|s| format!("{} {}={}", s.line, s.name, s.value)).collect();
        assert_eq!(show, ["2 listen=YES", "3 tcp_wrappers=yes", "7 a=b", "8 banner=x=y"]);
        assert_eq!(odd.iter().map(|odd| odd.line).collect::<Vec<_>>(), [4, 5, 6, 7]);
    }

    #[test]
    fn booleans_have_three_spellings_each() {
        for (text, value) in [("Yes", Some(true)), ("TRUE", Some(true)), ("1", Some(true))] {
            assert_eq!(boolean(text), value);
        }
        assert_eq!(
            (boolean("no"), boolean("False"), boolean("0")),
            (Some(false), Some(false), Some(false))
        );
        assert_eq!((boolean("on"), boolean("2"), boolean("")), (None, None, None));
    }
}
