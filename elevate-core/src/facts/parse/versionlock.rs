//! Lists of yum's and dnf's versionlock plugins.

use super::super::OddLine;
use super::{Odd, lines};

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Line, from 1.
    pub line: usize,
    /// Whether it keeps these versions out, rather than all others (`!`).
    pub excluded: bool,
    /// Name; may hold `*` and `?`.
    pub name: String,
    /// Epoch as written, `*` for any; `None` where it names none.
    pub epoch: Option<String>,
    /// Version; may be `*`.
    pub version: String,
    /// Release; may be `*`.
    pub release: String,
    /// Architecture; `*` for any, `None` where it names none.
    pub arch: Option<String>,
}

/// Reads entries `[!]EPOCH:NAME-VERSION-RELEASE.ARCH` of yum and
/// `[!]NAME-EPOCH:VERSION-RELEASE.ARCH` of dnf; `#` begins a comment.
pub fn parse(text: &str) -> (Vec<Lock>, Vec<OddLine>) {
    let mut locks = Vec::new();
    let mut odd = Odd::default();
    for (line, text) in lines::numbered(text) {
        let content = text.split('#').next().unwrap_or_default().trim();
        if content.is_empty() {
            continue;
        }
        match lock(line, content) {
            Some(lock) => locks.push(lock),
            None => odd.note(line, text, "is not NAME-VERSION-RELEASE"),
        }
    }
    (locks, odd.finish())
}

fn lock(line: usize, text: &str) -> Option<Lock> {
    let (excluded, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest.trim()));
    let mut parts = text.rsplitn(3, '-');
    let (release, version, name) = (parts.next()?, parts.next()?, parts.next()?);
    let (mut name, mut version, mut epoch) = (name, version, None);
    if let Some((before, rest)) = name.split_once(':') {
        (epoch, name) = (Some(before), rest);
    }
    if let Some((before, rest)) = version.split_once(':') {
        (epoch, version) = (Some(before), rest);
    }
    let (release, arch) = match release.rsplit_once('.') {
        Some((release, arch)) if is_arch(arch) => (release, Some(arch)),
        _ => (release, None),
    };
    let blank = |text: &str| text.is_empty() || text.contains(char::is_whitespace);
    if blank(name) || blank(version) || blank(release) {
        return None;
    }
    Some(Lock {
        line,
        excluded,
        name: name.to_owned(),
        epoch: epoch.map(str::to_owned),
        version: version.to_owned(),
        release: release.to_owned(),
        arch: arch.map(str::to_owned),
    })
}

fn is_arch(text: &str) -> bool {
    let known = ["noarch", "x86_64", "aarch64", "ppc64le", "ppc64", "s390x", "s390", "ppc", "src"];
    text == "*" || known.contains(&text) || matches!(text.as_bytes(), [b'i', _, b'8', b'6'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_both_plugins_are_read() {
        let text = "# c\n0:bash-4.2.46-34.el7.*\n!1:bind-libs-9.11.4-26.P2.el7.x86_64 # c\nbash-0:4.2-1.el7.noarch\nfoo-bar-1-2\nkernel-*-*\n";
        let (locks, odd) = parse(text);
        assert_eq!(odd, []);
        let show = |l: &Lock| {
            format!(
                "{} {} {:?} {} {} {} {:?}",
                l.line, l.excluded, l.epoch, l.name, l.version, l.release, l.arch
            )
        };
        assert_eq!(
            locks.iter().map(show).collect::<Vec<_>>(),
            [
                "2 false Some(\"0\") bash 4.2.46 34.el7 Some(\"*\")",
                "3 true Some(\"1\") bind-libs 9.11.4 26.P2.el7 Some(\"x86_64\")",
                "4 false Some(\"0\") bash 4.2 1.el7 Some(\"noarch\")",
                "5 false None foo-bar 1 2 None",
                "6 false None kernel * * None",
            ]
        );
    }

    #[test]
    fn what_names_no_version_is_odd() {
        let (locks, odd) = parse("bash\n--\na b-1-2\n!\nx-1\n");
        assert_eq!(locks, []);
        assert_eq!(odd.iter().map(|odd| odd.line).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    }
}
