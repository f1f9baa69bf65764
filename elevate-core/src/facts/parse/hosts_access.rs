//! `/etc/hosts.allow` and `/etc/hosts.deny` of TCP wrappers.

use super::super::OddLine;
use super::{Odd, lines};

/// A rule that libwrap would look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Line it begins at, from 1.
    pub line: usize,
    /// Daemons it is for.
    pub daemons: List,
    /// Clients it is for.
    pub clients: List,
    /// Shell command or options, without the colons between them.
    pub options: Vec<String>,
}

/// A list of patterns, with what is excepted from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// The patterns before the first `EXCEPT`; then those after it, which take
    /// out of the first; then those that take out of these; and so on.
    pub levels: Vec<Vec<String>>,
}

/// Deeper lists of exceptions are read as if they ended there.
const DEEPEST: usize = 32;

/// Reads rules `daemons : clients [: option ...]`. A comment has its `#` in the
/// first column; a line that ends in a backslash goes on with the next. A line
/// without a colon is one libwrap warns about and passes by.
pub fn parse(text: &str) -> (Vec<Rule>, Vec<OddLine>) {
    let mut rules = Vec::new();
    let mut odd = Odd::default();
    for (line, text) in lines::continued(text) {
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let mut fields = fields(&text).into_iter();
        let daemons = fields.next().unwrap_or_default();
        let Some(clients) = fields.next() else {
            odd.note(line, &text, "has no `:`; TCP wrappers pass it by");
            continue;
        };
        let (daemons, fits) = list(&daemons);
        let (clients, too) = list(&clients);
        if daemons.levels[0].is_empty() || clients.levels[0].is_empty() {
            odd.note(line, &text, "a list is empty");
        }
        if !fits || !too {
            odd.note(line, &text, "has too many exceptions inside each other");
        }
        let options = fields.map(|option| option.trim().to_owned()).collect();
        rules.push(Rule { line, daemons, clients, options });
    }
    (rules, odd.finish())
}

/// What stands between colons; one in brackets (an address of IPv6) or after a
/// backslash separates nothing.
fn fields(text: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut chars = text.chars().peekable();
    let mut brackets = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&':') => push(&mut fields, chars.next()),
            ':' if !brackets => fields.push(String::new()),
            c => {
                // An option holds shell text, where brackets are anything.
                brackets = fields.len() <= 2 && (c == '[' || brackets && c != ']');
                push(&mut fields, Some(c));
            }
        }
    }
    fields
}

fn push(fields: &mut [String], c: Option<char>) {
    if let Some(last) = fields.last_mut() {
        last.extend(c);
    }
}

fn list(text: &str) -> (List, bool) {
    let mut levels = vec![Vec::new()];
    let mut fits = true;
    for word in text.split([',', ' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()) {
        if word.eq_ignore_ascii_case("except") {
            if levels.len() == DEEPEST {
                fits = false;
                break;
            }
            levels.push(Vec::new());
        } else if let Some(level) = levels.last_mut() {
            level.push(word.to_owned());
        }
    }
    (List { levels }, fits)
}

impl List {
    /// Whether one of the words satisfies `wanted` and is not excepted. `wanted`
    /// is told how deep in exceptions a word stands.
    pub fn holds(&self, wanted: impl Fn(&str, usize) -> bool) -> bool {
        let hit = |(depth, words): (usize, &Vec<String>)| words.iter().any(|w| wanted(w, depth));
        // From the innermost exception out: a level holds what it names and the
        // level after it does not hold.
        self.levels.iter().enumerate().rev().fold(false, |excepted, level| hit(level) && !excepted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(rule: &Rule) -> String {
        let list = |list: &List| {
            let levels: Vec<String> = list.levels.iter().map(|level| level.join(",")).collect();
            levels.join(" except ")
        };
        let options: String = rule.options.iter().map(|o| format!(" : {o}")).collect();
        format!("{} {} : {}{options}", rule.line, list(&rule.daemons), list(&rule.clients))
    }

    fn read(text: &str) -> (Vec<String>, Vec<(usize, String)>) {
        let (rules, odd) = parse(text);
        (rules.iter().map(show).collect(), odd.into_iter().map(|odd| (odd.line, odd.why)).collect())
    }

    #[test]
    fn lists_end_at_colons_that_are_not_part_of_an_address() {
        let text = "# c\nsshd, vsftpd\tin.tftpd: ALL\nsshd@[::1] : [2001:db8::]/32 10. : spawn /bin/echo a\\:b : allow\n\
                    ALL EXCEPT sshd: ALL except .example.com EXCEPT bad.example.com\n";
        let (rules, odd) = read(text);
        assert_eq!(
            rules,
            [
                "2 sshd,vsftpd,in.tftpd : ALL",
                "3 sshd@[::1] : [2001:db8::]/32,10. : spawn /bin/echo a:b : allow",
                "4 ALL except sshd : ALL except .example.com except bad.example.com",
            ]
        );
        assert_eq!(odd, []);
    }

    #[test]
    fn a_line_goes_on_after_a_backslash_only_at_its_end() {
        let (rules, odd) = read("a:\\\n b\n# c \\\nd: e\nf \\ \n");
        assert_eq!(rules, ["1 a : b"]);
        assert_eq!(odd, [(5, "has no `:`; TCP wrappers pass it by".to_owned())]);
    }

    #[test]
    fn odd_rules_are_named() {
        let (rules, odd) = read(" # indented\nsshd\n: ALL\nsshd:\n");
        assert_eq!(rules, ["3  : ALL", "4 sshd : "]);
        let pass = "has no `:`; TCP wrappers pass it by".to_owned();
        let empty = "a list is empty".to_owned();
        assert_eq!(odd, [(1, pass.clone()), (2, pass), (3, empty.clone()), (4, empty)]);
        let deep = format!("a{}: b", " except a".repeat(1000));
        assert_eq!(parse(&deep).1.len(), 1);
    }

    #[test]
    fn exceptions_take_out_of_what_stands_before_them() {
        let (rules, _) = parse("all except b* except bar: x");
        let holds = |name: &str| {
            rules[0].daemons.holds(|word, _| {
                word == "all"
                    || word.strip_suffix('*').map_or(word == name, |p| name.starts_with(p))
            })
        };
        assert!(holds("foo") && holds("bar") && !holds("baar"));
    }
}
