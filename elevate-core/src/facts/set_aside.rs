//! Configuration that rpm put beside the host's own, because it was changed by hand.

use super::look::Found;
use super::{Facts, Unknown, Why};
use crate::snapshot::{Evidence, Missing};

/// Evidence the questions read.
pub const READS: &[&str] = &[PATTERN];

const PATTERN: &str = "/etc/*.rpm[nos]*";

/// A file that rpm put beside another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetAside {
    /// Where it is.
    pub path: String,
    /// The file it stands beside.
    pub beside: String,
    /// Which of the two is the package's.
    pub kind: SetAsideKind,
}

/// What a file beside another is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SetAsideKind {
    /// `.rpmnew`: the package's; the host's own is in use.
    New,
    /// `.rpmsave`: the host's own; the package's is in use, or the package is gone.
    Save,
    /// `.rpmorig`: a file that was there before the package, which is in use.
    Original,
}

impl SetAside {
    /// What a path with one of rpm's endings is.
    pub fn of(path: &str) -> Option<Self> {
        const ENDS: [(&str, SetAsideKind); 3] = [
            (".rpmnew", SetAsideKind::New),
            (".rpmsave", SetAsideKind::Save),
            (".rpmorig", SetAsideKind::Original),
        ];
        let of = |(end, kind): &(&str, SetAsideKind)| {
            let beside = path.strip_suffix(end).filter(|beside| !beside.ends_with('/'))?;
            Some(Self { path: path.to_owned(), beside: beside.to_owned(), kind: *kind })
        };
        ENDS.iter().find_map(of)
    }
}

impl Facts<'_> {
    /// Files below `/etc` that rpm put beside others, by path.
    pub fn set_aside(&self) -> Found<SetAside> {
        in_evidence(&self.snapshot.evidence)
    }
}

fn in_evidence(evidence: &Evidence) -> Found<SetAside> {
    let paths = evidence.found.get(PATTERN);
    let items = paths.into_iter().flatten().filter_map(|path| SetAside::of(path)).collect();
    let why = match evidence.missing.get(PATTERN) {
        Some(Missing::Unreadable(why)) => Some(Why::Unreadable(why.clone())),
        Some(Missing::Absent) => None,
        _ if paths.is_some() => None,
        _ => Some(Why::NotCaptured),
    };
    let missing = why.map(|why| Unknown { evidence: PATTERN.to_owned(), why });
    Found { items, missing: missing.into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    fn paths(found: &Found<SetAside>) -> Vec<(&str, SetAsideKind)> {
        found.items.iter().map(|item| (item.beside.as_str(), item.kind)).collect()
    }

    #[test]
    fn files_are_known_by_what_rpm_appends() {
        let host = evidence(
            "//- find /etc/*.rpm[nos]*: /etc/a.rpmnew /etc/b.rpmsave /etc/c.rpmorig /etc/d.rpmnot /etc/.rpmnew\n",
        );
        let found = in_evidence(&host);
        let kinds = [SetAsideKind::New, SetAsideKind::Save, SetAsideKind::Original];
        let expected = ["/etc/a", "/etc/b", "/etc/c"].into_iter().zip(kinds);
        assert_eq!(paths(&found), expected.collect::<Vec<_>>());
        assert_eq!(found.missing, []);
    }

    #[test]
    fn none_nobody_looked_and_half_looked_are_told_apart() {
        let none = in_evidence(&evidence("//- find /etc/*.rpm[nos]*:\n"));
        assert!(none.items.is_empty() && none.missing.is_empty());
        assert_eq!(in_evidence(&evidence("")).missing[0].why, Why::NotCaptured);
        let absent = in_evidence(&evidence("//- absent /etc/*.rpm[nos]*\n"));
        assert!(absent.items.is_empty() && absent.missing.is_empty());
        let half = in_evidence(&evidence(
            "//- find /etc/*.rpm[nos]*: /etc/a.rpmnew\n//- unreadable /etc/*.rpm[nos]*: 1 place\n",
        ));
        assert_eq!((half.items.len(), half.missing.len()), (1, 1));
    }
}
