//! Addresses of repositories.
//!
//! Only what fetching needs: `http`, `https` and `file`, a path to be lengthened,
//! and names and passwords that are never shown.

use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// The longest address accepted, in bytes.
const LONGEST: usize = 8192;

/// Something that is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for whoever has to send it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A name and a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Who.
    pub user: String,
    /// With which password.
    pub password: Secret,
}

/// The protocols spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// Open to everybody on the way.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    fn name(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    fn port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

/// An address on a network. It is shown without the name and the password that
/// may have been in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    /// Protocol.
    pub scheme: Scheme,
    /// Host as it is written in a URL: an IPv6 address has its brackets.
    pub host: String,
    /// Port, the protocol's own where none was given.
    pub port: u16,
    /// Path and query; starts with `/`.
    pub path: String,
    /// Name and password that were in it.
    pub credentials: Option<Credentials>,
}

/// A text that is no address of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UrlError {
    /// Too long, or characters that no address has.
    #[error("is no URL: {0}")]
    Malformed(&'static str),
    /// A protocol that is not spoken.
    #[error("the protocol {0:?} is not supported; http, https and file are")]
    Scheme(String),
}

impl Url {
    /// Reads an `http` or `https` address. A fragment is left out.
    ///
    /// # Errors
    ///
    /// Another protocol, and anything that is no URL.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        if text.len() > LONGEST {
            return Err(UrlError::Malformed("it is too long"));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(UrlError::Malformed("it holds blanks or characters other than ASCII"));
        }
        let (scheme, rest) =
            text.split_once("://").ok_or(UrlError::Malformed("there is no protocol"))?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            other => return Err(UrlError::Scheme(other.chars().take(32).collect())),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        let (host, port) = host_and_port(host, scheme)?;
        let slash = if path.starts_with('/') { "" } else { "/" };
        let credentials = user.map(credentials);
        Ok(Self { scheme, host, port, path: format!("{slash}{path}"), credentials })
    }

    /// The address of a file below this one. A query stays behind the path.
    pub fn below(&self, path: &str) -> Self {
        let (base, query) = match self.path.split_once('?') {
            Some((base, query)) => (base, format!("?{query}")),
            None => (self.path.as_str(), String::new()),
        };
        let path = format!("{}/{}{query}", base.trim_end_matches('/'), encoded(path));
        Self { path, ..self.clone() }
    }

    /// Where a redirection leads. Names and passwords in it are left out: a server
    /// cannot say what to log in with elsewhere.
    ///
    /// # Errors
    ///
    /// Another protocol than `http` and `https`, and anything that is no URL.
    pub fn redirected(&self, location: &str) -> Result<Self, UrlError> {
        let location = location.trim();
        let origin = format!("{}://{}", self.scheme.name(), self.authority());
        let text = if has_scheme(location) {
            location.to_owned()
        } else if location.starts_with("//") {
            format!("{}:{location}", self.scheme.name())
        } else if location.starts_with('/') {
            format!("{origin}{location}")
        } else {
            let path = self.path.split('?').next().unwrap_or_default();
            let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
            format!("{origin}{directory}/{location}")
        };
        Ok(Self { credentials: None, ..Self::parse(&text)? })
    }

    /// Whether both are of one protocol, host and port: what is secret is sent to
    /// no other.
    pub fn same_origin(&self, other: &Self) -> bool {
        self.scheme == other.scheme
            && self.port == other.port
            && self.host.eq_ignore_ascii_case(&other.host)
    }

    /// Host, and port where it is not the protocol's own.
    pub fn authority(&self) -> String {
        if self.port == self.scheme.port() {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme.name(), self.authority(), self.path)
    }
}

/// Whether a text names a protocol, as in `http://`.
pub(super) fn has_scheme(text: &str) -> bool {
    let name = |scheme: &str| {
        !scheme.is_empty()
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    };
    text.split_once("://").is_some_and(|(scheme, _)| name(scheme))
}

/// The path of a `file:` address, `None` where it is none.
pub(super) fn file_path(text: &str) -> Option<Result<PathBuf, UrlError>> {
    let start = text.get(..5)?;
    if !start.eq_ignore_ascii_case("file:") {
        return None;
    }
    let rest = &text[5..];
    let path = match rest.strip_prefix("//") {
        Some(rest) => rest.strip_prefix("localhost").unwrap_or(rest),
        None => rest,
    };
    if !path.starts_with('/') {
        return Some(Err(UrlError::Malformed("file: wants a path that starts with /")));
    }
    let path = decoded(path);
    if path.contains('\0') {
        return Some(Err(UrlError::Malformed("there is a zero byte in it")));
    }
    Some(Ok(PathBuf::from(path)))
}

