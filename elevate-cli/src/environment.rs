//! The door to what a process is told without arguments: time, and the environment.

use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use elevate_core::repository::http::ProxyEnvironment;

/// What time it is, in seconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "a snapshot says when it was taken, a cache when it was filled"
)]
pub(crate) fn now() -> Option<u64> {
    let now = std::time::SystemTime::now();
    now.duration_since(std::time::UNIX_EPOCH).ok().map(|since| since.as_secs())
}

/// Where fetched repositories are kept: as the XDG base directories say, and for
/// root where the machine keeps its caches.
pub(crate) fn cache_directory() -> Option<PathBuf> {
    let absolute = |path: PathBuf| path.is_absolute().then_some(path);
    if let Some(cache) = variable("XDG_CACHE_HOME").map(PathBuf::from).and_then(absolute) {
        return Some(cache.join("elevate"));
    }
    if is_root() {
        return Some(PathBuf::from("/var/cache/elevate"));
    }
    let home = variable("HOME").map(PathBuf::from).and_then(absolute)?;
    Some(home.join(".cache/elevate"))
}

/// Whether this process has the rights of root.
pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// The proxies of the environment, as curl looks for them: `HTTP_PROXY` in capital
/// letters may come from a request to a web server, and is not one of them.
pub(crate) fn proxies() -> ProxyEnvironment {
    let either = |small: &str, large: &str| variable(small).or_else(|| variable(large));
    ProxyEnvironment {
        http: variable("http_proxy"),
        https: either("https_proxy", "HTTPS_PROXY"),
        all: either("all_proxy", "ALL_PROXY"),
        none: either("no_proxy", "NO_PROXY"),
    }
}

/// Whether colours are wanted where there is a terminal (no-color.org).
pub(crate) fn wants_colour() -> bool {
    variable("NO_COLOR").is_none() && variable("TERM").is_none_or(|term| term != "dumb")
}

/// How wide the terminal on stdout is, in columns.
pub(crate) fn columns() -> Option<usize> {
    columns_of(std::io::stdout())
}

/// How wide the terminal on stderr is, in columns.
pub(crate) fn error_columns() -> Option<usize> {
    columns_of(std::io::stderr())
}

fn columns_of(terminal: impl AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(terminal).ok()?;
    (size.ws_col > 0).then_some(usize::from(size.ws_col))
}

#[expect(clippy::disallowed_methods, reason = "proxies and cache directories are told this way")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
