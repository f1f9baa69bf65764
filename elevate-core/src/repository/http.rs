//! Asking servers: one request with all that may go wrong with it.
//!
//! Redirections are followed here and not by the client below, for each may lead to
//! another host: at most six, as librepo has it, and from `https` to `http` too, as
//! curl does and some mirrors need (what comes is checked by its checksum). Names,
//! passwords and client certificates go to the host that was asked for, never to
//! one a redirection names; names and passwords not to one a list of mirrors names.
//! Content is taken as the server stores it: no encoding is asked for, and one that
//! is applied nevertheless is not undone, as in librepo.

mod absolute;
mod proxy;
mod tls;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use thiserror::Error;
use ureq::Agent;
use ureq::config::IpFamily as Family;
use ureq::http::{HeaderMap, StatusCode, header};
use ureq::tls::TlsConfig;

use super::definition::{Definition, IpFamily, Location, Transport};
use super::url::{Credentials, Url, UrlError};
use proxy::Route;

pub use proxy::ProxyEnvironment;
pub use tls::{Authorities, TlsError};

/// The most redirections followed.
const MOST_REDIRECTIONS: usize = 6;
/// The longest head of a response, in bytes.
const LONGEST_HEAD: usize = 64 << 10;
/// Bytes read at once.
const CHUNK: usize = 64 << 10;
const USER_AGENT: &str = concat!("elevate/", env!("CARGO_PKG_VERSION"));

/// Asks the servers of one repository.
#[derive(Debug)]
pub struct Client {
    transport: Transport,
    /// The addresses its definition names.
    named: Vec<Url>,
    environment: ProxyEnvironment,
    /// For the repository's own servers: with its certificate.
    own: TlsConfig,
    /// For those a redirection names: without.
    other: TlsConfig,
    agents: Mutex<BTreeMap<(String, bool), Agent>>,
}

/// What is there already of a file.
#[derive(Debug, Clone, Copy)]
pub struct Resume<'a> {
    /// How many bytes.
    pub from: u64,
    /// What the server called the version they are from; only if that is the server
    /// that is asked.
    pub validator: Option<&'a str>,
}

/// A response whose content is still to come.
pub struct Response {
    /// Whether it goes on where [`Resume`] stopped; otherwise it starts anew.
    pub resumed: bool,
    /// What the server calls this version of the file.
    pub validator: Option<String>,
    /// How many bytes come, where the server says so.
    pub length: Option<u64>,
    body: Box<dyn Read + Send>,
    timeout: Duration,
    minrate: u64,
}

/// A request that failed.
#[derive(Debug, Error)]
pub enum HttpError {
    /// The server refused.
    #[error("the server says {0}")]
    Status(StatusCode),
    /// A redirection without an end.
    #[error("more than {MOST_REDIRECTIONS} redirections")]
    Redirections,
    /// A redirection to nowhere.
    #[error("a redirection leads to what {0}")]
    Redirection(UrlError),
    /// A part was asked for, and another one came.
    #[error("the server sent another part than was asked for")]
    OtherPart,
    /// Nothing came for too long.
    #[error("nothing came for {0} seconds")]
    TimedOut(u64),
    /// Too little came for too long.
    #[error("fewer than {minrate} bytes a second came for {seconds} seconds")]
    Slow {
        /// What is the least.
        minrate: u64,
        /// For how long.
        seconds: u64,
    },
    /// More came than may.
    #[error("more than {0} bytes came")]
    TooLarge(u64),
    /// The connection ended before the content.
    #[error("the connection was cut: {0}")]
    Cut(String),
    /// There is no connection.
    #[error("{0}")]
    Connection(String),
    /// There will be none, however often it is tried.
    #[error("{0}")]
    Refused(String),
    /// What came could not be stored.
    #[error("cannot be stored: {0}")]
    Store(io::Error),
}

impl HttpError {
    /// Whether the same would happen again.
    pub fn is_final(&self) -> bool {
        match self {
            HttpError::Status(status) => {
                !status.is_server_error() && !matches!(status.as_u16(), 408 | 425 | 429)
            }
            HttpError::TimedOut(_)
            | HttpError::Slow { .. }
            | HttpError::Cut(_)
            | HttpError::Connection(_) => false,
            _ => true,
        }
    }
}

