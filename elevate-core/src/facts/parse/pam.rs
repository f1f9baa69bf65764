//! A file of `/etc/pam.d`.

use super::super::OddLine;
use super::{Odd, lines};

/// One rule of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Line it begins at, from 1.
    pub line: usize,
    /// Line it ends at.
    pub last: usize,
    /// Whether `-` stands before the type: a missing module is not even logged.
    pub quiet: bool,
    /// What it is for; `None` for `@include`, which is for all.
    pub kind: Option<Kind>,
    /// What its result does.
    pub control: Control,
    /// The module as written, with or without its path; empty for the controls
    /// that take another file in.
    pub module: String,
    /// Arguments of the module; one in brackets is without them.
    pub arguments: Vec<String>,
}

/// What a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Who somebody is.
    Auth,
    /// Whether he may.
    Account,
    /// Changing the password.
    Password,
    /// Before and after.
    Session,
}

/// What the result of a rule does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// `required`.
    Required,
    /// `requisite`.
    Requisite,
    /// `sufficient`.
    Sufficient,
    /// `optional`.
    Optional,
    /// The rules of another service.
    Include(String),
    /// The same, judged as one.
    Substack(String),
    /// `[value=action ...]`, as written.
    Actions(String),
    /// Anything else; libpam takes such a rule for a failure.
    Odd(String),
}

impl Rule {
    /// Name of the module without path and `.so`: `pam_unix`.
    pub fn module_name(&self) -> &str {
        let name = self.module.rsplit('/').next().unwrap_or_default();
        name.strip_suffix(".so").unwrap_or(name)
    }

    /// How many rules of its kind it may pass over: the largest number among its actions.
    pub fn jump(&self) -> usize {
        let Control::Actions(actions) = &self.control else { return 0 };
        let jumps =
            actions.split_whitespace().filter_map(|one| one.split_once('=')?.1.parse().ok());
        jumps.max().unwrap_or(0)
    }

    /// The service whose rules it takes in.
    pub fn includes(&self) -> Option<&str> {
        match &self.control {
            Control::Include(service) | Control::Substack(service) => Some(service),
            _ => None,
        }
    }
}

/// Reads a file as libpam does: `#` begins a comment anywhere, a line that ends
/// in a backslash goes on, keywords are in any letter case.
pub fn parse(text: &str) -> (Vec<Rule>, Vec<OddLine>) {
    let mut rules = Vec::new();
    let mut odd = Odd::default();
    for (line, last, content) in joined(text) {
        match rule((line, last), &content) {
            Ok(rule) => {
                if let Control::Odd(word) = &rule.control {
                    let why =
                        format!("{:?} is no control", word.chars().take(40).collect::<String>());
                    odd.note(line, &content, why);
                }
                rules.push(rule);
            }
            Err(why) => odd.note(line, &content, why),
        }
    }
    (rules, odd.finish())
}

/// Lines without comments, joined where a backslash ends one. A comment line
/// between joined ones does not end them.
fn joined(text: &str) -> Vec<(usize, usize, String)> {
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    let mut open = false;
    for (line, text) in lines::numbered(text) {
        let content = text.split('#').next().unwrap_or_default().trim();
        if content.is_empty() {
            open &= text.trim_start().starts_with('#');
            continue;
        }
        let part = content.strip_suffix('\\');
        let content = part.unwrap_or(content).trim_end();
        match found.last_mut().filter(|_| open) {
            Some((_, last, rule)) => {
                *last = line;
                rule.push(' ');
                rule.push_str(content);
            }
            None => found.push((line, line, content.to_owned())),
        }
        open = part.is_some();
    }
    found.retain(|(_, _, content)| !content.trim().is_empty());
    found
}

