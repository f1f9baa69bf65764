//! `sshd_config` and `ssh_config`, as OpenSSH 7.4 reads them.

use std::sync::Arc;

use super::super::OddLine;
use super::{Odd, lines};

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Line, from 1.
    pub line: usize,
    /// The keyword as written.
    pub keyword: String,
    /// Its arguments, without quotes.
    pub arguments: Vec<String>,
    /// Conditions of the block it is in: what stands after `Match`, or after
    /// `Host` in a client's file. `None` before the first block.
    pub block: Option<Arc<str>>,
}

impl Directive {
    /// Whether it has this keyword, in any letter case.
    pub fn is(&self, keyword: &str) -> bool {
        self.keyword.eq_ignore_ascii_case(keyword)
    }

    /// Its first argument.
    pub fn value(&self) -> &str {
        self.arguments.first().map_or("", String::as_str)
    }
}

/// Reads a file: keywords in any letter case, `keyword argument` or
/// `keyword=argument`, arguments in double quotes. A comment is a line that
/// begins with `#`; one after an argument is none to OpenSSH 7.4, which refuses
/// the line. A block reaches to the next `Match` or `Host`, or the end.
pub fn parse(text: &str) -> (Vec<Directive>, Vec<OddLine>) {
    let mut directives: Vec<Directive> = Vec::new();
    let mut odd = Odd::default();
    let mut block: Option<Arc<str>> = None;
    for (line, text) in lines::numbered(text) {
        let content = text.trim_matches([' ', '\t', '\r']);
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let (mut words, closed) = words(content);
        if !closed {
            odd.note(line, text, "a quote is not closed");
        }
        if let Some(comment) = words.iter().skip(1).position(|word| word.starts_with('#')) {
            odd.note(line, text, "a comment after an argument is refused by OpenSSH 7.4");
            words.truncate(comment + 1);
        }
        if words.is_empty() {
            continue;
        }
        let keyword = words.remove(0);
        if words.is_empty() {
            odd.note(line, text, "has no argument");
        }
        let opens = keyword.eq_ignore_ascii_case("match") || keyword.eq_ignore_ascii_case("host");
        if opens {
            block = Some(words.join(" ").chars().take(300).collect::<String>().into());
            continue;
        }
        directives.push(Directive { line, keyword, arguments: words, block: block.clone() });
    }
    (directives, odd.finish())
}

/// Words as `strdelim` of OpenSSH separates them: white space, at most one `=`
/// with it, and double quotes.
fn words(text: &str) -> (Vec<String>, bool) {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('"') {
            let Some((word, after)) = quoted.split_once('"') else {
                words.push(quoted.to_owned());
                return (words, false);
            };
            words.push(word.to_owned());
            rest = after.trim_start_matches([' ', '\t']);
            continue;
        }
        let end = rest.find([' ', '\t', '"', '=']).unwrap_or(rest.len());
        words.push(rest[..end].to_owned());
        rest = rest[end..].trim_start_matches([' ', '\t']);
        if let Some(after) = rest.strip_prefix('=') {
            rest = after.trim_start_matches([' ', '\t']);
        }
    }
    (words, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<(usize, String)>) {
        let (directives, odd) = parse(text);
        let show = |d: Directive| {
            let block = d.block.map(|block| format!(" [{block}]")).unwrap_or_default();
            format!("{} {}={}{block}", d.line, d.keyword, d.arguments.join("|"))
        };
        let odd = odd.into_iter().map(|odd| (odd.line, odd.why)).collect();
        (directives.into_iter().map(show).collect(), odd)
    }

    #[test]
    fn keywords_and_arguments_are_separated_in_three_ways() {
        let text = "# c\n  Port 22\r\nCiphers=a,b\nMACs = c\nBanner \"/etc/my issue\"\nSubsystem\tsftp  /x -f A\n";
        let (directives, odd) = read(text);
        assert_eq!(
            directives,
            [
                "2 Port=22",
                "3 Ciphers=a,b",
                "4 MACs=c",
                "5 Banner=/etc/my issue",
                "6 Subsystem=sftp|/x|-f|A"
            ]
        );
        assert_eq!(odd, []);
    }

    #[test]
    fn a_block_reaches_to_the_next_one() {
        let text = "X a\nMatch User root Address 10.*\n X b\nmatch all\n X c\n";
        assert_eq!(read(text).0, ["1 X=a", "3 X=b [User root Address 10.*]", "5 X=c [all]"]);
    }

    #[test]
    fn what_sshd_refuses_is_named() {
        let (directives, odd) = read("PermitRootLogin no # never\nPort\nBanner \"x\n=\n");
        assert_eq!(directives, ["1 PermitRootLogin=no", "2 Port=", "3 Banner=x", "4 ="]);
        let why: Vec<_> = odd.iter().map(|(line, why)| (*line, why.as_str())).collect();
        assert_eq!(
            why,
            [
                (1, "a comment after an argument is refused by OpenSSH 7.4"),
                (2, "has no argument"),
                (3, "a quote is not closed"),
                (4, "has no argument"),
            ]
        );
    }
}