impl Client {
    /// For the servers of a repository.
    ///
    /// # Errors
    ///
    /// Certificates and keys that cannot be read or used.
    pub fn new(
        definition: &Definition,
        environment: &ProxyEnvironment,
        authorities: &Authorities,
    ) -> Result<Self, TlsError> {
        let (own, other) = tls::configs(&definition.transport, authorities)?;
        let lists = definition.mirrorlist.iter().chain(&definition.metalink);
        let named = definition.baseurls.iter().chain(lists).filter_map(Location::remote);
        Ok(Self {
            transport: definition.transport.clone(),
            named: named.cloned().collect(),
            environment: environment.clone(),
            own,
            other,
            agents: Mutex::default(),
        })
    }

    /// Asks for a file, or for the rest of it.
    ///
    /// # Errors
    ///
    /// Whatever stands in the way, the server's refusal among it.
    pub fn get(&self, url: &Url, resume: Option<Resume<'_>>) -> Result<Response, HttpError> {
        let mut at = url.clone();
        for _ in 0..=MOST_REDIRECTIONS {
            let own = at.same_origin(url);
            let response = self.ask(&at, own.then_some(url), resume)?;
            let status = response.status();
            let location = response.headers().get(header::LOCATION);
            match location.and_then(|location| location.to_str().ok()) {
                Some(location) if status.is_redirection() => {
                    at = at.redirected(location).map_err(HttpError::Redirection)?;
                }
                _ => return self.accept(response, resume),
            }
        }
        Err(HttpError::Redirections)
    }

    /// One request; `own` is the address with the credentials that may be sent.
    fn ask(
        &self,
        at: &Url,
        own: Option<&Url>,
        resume: Option<Resume<'_>>,
    ) -> Result<ureq::http::Response<ureq::Body>, HttpError> {
        let route = proxy::route(&self.transport.proxy, &self.environment, at)
            .map_err(HttpError::Refused)?;
        let agent = self.agent(&route, own.is_some())?;
        let mut request = agent.get(at.to_string()).header("Accept-Encoding", "identity");
        if let Some(resume) = resume {
            request = request.header("Range", format!("bytes={}-", resume.from));
            if let Some(validator) = resume.validator {
                request = request.header("If-Range", validator);
            }
        }
        if let Some(credentials) = own.and_then(|url| self.credentials(url)) {
            request = request.header("Authorization", basic(credentials));
        }
        if let Some(credentials) = route.to_be_sent(at.scheme) {
            request = request.header("Proxy-Authorization", basic(credentials));
        }
        request.call().map_err(|error| self.failed(error))
    }

    /// The name and password in an address, else those of the definition if it names
    /// that server: a list of mirrors may name any.
    fn credentials<'a>(&'a self, url: &'a Url) -> Option<&'a Credentials> {
        let is_named = self.named.iter().any(|named| named.same_origin(url));
        let own = self.transport.credentials.as_ref().filter(|_| is_named);
        url.credentials.as_ref().or(own)
    }

    fn agent(&self, route: &Route, own: bool) -> Result<Agent, HttpError> {
        let key = (route.key(), own);
        let mut agents = self.agents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(agent) = agents.get(&key) {
            return Ok(agent.clone());
        }
        let tls = if own { self.own.clone() } else { self.other.clone() };
        let agent = self.new_agent(route, tls).map_err(HttpError::Refused)?;
        agents.insert(key, agent.clone());
        Ok(agent)
    }

    fn new_agent(&self, route: &Route, tls: TlsConfig) -> Result<Agent, String> {
        let timeout = Some(self.timeout());
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(USER_AGENT)
            .max_response_header_size(LONGEST_HEAD)
            .timeout_resolve(timeout)
            .timeout_connect(timeout)
            .timeout_send_request(timeout)
            .timeout_recv_response(timeout)
            .timeout_per_read(timeout)
            .ip_family(match self.transport.family {
                Some(IpFamily::V4) => Family::Ipv4Only,
                Some(IpFamily::V6) => Family::Ipv6Only,
                None => Family::Any,
            })
            .tls_config(tls);
        match route {
            Route::Direct => Ok(config.proxy(None).build().new_agent()),
            Route::Absolute { proxy, .. } => absolute::agent(config.proxy(None).build(), proxy),
            Route::Tunnel { proxy, credentials } => {
                let proxy = proxy::tunnel(proxy, credentials.as_ref())?;
                Ok(config.proxy(Some(proxy)).build().new_agent())
            }
        }
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(self.transport.timeout)
    }

