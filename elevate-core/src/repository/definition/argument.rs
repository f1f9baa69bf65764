//! A repository named on a command line.

use std::path::PathBuf;

use thiserror::Error;

use super::{Definition, Location};
use crate::model::RepoId;
use crate::repository::url::{UrlError, has_scheme};
use crate::repository::variables::Variables;

/// An argument that names no repository.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ArgumentError {
    /// It is no address.
    #[error("{shown:?} {source}")]
    Url {
        /// The argument.
        shown: String,
        /// What is wrong.
        source: UrlError,
    },
    /// No id can be made of it.
    #[error("{0:?} says no id; write ID=DIR or ID=URL")]
    NoId(String),
}

pub(super) fn definition(
    argument: &str,
    variables: &Variables,
) -> Result<Definition, ArgumentError> {
    let (id, place) = split(argument);
    let place = variables.expand(place).text;
    let shown = || place.chars().take(200).collect::<String>();
    let location = location(&place).map_err(|source| ArgumentError::Url { shown: shown(), source });
    let location = location?;
    let id = match id {
        Some(id) => RepoId::new(id).ok(),
        None => made_id(&location),
    };
    let id = id.ok_or_else(|| ArgumentError::NoId(shown()))?;
    Ok(Definition { variables: variables.clone(), ..Definition::at(id, location) })
}

/// Splits off `ID=`. A directory with `=` in its name needs a `./` before it.
fn split(argument: &str) -> (Option<&str>, &str) {
    let of_id = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    match argument.split_once('=') {
        Some((id, rest)) if !id.is_empty() && id.chars().all(of_id) && id != "." => {
            (Some(id), rest)
        }
        _ => (None, argument),
    }
}

/// The place, without `repodata` where somebody named that.
fn location(text: &str) -> Result<Location, UrlError> {
    let text = ["/repodata/repomd.xml", "/repodata/", "/repodata"]
        .into_iter()
        .find_map(|end| text.strip_suffix(end).filter(|rest| !rest.is_empty()))
        .unwrap_or(text);
    if text.starts_with("file:") || has_scheme(text) {
        return Location::parse(text);
    }
    if text.is_empty() {
        return Err(UrlError::Malformed("it is empty"));
    }
    Ok(Location::Path(PathBuf::from(text)))
}

/// The last part of a path that says something: not `os`, not an architecture;
/// with the one before it where it is only a version.
fn made_id(location: &Location) -> Option<RepoId> {
    let (path, otherwise) = match location {
        Location::Path(path) => (path.to_string_lossy().into_owned(), None),
        Location::Remote(url) => {
            let path = url.path.split('?').next().unwrap_or_default().to_owned();
            (path, Some(url.host.as_str()))
        }
    };
    let parts: Vec<&str> =
        path.split('/').filter(|part| !part.is_empty() && !part.starts_with('.')).collect();
    let end = parts.iter().rposition(|part| !says_nothing(part)).map_or(0, |at| at + 1);
    let mut start = end.saturating_sub(1);
    while start > 0 && (says_little(parts[start]) || says_nothing(parts[start])) {
        start -= 1;
    }
    let text = match (parts.get(start..end).unwrap_or_default(), otherwise) {
        ([], Some(host)) => host.to_owned(),
        ([], None) => parts.last()?.to_string(),
        (parts, _) => parts.join("-"),
    };
    let of_id = |c: char| if c.is_ascii_alphanumeric() || "-_.:".contains(c) { c } else { '_' };
    RepoId::new(text.chars().take(200).map(of_id).collect::<String>()).ok()
}

/// A part of a path that all repositories have.
fn says_nothing(part: &str) -> bool {
    const PARTS: [&str; 9] =
        ["os", "x86_64", "aarch64", "ppc64le", "s390x", "i386", "i686", "noarch", "tree"];
    PARTS.contains(&part)
}

/// A version, or a word that means nothing alone.
fn says_little(part: &str) -> bool {
    part == "Everything" || part.chars().all(|c| c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(argument: &str) -> String {
        definition(argument, &Variables::new()).unwrap().id.to_string()
    }

    #[test]
    fn an_id_is_made_of_what_says_something() {
        let cases = [
            ("https://repo.almalinux.org/almalinux/8/BaseOS/x86_64/os/", "BaseOS"),
            ("https://dl.example.org/pub/epel/8/Everything/x86_64", "epel-8-Everything"),
            ("http://mirror.example.org/", "mirror.example.org"),
            ("http://h/x86_64/os", "h"),
            ("/srv/repo/8", "repo-8"),
            ("./here", "here"),
            ("repo dir", "repo_dir"),
            ("/mnt/x86_64", "mnt"),
            ("x86_64", "x86_64"),
            ("file:///srv/App%20Stream", "App_Stream"),
            ("/srv/a/repodata/repomd.xml", "a"),
        ];
        for (argument, expected) in cases {
            assert_eq!(id(argument), expected, "{argument}");
        }
    }

    #[test]
    fn an_id_may_be_given() {
        assert_eq!(id("base=http://h/x?y=z"), "base");
        assert_eq!(id("http://h/x?y=z"), "x");
        let named = definition("base=/srv/x", &Variables::new()).unwrap();
        assert_eq!(named.directory(), Some(&PathBuf::from("/srv/x")));
    }

    #[test]
    fn what_is_no_repository_is_refused() {
        for argument in ["", "ftp://h/x", "http://", "a=", "/"] {
            assert!(definition(argument, &Variables::new()).is_err(), "{argument:?}");
        }
    }
}
