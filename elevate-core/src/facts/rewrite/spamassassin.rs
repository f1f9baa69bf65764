//! Options of SpamAssassin: versions of TLS that nobody can ask for any more, and the
//! daemon that stays in the foreground.

use super::lines;

/// Versions of TLS that can be named.
const VERSIONS: [&str; 2] = ["sslv3", "tlsv1"];

/// Options of spamd that take no argument and can stand in one word with `-d`.
const FLAGS: &str = "ch46LlxPQqVv";

/// `spamc.conf` without the versions after `--ssl`, on the same line or the next.
pub(in crate::facts) fn spamc(text: &str) -> String {
    let mut after_ssl = false;
    lines(text, |_, line| {
        if line.starts_with('#') {
            return Some(line.to_owned());
        }
        let mut kept = String::new();
        for (blank, word) in words(line, char::is_whitespace) {
            let named = word.strip_prefix("--ssl=");
            if after_ssl && VERSIONS.contains(&word) {
                after_ssl = false;
                continue;
            }
            kept += blank;
            kept += if named.is_some_and(|v| VERSIONS.contains(&v)) { "--ssl" } else { word };
            after_ssl = if word.is_empty() { after_ssl } else { word == "--ssl" };
        }
        Some(kept)
    })
}

/// What becomes of `/etc/sysconfig/spamassassin`: the last `SPAMDOPTIONS` without
/// `--ssl-version`, for which `--ssl` stands once, and, where the daemon has to stay in
/// the foreground, without `-d`.
pub(in crate::facts) fn spamd(text: &str, in_foreground: bool) -> String {
    let Some((start, end)) = assignment(text) else { return text.to_owned() };
    let (before, rest) = text.split_at(start);
    let (value, after) = rest.split_at(end - start);
    format!("{before}{}{after}", options(value, in_foreground))
}

/// Where the last assignment of `SPAMDOPTIONS` begins and ends, with lines joined.
fn assignment(text: &str) -> Option<(usize, usize)> {
    let (mut at, mut found, mut joined) = (0, None, false);
    let mut start = 0;
    for whole in text.split_inclusive('\n') {
        if !joined {
            start = at;
        }
        at += whole.len();
        let first = text.get(start..at).unwrap_or_default().trim_start();
        joined = whole.trim_end_matches(['\r', '\n']).ends_with('\\');
        if first.starts_with("SPAMDOPTIONS=") {
            found = Some((start, at));
        }
    }
    found
}

fn options(value: &str, in_foreground: bool) -> String {
    let split = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '=' | '\\');
    let all: Vec<(&str, &str)> = words(value, split).collect();
    let mut has_ssl = all.iter().any(|(_, word)| *word == "--ssl");
    let mut kept = String::new();
    // One blank goes with a word: the one before it, else the one after it.
    let mut takes_next = false;
    let mut at = 0;
    while let Some((blank, word)) = all.get(at).copied() {
        let is_argument = at > 1 && blank == "=";
        let has_version = all.get(at + 1).is_some_and(|(_, next)| VERSIONS.contains(next));
        at += 1;
        let changed = match word {
            _ if is_argument => Some(word.to_owned()),
            "--ssl-version" if has_version => {
                at += 1;
                let is_first = !std::mem::replace(&mut has_ssl, true);
                is_first.then(|| "--ssl".to_owned())
            }
            "--daemonize" if in_foreground => None,
            _ if in_foreground => without_daemon(word),
            _ => Some(word.to_owned()),
        };
        let is_taken = std::mem::take(&mut takes_next);
        kept += blank.strip_prefix([' ', '\t']).filter(|_| is_taken).unwrap_or(blank);
        match changed {
            Some(word) => kept += &word,
            None if kept.ends_with([' ', '\t']) => _ = kept.pop(),
            None => takes_next = true,
        }
    }
    kept
}

/// A word of short options without `d`; `None` where nothing is left.
fn without_daemon(word: &str) -> Option<String> {
    let Some(flags) = word.strip_prefix('-').filter(|flags| !flags.starts_with('-')) else {
        return Some(word.to_owned());
    };
    let end = flags.find(|c| c != 'd' && !FLAGS.contains(c)).unwrap_or(flags.len());
    let (alone, rest) = flags.split_at(end);
    let kept = format!("{}{rest}", alone.replace('d', ""));
    (!kept.is_empty() || flags.is_empty()).then(|| format!("-{kept}"))
}

/// Words with what stands before each; the last word may be empty.
fn words(text: &str, split: impl Fn(char) -> bool + Copy) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let start = rest.find(|c| !split(c)).unwrap_or(rest.len());
        let (blank, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(split).unwrap_or(from.len()));
        rest = after;
        Some((blank, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spamc_asks_for_no_version_any_more() {
        for (text, expected) in [
            ("--ssl sslv3 -d x\n", "--ssl -d x\n"),
            ("--ssl=tlsv1\n", "--ssl\n"),
            ("-d x --ssl\n# sslv3\n\n  tlsv1 -p 1\n", "-d x --ssl\n# sslv3\n\n -p 1\n"),
            ("#--ssl sslv3\n", "#--ssl sslv3\n"),
            ("--ssl sslv4\n--ssl=x\n", "--ssl sslv4\n--ssl=x\n"),
            ("--ssl -4\nsslv3\n", "--ssl -4\nsslv3\n"),
            ("--ssl   sslv3", "--ssl"),
        ] {
            assert_eq!(spamc(text), expected, "{text}");
        }
    }

    #[test]
    fn spamd_stays_in_the_foreground() {
        for (value, expected) in [
            ("\"-d -c -m5 -H\"", "\"-c -m5 -H\""),
            ("\"-c -d\"", "\"-c\""),
            ("-d", ""),
            ("\"-cd --daemonize -dcm5 -u d --x=-d\"", "\"-c -cm5 -u d --x=-d\""),
            ("\"-c \\\n -d \\\n -H\"", "\"-c \\\n \\\n -H\""),
            ("\"-u d -md\"", "\"-u d -md\""),
        ] {
            let text = |value: &str| format!("SPAMDOPTIONS=-d\n#x\n  SPAMDOPTIONS={value}\nA=-d\n");
            assert_eq!(spamd(&text(value), true), text(expected), "{value}");
            assert_eq!(spamd(&text(value), false), text(value), "{value}");
        }
    }

    #[test]
    fn ssl_stands_once_for_all_versions() {
        for (value, expected) in [
            ("\"--ssl-version sslv3 -c\"", "\"--ssl -c\""),
            ("\"--ssl-version=tlsv1 --ssl-version \\\n sslv3 -c\"", "\"--ssl -c\""),
            ("\"--ssl -c --ssl-version=tlsv1\"", "\"--ssl -c\""),
            ("\"--ssl-version=tlsv2 -c\"", "\"--ssl-version=tlsv2 -c\""),
        ] {
            let text = |value: &str| format!("SPAMDOPTIONS={value}\n");
            assert_eq!(spamd(&text(value), false), text(expected), "{value}");
        }
        // A comment that goes on is no assignment.
        let text = "# x \\\nSPAMDOPTIONS=-d\n";
        assert_eq!(spamd(text, true), text);
    }
}