    fn accept(
        &self,
        response: ureq::http::Response<ureq::Body>,
        resume: Option<Resume<'_>>,
    ) -> Result<Response, HttpError> {
        let (head, body) = response.into_parts();
        let resumed = match (head.status, resume) {
            (StatusCode::OK, _) => false,
            (StatusCode::PARTIAL_CONTENT, Some(resume)) => {
                if first_byte(&head.headers) != Some(resume.from) {
                    return Err(HttpError::OtherPart);
                }
                true
            }
            (status, _) => return Err(HttpError::Status(status)),
        };
        let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
        Ok(Response {
            resumed,
            validator: validator(&head.headers),
            length: text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok()),
            body: Box::new(body.into_reader()),
            timeout: self.timeout(),
            minrate: self.transport.minrate,
        })
    }

    fn failed(&self, error: ureq::Error) -> HttpError {
        match error {
            ureq::Error::Timeout(_) => HttpError::TimedOut(self.transport.timeout),
            ureq::Error::Io(error) => io_failed(&error, self.transport.timeout),
            ureq::Error::HostNotFound => HttpError::Connection("the host is not known".to_owned()),
            ureq::Error::ConnectProxyFailed(why) => {
                HttpError::Connection(format!("the proxy refuses: {why}"))
            }
            ureq::Error::ConnectionFailed | ureq::Error::Protocol(_) => {
                HttpError::Connection(error.to_string())
            }
            other => HttpError::Refused(other.to_string()),
        }
    }
}

impl Response {
    /// Hands on the content, at most `most` bytes of it, and says how many came.
    ///
    /// # Errors
    ///
    /// Where it ends too early, comes too slowly, is too large, or cannot be taken.
    pub fn read(
        self,
        most: u64,
        take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<u64, HttpError> {
        let mut pace = Pace::new(self.timeout, self.minrate);
        let mut body = self.body;
        let mut chunk = vec![0; CHUNK];
        let mut total = 0;
        loop {
            let read = match body.read(&mut chunk) {
                Ok(0) => return Ok(total),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(cut(&error, self.timeout.as_secs())),
            };
            total += read as u64;
            if total > most {
                return Err(HttpError::TooLarge(most));
            }
            take(&chunk[..read]).map_err(HttpError::Store)?;
            pace.came(read as u64)?;
        }
    }
}

/// Watches how fast content comes.
struct Pace {
    window: Duration,
    minrate: u64,
    since: Instant,
    bytes: u64,
}

impl Pace {
    fn new(window: Duration, minrate: u64) -> Self {
        Self { window, minrate, since: now(), bytes: 0 }
    }

    fn came(&mut self, bytes: u64) -> Result<(), HttpError> {
        self.bytes += bytes;
        let passed = now().duration_since(self.since);
        if passed < self.window {
            return Ok(());
        }
        let seconds = passed.as_secs().max(1);
        if self.bytes < self.minrate.saturating_mul(seconds) {
            return Err(HttpError::Slow { minrate: self.minrate, seconds });
        }
        *self = Self::new(self.window, self.minrate);
        Ok(())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a dead server is told by its pace; no result has it"
)]
fn now() -> Instant {
    Instant::now()
}

fn cut(error: &io::Error, timeout: u64) -> HttpError {
    match io_failed(error, timeout) {
        HttpError::Connection(why) => HttpError::Cut(why),
        other => other,
    }
}

fn io_failed(error: &io::Error, timeout: u64) -> HttpError {
    let inner = error.get_ref();
    if let Some(ureq::Error::Timeout(_)) = inner.and_then(|inner| inner.downcast_ref()) {
        return HttpError::TimedOut(timeout);
    }
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => HttpError::TimedOut(timeout),
        _ if inner.is_some_and(|inner| inner.is::<rustls::Error>()) => {
            HttpError::Refused(error.to_string())
        }
        _ => HttpError::Connection(error.to_string()),
    }
}

/// A strong `ETag`, else the time of the last change.
fn validator(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name)?.to_str().ok();
    let strong = text(header::ETAG).filter(|tag| tag.starts_with('"'));
    strong.or_else(|| text(header::LAST_MODIFIED)).map(str::to_owned)
}

/// The first byte of `Content-Range: bytes 5-9/10`.
fn first_byte(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
}

fn basic(credentials: &Credentials) -> String {
    let both = format!("{}:{}", credentials.user, credentials.password.reveal());
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(both))
}
