//! Preset files of systemd: which units are enabled when they are installed.

use super::super::OddLine;
use super::{Odd, lines};

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Line, from 1.
    pub line: usize,
    /// Whether matching units are enabled.
    pub enable: bool,
    /// Shell pattern on the name of a unit.
    pub pattern: String,
    /// Instances of a template it is for; none means the rule is for the name.
    pub instances: Vec<String>,
}

/// Reads `enable PATTERN [INSTANCE ...]` and `disable PATTERN`; `#` and `;`
/// begin comments.
pub fn parse(text: &str) -> (Vec<Rule>, Vec<OddLine>) {
    let mut rules = Vec::new();
    let mut odd = Odd::default();
    for (line, text) in lines::numbered(text) {
        let text = text.trim();
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        let mut words = text.split_whitespace();
        let enable = match words.next() {
            Some("enable") => true,
            Some("disable") => false,
            _ => {
                odd.note(line, text, "begins neither with enable nor with disable");
                continue;
            }
        };
        let Some(pattern) = words.next().map(str::to_owned) else {
            odd.note(line, text, "names no unit");
            continue;
        };
        rules.push(Rule { line, enable, pattern, instances: words.map(str::to_owned).collect() });
    }
    (rules, odd.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_and_other_lines_are_odd() {
        let text = "# c\n; c\nenable  sshd.*\n\tdisable *\nenable getty@.service tty1 tty2\nmask x\nenable\n";
        let (rules, odd) = parse(text);
        let show = |r: &Rule| format!("{} {} {} {:?}", r.line, r.enable, r.pattern, r.instances);
        assert_eq!(
            rules.iter().map(show).collect::<Vec<_>>(),
            ["3 true sshd.* []", "4 false * []", "5 true getty@.service [\"tty1\", \"tty2\"]"]
        );
        let why: Vec<_> = odd.iter().map(|odd| (odd.line, odd.why.as_str())).collect();
        let first = "begins neither with enable nor with disable";
        assert_eq!(why, [(6, first), (7, "names no unit")]);
    }
}