/// The `file:` address of a path.
pub(super) fn file_address(path: &Path) -> String {
    format!("file://{}", encoded(&path.to_string_lossy().replace('%', "%25")))
}

fn host_and_port(text: &str, scheme: Scheme) -> Result<(String, u16), UrlError> {
    let bad = UrlError::Malformed("the host or its port is malformed");
    let at = text.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = match text[at..].find(':') {
        Some(colon) => (&text[..at + colon], &text[at + colon + 1..]),
        None => (text, ""),
    };
    let address = |inner: &str| inner.bytes().all(|b| b.is_ascii_hexdigit() || b":.".contains(&b));
    let name = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let good = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(inner) => !inner.is_empty() && address(inner),
        None => !host.is_empty() && host.bytes().all(name),
    };
    let port = if port.is_empty() { Some(scheme.port()) } else { port.parse().ok() };
    match port {
        Some(port) if good && port != 0 => Ok((host.to_owned(), port)),
        _ => Err(bad),
    }
}

/// `name:password` as it stands before the `@` of an address.
pub(super) fn credentials(text: &str) -> Credentials {
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    Credentials { user: decoded(user), password: Secret(decoded(password)) }
}

/// `%41` as the character it stands for; what is no UTF-8 then stays as it was.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.filter(|_| byte == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(value) => {
                out.push(value);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// A path with those characters escaped that would end it. `%` stays: metadata
/// write paths as they are to be asked for.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_graphic() && !b"?#\"<>\\^`{|}".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn an_address_is_taken_apart_and_put_together_again() {
        let cases = [
            ("HTTP://Example.org", "http://Example.org/"),
            ("https://h:443/a/b?x=1#part", "https://h/a/b?x=1"),
            ("http://h:8080?x", "http://h:8080/?x"),
            ("http://[::1]:81/a", "http://[::1]:81/a"),
            ("http://[::1]/a", "http://[::1]/a"),
        ];
        for (text, shown) in cases {
            assert_eq!(url(text).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "h/x",
            "ftp://h/",
            "http://",
            "http:///x",
            "http://h:0/",
            "http://h:99999/",
            "http://a b/",
            "http://h/\u{e9}",
            "http://[x]/",
            "http://[]/",
            "http://a\\b/",
        ] {
            assert!(Url::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_password_is_kept_and_never_shown() {
        let url = url("https://me:s%3Acret@h/x");
        let credentials = url.credentials.clone().unwrap();
        assert_eq!((credentials.user.as_str(), credentials.password.reveal()), ("me", "s:cret"));
        for shown in [url.to_string(), format!("{url:?}"), format!("{credentials:?}")] {
            assert!(!shown.contains("cret"), "{shown}");
        }
    }

    #[test]
    fn a_path_is_lengthened_before_the_query() {
        let cases = [
            ("http://h/a/", "repodata/x.xml", "http://h/a/repodata/x.xml"),
            ("http://h/a?token=1", "x", "http://h/a/x?token=1"),
            ("http://h", "a b/c+d~?#%41", "http://h/a%20b/c+d~%3F%23%41"),
        ];
        for (base, path, whole) in cases {
            assert_eq!(url(base).below(path).to_string(), whole);
        }
    }

    #[test]
    fn a_redirection_is_followed_from_where_it_was_met() {
        let from = url("https://u:p@h:8443/a/b?q");
        let cases = [
            ("http://other/x", "http://other/x"),
            ("//other/x", "https://other/x"),
            ("/x", "https://h:8443/x"),
            ("x?y", "https://h:8443/a/x?y"),
        ];
        for (location, to) in cases {
            let to_url = from.redirected(location).unwrap();
            assert_eq!((to_url.to_string().as_str(), &to_url.credentials), (to, &None));
        }
        assert!(from.redirected("file:///etc/passwd").is_err());
        assert!(from.same_origin(&url("https://H:8443/z")));
        assert!(!from.same_origin(&url("http://h:8443/z")));
        assert!(!from.same_origin(&url("https://h/z")));
    }

    #[test]
    fn a_file_address_is_a_path() {
        let path = |text| file_path(text).map(|path| path.map(|path| path.display().to_string()));
        assert_eq!(path("file:///a%20b/c"), Some(Ok("/a b/c".to_owned())));
        assert_eq!(path("file://localhost/a"), Some(Ok("/a".to_owned())));
        assert_eq!(path("FILE:/a"), Some(Ok("/a".to_owned())));
        assert!(matches!(path("file://host/a"), Some(Err(_))));
        assert!(matches!(path("file:///a%00b"), Some(Err(_))));
        assert_eq!(path("/a"), None);
    }
}