fn rule((line, last): (usize, usize), text: &str) -> Result<Rule, &'static str> {
    let mut words = words(text).into_iter();
    let first = words.next().unwrap_or_default();
    if first.eq_ignore_ascii_case("@include") {
        let control = Control::Include(words.next().ok_or("names no file")?);
        let (module, arguments) = (String::new(), words.collect());
        let (quiet, kind) = (false, None);
        return Ok(Rule { line, last, quiet, kind, control, module, arguments });
    }
    let quiet = first.starts_with('-');
    let kind = match first.trim_start_matches('-').to_ascii_lowercase().as_str() {
        "auth" => Kind::Auth,
        "account" => Kind::Account,
        "password" => Kind::Password,
        "session" => Kind::Session,
        _ => return Err("does not begin with auth, account, password or session"),
    };
    let control = words.next().ok_or("has neither control nor module")?;
    let mut module = words.next().ok_or("has no module")?;
    let control = match control.to_ascii_lowercase().as_str() {
        "required" => Control::Required,
        "requisite" => Control::Requisite,
        "sufficient" => Control::Sufficient,
        "optional" => Control::Optional,
        "include" => Control::Include(std::mem::take(&mut module)),
        "substack" => Control::Substack(std::mem::take(&mut module)),
        _ => match control.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(actions) => Control::Actions(actions.trim().to_owned()),
            None => Control::Odd(control),
        },
    };
    let arguments = words.map(|word| unbracketed(&word).to_owned()).collect();
    Ok(Rule { line, last, quiet, kind: Some(kind), control, module, arguments })
}

fn unbracketed(word: &str) -> &str {
    word.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(word)
}

/// Words at white space; one that begins with `[` ends at the next `]` that no
/// backslash stands before.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    let mut brackets = true;
    while !rest.is_empty() {
        let open = brackets && rest.starts_with('[');
        let end = if open { bracket_end(rest) } else { None };
        // Without an end for this one there is none for those after it.
        brackets &= !open || end.is_some();
        let end = end.or_else(|| rest.find(char::is_whitespace)).unwrap_or(rest.len());
        words.push(rest[..end].replace("\\]", "]"));
        rest = rest[end..].trim_start();
    }
    words
}

fn bracket_end(text: &str) -> Option<usize> {
    let ends = text.match_indices(']');
    let mut ends = ends.filter(|(at, _)| !text[..*at].ends_with('\\'));
    ends.next().map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Rule {
        let (mut rules, odd) = parse(text);
        assert_eq!(odd, []);
        assert_eq!(rules.len(), 1, "{rules:?}");
        rules.remove(0)
    }

    #[test]
    fn types_and_controls_are_in_any_letter_case() {
        let rule =
            one("-AUTH  Sufficient /lib64/security/pam_sss.so  use_first_pass # pam_krb5.so");
        assert!(rule.quiet);
        assert_eq!((rule.kind, &rule.control), (Some(Kind::Auth), &Control::Sufficient));
        assert_eq!(rule.module_name(), "pam_sss");
        assert_eq!(rule.arguments, ["use_first_pass"]);
    }

    #[test]
    fn brackets_hold_white_space() {
        let rule = one("auth [success=1 default=ignore] pam_succeed_if.so [uid >= 10\\]00] quiet");
        assert_eq!(rule.control, Control::Actions("success=1 default=ignore".to_owned()));
        assert_eq!(rule.arguments, ["uid >= 10]00", "quiet"]);
        assert_eq!((rule.jump(), one("auth required pam_x.so").jump()), (1, 0));
    }

    #[test]
    fn other_services_are_taken_in_in_three_ways() {
        assert_eq!(one("auth include system-auth").includes(), Some("system-auth"));
        assert_eq!(one("auth substack password-auth").includes(), Some("password-auth"));
        let all = one("@include common-auth");
        assert_eq!((all.includes(), all.kind), (Some("common-auth"), None));
        assert_eq!(one("auth required pam_x.so").includes(), None);
    }

    #[test]
    fn a_line_goes_on_after_a_backslash_past_a_comment() {
        let rule = one("auth required \\\n  # a comment\n  pam_exec.so a \\\n  pam_env.so\n");
        assert_eq!((rule.line, rule.last, rule.module_name()), (1, 4, "pam_exec"));
        assert_eq!(rule.arguments, ["a", "pam_env.so"]);
    }

    #[test]
    fn odd_lines_are_named_and_a_module_with_an_odd_control_is_kept() {
        let (rules, odd) = parse(
            "pam_x.so\nauth required\nauth\nauth sometimes pam_y.so\n@include\nauth [x pam_z.so\n",
        );
        let modules: Vec<_> = rules.iter().map(Rule::module_name).collect();
        assert_eq!(modules, ["pam_y", "pam_z"]);
        let why: Vec<_> = odd.iter().map(|odd| (odd.line, odd.why.as_str())).collect();
        let expected = [
            (1, "does not begin with auth, account, password or session"),
            (2, "has no module"),
            (3, "has neither control nor module"),
            (4, "\"sometimes\" is no control"),
            (5, "names no file"),
            (6, "\"[x\" is no control"),
        ];
        assert_eq!(why, expected);
    }
}
