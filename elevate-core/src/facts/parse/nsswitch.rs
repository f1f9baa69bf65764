//! `/etc/nsswitch.conf`.

use super::super::OddLine;
use super::{Odd, lines};

/// Where the C library looks up one database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Line, from 1.
    pub line: usize,
    /// Its name: `passwd`, `hosts` ...
    pub name: String,
    /// Its sources in order: `files`, `sss` ... without what is in `[...]`.
    pub services: Vec<String>,
    /// Reactions in brackets, as written: `NOTFOUND=return`.
    pub actions: Vec<String>,
}

/// Reads `database: service [STATUS=action] ...`; `#` begins a comment
/// anywhere. A database that stands there twice is there twice; the C library
/// takes the last.
pub fn parse(text: &str) -> (Vec<Database>, Vec<OddLine>) {
    let mut databases = Vec::new();
    let mut odd = Odd::default();
    for (line, text) in lines::numbered(text) {
        let content = text.split('#').next().unwrap_or_default().trim();
        if content.is_empty() {
            continue;
        }
        let Some((name, rest)) = content.split_once(':') else {
            odd.note(line, text, "has no `:` after a name");
            continue;
        };
        let (services, actions, closed) = services(rest);
        if !closed {
            odd.note(line, text, "a `[` is not closed");
        }
        let name = name.trim().to_owned();
        databases.push(Database { line, name, services, actions });
    }
    (databases, odd.finish())
}

fn services(text: &str) -> (Vec<String>, Vec<String>, bool) {
    let (mut services, mut actions) = (Vec::new(), Vec::new());
    let mut rest = text;
    loop {
        let (plain, after) = rest.split_once('[').unwrap_or((rest, ""));
        services.extend(plain.split_whitespace().map(str::to_owned));
        if plain.len() == rest.len() {
            return (services, actions, true);
        }
        let Some((inside, next)) = after.split_once(']') else {
            actions.extend(after.split_whitespace().map(str::to_owned));
            return (services, actions, false);
        };
        actions.extend(inside.split_whitespace().map(str::to_owned));
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_stand_in_order_and_reactions_aside() {
        let text = "# c\npasswd:  files sss # x\n sudoers: files sss\nhosts: files dns[!UNAVAIL=return] myhostname\nempty:\n";
        let (databases, odd) = parse(text);
        assert_eq!(odd, []);
        let show: Vec<_> =
            databases.iter().map(|d| format!("{}:{}", d.name, d.services.join(" "))).collect();
        assert_eq!(
            show,
            ["passwd:files sss", "sudoers:files sss", "hosts:files dns myhostname", "empty:"]
        );
        assert_eq!(databases[2].actions, ["!UNAVAIL=return"]);
        assert_eq!(databases[1].line, 3);
    }

    #[test]
    fn odd_lines_are_named() {
        let (databases, odd) = parse("passwd files\ngroup: files [X=\n");
        assert_eq!(databases[0].services, ["files"]);
        let why: Vec<_> = odd.iter().map(|odd| (odd.line, odd.why.as_str())).collect();
        assert_eq!(why, [(1, "has no `:` after a name"), (2, "a `[` is not closed")]);
    }
}
