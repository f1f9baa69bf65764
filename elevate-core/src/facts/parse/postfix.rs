//! `main.cf` and `master.cf` of Postfix.

use super::super::OddLine;
use super::Odd;

/// A parameter of `main.cf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Line it begins at, from 1.
    pub line: usize,
    /// Name.
    pub name: String,
    /// Value, lines it goes on in joined by a blank.
    pub value: String,
}

/// A service of `master.cf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Line it begins at, from 1.
    pub line: usize,
    /// Name or address: `smtp`, `127.0.0.1:10025`.
    pub name: String,
    /// `inet`, `unix`, `fifo`, `pass`.
    pub kind: String,
    /// Whether it is locked into the queue directory; `None` for `-`, the
    /// default, which turned from yes to no in Postfix 3.
    pub chroot: Option<bool>,
    /// Command with its arguments.
    pub command: String,
}

/// Reads parameters, in order; the last one of a name counts.
pub fn main_cf(text: &str) -> (Vec<Parameter>, Vec<OddLine>) {
    let mut odd = Odd::default();
    let mut parameters = Vec::new();
    for (line, text) in logical(text, &mut odd) {
        match text.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
            Some((name, value)) if !name.is_empty() && !name.contains(char::is_whitespace) => {
                let (name, value) = (name.to_owned(), value.to_owned());
                parameters.push(Parameter { line, name, value });
            }
            _ => odd.note(line, &text, "is not `parameter = value`"),
        }
    }
    (parameters, odd.finish())
}

/// Reads services.
pub fn master_cf(text: &str) -> (Vec<Service>, Vec<OddLine>) {
    let mut odd = Odd::default();
    let mut services = Vec::new();
    for (line, text) in logical(text, &mut odd) {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [name, kind, _, _, chroot, _, _, command @ ..] = &words[..] else {
            odd.note(line, &text, "has fewer than eight columns");
            continue;
        };
        if command.is_empty() {
            odd.note(line, &text, "has fewer than eight columns");
            continue;
        }
        let chroot = match *chroot {
            "y" => Some(true),
            "n" => Some(false),
            "-" => None,
            _ => {
                odd.note(line, &text, "the column chroot is neither y, n nor -");
                continue;
            }
        };
        let (name, kind, command) = ((*name).to_owned(), (*kind).to_owned(), command.join(" "));
        services.push(Service { line, name, kind, chroot, command });
    }
    (services, odd.finish())
}

/// Logical lines: one that begins with white space goes on with the one above;
/// `#` begins a comment line, which ends nothing.
fn logical(text: &str, odd: &mut Odd) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (line, text) in super::lines::numbered(text) {
        let content = text.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if !text.starts_with([' ', '\t']) {
            found.push((line, content.to_owned()));
        } else if let Some((_, last)) = found.last_mut() {
            last.push(' ');
            last.push_str(content);
        } else {
            odd.note(line, text, "goes on with a line that is not there");
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_go_on_in_indented_lines() {
        let text = " lost\n# c\ninet_interfaces = all\nmynetworks = 10.0.0.0/8,\n# c\n\n  127.0.0.0/8\nrelay_domains=\nword\na b = c\n";
        let (parameters, odd) = main_cf(text);
        let show: Vec<_> =
            parameters.iter().map(|p| format!("{} {}={}", p.line, p.name, p.value)).collect();
        assert_eq!(
            show,
            ["3 inet_interfaces=all", "4 mynetworks=10.0.0.0/8, 127.0.0.0/8", "8 relay_domains="]
        );
        assert_eq!(odd.iter().map(|odd| odd.line).collect::<Vec<_>>(), [1, 9, 10]);
    }

    #[test]
    fn services_have_eight_columns() {
        let text = "smtp      inet  n       -       n       -       -       smtpd\n  -o a=b\npickup unix n - - 60 1 pickup\nx inet n - z - - y\nshort inet n\n";
        let (services, odd) = master_cf(text);
        let show: Vec<_> =
            services.iter().map(|s| format!("{} {:?} {}", s.name, s.chroot, s.command)).collect();
        assert_eq!(show, ["smtp Some(false) smtpd -o a=b", "pickup None pickup"]);
        assert_eq!(odd.iter().map(|odd| odd.line).collect::<Vec<_>>(), [4, 5]);
    }
}
