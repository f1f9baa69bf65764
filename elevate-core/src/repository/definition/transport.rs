//! How the servers of a repository are asked.

use std::path::PathBuf;

use super::options::Options;
use crate::repository::url::{self, Credentials, Secret};

/// Seconds a connection may take or stand still, where nothing is said.
const TIMEOUT: u64 = 30;
/// The longest such time accepted: nothing waits for ever.
const LONGEST_TIMEOUT: u64 = 3600;
/// How often a download is tried, where nothing is said.
const RETRIES: u32 = 10;
/// The most tries accepted: `0` means no end for dnf.
const MOST_RETRIES: u32 = 100;
/// Bytes a second below which a server counts as dead, where nothing is said.
const MINRATE: u64 = 1000;
/// Seconds for which metadata is current, where nothing is said: two days.
const EXPIRY: u64 = 48 * 3600;

/// How servers are asked. The defaults are dnf's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transport {
    /// `proxy`, with `proxy_username` and `proxy_password`.
    pub proxy: Proxy,
    /// `username` and `password`.
    pub credentials: Option<Credentials>,
    /// `sslverify`: whether a server must show a certificate that is trusted.
    pub verify: bool,
    /// `sslcacert`: file with the certificates trusted, instead of the machine's.
    pub authorities: Option<PathBuf>,
    /// `sslclientcert`: file with the certificate to show.
    pub certificate: Option<PathBuf>,
    /// `sslclientkey`: file with its key; absent means it is in the same file.
    pub key: Option<PathBuf>,
    /// `timeout`: seconds a connection may take, or be slower than `minrate`.
    pub timeout: u64,
    /// `minrate`: bytes a second.
    pub minrate: u64,
    /// `retries`: how often a file is tried, over all mirrors.
    pub retries: u32,
    /// `ip_resolve`: the only kind of address that is used.
    pub family: Option<IpFamily>,
}

/// Which proxy is used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Proxy {
    /// Nothing is said: that of the environment, where there is one.
    #[default]
    Environment,
    /// `proxy=` empty, or `_none_`: none, whatever the environment says.
    Direct,
    /// This one. A URL, without name and password.
    At {
        /// Its address, such as `http://proxy:3128`.
        url: String,
        /// What to log in with.
        credentials: Option<Credentials>,
    },
}

/// A kind of internet address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IpFamily {
    /// `4`.
    V4,
    /// `6`.
    V6,
}

/// For how long what was fetched is taken for current.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// For so many seconds.
    Seconds(u64),
    /// For ever.
    Never,
}

impl Default for Expiry {
    fn default() -> Self {
        Expiry::Seconds(EXPIRY)
    }
}

impl Expiry {
    pub(super) fn of(options: &mut Options<'_>) -> Self {
        match options.seconds("metadata_expire") {
            Some(Some(seconds)) => Expiry::Seconds(seconds),
            Some(None) => Expiry::Never,
            None => Expiry::default(),
        }
    }

    /// Whether something fetched at one time is current at another, both in
    /// seconds since 1970. What comes from the future is not: a clock was wrong.
    pub fn holds(self, fetched: u64, now: u64) -> bool {
        match (self, now.checked_sub(fetched)) {
            (_, None) => false,
            (Expiry::Never, Some(_)) => true,
            (Expiry::Seconds(most), Some(age)) => age < most,
        }
    }
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            proxy: Proxy::default(),
            credentials: None,
            verify: true,
            authorities: None,
            certificate: None,
            key: None,
            timeout: TIMEOUT,
            minrate: MINRATE,
            retries: RETRIES,
            family: None,
        }
    }
}

impl Transport {
    pub(super) fn of(options: &mut Options<'_>) -> Self {
        Self {
            proxy: proxy(options),
            credentials: credentials(options, "username", "password"),
            verify: options.boolean("sslverify").unwrap_or(true),
            authorities: path(options, "sslcacert"),
            certificate: path(options, "sslclientcert"),
            key: path(options, "sslclientkey"),
            timeout: timeout(options),
            minrate: options.rate("minrate").unwrap_or(MINRATE),
            retries: retries(options),
            family: family(options),
        }
    }
}

fn proxy(options: &mut Options<'_>) -> Proxy {
    let credentials = credentials(options, "proxy_username", "proxy_password");
    let method = options.text("proxy_auth_method").unwrap_or_default().to_lowercase();
    if !matches!(method.as_str(), "" | "any" | "basic" | "none") {
        options.odd("proxy_auth_method", "only basic is spoken");
    }
    let Some(text) = options.text("proxy") else {
        return if options.is_said("proxy") { Proxy::Direct } else { Proxy::Environment };
    };
    if text.eq_ignore_ascii_case("_none_") || text.eq_ignore_ascii_case("none") {
        return Proxy::Direct;
    }
    let (url, inside) = Proxy::split(&text);
    Proxy::At { url, credentials: credentials.or(inside) }
}

impl Proxy {
    /// An address with name and password in it, as `http_proxy` of the
    /// environment has it.
    pub fn of_text(text: &str) -> Self {
        let (url, credentials) = Self::split(text.trim());
        Proxy::At { url, credentials }
    }

    fn split(text: &str) -> (String, Option<Credentials>) {
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let rest = rest.trim_end_matches('/');
        match rest.rsplit_once('@') {
            Some((user, host)) => (format!("{scheme}://{host}"), Some(url::credentials(user))),
            None => (format!("{scheme}://{rest}"), None),
        }
    }
}

fn credentials(
    options: &mut Options<'_>,
    user: &'static str,
    password: &'static str,
) -> Option<Credentials> {
    let secret = options.text(password);
    match options.text(user) {
        Some(user) => Some(Credentials { user, password: Secret::new(secret.unwrap_or_default()) }),
        None if secret.is_some() => {
            options.odd(password, format_args!("there is no {user}; it is not used"));
            None
        }
        None => None,
    }
}

fn path(options: &mut Options<'_>, name: &'static str) -> Option<PathBuf> {
    let text = options.text(name)?;
    match url::file_path(&text) {
        Some(path) => {
            let path = path.ok();
            options.said(name, &text, path, "path")
        }
        None => Some(PathBuf::from(text)),
    }
}

fn timeout(options: &mut Options<'_>) -> u64 {
    match options.seconds("timeout") {
        None => TIMEOUT,
        Some(Some(seconds)) if (1..=LONGEST_TIMEOUT).contains(&seconds) => seconds,
        Some(seconds) => {
            let used = if seconds == Some(0) { TIMEOUT } else { LONGEST_TIMEOUT };
            options.odd("timeout", format_args!("nothing waits for ever; {used} seconds are used"));
            used
        }
    }
}

fn retries(options: &mut Options<'_>) -> u32 {
    match options.number("retries") {
        None => RETRIES,
        Some(tries) if (1..=MOST_RETRIES).contains(&tries) => tries,
        Some(_) => {
            let what = format!("nothing is tried for ever; {MOST_RETRIES} tries are made");
            options.odd("retries", what);
            MOST_RETRIES
        }
    }
}

fn family(options: &mut Options<'_>) -> Option<IpFamily> {
    let text = options.text("ip_resolve")?;
    let family = match text.to_ascii_lowercase().as_str() {
        "4" | "ipv4" => Some(IpFamily::V4),
        "6" | "ipv6" => Some(IpFamily::V6),
        "whatever" => return None,
        _ => None,
    };
    options.said("ip_resolve", &text, family, "kind of address")
}
